// SPDX-License-Identifier: GPL-2.0-only
/*
 * CPUs that come and go: each multi-threaded workqueue gets or loses a thread.
 *
 *	UP_PREPARE	in the map; every workqueue gets a thread, which does not run yet
 *	ONLINE		bind the threads, let them go
 *	UP_CANCELED	let them go unbound, then stop them; out of the map
 *	POST_DEAD	flush, then stop the threads; out of the map
 *
 * Nothing happens while a CPU goes down (DOWN_PREPARE to DEAD): its threads lose their
 * bond like any other bound task, and what is on their lists they run elsewhere.  Items
 * never change lists.  POST_DEAD comes when get_online_cpus() is free again, since the
 * flush waits for items, and one of these may want that lock.
 *
 * Locking: the chain is called with cpu_maps_update_begin() held, so the list of
 * workqueues does not change and neither does anybody else make or stop threads.
 *
 * Single-threaded workqueues are not on the list: they do not care about CPUs.
 *
 * Read next: on_cpu.c.
 */
#include <linux/cpu.h>
#include <linux/printk.h>

#include "workqueue_internal.h"

static int do_one(struct workqueue_struct *wq, unsigned long action, unsigned int cpu)
{
	struct cpu_workqueue_struct *cwq = per_cpu_ptr(wq->cpu_wq, cpu);
	int err = 0;

	if (action == CPU_UP_PREPARE)
		err = create_workqueue_thread(cwq, cpu);
	if (err)
		pr_err("workqueue [%s] for %i failed\n", wq->name, cpu);
	if (action == CPU_ONLINE)
		start_workqueue_thread(cwq, cpu);
	/* Unbound, for its CPU is not up.  kthread_stop() alone would end it unrun as well. */
	if (action == CPU_UP_CANCELED)
		start_workqueue_thread(cwq, -1);
	if (action == CPU_UP_CANCELED || action == CPU_POST_DEAD)
		cleanup_workqueue_thread(cwq);
	return err;
}

/* All workqueues; false: one of them failed. */
static bool do_all(unsigned long action, unsigned int cpu)
{
	struct workqueue_struct *wq;

	list_for_each_entry(wq, &workqueues, list)
		if (do_one(wq, action, cpu))
			return false;
	return true;
}

/*
 * If a thread cannot be made, we undo the others here and refuse.  Nobody else tells us
 * to: UP_CANCELED goes to those who were told before us.  Those further down the list have
 * no thread yet, and nothing is done to them.
 */
static int workqueue_cpu_callback(struct notifier_block *nb, unsigned long action, void *hcpu)
{
	unsigned int cpu = (unsigned long)hcpu;
	int ret = NOTIFY_OK;

	action &= ~CPU_TASKS_FROZEN;
	if (action == CPU_UP_PREPARE)
		cpumask_set_cpu(cpu, cpu_populated_map);

	if (!do_all(action, cpu)) {
		action = CPU_UP_CANCELED;
		ret = NOTIFY_BAD;
		do_all(action, cpu);
	}

	if (action == CPU_UP_CANCELED || action == CPU_POST_DEAD)
		cpumask_clear_cpu(cpu, cpu_populated_map);
	return ret;
}

struct notifier_block workqueue_cpu_nb = { .notifier_call = workqueue_cpu_callback };
