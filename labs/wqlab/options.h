/* SPDX-License-Identifier: GPL-2.0-only */
/**
 * @file
 * The command line of `wqlab`.
 */
#ifndef WQLAB_OPTIONS_H
#define WQLAB_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "util.h"

/** Engines that a command can be asked for. */
enum engine_choice {
	ENGINE_UNSAID = 0,	/**< both, unless the scenario itself names them */
	ENGINE_LEGACY = 1,	/**< 2.6.32's alone */
	ENGINE_CMWQ = 2,	/**< 3.18's alone */
	ENGINE_BOTH = 3,	/**< one after the other */
};

/** How a run is shown. */
enum format_choice {
	FORMAT_TABLE,		/**< the timeline, side by side */
	FORMAT_CSV,		/**< one event a line */
	FORMAT_TRACE,		/**< ftrace text */
	FORMAT_TRACE_STAT,	/**< 2.6.32's trace_stat/workqueues */
	FORMAT_COLOURS,		/**< flush colours, step by step */
};

/** What the options said.  Where a flag has_ stands before a value, the scenario's own counts otherwise. */
struct options {
	const char *file;		/**< the scenario; replay: the string, or NULL for the last one */
	enum engine_choice engines;	/**< which */
	enum format_choice format;	/**< how to show it */
	const char *machine;		/**< kind of machine, or NULL for the default */
	bool has_cpus;			/**< `--cpus` was given */
	uint32_t cpus;			/**< its value */
	bool has_nodes;			/**< `--nodes` was given */
	uint32_t nodes;			/**< its value */
	bool has_hz;			/**< `--hz` was given */
	uint32_t hz;			/**< its value */
	bool has_seed;			/**< `--seed` was given */
	uint64_t seed;			/**< its value */
	const char *explore;		/**< strategy, or NULL */
	const char *strategy;		/**< explore: which, or NULL */
	const char *inject;		/**< faults that a strategy may choose, or NULL */
	const char *goal;		/**< explore: what to look for in place of a failure, or NULL */
	uint64_t schedules;		/**< explore: how many at most; 0: no limit */
	uint64_t budget_ns;		/**< explore: real time; 0: no limit */
	uint32_t jobs;			/**< explore: processes */
	bool no_minimise;		/**< explore: show the failure as it was met */
	uint64_t stop_at;		/**< replay: stop a debugger before this step; 0: nowhere */
	bool story;			/**< keep the run's story; the commands set it themselves */
	const char *cmdline;		/**< the kernel's command line, or NULL */
	const char *carrier;		/**< what carries simulated tasks, or NULL */
	const char *lockdep;		/**< "on", "off", or NULL for the machine's default */
	const char *invariants;		/**< which invariants to check, or NULL for all */
	uint64_t time_limit_ns;		/**< 0: what the scenario comes to; native: the machine's default */
	uint64_t hung_task_ns;		/**< 0: the machine's default; UINT64_MAX: off */
	bool has_slice;			/**< `--slice` was given */
	uint64_t slice_ns;		/**< its value */
	bool all;			/**< show every row of the timeline */
	bool summary;			/**< ps: threads that differ only in their CPU in one line */
	uint32_t width;			/**< columns of a line */
};

/** What to do after the options were read. */
enum options_outcome {
	OPTIONS_GO,		/**< do it */
	OPTIONS_HELP,		/**< print the help and end well */
	OPTIONS_VERSION,	/**< print the version and end well */
	OPTIONS_BAD,		/**< complain and end with trouble */
};

/**
 * Read the arguments of a command.
 * @param command its name: "run", "ps", "explore", "replay", "tour"
 * @param argc how many arguments, the command's name counted as the first
 * @param argv they
 * @param opt filled in
 * @param why gets what is wrong, one line, if that is what to do; the caller's to free
 * @return what to do
 */
enum options_outcome options_read(const char *command, int argc, char **argv, struct options *opt,
				  struct text *why);

/**
 * Print the help of a command, or of all of them.
 * @param command its name, or NULL
 * @return false if there is no such command
 */
bool options_help(const char *command);

/**
 * The default options, from the environment too.
 * @param opt filled in
 * @param why gets what is wrong, one line; the caller's to free
 * @return false if the environment is wrong
 */
bool options_default(struct options *opt, struct text *why);

#endif
