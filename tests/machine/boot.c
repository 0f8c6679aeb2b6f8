// SPDX-License-Identifier: GPL-2.0-only
/*
 * Booting again and again: every machine begins as the first one did, whatever
 * the one before did and however it ended.  boot-libc.c counts what the process
 * has to hold meanwhile.
 */
#include <linux/percpu.h>
#include <linux/slab.h>
#include <wqlab/slabinfo.h>

#include "boot_test.h"
#include "machine_test.h"

/* Writable state of each kind: with a value, without, local, per CPU, a pointer to another. */
static int with_value = 41;
static int without_value;
static int *points = &with_value;
static char big[5000] = { [4999] = 'x' };
static DEFINE_PER_CPU(int, each_cpu) = 7;
static LIST_HEAD(list);
static struct list_head entry;

static int *local_static(void)
{
	static int inner = 5;

	return &inner;
}

static void all_as_new(void)
{
	CHECK_EQ(with_value, 41);
	CHECK_EQ(without_value, 0);
	CHECK(points == &with_value);
	CHECK_EQ(big[0], 0);
	CHECK_EQ(big[4999], 'x');
	CHECK_EQ(*local_static(), 5);
	for (unsigned int cpu = 0; cpu < mach_nr_cpus(); cpu++)
		CHECK_EQ(per_cpu(each_cpu, cpu), 7);
	CHECK(list_empty(&list));
	CHECK(entry.next == NULL);
	CHECK_EQ(mach_now(), 0);
}

static void spoil_all(void)
{
	with_value++;
	without_value = 9;
	points = &without_value;
	memset(big, 1, sizeof(big));
	*local_static() = 6;
	for (unsigned int cpu = 0; cpu < mach_nr_cpus(); cpu++)
		per_cpu(each_cpu, cpu) = cpu;
	list_add(&entry, &list);
}

/* Some of everything: workqueues, tasks, timers, memory that is not given back. */
static void quick_fn(struct work_struct *work)
{
	without_value++;
}

static DECLARE_WORK(quick, quick_fn);
static DECLARE_DELAYED_WORK(late, quick_fn);
static struct timer_list forgotten;

static void ring(unsigned long data)
{
}

int boot_some_work(void *arg)
{
	struct workqueue_struct *q;

	all_as_new();
	CHECK(!work_pending(&quick));
	q = create_workqueue("q");
	queue_work(q, &quick);
	queue_delayed_work(q, &late, 2);
	pass_ms(5);
	CHECK_EQ(without_value, 2);
	kfree(kmalloc(1000, GFP_KERNEL));
	setup_timer(&forgotten, ring, 0);
	mod_timer(&forgotten, jiffies + 1000);
	destroy_workqueue(q);
	spoil_all();
	return 0;
}

WQTEST_ENGINES(machine_boot, state_is_put_back)
{
	for (int i = 0; i < 30; i++)
		RUN(1 + i % 4, boot_some_work);
}

/* The same after runs that ended badly, tasks still waiting and locks still held. */
static DEFINE_MUTEX(mutex);
static DECLARE_COMPLETION(never);

static int holds_and_waits(void *arg)
{
	mutex_lock(&mutex);
	wait_for_completion(&never);
	return 0;
}

int boot_ends_badly(void *arg)
{
	all_as_new();
	CHECK(!mutex_is_locked(&mutex));
	spoil_all();
	start_on(0, holds_and_waits, NULL, "holder");
	pass_ms(1);
	mutex_lock(&mutex);
	return 0;
}

static int does_bug(void *arg)
{
	all_as_new();
	spoil_all();
	preempt_disable();
	BUG();
}

WQTEST(machine_boot, state_is_put_back_after_a_bad_end)
{
	for (int i = 0; i < 20; i++) {
		EXPECT(VERDICT_DEADLOCK, boot_ends_badly, SAYS("deadlock"), .cpus = 2);
		EXPECT(VERDICT_BUG, does_bug, SAYS("kernel BUG"), .cpus = 2);
		RUN(2, boot_some_work);
	}
}

/* The heap begins empty, at the same address, whatever the last run left. */
static int heap(void *arg)
{
	void **first = arg, *p;
	struct slab_usage use;

	slab_count(NULL, &use);
	p = kzalloc(100, GFP_KERNEL);
	if (!first[0])
		first[0] = p;
	CHECK(first[0] == p);
	CHECK(!memchr_inv(p, 0, 100));
	memset(p, 0xff, 100);
	if (!first[1])
		first[1] = (void *)use.objects;
	CHECK_EQ((size_t)first[1], use.objects);
	for (int i = 0; i < 100; i++)
		kfree(kmalloc(5000, GFP_KERNEL));
	kfree(p);
	return 0;
}

static noinline int forgets(void *arg)
{
	CHECK(kmalloc(1000, GFP_KERNEL));
	CHECK(kmalloc(24, GFP_KERNEL));
	return 0;
}

/* What was not given back is said, with who asked for it, and counts as a warning. */
WQTEST_ENGINES(machine_boot, memory_left_behind_is_named)
{
	struct machine_config cfg = wqtest_config(2);
	struct machine_result res;

	if (sim_run(&cfg, forgets, NULL, &res))
		return;
	CHECK_EQ(res.verdict, VERDICT_OK);
	CHECK_EQ(res.warnings, 1);
	CHECK_STR(res.log, "memory is left behind:\n2 objects, 1024 bytes allocated by forgets\n");
	machine_result_free(&res);
}

WQTEST_ENGINES(machine_boot, heap_begins_anew)
{
	void *first[2] = { NULL, NULL };

	for (int i = 0; i < 10; i++)
		RUN_ARG(2, heap, first);
}

/* One boot's number of CPUs is nothing to the next. */
static int all_cpus_work(void *arg)
{
	CHECK_EQ(num_online_cpus(), *(unsigned int *)arg);
	for (unsigned int cpu = 0; cpu < num_online_cpus(); cpu++) {
		CHECK(schedule_work_on(cpu, &quick));
		flush_work(&quick);
		CHECK_EQ(without_value, cpu + 1);
	}
	return 0;
}

WQTEST_ENGINES(machine_boot, any_number_of_cpus)
{
	unsigned int cpus[] = { 1, 64, 2, 17, 128, 3, 1 };

	for (size_t i = 0; i < ARRAY_SIZE(cpus); i++)
		RUN_ARG(cpus[i], all_cpus_work, &cpus[i]);
}

WQTEST_ENGINES(machine_boot, a_thousand_cpus)
{
	unsigned int cpus = 1024;

	RUN_ARG(cpus, all_cpus_work, &cpus);
}

WQTEST(machine_boot, as_many_cpus_as_there_may_be, .soak = true)
{
	unsigned int cpus = MACHINE_MAX_CPUS;

	RUN_ARG(cpus, all_cpus_work, &cpus);
}

/* Many tasks at once. */
static int sleeper(void *arg)
{
	pass_ms(10);
	without_value++;
	return 0;
}

static int many_tasks(void *arg)
{
	long n = (long)arg;

	for (long i = 0; i < n; i++)
		CHECK(!IS_ERR(kthread_run(sleeper, NULL, "sleeper/%ld", i)));
	pass_ms(20);
	CHECK_EQ(without_value, n);
	return 0;
}

WQTEST(machine_boot, many_tasks)
{
	RUN_ARG(4, many_tasks, (void *)1000L);
}
