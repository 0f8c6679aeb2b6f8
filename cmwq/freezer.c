// SPDX-License-Identifier: GPL-2.0-only
/*
 * The freezer: while the system suspends, freezable workqueues start nothing.
 *
 *	begin	max_active 0 on every pwq of every freezable workqueue: new items pile up
 *	busy?	nr_active anywhere: not yet
 *	thaw	max_active as it was; what has piled up is activated, and somebody woken
 *
 * No worker freezes, for it may execute anybody's items (C-F45).  That all of it comes
 * down to max_active is the whole chapter: pwq_adjust_max_active() does the work.
 *
 * Owns workqueue_freezing.  Locks: wq_pool_mutex for it and for the list of workqueues;
 * wq->mutex for the pwqs, under which it may be read too, since whoever writes it takes
 * each wq->mutex afterwards; pool->lock for nr_active.
 *
 * Read next: sysfs.c.
 */
#include <linux/bug.h>

#include "workqueue_internal.h"

bool workqueue_freezing;

/* Bring all pwqs into line with workqueue_freezing. */
static void adjust_all(void)
{
	struct workqueue_struct *wq;

	lockdep_assert_held(&wq_pool_mutex);
	list_for_each_entry(wq, &workqueues, list) {
		mutex_lock(&wq->mutex);
		adjust_pwqs(wq);
		mutex_unlock(&wq->mutex);
	}
}

void freeze_workqueues_begin(void)
{
	mutex_lock(&wq_pool_mutex);
	WARN_ON_ONCE(workqueue_freezing);
	__WRITE_ONCE(workqueue_freezing, true);
	adjust_all();
	mutex_unlock(&wq_pool_mutex);
}

/* Has this one items that have been started or will be before the freeze is complete? */
static bool wq_active(struct workqueue_struct *wq)
{
	struct pool_workqueue *pwq;
	bool active = false;

	mutex_lock(&wq->mutex);
	for_each_pwq(pwq, wq) {
		int nr;

		/* The release looks without the lock: once 0 it stays so while max_active is. */
		spin_lock_irq(&pwq->pool->lock);
		nr = pwq->nr_active;
		spin_unlock_irq(&pwq->pool->lock);
		WARN_ON_ONCE(nr < 0);
		active |= nr > 0;
	}
	mutex_unlock(&wq->mutex);
	return active;
}

bool freeze_workqueues_busy(void)
{
	struct workqueue_struct *wq;
	bool busy = false;

	mutex_lock(&wq_pool_mutex);
	WARN_ON_ONCE(!workqueue_freezing);
	list_for_each_entry(wq, &workqueues, list)
		if ((__READ_ONCE(wq->flags) & WQ_FREEZABLE) && wq_active(wq)) {
			busy = true;
			break;
		}
	check_frozen(!busy);
	mutex_unlock(&wq_pool_mutex);
	return busy;
}

void thaw_workqueues(void)
{
	mutex_lock(&wq_pool_mutex);
	if (workqueue_freezing) {
		__WRITE_ONCE(workqueue_freezing, false);
		check_frozen(false);
		adjust_all();
	}
	mutex_unlock(&wq_pool_mutex);
}
