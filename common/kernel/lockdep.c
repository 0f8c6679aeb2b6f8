// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who holds what, for lockdep_assert_held(). Only the running task can make
 * itself a holder or stop being one, so its own answer needs no lock.
 *
 * Read next: spinlock.c, mutex.c.
 */
#include <linux/lockdep.h>
#include <linux/mutex.h>
#include <linux/sched.h>
#include <linux/spinlock.h>

bool wqlab_spin_held(const struct spinlock *lock)
{
	return spin_is_held(lock);
}

bool wqlab_mutex_held(const struct mutex *lock)
{
	return __READ_ONCE(lock->owner) == current;
}
