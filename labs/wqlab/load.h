/* SPDX-License-Identifier: GPL-2.0-only */
/**
 * @file
 * Reading the scenario that the command line names.
 */
#ifndef WQLAB_LOAD_H
#define WQLAB_LOAD_H

#include "options.h"
#include "scenario.h"

/** What a machine is called that has both engines, neither more in charge than the other. */
#define ENGINES_TOGETHER "both"

/**
 * Read the scenario, and check that it fits the machine asked for.
 * @param opt the options
 * @return the scenario, or NULL when all its mistakes were printed
 */
struct scenario *load_scenario(const struct options *opt);

/**
 * The engines to run, in the order of the columns.  Where the command line does
 * not say and every workqueue of the scenario does, one machine has them all:
 * it goes by the name #ENGINES_TOGETHER.
 * @param sc the scenario
 * @param opt the options
 * @param engine room for two names
 * @return how many
 */
unsigned int engines_chosen(const struct scenario *sc, const struct options *opt,
			    const char *engine[2]);

#endif
