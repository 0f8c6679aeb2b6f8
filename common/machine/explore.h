/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The explorer as its machine sees it (sim.c); explore.c does the rest.
 */
#ifndef WQLAB_EXPLORE_IMPL_H
#define WQLAB_EXPLORE_IMPL_H

#include <stdbool.h>

#include "ops.h"
#include "strategy.h"

/* Whether a search is on: then runs begin with the default strategy until explore_kept(). */
bool explore_on(void);
/* A boot begins: the strategy for its start. */
const struct strategy *explore_booted(void);
/*
 * The host has control again: the task that executed wants the machine kept, or the
 * run is over.  True: the machine stands where a run begins, let init go on.
 */
bool explore_again(void);

#endif
