// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pools: two for each CPU, made at boot and never freed; and unbound ones, made
 * when the first workqueue with their attributes comes and freed after the last.
 *
 * A pool's id goes into the data word of the items it executes, so ids are looked
 * up without a lock; a pool is freed only when every reader that may have found it
 * has left (RCU, sched flavour: a reader has interrupts or preemption off).
 *
 * Locks: wq_pool_mutex for the id table, the hash and refcnt.  Two locks order what
 * ends a pool: manager_arb (no new workers), then attach_mutex (who is still there).
 *
 * Read next: worker.c.
 */
#include <linux/bug.h>
#include <linux/slab.h>
#include <linux/topology.h>
#include <wqlab/timer.h>

#include "workqueue_internal.h"

DEFINE_MUTEX(wq_pool_mutex);
DEFINE_IDR(worker_pool_idr);

static DEFINE_PER_CPU_SHARED_ALIGNED(struct worker_pool [NR_STD_WORKER_POOLS], cpu_worker_pools);
static DEFINE_HASHTABLE(unbound_pool_hash, UNBOUND_POOL_HASH_ORDER);	/* PL */

struct worker_pool *cpu_pool(int cpu, int highpri)
{
	return &per_cpu(cpu_worker_pools, cpu)[highpri];
}

/* Make an empty pool with an id of its own; 0 or -errno. */
int init_worker_pool(struct worker_pool *pool)
{
	spin_lock_init(&pool->lock);
	check_init_pool(pool);
	spin_lock_init(&pool->run_lock);
	pool->id = -1;
	pool->cpu = -1;
	pool->node = NUMA_NO_NODE;
	pool->flags = POOL_DISASSOCIATED;
	pool->refcnt = 1;
	INIT_LIST_HEAD(&pool->worklist);
	INIT_LIST_HEAD(&pool->idle_list);
	INIT_LIST_HEAD(&pool->workers);
	hash_init(pool->busy_hash);
	mutex_init(&pool->manager_arb);
	mutex_init(&pool->attach_mutex);
	ida_init(&pool->worker_ida);
	INIT_HLIST_NODE(&pool->hash_node);

	init_timer_deferrable(&pool->idle_timer);
	pool->idle_timer.function = idle_worker_timeout;
	pool->idle_timer.data = (unsigned long)pool;
	timer_set_housekeeping(&pool->idle_timer);
	setup_timer(&pool->mayday_timer, pool_mayday_timeout, (unsigned long)pool);
	timer_set_housekeeping(&pool->mayday_timer);

	lockdep_assert_held(&wq_pool_mutex);
	pool->attrs = alloc_workqueue_attrs(GFP_KERNEL);
	if (!pool->attrs)
		return -ENOMEM;
	pool->id = idr_alloc(&worker_pool_idr, pool, 0, WORK_OFFQ_POOL_NONE, GFP_KERNEL);
	return pool->id < 0 ? pool->id : 0;
}

/* What a pool owns beside its workers; they are gone. */
void free_worker_pool(struct worker_pool *pool)
{
	ida_destroy(&pool->worker_ida);
	free_workqueue_attrs(pool->attrs);
}

/* The node that has all CPUs of a set, if one does. */
static int node_of_cpus(const struct cpumask *mask)
{
	int node;

	if (wq_numa_enabled)
		for_each_node(node)
			if (cpumask_subset(mask, cpumask_of_node(node)))
				return node;
	return NUMA_NO_NODE;
}

/*
 * The unbound pool with these attributes, made if there is none; the reference is the
 * caller's.  NULL: no memory or no thread.
 */
struct worker_pool *get_unbound_pool(const struct workqueue_attrs *attrs)
{
	u32 hash = wqattrs_hash(attrs);
	struct worker_pool *pool;

	lockdep_assert_held(&wq_pool_mutex);
	hash_for_each_possible(unbound_pool_hash, pool, hash_node, hash)
		if (wqattrs_equal(pool->attrs, attrs)) {
			pool->refcnt++;
			return pool;
		}

	pool = kzalloc(sizeof(*pool), GFP_KERNEL);
	if (!pool)
		return NULL;
	if (init_worker_pool(pool)) {
		free_worker_pool(pool);
		kfree(pool);
		return NULL;
	}
	lockdep_set_subclass(&pool->lock, 1);	/* see put_pwq() */
	copy_workqueue_attrs(pool->attrs, attrs);
	/* It says how a workqueue uses pools; of a pool it says nothing (C-F41). */
	pool->attrs->no_numa = false;
	pool->node = node_of_cpus(pool->attrs->cpumask);
	if (!create_worker(pool)) {
		put_unbound_pool(pool);
		return NULL;
	}
	hash_add(unbound_pool_hash, &pool->hash_node, hash);
	return pool;
}

static void rcu_free_pool(struct rcu_head *rcu)
{
	struct worker_pool *pool = container_of(rcu, struct worker_pool, rcu);

	free_worker_pool(pool);
	kfree(pool);
}

/*
 * Let all workers of a pool go, and wait until none is attached.  Nothing is queued
 * here any more, so all of them idle or are about to; holding manager_arb keeps new
 * ones from being made.
 */
void pool_release_workers(struct worker_pool *pool)
{
	DECLARE_COMPLETION_ONSTACK(detached);
	struct worker *worker;

	mutex_lock(&pool->manager_arb);
	spin_lock_irq(&pool->lock);
	for (worker = first_idle_worker(pool); worker; worker = first_idle_worker(pool))
		destroy_worker(worker);
	WARN_ON(pool->nr_idle);
	WARN_ON(pool->nr_workers);
	spin_unlock_irq(&pool->lock);

	mutex_lock(&pool->attach_mutex);
	if (!list_empty(&pool->workers))
		pool->detach_completion = &detached;
	mutex_unlock(&pool->attach_mutex);
	/* Only we set it, and manager_arb admits one of us: no lock is needed to look. */
	if (pool->detach_completion)
		wait_for_completion(&detached);
	mutex_unlock(&pool->manager_arb);

	del_timer_sync(&pool->idle_timer);
	del_timer_sync(&pool->mayday_timer);
}

void put_unbound_pool(struct worker_pool *pool)
{
	lockdep_assert_held(&wq_pool_mutex);
	if (--pool->refcnt)
		return;
	if (WARN_ON(!(pool->flags & POOL_DISASSOCIATED)) || WARN_ON(!list_empty(&pool->worklist)))
		return;
	idr_remove(&worker_pool_idr, pool->id);
	hash_del(&pool->hash_node);
	pool_release_workers(pool);
	call_rcu_sched(&pool->rcu, rcu_free_pool);
}
