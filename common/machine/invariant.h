/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the machines ask of the invariants: to be switched as configured, and to add
 * their part to a report.  Written and read by the host and by whoever ends the run.
 */
#ifndef WQLAB_MACHINE_INVARIANT_H
#define WQLAB_MACHINE_INVARIANT_H

#include <stdbool.h>

#include "wqlab/machine.h"

/* A run begins, as configured; `running`: whether it is checked while tasks run. */
void invariants_begin(const char *list, bool running);
void invariants_end(void);
/* Behind the first line of a verdict's report: which promise it is about. */
void invariants_report(enum verdict v);

#endif
