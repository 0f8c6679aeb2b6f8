// SPDX-License-Identifier: GPL-2.0-only
/*
 * The explorer: boots once, plays schedule after schedule, and makes the one that
 * fails small.
 *
 *	host                               init
 *	 boot ------------------------------> engines up
 *	 keep the machine  <----------------- machine_explore_from_here()
 *	 (the last one counts)  ------------> the test, default schedule: the first run
 *	 judge             <----------------- over
 *	 put it back, strategy->begin() ----> the test again, another schedule
 *	 judge             <----------------- over
 *	 ...
 *	 failed: minimise by the same means
 *
 * Minimising has two parts.  First a bounded search looks for the same failure with
 * fewer preemptions than the one found: few are what a person can follow.  Then
 * deviations are taken out, many at first and one by one at last, as long as what is
 * left still fails in the same way (delta debugging, Zeller and Hildebrandt 2002).
 * "The same way" is the same headline, numbers aside.
 *
 * Where no machine can be kept, each run boots; the phases are the same.
 *
 * Owns `x`.  Locking: it belongs to the host, and to init in mach_explore_from_here()
 * alone.  The state may be watched by another process, which takes it as it finds it.
 *
 * Read next: snapshot.c; strategy-search.c.
 */
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "explore.h"
#include "schedule.h"
#include "sim.h"
#include "snapshot.h"
#include "wqlab/explore.h"

#define RECORD_ROOM	8192		/* deviations of a run that are written down */
#define FEWER_RUNS	20000		/* of the search for fewer preemptions */
#define CLOCK_EVERY	64		/* runs between two looks at the real clock */

enum phase {
	PH_FIRST,		/* the default schedule, which also says where runs begin */
	PH_SEARCH,
	PH_FEWER,		/* the same failure with fewer preemptions */
	PH_SHRINK,		/* the same failure with fewer deviations */
	PH_OVER,
};

static struct {
	bool on;
	const struct explore_config *how;
	struct explore_state *state;	/* ours: the caller's may lie where a restore reaches */
	struct explore_state *shown;	/* the caller's */
	const struct strategy *strategy;
	enum phase phase;
	bool kept;			/* the machine can be put back */
	unsigned int from_here, calls;	/* calls of machine_explore_from_here(): of the first run, of this one */
	bool keep_now;			/* init asks for it */
	unsigned int parts;		/* processes that search */
	uint64_t run;			/* number of the run, as the strategy counts */
	uint64_t until;			/* real time, ns; 0: no limit */
	uint64_t choices0, steps0;	/* where runs begin */
	struct schedule *record;	/* of the run at hand */
	struct schedule *best;		/* the smallest that fails so far */
	struct schedule *trial;		/* best without a part */
	unsigned int chunk, at;		/* the part that is left out */
	bool removed;			/* something could be left out in this round */
} x;

static uint64_t real_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000000u + (uint64_t)ts.tv_nsec;
}

bool explore_on(void)
{
	return x.on;
}

/* ---- where runs begin ---- */

void machine_explore_from_here(void)
{
	struct mtask *me = mach_current;

	if (!me || me != sim.init || sim.stopped)
		return;
	story_from_here();
	if (!x.on)
		return;
	x.calls++;
	if (x.phase != PH_FIRST && (x.kept || x.calls != x.from_here))
		return;
	x.keep_now = true;
	sim.carriers->switch_to(NULL);
	mach_current = me;
}

void machine_explore_till_here(void)
{
	if (!mach_current || mach_current != sim.init || sim.stopped)
		return;
	story_till_here();
	if (!x.on)
		return;
	sim.strategy = &strategy_default;
	/* Where runs begin is known, and what they leave behind does not matter. */
	if (x.kept && x.phase != PH_FIRST && !x.how->shutdown)
		sim_end();
}

static void keep(void)
{
	snapshot_begin();
	snapshot_add(&sim, sizeof(sim));
	snapshot_add(sim.cpus, sim.cfg.cpus * sizeof(*sim.cpus));
	snapshot_add(sim.heap, (size_t)sim.cfg.cpus * EV_NR * sizeof(*sim.heap));
	machine_keep();
	arena_keep();
	fibers_keep();
}

static void put_back(void)
{
	struct candidate *cand = sim.cand;
	size_t max = sim.cand_max;

	arena_rewind();
	snapshot_restore();
	machine_restored();
	fibers_restored();
	sim_runs++;
	sim.cand = cand;
	sim.cand_max = max;
}

/* A run begins in earnest. */
static void begin(void)
{
	sim.strategy = x.phase == PH_FIRST ? &strategy_default :
		       x.phase == PH_SEARCH ? x.strategy :
		       x.phase == PH_FEWER ? &strategy_bounded : &strategy_replay;
	if (x.phase == PH_SHRINK)
		replay_follow(x.trial, false);
	if (sim.strategy->begin)
		sim.strategy->begin(x.phase == PH_SEARCH && !x.strategy->next ?
				    x.run * x.parts + x.how->part : x.run);
	schedule_record(x.record);
	x.choices0 = sim.choices;
	x.steps0 = sim.steps;
}

const struct strategy *explore_booted(void)
{
	x.calls = 0;
	schedule_record(NULL);
	return &strategy_default;
}

/* ---- the small one ---- */

static void copy_schedule(struct schedule *to, const struct schedule *from)
{
	to->nr = from->nr < to->room ? from->nr : to->room;
	to->whole = from->whole && from->nr <= to->room;
	memcpy(to->dev, from->dev, to->nr * sizeof(from->dev[0]));
}

/* Two headlines tell of the same failure: they differ in numbers only. */
static bool same_failure(const char *a, const char *b)
{
	for (;;) {
		while (*a >= '0' && *a <= '9')
			a++;
		while (*b >= '0' && *b <= '9')
			b++;
		if (*a != *b)
			return false;
		if (!*a)
			return true;
		a++;
		b++;
	}
}

static unsigned int preemptions(const struct schedule *s)
{
	unsigned int n = 0, i;

	for (i = 0; i < s->nr; i++)
		n += s->dev[i].op != MP_NR;
	return n;
}

static void start_shrinking(void)
{
	x.phase = PH_SHRINK;
	x.chunk = x.best->nr;
	x.at = 0;
	x.removed = false;
}

/* The next trial: best without the part at hand.  False: nothing is left to try. */
static bool next_trial(void)
{
	unsigned int i;

	if (!x.best->nr)
		return false;
	while (x.at >= x.best->nr) {
		if (x.chunk == 1 && !x.removed)
			return false;
		x.chunk = x.chunk > 1 ? (x.chunk + 1) / 2 : 1;
		x.at = 0;
		x.removed = false;
	}
	x.trial->nr = 0;
	for (i = 0; i < x.best->nr; i++)
		if (i < x.at || i >= x.at + x.chunk)
			x.trial->dev[x.trial->nr++] = x.best->dev[i];
	return true;
}

/* ---- judging ---- */

static bool run_failed(void)
{
	return sim.verdict != VERDICT_OK || machine.warnings || (sim.up->failed && sim.up->failed());
}

static void headline(char *buf, size_t size)
{
	char *report = mach_report_take();

	if (sim.verdict != VERDICT_OK)
		snprintf(buf, size, "%.*s", (int)strcspn(report, "\n"), report);
	else if (machine.warnings)
		mach_first_warning(buf, size);
	else
		snprintf(buf, size, "the test says that it failed");
	free(report);
}

static void publish(void)
{
	char *text = schedule_text(x.best);

	x.state->length = x.best->nr;
	if (text && x.best->whole && strlen(text) < sizeof(x.state->schedule))
		strcpy(x.state->schedule, text);
	free(text);
}

static void met(const char *line)
{
	struct explore_state *st = x.state;

	st->failed = true;
	st->verdict = sim.verdict;
	st->met_after = st->schedules;
	st->met_length = x.record->nr;
	snprintf(st->headline, sizeof(st->headline), "%s", line);
	copy_schedule(x.best, x.record);
	publish();
	if (x.how->no_minimise || !x.best->whole) {
		x.phase = PH_OVER;
	} else if (preemptions(x.best) && x.strategy != &strategy_bounded) {
		x.phase = PH_FEWER;
		x.run = 0;
		strategy_bounded.setup("2");
	} else {
		start_shrinking();
	}
}

static bool out_of_budget(void)
{
	const struct explore_state *st = x.state;

	if (x.how->schedules && st->schedules >= x.how->schedules)
		return true;
	return x.until && st->schedules % CLOCK_EVERY == 0 && real_now() >= x.until;
}

/* Let the caller see how far we are. */
static void show(void)
{
	memcpy(x.shown, x.state, offsetof(struct explore_state, complete));
}

static void count_run(void)
{
	struct explore_state *st = x.state;
	uint64_t choices = sim.choices - x.choices0;

	if (sim.was_cut) {
		st->cut++;
	} else {
		st->schedules++;
		st->choices += choices;
		st->steps += sim.steps - x.steps0;
		if (choices > st->longest)
			st->longest = choices;
	}
	if (x.strategy == &strategy_bounded)
		st->bound = strategy_bounded_at();
	if (st->schedules % CLOCK_EVERY)
		return;
	if (x.strategy->done)
		st->done = x.strategy->done();
	show();
}

static void search_on(void)
{
	count_run();
	if (run_failed()) {
		char line[256];

		headline(line, sizeof(line));
		met(line);
		return;
	}
	if (x.phase == PH_FIRST) {
		x.phase = PH_SEARCH;
		x.from_here = x.calls;
		x.run = 0;
		/* The exhaustive ones begin with the default's schedule too. */
		x.state->schedules -= x.strategy->next != NULL;
	} else {
		x.run++;
		if (x.strategy->next && !x.strategy->next()) {
			x.state->complete = true;
			x.phase = PH_OVER;
		}
	}
	if (out_of_budget())
		x.phase = PH_OVER;
}

static void fewer_on(void)
{
	char line[256] = "";
	bool failed = run_failed();

	if (failed)
		headline(line, sizeof(line));
	if (failed && same_failure(line, x.state->headline)) {
		if (preemptions(x.record) < preemptions(x.best)) {
			copy_schedule(x.best, x.record);
			publish();
		}
		start_shrinking();
		return;
	}
	if (++x.run == FEWER_RUNS || !strategy_bounded.next())
		start_shrinking();
}

static void shrink_on(void)
{
	char line[256] = "";

	if (run_failed()) {
		headline(line, sizeof(line));
		if (same_failure(line, x.state->headline) && x.record->whole &&
		    x.record->nr < x.best->nr) {
			copy_schedule(x.best, x.record);
			publish();
			snprintf(x.state->headline, sizeof(x.state->headline), "%s", line);
			x.removed = true;
			return;		/* what follows has moved up to the same place */
		}
	}
	x.at += x.chunk;
}

/* What a run that is over means for those to come; false: there are none. */
static bool judge(void)
{
	switch (x.phase) {
	case PH_FIRST:
	case PH_SEARCH:
		search_on();
		break;
	case PH_FEWER:
		fewer_on();
		break;
	case PH_SHRINK:
		shrink_on();
		break;
	case PH_OVER:
		break;
	}
	if (x.phase == PH_SHRINK && !next_trial())
		x.phase = PH_OVER;
	free(mach_report_take());
	return x.phase != PH_OVER;
}

bool explore_again(void)
{
	if (!x.on)
		return false;
	if (x.keep_now) {
		x.keep_now = false;
		if (x.phase == PH_FIRST && x.kept)
			keep();
		begin();
		return true;
	}
	if (!judge() || !x.kept)
		return false;
	put_back();
	begin();
	return true;
}

/* ---- from outside ---- */

static int prepare(const struct machine_config *cfg, const struct explore_config *how)
{
	unsigned int parts = how->parts ? how->parts : 1;

	if (strcmp(cfg->kind, machine_sim.kind)) {
		mach_set_error("schedules cannot be explored on the native machine: expected \"sim\"");
		return -1;
	}
	x.strategy = strategy_find(how->strategy ? how->strategy : "bounded");
	if (!x.strategy)
		return -1;
	if (x.strategy->fixed || x.strategy == &strategy_replay || x.strategy == &strategy_fit) {
		mach_set_error("strategy \"%s\" has one schedule: expected one that has many", x.strategy->name);
		return -1;
	}
	if (how->part >= parts || (parts > 1 && x.strategy->next && !x.strategy->share)) {
		mach_set_error("strategy \"%s\" cannot be divided into %u parts", x.strategy->name, parts);
		return -1;
	}
	if (x.strategy->share)
		x.strategy->share(how->part, parts);
	return 0;
}

static void drop(void)
{
	snapshot_drop();
	schedule_record(NULL);
	replay_follow(NULL, true);
	free(mach_report_take());
	free(mach_log_take());
	free(x.state);
	if (x.how && !x.how->record)
		free(x.record);
	free(x.best);
	free(x.trial);
	memset(&x, 0, sizeof(x));
}

int mach_explore(const struct machine_config *cfg, const struct mach_upcalls *up,
		 struct mtask *(*make_first)(void *arg),
		 void (*ready)(const struct machine_config *cfg, void *arg), void *arg,
		 const struct explore_config *how, struct explore_state *state)
{
	struct machine_result res;
	int err;

	memset(&x, 0, sizeof(x));
	if (prepare(cfg, how))
		return -1;
	x.how = how;
	x.parts = how->parts ? how->parts : 1;
	x.state = calloc(1, sizeof(*x.state));
	x.shown = state;
	x.record = how->record ? schedule_in(how->record, how->record_size) : schedule_new(RECORD_ROOM);
	x.best = schedule_new(RECORD_ROOM);
	x.trial = schedule_new(RECORD_ROOM);
	if (!x.state || !x.record || !x.best || !x.trial) {
		mach_set_error("no memory for the schedules of a search");
		drop();
		return -1;
	}
	x.until = how->real_ns ? real_now() + how->real_ns : 0;
	x.kept = x.state->snapshots = snapshot_possible() && sim_may_be_kept(cfg);
	x.on = true;
	do {
		ready(cfg, arg);
		err = mach_run(cfg, up, make_first, arg, &res);
	} while (!err && x.phase != PH_OVER);
	if (x.strategy->done)
		x.state->done = x.state->complete ? 1000000 : x.strategy->done();
	*state = *x.state;
	drop();
	return err;
}
