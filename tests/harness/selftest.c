// SPDX-License-Identifier: GPL-2.0-only
/*
 * Does the harness see what it must see?  Most of these tests fail on purpose,
 * and say with which words.
 */
#include <linux/completion.h>
#include <linux/kthread.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <wqlab/race.h>

#include "wqtest.h"

static int zero;
static int three = 3;

WQTEST(harness, check_passes)
{
	CHECK(1 + 1 == 2);
	CHECK_EQ(three, 3);
	CHECK_EQ(-1, ~0);
	CHECK_STR("cmwq", "cmwq");
	CHECK_STR(wqtest_engine(), NULL);
	CHECK_MSG(three, "three is %d", three);
}

WQTEST(harness, check_fails, .fails = "tests/harness/selftest.c:29: CHECK")
{
	CHECK(zero);
}

WQTEST(harness, check_eq_fails, .fails = ": 3 is not 0")
{
	CHECK_EQ(three, zero);
}

WQTEST(harness, check_str_fails, .fails = ": \"a\" is not \"b\"")
{
	CHECK_STR("a", "b");
}

WQTEST(harness, check_msg_fails, .fails = "zero and 3")
{
	CHECK_MSG(zero, "zero and %d", three);
}

WQTEST(harness, many_failures, .fails = "... and 80 more")
{
	for (int i = 0; i < 100; i++)
		CHECK_MSG(zero, "failure %d", i);
}

WQTEST_MATRIX(harness, engine_has_its_name)
{
	CHECK_STR(engine, wqtest_engine());
}

static int nothing(void *arg)
{
	(void)arg;
	return 0;
}

WQTEST_MATRIX(harness, machine_runs, .any_order = true)
{
	CHECK_STR(wqtest_config(1).kind, wqtest_native() ? "native" : "sim");
	CHECK_EQ(RUN(2, nothing), VERDICT_OK);
	CHECK_EQ(RUN(1, nothing), VERDICT_OK);
}

static int five(void *arg)
{
	(void)arg;
	return 5;
}

WQTEST_MACHINES(harness, return_value_counts, .fails = "the first task returned 5")
{
	RUN(1, five);
}

static int checks(void *arg)
{
	CHECK_EQ(*(int *)arg, 4);
	CHECK_MSG(zero, "never reached");
	return 0;
}

WQTEST_MACHINES(harness, check_inside_ends_the_run, .fails = ": 3 is not 4")
{
	int n = 3;

	CHECK_EQ(RUN_ARG(1, checks, &n), VERDICT_FAILED);
}

/* Who hangs, and in what: the simulated machine sees it at once, the native one in time. */
static DECLARE_COMPLETION(never);

static int waits(void *arg)
{
	(void)arg;
	wait_for_completion(&never);
	return 0;
}

WQTEST_MACHINES(harness, hanging_task_is_named, .fails = "on completion never")
{
	struct machine_config cfg = wqtest_config(1);

	cfg.hung_task_ns = 100000000;
	RUN_CFG(&cfg, waits, NULL);
}

/* The first seed that fails is the last one that runs. */
static int not_three(void *arg)
{
	CHECK_MSG((unsigned long)arg != 3, "seed is %lu", (unsigned long)arg);
	return 0;
}

WQTEST_MACHINES(harness, seeds_end_with_the_first_that_fails, .fails = "seed is 3")
{
	run_seeds(1, not_three, 1, 80);
}

static int short_of_six(void *arg)
{
	CHECK((unsigned long)arg < 6);
	return 0;
}

WQTEST_MACHINES(harness, native_runs_one_seed_in_twenty)
{
	run_seeds(1, short_of_six, 1, wqtest_native() ? 100 : 5);
}

WQTEST(harness, result_is_for_the_test_to_judge)
{
	struct machine_config cfg = { .cpus = 1 };
	struct machine_result res;

	CHECK_EQ(sim_run(&cfg, five, NULL, &res), 0);
	CHECK_EQ(res.verdict, VERDICT_OK);
	CHECK_EQ(res.ret, 5);
	machine_result_free(&res);
}

WQTEST(harness, refused_machine, .fails = "refused to boot")
{
	RUN(0, nothing);
}

static int bumps(void *arg)
{
	(void)arg;
	return three++ != 3;
}

WQTEST_MACHINES(harness, statics_come_back)
{
	RUN(1, bumps);
	CHECK_EQ(three, 4);
	RUN(1, bumps);
	CHECK_EQ(three, 4);
}

/*
 * ThreadSanitizer sees what two tasks do to each other, whatever carries them, and
 * nothing where a lock keeps them apart.
 */
static DEFINE_SPINLOCK(guard);
static struct completion written;
static int word;

static int writes(void *arg)
{
	(void)arg;
	word++;
	complete(&written);
	return 0;
}

static int writes_guarded(void *arg)
{
	(void)arg;
	spin_lock(&guard);
	word++;
	spin_unlock(&guard);
	complete(&written);
	return 0;
}

static int two_write(void *arg)
{
	init_completion(&written);
	kthread_run(arg, NULL, "first");
	kthread_run(arg, NULL, "second");
	wait_for_completion(&written);
	wait_for_completion(&written);
	return 0;
}

static const char *carrier;

static int boot_writers(void *arg)
{
	struct machine_config cfg = wqtest_config(2);

	cfg.carrier = carrier;
	RUN_CFG(&cfg, two_write, arg);
	return 0;
}

static void race_on(const char *with, int (*task)(void *), bool race)
{
	struct wqtest_child child;
	bool seen;

	carrier = with;
	wqtest_apart(boot_writers, task, &child);
	seen = strstr(child.said, "ThreadSanitizer: data race") && strstr(child.said, "#0 writes");
	CHECK_MSG(seen == race && !child.status == !race, "%s: status %d, %s", with, child.status,
		  child.said);
}

WQTEST(harness, race_is_seen_on_both_carriers)
{
	race_on("threads", writes, race_watched);
	race_on("fibers", writes, race_watched);
	race_on("threads", writes_guarded, false);
	race_on("fibers", writes_guarded, false);
}
