/* SPDX-License-Identifier: GPL-2.0-only */
/**
 * @file
 * Memory barriers. In sim they order nothing, because one task runs at a time;
 * on native they are real.
 *
 * gcc's thread sanitizer does not know fences and warns about them, so there a
 * locked instruction on the stack stands in.
 *
 * Mirrors arch/x86/include/asm/barrier.h and Documentation/memory-barriers.txt.
 */
#ifndef _LINUX_BARRIER_H
#define _LINUX_BARRIER_H

#include <linux/compiler.h>

#if defined(__SANITIZE_THREAD__) && !defined(__clang__)
/** A barrier of the given C11 @p order. */
#define wqlab_fence(order) do {						\
	int __fence_cell = 0;						\
									\
	(void)__atomic_fetch_add(&__fence_cell, 0, __ATOMIC_SEQ_CST);	\
	barrier();							\
} while (0)
#else
/** A barrier of the given C11 @p order. */
#define wqlab_fence(order) __atomic_thread_fence(order)
#endif

#define mb()		wqlab_fence(__ATOMIC_SEQ_CST)	/**< full barrier */
#define rmb()		wqlab_fence(__ATOMIC_ACQUIRE)	/**< orders loads */
#define wmb()		wqlab_fence(__ATOMIC_RELEASE)	/**< orders stores */
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
