// SPDX-License-Identifier: GPL-2.0-only
/*
 * The event stream: records in chunks that never move, strings interned once.
 *
 * One task executes at a time on the simulated machine, so appending takes no
 * lock.  A record is some 90 bytes; a chunk holds 1,024.
 *
 * Read next: common/kernel/events.c, which fills the records in.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "wqlab/mach.h"
#include "wqlab/trace.h"

#define CHUNK	1024

bool trace_on;

static struct trace_event **chunks;
static size_t nr_chunks, nr_events;

static char **strings;			/* by number; 0 is "" */
static uint32_t nr_strings, max_strings;
static uint32_t *table;			/* open addressing: numbers, 0 = free */
static size_t table_size;		/* a power of two */

static void *need(void *p)
{
	if (!p) {
		fputs("wqlab: no memory for the event stream\n", stderr);
		exit(EXIT_FAILURE);
	}
	return p;
}

static uint64_t hash_text(const char *s)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325);

	for (; *s; s++)
		h = (h ^ (unsigned char)*s) * UINT64_C(0x100000001b3);
	return h;
}

static void table_put(uint32_t id)
{
	size_t i = hash_text(strings[id]) & (table_size - 1);

	while (table[i])
		i = (i + 1) & (table_size - 1);
	table[i] = id;
}

static void table_grow(void)
{
	uint32_t id;

	free(table);
	table_size = table_size ? 2 * table_size : 256;
	table = need(calloc(table_size, sizeof(*table)));
	for (id = 1; id < nr_strings; id++)
		table_put(id);
}

trace_str trace_intern(const char *s)
{
	size_t i;

	if (!s || !*s)
		return 0;
	if (2 * ((size_t)nr_strings + 1) > table_size)
		table_grow();
	for (i = hash_text(s) & (table_size - 1); table[i]; i = (i + 1) & (table_size - 1))
		if (!strcmp(strings[table[i]], s))
			return table[i];
	if (!nr_strings)
		nr_strings = 1;
	if (nr_strings >= max_strings) {
		max_strings = max_strings ? 2 * max_strings : 64;
		strings = need(realloc(strings, max_strings * sizeof(*strings)));
		strings[0] = NULL;
	}
	strings[nr_strings] = need(strdup(s));
	table[i] = nr_strings;
	return nr_strings++;
}

const char *trace_text(trace_str id)
{
	return id && id < nr_strings ? strings[id] : "";
}

static void forget_strings(void)
{
	uint32_t id;

	for (id = 1; id < nr_strings; id++)
		free(strings[id]);
	nr_strings = 0;
	if (table)
		memset(table, 0, table_size * sizeof(*table));
}

void trace_reset(bool on)
{
	forget_strings();
	nr_events = 0;
	trace_on = on;
}

void trace_append(const struct trace_event *ev)
{
	struct trace_event *slot;

	if (nr_events == nr_chunks * CHUNK) {
		chunks = need(realloc(chunks, (nr_chunks + 1) * sizeof(*chunks)));
		chunks[nr_chunks++] = need(malloc(CHUNK * sizeof(**chunks)));
	}
	slot = &chunks[nr_events / CHUNK][nr_events % CHUNK];
	*slot = *ev;
	slot->seq = (uint32_t)nr_events++;
}

size_t trace_count(void)
{
	return nr_events;
}

const struct trace_event *trace_get(size_t i)
{
	return &chunks[i / CHUNK][i % CHUNK];
}

const char *trace_object_text(const struct trace_event *ev, char *buf, size_t size)
{
	if (ev->where)
		snprintf(buf, size, "%s", trace_text(ev->where));
	else if (!mach_name_of_address(ev->obj, buf, size))
		snprintf(buf, size, "?");
	return buf;
}

void trace_free(void)
{
	size_t i;

	forget_strings();
	for (i = 0; i < nr_chunks; i++)
		free(chunks[i]);
	free(chunks);
	free(strings);
	free(table);
	chunks = NULL;
	strings = NULL;
	table = NULL;
	nr_chunks = nr_events = table_size = 0;
	max_strings = 0;
}
