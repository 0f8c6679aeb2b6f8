/* SPDX-License-Identifier: GPL-2.0-only */
/* The watchdog over code that never yields; see watchdog.c. */
#ifndef WQLAB_WATCHDOG_H
#define WQLAB_WATCHDOG_H

/* What the process ends with when it barks. */
#define WATCHDOG_EXIT	3

void watchdog_start(void);
void watchdog_stop(void);

#endif
