// SPDX-License-Identifier: GPL-2.0-only
/*
 * Workers: made, idling, let go.
 *
 *	alloc_worker, kthread_create ---> idle <-----------------.
 *	                                   | woken, leaves the    | nothing to do, or
 *	                                   v idle list            | enough others run
 *	                                 busy (execute.c) --------'
 *	                                   .
 *	 idle for 300 s and beyond need:  DIE set, woken, ends by itself
 *
 * The idle list is a stack: the worker that idled last is woken first, so that those
 * not needed stay at the bottom and age (C-F10).
 *
 * Locks: pool->lock for the idle list and the counts, attach_mutex for pool->workers.
 *
 * Read next: manager.c.
 */
#include <linux/bug.h>
#include <linux/slab.h>

#include "workqueue_internal.h"

struct worker *alloc_worker(void)
{
	struct worker *worker = kzalloc(sizeof(*worker), GFP_KERNEL);

	if (!worker)
		return NULL;
	/* PREP: it counts only once it works. */
	*worker = (struct worker){
		.flags = WORKER_PREP,
		.entry = LIST_HEAD_INIT(worker->entry),
		.node = LIST_HEAD_INIT(worker->node),
		.scheduled = LIST_HEAD_INIT(worker->scheduled),
	};
	return worker;
}

/* From now on the worker belongs to the pool: it runs where the pool may. */
void worker_attach_to_pool(struct worker *worker, struct worker_pool *pool)
{
	mutex_lock(&pool->attach_mutex);
	list_add_tail(&worker->node, &pool->workers);
	/* attach_mutex keeps DISASSOCIATED as it is while the worker follows it. */
	if (pool->flags & POOL_DISASSOCIATED)
		worker->flags |= WORKER_UNBOUND;
	/* Fails while none of the CPUs is up, which the hotplug chapter makes good later. */
	set_cpus_allowed_ptr(worker->task, pool->attrs->cpumask);
	mutex_unlock(&pool->attach_mutex);
}

/* A worker's last touch of the pool: from the complete() on the pool may be freed. */
void worker_detach_from_pool(struct worker *worker, struct worker_pool *pool)
{
	struct completion *detached = NULL;

	mutex_lock(&pool->attach_mutex);
	list_del_init(&worker->node);
	if (list_empty(&pool->workers))
		detached = pool->detach_completion;
	mutex_unlock(&pool->attach_mutex);

	/* A rescuer is attached to another pool next time. */
	worker->flags &= ~(WORKER_UNBOUND | WORKER_REBOUND);
	if (detached)
		complete(detached);
}

/* Make a worker and start it; it idles at first.  NULL: no memory or no thread.  Sleeps. */
struct worker *create_worker(struct worker_pool *pool)
{
	struct worker *worker;
	char id[20];
	int nr;

	nr = ida_simple_get(&pool->worker_ida, 0, 0, GFP_KERNEL);
	if (nr < 0)
		return NULL;
	worker = alloc_worker();
	if (!worker)
		goto no_worker;
	worker->pool = pool;
	worker->id = nr;

	if (pool->cpu >= 0)
		snprintf(id, sizeof(id), "%d:%d%s", pool->cpu, nr, pool->attrs->nice < 0 ? "H" : "");
	else
		snprintf(id, sizeof(id), "u%d:%d", pool->id, nr);
	worker->task = kthread_create_on_node(worker_thread, worker, pool->node, "kworker/%s", id);
	if (IS_ERR(worker->task))
		goto no_task;
	set_user_nice(worker->task, pool->attrs->nice);
	__WRITE_ONCE(worker->task->flags, worker->task->flags | PF_NO_SETAFFINITY);
	worker_attach_to_pool(worker, pool);
	trace_worker(TRACE_WORKER_CREATE, worker->task, pool->id);

	spin_lock_irq(&pool->lock);
	pool->nr_workers++;
	worker_enter_idle(worker);
	wake_up_process(worker->task);
	spin_unlock_irq(&pool->lock);
	return worker;

no_task:
	kfree(worker);
no_worker:
	ida_simple_remove(&pool->worker_ida, nr);
	return NULL;
}

/* Tell an idle worker to end; it does the rest itself.  Under pool->lock. */
void destroy_worker(struct worker *worker)
{
	struct worker_pool *pool = worker->pool;

	lockdep_assert_held(&pool->lock);
	if (WARN_ON(worker->current_work) || WARN_ON(!list_empty(&worker->scheduled)) ||
	    WARN_ON(!(worker->flags & WORKER_IDLE)))
		return;
	list_del_init(&worker->entry);
	pool->nr_idle--;
	pool->nr_workers--;
	/* Its sleeping hook may be looking, without a lock, for other flags than this. */
	__WRITE_ONCE(worker->flags, worker->flags | WORKER_DIE);
	wake_up_process(worker->task);
}

/* A worker has nothing to do: onto the idle list.  Under pool->lock. */
void worker_enter_idle(struct worker *worker)
{
	struct worker_pool *pool = worker->pool;
	/* A union with the busy hash's link: off both it points to itself, or is NULL. */
	bool linked = !list_empty(&worker->entry) && worker->entry.next;
	bool all_idle;

	if (WARN_ON_ONCE(worker->flags & WORKER_IDLE) || WARN_ON_ONCE(linked))
		return;
	list_add(&worker->entry, &pool->idle_list);
	pool->nr_idle++;
	worker->last_active = jiffies;
	worker->flags |= WORKER_IDLE;
	trace_worker(TRACE_WORKER_IDLE, worker->task, pool->id);

	if (too_many_workers(pool) && !timer_pending(&pool->idle_timer))
		mod_timer(&pool->idle_timer, jiffies + IDLE_WORKER_TIMEOUT);

	all_idle = !(pool->flags & POOL_DISASSOCIATED) && pool->nr_workers == pool->nr_idle;
	WARN_ON_ONCE(all_idle && __READ_ONCE(pool->nr_running));
}

/* Back to work.  Under pool->lock, by the worker itself. */
void worker_leave_idle(struct worker *worker)
{
	bool idle = worker->flags & WORKER_IDLE;

	if (WARN_ON_ONCE(!idle))
		return;
	list_del_init(&worker->entry);
	worker->pool->nr_idle--;
	worker_clr_flags(worker, WORKER_IDLE);
}

/* The idle timer: while there are idlers beyond need, let the oldest go if it is old enough. */
void idle_worker_timeout(unsigned long __pool)
{
	struct worker_pool *pool = (void *)__pool;

	spin_lock_irq(&pool->lock);
	while (too_many_workers(pool)) {
		struct worker *oldest = list_last_entry(&pool->idle_list, struct worker, entry);
		unsigned long expires = oldest->last_active + IDLE_WORKER_TIMEOUT;

		if (time_before(jiffies, expires)) {
			mod_timer(&pool->idle_timer, expires);
			break;
		}
		check_trim(oldest);
		destroy_worker(oldest);
	}
	spin_unlock_irq(&pool->lock);
}
