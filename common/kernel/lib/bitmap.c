// SPDX-License-Identifier: GPL-2.0-only
/*
 * Arrays of bits: set operations, searching, printing and reading.
 *
 * Each long is loaded and stored once, by marked accesses; locking is the
 * caller's. Bits behind the last one that counts are ignored wherever they
 * would show. After lib/bitmap.c and lib/find_bit.c of 3.18. Read next: cpumask.c.
 */
#include <linux/bitmap.h>
#include <linux/ctype.h>
#include <linux/errno.h>
#include <linux/kernel.h>

/* The bits of long @i that count in a bitmap of @nbits. */
static unsigned long counted(unsigned int i, unsigned int nbits)
{
	unsigned int before = i * BITS_PER_LONG;

	return nbits - before >= BITS_PER_LONG ? ~0UL : BITMAP_LAST_WORD_MASK(nbits);
}

#define for_each_long(i, nbits) \
	for (i = 0; i < BITS_TO_LONGS(nbits); i++)

void bitmap_zero(unsigned long *dst, unsigned int nbits)
{
	unsigned int i;

	for_each_long(i, nbits)
		__WRITE_ONCE(dst[i], 0);
}

void bitmap_fill(unsigned long *dst, unsigned int nbits)
{
	unsigned int i;

	for_each_long(i, nbits)
		__WRITE_ONCE(dst[i], counted(i, nbits));
}

void bitmap_copy(unsigned long *dst, const unsigned long *src, unsigned int nbits)
{
	unsigned int i;

	for_each_long(i, nbits)
		__WRITE_ONCE(dst[i], __READ_ONCE(src[i]));
}

int bitmap_and(unsigned long *dst, const unsigned long *a, const unsigned long *b,
	       unsigned int nbits)
{
	unsigned long word, any = 0;
	unsigned int i;

	for_each_long(i, nbits) {
		word = __READ_ONCE(a[i]) & __READ_ONCE(b[i]) & counted(i, nbits);
		__WRITE_ONCE(dst[i], word);
		any |= word;
	}
	return any != 0;
}

int bitmap_andnot(unsigned long *dst, const unsigned long *a, const unsigned long *b,
		  unsigned int nbits)
{
	unsigned long word, any = 0;
	unsigned int i;

	for_each_long(i, nbits) {
		word = __READ_ONCE(a[i]) & ~__READ_ONCE(b[i]) & counted(i, nbits);
		__WRITE_ONCE(dst[i], word);
		any |= word;
	}
	return any != 0;
}

void bitmap_or(unsigned long *dst, const unsigned long *a, const unsigned long *b,
	       unsigned int nbits)
{
	unsigned int i;

	for_each_long(i, nbits)
		__WRITE_ONCE(dst[i], __READ_ONCE(a[i]) | __READ_ONCE(b[i]));
}

void bitmap_xor(unsigned long *dst, const unsigned long *a, const unsigned long *b,
		unsigned int nbits)
{
	unsigned int i;

	for_each_long(i, nbits)
		__WRITE_ONCE(dst[i], __READ_ONCE(a[i]) ^ __READ_ONCE(b[i]));
}

void bitmap_complement(unsigned long *dst, const unsigned long *src, unsigned int nbits)
{
	unsigned int i;

	for_each_long(i, nbits)
		__WRITE_ONCE(dst[i], ~__READ_ONCE(src[i]) & counted(i, nbits));
}

int bitmap_equal(const unsigned long *a, const unsigned long *b, unsigned int nbits)
{
	unsigned int i;

	for_each_long(i, nbits)
		if ((__READ_ONCE(a[i]) ^ __READ_ONCE(b[i])) & counted(i, nbits))
			return 0;
	return 1;
}

int bitmap_intersects(const unsigned long *a, const unsigned long *b, unsigned int nbits)
{
	unsigned int i;

	for_each_long(i, nbits)
		if (__READ_ONCE(a[i]) & __READ_ONCE(b[i]) & counted(i, nbits))
			return 1;
	return 0;
}

int bitmap_subset(const unsigned long *a, const unsigned long *b, unsigned int nbits)
{
	unsigned int i;

	for_each_long(i, nbits)
		if (__READ_ONCE(a[i]) & ~__READ_ONCE(b[i]) & counted(i, nbits))
			return 0;
	return 1;
}

int bitmap_empty(const unsigned long *src, unsigned int nbits)
{
	return find_first_bit(src, nbits) >= nbits;
}

int bitmap_full(const unsigned long *src, unsigned int nbits)
{
	return find_first_zero_bit(src, nbits) >= nbits;
}

int bitmap_weight(const unsigned long *src, unsigned int nbits)
{
	unsigned int i;
	int weight = 0;

	for_each_long(i, nbits)
		weight += hweight_long(__READ_ONCE(src[i]) & counted(i, nbits));
	return weight;
}

void bitmap_set(unsigned long *map, unsigned int start, int len)
{
	while (len-- > 0)
		__set_bit(start++, map);
}

void bitmap_clear(unsigned long *map, unsigned int start, int len)
{
	while (len-- > 0)
		__clear_bit(start++, map);
}

/* First bit at or behind @offset that is set in the map, each long turned over by @flip. */
static unsigned long find_next(const unsigned long *addr, unsigned long size,
			       unsigned long offset, unsigned long flip)
{
	unsigned long i, word;

	if (offset >= size)
		return size;
	i = BIT_WORD(offset);
	word = (__READ_ONCE(addr[i]) ^ flip) & (~0UL << (offset % BITS_PER_LONG));
	while (!word) {
		if (++i >= BITS_TO_LONGS(size))
			return size;
		word = __READ_ONCE(addr[i]) ^ flip;
	}
	return min(i * BITS_PER_LONG + __ffs(word), size);
}

unsigned long find_next_bit(const unsigned long *addr, unsigned long size,
			    unsigned long offset)
{
	return find_next(addr, size, offset, 0);
}

unsigned long find_next_zero_bit(const unsigned long *addr, unsigned long size,
				 unsigned long offset)
{
	return find_next(addr, size, offset, ~0UL);
}

unsigned long find_last_bit(const unsigned long *addr, unsigned long size)
{
	unsigned long bit = size;

	while (bit--)
		if (__test_bit(bit, addr))
			return bit;
	return size;
}

int bitmap_scnprintf(char *buf, unsigned int buflen, const unsigned long *map, int nbits)
{
	int words = DIV_ROUND_UP(nbits, 32), w, len = 0;

	for (w = words - 1; w >= 0; w--) {
		int bits = w == words - 1 && nbits % 32 ? nbits % 32 : 32;
		u32 val = __READ_ONCE(map[w / 2]) >> (w % 2 * 32);

		val &= ~0U >> (32 - bits);
		len += scnprintf(buf + len, buflen - len, "%s%0*x",
				 w == words - 1 ? "" : ",", DIV_ROUND_UP(bits, 4), val);
	}
	if (!words && buflen)
		*buf = '\0';
	return len;
}

int bitmap_scnlistprintf(char *buf, unsigned int buflen, const unsigned long *map,
			 int nbits)
{
	unsigned long first, last;
	int len = 0;

	if (buflen)
		*buf = '\0';
	for_each_set_bit(first, map, (unsigned long)nbits) {
		last = find_next_zero_bit(map, nbits, first) - 1;
		len += scnprintf(buf + len, buflen - len, len ? ",%lu" : "%lu", first);
		if (last > first)
			len += scnprintf(buf + len, buflen - len, "-%lu", last);
		first = last;
	}
	return len;
}

/* Put a group of hexadecimal digits of up to 32 bits below what is there. */
static int append_word(unsigned long *map, int nbits, u32 word)
{
	int bit;

	for (bit = nbits - 1; bit >= nbits - 32 && bit >= 0; bit--)
		if (__test_bit(bit, map))
			return -EOVERFLOW;
	for (bit = nbits - 1; bit >= 32; bit--) {
		if (__test_bit(bit - 32, map))
			__set_bit(bit, map);
		else
			__clear_bit(bit, map);
	}
	for (bit = 0; bit < 32; bit++) {
		if (bit >= nbits && (word >> bit & 1))
			return -EOVERFLOW;
		if (bit >= nbits)
			continue;
		if (word >> bit & 1)
			__set_bit(bit, map);
		else
			__clear_bit(bit, map);
	}
	return 0;
}

int bitmap_parse(const char *buf, unsigned int buflen, unsigned long *map, int nbits)
{
	const char *end = buf + buflen;
	int digits, err;
	u32 word;

	bitmap_zero(map, nbits);
	while (buf < end && isspace(*buf))
		buf++;
	for (;;) {
		for (word = 0, digits = 0; buf < end && isxdigit(*buf); buf++, digits++)
			word = word << 4 | (isdigit(*buf) ? *buf - '0' : (*buf | 0x20) - 'a' + 10);
		if (!digits || digits > 8)
			return digits ? -EOVERFLOW : -EINVAL;
		err = append_word(map, nbits, word);
		if (err)
			return err;
		if (buf == end || *buf != ',')
			break;
		buf++;
	}
	while (buf < end && isspace(*buf))
		buf++;
	return buf == end || !*buf ? 0 : -EINVAL;
}

int bitmap_parselist(const char *buf, unsigned long *map, int nbits)
{
	unsigned long first, last;
	char *end;

	bitmap_zero(map, nbits);
	while (isspace(*buf))
		buf++;
	if (!*buf)
		return 0;
	for (;;) {
		if (!isdigit(*buf))
			return -EINVAL;
		first = last = simple_strtoul(buf, &end, 10);
		if (*end == '-') {
			if (!isdigit(end[1]))
				return -EINVAL;
			last = simple_strtoul(end + 1, &end, 10);
		}
		if (first > last)
			return -EINVAL;
		if (last >= (unsigned long)nbits)
			return -ERANGE;
		bitmap_set(map, first, last - first + 1);
		if (*end != ',')
			break;
		buf = end + 1;
	}
	while (isspace(*end))
		end++;
	return *end ? -EINVAL : 0;
}
