// SPDX-License-Identifier: GPL-2.0-only
/*
 * A mixed load on the native machine, in rounds.
 *
 *	init ------ starts 8 tasks ------------- sleeps ---- stops them -- looks at all
 *	load/N ---- half shared items (load-shared.c), half its own (load-own.c) -'
 *	swapper/N - timers that queue shared items
 *
 * 16 virtual CPUs, whatever the host has.  Between two rounds nothing moves: then the
 * books must balance, and what the process holds must not have grown since the first
 * quarter of the time.
 *
 * The long runs take WQLAB_LOAD_SECONDS (400) each and all begin with WQLAB_LOAD_SEED.
 * A seed makes the same tasks ask for the same things; when they get them is up to
 * the host.
 *
 * Locking: what init writes is written while there is no load.
 */
#include <wqlab/arena.h>

#include "load.h"

#define NS		1000000000ull
#define SHORT_SECONDS	2
#define LONG_SECONDS	400
#define SLACK_KIB	(16 << 10)	/* of resident memory */
#define SLACK_BYTES	(1 << 20)	/* of heap */
#define SLACK_OBJECTS	100
#define PER_WORKER	3		/* objects: task, kthread, worker */

struct plan {
	unsigned long seed;
	unsigned int seconds;
	bool is_long;
	struct growth before;
};

/* What there is between two rounds. */
struct sample {
	struct growth process;
	struct arena_stats arena;
	long tasks;
};

bool load_has_legacy, load_has_cmwq;
atomic_t load_stopping;
atomic_long_t load_won, load_ran, load_taken;

static struct load_task tasks[LOAD_TASKS];
static struct load_item mine[LOAD_TASKS];
static atomic_t left;
static struct completion all_left;
static struct sample most;		/* of the first quarter, of each figure */

unsigned int load_random(u64 *state, unsigned int below)
{
	*state = *state * 6364136223846793005ull + 1442695040888963407ull;
	return (unsigned int)(*state >> 33) % below;
}

/* ---- a round ---- */

static int task_fn(void *arg)
{
	struct load_task *t = arg;

	mod_timer(&t->timer, jiffies + 1);
	while (!atomic_read(&load_stopping)) {
		if (load_random(&t->rnd, 16))
			load_shared_op(t);
		else
			load_own_op(t);
		t->operations++;
	}
	del_timer_sync(&t->timer);
	if (atomic_dec_and_test(&left))
		complete(&all_left);
	return 0;
}

static void tasks_init(unsigned long seed)
{
	struct load_task *t;

	for (t = tasks; t < tasks + LOAD_TASKS; t++) {
		t->nr = t - tasks;
		t->rnd = seed * LOAD_TASKS + t->nr;
		t->timer_rnd = ~t->rnd;
		t->mine = &mine[t->nr];
		load_item_init(t->mine, NULL, -1);
		t->mine->alone = true;
		t->mine->nr = LOAD_SHARED + t->nr;
		setup_timer(&t->timer, load_shared_timer, (unsigned long)t);
	}
}

/* For a while no thread can be had: rescuers have to help, and makers of workqueues to do without. */
static void starve(unsigned int ms)
{
	mach_fault_set(MFAULT_KTHREAD, true);
	schedule_timeout_uninterruptible(msecs_to_jiffies(ms));
	mach_fault_set(MFAULT_KTHREAD, false);
}

static void round_of(unsigned int ms, unsigned int nr)
{
	unsigned int i;

	atomic_set(&load_stopping, 0);
	atomic_set(&left, LOAD_TASKS);
	init_completion(&all_left);
	for (i = 0; i < LOAD_TASKS; i++) {
		tasks[i].task = kthread_run(task_fn, &tasks[i], "load/%u", i);
		CHECK(!IS_ERR(tasks[i].task));
	}
	schedule_timeout_uninterruptible(msecs_to_jiffies(ms) / 2);
	if (nr % 4 == 3)
		starve(20);
	schedule_timeout_uninterruptible(msecs_to_jiffies(ms) / 2);
	atomic_set(&load_stopping, 1);
	wait_for_completion(&all_left);
}

/* ---- the books ---- */

static long made_to_free_left(void)
{
	return atomic_long_read(&load_made_to_free) - atomic_long_read(&load_freed);
}

static void check_books(void)
{
	unsigned int i, slept = 0;
	long open, slack = 0;

	load_shared_check();
	for (i = 0; i < LOAD_SHARED; i++)
		slack += atomic_read(&load_shared[i].slack);
	for (i = 0; i < LOAD_TASKS; i++)
		load_item_is_idle(&mine[i]);
	while (made_to_free_left()) {
		CHECK_MSG(slept++ < LOAD_PATIENCE, "%ld items do not run", made_to_free_left());
		schedule_timeout_uninterruptible(1);
	}
	open = atomic_long_read(&load_won) - atomic_long_read(&load_ran) - atomic_long_read(&load_taken);
	CHECK_MSG(open >= 0 && open <= slack, "%ld won, but %ld runs and %ld cancels",
		  atomic_long_read(&load_won), atomic_long_read(&load_ran),
		  atomic_long_read(&load_taken));
	CHECK_EQ(atomic_long_read(&load_each_cpu_ran),
		 atomic_long_read(&load_each_cpu_calls) * LOAD_CPUS);
}

/* ---- growth ---- */

static int nothing(void *arg)
{
	return 0;
}

/* Threads that have ended lie about until the next one is made. */
static void sweep(void)
{
	struct task_struct *t = kthread_create(nothing, NULL, "sweep");

	CHECK(!IS_ERR(t));
	kthread_stop(t);
}

static long threads_allowed(const struct sample *s, const struct plan *plan)
{
	/* Beside the tasks: init, each CPU's swapper, the watchdog, and what is being joined. */
	return plan->before.threads + s->tasks + LOAD_CPUS + 4;
}

static bool settled(const struct sample *s, const struct plan *plan)
{
	if (s->process.threads > threads_allowed(s, plan))
		return false;
	return load_has_cmwq || !most.tasks || s->tasks <= most.tasks;
}

/* Who is on its way out, or joined and still listed, has some time for it. */
static void look(struct sample *s, const struct plan *plan)
{
	unsigned int tries = 0;

	do {
		sweep();
		schedule_timeout_uninterruptible(5);
		growth_look(&s->process);
		arena_stats(&s->arena);
		s->tasks = machine_threads(NULL, 0);
	} while (!settled(s, plan) && tries++ < 1000);
}

#define KEEP_MOST(field) do { if (s->field > most.field) most.field = s->field; } while (0)

static void keep_most(const struct sample *s)
{
	KEEP_MOST(process.descriptors);
	KEEP_MOST(process.mappings);
	KEEP_MOST(process.resident_kib);
	KEEP_MOST(arena.used);
	KEEP_MOST(arena.live_objects);
	KEEP_MOST(tasks);
}

/*
 * Legacy's threads come and go with their workqueues.  How many workers cmwq has depends
 * on the most that ever slept at once, and none goes before it has idled for 300 s.
 */
static void check_growth(const struct sample *s, const struct plan *plan)
{
	long more = s->tasks - most.tasks, workers = load_has_cmwq ? most.tasks / 2 + 40 : 0;

	CHECK_MSG(more <= workers, "%ld tasks, earlier at most %ld", s->tasks, most.tasks);
	CHECK_MSG(s->process.descriptors <= most.process.descriptors,
		  "%ld descriptors, earlier at most %ld", s->process.descriptors,
		  most.process.descriptors);
	more = (more > 0 ? more : 0) * PER_WORKER + SLACK_OBJECTS;
	CHECK_MSG(s->arena.live_objects <= most.arena.live_objects + more,
		  "%zu objects, earlier at most %zu", s->arena.live_objects, most.arena.live_objects);
	CHECK_MSG(s->arena.used <= most.arena.used + most.arena.used / 4 + SLACK_BYTES,
		  "%zu bytes of heap, earlier at most %zu", s->arena.used, most.arena.used);
	CHECK_MSG(!s->process.exact || s->process.resident_kib <=
		  most.process.resident_kib + most.process.resident_kib / 4 + SLACK_KIB,
		  "%ld KiB resident, earlier at most %ld", s->process.resident_kib,
		  most.process.resident_kib);
	CHECK_MSG(!s->process.exact || s->process.mappings <=
		  most.process.mappings + most.process.mappings / 4 + 2 * workers + 100,
		  "%ld mappings, earlier at most %ld", s->process.mappings, most.process.mappings);
	CHECK_MSG(s->process.threads <= threads_allowed(s, plan), "%ld threads for %ld tasks",
		  s->process.threads, s->tasks);
}

/* ---- the whole ---- */

static void tell(const struct plan *plan, const struct sample *s, unsigned int rounds)
{
	unsigned long operations = 0;
	unsigned int i;

	for (i = 0; i < LOAD_TASKS; i++)
		operations += tasks[i].operations;
	say("native load, %s, seed %lu: %u rounds, %lu operations, %ld won = %ld runs + %ld cancels; "
	    "%ld tasks, %zu objects, heap %zu KiB, resident %ld KiB (first quarter: %ld, %zu, %zu, %ld)",
	    load_has_legacy ? load_has_cmwq ? "both engines" : "legacy" : "cmwq",
	    plan->seed, rounds, operations, atomic_long_read(&load_won), atomic_long_read(&load_ran),
	    atomic_long_read(&load_taken), s->tasks, s->arena.live_objects, s->arena.used >> 10,
	    s->process.resident_kib, most.tasks, most.arena.live_objects, most.arena.used >> 10,
	    most.process.resident_kib);
}

static int load(void *arg)
{
	const struct plan *plan = arg;
	u64 length = plan->seconds * NS, start = mach_now();
	struct sample s = { .tasks = 0 };
	unsigned int rounds = 0, ms = plan->is_long ? 1000 : 200;

	if (!arena_reuses())
		arena_reuse(true);
	load_has_legacy = wq_engine_booted(wq_engine_find("legacy"));
	load_has_cmwq = wq_engine_booted(wq_engine_find("cmwq"));
	load_queues_make();
	load_shared_init();
	tasks_init(plan->seed);
	do {
		round_of(ms, rounds);
		check_books();
		look(&s, plan);
		if (!rounds || mach_now() - start < length / 4)
			keep_most(&s);
		check_growth(&s, plan);
		rounds++;
	} while (mach_now() - start < length);
	load_queues_destroy();
	if (plan->is_long)
		tell(plan, &s, rounds);
	return 0;
}

static void run_load(const char *engines, bool is_long)
{
	const struct machine_config cfg = {
		.kind = "native", .engines = engines, .cpus = LOAD_CPUS, .no_trace = true, .quiet = true,
	};
	struct plan plan = {
		.seed = is_long ? number_from("WQLAB_LOAD_SEED", seed_of_today()) : 1,
		.seconds = is_long ? number_from("WQLAB_LOAD_SECONDS", LONG_SECONDS) : SHORT_SECONDS,
		.is_long = is_long,
	};
	struct machine_result res;

	if (is_long)
		say("native load, %s: WQLAB_LOAD_SEED=%lu, %u s", engines, plan.seed, plan.seconds);
	growth_look(&plan.before);
	if (sim_run(&cfg, load, &plan, &res))
		return;
	CHECK_MSG(res.verdict == VERDICT_OK && !res.ret && !res.warnings, "%u warnings\n%s",
		  res.warnings, res.log);
	machine_result_free(&res);
}

WQTEST_ENGINES(native_load, books_balance)
{
	run_load(engine, false);
}

WQTEST(native_load, books_balance_with_both)
{
	run_load("legacy,cmwq", false);
}

WQTEST_ENGINES(native_load, books_balance_long, .soak = true, .timeout = 3600)
{
	run_load(engine, true);
}

WQTEST(native_load, books_balance_long_with_both, .soak = true, .timeout = 3600)
{
	run_load("cmwq,legacy", true);
}
