// SPDX-License-Identifier: GPL-2.0-only
/*
 * The same seed is the same run; another seed is another run.
 */
#include <wqlab/trace.h>

#include "machine_test.h"

/*
 * Something with enough to decide: items, tasks, locks, timers on three CPUs; a
 * workqueue made and destroyed, items queued with and without delay, flushed and
 * cancelled.
 */
static DEFINE_SPINLOCK(lock);
static struct workqueue_struct *q;
static struct completion parts;
static int sum;

static void item_fn(struct work_struct *work)
{
	spin_lock(&lock);
	sum = sum * 3 + smp_processor_id();
	spin_unlock(&lock);
	udelay(20);
}

static int task_fn(void *arg)
{
	struct work_struct w[4];
	struct delayed_work dw[2];

	for (int i = 0; i < 4; i++) {
		INIT_WORK_ONSTACK(&w[i], item_fn);
		schedule_work_on(i % 3, &w[i]);
		if (i % 2)
			usleep_range(100, 100);
	}
	for (int i = 0; i < 2; i++) {
		INIT_DELAYED_WORK_ONSTACK(&dw[i], item_fn);
		queue_delayed_work(q, &dw[i], i);
	}
	flush_workqueue(q);
	for (int i = 0; i < 2; i++)
		cancel_delayed_work_sync(&dw[i]);
	for (int i = 0; i < 4; i++)
		flush_work(&w[i]);
	complete(&parts);
	return 0;
}

static int some_work(void *arg)
{
	q = create_workqueue("q");
	init_completion(&parts);
	for (int i = 0; i < 4; i++)
		kthread_run(task_fn, NULL, "part/%d", i);
	for (int i = 0; i < 4; i++)
		wait_for_completion(&parts);
	destroy_workqueue(q);
	return 0;
}

/* What is the same in two equal runs: the hash, and all that was recorded. */
struct run {
	uint64_t hash, steps, switches, time_ns, events;
};

static uint64_t hash_of_events(void)
{
	uint64_t h = 1;

	for (size_t i = 0; i < trace_count(); i++) {
		const struct trace_event *ev = trace_get(i);
		const uint64_t fields[] = {
			ev->ts, ev->kind, ev->cpu, ev->pid, ev->name, ev->name2, ev->a, ev->b,
		};

		for (size_t f = 0; f < ARRAY_SIZE(fields); f++)
			h = (h ^ fields[f]) * 0x100000001b3ull;
	}
	return h;
}

static struct run run_on(const char *carrier, const char *engine, const char *explore)
{
	const struct machine_config cfg = {
		.engines = engine, .cpus = 3, .quiet = true, .explore = explore, .carrier = carrier,
	};
	struct machine_result res;
	struct run r = { 0 };

	if (sim_run(&cfg, some_work, NULL, &res))
		return r;
	CHECK_MSG(res.verdict == VERDICT_OK, "%s: %s", explore, res.report);
	r = (struct run){ res.hash, res.steps, res.switches, res.time_ns, hash_of_events() };
	machine_result_free(&res);
	return r;
}

static struct run run(const char *engine, const char *explore)
{
	return run_on(NULL, engine, explore);
}

static bool same(struct run a, struct run b)
{
	return a.hash == b.hash && a.steps == b.steps && a.switches == b.switches &&
	       a.time_ns == b.time_ns && a.events == b.events;
}

WQTEST_ENGINES(machine_hash, same_seed_same_run)
{
	static const char *const strategies[] = {
		NULL, "default", "random:1", "random:2", "random:77,p=50", "random:0,p=100",
	};

	for (size_t i = 0; i < ARRAY_SIZE(strategies); i++) {
		struct run first = run(engine, strategies[i]);

		CHECK(first.steps > 100);
		for (int again = 0; again < 3; again++) {
			/* Something else in between must not matter. */
			run(engine, "random:999");
			CHECK_MSG(same(first, run(engine, strategies[i])),
				  "--explore=%s went another way", strategies[i] ?: "default");
		}
	}
	CHECK(same(run(engine, NULL), run(engine, "default")));
}

/* What carries the tasks decides nothing. */
WQTEST_ENGINES(machine_hash, same_run_on_both_carriers)
{
	unsigned int seeds = wqtest_sanitized() ? 100 : 1000;
	char explore[32];

	CHECK(same(run_on("threads", engine, NULL), run_on("fibers", engine, NULL)));
	for (unsigned int seed = 0; seed < seeds; seed++) {
		snprintf(explore, sizeof(explore), "random:%u", seed);
		CHECK_MSG(same(run_on("threads", engine, explore), run_on("fibers", engine, explore)),
			  "seed %u: another run", seed);
	}
}

WQTEST_ENGINES(machine_hash, different_seeds_differ)
{
	uint64_t hash[40];
	char explore[32];

	for (size_t i = 0; i < ARRAY_SIZE(hash); i++) {
		snprintf(explore, sizeof(explore), "random:%zu", i);
		hash[i] = run(engine, explore).hash;
		for (size_t k = 0; k < i; k++)
			CHECK_MSG(hash[k] != hash[i], "seeds %zu and %zu: one run", k, i);
	}
	CHECK(run(engine, "random:5,p=20").hash == hash[5]);
	CHECK(run(engine, "random:5,p=60").hash != hash[5]);
}

/* The default strategy never gives way at a choice point where it could go on. */
static int turns;

static int other(void *arg)
{
	turns++;
	return 0;
}

static int goes_on(void *arg)
{
	stay_on(0);
	start_on(1, other, NULL, "other");
	for (int i = 0; i < 1000; i++) {
		spin_lock(&lock);
		spin_unlock(&lock);
	}
	CHECK_EQ(turns, 0);
	pass_ms(1);
	CHECK_EQ(turns, 1);
	return 0;
}

WQTEST(machine_hash, default_goes_on)
{
	RUN(2, goes_on);
}

/* p=100 gives way at each, p=0 at none that does not need it. */
WQTEST(machine_hash, percent_counts)
{
	struct run never = run(NULL, "random:3,p=0"), often = run(NULL, "random:3,p=100");

	CHECK(often.switches > 2 * never.switches);
}
