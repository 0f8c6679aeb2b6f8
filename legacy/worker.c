// SPDX-License-Identifier: GPL-2.0-only
/*
 * The thread behind a slot: sleeps while the list is empty, else runs what is
 * on it, one item after another.
 *
 *	worker_thread():  sleep <--------------- list empty
 *	                    | work, freeze or stop    ^
 *	                    v                         |
 *	                  freeze? stand still         |
 *	                  stop? -> return             |
 *	                    | no                      |
 *	                    v                         |
 *	               run_workqueue():  first item -> clear PENDING -> func(item) -+
 *	                                     ^                                      |
 *	                                     +--------------------------------------+
 *
 * Freezing: a thread of a freezeable workqueue stands still when its list is empty, so
 * what runs or waits holds up the freeze; what comes to a frozen thread waits.
 *
 * Locking: cwq->lock for the list and current_work, never held while an item
 * runs.  The list is peeked at without it before sleeping; see there.
 *
 * Read next: flush.c.
 */
#include <linux/freezer.h>
#include <linux/kthread.h>
#include <linux/printk.h>

#include "workqueue_internal.h"

/*
 * An item came back with preemption off or a lock held (I1).  The thread cannot
 * know what to undo; it says who did it and goes on, into the next report.
 */
static void report_leak(work_func_t func)
{
	pr_err("BUG: workqueue leaked lock or atomic: %s/0x%08x/%d\n",
	       current->comm, preempt_count(), task_pid_nr(current));
	pr_err("    last function: %pf\n", func);
	debug_show_held_locks(current);
	dump_stack();
	mach_count_warning();
}

/* Run all that is on the list, also what is put there meanwhile. */
static void run_workqueue(struct cpu_workqueue_struct *cwq)
{
	spin_lock_irq(&cwq->lock);
	while (!list_empty(&cwq->worklist)) {
		struct work_struct *work = list_first_entry(&cwq->worklist,
							    struct work_struct, entry);
		work_func_t func = work->func;
		struct lockdep_map lockdep_map;
		unsigned int run;

		trace_workqueue_execution(cwq->thread, work);
		/* The function may free the item; what we release is our copy. */
		lockdep_copy_work_map(&lockdep_map, work);
		cwq->current_work = work;
		list_del_init(&work->entry);
		spin_unlock_irq(&cwq->lock);

		/*
		 * PENDING goes before the call: the item may queue itself again.
		 * From the call on the item is the function's, which may even
		 * free it, so what we still want to know of it we know already.
		 * Nothing stops another CPU from queueing and running it while
		 * it runs here: that is this design's reentrancy.
		 */
		BUG_ON(get_wq_data(work) != cwq);
		work_clear_pending(work);
		run = check_taken(cwq, work);

		sched_busy(cwq->wq->name, work, func);
		lock_map_acquire(&cwq->wq->lockdep_map);
		lock_map_acquire(&lockdep_map);
		trace_workqueue_execute_start(work, func, cwq->wq->name);
		check_started(work, run, &cwq->order, cwq->cpu < 0 ? INV_B5 : INV_B1);
		func(work);
		check_ended(work, run, &cwq->order);
		trace_workqueue_execute_end(work, func);
		lock_map_release(&lockdep_map);
		lock_map_release(&cwq->wq->lockdep_map);
		sched_busy(NULL, NULL, NULL);

		if (unlikely(in_atomic() || lockdep_depth(current) > 0))
			report_leak(func);

		spin_lock_irq(&cwq->lock);
		cwq->current_work = NULL;
	}
	spin_unlock_irq(&cwq->lock);
}

int worker_thread(void *__cwq)
{
	DEFINE_WAIT(wait);
	struct cpu_workqueue_struct *cwq = __cwq;

	if (cwq->wq->freezeable)
		set_freezable();

	for (;;) {
		/*
		 * No wake-up is lost though none of the three is read under a lock:
		 * we are on the wait queue and no longer "running" before we look;
		 * insert_work() links before it wakes, and so do the freezer and
		 * kthread_stop() with what they write.
		 */
		prepare_to_wait(&cwq->more_work, &wait, TASK_INTERRUPTIBLE);
		if (!freezing(current) && !kthread_should_stop() && list_empty(&cwq->worklist))
			schedule();
		finish_wait(&cwq->more_work, &wait);

		try_to_freeze();

		/*
		 * The request to stop is looked at before the list: what came in
		 * while we slept is left alone, see cleanup_workqueue_thread().
		 */
		if (kthread_should_stop())
			return 0;

		run_workqueue(cwq);
	}
}
