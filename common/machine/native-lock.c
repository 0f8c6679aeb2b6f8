// SPDX-License-Identifier: GPL-2.0-only
/*
 * The contended part of locks: spin a little, then sleep.
 *
 *	release (linux/spinlock.h)	whoever would sleep
 *	  word = 0		(1)	  sleepers++		(3)
 *	  sleepers?		(2)	  barrier on all cores	(4)
 *	    wake one			  word still 1?  sleep while it is	(5)
 *
 * No wake-up is lost though no barrier stands between (1) and (2).  Take the moment of
 * (4) on the releaser's core.  If (1) came before it, the store is out and (5) does not
 * sleep; if not, (2) comes behind it too and sees (3).  Without the host's help, and
 * under a sanitizer, the release is an exchange, and the word itself says that somebody
 * sleeps: 2.  Whoever has slept takes the lock with a 2 then, for others may sleep too.
 *
 * A holder may lose its core at any time, for preemption off means nothing to the
 * host; whoever spins on would then burn the very time the holder needs.  So waiting
 * ends in a futex.  There is no order among waiters: handing the lock to a sleeper would
 * make all others wait until that one has its core.
 *
 * Locking: this is it.  Read next: native-watch.c.
 */
#include "native.h"

#define SPINS	100	/* looks at a held lock until we sleep; a critical section is shorter */

static void pause_cpu(void)
{
#if defined(__x86_64__) || defined(__i386__)
	__builtin_ia32_pause();
#elif defined(__aarch64__)
	__asm__ __volatile__("yield");
#endif
}

static bool take(struct mlock *l)
{
	unsigned int free = 0;

	return !__atomic_load_n(&l->word, __ATOMIC_RELAXED) &&
	       __atomic_compare_exchange_n(&l->word, &free, 1, false,
					   __ATOMIC_ACQUIRE, __ATOMIC_RELAXED);
}

void native_lock_slow(struct mlock *l)
{
	int spins = native.nr_cores > 1 ? SPINS : 0;

	while (spins--) {
		if (take(l))
			return;
		pause_cpu();
	}
	native_calls();
	if (!mach_plain_unlock) {
		while (__atomic_exchange_n(&l->word, 2, __ATOMIC_ACQUIRE))
			futex_wait(&l->word, 2);
		return;
	}
	__atomic_fetch_add(&l->sleepers, 1, __ATOMIC_SEQ_CST);
	host_barrier();
	while (!take(l))
		futex_wait(&l->word, 1);
	__atomic_fetch_sub(&l->sleepers, 1, __ATOMIC_RELAXED);
}

/* The lock is free by now, or somebody else's, or gone; its address is all that is used. */
void native_unlock_slow(struct mlock *l)
{
	futex_wake(&l->word, 1);
}
