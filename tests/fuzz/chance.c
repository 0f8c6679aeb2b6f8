// SPDX-License-Identifier: GPL-2.0-only
/*
 * Numbers that follow from a seed, and texts with a fixed room.
 *
 * Seeds come one after another (1, 2, 3...), so each step multiplies the
 * counter until neighbours have nothing in common any more.
 *
 * Read next: mutate.c.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "fuzz.h"

uint64_t chance_bits(struct chance *c)
{
	uint64_t x = c->state += 0x9e3779b97f4a7c15ull;

	x = (x ^ x >> 32) * 0xd6e8feb86659fd93ull;
	x = (x ^ x >> 29) * 0xa0761d6478bd642full;
	return x ^ x >> 32;
}

uint32_t chance(struct chance *c, uint32_t below)
{
	return (chance_bits(c) >> 32) * below >> 32;
}

bool once_in(struct chance *c, uint32_t n)
{
	return !chance(c, n);
}

void buf_clear(struct buf *b)
{
	b->len = 0;
	b->s[0] = '\0';
}

void buf_add(struct buf *b, const void *p, size_t n)
{
	buf_splice(b, b->len, 0, p, n);
}

void buf_print(struct buf *b, const char *fmt, ...)
{
	size_t room = sizeof(b->s) - b->len;
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(b->s + b->len, room, fmt, ap);
	va_end(ap);
	b->len += n < 0 ? 0 : (size_t)n < room ? (size_t)n : room - 1;
}

void buf_splice(struct buf *b, size_t at, size_t cut, const void *with, size_t n)
{
	if (b->len - cut + n > ROOM)
		return;
	memmove(b->s + at + n, b->s + at + cut, b->len - at - cut);
	if (n)
		memcpy(b->s + at, with, n);
	b->len += n - cut;
	b->s[b->len] = '\0';
}
