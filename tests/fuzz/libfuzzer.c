// SPDX-License-Identifier: GPL-2.0-only
/*
 * The same judges behind libFuzzer, which looks for inputs that reach more of
 * the reader's code.  The files libfuzzer-*.c each choose a target.
 *
 * libFuzzer knows bytes only; every other change is one of ours, which knows
 * the words of the language, and an empty input becomes one from a seed.
 *
 * Read next: scenario-target.c.
 */
#include <string.h>

#include "libfuzzer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned int seed);
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_target->judge((const char *)data, size);
	return 0;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned int seed)
{
	struct chance c = { .state = seed };
	static struct buf b;

	if (size > ROOM || once_in(&c, 2))
		return LLVMFuzzerMutate(data, size, max);
	buf_clear(&b);
	buf_add(&b, data, size);
	if (once_in(&c, 2) || size < 2)
		fuzz_target->write(&c, &b);
	for (uint32_t n = chance(&c, 3) + 1; n; n--)
		fuzz_target->mutate(&c, &b);
	if (b.len > max)
		b.len = max;
	memcpy(data, b.s, b.len);
	return b.len;
}
