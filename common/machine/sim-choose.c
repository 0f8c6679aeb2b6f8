// SPDX-License-Identifier: GPL-2.0-only
/*
 * What could happen now, and which of it does: candidates are gathered in one fixed
 * order, the strategy answers, and the answer is written down.
 *
 * Gathering changes nothing as long as the task at hand could go on, so that a run in
 * which every answer is 0 is the default's run.  When nobody can just go on, it does
 * what the default would do: CPUs whose burn or wait ends at this instant join
 * `active`, unless an interrupt is due, which comes first (decision 8).
 *
 * Locking: the token (sim.h).  Read next: strategy.h.
 */
#include <stdlib.h>

#include "schedule.h"
#include "sim.h"

static struct candidate *add(unsigned int *n, enum candidate_kind kind, const struct mcpu *c,
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
	sim.cand[*n] = (struct candidate){
		.kind = kind,
		.cpu = c->id,
		.task = t ? t->id : 0,
		.op = t ? t->op : MP_NR,
		.obj = t ? t->obj : NULL,
	};
	return &sim.cand[(*n)++];
}

static unsigned int add_irqs(unsigned int n)
{
	struct mlink *l;

	for (l = sim.due.next; l != &sim.due; l = l->next) {
		struct mcpu *c = mlink_entry(l, struct mcpu, due);

		if (irq_takeable(c))
			add(&n, CAND_IRQ, c, NULL);
	}
	return n;
}

static unsigned int add_active(unsigned int n)
{
	struct mlink *l;

	for (l = sim.active.next; l != &sim.active; l = l->next) {
		struct mcpu *c = mlink_entry(l, struct mcpu, active);

		if (cpu_able(c))
			add(&n, CAND_CPU, c, c->curr ? c->curr : rq_first(c));
	}
	return n;
}

/* CPUs whose burn or wait ends at this instant and who do not stand in `active` yet. */
static unsigned int add_ending(unsigned int n)
{
	unsigned int from = n, i;
	size_t at[64], top = 0;

	if (sim.nr_busy && sim.heap[0]->time <= sim.now)
		at[top++] = 0;
	/* What is due lies together at the top of the heap. */
	while (top) {
		size_t i = at[--top], kid;
		const struct event *ev = sim.heap[i];
		const struct mcpu *c = &sim.cpus[ev->cpu];

		if (ev->class == EV_BUSY && !(mlink_on(&c->active) && cpu_able(c)))
			add(&n, CAND_CPU, c, c->curr);
		for (kid = 2 * i + 1; kid <= 2 * i + 2 && kid < sim.nr_events; kid++)
			if (sim.heap[kid]->time <= sim.now && top < 64)
				at[top++] = kid;
	}
	/* In their order: a heap has none among brothers. */
	for (i = from; i + 1 < n; i++) {
		unsigned int first = i, k;
		struct candidate c;

		for (k = i + 1; k < n; k++)
			if (event_before(&sim.cpus[sim.cand[k].cpu].ev[EV_BUSY],
					 &sim.cpus[sim.cand[first].cpu].ev[EV_BUSY]))
				first = k;
		c = sim.cand[i];
		sim.cand[i] = sim.cand[first];
		sim.cand[first] = c;
	}
	return n;
}

static unsigned int add_peers(unsigned int n, const struct mtask *me)
{
	const struct mcpu *c = cpu_of(me);
	struct mlink *l;

	for (l = c->ready.next; l != &c->ready; l = l->next) {
		struct mtask *p = mlink_entry(l, struct mtask, rq);

		if (p->prio > me->prio)
			break;
		add(&n, CAND_PEER, c, p);
	}
	return n;
}

/* All that could go on now, the task at hand first if there is one. */
static unsigned int collect(struct mtask *me, enum mach_point op, const void *obj)
{
	unsigned int n = 0;

	if (me) {
		struct candidate *c = add(&n, CAND_GO_ON, cpu_of(me), me);

		c->op = op;
		c->obj = obj;
	} else if (!first_irq()) {
		while (busy_event_due())
			;
		first_active();
	}
	n = add_irqs(n);
	n = add_active(n);
	n = add_ending(n);
	if (me && may_preempt(me))
		n = add_peers(n, me);
	return n;
}

static unsigned int ask(unsigned int n, bool forced)
{
	const struct choice c = { sim.cand, n, forced };
	unsigned int pick;

	/* The C library's functions, by which names are compared, report to ThreadSanitizer. */
	race_ignore();
	pick = sim.strategy->pick(&c);
	if (pick < n)
		schedule_note(&c, pick, sim.steps);
	race_watch();
	switch (pick) {
	case CHOICE_CUT:
		sim_cut();
	case CHOICE_LOST:
		sim_stop(VERDICT_DIVERGED, "at step %llu the run is not the one that was written down",
			 (unsigned long long)sim.steps);
	default:
		return pick;
	}
}

bool choose(struct mtask *me, enum mach_point op, const void *obj, struct candidate *out)
{
	unsigned int n = collect(me, op, obj);

	if (!n)
		return false;
	sim.choices += n > 1;
	*out = sim.cand[n > 1 || sim.strategy->always ? ask(n, !me) : 0];
	return true;
}

bool choose_fault(struct mtask *me)
{
	unsigned int n = 0;

	add(&n, CAND_GO_ON, cpu_of(me), me)->op = MP_FAULT;
	add(&n, CAND_FAULT, cpu_of(me), me);
	sim.choices++;
	return ask(n, false);
}
