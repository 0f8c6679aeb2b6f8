// SPDX-License-Identifier: GPL-2.0-only
/*
 * The event stream: records in chunks that never move, strings interned once.
 *
 * Any number of threads record at once, and none waits for another:
 *
 *	nr_taken      places are given out by one atomic addition
 *	chunks[k]     1024 << k records each, so that a place is found from its
 *	              number alone; whoever needs a missing one first installs it
 *	kind          written last, with release: TRACE_NONE until a record is whole
 *
 * Strings are found in an open-addressed table without a lock.  One that is new is put
 * there under intern_lock, and published with release.  A table that became too
 * small is kept until the next reset, for somebody may still look there; who misses a
 * string in an old table, looks again under the lock in the latest.
 *
 * Locking: intern_lock guards nr_strings, the making of tables and the writing of cells.
 * trace_reset(), trace_sort() and trace_free() are for quiet moments: they lock nothing.
 *
 * Read next: common/kernel/events.c, which fills the records in; sort.c.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "wqlab/mach.h"
#include "wqlab/trace.h"

#define FIRST_RECORDS	1024		/* in chunks[0] */
#define FIRST_STRINGS	64		/* in by_id[0] */
#define NR_CHUNKS	23		/* enough for 32 bits of seq */
#define FIRST_TABLE	256		/* cells; a power of two */
#define SHORT_TEXT	256		/* bytes of a text that need no memory to look it up */

#if defined(__SANITIZE_THREAD__)
#define NO_TSAN		__attribute__((no_sanitize("thread"), noinline))
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define NO_TSAN		__attribute__((no_sanitize("thread"), noinline))
#endif
#endif
#ifndef NO_TSAN
#define NO_TSAN
#endif

struct string {
	uint64_t hash;
	trace_str id;
	char text[];
};

struct table {
	struct table *older;		/* what it replaced; somebody may still look there */
	size_t size;
	struct string *cell[];		/* atomic: NULL is free */
};

bool trace_on;

static struct trace_event *chunks[NR_CHUNKS];	/* atomic */
static size_t nr_taken;			/* atomic: places given out */
static size_t nr_whole;			/* atomic: all records before this one are whole */

static pthread_mutex_t intern_lock = PTHREAD_MUTEX_INITIALIZER;
static struct string **by_id[NR_CHUNKS];	/* atomic, and so are the cells behind */
static trace_str nr_strings = 1;	/* written under intern_lock; number 0 is "" */
static struct table *table;		/* atomic: the latest */

static void *need(void *p)
{
	if (!p) {
		fputs("wqlab: no memory for the event stream\n", stderr);
		exit(EXIT_FAILURE);
	}
	return p;
}

/* The chunk of number @i when chunk k holds @first << k; *@i is then counted from its start. */
static unsigned int chunk_of(size_t *i, size_t first)
{
	unsigned int k = 63 - (unsigned int)__builtin_clzll(*i / first + 1);

	*i -= first * (((size_t)1 << k) - 1);
	return k;
}

/* ---- strings ---- */

/*
 * Hash a text and copy it, at most @size bytes with the NUL; its length.  A task's name
 * may be changing as we read: any mix of old and new will do, if hash and copy agree.
 */
NO_TSAN static size_t take_text(const char *s, char *buf, size_t size, uint64_t *hash)
{
	const volatile char *from = s;
	uint64_t h = UINT64_C(0xcbf29ce484222325);
	unsigned char c;
	size_t n;

	for (n = 0; n < size - 1 && (c = (unsigned char)from[n]); n++) {
		buf[n] = (char)c;
		h = (h ^ c) * UINT64_C(0x100000001b3);
	}
	buf[n] = '\0';
	*hash = h;
	return n;
}

/* Where a text is in a table, or where it would be. */
static struct string **look_up(struct table *t, const char *s, uint64_t hash)
{
	size_t i = hash & (t->size - 1);
	struct string *in;

	while ((in = __atomic_load_n(&t->cell[i], __ATOMIC_ACQUIRE)) &&
	       (in->hash != hash || strcmp(in->text, s)))
		i = (i + 1) & (t->size - 1);
	return &t->cell[i];
}

/* intern_lock is held. */
static void table_grow(void)
{
	size_t size = table ? 2 * table->size : FIRST_TABLE, i;
	struct table *t = need(calloc(1, sizeof(*t) + size * sizeof(t->cell[0])));

	t->size = size;
	t->older = table;
	for (i = 0; table && i < table->size; i++)
		if (table->cell[i])
			*look_up(t, table->cell[i]->text, table->cell[i]->hash) = table->cell[i];
	__atomic_store_n(&table, t, __ATOMIC_RELEASE);
}

/* intern_lock is held. */
static void number(struct string *str)
{
	size_t at = str->id = nr_strings;
	unsigned int k = chunk_of(&at, FIRST_STRINGS);

	if (!by_id[k])
		__atomic_store_n(&by_id[k], need(calloc((size_t)FIRST_STRINGS << k, sizeof(*by_id[k]))),
				 __ATOMIC_RELEASE);
	__atomic_store_n(&by_id[k][at], str, __ATOMIC_RELEASE);
	__atomic_store_n(&nr_strings, nr_strings + 1, __ATOMIC_RELEASE);
}

static trace_str intern_new(const char *s, size_t len, uint64_t hash)
{
	struct string **cell, *str;

	pthread_mutex_lock(&intern_lock);
	if (!table || 2 * ((size_t)nr_strings + 1) > table->size)
		table_grow();
	cell = look_up(table, s, hash);
	str = *cell;
	if (!str) {
		str = need(malloc(sizeof(*str) + len + 1));
		str->hash = hash;
		memcpy(str->text, s, len + 1);
		number(str);
		__atomic_store_n(cell, str, __ATOMIC_RELEASE);
	}
	pthread_mutex_unlock(&intern_lock);
	return str->id;
}

static trace_str intern(const char *s, size_t len, uint64_t hash)
{
	struct table *t = __atomic_load_n(&table, __ATOMIC_ACQUIRE);
	struct string *str = t ? __atomic_load_n(look_up(t, s, hash), __ATOMIC_ACQUIRE) : NULL;

	return str ? str->id : intern_new(s, len, hash);
}

trace_str trace_intern(const char *s)
{
	char buf[SHORT_TEXT], *copy;
	uint64_t hash;
	trace_str id;
	size_t len;

	if (!s)
		return 0;
	len = take_text(s, buf, sizeof(buf), &hash);
	if (!len)
		return 0;
	if (len < sizeof(buf) - 1)
		return intern(buf, len, hash);
	copy = need(strdup(s));
	len = take_text(s, copy, strlen(copy) + 1, &hash);
	id = intern(copy, len, hash);
	free(copy);
	return id;
}

const char *trace_text(trace_str id)
{
	size_t at = id;
	unsigned int k;

	if (!id || id >= __atomic_load_n(&nr_strings, __ATOMIC_ACQUIRE))
		return "";
	k = chunk_of(&at, FIRST_STRINGS);
	return __atomic_load_n(&__atomic_load_n(&by_id[k], __ATOMIC_ACQUIRE)[at], __ATOMIC_ACQUIRE)->text;
}

static void forget_strings(void)
{
	struct table *t;
	size_t i;

	if (!table)
		return;
	for (i = 0; i < table->size; i++)
		free(table->cell[i]);
	while ((t = table->older)) {
		table->older = t->older;
		free(t);
	}
	memset(table->cell, 0, table->size * sizeof(table->cell[0]));
	nr_strings = 1;
}

/* ---- records ---- */

/* The place of record @i; its chunk is made if it is missing. */
static struct trace_event *place(size_t i)
{
	unsigned int k = chunk_of(&i, FIRST_RECORDS);
	struct trace_event *chunk, *fresh;

	chunk = __atomic_load_n(&chunks[k], __ATOMIC_ACQUIRE);
	if (__builtin_expect(!chunk, 0)) {
		fresh = need(k < NR_CHUNKS ? calloc((size_t)FIRST_RECORDS << k, sizeof(*fresh)) : NULL);
		if (__atomic_compare_exchange_n(&chunks[k], &chunk, fresh, false,
						__ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
			chunk = fresh;
		else
			free(fresh);
	}
	return &chunk[i];
}

void trace_append(const struct trace_event *ev)
{
	size_t i = __atomic_fetch_add(&nr_taken, 1, __ATOMIC_RELAXED);
	const size_t behind = offsetof(struct trace_event, kind) + sizeof(ev->kind);
	struct trace_event *rec = place(i);

	rec->ts = ev->ts;
	rec->seq = (uint32_t)i;
	memcpy((char *)rec + behind, (const char *)ev + behind, sizeof(*ev) - behind);
	__atomic_store_n(&rec->kind, ev->kind, __ATOMIC_RELEASE);
}

size_t trace_count(void)
{
	size_t taken = __atomic_load_n(&nr_taken, __ATOMIC_RELAXED);
	size_t whole = __atomic_load_n(&nr_whole, __ATOMIC_ACQUIRE), n = whole;

	while (n < taken && __atomic_load_n(&place(n)->kind, __ATOMIC_ACQUIRE) != TRACE_NONE)
		n++;
	/* Several may count at once; all that this keeps is a place to go on from. */
	if (n != whole)
		__atomic_store_n(&nr_whole, n, __ATOMIC_RELEASE);
	return n;
}

const struct trace_event *trace_get(size_t i)
{
	return place(i);
}

void trace_reset(bool on)
{
	size_t i;

	forget_strings();
	for (i = 0; i < nr_taken; i++)
		__atomic_store_n(&place(i)->kind, TRACE_NONE, __ATOMIC_RELAXED);
	nr_taken = nr_whole = 0;
	trace_on = on;
}

void trace_free(void)
{
	int k;

	forget_strings();
	for (k = 0; k < NR_CHUNKS; k++) {
		free(chunks[k]);
		free(by_id[k]);
		chunks[k] = NULL;
		by_id[k] = NULL;
	}
	free(table);
	table = NULL;
	nr_taken = nr_whole = 0;
}

const char *trace_object_text(const struct trace_event *ev, char *buf, size_t size)
{
	if (ev->where)
		snprintf(buf, size, "%s", trace_text(ev->where));
	else if (!mach_name_of_address(ev->obj, buf, size))
		snprintf(buf, size, "?");
	return buf;
}
