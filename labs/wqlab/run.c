// SPDX-License-Identifier: GPL-2.0-only
/*
 * One scenario played on one engine, and all that is kept of it.
 *
 * What the command line does not say, the scenario says; what neither says is
 * left to the machine's defaults.
 *
 * The console's callback is called on whatever carries the task that prints,
 * one at a time, while this thread waits in machine_run(): nothing is locked.
 *
 * Read next: main.c, which runs and shows; view-table.c.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "load.h"
#include "player-info.h"
#include "run.h"
#include "util.h"

#define DEFAULT_HZ 1000
#define HOUR UINT64_C(3600000000000)	/* ns */
#define FOR_EVER (UINT64_MAX - 1)	/* ns; one more is the machine's word for never */
#define LEVEL_ERROR 3	/* printk's KERN_ERR */

static void keep_line(int level, const char *text, void *arg)
{
	struct console *con = arg;

	con->line = xrealloc(con->line, con->nr + 1, sizeof(*con->line));
	con->line[con->nr++] = (struct console_line){ level, xstrdup(text) };
}

/* The engine in charge first; another only if the scenario asks for it by name. */
static const char *engines_to_boot(const struct scenario *sc, const char *engine)
{
	bool legacy = !strcmp(engine, "legacy");

	if (!strcmp(engine, ENGINES_TOGETHER))
		return "cmwq,legacy";
	if (!scenario_wants_engine(sc, legacy ? "cmwq" : "legacy"))
		return engine;
	return legacy ? "legacy,cmwq" : "cmwq,legacy";
}

static bool is_native(const struct options *opt)
{
	return opt->machine && !strcmp(opt->machine, "native");
}

static uint64_t add(uint64_t a, uint64_t b)
{
	return a > FOR_EVER - b ? FOR_EVER : a + b;
}

/* What the steps say that they take, each as often as the item may queue itself. */
static uint64_t steps_ns(const struct scenario_steps *steps)
{
	uint64_t sum = 0, runs = 1;

	for (uint32_t i = 0; i < steps->nr; i++) {
		const struct scenario_step *s = &steps->list[i];

		sum = add(sum, s->ns);
		if (s->op == SCENARIO_REQUEUE)
			runs = (uint64_t)s->times + 1;
	}
	return sum > FOR_EVER / runs ? FOR_EVER : sum * runs;
}

/*
 * A run in which time passes and nothing comes to an end is no deadlock, and the machine lets it go
 * on for a day, in which such a run looks many times a tick whether it may go on.  An hour
 * behind all that the scenario speaks of is enough.
 */
static uint64_t time_limit(const struct scenario *sc)
{
	uint64_t limit = sc->nr_timeline ? sc->timeline[sc->nr_timeline - 1].ns : 0;

	if (sc->has_end && sc->end_ns > limit)
		limit = sc->end_ns;
	limit = add(limit, HOUR);
	for (uint32_t i = 0; i < sc->nr_works; i++)
		limit = add(limit, steps_ns(&sc->works[i].steps));
	for (uint32_t i = 0; i < sc->nr_tasks; i++)
		limit = add(limit, steps_ns(&sc->tasks[i].steps));
	for (uint32_t i = 0; i < sc->nr_timeline; i++)
		limit = add(limit, steps_ns(&sc->timeline[i].steps));
	return limit;
}

void run_configure(const struct scenario *sc, const struct options *opt, const char *engine,
		   struct console *console, struct machine_config *cfg, char *seed, size_t size)
{
	*cfg = (struct machine_config){
		.kind = opt->machine,
		.engines = engines_to_boot(sc, engine),
		.cpus = opt->has_cpus ? opt->cpus : sc->cpus,
		.online = sc->online,
		.cmdline = opt->cmdline ? opt->cmdline : sc->cmdline,
		.nodes = opt->has_nodes ? opt->nodes : sc->nodes,
		.hz = opt->has_hz ? opt->hz : sc->hz,
		.explore = opt->explore,
		.carrier = opt->carrier,
		.lockdep = opt->lockdep,
		.invariants = opt->invariants,
		.slice_ns = opt->has_slice ? opt->slice_ns : sc->slice_ns,
		.costs = { sc->switch_ns, sc->wake_ns, sc->create_ns },
		.time_limit_ns = opt->time_limit_ns,
		.hung_task_ns = opt->hung_task_ns,
		.console = keep_line,
		.console_arg = console,
		.inject = opt->inject,
		.goal = opt->goal,
		.story = opt->story,
		.stop_at = opt->stop_at,
	};
	if (!cfg->time_limit_ns && !is_native(opt))
		cfg->time_limit_ns = time_limit(sc);
	/* A scenario may name a seed, but real threads do not ask. */
	if (!opt->explore && (opt->has_seed || (sc->has_seed && !is_native(opt)))) {
		snprintf(seed, size, "random:%llu",
			 (unsigned long long)(opt->has_seed ? opt->seed : sc->seed));
		cfg->explore = seed;
	}
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void take_record(struct record *rec, const struct scenario *sc)
{
	const char **name = xcalloc(sc->nr_works, sizeof(*name));

	for (uint32_t i = 0; i < sc->nr_works; i++)
		name[i] = sc->works[i].name;
	qsort(name, sc->nr_works, sizeof(*name), by_text);
	record_take(rec, name, sc->nr_works);
	free(name);
}

/* What the player has counted. */
static void take_tally(struct run *run, const struct scenario *sc)
{
	for (uint32_t i = 0; i < sc->nr_works; i++) {
		const struct scenario_tally *t = &sc->tally[i];

		if (t->queued > t->started + t->cancelled && !run->waiting++)
			run->waiting_item = sc->works[i].name;
		if (t->queued > t->finished + t->cancelled && !run->undone++)
			run->undone_item = sc->works[i].name;
	}
}

/* Below a microsecond the time of a real machine tells of the machine alone. */
static void round_times(struct record *rec)
{
	for (size_t i = 0; i < rec->nr; i++)
		rec->ev[i].ts -= rec->ev[i].ts % 1000;
}

/* An engine that is booted must be able to perform every step. */
static bool can_play(const struct scenario *sc, const char *engines)
{
	static const char *const names[] = { "legacy", "cmwq" };
	const struct scenario_step *step;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const char *what = strstr(engines, names[i]) ? player_lacks(sc, names[i], &step) : NULL;

		if (!what)
			continue;
		complain("%s:%u:%u: found `%s`, but the engine %s has %s: this scenario cannot be played on it",
			 sc->file, step->place.line, step->place.col, step->source, names[i], what);
		return false;
	}
	return true;
}

bool run_machine(const struct scenario *sc, const struct options *opt, const char *engine,
		 int (*first)(void *arg), void *arg, struct run *run)
{
	struct machine_config cfg;
	char seed[40];

	*run = (struct run){ .engine = engine, .release = player_engine_release(engine) };
	run_configure(sc, opt, engine, &run->console, &cfg, seed, sizeof(seed));
	if (!can_play(sc, cfg.engines))
		return false;
	run->cpus = cfg.cpus;
	run->hz = cfg.hz ? cfg.hz : DEFAULT_HZ;
	if (machine_run(&cfg, first, arg, &run->res)) {
		complain("%s", machine_error());
		return false;
	}
	take_record(&run->rec, sc);
	take_tally(run, sc);
	if (is_native(opt))
		round_times(&run->rec);
	return true;
}

char *run_title(const struct run *run)
{
	if (!strcmp(run->engine, ENGINES_TOGETHER))
		return xstrdup("both engines on one machine");
	return xasprintf("%s (Linux %s)", run->engine, run->release);
}

const char *run_last_error(const struct run *run)
{
	for (size_t i = run->console.nr; i-- > 0;)
		if (run->console.line[i].level <= LEVEL_ERROR)
			return run->console.line[i].text;
	return verdict_name(run->res.verdict);
}

void run_free(struct run *run)
{
	machine_result_free(&run->res);
	for (size_t i = 0; i < run->console.nr; i++)
		free(run->console.line[i].text);
	free(run->console.line);
	record_free(&run->rec);
	*run = (struct run){0};
}
