// SPDX-License-Identifier: GPL-2.0-only
/*
 * Mutexes: an owner, and a list of those who wait, under a spinlock.
 *
 * Releasing wakes the first waiter, which tries again like everybody else.  A
 * newcomer may take the mutex before it; the waiter then sleeps again, but keeps
 * its place in the list, so it is the one that the next release wakes.
 *
 * No wake-up is lost: a waiter looks at the owner and sets its state under
 * wait_lock, and an owner leaves and wakes under it.
 *
 * Owns struct mutex.  Locking: wait_lock guards all of it (mutex_is_locked() peeks
 * at the owner without); the scheduler's locks come below.  Read next: wait.c.
 */
#include <linux/bug.h>
#include <linux/kernel.h>
#include <linux/mutex.h>

struct mutex_waiter {
	struct list_head list;		/* in wait_list, under wait_lock */
	struct task_struct *task;	/* fixed */
};

void __mutex_init(struct mutex *lock, const char *name, struct lock_class_key *key)
{
	static struct lock_class_key wait_lock_key;

	__spin_lock_init(&lock->wait_lock, name, &wait_lock_key);
	lock->owner = NULL;
	INIT_LIST_HEAD(&lock->wait_list);
	lockdep_init_map(&lock->dep_map, name, key);
}

static void lock_common(struct mutex *lock, int state, unsigned int subclass)
{
	struct mutex_waiter waiter = { .task = current };

	might_sleep();
	mutex_acquire(&lock->dep_map, subclass, 0, current->blocked.func);
	spin_lock(&lock->wait_lock);
	if (lock->owner) {
		list_add_tail(&waiter.list, &lock->wait_list);
		sched_block_note("mutex", lock, lock->dep_map.name);
		while (lock->owner) {
			set_current_state(state);
			spin_unlock(&lock->wait_lock);
			schedule();
			spin_lock(&lock->wait_lock);
		}
		sched_block_done();
		list_del(&waiter.list);
	}
	__set_current_state(TASK_RUNNING);
	__WRITE_ONCE(lock->owner, current);
	spin_unlock(&lock->wait_lock);
}

void (mutex_lock)(struct mutex *lock)
{
	lock_common(lock, TASK_UNINTERRUPTIBLE, 0);
}

void (mutex_lock_nested)(struct mutex *lock, unsigned int subclass)
{
	lock_common(lock, TASK_UNINTERRUPTIBLE, subclass);
}

int (mutex_lock_interruptible)(struct mutex *lock)
{
	lock_common(lock, TASK_INTERRUPTIBLE, 0);
	return 0;
}

int (mutex_trylock)(struct mutex *lock)
{
	int taken;

	spin_lock(&lock->wait_lock);
	taken = !lock->owner;
	if (taken)
		__WRITE_ONCE(lock->owner, current);
	spin_unlock(&lock->wait_lock);
	if (taken)
		mutex_acquire(&lock->dep_map, 0, 1, current->blocked.func);
	return taken;
}

void mutex_unlock(struct mutex *lock)
{
	bool mine;

	mutex_release(&lock->dep_map, __func__);
	spin_lock(&lock->wait_lock);
	mine = lock->owner == current;
	WARN(!mine, "mutex %s released by a task that does not hold it\n", lock->dep_map.name);
	__WRITE_ONCE(lock->owner, NULL);
	if (!list_empty(&lock->wait_list))
		wake_up_process(list_first_entry(&lock->wait_list, struct mutex_waiter, list)->task);
	spin_unlock(&lock->wait_lock);
}
