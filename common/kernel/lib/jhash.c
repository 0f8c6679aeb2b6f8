// SPDX-License-Identifier: GPL-2.0-only
/*
 * Bob Jenkins' lookup3 (http://burtleburtle.net/bob/c/lookup3.c, public
 * domain): three words are stirred with each group of twelve bytes, and in the
 * end made to depend on each other. The rotations are his.
 */
#include <linux/bitops.h>
#include <linux/jhash.h>
#include <linux/string.h>

struct state {
	u32 a, b, c;
};

static void stir(u32 *x, u32 *y, u32 *z, unsigned int k)
{
	*x = (*x - *z) ^ rol32(*z, k);
	*z += *y;
}

static void mix(struct state *s)
{
	stir(&s->a, &s->b, &s->c, 4);
	stir(&s->b, &s->c, &s->a, 6);
	stir(&s->c, &s->a, &s->b, 8);
	stir(&s->a, &s->b, &s->c, 16);
	stir(&s->b, &s->c, &s->a, 19);
	stir(&s->c, &s->a, &s->b, 4);
}

static void settle(u32 *x, u32 y, unsigned int k)
{
	*x = (*x ^ y) - rol32(y, k);
}

static u32 finish(struct state *s)
{
	settle(&s->c, s->b, 14);
	settle(&s->a, s->c, 11);
	settle(&s->b, s->a, 25);
	settle(&s->c, s->b, 16);
	settle(&s->a, s->c, 4);
	settle(&s->b, s->a, 14);
	settle(&s->c, s->b, 24);
	return s->c;
}

u32 jhash(const void *key, u32 length, u32 initval)
{
	u32 start = JHASH_INITVAL + length + initval, in[3];
	struct state s = { start, start, start };
	const u8 *p = key;

	for (; length; p += 12, length -= 12) {
		u32 n = length < 12 ? length : 12;

		memset(in, 0, sizeof(in));
		memcpy(in, p, n);
		s.a += in[0];
		s.b += in[1];
		s.c += in[2];
		if (length <= 12)
			return finish(&s);
		mix(&s);
	}
	return s.c;
}

u32 jhash2(const u32 *k, u32 length, u32 initval)
{
	return jhash(k, length * 4, initval);
}

u32 jhash_3words(u32 a, u32 b, u32 c, u32 initval)
{
	struct state s = { a + JHASH_INITVAL, b + JHASH_INITVAL, c + initval };

	return finish(&s);
}
