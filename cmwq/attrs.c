// SPDX-License-Identifier: GPL-2.0-only
/*
 * Unbound workqueues: where their workers may run, and a pwq for each NUMA node.
 *
 * An unbound workqueue has attributes: nice and a set of CPUs.  Workqueues with equal
 * ones share a pool (pool.c), so what a workqueue owns is only its pwqs:
 *
 *	numa_pwq_tbl[0] --> pwq --> pool of the CPUs of node 0
 *	numa_pwq_tbl[1] --> pwq --> pool of the CPUs of node 1
 *	numa_pwq_tbl[2] --> dfl_pwq --> pool of all CPUs in the set
 *
 * A node has a pwq of its own if some CPUs of the set are on it and up, and others are
 * not on it; else it uses dfl_pwq (C-F42).  Who queues takes the pwq of the node it is on.
 *
 * Attributes change by exchange.  New pwqs are made first, which may fail; then, under
 * wq->mutex, they take the old ones' places, which cannot.  What is on the old ones is
 * executed there, and each goes when its last item has (put_pwq()).  An item that queues
 * itself again before it returns stays on its old pwq: it still runs there (C-F20).
 *
 * Owns the table of default attributes and wq_numa_enabled; both stand still after boot.
 * Locks: wq_pool_mutex for making pwqs (it guards pools), wq->mutex for the exchange; who
 * queues reads the table as an RCU reader.
 *
 * Read next: hotplug.c.
 */
#include <linux/bug.h>
#include <linux/cpu.h>
#include <linux/jhash.h>
#include <linux/printk.h>
#include <linux/slab.h>
#include <linux/topology.h>

#include "workqueue_internal.h"

bool wq_numa_enabled;

static bool wq_disable_numa;
module_param_named(disable_numa, wq_disable_numa, bool, 0444);

/* ---- what makes attributes equal ---- */

void copy_workqueue_attrs(struct workqueue_attrs *to, const struct workqueue_attrs *from)
{
	to->nice = from->nice;
	cpumask_copy(to->cpumask, from->cpumask);
	to->no_numa = from->no_numa;
}

/* no_numa is left out: it says how a workqueue uses pools, not what pool it wants (C-F41). */
bool wqattrs_equal(const struct workqueue_attrs *a, const struct workqueue_attrs *b)
{
	return a->nice == b->nice && cpumask_equal(a->cpumask, b->cpumask);
}

u32 wqattrs_hash(const struct workqueue_attrs *attrs)
{
	u32 words = BITS_TO_LONGS(nr_cpumask_bits) * sizeof(long) / sizeof(u32);

	return jhash2((const u32 *)cpumask_bits(attrs->cpumask), words,
		      jhash_1word((u32)attrs->nice, 0));
}

/* ---- which pwq ---- */

/*
 * The pwq for who queues on a node.  The caller is an RCU reader (interrupts off) or
 * holds wq->mutex.
 */
struct pool_workqueue *unbound_pwq_by_node(struct workqueue_struct *wq, int node)
{
	return rcu_dereference_raw(wq->numa_pwq_tbl[node]);
}

/*
 * The CPUs for a node's own pwq into *mask; false: it uses dfl_pwq.  A CPU that is about
 * to go counts as down already.
 */
static bool wq_calc_node_cpumask(const struct workqueue_attrs *attrs, int node,
				 int cpu_going_down, struct cpumask *mask)
{
	if (!wq_numa_enabled || attrs->no_numa)
		return false;

	cpumask_and(mask, cpumask_of_node(node), attrs->cpumask);
	cpumask_and(mask, mask, cpu_online_mask);
	if (cpu_going_down >= 0)
		cpumask_clear_cpu(cpu_going_down, mask);
	if (cpumask_empty(mask))
		return false;

	/* Once the node has one CPU, all that it could have belong to its pool. */
	cpumask_and(mask, cpumask_of_node(node), attrs->cpumask);
	return !cpumask_equal(mask, attrs->cpumask);
}

/* ---- making pwqs ---- */

/* A pwq on the pool with these attributes, linked nowhere yet; NULL: no memory, or no thread. */
static struct pool_workqueue *alloc_unbound_pwq(struct workqueue_struct *wq,
						const struct workqueue_attrs *attrs)
{
	struct pool_workqueue *pwq;
	struct worker_pool *pool;

	lockdep_assert_held(&wq_pool_mutex);
	pwq = kmem_cache_alloc(pwq_cache, GFP_KERNEL);
	pool = pwq ? get_unbound_pool(attrs) : NULL;
	if (pool) {
		init_pwq(pwq, wq, pool);
	} else if (pwq) {
		kmem_cache_free(pwq_cache, pwq);
		pwq = NULL;
	}
	return pwq;
}

/* One that was never linked. */
static void free_unbound_pwq(struct pool_workqueue *pwq)
{
	lockdep_assert_held(&wq_pool_mutex);
	if (pwq && !--pwq->refcnt) {
		put_unbound_pool(pwq->pool);
		kmem_cache_free(pwq_cache, pwq);
	}
}

/* The pwqs that are to take the others' places. */
struct new_pwqs {
	struct workqueue_attrs *attrs;		/* what they are made for */
	struct workqueue_attrs *node_attrs;	/* room for a node's share of it */
	struct pool_workqueue *dfl_pwq;
	struct pool_workqueue *tbl[];		/* by node; dfl_pwq, with a reference, where it stands in */
};

/* Whether linked or not; those that were exchanged are the old ones by now. */
static void free_new_pwqs(struct new_pwqs *new)
{
	free_workqueue_attrs(new->attrs);
	free_workqueue_attrs(new->node_attrs);
	kfree(new);
}

static struct new_pwqs *alloc_new_pwqs(const struct workqueue_attrs *attrs)
{
	struct new_pwqs *new = kzalloc(sizeof(*new) + nr_node_ids * sizeof(new->tbl[0]), GFP_KERNEL);

	if (!new)
		return NULL;
	new->attrs = alloc_workqueue_attrs(GFP_KERNEL);
	new->node_attrs = alloc_workqueue_attrs(GFP_KERNEL);
	if (!new->attrs || !new->node_attrs) {
		free_new_pwqs(new);
		return NULL;
	}
	copy_workqueue_attrs(new->attrs, attrs);
	/* A set without any possible CPU is not refused: its workers run anywhere (C-F43). */
	cpumask_and(new->attrs->cpumask, new->attrs->cpumask, cpu_possible_mask);
	copy_workqueue_attrs(new->node_attrs, new->attrs);
	return new;
}

/* The pwq for one node: its own, or one more reference to the default one. */
static struct pool_workqueue *pwq_for_node(struct workqueue_struct *wq, struct new_pwqs *new, int node)
{
	if (wq_calc_node_cpumask(new->attrs, node, -1, new->node_attrs->cpumask))
		return alloc_unbound_pwq(wq, new->node_attrs);
	new->dfl_pwq->refcnt++;		/* nobody else knows it yet */
	return new->dfl_pwq;
}

/* All of them, or none. */
static bool make_new_pwqs(struct workqueue_struct *wq, struct new_pwqs *new)
{
	int node;

	lockdep_assert_held(&wq_pool_mutex);
	new->dfl_pwq = alloc_unbound_pwq(wq, new->attrs);
	if (!new->dfl_pwq)
		return false;
	for_each_node(node) {
		new->tbl[node] = pwq_for_node(wq, new, node);
		if (!new->tbl[node])
			goto undo;
	}
	return true;
undo:
	for_each_node(node)
		free_unbound_pwq(new->tbl[node]);
	free_unbound_pwq(new->dfl_pwq);
	return false;
}

/* ---- the exchange ---- */

/* Put a pwq into a node's place and link it.  Gives the old one, NULL at first. */
static struct pool_workqueue *numa_pwq_tbl_install(struct workqueue_struct *wq, int node,
						   struct pool_workqueue *pwq)
{
	struct pool_workqueue *old = rcu_dereference_protected(wq->numa_pwq_tbl[node], true);

	lockdep_assert_held(&wq->mutex);
	link_pwq(pwq);
	rcu_assign_pointer(wq->numa_pwq_tbl[node], pwq);
	return old;
}

static void exchange_pwqs(struct workqueue_struct *wq, struct new_pwqs *new)
{
	int node;

	mutex_lock(&wq->mutex);
	copy_workqueue_attrs(wq->unbound_attrs, new->attrs);
	for_each_node(node)
		new->tbl[node] = numa_pwq_tbl_install(wq, node, new->tbl[node]);
	/* It has to be there for nodes that lose their CPUs, even if no node uses it now. */
	link_pwq(new->dfl_pwq);
	swap(wq->dfl_pwq, new->dfl_pwq);
	mutex_unlock(&wq->mutex);
}

/* Give up a place in the table, or the default's. */
static void put_place(struct pool_workqueue *pwq)
{
	if (pwq)
		put_pwq_unlocked(pwq);
}

int apply_workqueue_attrs(struct workqueue_struct *wq, const struct workqueue_attrs *attrs)
{
	unsigned int flags = __READ_ONCE(wq->flags);	/* all but DRAINING stand still */
	bool ordered = (flags & __WQ_ORDERED) && !list_empty(&wq->pwqs);
	struct new_pwqs *new;
	bool made;
	int node;

	if (WARN_ON(!(flags & WQ_UNBOUND)))
		return -EINVAL;
	/* With two pwqs, even for a while, items would overtake each other (C-F44). */
	if (WARN_ON(ordered))
		return -EINVAL;

	new = alloc_new_pwqs(attrs);
	if (!new)
		return -ENOMEM;
	/* Which CPUs are up decides who has a pwq of its own: let none come or go. */
	get_online_cpus();
	mutex_lock(&wq_pool_mutex);
	made = make_new_pwqs(wq, new);
	mutex_unlock(&wq_pool_mutex);
	if (made) {
		exchange_pwqs(wq, new);
		for_each_node(node)
			put_place(new->tbl[node]);
		put_place(new->dfl_pwq);
	}
	put_online_cpus();
	free_new_pwqs(new);
	return made ? 0 : -ENOMEM;
}

/* The pwqs an unbound workqueue begins with. */
int apply_std_attrs(struct workqueue_struct *wq)
{
	struct workqueue_attrs *attrs = alloc_workqueue_attrs(GFP_KERNEL);
	bool single;
	int err;

	if (!attrs)
		return -ENOMEM;
	attrs->nice = wq->flags & WQ_HIGHPRI ? HIGHPRI_NICE_LEVEL : 0;
	/* One pwq for all nodes keeps one order; so no placement for ordered ones. */
	attrs->no_numa = wq->flags & __WQ_ORDERED;
	err = apply_workqueue_attrs(wq, attrs);
	if (!err && (wq->flags & __WQ_ORDERED)) {
		single = list_is_singular(&wq->pwqs) && wq->dfl_pwq->pwqs_node.next == &wq->pwqs;
		WARN(!single, "ordering guarantee broken for workqueue %s\n", wq->name);
	}
	free_workqueue_attrs(attrs);
	return err;
}

/* ---- CPUs come and go ---- */

/* Where a node's share is worked out; under wq_pool_mutex. */
static struct workqueue_attrs *wq_update_unbound_numa_attrs_buf;

/* One more reference to the default pwq, for a node that is to use it.  Under wq->mutex. */
static struct pool_workqueue *get_dfl_pwq(struct workqueue_struct *wq)
{
	spin_lock_irq(&wq->dfl_pwq->pool->lock);
	get_pwq(wq->dfl_pwq);
	spin_unlock_irq(&wq->dfl_pwq->pool->lock);
	return wq->dfl_pwq;
}

/* Under wq->mutex: does the node want a pwq other than it has?  *own: one of its own. */
static bool node_wants_other(struct workqueue_struct *wq, int node, int cpu_off,
			     struct workqueue_attrs *target, bool *own)
{
	struct pool_workqueue *pwq = unbound_pwq_by_node(wq, node);

	if (wq->unbound_attrs->no_numa)
		return false;
	copy_workqueue_attrs(target, wq->unbound_attrs);
	*own = wq_calc_node_cpumask(wq->unbound_attrs, node, cpu_off, target->cpumask);
	if (*own)
		return !cpumask_equal(target->cpumask, pwq->pool->attrs->cpumask);
	return pwq != wq->dfl_pwq;
}

/*
 * A CPU has come or is about to go: a node that has CPUs now gets a pwq of its own, one
 * that loses its last uses the default (C-F39).  A node keeps its pwq while one of its
 * CPUs is up, so most of the time nothing is to be done.
 */
void wq_update_unbound_numa(struct workqueue_struct *wq, int cpu, bool online)
{
	struct workqueue_attrs *target = wq_update_unbound_numa_attrs_buf;
	struct pool_workqueue *pwq = NULL, *old = NULL;
	int node = cpu_to_node(cpu);
	bool own;

	lockdep_assert_held(&wq_pool_mutex);
	if (!wq_numa_enabled || !(__READ_ONCE(wq->flags) & WQ_UNBOUND))
		return;

	mutex_lock(&wq->mutex);
	if (node_wants_other(wq, node, online ? -1 : cpu, target, &own)) {
		if (own) {
			/* Nobody else changes the table meanwhile: the others wait for the hotplug lock. */
			mutex_unlock(&wq->mutex);
			pwq = alloc_unbound_pwq(wq, target);
			if (!pwq)
				pr_warn("workqueue: allocation failed while updating NUMA affinity of \"%s\"\n",
					wq->name);
			mutex_lock(&wq->mutex);
		}
		old = numa_pwq_tbl_install(wq, node, pwq ? pwq : get_dfl_pwq(wq));
	}
	mutex_unlock(&wq->mutex);
	put_place(old);
}

/* The workqueue goes: give up all places.  With the last pwq it goes too, so no look back. */
void put_unbound_pwqs(struct workqueue_struct *wq)
{
	struct pool_workqueue *dfl_pwq = wq->dfl_pwq, *pwq;
	int node;

	wq->dfl_pwq = NULL;
	for_each_node(node) {
		pwq = rcu_dereference_protected(wq->numa_pwq_tbl[node], true);
		RCU_INIT_POINTER(wq->numa_pwq_tbl[node], NULL);
		put_place(pwq);
	}
	put_place(dfl_pwq);
}

/* At boot: is there anything to place? */
void wq_numa_init(void)
{
	bool several = num_possible_nodes() > 1;

	if (several && wq_disable_numa)
		pr_info("workqueue: NUMA affinity support disabled\n");
	if (!several || wq_disable_numa)
		return;
	wq_update_unbound_numa_attrs_buf = alloc_workqueue_attrs(GFP_KERNEL);
	if (!wq_update_unbound_numa_attrs_buf) {
		pr_warn("workqueue: no memory for NUMA affinity, disabled\n");
		return;
	}
	wq_numa_enabled = true;
}

void wq_numa_exit(void)
{
	free_workqueue_attrs(wq_update_unbound_numa_attrs_buf);
	wq_update_unbound_numa_attrs_buf = NULL;
}
