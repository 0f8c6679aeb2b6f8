// SPDX-License-Identifier: GPL-2.0-only
/*
 * The native machine: boot, the first task, the end, and verdicts.
 *
 *	host thread                        tasks
 *	  boot, make init -----------------> init runs, makes others
 *	  sleeps on `over`                     ...
 *	  <------------------------------------ init ends
 *	  stops the swappers, joins all
 *
 * A verdict other than OK ends the process (decision 18): threads that are stuck
 * cannot be taken back.  Whoever finds the fault stops the world, prints the report
 * and leaves.
 *
 * Owns struct native (native.h, with its letters).  Read next: native-task.c.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "native.h"
#include "wqlab/arena.h"
#include "wqlab/kallsyms.h"
#include "wqlab/trace.h"

struct native native;

extern void __tsan_init(void) __attribute__((weak));
extern void __asan_init(void) __attribute__((weak));

static void free_all(void)
{
	free(native.cpus);
	free(native.cores);
	native.cpus = NULL;
	native.cores = NULL;
	pthread_mutex_destroy(&native.lock);
}

/* Recursive, because whoever stops the world holds it while the report walks the tasks. */
static void lock_init(void)
{
	pthread_mutexattr_t attr;

	pthread_mutexattr_init(&attr);
	pthread_mutexattr_settype(&attr, PTHREAD_MUTEX_RECURSIVE);
	pthread_mutex_init(&native.lock, &attr);
	pthread_mutexattr_destroy(&attr);
}

/*
 * A release by a plain store looks at the lock once more when it is free, and so
 * perhaps gone.  To its address nothing happens; but to a sanitizer it is a fault.
 */
static bool sanitized(void)
{
#if defined(__SANITIZE_ADDRESS__)
	return true;
#else
	return __tsan_init || __asan_init;
#endif
}

static int boot(void)
{
	size_t size = machine.cfg.cpus * sizeof(*native.cpus), offset;
	unsigned int i;

	memset(&native, 0, sizeof(native));
	native.stack_size = thread_stack_size();
	mlink_head(&native.tasks);
	lock_init();
	native.cpus = aligned_alloc(_Alignof(struct ncpu), size);
	if (!native.cpus || host_init()) {
		free_all();
		mach_set_error("no memory for %u virtual CPUs", machine.cfg.cpus);
		return -1;
	}
	memset(native.cpus, 0, size);
	for (i = 0; i < machine.cfg.cpus; i++) {
		struct ncpu *c = &native.cpus[i];

		c->id = i;
		c->core = native.cores[i % native.nr_cores];
		c->when = MACH_NEVER;
	}
	/* Now, because a report must not ask for memory. */
	kallsyms_lookup((const void *)(uintptr_t)boot, &offset);
	native.boot_ns = 0;
	native.boot_ns = native_now();
	return 0;
}

static int native_run(struct mtask *(*make_first)(void *arg), void *arg, struct machine_result *res)
{
	unsigned int i;

	if (boot())
		return -1;
	/* A run may last: what it frees it must be able to use again. */
	arena_reuse(true);
	mach_checks = !machine.cfg.no_accounting;
	mach_plain_unlock = native.membarrier && !sanitized();
	world_init();
	native.init = make_first(arg);
	if (!native.init) {
		mach_set_error("the host has no thread left for the first task");
	} else {
		watch_start();
		native_unpark(native.init, 0);
		while (!__atomic_load_n(&native.over, __ATOMIC_ACQUIRE))
			futex_wait(&native.over, 0);
		watch_stop();
	}
	for (i = 0; i < machine.cfg.cpus; i++)
		native_stop_timer(i);
	native_join_gone();
	world_end();
	trace_sort();
	*res = (struct machine_result){
		.verdict = VERDICT_OK,
		.time_ns = native_now(),
		.tasks = native.tasks_made,
	};
	free_all();
	return native.init ? 0 : -1;
}

/* ---- verdicts ---- */

void native_stop(enum verdict v, const char *text)
{
	/* The first one to find a fault tells of it; whoever comes later waits for the end. */
	if (atomic_flag_test_and_set(&native.stopping))
		for (;;)
			pause();
	world_stop();
	report_to(STDERR_FILENO);
	report_printed();
	report_verdict(v, text, native_now(), "");
	/* What was printed before the run, by a thread that has nothing to do with this. */
	if (!ftrylockfile(stdout))
		fflush_unlocked(stdout);
	_exit(v == VERDICT_HUNG_TASK ? MACHINE_EXIT_HUNG : EXIT_FAILURE);
}

void native_fail(enum verdict v, const char *fmt, ...)
{
	char text[256];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	native_stop(v, text);
}

const struct machine_ops machine_native = {
	.kind		= "native",
	.run		= native_run,
	.stop		= native_stop,
	.task_init	= native_task_init,
	.renamed	= native_renamed,
	.affinity	= native_affinity,
	.exit		= native_exit,
	.park		= native_park,
	.unpark		= native_unpark,
	.move		= native_move,
	.set_prio	= native_set_prio,
	.preempt	= native_preempt,
	.irqs_on	= native_preempt,
	.cpu_off	= native_cpu_off,
	.cpu_on		= native_cpu_on,
	.cpu_idle	= native_cpu_idle,
	.quiescent	= native_quiescent,
	.for_each_task	= native_for_each_task,
	.name_of_stack	= native_name_of_stack,
	.now		= native_now,
	.burn		= native_burn,
	.relax		= native_relax,
	.set_timer	= native_set_timer,
	.stop_timer	= native_stop_timer,
	.lock_slow	= native_lock_slow,
	.unlock_slow	= native_unlock_slow,
};
