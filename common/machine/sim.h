/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The simulated machine's state, shared by its chapters:
 *
 *	sim.c		boot, run, end; verdicts
 *	sim-rq.c	run queues, who occupies a CPU
 *	sim-sched.c	hand-over, who goes next, choice points
 *	sim-choose.c	what could happen, and which of it does
 *	sim-park.c	blocking, waking, moving, ending
 *	sim-clock.c	virtual time: events, interrupts, burning, busy waiting
 *	sim-lock.c	the contended part of locks
 *
 * One task executes at a time; whoever executes owns all of this (the token),
 * so nothing here has a lock.  Every virtual CPU is in one of these states:
 *
 *	         dispatch              burn                   event
 *	IDLE ----------------> GOING ----------> BURN ----------------> GOING
 *	  ^                    |  ^ \ relax                              ^
 *	  |   park, exit       |  |  `---------> RELAX -- event, progress+
 *	  `--------------------'  | \ lock held elsewhere                |
 *	                          |  `---------> SPIN --- handed over ---'
 *
 * GOING means that its task executes or could.  A CPU that could go on but does
 * not execute stands in the `active` queue, in the order in which it became able.
 *
 * Read next: sim.c, then the others in this order.
 */
#ifndef WQLAB_SIM_H
#define WQLAB_SIM_H

#include "carrier.h"
#include "ops.h"
#include "strategy.h"
#include "wqlab/mach.h"
#include "wqlab/race.h"

enum cpu_state {
	CPU_IDLE,		/* nobody occupies it */
	CPU_GOING,		/* its task executes or could */
	CPU_BURN,		/* its task burns time */
	CPU_RELAX,		/* its task waits busily */
	CPU_SPIN,		/* its task waits for a lock */
};

/* What a failure's table is told of. */
enum watch {
	WATCH_POINT,		/* the task at hand is about to do something */
	WATCH_SWITCH,		/* the task at hand leaves; t: who goes on */
};

/* What happens at one instant happens in this order (decision 8). */
enum event_class { EV_TIMER, EV_BUSY, EV_NR };

/* An event of one virtual CPU; it has one of each class. */
struct event {
	uint64_t time;
	unsigned int cpu;
	enum event_class class;
	uint64_t seq;		/* order of set-up, the last tie-break */
	size_t pos;		/* place in the heap plus 1; 0: not set */
};

struct mcpu {
	unsigned int id;
	enum cpu_state state;
	struct mtask *curr;	/* who occupies it; NULL: idle */
	struct mtask *idle;	/* swapper, made when an interrupt first hits it idle */
	struct mlink ready;	/* run queue: most urgent first, FIFO among equals */
	struct mlink active;	/* in sim.active */
	struct event ev[EV_NR];
	bool irq_due;		/* a timer interrupt waits to be taken */
	bool in_irq;		/* serves one */
	bool need_resched;	/* somebody more urgent than curr is ready */
	bool fired;		/* the EV_BUSY event came */
	bool off;		/* does not work: takes no timer interrupts */
	bool holdout;		/* keeps a grace period waiting */
	bool irq_now;		/* whoever occupies it is switched to for the interrupt's sake */
	const struct mtask *shown;	/* whom the last sched_switch showed; NULL: swapper, or `left` */
	struct {
		unsigned int id;	/* 0: nobody */
		int prio;
		char comm[16];
	} left;				/* who was shown last and has ended since */
	unsigned int last;	/* task id that last executed here, for the cost model */
	struct mlink due;	/* in sim.due */
};

struct sim {
	struct machine_config cfg;
	const struct mach_upcalls *up;
	const struct carrier_ops *carriers;
	const struct strategy *strategy;
	struct mcpu *cpus;
	struct event **heap;		/* all set events, a binary heap */
	size_t nr_events;
	size_t nr_busy;			/* of them, ends of burns and busy waits */
	uint64_t event_seq;
	uint64_t now;			/* ns since boot */
	uint64_t tick_ns;
	struct mlink active;		/* CPUs that could go on, in order */
	struct mlink relaxing;		/* CPUs whose task waits busily, in order */
	struct mlink due;		/* CPUs with a timer interrupt due, in order */
	struct mlink tasks;		/* all tasks, in creation order */
	struct mlink hung;		/* parked and watched, longest first */
	unsigned int next_id;
	struct mtask *init;
	struct mtask *current;		/* who executes; mach_current is each thread's own */
	long live;			/* pending timers that are no housekeeping */
	uint64_t progress;		/* counts what a busy waiter may have waited for */
	uint64_t instant_steps;		/* choice points since the clock last moved */
	uint64_t steps, switches, choices, hash;	/* choices: steps with two candidates or more */
	unsigned int tasks_made;
	bool stopped;			/* a verdict fell: nobody decides anything any more */
	enum verdict verdict;
	bool was_cut;			/* the strategy dropped the run */
	void (*watch)(enum watch what, const struct mtask *t, enum mach_point op, const void *obj);
					/* told of every step, for a failure's table; NULL: nobody */
	struct candidate *cand;		/* scratch for the strategy */
	size_t cand_max;
	struct mlink spinners;		/* lock waiters, in order of arrival */
};

extern struct sim sim;
extern uint64_t sim_runs;	/* of this process; no run puts it back */

static inline struct mcpu *cpu_of(const struct mtask *t)
{
	return &sim.cpus[t->cpu];
}

static inline bool may_preempt(const struct mtask *t)
{
	return !t->preempt_count && !t->irqs_off;
}

static inline bool may_interrupt(const struct mtask *t)
{
	return !t->irqs_off && !(t->preempt_count & (MACH_SOFTIRQ_MASK | MACH_HARDIRQ_MASK));
}

/* sim-rq.c */
void rq_add(struct mcpu *c, struct mtask *t, bool first);
struct mtask *rq_first(const struct mcpu *c);
bool rotate(struct mtask *t);
void cpu_activate(struct mcpu *c);
void cpu_activate_first(struct mcpu *c);
bool cpu_able(const struct mcpu *c);
void requeue_curr(struct mcpu *c, bool first);
void cpu_leave(struct mcpu *c);
void show_switch(struct mcpu *c, const struct mtask *next);
void remember_left(struct mcpu *c, const struct mtask *t);

/* sim-choose.c; choose(): what happens next, false: nobody can go on; me: who could, NULL: nobody. */
bool choose(struct mtask *me, enum mach_point op, const void *obj, struct candidate *out);
bool choose_fault(struct mtask *me);

/* sim-sched.c */
struct mcpu *first_irq(void);
struct mcpu *first_active(void);
void give_way(void);
void wait_dispatched(struct mtask *t);
void arrived(struct mtask *t);

/* sim-park.c */
void sim_park(bool watch);
void sim_unpark(struct mtask *t, unsigned int cpu);
void sim_move(struct mtask *t, unsigned int cpu);
void sim_set_prio(struct mtask *t, int prio);
void sim_cpu_off(unsigned int cpu);
void sim_cpu_on(unsigned int cpu);
bool sim_cpu_idle(unsigned int cpu);
bool sim_quiescent(bool first);
void sim_preempt(void);
void sim_settle(void);
void sched_exit(struct mtask *t) __attribute__((noreturn));

/* sim-clock.c */
uint64_t sim_now(void);
void sim_burn(uint64_t ns);
void sim_relax(void);
void sim_irqs_on(void);
void sim_set_timer(unsigned int cpu, uint64_t ns);
void sim_stop_timer(unsigned int cpu);
void event_set(struct event *ev, uint64_t time);
void event_clear(struct event *ev);
bool clock_advance(void);
void clock_timers_due(void);
struct mcpu *busy_event_due(void);
void busy_end(struct mcpu *c);
bool event_before(const struct event *a, const struct event *b);
void burn_stop(struct mcpu *c);
void serve_irq(struct mtask *t);
bool irq_takeable(const struct mcpu *c);

/* sim.c; sim_may_be_kept(): whether its tasks stand on stacks that can be put back. */
bool sim_may_be_kept(const struct machine_config *cfg);
void sim_stop(enum verdict v, const char *fmt, ...) __attribute__((noreturn, format(printf, 2, 3)));
void sim_end(void) __attribute__((noreturn));
void sim_cut(void) __attribute__((noreturn));

/* story.c: whether this run is told; from its boot on. */
void story_begin(bool on);
void story_from_here(void);
void story_till_here(void);

/* sim-lock.c */
void sim_lock_slow(struct mlock *l);
void sim_unlock_slow(struct mlock *l);

#endif
