// SPDX-License-Identifier: GPL-2.0-only
/*
 * A schedule that was written down, played again: default everywhere but at the steps
 * it names.
 *
 * Exactly: a step where nobody of that name could go, or another operation stands,
 * ends the run with a sentence, since what follows would be another run.  Else (the
 * schedule is of another build, or somebody takes parts out of it to see whether the
 * fault is still met) a deviation that does not fit in its place is tried at the
 * choices after it, until the next one's turn comes.
 *
 * Locking: all state belongs to the token (sim.h).  Read next: explore.c.
 */
#include <stdlib.h>
#include <string.h>

#include "schedule.h"
#include "sim.h"
#include "wqlab/explore.h"

static struct {
	struct schedule *own;		/* read from a specification */
	const struct schedule *s;
	bool exact;
	unsigned int next;		/* the deviation whose turn it is */
	struct machine_fit fit;
} replay;

static bool fit_setup(const char *args)
{
	free(replay.own);
	replay.own = schedule_read(args ? args : "");
	replay.s = replay.own;
	replay.exact = false;
	return replay.own;
}

static bool replay_setup(const char *args)
{
	bool ok = fit_setup(args);

	replay.exact = true;
	return ok;
}

void replay_follow(const struct schedule *s, bool exact)
{
	replay.s = s ? s : replay.own;
	replay.exact = exact;
}

struct machine_fit machine_schedule_fit(void)
{
	struct machine_fit fit = replay.fit;

	if (replay.s)
		fit.lost += replay.s->nr - replay.next;
	return fit;
}

static void replay_begin(uint64_t run)
{
	(void)run;
	replay.next = 0;
	replay.fit = (struct machine_fit){ 0 };
}

static bool op_fits(const struct deviation *d, const struct choice *c)
{
	return d->op == (c->forced ? MP_NR : c->cand[0].op);
}

static unsigned int replay_pick(const struct choice *c)
{
	const struct schedule *s = replay.s;
	const struct deviation *d;
	unsigned int pick;

	/* One whose turn went by without fitting anywhere is given up when the next one's comes. */
	while (replay.next + 1 < s->nr && s->dev[replay.next + 1].step <= sim.steps) {
		replay.next++;
		replay.fit.lost++;
	}
	if (replay.next == s->nr)
		return 0;
	d = &s->dev[replay.next];
	if (sim.steps < d->step)
		return 0;
	pick = op_fits(d, c) ? schedule_find(d, c) : c->n;
	if (pick == c->n)
		return replay.exact ? CHOICE_LOST : 0;
	if (sim.steps == d->step)
		replay.fit.exact++;
	else
		replay.fit.later++;
	replay.next++;
	return pick;
}

static void replay_over(void)
{
	const struct schedule *s = replay.s;

	if (replay.exact && replay.next < s->nr)
		sim_stop(VERDICT_DIVERGED, "the run ended before step %u, at which it was to leave the default",
			 s->dev[replay.next].step);
}

const struct strategy strategy_replay = {
	.name	= "replay",
	.usage	= "replay:SCHEDULE",
	.setup	= replay_setup,
	.begin	= replay_begin,
	.pick	= replay_pick,
	.over	= replay_over,
};

const struct strategy strategy_fit = {
	.name	= "fit",
	.usage	= "fit:SCHEDULE",
	.setup	= fit_setup,
	.begin	= replay_begin,
	.pick	= replay_pick,
};
