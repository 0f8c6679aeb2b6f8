// SPDX-License-Identifier: GPL-2.0-only
/*
 * The rescuer: a thread of its own for each workqueue made with WQ_MEM_RECLAIM,
 * so that its items get on even when no worker can be made.
 *
 *	manager cannot make a worker --10 ms--> mayday timer:
 *	    for each item that waits: its workqueue's rescuer is told which pwq
 *	rescuer: joins that pool, takes all items of that pwq, runs them one after
 *	    another, leaves the pool again
 *
 * A rescuer never counts in nr_running: it stays PREP for life.
 *
 * Locks: wq_mayday_lock for wq->maydays, outside pool->lock.
 *
 * Read next: system.c.
 */
#include <linux/bug.h>
#include <linux/slab.h>

#include "workqueue_internal.h"

DEFINE_SPINLOCK(wq_mayday_lock);

/* Under wq_mayday_lock and the pool's lock. */
static void send_mayday(struct work_struct *work)
{
	struct pool_workqueue *pwq = get_work_pwq(work);
	struct workqueue_struct *wq = pwq->wq;

	lockdep_assert_held(&wq_mayday_lock);
	if (!wq->rescuer || !list_empty(&pwq->mayday_node))
		return;
	get_pwq(pwq);
	pwq_count(pwq, PWQ_STAT_MAYDAY, 1);
	list_add_tail(&pwq->mayday_node, &wq->maydays);
	wake_up_process(wq->rescuer->task);
}

/* A worker is being made, and it takes long: call for help, and again later (C-F17). */
void pool_mayday_timeout(unsigned long __pool)
{
	struct worker_pool *pool = (void *)__pool;
	struct work_struct *work;
	unsigned long flags;

	spin_lock_irqsave(&wq_mayday_lock, flags);
	spin_lock(&pool->lock);
	if (need_to_create_worker(pool)) {
		list_for_each_entry(work, &pool->worklist, entry)
			send_mayday(work);
	}
	mod_timer(&pool->mayday_timer, jiffies + MAYDAY_INTERVAL);
	spin_unlock(&pool->lock);
	spin_unlock_irqrestore(&wq_mayday_lock, flags);
}

/* Run all items of a pwq that wait in its pool.  Without locks; sleeps. */
static void rescue(struct worker *rescuer, struct pool_workqueue *pwq)
{
	struct worker_pool *pool = pwq->pool;
	struct work_struct *work, *n;

	worker_attach_to_pool(rescuer, pool);
	spin_lock_irq(&pool->lock);
	rescuer->pool = pool;

	list_for_each_entry_safe(work, n, &pool->worklist, entry)
		if (get_work_pwq(work) == pwq)
			move_linked_works(work, &rescuer->scheduled, &n);
	process_scheduled_works(rescuer);

	/* Somebody else's items may be waiting for the worker that could not be made. */
	if (need_more_worker(pool))
		wake_up_worker(pool);
	put_pwq(pwq);		/* send_mayday()'s */
	rescuer->pool = NULL;
	spin_unlock_irq(&pool->lock);
	worker_detach_from_pool(rescuer, pool);
}

static int rescuer_thread(void *__rescuer)
{
	struct worker *rescuer = __rescuer;
	struct workqueue_struct *wq = rescuer->rescue_wq;

	set_user_nice(current, RESCUER_NICE_LEVEL);
	__WRITE_ONCE(current->flags, current->flags | PF_WQ_WORKER);	/* the freezer may be looking */
	sched_set_hooks(&worker_hooks);

	for (;;) {
		struct pool_workqueue *pwq;
		bool should_stop;

		set_current_state(TASK_INTERRUPTIBLE);
		/* Before the list is looked at: a mayday older than the request is still answered. */
		should_stop = kthread_should_stop();

		spin_lock_irq(&wq_mayday_lock);
		while ((pwq = list_first_entry_or_null(&wq->maydays, struct pool_workqueue, mayday_node))) {
			__set_current_state(TASK_RUNNING);
			list_del_init(&pwq->mayday_node);
			spin_unlock_irq(&wq_mayday_lock);
			rescue(rescuer, pwq);
			spin_lock_irq(&wq_mayday_lock);
		}
		spin_unlock_irq(&wq_mayday_lock);

		if (should_stop)
			break;
		WARN_ON_ONCE(!(rescuer->flags & WORKER_NOT_RUNNING));
		schedule();
	}
	__set_current_state(TASK_RUNNING);
	__WRITE_ONCE(current->flags, current->flags & ~PF_WQ_WORKER);
	sched_set_hooks(NULL);
	return 0;
}

int init_rescuer(struct workqueue_struct *wq)
{
	struct worker *rescuer = alloc_worker();

	if (!rescuer)
		return -ENOMEM;
	rescuer->rescue_wq = wq;
	rescuer->task = kthread_create(rescuer_thread, rescuer, "%s", wq->name);
	if (IS_ERR(rescuer->task)) {
		int err = PTR_ERR(rescuer->task);

		kfree(rescuer);
		return err;
	}
	__WRITE_ONCE(rescuer->task->flags, rescuer->task->flags | PF_NO_SETAFFINITY);
	wq->rescuer = rescuer;
	wake_up_process(rescuer->task);
	return 0;
}

void destroy_rescuer(struct workqueue_struct *wq)
{
	kthread_stop(wq->rescuer->task);
	kfree(wq->rescuer);
	wq->rescuer = NULL;
}
