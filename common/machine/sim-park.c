// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the kernel services ask for a task: to block or wake it, to give it another
 * CPU or priority, to let a more urgent one go first, to end it.
 *
 *	           sim_unpark                 dispatch
 *	NEW, PARKED -----------> READY -----------------------> CURR
 *	     ^                     ^                             |
 *	     |                     `--- sim_preempt, sim_move -|
 *	     `---------------------------- sim_park ------------+--> DEAD
 *
 * An unpark that finds its task on a CPU leaves a permit, which the next park
 * takes instead of blocking: so a wake-up between "I shall sleep" and the park is
 * not lost.
 *
 * Locking: the token (sim.h).
 *
 * Read next: sim-clock.c.
 */
#include "sim.h"

void sim_park(bool watch)
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

/* @t became ready on @c: does that CPU have to turn to it? */
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

void sim_unpark(struct mtask *t, unsigned int cpu)
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
		sim_burn(sim.cfg.costs.wake_ns);
	sim_preempt();
}

bool mach_need_resched(void)
{
	return mach_points_on && mach_current && cpu_of(mach_current)->need_resched;
}

void sim_preempt(void)
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

/*
 * Everybody else who can go on at this instant goes first, until all have blocked or
 * wait for the clock.
 */
void sim_settle(void)
{
	const struct strategy *strategy = sim.strategy;
	struct mtask *t = mach_current;
	int prio = t->prio;

	/* The default way: another might choose us again and again. */
	sim.strategy = &strategy_default;
	t->prio = MACH_PRIO_IDLE + 1;
	do {
		requeue_curr(cpu_of(t), false);
		cpu_activate(cpu_of(t));
		wait_dispatched(t);
	} while (first_irq() || first_active());
	t->prio = prio;
	sim.strategy = strategy;
}

void sim_move(struct mtask *t, unsigned int cpu)
{
	struct mcpu *to = &sim.cpus[cpu], *from;
	bool self = t == mach_current;

	/* Where it executes something atomic we wait, as the kernel does; if we may. */
	while (t->run == MR_CURR && !may_preempt(t) && !self && may_preempt(mach_current))
		sim_relax();
	from = cpu_of(t);
	switch (t->run) {
	case MR_READY:
		mlink_del(&t->rq);
		/* Whoever left the CPU to it has not been shown to leave; he may soon be gone. */
		if (!from->curr && mlink_empty(&from->ready))
			show_switch(from, NULL);
		break;
	case MR_CURR:
		/* It moves when it next wakes. */
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
		sim_preempt();		/* it may have come here, and be more urgent */
}

void sim_set_prio(struct mtask *t, int prio)
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
	sim_preempt();
}

/* Who is to leave a CPU next: nobody goes while the one who has it may not be preempted. */
static struct mtask *to_evict(const struct mcpu *c)
{
	if (!c->curr || c->curr == c->idle)
		return rq_first(c);
	return may_preempt(c->curr) ? c->curr : NULL;
}

static bool cpu_vacant(const struct mcpu *c)
{
	return !c->curr && !c->in_irq && mlink_empty(&c->ready);
}

/*
 * Nobody is sent here any more, so this ends when those who are here are gone.  A timer
 * interrupt that is being served is waited for too; one that is due is not taken any more.
 */
void sim_cpu_off(unsigned int cpu)
{
	struct mcpu *c = &sim.cpus[cpu];

	while (!cpu_vacant(c)) {
		struct mtask *t = to_evict(c);

		if (t)
			sim_move(t, sim.up->evicted(t));
		else
			sim_relax();
	}
	c->off = true;
	c->irq_due = false;
	mlink_del(&c->due);
	event_clear(&c->ev[EV_TIMER]);
}

void sim_cpu_on(unsigned int cpu)
{
	sim.cpus[cpu].off = false;
}

bool sim_cpu_idle(unsigned int cpu)
{
	const struct mcpu *c = &sim.cpus[cpu];

	return (!c->curr || c->curr == c->idle) && mlink_empty(&c->ready);
}

/* Is a CPU inside code that counts as a reader of RCU's sched flavour? */
static bool cpu_is_reader(const struct mcpu *c)
{
	/* On this CPU the softirq part is our own; what we interrupted shows in the rest. */
	if (c == cpu_of(mach_current))
		return mach_current->preempt_count & MACH_PREEMPT_MASK;
	return c->curr && (c->curr->preempt_count || c->curr->irqs_off);
}

/* A CPU that was seen outside once is waited for no longer. */
bool sim_quiescent(bool first)
{
	bool all = true;
	unsigned int i;

	for (i = 0; i < sim.cfg.cpus; i++) {
		struct mcpu *c = &sim.cpus[i];

		c->holdout = (first || c->holdout) && cpu_is_reader(c);
		all = all && !c->holdout;
	}
	return all;
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
