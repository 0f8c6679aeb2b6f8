// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where and how urgently the host runs the machine's threads.
 *
 * Virtual CPU v stands for the (v mod n)-th of the n cores that the process may use
 * (decision 14).  A thread is pinned to the cores of the CPUs that its task may use,
 * and that is all: two virtual CPUs may share a core, and the host decides who is on.
 *
 * Nice values and real-time priorities are the host's own; where it does not permit
 * one, the task runs as it would without, and the machine says so once.
 *
 * Locking: what is shared is set at boot.  Read next: native-clock.c.
 */
#include <errno.h>
#include <linux/membarrier.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "native.h"

/* ---- cores ---- */

int host_init(void)
{
	cpu_set_t mine;
	int core;

	native.nice = getpriority(PRIO_PROCESS, 0);
	native.membarrier = !syscall(SYS_membarrier, MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED, 0, 0);
	native.cores = calloc(CPU_SETSIZE, sizeof(*native.cores));
	if (!native.cores)
		return -1;
	if (!sched_getaffinity(0, sizeof(mine), &mine))
		for (core = 0; core < CPU_SETSIZE; core++)
			if (CPU_ISSET(core, &mine))
				native.cores[native.nr_cores++] = core;
	if (!native.nr_cores)
		native.nr_cores = 1;
	return 0;
}

static void pin(pthread_t thread, const cpu_set_t *set)
{
	/* A core that was taken from us meanwhile is no reason to stop: the host chooses then. */
	if (native.nr_cores > 1)
		pthread_setaffinity_np(thread, sizeof(*set), set);
}

void host_pin(pthread_t thread, const struct ncpu *c)
{
	cpu_set_t one;

	CPU_ZERO(&one);
	CPU_SET(c->core, &one);
	pin(thread, &one);
}

void native_affinity(struct mtask *t, const unsigned long *cpus, unsigned int n)
{
	const unsigned int bits = 8 * sizeof(*cpus);
	cpu_set_t set;
	unsigned int i;

	CPU_ZERO(&set);
	for (i = 0; i < n; i++)
		if (cpus[i / bits] >> (i % bits) & 1)
			CPU_SET(native.cpus[i].core, &set);
	pin(t->thread->thread, &set);
}

/* ---- priorities ---- */

static void refused(const char *what, int value)
{
	char line[160];

	if (atomic_flag_test_and_set(&native.warned))
		return;
	snprintf(line, sizeof(line),
		 "native: %s %d cannot be had here (%s): such tasks run like all others",
		 what, value, strerror(errno));
	mach_console(4, line);
}

/* Give a thread of ours a task's priority, whatever it had or inherited. */
void host_prio(pid_t tid, int prio)
{
	bool rt = prio < MACH_PRIO_MAX_RT;
	struct sched_param param = { .sched_priority = rt ? MACH_PRIO_MAX_RT - 1 - prio : 0 };
	int task = prio - MACH_PRIO_NICE0, nice = native.nice + task;

	nice = nice < -20 ? -20 : nice > 19 ? 19 : nice;
	if (rt) {
		if (sched_setscheduler(tid, SCHED_FIFO, &param))
			refused("real-time priority", param.sched_priority);
		return;
	}
	if (sched_getscheduler(tid) != SCHED_OTHER)
		sched_setscheduler(tid, SCHED_OTHER, &param);
	if (getpriority(PRIO_PROCESS, tid) != nice && setpriority(PRIO_PROCESS, tid, nice))
		refused("nice", task);
}

/*
 * A thread that has not got so far as to tell its number applies the priority itself:
 * it tells first and then looks, we store first and then ask.
 */
void native_set_prio(struct mtask *t, int prio)
{
	pid_t tid;

	__atomic_store_n(&t->prio, prio, __ATOMIC_SEQ_CST);
	tid = __atomic_load_n(&t->thread->tid, __ATOMIC_SEQ_CST);
	if (tid)
		host_prio(tid, prio);
}

/* ---- a barrier on every core ---- */

/*
 * Each of our threads executes a full barrier before this returns.  Without the
 * host's help: to be on a core after somebody else was is to have had one there.
 */
void host_barrier(void)
{
	cpu_set_t before, one;
	unsigned int i;

	if (native.membarrier &&
	    !syscall(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0, 0))
		return;
	pthread_getaffinity_np(pthread_self(), sizeof(before), &before);
	for (i = 0; i < native.nr_cores; i++) {
		CPU_ZERO(&one);
		CPU_SET(native.cores[i], &one);
		pthread_setaffinity_np(pthread_self(), sizeof(one), &one);
	}
	pthread_setaffinity_np(pthread_self(), sizeof(before), &before);
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
}
