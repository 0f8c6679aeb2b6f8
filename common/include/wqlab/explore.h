/* SPDX-License-Identifier: GPL-2.0-only */
/**
 * @file
 * Search the schedules of a test for one in which it fails.
 *
 * The machine boots once.  Every schedule starts from there, or from where the test
 * says that its preparations are over (machine_explore_from_here()), and is judged by
 * the machine's verdicts, the invariants and what the test returns.
 *
 * Plain C: both worlds include it.
 */
#ifndef WQLAB_EXPLORE_H
#define WQLAB_EXPLORE_H

#include "machine.h"

/** What to do; zero in a field means the default given. */
struct explore_config {
	const char *strategy;	/**< "random:SEED", "pct:SEED", "bounded", "sleep", ...; default "bounded" */
	uint64_t schedules;	/**< how many at most; default: no limit */
	uint64_t real_ns;	/**< for how long at most, in real time; default: no limit */
	bool shutdown;		/**< let each run shut the machine down, too: slower, finds what is left behind */
	bool no_minimise;	/**< leave the schedule found as it is */
	void *record;		/**< memory, perhaps seen by another process, in which the run at hand's schedule
				     is written down as it goes; see machine_record_text() */
	size_t record_size;	/**< its bytes */
	unsigned int part;	/**< with several processes: which one this is, from 0 */
	unsigned int parts;	/**< and of how many; default 1 */
};

/** Bytes of the longest schedule that is kept. */
#define EXPLORE_TEXT	(256u << 10)

/**
 * How far a search is, and how it ended.  May lie in memory that another process
 * sees: what is marked L is written as the search goes.
 */
struct explore_state {
	uint64_t schedules;	/**< L: runs made, those cut not counted */
	uint64_t cut;		/**< L: runs that were dropped since their like had been seen */
	uint64_t choices;	/**< L: choices of all runs: steps with two candidates or more */
	uint64_t steps;		/**< L: steps of all runs */
	uint64_t longest;	/**< L: choices of the longest */
	unsigned int bound;	/**< L: bounded: preemptions allowed just now; when complete, all up to the last are seen */
	unsigned int done;	/**< L: exhaustive ones: parts in a million of the space (of this bound) that are seen */
	bool complete;		/**< the strategy has no further schedule */
	bool failed;		/**< a failure (or the goal) was met */
	bool snapshots;		/**< L: schedules start from a kept machine, not from a boot */
	enum verdict verdict;	/**< of the run that failed */
	uint64_t met_after;	/**< runs before the failure was met, itself counted */
	unsigned int met_length;	/**< places in which that run left the default */
	unsigned int length;	/**< the same of the schedule kept, minimised or not */
	char headline[256];	/**< the first line of the failure's report */
	char schedule[EXPLORE_TEXT];	/**< the schedule that leads there; empty: the default's */
};

/**
 * Explore.  Where no machine can be kept (parked threads, a sanitizer's build) each
 * schedule boots anew.
 *
 * @param cfg what machine; its own strategy is not used
 * @param how the search
 * @param first as for machine_run(): called again and again
 * @param arg handed to @p first
 * @param state filled in, and kept up to date meanwhile
 * @return 0 if a search took place, -EINVAL if one of the configurations was refused:
 *	machine_error() says why
 */
int machine_explore(const struct machine_config *cfg, const struct explore_config *how,
		    int (*first)(void *arg), void *arg, struct explore_state *state);

/**
 * The test's preparations are over: schedules start to differ here.  The last call
 * of a run counts.  Nothing happens when no search is on.
 * Context: init, with nothing locked.
 */
void machine_explore_from_here(void);

/**
 * What is to be searched is over: the run ends here, or goes on the default way
 * (explore_config.shutdown).  The machine calls it itself when the first task's
 * function has returned.  Context: init.
 */
void machine_explore_till_here(void);

/**
 * The schedule in explore_config.record, also when its process has died.
 * @param record the memory
 * @return its text, to be freed; NULL: it did not fit
 */
char *machine_record_text(const void *record);

/** How well a schedule of another build or another test did fit. */
struct machine_fit {
	unsigned int exact;	/**< choices met in their place */
	unsigned int later;	/**< choices taken at a later place that looks like theirs */
	unsigned int lost;	/**< choices never met */
};

/** @return how well the last run's "replay:" or "fit:" schedule did fit */
struct machine_fit machine_schedule_fit(void);

/** A stretch in which one task executed without another in between. */
struct story_row {
	uint64_t from;		/**< its first step */
	uint64_t to;		/**< its last one */
	uint64_t time_ns;	/**< virtual time */
	unsigned int cpu;	/**< virtual CPU */
	unsigned int pid;	/**< of the task; 0: a timer interrupt */
	bool chosen;		/**< not the default's choice */
	char comm[16];		/**< the task's name, or timer/CPU */
	char where[64];		/**< the function in which it was last seen */
	char what[1024];	/**< lines "function: what it did that others can see" */
	char why[320];		/**< why it ended; empty: the run ended */
};

/**
 * The last run that was made with machine_config.story.
 * @param rows where they are; valid until the next such run
 * @return how many
 */
size_t machine_story(const struct story_row **rows);

/**
 * @return the schedule that the last machine_run() took, as text, to be freed: with
 *	"replay:" before it, a strategy that makes the same run again.  NULL: it left the
 *	default too often to be written down
 */
char *machine_schedule(void);

#endif
