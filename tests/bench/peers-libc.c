// SPDX-License-Identifier: GPL-2.0-only
/*
 * The peers: which libraries there are, and a sentence for each that is not.
 *
 * Each does our work in the way that its manual shows, with a pool of two
 * threads; producers are pinned as ours are, the library's threads are left
 * where the library puts them.
 *
 * Read next: peer-glib-libc.c, peer-uv-libc.c, peer-tbb.cpp.
 */
#include <stdio.h>

#include "peers-libc.h"

/* Linked in if pkg-config found the library. */
extern const struct peer peer_glib __attribute__((weak));
extern const struct peer peer_uv __attribute__((weak));
extern const struct peer peer_tbb __attribute__((weak));

static const struct {
	const struct peer *peer;
	const char *name, *package;
} known[] = {
	{ &peer_glib, "GLib", "libglib2.0-dev" },
	{ &peer_uv, "libuv", "libuv1-dev" },
	{ &peer_tbb, "TBB", "libtbb-dev and g++" },
};
#define NR_KNOWN (sizeof(known) / sizeof(known[0]))

const struct peer *bench_peer(unsigned int nth)
{
	for (unsigned int i = 0; i < NR_KNOWN; i++)
		if (known[i].peer && !nth--)
			return known[i].peer;
	return NULL;
}

void bench_peers_missing(void)
{
	for (unsigned int i = 0; i < NR_KNOWN; i++)
		if (!known[i].peer)
			printf("%s is not here to compare with (on Debian: apt-get install pkg-config %s).\n",
			       known[i].name, known[i].package);
}

unsigned int peer_ran_once(const struct peer_item *items, unsigned int nr)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < nr; i++)
		n += items[i].ran == 1;
	return n;
}

void flag_wait(struct flag *f)
{
	pthread_mutex_lock(&f->mutex);
	while (!f->up)
		pthread_cond_wait(&f->cond, &f->mutex);
	f->up = 0;
	pthread_mutex_unlock(&f->mutex);
}

void flag_raise(struct flag *f)
{
	pthread_mutex_lock(&f->mutex);
	f->up = 1;
	pthread_cond_signal(&f->cond);
	pthread_mutex_unlock(&f->mutex);
}

struct helper {
	pthread_t thread;
	pthread_barrier_t *go;
	unsigned int nth;
	void (*fn)(unsigned int nth, void *arg);
	void *arg;
};

static void *helper(void *arg)
{
	struct helper *h = arg;

	pin_to_core(h->nth);
	pthread_barrier_wait(h->go);
	h->fn(h->nth, h->arg);
	return NULL;
}

uint64_t peer_producers(unsigned int nr, void (*fn)(unsigned int nth, void *arg), void *arg)
{
	struct helper h[PEER_MAX_PRODUCERS];
	pthread_barrier_t go;
	uint64_t start;

	pthread_barrier_init(&go, NULL, nr + 1);
	for (unsigned int i = 0; i < nr; i++) {
		h[i] = (struct helper){ .go = &go, .nth = i, .fn = fn, .arg = arg };
		if (pthread_create(&h[i].thread, NULL, helper, &h[i]))
			fail("the host has no thread left");
	}
	start = bench_now();
	pthread_barrier_wait(&go);
	for (unsigned int i = 0; i < nr; i++)
		pthread_join(h[i].thread, NULL);
	pthread_barrier_destroy(&go);
	return start;
}
