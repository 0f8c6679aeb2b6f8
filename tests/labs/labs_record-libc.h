/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A record made by hand: events as a run would have left them, one a line.
 *
 * An object is known by its text alone; it gets an address that nobody reads.
 */
#ifndef LABS_RECORD_LIBC_H
#define LABS_RECORD_LIBC_H

#include <stdint.h>
#include <string.h>

#include "labs/wqlab/record.h"

#define HAND_ROOM	64

struct hand {
	struct record rec;
	struct trace_event ev[HAND_ROOM];
	trace_str object[HAND_ROOM];
	trace_str item[HAND_ROOM];
	char *text[HAND_ROOM];
};

/* The number of a text, a new one if it was not seen yet. */
static inline trace_str hand_text(struct hand *h, const char *s)
{
	size_t i;

	if (!h->rec.nr_text)
		h->text[h->rec.nr_text++] = (char *)"";
	for (i = 0; s && i < h->rec.nr_text; i++)
		if (!strcmp(h->text[i], s))
			return (trace_str)i;
	if (!s)
		return 0;
	h->text[i] = (char *)s;
	h->rec.nr_text++;
	return (trace_str)i;
}

/* One event; obj, name and name2 may be NULL. */
static inline size_t hand_add(struct hand *h, uint64_t ts, unsigned int kind, unsigned int cpu, int pid,
			      const char *comm, const char *obj, const char *name, const char *name2,
			      int64_t a, int64_t b)
{
	size_t i = h->rec.nr++;

	h->rec.ev = h->ev;
	h->rec.object = h->object;
	h->rec.item = h->item;
	h->rec.text = h->text;
	h->object[i] = hand_text(h, obj);
	h->ev[i] = (struct trace_event) {
		.ts = ts, .seq = (uint32_t)i, .kind = (uint16_t)kind, .cpu = (uint16_t)cpu, .pid = pid,
		.comm = hand_text(h, comm), .obj = obj ? (const void *)(uintptr_t)h->object[i] : NULL,
		.name = hand_text(h, name), .name2 = hand_text(h, name2), .a = a, .b = b,
	};
	return i;
}

/* A step of an item or a task, in the thread @pid, whose name is @comm. */
#define STEP(h, ts, cpu, pid, comm, who, what, detail) \
	hand_add(h, ts, TRACE_STEP, cpu, pid, comm, who, who, detail, STEP_##what, 0)

/* Queueing and starting of an item, whose object's text is its name. */
#define QUEUED(h, ts, who) \
	((h)->item[hand_add(h, ts, TRACE_QUEUE_WORK, 0, 1, "init", who, "func", "q0", 0, 0)] = \
	 hand_text(h, who))
#define STARTED(h, ts, pid, who) \
	((h)->item[hand_add(h, ts, TRACE_EXECUTE_START, 0, pid, "kworker/0:0", who, "func", "q0", 0, 0)] = \
	 hand_text(h, who))
#define SWITCH(h, ts, cpu, from, to) \
	hand_add(h, ts, TRACE_SCHED_SWITCH, cpu, from, "from", NULL, "from", "to", from, to)

#endif
