// SPDX-License-Identifier: GPL-2.0-only
/*
 * The hung-task watchdog, and how the world is stopped for a report.
 *
 * khungtaskd is a thread of the host's that looks now and then for a task that has
 * been asleep, uninterruptibly and without a timer of its own, for longer than the
 * configuration allows, and for a run that is over its time.  Under a debugger it
 * looks away: somebody is stepping.
 *
 * A report reads what tasks write without asking them.  So they are stopped first, each
 * by a signal in whose handler it stays for good; afterwards nothing but _exit() follows.
 * native.lock is taken before, so that nobody is stopped while holding it.
 *
 * Owns `watch`, written by the host before the thread starts.  Read first: native.c.
 */
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "native.h"

#define LOOK_MAX_NS	UINT64_C(1000000000)	/* at least so often */
#define LOOKS		8			/* in one limit */
#define STOP_MS		1000			/* how long the world may take to stop */
#define REPORT_SECONDS	20			/* after that the process ends in any case */

static struct {
	uint32_t stop;			/* A: futex word */
	bool started;
	pthread_t thread;
} watch;

/* ---- the watchdog ---- */

static void check_hung(struct mtask *t, void *arg)
{
	const uint64_t *now = arg, limit = machine.cfg.hung_task_ns;
	const struct nthread *n = t->thread;
	uint64_t since;

	if (!__atomic_load_n(&n->watch, __ATOMIC_ACQUIRE) ||
	    __atomic_load_n(&n->token, __ATOMIC_RELAXED) != TOKEN_PARKED)
		return;
	since = __atomic_load_n(&t->parked_at, __ATOMIC_RELAXED);
	if (since >= *now || *now - since < limit || debugged())
		return;
	native_fail(VERDICT_HUNG_TASK, "task %s/%u blocked for more than %" PRIu64 ".%03" PRIu64 " seconds",
		    t->comm, t->id, limit / 1000000000, limit / 1000000 % 1000);
}

static void look(void)
{
	uint64_t now = native_now();

	if (machine.cfg.hung_task_ns != MACH_NEVER)
		native_for_each_task(check_hung, &now);
	if (now > machine.cfg.time_limit_ns && !debugged())
		native_stop(VERDICT_TIME_LIMIT, "the run is not over at its limit of time");
}

static uint64_t look_every(void)
{
	uint64_t least = machine.cfg.hung_task_ns;

	if (machine.cfg.time_limit_ns < least)
		least = machine.cfg.time_limit_ns;
	least /= LOOKS;
	return least < LOOK_MAX_NS ? least : LOOK_MAX_NS;
}

static void *khungtaskd(void *arg)
{
	uint64_t every = look_every();

	(void)arg;
	pthread_setname_np(pthread_self(), "khungtaskd");
	while (!__atomic_load_n(&watch.stop, __ATOMIC_ACQUIRE)) {
		futex_wait_until(&watch.stop, 0, native.boot_ns + native_now() + every);
		if (!__atomic_load_n(&watch.stop, __ATOMIC_ACQUIRE))
			look();
	}
	return NULL;
}

void watch_start(void)
{
	watch.stop = 0;
	watch.started = (machine.cfg.hung_task_ns != MACH_NEVER ||
			 machine.cfg.time_limit_ns != MACH_NEVER) &&
			!pthread_create(&watch.thread, NULL, khungtaskd, NULL);
}

void watch_stop(void)
{
	if (!watch.started)
		return;
	__atomic_store_n(&watch.stop, 1, __ATOMIC_RELEASE);
	futex_wake(&watch.stop, 1);
	pthread_join(watch.thread, NULL);
	watch.started = false;
}

/* ---- stopping the world ---- */

static struct sigaction before;
static atomic_int halted;

static int stop_signal(void)
{
	return SIGRTMIN + 5;
}

static void halt(int sig)
{
	(void)sig;
	halted++;
	for (;;)
		pause();
}

void world_init(void)
{
	struct sigaction sa = { .sa_handler = halt };

	sigfillset(&sa.sa_mask);
	halted = 0;
	sigaction(stop_signal(), &sa, &before);
}

void world_end(void)
{
	sigaction(stop_signal(), &before, NULL);
}

static void halt_task(struct mtask *t, void *arg)
{
	int *sent = arg;

	if (t != mach_current && !pthread_kill(t->thread->thread, stop_signal()))
		++*sent;
}

/* All tasks and timer interrupts stand still from here on; native.lock is ours for good. */
void world_stop(void)
{
	static const struct timespec ms = { .tv_nsec = 1000000 };
	int sent = 0, waited;
	unsigned int i;

	alarm(REPORT_SECONDS);
	pthread_mutex_lock(&native.lock);
	native_for_each_task(halt_task, &sent);
	for (i = 0; i < machine.cfg.cpus; i++) {
		struct ncpu *c = &native.cpus[i];
		struct mtask *swapper = c->swapper;

		if (swapper && swapper != mach_current && !pthread_kill(c->thread, stop_signal()))
			sent++;
	}
	for (waited = 0; halted < sent && waited < STOP_MS; waited++)
		nanosleep(&ms, NULL);
}
