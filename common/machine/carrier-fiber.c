// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fibers: all tasks in one thread, each on a stack of its own, switched without a
 * system call.
 *
 * For exploring schedules by the hundred thousand and for machines with more tasks
 * than the host has threads.  A debugger sees one thread only; for it there are
 * parked pthreads (carrier-pthread.c).
 *
 *	slab:	| spare ..  canary | stack 0 ..  canary | stack 1 ..  canary | ...
 *			  high end ^   <-- grows downwards     ^ low end of stack 2
 *
 * One mapping holds all stacks, so the host's limit on mappings (a guard page a
 * stack would need two) does not limit tasks.  In place of guard pages each stack
 * has a canary at its low end, looked at when its task ends or gives way.  It lies
 * in the page in which the stack below begins, so it costs none.  Who has run over
 * it has written to the stack below, which may be somebody's: the run ends at once.
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

/* Where its headers are, memcheck is told which stacks there are; else it takes a switch for a push. */
#if defined(__has_include)
#if __has_include(<valgrind/valgrind.h>)
#include <valgrind/valgrind.h>
#endif
#endif
#ifndef VALGRIND_STACK_REGISTER
#define VALGRIND_STACK_REGISTER(low, high)	((void)(low), (void)(high), 0)
#define RUNNING_ON_VALGRIND			0
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
#define CANARY_WORDS	8
#define CANARY_BYTES	(CANARY_WORDS * sizeof(uint64_t))

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

static char *slab;			/* one spare stack and all others; made when first needed, kept for good */
static unsigned long max_fibers;	/* so many */
static struct carrier *fibers;		/* as many, in the order of their stacks */
static unsigned long nr_made;		/* of them with a first frame */
static unsigned long nr_begun;		/* of them in use in this run, at some time */
static struct carrier *unused;		/* of this run, whose task has ended */
static struct carrier host;
static struct carrier *running;
static size_t deepest;			/* most bytes that any stack ever held */
static bool overran;			/* some stack was left at its low end, in this run */
static bool remake;			/* one has in this search: first frames are not to be relied on */

/* ---- the stacks ---- */

/* The pages of a stack; the last words of the last one are the next stack's canary. */
static char *pages_of(unsigned long nr)
{
	return slab + (nr + 1) * STACK_SIZE;
}

/* Read and written behind AddressSanitizer's back. */
__attribute__((no_sanitize("address"))) static void set_canary(char *low)
{
	for (int i = 0; i < CANARY_WORDS; i++)
		((uint64_t *)low)[i] = CANARY;
}

__attribute__((no_sanitize("address"))) static bool has_canary(const char *low)
{
	for (int i = 0; i < CANARY_WORDS; i++)
		if (((const uint64_t *)low)[i] != CANARY)
			return false;
	return true;
}

/*
 * @me is about to leave its stack.  Once that is too small nothing here can be
 * trusted any more, save the host's context.
 */
static void check_stack(const struct carrier *me, const struct carrier *to)
{
	char text[128];

	if (me == &host || ((char *)__builtin_frame_address(0) > me->stack && has_canary(me->stack)))
		return;
	if (overran || to == &host) {
		overran = true;
		return;
	}
	overran = true;
	snprintf(text, sizeof(text), "the stack of %s has run over its %lu KiB (parked threads have larger ones)",
		 mach_current->comm, STACK_SIZE >> 10);
	machine_stop(VERDICT_BUG, text);
}

/* By what is resident, not by painting (decision 19): stacks keep their pages from task to task. */
static void look_how_deep(unsigned long nr)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE), i;
	unsigned char there[STACK_SIZE / 1024];

	/* The lowest page that is resident, of those that nobody has used yet. */
	if (mincore(pages_of(nr), STACK_SIZE - deepest, there))
		return;
	for (i = 0; i < (STACK_SIZE - deepest) / page && !(there[i] & 1); i++)
		;
	deepest = STACK_SIZE - i * page;
}

static size_t fibers_deepest(void)
{
	for (unsigned long nr = 0; nr < nr_begun; nr++)
		look_how_deep(nr);
	return deepest;
}

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
	char *next = c->stack + c->size;
	bool next_has = has_canary(next);

	look_how_deep((unsigned long)(c - fibers));
	if (c->race)
		__tsan_destroy_fiber(c->race);
	c->race = __tsan_create_fiber(NO_SYNC);
	race_ignore();
	if (mmap(c->stack + CANARY_BYTES, c->size, PROT_READ | PROT_WRITE,
		 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1, 0) == MAP_FAILED)
		abort();
	if (next_has)
		set_canary(next);
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
	max_fibers = MAX_FIBERS;
	if (RUNNING_ON_VALGRIND)
		max_fibers /= 64;	/* memcheck marks each byte at once */
	for (; max_fibers >= KEEP_FIBERS; max_fibers /= 2) {
		slab = reserve((max_fibers + 1) * STACK_SIZE);
		if (slab)
			break;
	}
	fibers = slab ? reserve(max_fibers * sizeof(*fibers)) : NULL;
	if (!fibers) {
		mach_set_error("cannot reserve %lu MiB of address space for the tasks' stacks (is there a limit, see ulimit -v?)",
			       max_fibers * STACK_SIZE >> 20);
		if (slab)
			munmap(slab, (max_fibers + 1) * STACK_SIZE);
		slab = NULL;
		return false;
	}
	/* A stack uses a page or two; the host is not to give it a huge one. */
	madvise(slab, (max_fibers + 1) * STACK_SIZE, MADV_NOHUGEPAGE);
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
		c->stack = pages_of((unsigned long)(c - fibers)) - CANARY_BYTES;
		c->size = STACK_SIZE;
		(void)VALGRIND_STACK_REGISTER(c->stack, c->stack + c->size);
	}
#ifdef WATCHED_ADDRESSES
	ASAN_UNPOISON_MEMORY_REGION(c->stack, c->size);
#endif
	if ((unsigned long)(c - fibers) >= nr_made || race_watched || remake) {
		make_first_frame(c);
		if ((unsigned long)(c - fibers) >= nr_made)
			nr_made = (unsigned long)(c - fibers) + 1;
	}
	set_canary(c->stack);
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
	check_stack(me, to);
	jump(me, to);
}

static void __attribute__((noreturn)) fibers_exit_to(struct carrier *to)
{
	struct carrier *me = running;

	if (!to)
		to = &host;
	check_stack(me, to);
	me->low = NULL;
	me->next = unused;
	unused = me;
	running = to;
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
		madvise(pages_of(KEEP_FIBERS), (nr_begun - KEEP_FIBERS) * STACK_SIZE,
			MADV_DONTNEED);
		nr_made = KEEP_FIBERS;
	}
	nr_begun = 0;
	if (overran || remake)
		nr_made = 0;		/* some stack may have lost its first frame */
	overran = remake = false;
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

		snapshot_add(c->stack, CANARY_BYTES);
		if (c->low)
			snapshot_add(c->low, (size_t)(c->stack + c->size - c->low));
	}
}

/* What was kept is back; what an overrun has destroyed besides is made anew. */
void fibers_restored(void)
{
	remake |= overran;
	overran = false;
}

const struct carrier_ops carrier_fiber = {
	.name = "fibers",
	.begin = fibers_begin,
	.create = fibers_create,
	.rename = fibers_rename,
	.switch_to = fibers_switch_to,
	.exit_to = fibers_exit_to,
	.on_stack = fibers_on_stack,
	.deepest = fibers_deepest,
	.end = fibers_end,
};
