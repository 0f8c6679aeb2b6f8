// SPDX-License-Identifier: GPL-2.0-only
/*
 * Cancelling: win PENDING, then wait until the item does not run.
 *
 *	try_to_grab_pending()		 1  was on its timer or on a list, now is not
 *					 0  was idle
 *				   -EAGAIN  somebody is just queueing it: try again
 *				   -ENOENT  somebody is cancelling it: that may last
 *
 * In the first two cases PENDING is the caller's and interrupts are off.  A
 * cancel_*_sync() then marks the item CANCELING, which keeps every queuer away
 * while it waits for the item to end (C-F33).
 *
 * Locks: pool->lock around a list; PENDING and CANCELING are the rest of the protocol.
 *
 * Read next: create.c.
 */

#include "workqueue_internal.h"

/*
 * Take an item off its list, its colour retired and PENDING kept.  Under pool->lock.
 * The word says pwq only while the item is on a list, and changes only under that
 * pool's lock: if it still names this pool, the item is there; else false.
 */
static bool steal_work(struct work_struct *work, struct worker_pool *pool)
{
	struct pool_workqueue *pwq = get_work_pwq(work);

	if (!pwq || pwq->pool != pool)
		return false;

	/*
	 * Barriers stand linked behind it.  Taken from delayed_works they would be left
	 * there without a leader and never be activated; so activate the lot first (C-F30).
	 */
	if (work_data(work) & WORK_STRUCT_DELAYED)
		pwq_activate_delayed_work(work);

	check_steal(pool, work);
	list_del_init(&work->entry);
	check_stolen(work);
	pwq_dec_nr_in_flight(pwq, get_work_color(work));
	set_work_pool_and_keep_pending(work, pool->id);
	return true;
}

/* See above.  On -errno interrupts are as they were, else off with the old state in *flags. */
int try_to_grab_pending(struct work_struct *work, bool is_dwork, unsigned long *flags)
{
	bool stolen = false;
	struct worker_pool *pool;

	local_irq_save(*flags);

	/* On the timer nobody else touches it; no _sync: a running timer function is a queuer. */
	if (is_dwork && likely(del_timer(&to_delayed_work(work)->timer))) {
		claim_work(work);	/* the other engine may have armed it */
		return 1;
	}

	if (!test_and_set_bit(WORK_STRUCT_PENDING_BIT, work_data_bits(work))) {
		claim_work(work);
		return 0;
	}

	/* Somebody else has PENDING: the item is on a list, or on its way there. */
	pool = get_work_pool(work);
	if (pool) {
		spin_lock(&pool->lock);
		stolen = steal_work(work, pool);
		spin_unlock(&pool->lock);
	}
	if (stolen)
		return 1;

	local_irq_restore(*flags);
	if (!work_is_canceling(work)) {
		/* The queuer is between winning PENDING and its list; let it get on (decision 4). */
		cpu_relax();
		return -EAGAIN;
	}
	return -ENOENT;
}

/* Cancellers of an item that is being cancelled wait here, each woken for its own item. */
static DECLARE_WAIT_QUEUE_HEAD(cancel_waitq);

struct cwt_wait {
	wait_queue_t wait;
	struct work_struct *work;
};

static int cwt_wakefn(wait_queue_t *wait, unsigned mode, int sync, void *key)
{
	if (container_of(wait, struct cwt_wait, wait)->work != key)
		return 0;
	return autoremove_wake_function(wait, mode, sync, key);
}

/* Until the other canceller is through.  Exclusive: one successor is enough. */
static void wait_for_canceller(struct work_struct *work)
{
	struct cwt_wait cwait = { .work = work };

	init_wait(&cwait.wait);
	cwait.wait.func = cwt_wakefn;
	prepare_to_wait_exclusive(&cancel_waitq, &cwait.wait, TASK_UNINTERRUPTIBLE);
	if (work_is_canceling(work))
		schedule();
	finish_wait(&cancel_waitq, &cwait.wait);
}

/* The cancel is over: the item may be queued again, and the next canceller have it. */
static void let_go(struct work_struct *work)
{
	bool waited_for;

	clear_work_data(work);
	/*
	 * The word is written before the look for waiters; a waiter queues itself before
	 * it looks at the word (wait_for_canceller).  One of the two sees the other.
	 */
	smp_mb();
	waited_for = waitqueue_active(&cancel_waitq);
	if (waited_for)
		__wake_up(&cancel_waitq, TASK_NORMAL, 1, work);
}

static bool __cancel_work_timer(struct work_struct *work, bool is_dwork)
{
	unsigned long flags;
	int grabbed;

	for (;;) {
		grabbed = try_to_grab_pending(work, is_dwork, &flags);
		if (likely(grabbed >= 0))
			break;
		if (grabbed == -ENOENT)
			wait_for_canceller(work);
	}

	mark_work_canceling(work);
	local_irq_restore(flags);
	/* Nobody can queue it any more, not even itself; so this is the last wait. */
	flush_work(work);
	let_go(work);
	return grabbed;
}

bool cancel_work_sync(struct work_struct *work)
{
	return __cancel_work_timer(work, false);
}

bool cancel_delayed_work_sync(struct delayed_work *dwork)
{
	return __cancel_work_timer(&dwork->work, true);
}

/* Off its timer or list, without waiting for a run in progress (C-F34). */
bool cancel_delayed_work(struct delayed_work *dwork)
{
	unsigned long flags;
	int grabbed;

	do {
		grabbed = try_to_grab_pending(&dwork->work, true, &flags);
	} while (unlikely(grabbed == -EAGAIN));

	if (unlikely(grabbed < 0))
		return false;
	set_work_pool_and_clear_pending(&dwork->work, get_work_pool_id(&dwork->work));
	local_irq_restore(flags);
	return grabbed;
}
