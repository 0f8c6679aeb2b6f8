/* SPDX-License-Identifier: GPL-2.0-only */
/**
 * @file
 * Boot a machine, run one first task on it, shut it down.
 *
 * One machine per process at a time; any number one after another.  Whatever a
 * run wrote in the engines, the kernel services and linked modules is put back
 * at the next boot.
 *
 * Plain C: both worlds include it.
 */
#ifndef WQLAB_MACHINE_H
#define WQLAB_MACHINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Most virtual CPUs a machine may have. */
#define MACHINE_MAX_CPUS	4096
/** Most NUMA nodes a machine may have. */
#define MACHINE_MAX_NODES	64

/** How a run ended. */
enum verdict {
	VERDICT_OK,		/**< the first task returned and all was given back */
	VERDICT_DEADLOCK,	/**< somebody waits and nothing can ever happen again */
	VERDICT_HUNG_TASK,	/**< a task was blocked for longer than hung_task_ns */
	VERDICT_TIME_LIMIT,	/**< virtual time ran past time_limit_ns */
	VERDICT_STEP_LIMIT,	/**< more than step_limit choice points without the clock moving */
	VERDICT_BUG,		/**< BUG(), or a real sleep in atomic context */
	VERDICT_FAILED,		/**< a test's check failed */
	VERDICT_GOAL,		/**< what the run was to look for has happened (machine_config.goal) */
	VERDICT_DIVERGED,	/**< the run is not the one that was written down */
	VERDICT_LEAK,		/**< the first task is gone but tasks are left behind */
	VERDICT_INVARIANT,	/**< a promise of the workqueue's was broken (wqlab/invariant.h) */
	VERDICT_NR
};

/** What things cost in virtual time; 0 everywhere (the default) is the ideal machine. */
struct machine_costs {
	uint64_t switch_ns;	/**< a virtual CPU turns to another task */
	uint64_t wake_ns;	/**< waking a task, charged to the waker */
	uint64_t create_ns;	/**< creating a thread, charged to the creator */
};

/** The exit status of a process that the native machine ends because of a hung task. */
#define MACHINE_EXIT_HUNG	4

/**
 * What machine to boot.  Zero (or NULL) in a field means the default given.
 *
 * On the native machine times are real, the cost model, the slice and the
 * strategy mean nothing, and a verdict other than #VERDICT_OK ends the process:
 * threads that are stuck cannot be taken back.  It prints the report first, and the
 * exit status is 1, or #MACHINE_EXIT_HUNG.
 */
struct machine_config {
	const char *kind;	/**< "sim" (default) or "native" */
	const char *engines;	/**< engines to boot, comma separated, the first is in charge; "cmwq" */
	unsigned int cpus;	/**< virtual CPUs, 1 to #MACHINE_MAX_CPUS; 0 is refused */
	unsigned int nodes;	/**< NUMA nodes, at most cpus; default 1 */
	unsigned int hz;	/**< ticks a second: 100, 250, 300 or 1000 (default) */
	const char *carrier;	/**< sim: what carries tasks, "threads" or "fibers"; default fibers, threads under a debugger or ThreadSanitizer */
	const char *explore;	/**< strategy of a single run: NULL or "default", "random:SEED[,p=PERCENT]",
				     "pct:SEED[,d=DEPTH][,k=STEPS]", "replay:SCHEDULE", or "fit:SCHEDULE" for one that was made
				     by something slightly different */
	const char *inject;	/**< faults that the strategy may choose: of "thread", "memory", "wake", by commas */
	uint64_t slice_ns;	/**< time slice among equals on one CPU; 0 = run to completion (FIFO) */
	struct machine_costs costs;	/**< the cost model */
	uint64_t time_limit_ns;	/**< default one day; UINT64_MAX = off */
	uint64_t step_limit;	/**< default 20,000,000 choice points at one instant (sim) */
	uint64_t hung_task_ns;	/**< default 120 s; UINT64_MAX = off */
	const char *lockdep;	/**< the lock validator, "on" or "off"; default on in sim, off in native */
	const char *invariants;	/**< what to check: NULL or "all", "none", or names, see invariants_parse() */
	const char *goal;	/**< sim: end the run when this happens, see goal_parse(); NULL: nothing */
	bool no_trace;		/**< do not record events */
	bool no_accounting;	/**< native: do not note who holds which lock, for speed; lockdep needs it */
	uint64_t stop_at;	/**< sim: raise SIGTRAP before this step, for a debugger; 0: nowhere */
	bool story;		/**< sim: keep the story of the run, see machine_story() */
	bool quiet;		/**< keep printk() away from the console; it is still in the log */
	void (*console)(int level, const char *text, void *arg);	/**< gets every printk line; NULL: standard error */
	void *console_arg;	/**< handed to console */
};

/** What a run leaves to look at.  Free with machine_result_free(). */
struct machine_result {
	enum verdict verdict;	/**< how it ended */
	char *report;		/**< what the machine says of a verdict other than OK (whole lines); never NULL after a run */
	char *log;		/**< all that printk() wrote; never NULL after a run */
	int ret;		/**< what the first task returned */
	uint64_t time_ns;	/**< virtual time at the end */
	uint64_t steps;		/**< choice points passed */
	uint64_t switches;	/**< hand-overs from one task to another */
	uint64_t hash;		/**< over the stream of (task, point, time): same seed, same hash */
	unsigned int tasks;	/**< tasks created, swappers not counted */
	unsigned int warnings;	/**< WARN()s that fired */
	size_t stack_bytes;	/**< fibers: most of a task's stack that this process has used so far, in whole pages; else 0 */
};

/**
 * Boot, run @p first as the first task ("init", pid 1), shut down.
 *
 * @param cfg what machine
 * @param first the first task's function, in process context on virtual CPU 0
 * @param arg handed to @p first
 * @param res filled in when the run took place
 * @return 0 if a run took place (its verdict is in @p res), -EINVAL if the
 *	configuration was refused: machine_error() then says why.
 *	Context: an ordinary thread, no machine running.
 */
int machine_run(const struct machine_config *cfg, int (*first)(void *arg), void *arg,
		struct machine_result *res);

/** @return the sentence for the last refused configuration; empty if none. */
const char *machine_error(void);

/**
 * Give back what a result holds.
 * @param res a result that machine_run() filled
 */
void machine_result_free(struct machine_result *res);

/**
 * A verdict's name as printed.
 * @param v the verdict
 * @return e.g. "deadlock"
 */
const char *verdict_name(enum verdict v);

/**
 * End the run now with a verdict; does not return.
 * Context: any, within a machine.
 * @param v the verdict
 * @param text what to say; copied
 */
void machine_stop(enum verdict v, const char *text) __attribute__((noreturn));

/** @return true while a machine runs in this process. */
bool machine_running(void);

/** One line of the thread list. */
struct machine_thread {
	int pid;		/**< creation sequence; 1 is init */
	char comm[16];		/**< its name */
	char state;		/**< R, S, D as ps prints them */
	int cpu;		/**< virtual CPU it is bound to or was last on */
	bool bound;		/**< bound to that one CPU */
	int nice;		/**< nice value; 0 for real-time tasks */
	int rt_prio;		/**< 1..99 for SCHED_FIFO, else 0 */
};

/**
 * The thread list as it stands now, in creation order; swappers and init left out.
 * Context: any, within a machine.
 * @param out where to write
 * @param max room in @p out
 * @return how many threads there are (may be more than @p max)
 */
size_t machine_threads(struct machine_thread *out, size_t max);

#endif
