/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the tests of timers share: a timer that notes when, where and in which
 * order it was called.
 */
#ifndef TIMER_TEST_H
#define TIMER_TEST_H

#include <linux/jiffies.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <linux/timer.h>
#include <wqlab/mach.h>
#include <wqlab/timer.h>

#include "wqtest.h"

/* When a jiffy begins, in ns since boot. */
static inline u64 begin_of(unsigned long j)
{
	return (j - INITIAL_JIFFIES) * wqlab_tick_ns();
}

/* A timer that notes how and in which order it was called. */
struct noted {
	struct timer_list timer;
	int fired;		/* how often */
	int place;		/* in the order of all firings, from 1 */
	int cpu;
	u64 at;
};

static int firings;

static inline void note(unsigned long data)
{
	struct noted *n = (struct noted *)data;

	n->fired++;
	n->place = ++firings;
	n->cpu = smp_processor_id();
	n->at = mach_now();
	CHECK(in_interrupt());
	CHECK(!timer_pending(&n->timer));
}

static inline void noted_init(struct noted *n)
{
	memset(n, 0, sizeof(*n));
	setup_timer(&n->timer, note, (unsigned long)n);
}

static inline void arm(struct noted *n, unsigned long delay)
{
	n->timer.expires = jiffies + delay;
	add_timer(&n->timer);
}

#endif
