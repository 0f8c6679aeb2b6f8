// SPDX-License-Identifier: GPL-2.0-only
/*
 * The strategies: "default" goes on wherever it can, which is what people read
 * and step through; "random" gives way with a probability, to all candidates alike.
 *
 * The generator is xorshift64* seeded through splitmix64: small, the same on
 * every machine, and without floating point (decision 21).
 *
 * Locking: the generator belongs to the token (sim.h).  Read next: sim-sched.c,
 * collect() and mach_point_slow().
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "strategy.h"
#include "wqlab/mach.h"

#define RANDOM_PERCENT	20	/* how often a random run gives way where it could go on */

static uint64_t rng;
static unsigned int give_way_percent;

static uint64_t rng_next(void)
{
	rng ^= rng >> 12;
	rng ^= rng << 25;
	rng ^= rng >> 27;
	return rng * UINT64_C(0x2545f4914f6cdd1d);
}

/* A number below n, without the bias that matters: n is tiny beside 2^32. */
static unsigned int rng_below(unsigned int n)
{
	return (unsigned int)(((rng_next() >> 32) * n) >> 32);
}

void strategy_random_seed(uint64_t seed, unsigned int percent)
{
	uint64_t z = seed + UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	z ^= z >> 31;
	rng = z ? z : 1;
	give_way_percent = percent;
}

static unsigned int random_pick(const struct candidate *c, unsigned int n, bool forced)
{
	(void)c;
	if (forced)
		return rng_below(n);
	if (rng_below(100) >= give_way_percent)
		return 0;
	return 1 + rng_below(n - 1);
}

static const struct strategy strategy_default = { .name = "default", .fixed = true };
static const struct strategy strategy_random = { .name = "random", .pick = random_pick };

static bool number(const char **s, uint64_t *out)
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

const struct strategy *strategy_find(const char *spec, uint64_t *seed, unsigned int *percent)
{
	const char *s = spec;
	uint64_t p = RANDOM_PERCENT;

	*percent = RANDOM_PERCENT;
	*seed = 0;
	if (!spec || !strcmp(spec, "default"))
		return &strategy_default;
	if (strncmp(s, "random:", 7))
		goto bad;
	s += 7;
	if (!number(&s, seed))
		goto bad;
	if (!strncmp(s, ",p=", 3)) {
		s += 3;
		if (!number(&s, &p) || p > 100)
			goto bad;
	}
	if (*s)
		goto bad;
	*percent = (unsigned int)p;
	return &strategy_random;
bad:
	mach_set_error("unknown strategy \"%s\": expected \"default\" or \"random:SEED[,p=PERCENT]\"", spec);
	return NULL;
}
