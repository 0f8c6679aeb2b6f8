// SPDX-License-Identifier: GPL-2.0-only
/*
 * The clock as the kernel sees it: jiffies, ktime, wall clock.
 *
 * The machine's clock counts nanoseconds since boot. A jiffy is 10^9 / HZ of
 * them, cut to a whole number, and begins at a multiple of that:
 *
 *	ns	0          tick       2 tick
 *		|-----------|-----------|---
 *	jiffies	INITIAL     INITIAL+1   INITIAL+2
 *
 * On the sim machine code takes no time, so whoever waits by looking at the
 * clock over and over has to be made to wait (decision 4): clock_read() counts.
 *
 * Read next: time.c (conversions), timer.c.
 */
#include <linux/types.h>
#include <linux/bug.h>
#include <linux/jiffies.h>
#include <linux/ktime.h>
#include <linux/smp.h>
#include <wqlab/mach.h>
#include <wqlab/timer.h>
#include "timer-base.h"

unsigned int wqlab_hz = 1000;

static u64 tick_ns = 1000000;	/* length of a jiffy; fixed by time_init() */

void time_init(unsigned int hz)
{
	BUG_ON(hz != 100 && hz != 250 && hz != 300 && hz != 1000);
	wqlab_hz = hz;
	tick_ns = NSEC_PER_SEC / hz;
}

uint64_t wqlab_tick_ns(void)
{
	return tick_ns;
}

unsigned long current_tick(void)
{
	return mach_now() / tick_ns;
}

unsigned long current_jiffy(void)
{
	return INITIAL_JIFFIES + current_tick();
}

/* What lies beyond the end of the clock's range never comes. */
u64 tick_to_ns(unsigned long tick)
{
	uint64_t ns;

	if (__builtin_mul_overflow(tick, tick_ns, &ns))
		return MACH_NEVER;
	return ns;
}

/*
 * The executing task reads the clock. If it has done so very often without
 * giving way it waits for time to pass, so let it. Blocking, burning and arming
 * a timer start the count afresh: a task that does one of them makes progress.
 */
static void clock_read(void)
{
	struct mtask *self = mach_self();

	if (mach_points_on && self && ++self->spins >= JIFFIES_SPIN_READS)
		mach_relax();		/* which takes spins back to 0 */
}

unsigned long wqlab_jiffies(void)
{
	clock_read();
	return current_jiffy();
}

u64 ktime_get_ns(void)
{
	clock_read();
	return mach_now();
}

ktime_t ktime_get(void)
{
	return ns_to_ktime(ktime_get_ns());
}

ktime_t ktime_get_real(void)
{
	return ns_to_ktime(ktime_get_ns() + (u64)WQLAB_EPOCH * NSEC_PER_SEC);
}

void ktime_get_ts(struct timespec *ts)
{
	*ts = ns_to_timespec(ktime_get_ns());
}

void getnstimeofday(struct timespec *ts)
{
	*ts = ktime_to_timespec(ktime_get_real());
}

void do_gettimeofday(struct timeval *tv)
{
	*tv = ktime_to_timeval(ktime_get_real());
}

unsigned long get_seconds(void)
{
	return ktime_get_real().tv64 / NSEC_PER_SEC;
}

/*
 * Round to a whole second of the CPU's own: three jiffies further for each CPU
 * number, so that CPUs do not all wake at once.
 */
static unsigned long round_to_second(unsigned long j, int cpu, bool up)
{
	unsigned long skew = 3 * (unsigned long)cpu, past = (j + skew) % HZ;
	unsigned long rounded = j - past;

	if (up || past >= (unsigned long)HZ / 4)
		rounded += HZ;
	/* Cutting into the past would be worse than not rounding. */
	return time_after(rounded, current_jiffy()) ? rounded : j;
}

unsigned long __round_jiffies(unsigned long j, int cpu)
{
	return round_to_second(j, cpu, false);
}

unsigned long __round_jiffies_relative(unsigned long j, int cpu)
{
	unsigned long now = current_jiffy();

	return round_to_second(j + now, cpu, false) - now;
}

unsigned long round_jiffies(unsigned long j)
{
	return __round_jiffies(j, raw_smp_processor_id());
}

unsigned long round_jiffies_relative(unsigned long j)
{
	return __round_jiffies_relative(j, raw_smp_processor_id());
}

unsigned long __round_jiffies_up(unsigned long j, int cpu)
{
	return round_to_second(j, cpu, true);
}

unsigned long __round_jiffies_up_relative(unsigned long j, int cpu)
{
	unsigned long now = current_jiffy();

	return round_to_second(j + now, cpu, true) - now;
}

unsigned long round_jiffies_up(unsigned long j)
{
	return __round_jiffies_up(j, raw_smp_processor_id());
}

unsigned long round_jiffies_up_relative(unsigned long j)
{
	return __round_jiffies_up_relative(j, raw_smp_processor_id());
}
