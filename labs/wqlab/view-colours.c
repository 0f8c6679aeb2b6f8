// SPDX-License-Identifier: GPL-2.0-only
/*
 * The flush colours of each workqueue, step by step, with the ring drawn beside.
 *
 *	ms   step      colour  who    0   1   2   3   4   5 ...            overflow
 *	 1   take           0  f1    [1]  W   .   .   .   .
 *	 2   queue          1  f2    [1]  1   W   .   .   .
 *
 * A cell of the ring is a colour: "." free, a number for the flushers that wait for it,
 * in brackets once it is armed, "W" for the colour of new items.
 *
 * The ring is worked out from the events alone: who takes, queues and shares, what is done
 * and freed.  Who it is that returns stands in no event, for the first flusher lets others
 * go; but they leave in the order in which they came (C-F27).
 *
 * Nothing is locked; memory is given back before view_colours() returns.
 *
 * Read next: cmwq/flush.c, docs/flush-colours.md.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "util.h"
#include "view.h"

#define NR_COLOURS 15

/* Flushers in the order in which they came. */
struct line {
	trace_str *who;
	size_t nr;
};

/* The ring of one workqueue. */
struct ring {
	trace_str wq;
	struct line waiting[NR_COLOURS];
	struct line overflow;
	int work;			/* colour of new items */
	int armed;			/* -1: none */
};

static void join(struct line *l, trace_str who)
{
	l->who = xrealloc(l->who, l->nr + 1, sizeof(*l->who));
	l->who[l->nr++] = who;
}

/* Who came first leaves first; 0 if nobody is there. */
static trace_str leave(struct line *l)
{
	trace_str who;

	if (!l->nr)
		return 0;
	who = l->who[0];
	memmove(l->who, l->who + 1, --l->nr * sizeof(*l->who));
	return who;
}

/* Take the step; gives whom it is about. */
static trace_str step(struct ring *ring, const char *what, int colour, trace_str actor)
{
	struct line *waiting = colour >= 0 && colour < NR_COLOURS ? &ring->waiting[colour] : NULL;
	trace_str who = actor;

	if (!strcmp(what, "overflow")) {
		join(&ring->overflow, actor);
	} else if (!waiting) {
		return actor;
	} else if (!strcmp(what, "take") || !strcmp(what, "queue")) {
		join(waiting, actor);
		ring->work = (colour + 1) % NR_COLOURS;
	} else if (!strcmp(what, "share")) {
		who = leave(&ring->overflow);
		join(waiting, who);
		ring->work = (colour + 1) % NR_COLOURS;
	} else if (!strcmp(what, "arm")) {
		ring->armed = colour;
	} else if (!strcmp(what, "through")) {
		ring->armed = -1;
	} else if (!strcmp(what, "done")) {
		who = leave(waiting);
	} else if (!strcmp(what, "cascade")) {
		who = waiting->nr ? waiting->who[0] : actor;
	}
	return who;
}

static void put_ring(const struct ring *ring)
{
	for (int c = 0; c < NR_COLOURS; c++) {
		size_t nr = ring->waiting[c].nr;
		char cell[24];

		if (nr || c == ring->armed)
			snprintf(cell, sizeof(cell), c == ring->armed ? "[%zu]" : " %zu ", nr);
		else
			snprintf(cell, sizeof(cell), " %c ", c == ring->work ? 'W' : '.');
		printf("%4s", cell);
	}
	if (ring->overflow.nr)
		printf("  %zu", ring->overflow.nr);
	putchar('\n');
}

static void put_head(const char *wq)
{
	printf("workqueue %s\n%10s  %-9s%6s  %-13s", wq, "ms", "step", "colour", "who");
	for (int c = 0; c < NR_COLOURS; c++)
		printf("%3d ", c);
	puts("overflow");
}

static void put_workqueue(const struct run *run, trace_str wq)
{
	const struct record *rec = &run->rec;
	struct ring ring = { .wq = wq, .armed = -1 };

	put_head(record_text(rec, wq));
	for (size_t i = 0; i < rec->nr; i++) {
		const struct trace_event *ev = &rec->ev[i];
		char colour[24] = "";
		trace_str who;

		if (ev->kind != TRACE_FLUSH_COLOR || ev->name2 != wq)
			continue;
		who = step(&ring, record_text(rec, ev->name), (int)ev->a, ev->comm);
		if (ev->a >= 0)
			snprintf(colour, sizeof(colour), "%" PRId64, ev->a);
		printf("%10.3f  %-9s%6s  %-13s", (double)ev->ts / 1e6, record_text(rec, ev->name),
		       colour, record_text(rec, who));
		put_ring(&ring);
	}
	for (int c = 0; c < NR_COLOURS; c++)
		free(ring.waiting[c].who);
	free(ring.overflow.who);
}

/* Is it one of the scenario's?  The others are flushed by the shutdown alone. */
static bool is_named(const struct scenario *sc, const char *wq)
{
	for (uint32_t i = sc->uses_events ? 0 : 1; i < sc->nr_workqueues; i++)
		if (!strcmp(sc->workqueues[i].name, wq))
			return true;
	return false;
}

/* Is this the workqueue's first step in the run? */
static bool is_first(const struct record *rec, size_t i)
{
	if (rec->ev[i].kind != TRACE_FLUSH_COLOR)
		return false;
	for (size_t k = 0; k < i; k++)
		if (rec->ev[k].kind == TRACE_FLUSH_COLOR && rec->ev[k].name2 == rec->ev[i].name2)
			return false;
	return true;
}

void view_colours(const struct scenario *sc, const struct run *run, unsigned int nr)
{
	for (unsigned int r = 0; r < nr; r++) {
		const struct record *rec = &run[r].rec;
		char *title = run_title(&run[r]);
		bool any = false;

		printf("%s%s\n", r ? "\n" : "", title);
		free(title);
		for (size_t i = 0; i < rec->nr; i++)
			if (is_first(rec, i) && is_named(sc, record_text(rec, rec->ev[i].name2))) {
				put_workqueue(&run[r], rec->ev[i].name2);
				any = true;
			}
		if (!any)
			puts("  no flush colours: nobody flushed a workqueue, or the design has none");
	}
}
