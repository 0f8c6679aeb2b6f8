// SPDX-License-Identifier: GPL-2.0-only
/*
 * Bringing the engine up and down, the predefined workqueues, and the table of
 * operations through which the switch reaches all of it.
 *
 * Owns the predefined workqueues.
 *
 * Locks: none.  system_wq and system_wqs are written by init at boot and shutdown, when
 * nobody else queues.
 *
 * Read next: common/api/workqueue.c, which calls it; check.c, what must hold of all this.
 */
#include <linux/cpu.h>
#include <linux/printk.h>
#include <linux/slab.h>
#include <linux/topology.h>

#include "workqueue_internal.h"

struct workqueue_struct *system_wq, *system_highpri_wq;

static struct workqueue_struct *system_wqs[WQ_NR_SYSTEM];

/* The predefined workqueues; names longer than the buffer are cut, as in the release (facts, 2.5). */
static const struct {
	const char *name;
	unsigned int flags;
} system_specs[WQ_NR_SYSTEM] = {
	[WQ_SYSTEM] = { "events", 0 },
	[WQ_SYSTEM_HIGHPRI] = { "events_highpri", WQ_HIGHPRI },
	[WQ_SYSTEM_LONG] = { "events_long", 0 },
	[WQ_SYSTEM_UNBOUND] = { "events_unbound", WQ_UNBOUND },
	[WQ_SYSTEM_FREEZABLE] = { "events_freezable", WQ_FREEZABLE },
	[WQ_SYSTEM_POWER_EFFICIENT] = { "events_power_efficient", WQ_POWER_EFFICIENT },
	[WQ_SYSTEM_FREEZABLE_POWER_EFFICIENT] = {
		"events_freezable_power_efficient", WQ_FREEZABLE | WQ_POWER_EFFICIENT },
};

/* Set up the two pools of a CPU; their first workers come later, if it is online. */
static int init_cpu_pools(int cpu)
{
	struct worker_pool *pool;
	int highpri = 0, err = 0;

	for_each_cpu_worker_pool(pool, cpu) {
		mutex_lock(&wq_pool_mutex);
		err = init_worker_pool(pool);
		mutex_unlock(&wq_pool_mutex);
		if (err)
			return err;
		pool->cpu = cpu;
		pool->node = cpu_to_node(cpu);
		pool->attrs->nice = highpri++ ? HIGHPRI_NICE_LEVEL : 0;
		cpumask_copy(pool->attrs->cpumask, cpumask_of(cpu));
	}
	return 0;
}

static int init_workqueues(void)
{
	static struct lock_class_key keys[WQ_NR_SYSTEM];
	struct worker_pool *pool;
	int cpu, i, err;

	pwq_cache = kmem_cache_create("pool_workqueue", sizeof(struct pool_workqueue),
				      __alignof__(struct pool_workqueue), 0, NULL);
	if (!pwq_cache)
		return -ENOMEM;
	wq_numa_init();
	for_each_possible_cpu(cpu) {
		err = init_cpu_pools(cpu);
		if (err)
			return err;
	}
	/* The pools of the others stay disassociated and empty until their CPUs come (C-F40). */
	for_each_online_cpu(cpu)
		for_each_cpu_worker_pool(pool, cpu) {
			pool->flags &= ~POOL_DISASSOCIATED;
			if (!create_worker(pool))
				return -ENOMEM;
		}
	hotplug_init();
	later_init();

	for (i = 0; i < WQ_NR_SYSTEM; i++) {
		int max_active = system_specs[i].flags & WQ_UNBOUND ? WQ_UNBOUND_MAX_ACTIVE : 0;

		system_wqs[i] = __alloc_workqueue(system_specs[i].name, system_specs[i].flags, max_active,
						  &keys[i], NULL);
		if (!system_wqs[i])
			return -ENOMEM;
	}
	system_wq = system_wqs[WQ_SYSTEM];
	system_highpri_wq = system_wqs[WQ_SYSTEM_HIGHPRI];
	return 0;
}

/*
 * What destroy_workqueue() refused to take down is there for ever in a kernel.  By now
 * whatever kept it may be gone; else it is refused again.
 */
static void destroy_left_alive(void)
{
	struct workqueue_struct *wq, *n;

	list_for_each_entry_safe(wq, n, &workqueues, list)
		if (wq->left_alive) {
			pr_warn("workqueue %s: left alive by destroy_workqueue()\n", wq->name);
			wq->left_alive = false;
			destroy_workqueue(wq);
		}
}

/* A workqueue that nobody destroyed would go unnoticed, for it may have no thread of its own. */
static void check_forgotten(void)
{
	struct workqueue_struct *wq;
	char text[64];
	int i;

	list_for_each_entry(wq, &workqueues, list) {
		for (i = 0; i < WQ_NR_SYSTEM && system_wqs[i] != wq; i++)
			;
		if (i < WQ_NR_SYSTEM)
			continue;
		snprintf(text, sizeof(text), "workqueue %s was not destroyed", wq->name);
		machine_stop(VERDICT_LEAK, text);
	}
}

/*
 * The kernel never does this.  Releasing unbound pwqs is itself work of system_wq,
 * so that one goes last; what is in the hands of RCU is waited for.
 */
static void shutdown_workqueues(void)
{
	struct worker_pool *pool;
	int cpu, i;

	destroy_left_alive();
	check_forgotten();
	hotplug_exit();
	later_exit();
	for (i = WQ_NR_SYSTEM - 1; i >= 0; i--) {
		if (i == WQ_SYSTEM && system_wq)
			flush_workqueue(system_wq);
		if (system_wqs[i])
			destroy_workqueue(system_wqs[i]);
	}
	system_wq = system_highpri_wq = NULL;
	for_each_possible_cpu(cpu)
		for_each_cpu_worker_pool(pool, cpu) {
			/* Boot may have failed before this one was set up. */
			if (pool->id < 0 || idr_find(&worker_pool_idr, pool->id) != pool)
				continue;
			pool_release_workers(pool);
			idr_remove(&worker_pool_idr, pool->id);
			free_worker_pool(pool);
		}
	rcu_barrier_sched();
	wq_numa_exit();
	check_down();
	idr_destroy(&worker_pool_idr);
	if (pwq_cache)
		kmem_cache_destroy(pwq_cache);
}

static void queue_call(int cpu, struct work_struct *work, work_func_t func)
{
	INIT_WORK(work, func);
	check_internal(work);
	queue_work_on(cpu, system_wq, work);
}

int schedule_on_each_cpu(work_func_t func)
{
	struct work_struct __percpu *works = alloc_percpu(struct work_struct);
	int cpu;

	if (!works)
		return -ENOMEM;
	get_online_cpus();
	for_each_online_cpu(cpu)
		queue_call(cpu, per_cpu_ptr(works, cpu), func);
	for_each_online_cpu(cpu)
		flush_work(per_cpu_ptr(works, cpu));
	put_online_cpus();
	free_percpu(works);
	return 0;
}

/* ---- the engine's table ---- */

/* What 3.18 turned the older calls into (facts, 2.2). */
static struct workqueue_struct *cmwq_create_workqueue(const char *name, enum wq_create kind,
						      struct lock_class_key *key, const char *lock_name)
{
	switch (kind) {
	case WQ_CREATE_MULTITHREAD:
		return __alloc_workqueue(name, WQ_MEM_RECLAIM, 1, key, lock_name);
	case WQ_CREATE_SINGLETHREAD:
		return __alloc_workqueue(name, WQ_UNBOUND | __WQ_ORDERED | WQ_MEM_RECLAIM, 1,
					 key, lock_name);
	case WQ_CREATE_FREEZEABLE:
		return __alloc_workqueue(name, WQ_FREEZABLE | WQ_UNBOUND | WQ_MEM_RECLAIM, 1,
					 key, lock_name);
	case WQ_CREATE_RT:
		pr_warn("cmwq: create_rt_workqueue(\"%s\"): 3.18 has no real-time workqueues, WQ_HIGHPRI takes the place\n",
			name);
		return __alloc_workqueue(name, WQ_HIGHPRI | WQ_MEM_RECLAIM, 1, key, lock_name);
	}
	return NULL;
}

static struct workqueue_struct *cmwq_system(enum wq_system which)
{
	return system_wqs[which];
}

static const char *cmwq_wq_name(struct workqueue_struct *wq)
{
	return wq->name;
}

const struct wq_engine cmwq_engine = {
	.name			= "cmwq",
	.release		= "3.18",
	.can			= WQ_CAN_HOTPLUG | WQ_CAN_FREEZE,

	.boot			= init_workqueues,
	.shutdown		= shutdown_workqueues,

	.alloc_workqueue_key	= __alloc_workqueue,
	.create_workqueue_key	= cmwq_create_workqueue,
	.destroy_workqueue	= destroy_workqueue,

	.queue_work		= queue_work,
	.queue_work_on		= queue_work_on,
	.queue_delayed_work	= queue_delayed_work,
	.queue_delayed_work_on	= queue_delayed_work_on,
	.mod_delayed_work_on	= mod_delayed_work_on,

	.flush_workqueue	= flush_workqueue,
	.drain_workqueue	= drain_workqueue,
	.flush_work		= flush_work,
	.flush_delayed_work	= flush_delayed_work,
	.cancel_work_sync	= cancel_work_sync,
	.cancel_delayed_work	= cancel_delayed_work,
	.cancel_delayed_work_sync = cancel_delayed_work_sync,

	.workqueue_set_max_active = workqueue_set_max_active,
	.work_busy		= work_busy,

	.freeze_begin		= freeze_workqueues_begin,
	.freeze_busy		= freeze_workqueues_busy,
	.thaw			= thaw_workqueues,

	.schedule_on_each_cpu	= schedule_on_each_cpu,
	.system			= cmwq_system,
	.wq_name		= cmwq_wq_name,

	.check_quiet		= check_quiet,
	.dump			= cmwq_dump,

	.workqueue_sysfs_register = workqueue_sysfs_register,
	.apply_workqueue_attrs	= apply_workqueue_attrs,
	.workqueue_congested	= workqueue_congested,
	.current_is_workqueue_rescuer = current_is_workqueue_rescuer,
	.set_worker_desc	= cmwq_set_worker_desc,
	.print_worker_info	= cmwq_print_worker_info,
	.queue_rcu_work		= queue_rcu_work,
	.current_work		= current_work,
	.workqueue_stats	= workqueue_stats,
	.delayed_work_timer_fn	= delayed_work_timer_fn,
};
