// SPDX-License-Identifier: GPL-2.0-only
/*
 * Scenarios played under many schedules, and what has to be true of every
 * trace: time does not go back, one task at a time is on a CPU, each item does
 * what its lines say for as long as they say, each start has its queueing.
 *
 * Besides the shipped scenarios, random ones are played that cannot hang: no
 * mutex is held over a wait, and what is waited for is signalled from outside.
 */
#include <glob.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "labs_test-libc.h"
#include "labs/wqlab/measure.h"
#include "labs/wqlab/record.h"
#include "labs/wqlab/timeline.h"

#define MAX_PIDS	8192
#define MAX_CPUS	64
#define MANY		((trace_str)-1)	/* more than one workqueue */

/* What a thread is doing, as far as the trace has told. */
struct thread {
	const struct scenario_steps *steps;	/* of the item or task it runs, or NULL */
	const char *who;
	uint32_t next;				/* the step to come */
	const struct scenario_step *now;	/* the burn or sleep it is in, or NULL */
	uint64_t since, burned;
	bool on_cpu;
};

static struct thread threads[MAX_PIDS];
static int64_t current[MAX_CPUS];		/* pid on each CPU; -1: not yet known */
static uint64_t to_leave[MAX_CPUS];		/* by when its task must have left, plus 1; 0: it may stay */
static const char *context;			/* scenario, engine and seed, for messages */

#define MUST(cond, i)	CHECK_MSG(cond, "%s, event %zu: " #cond, context, (size_t)(i))

static const struct scenario_steps *steps_of(const struct scenario *sc, const char *who)
{
	for (uint32_t i = 0; i < sc->nr_works; i++)
		if (!strcmp(sc->works[i].name, who))
			return &sc->works[i].steps;
	for (uint32_t i = 0; i < sc->nr_tasks; i++)
		if (!strcmp(sc->tasks[i].name, who))
			return &sc->tasks[i].steps;
	return NULL;
}

static bool is_item(const struct scenario *sc, const char *who)
{
	for (uint32_t i = 0; i < sc->nr_works; i++)
		if (!strcmp(sc->works[i].name, who))
			return true;
	return false;
}

static bool takes_time(const struct scenario_step *s)
{
	return s->op == SCENARIO_BURN || s->op == SCENARIO_SLEEP;
}

/* The next burn or sleep of what the thread runs; NULL if none is left. */
static const struct scenario_step *next_timed(struct thread *t)
{
	while (t->next < t->steps->nr) {
		const struct scenario_step *s = &t->steps->list[t->next++];

		if (takes_time(s))
			return s;
	}
	return NULL;
}

static void check_step(const struct scenario *sc, const struct record *rec, size_t i)
{
	const struct trace_event *ev = &rec->ev[i];
	struct thread *t = &threads[ev->pid];
	const char *who = record_text(rec, ev->name);
	bool plain = ev->a == STEP_SLEEP && !ev->name2;

	MUST(current[ev->cpu] == ev->pid || current[ev->cpu] < 0, i);
	if (!t->steps) {
		t->steps = steps_of(sc, who);
		t->who = who;
		t->next = 0;
		t->now = NULL;
		MUST(t->steps, i);
	}
	if (!t->steps)
		return;
	MUST(!strcmp(t->who, who), i);
	if (t->now && t->now->op == SCENARIO_BURN) {
		MUST(t->burned + (ev->ts - t->since) == t->now->ns, i);
	} else if (t->now) {
		MUST(ev->a == STEP_WAKE, i);
		MUST(ev->ts - t->since >= t->now->ns, i);
	}
	t->now = NULL;
	if (ev->a == STEP_BURN || plain) {
		t->now = next_timed(t);
		MUST(t->now && (t->now->op == SCENARIO_BURN) == (ev->a == STEP_BURN), i);
	}
	t->since = ev->ts;
	t->burned = 0;
	t->on_cpu = true;
	if (ev->a == STEP_FINISH) {
		MUST(!next_timed(t), i);
		t->steps = NULL;
	}
}

static void check_switch(const struct record *rec, size_t i)
{
	const struct trace_event *ev = &rec->ev[i];
	struct thread *from = &threads[ev->a], *to = &threads[ev->b];

	MUST(current[ev->cpu] == ev->a || current[ev->cpu] < 0, i);
	current[ev->cpu] = ev->b;
	to->on_cpu = true;
	if (to->now && to->now->op == SCENARIO_BURN)
		to->since = ev->ts;
	if (to_leave[ev->cpu]) {
		MUST(to_leave[ev->cpu] == ev->ts + 1, i);
		to_leave[ev->cpu] = 0;
		return;
	}
	/* a task that moves is seen on its new CPU first, at the same instant */
	for (unsigned int cpu = 0; ev->b && cpu < MAX_CPUS; cpu++)
		if (cpu != ev->cpu && current[cpu] == ev->b) {
			MUST(!to_leave[cpu], i);
			to_leave[cpu] = ev->ts + 1;
		}
	if (from->now && from->now->op == SCENARIO_BURN) {
		MUST(from->on_cpu, i);
		from->burned += ev->ts - from->since;
	}
	from->on_cpu = false;
}

/* How often the things happened that belong together. */
struct counts {
	unsigned int queued, started, ended, finished, pending, cancelled;
};

static void check_trace(const struct scenario *sc, const struct record *rec, bool cmwq, struct counts *n)
{
	unsigned int *pending = calloc(rec->nr_text, sizeof(*pending));
	bool *runs = calloc(rec->nr_text, sizeof(*runs));
	trace_str *home = calloc(rec->nr_text, sizeof(*home));

	memset(threads, 0, sizeof(threads));
	memset(current, -1, sizeof(current));
	memset(to_leave, 0, sizeof(to_leave));
	for (size_t i = 0; i < rec->nr; i++) {
		const struct trace_event *ev = &rec->ev[i];
		trace_str object = rec->object[i];

		MUST(ev->seq == i, i);
		MUST(!i || ev->ts >= ev[-1].ts, i);
		switch (ev->kind) {
		case TRACE_STEP:
			check_step(sc, rec, i);
			n->finished += ev->a == STEP_FINISH && is_item(sc, record_text(rec, ev->name));
			/* fall through */
		case TRACE_OUTSIDE:
			n->cancelled += strstr(record_text(rec, ev->kind == TRACE_STEP ? ev->name2 : ev->name),
					       " was pending and will not run") != NULL;
			break;
		case TRACE_SCHED_SWITCH:
			check_switch(rec, i);
			break;
		case TRACE_QUEUE_WORK:
			if (!rec->item[i])
				break;
			n->queued++;
			home[object] = !home[object] || home[object] == ev->name2 ? ev->name2 : MANY;
			/* it may be queued again when it has been taken up, before its start is seen */
			MUST(++pending[object] <= 2, i);
			break;
		case TRACE_EXECUTE_START:
			if (!rec->item[i])
				break;
			MUST(pending[object] > 0, i);
			/* 2.6.32 may run an item twice at once; 3.18 only one that changes its queue */
			MUST(!cmwq || !runs[object] || home[object] == MANY, i);
			pending[object]--;
			runs[object] = true;
			n->started++;
			break;
		case TRACE_EXECUTE_END:
			if (!rec->item[i])
				break;
			n->ended++;
			runs[object] = false;
			break;
		default:
			break;
		}
	}
	for (unsigned int cpu = 0; cpu < MAX_CPUS; cpu++)
		MUST(!to_leave[cpu], rec->nr);
	for (size_t i = 0; i < rec->nr_text; i++)
		n->pending += pending[i];
	free(pending);
	free(runs);
	free(home);
}

/* When time 0 of the scenario is; 0 unless a line of the timeline says so. */
static uint64_t origin_of(const struct record *rec)
{
	for (size_t i = 0; i < rec->nr; i++)
		if (rec->ev[i].kind == TRACE_OUTSIDE)
			return strncmp(record_text(rec, rec->ev[i].name), "start: ", 7) ? 0 : rec->ev[i].ts;
	return 0;
}

/* What the outside does, it does at the time and on the CPU that the file says. */
static void check_outside(const struct scenario *sc, const struct record *rec)
{
	uint64_t origin = origin_of(rec);
	size_t at = 0;

	for (uint32_t i = 0; i < sc->nr_timeline; i++)
		for (uint32_t k = 0; k < sc->timeline[i].steps.nr; k++) {
			const struct scenario_step *s = &sc->timeline[i].steps.list[k];

			if (s->op == SCENARIO_START || s->op == SCENARIO_SAY)
				continue;
			while (at < rec->nr && (rec->ev[at].kind != TRACE_OUTSIDE ||
						strcmp(record_text(rec, rec->ev[at].name), s->source)))
				at++;
			CHECK_MSG(at < rec->nr && rec->ev[at].ts == origin + sc->timeline[i].ns &&
				  rec->ev[at].cpu == (sc->timeline[i].cpu < 0 ? 0 : sc->timeline[i].cpu),
				  "%s: line %u is not done at its time on its CPU", context, s->place.line);
			if (at == rec->nr)
				return;
			at++;
		}
}

/* The numbers of the run agree with the trace, and the rows with the steps. */
static void check_numbers(const struct scenario *sc, const struct record *rec, const struct counts *n)
{
	struct timeline tl;
	struct measures m;

	measure(rec, &m);
	CHECK_EQ(m.queued, n->queued);
	CHECK_EQ(m.started, n->started);
	CHECK_MSG(m.busy_ns <= m.makespan_ns * sc->cpus, "%s: busy for %llu of %llu ns", context,
		  (unsigned long long)m.busy_ns, (unsigned long long)m.makespan_ns);
	timeline_build(rec, true, &tl);
	for (size_t i = 1; i < tl.nr; i++)
		CHECK_MSG(tl.row[i - 1].ns <= tl.row[i].ns && tl.row[i - 1].seq <= tl.row[i].seq,
			  "%s: row %zu is out of order", context, i);
	timeline_free(&tl);
}

/* The player's count of a run that did all of its work. */
static void check_tally(const struct scenario *sc, const struct counts *n)
{
	struct scenario_tally all = { 0 };

	for (uint32_t i = 0; i < sc->nr_works; i++) {
		const struct scenario_tally *t = &sc->tally[i];

		CHECK_MSG(sc->has_end || (t->started == t->finished && t->queued == t->finished + t->cancelled),
			  "%s: %s is left undone", context, sc->works[i].name);
		all.queued += t->queued;
		all.finished += t->finished;
	}
	/* a delayed item may be cancelled before its workqueue sees it */
	CHECK(all.queued >= n->queued);
	CHECK(sc->has_end || all.finished <= n->finished);
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void play(struct scenario *sc, const char *engine, unsigned int seed, enum verdict expected)
{
	bool cmwq = !strcmp(engine, "cmwq");
	const char *const both[] = { "legacy,cmwq", "cmwq,legacy" };
	char explore[40];
	struct machine_config cfg = {
		.engines = scenario_wants_engine(sc, cmwq ? "legacy" : "cmwq") ? both[cmwq] : engine,
		.cpus = sc->cpus, .nodes = sc->nodes, .hz = sc->hz, .slice_ns = sc->slice_ns,
		.explore = seed ? explore : NULL, .quiet = true,
	};
	const char **names = calloc(sc->nr_works + 1, sizeof(*names));
	struct counts n = { 0 };
	struct machine_result res;
	struct record rec;

	snprintf(explore, sizeof(explore), "random:%u", seed);
	for (uint32_t i = 0; i < sc->nr_works; i++)
		names[i] = sc->works[i].name;
	qsort(names, sc->nr_works, sizeof(*names), by_text);
	if (!sim_run(&cfg, player_run, sc, &res)) {
		CHECK_MSG(res.verdict == expected && !res.ret, "%s: %s, returned %d\n%s", context,
			  verdict_name(res.verdict), res.ret, res.report);
		record_take(&rec, names, sc->nr_works);
		check_trace(sc, &rec, cmwq && cfg.engines == engine, &n);
		if (expected == VERDICT_OK) {
			CHECK_MSG(n.started == n.ended && n.ended == n.finished,
				  "%s: %u starts, %u ends, %u finishes", context, n.started, n.ended,
				  n.finished);
			CHECK_MSG(n.pending <= n.cancelled, "%s: %u queued and not run", context, n.pending);
			check_outside(sc, &rec);
			check_tally(sc, &n);
		}
		check_numbers(sc, &rec, &n);
		CHECK_MSG(n.queued && n.started, "%s: nothing ran", context);
		record_free(&rec);
		machine_result_free(&res);
	}
	free(names);
}

/* A text that grows. */
struct script {
	char text[8192];
	size_t len;
	uint64_t state;
};

static void say(struct script *s, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
static void say(struct script *s, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	s->len += vsnprintf(s->text + s->len, sizeof(s->text) - s->len, fmt, args);
	va_end(args);
}

static unsigned int chance(struct script *s, unsigned int below)
{
	s->state = s->state * 6364136223846793005ull + 1442695040888963407ull;
	return (unsigned int)(s->state >> 33) % below;
}

/*
 * Steps that end by themselves, whatever else happens.  One draw a statement: compilers
 * differ in which argument they work out first, and the scenario is to be the same.
 */
static void say_steps(struct script *s, bool item)
{
	unsigned int a, b;

	for (unsigned int n = chance(s, 5); n; n--)
		switch (chance(s, 8)) {
		case 0:
		case 1:
			a = chance(s, 4);
			b = 1 + chance(s, 9);
			say(s, "burn %u.%ums\n", a, b);
			break;
		case 2:
			say(s, "sleep %uus\n", 1 + chance(s, 6000));
			break;
		case 3:
			say(s, "sleep %ums\n", 1 + chance(s, 5));
			break;
		case 4:
			say(s, "lock m%u\nburn 300us\nsleep 1ms\n", n % 2);
			say(s, "unlock m%u\n", n % 2);
			break;
		case 5:
			say(s, "wait e%u\n", chance(s, 2));
			break;
		case 6:
			a = chance(s, 3);
			b = chance(s, 4);
			say(s, "queue w%u on q%u\n", a, b);
			break;
		default:
			say(s, "yield\n");
			break;
		}
	if (item && chance(s, 3) == 0) {
		a = chance(s, 2);
		b = 1 + chance(s, 3);
		say(s, "requeue %s times %u\n", a ? "after 2ms" : "", b);
	}
}

static void random_scenario(struct script *s, unsigned int seed)
{
	unsigned int cpus = 1 + seed % 3, draw[5];

	*s = (struct script) { .state = seed * 0x9e3779b97f4a7c15ull + 1 };
	say(s, "cpus %u\n%sevent e[0..1]\nmutex m[0..1]\nworkqueue q0\nworkqueue q1 create\n", cpus,
	    chance(s, 3) ? "" : "slice 1ms\n");
	say(s, "workqueue q2 max_active=%u ", 1 + chance(s, 3));
	say(s, "flags=%s\nworkqueue q3 singlethread\n", chance(s, 2) ? "HIGHPRI" : "CPU_INTENSIVE");
	/* w0..w2 queue nobody, or the run might never end */
	say(s, "work w[0..2]\nburn 1.25ms\nsleep 2ms\n");
	for (unsigned int i = 3; i < 7; i++) {
		say(s, "work w%u\n", i);
		say_steps(s, true);
	}
	say(s, "task t0 cpu %u start 1ms\n", chance(s, cpus));
	say_steps(s, false);
	for (unsigned int i = 0; i < 8; i++) {
		const unsigned int below[] = { 9000, cpus, 7, 4, 4 };

		for (unsigned int k = 0; k < 5; k++)
			draw[k] = chance(s, below[k]);
		say(s, "at %uus cpu %u queue w%u on q%u%s\n", draw[0], draw[1], draw[2], draw[3],
		    draw[4] ? "" : " after 3ms");
	}
	say(s, "at 12ms signal e0\nat 13ms signal e1\n");
}

static void play_random(const char *engine, unsigned int from, unsigned int times)
{
	static struct script s;
	char text[80];

	for (unsigned int seed = from; seed < from + times; seed++) {
		struct scenario *sc;

		random_scenario(&s, seed);
		snprintf(text, sizeof(text), "random scenario %u, %s", seed, engine);
		context = text;
		sc = good(s.text);
		if (!sc)
			return;
		play(sc, engine, seed % 4 ? seed : 0, VERDICT_OK);
		scenario_free(sc);
	}
}

/* `times N` is N more runs, neither fewer nor more. */
WQTEST_ENGINES(labs_play, requeue_times)
{
	struct scenario *sc = good("workqueue q\nwork w\nburn 1ms\nrequeue times 3\n"
				   "at 0 queue w on q\n");
	struct machine_config cfg = { .engines = engine, .cpus = 1, .quiet = true };
	struct machine_result res;
	unsigned int runs = 0;

	if (sim_run(&cfg, player_run, sc, &res))
		return;
	for (size_t i = 0; i < trace_count(); i++)
		runs += trace_get(i)->kind == TRACE_STEP && trace_get(i)->a == STEP_FINISH;
	CHECK_EQ(res.verdict, VERDICT_OK);
	CHECK_EQ(runs, 4);
	machine_result_free(&res);
	scenario_free(sc);
}

static enum verdict expected_of(const char *path, const char *engine)
{
	if (strstr(path, "/self-flush"))
		return VERDICT_DEADLOCK;
	if (strstr(path, "/wait-for-second") && !strcmp(engine, "legacy"))
		return VERDICT_DEADLOCK;
	return VERDICT_OK;
}

static void play_shipped(const char *engine, unsigned int seeds)
{
	glob_t g;

	CHECK_EQ(glob("labs/scenarios/*.wq", 0, NULL, &g), 0);
	CHECK(g.gl_pathc >= 10);
	for (size_t i = 0; i < g.gl_pathc; i++) {
		const char *path = g.gl_pathv[i];
		struct scenario_errors errs;
		struct scenario *sc = scenario_load(path, &errs);
		char text[200];

		CHECK_MSG(sc, "%s", errs.list[0].text);
		for (unsigned int seed = 0; sc && seed < (sc->cpus > 8 ? 2 : seeds); seed++) {
			snprintf(text, sizeof(text), "%s, %s, seed %u", path, engine, seed);
			context = text;
			play(sc, engine, seed, expected_of(path, engine));
		}
		scenario_free(sc);
	}
	globfree(&g);
}

WQTEST_ENGINES(labs_play, shipped)
{
	play_shipped(engine, 20);
}

WQTEST_ENGINES(labs_play, random)
{
	play_random(engine, 0, 300);
}

WQTEST_ENGINES(labs_play, shipped_long, .soak = true, .timeout = 3600)
{
	play_shipped(engine, 500);
}

WQTEST_ENGINES(labs_play, random_long, .soak = true, .timeout = 3600)
{
	play_random(engine, 1000, 10000);
}
