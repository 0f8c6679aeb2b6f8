/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Who goes next: a strategy answers at each choice.
 *
 * The scheduler offers what could happen now, in one fixed order; candidate 0 is
 * what the default would take (to go on with the task at hand, if it can).  The
 * answer is an index.  A strategy is one struct strategy:
 *
 *	strategy.c		default, random, and the table of all
 *	strategy-pct.c		random priorities with d - 1 drops
 *	strategy-search.c	exhaustive: bounded, sleep
 *	strategy-replay.c	a schedule that was written down (schedule.h)
 *
 * A strategy may be good for one run (its specification says all of it) or for many:
 * then run 0, 1, ... are different schedules, and next() says whether there is
 * another.  What a run does may depend on its number and on the runs before, never
 * on an address or on real time.
 */
#ifndef WQLAB_STRATEGY_H
#define WQLAB_STRATEGY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "wqlab/mach.h"

enum candidate_kind {
	CAND_GO_ON,		/* the task at hand goes on */
	CAND_IRQ,		/* a timer interrupt that is due */
	CAND_CPU,		/* another virtual CPU goes on */
	CAND_PEER,		/* another task takes this virtual CPU */
	CAND_FAULT,		/* what the task at hand asked for fails */
};

struct candidate {
	enum candidate_kind kind;
	unsigned int cpu;
	unsigned int task;	/* id; 0 when it is not a task's turn */
	enum mach_point op;	/* what it does then; MP_NR: not known */
	const void *obj;	/* to what; only its identity */
};

/* What a strategy is asked. */
struct choice {
	const struct candidate *cand;
	unsigned int n;		/* two or more; for those that are always asked one or more */
	bool forced;		/* nobody can just go on: none of them is a preemption */
};

/* Instead of an index: this run is of no use, drop it. */
#define CHOICE_CUT	(~0u)
/* Or: the run does not repeat what an earlier one did up to here. */
#define CHOICE_LOST	(~1u)

struct strategy {
	const char *name;
	const char *usage;	/* how it is written, with its arguments */
	bool fixed;		/* never asks: candidate 0 always */
	bool many;		/* makes sense for many runs only */
	bool always;		/* is asked also where there is but one candidate */
	/* Read the text behind "NAME:"; NULL: there is none.  False: cannot be understood. */
	bool (*setup)(const char *args);
	/* Run number `run` begins. */
	void (*begin)(uint64_t run);
	unsigned int (*pick)(const struct choice *c);
	/* The first task ends: whatever is wrong with the run as a whole is said now; NULL: nothing is. */
	void (*over)(void);
	/* After a run: prepare the one after it.  False: there is none.  NULL: there always is. */
	bool (*next)(void);
	/* Of the exhaustive ones: parts in a million of the space that are done; NULL: not known. */
	unsigned int (*done)(void);
	/* Share the space with others: this process takes part `part` of `parts`. */
	void (*share)(unsigned int part, unsigned int parts);
};

/*
 * The strategy that a specification names, set up: NULL or "default", or
 * "NAME[:ARGUMENTS]".  NULL and a sentence in mach_set_error() if it cannot be
 * understood.  There is one of each kind in a process.
 */
const struct strategy *strategy_find(const char *spec);

extern const struct strategy strategy_default, strategy_pct, strategy_bounded, strategy_sleep, strategy_replay, strategy_fit;

/* strategy-search.c: preemptions that the bounded search allows just now. */
unsigned int strategy_bounded_at(void);

/* strategy.c, for the strategies: a number at *s, which is moved behind it. */
bool strategy_number(const char **s, uint64_t *out);

/* strategy.c: xorshift64*, seeded through splitmix64; the same numbers everywhere (decision 21). */
struct rng {
	uint64_t state;
};
void rng_seed(struct rng *r, uint64_t seed);
uint64_t rng_next(struct rng *r);
/* A number below n, without the bias that matters: n is tiny beside 2^32. */
unsigned int rng_below(struct rng *r, unsigned int n);

#endif
