/* SPDX-License-Identifier: GPL-2.0-only */
/**
 * @file
 * The lock validator's face: classes, maps and annotations, and the check that
 * a lock is held where it must be. The order of locks is not validated; the
 * annotations of it cost nothing. Mirrors include/linux/lockdep.h of 3.18.
 */
#ifndef _LINUX_LOCKDEP_H
#define _LINUX_LOCKDEP_H

#include <linux/types.h>
#include <linux/bug.h>

/** Identifies a class of locks by its address. */
struct lock_class_key {
	char unused;		/**< a struct needs a member */
};

/** What makes an object a lock to the validator. */
struct lockdep_map {
	struct lock_class_key *key;	/**< its class */
	const char *name;		/**< for reports */
};

#define STATIC_LOCKDEP_MAP_INIT(_name, _key) \
	{ .name = (_name), .key = (void *)(_key) }	/**< initial value of a map */

/** Set a map up. @param map it @param name for reports @param key class @param subclass ignored */
static inline void lockdep_init_map(struct lockdep_map *map, const char *name,
				    struct lock_class_key *key, int subclass)
{
	(void)subclass;
	map->key = key;
	map->name = name;
}

/** Copy a map whose object may vanish. */
static inline void lockdep_copy_map(struct lockdep_map *to, struct lockdep_map *from)
{
	*to = *from;
}

#define lock_map_acquire(map)		((void)(map))	/**< the map is taken */
#define lock_map_acquire_read(map)	((void)(map))	/**< the map is taken for reading */
#define lock_map_release(map)		((void)(map))	/**< the map is free again */
#define lock_acquire(map, sub, try, read, check, nest, ip) ((void)(map)) /**< a lock is taken */
#define lock_release(map, nested, ip)	((void)(map))	/**< a lock is free again */
#define lockdep_set_class(lock, key)	((void)(lock))	/**< give a lock its own class */
#define lockdep_set_class_and_name(lock, key, name) ((void)(lock)) /**< the same with a name */
#define lockdep_set_subclass(lock, sub)	((void)(lock))	/**< give a lock a level of its class */
#define might_lock(lock)		((void)(lock))	/**< this code may take @p lock */
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
/** Complain if the running task does not hold @p lock. */
#define lockdep_assert_held(lock) ((void)WARN_ON(!lockdep_is_held(lock)))
/** lockdep_assert_held() that speaks once in a run. */
#define lockdep_assert_held_once(lock) ((void)WARN_ON_ONCE(!lockdep_is_held(lock)))

#define lockdep_off()			((void)0)	/**< stop validating */
#define lockdep_on()			((void)0)	/**< go on validating */

#endif /* _LINUX_LOCKDEP_H */
