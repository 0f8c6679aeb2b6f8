// SPDX-License-Identifier: GPL-2.0-only
/*
 * The event stream put into the order of time.
 *
 * Where tasks run in parallel, one may look at the clock and be overtaken before it
 * has a place in the stream, so neighbours may stand the wrong way round. The records'
 * numbers are merged, runs of 1, 2, 4, ... at a time; two runs that are in order already
 * are only copied, so a stream that is nearly sorted costs little more than a look.
 * Then each record goes where its number went, one cycle of the permutation after the
 * other.
 *
 * Locking: none; for a quiet moment, after a run. Read next: trace.c.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "wqlab/trace.h"

static struct trace_event *record(size_t i)
{
	return (struct trace_event *)trace_get(i);
}

static uint64_t time_of(uint32_t i)
{
	return trace_get(i)->ts;
}

/* Merge from[lo..mid) and from[mid..hi) into to[lo..hi); of equals the left one is first. */
static void merge(const uint32_t *from, uint32_t *to, size_t lo, size_t mid, size_t hi)
{
	size_t l = lo, r = mid;

	if (mid >= hi || time_of(from[mid - 1]) <= time_of(from[mid])) {
		memcpy(to + lo, from + lo, (hi - lo) * sizeof(*to));
		return;
	}
	for (; lo < hi; lo++)
		to[lo] = r >= hi || (l < mid && time_of(from[l]) <= time_of(from[r])) ?
			 from[l++] : from[r++];
}

static bool sorted(size_t n)
{
	size_t i;

	for (i = 1; i < n; i++)
		if (time_of((uint32_t)i) < time_of((uint32_t)i - 1))
			return false;
	return true;
}

/* Record order[i] becomes number i; what is done is marked by order[i] == i. */
static void permute(uint32_t *order, size_t n)
{
	size_t first, i, from;

	for (first = 0; first < n; first++) {
		struct trace_event kept = *record(first);

		for (i = first; order[i] != first; i = from) {
			from = order[i];
			*record(i) = *record(from);
			order[i] = (uint32_t)i;
		}
		order[i] = (uint32_t)i;
		*record(i) = kept;
	}
}

void trace_sort(void)
{
	size_t n = trace_count(), width, i;
	uint32_t *order, *merged, *spare;

	if (sorted(n))
		return;
	order = malloc(2 * n * sizeof(*order));
	if (!order) {
		fputs("wqlab: no memory to sort the event stream\n", stderr);
		exit(EXIT_FAILURE);
	}
	spare = order;
	merged = order + n;
	for (i = 0; i < n; i++)
		order[i] = (uint32_t)i;
	for (width = 1; width < n; width *= 2) {
		uint32_t *swap = order;

		for (i = 0; i < n; i += 2 * width)
			merge(order, merged, i, i + width < n ? i + width : n,
			      i + 2 * width < n ? i + 2 * width : n);
		order = merged;
		merged = swap;
	}
	permute(order, n);
	for (i = 0; i < n; i++)
		record(i)->seq = (uint32_t)i;
	free(spare);
}
