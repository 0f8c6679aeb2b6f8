// SPDX-License-Identifier: GPL-2.0-only
/*
 * The memory a scenario lives in, and the list of mistakes.
 *
 * A scenario is made once, read, and given back as a whole, so its memory is a
 * chain of chunks that are filled from front to back and freed together.  A
 * list that grows is copied into a bigger piece and the old piece is left
 * behind: doubling keeps that waste below the size of the list.
 *
 *     store -> chunk -> chunk -> chunk          newest first; only it has room
 *
 * Nothing here is shared between threads.  Read next: scenario-lex.c.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scenario-impl.h"

#define CHUNK_BYTES	(32u << 10)
#define ALIGN		_Alignof(max_align_t)
/* Bytes of the file's name in a message: more than half of its room is the sentence's. */
#define MAX_SHOWN_PATH	200

struct chunk {
	struct chunk *next;
	size_t used;
	size_t size;
	_Alignas(max_align_t) char data[];
};

struct store {
	struct chunk *chunks;
};

struct store *store_new(void)
{
	return calloc(1, sizeof(struct store));
}

void store_free(struct store *store)
{
	struct chunk *c, *next;

	if (!store)
		return;
	for (c = store->chunks; c; c = next) {
		next = c->next;
		free(c);
	}
	free(store);
}

/* Zeroed memory that lives as long as the scenario; never NULL. */
void *store_alloc(struct parser *ps, size_t size)
{
	struct chunk *c = ps->store->chunks;
	void *p;

	size = (size + ALIGN - 1) & ~(ALIGN - 1);
	if (!c || c->size - c->used < size) {
		size_t room = size > CHUNK_BYTES ? size : CHUNK_BYTES;

		c = calloc(1, sizeof(*c) + room);
		if (!c)
			longjmp(ps->nomem, 1);
		c->size = room;
		c->next = ps->store->chunks;
		ps->store->chunks = c;
	}
	p = c->data + c->used;
	c->used += size;
	return p;
}

char *store_copy(struct parser *ps, const char *text, size_t len)
{
	char *p = store_alloc(ps, len + 1);

	memcpy(p, text, len);
	return p;
}

/* Make sure that a list has room for one element more. */
void *store_room(struct parser *ps, void *list, uint32_t nr, uint32_t *cap, size_t size)
{
	void *bigger;

	if (nr < *cap)
		return list;
	*cap = *cap ? *cap * 2 : 4;
	bigger = store_alloc(ps, *cap * size);
	if (nr)
		memcpy(bigger, list, nr * size);
	return bigger;
}

void errors_reset(struct scenario_errors *errs)
{
	errs->nr = 0;
}

/* Add a mistake, as long as there is room; always false. */
bool errors_add(struct scenario_errors *errs, const char *file, struct scenario_place place,
		const char *fmt, ...)
{
	struct scenario_error *e;
	size_t len = strlen(file), used;
	const char *cut = "";
	va_list ap;

	if (errs->nr == SCENARIO_MAX_ERRORS)
		return false;
	e = &errs->list[errs->nr++];
	e->place = place;
	/* of a long path the end says more than the beginning, and the sentence more than both */
	if (len > MAX_SHOWN_PATH) {
		file += len - MAX_SHOWN_PATH;
		while ((*file & 0xc0) == 0x80)
			file++;		/* not from the middle of a character */
		cut = "...";
	}
	if (place.line)
		used = snprintf(e->text, sizeof(e->text), "%s%s:%u:%u: ", cut, file, place.line, place.col);
	else
		used = snprintf(e->text, sizeof(e->text), "%s%s: ", cut, file);
	va_start(ap, fmt);
	vsnprintf(e->text + used, sizeof(e->text) - used, fmt, ap);
	va_end(ap);
	return false;
}

static bool before(struct scenario_place a, struct scenario_place b)
{
	return a.line != b.line ? a.line < b.line : a.col < b.col;
}

/* Bring the mistakes into the order of the file; equal places stay as found. */
void errors_sort(struct scenario_errors *errs)
{
	unsigned int i, j;

	for (i = 1; i < errs->nr; i++) {
		struct scenario_error e = errs->list[i];

		for (j = i; j && before(e.place, errs->list[j - 1].place); j--)
			errs->list[j] = errs->list[j - 1];
		errs->list[j] = e;
	}
}
