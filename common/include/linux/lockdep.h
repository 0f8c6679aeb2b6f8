/* SPDX-License-Identifier: GPL-2.0-only */
/**
 * @file
 * The check that a lock is held where it must be. The order in which locks are
 * taken is not validated. Mirrors the asserts of include/linux/lockdep.h, 3.18.
 */
#ifndef _LINUX_LOCKDEP_H
#define _LINUX_LOCKDEP_H

#include <linux/types.h>
#include <linux/bug.h>

struct spinlock;
struct mutex;

/** Whether the running task holds a spinlock. @param lock the lock */
bool wqlab_spin_held(const struct spinlock *lock);
/** Whether the running task holds a mutex. @param lock the mutex */
bool wqlab_mutex_held(const struct mutex *lock);

/** Whether the running task holds @p lock, a pointer to a spinlock or a mutex. */
#define lockdep_is_held(lock)					\
	_Generic((lock),					\
		 struct spinlock *: wqlab_spin_held,		\
		 const struct spinlock *: wqlab_spin_held,	\
		 struct mutex *: wqlab_mutex_held,		\
		 const struct mutex *: wqlab_mutex_held)(lock)
/**
 * Complain if the running task does not hold @p lock.  As in a kernel built without
 * lockdep it costs nothing where locks are not accounted for (machine_config.no_accounting).
 */
#define lockdep_assert_held(lock) \
	((void)(unlikely(mach_checks) && WARN_ON(!lockdep_is_held(lock))))
/** lockdep_assert_held() that speaks once in a run. */
#define lockdep_assert_held_once(lock) \
	((void)(unlikely(mach_checks) && WARN_ON_ONCE(!lockdep_is_held(lock))))

#endif /* _LINUX_LOCKDEP_H */
