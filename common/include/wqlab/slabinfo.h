/* SPDX-License-Identifier: GPL-2.0-only */
/**
 * @file
 * What of the kernel memory has not been given back. Plain C: both worlds
 * include it.
 *
 * A mark is a place in the heap. Where freed memory is given out again
 * (arena_reuse()), what is made later may lie before it: use NULL there.
 */
#ifndef WQLAB_SLABINFO_H
#define WQLAB_SLABINFO_H

#include <stddef.h>

/** What kmalloc() and its kin have given out and not got back. */
struct slab_usage {
	size_t bytes;		/**< in all */
	size_t objects;		/**< how many objects */
};

/**
 * Count the objects that are there. Nobody else may allocate meanwhile.
 * @param since count only what was made after this slab_mark(); NULL: all
 * @param use filled in
 */
void slab_count(const void *since, struct slab_usage *use);

/** A mark between what has been made and what will be. @return for slab_count() and slab_report() */
const void *slab_mark(void);

/**
 * Print the objects that are there, one line for each caller that made some:
 * "3 objects, 192 bytes allocated by FUNCTION".
 * @param since report only what was made after this slab_mark(); NULL: all
 */
void slab_report(const void *since);

#endif
