// SPDX-License-Identifier: GPL-2.0-only
/*
 * The manager: a worker that finds no idle one beside itself makes one before it
 * starts on an item, so that somebody stands by for when it sleeps.
 *
 * One worker at a time is manager (manager_arb).  Whoever fails to become it may
 * start working: the manager is as good as an idle worker (C-F9, C-F16).
 *
 * Making a thread needs memory, which may need a workqueue to become free.  So
 * while it lasts a timer calls the rescuers of the workqueues that are waiting
 * (rescuer.c): after 10 ms, then every 100 ms.
 *
 * Locks: manager_arb is tried under pool->lock, against the order: trying never waits.
 *
 * Read next: pwq.c; rescuer.c for what the timer does.
 */
#include "workqueue_internal.h"

static bool still_needed(struct worker_pool *pool)
{
	bool needed;

	spin_lock_irq(&pool->lock);
	needed = need_to_create_worker(pool);
	spin_unlock_irq(&pool->lock);
	return needed;
}

/* One round of making a worker; drops and retakes pool->lock. */
static void maybe_create_worker(struct worker_pool *pool)
{
	do {
		spin_unlock_irq(&pool->lock);
		mod_timer(&pool->mayday_timer, jiffies + MAYDAY_INITIAL_TIMEOUT);

		while (!create_worker(pool) && still_needed(pool)) {
			schedule_timeout_interruptible(CREATE_COOLDOWN);
			if (!still_needed(pool))
				break;
		}

		del_timer_sync(&pool->mayday_timer);
		spin_lock_irq(&pool->lock);
		/*
		 * The new worker may have been taken up by other work while the lock
		 * was free: only what is true under the lock counts.
		 */
	} while (need_to_create_worker(pool));
}

/*
 * See to it that a worker stands by.  Under pool->lock, which is dropped meanwhile.
 * False: somebody else does, and nothing has changed.  True: look again at
 * everything, the lock was free.
 */
bool manage_workers(struct worker *worker)
{
	struct worker_pool *pool = worker->pool;
	bool mine = mutex_trylock(&pool->manager_arb);

	if (mine) {
		maybe_create_worker(pool);
		mutex_unlock(&pool->manager_arb);
	}
	return mine;
}
