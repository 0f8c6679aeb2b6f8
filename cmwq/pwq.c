// SPDX-License-Identifier: GPL-2.0-only
/*
 * A workqueue on a pool: how many of its items may be active, and how they retire.
 *
 *	queued --> nr_active < max_active ? --yes--> pool->worklist   (active)
 *	                  | no
 *	                  v                            ^
 *	             delayed_works  ---- one per item that retires ----
 *
 * An item retires when its function has returned or when it is stolen from a list.
 * Barriers have no colour and count nowhere (C-F22).
 *
 * Locks: pool->lock for a pwq's counts, wq->mutex for which pwqs there are.
 *
 * Read next: flush_work.c.
 */
#include <linux/bug.h>
#include <linux/slab.h>

#include "workqueue_internal.h"

/* Unbound pwqs, 256-aligned; made at boot. */
struct kmem_cache *pwq_cache;

/* ---- references: one for being linked to its workqueue, one per queued item ---- */

void get_pwq(struct pool_workqueue *pwq)
{
	lockdep_assert_held(&pwq->pool->lock);
	WARN_ON_ONCE(pwq->refcnt <= 0);
	check_touched(pwq);
	pwq->refcnt++;
}

/*
 * Under pool->lock.  What taking an unbound pwq down needs, a mutex, cannot be had
 * here; so an item on the system workqueue does it (C-F36).  Engine-internal work
 * stays with its engine.
 */
void put_pwq(struct pool_workqueue *pwq)
{
	lockdep_assert_held(&pwq->pool->lock);
	check_touched(pwq);
	pwq->refcnt--;
	if (likely(pwq->refcnt > 0))
		return;
	/*
	 * A bound pwq lives as long as its workqueue, so this is an unbound one; and
	 * system_wq is bound, hence on another pool: the locks nest, one class deep.
	 */
	if (!WARN_ON_ONCE(pwq->wq->cpu_pwqs)) {
		check_internal(&pwq->unbound_release_work);
		schedule_work(&pwq->unbound_release_work);
	}
}

void put_pwq_unlocked(struct pool_workqueue *pwq)
{
	struct worker_pool *pool = pwq->pool;

	spin_lock_irq(&pool->lock);
	put_pwq(pwq);
	spin_unlock_irq(&pool->lock);
}

static void rcu_free_pwq(struct rcu_head *rcu)
{
	kmem_cache_free(pwq_cache, container_of(rcu, struct pool_workqueue, rcu));
}

/* Its pwqs are gone, or are freed with it. */
void free_workqueue(struct workqueue_struct *wq)
{
	free_percpu(wq->cpu_pwqs);
	free_workqueue_attrs(wq->unbound_attrs);
	kfree(wq);
}

/* An unbound pwq lost its last reference: unlink it, and free its workqueue with the last one. */
static void pwq_unbound_release_workfn(struct work_struct *work)
{
	struct pool_workqueue *pwq = container_of(work, struct pool_workqueue, unbound_release_work);
	struct workqueue_struct *wq = pwq->wq;
	bool wq_over;

	/*
	 * wq_pool_mutex over all of it: two pwqs of one workqueue may be released at once,
	 * and who is not the last one touches wq->mutex until it has let go of it.
	 */
	mutex_lock(&wq_pool_mutex);
	mutex_lock(&wq->mutex);
	list_del_rcu(&pwq->pwqs_node);
	wq_over = list_empty(&wq->pwqs);
	mutex_unlock(&wq->mutex);
	put_unbound_pool(pwq->pool);
	mutex_unlock(&wq_pool_mutex);

	if (wq_over)
		free_workqueue(wq);
	/* A reader that found it in wq->pwqs without a lock may still look at it. */
	call_rcu_sched(&pwq->rcu, rcu_free_pwq);
}

/* ---- active and delayed ---- */

/* An item that max_active held back joins the worklist, with the barriers behind it. */
void pwq_activate_delayed_work(struct work_struct *work)
{
	struct pool_workqueue *pwq = get_work_pwq(work);

	pwq->nr_active++;
	if (list_empty(&pwq->pool->worklist))
		pool_progress(pwq->pool);
	__clear_bit(WORK_STRUCT_DELAYED_BIT, work_data_bits(work));
	trace_workqueue_activate_work(work);
	move_linked_works(work, &pwq->pool->worklist, NULL);
}

static void pwq_activate_first_delayed(struct pool_workqueue *pwq)
{
	pwq_activate_delayed_work(list_first_entry(&pwq->delayed_works, struct work_struct, entry));
}

/* An item of this colour retires.  Under pool->lock. */
void pwq_dec_nr_in_flight(struct pool_workqueue *pwq, int color)
{
	if (color != WORK_NO_COLOR) {
		pwq->nr_in_flight[color]--;
		pwq->nr_active--;
		if (!list_empty(&pwq->delayed_works) && pwq->nr_active < pwq->max_active)
			pwq_activate_first_delayed(pwq);

		/* The last of the colour that is waited for: this pwq is through (C-F26). */
		if (unlikely(pwq->flush_color == color) && !pwq->nr_in_flight[color])
			pwq_color_done(pwq);
	}
	put_pwq(pwq);
}

/* Bring a pwq's max_active up to date with its workqueue's; under wq->mutex. */
void pwq_adjust_max_active(struct pool_workqueue *pwq)
{
	struct workqueue_struct *wq = pwq->wq;
	bool freezable;

	lockdep_assert_held(&wq->mutex);
	freezable = wq->flags & WQ_FREEZABLE;
	if (!freezable && pwq->max_active == wq->saved_max_active)
		return;
	spin_lock_irq(&pwq->pool->lock);
	check_touched(pwq);
	if (freezable && __READ_ONCE(workqueue_freezing)) {
		/* What is active goes on, nothing joins it (C-F45). */
		pwq->max_active = 0;
		spin_unlock_irq(&pwq->pool->lock);
		return;
	}
	pwq->max_active = wq->saved_max_active;
	while (!list_empty(&pwq->delayed_works) && pwq->nr_active < pwq->max_active)
		pwq_activate_first_delayed(pwq);
	/* What was activated has to start although nothing was queued: wake somebody in any case. */
	wake_up_worker(pwq->pool);
	spin_unlock_irq(&pwq->pool->lock);
}

/* All of them; under wq->mutex. */
void adjust_pwqs(struct workqueue_struct *wq)
{
	struct pool_workqueue *pwq;

	for_each_pwq(pwq, wq)
		pwq_adjust_max_active(pwq);
}

/* ---- making them ---- */

void init_pwq(struct pool_workqueue *pwq, struct workqueue_struct *wq, struct worker_pool *pool)
{
	BUG_ON((unsigned long)pwq & WORK_STRUCT_FLAG_MASK);
	*pwq = (struct pool_workqueue){
		.pool = pool,
		.wq = wq,
		.flush_color = -1,	/* nobody waits for a colour here */
		.refcnt = 1,		/* for being linked to wq */
		.delayed_works = LIST_HEAD_INIT(pwq->delayed_works),
		.pwqs_node = LIST_HEAD_INIT(pwq->pwqs_node),
		.mayday_node = LIST_HEAD_INIT(pwq->mayday_node),
	};
	INIT_WORK(&pwq->unbound_release_work, pwq_unbound_release_workfn);
}

/* Join the workqueue, unless it has: a default pwq stands for several nodes.  Under wq->mutex. */
void link_pwq(struct pool_workqueue *pwq)
{
	struct workqueue_struct *wq = pwq->wq;

	lockdep_assert_held(&wq->mutex);
	if (list_empty(&pwq->pwqs_node)) {
		/* It joins in the middle of flushes: what it paints from now on is nobody's past. */
		pwq->work_color = wq->work_color;
		pwq_adjust_max_active(pwq);
		list_add_rcu(&pwq->pwqs_node, &wq->pwqs);
	}
}

/* Per-CPU pwqs of a bound workqueue. */
static int link_cpu_pwqs(struct workqueue_struct *wq)
{
	int highpri = !!(wq->flags & WQ_HIGHPRI), cpu;

	wq->cpu_pwqs = alloc_percpu(struct pool_workqueue);
	if (!wq->cpu_pwqs)
		return -ENOMEM;
	for_each_possible_cpu(cpu) {
		struct pool_workqueue *pwq = per_cpu_ptr(wq->cpu_pwqs, cpu);

		init_pwq(pwq, wq, cpu_pool(cpu, highpri));
		mutex_lock(&wq->mutex);
		link_pwq(pwq);
		mutex_unlock(&wq->mutex);
	}
	return 0;
}

int alloc_and_link_pwqs(struct workqueue_struct *wq)
{
	return wq->flags & WQ_UNBOUND ? apply_std_attrs(wq) : link_cpu_pwqs(wq);
}
