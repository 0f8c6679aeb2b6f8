// SPDX-License-Identifier: GPL-2.0-only
/*
 * Medians, percentiles, and the one way to fail: what was measured did not do
 * all of its work.
 *
 * Read next: yardstick-libc.c.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "host-libc.h"

void series_add(struct series *s, double val)
{
	if (s->nr < MAX_ROUNDS)
		s->val[s->nr++] = val;
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double nth(const struct series *s, double where)
{
	struct series copy = *s;

	if (!copy.nr)
		return 0;
	qsort(copy.val, copy.nr, sizeof(copy.val[0]), by_value);
	return copy.val[(unsigned int)(where * (copy.nr - 1) + 0.5)];
}

double series_median(const struct series *s)
{
	return nth(s, 0.5);
}

double series_min(const struct series *s)
{
	return nth(s, 0);
}

double series_max(const struct series *s)
{
	return nth(s, 1);
}

static int by_number(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

/* The smallest sample that @percent of them do not exceed; sorts them. */
double percentile(uint64_t *sample, unsigned int nr, unsigned int percent)
{
	unsigned int rank = (unsigned int)(((uint64_t)nr * percent + 99) / 100);

	if (!nr)
		return 0;
	qsort(sample, nr, sizeof(*sample), by_number);
	return (double)sample[rank ? rank - 1 : 0];
}

void fail(const char *fmt, ...)
{
	va_list args;

	fflush(stdout);
	fprintf(stderr, "bench: ");
	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	va_end(args);
	fprintf(stderr, "\n");
	exit(EXIT_FAILURE);
}
