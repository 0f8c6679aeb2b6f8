// SPDX-License-Identifier: GPL-2.0-only
/*
 * Kernel threads, per-CPU data, and a few of the library's corners on which the
 * engines stand.
 */
#include <linux/bitops.h>
#include <linux/cpumask.h>
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/gfp.h>
#include <linux/idr.h>
#include <linux/kthread.h>
#include <linux/list.h>
#include <linux/percpu.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <wqlab/mach.h>

#include "wqtest.h"

static int ran;

static int counts(void *arg)
{
	ran++;
	CHECK(kthread_data(current) == arg);
	CHECK(current->flags & PF_KTHREAD);
	while (!kthread_should_stop()) {
		set_current_state(TASK_INTERRUPTIBLE);
		if (!kthread_should_stop())
			schedule();
		__set_current_state(TASK_RUNNING);
	}
	return 42;
}

static int stop_it(void *arg)
{
	struct task_struct *t;

	/* Made, not started; started; stopped with its result. */
	t = kthread_create(counts, &ran, "counter/%d", 7);
	CHECK(!IS_ERR(t));
	CHECK_STR(t->comm, "counter/7");
	msleep(5);
	CHECK_EQ(ran, 0);
	CHECK_EQ(wake_up_process(t), 1);
	msleep(1);
	CHECK_EQ(ran, 1);
	CHECK_EQ(kthread_stop(t), 42);

	/* Stopped before its first run: it does not run at all. */
	t = kthread_create(counts, &ran, "unborn");
	CHECK_EQ(kthread_stop(t), -EINTR);
	t = kthread_create(counts, &ran, "stillborn");
	kthread_bind(t, 0);
	set_cpus_allowed_ptr(current, cpumask_of(0));
	wake_up_process(t);
	CHECK_EQ(kthread_stop(t), -EINTR);
	CHECK_EQ(ran, 1);
	return 0;
}

WQTEST(kthread, create_start_stop)
{
	RUN(1, stop_it);
	RUN(2, stop_it);
}

static int stop_in_any_order(void *arg)
{
	for (int i = 0; i < 4; i++) {
		struct task_struct *t = kthread_run(counts, &ran, "counter");
		int before = ran, ret;

		if (i % 2)
			udelay(10);
		ret = kthread_stop(t);
		CHECK(ret == 42 || (ret == -EINTR && ran == before));
	}
	return 0;
}

WQTEST(kthread, stop_in_any_order)
{
	run_seeds(2, stop_in_any_order, 1, 150);
}

/* ---- per-CPU data ---- */

static DEFINE_PER_CPU(int, number) = 11;
static DEFINE_PER_CPU_SHARED_ALIGNED(long, aligned);

static int percpu(void *arg)
{
	struct pair { long a, b; } *dynamic = alloc_percpu(struct pair), *second;

	CHECK(dynamic != NULL);
	for (unsigned int cpu = 0; cpu < 3; cpu++) {
		CHECK_EQ(per_cpu(number, cpu), 11);
		CHECK_EQ(per_cpu(aligned, cpu), 0);
		CHECK_EQ((unsigned long)per_cpu_ptr(&aligned, cpu) % 64, 0);
		CHECK_EQ(per_cpu_ptr(dynamic, cpu)->a, 0);
		per_cpu(number, cpu) = cpu * 10;
		per_cpu_ptr(dynamic, cpu)->b = cpu * 100;
	}
	second = alloc_percpu(struct pair);
	for (unsigned int cpu = 0; cpu < 3; cpu++) {
		CHECK_EQ(set_cpus_allowed_ptr(current, cpumask_of(cpu)), 0);
		CHECK_EQ(this_cpu_read(number), cpu * 10);
		this_cpu_write(number, 5);
		CHECK_EQ(per_cpu(number, cpu), 5);
		CHECK_EQ(this_cpu_ptr(dynamic)->b, cpu * 100);
		CHECK_EQ(this_cpu_ptr(second)->b, 0);
		get_cpu_var(number)++;
		CHECK(in_atomic());
		put_cpu_var(number);
		CHECK(!in_atomic());
		CHECK_EQ(per_cpu(number, cpu), 6);
	}
	free_percpu(dynamic);
	free_percpu(second);
	free_percpu(NULL);
	return 0;
}

WQTEST(kthread, percpu)
{
	RUN(3, percpu);
}

/* ---- library ---- */

struct node {
	int n;
	struct list_head list;
};

WQTEST(kthread, lists)
{
	struct node v[4], *p, *next;
	LIST_HEAD(a);
	LIST_HEAD(b);
	int sum = 0;

	for (int i = 0; i < 4; i++) {
		v[i].n = i;
		list_add_tail(&v[i].list, &a);
	}
	list_move(&v[2].list, &a);
	CHECK_EQ(list_first_entry(&a, struct node, list)->n, 2);
	list_move_tail(&v[0].list, &b);
	CHECK(list_is_last(&v[3].list, &a));
	CHECK(list_is_singular(&b));
	list_splice_init(&b, &a);
	CHECK(list_empty(&b));
	list_for_each_entry(p, &a, list)
		sum = sum * 10 + p->n;
	CHECK_EQ(sum, 213);		/* 0 2 1 3 */
	list_for_each_entry_safe(p, next, &a, list)
		list_del_init(&p->list);
	CHECK(list_empty(&a));
}

WQTEST(kthread, bits)
{
	unsigned long w = 0;

	CHECK(!__test_and_set_bit(3, &w));
	CHECK(__test_and_set_bit(3, &w));
	__set_bit(63, &w);
	CHECK(test_bit(63, &w) && !test_bit(62, &w));
	CHECK_EQ(find_first_bit(&w, 64), 3);
	CHECK_EQ(find_next_bit(&w, 64, 4), 63);
	__clear_bit(3, &w);
	CHECK_EQ(w, 1ul << 63);
}

static int masks_and_ids(void *arg)
{
	static struct cpumask m, some;
	static DEFINE_IDA(ida);
	unsigned int cpu, sum = 0;

	cpumask_clear(&m);
	CHECK(cpumask_empty(&m));
	CHECK(cpumask_first(&m) >= (unsigned int)nr_cpu_ids);
	cpumask_set_cpu(1, &m);
	cpumask_set_cpu(4, &m);
	CHECK_EQ(cpumask_weight(&m), 2);
	CHECK_EQ(cpumask_next(1, &m), 4);
	for_each_cpu(cpu, &m)
		sum += cpu;
	CHECK_EQ(sum, 5);
	cpumask_copy(&some, cpumask_of(4));
	CHECK_EQ(cpumask_any_and(&m, &some), 4);
	CHECK(cpumask_test_cpu(4, &m));
	cpumask_clear_cpu(4, &m);
	CHECK(!cpumask_test_cpu(4, &m));
	CHECK_EQ(num_online_cpus(), 5);

	for (int i = 0; i < 100; i++)
		CHECK_EQ(ida_simple_get(&ida, 0, 0, GFP_KERNEL), i);
	ida_simple_remove(&ida, 7);
	ida_simple_remove(&ida, 3);
	CHECK_EQ(ida_simple_get(&ida, 0, 0, GFP_KERNEL), 3);
	CHECK_EQ(ida_simple_get(&ida, 5, 0, GFP_KERNEL), 7);
	CHECK_EQ(ida_simple_get(&ida, 0, 100, GFP_KERNEL), -ENOSPC);
	CHECK_EQ(ida_simple_get(&ida, 0, 0, GFP_KERNEL), 100);
	ida_destroy(&ida);
	return 0;
}

WQTEST(kthread, masks_and_ids)
{
	RUN(5, masks_and_ids);
}
