/* SPDX-License-Identifier: GPL-2.0-only */
/**
 * @file
 * Time in ticks, and conversions that round as the kernel rounds.
 *
 * Mirrors 3.18 include/linux/jiffies.h and kernel/time/time.c. HZ is chosen at
 * boot. The counter begins 300 s before its low 32 bits wrap, as the kernel's
 * does, so code that stores jiffies in an int fails early.
 */
#ifndef _LINUX_JIFFIES_H
#define _LINUX_JIFFIES_H

#include <linux/types.h>
#include <linux/time.h>

/** Ticks per second of the machine that is booted. */
extern unsigned int wqlab_hz;

/** Ticks per second; a run-time value, so not for array sizes or `#if`. */
#define HZ	((int)wqlab_hz)

/** What jiffies is when the machine boots. */
#define INITIAL_JIFFIES	((unsigned long)(unsigned int)(-300 * HZ))

/** Longest delay that the conversions return: "for ever". */
#define MAX_JIFFY_OFFSET ((__LONG_MAX__ >> 1) - 1)

/** Nanoseconds in a jiffy. */
#define TICK_NSEC	(NSEC_PER_SEC / HZ)

/**
 * Read the tick counter. In the sim machine code takes no time, so a loop that
 * only looks at the clock would never end: the JIFFIES_SPIN_READS-th read by a
 * task that has meanwhile neither blocked, nor burnt CPU, nor armed a timer
 * acts as cpu_relax() (decision 4).
 * @return ticks since boot + INITIAL_JIFFIES
 */
unsigned long wqlab_jiffies(void);

/** Reads of the clock in a row that make a busy wait. */
#define JIFFIES_SPIN_READS	1024

/** Ticks since boot, plus INITIAL_JIFFIES. */
#define jiffies		wqlab_jiffies()

/**
 * 64-bit tick counter, which is what jiffies is here already.
 * @return ticks since boot + INITIAL_JIFFIES
 */
static inline u64 get_jiffies_64(void)
{
	return jiffies;
}

/** The same as get_jiffies_64(), as a word. */
#define jiffies_64	get_jiffies_64()

/** Is time a later than time b? Right across a wrap of the counter. */
#define time_after(a, b)	((long)((unsigned long)(b) - (unsigned long)(a)) < 0)
/** Is time a earlier than time b? */
#define time_before(a, b)	time_after(b, a)
/** Is time a at or later than time b? */
#define time_after_eq(a, b)	((long)((unsigned long)(a) - (unsigned long)(b)) >= 0)
/** Is time a at or earlier than time b? */
#define time_before_eq(a, b)	time_after_eq(b, a)
/** Is a within [b, c]? */
#define time_in_range(a, b, c)	(time_after_eq(a, b) && time_before_eq(a, c))
/** Is a within [b, c)? */
#define time_in_range_open(a, b, c) (time_after_eq(a, b) && time_before(a, c))

/** time_after() of 64-bit times. */
#define time_after64(a, b)	((s64)((u64)(b) - (u64)(a)) < 0)
/** time_before() of 64-bit times. */
#define time_before64(a, b)	time_after64(b, a)
/** time_after_eq() of 64-bit times. */
#define time_after_eq64(a, b)	((s64)((u64)(a) - (u64)(b)) >= 0)
/** time_before_eq() of 64-bit times. */
#define time_before_eq64(a, b)	time_after_eq64(b, a)

/** Has time a passed? */
#define time_is_before_jiffies(a)	time_after(jiffies, a)
/** Is time a still to come? */
#define time_is_after_jiffies(a)	time_before(jiffies, a)
/** Has time a come? */
#define time_is_before_eq_jiffies(a)	time_after_eq(jiffies, a)
/** Is time a now or still to come? */
#define time_is_after_eq_jiffies(a)	time_before_eq(jiffies, a)

/**
 * Milliseconds to ticks, rounded up.
 * @param m milliseconds; with the top bit set it means for ever
 * @return ticks, or MAX_JIFFY_OFFSET
 */
unsigned long msecs_to_jiffies(const unsigned int m);

/**
 * Microseconds to ticks, rounded up.
 * @param u microseconds
 * @return ticks
 */
unsigned long usecs_to_jiffies(const unsigned int u);

/**
 * Nanoseconds to ticks, rounded down.
 * @param n nanoseconds
 * @return ticks
 */
u64 nsecs_to_jiffies64(u64 n);

/**
 * Nanoseconds to ticks, rounded down.
 * @param n nanoseconds
 * @return ticks
 */
unsigned long nsecs_to_jiffies(u64 n);

/**
 * Ticks to milliseconds, rounded down.
 * @param j ticks
 * @return milliseconds, cut to 32 bits
 */
unsigned int jiffies_to_msecs(const unsigned long j);

/**
 * Ticks to microseconds, rounded down.
 * @param j ticks
 * @return microseconds, cut to 32 bits
 */
unsigned int jiffies_to_usecs(const unsigned long j);

/**
 * A timespec to ticks, rounded up.
 * @param value the time
 * @return ticks, at most MAX_JIFFY_OFFSET
 */
unsigned long timespec_to_jiffies(const struct timespec *value);

/**
 * Ticks to a timespec.
 * @param j     ticks
 * @param value where to store it
 */
void jiffies_to_timespec(const unsigned long j, struct timespec *value);

/**
 * Move an absolute time to a whole second, so that many timers share one
 * interrupt: down if it is less than a quarter of a second past, else up. Each
 * CPU's whole second lies 3 ticks later than its neighbour's.
 * @param j   absolute time in jiffies
 * @param cpu the CPU on which it will fire
 * @return the rounded time, or j if that would be in the past
 */
unsigned long __round_jiffies(unsigned long j, int cpu);

/**
 * __round_jiffies() of a delay counted from now.
 * @param j   delay in jiffies
 * @param cpu the CPU on which it will fire
 * @return rounded delay
 */
unsigned long __round_jiffies_relative(unsigned long j, int cpu);

/**
 * __round_jiffies() for this CPU.
 * @param j absolute time in jiffies
 * @return rounded time
 */
unsigned long round_jiffies(unsigned long j);

/**
 * __round_jiffies_relative() for this CPU.
 * @param j delay in jiffies
 * @return rounded delay
 */
unsigned long round_jiffies_relative(unsigned long j);

/**
 * __round_jiffies() that only ever goes up.
 * @param j   absolute time in jiffies
 * @param cpu the CPU on which it will fire
 * @return rounded time
 */
unsigned long __round_jiffies_up(unsigned long j, int cpu);

/**
 * __round_jiffies_relative() that only ever goes up.
 * @param j   delay in jiffies
 * @param cpu the CPU on which it will fire
 * @return rounded delay
 */
unsigned long __round_jiffies_up_relative(unsigned long j, int cpu);

/**
 * round_jiffies() that only ever goes up.
 * @param j absolute time in jiffies
 * @return rounded time
 */
unsigned long round_jiffies_up(unsigned long j);

/**
 * round_jiffies_relative() that only ever goes up.
 * @param j delay in jiffies
 * @return rounded delay
 */
unsigned long round_jiffies_up_relative(unsigned long j);

#endif /* _LINUX_JIFFIES_H */
