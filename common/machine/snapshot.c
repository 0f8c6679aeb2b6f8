// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copies of memory, put back as a whole.
 *
 * All copies lie in one block, one behind the other, so that putting them back
 * is a few long copies.  Stacks have red zones of nobody's and live frames of tasks
 * that stand still: they are copied as bytes, by functions that no sanitizer watches.
 *
 * Nothing here is locked: the host alone acts, between runs.  Read next: explore.c.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "snapshot.h"
#include "wqlab/mach.h"
#include "wqlab/race.h"

#define MAX_REGIONS	8192		/* a few, and one for each task that lives */

static struct {
	struct {
		char *at;
		size_t size;
	} region[MAX_REGIONS];
	unsigned int nr;
	char *copy;
	size_t used, room;
} snap;

bool snapshot_possible(void)
{
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
	return false;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
	return false;
#endif
#endif
	return !race_watched;
}

void snapshot_begin(void)
{
	snap.nr = 0;
	snap.used = 0;
}

void snapshot_add(void *at, size_t size)
{
	if (!size)
		return;
	if (snap.used + size > snap.room || snap.nr == MAX_REGIONS) {
		size_t room = 2 * (snap.used + size);
		char *p = snap.nr < MAX_REGIONS ? realloc(snap.copy, room) : NULL;

		if (!p) {
			fprintf(stderr, "wqlab: no memory to keep a machine of %zu bytes\n", snap.used + size);
			exit(EXIT_FAILURE);
		}
		snap.copy = p;
		snap.room = room;
	}
	snap.region[snap.nr].at = at;
	snap.region[snap.nr++].size = size;
	memcpy(snap.copy + snap.used, at, size);
	snap.used += size;
}

void snapshot_restore(void)
{
	const char *from = snap.copy;
	unsigned int i;

	for (i = 0; i < snap.nr; i++) {
		memcpy(snap.region[i].at, from, snap.region[i].size);
		from += snap.region[i].size;
	}
}

void snapshot_drop(void)
{
	free(snap.copy);
	snap.copy = NULL;
	snap.room = 0;
	snapshot_begin();
}
