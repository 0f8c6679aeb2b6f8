// SPDX-License-Identifier: GPL-2.0-only
/*
 * The explorer: it finds what it should, proves what it can, and what it writes down
 * is played again.
 */
#include <linux/mutex.h>
#include <linux/slab.h>
#include <wqlab/explore.h>

#include "machine_test.h"

static const struct explore_state *search(const char *strategy, unsigned long runs, int (*first)(void *),
					  const char *carrier)
{
	const struct explore_config how = { .strategy = strategy, .schedules = runs };
	struct machine_config cfg = wqtest_config(2);

	cfg.carrier = carrier;
	return run_explored(&cfg, &how, first, NULL);
}

/* The verdict of the schedule that was found, played once. */
static enum verdict replay(const struct explore_state *st, int (*first)(void *), const char *carrier)
{
	struct machine_config cfg = wqtest_config(2);
	struct machine_result res;
	enum verdict v;

	cfg.carrier = carrier;
	cfg.explore = wqtest_replay(st);
	if (sim_run(&cfg, first, NULL, &res))
		return VERDICT_LEAK;
	v = res.ret ? VERDICT_FAILED : res.verdict;
	machine_result_free(&res);
	return v;
}

/* ---- two tasks and a variable that both add to ---- */

static int sum;
static struct completion done;

static int adder(void *arg)
{
	int seen = READ_ONCE(sum);

	WRITE_ONCE(sum, seen + 1);
	complete(&done);
	return 0;
}

static int lost_update(void *arg)
{
	init_completion(&done);
	kthread_run(adder, NULL, "adder/0");
	kthread_run(adder, NULL, "adder/1");
	wait_for_completion(&done);
	wait_for_completion(&done);
	return sum == 2 ? 0 : -1;
}

static DEFINE_MUTEX(guard);

static int careful_adder(void *arg)
{
	mutex_lock(&guard);
	sum++;
	mutex_unlock(&guard);
	complete(&done);
	return 0;
}

static int kept_update(void *arg)
{
	init_completion(&done);
	kthread_run(careful_adder, NULL, "adder/0");
	kthread_run(careful_adder, NULL, "adder/1");
	wait_for_completion(&done);
	wait_for_completion(&done);
	return sum == 2 ? 0 : -1;
}

static void finds(const char *strategy, const char *carrier)
{
	const struct explore_state *st = search(strategy, 100000, lost_update, carrier);

	CHECK_MSG(st->failed, "%s", strategy);
	CHECK_STR(st->headline, "the test says that it failed");
	CHECK_MSG(st->length <= 3, "%s: %s", strategy, st->schedule);
	CHECK_EQ(replay(st, lost_update, "fibers"), VERDICT_FAILED);
	CHECK_EQ(replay(st, lost_update, "threads"), VERDICT_FAILED);
}

WQTEST(explore, every_strategy_finds_a_lost_update)
{
	finds("random:1", NULL);
	finds("pct:1,d=2", NULL);
	finds("bounded", NULL);
	finds("bounded:1", "threads");
	finds("random:1", "threads");
	/* Takes some 20,000 runs, too many where each has to boot. */
	if (search("bounded:0", 1, lost_update, NULL)->snapshots)
		finds("sleep", NULL);
}

WQTEST(explore, bounded_proves_that_a_mutex_keeps_it)
{
	const struct explore_state *st = search("bounded:2", 0, kept_update, NULL);

	CHECK_MSG(!st->failed, "%s", st->headline);
	CHECK(st->complete);
	CHECK_EQ(st->done, 1000000);
}

/* ---- what is written down is played again ---- */

static struct work_struct items[4];
static struct delayed_work later;
static int ran;

static void item_fn(struct work_struct *work)
{
	ran++;
	if (work == &items[0])
		schedule_work(&items[3]);
	usleep_range(50, 50);
}

static int queuer(void *arg)
{
	for (int i = 0; i < 3; i++) {
		schedule_work_on(i % 2, &items[i]);
		if (i == 1)
			flush_work(&items[0]);
	}
	complete(&done);
	return 0;
}

/* Queueing, flushing, cancelling, a timer and two tasks. */
static int a_bit_of_all(void *arg)
{
	init_completion(&done);
	for (int i = 0; i < 4; i++)
		INIT_WORK(&items[i], item_fn);
	INIT_DELAYED_WORK(&later, item_fn);
	kthread_run(queuer, NULL, "queuer");
	schedule_delayed_work(&later, 1);
	for (int i = 0; i < 4; i++)
		flush_work(&items[i]);
	usleep_range(900, 1100);
	cancel_delayed_work_sync(&later);
	wait_for_completion(&done);
	flush_scheduled_work();
	return 0;
}

static void comes_again(const char *engine)
{
	struct machine_config cfg = wqtest_config(2);
	struct machine_result one, two;
	unsigned int differ = 0;
	uint64_t last = 0;
	char seed[32];

	for (int i = 0; i < 200; i++) {
		const char *spec;

		snprintf(seed, sizeof(seed), i % 2 ? "random:%d" : "pct:%d,d=3,k=300", i);
		cfg.explore = seed;
		if (sim_run(&cfg, a_bit_of_all, NULL, &one))
			return;
		CHECK_MSG(one.verdict == VERDICT_OK, "%s: %s", seed, one.report);
		spec = wqtest_last_schedule();
		cfg.explore = spec;
		cfg.carrier = i % 16 ? "fibers" : "threads";
		if (sim_run(&cfg, a_bit_of_all, NULL, &two))
			return;
		CHECK_MSG(one.hash == two.hash && one.steps == two.steps && one.time_ns == two.time_ns,
			  "%s: not the same run as %s", seed, spec);
		differ += one.hash != last;
		last = one.hash;
		machine_result_free(&one);
		machine_result_free(&two);
	}
	CHECK_MSG(differ > 150, "only %u of 200 runs differ", differ);
}

WQTEST_ENGINES(explore, what_is_written_down_comes_again)
{
	comes_again(engine);
}

/* Nothing written down: the default, step by step, though every choice was asked about. */
WQTEST_ENGINES(explore, an_empty_schedule_is_the_default)
{
	struct machine_config cfg = wqtest_config(2);
	struct machine_result plain, asked;

	cfg.explore = NULL;
	if (sim_run(&cfg, a_bit_of_all, NULL, &plain))
		return;
	cfg.explore = "replay:";
	if (sim_run(&cfg, a_bit_of_all, NULL, &asked))
		return;
	CHECK_EQ(asked.hash, plain.hash);
	CHECK_EQ(asked.steps, plain.steps);
	machine_result_free(&plain);
	machine_result_free(&asked);
}

static int short_run(void *arg)
{
	return 0;
}

/* A schedule of something else does not fit, and the machine says so. */
WQTEST(explore, a_foreign_schedule_is_refused)
{
	EXPECT(VERDICT_DIVERGED, a_bit_of_all, SAYS("the run is not the one that was written down"),
	       .cpus = 2, .explore = "replay:410.lock=nobody/7");
	EXPECT(VERDICT_DIVERGED, short_run, SAYS("ended before step 99999"),
	       .cpus = 2, .explore = "replay:99999.lock=nobody/7");
}

/* Runs from a kept machine and runs from a boot are the same runs. */
WQTEST_ENGINES(explore, kept_or_booted)
{
	const struct explore_config how = { .strategy = "bounded:1", .shutdown = true, .schedules = 300 };
	struct machine_config cfg = wqtest_config(2);
	struct explore_state kept;
	const struct explore_state *st;

	cfg.explore = NULL;
	cfg.carrier = "fibers";
	st = run_explored(&cfg, &how, a_bit_of_all, NULL);
	kept.schedules = st->schedules;
	kept.steps = st->steps;
	kept.choices = st->choices;
	kept.longest = st->longest;
	CHECK_MSG(!st->failed, "%s", st->headline);
	cfg.carrier = "threads";
	st = run_explored(&cfg, &how, a_bit_of_all, NULL);
	CHECK(!st->snapshots);
	CHECK_EQ(st->schedules, kept.schedules);
	CHECK_EQ(st->steps, kept.steps);
	CHECK_EQ(st->choices, kept.choices);
	CHECK_EQ(st->longest, kept.longest);
}

/* ---- the space is divided, and the same as a whole ---- */

WQTEST(explore, parts_are_the_whole)
{
	struct explore_config how = { .strategy = "bounded:1" };
	struct machine_config cfg = wqtest_config(2);
	uint64_t whole, parts = 0;

	whole = run_explored(&cfg, &how, kept_update, NULL)->schedules;
	how.parts = 3;
	for (how.part = 0; how.part < 3; how.part++)
		parts += run_explored(&cfg, &how, kept_update, NULL)->schedules;
	/* Each part plays the default's schedule for each bound. */
	CHECK_EQ(parts, whole + 2 * 2);
}

/* ---- faults are choices too ---- */

static int needs_memory(void *arg)
{
	void *p = kmalloc(16, GFP_KERNEL);

	if (!p)
		return -1;
	kfree(p);
	return 0;
}

WQTEST(explore, finds_the_allocation_that_fails)
{
	const struct explore_config how = { .strategy = "bounded:1" };
	struct machine_config cfg = wqtest_config(1);
	const struct explore_state *st = run_explored(&cfg, &how, needs_memory, NULL);

	CHECK(st->complete && !st->failed);
	cfg.inject = "memory";
	st = run_explored(&cfg, &how, needs_memory, NULL);
	CHECK(st->failed);
	CHECK_MSG(strstr(st->schedule, ".fault=fails"), "%s", st->schedule);
}

/* ---- sleep sets leave nothing out ---- */

/* Two locks, three tasks; each task notes what it saw. */
static DEFINE_SPINLOCK(lock_a);
static DEFINE_SPINLOCK(lock_b);
static int seen_a, seen_b;

static int both_locks(void *arg)
{
	long me = (long)arg;

	spin_lock(&lock_a);
	seen_a = seen_a * 4 + (int)me;
	spin_unlock(&lock_a);
	spin_lock(&lock_b);
	seen_b = seen_b * 4 + (int)me;
	spin_unlock(&lock_b);
	complete(&done);
	return 0;
}

/* Fails in the one outcome that is asked for; each outcome is met by some schedule. */
static int outcome_is_not(void *arg)
{
	init_completion(&done);
	kthread_run(both_locks, (void *)1, "locker/1");
	kthread_run(both_locks, (void *)2, "locker/2");
	wait_for_completion(&done);
	wait_for_completion(&done);
	return seen_a * 16 + seen_b == (int)(long)arg ? -1 : 0;
}

static bool can_come_out(const char *strategy, int a, int b)
{
	const struct explore_config how = { .strategy = strategy, .schedules = 200000, .no_minimise = true };
	struct machine_config cfg = wqtest_config(2);

	return run_explored(&cfg, &how, outcome_is_not, (void *)(long)(a * 16 + b))->failed;
}

/*
 * Which of the two comes first at either lock: 1 2 is 6, 2 1 is 9.  All four
 * combinations exist, and sleep sets must not lose one.
 */
WQTEST(explore, sleep_sets_lose_no_outcome, .timeout = 300)
{
	static const int orders[] = { 6, 9 };

	if (!search("bounded:0", 1, lost_update, NULL)->snapshots)
		return;			/* too many runs to boot for each */
	for (int a = 0; a < 2; a++)
		for (int b = 0; b < 2; b++) {
			CHECK_MSG(can_come_out("bounded:2", orders[a], orders[b]), "bounded: a %d, b %d",
				  orders[a], orders[b]);
			CHECK_MSG(can_come_out("sleep", orders[a], orders[b]), "sleep: a %d, b %d",
				  orders[a], orders[b]);
		}
	CHECK(!can_come_out("bounded:1", 5, 5));
}

/* ---- what is found is made small ---- */

WQTEST(explore, a_long_schedule_is_made_small)
{
	struct explore_config how = { .strategy = "random:1", .schedules = 1000, .no_minimise = true };
	struct machine_config cfg = wqtest_config(2);
	unsigned int before;

	const struct explore_state *st = run_explored(&cfg, &how, lost_update, NULL);

	CHECK_MSG(st->failed, "%llu runs", (unsigned long long)st->schedules);
	before = st->length;
	CHECK_MSG(before > 3, "only %u deviations to take out", before);
	how.no_minimise = false;
	CHECK(run_explored(&cfg, &how, lost_update, NULL)->length <= 2);
}
