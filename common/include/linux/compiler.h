/* SPDX-License-Identifier: GPL-2.0-only */
/**
 * @file
 * What the kernel asks of the compiler, and the marked accesses.
 *
 * READ_ONCE(), WRITE_ONCE() and ACCESS_ONCE() are choice points: the machine
 * may let another task run just before them. Their twins with two underscores
 * are the bare relaxed access, for code that is its own choice point or stands
 * where nobody may be let in (list links, debugging views).
 *
 * Mirrors include/linux/compiler.h of 3.18 (WRITE_ONCE is newer: 3.19).
 */
#ifndef _LINUX_COMPILER_H
#define _LINUX_COMPILER_H

#include <stddef.h>
#include <stdint.h>

#include <wqlab/mach.h>

#define likely(x)	__builtin_expect(!!(x), 1)	/**< mostly true */
#define unlikely(x)	__builtin_expect(!!(x), 0)	/**< mostly false */

#undef __always_inline
/** Inline even without optimisation. */
#define __always_inline	inline __attribute__((__always_inline__))
#define noinline	__attribute__((__noinline__))	/**< never inline */
#define __noreturn	__attribute__((__noreturn__))	/**< does not return */
#define __packed	__attribute__((__packed__))	/**< no padding */
#define __weak		__attribute__((__weak__))	/**< may be overridden */
#define __used		__attribute__((__used__))	/**< keep though unreferenced */
#define __maybe_unused	__attribute__((__unused__))	/**< may stay unreferenced */
#define __always_unused	__attribute__((__unused__))	/**< stays unreferenced */
#undef __must_check
/** The caller has to look at the result. */
#define __must_check	__attribute__((__warn_unused_result__))
#undef __pure
#define __pure		__attribute__((__pure__))	/**< no side effects */
#undef __attribute_const__
/** The result depends on nothing but the arguments. */
#define __attribute_const__ __attribute__((__const__))
#define __cold		__attribute__((__cold__))	/**< rarely called */
#undef __malloc
#define __malloc	__attribute__((__malloc__))	/**< returns fresh memory */
/** Align to @p x bytes. */
#define __aligned(x)	__attribute__((__aligned__(x)))
/** Place into section @p s. */
#define __section(s)	__attribute__((__section__(#s)))
/** Check calls as printf() is: format at argument @p a, values from @p b. */
#define __printf(a, b)	__attribute__((__format__(printf, a, b)))
/** Check calls as scanf() is: format at argument @p a, places from @p b. */
#define __scanf(a, b)	__attribute__((__format__(scanf, a, b)))

#define __user		/**< sparse: pointer into user space */
#define __force		/**< sparse: cast on purpose */
#define __iomem		/**< sparse: pointer to device memory */
#define __rcu		/**< sparse: pointer protected by RCU */
#define __percpu	/**< sparse: pointer to a per-CPU object */
#define __read_mostly	/**< kept with the other data, so that a boot restores it */
#define __acquires(x)	/**< sparse: returns with @p x held */
#define __releases(x)	/**< sparse: releases @p x */
#define __must_hold(x)	/**< sparse: called with @p x held */
#define __acquire(x)	((void)0)	/**< sparse: @p x is now held */
#define __release(x)	((void)0)	/**< sparse: @p x is now free */

#ifndef __same_type
/** Whether @p a and @p b are of one type, qualifiers apart. */
#define __same_type(a, b) \
	__builtin_types_compatible_p(__typeof__(a), __typeof__(b))
#endif

/** Where the current function returns to. */
#define _RET_IP_	((unsigned long)__builtin_return_address(0))

/** The compiler keeps memory accesses on their side of this line. */
#define barrier()	__asm__ __volatile__("" : : : "memory")

/** The compiler forgets what it knows of the value of @p var. */
#define OPTIMIZER_HIDE_VAR(var) __asm__("" : "+r"(var))

/** Relaxed atomic load of @p x, without a choice point. */
#define __READ_ONCE(x)	__atomic_load_n(&(x), __ATOMIC_RELAXED)

/** Relaxed atomic store of @p val to @p x, without a choice point. */
#define __WRITE_ONCE(x, val) __atomic_store_n(&(x), (val), __ATOMIC_RELAXED)

/** Load @p x exactly once; others may run just before. */
#define READ_ONCE(x) __extension__ ({					\
	__typeof__(&(x)) __once_p = &(x);				\
	mach_point(MP_READ, (const void *)__once_p);			\
	__READ_ONCE(*__once_p);						\
})

/** Store @p val to @p x exactly once; others may run just before. */
#define WRITE_ONCE(x, val) __extension__ ({				\
	__typeof__(&(x)) __once_p = &(x);				\
	__typeof__(x) __once_v = (val);					\
	mach_point(MP_WRITE, (const void *)__once_p);			\
	__WRITE_ONCE(*__once_p, __once_v);				\
	__once_v;							\
})

/**
 * The lvalue @p x, to be read or assigned exactly once; others may run just
 * before. It is _Atomic rather than volatile so that a race detector knows
 * the access for a deliberate one.
 */
#define ACCESS_ONCE(x) (*__extension__ ({				\
	_Atomic __typeof__(x) *__once_p = (_Atomic __typeof__(x) *)&(x);	\
	mach_point(MP_READ, (const void *)__once_p);			\
	__once_p;							\
}))

#include <linux/barrier.h>

#endif /* _LINUX_COMPILER_H */
