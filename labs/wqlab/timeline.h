/* SPDX-License-Identifier: GPL-2.0-only */
/**
 * @file
 * From events to the rows of a timeline, in the words of the tables in the
 * kernel's workqueue documentation.
 *
 * Pure functions: a record goes in, rows come out.
 */
#ifndef WQLAB_TIMELINE_H
#define WQLAB_TIMELINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "record.h"

/** What a row is about. */
enum row_kind {
	ROW_ITEM,	/**< a work item or a task does something */
	ROW_OUTSIDE,	/**< something happens from outside */
	ROW_DETAIL,	/**< queueing, threads coming and going: with `--all` only */
};

/** One row. */
struct timeline_row {
	uint64_t ns;		/**< when */
	uint32_t seq;		/**< the event it begins with */
	enum row_kind kind;	/**< what it is about */
	uint16_t cpu;		/**< virtual CPU */
	const char *work;	/**< item or task; empty if none.  Owned by the record */
	const char *thread;	/**< who did it.  Owned by the record */
	char *event;		/**< what it did */
};

/** The rows of one run, in order. */
struct timeline {
	struct timeline_row *row;	/**< they */
	size_t nr;			/**< how many */
};

/**
 * Make the rows of a run.
 * @param rec its events; must outlive the rows
 * @param all whether to include rows of kind #ROW_DETAIL
 * @param tl filled in; to be given to timeline_free()
 */
void timeline_build(const struct record *rec, bool all, struct timeline *tl);

/** Drop the rows of kind #ROW_DETAIL behind the last other one. @param tl of which */
void timeline_cut_details(struct timeline *tl);

/** Give rows back. @param tl whose */
void timeline_free(struct timeline *tl);

#endif
