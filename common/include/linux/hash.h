/* SPDX-License-Identifier: GPL-2.0-only */
/**
 * @file
 * Multiplicative hashing (Knuth, TAOCP 6.4): multiply by a prime near the
 * golden ratio of the word, keep the high bits. Mirrors include/linux/hash.h
 * of 3.18.
 */
#ifndef _LINUX_HASH_H
#define _LINUX_HASH_H

#include <linux/types.h>

#define GOLDEN_RATIO_PRIME_32	0x9e370001UL		/**< prime, 2^32 * 0.618 */
#define GOLDEN_RATIO_PRIME_64	0x9e37fffffffc0001UL	/**< prime, 2^64 * 0.618 */
#define GOLDEN_RATIO_PRIME	GOLDEN_RATIO_PRIME_64	/**< that of a long */

/** Hash 64 bits to @p bits bits (1 to 64). */
static inline u64 hash_64(u64 val, unsigned int bits)
{
	return val * GOLDEN_RATIO_PRIME_64 >> (64 - bits);
}

/** Hash 32 bits to @p bits bits (1 to 32). */
static inline u32 hash_32(u32 val, unsigned int bits)
{
	return (u32)(val * GOLDEN_RATIO_PRIME_32) >> (32 - bits);
}

#define hash_long(val, bits)	hash_64((val), (bits))	/**< hash a long */

/** Hash an address to @p bits bits. */
static inline unsigned long hash_ptr(const void *ptr, unsigned int bits)
{
	return hash_long((unsigned long)ptr, bits);
}

#endif /* _LINUX_HASH_H */
