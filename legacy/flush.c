// SPDX-License-Identifier: GPL-2.0-only
/*
 * Waiting for items, by means of barriers.
 *
 * A barrier is a work item on the waiter's stack whose function completes a
 * completion.  Put into a list it runs when all before it has run, on the same
 * thread; so where it is put says what is waited for:
 *
 *	current_work     worklist
 *	   w1            w2   w3   w4
 *	             ^        ^        ^
 *	             |        |        +-- flush_workqueue(): behind everything
 *	             |        +----------- flush_work(w2): right behind the item
 *	             +-------------------- flush_work(w1), cancel: at the head,
 *	                                   where it runs once w1 has returned
 *
 * Barriers are born PENDING, so nobody can queue, cancel or flush them, and
 * nobody knows their address.
 *
 * Locking: deciding and inserting happen under one hold of cwq->lock; waiting
 * happens without it.  Before waiting we note for whom, so that a deadlock
 * report can name the thread that should have run the barrier.
 *
 * Read next: cancel.c.
 */
#include <linux/bug.h>
#include <linux/completion.h>
#include <linux/kernel.h>

#include "workqueue_internal.h"

void wq_barrier_func(struct work_struct *work)
{
	complete(&container_of(work, struct wq_barrier, work)->done);
}

/* cwq->lock is held; @head as for insert_work(). */
static void insert_wq_barrier(struct cpu_workqueue_struct *cwq, struct wq_barrier *barr,
			      struct list_head *head)
{
	init_completion(&barr->done);
	barr->task = current;
	INIT_WORK_ONSTACK(&barr->work, wq_barrier_func);
	__set_bit(WORK_STRUCT_PENDING, work_data_bits(&barr->work));
	insert_work(cwq, &barr->work, head);
}

static void wait_for_barrier(struct cpu_workqueue_struct *cwq, struct wq_barrier *barr)
{
	wait_blame(__READ_ONCE(cwq->thread), "to run a flush barrier");
	wait_for_completion(&barr->done);
	wait_blame(NULL, NULL);
	destroy_work_on_stack(&barr->work);
}

/*
 * Wait for all that is queued or runs on one slot now; what comes later does
 * not prolong it.  Gives whether there was anything.
 *
 * The slot's own thread may not ask: it would wait for a barrier that only it
 * can run.  The warning says so, and then it does wait.
 */
bool flush_cpu_workqueue(struct cpu_workqueue_struct *cwq)
{
	bool own = __READ_ONCE(cwq->thread) == current;
	struct wq_barrier barr;
	bool busy;

	WARN(own, "workqueue \"%s\" is flushed by its own thread, for which it waits\n", cwq->wq->name);

	spin_lock_irq(&cwq->lock);
	busy = cwq->current_work || !list_empty(&cwq->worklist);
	if (busy)
		insert_wq_barrier(cwq, &barr, &cwq->worklist);
	spin_unlock_irq(&cwq->lock);

	if (busy)
		wait_for_barrier(cwq, &barr);
	return busy;
}

/*
 * CPU after CPU.  An item that moves to a CPU which is already done is missed,
 * and so is one whose timer has not fired.
 */
void flush_workqueue(struct workqueue_struct *wq)
{
	int cpu;

	might_sleep();
	lock_map_acquire(&wq->lockdep_map);
	lock_map_release(&wq->lockdep_map);
	for_each_cpu(cpu, wq_cpu_map(wq))
		flush_cpu_workqueue(per_cpu_ptr(wq->cpu_wq, cpu));
}

/*
 * In front of what must a barrier stand that waits for @work on @cwq?  NULL: it
 * is not there.  cwq->lock is held.
 *
 * A linked item may by now be linked elsewhere: then its data word says so,
 * and the barrier, which pairs with insert_work()'s, lets us see it.
 */
static struct list_head *behind_work(struct cpu_workqueue_struct *cwq, struct work_struct *work)
{
	if (!list_empty(&work->entry)) {
		smp_rmb();
		return get_wq_data(work) == cwq ? work->entry.next : NULL;
	}
	return cwq->current_work == work ? cwq->worklist.next : NULL;
}

/*
 * Wait for the item's last queueing.  Only the list it was last put on is
 * looked at: if it still runs on another CPU too, that is not waited for.
 */
bool flush_work(struct work_struct *work)
{
	struct cpu_workqueue_struct *cwq = unless_poisoned(get_wq_data(work), work, "flush_work");
	struct list_head *head;
	struct wq_barrier barr;

	might_sleep();
	if (!cwq)
		return false;

	lock_map_acquire(&cwq->wq->lockdep_map);
	lock_map_release(&cwq->wq->lockdep_map);
	spin_lock_irq(&cwq->lock);
	head = behind_work(cwq, work);
	if (head)
		insert_wq_barrier(cwq, &barr, head);
	spin_unlock_irq(&cwq->lock);

	if (!head)
		return false;
	wait_for_barrier(cwq, &barr);
	return true;
}

/* If @work runs on this slot now, wait until it has returned.  For cancel.c. */
void wait_on_cpu_work(struct cpu_workqueue_struct *cwq, struct work_struct *work)
{
	struct wq_barrier barr;
	bool running;

	spin_lock_irq(&cwq->lock);
	running = cwq->current_work == work;
	if (unlikely(running))
		insert_wq_barrier(cwq, &barr, cwq->worklist.next);
	spin_unlock_irq(&cwq->lock);

	if (unlikely(running))
		wait_for_barrier(cwq, &barr);
}
