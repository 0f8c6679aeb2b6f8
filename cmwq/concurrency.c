// SPDX-License-Identifier: GPL-2.0-only
/*
 * Concurrency management: as few workers run as keep the CPU busy.
 *
 * pool->nr_running counts the workers that are neither sleeping nor marked as not
 * counting (C-F6).  While it is above zero nobody else is started; when the last
 * one is about to sleep, it wakes the next.
 *
 *	          worker A                 worker B            nr_running
 *	  runs w0                                                  1
 *	  sleeps in w0: sleeping hook,                             0
 *	    wakes B ---------------------> waking hook             1
 *	                                   runs w1
 *	  its timer wakes it: waking hook                          2
 *	                                   w1 done: nr_running > 1,
 *	                                   goes idle               1
 *
 * Why no wake-up is lost: an item is inserted, and the last running worker counted
 * out, under pool->lock.  If the item comes first, the worker finds it and wakes
 * somebody; if the worker comes first, the inserter finds nr_running zero and does.
 *
 * Why nr_running is exact with wakers on other cores: the mark `sleeping` and the
 * count change together under run_lock.  Whoever clears the mark counts the worker
 * in again: its waker at wake-up, or the worker itself in case it did not block
 * after all (the wake-up came before the mark).  The other one finds it cleared.
 *
 * A waker that made the worker's state RUNNING may come to its hook much later, when
 * the worker has gone on by itself and sleeps again; that mark is none of its business.
 * It belongs to a task that runs or is about to if the state is RUNNING, and only then
 * is it cleared: by whomever, since one is as good as the other.  The state of a sleep
 * is written before its mark, so who finds the mark finds that state or a later one.
 *
 * Locks: pool->lock for the questions about the pool, run_lock inside it for
 * nr_running and what bears on it.
 *
 * Read next: pool.c, then worker.c.
 */
#include "workqueue_internal.h"

/* ---- what the pool needs; under pool->lock ---- */

static bool __need_more_worker(struct worker_pool *pool)
{
	return !__READ_ONCE(pool->nr_running);
}

/* Is there work, and nobody running who would see to it? */
bool need_more_worker(struct worker_pool *pool)
{
	lockdep_assert_held(&pool->lock);
	return !list_empty(&pool->worklist) && __need_more_worker(pool);
}

/* Nobody starts on an item before another worker stands by for when it sleeps (C-F9). */
bool may_start_working(struct worker_pool *pool)
{
	return pool->nr_idle > 0;
}

/* Go on with the next item?  Not if somebody else runs too. */
bool keep_working(struct worker_pool *pool)
{
	return !list_empty(&pool->worklist) && __READ_ONCE(pool->nr_running) <= 1;
}

bool need_to_create_worker(struct worker_pool *pool)
{
	return need_more_worker(pool) && !may_start_working(pool);
}

/* Two may idle always, and a quarter as many as are busy (C-F8). */
bool too_many_workers(struct worker_pool *pool)
{
	int managing = mutex_is_locked(&pool->manager_arb);
	int nr_idle = pool->nr_idle + managing;		/* the manager is about to idle */
	int nr_busy = pool->nr_workers - nr_idle;

	return nr_idle > 2 && (nr_idle - 2) * MAX_IDLE_WORKERS_RATIO >= nr_busy;
}

/* The one that idled last: its stack is the warmest. */
struct worker *first_idle_worker(struct worker_pool *pool)
{
	return list_first_entry_or_null(&pool->idle_list, struct worker, entry);
}

void wake_up_worker(struct worker_pool *pool)
{
	struct worker *worker = first_idle_worker(pool);

	if (worker)
		wake_up_process(worker->task);
}

/* ---- flags and the count ---- */

/* Under run_lock.  Marked, for the questions above look at it under pool->lock alone. */
static void add_running(struct worker_pool *pool, int by)
{
	__WRITE_ONCE(pool->nr_running, pool->nr_running + by);
}

/* Set flags of current's own worker; it may stop counting.  Under pool->lock. */
void worker_set_flags(struct worker *worker, unsigned int flags)
{
	struct worker_pool *pool = worker->pool;

	lockdep_assert_held(&pool->lock);
	spin_lock(&pool->run_lock);
	if ((flags & WORKER_NOT_RUNNING) && !(worker->flags & WORKER_NOT_RUNNING))
		add_running(pool, -1);
	worker->flags |= flags;
	spin_unlock(&pool->run_lock);
}

/* Clear flags of current's own worker; it may count from here on.  Under pool->lock. */
void worker_clr_flags(struct worker *worker, unsigned int flags)
{
	struct worker_pool *pool = worker->pool;
	unsigned int before;

	lockdep_assert_held(&pool->lock);
	spin_lock(&pool->run_lock);
	before = worker->flags;
	worker->flags &= ~flags;
	if ((before & WORKER_NOT_RUNNING) && !(worker->flags & WORKER_NOT_RUNNING))
		add_running(pool, +1);
	spin_unlock(&pool->run_lock);
}

/* ---- the scheduler's hooks ---- */

/*
 * Current, a worker, is about to sleep.
 *
 * Reading the flags without a lock is enough to leave early: what a worker sets
 * itself nobody else clears, and UNBOUND only ever turns into REBOUND, in one store.
 * A rescuer, the only worker whose pool changes, has PREP for life and leaves here; so
 * worker->pool is read without a lock too, and `sleeping` is never set for one.
 */
static void wq_worker_sleeping(struct task_struct *task)
{
	struct worker *worker = kthread_data(task), *next = NULL;
	struct worker_pool *pool;

	if (__READ_ONCE(worker->flags) & WORKER_NOT_RUNNING)
		return;
	pool = worker->pool;
	spin_lock_irq(&pool->lock);
	spin_lock(&pool->run_lock);
	if (!(worker->flags & WORKER_NOT_RUNNING) && !worker->sleeping) {
		__WRITE_ONCE(worker->sleeping, true);
		add_running(pool, -1);
		if (!pool->nr_running && !list_empty(&pool->worklist))
			next = first_idle_worker(pool);
	}
	spin_unlock(&pool->run_lock);
	if (next) {
		pwq_count(worker->current_pwq, PWQ_STAT_CM_WAKEUP, 1);
		wake_up_process(next->task);
	}
	spin_unlock_irq(&pool->lock);
}

/* A worker is woken, by whomever; or finds that it did not have to sleep. */
static void wq_worker_waking_up(struct task_struct *task)
{
	struct worker *worker = kthread_data(task);
	struct worker_pool *pool;
	unsigned long flags;

	/* If we miss a mark that is just being set, the worker will clear it in schedule(). */
	if (!__READ_ONCE(worker->sleeping))
		return;
	pool = worker->pool;
	spin_lock_irqsave(&pool->run_lock, flags);
	if (worker->sleeping && __READ_ONCE(task->state) == TASK_RUNNING) {
		__WRITE_ONCE(worker->sleeping, false);
		if (!(worker->flags & WORKER_NOT_RUNNING))
			add_running(pool, +1);
	}
	spin_unlock_irqrestore(&pool->run_lock, flags);
}

const struct sched_hooks worker_hooks = {
	.sleeping = wq_worker_sleeping,
	.waking = wq_worker_waking_up,
};
