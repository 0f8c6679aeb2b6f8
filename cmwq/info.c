// SPDX-License-Identifier: GPL-2.0-only
/*
 * Questions that users ask: is a workqueue congested, is an item busy, what is a
 * worker at.
 *
 * Answers are hints: they may be out of date before the caller has them.
 *
 * Locks: pool->lock to look at a worker that may end, and at an item's place.
 *
 * Read next: system.c.
 */
#include <linux/printk.h>
#include <linux/string.h>
#include <linux/topology.h>
#include <wqlab/objname.h>

#include "workqueue_internal.h"

/* Does max_active hold back items of the pwq that an item queued on this CPU would go to? */
bool workqueue_congested(int cpu, struct workqueue_struct *wq)
{
	struct pool_workqueue *pwq;
	bool congested;

	rcu_read_lock_sched();		/* the pwq stays while we look */
	if (cpu == WORK_CPU_UNBOUND)
		cpu = smp_processor_id();
	if (__READ_ONCE(wq->flags) & WQ_UNBOUND)
		pwq = unbound_pwq_by_node(wq, cpu_to_node(cpu));
	else
		pwq = per_cpu_ptr(wq->cpu_pwqs, cpu);
	congested = !list_empty(&pwq->delayed_works);
	rcu_read_unlock_sched();
	return congested;
}

/* Pending, running, both or neither; looks only where the item last was. */
unsigned int work_busy(struct work_struct *work)
{
	struct worker_pool *pool;
	struct worker *runner = NULL;
	unsigned long flags;
	bool pending;

	local_irq_save(flags);
	pending = work_pending(work);
	pool = get_work_pool(work);
	if (pool) {
		spin_lock(&pool->lock);
		runner = find_worker_executing_work(pool, work);
		spin_unlock(&pool->lock);
	}
	local_irq_restore(flags);
	return (pending ? WORK_BUSY_PENDING : 0) | (runner ? WORK_BUSY_RUNNING : 0);
}

bool current_is_workqueue_rescuer(void)
{
	struct worker *worker = current_wq_worker();

	return worker && worker->rescue_wq;
}

/* The text is the worker's own until the item ends; nobody else writes it. */
void cmwq_set_worker_desc(const char *desc)
{
	struct worker *worker = current_wq_worker();

	if (!worker)
		return;
	strlcpy(worker->desc, desc, sizeof(worker->desc));
	worker->desc_valid = true;
}

/* A scenario's items have names, and one function for all of them. */
static void print_info(const char *log_lvl, struct worker *worker)
{
	struct pool_workqueue *pwq = worker->current_pwq;
	const char *item = wqlab_object_name(worker->current_work);
	bool told = worker->desc_valid && *worker->desc;
	char func[64];

	if (!worker->current_func)
		return;
	snprintf(func, sizeof(func), "%pf", (void *)worker->current_func);
	printk("%sWorkqueue: %s %s%s%s%s\n", log_lvl, pwq->wq->name, item ? item : func,
	       told ? " (" : "", told ? worker->desc : "", told ? ")" : "");
}

/* The busy worker of a pool that is this task. */
static struct worker *find_busy_task(struct worker_pool *pool, struct task_struct *task)
{
	struct worker *worker;
	int bkt;

	hash_for_each(pool->busy_hash, bkt, worker, hentry)
		if (worker->task == task)
			return worker;
	return NULL;
}

/*
 * The release follows pointers that may be stale, with a read that survives faults.  Here
 * another task's worker is looked for among the busy ones, whose pools are locked one by
 * one.  One's own needs no lock, so that this can be called from anywhere.
 */
bool cmwq_print_worker_info(const char *log_lvl, struct task_struct *task)
{
	struct worker_pool *pool;
	struct worker *worker = NULL;
	unsigned long flags;
	int id;

	if (task == current) {
		worker = current_wq_worker();
		if (worker)
			print_info(log_lvl, worker);
		return worker;
	}
	local_irq_save(flags);
	idr_for_each_entry(&worker_pool_idr, pool, id) {
		spin_lock(&pool->lock);
		worker = find_busy_task(pool, task);
		if (worker)
			print_info(log_lvl, worker);
		spin_unlock(&pool->lock);
		if (worker)
			break;
	}
	local_irq_restore(flags);
	return worker;
}
