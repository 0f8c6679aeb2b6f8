// SPDX-License-Identifier: GPL-2.0-only
/*
 * flush_work(): wait for one item, with a barrier right behind it.
 *
 * A barrier is an item on the waiter's stack whose function completes something.
 * It must run directly after its target and on the same worker (C-F29):
 *
 *	target runs:	worker->scheduled:  [BAR] ...	at the head
 *	target queued:	worklist:  ... [target|LINKED] [BAR] ...
 *
 * LINKED says "the next one belongs to me": a series is moved as one
 * (move_linked_works).  A target that already was linked hands its link on to the
 * new barrier, which stands before the older ones.
 *
 * Locks: pool->lock from finding the item to inserting the barrier; none to wait.
 *
 * Read next: flush.c.
 */
#include "workqueue_internal.h"

void wq_barrier_func(struct work_struct *work)
{
	complete(&container_of(work, struct wq_barrier, work)->done);
}

/*
 * Put a barrier behind its target.  worker: the one that executes the target, NULL if
 * it is still queued.  Under pool->lock.
 */
void insert_wq_barrier(struct pool_workqueue *pwq, struct wq_barrier *barr,
		       struct work_struct *target, struct worker *worker)
{
	unsigned long *target_bits = work_data_bits(target);
	unsigned int flags = work_color_to_flags(WORK_NO_COLOR);
	struct list_head *before;

	init_completion(&barr->done);
	INIT_WORK_ONSTACK(&barr->work, wq_barrier_func);
	barr->task = current;
	barr->target = target;

	if (worker) {
		before = worker->scheduled.next;
	} else {
		before = target->entry.next;
		/* Was something linked behind the target?  Then it is behind the barrier now. */
		if (__test_and_set_bit(WORK_STRUCT_LINKED_BIT, target_bits))
			flags |= WORK_STRUCT_LINKED;
	}
	insert_work(pwq, &barr->work, before, flags);
}

/*
 * Where an item of this pool is: queued to *pwq, or on *pwq's account in the hands of
 * *worker.  False: neither, it is idle or has moved on.  Under pool->lock.
 */
static bool locate_work(struct worker_pool *pool, struct work_struct *work,
			struct pool_workqueue **pwq, struct worker **worker)
{
	*worker = NULL;
	*pwq = get_work_pwq(work);
	if (*pwq)
		return (*pwq)->pool == pool;
	*worker = find_worker_executing_work(pool, work);
	if (*worker)
		*pwq = (*worker)->current_pwq;
	return *worker;
}

/*
 * Where one item at a time runs, or a rescuer may have to run all of them, an item that
 * waits for another of its workqueue may wait for ever; elsewhere it may wait.
 */
static void note_flush(struct workqueue_struct *wq)
{
	if (!lockdep_active())
		return;
	if (__READ_ONCE(wq->saved_max_active) == 1 || wq->rescuer)
		lock_map_acquire(&wq->lockdep_map);
	else
		lock_map_acquire_read(&wq->lockdep_map);
	lock_map_release(&wq->lockdep_map);
}

/*
 * Put a barrier behind the item's last queueing; false: it is idle.  *runner: the task
 * that executes it, with a reference for the caller, or NULL while it is queued.
 */
static bool start_flush_work(struct work_struct *work, struct wq_barrier *barr,
			     struct task_struct **runner)
{
	struct pool_workqueue *pwq;
	struct worker_pool *pool;
	struct worker *worker;
	unsigned long flags;
	bool busy = false;

	/* Interrupts off: a reader of the pool, which cannot be freed meanwhile. */
	local_irq_save(flags);
	pool = get_work_pool(work);
	if (pool) {
		spin_lock(&pool->lock);
		/* The word may have changed before the lock was ours: look again. */
		busy = locate_work(pool, work, &pwq, &worker);
		if (busy) {
			insert_wq_barrier(pwq, barr, work, worker);
			*runner = worker ? worker->task : NULL;
			if (*runner)	/* without the lock it may end at any time */
				get_task_struct(*runner);
		}
		spin_unlock(&pool->lock);
	}
	if (busy)
		note_flush(pwq->wq);
	local_irq_restore(flags);
	return busy;
}

bool flush_work(struct work_struct *work)
{
	struct lockdep_map lockdep_map;
	struct task_struct *runner;
	struct wq_barrier barr;

	might_sleep();
	lockdep_copy_work_map(&lockdep_map, work);
	lock_map_acquire(&lockdep_map);
	lock_map_release(&lockdep_map);
	if (!start_flush_work(work, &barr, &runner))
		return false;
	wait_blame(runner, "the item to finish");
	if (runner)
		put_task_struct(runner);	/* wait_blame() has its own */
	wait_for_completion(&barr.done);
	wait_blame(NULL, NULL);
	destroy_work_on_stack(&barr.work);
	return true;
}

bool flush_delayed_work(struct delayed_work *dwork)
{
	struct work_struct *work = &dwork->work;
	unsigned long flags;

	local_irq_save(flags);
	/* PENDING was the timer's and is ours now: queue at once what it would have queued. */
	if (del_timer_sync(&dwork->timer)) {
		/* Armed by the other engine meanwhile: ours knows no workqueue for it. */
		bool ours = __READ_ONCE(work->engine) == &cmwq_engine;

		claim_work(work);
		__queue_work(ours ? dwork->cpu : WORK_CPU_UNBOUND, ours ? dwork->wq : system_wq, work);
	}
	local_irq_restore(flags);
	return flush_work(work);
}
