/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the peers share; usable from C++.
 *
 * Read next: peers-libc.c.
 */
#ifndef WQLAB_BENCH_PEERS_H
#define WQLAB_BENCH_PEERS_H

#include <pthread.h>
#include <stdlib.h>

#include "host-libc.h"

#ifdef __cplusplus
extern "C" {
#endif

#define PEER_THREADS		2	/* in a pool, as many as we have virtual CPUs */
#define PEER_MAX_PRODUCERS	8

extern const struct peer peer_glib, peer_uv, peer_tbb;

/* An item of a peer that has no room of its own for one. */
struct peer_item {
	unsigned int ran;
	unsigned int pad[9];	/* as large as a struct work_struct */
};

unsigned int peer_ran_once(const struct peer_item *items, unsigned int nr);

/* One thread waits for another one. */
struct flag {
	pthread_mutex_t mutex;
	pthread_cond_t cond;
	int up;
};
#define FLAG_INIT { PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0 }

void flag_wait(struct flag *f);
void flag_raise(struct flag *f);

/*
 * Have @nr threads, pinned to a core each, call @fn at the same time, and wait
 * until all have returned.  Returns when they were let go.
 */
uint64_t peer_producers(unsigned int nr, void (*fn)(unsigned int nth, void *arg), void *arg);

#ifdef __cplusplus
}
#endif

#endif
