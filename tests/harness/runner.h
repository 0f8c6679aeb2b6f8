/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the two front ends (Criterion's shim, the twin's main) share: the list
 * of tests, and how to run one.  libc world.
 */
#ifndef WQTEST_RUNNER_H
#define WQTEST_RUNNER_H

#include <stddef.h>

#include "wqtest.h"

/* Seconds, if a test says nothing else; mkshim.sh knows them too. */
#define WQTEST_TIMEOUT		60
#define WQTEST_TIMEOUT_NATIVE	180	/* where the host decides who runs when */

size_t wqtest_count(void);
const struct wqtest_entry *wqtest_entry(size_t i);

/* Run one test in this process: the number of failures, text in the report. */
unsigned int wqtest_run_entry(const struct wqtest_entry *e);
unsigned int wqtest_run(const char *suite, const char *name);
const char *wqtest_report(void);
void wqtest_set_report(const char *text);

/*
 * Run one script test: 0 passed, 1 failed (see the report), 77 skipped (the
 * report is the reason).
 */
int wqtest_script(const char *path);

/* The twin, wqtwin, with its command line: its exit status. */
int wqtwin(int argc, char **argv);

/* Told of each search that a test made, where the program has such a function. */
void wqtest_searched(const struct explore_state *st) __attribute__((weak));

#endif
