// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the judge says: a line for each fault, and in the end one for each invariant,
 * as the tables of docs/faults.md.
 *
 * Locking: none, the parent process alone prints.  Read next: faulty.c.
 */
#include <stdio.h>
#include <string.h>

#include "faulty.h"

/* Promises that the machine itself sees to, by the kind of failure. */
static const struct {
	const char *kind, *fragment;	/* the latter is in the headline */
	enum invariant_id id;
} by_machine[] = {
	{ "deadlock", "", INV_G3 },
	{ "livelock", "", INV_G4 },
	{ "left behind", "", INV_H3 },
	{ "WARN", "sleeping function called", INV_I3 },
	{ "BUG", "scheduling while atomic", INV_I3 },
};

/* Whose breach it was; INV_NR: nobody's. */
static enum invariant_id broken(const struct result *r)
{
	size_t i;

	if (!r->caught)
		return INV_NR;
	for (i = 0; i < sizeof(by_machine) / sizeof(by_machine[0]); i++)
		if (!strcmp(r->kind, by_machine[i].kind) && strstr(r->headline, by_machine[i].fragment))
			return by_machine[i].id;
	return invariant_find(r->kind);
}

/* The place that a headline tells, or "". */
static void find_place(const struct result *r, char *buf, size_t size)
{
	const char *at = NULL, *from;

	if (!strcmp(r->kind, "check")) {
		from = strstr(r->headline, "failed: ");
		at = from ? from + 8 : r->headline;
	} else if (!strcmp(r->kind, "BUG") || !strcmp(r->kind, "WARN")) {
		from = strstr(r->headline, " at ");
		at = from ? from + 4 : NULL;
	}
	buf[0] = '\0';
	if (at)
		snprintf(buf, size, "%.*s", (int)strcspn(at, " \n!,"), at);
	for (size_t len = strlen(buf); len && buf[len - 1] == ':'; len--)
		buf[len - 1] = '\0';
}

void table_head(void)
{
	printf("| fault | where | killed by | test | strategy | schedules | length |\n"
	       "|---|---|---|---|---|---|---|\n");
}

static void none_row(const struct result *r)
{
	if (r->caught)
		printf("| none | | **%s: %s** | %s | %s | %llu | %u |\n", r->kind, r->headline, r->test,
		       r->strategy, r->schedules, r->length);
	else
		printf("| none | | nothing | %u tests | bounded, pct, random | %llu | |\n", r->tests, r->searched);
}

void table_row(unsigned int fault, const struct result *r)
{
	const struct fault *f = &faults[fault - 1];
	enum invariant_id id = broken(r);
	char place[200], length[16] = "";

	if (!fault) {
		none_row(r);
	} else if (!r->caught) {
		printf("| %s | %s | %s%s | | | %llu | |\n", f->name, f->where, r->kind,
		       r->expected ? "" : " **(unexpected)**", r->searched);
	} else {
		find_place(r, place, sizeof(place));
		if (r->schedules)
			snprintf(length, sizeof(length), "%u", r->length);
		printf("| %s | %s | %s%s%s%s | %s | %s | ", f->name, f->where, r->kind,
		       id == INV_NR || !strcmp(r->kind, invariant_get(id)->name) ? "" :
		       id == INV_G3 ? " (G3)" : id == INV_G4 ? " (G4)" : id == INV_H3 ? " (H3)" : " (I3)",
		       place[0] ? " " : "", place, r->test, r->strategy);
		if (r->schedules)
			printf("%llu", r->schedules);
		printf(" | %s |%s\n", length, r->expected ? "" : " **(unexpected)**");
	}
	fflush(stdout);
}

void table_details(unsigned int fault, const struct result *r, const char *program)
{
	const struct fault *f = &faults[fault - 1];

	if (!fault)
		return;
	printf("\n%s\n  %s\n  expected: %s\n", f->name, f->what, f->by);
	if (r->caught)
		printf("  %s\n", r->headline);
	if (r->caught && r->schedules)
		printf("  WQTEST_EXPLORE='replay:%s' %s -f %s -1 %s\n", r->schedule, program, f->name, r->test);
	printf("\n");
}

/* ---- the invariants ---- */

static unsigned int print_killed(enum invariant_id id, const struct result *results)
{
	unsigned int i, n = 0;

	for (i = 1; i <= nr_faults; i++) {
		if (broken(&results[i]) != id)
			continue;
		printf("%s%s", n ? ", " : "", faults[i - 1].name);
		n++;
	}
	return n;
}

static void print_invariants(const struct result *results)
{
	char idle[256] = "", unseen[256] = "";

	printf("\n| invariant | title | its situation occurred | killed |\n|---|---|---|---|\n");
	for (int i = 0; i < INV_NR; i++) {
		const struct invariant *inv = invariant_get(i);
		bool counted = inv->by == INV_BY_CHECK;

		if (inv->by == INV_BY_NOBODY)
			continue;
		printf("| %s | %s | ", inv->name, inv->title);
		if (counted)
			printf("%llu | ", (unsigned long long)results[0].met[i]);
		else
			printf("always | ");
		if (!print_killed(i, results)) {
			strcat(idle, " ");
			strcat(idle, inv->name);
		}
		printf(" |\n");
		if (counted && !results[0].met[i]) {
			strcat(unseen, " ");
			strcat(unseen, inv->name);
		}
	}
	printf("\nInvariants that killed none:%s\n", idle[0] ? idle : " there is none");
	printf("Invariants whose situation did not occur:%s\n", unseen[0] ? unseen : " there is none");
}

static void print_uncaught(const struct result *results)
{
	unsigned int i;

	for (i = 1; i <= nr_faults; i++) {
		const struct fault *f = &faults[i - 1];

		if (results[i].done && f->why[0])
			printf("Not to be caught: %s: %s.\n", f->name, f->why);
	}
}

void table_foot(const struct tally *t, const struct result *results, bool whole)
{
	if (whole)
		print_invariants(results);
	printf("\n");
	print_uncaught(results);
	printf("%u of %u caught", t->caught, t->all);
	if (t->wrong)
		printf(", %u not as expected", t->wrong);
	printf("\n");
}
