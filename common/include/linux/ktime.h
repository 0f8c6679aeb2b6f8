/* SPDX-License-Identifier: GPL-2.0-only */
/**
 * @file
 * Time in nanoseconds as one signed 64-bit number.
 *
 * Mirrors 3.18 include/linux/ktime.h, where ktime_t is still a union around
 * the number.
 */
#ifndef _LINUX_KTIME_H
#define _LINUX_KTIME_H

#include <linux/types.h>
#include <linux/time.h>
#include <linux/jiffies.h>

/** A time or a span of time. */
union ktime {
	s64 tv64;	/**< nanoseconds */
};

/** A time or a span of time, to be handled with the functions below. */
typedef union ktime ktime_t;

/** Largest number of nanoseconds. */
#define KTIME_MAX	((s64)~((u64)1 << 63))
/** Largest number of whole seconds. */
#define KTIME_SEC_MAX	(KTIME_MAX / NSEC_PER_SEC)

/**
 * Nanoseconds to a ktime_t.
 * @param ns nanoseconds
 * @return the same as a ktime_t
 */
static inline ktime_t ns_to_ktime(u64 ns)
{
	return (ktime_t){ .tv64 = (s64)ns };
}

/**
 * Milliseconds to a ktime_t.
 * @param ms milliseconds
 * @return the same as a ktime_t
 */
static inline ktime_t ms_to_ktime(u64 ms)
{
	return ns_to_ktime(ms * NSEC_PER_MSEC);
}

/**
 * Seconds and nanoseconds to a ktime_t.
 * @param secs  seconds; more than KTIME_SEC_MAX means for ever
 * @param nsecs nanoseconds
 * @return the sum
 */
static inline ktime_t ktime_set(const s64 secs, const unsigned long nsecs)
{
	if (secs >= KTIME_SEC_MAX)
		return (ktime_t){ .tv64 = KTIME_MAX };
	return (ktime_t){ .tv64 = secs * NSEC_PER_SEC + (s64)nsecs };
}

/** The ktime_t as nanoseconds. */
#define ktime_to_ns(kt)		((kt).tv64)
/** lhs - rhs. */
#define ktime_sub(lhs, rhs)	((ktime_t){ .tv64 = (lhs).tv64 - (rhs).tv64 })
/** lhs + rhs. */
#define ktime_add(lhs, rhs)	((ktime_t){ .tv64 = (lhs).tv64 + (rhs).tv64 })
/** kt plus nanoseconds. */
#define ktime_add_ns(kt, nsval)	((ktime_t){ .tv64 = (kt).tv64 + (s64)(nsval) })
/** kt minus nanoseconds. */
#define ktime_sub_ns(kt, nsval)	((ktime_t){ .tv64 = (kt).tv64 - (s64)(nsval) })

/**
 * Sum of two times that stops at KTIME_MAX.
 * @param lhs one time
 * @param rhs another
 * @return the sum
 */
static inline ktime_t ktime_add_safe(const ktime_t lhs, const ktime_t rhs)
{
	s64 sum;

	if (__builtin_add_overflow(lhs.tv64, rhs.tv64, &sum) || sum < 0)
		sum = KTIME_MAX;
	return (ktime_t){ .tv64 = sum };
}

/**
 * Compare two times.
 * @param cmp1 one time
 * @param cmp2 another
 * @return below, equal to or above 0
 */
static inline int ktime_compare(const ktime_t cmp1, const ktime_t cmp2)
{
	return (cmp1.tv64 > cmp2.tv64) - (cmp1.tv64 < cmp2.tv64);
}

/**
 * Are two times the same?
 * @param cmp1 one time
 * @param cmp2 another
 * @return true if they are
 */
static inline bool ktime_equal(const ktime_t cmp1, const ktime_t cmp2)
{
	return cmp1.tv64 == cmp2.tv64;
}

/**
 * Is the first time later?
 * @param cmp1 one time
 * @param cmp2 another
 * @return true if cmp1 is later than cmp2
 */
static inline bool ktime_after(const ktime_t cmp1, const ktime_t cmp2)
{
	return cmp1.tv64 > cmp2.tv64;
}

/**
 * Is the first time earlier?
 * @param cmp1 one time
 * @param cmp2 another
 * @return true if cmp1 is earlier than cmp2
 */
static inline bool ktime_before(const ktime_t cmp1, const ktime_t cmp2)
{
	return cmp1.tv64 < cmp2.tv64;
}

/**
 * Whole microseconds.
 * @param kt the time
 * @return microseconds, rounded towards 0
 */
static inline s64 ktime_to_us(const ktime_t kt)
{
	return kt.tv64 / NSEC_PER_USEC;
}

/**
 * Whole milliseconds.
 * @param kt the time
 * @return milliseconds, rounded towards 0
 */
static inline s64 ktime_to_ms(const ktime_t kt)
{
	return kt.tv64 / NSEC_PER_MSEC;
}

/**
 * Microseconds from one time to another.
 * @param later   the end
 * @param earlier the beginning
 * @return microseconds
 */
static inline s64 ktime_us_delta(const ktime_t later, const ktime_t earlier)
{
	return ktime_to_us(ktime_sub(later, earlier));
}

/**
 * Milliseconds from one time to another.
 * @param later   the end
 * @param earlier the beginning
 * @return milliseconds
 */
static inline s64 ktime_ms_delta(const ktime_t later, const ktime_t earlier)
{
	return ktime_to_ms(ktime_sub(later, earlier));
}

/**
 * kt plus microseconds.
 * @param kt   the time
 * @param usec microseconds
 * @return the sum
 */
static inline ktime_t ktime_add_us(const ktime_t kt, const u64 usec)
{
	return ktime_add_ns(kt, usec * NSEC_PER_USEC);
}

/**
 * kt plus milliseconds.
 * @param kt   the time
 * @param msec milliseconds
 * @return the sum
 */
static inline ktime_t ktime_add_ms(const ktime_t kt, const u64 msec)
{
	return ktime_add_ns(kt, msec * NSEC_PER_MSEC);
}

/**
 * A timespec as a ktime_t.
 * @param ts the time
 * @return the same as a ktime_t
 */
static inline ktime_t timespec_to_ktime(struct timespec ts)
{
	return ktime_set(ts.tv_sec, (unsigned long)ts.tv_nsec);
}

/** A ktime_t as a timespec. */
#define ktime_to_timespec(kt)	ns_to_timespec((kt).tv64)
/** A ktime_t as a timeval. */
#define ktime_to_timeval(kt)	ns_to_timeval((kt).tv64)

/**
 * Time since boot. Any context. A busy wait on it counts as one on jiffies.
 * @return nanoseconds as a ktime_t
 */
ktime_t ktime_get(void);

/**
 * Time since boot as a number. Any context.
 * @return nanoseconds
 */
u64 ktime_get_ns(void);

/**
 * Wall-clock time.
 * @return nanoseconds since 1970 as a ktime_t
 */
ktime_t ktime_get_real(void);

/** Time since boot; the same clock as ktime_get() here. */
#define ktime_get_boottime()	ktime_get()
/** Time since boot; the same clock as ktime_get_ns() here. */
#define ktime_get_raw_ns()	ktime_get_ns()

#endif /* _LINUX_KTIME_H */
