// SPDX-License-Identifier: GPL-2.0-only
/*
 * More tasks on one machine than a host has threads: 2.6.32's design, with a thread
 * for each CPU of each workqueue, carried by fibers.
 *
 * What it takes is judged in a process of its own, whose memory nobody used before.
 */
#include <linux/slab.h>

#include "machine_test.h"

#define QUEUES		30
#define KIB_A_TASK	12	/* 1.5 GiB for 126,977 */
#define KIB_AT_ALL	16384	/* of the test program itself */

static atomic_t runs;

static void runs_fn(struct work_struct *work)
{
	atomic_inc(&runs);
}

static int one_item_a_cpu(void *arg)
{
	struct work_struct *item = kcalloc(nr_cpu_ids, sizeof(*item), GFP_KERNEL);
	struct workqueue_struct *q[QUEUES];
	unsigned int cpu, i;

	CHECK(item);
	for (i = 0; i < QUEUES; i++) {
		q[i] = create_workqueue("q");
		CHECK(q[i]);
	}
	for_each_online_cpu(cpu) {
		INIT_WORK(&item[cpu], runs_fn);
		CHECK(queue_work_on(cpu, q[cpu % QUEUES], &item[cpu]));
	}
	for (i = 0; i < QUEUES; i++)
		flush_workqueue(q[i]);
	CHECK_EQ(atomic_read(&runs), nr_cpu_ids);
	for (i = 0; i < QUEUES; i++)
		destroy_workqueue(q[i]);
	kfree(item);
	return 0;
}

static int boot_crowd(void *arg)
{
	const struct machine_config cfg = {
		.engines = "legacy", .cpus = (unsigned long)arg, .carrier = "fibers", .quiet = true,
	};
	struct machine_result res;

	if (sim_run(&cfg, one_item_a_cpu, NULL, &res))
		return 1;
	CHECK_MSG(res.verdict == VERDICT_OK, "verdict %s\n%s", verdict_name(res.verdict), res.report);
	CHECK_EQ(res.warnings, 0);
	/* init, keventd, the workqueues */
	CHECK_EQ(res.tasks, 1 + (1 + QUEUES) * cfg.cpus);
	machine_result_free(&res);
	return 0;
}

static void crowd(unsigned long cpus)
{
	struct wqtest_child child;
	long limit;

	/* Sanitizers take several times as much, and gcc 12's ends at 8,128 tasks. */
	if (wqtest_sanitized())
		cpus = min(cpus, 100ul);
	limit = KIB_AT_ALL + cpus * (1 + QUEUES) * KIB_A_TASK;
	wqtest_apart(boot_crowd, (void *)cpus, &child);
	CHECK_MSG(!child.status, "status %d, %s", child.status, child.said);
	CHECK_MSG(wqtest_sanitized() || child.peak_kib <= limit, "%ld KiB, not within %ld",
		  child.peak_kib, limit);
}

WQTEST(machine_crowd, fifteen_thousand_tasks)
{
	crowd(512);
}

WQTEST(machine_crowd, hundred_thousand_tasks, .soak = true, .timeout = 600)
{
	CHECK((1 + QUEUES) * MACHINE_MAX_CPUS > 100000);
	crowd(MACHINE_MAX_CPUS);
}
