/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Whether an accepted scenario keeps what scenario.h promises the player.
 */
#ifndef SCENARIO_SOUND_H
#define SCENARIO_SOUND_H

#include "labs/wqlab/scenario.h"

/* Does not come back if it does not. */
void scenario_is_sound(const struct scenario *sc);

#endif
