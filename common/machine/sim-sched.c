// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who executes: hand-over, who goes next, choice points.
 *
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
 * That is the default; a strategy picks among all of 1 to 3 (sim-choose.c).
 *
 * Locking: the token (sim.h).
 *
 * Read next: sim-park.c, for how a task comes to give way; then sim-clock.c.
 */
#include <inttypes.h>
#include <signal.h>

#include "sim.h"

/* ---- hand-over ---- */

static void switch_to(struct mtask *next)
{
	struct mtask *me = mach_current;

	if (next == me)
		return;
	sim.switches++;
	if (me)
		me->frame = __builtin_frame_address(0);
	if (sim.watch)
		sim.watch(WATCH_SWITCH, next, MP_NR, NULL);
	sim.current = next;
	if (me && me->run == MR_DEAD)
		sim.carriers->exit_to(next->carrier);
	sim.carriers->switch_to(next->carrier);
	mach_current = me;	/* carriers that share a thread share this word */
}

/*
 * Here a debugger stops before the step that machine_config.stop_at names.  Up the
 * stack stands what the task was about to do; `thread apply all bt` has the others.
 */
static inline void sim_stop_at(void)
{
	if (__builtin_expect(sim.steps == sim.cfg.stop_at, 0))
#if defined(__x86_64__) || defined(__i386__)
		__asm__ volatile ("int3");	/* here, and not inside raise() */
#else
		raise(SIGTRAP);
#endif
}

static void idle_loop(void *arg)
{
	struct mtask *idle = arg;
	struct mcpu *c = cpu_of(idle);

	mach_current = idle;
	for (;;) {
		serve_irq(idle);
		idle->run = MR_PARKED;
		c->curr = NULL;
		c->state = CPU_IDLE;
		/* A task that the interrupt made ready has put this CPU in line already. */
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
			c->idle->resched = true;
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

struct mcpu *first_irq(void)
{
	struct mlink *l;

	for (l = sim.due.next; l != &sim.due; l = l->next)
		if (irq_takeable(mlink_entry(l, struct mcpu, due)))
			return mlink_entry(l, struct mcpu, due);
	return NULL;
}

struct mcpu *first_active(void)
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

static void go_candidate(const struct candidate *cand)
{
	struct mcpu *c = &sim.cpus[cand->cpu];

	switch (cand->kind) {
	case CAND_GO_ON:
	case CAND_FAULT:
		break;
	case CAND_IRQ:
		go_irq(c);
		break;
	case CAND_CPU:
		busy_end(c);
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
	sim.steps++;
	sim_stop_at();
	if (!sim.strategy->fixed) {
		struct candidate pick;

		if (choose(NULL, MP_NR, NULL, &pick)) {
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

/* A ready task waits until it has its CPU, and pays for the switch if another had it. */
void wait_dispatched(struct mtask *t)
{
	do {
		give_way();
	} while (t->run != MR_CURR);
	arrived(t);
}

/*
 * Whoever was preempted while it paid pays anew: in this loop and not inside that burn,
 * or a timer that comes more often than the cost allows would nest burns without end.
 */
void arrived(struct mtask *t)
{
	if (t->arriving)
		return;
	t->arriving = true;
	while (cpu_of(t)->last != t->id) {
		cpu_of(t)->last = t->id;
		if (sim.cfg.costs.switch_ns)
			sim_burn(sim.cfg.costs.switch_ns);
	}
	t->arriving = false;
}

/* ---- choice points ---- */

/* Back from a choice point that let others go first: interrupts and preemption may have come. */
static void wait_turn(struct mtask *me)
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
		sim_preempt();
	}
	mlink_del(&cpu_of(me)->active);
}

void mach_point_slow(enum mach_point kind, const void *obj)
{
	struct mtask *me = mach_current;
	struct candidate pick;

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
	clock_timers_due();
	sim_stop_at();
	if (sim.watch)
		sim.watch(WATCH_POINT, me, kind, obj);
	if (sim.strategy->fixed || !choose(me, kind, obj, &pick) || pick.kind == CAND_GO_ON)
		return;
	if (pick.kind != CAND_PEER)
		cpu_activate(cpu_of(me));
	/* Whoever decides until we are back knows by this what we shall do then. */
	me->op = kind;
	me->obj = obj;
	go_candidate(&pick);
	wait_turn(me);
	me->op = MP_NR;
}

/* Whether a fault that may strike here does. */
bool sim_choose_fault(enum mach_fault f)
{
	struct mtask *me = mach_current;

	return me && !sim.stopped && !sim.strategy->fixed && (machine.inject & 1u << f) && choose_fault(me);
}
