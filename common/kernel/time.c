// SPDX-License-Identifier: GPL-2.0-only
/*
 * Conversions between ticks and the units of time, for a HZ known only at run
 * time.
 *
 * The rule that the kernel follows: towards ticks from milliseconds and
 * microseconds one rounds up, because a timeout may be late and never early;
 * from nanoseconds, and back from ticks, one rounds down.
 *
 * No state beyond HZ, which is fixed at boot; no locks.
 *
 * Mirrors 3.18 kernel/time/time.c. Read next: jiffies.c.
 */
#include <linux/types.h>
#include <linux/jiffies.h>
#include <linux/time.h>

/* n units of which there are `per_sec` in a second, to ticks. */
static unsigned long ticks_rounded_up(u64 n, u64 per_sec)
{
	return (n * HZ + per_sec - 1) / per_sec;
}

unsigned long msecs_to_jiffies(const unsigned int m)
{
	if ((int)m < 0)
		return MAX_JIFFY_OFFSET;	/* a negative timeout means none */
	return ticks_rounded_up(m, MSEC_PER_SEC);
}

unsigned long usecs_to_jiffies(const unsigned int u)
{
	if (u > jiffies_to_usecs(MAX_JIFFY_OFFSET))
		return MAX_JIFFY_OFFSET;
	return ticks_rounded_up(u, USEC_PER_SEC);
}

u64 nsecs_to_jiffies64(u64 n)
{
	/* 10^9 / HZ is a whole number, or at HZ 300 a third of one. */
	if (NSEC_PER_SEC % HZ == 0)
		return n / (NSEC_PER_SEC / HZ);
	return n / NSEC_PER_SEC * HZ + n % NSEC_PER_SEC * HZ / NSEC_PER_SEC;
}

unsigned long nsecs_to_jiffies(u64 n)
{
	return nsecs_to_jiffies64(n);
}

/* Every HZ is a multiple of 100; dividing that out first leaves room for large j. */
unsigned int jiffies_to_msecs(const unsigned long j)
{
	if (MSEC_PER_SEC % HZ == 0)
		return j * (MSEC_PER_SEC / HZ);
	return j * (MSEC_PER_SEC / 100) / (HZ / 100);
}

unsigned int jiffies_to_usecs(const unsigned long j)
{
	if (USEC_PER_SEC % HZ == 0)
		return j * (USEC_PER_SEC / HZ);
	return j * (USEC_PER_SEC / 100) / (HZ / 100);
}

unsigned long timespec_to_jiffies(const struct timespec *value)
{
	if (value->tv_sec >= MAX_JIFFY_OFFSET / HZ)
		return MAX_JIFFY_OFFSET;
	return (unsigned long)value->tv_sec * HZ +
	       ticks_rounded_up(value->tv_nsec, NSEC_PER_SEC);
}

void jiffies_to_timespec(const unsigned long j, struct timespec *value)
{
	*value = ns_to_timespec(j * TICK_NSEC);
}

struct timespec ns_to_timespec(const s64 nsec)
{
	struct timespec ts = { nsec / NSEC_PER_SEC, nsec % NSEC_PER_SEC };

	if (ts.tv_nsec < 0) {
		ts.tv_sec--;
		ts.tv_nsec += NSEC_PER_SEC;
	}
	return ts;
}

struct timeval ns_to_timeval(const s64 nsec)
{
	struct timespec ts = ns_to_timespec(nsec);

	return (struct timeval){ ts.tv_sec, ts.tv_nsec / NSEC_PER_USEC };
}
