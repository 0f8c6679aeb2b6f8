/* SPDX-License-Identifier: GPL-2.0-only */
/**
 * @file
 * The commands of `wqlab`.  Each prints to standard output and returns an
 * enum exit_code; main() checks that the output could be written.
 */
#ifndef WQLAB_COMMAND_H
#define WQLAB_COMMAND_H

#include "options.h"
#include "scenario.h"

/** What of a played scenario to print; may be or-ed. */
enum play_show {
	PLAY_TITLE = 1,		/**< title, machine, notes */
	PLAY_TABLE = 2,		/**< the timelines */
	PLAY_COMPARISON = 4,	/**< the numbers and all below them */
	PLAY_ALL = 7,		/**< what `wqlab run` prints */
};

/**
 * `wqlab run`, or a part of it: play a scenario and print its timelines.
 * @param opt the options
 * @param show for the table: what of it, enum play_show
 * @return enum exit_code
 */
int command_run(const struct options *opt, unsigned int show);

/** `wqlab ps`: print the thread lists. @param opt the options @return enum exit_code */
int command_ps(const struct options *opt);

/** `wqlab explore`: search the schedules of a scenario. @param opt the options @return enum exit_code */
int command_explore(const struct options *opt);

/** @return whether what stands where a scenario is expected can only be a test. @param file it */
bool names_a_test(const char *file);

/** Explore a test with the tests' own program, in place of this one. @param opt the options @return only if that fails */
int explore_test(const struct options *opt);

/** `wqlab replay`: play a schedule again. @param opt the options @return enum exit_code */
int command_replay(const struct options *opt);

/**
 * Play a schedule and tell its story.
 * @param sc the scenario
 * @param opt the options
 * @param engine the engine
 * @param schedule as machine_schedule() gives it
 * @return enum exit_code
 */
int replay_show(const struct scenario *sc, const struct options *opt, const char *engine, const char *schedule);

/** `wqlab tour`: the guided tour. @param opt the options @return enum exit_code */
int command_tour(const struct options *opt);

#endif
