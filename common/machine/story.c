// SPDX-License-Identifier: GPL-2.0-only
/*
 * The story of a run: a row for each stretch in which one task executed without
 * another in between, what it did there that others can see, and why it ended.
 *
 * Told while a schedule is replayed, so it may cost time; everything is turned into
 * text at once, for what it names may be gone at the end.
 *
 * Owns `story`, kept until the next run that tells one.  Locking: the token (sim.h).
 *
 * Read next: labs/wqlab/view-story.c, how it is shown.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backtrace.h"
#include "schedule.h"
#include "sim.h"
#include "wqlab/explore.h"

static struct {
	struct story_row *row;
	size_t nr, max;
	bool open;			/* the last row goes on */
	bool irq;			/* it is an interrupt's */
} story;

static struct story_row *last_row(void)
{
	return &story.row[story.nr - 1];
}

static void append(char *buf, size_t size, const char *sep, const char *text)
{
	size_t n = strlen(buf);

	snprintf(buf + n, size - n, "%s%s", n ? sep : "", text);
}

/* A row for @t begins. */
static void begin_row(const struct mtask *t, bool irq)
{
	struct story_row *r;

	if (story.nr == story.max) {
		size_t max = story.max ? 2 * story.max : 128;

		r = realloc(story.row, max * sizeof(*r));
		if (!r)
			return;		/* a story without an end is better than none */
		story.row = r;
		story.max = max;
	}
	r = &story.row[story.nr++];
	*r = (struct story_row){
		.from = sim.steps, .to = sim.steps, .time_ns = sim.now, .cpu = t->cpu,
		.pid = irq ? 0 : t->id, .chosen = schedule_left_default(sim.steps),
	};
	if (irq)
		snprintf(r->comm, sizeof(r->comm), "timer/%u", t->cpu);
	else
		snprintf(r->comm, sizeof(r->comm), "%s", t->comm);
	story.open = true;
	story.irq = irq;
}

static void end_row(const char *why)
{
	if (story.open && story.nr)
		append(last_row()->why, sizeof(last_row()->why), "; ", why);
	story.open = false;
}

static const char *object(enum mach_point op, const void *obj, char *buf, size_t size)
{
	buf[0] = '\0';
	if (sim.up->name)
		sim.up->name(op, obj, buf, size);
	return buf;
}

/* What others can see of an operation; NULL: nothing worth a word. */
static const char *deed(enum mach_point op)
{
	switch (op) {
	case MP_LOCK:
		return "locks";
	case MP_UNLOCK:
		return "unlocks";
	case MP_ATOMIC:
		return "changes";
	case MP_READ:
		return "reads";
	case MP_WRITE:
		return "writes";
	case MP_WAKE:
		return "wakes";
	case MP_TIMER_ARM:
		return "arms";
	case MP_TIMER_CANCEL:
		return "deletes";
	case MP_TIMER_FIRE:
		return "calls";
	default:
		return NULL;
	}
}

static void note_point(const struct mtask *t, enum mach_point op, const void *obj)
{
	struct story_row *r = last_row();
	char name[64], text[192], where[64];

	r->to = sim.steps;
	backtrace_text(t, 1, where, sizeof(where));
	/* Who locks also unlocks. */
	if (op == MP_UNLOCK || !deed(op) || !*object(op, obj, name, sizeof(name)))
		return;
	if (strcmp(r->where, where)) {
		snprintf(r->where, sizeof(r->where), "%s", where);
		append(r->what, sizeof(r->what), "\n", where);
		append(r->what, sizeof(r->what), "", ":");
	}
	snprintf(text, sizeof(text), " %s %s", deed(op), name);
	append(r->what, sizeof(r->what), r->what[strlen(r->what) - 1] == ':' ? "" : ",", text);
}

/* Why the task at hand does not go on. */
static void why_left(const struct mtask *me, const struct mtask *next, char *buf, size_t size)
{
	const struct mcpu *c = cpu_of(me);
	char name[64], text[256];

	switch (me->run) {
	case MR_DEAD:
		snprintf(buf, size, "ends");
		return;
	case MR_PARKED:
		text[0] = '\0';
		sim.up->where(me, text, sizeof(text));
		snprintf(buf, size, "%s", c->idle == me ? "is over" : "blocks");
		if (c->idle != me && *text)
			append(buf, size, ": ", text);
		return;
	case MR_READY:
		snprintf(buf, size, "gives its CPU up");
		return;
	default:
		break;
	}
	switch (c->state) {
	case CPU_BURN:
		snprintf(buf, size, "burns CPU until %" PRIu64 ".%06" PRIu64 " s",
			 c->ev[EV_BUSY].time / 1000000000, c->ev[EV_BUSY].time / 1000 % 1000000);
		return;
	case CPU_RELAX:
		snprintf(buf, size, "waits busily");
		return;
	case CPU_SPIN:
		sim.up->where(me, buf, size);
		return;
	default:
		break;
	}
	if (me->op == MP_NR) {
		snprintf(buf, size, "lets %s go first", next->comm);
		return;
	}
	snprintf(buf, size, "stopped before it %s %s", deed(me->op) ? deed(me->op) : point_name(me->op),
		 object(me->op, me->obj, name, sizeof(name)));
}

static void story_note(enum watch what, const struct mtask *t, enum mach_point op, const void *obj)
{
	const struct mtask *me = mach_current;
	char why[320];
	bool irq;

	if (what == WATCH_SWITCH) {
		if (me) {
			why_left(me, t, why, sizeof(why));
			end_row(why);
		}
		begin_row(t, cpu_of(t)->irq_now);
		return;
	}
	irq = cpu_of(t)->in_irq;
	if (!story.open || irq != story.irq) {
		end_row(irq ? "is interrupted" : "is over");
		begin_row(t, irq);
	}
	if (story.nr)
		note_point(t, op, obj);
}

/* It reads what others write, and the C library's functions report to ThreadSanitizer. */
static void story_watch(enum watch what, const struct mtask *t, enum mach_point op, const void *obj)
{
	race_ignore();
	story_note(what, t, op, obj);
	race_watch();
}

void story_begin(bool on)
{
	if (on)
		story.nr = 0;
	story.open = false;
	sim.watch = on ? story_watch : NULL;
}

/* What was told so far was preparation. */
void story_from_here(void)
{
	if (!sim.watch)
		return;
	story.nr = 0;
	story.open = false;
}

/* And what follows is clearing up. */
void story_till_here(void)
{
	if (sim.watch)
		end_row("is done");
	sim.watch = NULL;
}

size_t machine_story(const struct story_row **rows)
{
	*rows = story.row;
	return story.nr;
}
