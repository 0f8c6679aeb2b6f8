// SPDX-License-Identifier: GPL-2.0-only
/*
 * Timers of nanosecond resolution.
 */
#include <linux/delay.h>
#include <linux/errno.h>
#include <linux/hrtimer.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/sched.h>
#include <linux/timer.h>
#include <wqlab/mach.h>
#include <wqlab/timer.h>

#include "wqtest.h"

struct noted {
	struct hrtimer timer;
	int fired;
	int place;
	u64 at;
};

static int firings;

static enum hrtimer_restart note(struct hrtimer *timer)
{
	struct noted *n = container_of(timer, struct noted, timer);

	n->fired++;
	n->place = ++firings;
	n->at = mach_now();
	CHECK(in_interrupt());
	CHECK(irqs_disabled());
	CHECK(hrtimer_callback_running(timer));
	CHECK(!hrtimer_is_queued(timer));
	return HRTIMER_NORESTART;
}

static void noted_init(struct noted *n)
{
	*n = (struct noted){ .fired = 0 };
	hrtimer_init(&n->timer, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
	n->timer.function = note;
}

static int exact(void *arg)
{
	struct noted n;
	u64 start;

	noted_init(&n);
	CHECK(!hrtimer_active(&n.timer));
	CHECK_EQ(hrtimer_cancel(&n.timer), 0);
	ndelay(123);
	start = mach_now();
	CHECK_EQ(hrtimer_start(&n.timer, ns_to_ktime(12345), HRTIMER_MODE_REL), 0);
	CHECK(hrtimer_active(&n.timer));
	CHECK_EQ(ktime_to_ns(hrtimer_get_remaining(&n.timer)), 12345);
	msleep(1);
	CHECK_EQ(n.at, start + 12345);
	CHECK(!hrtimer_active(&n.timer));

	CHECK_EQ(hrtimer_start(&n.timer, ktime_set(1, 1), HRTIMER_MODE_ABS), 0);
	CHECK_EQ(hrtimer_start(&n.timer, ktime_set(1, 2), HRTIMER_MODE_ABS), 1);
	msleep(1100);
	CHECK_EQ(n.fired, 2);
	CHECK_EQ(n.at, NSEC_PER_SEC + 2);

	/* Already past: at once. */
	start = mach_now();
	hrtimer_start(&n.timer, ktime_set(1, 0), HRTIMER_MODE_ABS);
	ndelay(1);
	CHECK_EQ(n.fired, 3);
	CHECK_EQ(n.at, start);

	hrtimer_start(&n.timer, ms_to_ktime(1), HRTIMER_MODE_REL);
	CHECK_EQ(hrtimer_try_to_cancel(&n.timer), 1);
	CHECK_EQ(hrtimer_try_to_cancel(&n.timer), 0);
	hrtimer_start(&n.timer, ns_to_ktime(KTIME_MAX), HRTIMER_MODE_REL);
	msleep(10);
	CHECK_EQ(hrtimer_cancel(&n.timer), 1);
	CHECK_EQ(n.fired, 3);
	return 0;
}

WQTEST(hrtimer, fires_at_its_nanosecond)
{
	RUN(1, exact);
}

#define NR	300

static int in_order(void *arg)
{
	static struct noted n[NR];
	u64 state = 4711;
	int i, k, before;

	for (i = 0; i < NR; i++) {
		noted_init(&n[i]);
		state = state * 6364136223846793005ull + 1442695040888963407ull;
		hrtimer_start(&n[i].timer, ns_to_ktime(1000000 + (state >> 33) % 50),
			      HRTIMER_MODE_ABS);
	}
	for (i = 0; i < NR; i += 3)
		CHECK_EQ(hrtimer_cancel(&n[i].timer), 1);
	msleep(5);
	for (i = 0; i < NR; i++) {
		if (i % 3 == 0) {
			CHECK_EQ(n[i].fired, 0);
			continue;
		}
		CHECK_EQ(n[i].at, ktime_to_ns(hrtimer_get_expires(&n[i].timer)));
		before = 0;
		for (k = 0; k < NR; k++)
			before += k % 3 && (n[k].at < n[i].at || (n[k].at == n[i].at && k < i));
		CHECK_EQ(n[i].place, before + 1);
	}
	return 0;
}

WQTEST(hrtimer, equal_times_fire_in_the_order_of_starting)
{
	RUN(1, in_order);
}

static struct noted nano;
static int jiffy_place;

static void jiffy_fn(unsigned long data)
{
	jiffy_place = ++firings;
}

static int one_instant(void *arg)
{
	struct timer_list t;

	setup_timer(&t, jiffy_fn, 0);
	mod_timer(&t, jiffies + 3);
	noted_init(&nano);
	hrtimer_start(&nano.timer, ns_to_ktime(3 * wqlab_tick_ns()), HRTIMER_MODE_ABS);
	msleep(5);
	CHECK_EQ(nano.place, 1);
	CHECK_EQ(jiffy_place, 2);
	return 0;
}

WQTEST(hrtimer, comes_before_the_wheel)
{
	RUN(1, one_instant);
}

static int beats;

static enum hrtimer_restart beat(struct hrtimer *timer)
{
	beats++;
	CHECK_EQ(mach_now(), beats * 250000ull);
	CHECK_EQ(hrtimer_forward_now(timer, ns_to_ktime(250000)), 1);
	return beats < 10 ? HRTIMER_RESTART : HRTIMER_NORESTART;
}

static int periodic(void *arg)
{
	struct hrtimer t;

	hrtimer_init(&t, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
	t.function = beat;
	hrtimer_start(&t, ns_to_ktime(250000), HRTIMER_MODE_REL);
	msleep(10);
	CHECK_EQ(beats, 10);
	CHECK(!hrtimer_active(&t));
	hrtimer_set_expires(&t, ktime_set(0, 0));
	CHECK_EQ(hrtimer_forward(&t, ms_to_ktime(10), ms_to_ktime(3)), 4);
	CHECK_EQ(ktime_to_ns(hrtimer_get_expires(&t)), 12 * NSEC_PER_MSEC);
	CHECK_EQ(hrtimer_forward(&t, ms_to_ktime(11), ms_to_ktime(3)), 0);
	return 0;
}

WQTEST(hrtimer, restarts_without_drifting)
{
	RUN(1, periodic);
}

static struct hrtimer slow;
static bool slow_ended;

static enum hrtimer_restart slow_fn(struct hrtimer *timer)
{
	mdelay(5);
	slow_ended = true;
	hrtimer_forward_now(timer, ms_to_ktime(100));
	return HRTIMER_RESTART;
}

static int start_slow(void *arg)
{
	hrtimer_init(&slow, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
	slow.function = slow_fn;
	hrtimer_start(&slow, ms_to_ktime(1), HRTIMER_MODE_REL);
	return 0;
}

static int cancel_running(void *arg)
{
	struct task_struct *k = kthread_create(start_slow, NULL, "slow");

	kthread_bind(k, 1);
	wake_up_process(k);
	schedule_timeout_uninterruptible(2);
	CHECK_EQ(hrtimer_try_to_cancel(&slow), -1);
	CHECK(hrtimer_callback_running(&slow));
	CHECK_EQ(hrtimer_cancel(&slow), 1);	/* it had restarted */
	CHECK(slow_ended);
	CHECK(!hrtimer_active(&slow));
	return 0;
}

WQTEST(hrtimer, cancel_waits_for_the_function)
{
	RUN(2, cancel_running);
}

static int waker(void *task)
{
	udelay(40);
	wake_up_process(task);
	return 0;
}

static int sleeping(void *arg)
{
	ktime_t span = ns_to_ktime(70001), zero = ktime_set(0, 0);

	set_current_state(TASK_INTERRUPTIBLE);
	CHECK_EQ(schedule_hrtimeout(&span, HRTIMER_MODE_REL), 0);
	CHECK_EQ(mach_now(), 70001);
	set_current_state(TASK_INTERRUPTIBLE);
	CHECK_EQ(schedule_hrtimeout(&zero, HRTIMER_MODE_REL), 0);
	CHECK_EQ(current->state, TASK_RUNNING);
	CHECK_EQ(mach_now(), 70001);
	kthread_run(waker, current, "waker");
	set_current_state(TASK_INTERRUPTIBLE);
	CHECK_EQ(schedule_hrtimeout_range(&span, 1000, HRTIMER_MODE_REL), -EINTR);
	CHECK_EQ(mach_now(), 110001);
	kthread_run(waker, current, "waker");
	set_current_state(TASK_UNINTERRUPTIBLE);
	CHECK_EQ(schedule_hrtimeout(NULL, HRTIMER_MODE_REL), -EINTR);
	CHECK_EQ(mach_now(), 150001);
	return 0;
}

WQTEST(hrtimer, schedule_hrtimeout)
{
	RUN(2, sleeping);
}
