/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The two calls on which a thread waits and is woken here.
 *
 * Bare futexes, and not the C library's condition variables: whether a wait
 * synchronises in a race detector's eyes is the caller's to say (decision 11).
 */
#ifndef WQLAB_FUTEX_H
#define WQLAB_FUTEX_H

#include <linux/futex.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/* Sleep while *word is `value`; comes back for no reason at times. */
static inline void futex_wait(uint32_t *word, uint32_t value)
{
	syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, value, NULL, NULL, 0);
}

/* The same until an instant of CLOCK_MONOTONIC at most. */
static inline void futex_wait_until(uint32_t *word, uint32_t value, uint64_t ns)
{
	struct timespec ts = { (time_t)(ns / 1000000000), (long)(ns % 1000000000) };

	syscall(SYS_futex, word, FUTEX_WAIT_BITSET_PRIVATE, value, &ts, NULL, FUTEX_BITSET_MATCH_ANY);
}

/* Wake up to `n` of those who sleep on *word.  It may be memory that was given back. */
static inline void futex_wake(uint32_t *word, int n)
{
	syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, n, NULL, NULL, 0);
}

#endif
