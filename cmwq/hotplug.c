// SPDX-License-Identifier: GPL-2.0-only
/*
 * CPUs that come and go: what their pools do meanwhile.
 *
 *	     up						down
 *	UP_PREPARE: a first worker, if none		DOWN_PREPARE: unbind, on that CPU
 *	ONLINE: bind the workers again			the CPU goes, the pool stays
 *
 * A pool is bound to its CPU by its workers alone.  When the CPU goes, they are marked
 * UNBOUND and the pool DISASSOCIATED: nothing migrates, the same workers go on with the
 * same worklist, on whatever CPU they get.  Concurrency management is off meanwhile:
 * nobody counts, and each worker wakes the next before it starts on an item (C-F13, C-F37).
 *
 * When the CPU is back, UNBOUND turns into REBOUND, in one store: to the scheduler's
 * hook, which looks without a lock, the worker must count at no instant.  It counts again
 * from its next cycle on, which it begins on its CPU (C-F38).
 *
 * Unbound pools feel less of it: their workers get their set of CPUs back when its first
 * CPU comes, and unbound workqueues change pwqs when a node's last CPU goes (C-F39).
 *
 * A pool whose CPU never was online has no worker and stays so: an item queued to it with
 * queue_work_on() does not run before that CPU comes up (C-F40).
 *
 * Locks: attach_mutex keeps pool->workers still, pool->lock and run_lock for the flags.
 * wq_pool_mutex for the pools and workqueues there are.
 *
 * Read next: freezer.c.
 */
#include <linux/bug.h>
#include <linux/cpu.h>

#include "workqueue_internal.h"

/* All that are attached to a pool; under its attach_mutex. */
#define for_each_pool_worker(worker, pool)				\
	list_for_each_entry(worker, &(pool)->workers, node)

/* ---- down ---- */

/* From here on nobody counts, and nobody joins who would. */
static void disassociate(struct worker_pool *pool)
{
	struct worker *worker;

	mutex_lock(&pool->attach_mutex);
	spin_lock_irq(&pool->lock);
	spin_lock(&pool->run_lock);
	for_each_pool_worker(worker, pool)
		__WRITE_ONCE(worker->flags, worker->flags | WORKER_UNBOUND);
	pool->flags |= POOL_DISASSOCIATED;
	spin_unlock(&pool->run_lock);
	spin_unlock_irq(&pool->lock);
	mutex_unlock(&pool->attach_mutex);
}

/*
 * Whoever counted does not any more: those who sleep were counted out and will not be
 * counted in, those who run will not be counted out.  In the release schedule() makes
 * sure that no hook on this CPU is halfway; here run_lock does, since marking and counting
 * take it, and schedule() is only what it is there: a chance for others (decision 3).
 */
static void forget_running(struct worker_pool *pool)
{
	schedule();
	spin_lock_irq(&pool->lock);
	spin_lock(&pool->run_lock);
	__WRITE_ONCE(pool->nr_running, 0);
	spin_unlock(&pool->run_lock);
	/* The running worker wakes nobody any more when it sleeps: start the chain. */
	wake_up_worker(pool);
	spin_unlock_irq(&pool->lock);
}

/* On the CPU that is to go. */
static void wq_unbind_fn(struct work_struct *work)
{
	struct worker_pool *pool;
	int cpu = smp_processor_id();

	for_each_cpu_worker_pool(pool, cpu) {
		disassociate(pool);
		forget_running(pool);
	}
}

static void update_numa_tables(int cpu, bool online)
{
	struct workqueue_struct *wq;

	lockdep_assert_held(&wq_pool_mutex);
	list_for_each_entry(wq, &workqueues, list)
		wq_update_unbound_numa(wq, cpu, online);
}

static int workqueue_cpu_down_callback(struct notifier_block *nb, unsigned long action, void *hcpu)
{
	int cpu = (unsigned long)hcpu;
	struct work_struct unbind_work;

	if ((action & ~CPU_TASKS_FROZEN) != CPU_DOWN_PREPARE)
		return NOTIFY_OK;

	/* Unbinding is done by an item of that CPU, and goes on while we see to the tables. */
	INIT_WORK_ONSTACK(&unbind_work, wq_unbind_fn);
	check_internal(&unbind_work);
	queue_work_on(cpu, system_highpri_wq, &unbind_work);

	mutex_lock(&wq_pool_mutex);
	update_numa_tables(cpu, false);
	mutex_unlock(&wq_pool_mutex);

	flush_work(&unbind_work);
	destroy_work_on_stack(&unbind_work);
	return NOTIFY_OK;
}

/* ---- up ---- */

static void rebind_workers(struct worker_pool *pool)
{
	struct worker *worker;

	lockdep_assert_held(&pool->attach_mutex);
	for_each_pool_worker(worker, pool)
		WARN_ON_ONCE(set_cpus_allowed_ptr(worker->task, pool->attrs->cpumask) < 0);

	spin_lock_irq(&pool->lock);
	/* DOWN_FAILED comes also where DOWN_PREPARE did not get as far as us. */
	if (!(pool->flags & POOL_DISASSOCIATED)) {
		spin_unlock_irq(&pool->lock);
		return;
	}
	spin_lock(&pool->run_lock);
	pool->flags &= ~POOL_DISASSOCIATED;
	for_each_pool_worker(worker, pool) {
		unsigned int flags = worker->flags;

		/* It looks at the worklist with its new flags; and REBOUND goes by that. */
		if (flags & WORKER_IDLE)
			wake_up_process(worker->task);
		WARN_ON_ONCE(!(flags & WORKER_UNBOUND));
		flags |= WORKER_REBOUND;
		flags &= ~WORKER_UNBOUND;
		__WRITE_ONCE(worker->flags, flags);
	}
	spin_unlock(&pool->run_lock);
	spin_unlock_irq(&pool->lock);
}

/*
 * When the last CPU of a set went, its workers lost that set.  The first of its CPUs to
 * come back brings it back.
 */
static void restore_unbound_workers_cpumask(struct worker_pool *pool, int cpu)
{
	static cpumask_t online;		/* under wq_pool_mutex */
	struct worker *worker;

	lockdep_assert_held(&pool->attach_mutex);
	if (!cpumask_test_cpu(cpu, pool->attrs->cpumask))
		return;
	cpumask_and(&online, pool->attrs->cpumask, cpu_online_mask);
	if (cpumask_weight(&online) != 1)
		return;
	for_each_pool_worker(worker, pool)
		WARN_ON_ONCE(set_cpus_allowed_ptr(worker->task, pool->attrs->cpumask) < 0);
}

/* Once it has had one a pool keeps two at least, so the answer stands when the lock is free. */
static bool has_workers(struct worker_pool *pool)
{
	bool has;

	spin_lock_irq(&pool->lock);
	has = pool->nr_workers;
	spin_unlock_irq(&pool->lock);
	return has;
}

/* The CPU is going to come: make the first worker while it can still be refused. */
static bool first_workers(int cpu)
{
	struct worker_pool *pool;

	for_each_cpu_worker_pool(pool, cpu)
		if (!has_workers(pool) && !create_worker(pool))
			return false;
	return true;
}

/* One pool, as far as that CPU means anything to it. */
static void cpu_comes(struct worker_pool *pool, int cpu)
{
	mutex_lock(&pool->attach_mutex);
	if (pool->cpu < 0)
		restore_unbound_workers_cpumask(pool, cpu);
	else if (pool->cpu == cpu)
		rebind_workers(pool);
	mutex_unlock(&pool->attach_mutex);
}

static void bring_online(int cpu)
{
	struct worker_pool *pool;
	int id;

	mutex_lock(&wq_pool_mutex);
	idr_for_each_entry(&worker_pool_idr, pool, id)
		cpu_comes(pool, cpu);
	update_numa_tables(cpu, true);
	mutex_unlock(&wq_pool_mutex);
}

static int workqueue_cpu_up_callback(struct notifier_block *nb, unsigned long action, void *hcpu)
{
	int cpu = (unsigned long)hcpu;

	switch (action & ~CPU_TASKS_FROZEN) {
	case CPU_UP_PREPARE:
		return first_workers(cpu) ? NOTIFY_OK : NOTIFY_BAD;
	case CPU_DOWN_FAILED:
	case CPU_ONLINE:
		bring_online(cpu);
		break;
	}
	return NOTIFY_OK;
}

/* Before those who queue when a CPU comes, and behind those who queue when it goes. */
static struct notifier_block up_nb = {
	.notifier_call = workqueue_cpu_up_callback, .priority = CPU_PRI_WORKQUEUE_UP,
};
static struct notifier_block down_nb = {
	.notifier_call = workqueue_cpu_down_callback, .priority = CPU_PRI_WORKQUEUE_DOWN,
};

void hotplug_init(void)
{
	register_cpu_notifier(&up_nb);
	register_cpu_notifier(&down_nb);
}

void hotplug_exit(void)
{
	unregister_cpu_notifier(&down_nb);
	unregister_cpu_notifier(&up_nb);
}
