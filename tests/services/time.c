// SPDX-License-Identifier: GPL-2.0-only
/*
 * The clock and its units: conversions, rounding, sleeps, delays, busy waits.
 */
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/ktime.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <linux/time.h>
#include <linux/timer.h>
#include <wqlab/mach.h>
#include <wqlab/timer.h>

#include "wqtest.h"

/* Run a first task on a machine of the given HZ. */
static void run_at(unsigned int hz, int (*fn)(void *arg))
{
	const struct machine_config cfg = { .cpus = 2, .hz = hz, .quiet = true };
	struct machine_result res;

	if (sim_run(&cfg, fn, NULL, &res))
		return;
	CHECK_MSG(res.verdict == VERDICT_OK && !res.warnings, "HZ %u: %s\n%s%s", hz,
		  verdict_name(res.verdict), res.report, res.log);
	machine_result_free(&res);
}

/* ---- conversions ---- */

static int convert_1000(void *arg)
{
	CHECK_EQ(HZ, 1000);
	CHECK_EQ(wqlab_tick_ns(), 1000000);
	CHECK_EQ(msecs_to_jiffies(0), 0);
	CHECK_EQ(msecs_to_jiffies(7), 7);
	CHECK_EQ(msecs_to_jiffies(-1), MAX_JIFFY_OFFSET);
	CHECK_EQ(usecs_to_jiffies(1), 1);
	CHECK_EQ(usecs_to_jiffies(1000), 1);
	CHECK_EQ(usecs_to_jiffies(1001), 2);
	CHECK_EQ(nsecs_to_jiffies(999999), 0);
	CHECK_EQ(nsecs_to_jiffies(2000000), 2);
	CHECK_EQ(jiffies_to_msecs(12), 12);
	CHECK_EQ(jiffies_to_usecs(12), 12000);
	return 0;
}

static int convert_250(void *arg)
{
	CHECK_EQ(wqlab_tick_ns(), 4000000);
	CHECK_EQ(msecs_to_jiffies(1), 1);
	CHECK_EQ(msecs_to_jiffies(4), 1);
	CHECK_EQ(msecs_to_jiffies(5), 2);
	CHECK_EQ(usecs_to_jiffies(4000), 1);
	CHECK_EQ(usecs_to_jiffies(4001), 2);
	CHECK_EQ(nsecs_to_jiffies64(11999999), 2);
	CHECK_EQ(jiffies_to_msecs(3), 12);
	return 0;
}

static int convert_300(void *arg)
{
	CHECK_EQ(wqlab_tick_ns(), 3333333);
	CHECK_EQ(msecs_to_jiffies(3), 1);
	CHECK_EQ(msecs_to_jiffies(4), 2);
	CHECK_EQ(msecs_to_jiffies(10), 3);
	CHECK_EQ(msecs_to_jiffies(1000), 300);
	CHECK_EQ(msecs_to_jiffies(0x7fffffff), 644245095);
	CHECK_EQ(usecs_to_jiffies(3333), 1);
	CHECK_EQ(usecs_to_jiffies(3334), 2);
	CHECK_EQ(usecs_to_jiffies(10000), 3);
	CHECK_EQ(nsecs_to_jiffies(9999999), 2);
	CHECK_EQ(nsecs_to_jiffies(10000000), 3);
	CHECK_EQ(jiffies_to_msecs(1), 3);
	CHECK_EQ(jiffies_to_msecs(2), 6);
	CHECK_EQ(jiffies_to_msecs(3), 10);
	CHECK_EQ(jiffies_to_usecs(1), 3333);
	CHECK_EQ(jiffies_to_usecs(2), 6666);
	return 0;
}

static int convert_100(void *arg)
{
	struct timespec ts = { .tv_sec = 2, .tv_nsec = 1 };

	CHECK_EQ(msecs_to_jiffies(1), 1);
	CHECK_EQ(msecs_to_jiffies(11), 2);
	CHECK_EQ(jiffies_to_msecs(3), 30);
	CHECK_EQ(timespec_to_jiffies(&ts), 201);
	jiffies_to_timespec(150, &ts);
	CHECK_EQ(ts.tv_sec, 1);
	CHECK_EQ(ts.tv_nsec, 500000000);
	ts = ns_to_timespec(-1);
	CHECK_EQ(ts.tv_sec, -1);
	CHECK_EQ(ts.tv_nsec, 999999999);
	return 0;
}

WQTEST(time, conversions_round_as_the_kernel_does)
{
	run_at(1000, convert_1000);
	run_at(250, convert_250);
	run_at(300, convert_300);
	run_at(100, convert_100);
}

static int rounding(void *arg)
{
	unsigned long second = (jiffies / HZ + 5) * HZ;
	unsigned long now = jiffies;

	CHECK_EQ(__round_jiffies(second, 0), second);
	CHECK_EQ(__round_jiffies(second + HZ / 4 - 1, 0), second);
	CHECK_EQ(__round_jiffies(second + HZ / 4, 0), second + HZ);
	CHECK_EQ(__round_jiffies_up(second + 1, 0), second + HZ);
	CHECK_EQ(__round_jiffies(second + 10, 2), second - 6);
	CHECK_EQ(__round_jiffies(second - 10, 2), second - 6);
	CHECK_EQ(round_jiffies(second + 10), second - 3 * (int)smp_processor_id());
	CHECK_EQ(__round_jiffies_relative(second + 10 - now, 0), second - now);
	CHECK_EQ(__round_jiffies_up_relative(second + 10 - now, 0), second + HZ - now);
	/* The last whole second is past already: nothing is changed. */
	schedule_timeout_uninterruptible(second + 20 - now);
	CHECK_EQ(__round_jiffies(second + 30, 0), second + 30);
	return 0;
}

WQTEST(time, round_jiffies_to_whole_seconds)
{
	run_at(1000, rounding);
	run_at(250, rounding);
}

static int comparing(void *arg)
{
	unsigned long top = ULONG_MAX - 2;

	CHECK(time_after(top + 5, top));
	CHECK(time_before(top, top + 5));
	CHECK(!time_after(top, top));
	CHECK(time_after_eq(top, top));
	CHECK(time_before_eq(top, top));
	CHECK(time_in_range(top + 3, top, top + 5));
	CHECK(!time_in_range_open(top + 5, top, top + 5));
	CHECK(time_is_before_jiffies(jiffies - 1));
	CHECK(time_is_after_jiffies(jiffies + 1));
	CHECK(time_is_before_eq_jiffies(jiffies));
	CHECK(time_is_after_eq_jiffies(jiffies));
	CHECK_EQ(get_jiffies_64(), jiffies);
	return 0;
}

WQTEST(time, comparisons_survive_a_wrap)
{
	RUN(1, comparing);
}

static int wall_clock(void *arg)
{
	struct timespec ts;
	struct timeval tv;

	mdelay(1500);
	getnstimeofday(&ts);
	do_gettimeofday(&tv);
	CHECK_EQ(ts.tv_sec, WQLAB_EPOCH + 1);
	CHECK_EQ(ts.tv_nsec, 500000000);
	CHECK_EQ(tv.tv_usec, 500000);
	CHECK_EQ(get_seconds(), WQLAB_EPOCH + 1);
	ktime_get_ts(&ts);
	CHECK_EQ(timespec_to_ns(&ts), 1500 * NSEC_PER_MSEC);
	CHECK_EQ(ktime_to_us(ktime_get()), 1500000);
	CHECK_EQ(ktime_ms_delta(ktime_get(), ktime_set(1, 0)), 500);
	CHECK_EQ(ktime_compare(ms_to_ktime(1), ns_to_ktime(1000001)), -1);
	CHECK_EQ(ktime_to_ns(ktime_add_safe(ktime_set(KTIME_SEC_MAX, 0), ms_to_ktime(1))),
		 KTIME_MAX);
	return 0;
}

WQTEST(time, wall_clock_is_the_same_in_every_run)
{
	RUN(1, wall_clock);
}

/* ---- sleeps ---- */

static int sleeps(void *arg)
{
	u64 tick = wqlab_tick_ns();

	CHECK_EQ(schedule_timeout_uninterruptible(10), 0);
	CHECK_EQ(mach_now(), 10 * tick);
	msleep(20);			/* one tick more than asked for */
	CHECK_EQ(mach_now(), 31 * tick);
	CHECK_EQ(msleep_interruptible(1), 0);
	CHECK_EQ(mach_now(), 33 * tick);
	udelay(300);
	CHECK_EQ(schedule_timeout_interruptible(1), 0);
	CHECK_EQ(mach_now(), 34 * tick);
	set_current_state(TASK_UNINTERRUPTIBLE);
	CHECK_EQ(schedule_timeout(0), 0);	/* the next tick */
	CHECK_EQ(mach_now(), 35 * tick);
	CHECK_EQ(current->state, TASK_RUNNING);
	CHECK_EQ(schedule_timeout(5), 5);	/* running: nothing to sleep for */
	CHECK_EQ(mach_now(), 35 * tick);
	ssleep(2);
	CHECK_EQ(mach_now(), 35 * tick + 2001 * tick);
	usleep_range(15, 50);
	CHECK_EQ(mach_now(), 2036 * tick + 15000);
	ndelay(7);
	CHECK_EQ(mach_now(), 2036 * tick + 15007);
	return 0;
}

WQTEST(time, sleeps_last_as_long_as_they_say)
{
	RUN(1, sleeps);
}

static int waker(void *task)
{
	mdelay(4);
	wake_up_process(task);
	return 0;
}

static int woken(void *arg)
{
	kthread_run(waker, current, "waker");
	set_current_state(TASK_INTERRUPTIBLE);
	CHECK_EQ(schedule_timeout(10), 6);
	CHECK_EQ(mach_now(), 4 * NSEC_PER_MSEC);
	kthread_run(waker, current, "waker");
	set_current_state(TASK_UNINTERRUPTIBLE);
	CHECK_EQ(schedule_timeout(MAX_SCHEDULE_TIMEOUT), MAX_SCHEDULE_TIMEOUT);
	return 0;
}

WQTEST(time, wake_up_ends_a_sleep)
{
	RUN(2, woken);
}

static int negative(void *arg)
{
	set_current_state(TASK_UNINTERRUPTIBLE);
	CHECK_EQ(schedule_timeout(-5), 0);
	CHECK_EQ(current->state, TASK_RUNNING);
	return 0;
}

WQTEST(time, negative_timeout_is_told)
{
	const struct machine_config cfg = { .cpus = 1, .quiet = true };
	struct machine_result res;

	if (sim_run(&cfg, negative, NULL, &res))
		return;
	CHECK_EQ(res.verdict, VERDICT_OK);
	CHECK(strstr(res.log, "schedule_timeout: wrong timeout value fffffffffffffffb"));
	machine_result_free(&res);
}

/* ---- busy waiting (decision 4) ---- */

static bool flag;

static int set_flag(void *arg)
{
	mdelay(3);
	flag = true;
	return 0;
}

static int spin(void *arg)
{
	unsigned long end = jiffies + HZ;
	ktime_t start;

	while (time_before(jiffies, end))
		;
	CHECK_EQ(jiffies, end);
	CHECK_EQ(mach_now(), NSEC_PER_SEC);

	start = ktime_get();
	while (ktime_ms_delta(ktime_get(), start) < 5)
		;
	CHECK_EQ(mach_now(), NSEC_PER_SEC + 5 * NSEC_PER_MSEC);

	/* Others on this CPU get it meanwhile. */
	kthread_run(set_flag, NULL, "flag");
	end = jiffies + HZ;
	while (!__READ_ONCE(flag) && time_before(jiffies, end))
		;
	CHECK(flag);
	CHECK_EQ(mach_now(), NSEC_PER_SEC + 8 * NSEC_PER_MSEC);

	/* And with interrupts off, as on a kernel with another CPU to keep time. */
	local_irq_disable();
	end = jiffies + 3;
	while (time_before(jiffies, end))
		;
	local_irq_enable();
	CHECK_EQ(jiffies, end);
	return 0;
}

WQTEST(time, looking_at_the_clock_makes_it_go)
{
	RUN(1, spin);
}

static void nothing(unsigned long data)
{
}

static int many_arms(void *arg)
{
	struct timer_list t;
	int i;

	/* Work that asks for the time is no busy wait. */
	setup_timer(&t, nothing, 0);
	for (i = 0; i < 10 * JIFFIES_SPIN_READS; i++)
		mod_timer(&t, jiffies + 1 + i % 7);
	del_timer_sync(&t);
	CHECK_EQ(mach_now(), 0);
	return 0;
}

WQTEST(time, arming_many_timers_takes_no_time)
{
	RUN(1, many_arms);
}
