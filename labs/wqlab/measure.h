/* SPDX-License-Identifier: GPL-2.0-only */
/**
 * @file
 * The numbers of one run: how long it took, how busy the CPUs were, how many
 * threads it made, how long items waited.
 *
 * Pure functions: a record goes in, numbers come out.
 */
#ifndef WQLAB_MEASURE_H
#define WQLAB_MEASURE_H

#include <stdbool.h>
#include <stdint.h>

#include "record.h"

/** The numbers of one run. */
struct measures {
	bool ran;		/**< some item finished: makespan_ns and busy_ns mean something */
	uint64_t first_ns;	/**< when the first item was queued */
	uint64_t last_ns;	/**< when the last item finished */
	uint64_t makespan_ns;	/**< from the one to the other */
	uint64_t busy_ns;	/**< CPU time that steps burned in between, over all CPUs */
	unsigned int queued;	/**< items queued, each time counted */
	unsigned int started;	/**< of them, how many an engine began to run */
	unsigned int finished;	/**< steps "finish", tasks included */
	unsigned int threads;	/**< threads created, from boot to the end */
	unsigned int workers;	/**< of them, how many ran an item */
	bool waited;		/**< an item was queued and started: the next two are set */
	uint64_t wait_ns;	/**< the longest wait from queueing to start */
	const char *wait_item;	/**< whose it was; owned by the record */
};

/**
 * Count.
 * @param rec the events of a run
 * @param m filled in
 */
void measure(const struct record *rec, struct measures *m);

#endif
