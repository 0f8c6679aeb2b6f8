// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copying the events of one run out of the trace.
 *
 * An object's text depends on the memory of the machine that ran (its arena,
 * its stacks), so it is made now and kept as one more interned string.  Items
 * lie in the arena, where no two objects have the same text: from here on the
 * number of that string stands for the object.
 *
 * Nothing is locked: no machine runs while a record is taken.
 *
 * Read next: timeline.c, which makes rows of it.
 */
#include <stdlib.h>
#include <string.h>

#include "record.h"
#include "util.h"

/*
 * A machine that is gone knows its arena and the program's symbols; what it
 * cannot name any more lay on a thread's stack.
 */
static trace_str object_text(const struct trace_event *ev)
{
	char buf[128];

	trace_object_text(ev, buf, sizeof(buf));
	return trace_intern(strcmp(buf, "?") ? buf : "stack");
}

static trace_str highest(const struct trace_event *ev, trace_str so_far)
{
	const trace_str ids[] = { ev->comm, ev->engine, ev->name, ev->name2 };

	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++)
		if (ids[i] > so_far)
			so_far = ids[i];
	return so_far;
}

static bool about_work(unsigned int kind)
{
	return kind >= TRACE_QUEUE_WORK && kind <= TRACE_EXECUTION;
}

static int by_name(const void *key, const void *member)
{
	return strcmp(key, *(const char *const *)member);
}

void record_find_items(struct record *rec, const char *const *name, size_t nr)
{
	/* By the number of an object's text. */
	trace_str *item_of = xcalloc(rec->nr_text, sizeof(*item_of));
	bool *is_name = xcalloc(rec->nr_text, sizeof(*is_name));

	for (size_t i = 1; nr && i < rec->nr_text; i++)
		is_name[i] = bsearch(rec->text[i], name, nr, sizeof(*name), by_name) != NULL;
	/* An item that ran has said who it is; one that never did has its name only. */
	for (size_t i = 0; i < rec->nr; i++)
		if (rec->ev[i].kind == TRACE_STEP && rec->object[i])
			item_of[rec->object[i]] = rec->ev[i].name;
	for (size_t i = 0; i < rec->nr; i++) {
		trace_str object = rec->object[i];

		if (!about_work(rec->ev[i].kind))
			continue;
		if (item_of[object])
			rec->item[i] = item_of[object];
		else if (is_name[object])
			rec->item[i] = object;
		else if (is_name[rec->ev[i].name])
			rec->item[i] = rec->ev[i].name;
	}
	free(is_name);
	free(item_of);
}

void record_take(struct record *rec, const char *const *name, size_t nr_name)
{
	size_t nr = trace_count();
	trace_str last = 0;

	*rec = (struct record){ .nr = nr };
	rec->ev = xcalloc(nr, sizeof(*rec->ev));
	rec->object = xcalloc(nr, sizeof(*rec->object));
	rec->item = xcalloc(nr, sizeof(*rec->item));
	for (size_t i = 0; i < nr; i++) {
		rec->ev[i] = *trace_get(i);
		last = highest(&rec->ev[i], last);
		if (!rec->ev[i].obj)
			continue;
		rec->object[i] = object_text(&rec->ev[i]);
		if (rec->object[i] > last)
			last = rec->object[i];
	}
	rec->nr_text = (size_t)last + 1;
	rec->text = xcalloc(rec->nr_text, sizeof(*rec->text));
	for (size_t i = 0; i < rec->nr_text; i++)
		rec->text[i] = xstrdup(trace_text((trace_str)i));
	record_find_items(rec, name, nr_name);
}

void record_free(struct record *rec)
{
	for (size_t i = 0; i < rec->nr_text; i++)
		free(rec->text[i]);
	free(rec->text);
	free(rec->item);
	free(rec->object);
	free(rec->ev);
	*rec = (struct record){0};
}
