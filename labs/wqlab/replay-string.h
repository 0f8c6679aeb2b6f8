/* SPDX-License-Identifier: GPL-2.0-only */
/**
 * @file
 * The string that says which run to play again: what, on which machine, in which
 * order.
 *
 *	wq1,1f2e3d4c,cmwq,9abcdef0,labs/scenarios/x.wq,cpus=2,s=37.lock=queuer+52.next=timer/1
 *	|   |        |    |        |                   |      the schedule (machine/schedule.h)
 *	|   |        |    |        the scenario        options that were given beside it
 *	|   |        |    its text's checksum
 *	|   |        the engine
 *	|   checksum of all that takes steps in this build
 *	version of the format
 */
#ifndef WQLAB_REPLAY_STRING_H
#define WQLAB_REPLAY_STRING_H

#include "options.h"
#include "util.h"

/** A string taken apart. */
struct replay_string {
	char engine[8];		/**< "legacy", "cmwq" or "both" */
	char *file;		/**< the scenario */
	char *schedule;		/**< as machine_schedule() gives it */
	char *cmdline;		/**< the kernel's command line, or NULL for the scenario's */
	char *inject;		/**< faults that may be chosen, or NULL */
	char *goal;		/**< where the run ends, or NULL */
	bool same_build;	/**< made by a build that takes the same steps */
	char build[9];		/**< which build made it */
	char scenario[9];	/**< checksum of the scenario then */
};

/**
 * Write one.
 * @param opt what was given on the command line
 * @param engine the engine
 * @param schedule the schedule
 * @return the string, the caller's to free(); NULL: the scenario cannot be read again
 *	(standard input), so there is none
 */
char *replay_string_make(const struct options *opt, const char *engine, const char *schedule);

/**
 * Read one.
 * @param s the string
 * @param rs filled in; free with replay_string_free() either way
 * @param opt gets the options that stand in it; their texts stay with @p rs
 * @param why gets what is wrong
 * @return false if it is none
 */
bool replay_string_read(const char *s, struct replay_string *rs, struct options *opt, struct text *why);

/** Give back what a string holds. @param rs which */
void replay_string_free(struct replay_string *rs);

/** Checksum of a file, eight hexadecimal digits. @param file which @param sum written @return false: it cannot be read */
bool replay_string_checksum(const char *file, char sum[9]);

/** @return the checksum of this build */
const char *replay_string_build(void);

/** Keep a string for a `wqlab replay` without one; says so if it cannot be kept. @param s the string */
void replay_string_save(const char *s);

/** The string kept last. @return it, the caller's to free(); NULL: there is none */
char *replay_string_saved(void);

#endif
