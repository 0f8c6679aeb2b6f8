/* SPDX-License-Identifier: GPL-2.0-only */
/**
 * @file
 * Bob Jenkins' hash (lookup3, public domain): every bit of the input bears on every
 * bit of the result.  Mirrors the calls of include/linux/jhash.h of 3.18 that are
 * used here.
 */
#ifndef _LINUX_JHASH_H
#define _LINUX_JHASH_H

#include <linux/bitops.h>
#include <linux/types.h>

#define JHASH_INITVAL	0xdeadbeef	/**< what a hash begins with, beside the length */

/** @cond */
static inline u32 __jhash_rol(u32 word, unsigned int by)
{
	return word << by | word >> (32 - by);
}

/* Three words in, three words out, reversibly. */
static inline void __jhash_mix(u32 v[3])
{
	static const unsigned char turn[6] = { 4, 6, 8, 16, 19, 4 };
	int i;

	for (i = 0; i < 6; i++) {
		u32 *a = &v[i % 3], *b = &v[(i + 1) % 3], *c = &v[(i + 2) % 3];

		*a -= *c;
		*a ^= __jhash_rol(*c, turn[i]);
		*c += *b;
	}
}

static inline void __jhash_final(u32 v[3])
{
	static const unsigned char turn[7] = { 14, 11, 25, 16, 4, 14, 24 };
	int i;

	for (i = 0; i < 7; i++) {
		u32 *to = &v[(i + 2) % 3];
		u32 from = v[(i + 1) % 3];

		*to ^= from;
		*to -= __jhash_rol(from, turn[i]);
	}
}
/** @endcond */

/**
 * Hash words.
 * @param k the words
 * @param length how many
 * @param initval what to begin with, for instance an earlier hash
 * @return the hash
 */
static inline u32 jhash2(const u32 *k, u32 length, u32 initval)
{
	u32 v[3], i;

	v[0] = v[1] = v[2] = JHASH_INITVAL + (length << 2) + initval;
	for (; length > 3; length -= 3, k += 3) {
		for (i = 0; i < 3; i++)
			v[i] += k[i];
		__jhash_mix(v);
	}
	if (!length)
		return v[2];
	for (i = 0; i < length; i++)
		v[i] += k[i];
	__jhash_final(v);
	return v[2];
}

/** Hash one word. @param a the word @param initval what to begin with @return the hash */
static inline u32 jhash_1word(u32 a, u32 initval)
{
	u32 v[3] = { a + JHASH_INITVAL, JHASH_INITVAL, initval };

	__jhash_final(v);
	return v[2];
}

#endif
