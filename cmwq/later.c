// SPDX-License-Identifier: GPL-2.0-only
/*
 * What kernels after 3.18 added, so that their tools and reports make sense to a reader.
 *
 *	queue_rcu_work()	4.17	an item behind a grace period
 *	current_work()		4.16	what does this worker execute?
 *	the watchdog		4.5	a pool whose worklist stands still is reported
 *	counters		6.5	eight for each pwq
 *
 * The last two cost something with every item, and the watchdog has a timer of its own; so
 * they are there only with `workqueue.later` on the kernel's command line, behind one
 * predictable branch, and without it the engine is 3.18's.
 *
 * Locks: pool->lock for the counters and for watchdog_ts.
 *
 * Read next: system.c.
 */
#include <linux/printk.h>
#include <linux/string.h>
#include <linux/topology.h>
#include <wqlab/timer.h>

#include "workqueue_internal.h"

bool wq_later;
module_param_named(later, wq_later, bool, 0444);

/* Seconds without progress before a pool is reported; 0: never. */
static unsigned int wq_watchdog_thresh = 30;
module_param_named(watchdog_thresh, wq_watchdog_thresh, uint, 0644);

/* ---- RCU work ---- */

static void rcu_work_rcufn(struct rcu_head *rcu)
{
	struct rcu_work *rwork = container_of(rcu, struct rcu_work, rcu);
	unsigned long flags;

	local_irq_save(flags);
	__queue_work(WORK_CPU_UNBOUND, rwork->wq, &rwork->work);
	local_irq_restore(flags);
}

/* PENDING is won now and handed on to the callback, as a delayed item's is to its timer. */
bool queue_rcu_work(struct workqueue_struct *wq, struct rcu_work *rwork)
{
	struct work_struct *work = &rwork->work;

	if (test_and_set_bit(WORK_STRUCT_PENDING_BIT, work_data_bits(work)))
		return false;
	claim_work(work);
	rwork->wq = wq;
	call_rcu(&rwork->rcu, rcu_work_rcufn);
	return true;
}

struct work_struct *current_work(void)
{
	struct worker *worker = current_wq_worker();

	return worker ? worker->current_work : NULL;
}

/* ---- counters ---- */

void __pwq_count(struct pool_workqueue *pwq, enum pool_workqueue_stats what, u64 by)
{
	pwq->stats[what] += by;
}

bool workqueue_stats(struct workqueue_struct *wq, u64 *stats)
{
	struct pool_workqueue *pwq;
	int i;

	if (!wq_later)
		return false;
	mutex_lock(&wq->mutex);
	for_each_pwq(pwq, wq) {
		spin_lock_irq(&pwq->pool->lock);
		for (i = 0; i < PWQ_NR_STATS; i++)
			stats[i] += pwq->stats[i];
		spin_unlock_irq(&pwq->pool->lock);
	}
	mutex_unlock(&wq->mutex);
	return true;
}

/* ---- the watchdog ---- */

static void wq_watchdog_timer_fn(unsigned long unused);
static DEFINE_TIMER(wq_watchdog_timer, wq_watchdog_timer_fn, 0, 0);

static void report_lockup(struct worker_pool *pool, unsigned long now)
{
	char cpus[128], node[16] = "";

	cpulist_scnprintf(cpus, sizeof(cpus), pool->attrs->cpumask);
	if (pool->node != NUMA_NO_NODE)
		snprintf(node, sizeof(node), " node=%d", pool->node);
	pr_emerg("BUG: workqueue lockup - pool cpus=%s%s flags=0x%x nice=%d stuck for %us!\n",
		 cpus, node, pool->flags, pool->attrs->nice,
		 jiffies_to_msecs(now - pool->watchdog_ts) / 1000);
}

/* Has work, and took none up for too long?  Under pool->lock. */
static bool stuck(struct worker_pool *pool, unsigned long now)
{
	return !list_empty(&pool->worklist) &&
	       time_after(now, pool->watchdog_ts + (unsigned long)wq_watchdog_thresh * HZ);
}

static void wq_watchdog_timer_fn(unsigned long unused)
{
	unsigned long now = jiffies, flags;
	struct worker_pool *pool;
	bool lockup = false;
	int id;

	idr_for_each_entry(&worker_pool_idr, pool, id) {
		spin_lock_irqsave(&pool->lock, flags);
		if (stuck(pool, now)) {
			report_lockup(pool, now);
			lockup = true;
		}
		spin_unlock_irqrestore(&pool->lock, flags);
	}
	if (lockup)
		show_workqueue_state();
	mod_timer(&wq_watchdog_timer, now + (unsigned long)wq_watchdog_thresh * HZ);
}

void later_init(void)
{
	if (!wq_later || !wq_watchdog_thresh)
		return;
	timer_set_housekeeping(&wq_watchdog_timer);
	mod_timer(&wq_watchdog_timer, jiffies + (unsigned long)wq_watchdog_thresh * HZ);
}

void later_exit(void)
{
	del_timer_sync(&wq_watchdog_timer);
}
