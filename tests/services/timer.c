// SPDX-License-Identifier: GPL-2.0-only
/*
 * Timers: when and where they fire, what the calls return. T1 to T3 are the
 * guarantees at the head of common/kernel/timer.c.
 */
#include <linux/delay.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/timer.h>

#include "timer_test.h"

static const unsigned int rates[] = { 100, 250, 300, 1000 };

/* Run a test's first task once for each HZ, with long virtual time allowed. */
static void run_at_all_rates(unsigned int cpus, int (*fn)(void *arg))
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(rates); i++) {
		const struct machine_config cfg = {
			.cpus = cpus, .hz = rates[i], .quiet = true,
			.time_limit_ns = 400ull * 86400 * NSEC_PER_SEC,
		};
		struct machine_result res;

		if (sim_run(&cfg, fn, NULL, &res))
			return;
		CHECK_MSG(res.verdict == VERDICT_OK && !res.warnings,
			  "HZ %u: %s\n%s%s", rates[i], verdict_name(res.verdict),
			  res.report, res.log);
		machine_result_free(&res);
	}
}

/* ---- T1: when ---- */

static int at_the_tick(void *arg)
{
	static const unsigned long delays[] = {
		1, 2, 255, 256, 257, 1000, 16383, 16384, 16385, 1 << 20, (1 << 20) + 1,
		300000, 1 << 26, (1 << 26) + 77,
	};
	struct noted n;
	unsigned int i, pause;

	noted_init(&n);
	for (i = 0; i < ARRAY_SIZE(delays); i++) {
		for (pause = 0; pause < 3; pause++) {
			unsigned long expires;

			/* Somewhere within a jiffy, then at its very beginning. */
			udelay(pause * 777);
			arm(&n, delays[i]);
			expires = n.timer.expires;
			CHECK(timer_pending(&n.timer));
			schedule_timeout_uninterruptible(delays[i] + 1);
			CHECK_EQ(n.at, begin_of(expires));
		}
	}
	CHECK_EQ(n.fired, (int)ARRAY_SIZE(delays) * 3);
	return 0;
}

WQTEST(timer, fires_at_the_beginning_of_its_jiffy)
{
	run_at_all_rates(1, at_the_tick);
}

static int past_is_next(void *arg)
{
	struct noted n;
	unsigned long now;

	noted_init(&n);
	mdelay(50);
	now = jiffies;
	mod_timer(&n.timer, now - 30);
	CHECK_EQ(n.timer.expires, now - 30);
	schedule_timeout_uninterruptible(2);
	CHECK_EQ(n.at, begin_of(now + 1));

	now = jiffies;
	mod_timer(&n.timer, now);
	schedule_timeout_uninterruptible(2);
	CHECK_EQ(n.at, begin_of(now + 1));
	return 0;
}

WQTEST(timer, past_time_means_next_jiffy)
{
	run_at_all_rates(1, past_is_next);
}

static struct timer_list again;
static int rounds;
static unsigned long last_round;

static void rearm_now(unsigned long data)
{
	CHECK(!rounds || jiffies == last_round + 1);
	last_round = jiffies;
	if (++rounds < 100)
		mod_timer(&again, jiffies);
}

static int rearm(void *arg)
{
	setup_timer(&again, rearm_now, 0);
	mod_timer(&again, jiffies);
	schedule_timeout_uninterruptible(101);
	CHECK_EQ(rounds, 100);
	return 0;
}

WQTEST(timer, rearming_for_now_cannot_stop_time)
{
	RUN(1, rearm);
}

static int across_the_wrap(void *arg)
{
	struct noted n;
	unsigned long start = jiffies;

	CHECK_EQ((unsigned int)start, (unsigned int)(-300 * HZ));
	noted_init(&n);
	arm(&n, 299 * HZ);
	schedule_timeout_uninterruptible(299 * HZ + 1);
	CHECK_EQ(n.at, begin_of(start + 299 * HZ));
	arm(&n, 2 * HZ);
	CHECK((unsigned int)n.timer.expires < (unsigned int)jiffies);
	CHECK(time_after(n.timer.expires, jiffies));
	schedule_timeout_uninterruptible(2 * HZ + 1);
	CHECK_EQ(n.at, begin_of(n.timer.expires));
	return 0;
}

WQTEST(timer, low_half_of_jiffies_wraps_after_five_minutes)
{
	run_at_all_rates(1, across_the_wrap);
}

static int long_jump(void *arg)
{
	struct noted n;

	noted_init(&n);
	arm(&n, 300ul * 86400 * HZ);
	schedule_timeout_uninterruptible(301l * 86400 * HZ);
	CHECK_EQ(n.at, begin_of(n.timer.expires));
	return 0;
}

WQTEST(timer, idle_months_take_no_steps)
{
	const struct machine_config cfg = {
		.cpus = 2, .quiet = true, .time_limit_ns = 400ull * 86400 * NSEC_PER_SEC,
		.step_limit = 100000,
	};
	struct machine_result res;

	if (sim_run(&cfg, long_jump, NULL, &res))
		return;
	CHECK_EQ(res.verdict, VERDICT_OK);
	CHECK(res.steps < 20000);
	machine_result_free(&res);
}

/* ---- T2: in which order ---- */

static int same_jiffy(void *arg)
{
	static struct noted n[60];
	unsigned long target = jiffies + 100000;
	int i;

	/* From far away to the last moment: each third of them in another level. */
	for (i = 0; i < 60; i++) {
		if (i == 20)
			schedule_timeout_uninterruptible(target - jiffies - 1000);
		if (i == 40)
			schedule_timeout_uninterruptible(target - jiffies - 10);
		noted_init(&n[i]);
		mod_timer(&n[i].timer, target);
	}
	/* Moving a timer away and back puts it last. */
	mod_timer(&n[7].timer, target + 1);
	mod_timer(&n[7].timer, target);
	del_timer(&n[33].timer);
	schedule_timeout_uninterruptible(20);
	for (i = 0; i < 60; i++) {
		if (i == 7)
			CHECK_EQ(n[i].place, 59);
		else if (i == 33)
			CHECK_EQ(n[i].fired, 0);
		else
			CHECK_EQ(n[i].place, i + 1 - (i > 7) - (i > 33));
	}
	return 0;
}

WQTEST(timer, same_jiffy_fires_in_the_order_of_arming)
{
	RUN(1, same_jiffy);
}

static int cpu_order(void *arg)
{
	static struct noted n[4];
	static const int cpus[] = { 3, 1, 0, 2 };
	unsigned long target = jiffies + 5;
	int i;

	for (i = 0; i < 4; i++) {
		noted_init(&n[cpus[i]]);
		n[cpus[i]].timer.expires = target;
		add_timer_on(&n[cpus[i]].timer, cpus[i]);
	}
	schedule_timeout_uninterruptible(10);
	for (i = 0; i < 4; i++) {
		CHECK_EQ(n[i].cpu, i);
		CHECK_EQ(n[i].place, i + 1);
	}
	return 0;
}

WQTEST(timer, same_instant_goes_by_cpu_number)
{
	RUN(4, cpu_order);
}

/* ---- what the calls return ---- */

static int returns(void *arg)
{
	struct noted n;
	unsigned long late = jiffies + 500;

	noted_init(&n);
	CHECK(!timer_pending(&n.timer));
	CHECK_EQ(del_timer(&n.timer), 0);
	CHECK_EQ(try_to_del_timer_sync(&n.timer), 0);
	CHECK_EQ(del_timer_sync(&n.timer), 0);
	CHECK_EQ(mod_timer_pending(&n.timer, late), 0);
	CHECK(!timer_pending(&n.timer));

	CHECK_EQ(mod_timer(&n.timer, late), 0);
	CHECK_EQ(mod_timer(&n.timer, late), 1);
	CHECK_EQ(mod_timer(&n.timer, late + 1), 1);
	CHECK_EQ(mod_timer_pending(&n.timer, late + 2), 1);
	CHECK_EQ(n.timer.expires, late + 2);
	CHECK_EQ(timer_nr_pending(smp_processor_id()) > 0, 1);
	CHECK_EQ(del_timer(&n.timer), 1);
	CHECK_EQ(del_timer(&n.timer), 0);
	CHECK_EQ(mod_timer(&n.timer, late), 0);
	CHECK_EQ(try_to_del_timer_sync(&n.timer), 1);
	CHECK_EQ(mod_timer_pinned(&n.timer, late), 0);
	CHECK_EQ(del_timer_sync(&n.timer), 1);
	schedule_timeout_uninterruptible(600);
	CHECK_EQ(n.fired, 0);
	return 0;
}

WQTEST(timer, calls_return_what_was)
{
	RUN(2, returns);
}

static DEFINE_TIMER(defined, note, 0, 0);

static int defined_at_build(void *arg)
{
	static struct noted n = { .timer = TIMER_DEFERRED_INITIALIZER(note, 0, 0) };

	CHECK_EQ(n.timer.flags, TIMER_DEFERRABLE);
	n.timer.data = (unsigned long)&n;
	CHECK_EQ(del_timer_sync(&n.timer), 0);
	arm(&n, 3);
	schedule_timeout_uninterruptible(3);
	CHECK_EQ(n.at, begin_of(n.timer.expires));	/* deferrable, and on time */

	defined.data = (unsigned long)&n;
	mod_timer(&defined, jiffies + 1);
	schedule_timeout_uninterruptible(2);
	CHECK_EQ(n.fired, 2);
	return 0;
}

WQTEST(timer, static_initialisers)
{
	RUN(1, defined_at_build);
}
