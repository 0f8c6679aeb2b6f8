// SPDX-License-Identifier: GPL-2.0-only
/* The invariants' registry: names, switches, counts that outlive a run; and that checking changes nothing. */
#include <stdio.h>
#include <string.h>

#include "wqlab/invariant.h"
#include "wqtest.h"

int busy_machine(void *arg);	/* tests/machine/invariants.c */

WQTEST(invariants_registry, each_has_a_name_of_its_own)
{
	for (int i = 0; i < INV_NR; i++) {
		const struct invariant *inv = invariant_get(i);

		CHECK_EQ(invariant_find(inv->name), i);
		CHECK_MSG(strlen(inv->title) > 5 && strlen(inv->promise) > 40, "%s says too little", inv->name);
		CHECK_MSG(strchr("PRQF", *inv->when) && *inv->when, "%s is checked at \"%s\"", inv->name, inv->when);
	}
	for (int i = 0; i < GOAL_NR; i++)
		CHECK_EQ(goal_find(goal_get(i)->name), i);
	CHECK_EQ(invariant_find("B2"), INV_NR);		/* that is a goal */
	CHECK_EQ(goal_find("C4"), GOAL_NR);
}

/* How many a list switches on; -1: it is refused. */
static int how_many(const char *list, enum invariant_id with, enum invariant_id without)
{
	bool set[INV_NR];
	int n = 0;

	if (invariants_parse(list, set))
		return -1;
	for (int i = 0; i < INV_NR; i++)
		n += set[i];
	CHECK_MSG(with == INV_NR || set[with], "\"%s\" lacks %s", list, invariant_get(with)->name);
	CHECK_MSG(without == INV_NR || !set[without], "\"%s\" has %s", list, invariant_get(without)->name);
	return n;
}

WQTEST(invariants_registry, lists)
{
	CHECK_EQ(how_many(NULL, INV_A1, INV_NR), INV_NR);
	CHECK_EQ(how_many("all", INV_J2, INV_NR), INV_NR);
	CHECK_EQ(how_many("none", INV_NR, INV_A1), 0);
	CHECK_EQ(how_many("C4", INV_C4, INV_C5), 1);
	CHECK_EQ(how_many("C4,D1", INV_D1, INV_C5), 2);
	CHECK_EQ(how_many("C", INV_C8, INV_D1), 8);
	CHECK_EQ(how_many("C,-C7", INV_C8, INV_C7), 7);
	CHECK_EQ(how_many("-C7", INV_C8, INV_C7), INV_NR - 1);
	CHECK_EQ(how_many("-C,C7", INV_C7, INV_C8), INV_NR - 7);
}

static const char *const wrong[] = {
	"", ",", "C4,", ",C4", "X", "C9", "C44", "c4", "-", "--C4", "-,", "all,C4", "none,C4", "C4 ", "B2",
};

WQTEST(invariants_registry, what_is_no_list)
{
	struct machine_config cfg = { .cpus = 1, .quiet = true };
	struct machine_result res;

	for (unsigned int i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		CHECK_MSG(how_many(wrong[i], INV_NR, INV_NR) == -1, "\"%s\" is taken for a list", wrong[i]);
		cfg.invariants = wrong[i];
		CHECK(machine_run(&cfg, NULL, NULL, &res));
		CHECK_MSG(!strncmp(machine_error(), "unknown invariant \"", 19), "%s", machine_error());
	}
}

static struct machine_result play(const char *engine, const char *invariants)
{
	struct machine_config cfg = wqtest_config(2);
	struct machine_result res = { .verdict = VERDICT_FAILED };

	cfg.engines = engine;
	cfg.explore = "random:3";
	cfg.invariants = invariants;
	CHECK(!machine_run(&cfg, busy_machine, NULL, &res));
	CHECK_EQ(res.verdict, VERDICT_OK);
	machine_result_free(&res);
	return res;
}

WQTEST(invariants_registry, checking_changes_nothing)
{
	static const char *const engines[] = { "legacy", "cmwq", "legacy,cmwq" };

	for (int i = 0; i < 3; i++) {
		uint64_t before = invariant_state[INV_A3].checks, counted;
		struct machine_result with = play(engines[i], NULL), without;

		counted = invariant_state[INV_A3].checks;
		CHECK(counted > before);
		without = play(engines[i], "none");
		CHECK_EQ(invariant_state[INV_A3].checks, counted);	/* not since, and not forgotten */
		CHECK_EQ(with.hash, without.hash);
		CHECK_EQ(with.steps, without.steps);
		CHECK_EQ(with.time_ns, without.time_ns);
	}
}
