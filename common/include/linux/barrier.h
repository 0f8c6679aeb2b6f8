/* SPDX-License-Identifier: GPL-2.0-only */
/**
 * @file
 * Memory barriers. In sim they order nothing, because one task runs at a time;
 * on native they are real.
 *
 * ThreadSanitizer does not know fences. So in its builds rmb() takes over what
 * wmb() left at a word that all share, and what was written before the one counts
 * as seen behind the other. mb() tells it nothing: it stands between a store and a
 * load of words that are marked anyway, and would hide races if it did.
 *
 * Mirrors arch/x86/include/asm/barrier.h and Documentation/memory-barriers.txt.
 */
#ifndef _LINUX_BARRIER_H
#define _LINUX_BARRIER_H

#include <linux/compiler.h>

#if defined(__SANITIZE_THREAD__)
#define WQLAB_TSAN	1	/**< built with ThreadSanitizer */
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define WQLAB_TSAN	1	/**< built with ThreadSanitizer */
#endif
#endif

#ifdef WQLAB_TSAN
/** Where wmb() and rmb() meet. */
extern int wqlab_fence_cell;
#define rmb()		((void)__atomic_fetch_add(&wqlab_fence_cell, 0, __ATOMIC_ACQUIRE)) /**< orders loads */
#define wmb()		((void)__atomic_fetch_add(&wqlab_fence_cell, 0, __ATOMIC_RELEASE)) /**< orders stores */
#else
#define rmb()		__atomic_thread_fence(__ATOMIC_ACQUIRE)	/**< orders loads */
#define wmb()		__atomic_thread_fence(__ATOMIC_RELEASE)	/**< orders stores */
#endif

#if defined(__x86_64__)
/** Full barrier; a locked instruction is much cheaper than mfence, which clang would take. */
#define mb()		__asm__ __volatile__("lock; addl $0, -4(%%rsp)" : : : "memory", "cc")
#elif defined(WQLAB_TSAN)
/** Full barrier. */
#define mb() do {							\
	int __mb_cell = 0;						\
									\
	(void)__atomic_fetch_add(&__mb_cell, 0, __ATOMIC_SEQ_CST);	\
	barrier();							\
} while (0)
#else
#define mb()		__atomic_thread_fence(__ATOMIC_SEQ_CST)	/**< full barrier */
#endif

#define smp_mb()	mb()			/**< full barrier between CPUs */
#define smp_rmb()	rmb()			/**< orders loads between CPUs */
#define smp_wmb()	wmb()			/**< orders stores between CPUs */
#define read_barrier_depends()		((void)0) /**< implied by data dependency */
#define smp_read_barrier_depends()	((void)0) /**< implied by data dependency */

#define smp_mb__before_atomic()	smp_mb()	/**< full barrier before an atomic (3.16) */
#define smp_mb__after_atomic()	smp_mb()	/**< full barrier behind an atomic (3.16) */
#define smp_mb__before_clear_bit() smp_mb()	/**< the same before 3.16 */
#define smp_mb__after_clear_bit() smp_mb()	/**< the same before 3.16 */
#define smp_mb__before_atomic_dec() smp_mb()	/**< the same before 3.16 */
#define smp_mb__after_atomic_dec() smp_mb()	/**< the same before 3.16 */
#define smp_mb__before_atomic_inc() smp_mb()	/**< the same before 3.16 */
#define smp_mb__after_atomic_inc() smp_mb()	/**< the same before 3.16 */

/** Store @p val to @p var, then a full barrier; others may run before. */
#define set_mb(var, val) do {						\
	WRITE_ONCE(var, val);						\
	smp_mb();							\
} while (0)
#define smp_store_mb(var, val) set_mb(var, val)	/**< newer name of set_mb() */

/** Store @p val to *@p p behind all earlier accesses; others may run before. */
#define smp_store_release(p, val) __extension__ ({			\
	__typeof__(p) __rel_p = (p);					\
	mach_point(MP_WRITE, (const void *)__rel_p);			\
	__atomic_store_n(__rel_p, (val), __ATOMIC_RELEASE);		\
})

/** Load *@p p before all later accesses; others may run before. */
#define smp_load_acquire(p) __extension__ ({				\
	__typeof__(p) __acq_p = (p);					\
	mach_point(MP_READ, (const void *)__acq_p);			\
	__atomic_load_n(__acq_p, __ATOMIC_ACQUIRE);			\
})

#endif /* _LINUX_BARRIER_H */
