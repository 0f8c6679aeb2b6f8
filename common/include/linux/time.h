/* SPDX-License-Identifier: GPL-2.0-only */
/**
 * @file
 * Units of time, and time as seconds and a fraction.
 *
 * Mirrors 3.18 include/linux/time.h and time64.h, the small part that modules
 * use. The wall clock of the sim machine starts at WQLAB_EPOCH in every run.
 */
#ifndef _LINUX_TIME_H
#define _LINUX_TIME_H

#include <linux/types.h>

#define MSEC_PER_SEC	1000L		/**< milliseconds in a second */
#define USEC_PER_MSEC	1000L		/**< microseconds in a millisecond */
#define NSEC_PER_USEC	1000L		/**< nanoseconds in a microsecond */
#define NSEC_PER_MSEC	1000000L	/**< nanoseconds in a millisecond */
#define USEC_PER_SEC	1000000L	/**< microseconds in a second */
#define NSEC_PER_SEC	1000000000L	/**< nanoseconds in a second */

#define CLOCK_REALTIME	0		/**< clock id: wall clock */
#define CLOCK_MONOTONIC	1		/**< clock id: time since boot */

/** Second at which a machine boots on the wall clock: 7 December 2014, 00:00 UTC. */
#define WQLAB_EPOCH	1417910400L

/** A time in seconds and nanoseconds. */
struct timespec {
	long tv_sec;	/**< seconds */
	long tv_nsec;	/**< nanoseconds, 0 to 999999999 */
};

/** A time in seconds and microseconds. */
struct timeval {
	long tv_sec;	/**< seconds */
	long tv_usec;	/**< microseconds, 0 to 999999 */
};

/**
 * Compare two times.
 * @param lhs one time
 * @param rhs another
 * @return below, equal to or above 0 as lhs is earlier, the same or later
 */
static inline int timespec_compare(const struct timespec *lhs,
				   const struct timespec *rhs)
{
	if (lhs->tv_sec != rhs->tv_sec)
		return lhs->tv_sec < rhs->tv_sec ? -1 : 1;
	return (lhs->tv_nsec > rhs->tv_nsec) - (lhs->tv_nsec < rhs->tv_nsec);
}

/**
 * A timespec as nanoseconds.
 * @param ts the time
 * @return nanoseconds
 */
static inline s64 timespec_to_ns(const struct timespec *ts)
{
	return (s64)ts->tv_sec * NSEC_PER_SEC + ts->tv_nsec;
}

/**
 * Nanoseconds as a timespec.
 * @param nsec nanoseconds, may be negative
 * @return the time, tv_nsec in range
 */
struct timespec ns_to_timespec(const s64 nsec);

/**
 * Nanoseconds as a timeval.
 * @param nsec nanoseconds, may be negative
 * @return the time, tv_usec in range
 */
struct timeval ns_to_timeval(const s64 nsec);

/**
 * Wall-clock time.
 * @param ts where to store it
 */
void getnstimeofday(struct timespec *ts);

/**
 * Wall-clock time to the microsecond.
 * @param tv where to store it
 */
void do_gettimeofday(struct timeval *tv);

/**
 * Time since boot.
 * @param ts where to store it
 */
void ktime_get_ts(struct timespec *ts);

/**
 * Wall-clock seconds.
 * @return seconds since 1970
 */
unsigned long get_seconds(void);

#endif /* _LINUX_TIME_H */
