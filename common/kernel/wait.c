// SPDX-License-Identifier: GPL-2.0-only
/*
 * Wait queues: a list of those who wait, under a lock.
 *
 * Non-exclusive waiters stand at the head, exclusive ones at the tail, so that
 * a wake-up that stops after N exclusive ones has woken all others.
 *
 * Why no wake-up is lost: prepare_to_wait() queues the waiter and writes its
 * state before the caller tests the condition.  Whoever makes the condition true
 * and then calls wake_up() takes the same lock: either it comes after
 * prepare_to_wait() and finds the waiter, or it came before and the test sees
 * the condition.
 *
 * Owns wait_queue_head_t.  Locking: q->lock, with interrupts off, since a timer may
 * wake; the scheduler's locks come below.  Read next: completion.c.
 */
#include <linux/wait.h>

void __init_waitqueue_head(wait_queue_head_t *q, const char *name, struct lock_class_key *key)
{
	__spin_lock_init(&q->lock, name, key);
	INIT_LIST_HEAD(&q->task_list);
}

int default_wake_function(wait_queue_t *wait, unsigned mode, int flags, void *key)
{
	return wake_up_state(wait->private, mode);
}

int autoremove_wake_function(wait_queue_t *wait, unsigned mode, int flags, void *key)
{
	int woken = default_wake_function(wait, mode, flags, key);

	if (woken)
		list_del_init_careful(&wait->task_list);
	return woken;
}

void add_wait_queue(wait_queue_head_t *q, wait_queue_t *wait)
{
	unsigned long flags;

	wait->flags &= ~WQ_FLAG_EXCLUSIVE;
	spin_lock_irqsave(&q->lock, flags);
	list_add(&wait->task_list, &q->task_list);
	spin_unlock_irqrestore(&q->lock, flags);
}

void add_wait_queue_exclusive(wait_queue_head_t *q, wait_queue_t *wait)
{
	unsigned long flags;

	wait->flags |= WQ_FLAG_EXCLUSIVE;
	spin_lock_irqsave(&q->lock, flags);
	list_add_tail(&wait->task_list, &q->task_list);
	spin_unlock_irqrestore(&q->lock, flags);
}

void remove_wait_queue(wait_queue_head_t *q, wait_queue_t *wait)
{
	unsigned long flags;

	spin_lock_irqsave(&q->lock, flags);
	list_del(&wait->task_list);
	spin_unlock_irqrestore(&q->lock, flags);
}

static void prepare(wait_queue_head_t *q, wait_queue_t *wait, int state, bool exclusive)
{
	unsigned long flags;

	spin_lock_irqsave(&q->lock, flags);
	if (exclusive)
		wait->flags |= WQ_FLAG_EXCLUSIVE;
	else
		wait->flags &= ~WQ_FLAG_EXCLUSIVE;
	if (list_empty(&wait->task_list)) {
		if (exclusive)
			list_add_tail(&wait->task_list, &q->task_list);
		else
			list_add(&wait->task_list, &q->task_list);
	}
	set_current_state(state);
	spin_unlock_irqrestore(&q->lock, flags);
}

void prepare_to_wait(wait_queue_head_t *q, wait_queue_t *wait, int state)
{
	prepare(q, wait, state, false);
}

void prepare_to_wait_exclusive(wait_queue_head_t *q, wait_queue_t *wait, int state)
{
	prepare(q, wait, state, true);
}

void finish_wait(wait_queue_head_t *q, wait_queue_t *wait)
{
	unsigned long flags;

	__set_current_state(TASK_RUNNING);
	/*
	 * Off the list already if autoremove_wake_function() woke us; then the
	 * waker has let go of *wait with list_del_init_careful() as its last touch,
	 * and of current, whom it woke before that.
	 */
	if (!list_empty_careful(&wait->task_list)) {
		spin_lock_irqsave(&q->lock, flags);
		list_del_init(&wait->task_list);
		spin_unlock_irqrestore(&q->lock, flags);
	}
}

static void wake_common(wait_queue_head_t *q, unsigned int mode, int nr, void *key)
{
	wait_queue_t *curr, *next;

	list_for_each_entry_safe(curr, next, &q->task_list, task_list) {
		unsigned int flags = curr->flags;

		if (curr->func(curr, mode, 0, key) && (flags & WQ_FLAG_EXCLUSIVE) && !--nr)
			break;
	}
}

void __wake_up(wait_queue_head_t *q, unsigned int mode, int nr, void *key)
{
	unsigned long flags;

	spin_lock_irqsave(&q->lock, flags);
	wake_common(q, mode, nr, key);
	spin_unlock_irqrestore(&q->lock, flags);
}

void __wake_up_locked(wait_queue_head_t *q, unsigned int mode, int nr)
{
	wake_common(q, mode, nr, NULL);
}
