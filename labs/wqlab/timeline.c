// SPDX-License-Identifier: GPL-2.0-only
/*
 * From events to the rows of a timeline.
 *
 * The player reports each step of an item by itself: it wakes up, it burns CPU
 * time, it returns.  The documentation's tables say what belongs together in
 * one row: "wakes up and finishes".  So a beginning (the first step of an item,
 * or a wake-up) is held back per thread until the step that follows it:
 *
 *	start at 0, burn at 0      one row at 0: "starts and burns CPU"
 *	wake at 15, finish at 15   one row at 15: "wakes up and finishes"
 *	wake at 15, burn at 20     two rows: somebody else was let in between
 *	sleep at 5, wake at 5      it did not have to wait: no wake-up is shown
 *
 * An item that calls another's function in its own thread, as keventd's do on 2.6.32,
 * "goes on" when that has returned.
 *
 * Owned here: struct actor, one for each thread that was seen to take a step.
 * Nothing is shared, nothing is locked.
 *
 * Read next: view-table.c, which prints the rows; measure.c, which counts.
 */
#include <stdlib.h>
#include <string.h>

#include "timeline.h"
#include "util.h"

/* What a thread is in the middle of. */
struct actor {
	trace_str made_as;	/* its name when it was created; dying workers change theirs */
	bool busy;		/* an item's function is running */
	trace_str item;		/* which */
	trace_str *outer;	/* those whose functions have called that one, outermost first */
	size_t depth, room;	/* how many, and how many fit */
	bool back;		/* the one that it called has returned, and nothing was seen since */
	uint64_t slept;		/* when it went to sleep last */
	const char *lead;	/* a beginning held back, or NULL */
	const struct trace_event *since;	/* where it began */
};

struct builder {
	const struct record *rec;
	struct timeline *tl;
	size_t room;
	struct actor *actor;	/* by pid */
	size_t nr_actor;
};

static void add_row(struct builder *b, const struct trace_event *ev, enum row_kind kind,
		    trace_str work, char *event)
{
	struct timeline *tl = b->tl;

	if (tl->nr == b->room) {
		b->room = b->room ? 2 * b->room : 64;
		tl->row = xrealloc(tl->row, b->room, sizeof(*tl->row));
	}
	tl->row[tl->nr++] = (struct timeline_row){
		.ns = ev->ts, .seq = ev->seq, .kind = kind, .cpu = ev->cpu,
		.work = record_text(b->rec, work),
		.thread = record_text(b->rec, ev->comm),
		.event = event,
	};
}

static struct actor *actor_of(struct builder *b, int32_t pid)
{
	size_t want = pid > 0 ? (size_t)pid + 1 : 1;

	if (want > b->nr_actor) {
		size_t nr = 2 * want;

		b->actor = xrealloc(b->actor, nr, sizeof(*b->actor));
		memset(b->actor + b->nr_actor, 0, (nr - b->nr_actor) * sizeof(*b->actor));
		b->nr_actor = nr;
	}
	return &b->actor[want - 1];
}

static void release_lead(struct builder *b, struct actor *a)
{
	if (!a->lead)
		return;
	add_row(b, a->since, ROW_ITEM, a->item, xstrdup(a->lead));
	a->lead = NULL;
}

/* An item begins; if another runs in this thread, that has called it. */
static void enter_item(struct actor *a, trace_str item)
{
	if (a->busy) {
		if (a->depth == a->room) {
			a->room = a->room ? 2 * a->room : 4;
			a->outer = xrealloc(a->outer, a->room, sizeof(*a->outer));
		}
		a->outer[a->depth++] = a->item;
	}
	a->busy = true;
	a->back = false;
	a->item = item;
}

static void leave_item(struct actor *a)
{
	a->busy = a->back = a->depth > 0;
	if (a->depth)
		a->item = a->outer[--a->depth];
}

/* The words for a step that is no beginning. */
static char *step_words(const char *lead, enum trace_step step, const char *detail)
{
	const char *and = lead ? " and " : "";

	if (!lead)
		lead = "";
	switch (step) {
	case STEP_BURN:
		return xasprintf("%s%sburns CPU", lead, and);
	case STEP_SLEEP:
		if (*detail)
			return xasprintf("%s%swaits for %s", lead, and, detail);
		return xasprintf("%s%ssleeps", lead, and);
	case STEP_FINISH:
		return xasprintf("%s%sfinishes", lead, and);
	default:
		return xasprintf("%s%s%s", lead, *lead ? ": " : "", detail);
	}
}

static void add_step(struct builder *b, const struct trace_event *ev)
{
	struct actor *a = actor_of(b, ev->pid);
	const char *lead;

	/* What was held back and cannot be joined stands in a row of its own. */
	if (a->lead && (a->since->ts != ev->ts || a->item != ev->name))
		release_lead(b, a);
	if (!a->busy || a->item != ev->name) {
		enter_item(a, ev->name);
		a->lead = "starts";
		a->since = ev;
	} else if (a->back || (ev->a == STEP_WAKE && a->slept != ev->ts)) {
		release_lead(b, a);
		a->lead = a->back ? "goes on" : "wakes up";
		a->since = ev;
		a->back = false;
	}
	if (ev->a == STEP_WAKE)
		return;
	if (ev->a == STEP_SLEEP)
		a->slept = ev->ts;

	lead = a->lead;
	a->lead = NULL;
	add_row(b, lead ? a->since : ev, ROW_ITEM, ev->name,
		step_words(lead, (enum trace_step)ev->a, record_text(b->rec, ev->name2)));
	if (ev->a == STEP_FINISH)
		leave_item(a);
}

/*
 * "cat PATH: TEXT" is shown as "= TEXT", and what a file refuses without the path.  That stands in
 * the row where the step began, and would leave no room for what is looked for.
 */
static char *outside_words(const char *text)
{
	bool cat = !strncmp(text, "cat ", 4);
	const char *refused = cat || !strncmp(text, "echo ", 5) ? strstr(text, ": refused, ") : NULL;
	const char *read = cat ? strstr(text, ": ") : NULL;

	if (refused)
		return xstrdup(refused + 2);
	return read ? xasprintf("= %s", read + 2) : xstrdup(text);
}

/* Rows that only `--all` shows. */
static void add_detail(struct builder *b, const struct trace_event *ev)
{
	const char *name = record_text(b->rec, ev->name);
	const char *name2 = record_text(b->rec, ev->name2);
	const struct trace_event *before = ev > b->rec->ev ? ev - 1 : NULL;
	trace_str item = b->rec->item[ev - b->rec->ev];

	switch (ev->kind) {
	case TRACE_QUEUE_WORK:
		if (item)
			add_row(b, ev, ROW_DETAIL, item, xasprintf("is queued on %s", name2));
		break;
	case TRACE_ACTIVATE_WORK:
		/* Right behind the queueing it says nothing new. */
		if (item &&
		    !(before && before->kind == TRACE_QUEUE_WORK && before->obj == ev->obj))
			add_row(b, ev, ROW_DETAIL, item, xstrdup("is activated (max_active)"));
		break;
	case TRACE_TASK_NEW:
		actor_of(b, (int32_t)ev->a)->made_as = ev->name;
		add_row(b, ev, ROW_DETAIL, 0, xasprintf("creates thread %s", name));
		break;
	case TRACE_TASK_EXIT:
		add_row(b, ev, ROW_DETAIL, 0, xasprintf("thread %s ends",
				record_text(b->rec, actor_of(b, (int32_t)ev->a)->made_as)));
		break;
	default:
		break;
	}
}

static int by_seq(const void *x, const void *y)
{
	const struct timeline_row *a = x, *b = y;

	return a->seq < b->seq ? -1 : a->seq > b->seq;
}

void timeline_build(const struct record *rec, bool all, struct timeline *tl)
{
	struct builder b = { .rec = rec, .tl = tl };

	*tl = (struct timeline){0};
	for (size_t i = 0; i < rec->nr; i++) {
		const struct trace_event *ev = &rec->ev[i];

		if (ev->kind == TRACE_STEP)
			add_step(&b, ev);
		else if (ev->kind == TRACE_OUTSIDE)
			add_row(&b, ev, ROW_OUTSIDE, 0, outside_words(record_text(rec, ev->name)));
		else if (all)
			add_detail(&b, ev);
	}
	for (size_t i = 0; i < b.nr_actor; i++) {
		release_lead(&b, &b.actor[i]);
		free(b.actor[i].outer);
	}
	/* A row that was held back stands where it began. */
	if (tl->nr)
		qsort(tl->row, tl->nr, sizeof(*tl->row), by_seq);
	free(b.actor);
}

void timeline_cut_details(struct timeline *tl)
{
	while (tl->nr && tl->row[tl->nr - 1].kind == ROW_DETAIL)
		free(tl->row[--tl->nr].event);
}

void timeline_free(struct timeline *tl)
{
	for (size_t i = 0; i < tl->nr; i++)
		free(tl->row[i].event);
	free(tl->row);
	*tl = (struct timeline){0};
}
