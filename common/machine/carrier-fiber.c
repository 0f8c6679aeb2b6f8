// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fibers: all tasks in one thread, each on a stack of its own, switched without a
 * system call.
 *
 * For exploring schedules by the hundred thousand and for machines with more tasks
 * than the host has threads.  A debugger sees one thread only; for it there are
 * parked pthreads (carrier-pthread.c).
 *
 *	slab:	| canary .. stack 0 | canary .. stack 1 | canary .. stack 2 | ...
 *		  low         high    <-- grows downwards
 *
 * One mapping holds all stacks, so the host's limit on mappings (a guard page a
 * stack would need two) does not limit tasks.  In place of guard pages each stack
 * has a canary at its low end, looked at when its task ends or gives way.
 *
 * ucontext makes a stack's first frame, once in the life of the process; from
 * there on _setjmp() and _longjmp() do all.  That frame is a carrier's beginning
 * (`fresh`): whoever takes a used carrier goes on from there once more, and what
 * an earlier run left further down is overwritten.
 *
 * Sanitizers are told of each switch.  ThreadSanitizer is told that it does not
 * synchronise, or no race between two tasks would ever be seen (decision 11); for
 * the same reason this file is not compiled for it.
 *
 * Locking: whoever executes owns everything here.  Read next: sim-sched.c, whose
 * switch_to() is the one user.
 */
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

#include "carrier.h"
#include "ops.h"
#include "snapshot.h"
#include "wqlab/mach.h"
#include "wqlab/race.h"

#if defined(__SANITIZE_ADDRESS__)
#define WATCHED_ADDRESSES 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define WATCHED_ADDRESSES 1
#endif
#endif
#ifdef WATCHED_ADDRESSES
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#endif

#if defined(__has_include)
#if __has_include(<valgrind/valgrind.h>)
#include <valgrind/valgrind.h>
#endif
#endif
#ifndef VALGRIND_STACK_REGISTER
#define VALGRIND_STACK_REGISTER(low, high)	((void)(low), (void)(high), 0)
#endif

/* A sanitizer's frames are some times as large, and its own functions stand on them too. */
#if defined(WATCHED_ADDRESSES) || defined(WQLAB_RACES)
#define STACK_SIZE	(256UL << 10)
#else
#define STACK_SIZE	(64UL << 10)
#endif
#if defined(WQLAB_RACES) && !defined(__clang__) && __GNUC__ < 13
#define MAX_FIBERS	8000UL		/* this ThreadSanitizer ends the process at 8,128 */
#else
#define MAX_FIBERS	(1UL << 18)
#endif
#define KEEP_FIBERS	1024		/* whose stacks stay in memory from run to run */
#define FRAME_SLACK	512		/* more than jump() has on its stack below its frame's address */
#define CANARY		UINT64_C(0x57ac6b9d12fe83a5)	/* the low end of a stack; its pattern is of no consequence */

struct carrier {
	jmp_buf env;			/* where it goes on */
	jmp_buf fresh;			/* where its stack is empty */
	void (*entry)(void *);		/* what it runs, with arg */
	void *arg;
	char *stack;			/* lowest address; NULL for the host */
	char *low;			/* below it nothing is in use while it does not execute; NULL: all is */
	size_t size;
	struct carrier *next;		/* in `unused` */
	void *fake;			/* AddressSanitizer's, while it does not execute */
	void *race;			/* ThreadSanitizer's, NULL: none yet */
};

static char *slab;			/* the stacks; made when first needed, kept for good */
static unsigned long max_fibers;	/* so many */
static struct carrier *fibers;		/* as many, in the order of their stacks */
static unsigned long nr_made;		/* of them with a first frame */
static unsigned long nr_begun;		/* of them in use in this run, at some time */
static struct carrier *unused;		/* of this run, whose task has ended */
static struct carrier host;
static struct carrier *running;

/* ---- what sanitizers want to know ---- */

static void leaving(struct carrier *me, const struct carrier *to, bool for_good)
{
#ifdef WATCHED_ADDRESSES
	__sanitizer_start_switch_fiber(for_good ? NULL : &me->fake, to->stack, to->size);
#else
	(void)me;
	(void)to;
	(void)for_good;
#endif
}

static void arriving(struct carrier *me)
{
#ifdef WATCHED_ADDRESSES
	const void *low;
	size_t size;

	__sanitizer_finish_switch_fiber(me->fake, &low, &size);
	me->fake = NULL;
	if (!host.size) {		/* the first to arrive comes from there */
		host.stack = (char *)low;
		host.size = size;
	}
#else
	(void)me;
#endif
}

#ifdef WQLAB_RACES
void *__tsan_get_current_fiber(void);
void *__tsan_create_fiber(unsigned int flags);
void __tsan_destroy_fiber(void *fiber);
void __tsan_switch_to_fiber(void *fiber, unsigned int flags);
#define NO_SYNC	1u
#endif

/* Its stack is mapped anew, that ThreadSanitizer may forget who used it before. */
static void race_new(struct carrier *c)
{
#ifdef WQLAB_RACES
	if (c->race)
		__tsan_destroy_fiber(c->race);
	c->race = __tsan_create_fiber(NO_SYNC);
	race_ignore();
	if (mmap(c->stack, c->size, PROT_READ | PROT_WRITE,
		 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1, 0) == MAP_FAILED)
		abort();
	race_watch();
#else
	(void)c;
#endif
}

static void race_switch(const struct carrier *to)
{
#ifdef WQLAB_RACES
	__tsan_switch_to_fiber(to->race, NO_SYNC);
#else
	(void)to;
#endif
}

/* ---- a stack's first frame ---- */

static struct carrier *making;		/* whose first frame is being made */
static jmp_buf maker;			/* who wants it */

static void first_frame(void)
{
	if (!_setjmp(making->fresh)) {
		arriving(making);
		leaving(making, running, true);
		race_switch(running);
		_longjmp(maker, 1);
	}
	arriving(running);
	running->entry(running->arg);
	abort();			/* a task ends in exit_to() */
}

static void make_first_frame(struct carrier *c)
{
	ucontext_t uc;

	making = c;
	race_new(c);
	getcontext(&uc);
	uc.uc_stack.ss_sp = c->stack;
	uc.uc_stack.ss_size = c->size;
	uc.uc_link = NULL;
	makecontext(&uc, first_frame, 0);
	leaving(running, c, false);
	if (!_setjmp(maker)) {
		race_switch(c);
		setcontext(&uc);
	}
	arriving(running);
}

/* ---- the carriers ---- */

static void *reserve(size_t bytes)
{
	void *p = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	return p == MAP_FAILED ? NULL : p;
}

/* Address space alone: fewer stacks where its use is limited. */
static bool make_slab(void)
{
	for (max_fibers = MAX_FIBERS; max_fibers >= KEEP_FIBERS; max_fibers /= 2) {
		slab = reserve(max_fibers * STACK_SIZE);
		if (slab)
			break;
	}
	fibers = slab ? reserve(max_fibers * sizeof(*fibers)) : NULL;
	if (!fibers) {
		mach_set_error("cannot reserve %lu MiB of address space for the tasks' stacks (is there a limit, see ulimit -v?)",
			       max_fibers * STACK_SIZE >> 20);
		if (slab)
			munmap(slab, max_fibers * STACK_SIZE);
		slab = NULL;
		return false;
	}
	/* A stack uses a page or two; the host is not to give it a huge one. */
	madvise(slab, max_fibers * STACK_SIZE, MADV_NOHUGEPAGE);
	VALGRIND_STACK_REGISTER(slab, slab + max_fibers * STACK_SIZE);
	return true;
}

static int fibers_begin(void)
{
	if (!slab && !make_slab())
		return -1;
	host = (struct carrier){ 0 };
#ifdef WQLAB_RACES
	host.race = __tsan_get_current_fiber();
#endif
	running = &host;
	return 0;
}

/* The canary's place is read and written behind AddressSanitizer's back. */
__attribute__((no_sanitize("address"))) static uint64_t *canary(const struct carrier *c)
{
	return (uint64_t *)c->stack;
}

static struct carrier *fibers_create(const char *comm, void (*entry)(void *), void *arg)
{
	struct carrier *c = unused;

	(void)comm;
	if (c) {
		unused = c->next;
	} else if (nr_begun < max_fibers) {
		c = &fibers[nr_begun++];
	} else {
		return NULL;
	}
	if (!c->stack) {
		c->stack = slab + (size_t)(c - fibers) * STACK_SIZE;
		c->size = STACK_SIZE;
	}
#ifdef WATCHED_ADDRESSES
	ASAN_UNPOISON_MEMORY_REGION(c->stack, c->size);
#endif
	if ((unsigned long)(c - fibers) >= nr_made || race_watched) {
		make_first_frame(c);
		if ((unsigned long)(c - fibers) >= nr_made)
			nr_made = (unsigned long)(c - fibers) + 1;
	}
	*canary(c) = CANARY;
	race_ignore();			/* memcpy() is ThreadSanitizer's own */
	memcpy(c->env, c->fresh, sizeof(c->env));
	race_watch();
	c->low = NULL;
	c->fake = NULL;
	c->entry = entry;
	c->arg = arg;
	return c;
}

static void fibers_rename(struct carrier *c, const char *comm)
{
	(void)c;
	(void)comm;
}

static void check_stack(const struct carrier *c)
{
	if (c == &host || *canary(c) == CANARY)
		return;
	fprintf(stderr, "a task's stack has run over its %lu KiB: use parked threads, whose are larger\n",
		STACK_SIZE >> 10);
	abort();
}

static void jump(struct carrier *me, struct carrier *to)
{
	running = to;
	leaving(me, to, false);
	me->low = (char *)__builtin_frame_address(0) - FRAME_SLACK;
	if (!_setjmp(me->env)) {
		race_switch(to);
		_longjmp(to->env, 1);
	}
	arriving(me);
}

static void fibers_switch_to(struct carrier *to)
{
	struct carrier *me = running;

	if (!to)
		to = &host;
	if (to == me)
		return;
	check_stack(me);
	jump(me, to);
}

static void __attribute__((noreturn)) fibers_exit_to(struct carrier *to)
{
	struct carrier *me = running;

	check_stack(me);
	me->low = NULL;
	me->next = unused;
	unused = me;
	running = to ? to : &host;
	leaving(me, running, true);
	race_release(&host);
	race_switch(running);
	_longjmp(running->env, 1);
}

static bool fibers_on_stack(const struct carrier *c, const void *p)
{
	return (const char *)p >= c->stack && (const char *)p < c->stack + c->size;
}

/* Whoever is still parked is dropped: nothing on a task's stack owns anything of the host's. */
static void fibers_end(void)
{
	for (unsigned long i = 0; race_watched && i < nr_begun; i++) {
		race_switch(&fibers[i]);
		race_release(&host);
		race_switch(&host);
	}
	race_acquire(&host);		/* what comes after the run comes after all of it */
	unused = NULL;
	if (nr_begun > KEEP_FIBERS) {
		madvise(slab + KEEP_FIBERS * STACK_SIZE, (nr_begun - KEEP_FIBERS) * STACK_SIZE,
			MADV_DONTNEED);
		nr_made = KEEP_FIBERS;
	}
	nr_begun = 0;
}

/*
 * A carrier whose task has not begun, or has ended, has nothing on its stack but its
 * first frame, which stays as it is.
 */
void fibers_keep(void)
{
	unsigned long i;

	snapshot_add(&nr_begun, sizeof(nr_begun));
	snapshot_add(&unused, sizeof(unused));
	snapshot_add(fibers, nr_begun * sizeof(*fibers));
	for (i = 0; i < nr_begun; i++) {
		struct carrier *c = &fibers[i];

		snapshot_add(canary(c), sizeof(CANARY));
		if (c->low)
			snapshot_add(c->low, (size_t)(c->stack + c->size - c->low));
	}
}

const struct carrier_ops carrier_fiber = {
	.name = "fibers",
	.begin = fibers_begin,
	.create = fibers_create,
	.rename = fibers_rename,
	.switch_to = fibers_switch_to,
	.exit_to = fibers_exit_to,
	.on_stack = fibers_on_stack,
	.end = fibers_end,
};
