/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where a simulated task stands, as names of functions.
 */
#ifndef WQLAB_BACKTRACE_H
#define WQLAB_BACKTRACE_H

#include "wqlab/mach.h"

/*
 * The functions on a task's stack, innermost first and without the machine's own,
 * " < " between them; at most @max.  @t executes, or stands still since it last gave way.
 */
void backtrace_text(const struct mtask *t, unsigned int max, char *buf, size_t size);

#endif
