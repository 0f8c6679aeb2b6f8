// SPDX-License-Identifier: GPL-2.0-only
/*
 * The invariants' registry: which are checked, how often, and what is said when one
 * does not hold.
 *
 *	C4 no reserve worker: pool 0:0 at 12.010000 s, step 87
 *	While an item executes, another worker stands by ...
 *	found: 1 executes, nr_idle 0, nobody manages
 *
 * Owns the switches and the counters.  They are libc world's: what a machine puts back
 * at boot, or an explorer before each schedule, are not they.
 *
 * Locking: none, see wqlab/invariant.h.  Read next: invariant-table.c, cmwq/check.c.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "invariant.h"
#include "ops.h"
#include "sim.h"
#include "wqlab/invariant.h"

bool invariants_on;
struct invariant_state invariant_state[INV_NR];
uint64_t goals_reached[GOAL_NR];
static enum goal_id goal_wanted = GOAL_NR;	/* this run ends where it is met; GOAL_NR: none */

/* The breach that ends this run. */
static struct {
	enum invariant_id id;
	char found[256];
} breach;

enum invariant_id invariant_find(const char *name)
{
	int i;

	for (i = 0; i < INV_NR && strcmp(invariant_get(i)->name, name); i++)
		;
	return i;
}

enum goal_id goal_find(const char *name)
{
	int i;

	for (i = 0; i < GOAL_NR && strcmp(goal_get(i)->name, name); i++)
		;
	return i;
}

/* ---- switches ---- */

/* Switch one name, or all whose name begins with that letter; false: there is none. */
static bool switch_name(const char *name, size_t len, bool to, bool set[INV_NR])
{
	bool found = false;
	int i;

	for (i = 0; i < INV_NR; i++) {
		const char *known = invariant_get(i)->name;

		if (strncmp(known, name, len) || (len != 1 && known[len]))
			continue;
		found = true;
		set[i] = to;
	}
	return found;
}

/* One word of the list, with or without the '-'; false, and the reason told, if it is no name. */
static bool switch_word(const char *word, size_t len, bool set[INV_NR])
{
	bool out = len && *word == '-';

	if (len > out && switch_name(word + out, len - out, !out, set))
		return true;
	mach_set_error("unknown invariant \"%.*s\": expected all, none, or names such as C4, or C for the chapter, with a '-' in front to leave one out",
		       len < 40 ? (int)len : 40, word);
	return false;
}

int invariants_parse(const char *list, bool set[INV_NR])
{
	bool scratch[INV_NR], all = !list || !strcmp(list, "all");
	size_t len;

	if (!set)
		set = scratch;
	memset(set, all || *list == '-', INV_NR * sizeof(*set));
	if (all || !strcmp(list, "none"))
		return 0;
	for (;; list += len + 1) {
		len = strcspn(list, ",");
		if (!switch_word(list, len, set))
			return -1;
		if (!list[len])
			return 0;
	}
}

void invariants_begin(const char *list, bool running)
{
	bool set[INV_NR];
	int i;

	invariants_parse(list, set);	/* mach_config() has found it right */
	invariants_on = false;
	for (i = 0; i < INV_NR; i++) {
		invariant_state[i].on = set[i] && invariant_get(i)->by == INV_BY_CHECK;
		invariants_on |= running && invariant_state[i].on;
	}
}

void invariants_end(void)
{
	invariants_on = false;
}

/* ---- a goal ---- */

int goal_parse(const char *name)
{
	char known[200] = "";
	int i;

	goal_wanted = name ? goal_find(name) : GOAL_NR;
	if (!name || goal_wanted != GOAL_NR)
		return 0;
	for (i = 0; i < GOAL_NR; i++)
		snprintf(known + strlen(known), sizeof(known) - strlen(known), "%s%s", i ? ", " : "",
			 goal_get(i)->name);
	mach_set_error("unknown goal \"%.40s\": expected one of %s", name, known);
	return -1;
}

static void __attribute__((noreturn, cold)) goal_met(void)
{
	const struct goal *goal = goal_get(goal_wanted);
	uint64_t now = mach_now();
	char text[200];

	snprintf(text, sizeof(text), "%s: %s at %" PRIu64 ".%06" PRIu64 " s, step %" PRIu64, goal->name,
		 goal->title, now / 1000000000, now / 1000 % 1000000, sim.steps);
	machine_stop(VERDICT_GOAL, text);
}

void goal_reached(enum goal_id id)
{
	check_count(&goals_reached[id]);
	if (goal_wanted == id)
		goal_met();
}

/* ---- a breach ---- */

void invariant_fail(enum invariant_id id, const char *object, const char *found)
{
	const struct invariant *inv = invariant_get(id);
	uint64_t now = mach_now();
	char text[200], step[40] = "";

	/* On the native machine nobody counts steps. */
	if (machine.ops == &machine_sim)
		snprintf(step, sizeof(step), ", step %" PRIu64, sim.steps);
	snprintf(text, sizeof(text), "%s %s: %s at %" PRIu64 ".%06" PRIu64 " s%s", inv->name, inv->title,
		 object, now / 1000000000, now / 1000 % 1000000, step);
	breach.id = id;
	snprintf(breach.found, sizeof(breach.found), "%s", found);
	machine_stop(VERDICT_INVARIANT, text);
}

static void report_promise(enum invariant_id id)
{
	report_add("%s: %s\n", invariant_get(id)->name, invariant_get(id)->promise);
}

void invariants_report(enum verdict v)
{
	switch (v) {
	case VERDICT_INVARIANT:
		report_add("%s\n", invariant_get(breach.id)->promise);
		report_add("found: %s\n", breach.found);
		break;
	case VERDICT_DEADLOCK:
		report_promise(INV_G3);
		break;
	case VERDICT_STEP_LIMIT:
		report_promise(INV_G4);
		break;
	case VERDICT_LEAK:
		report_promise(INV_H3);
		break;
	default:
		break;
	}
}
