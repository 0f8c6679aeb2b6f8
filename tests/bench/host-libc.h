/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the host's part of the benchmark shares; usable from C++.
 *
 * Read next: main-libc.c.
 */
#ifndef WQLAB_BENCH_HOST_H
#define WQLAB_BENCH_HOST_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#include "bench.h"

/* What the command line said. */
struct bench_options {
	const char *machine;	/* kind of machine of the first table */
	unsigned int rounds;
	bool quick;		/* a tenth of everything */
	bool speed, sim, explore;	/* which tables */
	const char *only, *on;	/* work with this in its name, on this one; NULL: all */
};

/* One figure, measured once in each round. */
#define MAX_ROUNDS 25
struct series {
	double val[MAX_ROUNDS];
	unsigned int nr;
};

/*
 * Another pool of threads, measured doing the same work.  The functions have
 * the arguments of our bodies; NULL where the library has no such thing.
 */
struct peer {
	const char *name;
	int (*queue)(struct bench_args *a);
	int (*requeue)(struct bench_args *a);
	int (*start)(struct bench_args *a);
	int (*timer)(struct bench_args *a);
};

/*
 * peers-libc.c: the nth of the peers that are there, and a word on those that are
 * not.  In the program that measures only us both are NULL.
 */
const struct peer *bench_peer(unsigned int nth) __attribute__((weak));
void bench_peers_missing(void) __attribute__((weak));

/* yardstick-libc.c */
double yardstick_mutex(unsigned int n);
double yardstick_ping_pong(unsigned int n);
double yardstick_wake_up(unsigned int n);
void pin_to_core(unsigned int nth);
unsigned int nr_cores(void);

/* figures-libc.c */
void series_add(struct series *s, double val);
double series_median(const struct series *s);
double series_min(const struct series *s);
double series_max(const struct series *s);
double percentile(uint64_t *sample, unsigned int nr, unsigned int percent);
void fail(const char *fmt, ...) __attribute__((noreturn, format(printf, 1, 2)));

/* speed-libc.c, sim-libc.c: the two tables */
void speed_table(const struct bench_options *opt);
void sim_table(const struct bench_options *opt);
void explore_table(const struct bench_options *opt);

#ifdef __cplusplus
}
#endif

#endif
