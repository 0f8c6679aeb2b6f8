// SPDX-License-Identifier: GPL-2.0-only
/*
 * The arena, used by several threads at once without any machine: an object has one
 * owner, is freed once, and with reuse the heap stops growing.
 */
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "wqlab/arena.h"
#include "wqlab/mach.h"
#include "wqtest.h"

#define THREADS	4
#define ROUNDS	6000
#define KEPT	32		/* objects that a thread holds at most */

/* Where threads leave objects for others to free. */
static void *_Atomic pass_on[64];
static atomic_size_t made, made_bytes, broken, refused;

struct owned {
	unsigned char *p;
	size_t size;
	unsigned char mark;
};

static unsigned int next_random(unsigned int *state)
{
	*state = *state * 1103515245 + 12345;
	return *state >> 8;
}

/* Mostly small ones, some of each size up to a MiB. */
static size_t some_size(unsigned int *state)
{
	unsigned int r = next_random(state);

	if (r % 64 == 0)
		return 1 + next_random(state) % (1 << (10 + r / 64 % 11));
	return 1 + r % 300;
}

static void make(struct owned *o, unsigned int *state)
{
	size_t align = 16UL << next_random(state) % 4, i, bad = 0;

	o->size = some_size(state);
	o->mark = (unsigned char)next_random(state);
	o->p = arena_alloc(o->size, align, 1);
	if (!o->p) {
		atomic_fetch_add(&refused, 1);
		return;
	}
	atomic_fetch_add(&made, 1);
	atomic_fetch_add(&made_bytes, o->size);
	bad += (uintptr_t)o->p % align || arena_size(o->p) != o->size;
	for (i = 0; i < o->size; i += o->size > 1000 ? 97 : 1)
		bad += o->p[i] != 0;
	memset(o->p, o->mark, o->size);
	atomic_fetch_add(&broken, bad);
}

static void give_back(void *p, unsigned char mark, size_t size)
{
	const unsigned char *c = p;
	size_t i, bad = 0;

	for (i = 0; i < size; i += size > 1000 ? 97 : 1)
		bad += c[i] != mark;
	bad += arena_free(p, 2) != ARENA_OK;
	atomic_fetch_add(&broken, bad);
}

static void *work(void *arg)
{
	struct mtask task = { .cpu = (unsigned int)(uintptr_t)arg };
	unsigned int state = (unsigned int)(uintptr_t)arg * 77 + 1, i;
	struct owned own[KEPT] = { 0 };
	struct owned *o;
	void *other;
	int round;

	/* Half of them belong to virtual CPUs, each to its own; half to none. */
	mach_current = task.cpu % 2 ? &task : NULL;
	for (round = 0; round < ROUNDS; round++) {
		o = &own[next_random(&state) % KEPT];
		if (!o->p) {
			make(o, &state);
			continue;
		}
		if (next_random(&state) % 4) {
			give_back(o->p, o->mark, o->size);
		} else {
			other = atomic_exchange(&pass_on[next_random(&state) % 64], o->p);
			if (other)
				give_back(other, *(unsigned char *)other, arena_size(other));
		}
		o->p = NULL;
	}
	for (i = 0; i < KEPT; i++)
		if (own[i].p)
			give_back(own[i].p, own[i].mark, own[i].size);
	mach_current = NULL;
	return NULL;
}

static void churn(struct arena_stats *st)
{
	pthread_t thread[THREADS];
	uintptr_t i;
	void *p;

	for (i = 0; i < THREADS; i++)
		CHECK_EQ(pthread_create(&thread[i], NULL, work, (void *)i), 0);
	for (i = 0; i < THREADS; i++)
		pthread_join(thread[i], NULL);
	for (i = 0; i < 64; i++) {
		p = atomic_exchange(&pass_on[i], NULL);
		if (p)
			give_back(p, *(unsigned char *)p, arena_size(p));
	}
	arena_stats(st);
}

static void count_object(const void *p, size_t size, uintptr_t tag, void *arg)
{
	(void)p, (void)size, (void)tag;
	++*(size_t *)arg;
}

static void begin(bool reuse)
{
	CHECK_EQ(arena_init(), 0);
	arena_reset();
	arena_reuse(reuse);
	atomic_store(&made, 0);
	atomic_store(&made_bytes, 0);
	atomic_store(&broken, 0);
	atomic_store(&refused, 0);
}

static void check_empty(const struct arena_stats *st)
{
	size_t found = 0;

	arena_for_each(NULL, count_object, &found);
	CHECK_EQ(found, 0);
	CHECK_EQ(st->live_objects, 0);
	CHECK_EQ(st->live_bytes, 0);
	CHECK_EQ(st->allocated, atomic_load(&made));
	CHECK_EQ(atomic_load(&broken), 0);
	CHECK_EQ(atomic_load(&refused), 0);
}

WQTEST(arena, one_owner_each)
{
	struct arena_stats st;

	begin(false);
	churn(&st);
	check_empty(&st);
	arena_reset();
}

WQTEST(arena, reuse_does_not_grow)
{
	struct arena_stats st;
	int i;

	begin(true);
	for (i = 0; i < 6; i++)
		churn(&st);
	check_empty(&st);
	/* As much as the threads held at once: more, the more of them ran side by side. */
	CHECK_MSG(st.used < atomic_load(&made_bytes) / 4, "%zu bytes of heap for %zu in all",
		  st.used, atomic_load(&made_bytes));
	arena_reset();
}

/* ---- each size ---- */

WQTEST(arena, what_is_reused_has_room)
{
	size_t size, align, wrong = 0;
	void *p, *again;

	begin(true);
	for (size = 1; size < 3 << 20; size += size / 9 + 1) {
		align = size >= 64 ? 64 : 16;
		p = arena_alloc(size, align, 1);
		memset(p, 1, size);
		wrong += arena_free(p, 1) != ARENA_OK;
		wrong += arena_free(p, 1) != ARENA_DOUBLE_FREE;
		again = arena_alloc(size, align, 1);
		wrong += again != p;
		memset(again, 2, size);
		/* Nobody's room reaches into what comes behind it. */
		p = arena_alloc(16, 16, 1);
		memset(p, 3, 16);
		wrong += ((unsigned char *)again)[size - 1] != 2;
		wrong += arena_free(again, 1) != ARENA_OK || arena_free(p, 1) != ARENA_OK;
	}
	CHECK_EQ(wrong, 0);
	size = 0;
	arena_for_each(NULL, count_object, &size);
	CHECK_EQ(size, 0);
	arena_reset();
}

/* ---- one size, so that all meet at one stack ---- */

#define MEETINGS	200000

static void *take_and_put(void *arg)
{
	unsigned char mark = (unsigned char)(1 + (uintptr_t)arg);
	unsigned char *p[3];
	size_t bad = 0, i, k;

	for (i = 0; i < MEETINGS; i++) {
		for (k = 0; k < 3; k++) {
			p[k] = arena_alloc(16, 16, 1);
			memset(p[k], mark, 16);
		}
		for (k = 0; k < 3; k++) {
			bad += p[k][0] != mark || p[k][15] != mark;
			bad += arena_free(p[k], 2) != ARENA_OK;
		}
	}
	atomic_fetch_add(&made, 3 * MEETINGS);
	atomic_fetch_add(&broken, bad);
	return NULL;
}

WQTEST(arena, all_at_one_stack)
{
	pthread_t thread[THREADS];
	struct arena_stats st;
	uintptr_t i;

	begin(true);
	for (i = 0; i < THREADS; i++)
		CHECK_EQ(pthread_create(&thread[i], NULL, take_and_put, (void *)i), 0);
	for (i = 0; i < THREADS; i++)
		pthread_join(thread[i], NULL);
	arena_stats(&st);
	check_empty(&st);
	CHECK_MSG(st.used <= THREADS * 3 * 48, "12 objects at a time took %zu bytes", st.used);
	arena_reset();
}

/* ---- made on one virtual CPU, freed on another ---- */

static void *free_what_comes(void *arg)
{
	struct mtask task = { .cpu = 1 };
	size_t i = 0;
	void *p;

	mach_current = &task;
	while (i < MEETINGS) {
		p = atomic_exchange(&pass_on[i % 64], NULL);
		if (!p) {
			sched_yield();
			continue;
		}
		if (arena_free(p, 2) != ARENA_OK)
			atomic_fetch_add(&broken, 1);
		i++;
	}
	mach_current = NULL;
	return arg;
}

WQTEST(arena, one_makes_what_another_frees)
{
	struct arena_stats st;
	pthread_t thread;
	size_t i;

	begin(true);
	CHECK_EQ(pthread_create(&thread, NULL, free_what_comes, NULL), 0);
	for (i = 0; i < MEETINGS; i++) {
		while (atomic_load(&pass_on[i % 64]))
			sched_yield();
		atomic_store(&pass_on[i % 64], arena_alloc(100, 64, 1));
	}
	pthread_join(thread, NULL);
	atomic_store(&made, MEETINGS);
	arena_stats(&st);
	check_empty(&st);
	CHECK_MSG(st.used < 32768, "64 objects at a time took %zu bytes", st.used);
	arena_reset();
}

/* ---- freed by two at once ---- */

#define VICTIMS	20000

static void *victim[VICTIMS];
static atomic_size_t freed, twice, other;
static pthread_barrier_t together;

static void *free_all(void *arg)
{
	size_t i;

	for (i = 0; i < VICTIMS; i++) {
		if (i % 50 == 0)
			pthread_barrier_wait(&together);
		switch (arena_free(victim[i], 3)) {
		case ARENA_OK:
			atomic_fetch_add(&freed, 1);
			break;
		case ARENA_DOUBLE_FREE:
			atomic_fetch_add(&twice, 1);
			break;
		default:
			atomic_fetch_add(&other, 1);
		}
	}
	return arg;
}

WQTEST(arena, freed_twice_is_noticed_once_each)
{
	pthread_t thread[2];
	size_t i;

	begin(true);
	for (i = 0; i < VICTIMS; i++)
		victim[i] = arena_alloc(400, 16, 1);
	pthread_barrier_init(&together, NULL, 2);
	for (i = 0; i < 2; i++)
		CHECK_EQ(pthread_create(&thread[i], NULL, free_all, NULL), 0);
	for (i = 0; i < 2; i++)
		pthread_join(thread[i], NULL);
	pthread_barrier_destroy(&together);
	CHECK_EQ(atomic_load(&freed), VICTIMS);
	CHECK_EQ(atomic_load(&twice), VICTIMS);
	CHECK_EQ(atomic_load(&other), 0);
	arena_reset();
}
