// SPDX-License-Identifier: GPL-2.0-only
/*
 * The old design at its limit: thirty workqueues on 4,096 CPUs, 122,880 threads and
 * keventd's, on fibers.  Boots, runs an item on each CPU, and gives all of it back.
 */
#include <linux/slab.h>

#include "legacy_test.h"

#define WQS	30

static struct workqueue_struct *wqs[WQS];
static struct counted *on;

static int explosion(void *arg)
{
	unsigned int cpus = num_online_cpus();
	size_t threads = machine_threads(NULL, 0);
	int cpu;

	CHECK_EQ(threads, cpus);
	for (int i = 0; i < WQS; i++) {
		wqs[i] = create_workqueue("wq");
		CHECK_MSG(wqs[i], "workqueue %d has no threads", i);
	}
	CHECK_EQ(machine_threads(NULL, 0), threads + (size_t)WQS * cpus);

	on = kcalloc(cpus, sizeof(*on), GFP_KERNEL);
	for_each_online_cpu(cpu) {
		counted_init(&on[cpu]);
		CHECK(queue_work_on(cpu, wqs[cpu % WQS], &on[cpu].work));
	}
	for (int i = 0; i < WQS; i++)
		destroy_workqueue(wqs[i]);
	for_each_online_cpu(cpu) {
		CHECK_EQ(on[cpu].runs, 1);
		CHECK_EQ(on[cpu].cpu, cpu);
	}
	kfree(on);
	return 0;
}

static void explode(unsigned int cpus)
{
	struct machine_config cfg = {
		.kind = "sim", .engines = "legacy", .cpus = cpus, .carrier = "fibers",
		.no_trace = true, .quiet = true,
	};

	RUN_CFG(&cfg, explosion, NULL);
}

WQTEST(legacy, explosion_7680_threads)
{
	explode(256);
}

WQTEST(legacy, explosion_122880_threads, .soak = true, .timeout = 600)
{
	explode(4096);
}
