/* SPDX-License-Identifier: GPL-2.0-only */
/**
 * @file
 * Arrays of bits as sets. Bits behind @c nbits in the last long are ignored
 * on reading and may take any value on writing. Words are loaded and stored
 * whole and marked, so that a mask may be read while somebody changes it.
 *
 * Mirrors include/linux/bitmap.h of 3.18 as far as cpumask.h needs it.
 * Nothing here sleeps.
 */
#ifndef _LINUX_BITMAP_H
#define _LINUX_BITMAP_H

#include <linux/types.h>
#include <linux/bitops.h>

/** The bits of the last long of a bitmap of @p nbits (not 0) that count. */
#define BITMAP_LAST_WORD_MASK(nbits) (~0UL >> (-(nbits) & (BITS_PER_LONG - 1)))

void bitmap_zero(unsigned long *dst, unsigned int nbits);	/**< Empty set. */
void bitmap_fill(unsigned long *dst, unsigned int nbits);	/**< Full set. */
/** Copy a set. */
void bitmap_copy(unsigned long *dst, const unsigned long *src, unsigned int nbits);
/** What is in both; whether anything is. */
int bitmap_and(unsigned long *dst, const unsigned long *a, const unsigned long *b,
	       unsigned int nbits);
/** What is in @p a but not in @p b; whether anything is. */
int bitmap_andnot(unsigned long *dst, const unsigned long *a, const unsigned long *b,
		  unsigned int nbits);
/** What is in either. */
void bitmap_or(unsigned long *dst, const unsigned long *a, const unsigned long *b,
	       unsigned int nbits);
/** What is in exactly one. */
void bitmap_xor(unsigned long *dst, const unsigned long *a, const unsigned long *b,
		unsigned int nbits);
/** What is not in @p src. */
void bitmap_complement(unsigned long *dst, const unsigned long *src, unsigned int nbits);
/** Whether the sets are the same. */
int bitmap_equal(const unsigned long *a, const unsigned long *b, unsigned int nbits);
/** Whether the sets share anything. */
int bitmap_intersects(const unsigned long *a, const unsigned long *b, unsigned int nbits);
/** Whether all of @p a is in @p b. */
int bitmap_subset(const unsigned long *a, const unsigned long *b, unsigned int nbits);
/** Whether nothing is in the set. */
int bitmap_empty(const unsigned long *src, unsigned int nbits);
/** Whether everything is in the set. */
int bitmap_full(const unsigned long *src, unsigned int nbits);
/** How many are in the set. */
int bitmap_weight(const unsigned long *src, unsigned int nbits);
/** Add @p len bits from @p start on. */
void bitmap_set(unsigned long *map, unsigned int start, int len);
/** Remove @p len bits from @p start on. */
void bitmap_clear(unsigned long *map, unsigned int start, int len);

/**
 * Write a set as hexadecimal words of 32 bits: "3" or "ffffffff,0000000f".
 * @param buf where to
 * @param buflen bytes of @p buf
 * @param map the set
 * @param nbits its size; it determines how many digits there are
 * @return characters written, without the NUL
 */
int bitmap_scnprintf(char *buf, unsigned int buflen, const unsigned long *map, int nbits);
/** Write a set as ranges: "0-3,7". Parameters as for bitmap_scnprintf(). */
int bitmap_scnlistprintf(char *buf, unsigned int buflen, const unsigned long *map,
			 int nbits);
/**
 * Read what bitmap_scnprintf() writes.
 * @param buf the text
 * @param buflen its length; a newline at the end is allowed
 * @param map where to
 * @param nbits its size
 * @return 0, -EINVAL (not such a text) or -EOVERFLOW (a bit beyond @p nbits)
 */
int bitmap_parse(const char *buf, unsigned int buflen, unsigned long *map, int nbits);
/** Read what bitmap_scnlistprintf() writes; 0, -EINVAL or -ERANGE. */
int bitmap_parselist(const char *buf, unsigned long *map, int nbits);

#endif /* _LINUX_BITMAP_H */
