/* SPDX-License-Identifier: GPL-2.0-only */
/**
 * @file
 * One scenario played on one engine, and all that is kept of it.
 */
#ifndef WQLAB_RUN_H
#define WQLAB_RUN_H

#include <stdbool.h>
#include <stdint.h>

#include "options.h"
#include "record.h"
#include "scenario.h"
#include "wqlab/machine.h"

/** What the machine's console printed, line by line. */
struct console {
	struct console_line {
		int level;	/**< printk level */
		char *text;	/**< without the newline */
	} *line;		/**< the lines */
	size_t nr;		/**< how many */
};

/** A run and what is left of it. */
struct run {
	const char *engine;		/**< the engine in charge, or #ENGINES_TOGETHER */
	const char *release;		/**< the kernel it follows; empty for both */
	unsigned int cpus;		/**< virtual CPUs booted */
	unsigned int hz;		/**< ticks a second */
	struct machine_result res;	/**< how it ended */
	struct console console;		/**< what the kernel printed */
	struct record rec;		/**< the events */
	unsigned int waiting;		/**< items queued that were neither started nor cancelled by the end */
	const char *waiting_item;	/**< the first of them, as declared; owned by the scenario */
	unsigned int undone;		/**< items queued that neither finished nor were cancelled by the end */
	const char *undone_item;	/**< the first of them */
};

/**
 * The machine that the scenario and the command line ask for.
 * @param sc the scenario
 * @param opt the command line
 * @param engine what to boot, as engines_chosen() names it
 * @param console gets what the kernel prints
 * @param cfg filled in
 * @param seed room for a strategy made of a seed
 * @param size its bytes
 */
void run_configure(const struct scenario *sc, const struct options *opt, const char *engine,
		   struct console *console, struct machine_config *cfg, char *seed, size_t size);

/**
 * Boot a machine with an engine in charge and run a first task on it.
 * @param sc the scenario
 * @param opt the command line
 * @param engine "legacy" or "cmwq"
 * @param first the first task
 * @param arg handed to @p first
 * @param run filled in; to be given to run_free()
 * @return false, with a complaint, if the machine refused the configuration
 */
bool run_machine(const struct scenario *sc, const struct options *opt, const char *engine,
		 int (*first)(void *arg), void *arg, struct run *run);

/** What to call a run in a heading. @param run which @return the caller's to free(), e.g. "cmwq (Linux 3.18)" */
char *run_title(const struct run *run);

/** Why a run came to nothing. @param run which @return the last error its kernel printed, else its verdict; owned by @p run */
const char *run_last_error(const struct run *run);

/** Give a run back. @param run which; all zero is fine */
void run_free(struct run *run);

#endif
