/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What growth-libc.c tells of the process, and of its environment.  Plain C: both
 * worlds include it.
 */
#ifndef NATIVE_GROWTH_H
#define NATIVE_GROWTH_H

#include <stdbool.h>

struct growth {
	long threads, descriptors, mappings;
	long resident_kib;
	long heap;		/* bytes of the C library's */
	bool exact;		/* no sanitizer keeps memory and mappings of its own */
};

void growth_look(struct growth *g);
/* Outside of a machine: let a moment pass. */
void growth_pause(void);

/* A number from the environment, or else the default. */
unsigned long number_from(const char *name, unsigned long otherwise);
/* A seed that is another one each time. */
unsigned long seed_of_today(void);
/* A line on standard error. */
void say(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#endif
