// SPDX-License-Identifier: GPL-2.0-only
/*
 * What reading an input costs: counted, not timed, so that a busy machine
 * changes nothing.
 *
 * The readers are compiled once more for this program, with a call to
 * __sanitizer_cov_trace_pc() at the head of every basic block and with the
 * names of malloc() and its kin replaced by those below (Makefile).  A reading
 * that does not end, or that takes longer than its input explains, ends here.
 *
 * One thread; nothing is locked.  Read next: scenario-target.c.
 */
#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"

struct meter meter;

/* weak: libFuzzer has one too, and an eye of its own on what takes long */
void __sanitizer_cov_trace_pc(void) __attribute__((weak));
void *fuzz_calloc(size_t n, size_t size);
void *fuzz_malloc(size_t size);
void *fuzz_reallocarray(void *p, size_t n, size_t size);
void fuzz_free(void *p);

void meter_start(uint64_t limit)
{
	meter.steps = 0;
	meter.limit = limit;
	meter.allocations = 0;
	meter.fail_at = 0;
	meter.peak = meter.bytes;
}

void meter_stop(void)
{
	meter.limit = 0;
}

void tally_percent(uint64_t *most, uint64_t needed, uint64_t allowed)
{
	uint64_t percent = needed * 100 / allowed;

	if (percent > *most)
		*most = percent;
}

void __sanitizer_cov_trace_pc(void)
{
	if (++meter.steps > meter.limit && meter.limit) {
		meter_stop();
		report_failure("more than %llu steps: it does not end, or takes too long for its size",
			       (unsigned long long)meter.steps - 1);
	}
}

static bool fails(void)
{
	return ++meter.allocations == meter.fail_at;
}

static void *note(void *p, int sign)
{
	if (!p)
		return p;
	meter.blocks += sign;
	meter.bytes += sign * (int64_t)malloc_usable_size(p);
	if (meter.bytes > meter.peak)
		meter.peak = meter.bytes;
	return p;
}

void *fuzz_calloc(size_t n, size_t size)
{
	return fails() ? NULL : note(calloc(n, size), 1);
}

void *fuzz_malloc(size_t size)
{
	return fails() ? NULL : note(malloc(size), 1);
}

void *fuzz_reallocarray(void *p, size_t n, size_t size)
{
	if (fails())
		return NULL;
	note(p, -1);
	return note(reallocarray(p, n, size), 1);
}

void fuzz_free(void *p)
{
	free(note(p, -1));
}
