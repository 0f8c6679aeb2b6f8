/* SPDX-License-Identifier: GPL-2.0-only */
/**
 * @file
 * What the timer service offers beyond the kernel's face: starting and
 * stopping it, the machine's two up-calls, and marks on timers.
 */
#ifndef WQLAB_TIMER_H
#define WQLAB_TIMER_H

#include <stdint.h>

struct timer_list;

/**
 * Set the clock's rate and forget everything. Called once at each boot, before
 * the first task, after per-CPU data exists.
 * @param hz ticks per second: 100, 250, 300 or 1000
 */
void time_init(unsigned int hz);

/**
 * Length of a jiffy: 10^9 / HZ, cut to whole nanoseconds.
 * @return nanoseconds
 */
uint64_t wqlab_tick_ns(void);

/**
 * The clock event of a virtual CPU: run what is due, then program the next.
 * The machine calls it in interrupt context on that CPU.
 * @param cpu the virtual CPU
 */
void timer_interrupt(unsigned int cpu);

/**
 * When does the next timer of a virtual CPU fire? Deleting a timer leaves the
 * programmed event alone, so the machine asks here before it moves its clock,
 * and if the event was too early moves it to what it is told.
 * @param cpu the virtual CPU
 * @return nanoseconds since boot, UINT64_MAX if none is pending
 */
uint64_t timer_next_event(unsigned int cpu);

/**
 * A virtual CPU has gone: hand its pending timers, of both kinds, to the CPU
 * that calls this. Process context, the dead CPU takes no interrupts any more.
 * @param cpu the dead virtual CPU
 */
void timer_cpu_dead(unsigned int cpu);

/**
 * Hear of CPUs that come and go. Called once at each boot, in process context.
 */
void init_timers(void);

/**
 * Mark a timer as housekeeping (idle culling, watchdog, mayday): when only such
 * timers are left pending and nobody can run, the machine calls it a deadlock.
 * Between init_timer() and the first arming.
 * @param timer an idle timer
 */
void timer_set_housekeeping(struct timer_list *timer);

/**
 * How many timers of the wheel are pending on a virtual CPU (tests, dumps).
 * @param cpu the virtual CPU
 * @return their number
 */
unsigned long timer_nr_pending(unsigned int cpu);

/**
 * Run every RCU callback that is left, then none may be queued any more.
 * Called at shutdown when no reader can be inside.
 */
void rcu_shutdown(void);

/**
 * Give the wheels back, naming timers that were left pending. Called last at
 * shutdown: no timer may be armed any more, and none will fire.
 */
void time_shutdown(void);

#endif /* WQLAB_TIMER_H */
