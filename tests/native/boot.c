// SPDX-License-Identifier: GPL-2.0-only
/*
 * Booting the native machine again and again: each one begins as the first did, and
 * a thousand of them leave no thread, no descriptor, no mapping and no memory behind.
 */
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/percpu.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/timer.h>
#include <linux/workqueue.h>

#include "growth.h"
#include "wqtest.h"

#define CPUS	4

static int with_value = 41;
static int without_value;
static DEFINE_PER_CPU(int, each_cpu) = 7;

static void quick_fn(struct work_struct *work)
{
	__atomic_fetch_add(&without_value, 1, __ATOMIC_RELAXED);
}

static DECLARE_WORK(quick, quick_fn);
static DECLARE_DELAYED_WORK(late, quick_fn);
static DECLARE_DELAYED_WORK(much_too_late, quick_fn);
static struct timer_list timer;

static void ring(unsigned long data)
{
	schedule_work((struct work_struct *)data);
}

static int until_stopped(void *arg)
{
	while (!kthread_should_stop())
		schedule_timeout_interruptible(1);
	return 0;
}

static void all_as_new(void)
{
	unsigned int cpu;

	CHECK_EQ(with_value, 41);
	CHECK_EQ(without_value, 0);
	CHECK(!work_pending(&quick) && !delayed_work_pending(&late));
	for_each_online_cpu(cpu)
		CHECK_EQ(per_cpu(each_cpu, cpu), 7);
}

/* Some of everything, and some of it not given back. */
static int some_work(void *arg)
{
	static DECLARE_WORK(rung, quick_fn);
	struct workqueue_struct *multi, *single;
	struct task_struct *t;

	all_as_new();
	with_value++;
	per_cpu(each_cpu, CPUS - 1) = 8;
	multi = create_workqueue("multi");
	single = create_singlethread_workqueue("single");
	CHECK(queue_work_on(CPUS - 1, multi, &quick));
	CHECK(queue_delayed_work(single, &late, 1));
	CHECK(queue_delayed_work_on(1, multi, &much_too_late, 1000 * HZ));
	setup_timer(&timer, ring, (unsigned long)&rung);
	mod_timer(&timer, jiffies + 1);
	t = kthread_run(until_stopped, NULL, "helper");
	schedule_timeout_uninterruptible(1);
	kthread_stop(t);
	while (timer_pending(&timer))
		schedule_timeout_uninterruptible(1);
	del_timer_sync(&timer);
	flush_work(&rung);
	flush_work(&quick);
	while (delayed_work_pending(&late))
		schedule_timeout_uninterruptible(1);
	flush_workqueue(single);
	CHECK(cancel_delayed_work_sync(&much_too_late));
	CHECK_EQ(__atomic_load_n(&without_value, __ATOMIC_RELAXED), 3);
	destroy_workqueue(multi);
	destroy_workqueue(single);
	kfree(kmalloc(1000, GFP_KERNEL));
	return 0;
}

static bool boot(unsigned int i)
{
	static const char *const engines[] = { "legacy", "cmwq", "legacy,cmwq", "cmwq,legacy" };
	const struct machine_config cfg = {
		.kind = "native", .engines = engines[i % ARRAY_SIZE(engines)], .cpus = CPUS, .quiet = true,
	};
	struct machine_result res;
	bool fine;

	if (sim_run(&cfg, some_work, NULL, &res))
		return false;
	fine = res.verdict == VERDICT_OK && !res.ret && !res.warnings;
	CHECK_MSG(fine, "boot %u: verdict %s, returned %d\n%s", i, verdict_name(res.verdict),
		  res.ret, res.log);
	machine_result_free(&res);
	return fine;
}

/* What was joined may be listed for a moment longer. */
static void look(struct growth *g, long threads)
{
	int tries;

	for (tries = 0; tries < 1000; tries++) {
		growth_look(g);
		if (g->threads <= threads)
			break;
		growth_pause();
	}
}

WQTEST(native_boot, a_thousand_times, .timeout = 300)
{
	struct growth before = { .threads = 0 }, after;
	unsigned int i, n;
	long stacks;

	growth_look(&after);
	n = after.exact ? 1000 : 100;
	for (i = 0; i < n; i++) {
		if (i == n / 10)
			look(&before, after.threads);
		if (!boot(i))
			return;
	}
	look(&after, before.threads);
	CHECK_EQ(after.threads, before.threads);
	CHECK_EQ(after.descriptors, before.descriptors);
	if (!after.exact)
		return;
	/*
	 * The C library keeps stacks of threads that ended, with some of its heap each: as
	 * many as ever lived at once, and one boot in hundreds has a few more than those
	 * before it.  What is lost with each boot, be it a byte, shows beyond that.
	 */
	stacks = max(after.mappings - before.mappings, 0L) / 2;
	CHECK_MSG(stacks <= 10, "%ld mappings, earlier %ld", after.mappings, before.mappings);
	CHECK_MSG(after.heap <= before.heap + 4096 + stacks * 2560, "%ld bytes of heap, earlier %ld",
		  after.heap, before.heap);
	CHECK_MSG(after.resident_kib <= before.resident_kib + 256, "%ld KiB resident, earlier %ld",
		  after.resident_kib, before.resident_kib);
}
