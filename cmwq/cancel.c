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
 * Read next: create.c.
 */
#include <linux/bug.h>

#include "workqueue_internal.h"

/* Under the item's pool's lock: off its list, its colour retired, PENDING kept. */
static void steal_work(struct work_struct *work, struct pool_workqueue *pwq)
{
	/*
	 * Barriers stand linked behind it.  Taken from delayed_works they would be left
	 * there without a leader and never be activated; so activate the lot first (C-F30).
	 */
	if (*work_data_bits(work) & WORK_STRUCT_DELAYED)
		pwq_activate_delayed_work(work);

	list_del_init(&work->entry);
	pwq_dec_nr_in_flight(pwq, get_work_color(work));
	set_work_pool_and_keep_pending(work, pwq->pool->id);
}

/* See above.  On -errno interrupts are as they were, else off with the old state in *flags. */
int try_to_grab_pending(struct work_struct *work, bool is_dwork, unsigned long *flags)
{
	struct pool_workqueue *pwq;
	struct worker_pool *pool;

	local_irq_save(*flags);

	/* On the timer nobody else touches it; no _sync: a running timer function is a queuer. */
	if (is_dwork && likely(del_timer(&to_delayed_work(work)->timer)))
		return 1;

	if (!test_and_set_bit(WORK_STRUCT_PENDING_BIT, work_data_bits(work))) {
		claim_work(work);
		return 0;
	}

	/* Somebody else has PENDING: the item is on a list, or on its way there. */
	pool = get_work_pool(work);
	if (pool) {
		spin_lock(&pool->lock);
		/*
		 * The word says pwq only while the item is on a list, and changes only
		 * under that pool's lock.  So if it still names this pool, it is there.
		 */
		pwq = get_work_pwq(work);
		if (pwq && pwq->pool == pool) {
			steal_work(work, pwq);
			spin_unlock(&pool->lock);
			return 1;
		}
		spin_unlock(&pool->lock);
	}

	local_irq_restore(*flags);
	if (work_is_canceling(work))
		return -ENOENT;
	cpu_relax();
	return -EAGAIN;
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

	/* Nobody can queue it any more, not even itself. */
	mark_work_canceling(work);
	local_irq_restore(flags);

	flush_work(work);
	clear_work_data(work);

	/* The word first, then the look for waiters: prepare_to_wait_exclusive() has it the other way round. */
	smp_mb();
	if (waitqueue_active(&cancel_waitq))
		__wake_up(&cancel_waitq, TASK_NORMAL, 1, work);
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

unsigned int work_busy(struct work_struct *work)
{
	unsigned int busy = work_pending(work) ? WORK_BUSY_PENDING : 0;
	struct worker_pool *pool;
	unsigned long flags;

	local_irq_save(flags);
	pool = get_work_pool(work);
	if (pool) {
		spin_lock(&pool->lock);
		if (find_worker_executing_work(pool, work))
			busy |= WORK_BUSY_RUNNING;
		spin_unlock(&pool->lock);
	}
	local_irq_restore(flags);
	return busy;
}
