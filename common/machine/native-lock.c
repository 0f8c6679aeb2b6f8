// SPDX-License-Identifier: GPL-2.0-only
/*
 * The contended part of locks: spin a little, then sleep.
 *
 *	word	0 free, 1 held, 2 held and perhaps slept for
 *
 * A holder may lose its core at any time, for preemption off means nothing to the
 * host; whoever spins on would then burn the very time the holder needs.  So waiting
 * ends in a futex.  Whoever has slept takes the lock with a 2, because it cannot know
 * whether others sleep too; the one wake-up too many that follows is harmless.
 *
 * There is no order among waiters: handing the lock to a sleeper would make all others
 * wait until that one has its core.
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

void native_lock_slow(struct mlock *l)
{
	int spins = native.nr_cores > 1 ? SPINS : 0;

	while (spins--) {
		unsigned int free = 0;

		if (!__atomic_load_n(&l->word, __ATOMIC_RELAXED) &&
		    __atomic_compare_exchange_n(&l->word, &free, 1, false,
						__ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
			return;
		pause_cpu();
	}
	while (__atomic_exchange_n(&l->word, 2, __ATOMIC_ACQUIRE))
		futex_wait(&l->word, 2);
}

/*
 * The word is ours until it is 0; then the lock's memory may be gone before the call
 * that wakes, which looks at the address alone.
 */
void native_unlock_slow(struct mlock *l)
{
	if (__atomic_exchange_n(&l->word, 0, __ATOMIC_RELEASE) == 2)
		futex_wake(&l->word, 1);
}
