/* SPDX-License-Identifier: GPL-2.0-only */
/**
 * @file
 * Wait queues (3.18: include/linux/wait.h).
 */
#ifndef _LINUX_WAIT_H
#define _LINUX_WAIT_H

#include <linux/list.h>
#include <linux/sched.h>
#include <linux/spinlock.h>

typedef struct __wait_queue wait_queue_t;	/**< one waiter */
/** Wakes a waiter: returns nonzero if it did. */
typedef int (*wait_queue_func_t)(wait_queue_t *wait, unsigned mode, int flags, void *key);

/** One waiter on a wait queue. */
struct __wait_queue {
	unsigned int flags;		/**< WQ_FLAG_* */
	void *private;			/**< the task, as a rule */
	wait_queue_func_t func;		/**< called to wake it */
	struct list_head task_list;	/**< in the queue, under its lock */
};

#define WQ_FLAG_EXCLUSIVE	0x01	/**< at most one such waiter is woken at a time */

/** A wait queue. */
typedef struct __wait_queue_head {
	spinlock_t lock;		/**< guards task_list */
	struct list_head task_list;	/**< the waiters */
} wait_queue_head_t;

/** @cond */
#define __WAIT_QUEUE_HEAD_INITIALIZER(n) {				\
	.lock = __SPIN_LOCK_UNLOCKED(n),				\
	.task_list = { &(n).task_list, &(n).task_list } }
void __init_waitqueue_head(wait_queue_head_t *q, const char *name, struct lock_class_key *key);
/** @endcond */
#define DECLARE_WAIT_QUEUE_HEAD(n)	wait_queue_head_t n = __WAIT_QUEUE_HEAD_INITIALIZER(n)	/**< define a wait queue */
/** Make a wait queue empty. @param q the queue */
#define init_waitqueue_head(q)	do {				\
		static struct lock_class_key __key;		\
		__init_waitqueue_head((q), #q, &__key);		\
	} while (0)
/** Define a wait queue on the stack. @param n its name */
#define DECLARE_WAIT_QUEUE_HEAD_ONSTACK(n) \
	wait_queue_head_t n = ({ init_waitqueue_head(&n); n; })

/** Define a waiter for current. @param n its name @param f its wake function */
#define DEFINE_WAIT_FUNC(n, f)						\
	wait_queue_t n = { .private = current, .func = (f),		\
			   .task_list = { &(n).task_list, &(n).task_list } }
#define DEFINE_WAIT(n)	DEFINE_WAIT_FUNC(n, autoremove_wake_function)	/**< define a waiter that leaves the queue when woken */
/** Define a waiter. @param n its name @param tsk the task */
#define DECLARE_WAITQUEUE(n, tsk)					\
	wait_queue_t n = { .private = (tsk), .func = default_wake_function }
/** Make a waiter ready for current. @param w the waiter */
#define init_wait(w)	do {						\
		(w)->private = current;					\
		(w)->func = autoremove_wake_function;			\
		INIT_LIST_HEAD(&(w)->task_list);			\
		(w)->flags = 0;						\
	} while (0)

/** Whether anybody waits: a hint without the lock. @param q the queue @return nonzero if so */
static inline int waitqueue_active(wait_queue_head_t *q)
{
	return !list_empty(&q->task_list);
}

/** Wake the waiter's task. @param wait who @param mode TASK_* to wake @param flags unused @param key unused @return 1 if woken */
int default_wake_function(wait_queue_t *wait, unsigned mode, int flags, void *key);
/** The same, and take it off the queue. @param wait who @param mode TASK_* @param flags unused @param key unused @return 1 if woken */
int autoremove_wake_function(wait_queue_t *wait, unsigned mode, int flags, void *key);

/** Queue a waiter at the head. @param q where @param wait who */
void add_wait_queue(wait_queue_head_t *q, wait_queue_t *wait);
/** Queue an exclusive waiter at the tail. @param q where @param wait who */
void add_wait_queue_exclusive(wait_queue_head_t *q, wait_queue_t *wait);
/** Take a waiter off. @param q where @param wait who */
void remove_wait_queue(wait_queue_head_t *q, wait_queue_t *wait);
/**
 * Queue the waiter (if it is not) and set current's state, in this order under
 * the lock: a wake-up after the caller's test cannot be missed.
 * @param q where @param wait who @param state TASK_*
 */
void prepare_to_wait(wait_queue_head_t *q, wait_queue_t *wait, int state);
/** The same for an exclusive waiter, at the tail. @param q where @param wait who @param state TASK_* */
void prepare_to_wait_exclusive(wait_queue_head_t *q, wait_queue_t *wait, int state);
/** Back to running, and off the queue. @param q where @param wait who */
void finish_wait(wait_queue_head_t *q, wait_queue_t *wait);

/** Wake waiters. @param q the queue @param mode TASK_* @param nr exclusive ones at most, 0 = all @param key handed to the wake functions */
void __wake_up(wait_queue_head_t *q, unsigned int mode, int nr, void *key);
/** The same under q->lock. @param q the queue @param mode TASK_* @param nr exclusive ones at most */
void __wake_up_locked(wait_queue_head_t *q, unsigned int mode, int nr);

#define wake_up(x)			__wake_up(x, TASK_NORMAL, 1, NULL)	/**< all, but one exclusive waiter */
#define wake_up_nr(x, nr)		__wake_up(x, TASK_NORMAL, nr, NULL)	/**< all, but nr exclusive waiters */
#define wake_up_all(x)			__wake_up(x, TASK_NORMAL, 0, NULL)	/**< all */
#define wake_up_locked(x)		__wake_up_locked(x, TASK_NORMAL, 1)	/**< wake_up() under the lock */
#define wake_up_interruptible(x)	__wake_up(x, TASK_INTERRUPTIBLE, 1, NULL)	/**< wake_up() for interruptible sleepers */
#define wake_up_interruptible_all(x)	__wake_up(x, TASK_INTERRUPTIBLE, 0, NULL)	/**< wake_up_all() for interruptible sleepers */

/** @cond */
#define ___wait_event(q, condition, wstate, exclusive, cmd)	({	\
	DEFINE_WAIT(__wait);						\
	sched_place(__func__);						\
	sched_block_note("wait queue", &(q), #q);			\
	for (;;) {							\
		if (exclusive)						\
			prepare_to_wait_exclusive(&(q), &__wait, wstate); \
		else							\
			prepare_to_wait(&(q), &__wait, wstate);		\
		if (condition)						\
			break;						\
		cmd;							\
	}								\
	finish_wait(&(q), &__wait);					\
	sched_block_done();						\
})
#define ___wait_event_timeout(q, condition, timeout, wstate)	({	\
	long __left = (timeout);					\
	___wait_event(q, ((condition) ? (__left = __left ? __left : 1) : !__left), \
		      wstate, 0, __left = schedule_timeout(__left));	\
	__left;								\
})
/** @endcond */

/** Sleep until a condition holds; it is tested after each wake-up. @param q the queue @param condition C expression */
#define wait_event(q, condition)	do {				\
		might_sleep();						\
		if (condition)						\
			break;						\
		___wait_event(q, condition, TASK_UNINTERRUPTIBLE, 0, schedule()); \
	} while (0)
/** The same in TASK_INTERRUPTIBLE. @param q the queue @param condition C expression @return 0 */
#define wait_event_interruptible(q, condition)	({			\
		might_sleep();						\
		if (!(condition))					\
			___wait_event(q, condition, TASK_INTERRUPTIBLE, 0, schedule()); \
		0;							\
	})
/** The same as an exclusive waiter. @param q the queue @param condition C expression @return 0 */
#define wait_event_interruptible_exclusive(q, condition)	({	\
		might_sleep();						\
		if (!(condition))					\
			___wait_event(q, condition, TASK_INTERRUPTIBLE, 1, schedule()); \
		0;							\
	})
/** wait_event() with a limit. @param q the queue @param condition C expression @param timeout jiffies @return 0 when it ran out, else what was left (at least 1) */
#define wait_event_timeout(q, condition, timeout)	({		\
		long __t = (timeout);					\
		might_sleep();						\
		if (!(condition))					\
			__t = ___wait_event_timeout(q, condition, __t, TASK_UNINTERRUPTIBLE); \
		else if (!__t)						\
			__t = 1;					\
		__t;							\
	})
/** The same in TASK_INTERRUPTIBLE. @param q the queue @param condition C expression @param timeout jiffies @return as wait_event_timeout() */
#define wait_event_interruptible_timeout(q, condition, timeout)	({	\
		long __t = (timeout);					\
		might_sleep();						\
		if (!(condition))					\
			__t = ___wait_event_timeout(q, condition, __t, TASK_INTERRUPTIBLE); \
		else if (!__t)						\
			__t = 1;					\
		__t;							\
	})

#endif
