/* SPDX-License-Identifier: GPL-2.0-only */
/**
 * @file
 * Events under their names: the kernel's names and texts where the kernel has
 * such an event, names that begin with "wqlab_" where it has none.
 */
#ifndef WQLAB_EVENTS_H
#define WQLAB_EVENTS_H

#include "record.h"
#include "util.h"

/**
 * The name of a kind of event.
 * @param kind enum trace_kind
 * @return e.g. "workqueue_queue_work"; NULL for what is not printed
 */
const char *event_name(unsigned int kind);

/**
 * The text that ftrace prints behind the name.
 * @param rec whose event it is
 * @param i its index
 * @param hz ticks a second of that run, for the timer events
 * @param out gets the text appended
 */
void event_args(const struct record *rec, size_t i, unsigned int hz, struct text *out);

#endif
