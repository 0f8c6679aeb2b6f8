/* SPDX-License-Identifier: GPL-2.0-only */
/**
 * @file
 * Integers that tasks share without a lock: atomic_t (32 bits), atomic64_t and
 * atomic_long_t (64 bits), and cmpxchg()/xchg() on any variable.
 *
 * Every operation is a choice point: atomic_read() as a read, atomic_set() as
 * a write, all others as an atomic. Those that return something are full
 * barriers, as in the kernel. The three families are made from one text,
 * WQLAB_ATOMIC_FAMILY(); with P standing for atomic, atomic64 or atomic_long
 * it defines
 *
 *     P_read(v)  P_set(v, i)
 *     P_add(i, v)  P_sub(i, v)  P_inc(v)  P_dec(v)            nothing
 *     P_add_return(i, v)  P_sub_return(i, v)
 *     P_inc_return(v)  P_dec_return(v)                        the new value
 *     P_sub_and_test(i, v)  P_dec_and_test(v)
 *     P_inc_and_test(v)                                       new value is 0?
 *     P_add_negative(i, v)                                    new value < 0?
 *     P_xchg(v, new)  P_cmpxchg(v, old, new)                  the old value
 *     P_add_unless(v, a, u)  P_inc_not_zero(v)                whether it added
 *     P_dec_if_positive(v)                                    old value - 1
 *
 * Mirrors include/linux/atomic.h and Documentation/atomic_ops.txt of 3.18.
 */
#ifndef _LINUX_ATOMIC_H
#define _LINUX_ATOMIC_H

#include <linux/types.h>
#include <linux/barrier.h>

#define ATOMIC_INIT(i)		{ (i) }		/**< initial value of an atomic_t */
#define ATOMIC64_INIT(i)	{ (i) }		/**< initial value of an atomic64_t */
#define ATOMIC_LONG_INIT(i)	ATOMIC64_INIT(i) /**< initial value of an atomic_long_t */

/** One family of atomics; see the top of the file. */
#define WQLAB_ATOMIC_FAMILY(P, type, cell)				\
static inline cell P##_read(const type *v)				\
{									\
	mach_point(MP_READ, v);						\
	return __atomic_load_n(&v->counter, __ATOMIC_RELAXED);		\
}									\
static inline void P##_set(type *v, cell i)				\
{									\
	mach_point(MP_WRITE, v);					\
	__atomic_store_n(&v->counter, i, __ATOMIC_RELAXED);		\
}									\
static inline cell P##_add_return(cell i, type *v)			\
{									\
	mach_point(MP_ATOMIC, v);					\
	return __atomic_add_fetch(&v->counter, i, __ATOMIC_SEQ_CST);	\
}									\
static inline cell P##_sub_return(cell i, type *v)			\
{									\
	mach_point(MP_ATOMIC, v);					\
	return __atomic_sub_fetch(&v->counter, i, __ATOMIC_SEQ_CST);	\
}									\
static inline cell P##_inc_return(type *v) { return P##_add_return(1, v); } \
static inline cell P##_dec_return(type *v) { return P##_sub_return(1, v); } \
static inline void P##_add(cell i, type *v) { P##_add_return(i, v); }	\
static inline void P##_sub(cell i, type *v) { P##_sub_return(i, v); }	\
static inline void P##_inc(type *v) { P##_add_return(1, v); }		\
static inline void P##_dec(type *v) { P##_sub_return(1, v); }		\
static inline int P##_sub_and_test(cell i, type *v)			\
{									\
	return P##_sub_return(i, v) == 0;				\
}									\
static inline int P##_dec_and_test(type *v) { return P##_sub_return(1, v) == 0; } \
static inline int P##_inc_and_test(type *v) { return P##_add_return(1, v) == 0; } \
static inline int P##_add_negative(cell i, type *v)			\
{									\
	return P##_add_return(i, v) < 0;				\
}									\
static inline cell P##_xchg(type *v, cell fresh)			\
{									\
	mach_point(MP_ATOMIC, v);					\
	return __atomic_exchange_n(&v->counter, fresh, __ATOMIC_SEQ_CST); \
}									\
static inline cell P##_cmpxchg(type *v, cell old, cell fresh)		\
{									\
	mach_point(MP_ATOMIC, v);					\
	__atomic_compare_exchange_n(&v->counter, &old, fresh, false,	\
				    __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST); \
	return old;							\
}									\
static inline int P##_add_unless(type *v, cell a, cell u)		\
{									\
	cell was;							\
									\
	mach_point(MP_ATOMIC, v);					\
	was = __atomic_load_n(&v->counter, __ATOMIC_RELAXED);		\
	while (was != u) {						\
		if (__atomic_compare_exchange_n(&v->counter, &was, was + a, \
						false, __ATOMIC_SEQ_CST, \
						__ATOMIC_RELAXED))	\
			return 1;					\
	}								\
	return 0;							\
}									\
static inline int P##_inc_not_zero(type *v)				\
{									\
	return P##_add_unless(v, 1, 0);					\
}									\
static inline cell P##_dec_if_positive(type *v)				\
{									\
	cell was;							\
									\
	mach_point(MP_ATOMIC, v);					\
	was = __atomic_load_n(&v->counter, __ATOMIC_RELAXED);		\
	while (was > 0) {						\
		if (__atomic_compare_exchange_n(&v->counter, &was, was - 1, \
						false, __ATOMIC_SEQ_CST, \
						__ATOMIC_RELAXED))	\
			break;						\
	}								\
	return was - 1;							\
}

WQLAB_ATOMIC_FAMILY(atomic, atomic_t, int)
WQLAB_ATOMIC_FAMILY(atomic64, atomic64_t, long)
WQLAB_ATOMIC_FAMILY(atomic_long, atomic_long_t, long)

/** Add @p a unless the value is @p u; the value before, either way. */
static inline int __atomic_add_unless(atomic_t *v, int a, int u)
{
	int was;

	mach_point(MP_ATOMIC, v);
	was = __atomic_load_n(&v->counter, __ATOMIC_RELAXED);
	while (was != u && !__atomic_compare_exchange_n(&v->counter, &was, was + a,
							false, __ATOMIC_SEQ_CST,
							__ATOMIC_RELAXED))
		;
	return was;
}

/** Store @p val to *@p ptr; what was there. A full barrier and a choice point. */
#define xchg(ptr, val) __extension__ ({					\
	__typeof__(ptr) __xchg_p = (ptr);				\
	__typeof__(*(ptr)) __xchg_v = (val);				\
	mach_point(MP_ATOMIC, (const void *)__xchg_p);			\
	__atomic_exchange_n(__xchg_p, __xchg_v, __ATOMIC_SEQ_CST);	\
})

/**
 * If *@p ptr is @p old, store @p fresh; what was there, either way.
 * A full barrier and a choice point.
 */
#define cmpxchg(ptr, old, fresh) __extension__ ({			\
	__typeof__(ptr) __cas_p = (ptr);				\
	__typeof__(*(ptr)) __cas_old = (old), __cas_new = (fresh);	\
	mach_point(MP_ATOMIC, (const void *)__cas_p);			\
	__atomic_compare_exchange_n(__cas_p, &__cas_old, __cas_new, false, \
				    __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST); \
	__cas_old;							\
})
#define cmpxchg64(ptr, old, fresh) cmpxchg(ptr, old, fresh)	/**< cmpxchg() of 64 bits */

#endif /* _LINUX_ATOMIC_H */
