// SPDX-License-Identifier: GPL-2.0-only
/*
 * The event stream and the names of objects, used by several threads at once without
 * any machine: nothing is lost, nothing is twice, nothing is seen half-written.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "wqlab/arena.h"
#include "wqlab/objname.h"
#include "wqlab/trace.h"
#include "wqtest.h"

#define WRITERS	4
#define EVENTS	30000		/* of each writer: more than a few chunks */
#define TEXTS	3000		/* that all intern: the table grows several times */

static atomic_bool over;

static void all_threads(void *(*fn)(void *), void *(*other)(void *))
{
	pthread_t thread[WRITERS], beside;
	intptr_t i;

	atomic_store(&over, false);
	CHECK_EQ(pthread_create(&beside, NULL, other, NULL), 0);
	for (i = 0; i < WRITERS; i++)
		CHECK_EQ(pthread_create(&thread[i], NULL, fn, (void *)i), 0);
	for (i = 0; i < WRITERS; i++)
		pthread_join(thread[i], NULL);
	atomic_store(&over, true);
	pthread_join(beside, NULL);
}

/* ---- records ---- */

static void *write_events(void *arg)
{
	int me = (int)(intptr_t)arg, i;
	char text[32];

	for (i = 0; i < EVENTS; i++) {
		struct trace_event ev = { .kind = TRACE_STEP, .pid = me, .a = i, .b = ~(int64_t)i };

		/* Two in five of the times are behind what stands before them. */
		ev.ts = (uint64_t)(i - i % 5 * 3 + 100);
		snprintf(text, sizeof(text), "text %d", i % 100);
		ev.name = trace_intern(text);
		trace_append(&ev);
	}
	return NULL;
}

/* Is the record whole, and the text behind its number the one it was made with? */
static bool whole(const struct trace_event *ev, size_t at)
{
	char text[32];

	snprintf(text, sizeof(text), "text %d", (int)(ev->a % 100));
	return ev->kind == TRACE_STEP && ev->seq == at && ev->b == ~ev->a &&
	       ev->pid >= 0 && ev->pid < WRITERS && wqtest_same(trace_text(ev->name), text);
}

static void *read_events(void *arg)
{
	size_t seen = 0, n, broken = 0, back = 0;

	do {
		n = trace_count();
		back += n < seen;
		for (; seen < n; seen++)
			broken += !whole(trace_get(seen), seen);
	} while (!atomic_load(&over));
	CHECK_EQ(broken, 0);
	CHECK_EQ(back, 0);
	return arg;
}

WQTEST(trace, events_from_many_threads)
{
	int64_t next[WRITERS] = { 0 };
	size_t i, wrong = 0;
	int round;

	for (round = 0; round < 3; round++) {
		trace_reset(true);
		CHECK_EQ(trace_count(), 0);
		all_threads(write_events, read_events);
		CHECK_EQ(trace_count(), WRITERS * EVENTS);
		for (i = 0; i < WRITERS; i++)
			next[i] = 0;
		for (i = 0; i < trace_count(); i++) {
			const struct trace_event *ev = trace_get(i);

			/* Each writer's own are in the order in which it wrote them. */
			wrong += !whole(ev, i) || next[ev->pid]++ != ev->a;
		}
		CHECK_EQ(wrong, 0);
	}
	trace_free();
}

WQTEST(trace, sorted_by_time)
{
	static unsigned int had[WRITERS][EVENTS];
	size_t i, wrong = 0;

	trace_reset(true);
	all_threads(write_events, read_events);
	trace_sort();
	CHECK_EQ(trace_count(), WRITERS * EVENTS);
	for (i = 0; i < trace_count(); i++) {
		const struct trace_event *ev = trace_get(i);

		wrong += !whole(ev, i) || had[ev->pid][ev->a]++ ||
			 ev->ts != (uint64_t)(ev->a - ev->a % 5 * 3 + 100);
		if (i)
			wrong += ev->ts < trace_get(i - 1)->ts;
	}
	CHECK_EQ(wrong, 0);
	trace_free();
}

WQTEST(trace, equal_times_stay_as_they_stood)
{
	size_t i, wrong = 0;

	trace_reset(true);
	for (i = 0; i < 5000; i++) {
		struct trace_event ev = { .kind = TRACE_STEP, .ts = i * 7919 % 50, .a = (int64_t)i };

		trace_append(&ev);
	}
	trace_sort();
	for (i = 1; i < trace_count(); i++) {
		const struct trace_event *ev = trace_get(i), *before = trace_get(i - 1);

		wrong += before->ts > ev->ts || (before->ts == ev->ts && before->a > ev->a);
	}
	CHECK_EQ(wrong, 0);
	trace_free();
}

/* ---- strings ---- */

static trace_str id_of[WRITERS][TEXTS];

/* Some are longer than what is looked up without memory. */
static const char *text_number(int i, char *buf, size_t size)
{
	snprintf(buf, size, "%0*d", i % 50 ? 8 : 300, i);
	return buf;
}

/* A name that changes under trace_intern(): any mix may come, but no rubbish. */
static char changing[16] = "aaaa";

static bool is_mix(const char *text)
{
	size_t i;

	for (i = 0; text[i]; i++)
		if (text[i] != 'a' && text[i] != 'b')
			return false;
	return i == 4;
}

static void *intern_all(void *arg)
{
	int me = (int)(intptr_t)arg, i, t;
	size_t rubbish = 0;
	char buf[400];

	for (i = 0; i < TEXTS; i++) {
		t = me % 2 ? i : TEXTS - 1 - i;
		id_of[me][t] = trace_intern(text_number(t, buf, sizeof(buf)));
		rubbish += !is_mix(trace_text(trace_intern(changing)));
	}
	CHECK_EQ(rubbish, 0);
	return NULL;
}

static void *rename_again(void *arg)
{
	size_t i;

	while (!atomic_load(&over))
		for (i = 0; i < 4; i++)
			__atomic_store_n(&changing[i], changing[i] == 'a' ? 'b' : 'a', __ATOMIC_RELAXED);
	return arg;
}

WQTEST(trace, one_number_for_equal_texts)
{
	char buf[400];
	int i, w, round;
	size_t wrong = 0;

	for (round = 0; round < 5; round++) {
		trace_reset(true);
		all_threads(intern_all, rename_again);
		for (i = 0; i < TEXTS; i++) {
			wrong += !wqtest_same(trace_text(id_of[0][i]), text_number(i, buf, sizeof(buf)));
			wrong += i && id_of[0][i] == id_of[0][i - 1];
			for (w = 1; w < WRITERS; w++)
				wrong += id_of[w][i] != id_of[0][i];
		}
		CHECK_EQ(wrong, 0);
	}
	CHECK_EQ(trace_intern(""), 0);
	CHECK_EQ(trace_intern(NULL), 0);
	CHECK_STR(trace_text(0), "");
	CHECK_STR(trace_text(1000000), "");
	trace_free();
}

/* ---- names of objects ---- */

#define OBJECTS	200

static char object[OBJECTS];

static void *name_objects(void *arg)
{
	int me = (int)(intptr_t)arg, i, round;
	char name[32];

	for (round = 0; round < 40; round++)
		for (i = 0; i < OBJECTS; i++) {
			snprintf(name, sizeof(name), "object %d by %d", i, me);
			wqlab_name_object(&object[i], (i + round) % 7 ? name : NULL);
		}
	return NULL;
}

static void *read_names(void *arg)
{
	size_t named = 0, wrong = 0;
	const char *name;
	int i, of, by;

	do {
		for (i = 0; i < OBJECTS; i++) {
			name = wqlab_object_name(&object[i]);
			if (!name)
				continue;
			named++;
			wrong += sscanf(name, "object %d by %d", &of, &by) != 2 || of != i ||
				 by < 0 || by >= WRITERS;
		}
	} while (!atomic_load(&over) || !named);
	CHECK_EQ(wrong, 0);
	return arg;
}

WQTEST(objname, names_from_many_threads)
{
	CHECK_EQ(arena_init(), 0);
	arena_reset();
	all_threads(name_objects, read_names);
	wqlab_name_object(&object[0], "the last");
	CHECK_STR(wqlab_object_name(&object[0]), "the last");
	wqlab_name_object(&object[0], NULL);
	CHECK_MSG(!wqlab_object_name(&object[0]), "a name that was taken away is still there");
}
