/* SPDX-License-Identifier: GPL-2.0-only */
/**
 * @file
 * Waiting for time to pass, asleep or awake.
 *
 * Mirrors 3.18 include/linux/delay.h and its sleeps in kernel/time/timer.c.
 */
#ifndef _LINUX_DELAY_H
#define _LINUX_DELAY_H

#include <linux/sched.h>
#include <linux/types.h>

/**
 * Sleep at least so long: the time in ticks, and one tick more because the
 * current one has partly gone. May sleep.
 * @param msecs milliseconds
 */
void msleep(unsigned int msecs);
#define msleep(msecs)	__blocking((msleep)(msecs))	/**< notes the caller for reports */

/**
 * msleep() that a signal may end. May sleep.
 * @param msecs milliseconds
 * @return milliseconds that were left, 0 if none
 */
unsigned long msleep_interruptible(unsigned int msecs);
#define msleep_interruptible(msecs)	__blocking((msleep_interruptible)(msecs))	/**< notes the caller for reports */

/**
 * Sleep to the nanosecond: wakes after min. (A kernel may take until max to
 * merge interrupts; here there is nothing to gain from that.) May sleep.
 * @param min microseconds at least
 * @param max microseconds at most
 */
void usleep_range(unsigned long min, unsigned long max);
#define usleep_range(min, max)	__blocking((usleep_range)(min, max))	/**< notes the caller for reports */

/**
 * Sleep for seconds. May sleep.
 * @param seconds seconds
 */
#define ssleep(seconds)	msleep((seconds) * 1000)	/**< whole seconds */

/**
 * Keep this virtual CPU busy. Any context; others on it wait, interrupts come
 * if they are on.
 * @param nsecs nanoseconds
 */
void ndelay(unsigned long nsecs);

/**
 * Keep this virtual CPU busy. Any context.
 * @param usecs microseconds
 */
void udelay(unsigned long usecs);

/**
 * Keep this virtual CPU busy. Any context.
 * @param msecs milliseconds
 */
void mdelay(unsigned long msecs);

#endif /* _LINUX_DELAY_H */
