/* SPDX-License-Identifier: GPL-2.0-only */
/**
 * @file
 * The views of a run: table, csv, ftrace text, trace_stat.  All print to standard output.
 */
#ifndef WQLAB_VIEW_H
#define WQLAB_VIEW_H

#include "options.h"
#include "run.h"
#include "scenario.h"

/**
 * Print the timelines of one run or of two next to each other.
 * @param run the runs
 * @param nr how many: 1 or 2
 * @param all every row, or those of the documentation's kind only
 * @param width columns of a line
 */
void view_table(const struct run *run, unsigned int nr, bool all, unsigned int width);

/**
 * Print what differs between the runs: times, CPU use, threads, waits; then
 * what the kernels said, and how runs ended that did not end well.
 * @param run the runs
 * @param nr how many: 1 or 2
 * @param width columns of a line
 */
void view_comparison(const struct run *run, unsigned int nr, unsigned int width);

/** The title, the machine and the scenario's notes. @param sc which @param run the first run of it @param width of a line */
void view_title(const struct scenario *sc, const struct run *run, unsigned int width);

/**
 * Print the story of the last run, a lane for each task.
 * @param from_step stretches that ended before this step are left out
 * @param all not only the last ones
 * @param width columns of a line
 */
void view_story(uint64_t from_step, bool all, unsigned int width);

/** Print the events of runs as comma separated values. @param run they @param nr how many */
void view_csv(const struct run *run, unsigned int nr);

/** Print the flush colours of each workqueue, step by step. @param sc what was played @param run the runs @param nr how many */
void view_colours(const struct scenario *sc, const struct run *run, unsigned int nr);

/** Print the events of runs as ftrace does. @param run they @param nr how many */
void view_ftrace(const struct run *run, unsigned int nr);

/** Print 2.6.32's trace_stat/workqueues of runs. @param run they @param nr how many */
void view_stat(const struct run *run, unsigned int nr);

#endif
