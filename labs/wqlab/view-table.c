// SPDX-License-Identifier: GPL-2.0-only
/*
 * The timelines as a table, two next to each other:
 *
 *	legacy (Linux 2.6.32)           | cmwq (Linux 3.18)
 *	ms  work  event   thread   CPU  | ms  work  event   thread   CPU
 *	 0  w0    starts  q0/0       0  |  0  w0    starts  kworker    0
 *	                                |  5  w1    starts  kworker    0
 *
 * Like a two-column diff, by time: rows of one instant are paired in their
 * order, and where one side has fewer it stays empty.  Columns are as wide as
 * what stands in them; when a line would get too long the event's gives way,
 * then the others.
 *
 * Owned here: struct side, one timeline and the widths of its columns.
 * Nothing is shared, nothing is locked.
 *
 * Read next: timeline.c, where the rows come from; compare.c, what is printed
 * below the table.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "timeline.h"
#include "util.h"
#include "view.h"

#define BAR " | "
#define EMPTY_BAR " |"	/* nothing follows on the line */
#define MAX_WORK 23	/* a name has no more characters than this */

enum { COL_TIME, COL_WORK, COL_EVENT, COL_THREAD, COL_CPU, NR_COLS };

static const char *const heads[NR_COLS] = { "ms", "work", "event", "thread", "CPU" };

struct side {
	const struct run *run;
	struct timeline tl;
	size_t width[NR_COLS];
	size_t total;		/* of all columns with the gaps between them */
};

static const char *cell(const struct timeline_row *row, unsigned int col, char *buf)
{
	switch (col) {
	case COL_TIME:
		return time_text(row->ns, buf);
	case COL_WORK:
		return row->work;
	case COL_EVENT:
		return row->event;
	case COL_THREAD:
		return row->kind == ROW_OUTSIDE ? "outside" : row->thread;
	default:
		snprintf(buf, TIME_TEXT_LEN, "%u", row->cpu);
		return buf;
	}
}

static size_t total_width(const struct side *s)
{
	size_t total = 2 * (NR_COLS - 1);

	for (unsigned int col = 0; col < NR_COLS; col++)
		total += s->width[col];
	return total;
}

/* Make a column narrower, but not below `least`, until all fit into `room`. */
static void squeeze(struct side *s, unsigned int col, size_t least, size_t room)
{
	size_t total = total_width(s), *width = &s->width[col];

	if (total <= room || *width <= least)
		return;
	*width = *width - least > total - room ? *width - (total - room) : least;
}

static void fit_columns(struct side *s, size_t room)
{
	char buf[TIME_TEXT_LEN];

	for (unsigned int col = 0; col < NR_COLS; col++) {
		s->width[col] = strlen(heads[col]);
		for (size_t i = 0; i < s->tl.nr; i++) {
			size_t have = text_columns(cell(&s->tl.row[i], col, buf));

			if (have > s->width[col])
				s->width[col] = have;
		}
	}
	if (s->width[COL_WORK] > MAX_WORK)
		s->width[COL_WORK] = MAX_WORK;
	squeeze(s, COL_EVENT, 18, room);
	squeeze(s, COL_THREAD, 8, room);
	squeeze(s, COL_WORK, 6, room);
	squeeze(s, COL_EVENT, 8, room);
	s->total = total_width(s);
}

/* The cells of a row, or the columns' heads for no row. */
static void put_cells(const struct side *s, const struct timeline_row *row)
{
	char buf[TIME_TEXT_LEN];

	for (unsigned int col = 0; col < NR_COLS; col++) {
		bool number = col == COL_TIME || col == COL_CPU;

		put_field(row ? cell(row, col, buf) : heads[col], s->width[col], number);
		if (col < NR_COLS - 1)
			fputs("  ", stdout);
	}
}

static void put_line(struct side *side, unsigned int nr, const struct timeline_row *const *row)
{
	for (unsigned int i = 0; i < nr; i++) {
		if (i)
			fputs(row[i] ? BAR : EMPTY_BAR, stdout);
		if (row[i])
			put_cells(&side[i], row[i]);
		else if (i + 1 < nr)
			printf("%*s", (int)side[i].total, "");
	}
	putchar('\n');
}

static void put_heads(const struct side *side, unsigned int nr)
{
	for (unsigned int i = 0; i < nr; i++) {
		char *name = run_title(side[i].run);

		if (i)
			fputs(BAR, stdout);
		if (i + 1 < nr)
			put_field(name, side[i].total, false);
		else
			fputs(name, stdout);
		free(name);
	}
	putchar('\n');
	for (unsigned int i = 0; i < nr; i++) {
		if (i)
			fputs(BAR, stdout);
		put_cells(&side[i], NULL);
	}
	putchar('\n');
	for (unsigned int i = 0; i < nr; i++) {
		if (i)
			fputs("-+-", stdout);
		for (size_t n = 0; n < side[i].total; n++)
			putchar('-');
	}
	putchar('\n');
}

static void put_rows(struct side *side, unsigned int nr)
{
	size_t at[2] = { 0, 0 };

	for (;;) {
		const struct timeline_row *row[2] = { NULL, NULL };
		uint64_t now = UINT64_MAX;

		for (unsigned int i = 0; i < nr; i++)
			if (at[i] < side[i].tl.nr && side[i].tl.row[at[i]].ns < now)
				now = side[i].tl.row[at[i]].ns;
		if (now == UINT64_MAX)
			return;
		for (unsigned int i = 0; i < nr; i++)
			if (at[i] < side[i].tl.nr && side[i].tl.row[at[i]].ns == now)
				row[i] = &side[i].tl.row[at[i]++];
		put_line(side, nr, row);
	}
}

void view_table(const struct run *run, unsigned int nr, bool all, unsigned int width)
{
	struct side side[2] = { 0 };
	size_t room = nr == 2 ? (width - strlen(BAR)) / 2 : width;

	for (unsigned int i = 0; i < nr; i++) {
		side[i].run = &run[i];
		timeline_build(&run[i].rec, all, &side[i].tl);
		/* What follows the scenario's end is the player taking everything down. */
		if (run[i].res.verdict == VERDICT_OK && !run[i].res.ret)
			timeline_cut_details(&side[i].tl);
		fit_columns(&side[i], room);
	}
	/* What the one side does not need the other may have. */
	if (nr == 2 && side[0].total < room)
		fit_columns(&side[1], 2 * room - side[0].total);
	else if (nr == 2 && side[1].total < room)
		fit_columns(&side[0], 2 * room - side[1].total);
	put_heads(side, nr);
	put_rows(side, nr);
	for (unsigned int i = 0; i < nr; i++)
		timeline_free(&side[i].tl);
}

void view_title(const struct scenario *sc, const struct run *run, unsigned int width)
{
	put_wrapped(*sc->title ? sc->title : sc->file, 0, width);
	printf("%u virtual CPU%s, %u ticks a second\n", run->cpus, run->cpus == 1 ? "" : "s",
	       run->hz);
	for (uint32_t i = 0; i < sc->nr_notes; i++) {
		fputs("  ", stdout);
		put_wrapped(sc->notes[i], 2, width);
	}
	putchar('\n');
}
