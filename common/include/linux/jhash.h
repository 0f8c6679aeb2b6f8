/* SPDX-License-Identifier: GPL-2.0-only */
/**
 * @file
 * Bob Jenkins' lookup3 hash (public domain). Mirrors include/linux/jhash.h.
 */
#ifndef _LINUX_JHASH_H
#define _LINUX_JHASH_H

#include <linux/types.h>

#define JHASH_INITVAL 0xdeadbeef	/**< arbitrary, not 0 */

/** Hash @p length bytes. @param key them @param length how many @param initval earlier hash or any */
u32 jhash(const void *key, u32 length, u32 initval);
/** Hash @p length words of 32 bits; as jhash() of the same bytes. */
u32 jhash2(const u32 *k, u32 length, u32 initval);
/** Hash three words. */
u32 jhash_3words(u32 a, u32 b, u32 c, u32 initval);

/** Hash two words. */
static inline u32 jhash_2words(u32 a, u32 b, u32 initval)
{
	return jhash_3words(a, b, 0, initval);
}

/** Hash a word. */
static inline u32 jhash_1word(u32 a, u32 initval)
{
	return jhash_3words(a, 0, 0, initval);
}

#endif /* _LINUX_JHASH_H */
