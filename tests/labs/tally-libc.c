// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the player counts for each item: an item that an engine took and dropped was queued,
 * and is not done.
 */
#include "labs_test-libc.h"

#define DROPS	"workqueue q\nworkqueue r\nwork long\nsleep 10ms\nwork w\nburn 1ms\nat 0 queue long on q\n" \
		"at 1ms drain q\nat 2ms queue w on q\n"

static const struct scenario_tally *tally_of(const struct scenario *sc, const char *name)
{
	for (uint32_t i = 0; i < sc->nr_works; i++)
		if (!strcmp(sc->works[i].name, name))
			return &sc->tally[i];
	return NULL;
}

/* Play a scenario and look at its item w. */
static void play(const char *text, const char *engine, enum verdict verdict, struct scenario_tally want)
{
	struct scenario *sc = good(text);
	struct machine_config cfg = { .engines = engine, .cpus = 1, .quiet = true };
	const struct scenario_tally *t;
	struct machine_result res;

	if (!sc || sim_run(&cfg, player_run, sc, &res))
		return;
	CHECK_EQ(res.verdict, verdict);
	t = tally_of(sc, "w");
	CHECK_EQ(t->queued, want.queued);
	CHECK_EQ(t->started, want.started);
	CHECK_EQ(t->finished, want.finished);
	CHECK_EQ(t->cancelled, want.cancelled);
	machine_result_free(&res);
	scenario_free(sc);
}

/* An outsider's item for a workqueue that drains: 3.18 drops it (C-F35), 2.6.32 runs it. */
WQTEST(labs_tally, dropped)
{
	const struct scenario_tally done = { 1, 1, 1, 0 }, lost = { 1, 0, 0, 0 };

	play(DROPS "end at 50ms\n", "legacy", VERDICT_OK, done);
	play(DROPS "end at 50ms\n", "cmwq", VERDICT_OK, lost);
	play(DROPS, "cmwq", VERDICT_DEADLOCK, lost);
}

/* What the player ends for the sake of an end, and what somebody takes back. */
WQTEST_ENGINES(labs_tally, cut_and_cancelled)
{
	play("workqueue q create\nwork w\nsleep 10ms\nat 0 queue w on q\nend at 5ms\n", engine, VERDICT_OK,
	     (struct scenario_tally) { 1, 1, 0, 0 });
	play("workqueue q create\nwork w\nat 0 queue w on q after 10ms\nend at 5ms\n", engine, VERDICT_OK,
	     (struct scenario_tally) { 1, 0, 0, 0 });
	play("workqueue q create\nwork w\nat 0 queue w on q after 10ms\nat 1ms cancel w\n"
	     "at 2ms queue w on q\n", engine, VERDICT_OK, (struct scenario_tally) { 2, 1, 1, 1 });
}
