// SPDX-License-Identifier: GPL-2.0-only
/*
 * The story of a run as a table: a lane for each task, a row for each stretch in
 * which one executed without another in between.
 *
 *	     step        ms  CPU  a b c
 *	407..411      0.000    0  #       what a did; why it stopped
 *	     412      0.000    1    #     ...
 *	>    415      0.000    0  #       chosen: not what the default would do
 *	!    421      0.000    1    #     where it broke
 *
 * Nothing is shared.  Read next: replay.c.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "util.h"
#include "view.h"
#include "wqlab/explore.h"

#define LAST_ROWS	40	/* shown without --all */
#define MAX_LANES	26
#define SHOWN_DEEDS	3	/* functions at either end of a stretch, without --all */

struct lane {
	char comm[16];
	unsigned int pid;
};

static int lane_of(const struct lane *lane, int nr, const struct story_row *r)
{
	for (int i = 0; i < nr; i++)
		if (lane[i].pid == r->pid && !strcmp(lane[i].comm, r->comm))
			return i;
	return -1;
}

static int find_lanes(const struct story_row *row, size_t from, size_t nr, struct lane *lane)
{
	int n = 0;

	for (size_t i = from; i < nr; i++) {
		if (n == MAX_LANES || lane_of(lane, n, &row[i]) >= 0)
			continue;
		lane[n].pid = row[i].pid;
		strcpy(lane[n++].comm, row[i].comm);
	}
	return n;
}

static void put_legend(const struct lane *lane, int n, unsigned int width)
{
	struct text t = {0};

	for (int i = 0; i < n; i++) {
		text_add(&t, "%s%c %s", i ? "   " : "", 'a' + i, lane[i].comm);
		if (lane[i].pid)
			text_add(&t, "/%u", lane[i].pid);
	}
	printf("Lanes: ");
	put_wrapped(t.s ? t.s : "", 7, width);
	text_free(&t);
}

/* '!': the run came to its bad end here; '>': the default would have taken another. */
static char mark(const struct story_row *r, bool first)
{
	if (!first)
		return ' ';
	if (!*r->why)
		return '!';
	return r->chosen ? '>' : ' ';
}

static void put_lead(const struct story_row *r, bool first, int lane, int n)
{
	char steps[48] = "", ms[TIME_TEXT_LEN] = "", cpu[16] = "";

	if (first) {
		if (r->from == r->to)
			snprintf(steps, sizeof(steps), "%" PRIu64, r->from);
		else
			snprintf(steps, sizeof(steps), "%" PRIu64 "..%" PRIu64, r->from, r->to);
		time_text(r->time_ns, ms);
		snprintf(cpu, sizeof(cpu), "%u", r->cpu);
	}
	printf("%c %12s %9s %4s  ", mark(r, first), steps, ms, cpu);
	for (int i = 0; i < n; i++)
		printf("%c ", i == lane ? '#' : '.');
}

/* The functions of a stretch, one behind the other; of a long one the first and the last. */
static void add_deeds(struct text *t, const char *what, bool all)
{
	unsigned int lines = 0, i = 0;

	for (const char *s = what; *s; s++)
		lines += *s == '\n';
	for (const char *s = what; *s; i++) {
		size_t len = strcspn(s, "\n");

		if (all || lines < 2 * SHOWN_DEEDS || i < SHOWN_DEEDS || i + SHOWN_DEEDS > lines)
			text_add(t, "%s%.*s", t->len ? "; " : "", (int)len, s);
		else if (i == SHOWN_DEEDS)
			text_add(t, "; ...");
		s += len + (s[len] == '\n');
	}
}

static void put_text(const struct text *t, const struct story_row *r, bool first, const struct lane *lane,
		     int n, unsigned int width)
{
	size_t indent = 34 + 2 * (size_t)n, from = 0;
	size_t room = width > indent + 30 ? width - indent : 30;

	while (from < t->len) {
		size_t len = t->len - from;

		if (len > room) {
			len = room;
			while (len && t->s[from + len] != ' ')
				len--;
			if (!len)
				len = strcspn(t->s + from, " ");
		}
		put_lead(r, first, lane_of(lane, n, r), n);
		printf(" %.*s\n", (int)len, t->s + from);
		first = false;
		from += len;
		while (from < t->len && t->s[from] == ' ')
			from++;
	}
}

static void put_row(const struct story_row *r, const struct lane *lane, int n, bool all, unsigned int width)
{
	struct text t = {0};
	bool first = true;

	add_deeds(&t, r->what, all);
	if (t.len) {
		put_text(&t, r, first, lane, n, width);
		first = false;
	}
	text_free(&t);
	text_add(&t, "-> %s", *r->why ? r->why : "the run ends here");
	put_text(&t, r, first, lane, n, width);
	text_free(&t);
}

void view_story(uint64_t from_step, bool all, unsigned int width)
{
	const struct story_row *row;
	size_t nr = machine_story(&row), from = 0;
	struct lane lane[MAX_LANES];
	int n;

	while (!all && from < nr && row[from].to < from_step)
		from++;
	if (!all && nr > from + LAST_ROWS)
		from = nr - LAST_ROWS;
	if (from == nr)
		return;
	n = find_lanes(row, from, nr, lane);
	put_legend(lane, n, width);
	if (from)
		printf("(%zu stretch%s before these: --all shows %s)\n", from,
		       from == 1 ? "" : "es", from == 1 ? "it" : "them");
	printf("\n  %12s %9s %4s ", "step", "ms", "CPU");
	for (int i = 0; i < n; i++)
		printf(" %c", 'a' + i);
	putchar('\n');
	for (size_t i = from; i < nr; i++)
		put_row(&row[i], lane, n, all, width);
}
