// SPDX-License-Identifier: GPL-2.0-only
/*
 * The simple strategies, and the table of all: "default" goes on wherever it can,
 * which is what people read and step through; "random" gives way with a probability,
 * to all candidates alike.
 *
 * A fault is offered less often than a switch: a run in which every other allocation
 * fails is over before anything of interest happens.
 *
 * Locking: all state belongs to the token (sim.h).  Read next: strategy-pct.c,
 * then sim-choose.c, who asks.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "strategy.h"

#define RANDOM_PERCENT	20	/* how often a random run gives way where it could go on */
#define FAULTS_RARER	8	/* and how much rarer a fault is */

void rng_seed(struct rng *r, uint64_t seed)
{
	uint64_t z = seed + UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	z ^= z >> 31;
	r->state = z ? z : 1;
}

uint64_t rng_next(struct rng *r)
{
	uint64_t x = r->state;

	x ^= x >> 12;
	x ^= x << 25;
	x ^= x >> 27;
	r->state = x;
	return x * UINT64_C(0x2545f4914f6cdd1d);
}

unsigned int rng_below(struct rng *r, unsigned int n)
{
	return (unsigned int)(((rng_next(r) >> 32) * n) >> 32);
}

bool strategy_number(const char **s, uint64_t *out)
{
	char *end;

	if (**s < '0' || **s > '9')
		return false;
	errno = 0;
	*out = strtoull(*s, &end, (*s)[1] == 'x' ? 16 : 10);
	if (errno || end == *s)
		return false;
	*s = end;
	return true;
}

/* ---- random:SEED[,p=PERCENT] ---- */

static struct {
	struct rng rng;
	uint64_t seed;
	unsigned int percent;
} rnd;

static bool random_setup(const char *s)
{
	uint64_t p = RANDOM_PERCENT;

	if (!s || !strategy_number(&s, &rnd.seed))
		return false;
	if (!strncmp(s, ",p=", 3)) {
		s += 3;
		if (!strategy_number(&s, &p) || p > 100)
			return false;
	}
	rnd.percent = (unsigned int)p;
	return !*s;
}

static void random_begin(uint64_t run)
{
	rng_seed(&rnd.rng, rnd.seed + run);
}

static unsigned int random_pick(const struct choice *c)
{
	if (c->forced)
		return rng_below(&rnd.rng, c->n);
	if (c->cand[1].kind == CAND_FAULT)
		return rng_below(&rnd.rng, 100 * FAULTS_RARER) < rnd.percent;
	if (rng_below(&rnd.rng, 100) >= rnd.percent)
		return 0;
	return 1 + rng_below(&rnd.rng, c->n - 1);
}

static const struct strategy strategy_random = {
	.name	= "random",
	.usage	= "random:SEED[,p=PERCENT]",
	.setup	= random_setup,
	.begin	= random_begin,
	.pick	= random_pick,
};

/* ---- default ---- */

static bool default_setup(const char *s)
{
	return !s;
}

const struct strategy strategy_default = {
	.name	= "default",
	.usage	= "default",
	.fixed	= true,
	.setup	= default_setup,
};

/* ---- all of them ---- */

static const struct strategy *const strategies[] = {
	&strategy_default, &strategy_random, &strategy_pct, &strategy_bounded, &strategy_sleep,
	&strategy_replay, &strategy_fit,
};

const struct strategy *strategy_find(const char *spec)
{
	const size_t nr = sizeof(strategies) / sizeof(strategies[0]);
	char usages[256] = "";
	size_t len, i;

	if (!spec)
		spec = "default";
	len = strcspn(spec, ":");
	for (i = 0; i < nr; i++) {
		const struct strategy *s = strategies[i];

		if (strlen(s->name) != len || strncmp(s->name, spec, len))
			continue;
		mach_set_error("%s", "");
		if (s->setup(spec[len] ? spec + len + 1 : NULL))
			return s;
		/* Some say themselves what is wrong. */
		if (!*machine_error())
			mach_set_error("strategy \"%.80s\" cannot be understood: expected \"%s\"",
				       spec, s->usage);
		return NULL;
	}
	for (i = 0; i < nr; i++) {
		strcat(usages, i ? (i + 1 < nr ? ", " : " or ") : "");
		strcat(usages, strategies[i]->usage);
	}
	mach_set_error("unknown strategy \"%.80s\": expected %s", spec, usages);
	return NULL;
}
