/* SPDX-License-Identifier: GPL-2.0-only */
/**
 * @file
 * Mutexes: a lock whose waiters sleep (3.18: include/linux/mutex.h).
 */
#ifndef _LINUX_MUTEX_H
#define _LINUX_MUTEX_H

#include <linux/list.h>
#include <linux/sched.h>
#include <linux/spinlock.h>

/** A mutex.  W: under wait_lock. */
struct mutex {
	spinlock_t wait_lock;		/**< guards the rest */
	struct task_struct *owner;	/**< W: who holds it; NULL: free */
	struct list_head wait_list;	/**< W: who waits, in order */
	struct lockdep_map dep_map;	/**< its name, and its class for lockdep */
};

#define __MUTEX_INITIALIZER(n) {					\
	.wait_lock = __SPIN_LOCK_UNLOCKED(&n.wait_lock),		\
	.wait_list = { &(n).wait_list, &(n).wait_list },		\
	.dep_map = { .name = #n } }	/**< initialiser */
#define DEFINE_MUTEX(n)	struct mutex n = __MUTEX_INITIALIZER(n)	/**< define a free mutex */
/** Make a mutex free. @param lock the mutex @param name for reports @param key its class */
void __mutex_init(struct mutex *lock, const char *name, struct lock_class_key *key);
/** Make a mutex free. @param lock the mutex */
#define mutex_init(lock)	do {				\
		static struct lock_class_key __key;		\
		__mutex_init((lock), #lock, &__key);		\
	} while (0)
/** The mutex goes out of use. @param lock the mutex */
static inline void mutex_destroy(struct mutex *lock)
{
	lock->dep_map.name = NULL;
}

/** Take it; sleeps.  Context: process. @param lock the mutex, not held by current */
void mutex_lock(struct mutex *lock);
#define mutex_lock(lock)	__blocking((mutex_lock)(lock))	/**< notes the caller for reports */
/**
 * Take a second mutex of a class, in an order that the caller knows to be right.
 * @param lock the mutex
 * @param subclass what lockdep takes it for, from 1; #SINGLE_DEPTH_NESTING as a rule
 */
void mutex_lock_nested(struct mutex *lock, unsigned int subclass);
#define mutex_lock_nested(lock, subclass)	__blocking((mutex_lock_nested)(lock, subclass))	/**< notes the caller for reports */
/** The same. @param lock the mutex @return 0: there are no signals here */
int mutex_lock_interruptible(struct mutex *lock);
#define mutex_lock_interruptible(lock)	__blocking((mutex_lock_interruptible)(lock))	/**< notes the caller for reports */
/** Take it if it is free. @param lock the mutex @return 1 if taken, else 0 */
int mutex_trylock(struct mutex *lock);
#define mutex_trylock(lock)	__blocking((mutex_trylock)(lock))	/**< notes the caller for reports */
/** Release it; the first waiter is woken and tries again. @param lock held by current */
void mutex_unlock(struct mutex *lock);
/** Whether anybody holds it. @param lock the mutex @return nonzero if so */
static inline int mutex_is_locked(struct mutex *lock)
{
	return __READ_ONCE(lock->owner) != NULL;
}

#endif
