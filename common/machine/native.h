/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The native machine's state, shared by its chapters:
 *
 *	native.c	boot, run, end; verdicts
 *	native-task.c	a thread for each task: starting, blocking, waking, ending
 *	native-host.c	where and how urgently the host runs those threads
 *	native-clock.c	real time: timer interrupts, burning, busy waiting
 *	native-lock.c	the contended part of locks
 *	native-watch.c	the hung-task watchdog; stopping the world for a report
 *
 *	task            pthread of its name, on the cores that its CPUs stand for
 *	virtual CPU     a number; and the thread swapper/N, which serves its timers
 *	time            CLOCK_MONOTONIC since boot
 *
 * Nothing here executes one at a time: what the host's scheduler and cores do is
 * what happens.  A virtual CPU is a place for per-CPU data and a set of cores, not an
 * exclusion: two of its tasks may run at once.  What keeps them apart are the locks
 * of those who run on it.
 *
 * Letters: I set at boot or creation; T written by the thread itself, others look;
 * A atomic; K native.lock; B the caller's (timer base's) lock.
 *
 * This folder is not built for ThreadSanitizer, which therefore sees only how the
 * kernel services synchronise, by atomics of their own.
 *
 * Read next: native.c.
 */
#ifndef WQLAB_NATIVE_H
#define WQLAB_NATIVE_H

#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <stdatomic.h>

#include "futex.h"
#include "ops.h"

/* Where a thread stands with its waker: the word it sleeps on. */
enum { TOKEN_NONE, TOKEN_PERMIT, TOKEN_PARKED };

/* A task's thread.  Outlives the task, until it is joined. */
struct nthread {
	uint32_t token;			/* A: TOKEN_* */
	uint32_t wake_cpu;		/* A: where the last waker wants it to run */
	struct mtask *task;		/* I */
	pthread_t thread;		/* I */
	pid_t tid;			/* A: 0 until it has started */
	bool watch;			/* A: report it when it is parked for too long */
	bool holdout;			/* K: keeps a grace period waiting */
	char comm[16];			/* I: what it starts under */
	char *stack;			/* A: lowest address, for naming what lies there; NULL until it has started */
	jmp_buf start;			/* T: where ending leads */
	struct nthread *next;		/* K: in native.gone */
};

/* A virtual CPU. */
struct ncpu {
	unsigned int id;		/* I */
	int core;			/* I: the core of the host that stands for it */
	atomic_int running;		/* A: tasks on it that are not parked */
	atomic_bool off;		/* A: does not work: whoever is on it moves away */
	bool holdout;			/* K: its swapper keeps a grace period waiting */

	uint32_t kick;			/* A: counts reasons to look again; swapper sleeps on it */
	atomic_bool stop;		/* A: swapper shall end */
	_Atomic uint64_t when;		/* A: next timer interrupt, MACH_NEVER: none */
	_Atomic uint64_t asleep_until;	/* A: what swapper sleeps towards; 0: it does not */
	bool started;			/* B: swapper's thread exists */
	pthread_t thread;		/* B */
	_Atomic(struct mtask *) swapper;	/* A */
} __attribute__((aligned(64)));

struct native {
	struct ncpu *cpus;		/* I */
	int *cores;			/* I: the host's cores that we may use */
	unsigned int nr_cores;		/* I */
	uint64_t boot_ns;		/* I: CLOCK_MONOTONIC at boot */
	size_t stack_size;		/* I: of each thread */
	bool membarrier;		/* I: the host has it */
	int nice;			/* I: the host's value for a task's 0: who starts us with nice(1) means all of it */

	pthread_mutex_t lock;		/* the lock of letter K; a leaf */
	struct mlink tasks;		/* K: all tasks, in creation order */
	unsigned int next_id;		/* K */
	unsigned int tasks_made;	/* K */
	struct nthread *gone;		/* K: threads that have left, to be joined */

	struct mtask *init;		/* I */
	uint32_t over;			/* A: the first task has ended; the host sleeps on it */
	atomic_flag stopping;		/* A: a verdict fell */
	atomic_flag warned;		/* A: said that priorities cannot be had */
};

extern struct native native;

static inline struct ncpu *ncpu_of(const struct mtask *t)
{
	return &native.cpus[t->cpu];
}

/* native.c */
void native_stop(enum verdict v, const char *text) __attribute__((noreturn));
void native_fail(enum verdict v, const char *fmt, ...)
	__attribute__((noreturn, format(printf, 2, 3)));

/* native-task.c */
int native_task_init(struct mtask *t);
void native_renamed(struct mtask *t);
void native_exit(void) __attribute__((noreturn));
void native_park(bool watch);
void native_unpark(struct mtask *t, unsigned int cpu);
void native_move(struct mtask *t, unsigned int cpu);
void native_preempt(void);
void native_calls(void);
void native_cpu_off(unsigned int cpu);
void native_cpu_on(unsigned int cpu);
bool native_cpu_idle(unsigned int cpu);
void native_for_each_task(void (*fn)(struct mtask *t, void *arg), void *arg);
const char *native_name_of_stack(const void *p, char *buf, size_t size);
bool native_quiescent(bool first);
void native_join_gone(void);

/* native-host.c */
int host_init(void);
void host_pin(pthread_t thread, const struct ncpu *c);
void host_prio(pid_t tid, int prio);
void native_affinity(struct mtask *t, const unsigned long *cpus, unsigned int n);
void native_set_prio(struct mtask *t, int prio);
void host_barrier(void);

/* native-clock.c */
uint64_t native_now(void);
void native_burn(uint64_t ns);
void native_relax(void);
void native_set_timer(unsigned int cpu, uint64_t ns);
void native_stop_timer(unsigned int cpu);

/* native-lock.c */
void native_lock_slow(struct mlock *l);
void native_unlock_slow(struct mlock *l);

/* native-watch.c */
void watch_start(void);
void watch_stop(void);
void world_init(void);
void world_stop(void);
void world_end(void);

#endif
