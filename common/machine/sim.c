// SPDX-License-Identifier: GPL-2.0-only
/*
 * The simulated machine: boot, the first task, the end, and verdicts.
 *
 * A run ends when the first task ends, or when a verdict falls: then whoever
 * executes writes the report and hands over to the host for good.  All other
 * tasks stay parked and are unwound by their carriers (decision 18).
 *
 * Owns: struct sim, under the token (sim.h).  Read next: sim-rq.c.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim.h"
#include "watchdog.h"
#include "wqlab/arena.h"
#include "wqlab/trace.h"

struct sim sim;
struct mtask *mach_current;
bool mach_points_on;

static void free_all(void)
{
	free(sim.cpus);
	free(sim.heap);
	free(sim.cand);
	sim.cpus = NULL;
	sim.heap = NULL;
	sim.cand = NULL;
}

static int boot(const struct machine_config *cfg, const struct mach_upcalls *up)
{
	unsigned int i, percent;
	uint64_t seed;

	memset(&sim, 0, sizeof(sim));
	sim.cfg = *cfg;
	sim.up = up;
	sim.carriers = &carrier_pthread;
	sim.strategy = strategy_find(cfg->explore, &seed, &percent);
	if (!sim.strategy)
		return -1;
	strategy_random_seed(seed, percent);
	sim.tick_ns = UINT64_C(1000000000) / cfg->hz;
	sim.hash = UINT64_C(0xcbf29ce484222325);
	mlink_head(&sim.active);
	mlink_head(&sim.relaxing);
	mlink_head(&sim.due);
	mlink_head(&sim.tasks);
	mlink_head(&sim.hung);
	mlink_head(&sim.spinners);

	sim.cpus = calloc(cfg->cpus, sizeof(*sim.cpus));
	sim.heap = calloc((size_t)cfg->cpus * EV_NR, sizeof(*sim.heap));
	if (!sim.cpus || !sim.heap) {
		free_all();
		mach_set_error("no memory for %u virtual CPUs", cfg->cpus);
		return -1;
	}
	for (i = 0; i < cfg->cpus; i++) {
		struct mcpu *c = &sim.cpus[i];
		int class;

		c->id = i;
		mlink_head(&c->ready);
		for (class = 0; class < EV_NR; class++)
			c->ev[class] = (struct event){ .cpu = i, .class = class };
	}
	return 0;
}

int mach_run(const struct machine_config *cfg, const struct mach_upcalls *up,
	     struct mtask *(*make_first)(void *arg), void *arg, struct machine_result *res)
{
	if (boot(cfg, up) || sim.carriers->begin())
		return -1;
	mach_points_on = true;
	watchdog_start();
	sim.init = make_first(arg);
	if (!sim.init) {
		mach_set_error("the host has no thread left for the first task");
	} else {
		mach_unpark(sim.init, 0);
		give_way();
		/* Back for good: the run is over. */
	}
	mach_points_on = false;
	mach_current = NULL;
	sim.stopped = true;
	watchdog_stop();
	sim.carriers->end();
	*res = (struct machine_result){
		.verdict = sim.verdict,
		.time_ns = sim.now,
		.steps = sim.steps,
		.switches = sim.switches,
		.hash = sim.hash,
		.tasks = sim.tasks_made,
		.warnings = sim.warnings,
	};
	free_all();
	return sim.init ? 0 : -1;
}

/* ---- tasks ---- */

static void task_entry(void *arg)
{
	struct mtask *t = arg;

	arrived(t);
	t->entry(t->arg);
	mach_exit();
}

int mach_task_init(struct mtask *t, const char *comm, void (*entry)(void *), void *arg, int prio)
{
	t->comm = comm;
	t->entry = entry;
	t->arg = arg;
	t->prio = prio;
	t->run = MR_NEW;
	t->slice_left = sim.cfg.slice_ns;
	t->carrier = sim.carriers->create(comm, task_entry, t);
	if (!t->carrier)
		return -11;
	t->id = ++sim.next_id;
	sim.tasks_made++;
	mlink_before(&t->all, &sim.tasks);
	if (sim.cfg.costs.create_ns && mach_current)
		mach_burn(sim.cfg.costs.create_ns);
	return 0;
}

void mach_renamed(struct mtask *t)
{
	sim.carriers->rename(t->carrier, t->comm);
}

/* The run is over: the host goes on, whoever executes does not. */
static void to_host(void) __attribute__((noreturn));
static void to_host(void)
{
	sim.stopped = true;
	mach_points_on = false;
	sim.carriers->switch_to(NULL);
	abort();
}

void mach_exit(void)
{
	struct mtask *t = mach_current;

	if (t == sim.init) {
		mlink_del(&t->all);
		if (!mlink_empty(&sim.tasks))
			sim_stop(VERDICT_LEAK, "the first task ended, but tasks are left behind");
		to_host();
	}
	sched_exit(t);
}

void mach_for_each_task(void (*fn)(struct mtask *t, void *arg), void *arg)
{
	struct mlink *l;

	for (l = sim.tasks.next; l != &sim.tasks; l = l->next)
		fn(mlink_entry(l, struct mtask, all), arg);
}

const char *mach_name_of_stack(const void *p, char *buf, size_t size)
{
	struct mlink *l;
	unsigned int i;

	if (!sim.cpus)
		return NULL;
	for (l = sim.tasks.next; l != &sim.tasks; l = l->next) {
		const struct mtask *t = mlink_entry(l, struct mtask, all);

		if (sim.carriers->on_stack(t->carrier, p)) {
			snprintf(buf, size, "stack:%u", t->id);
			return buf;
		}
	}
	for (i = 0; i < sim.cfg.cpus; i++) {
		const struct mtask *t = sim.cpus[i].idle;

		if (t && sim.carriers->on_stack(t->carrier, p)) {
			snprintf(buf, size, "stack:swapper/%u", i);
			return buf;
		}
	}
	return NULL;
}

/* ---- verdicts ---- */

static void describe_one(struct mtask *t, void *arg)
{
	char line[400];

	(void)arg;
	sim.up->describe(t, line, sizeof(line));
	report_add("  %s\n", line);
}

static void fall(enum verdict v)
{
	/* From here on nothing is decided any more, so that writing the report changes nothing. */
	sim.stopped = true;
	mach_points_on = false;
	sim.verdict = v;
}

void sim_stop(enum verdict v, const char *fmt, ...)
{
	char text[256];
	va_list args;

	fall(v);
	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	/* A kernel's BUG says so itself. */
	report_add("%s%s%s\n", v == VERDICT_BUG ? "" : verdict_name(v), v == VERDICT_BUG ? "" : ": ", text);
	report_add("at %llu.%09llu s of virtual time; all tasks:\n",
		   (unsigned long long)(sim.now / 1000000000), (unsigned long long)(sim.now % 1000000000));
	report_add("  %-15s %5s  %s  %s\n", "TASK", "PID", "S", "CPU    WHERE IT IS");
	mach_for_each_task(describe_one, NULL);
	to_host();
}

void machine_stop(enum verdict v, const char *text)
{
	if (!sim.cpus || sim.stopped) {
		fprintf(stderr, "%s: %s\n", verdict_name(v), text);
		abort();
	}
	if (v == VERDICT_BUG)
		sim_stop(v, "%s", text);
	fall(v);
	report_add("%s: %s\n", verdict_name(v), text);
	to_host();
}

/* ---- small things ---- */

bool machine_running(void)
{
	return sim.cpus != NULL;
}

unsigned int mach_nr_cpus(void)
{
	return sim.cfg.cpus;
}

unsigned int mach_nr_nodes(void)
{
	return sim.cfg.nodes;
}

bool mach_fault(enum mach_fault f)
{
	mach_point(MP_FAULT, NULL);
	return sim.faults[f];
}

void mach_fault_set(enum mach_fault f, bool on)
{
	sim.faults[f] = on;
}

void mach_count_warning(void)
{
	sim.warnings++;
}
