// SPDX-License-Identifier: GPL-2.0-only
/*
 * The switch for what later kernels added.
 *
 * Owns nothing and locks nothing; as workqueue.c.  Read next: cmwq/later.c.
 */
#include <linux/kernel.h>
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
	no_counterpart(wq, __func__);
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
	const struct wq_engine *engine;
	struct work_struct *work = NULL;
	int i;

	for_each_booted_engine(engine, i) {
		if (engine->current_work)
			work = engine->current_work();
		if (work)
			break;
	}
	return work;
}

bool workqueue_stats(struct workqueue_struct *wq, u64 *stats)
{
	const struct wq_engine *engine = engine_of(wq, __func__);

	memset(stats, 0, PWQ_NR_STATS * sizeof(*stats));
	return engine->workqueue_stats && engine->workqueue_stats(wq, stats);
}
