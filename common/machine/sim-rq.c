// SPDX-License-Identifier: GPL-2.0-only
/*
 * Run queues, and who occupies a virtual CPU.
 *
 * Each virtual CPU has a run queue, most urgent first and FIFO among equals.  A
 * CPU that could go on with somebody also stands in `active`.  A change of occupant
 * is recorded, as a sched_switch, when the next one is known.
 *
 * Owns: mcpu.ready, and mcpu.shown and mcpu.left for the record.  Locking: the
 * token (sim.h).
 *
 * Read next: sim-sched.c.
 */
#include <stdio.h>

#include "sim.h"
#include "wqlab/trace.h"

/* Into a run queue: ahead of its equals (first), or behind them. */
void rq_add(struct mcpu *c, struct mtask *t, bool first)
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

struct mtask *rq_first(const struct mcpu *c)
{
	return mlink_empty(&c->ready) ? NULL : mlink_entry(c->ready.next, struct mtask, rq);
}

/*
 * Give this CPU to an equal that can use it: one that waits busily has looked in
 * vain already if nothing happened since, and is passed over.  False: there is none.
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
bool cpu_able(const struct mcpu *c)
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

/* The task that occupies the CPU leaves it: it blocks, ends or moves away. */
void cpu_leave(struct mcpu *c)
{
	c->curr = NULL;
	c->state = CPU_IDLE;
	if (!mlink_empty(&c->ready))
		cpu_activate(c);
	else
		show_switch(c, NULL);
}

/* The kernel ends at 139, nice 19: there we show who lets all others go first (sim_settle()). */
static int16_t shown_prio(const struct mtask *t)
{
	return (int16_t)(t->prio < MACH_PRIO_IDLE ? t->prio : MACH_PRIO_IDLE - 1);
}

/* Record who has the CPU from now on; NULL: swapper. */
void show_switch(struct mcpu *c, const struct mtask *next)
{
	const struct mtask *prev = c->shown;
	struct trace_event ev;
	char idle[16];

	if (!trace_enabled() || (prev == next && !c->left.id))
		return;
	race_ignore();
	c->shown = next;
	snprintf(idle, sizeof(idle), "swapper/%u", c->id);
	ev = (struct trace_event){
		.ts = sim.now, .kind = TRACE_SCHED_SWITCH, .cpu = (uint16_t)c->id,
		.name = trace_intern(idle), .c = 'R', .d = MACH_PRIO_NICE0,
		.name2 = trace_intern(next ? next->comm : idle), .b = next ? next->id : 0,
		.e = next ? shown_prio(next) : MACH_PRIO_NICE0,
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
		ev.d = shown_prio(prev);
	}
	ev.comm = ev.name;
	ev.pid = (int32_t)ev.a;
	trace_append(&ev);
	race_watch();
}

/* A task ends: its memory may be gone when the next sched_switch wants to name it. */
void remember_left(struct mcpu *c, const struct mtask *t)
{
	if (c->shown != t)
		return;
	c->shown = NULL;
	c->left.id = t->id;
	c->left.prio = t->prio;
	race_ignore();
	snprintf(c->left.comm, sizeof(c->left.comm), "%s", t->comm);
	race_watch();
}
