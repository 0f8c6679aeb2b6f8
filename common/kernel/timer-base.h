/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the time services of one virtual CPU share: struct tvec_base with its
 * wheel (timer-wheel.c), its hrtimers (hrtimer.c) and the one clock event that
 * serves both (timer.c). Private to common/kernel.
 */
#ifndef WQLAB_TIMER_BASE_H
#define WQLAB_TIMER_BASE_H

#include <linux/types.h>
#include <linux/list.h>
#include <linux/spinlock.h>
#include <linux/timer.h>
#include <linux/hrtimer.h>

/* The sizes of the kernel's wheel: a root of 256 ticks, four coarse levels of 64 slots. */
#define TVR_BITS	8
#define TVN_BITS	6
#define TVR_SIZE	(1u << TVR_BITS)
#define TVN_SIZE	(1u << TVN_BITS)
#define TVN_LEVELS	4u
#define TV_FAR		(TVR_SIZE + TVN_LEVELS * TVN_SIZE)	/* the slot beyond them all */
#define TV_SLOTS	(TV_FAR + 1)

struct timer_wheel {
	unsigned long clk;	/* tick served next: nothing pending is due before it */
	unsigned long nr;	/* timers pending */
	unsigned long next;	/* earliest due of all; a lower bound while next_stale */
	bool next_stale;
	unsigned long used[BITS_TO_LONGS(TV_SLOTS)];	/* slots that hold something */
	unsigned long stale[BITS_TO_LONGS(TV_SLOTS)];	/* those whose first is only a lower bound */
	unsigned long first[TV_SLOTS - TVR_SIZE];	/* earliest due in each slot behind the root */
	struct list_head slot[TV_SLOTS];	/* heads; made when the used bit is set */
};

void wheel_init(struct timer_wheel *w, unsigned long clk);
void wheel_insert(struct timer_wheel *w, struct timer_list *timer, unsigned long due);
void wheel_remove(struct timer_wheel *w, struct timer_list *timer);
bool wheel_next(struct timer_wheel *w, unsigned long *due);
void wheel_advance(struct timer_wheel *w, unsigned long clk);
struct timer_list *wheel_first_in(const struct timer_wheel *w, unsigned int slot);

/*
 * L: under lock. I: fixed when made.
 */
struct tvec_base {
	spinlock_t lock;
	unsigned int cpu;			/* I */
	struct timer_list *running_timer;	/* L: whose function is being called */
	struct hrtimer *running_hrtimer;	/* L: the same of hrtimers */
	struct hrtimer *heap;			/* L: root of the queue of hrtimers */
	u64 seq;				/* L: numbers hrtimers as they are started */
	u64 event;				/* L: what the clock event is programmed to, ns */
	struct timer_wheel wheel;		/* L */
};

/* The base of a virtual CPU, made if need be; interrupts are off. */
struct tvec_base *get_timer_base(unsigned int cpu);

/*
 * Lock the base that *where names, with interrupts off. A timer that was never
 * armed is given this CPU's base as its home. *where does not change while the
 * lock is held.
 */
struct tvec_base *lock_timer_base(struct tvec_base **where, unsigned long *flags);

/*
 * Move *where from the locked base to another, which is locked in exchange.
 */
void switch_timer_base(struct tvec_base **where, struct tvec_base *from,
		       struct tvec_base *to);

/* Base locked: something expires at ns; bring the clock event forward if it is later. */
void program_timer_base(struct tvec_base *base, u64 ns);

/* End the run if current, about to wait for a timer's function, is called by it. */
void timer_wait_check(const void *timer, const char *call);

/* hrtimer.c: earliest expiry (U64_MAX: none), serve what is due, take all to another base. */
u64 hrtimer_next(const struct tvec_base *base);
void hrtimer_run_queue(struct tvec_base *base);
void hrtimer_adopt(struct tvec_base *to, struct tvec_base *from);

/*
 * jiffies.c: ticks since boot; what jiffies reads (both without counting the
 * read as a look at the clock); and when a tick begins.
 */
unsigned long current_tick(void);
unsigned long current_jiffy(void);
u64 tick_to_ns(unsigned long tick);

/* sleep.c: schedule() until a timer of current's own or somebody else wakes it. */
void timed_schedule(void);

#endif
