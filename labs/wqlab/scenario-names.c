// SPDX-License-Identifier: GPL-2.0-only
/*
 * The names a scenario declares, and what a misspelt one may have meant.
 *
 * All kinds of objects share one space of names, so that `flush x` needs no
 * word for what x is.  Names hang in a fixed number of buckets; an entry links
 * to the next of its bucket by position plus one, 0 ends the chain.
 *
 * A suggestion is the candidate with the smallest edit distance (a letter too
 * many, missing, wrong, or two exchanged), if it is small for the length.
 *
 * Nothing here is shared between threads.  Read next: scenario-terms.c.
 */
#include <string.h>

#include "scenario-impl.h"

/* Longer words are not compared: no name and no word of the language is. */
#define MAX_COMPARED 32

static uint32_t hash(const char *p, size_t len)
{
	uint32_t h = 2166136261u;

	while (len--)
		h = (h ^ (unsigned char)*p++) * 16777619u;
	return h % NR_BUCKETS;
}

/* Enter a name that is not there yet. */
void names_add(struct parser *ps, const char *name, struct scenario_ref ref,
	       struct scenario_place place)
{
	uint32_t h = hash(name, strlen(name));
	struct entry *e = STORE_PUSH(ps, ps->names);

	e->name = store_copy(ps, name, strlen(name));
	e->ref = ref;
	e->place = place;
	e->next = ps->bucket[h];
	ps->bucket[h] = ps->names.nr;
}

const struct entry *names_find(const struct parser *ps, const char *name, size_t len)
{
	uint32_t i;

	for (i = ps->bucket[hash(name, len)]; i; i = ps->names.list[i - 1].next) {
		const struct entry *e = &ps->names.list[i - 1];

		if (strlen(e->name) == len && !memcmp(e->name, name, len))
			return e;
	}
	return NULL;
}

static unsigned int min3(unsigned int a, unsigned int b, unsigned int c)
{
	unsigned int m = a < b ? a : b;

	return m < c ? m : c;
}

static unsigned int distance(const char *a, size_t na, const char *b, size_t nb)
{
	unsigned int rows[3][MAX_COMPARED + 1];
	unsigned int *older = rows[0], *old = rows[1], *row = rows[2], *spare;
	size_t i, j;

	for (j = 0; j <= nb; j++)
		old[j] = j;
	for (i = 1; i <= na; i++) {
		row[0] = i;
		for (j = 1; j <= nb; j++) {
			row[j] = min3(old[j] + 1, row[j - 1] + 1,
				      old[j - 1] + (a[i - 1] != b[j - 1]));
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
			    older[j - 2] + 1 < row[j])
				row[j] = older[j - 2] + 1;
		}
		spare = older;
		older = old;
		old = row;
		row = spare;
	}
	return old[nb];
}

/* The best candidate so far. */
struct nearest {
	const char *name;
	unsigned int far;	/* its distance must stay below this */
};

static struct nearest nearest_start(size_t len)
{
	return (struct nearest) { NULL, len > MAX_COMPARED ? 0 : 2 + len / 4 };
}

static void consider(struct nearest *best, const char *word, size_t len, const char *name)
{
	size_t n = strlen(name);
	unsigned int d;

	if (!best->far || n > MAX_COMPARED)
		return;
	d = distance(word, len, name, n);
	/* a word that shares nothing with the candidate is no misspelling of it */
	if (d < best->far && d < len && d < n) {
		best->name = name;
		best->far = d;
	}
}

/* The word of a NULL-terminated list that this one may have meant, or NULL. */
const char *nearest_word(const char *word, size_t len, const char *const *list)
{
	struct nearest best = nearest_start(len);

	for (; *list; list++)
		consider(&best, word, len, *list);
	return best.name;
}

/* The declared name, of one of the kinds (a bit each), that this one may have meant, or NULL. */
const char *names_nearest(const struct parser *ps, const char *name, size_t len, unsigned int kinds)
{
	struct nearest best = nearest_start(len);
	uint32_t i;

	for (i = 0; i < ps->names.nr; i++)
		if (kinds & 1u << ps->names.list[i].ref.kind)
			consider(&best, name, len, ps->names.list[i].name);
	return best.name;
}

const char *kind_text(enum scenario_kind kind)
{
	static const char *const text[] = {
		[SCENARIO_WORKQUEUE] = "a workqueue",
		[SCENARIO_WORK] = "a work item",
		[SCENARIO_TASK] = "a task",
		[SCENARIO_EVENT] = "an event",
		[SCENARIO_MUTEX] = "a mutex",
	};

	return text[kind];
}
