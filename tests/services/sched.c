// SPDX-License-Identifier: GPL-2.0-only
/*
 * Blocking and waking: states, schedule(), wake-ups that come early or twice,
 * where a woken task runs, and the hooks a task may carry.
 */
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/kthread.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <wqlab/mach.h>

#include "wqtest.h"

static struct task_struct *t;
static int step;

static int sleeps(void *arg)
{
	step = 1;
	set_current_state((long)arg);
	schedule();
	CHECK_EQ(current->state, TASK_RUNNING);
	step = 2;
	return 0;
}

/* wake_up_process() wakes both kinds of sleepers, once; and says whether it did. */
static int wake_states(void *arg)
{
	static const long states[] = { TASK_INTERRUPTIBLE, TASK_UNINTERRUPTIBLE };

	for (int i = 0; i < 2; i++) {
		step = 0;
		t = kthread_run(sleeps, (void *)states[i], "sleeper");
		msleep(1);
		CHECK_EQ(step, 1);
		CHECK_EQ(t->state, states[i]);
		CHECK_EQ(wake_up_state(t, TASK_NORMAL & ~states[i]), 0);
		msleep(1);
		CHECK_EQ(step, 1);
		CHECK_EQ(wake_up_process(t), 1);
		CHECK_EQ(wake_up_process(t), 0);
		msleep(1);
		CHECK_EQ(step, 2);
	}
	return 0;
}

WQTEST(sched, wake_up_wakes_what_sleeps)
{
	RUN(1, wake_states);
	RUN(2, wake_states);
}

/* TASK_KILLABLE is uninterruptible to everybody who has no signal to send. */
static int killable(void *arg)
{
	t = kthread_run(sleeps, (void *)(long)TASK_KILLABLE, "sleeper");
	msleep(1);
	CHECK_EQ(wake_up_state(t, TASK_INTERRUPTIBLE), 0);
	CHECK_EQ(wake_up_process(t), 1);
	msleep(1);
	CHECK_EQ(step, 2);
	return 0;
}

WQTEST(sched, killable_sleep)
{
	RUN(1, killable);
}

/* A wake-up between "I shall sleep" and schedule() is not lost. */
static int early(void *arg)
{
	set_current_state(TASK_UNINTERRUPTIBLE);
	CHECK_EQ(wake_up_process(current), 1);
	CHECK_EQ(current->state, TASK_RUNNING);
	schedule();
	CHECK_EQ(wake_up_process(current), 0);	/* nothing is left over for the next sleep */
	set_current_state(TASK_UNINTERRUPTIBLE);
	schedule_timeout(5);
	CHECK_EQ(mach_now(), 5000000);
	return 0;
}

WQTEST(sched, early_wake_up_is_not_lost)
{
	RUN(1, early);
}

/* The same protocol between two tasks, under any schedule: flag first, then wake. */
static int go, seen;

static int waits_for_flag(void *arg)
{
	for (int i = 1; i <= 10; i++) {
		for (;;) {
			set_current_state(TASK_INTERRUPTIBLE);
			if (READ_ONCE(go) >= i)
				break;
			schedule();
		}
		__set_current_state(TASK_RUNNING);
		WRITE_ONCE(seen, i);
	}
	return 0;
}

static int sets_flag(void *arg)
{
	t = kthread_run(waits_for_flag, NULL, "waiter");
	for (int i = 1; i <= 10; i++) {
		WRITE_ONCE(go, i);
		wake_up_process(t);
		if (i % 3 == 0)
			udelay(10);
	}
	msleep(1);
	CHECK_EQ(seen, 10);
	return 0;
}

WQTEST(sched, no_wake_up_is_lost_in_any_order, .any_order = true)
{
	RUN(2, sets_flag);
	run_seeds(1, sets_flag, 1, 100);
	run_seeds(2, sets_flag, 1, 100);
}

/* schedule() in TASK_RUNNING comes back at once; schedule_timeout() says what was left. */
static int waker(void *arg)
{
	msleep(9);
	wake_up_process(arg);
	return 0;
}

static int schedules(void *arg)
{
	schedule();
	CHECK_EQ(mach_now(), 0);
	CHECK_EQ(schedule_timeout_interruptible(0), 0);
	kthread_run(waker, current, "waker");
	CHECK_EQ(schedule_timeout_uninterruptible(100), 90);
	CHECK_EQ(mach_now(), 11000000);	/* a timeout of 0 took a tick */
	CHECK_EQ(schedule_timeout_uninterruptible(5), 0);
	set_current_state(TASK_RUNNING);
	CHECK_EQ(schedule_timeout(7), 7);
	return 0;
}

WQTEST(sched, schedule_timeout_gives_what_was_left)
{
	RUN(1, schedules);
}

/* ---- where ---- */

static int cpu_seen;

static int notes_cpu(void *arg)
{
	cpu_seen = smp_processor_id();
	msleep(1);
	CHECK(!arg || smp_processor_id() == (unsigned long)arg);
	return 0;
}

static int burns(void *arg)
{
	mdelay(5);
	return 0;
}

static int placed(void *arg)
{
	static struct cpumask some;
	struct task_struct *k;

	/* Bound: there and nowhere else, busy or not. */
	k = kthread_create(burns, NULL, "burner");
	kthread_bind(k, 1);
	wake_up_process(k);
	k = kthread_create(notes_cpu, (void *)1ul, "bound");
	kthread_bind(k, 1);
	wake_up_process(k);
	msleep(8);
	CHECK_EQ(cpu_seen, 1);

	/* Unbound: on an idle CPU, if the one it was on is busy. */
	set_cpus_allowed_ptr(current, cpumask_of(0));
	k = kthread_run(notes_cpu, NULL, "free");
	mdelay(1);
	CHECK(cpu_seen == 1 || cpu_seen == 2);
	msleep(5);

	/* Allowed on some. */
	cpumask_clear(&some);
	cpumask_set_cpu(2, &some);
	k = kthread_create(notes_cpu, NULL, "some");
	CHECK_EQ(set_cpus_allowed_ptr(k, &some), 0);
	wake_up_process(k);
	msleep(5);
	CHECK_EQ(cpu_seen, 2);

	/* Current moves at once; nowhere to go is refused. */
	for (int cpu = 2; cpu >= 0; cpu--) {
		CHECK_EQ(set_cpus_allowed_ptr(current, cpumask_of(cpu)), 0);
		CHECK_EQ(smp_processor_id(), cpu);
	}
	cpumask_clear(&some);
	CHECK_EQ(set_cpus_allowed_ptr(current, &some), -EINVAL);
	CHECK_EQ(smp_processor_id(), 0);
	return 0;
}

WQTEST(sched, tasks_run_where_they_may)
{
	RUN(3, placed);
}

/* ---- hooks ---- */

static int asleep_calls, awake_calls, marked;

static void on_sleep(struct task_struct *task)
{
	CHECK(task == current);
	CHECK(!marked);
	marked = 1;
	asleep_calls++;
}

static void on_wake(struct task_struct *task)
{
	CHECK(task == t);
	if (!marked)
		return;
	marked = 0;
	awake_calls++;
	CHECK_EQ(step, 1);	/* at the wake-up, before it goes on */
}

static const struct sched_hooks hooks = { .sleeping = on_sleep, .waking = on_wake };

static int hooked(void *arg)
{
	sched_set_hooks(&hooks);
	schedule();			/* no sleep, no call */
	CHECK_EQ(asleep_calls, 0);
	step = 1;
	set_current_state(TASK_INTERRUPTIBLE);
	schedule();
	step = 2;
	CHECK_EQ(asleep_calls, 1);
	CHECK_EQ(awake_calls, 1);
	step = 1;
	set_current_state(TASK_INTERRUPTIBLE);
	wake_up_process(current);	/* did not sleep after all */
	schedule();
	CHECK_EQ(marked, 0);
	CHECK_EQ(asleep_calls, awake_calls);
	sched_set_hooks(NULL);
	step = 3;
	return 0;
}

static int has_hooks(void *arg)
{
	t = kthread_run(hooked, NULL, "hooked");
	msleep(1);
	CHECK_EQ(marked, 1);
	CHECK_EQ(step, 1);
	preempt_disable();
	wake_up_process(t);
	CHECK_EQ(marked, 0);
	CHECK_EQ(step, 1);
	preempt_enable();
	msleep(1);
	CHECK_EQ(step, 3);
	return 0;
}

WQTEST(sched, hooks_at_sleep_and_at_wake_up)
{
	RUN(1, has_hooks);
}

/* Names: cut to 15 characters, changed at will. */
static int named(void *arg)
{
	struct machine_thread list[8];
	size_t n;
	bool found = false;

	t = kthread_run(sleeps, (void *)(long)TASK_INTERRUPTIBLE, "%s-%d", "a-name-that-is-long", 1);
	CHECK_STR(t->comm, "a-name-that-is-");
	set_task_comm(t, "renamed/0");
	set_user_nice(t, -5);
	msleep(1);
	n = machine_threads(list, 8);
	CHECK(n <= 8);
	for (size_t i = 0; i < n; i++) {
		if (strcmp(list[i].comm, "renamed/0"))
			continue;
		found = true;
		CHECK_EQ(list[i].pid, t->pid);
		CHECK_EQ(list[i].state, 'S');
		CHECK_EQ(list[i].nice, -5);
		CHECK_EQ(list[i].rt_prio, 0);
		CHECK(!list[i].bound);
	}
	CHECK(found);
	CHECK_EQ(machine_threads(NULL, 0), n);
	wake_up_process(t);
	msleep(1);
	CHECK_EQ(machine_threads(NULL, 0), n - 1);
	return 0;
}

WQTEST(sched, names_and_the_thread_list)
{
	RUN(2, named);
}
