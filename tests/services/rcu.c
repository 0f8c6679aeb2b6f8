// SPDX-License-Identifier: GPL-2.0-only
/*
 * Read-copy-update: a grace period lasts as long as the readers that were
 * inside when it began.
 */
#include <linux/delay.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <wqlab/mach.h>

#include "wqtest.h"

struct item {
	int value;
	struct rcu_head rcu;
	int place;
};

static int called;

static void note(struct rcu_head *head)
{
	struct item *it = container_of(head, struct item, rcu);

	CHECK(in_interrupt());
	it->place = ++called;
}

static int callbacks(void *arg)
{
	static struct item items[5];
	int i;

	for (i = 0; i < 5; i++)
		call_rcu(&items[i].rcu, note);
	CHECK_EQ(called, 0);		/* never in the caller's context */
	rcu_barrier();
	CHECK_EQ(called, 5);
	for (i = 0; i < 5; i++)
		CHECK_EQ(items[i].place, i + 1);
	call_rcu_sched(&items[0].rcu, note);
	rcu_barrier_sched();
	CHECK_EQ(called, 6);
	return 0;
}

WQTEST(rcu, callbacks_run_in_order, .any_order = true)
{
	RUN(2, callbacks);
}

static bool inside, left;

static int sleepy_reader(void *arg)
{
	rcu_read_lock();
	rcu_read_lock();
	CHECK(rcu_read_lock_held());
	WRITE_ONCE(inside, true);
	mdelay(10);
	rcu_read_unlock();
	mdelay(10);
	CHECK(rcu_read_lock_held());
	WRITE_ONCE(left, true);
	rcu_read_unlock();
	CHECK(!rcu_read_lock_held());
	return 0;
}

static int waits_for_reader(void *arg)
{
	struct task_struct *k = kthread_run(sleepy_reader, NULL, "reader");

	while (!READ_ONCE(inside))
		cpu_relax();
	synchronize_rcu();
	CHECK(READ_ONCE(left));
	CHECK(mach_now() >= 20 * NSEC_PER_MSEC);
	kthread_stop(k);
	return 0;
}

WQTEST(rcu, synchronize_waits_for_nested_reader, .any_order = true)
{
	RUN(2, waits_for_reader);
}

static int endless_readers(void *arg)
{
	/* Always one inside, never the same: no grace period may wait for all. */
	while (!kthread_should_stop()) {
		rcu_read_lock();
		mdelay(3);
		rcu_read_unlock();
		if (!arg)
			schedule_timeout_uninterruptible(1);
	}
	return 0;
}

static int never_quiet(void *arg)
{
	struct task_struct *k[3];
	u64 start;
	int i;

	for (i = 0; i < 3; i++) {
		k[i] = kthread_create(endless_readers, (void *)(long)(i & 1), "reader/%d", i);
		kthread_bind(k[i], i + 1);
		wake_up_process(k[i]);
		schedule_timeout_uninterruptible(1);
	}
	for (i = 0; i < 5; i++) {
		start = mach_now();
		synchronize_rcu();
		CHECK(mach_now() - start < 20 * NSEC_PER_MSEC);
	}
	for (i = 0; i < 3; i++)
		kthread_stop(k[i]);
	return 0;
}

WQTEST(rcu, later_readers_are_not_waited_for)
{
	RUN(4, never_quiet);
}

static int sched_reader(void *arg)
{
	if (arg)
		local_irq_disable();
	else
		rcu_read_lock_sched();
	CHECK(rcu_read_lock_sched_held());
	WRITE_ONCE(inside, true);
	mdelay(10);
	WRITE_ONCE(left, true);
	if (arg)
		local_irq_enable();
	else
		rcu_read_unlock_sched();
	return 0;
}

static int waits_for_cpu(void *arg)
{
	int round;

	for (round = 0; round < 2; round++) {
		struct task_struct *k;

		inside = left = false;
		k = kthread_create(sched_reader, (void *)(long)round, "reader");
		kthread_bind(k, 1);
		wake_up_process(k);
		while (!READ_ONCE(inside))
			cpu_relax();
		synchronize_sched();
		CHECK(READ_ONCE(left));
		kthread_stop(k);
	}
	return 0;
}

WQTEST(rcu, synchronize_sched_waits_for_preemption_off, .any_order = true)
{
	RUN(2, waits_for_cpu);
}

static struct item *shared;

static int lookups(void *arg)
{
	int i;

	for (i = 0; i < 20; i++) {
		struct item *it;

		rcu_read_lock();
		it = rcu_dereference(shared);
		if (it) {
			int value = READ_ONCE(it->value);

			udelay(200);
			CHECK_EQ(READ_ONCE(it->value), value);
			CHECK_EQ(value / 1000, 7);
		}
		rcu_read_unlock();
	}
	/* Whoever stops a thread must find it: one that has ended is freed by the next kthread_create(). */
	while (!kthread_should_stop())
		schedule_timeout_uninterruptible(1);
	return 0;
}

static int replace(void *arg)
{
	struct task_struct *k[2];
	int i;

	for (i = 0; i < 2; i++)
		k[i] = kthread_run(lookups, NULL, "lookup/%d", i);
	for (i = 0; i < 10; i++) {
		struct item *old = shared, *new = kmalloc(sizeof(*new), GFP_KERNEL);

		new->value = 7000 + i;
		rcu_assign_pointer(shared, new);
		if (!old) {
			udelay(100);
		} else if (i % 2) {
			synchronize_rcu();
			kfree(old);
		} else {
			kfree_rcu(old, rcu);
			udelay(300);
		}
	}
	for (i = 0; i < 2; i++)
		kthread_stop(k[i]);
	kfree(shared);
	RCU_INIT_POINTER(shared, NULL);
	return 0;
}

WQTEST(rcu, readers_never_see_freed_memory, .any_order = true)
{
	RUN(3, replace);
}

static struct item late;

static void note_late(struct rcu_head *head)
{
	late.place = ++called;
}

static int leaves_late(void *arg)
{
	struct item *it = kzalloc(sizeof(*it), GFP_KERNEL);

	call_rcu(&late.rcu, note_late);
	kfree_rcu(it, rcu);
	return 0;
}

WQTEST(rcu, shutdown_calls_what_is_left)
{
	RUN(1, leaves_late);
	CHECK_EQ(called, 1);
	CHECK_EQ(late.place, 1);
}

static int waits_for_itself(void *arg)
{
	rcu_read_lock();
	synchronize_rcu();
	rcu_read_unlock();
	return 0;
}

WQTEST(rcu, waiting_for_oneself_is_a_deadlock)
{
	const struct machine_config cfg = { .cpus = 1, .quiet = true };
	struct machine_result res;

	if (sim_run(&cfg, waits_for_itself, NULL, &res))
		return;
	CHECK_EQ(res.verdict, VERDICT_DEADLOCK);
	CHECK(strstr(res.log, "suspicious RCU usage"));
	machine_result_free(&res);
}
