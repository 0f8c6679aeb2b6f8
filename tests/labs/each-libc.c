// SPDX-License-Identifier: GPL-2.0-only
/*
 * `schedule ... on each cpu`: any number at once, each with the steps of its own item.
 */
#include "labs_test-libc.h"
#include "wqlab/trace.h"

#define BASE	"workqueue q\nwork w\nat 0 queue w on q\n"

static unsigned int finishes(const char *item)
{
	unsigned int n = 0;

	for (size_t i = 0; i < trace_count(); i++) {
		const struct trace_event *ev = trace_get(i);

		n += ev->kind == TRACE_STEP && ev->a == STEP_FINISH && !strcmp(trace_text(ev->name), item);
	}
	return n;
}

/*
 * A task waits for keventd's thread, which is about to do the same: 2.6.32 has no lock that
 * would let one of them wait for the other.
 */
WQTEST_ENGINES(labs_each, task_and_item_at_once)
{
	for (unsigned int seed = 0; seed < 20; seed++) {
		char explore[40];
		struct scenario *sc = good("cpus 2\nwork c\nburn 1ms\nwork d\nburn 1ms\n"
					   "work caller\nburn 1ms\nschedule c d on each cpu\n"
					   "task t\nschedule c on each cpu\nschedule d on each cpu\n"
					   "at 0 queue caller on events\n");
		struct machine_config cfg = {
			.engines = engine, .cpus = 2, .explore = seed ? explore : NULL, .quiet = true,
		};
		struct machine_result res;

		snprintf(explore, sizeof(explore), "random:%u", seed);
		if (!sc || sim_run(&cfg, player_run, sc, &res))
			return;
		CHECK_MSG(res.verdict == VERDICT_OK, "seed %u: %s\n%s", seed, verdict_name(res.verdict), res.report);
		/* the task's and caller's, on two CPUs each */
		CHECK_EQ(finishes("c"), 4);
		CHECK_EQ(finishes("d"), 4);
		machine_result_free(&res);
		scenario_free(sc);
	}
}

WQTEST(labs_each, mistakes)
{
	static const struct bad table[] = {
		BAD(BASE "work a\nburn 1ms\nschedule a on each cpu\n",
		    "6:1: found `schedule` in `a`, which by this comes to schedule itself on each CPU, for ever; expected another item"),
		BAD(BASE "work a\nschedule w b on each cpu\nwork b\nschedule w on each cpu\nschedule c on each cpu\n"
		    "work c\nschedule a on each cpu\n",
		    "7:1: found `schedule` in `b`, which by this comes to schedule itself on each CPU, for ever; expected another item"),
		BAD(BASE "work e[0..64]\ntask t\nschedule e[0..63] on each cpu\nschedule e64 on each cpu\n",
		    "7:1: found more than 64 work items that are scheduled on each CPU, expected at most that"),
	};

	check_bad(table, COUNT(table));
}

/* The last of them has a function of its own, too. */
WQTEST(labs_each, as_many_as_allowed)
{
	struct scenario *sc = good(BASE "work e[0..63]\ntask t\nschedule e[0..63] on each cpu\n");
	struct machine_config cfg = { .engines = "cmwq", .cpus = 1, .quiet = true };
	struct machine_result res;
	char name[8];

	if (!sc || sim_run(&cfg, player_run, sc, &res))
		return;
	CHECK_EQ(res.verdict, VERDICT_OK);
	for (unsigned int i = 0; i < 64; i++) {
		snprintf(name, sizeof(name), "e%u", i);
		CHECK_EQ(finishes(name), 1);
	}
	machine_result_free(&res);
	scenario_free(sc);
}
