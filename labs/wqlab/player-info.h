/* SPDX-License-Identifier: GPL-2.0-only */
/**
 * @file
 * What the views ask of the player: which kernel an engine follows, and the
 * thread list with a scenario's workqueues created.  Plain C: both worlds
 * include it.
 */
#ifndef WQLAB_PLAYER_INFO_H
#define WQLAB_PLAYER_INFO_H

#include <stddef.h>

#include "scenario.h"
#include "wqlab/machine.h"

/** What player_list_threads() needs and finds. */
struct player_threads {
	const struct scenario *sc;	/**< whose workqueues to create */
	struct machine_thread *list;	/**< gets the threads, as many as fit */
	size_t room;			/**< threads that fit */
	size_t nr;			/**< threads there are, even if more */
	size_t at_boot;			/**< how many there were before the scenario's workqueues */
};

/**
 * The kernel an engine follows.
 * @param engine "legacy" or "cmwq"
 * @return e.g. "2.6.32"; empty if there is no such engine
 */
const char *player_engine_release(const char *engine);

/**
 * Why an engine cannot play a scenario.
 * @param sc the scenario
 * @param engine "legacy" or "cmwq"
 * @param step gets the step of the timeline that it cannot perform
 * @return what it lacks, e.g. "no freezer"; NULL if it lacks nothing
 */
const char *player_lacks(const struct scenario *sc, const char *engine,
			 const struct scenario_step **step);

/**
 * A first task: create the scenario's workqueues, wait a moment, look at the
 * threads, destroy the workqueues.
 * @param threads a struct player_threads
 * @return 0, or -ENOMEM if a workqueue could not be created
 */
int player_list_threads(void *threads);

#endif
