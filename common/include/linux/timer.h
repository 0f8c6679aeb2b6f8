/* SPDX-License-Identifier: GPL-2.0-only */
/**
 * @file
 * Timers of jiffy resolution: call a function in interrupt context, later.
 *
 * Mirrors 3.18 include/linux/timer.h. The wheel behind it is
 * common/kernel/timer.c. Two things differ on purpose: a timer fires in the
 * jiffy asked for (there is no slack), and a deferrable one does so too.
 */
#ifndef _LINUX_TIMER_H
#define _LINUX_TIMER_H

#include <linux/types.h>
#include <linux/list.h>
#include <linux/compiler.h>

struct tvec_base;

/**
 * One timer. Its owner sets #function, #data and, before add_timer(),
 * #expires; all else belongs to the wheel. Must stay alive until the timer is
 * neither pending nor running (del_timer_sync()).
 */
struct timer_list {
	struct list_head entry;		/**< place in a slot; next is NULL when idle */
	unsigned long expires;		/**< jiffies at which to fire */
	struct tvec_base *base;		/**< wheel that has or last had it */
	void (*function)(unsigned long); /**< what to call, in interrupt context */
	unsigned long data;		/**< argument of #function */
	unsigned long due;		/**< private: the tick since boot it will fire in */
	unsigned int flags;		/**< TIMER_* */
	unsigned int slot;		/**< private: number of the slot it sits in */
};

/** Need not wake an idle CPU. Here it fires on time all the same. */
#define TIMER_DEFERRABLE	0x1u
/** The function runs with interrupts off, so del_timer_sync() is allowed with them off. */
#define TIMER_IRQSAFE		0x2u
/** Both flags that an owner may set when it initialises a timer. */
#define TIMER_FLAG_MASK		0x3u
/** Pending does not count as a reason to go on living (timer_set_housekeeping()). */
#define TIMER_HOUSEKEEPING	0x4u

/** Initialiser with TIMER_* flags; the other *_INITIALIZER macros rest on it. */
#define __TIMER_INITIALIZER(_function, _expires, _data, _flags) {	\
		.expires = (_expires),					\
		.function = (_function),				\
		.data = (_data),					\
		.flags = (_flags),					\
	}

/** Static initialiser of a timer. */
#define TIMER_INITIALIZER(_function, _expires, _data)			\
	__TIMER_INITIALIZER((_function), (_expires), (_data), 0)

/** Static initialiser of a deferrable timer. */
#define TIMER_DEFERRED_INITIALIZER(_function, _expires, _data)		\
	__TIMER_INITIALIZER((_function), (_expires), (_data), TIMER_DEFERRABLE)

/** Define and initialise a timer; it still has to be added. */
#define DEFINE_TIMER(_name, _function, _expires, _data)			\
	struct timer_list _name =					\
		TIMER_INITIALIZER(_function, _expires, _data)

/**
 * Make a timer ready for use. #timer_list::function and #timer_list::data are
 * left as they are, as in the kernel. Any context; must not be pending.
 * @param timer what to initialise
 * @param flags TIMER_DEFERRABLE, TIMER_IRQSAFE or 0
 */
void init_timer_key(struct timer_list *timer, unsigned int flags);

/** Initialise with flags. */
#define __init_timer(_timer, _flags)	init_timer_key((_timer), (_flags))
/** Initialise a timer on the stack with flags. */
#define __init_timer_on_stack(_timer, _flags) init_timer_key((_timer), (_flags))
/** Initialise a timer. */
#define init_timer(timer)		__init_timer((timer), 0)
/** Initialise a deferrable timer. */
#define init_timer_deferrable(timer)	__init_timer((timer), TIMER_DEFERRABLE)
/** Initialise a timer that lives on the stack. */
#define init_timer_on_stack(timer)	__init_timer_on_stack((timer), 0)

/** Initialise with flags, and set the function and its argument. */
#define __setup_timer(_timer, _fn, _data, _flags)			\
	do {								\
		struct timer_list *__setup_t = (_timer);		\
									\
		__init_timer(__setup_t, (_flags));			\
		__setup_t->function = (_fn);				\
		__setup_t->data = (_data);				\
	} while (0)

/** Initialise a timer, and set its function and argument. */
#define setup_timer(timer, fn, data)					\
	__setup_timer((timer), (fn), (data), 0)
/** setup_timer() for one on the stack. */
#define setup_timer_on_stack(timer, fn, data)				\
	__setup_timer((timer), (fn), (data), 0)
/** setup_timer() for a deferrable one. */
#define setup_deferrable_timer(timer, fn, data)				\
	__setup_timer((timer), (fn), (data), TIMER_DEFERRABLE)
/** setup_timer() for a deferrable one on the stack. */
#define setup_deferrable_timer_on_stack(timer, fn, data)		\
	__setup_timer((timer), (fn), (data), TIMER_DEFERRABLE)

/** End of life of a timer on the stack (must be idle). */
static inline void destroy_timer_on_stack(struct timer_list *timer)
{
}

/**
 * Is the timer waiting to fire? Any context, no lock; the answer may be out of
 * date at once. A timer whose function is running is no longer pending.
 * @param timer the timer
 * @return 1 or 0
 */
static inline int timer_pending(const struct timer_list *timer)
{
	return READ_ONCE(timer->entry.next) != NULL;
}

/**
 * Start an idle timer on this CPU, to fire at #timer_list::expires (or in the
 * next jiffy, if that is past). Starting a pending timer is a BUG(). Any context.
 * @param timer the timer
 */
void add_timer(struct timer_list *timer);

/**
 * add_timer() on a given CPU.
 * @param timer an idle timer
 * @param cpu   virtual CPU whose interrupt will call it
 */
void add_timer_on(struct timer_list *timer, int cpu);

/**
 * Set a new time and make the timer pending on this CPU, whatever it was. If
 * its function is running elsewhere it stays on that CPU. Any context.
 * @param timer   the timer
 * @param expires new time, in jiffies
 * @return 1 if it was pending before, 0 if not
 */
int mod_timer(struct timer_list *timer, unsigned long expires);

/**
 * mod_timer(), but an idle timer is left idle.
 * @param timer   the timer
 * @param expires new time, in jiffies
 * @return 1 if it was pending (and was moved), 0 if not (nothing done)
 */
int mod_timer_pending(struct timer_list *timer, unsigned long expires);

/**
 * mod_timer() that never chooses another CPU; here no timer ever does.
 * @param timer   the timer
 * @param expires new time, in jiffies
 * @return 1 if it was pending before, 0 if not
 */
int mod_timer_pinned(struct timer_list *timer, unsigned long expires);

/**
 * Stop a timer. Its function may still be running when this returns. Any context.
 * @param timer the timer
 * @return 1 if it was pending, 0 if it was idle
 */
int del_timer(struct timer_list *timer);

/**
 * Stop a timer unless its function is running right now. Any context.
 * @param timer the timer
 * @return 1 was pending, 0 was idle, -1 running: nothing done
 */
int try_to_del_timer_sync(struct timer_list *timer);

/**
 * Stop a timer and wait until its function has returned. Spins with
 * cpu_relax(). Not from interrupt context (unless TIMER_IRQSAFE), and the
 * caller may hold no lock that the function takes. The function must not
 * re-arm its own timer while this is called, or the wait may be long.
 * @param timer the timer
 * @return 1 if it was pending, 0 if not
 */
int del_timer_sync(struct timer_list *timer);

/** Stop a timer whose function never re-arms it; the same as del_timer_sync(). */
#define del_singleshot_timer_sync(timer) del_timer_sync(timer)

#endif /* _LINUX_TIMER_H */
