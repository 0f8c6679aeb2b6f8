/* SPDX-License-Identifier: GPL-2.0-only */
/**
 * @file
 * Timers of nanosecond resolution.
 *
 * Mirrors the core of 3.18 include/linux/hrtimer.h: CLOCK_MONOTONIC, one
 * ordered queue per virtual CPU (common/kernel/hrtimer.c). At one instant a
 * CPU runs its hrtimers first, in the order in which they were started, then
 * those of its wheel.
 */
#ifndef _LINUX_HRTIMER_H
#define _LINUX_HRTIMER_H

#include <linux/types.h>
#include <linux/ktime.h>
#include <linux/time.h>

struct hrtimer;
struct tvec_base;
struct task_struct;

/** How the time given to hrtimer_start() is meant. */
enum hrtimer_mode {
	HRTIMER_MODE_ABS = 0x0,		/**< a time since boot */
	HRTIMER_MODE_REL = 0x1,		/**< counted from now */
	HRTIMER_MODE_PINNED = 0x2,	/**< stays on this CPU; all do, here */
	HRTIMER_MODE_ABS_PINNED = 0x02,	/**< both */
	HRTIMER_MODE_REL_PINNED = 0x03,	/**< both */
};

/** What a timer's function returns. */
enum hrtimer_restart {
	HRTIMER_NORESTART,	/**< done */
	HRTIMER_RESTART,	/**< start again; the function has moved the expiry */
};

/** State: neither queued nor running. */
#define HRTIMER_STATE_INACTIVE	0x00u
/** State: waiting to expire. */
#define HRTIMER_STATE_ENQUEUED	0x01u
/** State: its function is running (it may be queued as well). */
#define HRTIMER_STATE_CALLBACK	0x02u

/**
 * One timer. The owner sets #function; the rest belongs to the queue.
 */
struct hrtimer {
	ktime_t expires;	/**< when it fires, in time since boot */
	enum hrtimer_restart (*function)(struct hrtimer *); /**< called in interrupt context, interrupts off */
	struct tvec_base *base;	/**< queue that has or last had it */
	struct hrtimer *child;	/**< private: first below in the heap */
	struct hrtimer *sibling; /**< private: next beside in the heap */
	struct hrtimer *back;	/**< private: the sibling before, or the parent */
	u64 seq;		/**< private: order of starting, among equals */
	unsigned int state;	/**< HRTIMER_STATE_* */
};

/** A timer that wakes a task. */
struct hrtimer_sleeper {
	struct hrtimer timer;		/**< the timer */
	struct task_struct *task;	/**< whom to wake; NULL once it has fired */
};

/**
 * Make a timer ready for use; the function is set afterwards. Any context.
 * @param timer    what to initialise
 * @param clock_id CLOCK_MONOTONIC
 * @param mode     ignored until the timer is started
 */
void hrtimer_init(struct hrtimer *timer, int clock_id, enum hrtimer_mode mode);

/**
 * hrtimer_init() for one on the stack.
 * @param timer    what to initialise
 * @param clock_id CLOCK_MONOTONIC
 * @param mode     ignored until the timer is started
 */
static inline void hrtimer_init_on_stack(struct hrtimer *timer, int clock_id,
					 enum hrtimer_mode mode)
{
	hrtimer_init(timer, clock_id, mode);
}

/**
 * End of life of a timer on the stack (must be inactive).
 * @param timer the timer
 */
static inline void destroy_hrtimer_on_stack(struct hrtimer *timer)
{
}

/**
 * Start or restart a timer on this CPU (on the one where its function is
 * running, if it is). Any context. A time already past fires at once.
 * @param timer the timer
 * @param tim   when
 * @param mode  absolute or relative
 * @return 1 if it was queued before, 0 if not
 */
int hrtimer_start(struct hrtimer *timer, ktime_t tim, const enum hrtimer_mode mode);

/**
 * hrtimer_start() with room to be late, of which no use is made.
 * @param timer    the timer
 * @param tim      when
 * @param delta_ns how late it might be
 * @param mode     absolute or relative
 * @return 1 if it was queued before, 0 if not
 */
int hrtimer_start_range_ns(struct hrtimer *timer, ktime_t tim,
			   unsigned long delta_ns, const enum hrtimer_mode mode);

/**
 * Stop a timer and wait for its function to return. Spins with cpu_relax();
 * not from the function itself.
 * @param timer the timer
 * @return 1 if it was queued, 0 if not
 */
int hrtimer_cancel(struct hrtimer *timer);

/**
 * Stop a timer unless its function is running. Any context.
 * @param timer the timer
 * @return 1 was queued, 0 was not, -1 running: nothing done
 */
int hrtimer_try_to_cancel(struct hrtimer *timer);

/**
 * Time until a timer fires.
 * @param timer the timer
 * @return span, negative if it is overdue
 */
ktime_t hrtimer_get_remaining(const struct hrtimer *timer);

/**
 * Move the expiry on by whole intervals until it lies after now. For use in
 * the function, or while inactive.
 * @param timer    the timer
 * @param now      the time to pass
 * @param interval the period, at least 1 ns
 * @return how many intervals were added
 */
u64 hrtimer_forward(struct hrtimer *timer, ktime_t now, ktime_t interval);

/**
 * hrtimer_forward() past the present.
 * @param timer    the timer
 * @param interval the period
 * @return how many intervals were added
 */
static inline u64 hrtimer_forward_now(struct hrtimer *timer, ktime_t interval)
{
	return hrtimer_forward(timer, ktime_get(), interval);
}

/**
 * Is the timer queued, or its function running?
 * @param timer the timer
 * @return nonzero if so
 */
int hrtimer_active(const struct hrtimer *timer);

/**
 * Is the timer waiting to expire?
 * @param timer the timer
 * @return nonzero if so
 */
int hrtimer_is_queued(struct hrtimer *timer);

/**
 * Is the timer's function running?
 * @param timer the timer
 * @return nonzero if so
 */
int hrtimer_callback_running(struct hrtimer *timer);

/**
 * When the timer fires.
 * @param timer the timer
 * @return time since boot
 */
static inline ktime_t hrtimer_get_expires(const struct hrtimer *timer)
{
	return timer->expires;
}

/**
 * Set the expiry of an inactive timer.
 * @param timer the timer
 * @param time  time since boot
 */
static inline void hrtimer_set_expires(struct hrtimer *timer, ktime_t time)
{
	timer->expires = time;
}

/**
 * Start a timer at the expiry it holds.
 * @param timer the timer
 * @param mode  HRTIMER_MODE_ABS
 * @return 1 if it was queued before, 0 if not
 */
static inline int hrtimer_start_expires(struct hrtimer *timer,
					enum hrtimer_mode mode)
{
	return hrtimer_start(timer, timer->expires, mode);
}

/**
 * Restart a timer at the expiry it holds.
 * @param timer the timer
 * @return 1 if it was queued before, 0 if not
 */
static inline int hrtimer_restart(struct hrtimer *timer)
{
	return hrtimer_start_expires(timer, HRTIMER_MODE_ABS);
}

/** The clock of the timer, now. */
#define hrtimer_cb_get_time(timer)	((void)(timer), ktime_get())

/**
 * Make the timer of a sleeper wake a task.
 * @param sl   the sleeper; its timer has been initialised
 * @param task whom to wake
 */
void hrtimer_init_sleeper(struct hrtimer_sleeper *sl, struct task_struct *task);

/**
 * Sleep until a time, in the state that the task has set. May sleep.
 * @param expires when; NULL means no end
 * @param mode    absolute or relative
 * @return 0 when the time has come, -EINTR if woken before
 */
int schedule_hrtimeout(ktime_t *expires, const enum hrtimer_mode mode);
#define schedule_hrtimeout(expires, mode)	__blocking((schedule_hrtimeout)(expires, mode))	/**< notes the caller for reports */

/**
 * schedule_hrtimeout() with room to be late, of which no use is made.
 * @param expires when; NULL means no end
 * @param delta   nanoseconds that it might be late
 * @param mode    absolute or relative
 * @return 0 when the time has come, -EINTR if woken before
 */
int schedule_hrtimeout_range(ktime_t *expires, unsigned long delta,
			     const enum hrtimer_mode mode);

#endif /* _LINUX_HRTIMER_H */
