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
 * Read next: flush.c.
 */
#include <linux/bug.h>

#include "workqueue_internal.h"

static void wq_barrier_func(struct work_struct *work)
{
	complete(&container_of(work, struct wq_barrier, work)->done);
}

/*
 * Put a barrier behind its target.  worker: who executes the target, NULL if it is
 * still queued.  Under pool->lock.
 */
void insert_wq_barrier(struct pool_workqueue *pwq, struct wq_barrier *barr,
		       struct work_struct *target, struct worker *worker)
{
	struct list_head *head;
	unsigned int linked = 0;

	INIT_WORK_ONSTACK(&barr->work, wq_barrier_func);
	__set_bit(WORK_STRUCT_PENDING_BIT, work_data_bits(&barr->work));
	init_completion(&barr->done);

	if (worker) {
		head = worker->scheduled.next;
	} else {
		unsigned long *bits = work_data_bits(target);

		head = target->entry.next;
		linked = *bits & WORK_STRUCT_LINKED;
		__set_bit(WORK_STRUCT_LINKED_BIT, bits);
	}
	insert_work(pwq, &barr->work, head, work_color_to_flags(WORK_NO_COLOR) | linked);
}

/* Put a barrier behind the item's last queueing; false: it is idle.  *runner: who executes it. */
static bool start_flush_work(struct work_struct *work, struct wq_barrier *barr,
			     struct task_struct **runner)
{
	struct worker *worker = NULL;
	struct pool_workqueue *pwq;
	struct worker_pool *pool;

	might_sleep();

	/* Interrupts off: a reader of the pool, which cannot be freed meanwhile. */
	local_irq_disable();
	pool = get_work_pool(work);
	if (!pool) {
		local_irq_enable();
		return false;
	}
	spin_lock(&pool->lock);
	/* The word may have changed before the lock was ours. */
	pwq = get_work_pwq(work);
	if (pwq) {
		if (unlikely(pwq->pool != pool))
			goto already_gone;
	} else {
		worker = find_worker_executing_work(pool, work);
		if (!worker)
			goto already_gone;
		pwq = worker->current_pwq;
	}
	*runner = worker ? worker->task : NULL;
	insert_wq_barrier(pwq, barr, work, worker);
	spin_unlock_irq(&pool->lock);
	return true;

already_gone:
	spin_unlock_irq(&pool->lock);
	return false;
}

bool flush_work(struct work_struct *work)
{
	struct task_struct *runner;
	struct wq_barrier barr;

	if (!start_flush_work(work, &barr, &runner))
		return false;
	wait_blame(runner, "the item to finish");
	wait_for_completion(&barr.done);
	wait_blame(NULL, NULL);
	destroy_work_on_stack(&barr.work);
	return true;
}

bool flush_delayed_work(struct delayed_work *dwork)
{
	local_irq_disable();
	if (del_timer_sync(&dwork->timer))
		__queue_work(dwork->cpu, dwork->wq, &dwork->work);
	local_irq_enable();
	return flush_work(&dwork->work);
}
