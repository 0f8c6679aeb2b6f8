// SPDX-License-Identifier: GPL-2.0-only
/*
 * Virtual time: what will happen when, interrupts, burning and busy waiting.
 *
 * Code takes no time.  The clock moves only when nobody can go on at this
 * instant, straight to the next event, so an idle hour costs as much as an idle
 * microsecond, and nothing happens while somebody sits at a debugger's prompt.
 *
 * Each virtual CPU has at most two events: its timer, and the end of its burn or
 * busy wait.  They lie in one binary heap, in the order of decision 8: time,
 * timers before ends of burns, CPU, order of set-up.
 *
 * An interrupt runs on the stack of the task it hits (or of swapper), so `current`
 * in a timer function is the task interrupted (decision 15).
 *
 * Locking: the token (sim.h).
 *
 * Read next: sim-lock.c.
 */
#include <inttypes.h>

#include "sim.h"

/* ---- the heap of events ---- */

bool event_before(const struct event *a, const struct event *b)
{
	if (a->time != b->time)
		return a->time < b->time;
	if (a->class != b->class)
		return a->class < b->class;
	if (a->cpu != b->cpu)
		return a->cpu < b->cpu;
	return a->seq < b->seq;
}

static void place(struct event *ev, size_t i)
{
	sim.heap[i] = ev;
	ev->pos = i + 1;
}

static void sift(struct event *ev, size_t i)
{
	while (i && event_before(ev, sim.heap[(i - 1) / 2])) {
		place(sim.heap[(i - 1) / 2], i);
		i = (i - 1) / 2;
	}
	for (;;) {
		size_t kid = 2 * i + 1;

		if (kid >= sim.nr_events)
			break;
		if (kid + 1 < sim.nr_events && event_before(sim.heap[kid + 1], sim.heap[kid]))
			kid++;
		if (!event_before(sim.heap[kid], ev))
			break;
		place(sim.heap[kid], i);
		i = kid;
	}
	place(ev, i);
}

void event_clear(struct event *ev)
{
	struct event *last;
	size_t i;

	if (!ev->pos)
		return;
	i = ev->pos - 1;
	ev->pos = 0;
	sim.nr_busy -= ev->class == EV_BUSY;
	last = sim.heap[--sim.nr_events];
	if (last != ev)
		sift(last, i);
}

void event_set(struct event *ev, uint64_t time)
{
	event_clear(ev);
	ev->time = time;
	ev->seq = sim.event_seq++;
	sim.nr_busy += ev->class == EV_BUSY;
	sift(ev, sim.nr_events++);
}

/* ---- the clock ---- */

/* Deleting a timer leaves its event behind: ask before believing one.  True: it stands. */
static bool timer_event_true(struct event *ev)
{
	uint64_t real;

	race_ignore();
	real = sim.up->next_event(ev->cpu);
	race_watch();
	if (real <= ev->time)
		return true;
	if (real == MACH_NEVER)
		event_clear(ev);
	else
		event_set(ev, real);
	return false;
}

/* Timers of this instant: their CPUs' interrupts become due, in order. */
void clock_timers_due(void)
{
	while (sim.nr_events) {
		struct event *ev = sim.heap[0];
		struct mcpu *c = &sim.cpus[ev->cpu];

		if (ev->class != EV_TIMER || ev->time > sim.now)
			break;
		if (!timer_event_true(ev))
			continue;
		event_clear(ev);
		c->irq_due = true;
		if (!mlink_on(&c->due))
			mlink_before(&c->due, &sim.due);
	}
}

/* A CPU whose burn or busy wait ends at this instant, made active; NULL: none is left. */
struct mcpu *busy_event_due(void)
{
	struct event *ev = sim.nr_events ? sim.heap[0] : NULL;
	struct mcpu *c;

	if (!ev || ev->class != EV_BUSY || ev->time > sim.now)
		return NULL;
	c = &sim.cpus[ev->cpu];
	busy_end(c);
	return c;
}

/* The burn or busy wait of this CPU ends, if one is to end at this instant. */
void busy_end(struct mcpu *c)
{
	struct event *ev = &c->ev[EV_BUSY];

	if (!ev->pos || ev->time > sim.now)
		return;
	burn_stop(c);
	event_clear(ev);
	c->state = CPU_GOING;
	c->fired = true;
	cpu_activate(c);
}

static void check_hung(uint64_t next)
{
	struct mtask *t;

	if (mlink_empty(&sim.hung) || sim.cfg.hung_task_ns == MACH_NEVER)
		return;
	t = mlink_entry(sim.hung.next, struct mtask, hung);
	if (next - t->parked_at < sim.cfg.hung_task_ns)
		return;
	sim.now = t->parked_at + sim.cfg.hung_task_ns;
	sim_stop(VERDICT_HUNG_TASK, "task %s/%u blocked for more than %" PRIu64 " seconds",
		 t->comm, t->id, sim.cfg.hung_task_ns / UINT64_C(1000000000));
}

/*
 * Nobody can go on at this instant: move the clock to the next event.  False:
 * there is none but housekeeping (decision 7).
 */
bool clock_advance(void)
{
	struct event *ev;

	do {
		if (!sim.nr_events || (!sim.live && !sim.nr_busy))
			return false;
		ev = sim.heap[0];
	} while (ev->class == EV_TIMER && !timer_event_true(ev));
	check_hung(ev->time);
	if (ev->time > sim.cfg.time_limit_ns) {
		sim.now = sim.cfg.time_limit_ns;
		sim_stop(VERDICT_TIME_LIMIT, "the run is not over at its limit of virtual time");
	}
	sim.now = ev->time;
	sim.instant_steps = 0;
	sim.progress++;
	return true;
}

uint64_t sim_now(void)
{
	return sim.now;
}

void sim_set_timer(unsigned int cpu, uint64_t ns)
{
	struct event *ev = &sim.cpus[cpu].ev[EV_TIMER];

	if (ns == MACH_NEVER || sim.cpus[cpu].off)
		event_clear(ev);
	else
		event_set(ev, ns > sim.now ? ns : sim.now);
}

void sim_stop_timer(unsigned int cpu)
{
	sim_set_timer(cpu, MACH_NEVER);
}

void mach_live_slow(int delta)
{
	sim.live += delta;
}

/* ---- interrupts ---- */

bool irq_takeable(const struct mcpu *c)
{
	return !c->in_irq && (!c->curr || c->curr == c->idle || may_interrupt(c->curr));
}

/* Serve the timers of this CPU on top of the task that calls. */
void serve_irq(struct mtask *t)
{
	struct mcpu *c = cpu_of(t);
	enum cpu_state was = c->state;

	c->irq_due = false;
	c->irq_now = false;
	mlink_del(&c->due);
	c->in_irq = true;
	c->state = CPU_GOING;
	t->preempt_count += MACH_SOFTIRQ_OFFSET;
	sim.up->timer_interrupt(c->id);
	t->preempt_count -= MACH_SOFTIRQ_OFFSET;
	c->in_irq = false;
	c->state = was;
}

/* Interrupts are on again: what was held back hits now. */
void sim_irqs_on(void)
{
	struct mtask *t = mach_current;

	if (!t || sim.stopped)
		return;
	mach_point(MP_IRQ_ON, NULL);
	while (cpu_of(t)->irq_due && irq_takeable(cpu_of(t)))
		serve_irq(t);
	sim_preempt();
}

/* ---- occupying the CPU ---- */

/* A burn is interrupted or over: settle what it took. */
void burn_stop(struct mcpu *c)
{
	struct mtask *t = c->curr;
	uint64_t spent;

	if (c->state != CPU_BURN)
		return;
	spent = sim.now - t->burn_start;
	t->burn_left -= spent;
	t->slice_left -= spent < t->slice_left ? spent : t->slice_left;
	t->busy_ns += spent;
	c->state = CPU_GOING;
	event_clear(&c->ev[EV_BUSY]);
}

void sim_burn(uint64_t ns)
{
	struct mtask *t = mach_current;
	uint64_t outer;
	bool fired;

	if (!ns || sim.stopped)
		return;
	outer = t->burn_left;	/* an interrupt may burn on top of a burning task */
	t->burn_left = ns;
	t->relaxing = false;
	t->spins = 0;
	do {
		struct mcpu *c;
		uint64_t part;

		/* Many short burns use a slice up as one long one does. */
		if (sim.cfg.slice_ns && !t->slice_left && may_preempt(t) && !rotate(t))
			t->slice_left = sim.cfg.slice_ns;
		c = cpu_of(t);
		part = t->burn_left;

		if (sim.cfg.slice_ns && part > t->slice_left && may_preempt(t))
			part = t->slice_left;
		c->state = CPU_BURN;
		c->fired = false;
		t->burn_start = sim.now;
		event_set(&c->ev[EV_BUSY], sim.now + part);
		give_way();

		c = cpu_of(t);
		fired = c->fired;
		burn_stop(c);
		if (c->irq_now)
			serve_irq(t);
		sim_preempt();
		arrived(t);	/* preempted meanwhile: coming back costs a switch */
		/* Used up, but interrupted at that very instant: its end comes in order. */
	} while (!fired || t->burn_left);
	mlink_del(&cpu_of(t)->active);
	t->burn_left = outer;
}

void sim_relax(void)
{
	struct mtask *t = mach_current;
	struct mcpu *c;

	if (!t || sim.stopped)
		return;
	t->spins = 0;
	t->relaxing = true;
	t->relax_seq = sim.progress;
	if (may_preempt(t) && rotate(t))
		return;
	c = cpu_of(t);
	c->state = CPU_RELAX;
	c->fired = false;
	mlink_del(&c->active);
	mlink_before(&c->active, &sim.relaxing);
	event_set(&c->ev[EV_BUSY], (sim.now / sim.tick_ns + 1) * sim.tick_ns);
	give_way();
	/* Preempted meanwhile: then this CPU, or another, is ours again and nothing is left of the wait. */
	c = cpu_of(t);
	event_clear(&c->ev[EV_BUSY]);
	c->state = CPU_GOING;
	mlink_del(&c->active);
	if (c->irq_now)
		serve_irq(t);
	sim_preempt();
}
