// SPDX-License-Identifier: GPL-2.0-only
/*
 * Probabilistic concurrency testing: every task has a random priority, the most
 * important one that could go on does, and at d - 1 places, spread at random over
 * the run, the one at hand becomes the least important of all.  A fault that needs d
 * ordered events is found with a probability of at least 1 in n * k^(d - 1) for n
 * tasks and k steps, whatever else is in the run (Burckhardt et al., ASPLOS 2010).
 *
 * Steps count only where there was a choice.  How many there will be, k, is what
 * the longest run so far had; a single run is told by k=.
 *
 * Who waits for another without a pause would, being more important, never let it come:
 * after so many choices in a row that all were its own, a task becomes the least
 * important too.
 *
 * An interrupt that is due has a priority too: one for each virtual CPU, drawn anew
 * each time, or one CPU's timers would all come late in a run.
 *
 * Locking: all state belongs to the token (sim.h).  Read next: strategy-search.c.
 */
#include <stdlib.h>
#include <string.h>

#include "strategy.h"

#define DEPTH		3
#define MAX_DEPTH	64
#define FIRST_STEPS	100	/* k before the first run */
#define SLOTS		4096	/* tasks by id; more of them share priorities */
#define FAULTS_RARER	16
#define IN_A_ROW	1000	/* choices that one task may win without a pause */

static struct {
	struct rng rng;
	uint64_t seed, told;		/* told: k=, 0: not told */
	unsigned int depth;
	uint64_t steps, longest;	/* with a choice; in this run, in the longest */
	uint64_t drop[MAX_DEPTH];	/* when */
	uint32_t prio[SLOTS];		/* by task id; 0: not drawn yet; small: dropped */
	unsigned int drawn;		/* highest slot in use plus 1 */
	uint32_t lowest;		/* next priority to drop to */
	unsigned int winner, row;	/* who won the last choices, and how many */
} pct;

static bool pct_setup(const char *s)
{
	uint64_t depth = DEPTH, told = 0;

	if (!s || !strategy_number(&s, &pct.seed))
		return false;
	if (!strncmp(s, ",d=", 3)) {
		s += 3;
		if (!strategy_number(&s, &depth) || !depth || depth > MAX_DEPTH)
			return false;
	}
	if (!strncmp(s, ",k=", 3)) {
		s += 3;
		if (!strategy_number(&s, &told) || !told || told > UINT32_MAX)
			return false;
	}
	pct.depth = (unsigned int)depth;
	pct.told = told;
	pct.longest = 0;
	return !*s;
}

static void pct_begin(uint64_t run)
{
	uint64_t k;
	unsigned int i;

	if (pct.steps > pct.longest)
		pct.longest = pct.steps;
	k = pct.told ? pct.told : pct.longest ? pct.longest : FIRST_STEPS;
	rng_seed(&pct.rng, pct.seed + run);
	pct.steps = 0;
	memset(pct.prio, 0, pct.drawn * sizeof(pct.prio[0]));
	pct.drawn = 0;
	pct.lowest = MAX_DEPTH;
	pct.row = 0;
	for (i = 0; i + 1 < pct.depth; i++)
		pct.drop[i] = 1 + rng_below(&pct.rng, (unsigned int)k);
}

/* Above all that a drop can leave. */
static uint32_t draw(void)
{
	return MAX_DEPTH + 1 + (uint32_t)(rng_next(&pct.rng) >> 33);
}

static uint32_t *slot(const struct candidate *c)
{
	unsigned int i = c->task % SLOTS;

	if (i >= pct.drawn)
		pct.drawn = i + 1;
	if (!pct.prio[i])
		pct.prio[i] = draw();
	return &pct.prio[i];
}

static unsigned int pct_pick(const struct choice *c)
{
	unsigned int best = 0, i;
	uint32_t prio, top = 0;

	if (c->cand[1].kind == CAND_FAULT)
		return !rng_below(&pct.rng, FAULTS_RARER);
	pct.steps++;
	for (i = 0; !c->forced && i + 1 < pct.depth; i++)
		if (pct.drop[i] == pct.steps)
			*slot(&c->cand[0]) = pct.lowest--;
	for (i = 0; i < c->n; i++) {
		prio = c->cand[i].kind == CAND_IRQ ? draw() : *slot(&c->cand[i]);
		if (prio > top) {
			top = prio;
			best = i;
		}
	}
	if (c->cand[best].kind == CAND_IRQ || c->cand[best].task != pct.winner)
		pct.row = 0;
	pct.winner = c->cand[best].task;
	if (++pct.row == IN_A_ROW) {
		*slot(&c->cand[best]) = 1;
		pct.row = 0;
	}
	return best;
}

const struct strategy strategy_pct = {
	.name	= "pct",
	.usage	= "pct:SEED[,d=DEPTH][,k=STEPS]",
	.setup	= pct_setup,
	.begin	= pct_begin,
	.pick	= pct_pick,
};
