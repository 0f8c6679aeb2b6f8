/* SPDX-License-Identifier: GPL-2.0-only */
/**
 * @file
 * Powers of two. Mirrors include/linux/log2.h.
 */
#ifndef _LINUX_LOG2_H
#define _LINUX_LOG2_H

#include <linux/types.h>

/** Whether @p n is a power of two. */
static inline bool is_power_of_2(unsigned long n)
{
	return n && !(n & (n - 1));
}

/** Logarithm of @p n (not 0) to the base of two, rounded down; constant if @p n is. */
#define ilog2(n)		(63 - __builtin_clzll((unsigned long long)(n)))
/** Smallest power of two that is not below @p n (not 0). */
#define roundup_pow_of_two(n)	((n) <= 1 ? 1UL : 1UL << (ilog2((n) - 1) + 1))
/** Largest power of two that is not above @p n (not 0). */
#define rounddown_pow_of_two(n)	(1UL << ilog2(n))
/** Order of roundup_pow_of_two(@p n). */
#define order_base_2(n)		((n) <= 1 ? 0 : ilog2((n) - 1) + 1)

#endif /* _LINUX_LOG2_H */
