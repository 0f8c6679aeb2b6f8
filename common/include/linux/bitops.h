/* SPDX-License-Identifier: GPL-2.0-only */
/**
 * @file
 * Bits of a word and of an array of longs.
 *
 * The names without underscores are atomic and choice points (test_bit() as a
 * read); those with two leading underscores are plain, for memory that nobody
 * else can reach or that a lock guards. Bit @c nr is bit nr % 64 of long nr / 64.
 *
 * Mirrors include/linux/bitops.h and asm-generic/bitops/.
 */
#ifndef _LINUX_BITOPS_H
#define _LINUX_BITOPS_H

#include <linux/types.h>
#include <linux/barrier.h>

#define BIT(nr)		(1UL << (nr))			/**< a long with bit nr */
#define BIT_ULL(nr)	(1ULL << (nr))			/**< a u64 with bit nr */
#define BIT_MASK(nr)	(1UL << ((nr) % BITS_PER_LONG))	/**< bit nr within its long */
#define BIT_WORD(nr)	((nr) / BITS_PER_LONG)		/**< the long that bit nr is in */
/** Bits h down to l. */
#define GENMASK(h, l)	((~0UL << (l)) & (~0UL >> (BITS_PER_LONG - 1 - (h))))

/** Set bit @p nr. */
static inline void set_bit(long nr, volatile unsigned long *addr)
{
	volatile unsigned long *word = addr + BIT_WORD(nr);

	mach_point(MP_ATOMIC, (const void *)word);
	__atomic_fetch_or(word, BIT_MASK(nr), __ATOMIC_SEQ_CST);
}

/** Clear bit @p nr. */
static inline void clear_bit(long nr, volatile unsigned long *addr)
{
	volatile unsigned long *word = addr + BIT_WORD(nr);

	mach_point(MP_ATOMIC, (const void *)word);
	__atomic_fetch_and(word, ~BIT_MASK(nr), __ATOMIC_SEQ_CST);
}

/** clear_bit() that releases what the bit guarded. */
static inline void clear_bit_unlock(long nr, volatile unsigned long *addr)
{
	clear_bit(nr, addr);
}

/** Turn bit @p nr over. */
static inline void change_bit(long nr, volatile unsigned long *addr)
{
	volatile unsigned long *word = addr + BIT_WORD(nr);

	mach_point(MP_ATOMIC, (const void *)word);
	__atomic_fetch_xor(word, BIT_MASK(nr), __ATOMIC_SEQ_CST);
}

/** Set bit @p nr; what it was. A full barrier. */
static inline int test_and_set_bit(long nr, volatile unsigned long *addr)
{
	volatile unsigned long *word = addr + BIT_WORD(nr);

	mach_point(MP_ATOMIC, (const void *)word);
	return !!(__atomic_fetch_or(word, BIT_MASK(nr), __ATOMIC_SEQ_CST) & BIT_MASK(nr));
}

/** test_and_set_bit() that acquires what the bit guards. */
static inline int test_and_set_bit_lock(long nr, volatile unsigned long *addr)
{
	return test_and_set_bit(nr, addr);
}

/** Clear bit @p nr; what it was. A full barrier. */
static inline int test_and_clear_bit(long nr, volatile unsigned long *addr)
{
	volatile unsigned long *word = addr + BIT_WORD(nr);

	mach_point(MP_ATOMIC, (const void *)word);
	return !!(__atomic_fetch_and(word, ~BIT_MASK(nr), __ATOMIC_SEQ_CST) & BIT_MASK(nr));
}

/** Turn bit @p nr over; what it was. A full barrier. */
static inline int test_and_change_bit(long nr, volatile unsigned long *addr)
{
	volatile unsigned long *word = addr + BIT_WORD(nr);

	mach_point(MP_ATOMIC, (const void *)word);
	return !!(__atomic_fetch_xor(word, BIT_MASK(nr), __ATOMIC_SEQ_CST) & BIT_MASK(nr));
}

/** Bit @p nr, without a choice point. */
static inline int __test_bit(long nr, const volatile unsigned long *addr)
{
	return __READ_ONCE(addr[BIT_WORD(nr)]) >> (nr % BITS_PER_LONG) & 1;
}

/** Bit @p nr. */
static inline int test_bit(long nr, const volatile unsigned long *addr)
{
	mach_point(MP_READ, (const void *)(addr + BIT_WORD(nr)));
	return __test_bit(nr, addr);
}

/** Set bit @p nr where nobody else writes. */
static inline void __set_bit(long nr, volatile unsigned long *addr)
{
	__WRITE_ONCE(addr[BIT_WORD(nr)], __READ_ONCE(addr[BIT_WORD(nr)]) | BIT_MASK(nr));
}

/** Clear bit @p nr where nobody else writes. */
static inline void __clear_bit(long nr, volatile unsigned long *addr)
{
	__WRITE_ONCE(addr[BIT_WORD(nr)], __READ_ONCE(addr[BIT_WORD(nr)]) & ~BIT_MASK(nr));
}

/** Turn bit @p nr over where nobody else writes. */
static inline void __change_bit(long nr, volatile unsigned long *addr)
{
	__WRITE_ONCE(addr[BIT_WORD(nr)], __READ_ONCE(addr[BIT_WORD(nr)]) ^ BIT_MASK(nr));
}

/** Set bit @p nr where nobody else writes; what it was. */
static inline int __test_and_set_bit(long nr, volatile unsigned long *addr)
{
	int was = __test_bit(nr, addr);

	__set_bit(nr, addr);
	return was;
}

/** Clear bit @p nr where nobody else writes; what it was. */
static inline int __test_and_clear_bit(long nr, volatile unsigned long *addr)
{
	int was = __test_bit(nr, addr);

	__clear_bit(nr, addr);
	return was;
}

/** Lowest set bit, counted from 1; 0 if none is set. */
static inline int ffs(int x)
{
	return __builtin_ffs(x);
}

/** Highest set bit, counted from 1; 0 if none is set. */
static inline int fls(unsigned int x)
{
	return x ? 32 - __builtin_clz(x) : 0;
}

/** fls() in 64 bits. */
static inline int fls64(u64 x)
{
	return x ? 64 - __builtin_clzll(x) : 0;
}

/** fls() of a long. */
static inline unsigned int fls_long(unsigned long x)
{
	return fls64(x);
}

/** Lowest set bit, counted from 0; @p x is not 0. */
static inline unsigned long __ffs(unsigned long x)
{
	return __builtin_ctzl(x);
}

/** Highest set bit, counted from 0; @p x is not 0. */
static inline unsigned long __fls(unsigned long x)
{
	return BITS_PER_LONG - 1 - __builtin_clzl(x);
}

/** Lowest clear bit, counted from 0; @p x is not all ones. */
static inline unsigned long ffz(unsigned long x)
{
	return __ffs(~x);
}

/** Set bits of 8. */
static inline unsigned int hweight8(unsigned int w)
{
	return __builtin_popcount(w & 0xff);
}

/** Set bits of 16. */
static inline unsigned int hweight16(unsigned int w)
{
	return __builtin_popcount(w & 0xffff);
}

/** Set bits of 32. */
static inline unsigned int hweight32(unsigned int w)
{
	return __builtin_popcount(w);
}

/** Set bits of 64. */
static inline unsigned long hweight64(u64 w)
{
	return __builtin_popcountll(w);
}

/** Set bits of a long. */
static inline unsigned long hweight_long(unsigned long w)
{
	return __builtin_popcountl(w);
}

/** @p word turned left by @p shift. */
static inline u32 rol32(u32 word, unsigned int shift)
{
	return (word << (shift & 31)) | (word >> (-shift & 31));
}

/** @p word turned right by @p shift. */
static inline u32 ror32(u32 word, unsigned int shift)
{
	return (word >> (shift & 31)) | (word << (-shift & 31));
}

/** @p word turned left by @p shift, 64 bits. */
static inline u64 rol64(u64 word, unsigned int shift)
{
	return (word << (shift & 63)) | (word >> (-shift & 63));
}

/**
 * First set bit at or behind @p offset.
 * @param addr the longs
 * @param size bits in them
 * @param offset where to begin
 * @return its number, or @p size
 */
unsigned long find_next_bit(const unsigned long *addr, unsigned long size,
			    unsigned long offset);
/** First clear bit at or behind @p offset, or @p size. */
unsigned long find_next_zero_bit(const unsigned long *addr, unsigned long size,
				 unsigned long offset);
/** Last set bit, or @p size. */
unsigned long find_last_bit(const unsigned long *addr, unsigned long size);

#define find_first_bit(addr, size) find_next_bit((addr), (size), 0)	/**< first set bit, or @p size */
#define find_first_zero_bit(addr, size) find_next_zero_bit((addr), (size), 0) /**< first clear bit, or @p size */

/** Walk over the set bits. */
#define for_each_set_bit(bit, addr, size)				\
	for ((bit) = find_first_bit((addr), (size)); (bit) < (size);	\
	     (bit) = find_next_bit((addr), (size), (bit) + 1))
/** for_each_set_bit() that starts with the value @p bit has. */
#define for_each_set_bit_from(bit, addr, size)				\
	for ((bit) = find_next_bit((addr), (size), (bit)); (bit) < (size); \
	     (bit) = find_next_bit((addr), (size), (bit) + 1))
/** Walk over the clear bits. */
#define for_each_clear_bit(bit, addr, size)				\
	for ((bit) = find_first_zero_bit((addr), (size)); (bit) < (size); \
	     (bit) = find_next_zero_bit((addr), (size), (bit) + 1))

#endif /* _LINUX_BITOPS_H */
