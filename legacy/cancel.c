// SPDX-License-Identifier: GPL-2.0-only
/*
 * Cancelling: take PENDING away from whoever has it, then wait until the item
 * runs nowhere.
 *
 * An item can be pending in three places, and can be caught in two of them:
 *
 *	on its timer           delete the timer                  -> 1
 *	linked in a list       unlink it under cwq->lock         -> 1
 *	between the two, or    nothing to take hold of: somebody
 *	in another canceller's has PENDING and is about to link
 *	hands                  or to clear it.  Try again        -> -1
 *	(not pending           win PENDING ourselves             -> 0)
 *
 * PENDING stays set while we wait for a running instance, so an item that
 * queues itself again cannot; it is cleared at the very end.
 *
 * Locking: none beyond cwq->lock around the list; PENDING is the protocol.
 *
 * Read next: keventd.c.
 */
#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/timer.h>

#include "workqueue_internal.h"

/*
 * Get PENDING: 0 if it was free, 1 if the item was taken off a list, -1 if
 * somebody else is busy with it.  Once it is 0 or 1 nobody else queues it.
 */
static int try_to_grab_pending(struct work_struct *work)
{
	struct cpu_workqueue_struct *cwq;
	bool caught = false;

	if (!test_and_set_bit(WORK_STRUCT_PENDING, work_data_bits(work)))
		return 0;

	cwq = get_wq_data(work);
	if (!cwq)
		return -1;
	if (unlikely(is_poisoned(cwq))) {
		/* Left behind on a list that is gone: nobody else will take it. */
		INIT_LIST_HEAD(&work->entry);
		return 1;
	}

	spin_lock_irq(&cwq->lock);
	if (!list_empty(&work->entry)) {
		/*
		 * Linked, but on this list?  The item may have moved since we
		 * read its data.  Pairs with insert_work().
		 */
		smp_rmb();
		caught = get_wq_data(work) == cwq;
		if (caught) {
			list_del_init(&work->entry);
			check_stolen(work);
		}
	}
	spin_unlock_irq(&cwq->lock);

	return caught ? 1 : -1;
}

/*
 * Wait wherever the item may run: on any CPU of the workqueue it was last
 * queued on, since it may be running on several.  An item that was never queued
 * runs nowhere.
 */
static void wait_on_work(struct work_struct *work)
{
	struct cpu_workqueue_struct *cwq;
	struct lockdep_map lockdep_map;
	struct workqueue_struct *wq;
	int cpu;

	might_sleep();
	lockdep_copy_work_map(&lockdep_map, work);
	lock_map_acquire(&lockdep_map);
	lock_map_release(&lockdep_map);

	cwq = unless_poisoned(get_wq_data(work), work, "cancel_work_sync");
	if (!cwq)
		return;

	wq = cwq->wq;
	for_each_cpu(cpu, wq_cpu_map(wq))
		wait_on_cpu_work(per_cpu_ptr(wq->cpu_wq, cpu), work);
}

/*
 * @timer is NULL for an item that has none.  Given a delayed item without its
 * timer we stay in the loop until the timer has fired by itself.
 */
static bool __cancel_work_timer(struct work_struct *work, struct timer_list *timer)
{
	int ret;

	for (;;) {
		ret = timer && del_timer(timer);
		if (!ret)
			ret = try_to_grab_pending(work);
		wait_on_work(work);
		if (ret >= 0)
			break;
		/*
		 * The release goes round at once.  Where code takes no time,
		 * whoever has PENDING would never get to go on; so give way.
		 */
		cpu_relax();
	}

	work_clear_pending(work);
	return ret;
}

bool cancel_work_sync(struct work_struct *work)
{
	return __cancel_work_timer(work, NULL);
}

bool cancel_delayed_work_sync(struct delayed_work *dwork)
{
	return __cancel_work_timer(&dwork->work, &dwork->timer);
}

/*
 * Stops the timer and no more: false leaves open whether the item is queued,
 * runs, or is idle.  A timer function that is just running is waited for.
 */
bool cancel_delayed_work(struct delayed_work *dwork)
{
	if (!del_timer_sync(&dwork->timer))
		return false;
	work_clear_pending(&dwork->work);
	return true;
}

/*
 * The same from interrupts: does not wait for the timer function, which may be about to
 * queue the item just now when this gives false.
 */
bool __cancel_delayed_work(struct delayed_work *dwork)
{
	if (!del_timer(&dwork->timer))
		return false;
	work_clear_pending(&dwork->work);
	return true;
}
