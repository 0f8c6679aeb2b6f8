/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The planted faults (tests/faults/README.md), as plant.awk writes them down, and what
 * came of them.  The number of a fault is its place in the table, from 1; 0 is none.
 * libc world.
 */
#ifndef WQTEST_FAULTY_H
#define WQTEST_FAULTY_H

#include <stdbool.h>

#include "wqlab/invariant.h"

struct fault {
	const char *name;	/* of its file */
	const char *where;	/* source:line of its first place */
	const char *what;	/* is done wrong, in one sentence */
	const char *kill;	/* the tests that are to notice, globs by blanks */
	const char *by;		/* and how: kinds by commas */
	const char *why;	/* it cannot be caught, if so; else empty */
};

extern const struct fault faults[];
extern const unsigned int nr_faults;

/* Which fault is there.  Looked at by every planted place. */
extern int wqlab_planted;

struct result {
	bool done, caught;
	bool expected;			/* in the way that the file says */
	unsigned int tests;		/* how many were to notice */
	unsigned long long searched;	/* schedules in all */
	char kind[64];			/* an invariant's name, or a word */
	char headline[256];
	char test[160];
	char strategy[32];
	unsigned long long schedules;	/* of this strategy on this test, until it was met; 0: not known */
	unsigned int length;		/* places where the schedule leaves the default, made small */
	char schedule[4096];
	uint64_t met[INV_NR];		/* how often the situation of each invariant occurred */
};

struct tally {
	unsigned int all, caught, wrong;
};

/* faulty-table.c */
void table_head(void);
void table_row(unsigned int fault, const struct result *r);
/* In full; @program: how this one is called. */
void table_details(unsigned int fault, const struct result *r, const char *program);
/* @whole: all faults were judged, so that something can be said of each invariant. */
void table_foot(const struct tally *t, const struct result *results, bool whole);

#endif
