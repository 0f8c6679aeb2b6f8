// SPDX-License-Identifier: GPL-2.0-only
/*
 * The contended part of locks: waiters are served in the order they came, as
 * the ticket locks of both kernels do.
 *
 * A waiter keeps its virtual CPU busy; interrupts still hit it if they are on.
 * Releasing hands the lock over: it is never free while somebody waits.
 *
 * Owns sim.spinners.  Locking: the token (sim.h).  Read next: strategy.c.
 */
#include "sim.h"

/* A waiter, on its own stack. */
struct waiter {
	struct mlock *lock;
	struct mtask *task;
	bool granted;
	struct mlink link;		/* in sim.spinners */
};

void sim_lock_slow(struct mlock *l)
{
	struct mtask *t = mach_current;
	struct mcpu *c = cpu_of(t);
	struct waiter w = { .lock = l, .task = t };

	l->word = 2;
	mlink_before(&w.link, &sim.spinners);
	t->relaxing = false;
	while (!w.granted) {
		c->state = CPU_SPIN;
		give_way();
		if (c->irq_now)
			serve_irq(t);
	}
	c->state = CPU_GOING;
	mlink_del(&c->active);
}

void sim_unlock_slow(struct mlock *l)
{
	struct waiter *first = NULL;
	struct mlink *p;
	struct mcpu *c;
	bool more = false;

	for (p = sim.spinners.next; p != &sim.spinners && !more; p = p->next) {
		struct waiter *w = mlink_entry(p, struct waiter, link);

		if (w->lock != l)
			continue;
		if (first)
			more = true;
		else
			first = w;
	}
	if (!first) {
		l->word = 0;
		return;
	}
	mlink_del(&first->link);
	first->granted = true;
	l->word = more ? 2 : 1;
	l->owner = first->task;
	sim.progress++;
	c = cpu_of(first->task);
	/* In the middle of an interrupt it finds the lock granted when that is over. */
	if (c->state == CPU_SPIN) {
		c->state = CPU_GOING;
		cpu_activate(c);
	}
}
