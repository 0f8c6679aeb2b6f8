/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What carries a task: a stack and a place to go on from.
 *
 * One scheduler (sim-sched.c) stands above, and never asks which kind it has.
 * Parked pthreads (carrier-pthread.c) are made for debuggers, fibers (carrier-fiber.c)
 * for speed and number; both give the same run.  All calls come from whoever holds the token
 * (sim.h): no locks.
 */
#ifndef WQLAB_CARRIER_H
#define WQLAB_CARRIER_H

#include <stdbool.h>
#include <stddef.h>

/* Opaque: each kind has its own. */
struct carrier;

struct carrier_ops {
	const char *name;		/* for people */
	/* Get ready to carry: remember the caller's own context as the host's.  0 or -1. */
	int (*begin)(void);
	/* Make a carrier that will run entry(arg) when first switched to; NULL: the host refuses. */
	struct carrier *(*create)(const char *comm, void (*entry)(void *), void *arg);
	/* Show a new name to debuggers. */
	void (*rename)(struct carrier *c, const char *comm);
	/* Leave the running context and go on with `to`; NULL: the host's. */
	void (*switch_to)(struct carrier *to);
	/* The same for good: the running carrier never comes back. */
	void (*exit_to)(struct carrier *to) __attribute__((noreturn));
	/* Whether an address lies on this one's stack. */
	bool (*on_stack)(const struct carrier *c, const void *p);
	/* Most bytes of a stack that were ever in use in this process; 0: nobody knows. */
	size_t (*deepest)(void);
	/* In the host's context: unwind whatever is still parked, free all carriers. */
	void (*end)(void);
};

extern const struct carrier_ops carrier_pthread, carrier_fiber;

#endif
