// SPDX-License-Identifier: GPL-2.0-only
/*
 * The yardsticks, measured beside everything else so that the ratios hold
 * on other machines too.
 *
 *	mutex pair	pthread_mutex_lock() and _unlock() of a mutex that nobody
 *			else wants, in a process that has other threads (in one
 *			that has none, the C library leaves the atomics out)
 *	ping-pong	two threads pinned to one core, each waiting in a futex of
 *			its own; there and back is two wake-ups and two switches
 *	wake-up		the same two on two cores, the other one idle for a while:
 *			from before the wake-up to the first instruction there
 *
 * Read next: speed-libc.c.
 */
#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "host-libc.h"

#define MUTEX_PIECES 50

uint64_t bench_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000000 + (uint64_t)ts.tv_nsec;
}

/* The cores this process may use, as the program found them. */
static cpu_set_t allowed;

static void __attribute__((constructor)) find_cores(void)
{
	if (sched_getaffinity(0, sizeof(allowed), &allowed))
		CPU_ZERO(&allowed);
}

unsigned int nr_cores(void)
{
	return (unsigned int)CPU_COUNT(&allowed);
}

/* Pin the calling thread to one of the allowed cores, as a virtual CPU is. */
void pin_to_core(unsigned int n)
{
	unsigned int cores = nr_cores();
	cpu_set_t one;

	CPU_ZERO(&one);
	for (int core = 0, i = 0; cores && core < CPU_SETSIZE; core++)
		if (CPU_ISSET(core, &allowed) && (unsigned int)i++ == n % cores) {
			CPU_SET(core, &one);
			pthread_setaffinity_np(pthread_self(), sizeof(one), &one);
			return;
		}
}

static void word_wait(uint32_t *word)
{
	while (!__atomic_exchange_n(word, 0, __ATOMIC_ACQUIRE))
		syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, 0, NULL, NULL, 0);
}

static void word_wake(uint32_t *word)
{
	__atomic_store_n(word, 1, __ATOMIC_RELEASE);
	syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
}

/* Each word has a cache line to itself. */
static struct {
	uint32_t word;
} __attribute__((aligned(64))) ping, pong, quit;

static pthread_t start(void *(*fn)(void *), void *arg)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, fn, arg))
		fail("the host has no thread left");
	return thread;
}

static void *sleeper(void *arg)
{
	(void)arg;
	word_wait(&quit.word);
	return NULL;
}

/* ns for one uncontended pair: the median of pieces so short that most are not interrupted. */
double yardstick_mutex(unsigned int n)
{
	static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
	pthread_t other = start(sleeper, NULL);
	uint64_t piece[MUTEX_PIECES];

	n /= MUTEX_PIECES;
	for (unsigned int p = 0; p < MUTEX_PIECES; p++) {
		uint64_t begin = bench_now();

		for (unsigned int i = 0; i < n; i++) {
			pthread_mutex_lock(&mutex);
			pthread_mutex_unlock(&mutex);
		}
		piece[p] = bench_now() - begin;
	}
	word_wake(&quit.word);
	pthread_join(other, NULL);
	return percentile(piece, MUTEX_PIECES, 50) / n;
}

/* What two threads do, one on core 0 and one on the core given. */
struct rally {
	unsigned int n, core;
	useconds_t pause;		/* before each wake-up */
	uint64_t arrived;		/* there; read once it is back */
	uint64_t *there, *back;		/* ns since the wake-up; either may be NULL */
};

static void *ponger(void *arg)
{
	struct rally *r = arg;

	pin_to_core(r->core);
	for (unsigned int i = 0; i < r->n; i++) {
		word_wait(&ping.word);
		if (r->there)
			r->arrived = bench_now();
		word_wake(&pong.word);
	}
	return NULL;
}

static void *pinger(void *arg)
{
	struct rally *r = arg;
	pthread_t other;

	pin_to_core(0);
	other = start(ponger, r);
	for (unsigned int i = 0; i < r->n; i++) {
		uint64_t begin;

		if (r->pause)
			usleep(r->pause);
		begin = bench_now();
		word_wake(&ping.word);
		word_wait(&pong.word);
		if (r->there)
			r->there[i] = r->arrived - begin;
		if (r->back)
			r->back[i] = bench_now() - begin;
	}
	pthread_join(other, NULL);
	return NULL;
}

static uint64_t *room(unsigned int n)
{
	uint64_t *sample = calloc(n, sizeof(*sample));

	if (!sample)
		fail("no memory for %u samples", n);
	return sample;
}

/* ns from a wake-up to its effect on another core, which had nothing to do; the median. */
double yardstick_wake_up(unsigned int n)
{
	struct rally r = { .n = n, .core = 1, .pause = BENCH_PAUSE_US, .there = room(n) };
	double p50;

	pthread_join(start(pinger, &r), NULL);
	p50 = percentile(r.there, n, 50);
	free(r.there);
	return p50;
}

/* ns there and back between two threads on one core; the median. */
double yardstick_ping_pong(unsigned int n)
{
	struct rally r = { .n = n, .back = room(n) };
	double p50;

	pthread_join(start(pinger, &r), NULL);
	p50 = percentile(r.back, n, 50);
	free(r.back);
	return p50;
}
