// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who executes: run queues, choice points, preemption, hand-over.
 *
 * Each virtual CPU has a run queue, most urgent first and FIFO among equals.
 * Whoever has to give way (it blocks, burns, ends, or a strategy says so) picks
 * the next itself and hands over directly: there is no scheduler thread.
 *
 *	give_way():
 *	   1. timer interrupts that are due, in order      (decision 8)
 *	   2. CPUs whose burn or wait ends at this instant join `active`
 *	   3. the first of `active`
 *	   4. busy waiters, if something happened since they looked
 *	   5. the clock moves to the next event, and again
 *	   6. nothing can ever happen: deadlock
 *
 * That is the default; a strategy picks among all of 1 to 3.
 *
 * Read next: sim-clock.c.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "sim.h"
#include "wqlab/trace.h"

/* ---- run queues ---- */

static void rq_add(struct mcpu *c, struct mtask *t, bool first)
{
	struct mlink *pos = &c->ready;

	/* From the tail: most tasks share one priority, so this is short. */
	while (pos->prev != &c->ready) {
		struct mtask *p = mlink_entry(pos->prev, struct mtask, rq);

		if (first ? p->prio < t->prio : p->prio <= t->prio)
			break;
		pos = pos->prev;
	}
	t->run = MR_READY;
	t->cpu = c->id;
	mlink_before(&t->rq, pos);
}

static struct mtask *rq_first(const struct mcpu *c)
{
	return mlink_empty(&c->ready) ? NULL : mlink_entry(c->ready.next, struct mtask, rq);
}

/*
 * Give this CPU to an equal for whom it is worth: one that has not itself looked
 * in vain since anything last happened.  False: there is none.
 */
bool rotate(struct mtask *t)
{
	struct mcpu *c = cpu_of(t);
	struct mlink *l;

	for (l = c->ready.next; l != &c->ready; l = l->next) {
		struct mtask *p = mlink_entry(l, struct mtask, rq);

		if (p->prio > t->prio)
			break;
		if (p->relaxing && p->relax_seq == sim.progress)
			continue;
		mlink_del(&p->rq);
		rq_add(c, p, true);
		requeue_curr(c, false);
		cpu_activate(c);
		wait_dispatched(t);
		return true;
	}
	return false;
}

void cpu_activate(struct mcpu *c)
{
	mlink_del(&c->active);
	mlink_before(&c->active, &sim.active);
}

void cpu_activate_first(struct mcpu *c)
{
	mlink_del(&c->active);
	mlink_before(&c->active, sim.active.next);
}

/* Whether a CPU that stands in `active` can really go on. */
static bool cpu_able(const struct mcpu *c)
{
	if (!c->curr)
		return !mlink_empty(&c->ready);
	return c->state == CPU_GOING || (c->need_resched && may_preempt(c->curr));
}

/* Whoever occupies the CPU goes back to its run queue. */
void requeue_curr(struct mcpu *c, bool first)
{
	struct mtask *t = c->curr;

	if (c->state == CPU_BURN)
		burn_stop(c);
	event_clear(&c->ev[EV_BUSY]);
	c->curr = NULL;
	c->state = CPU_IDLE;
	if (!first)
		t->slice_left = sim.cfg.slice_ns;
	rq_add(c, t, first);
}

/* The CPU is left: by who blocks, ends or moves away. */
static void cpu_leave(struct mcpu *c)
{
	c->curr = NULL;
	c->state = CPU_IDLE;
	if (!mlink_empty(&c->ready))
		cpu_activate(c);
	else
		show_switch(c, NULL);
}

/* Record who has the CPU from now on; NULL: swapper. */
void show_switch(struct mcpu *c, const struct mtask *next)
{
	const struct mtask *prev = c->shown;
	struct trace_event ev;
	char idle[16];

	if (!trace_on || (prev == next && !c->left.id))
		return;
	c->shown = next;
	snprintf(idle, sizeof(idle), "swapper/%u", c->id);
	ev = (struct trace_event){
		.ts = sim.now, .kind = TRACE_SCHED_SWITCH, .cpu = (uint16_t)c->id,
		.name = trace_intern(idle), .c = 'R', .d = MACH_PRIO_NICE0,
		.name2 = trace_intern(next ? next->comm : idle), .b = next ? next->id : 0,
		.e = (int16_t)(next ? next->prio : MACH_PRIO_NICE0),
	};
	if (c->left.id) {
		ev.name = trace_intern(c->left.comm);
		ev.a = c->left.id;
		ev.c = 'X';
		ev.d = (int16_t)c->left.prio;
		c->left.id = 0;
	} else if (prev) {
		ev.name = trace_intern(prev->comm);
		ev.a = prev->id;
		ev.c = sim.up->state(prev);
		ev.d = (int16_t)prev->prio;
	}
	ev.comm = ev.name;
	ev.pid = (int32_t)ev.a;
	trace_append(&ev);
}

/* A task ends: its memory may be gone when the next sched_switch wants to name it. */
static void remember_left(struct mcpu *c, const struct mtask *t)
{
	if (c->shown != t)
		return;
	c->shown = NULL;
	c->left.id = t->id;
	c->left.prio = t->prio;
	snprintf(c->left.comm, sizeof(c->left.comm), "%s", t->comm);
}

/* ---- hand-over ---- */

static void switch_to(struct mtask *next)
{
	struct mtask *me = mach_current;

	if (next == me)
		return;
	sim.switches++;
	mach_current = next;
	if (me && me->run == MR_DEAD)
		sim.carriers->exit_to(next->carrier);
	sim.carriers->switch_to(next->carrier);
}

static void idle_loop(void *arg)
{
	struct mtask *idle = arg;
	struct mcpu *c = cpu_of(idle);

	for (;;) {
		serve_irq(idle);
		idle->run = MR_PARKED;
		c->curr = NULL;
		c->state = CPU_IDLE;
		/* Whom the interrupt made ready queued this CPU already, in its order. */
		if (!mlink_empty(&c->ready) && !mlink_on(&c->active))
			cpu_activate(c);
		give_way();
	}
}

/* Let an interrupt hit a CPU: on top of the task that occupies it, or of swapper. */
static void go_irq(struct mcpu *c)
{
	if (!c->curr) {
		if (!c->idle) {
			c->idle = sim.up->idle_task(c->id);
			c->idle->carrier = sim.carriers->create(c->idle->comm, idle_loop, c->idle);
			if (!c->idle->carrier)
				sim_stop(VERDICT_BUG, "the host has no thread left for swapper/%u", c->id);
		}
		c->curr = c->idle;
		c->idle->run = MR_CURR;
		c->state = CPU_GOING;
	}
	c->irq_now = true;
	switch_to(c->curr);
}

/* Let a CPU go on: with who occupies it, or with the most urgent of its run queue. */
static void go_cpu(struct mcpu *c)
{
	mlink_del(&c->active);
	if (c->curr && c->need_resched && may_preempt(c->curr))
		requeue_curr(c, true);
	if (!c->curr) {
		struct mtask *t = rq_first(c);

		mlink_del(&t->rq);
		t->run = MR_CURR;
		c->curr = t;
		c->need_resched = false;
		c->fired = false;
		show_switch(c, t);
	}
	c->state = CPU_GOING;
	if (!c->curr->relaxing)
		sim.progress++;
	switch_to(c->curr);
}

static void go_peer(struct mcpu *c, unsigned int id)
{
	struct mlink *l = c->ready.next;
	struct mtask *t;

	do {
		t = mlink_entry(l, struct mtask, rq);
		l = l->next;
	} while (t->id != id);
	requeue_curr(c, false);
	/* To the front of its equals, so that the dispatch finds it. */
	mlink_del(&t->rq);
	rq_add(c, t, true);
	go_cpu(c);
}

/* ---- who goes next ---- */

static struct mcpu *first_irq(void)
{
	struct mlink *l;

	for (l = sim.due.next; l != &sim.due; l = l->next)
		if (irq_takeable(mlink_entry(l, struct mcpu, due)))
			return mlink_entry(l, struct mcpu, due);
	return NULL;
}

static struct mcpu *first_active(void)
{
	while (!mlink_empty(&sim.active)) {
		struct mcpu *c = mlink_entry(sim.active.next, struct mcpu, active);

		if (cpu_able(c))
			return c;
		mlink_del(&c->active);
	}
	return NULL;
}

/* A busy waiter for whom something may have changed since it looked. */
static struct mcpu *first_relaxer(void)
{
	struct mlink *l;

	for (l = sim.relaxing.next; l != &sim.relaxing; l = l->next) {
		struct mcpu *c = mlink_entry(l, struct mcpu, active);

		if (c->curr->relax_seq != sim.progress) {
			c->state = CPU_GOING;
			return c;
		}
	}
	return NULL;
}

static void add_candidate(unsigned int *n, enum candidate_kind kind, const struct mcpu *c,
			  const struct mtask *t)
{
	if (*n == sim.cand_max) {
		size_t max = sim.cand_max ? 2 * sim.cand_max : 64;
		struct candidate *p = realloc(sim.cand, max * sizeof(*p));

		if (!p)
			sim_stop(VERDICT_BUG, "no memory for the candidates of a choice");
		sim.cand = p;
		sim.cand_max = max;
	}
	sim.cand[(*n)++] = (struct candidate){ kind, c->id, t ? t->id : 0 };
}

/* All that could go on now; the task at hand first if it can. */
static unsigned int collect(struct mtask *me)
{
	unsigned int n = 0;
	struct mlink *l, *next;

	if (me)
		add_candidate(&n, CAND_GO_ON, cpu_of(me), me);
	while (busy_event_due())
		;
	for (l = sim.due.next; l != &sim.due; l = l->next) {
		struct mcpu *c = mlink_entry(l, struct mcpu, due);

		if (irq_takeable(c))
			add_candidate(&n, CAND_IRQ, c, NULL);
	}
	for (l = sim.active.next; l != &sim.active; l = next) {
		struct mcpu *c = mlink_entry(l, struct mcpu, active);

		next = l->next;
		if (cpu_able(c))
			add_candidate(&n, CAND_CPU, c, c->curr ? c->curr : rq_first(c));
		else
			mlink_del(&c->active);
	}
	if (me && may_preempt(me)) {
		struct mcpu *c = cpu_of(me);

		for (l = c->ready.next; l != &c->ready; l = l->next) {
			struct mtask *p = mlink_entry(l, struct mtask, rq);

			if (p->prio > me->prio)
				break;
			add_candidate(&n, CAND_PEER, c, p);
		}
	}
	return n;
}

static void go_candidate(const struct candidate *cand)
{
	struct mcpu *c = &sim.cpus[cand->cpu];

	switch (cand->kind) {
	case CAND_GO_ON:
		break;
	case CAND_IRQ:
		go_irq(c);
		break;
	case CAND_CPU:
		go_cpu(c);
		break;
	case CAND_PEER:
		go_peer(c, cand->task);
		break;
	}
}

/* One try at an instant; false: nobody can go on before the clock moves. */
static bool go_somebody(void)
{
	struct mcpu *c;

	clock_timers_due();
	if (!sim.strategy->fixed) {
		unsigned int n = collect(NULL);

		if (n) {
			struct candidate pick = sim.cand[n > 1 ? sim.strategy->pick(sim.cand, n, true) : 0];

			go_candidate(&pick);
			return true;
		}
	} else {
		c = first_irq();
		if (c) {
			go_irq(c);
			return true;
		}
		while (busy_event_due())
			;
		c = first_active();
		if (c) {
			go_cpu(c);
			return true;
		}
	}
	c = first_relaxer();
	if (c)
		go_cpu(c);
	return c != NULL;
}

/*
 * Leave the machine to others.  The caller has recorded why its CPU does not go
 * on (its state, or its place in `active`), and comes back when it is its turn:
 * having got what it waits for, or with irq_now set on its CPU.
 */
void give_way(void)
{
	while (!go_somebody()) {
		if (!clock_advance())
			sim_stop(VERDICT_DEADLOCK, "%s",
				 "tasks wait, and nothing but housekeeping can ever happen again");
	}
}

/* A ready task waits until its CPU is its own; who was gone pays for coming back. */
void wait_dispatched(struct mtask *t)
{
	do {
		give_way();
	} while (t->run != MR_CURR);
	arrived(t);
}

void arrived(struct mtask *t)
{
	struct mcpu *c = cpu_of(t);

	if (c->last != t->id) {
		c->last = t->id;
		if (sim.cfg.costs.switch_ns)
			mach_burn(sim.cfg.costs.switch_ns);
	}
}

/* ---- choice points ---- */

void mach_point_slow(enum mach_point kind, const void *obj)
{
	struct mtask *me = mach_current;
	struct candidate pick;
	struct mcpu *c;
	unsigned int n, i;

	(void)obj;
	if (!me || sim.stopped)
		return;
	sim.steps++;
	sim.hash = (sim.hash ^ (((uint64_t)me->id << 8 | (uint64_t)kind) + (sim.now << 20)))
		   * UINT64_C(0x9e3779b97f4a7c15);
	sim.hash ^= sim.hash >> 29;
	if (++sim.instant_steps > sim.cfg.step_limit)
		sim_stop(VERDICT_STEP_LIMIT,
			 "%s/%u runs on and on: %" PRIu64 " choice points at one instant",
			 me->comm, me->id, sim.cfg.step_limit);
	if (sim.strategy->fixed)
		return;

	clock_timers_due();
	n = collect(me);
	if (n < 2)
		return;
	i = sim.strategy->pick(sim.cand, n, false);
	if (!i)
		return;
	pick = sim.cand[i];
	c = cpu_of(me);
	if (pick.kind != CAND_PEER)
		cpu_activate(c);
	go_candidate(&pick);
	wait_turn(me);
}

/* Back from a choice point that let others go first: interrupts and preemption may have come. */
void wait_turn(struct mtask *me)
{
	for (;;) {
		struct mcpu *c = cpu_of(me);

		if (me->run != MR_CURR) {
			wait_dispatched(me);
			continue;
		}
		if (!c->irq_now)
			break;
		serve_irq(me);
		mach_preempt();
	}
	mlink_del(&cpu_of(me)->active);
}

/* ---- what the kernel services ask for ---- */

void mach_park(bool watch)
{
	struct mtask *t = mach_current;

	if (t->permit) {
		t->permit = false;
		return;
	}
	t->run = MR_PARKED;
	t->relaxing = false;
	t->spins = 0;
	t->parked_at = sim.now;
	t->slice_left = sim.cfg.slice_ns;
	if (watch)
		mlink_before(&t->hung, &sim.hung);
	sim.progress++;
	cpu_leave(cpu_of(t));
	wait_dispatched(t);
}

/* Somebody became ready on a CPU: does it have to turn to him? */
static void check_preempt(struct mcpu *c, const struct mtask *t)
{
	if (!c->curr || c->curr == c->idle) {
		/* Already in line for somebody who came before: that is its place. */
		if (!mlink_on(&c->active))
			cpu_activate(c);
		return;
	}
	if (t->prio < c->curr->prio) {
		c->need_resched = true;
		if (c->curr != mach_current && may_preempt(c->curr))
			cpu_activate(c);
	} else if (c->state == CPU_RELAX) {
		c->state = CPU_GOING;
		cpu_activate(c);
	}
}

void mach_unpark(struct mtask *t, unsigned int cpu)
{
	struct mcpu *c = &sim.cpus[cpu];

	if (t->run != MR_PARKED && t->run != MR_NEW) {
		t->permit = true;
		return;
	}
	mlink_del(&t->hung);
	rq_add(c, t, false);
	check_preempt(c, t);
	if (sim.cfg.costs.wake_ns && mach_current)
		mach_burn(sim.cfg.costs.wake_ns);
	mach_preempt();
}

bool mach_need_resched(void)
{
	return mach_current && cpu_of(mach_current)->need_resched;
}

void mach_preempt(void)
{
	struct mtask *t = mach_current;
	struct mcpu *c;

	if (!t || sim.stopped)
		return;
	c = cpu_of(t);
	if (!c->need_resched || !may_preempt(t))
		return;
	requeue_curr(c, true);
	cpu_activate_first(c);
	wait_dispatched(t);
}

void mach_move(struct mtask *t, unsigned int cpu)
{
	struct mcpu *to = &sim.cpus[cpu], *from = cpu_of(t);
	bool self = t == mach_current;

	switch (t->run) {
	case MR_READY:
		mlink_del(&t->rq);
		break;
	case MR_CURR:
		/* In the middle of something atomic elsewhere: it moves when it next wakes. */
		if (!may_preempt(t))
			return;
		if (from->state == CPU_BURN)
			burn_stop(from);
		event_clear(&from->ev[EV_BUSY]);
		mlink_del(&from->active);
		cpu_leave(from);
		break;
	case MR_NEW:
		t->cpu = cpu;
		return;
	default:
		return;
	}
	rq_add(to, t, false);
	check_preempt(to, t);
	if (self)
		wait_dispatched(t);
	else
		mach_preempt();		/* it may have come here, and be more urgent */
}

void mach_set_prio(struct mtask *t, int prio)
{
	struct mcpu *c = cpu_of(t);

	t->prio = prio;
	if (t->run == MR_READY) {
		mlink_del(&t->rq);
		rq_add(c, t, false);
		check_preempt(c, t);
	} else if (t->run == MR_CURR && rq_first(c)) {
		check_preempt(c, rq_first(c));
	}
	mach_preempt();
}

bool mach_cpu_idle(unsigned int cpu)
{
	const struct mcpu *c = &sim.cpus[cpu];

	return (!c->curr || c->curr == c->idle) && mlink_empty(&c->ready);
}

struct mtask *mach_cpu_curr(unsigned int cpu)
{
	return sim.cpus[cpu].curr;
}

void sched_exit(struct mtask *t)
{
	struct mcpu *c = cpu_of(t);

	t->run = MR_DEAD;
	mlink_del(&t->all);
	sim.progress++;
	remember_left(c, t);
	cpu_leave(c);
	give_way();
	__builtin_unreachable();
}
