// SPDX-License-Identifier: GPL-2.0-only
/*
 * The switch for what later kernels added.
 *
 * Owns nothing and locks nothing; as workqueue.c.  Read next: cmwq/later.c.
 */
#include <linux/kernel.h>
#include <linux/printk.h>
#include <linux/rcupdate.h>
#include <linux/string.h>
#include <linux/workqueue_later.h>
#include <wqlab/check.h>

#include "engine-of.h"

bool queue_rcu_work(struct workqueue_struct *wq, struct rcu_work *rwork)
{
	const struct wq_engine *engine = engine_of(wq, __func__);

	if (engine->queue_rcu_work)
		return API_CALL(API_QUEUE, wq, &rwork->work, NULL, 0, engine->queue_rcu_work(wq, rwork));
	pr_warn("%s: workqueue \"%s\": queue_rcu_work() has no counterpart in %s, dropped\n",
		engine->name, engine->wq_name(wq), engine->release);
	return false;
}

/* Pending, it may still be in RCU's hands: once all callbacks have run it is on a list. */
bool flush_rcu_work(struct rcu_work *rwork)
{
	if (!work_pending(&rwork->work))
		return flush_work(&rwork->work);
	rcu_barrier();
	flush_work(&rwork->work);
	return true;
}

struct work_struct *current_work(void)
{
	int i;

	for (i = 0; wq_engines[i]; i++) {
		const struct wq_engine *engine = wq_engines[i];
		struct work_struct *work = NULL;

		if (wq_engine_booted(engine) && engine->current_work)
			work = engine->current_work();
		if (work)
			return work;
	}
	return NULL;
}

bool workqueue_stats(struct workqueue_struct *wq, u64 *stats)
{
	const struct wq_engine *engine = engine_of(wq, __func__);

	memset(stats, 0, PWQ_NR_STATS * sizeof(*stats));
	return engine->workqueue_stats && engine->workqueue_stats(wq, stats);
}
