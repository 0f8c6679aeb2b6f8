// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who gets the virtual CPU: overlap, priorities, FIFO among equals, slices, and
 * what things cost.
 */
#include "machine_test.h"

/* Burn 10 ms, noting begin and end. */
static int burner(void *arg)
{
	note((long)arg);
	mdelay(10);
	note((long)arg);
	return 0;
}

static void start_burner(int cpu, char name, int nice, int rt)
{
	struct sched_param fifo = { .sched_priority = rt };
	struct task_struct *t = kthread_create(burner, (void *)(long)name, "%c", name);

	kthread_bind(t, cpu);
	if (rt)
		CHECK_EQ(sched_setscheduler(t, SCHED_FIFO, &fifo), 0);
	else
		set_user_nice(t, nice);
	wake_up_process(t);
}

/* Two burning tasks on one CPU do not overlap; on two they do. */
static int on_one(void *arg)
{
	start_burner(1, 'a', 0, 0);
	start_burner(1, 'b', 0, 0);
	pass_ms(30);
	CHECK_STR(diary, "aabb");
	CHECK_EQ(diary_at[1], MS(10));
	CHECK_EQ(diary_at[2], MS(10));
	CHECK_EQ(diary_at[3], MS(20));
	return 0;
}

static int on_two(void *arg)
{
	stay_on(0);
	start_burner(1, 'a', 0, 0);
	start_burner(2, 'b', 0, 0);
	pass_ms(30);
	CHECK_STR(diary, "abab");
	CHECK_EQ(diary_at[3], MS(10));
	return 0;
}

WQTEST(machine_prio, two_on_one_cpu_do_not_overlap)
{
	RUN(2, on_one);
}

WQTEST(machine_prio, two_on_two_cpus_do)
{
	RUN(3, on_two);
}

/* Real-time before nice -20 before nice 0 before nice 19, whatever the order of waking. */
static int urgency(void *arg)
{
	stay_on(0);
	start_burner(1, 'x', 0, 99);		/* keeps the CPU while the others are woken */
	start_burner(1, 'L', 19, 0);
	start_burner(1, 'n', 0, 0);
	start_burner(1, 'r', 0, 1);
	start_burner(1, 'h', -20, 0);
	start_burner(1, 'R', 0, 50);
	start_burner(1, 'N', 0, 0);
	start_burner(1, 'H', -20, 0);
	pass_ms(100);
	CHECK_EQ(diary_len, 16);
	CHECK_EQ(diary[0], 'x');
	CHECK_EQ(diary[2], 'R');
	CHECK_EQ(diary[4], 'r');
	CHECK_EQ(diary[6], 'h');
	CHECK_EQ(diary[8], 'H');		/* FIFO among equals */
	CHECK_EQ(diary[10], 'n');
	CHECK_EQ(diary[12], 'N');
	CHECK_EQ(diary[14], 'L');
	return 0;
}

WQTEST(machine_prio, most_urgent_first_fifo_among_equals)
{
	RUN(2, urgency);
}

/* Who becomes ready preempts a less urgent burner at once, not an equal one. */
static int preempts(void *arg)
{
	stay_on(0);
	start_burner(1, 'n', 0, 0);
	pass_ms(2);
	start_burner(1, 'e', 0, 0);		/* an equal waits */
	pass_ms(1);
	start_burner(1, 'h', -20, 0);		/* at 3 ms: preempts n */
	pass_ms(4);
	start_burner(1, 'r', 0, 10);		/* at 7 ms: preempts h */
	pass_ms(60);
	CHECK_STR(diary, "nhrrhnee");
	CHECK_EQ(diary_at[1], MS(3));
	CHECK_EQ(diary_at[2], MS(7));
	CHECK_EQ(diary_at[3], MS(17));
	CHECK_EQ(diary_at[4], MS(23));
	CHECK_EQ(diary_at[5], MS(30));	/* the preempted one goes on before its equal */
	CHECK_EQ(diary_at[7], MS(40));
	return 0;
}

WQTEST(machine_prio, the_more_urgent_preempts)
{
	RUN(2, preempts);
}

/* Preemption waits for the outermost enable. */
static int urgent(void *arg)
{
	note('U');
	return 0;
}

static int outermost(void *arg)
{
	struct sched_param fifo = { .sched_priority = 5 };
	struct task_struct *t = kthread_create(urgent, NULL, "urgent");

	stay_on(0);
	kthread_bind(t, 0);
	sched_setscheduler(t, SCHED_FIFO, &fifo);
	preempt_disable();
	preempt_disable();
	wake_up_process(t);
	mdelay(1);
	preempt_enable();
	note('i');
	mdelay(1);
	preempt_enable();
	note('o');
	CHECK_STR(diary, "iUo");
	CHECK_EQ(diary_at[1], MS(2));
	return 0;
}

WQTEST(machine_prio, preemption_at_the_outermost_enable)
{
	RUN(1, outermost);
}

/* A priority that changes counts at once. */
static int changes(void *arg)
{
	struct task_struct *t;

	stay_on(0);
	t = start_on(0, urgent, NULL, "urgent");
	note('1');
	set_user_nice(t, 1);
	note('2');
	set_user_nice(t, -1);		/* now it goes first */
	note('3');
	CHECK_STR(diary, "12U3");

	diary_len = 0;
	memset(diary, 0, sizeof(diary));
	start_on(0, urgent, NULL, "urgent");
	note('1');
	set_user_nice(current, 5);	/* and now we are the less urgent one */
	note('2');
	CHECK_STR(diary, "1U2");
	CHECK_EQ(task_nice(current), 5);
	set_user_nice(current, 100);
	CHECK_EQ(task_nice(current), 19);
	CHECK_EQ(sched_setscheduler(current, SCHED_FIFO, &(struct sched_param){ 0 }), -EINVAL);
	CHECK_EQ(sched_setscheduler(current, SCHED_FIFO, &(struct sched_param){ 100 }), -EINVAL);
	CHECK_EQ(sched_setscheduler(current, SCHED_NORMAL, &(struct sched_param){ 1 }), -EINVAL);
	CHECK_EQ(sched_setscheduler(current, 7, &(struct sched_param){ 0 }), -EINVAL);
	return 0;
}

WQTEST(machine_prio, changed_priority_counts_at_once)
{
	RUN(1, changes);
}

/* ---- slices ---- */

static int sliced(void *arg)
{
	stay_on(0);
	start_burner(1, 'a', 0, 0);
	start_burner(1, 'b', 0, 0);
	pass_ms(30);
	/* 4 ms each in turn: a 0-4 8-12 16-18, b 4-8 12-16 18-20 */
	CHECK_STR(diary, "abab");
	CHECK_EQ(diary_at[1], MS(4));
	CHECK_EQ(diary_at[2], MS(18));
	CHECK_EQ(diary_at[3], MS(20));
	return 0;
}

/* Many short burns use up a slice as one long one does. */
static int nibbler(void *arg)
{
	for (int i = 0; i < 10; i++)
		mdelay(1);
	note((long)arg);
	return 0;
}

static int nibbled(void *arg)
{
	stay_on(0);
	start_on(1, nibbler, (void *)(long)'a', "a");
	start_on(1, nibbler, (void *)(long)'b', "b");
	pass_ms(30);
	CHECK_STR(diary, "ab");
	CHECK_EQ(diary_at[0], MS(18));
	CHECK_EQ(diary_at[1], MS(20));
	return 0;
}

/* Only equals share: the more urgent keeps the CPU, and so does who may not be preempted. */
static int atomic_nibbler(void *arg)
{
	preempt_disable();
	mdelay(10);
	note((long)arg);
	preempt_enable();
	return 0;
}

static int not_sliced(void *arg)
{
	stay_on(0);
	start_burner(1, 'h', -1, 0);
	start_burner(1, 'n', 0, 0);
	pass_ms(30);
	CHECK_STR(diary, "hhnn");
	start_on(1, atomic_nibbler, (void *)(long)'x', "x");
	start_on(1, atomic_nibbler, (void *)(long)'y', "y");
	pass_ms(30);
	CHECK_STR(diary, "hhnnxy");
	CHECK_EQ(diary_at[5] - diary_at[4], MS(10));
	return 0;
}

WQTEST(machine_prio, slices)
{
	RUN_WITH(sliced, .cpus = 2, .slice_ns = MS(4));
	RUN_WITH(nibbled, .cpus = 2, .slice_ns = MS(4));
	RUN_WITH(not_sliced, .cpus = 2, .slice_ns = MS(4));
}

/* ---- costs ---- */

static int empty(void *arg)
{
	note('e');
	return 0;
}

static int costs(void *arg)
{
	struct task_struct *t;
	u64 t0;

	stay_on(0);
	t0 = mach_now();
	t = kthread_create(empty, NULL, "empty");
	CHECK_EQ(mach_now() - t0, US(100));	/* create */
	kthread_bind(t, 1);
	wake_up_process(t);
	CHECK_EQ(mach_now() - t0, US(107));	/* and wake */
	pass_ms(5);
	CHECK_STR(diary, "e");
	CHECK_EQ(diary_at[0] - t0, US(103));	/* CPU 1 turned to it at once: a switch */
	return 0;
}

WQTEST(machine_prio, costs)
{
	RUN_WITH(costs, .cpus = 2, .costs = {
		.switch_ns = US(3), .wake_ns = US(7), .create_ns = US(100) });
}

/* A switch is paid when another task comes, not when the same one comes back. */
static int switch_cost(void *arg)
{
	u64 t0;

	stay_on(0);
	pass_ms(2);			/* whoever is left from boot */
	schedule_timeout_uninterruptible(3);
	CHECK_EQ(mach_now() % MS(1), 0);
	t0 = mach_now();
	start_on(0, empty, NULL, "empty");
	yield();
	CHECK_STR(diary, "e");
	CHECK_EQ(diary_at[0] - t0, US(3));
	CHECK_EQ(mach_now() - t0, US(6));
	return 0;
}

WQTEST(machine_prio, switch_costs_when_the_task_changes)
{
	RUN_WITH(switch_cost, .cpus = 1, .costs = { .switch_ns = US(3) });
}
