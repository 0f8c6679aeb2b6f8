// SPDX-License-Identifier: GPL-2.0-only
/*
 * trace_stat/workqueues: 2.6.32's table of what each workqueue thread was given and did,
 * counted from the four events of that release.
 *
 *	workqueue_creation	a row, in the group of its CPU
 *	workqueue_insertion	INSERTED; barriers are inserted too, so a flush counts
 *	workqueue_execution	EXECUTED
 *	workqueue_destruction	the row goes
 *
 * A kernel shows the table as it is when it is read.  Here it is read when the scenario is
 * over, before its workqueues are destroyed: at the last event that is a step of it.
 *
 * Nothing is owned here, nothing is locked.
 *
 * Read next: common/include/wqlab/events.h.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "util.h"
#include "view.h"

/* A thread. */
struct row {
	int64_t pid;
	int64_t cpu;
	const char *name;
	unsigned int inserted, executed;
	bool gone;
};

struct stat {
	struct row *row;	/* in the order of creation */
	size_t nr, room;
};

static struct row *find(struct stat *st, int64_t pid)
{
	/* From behind: a pid is never used again, and late threads do most. */
	for (size_t i = st->nr; i--;)
		if (st->row[i].pid == pid)
			return &st->row[i];
	return NULL;
}

static void count(struct stat *st, const struct record *rec, const struct trace_event *ev)
{
	struct row *row;

	if (ev->kind == TRACE_CREATION) {
		if (st->nr == st->room) {
			st->room = st->room ? 2 * st->room : 64;
			st->row = xrealloc(st->row, st->room, sizeof(*st->row));
		}
		st->row[st->nr++] = (struct row){
			.pid = ev->a, .cpu = ev->b, .name = record_text(rec, ev->name2),
		};
		return;
	}
	if (ev->kind != TRACE_INSERTION && ev->kind != TRACE_EXECUTION && ev->kind != TRACE_DESTRUCTION)
		return;
	row = find(st, ev->a);
	if (!row)
		return;
	row->inserted += ev->kind == TRACE_INSERTION;
	row->executed += ev->kind == TRACE_EXECUTION;
	row->gone |= ev->kind == TRACE_DESTRUCTION;
}

/* The scenario's last word; what follows is the player putting things away. */
static size_t end_of(const struct record *rec)
{
	size_t end = 0;

	for (size_t i = 0; i < rec->nr; i++)
		if (rec->ev[i].kind == TRACE_STEP || rec->ev[i].kind == TRACE_OUTSIDE)
			end = i + 1;
	return end;
}

static int by_cpu(const void *x, const void *y)
{
	const struct row *a = x, *b = y;

	if (a->cpu != b->cpu)
		return a->cpu < b->cpu ? -1 : 1;
	return a->pid < b->pid ? -1 : a->pid > b->pid;
}

static void put_run(const struct run *run)
{
	size_t end = end_of(&run->rec);
	struct stat st = { 0 };

	for (size_t i = 0; i < end; i++)
		count(&st, &run->rec, &run->rec.ev[i]);
	if (st.nr)
		qsort(st.row, st.nr, sizeof(*st.row), by_cpu);
	printf("# CPU  INSERTED  EXECUTED   NAME\n"
	       "# |      |         |          |\n");
	for (size_t i = 0; i < st.nr; i++)
		if (!st.row[i].gone)
			printf("%3" PRId64 " %6u     %6u       %s\n", st.row[i].cpu, st.row[i].inserted,
			       st.row[i].executed, st.row[i].name);
	free(st.row);
}

void view_stat(const struct run *run, unsigned int nr)
{
	for (unsigned int r = 0; r < nr; r++) {
		if (nr > 1)
			printf("%s# wqlab: engine %s (Linux %s)\n", r ? "\n" : "", run[r].engine,
			       run[r].release);
		put_run(&run[r]);
	}
}
