// SPDX-License-Identifier: GPL-2.0-only
/*
 * Completions and semaphores: a count, and a wait queue whose lock guards it.
 *
 * Waiting and passing happen under the one lock, so once a waiter is back it
 * may free the completion: complete() does not touch it after the unlock that
 * let the waiter through.
 *
 * Owns struct completion and struct semaphore. Locking: the wait queue's lock, with
 * interrupts off, since complete() and up() may come from a timer. Read next: wait.c.
 */
#include <linux/completion.h>
#include <linux/kernel.h>
#include <linux/semaphore.h>

/*
 * Sleep under @q->lock until *@count is not 0, at most @timeout jiffies, then
 * take one (all of them stay when it is UINT_MAX: complete_all()).
 */
static long wait_for_count(wait_queue_head_t *q, unsigned int *count, long timeout, int state)
{
	DECLARE_WAITQUEUE(wait, current);

	spin_lock_irq(&q->lock);
	if (!*count) {
		wait.flags |= WQ_FLAG_EXCLUSIVE;
		list_add_tail(&wait.task_list, &q->task_list);
		do {
			set_current_state(state);
			spin_unlock_irq(&q->lock);
			timeout = schedule_timeout(timeout);
			spin_lock_irq(&q->lock);
		} while (!*count && timeout);
		list_del(&wait.task_list);
	}
	if (!*count) {
		spin_unlock_irq(&q->lock);
		return 0;
	}
	if (*count != UINT_MAX)
		--*count;
	spin_unlock_irq(&q->lock);
	return timeout ? timeout : 1;
}

void __init_completion(struct completion *x, const char *name)
{
	static struct lock_class_key key;

	x->done = 0;
	__init_waitqueue_head(&x->wait, name, &key);
}

static long wait_common(struct completion *x, long timeout, int state)
{
	long left;

	might_sleep();
	sched_block_note("completion", x, x->wait.lock.dep_map.name);
	left = wait_for_count(&x->wait, &x->done, timeout, state);
	sched_block_done();
	return left;
}

void (wait_for_completion)(struct completion *x)
{
	wait_common(x, MAX_SCHEDULE_TIMEOUT, TASK_UNINTERRUPTIBLE);
}

unsigned long (wait_for_completion_timeout)(struct completion *x, unsigned long timeout)
{
	return wait_common(x, timeout, TASK_UNINTERRUPTIBLE);
}

int (wait_for_completion_interruptible)(struct completion *x)
{
	wait_common(x, MAX_SCHEDULE_TIMEOUT, TASK_INTERRUPTIBLE);
	return 0;
}

bool try_wait_for_completion(struct completion *x)
{
	unsigned long flags;
	bool passed;

	spin_lock_irqsave(&x->wait.lock, flags);
	passed = x->done != 0;
	if (passed && x->done != UINT_MAX)
		x->done--;
	spin_unlock_irqrestore(&x->wait.lock, flags);
	return passed;
}

bool completion_done(struct completion *x)
{
	unsigned long flags;
	bool done;

	spin_lock_irqsave(&x->wait.lock, flags);
	done = x->done != 0;
	spin_unlock_irqrestore(&x->wait.lock, flags);
	return done;
}

void complete(struct completion *x)
{
	unsigned long flags;

	spin_lock_irqsave(&x->wait.lock, flags);
	if (x->done != UINT_MAX)
		x->done++;
	__wake_up_locked(&x->wait, TASK_NORMAL, 1);
	spin_unlock_irqrestore(&x->wait.lock, flags);
}

void complete_all(struct completion *x)
{
	unsigned long flags;

	spin_lock_irqsave(&x->wait.lock, flags);
	x->done = UINT_MAX;
	__wake_up_locked(&x->wait, TASK_NORMAL, 0);
	spin_unlock_irqrestore(&x->wait.lock, flags);
}

void sema_init(struct semaphore *sem, int val)
{
	static struct lock_class_key key;

	sem->count = val;
	__init_waitqueue_head(&sem->wait, "semaphore", &key);
}

void (down)(struct semaphore *sem)
{
	might_sleep();
	sched_block_note("semaphore", sem, NULL);
	wait_for_count(&sem->wait, &sem->count, MAX_SCHEDULE_TIMEOUT, TASK_UNINTERRUPTIBLE);
	sched_block_done();
}

int (down_interruptible)(struct semaphore *sem)
{
	might_sleep();
	sched_block_note("semaphore", sem, NULL);
	wait_for_count(&sem->wait, &sem->count, MAX_SCHEDULE_TIMEOUT, TASK_INTERRUPTIBLE);
	sched_block_done();
	return 0;
}

int down_trylock(struct semaphore *sem)
{
	unsigned long flags;
	int failed;

	spin_lock_irqsave(&sem->wait.lock, flags);
	failed = sem->count == 0;
	if (!failed)
		sem->count--;
	spin_unlock_irqrestore(&sem->wait.lock, flags);
	return failed;
}

void up(struct semaphore *sem)
{
	unsigned long flags;

	spin_lock_irqsave(&sem->wait.lock, flags);
	sem->count++;
	__wake_up_locked(&sem->wait, TASK_NORMAL, 1);
	spin_unlock_irqrestore(&sem->wait.lock, flags);
}
