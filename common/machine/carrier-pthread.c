// SPDX-License-Identifier: GPL-2.0-only
/*
 * Parked pthreads: a thread for each task, of which one runs and the others sit
 * in a futex.
 *
 * So `info threads`, `thread apply all bt` and a breakpoint in any worker simply
 * work, and stepping cannot let another task run.  All threads are pinned to one
 * core, where a hand-over costs about a sixth of one across cores.
 *
 * The baton is the `go` word of each carrier: set by whoever hands over, taken by
 * whoever goes on.  This file is never built with -fsanitize=thread, and uses bare
 * futexes: if the hand-over synchronised in TSan's eyes, no race between two
 * tasks would ever be seen (decision 11).
 *
 * Locking: whoever holds the baton owns everything here; `go` alone is atomic.
 *
 * Unwinding: at end() every parked thread is let go once more with `dying` set
 * and jumps from its park point back to its start, where it returns.  Nothing
 * between the two owns anything that is not the machine's.
 *
 * Read next: sim-sched.c, whose switch_to() is the one user.
 */
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "carrier.h"
#include "futex.h"
#include "ops.h"

/* For the task's own frames; what the C library and a sanitizer keep there comes on top. */
#define STACK_ROOM	(256u * 1024)

/*
 * Sanitizers keep more there than the C library tells.  This file is never built
 * for TSan, so whether the program is shows only in the symbol.
 */
#if defined(__SANITIZE_ADDRESS__)
#define SANITIZER_ROOM	(256u * 1024)
#else
#define SANITIZER_ROOM	(__tsan_init ? 2048u * 1024 : 0)
#endif
extern void __tsan_init(void) __attribute__((weak));

/* Linux 6.16: how many buckets the host has for the futexes of this process. */
#ifndef PR_FUTEX_HASH
#define PR_FUTEX_HASH		78
#define PR_FUTEX_HASH_SET_SLOTS	1
#endif

struct carrier {
	uint32_t go;			/* the baton; futex word */
	void (*entry)(void *);		/* what it runs, with arg */
	void *arg;
	char comm[16];			/* as debuggers show it */
	pthread_t thread;
	char *stack;			/* lowest address; NULL for the host */
	jmp_buf start;			/* where unwinding leads */
	struct carrier *next;		/* all carriers, newest first */
};

static size_t stack_size;		/* of each carrier */
static struct carrier host;
static struct carrier *running;		/* whose turn it is */
static struct carrier *carriers;	/* all but the host */
static unsigned long nr_carriers;	/* how many they are */
static struct carrier *gone;		/* its thread has left for good: to be joined */
static bool dying;			/* end(): whoever gets the baton leaves */
static cpu_set_t host_affinity;		/* to be put back, if pinned */
static bool pinned;

static void baton_wait(struct carrier *c)
{
	while (!__atomic_load_n(&c->go, __ATOMIC_ACQUIRE))
		futex_wait(&c->go, 0);
	__atomic_store_n(&c->go, 0, __ATOMIC_RELAXED);
}

static void baton_pass(struct carrier *to)
{
	running = to;
	__atomic_store_n(&to->go, 1, __ATOMIC_RELEASE);
	futex_wake(&to->go, 1);
}

static void *carrier_thread(void *arg)
{
	struct carrier *c = arg;

	pthread_setname_np(pthread_self(), c->comm);
	if (_setjmp(c->start))
		return NULL;
	baton_wait(c);
	if (!dying)
		c->entry(c->arg);
	return NULL;
}

size_t thread_stack_size(void)
{
	long least = sysconf(_SC_THREAD_STACK_MIN);
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	size_t size = STACK_ROOM + SANITIZER_ROOM + (least > 0 ? (size_t)least : 0);

	return (size + page - 1) / page * page;
}

static int pthreads_begin(void)
{
	int cpu = sched_getcpu();
	cpu_set_t one;

	stack_size = thread_stack_size();
	host = (struct carrier){ 0 };
	running = &host;
	dying = false;
	pinned = false;
	if (cpu >= 0 && !sched_getaffinity(0, sizeof(host_affinity), &host_affinity)) {
		CPU_ZERO(&one);
		CPU_SET(cpu, &one);
		pinned = !sched_setaffinity(0, sizeof(one), &one);
	}
	return 0;
}

/* Stacks are the host's business to map: their bounds tell whose an address is. */
static char *stack_map(void)
{
	char *p = mmap(NULL, stack_size, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0);

	return p == MAP_FAILED ? NULL : p;
}

/*
 * A wake-up looks at all who sleep in the bucket of its futex, and left alone the host
 * has few buckets: with 3,000 sleepers they take longer than the switch itself.  A host
 * that does not know of it refuses, and is slower.
 */
static void room_for_sleepers(void)
{
	static unsigned long slots = 64;

	if (++nr_carriers <= slots)
		return;
	slots *= 4;
	prctl(PR_FUTEX_HASH, PR_FUTEX_HASH_SET_SLOTS, slots, 0, 0);
}

static struct carrier *pthreads_create(const char *comm, void (*entry)(void *), void *arg)
{
	struct carrier *c = calloc(1, sizeof(*c));
	pthread_attr_t attr;
	int err;

	if (!c)
		return NULL;
	c->stack = stack_map();
	if (!c->stack) {
		free(c);
		return NULL;
	}
	c->entry = entry;
	c->arg = arg;
	snprintf(c->comm, sizeof(c->comm), "%s", comm);
	pthread_attr_init(&attr);
	pthread_attr_setstack(&attr, c->stack, stack_size);
	err = pthread_create(&c->thread, &attr, carrier_thread, c);
	pthread_attr_destroy(&attr);
	if (err) {
		munmap(c->stack, stack_size);
		free(c);
		return NULL;
	}
	c->next = carriers;
	carriers = c;
	room_for_sleepers();
	return c;
}

static void pthreads_rename(struct carrier *c, const char *comm)
{
	snprintf(c->comm, sizeof(c->comm), "%s", comm);
	pthread_setname_np(c->thread, c->comm);
}

static void carrier_free(struct carrier *c)
{
	nr_carriers--;
	pthread_join(c->thread, NULL);
	munmap(c->stack, stack_size);
	free(c);
}

/* Free the carrier that left for good, now that another context runs. */
static void reap(void)
{
	struct carrier **link = &carriers;

	if (!gone)
		return;
	while (*link != gone)
		link = &(*link)->next;
	*link = gone->next;
	carrier_free(gone);
	gone = NULL;
}

static void pthreads_switch_to(struct carrier *to)
{
	struct carrier *me = running;

	to = to ? to : &host;
	if (to == me)
		return;
	baton_pass(to);
	baton_wait(me);
	if (dying && me != &host)
		_longjmp(me->start, 1);
	reap();
}

static void __attribute__((noreturn)) pthreads_exit_to(struct carrier *to)
{
	struct carrier *me = running;

	reap();
	gone = me;
	baton_pass(to ? to : &host);
	_longjmp(me->start, 1);
}

static bool pthreads_on_stack(const struct carrier *c, const void *p)
{
	return c->stack && (const char *)p >= c->stack && (const char *)p < c->stack + stack_size;
}

/* Each stack goes with its thread, and the C library and a sanitizer have their share of it. */
static size_t pthreads_deepest(void)
{
	return 0;
}

static void pthreads_end(void)
{
	reap();
	dying = true;
	while (carriers) {
		struct carrier *c = carriers;

		carriers = c->next;
		/* It jumps out and its thread returns; nobody passes the baton back. */
		baton_pass(c);
		carrier_free(c);
	}
	running = &host;
	if (pinned)
		sched_setaffinity(0, sizeof(host_affinity), &host_affinity);
}

const struct carrier_ops carrier_pthread = {
	.name = "parked pthreads",
	.begin = pthreads_begin,
	.create = pthreads_create,
	.rename = pthreads_rename,
	.switch_to = pthreads_switch_to,
	.exit_to = pthreads_exit_to,
	.on_stack = pthreads_on_stack,
	.deepest = pthreads_deepest,
	.end = pthreads_end,
};
