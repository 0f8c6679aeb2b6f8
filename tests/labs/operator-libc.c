// SPDX-License-Identifier: GPL-2.0-only
/*
 * The steps of the outside that may have to wait: each begins at its time, whatever those
 * before it wait for, and says when it is over.
 */
#include <stdio.h>
#include <string.h>

#include "labs_test-libc.h"
#include "wqlab/trace.h"

/* Play a scenario, which must end well. */
static void play(const char *text, const char *engine, unsigned int seed)
{
	char explore[40];
	struct scenario *sc = good(text);
	struct machine_config cfg = {
		.engines = engine, .cpus = sc ? sc->cpus : 1, .online = sc ? sc->online : 0,
		.nodes = sc ? sc->nodes : 1, .explore = seed ? explore : NULL, .quiet = true,
	};
	struct machine_result res;

	snprintf(explore, sizeof(explore), "random:%u", seed);
	if (sc && !sim_run(&cfg, player_run, sc, &res)) {
		CHECK_MSG(res.verdict == VERDICT_OK && !res.ret, "%s, seed %u: %s, returned %d\n%s", engine, seed,
			  verdict_name(res.verdict), res.ret, res.report);
		machine_result_free(&res);
	}
	scenario_free(sc);
}

/* When a line from outside was recorded, in ms from boot; -1: never. */
static int64_t when(const char *line)
{
	for (size_t i = 0; i < trace_count(); i++) {
		const struct trace_event *ev = trace_get(i);

		if (ev->kind == TRACE_OUTSIDE && !strcmp(trace_text(ev->name), line))
			return (int64_t)(ev->ts / 1000000);
	}
	return -1;
}

/* What the drain and the destroy wait for comes later in the file. */
WQTEST_ENGINES(labs_operator, thaw_comes_through)
{
	for (unsigned int seed = 0; seed < 20; seed++) {
		play("workqueue q freezeable\nworkqueue r freezeable\nwork c, d\nburn 1ms\nat 0 freeze\n"
		     "at 20ms queue c d on q r\nat 30ms\ndrain q\ndestroy r\nat 40ms thaw\n", engine, seed);
		CHECK_EQ(when("drain q"), 30);
		CHECK_EQ(when("destroy r"), 30);
		CHECK_EQ(when("thaw: done"), 40);
		CHECK(when("drain q: done") >= 41);
		CHECK(when("destroy r: done") >= 41);
	}
}

/* An item of a CPU that was never up waits for it (docs/faults-3.18.md), and the drain for the item. */
WQTEST(labs_operator, cpu_comes_back)
{
	play("cpus 2 online 1\nworkqueue q\nwork w\nburn 1ms\nat 5ms queue w on q cpu 1\n"
	     "at 6ms drain q\nat 50ms cpu 1 up\n", "cmwq", 0);
	CHECK_EQ(when("cpu 1 up: done"), 50);
	CHECK_EQ(when("drain q: done"), 51);
}

/* Two at one workqueue come one after the other; the scenario's failing threads are not the operators'. */
WQTEST_ENGINES(labs_operator, one_workqueue_one_at_a_time)
{
	for (unsigned int seed = 0; seed < 20; seed++) {
		play("cpus 2\nworkqueue q\nworkqueue r\nwork w\nsleep 10ms\nat 0 queue w on q\n"
		     "at 1ms fail thread creation on\nat 2ms drain q r\nat 3ms destroy r q\n", engine, seed);
		CHECK_EQ(when("destroy r q"), 3);
		CHECK(when("drain q r: done") >= 10);
		CHECK(when("destroy r q: done") >= when("drain q r: done"));
	}
}

/* The last text that cat is said to have read; NULL: none. */
static const char *read_by(const char *step)
{
	const char *found = NULL;

	for (size_t i = 0; i < trace_count(); i++) {
		const struct trace_event *ev = trace_get(i);
		const char *text = trace_text(ev->name);

		if (ev->kind == TRACE_OUTSIDE && !strncmp(text, step, strlen(step)) && text[strlen(step)] == ':')
			found = text + strlen(step) + 2;
	}
	return found;
}

/* All of a file is told, however much it is, and the last character too (C-F42). */
WQTEST(labs_operator, cat_reads_all)
{
	const char *pools, *mask, *names;
	size_t blanks = 0, i;

	play("cpus 64\nnodes 64\nworkqueue q flags=UNBOUND|SYSFS\nwork w\nat 0\nqueue w on q\n"
	     "cat /sys/bus/workqueue/devices/q/pool_ids\ncat /sys/bus/workqueue/devices/q/cpumask\n"
	     "cat /sys/bus/workqueue/devices/q\n", "cmwq", 0);
	pools = read_by("cat /sys/bus/workqueue/devices/q/pool_ids");
	mask = read_by("cat /sys/bus/workqueue/devices/q/cpumask");
	names = read_by("cat /sys/bus/workqueue/devices/q");
	CHECK(pools && mask && names);
	if (!pools || !mask || !names)
		return;
	CHECK(!strncmp(pools, "0:", 2));
	CHECK(strstr(pools, " 63:"));
	for (i = 0; pools[i]; i++)
		blanks += pools[i] == ' ';
	CHECK(blanks == 63);
	CHECK_STR(mask, "ffffffff,ffffffff");
	CHECK_STR(names, "per_cpu max_active pool_ids nice cpumask numa");
}

/* What was destroyed is neither destroyed nor drained again. */
WQTEST_ENGINES(labs_operator, gone)
{
	play("workqueue q\nworkqueue r\nwork w\nat 0 queue w on q\nat 10ms destroy q\nat 20ms drain q\n"
	     "at 30ms destroy q\nat 40ms destroy q r\n", engine, 0);
	CHECK_EQ(when("destroy q: done") / 10, 1);
	CHECK_EQ(when("q is gone"), 20);
	CHECK_EQ(when("drain q: done"), -1);
	CHECK_EQ(when("destroy q r: done") / 10, 4);
}

/* A refusal has its name and its reason. */
WQTEST(labs_operator, refused)
{
	play("cpus 2\nworkqueue q flags=UNBOUND|SYSFS\nworkqueue r\nwork w\nat 0\nqueue w on q\ncpu 1 up\nat 1ms cpu 1 down\n"
	     "at 2ms cpu 1 down\nat 3ms cpu 0 down\nat 4ms\necho x > /sys/bus/workqueue/devices/q/cpumask\n"
	     "cat /sys/bus/workqueue/devices/r/max_active\necho 1 > /sys/bus/workqueue/devices/q/pool_ids\n", "cmwq", 0);
	CHECK_EQ(when("cpu 1 up: refused, EINVAL: it is up already"), 0);
	CHECK_EQ(when("cpu 1 down: refused, EINVAL: it is down already"), 2);
	CHECK_EQ(when("cpu 0 down: refused, EBUSY: it is the last CPU that is up"), 3);
	CHECK_EQ(when("echo x > /sys/bus/workqueue/devices/q/cpumask: refused, EINVAL: that cannot be written there"), 4);
	CHECK_EQ(when("cat /sys/bus/workqueue/devices/r/max_active: refused, ENOENT: no such file: "
		      "only a workqueue made with SYSFS has its files there"), 4);
	CHECK_EQ(when("echo 1 > /sys/bus/workqueue/devices/q/pool_ids: refused, EACCES: it is not to be written"), 4);
}
