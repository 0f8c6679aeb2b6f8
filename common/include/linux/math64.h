/* SPDX-License-Identifier: GPL-2.0-only */
/**
 * @file
 * Division of 64-bit numbers. Mirrors include/linux/math64.h.
 */
#ifndef _LINUX_MATH64_H
#define _LINUX_MATH64_H

#include <linux/types.h>

/** Quotient; the remainder goes to @p rest. */
static inline u64 div_u64_rem(u64 n, u32 d, u32 *rest)
{
	*rest = n % d;
	return n / d;
}

/** Signed div_u64_rem(). */
static inline s64 div_s64_rem(s64 n, s32 d, s32 *rest)
{
	*rest = n % d;
	return n / d;
}

/** Quotient by 32 bits. */
static inline u64 div_u64(u64 n, u32 d) { return n / d; }
/** Signed quotient by 32 bits. */
static inline s64 div_s64(s64 n, s32 d) { return n / d; }
/** Quotient by 64 bits. */
static inline u64 div64_u64(u64 n, u64 d) { return n / d; }
/** Signed quotient by 64 bits. */
static inline s64 div64_s64(s64 n, s64 d) { return n / d; }

/** Quotient by 64 bits; the remainder goes to @p rest. */
static inline u64 div64_u64_rem(u64 n, u64 d, u64 *rest)
{
	*rest = n % d;
	return n / d;
}

/** Divide the variable @p n in place; its remainder. */
#define do_div(n, base) __extension__ ({				\
	u32 __div_base = (base);					\
	u32 __div_rest = (u64)(n) % __div_base;				\
	(n) = (u64)(n) / __div_base;					\
	__div_rest;							\
})

#endif /* _LINUX_MATH64_H */
