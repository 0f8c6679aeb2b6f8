/* SPDX-License-Identifier: GPL-2.0-only */
/**
 * @file
 * The lock validator: in which order are locks taken, and could that ever deadlock?
 * And the check that a lock is held where it must be.
 *
 * Mirrors include/linux/lockdep.h of 3.18.  What it does and how to read what it
 * says: docs/lockdep.md.  It validates spinlocks, mutexes and what is told to it
 * as a lock (lock_map_acquire()); completions, wait queues, semaphores and RCU are
 * no locks to it, as in the kernel.
 *
 * Off, it costs a test of one flag: on the native machine unless
 * machine_config.lockdep says otherwise, and after its first report.
 */
#ifndef _LINUX_LOCKDEP_H
#define _LINUX_LOCKDEP_H

#include <linux/bug.h>
#include <linux/compiler.h>
#include <linux/types.h>

struct lock_class;
struct mutex;
struct spinlock;
struct task_struct;
struct work_struct;

#define MAX_LOCKDEP_SUBCLASSES	8	/**< how many classes one key makes, see spin_lock_nested() */
#define MAX_LOCK_DEPTH		48	/**< most locks a task may hold at once */
#define SINGLE_DEPTH_NESTING	1	/**< the usual subclass of a second lock of a class */

/**
 * Makes a class of locks: all that were initialised at one place.  Only its address
 * counts, so it is static; the macros that initialise locks have one each.
 */
struct lock_class_key {
	char subkeys[MAX_LOCKDEP_SUBCLASSES];	/**< never read; a byte is the address of a subclass */
};

/** What a lock carries for the validator.  I: fixed when the lock is initialised. */
struct lockdep_map {
	struct lock_class_key *key;	/**< I: its class; NULL: initialised statically, a class of its own */
	const char *name;		/**< I: for reports, as written at its initialisation */
};

/** The key of a lock that is a class by itself, and lives as long as the run. @param obj it, or what it was made from */
#define lockdep_object_key(obj)	((struct lock_class_key *)(obj))

/** A lock that a task holds, or is about to take.  T: written by that task alone. */
struct held_lock {
	struct lock_class *class;		/**< T: what is validated */
	const struct lockdep_map *instance;	/**< T: the lock itself */
	const char *func;			/**< T: the function that took it */
	u8 read;				/**< T: for reading, others may too */
	u8 trylock;				/**< T: without waiting */
	u8 irq_context;				/**< T: in a timer function */
};

/**
 * Whether the validator is at work.  Set at boot, cleared by the first report: once
 * something is wrong, what comes after tells of that again or of nothing.
 */
extern int debug_locks;
/** @cond */
#define lockdep_active()	unlikely(__READ_ONCE(debug_locks))
void lockdep_init(bool on);
void lock_acquire(struct lockdep_map *lock, unsigned int subclass, int trylock, int read,
		  const char *func);
void lock_release(struct lockdep_map *lock, const char *func);
void lockdep_free_task(struct task_struct *task);
/** @endcond */

/** How many locks a task holds, as far as the validator knows. @param tsk the task */
#define lockdep_depth(tsk)	(lockdep_active() ? (tsk)->lockdep_depth : 0)
/** Print the locks a task holds. @param task current, or a task that stands still */
void debug_show_held_locks(struct task_struct *task);

/**
 * Set up what a lock carries.
 * @param lock the map
 * @param name for reports
 * @param key the class, or NULL for a static object that is its own
 */
static inline void lockdep_init_map(struct lockdep_map *lock, const char *name,
				    struct lock_class_key *key)
{
	lock->key = key;
	lock->name = name;
}
/** Move a lock that nobody holds to another class. @param lock spinlock or mutex @param k its key */
#define lockdep_set_class(lock, k)	lockdep_init_map(&(lock)->dep_map, #k, (k))
/** Move a lock that nobody holds to a subclass of its class. @param lock spinlock or mutex @param s a number from 1 */
#define lockdep_set_subclass(lock, s) \
	lockdep_init_map(&(lock)->dep_map, #lock "/" #s, \
			 lockdep_object_key(&(lock)->dep_map.key->subkeys[s]))

/** @cond */
#define spin_acquire(l, s, t, func)	do {				\
		if (lockdep_active())					\
			lock_acquire((l), (s), (t), 0, (func));		\
	} while (0)
#define spin_release(l, func)		do {				\
		if (lockdep_active())					\
			lock_release((l), (func));			\
	} while (0)
#define mutex_acquire		spin_acquire
#define mutex_release		spin_release
/** @endcond */

/** Take what is no lock but can be waited for as one. @param l its map */
#define lock_map_acquire(l)	spin_acquire((l), 0, 0, __func__)
/** The same for reading, which excludes no other reader. @param l its map */
#define lock_map_acquire_read(l)	do {				\
		if (lockdep_active())					\
			lock_acquire((l), 0, 0, 2, __func__);		\
	} while (0)
/** Release it. @param l its map */
#define lock_map_release(l)	spin_release((l), __func__)
/** Tell that a lock may be taken here, though this time it may not come to it. @param lock spinlock or mutex */
#define might_lock(lock)	do {					\
		lock_map_acquire(&(lock)->dep_map);			\
		lock_map_release(&(lock)->dep_map);			\
	} while (0)

/** @cond */
void __lockdep_init_work(const struct work_struct *work, const char *name, struct lock_class_key *key);
void __lockdep_copy_work_map(struct lockdep_map *to, const struct work_struct *work);
/** @endcond */
/**
 * Set up a work item's map.
 * @param work the item
 * @param name for reports; stays the caller's
 * @param key the class
 */
static inline void lockdep_init_work(const struct work_struct *work, const char *name,
				     struct lock_class_key *key)
{
	if (lockdep_active())
		__lockdep_init_work(work, name, key);
}
/**
 * A copy of a work item's map, for the time its function runs: the function may free
 * the item.  The item itself has no room for one, see lockdep_work.c.
 * @param to the copy; left as it is while nothing is validated
 * @param work the item
 */
static inline void lockdep_copy_work_map(struct lockdep_map *to, const struct work_struct *work)
{
	if (lockdep_active())
		__lockdep_copy_work_map(to, work);
}

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
