// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sleeping for a time, and delaying without sleep.
 *
 * A timed sleep is a timer on the sleeper's own stack and schedule(). Whoever
 * comes first, the timer or another waker, ends it; the timer is deleted
 * before its memory goes. Locking: none beyond the timers'.
 *
 * Mirrors the sleeps of 3.18 kernel/time/timer.c. Read next: timer.c, hrtimer.c.
 */
#include <linux/types.h>
#include <linux/kernel.h>
#include <linux/delay.h>
#include <linux/hrtimer.h>
#include <linux/jiffies.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include <linux/timer.h>
#include <wqlab/mach.h>
#include "timer-base.h"

void timed_schedule(void)
{
	bool noted = current->blocked.kind != NULL;

	if (!noted)
		sched_block_note("timer", NULL, NULL);
	current->timed = true;
	(schedule)();
	current->timed = false;
	if (!noted)
		sched_block_done();
}

/* The timer of a sleep has expired; data is the sleeper. */
static void process_timeout(unsigned long data)
{
	wake_up_process((struct task_struct *)data);
}

static long sleep_for(long timeout)
{
	struct timer_list timer;
	unsigned long expire;

	if (timeout == MAX_SCHEDULE_TIMEOUT) {
		(schedule)();
		return timeout;
	}
	if (timeout < 0) {
		pr_err("schedule_timeout: wrong timeout value %lx\n", timeout);
		dump_stack();
		__set_current_state(TASK_RUNNING);
		return 0;
	}
	expire = current_jiffy() + timeout;
	setup_timer_on_stack(&timer, process_timeout, (unsigned long)current);
	mod_timer(&timer, expire);
	timed_schedule();
	del_singleshot_timer_sync(&timer);
	destroy_timer_on_stack(&timer);

	timeout = expire - current_jiffy();
	return max(timeout, 0L);
}

long (schedule_timeout)(long timeout)
{
	return sleep_for(timeout);
}

long (schedule_timeout_interruptible)(long timeout)
{
	__set_current_state(TASK_INTERRUPTIBLE);
	return sleep_for(timeout);
}

long (schedule_timeout_uninterruptible)(long timeout)
{
	__set_current_state(TASK_UNINTERRUPTIBLE);
	return sleep_for(timeout);
}

long (schedule_timeout_killable)(long timeout)
{
	__set_current_state(TASK_KILLABLE);
	return sleep_for(timeout);
}

void (msleep)(unsigned int msecs)
{
	/* Part of the present jiffy is over, so one more makes it long enough. */
	unsigned long left = msecs_to_jiffies(msecs) + 1;

	while (left)
		left = (schedule_timeout_uninterruptible)(left);
}

unsigned long (msleep_interruptible)(unsigned int msecs)
{
	unsigned long left = msecs_to_jiffies(msecs) + 1;

	while (left && !signal_pending(current))
		left = (schedule_timeout_interruptible)(left);
	return jiffies_to_msecs(left);
}

void (usleep_range)(unsigned long min, unsigned long max)
{
	ktime_t span = ns_to_ktime((u64)min * NSEC_PER_USEC);

	__set_current_state(TASK_UNINTERRUPTIBLE);
	schedule_hrtimeout_range(&span, (max - min) * NSEC_PER_USEC, HRTIMER_MODE_REL);
}

void ndelay(unsigned long nsecs)
{
	if (nsecs)
		mach_burn(nsecs);
}

void udelay(unsigned long usecs)
{
	ndelay(usecs * NSEC_PER_USEC);
}

void mdelay(unsigned long msecs)
{
	ndelay(msecs * NSEC_PER_MSEC);
}
