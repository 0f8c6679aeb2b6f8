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

#include "backtrace.h"
#include "explore.h"
#include "schedule.h"
#include "sim.h"
#include "watchdog.h"
#include "wqlab/arena.h"
#include "wqlab/trace.h"

struct sim sim;
uint64_t sim_runs;

static void free_all(void)
{
	free(sim.cpus);
	free(sim.heap);
	free(sim.cand);
	sim.cpus = NULL;
	sim.heap = NULL;
	sim.cand = NULL;
}

/*
 * If nobody says otherwise a debugger sees a thread for each task, and so does
 * ThreadSanitizer, which knows more of threads than of fibers.
 */
static const struct carrier_ops *choose_carrier(const char *name)
{
	bool threads = name ? !strcmp(name, "threads") : debugged() || race_watched;

	return threads ? &carrier_pthread : &carrier_fiber;
}

bool sim_may_be_kept(const struct machine_config *cfg)
{
	return choose_carrier(cfg->carrier) == &carrier_fiber;
}

static int boot(void)
{
	const struct machine_config *cfg = &machine.cfg;
	unsigned int i;

	memset(&sim, 0, sizeof(sim));
	sim.cfg = *cfg;
	sim.up = machine.up;
	sim.carriers = choose_carrier(cfg->carrier);
	sim.strategy = explore_on() ? explore_booted() : strategy_find(cfg->explore);
	if (!sim.strategy)
		return -1;
	if (sim.strategy->begin)
		sim.strategy->begin(0);
	if (!explore_on())
		schedule_record_own();
	story_begin(cfg->story && !explore_on());
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

static int sim_run(struct mtask *(*make_first)(void *arg), void *arg, struct machine_result *res)
{
	size_t deepest;

	if (boot() || sim.carriers->begin())
		return -1;
	mach_points_on = mach_checks = true;
	watchdog_start();
	sim.init = make_first(arg);
	if (!sim.init) {
		mach_set_error("the host has no thread left for the first task");
	} else {
		sim_unpark(sim.init, 0);
		give_way();
		/* Back: the run is over. An explorer may have us go on from somewhere all the same. */
		while (explore_again()) {
			mach_points_on = mach_checks = true;
			sim.carriers->switch_to(sim.init->carrier);
		}
	}
	mach_points_on = false;
	mach_current = NULL;
	sim.current = NULL;
	sim.stopped = true;
	watchdog_stop();
	deepest = sim.carriers->deepest();
	sim.carriers->end();
	*res = (struct machine_result){
		.stack_bytes = deepest,
		.verdict = sim.verdict,
		.time_ns = sim.now,
		.steps = sim.steps,
		.switches = sim.switches,
		.hash = sim.hash,
		.tasks = sim.tasks_made,
	};
	free_all();
	return sim.init ? 0 : -1;
}

/* ---- tasks ---- */

static void sim_exit(void) __attribute__((noreturn));

static void task_entry(void *arg)
{
	struct mtask *t = arg;

	mach_current = t;
	arrived(t);
	t->entry(t->arg);
	sim_exit();
}

static int sim_task_init(struct mtask *t)
{
	t->slice_left = sim.cfg.slice_ns;
	t->op = MP_NR;
	t->carrier = sim.carriers->create(t->comm, task_entry, t);
	if (!t->carrier)
		return -11;
	t->id = ++sim.next_id;
	sim.tasks_made++;
	mlink_before(&t->all, &sim.tasks);
	if (sim.cfg.costs.create_ns && mach_current)
		sim_burn(sim.cfg.costs.create_ns);
	return 0;
}

static void sim_renamed(struct mtask *t)
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

static void sim_exit(void)
{
	struct mtask *t = mach_current;

	if (t == sim.init) {
		mlink_del(&t->all);
		if (sim.strategy->over)
			sim.strategy->over();
		if (!mlink_empty(&sim.tasks))
			sim_stop(VERDICT_LEAK, "the first task ended, but tasks are left behind");
		to_host();
	}
	sched_exit(t);
}

static void sim_for_each_task(void (*fn)(struct mtask *t, void *arg), void *arg)
{
	struct mlink *l;

	for (l = sim.tasks.next; l != &sim.tasks; l = l->next)
		fn(mlink_entry(l, struct mtask, all), arg);
}

static const char *sim_name_of_stack(const void *p, char *buf, size_t size)
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

static void fall(enum verdict v)
{
	/* From here on nothing is decided any more, so that writing the report changes nothing. */
	sim.stopped = true;
	mach_points_on = false;
	sim.verdict = v;
}

static void trace_one(struct mtask *t, void *arg)
{
	char calls[400];

	(void)arg;
	backtrace_text(t, 16, calls, sizeof(calls));
	if (*calls)
		report_add("  %-15s %5u  %s\n", t->comm, t->id, calls);
}

void sim_stop(enum verdict v, const char *fmt, ...)
{
	char text[256];
	va_list args;

	fall(v);
	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	/* A search makes thousands of reports, of which it reads the first line. */
	if (explore_on()) {
		report_headline(v, text);
		to_host();
	}
	report_verdict(v, text, sim.now, " of virtual time");
	if (v == VERDICT_DEADLOCK || v == VERDICT_HUNG_TASK) {
		report_add("call traces, innermost first:\n");
		sim_for_each_task(trace_one, NULL);
	}
	to_host();
}

/* What is left of the run is of no interest. */
void sim_end(void)
{
	fall(VERDICT_OK);
	to_host();
}

/* The strategy has no use for this run. */
void sim_cut(void)
{
	sim.was_cut = true;
	sim_end();
}

/* A call from a run that is over already can only come from the report itself. */
static void sim_machine_stop(enum verdict v, const char *text)
{
	if (sim.stopped) {
		fprintf(stderr, "%s: %s\n", verdict_name(v), text);
		abort();
	}
	if (v == VERDICT_BUG || v == VERDICT_INVARIANT)
		sim_stop(v, "%s", text);
	fall(v);
	report_add("%s: %s\n", verdict_name(v), text);
	to_host();
}

static void sim_affinity(struct mtask *t, const unsigned long *cpus, unsigned int n)
{
	(void)t;
	(void)cpus;
	(void)n;
}

const struct machine_ops machine_sim = {
	.kind		= "sim",
	.run		= sim_run,
	.stop		= sim_machine_stop,
	.task_init	= sim_task_init,
	.renamed	= sim_renamed,
	.affinity	= sim_affinity,
	.exit		= sim_exit,
	.park		= sim_park,
	.unpark		= sim_unpark,
	.move		= sim_move,
	.set_prio	= sim_set_prio,
	.preempt	= sim_preempt,
	.settle		= sim_settle,
	.irqs_on	= sim_irqs_on,
	.cpu_off	= sim_cpu_off,
	.cpu_on		= sim_cpu_on,
	.cpu_idle	= sim_cpu_idle,
	.quiescent	= sim_quiescent,
	.for_each_task	= sim_for_each_task,
	.name_of_stack	= sim_name_of_stack,
	.now		= sim_now,
	.burn		= sim_burn,
	.relax		= sim_relax,
	.set_timer	= sim_set_timer,
	.stop_timer	= sim_stop_timer,
	.lock_slow	= sim_lock_slow,
	.unlock_slow	= sim_unlock_slow,
};
