/* SPDX-License-Identifier: GPL-2.0-only */
/**
 * @file
 * The events of one run, copied out of the trace so that they outlive it.
 *
 * The trace is emptied when the next machine boots; whoever wants to put two
 * runs side by side takes a record after each.
 */
#ifndef WQLAB_RECORD_H
#define WQLAB_RECORD_H

#include <stdbool.h>
#include <stddef.h>

#include "wqlab/trace.h"

/** The events of one run. */
struct record {
	struct trace_event *ev;	/**< they, in order */
	size_t nr;		/**< how many */
	trace_str *object;	/**< what stands for ev[i].obj in output; 0 if it has none */
	trace_str *item;	/**< the scenario's name for the work item ev[i] is about, or 0 */
	char **text;		/**< the interned strings, by number */
	size_t nr_text;		/**< how many; number 0 is the empty string */
};

/**
 * Copy the trace of the run that has just ended.
 * @param rec filled in; to be given to record_free()
 * @param name the names of the scenario's items, sorted by strcmp()
 * @param nr how many
 */
void record_take(struct record *rec, const char *const *name, size_t nr);

/**
 * Find out which events are about the scenario's items, and fill in rec->item.
 * @param rec a record with everything else in it
 * @param name the names of the scenario's items, sorted by strcmp()
 * @param nr how many
 */
void record_find_items(struct record *rec, const char *const *name, size_t nr);

/** Give a record back and make it empty. @param rec which */
void record_free(struct record *rec);

/**
 * The text behind a number in one of the events.
 * @param rec whose event it is
 * @param id a name, name2, comm or engine of it
 * @return the text, owned by @p rec
 */
static inline const char *record_text(const struct record *rec, trace_str id)
{
	return id < rec->nr_text ? rec->text[id] : "";
}

#endif
