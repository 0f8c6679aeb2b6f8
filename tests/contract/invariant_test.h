/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the tests of the invariants share.  For each invariant stand two cases in a
 * table: a run in which its situation really occurs, and it holds; and a run that breaks
 * it, from outside, by writing into what the engine keeps.  The second is played with
 * that invariant alone switched on, and must end with its name, title and sentence.
 *
 * tests/tree/invariants.sh sees to it that no invariant is without its cases.
 */
#ifndef INVARIANT_TEST_H
#define INVARIANT_TEST_H

#include <linux/kernel.h>
#include <linux/string.h>
#include <wqlab/check.h>
#include <wqlab/invariant.h>
#include <wqlab/race.h>

#include "wqtest.h"

struct inv_case {
	const char *name;
	int (*first)(void *arg);
	unsigned int cpus;
	const char *object;	/* breaks: whose it is, in the report; NULL: that differs */
	const char *found;	/* breaks: and what is wrong */
	unsigned int seeds;	/* breaks: so many schedules may be needed; 0: the default one does it */
};

/* Its situation occurs, and it holds. */
static inline void inv_occurs(const struct inv_case *c, const char *engine)
{
	const struct machine_config cfg = {
		.kind = "sim", .engines = engine, .cpus = c->cpus ?: 2, .quiet = true,
	};
	enum invariant_id id = invariant_find(c->name);
	struct machine_result res;
	u64 before;

	CHECK_MSG(id < INV_NR, "there is no invariant %s", c->name);
	before = invariant_state[id].met;
	if (sim_run(&cfg, c->first, NULL, &res))
		return;
	CHECK_MSG(res.verdict == VERDICT_OK, "%s: verdict %s\n%s\n%s", c->name,
		  verdict_name(res.verdict), res.report, res.log);
	CHECK_MSG(invariant_state[id].met > before, "%s: its situation did not occur", c->name);
	machine_result_free(&res);
}

/* The report is about this invariant, and says what it has to. */
static inline void inv_reported(const struct inv_case *c, const char *report)
{
	const struct invariant *inv = invariant_get(invariant_find(c->name));
	char head[128];

	snprintf(head, sizeof(head), "%s %s: %s%s", inv->name, inv->title, c->object ?: "",
		 c->object ? " at " : "");
	CHECK_MSG(!strncmp(report, head, strlen(head)),
		  "%s: the report does not begin with \"%s\":\n%s", c->name, head, report);
	CHECK_MSG(strstr(report, " s, step "), "%s: no step\n%s", c->name, report);
	CHECK_MSG(strstr(report, inv->promise), "%s: its sentence is missing\n%s", c->name, report);
	CHECK_MSG(strstr(report, c->found), "%s: nobody said \"%s\"\n%s", c->name, c->found, report);
}

/* It is broken, and said to be.  Writing where one may not is a race, as ThreadSanitizer would say. */
static inline void inv_breaks(const struct inv_case *c, const char *engine)
{
	struct machine_config cfg = {
		.kind = "sim", .engines = engine, .cpus = c->cpus ?: 2, .quiet = true,
		.invariants = c->name,
	};
	enum verdict verdict = VERDICT_OK;
	unsigned int seed = 0;
	char explore[32];

	if (race_watched)
		return;
	do {
		struct machine_result res;

		if (c->seeds) {
			snprintf(explore, sizeof(explore), "random:%u", seed + 1);
			cfg.explore = explore;
		}
		if (sim_run(&cfg, c->first, NULL, &res))
			return;
		verdict = res.verdict;
		if (verdict == VERDICT_INVARIANT)
			inv_reported(c, res.report);
		else
			CHECK_MSG(c->seeds, "%s: verdict %s\n%s\n%s", c->name, verdict_name(verdict),
				  res.report, res.log);
		machine_result_free(&res);
	} while (verdict != VERDICT_INVARIANT && ++seed < c->seeds);
	CHECK_MSG(verdict == VERDICT_INVARIANT, "%s: not broken under any of %u schedules", c->name, c->seeds);
}

#define inv_all_occur(table, engine)						\
	do {									\
		for (unsigned int inv_i = 0; inv_i < ARRAY_SIZE(table); inv_i++) \
			inv_occurs(&(table)[inv_i], engine);			\
	} while (0)
#define inv_all_break(table, engine)						\
	do {									\
		for (unsigned int inv_i = 0; inv_i < ARRAY_SIZE(table); inv_i++) \
			inv_breaks(&(table)[inv_i], engine);			\
	} while (0)

#endif
