// SPDX-License-Identifier: GPL-2.0-only
/*
 * Making workqueues and taking them down.
 *
 * A workqueue has no threads of its own, save a rescuer if it was made with
 * WQ_MEM_RECLAIM: all it takes is a pwq on each pool it uses.
 *
 * Locks: wq_pool_mutex for the list of workqueues, wq->mutex for the rest.
 *
 * Read next: rescuer.c.
 */
#include <linux/bug.h>
#include <linux/printk.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/topology.h>

#include "workqueue_internal.h"

/* How long destroy_workqueue() waits for a last reference; a real machine may be busy. */
#define STRAGGLER_TICKS	(mach_points_on ? 100 : 30 * HZ)

LIST_HEAD(workqueues);

static int wq_clamp_max_active(int max_active, unsigned int flags, const char *name)
{
	int most = flags & WQ_UNBOUND ? WQ_UNBOUND_MAX_ACTIVE : WQ_MAX_ACTIVE;
	int clamped = clamp(max_active, 1, most);

	if (clamped != max_active)
		pr_warn("workqueue: max_active %d requested for %s is out of range, clamping between %d and %d\n",
			max_active, name, 1, most);
	return clamped;
}

/* No flush is in progress: both colours are the same, nobody waits. */
static void init_flushing(struct workqueue_struct *wq)
{
	mutex_init(&wq->mutex);
	INIT_LIST_HEAD(&wq->flusher_overflow);
	INIT_LIST_HEAD(&wq->flusher_queue);
	atomic_set(&wq->nr_pwqs_to_flush, 0);
	check_init_wq(wq);
}

/* Power-efficient workqueues are bound ones until the machine is told to save power. */
static bool wq_power_efficient;
module_param_named(power_efficient, wq_power_efficient, bool, 0444);

/* With power to be saved: an item runs on any CPU that is awake, and wakes none. */
static unsigned int effective_flags(unsigned int flags)
{
	bool save = wq_power_efficient && (flags & WQ_POWER_EFFICIENT);

	return save ? flags | WQ_UNBOUND : flags;
}

/* The structure, with what only an unbound one has.  NULL: no memory. */
static struct workqueue_struct *new_wq(unsigned int flags)
{
	unsigned int nodes = flags & WQ_UNBOUND ? nr_node_ids : 0;
	struct workqueue_struct *wq;

	wq = kzalloc(sizeof(*wq) + nodes * sizeof(wq->numa_pwq_tbl[0]), GFP_KERNEL);
	if (wq && nodes) {
		wq->unbound_attrs = alloc_workqueue_attrs(GFP_KERNEL);
		if (!wq->unbound_attrs) {
			kfree(wq);
			wq = NULL;
		}
	}
	return wq;
}

/* What alloc_workqueue() of the public face comes to; the name is copied and cut. */
struct workqueue_struct *__alloc_workqueue(const char *name, unsigned int flags, int max_active,
					   struct lock_class_key *key, const char *lock_name)
{
	struct workqueue_struct *wq;

	flags = effective_flags(flags);
	wq = new_wq(flags);
	if (!wq)
		return NULL;
	wq->base.engine = &cmwq_engine;
	strlcpy(wq->name, name, sizeof(wq->name));
	lockdep_init_map(&wq->lockdep_map, lock_name ?: wq->name, key);
	wq->flags = flags;
	wq->saved_max_active = wq_clamp_max_active(max_active ? max_active : WQ_DFL_ACTIVE, flags, wq->name);
	INIT_LIST_HEAD(&wq->list);
	INIT_LIST_HEAD(&wq->pwqs);
	INIT_LIST_HEAD(&wq->maydays);
	init_flushing(wq);

	if (alloc_and_link_pwqs(wq) < 0) {
		free_workqueue(wq);
		return NULL;
	}
	if (((flags & WQ_MEM_RECLAIM) && init_rescuer(wq) < 0) ||
	    ((flags & WQ_SYSFS) && workqueue_sysfs_register(wq) < 0)) {
		destroy_workqueue(wq);
		return NULL;
	}

	/*
	 * A freeze may have begun since the pwqs were linked; from here on it finds this
	 * workqueue in the list.
	 */
	mutex_lock(&wq_pool_mutex);
	mutex_lock(&wq->mutex);
	adjust_pwqs(wq);
	mutex_unlock(&wq->mutex);
	list_add(&wq->list, &workqueues);
	mutex_unlock(&wq_pool_mutex);
	return wq;
}

/* Is anything left of a pwq but its link to its workqueue?  Warns of what. */
static bool pwq_busy(struct pool_workqueue *pwq)
{
	bool busy = false;
	int color;

	spin_lock_irq(&pwq->pool->lock);
	for (color = 0; color < WORK_NR_COLORS && !busy; color++)
		busy = WARN_ON(pwq->nr_in_flight[color]);
	if (!busy)
		busy = WARN_ON(pwq != pwq->wq->dfl_pwq && pwq->refcnt > 1) ||
		       WARN_ON(pwq->nr_active) || WARN_ON(!list_empty(&pwq->delayed_works));
	spin_unlock_irq(&pwq->pool->lock);
	return busy;
}

static bool wq_busy(struct workqueue_struct *wq)
{
	struct pool_workqueue *pwq;
	bool busy = false;

	mutex_lock(&wq->mutex);
	for_each_pwq(pwq, wq) {
		busy = pwq_busy(pwq);
		if (busy)
			break;
	}
	mutex_unlock(&wq->mutex);
	return busy;
}

/* References that a pwq has for its places alone: by node, and as the default.  Under wq->mutex. */
static int pwq_places(struct pool_workqueue *pwq)
{
	struct workqueue_struct *wq = pwq->wq;
	int node, places = 0;

	if (!(wq->flags & WQ_UNBOUND))
		return 1;
	for_each_node(node)
		places += unbound_pwq_by_node(wq, node) == pwq;
	return places + (pwq == wq->dfl_pwq);
}

/* Is nothing in flight, though somebody has not let go of the pwq yet? */
static bool pwq_lingers(struct pool_workqueue *pwq)
{
	int color, places = pwq_places(pwq);
	bool lingers;

	spin_lock_irq(&pwq->pool->lock);
	lingers = pwq->refcnt > places;
	for (color = 0; color < WORK_NR_COLORS; color++)
		if (pwq->nr_in_flight[color])
			lingers = false;	/* no straggler but work: wq_busy() will complain */
	spin_unlock_irq(&pwq->pool->lock);
	return lingers;
}

/*
 * Whoever waited behind a barrier may be here before the worker that ran it has put
 * its reference: complete() wakes first.  The release has this hole too, and there it
 * is a few instructions wide; here a waiter that is more urgent than the worker would
 * fall into it every time.  So give stragglers some ticks before taking offence.
 */
static void wait_for_stragglers(struct workqueue_struct *wq)
{
	int ticks = STRAGGLER_TICKS;
	struct pool_workqueue *pwq;

	mutex_lock(&wq->mutex);
	for_each_pwq(pwq, wq)
		while (pwq_lingers(pwq) && ticks-- > 0)
			schedule_timeout_uninterruptible(1);
	mutex_unlock(&wq->mutex);
}

static void rcu_free_bound_wq(struct rcu_head *rcu)
{
	free_workqueue(container_of(rcu, struct workqueue_struct, rcu));
}

/*
 * Who read the word of an item when it was still queued here goes on to the pool by way
 * of the pwq (get_work_pool(), interrupts off), which may be now.  The release frees at
 * once all the same; 4.1 waits for such readers, and so does the native machine.
 */
static void free_bound_wq(struct workqueue_struct *wq)
{
	if (mach_points_on)
		rcu_free_bound_wq(&wq->rcu);
	else
		call_rcu_sched(&wq->rcu, rcu_free_bound_wq);
}

void destroy_workqueue(struct workqueue_struct *wq)
{
	drain_workqueue(wq);
	wait_for_stragglers(wq);

	/* A workqueue that is still in use is left alive, with a warning, rather than freed. */
	if (wq_busy(wq)) {
		wq->left_alive = true;
		return;
	}

	mutex_lock(&wq_pool_mutex);
	list_del_init(&wq->list);
	mutex_unlock(&wq_pool_mutex);

	workqueue_sysfs_unregister(wq);

	if (wq->rescuer)
		destroy_rescuer(wq);
	check_destroyed(wq);

	if (!(wq->flags & WQ_UNBOUND)) {
		free_bound_wq(wq);
	} else {
		/* The last pwq takes the workqueue with it, when nobody can see it any more. */
		put_unbound_pwqs(wq);
	}
}

static bool wq_drained(struct workqueue_struct *wq)
{
	struct pool_workqueue *pwq;
	bool drained = true;

	mutex_lock(&wq->mutex);
	for_each_pwq(pwq, wq) {
		spin_lock_irq(&pwq->pool->lock);
		if (pwq->nr_active || !list_empty(&pwq->delayed_works))
			drained = false;
		spin_unlock_irq(&pwq->pool->lock);
	}
	mutex_unlock(&wq->mutex);
	return drained;
}

/* Flush until it is empty; meanwhile only its own items may queue to it (C-F35). */
void drain_workqueue(struct workqueue_struct *wq)
{
	unsigned int tries = 0;

	mutex_lock(&wq->mutex);
	if (!wq->nr_drainers++)
		__WRITE_ONCE(wq->flags, wq->flags | __WQ_DRAINING);
	mutex_unlock(&wq->mutex);

	for (;;) {
		flush_workqueue(wq);
		if (wq_drained(wq))
			break;
		tries++;
		if (tries == 10 || (tries % 100 == 0 && tries <= 1000))
			pr_warn("workqueue %s: drain_workqueue() isn't complete after %u tries\n",
				wq->name, tries);
	}

	mutex_lock(&wq->mutex);
	if (!--wq->nr_drainers)
		__WRITE_ONCE(wq->flags, wq->flags & ~__WQ_DRAINING);
	mutex_unlock(&wq->mutex);
}

void workqueue_set_max_active(struct workqueue_struct *wq, int max_active)
{
	unsigned int flags = __READ_ONCE(wq->flags);	/* all but DRAINING stand still */
	bool ordered = flags & __WQ_ORDERED;

	/* An ordered workqueue is one because of its max_active. */
	if (WARN_ON(ordered))
		return;
	mutex_lock(&wq->mutex);
	__WRITE_ONCE(wq->saved_max_active, wq_clamp_max_active(max_active, flags, wq->name));
	adjust_pwqs(wq);
	mutex_unlock(&wq->mutex);
}
