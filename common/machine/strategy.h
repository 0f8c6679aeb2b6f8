/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Who goes next: a strategy answers at each choice point.
 *
 * The scheduler offers what could go on now, in one fixed order; candidate 0 is
 * what the default would take (to go on with the task at hand, if it can).  The
 * answer is an index.  Strategies join by filling in a struct strategy.
 */
#ifndef WQLAB_STRATEGY_H
#define WQLAB_STRATEGY_H

#include <stdbool.h>
#include <stdint.h>

enum candidate_kind {
	CAND_GO_ON,		/* the task at hand goes on */
	CAND_IRQ,		/* a timer interrupt that is due */
	CAND_CPU,		/* another virtual CPU goes on */
	CAND_PEER,		/* another task takes this virtual CPU */
};

struct candidate {
	enum candidate_kind kind;
	unsigned int cpu;
	unsigned int task;	/* id; 0 when it is not a task's turn */
};

struct strategy {
	const char *name;
	/* Never asks: candidate 0 always. */
	bool fixed;
	/* Pick one of n >= 2 candidates; `forced` when nobody can just go on. */
	unsigned int (*pick)(const struct candidate *c, unsigned int n, bool forced);
};

/*
 * Choose the strategy that a specification names and seed it.
 * "default" or NULL, "random:SEED[,p=PERCENT]".  NULL and a sentence in
 * mach_set_error() if it cannot be understood.
 */
const struct strategy *strategy_find(const char *spec, uint64_t *seed, unsigned int *percent);
/* Start over from the seed; at each boot. */
void strategy_random_seed(uint64_t seed, unsigned int percent);

#endif
