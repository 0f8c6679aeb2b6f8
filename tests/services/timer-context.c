// SPDX-License-Identifier: GPL-2.0-only
/*
 * Timers: the context in which they run, deleting them while they do, what
 * becomes of them when their CPU goes, and when they keep a machine alive.
 */
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <linux/timer.h>

#include "timer_test.h"

/* ---- context ---- */

static int seen_irqsafe, seen_plain;

static void look(unsigned long data)
{
	CHECK(in_softirq());
	CHECK(!in_irq());
	CHECK_EQ(irqs_disabled(), data);
	if (data)
		seen_irqsafe++;
	else
		seen_plain++;
}

static int context(void *arg)
{
	struct timer_list safe, plain;

	__setup_timer(&safe, look, 1, TIMER_IRQSAFE);
	setup_timer_on_stack(&plain, look, 0);
	mod_timer(&safe, jiffies + 2);
	mod_timer(&plain, jiffies + 2);
	schedule_timeout_uninterruptible(3);
	CHECK_EQ(seen_irqsafe, 1);
	CHECK_EQ(seen_plain, 1);
	CHECK(!irqs_disabled());
	CHECK(!in_interrupt());
	destroy_timer_on_stack(&plain);
	return 0;
}

WQTEST(timer, irqsafe_runs_with_interrupts_off)
{
	RUN(1, context);
}

static void leak_preempt(unsigned long data)
{
	preempt_disable();
}

static int leak(void *arg)
{
	struct timer_list t;

	setup_timer_on_stack(&t, leak_preempt, 0);
	mod_timer(&t, jiffies + 1);
	schedule_timeout_uninterruptible(2);
	CHECK_EQ(preempt_count(), 0);
	return 0;
}

WQTEST(timer, unbalanced_function_is_named)
{
	const struct machine_config cfg = { .cpus = 1, .quiet = true };
	struct machine_result res;

	if (sim_run(&cfg, leak, NULL, &res))
		return;
	CHECK_EQ(res.verdict, VERDICT_OK);
	CHECK_EQ(res.warnings, 1);
	CHECK_MSG(strstr(res.log, "timer: leak_preempt") &&
		  strstr(res.log, "preempt leak: 00000100 -> 00000101"), "%s", res.log);
	machine_result_free(&res);
}

/* ---- T3: deleting while it runs ---- */

static struct timer_list slow;
static bool slow_began, slow_ended;

static void slow_fn(unsigned long data)
{
	slow_began = true;
	mdelay(5);
	slow_ended = true;
}

static int wait_for_running(void *arg)
{
	setup_timer(&slow, slow_fn, 0);
	slow.expires = jiffies + 1;
	add_timer_on(&slow, 1);
	schedule_timeout_uninterruptible(2);
	CHECK(slow_began);
	CHECK(!slow_ended);
	CHECK(!timer_pending(&slow));
	CHECK_EQ(del_timer(&slow), 0);
	CHECK(!slow_ended);
	CHECK_EQ(try_to_del_timer_sync(&slow), -1);
	CHECK_EQ(del_timer_sync(&slow), 0);
	CHECK(slow_ended);
	CHECK_EQ(mach_now(), 6 * NSEC_PER_MSEC);

	/* Armed again while it runs: it stays on its CPU, and is deleted from there. */
	slow_ended = false;
	slow.expires = jiffies + 1;
	add_timer_on(&slow, 1);
	schedule_timeout_uninterruptible(2);
	CHECK_EQ(mod_timer(&slow, jiffies + 100), 0);
	CHECK_EQ(timer_nr_pending(1), 1);
	CHECK_EQ(del_timer_sync(&slow), 1);
	CHECK(slow_ended);
	return 0;
}

WQTEST(timer, del_timer_sync_waits_for_the_function)
{
	RUN(2, wait_for_running);
}

struct bomb {
	struct timer_list timer;
	bool gone;
};

static void bomb_fn(unsigned long data)
{
	struct bomb *b = (struct bomb *)data;

	CHECK(!READ_ONCE(b->gone));
	CHECK(!READ_ONCE(b->gone));
}

static int armer(void *arg)
{
	struct bomb *b = arg;
	int i;

	for (i = 0; i < 3 && !kthread_should_stop(); i++) {
		mod_timer(&b->timer, jiffies + 1);
		schedule_timeout_uninterruptible(1);
	}
	return 0;
}

static int defuse(void *arg)
{
	struct bomb b = { .gone = false };
	struct task_struct *k;
	int i;

	setup_timer_on_stack(&b.timer, bomb_fn, (unsigned long)&b);
	for (i = 0; i < 10; i++) {
		k = kthread_run(armer, &b, "armer/%d", i);
		schedule_timeout_uninterruptible(i % 4);
		kthread_stop(k);
		del_timer_sync(&b.timer);
		WRITE_ONCE(b.gone, true);
		schedule_timeout_uninterruptible(3);
		WRITE_ONCE(b.gone, false);
	}
	return 0;
}

WQTEST(timer, nothing_runs_after_del_timer_sync, .any_order = true)
{
	RUN(2, defuse);
}

static struct timer_list suicide;

static void suicide_fn(unsigned long data)
{
	del_timer_sync(&suicide);
}

static int waits_for_itself(void *arg)
{
	setup_timer(&suicide, suicide_fn, 0);
	mod_timer(&suicide, jiffies + 1);
	msleep(5);
	return 0;
}

WQTEST(timer, del_timer_sync_by_its_own_function_is_a_deadlock)
{
	const struct machine_config cfg = { .cpus = 1, .quiet = true };
	struct machine_result res;

	if (sim_run(&cfg, waits_for_itself, NULL, &res))
		return;
	CHECK_EQ(res.verdict, VERDICT_DEADLOCK);
	CHECK(strstr(res.log, "BUG: del_timer_sync() by the timer's own function"));
	machine_result_free(&res);
}

static int handed_over(void *arg)
{
	static struct noted n[3];
	unsigned long now = jiffies;
	int i;

	for (i = 0; i < 3; i++) {
		noted_init(&n[i]);
		n[i].timer.expires = now + 10 * HZ * (i > 0);
		add_timer_on(&n[i].timer, 1);
	}
	mdelay(3);
	CHECK_EQ(n[0].fired, 1);
	CHECK_EQ(n[0].cpu, 1);
	timer_cpu_dead(1);
	CHECK_EQ(timer_nr_pending(1), 0);
	schedule_timeout_uninterruptible(10 * HZ);
	for (i = 1; i < 3; i++) {
		CHECK_EQ(n[i].at, begin_of(now + 10 * HZ));
		CHECK_EQ(n[i].cpu, 0);
		CHECK_EQ(n[i].place, i + 1);
	}
	return 0;
}

WQTEST(timer, dead_cpu_hands_its_timers_over)
{
	RUN(2, handed_over);
}

/* ---- the deadlock rule ---- */

static DECLARE_COMPLETION(never);

static void finish(unsigned long data)
{
	complete(&never);
}

static int waits(void *arg)
{
	static struct timer_list t;

	setup_timer(&t, finish, 0);
	if (arg)
		timer_set_housekeeping(&t);
	mod_timer(&t, jiffies + HZ);
	wait_for_completion(&never);
	return 0;
}

WQTEST(timer, housekeeping_alone_is_a_deadlock)
{
	const struct machine_config cfg = { .cpus = 1, .quiet = true };
	struct machine_result res;

	RUN(1, waits);
	if (sim_run(&cfg, waits, "housekeeping", &res))
		return;
	CHECK_EQ(res.verdict, VERDICT_DEADLOCK);
	machine_result_free(&res);
}
