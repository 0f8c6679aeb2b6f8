/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A machine in the middle of its run, kept so that it can go on from there again
 * and again (decision 9).  Who owns memory that a run changes lists it here.
 */
#ifndef WQLAB_SNAPSHOT_H
#define WQLAB_SNAPSHOT_H

#include <stdbool.h>
#include <stddef.h>

/* Whether a machine can be kept: not where a sanitizer or valgrind has its own idea of memory. */
bool snapshot_possible(void);
/* Begin one, dropping what was kept before. */
void snapshot_begin(void);
/* Keep @size bytes at @at; between snapshot_begin() and the first restore. */
void snapshot_add(void *at, size_t size);
/* Put all that was kept back. */
void snapshot_restore(void);
/* Forget what was kept, give the memory back. */
void snapshot_drop(void);

/* Whoever has such memory, and what is to be done besides before and after it is put back. */
void machine_keep(void);
void machine_restored(void);
void arena_keep(void);
void arena_rewind(void);
void fibers_keep(void);
void fibers_restored(void);

#endif
