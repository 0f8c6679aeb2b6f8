/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the two worlds of the benchmark know of each other.  Plain C.
 *
 * A body runs as the first task of a machine (kernel world), with a struct
 * bench_args in the host's memory; the program around it (libc world) boots the
 * machine, collects what the bodies measured and prints it.
 *
 * Read next: queue.c, start.c, timers.c, sim-load.c and explore-load.c, the bodies; then
 * main-libc.c.
 */
#ifndef WQLAB_BENCH_H
#define WQLAB_BENCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Between two starts: long enough for a worker, and for the CPU below it, to go to sleep. */
#define BENCH_PAUSE_US	300

/* Queue where the producer is, as queue_work() does. */
#define BENCH_OWN_CPU	(-1)

/* What a body is to do, and what it found. */
struct bench_args {
	/* given */
	unsigned int items;	/* items, runs, additions or turns in all */
	unsigned int producers;	/* who queue them; producer i is bound to CPU i */
	int cpu;		/* on which CPU to queue, or BENCH_OWN_CPU */
	unsigned int pending;	/* timers pending meanwhile */
	bool fresh;		/* third item: the worker for it has yet to be made */
	uint64_t *sample;	/* room for one latency in ns from each measurement */
	unsigned int samples;	/* measurements to make */

	/* found */
	uint64_t ns;		/* how long all of it took */
	unsigned int ran;	/* items that ran exactly once, or runs, or turns */
	unsigned int allocated;	/* objects allocated while items were queued */
	unsigned int item_bytes;	/* sizeof(struct work_struct) */
};

/* The host's monotonic clock, ns: one clock for us, the yardsticks and the peers. */
uint64_t bench_now(void);

/*
 * The bodies: the first task of a machine.  @arg is a struct bench_args; 0, or
 * -errno if something could not be made.
 */
int bench_queue(void *arg);
int bench_requeue(void *arg);
int bench_start(void *arg);
int bench_third(void *arg);
int bench_timer(void *arg);
int bench_ring(void *arg);
int bench_backlog(void *arg);
/* Without arguments, for the explorer. */
int bench_explored(void *arg);

#endif
