// SPDX-License-Identifier: GPL-2.0-only
/*
 * Making a text worse: bytes, numbers, words and whole lines are taken out, put
 * in, doubled, exchanged, or come from somewhere else.
 *
 * A "word" here is what stands between blanks, a "line" what stands between
 * newlines (of a command line: between NULs).
 *
 * Read next: scenario-inputs.c.
 */
#include <string.h>

#include "fuzz.h"

/* The longest piece that is moved about. */
#define PIECE	400

struct span {
	size_t at, len;
};

static bool is_end(char c)
{
	return c == '\n' || c == '\0';
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || is_end(c);
}

/* The run of bytes around a random place that holds no end. */
static struct span find(struct chance *c, const struct buf *b, bool (*end)(char c))
{
	size_t from = chance(c, b->len + 1), to = from;

	while (from && !end(b->s[from - 1]))
		from--;
	while (to < b->len && !end(b->s[to]))
		to++;
	return (struct span) { from, to - from };
}

static struct span find_line(struct chance *c, const struct buf *b)
{
	struct span s = find(c, b, is_end);

	s.len += s.at + s.len < b->len;		/* with its end */
	return s;
}

static void put(struct buf *b, size_t at, size_t cut, const char *from, size_t len)
{
	char copy[PIECE];

	/* what is put in may be a part of b itself */
	len = len < sizeof(copy) ? len : sizeof(copy);
	memcpy(copy, from, len);
	buf_splice(b, at, cut, copy, len);
}

static void mutate_byte(struct chance *c, struct buf *b)
{
	size_t at = chance(c, b->len + 1), rest = b->len - at;
	char byte = (char)chance(c, 256);

	switch (chance(c, 4)) {
	case 0:
		buf_splice(b, at, 0, &byte, 1);
		break;
	case 1:
		buf_splice(b, at, rest ? 1 : 0, &byte, 1);
		break;
	case 2:
		buf_splice(b, at, rest ? 1 : 0, "", 0);
		break;
	default:
		if (rest)
			b->s[at] ^= 1 << chance(c, 8);
	}
}

static void mutate_piece(struct chance *c, struct buf *b)
{
	size_t at = chance(c, b->len + 1), rest = b->len - at;
	size_t from = chance(c, b->len + 1), most = b->len - from;

	switch (chance(c, 8)) {
	case 0:		/* cut off */
		buf_splice(b, at, rest, "", 0);
		break;
	case 1:
	case 2:
	case 3:		/* something missing */
		buf_splice(b, at, chance(c, rest < 40 ? rest + 1 : 40), "", 0);
		break;
	default:	/* something twice */
		put(b, at, 0, b->s + from, chance(c, most < PIECE ? most + 1 : PIECE));
	}
}

static void mutate_number(struct chance *c, struct buf *b)
{
	static const char *const numbers[] = {
		"0", "1", "2", "9", "10", "-1", "1.5", "23", "24", "40", "64", "65", "255", "1000", "1001",
		"4095", "4096", "4097", "9999", "10000", "999999", "1000000", "1000001", "2147483647",
		"2147483648", "4294967295", "4294967296", "1000000000000000", "1000000000000001",
		"9223372036854775808", "18446744073709551615", "18446744073709551616", "0.1", "00", "1e3",
	};
	const char *with = numbers[chance(c, COUNT(numbers))];
	size_t at = chance(c, b->len + 1), len = 0;

	while (at < b->len && (b->s[at] < '0' || b->s[at] > '9'))
		at++;
	while (at + len < b->len && b->s[at + len] >= '0' && b->s[at + len] <= '9')
		len++;
	if (!len)
		return;
	if (once_in(c, 2)) {
		at += chance(c, len);
		b->s[at] = '0' + chance(c, 10);
	} else {
		buf_splice(b, at, len, with, strlen(with));
	}
}

static void mutate_word(struct chance *c, struct buf *b, const char *const *words, size_t nr_words)
{
	const char *word = words[chance(c, nr_words)];
	struct span s = find(c, b, is_blank), from = find(c, b, is_blank);

	switch (chance(c, 5)) {
	case 0:		/* a word of the language in the place of another */
		buf_splice(b, s.at, s.len, word, strlen(word));
		break;
	case 1:		/* one more */
		buf_splice(b, s.at, 0, " ", 1);
		buf_splice(b, s.at, 0, word, strlen(word));
		break;
	case 2:		/* glued to it */
		buf_splice(b, s.at + s.len, 0, word, strlen(word));
		break;
	case 3:		/* another one of the same text */
		put(b, s.at, s.len, b->s + from.at, from.len);
		break;
	default:
		buf_splice(b, s.at, s.len, "", 0);
	}
}

static void mutate_line(struct chance *c, struct buf *b)
{
	struct span s = find_line(c, b), to = find_line(c, b);

	switch (chance(c, 4)) {
	case 0:
		buf_splice(b, s.at, s.len, "", 0);
		break;
	case 1:		/* twice */
		put(b, s.at, 0, b->s + s.at, s.len);
		break;
	case 2:		/* somewhere else too */
		put(b, to.at, 0, b->s + s.at, s.len);
		break;
	default:	/* in the place of another */
		put(b, to.at, to.len, b->s + s.at, s.len);
	}
}

void mutate(struct chance *c, struct buf *b, const char *const *words, size_t nr_words,
	    const char *other, size_t other_len)
{
	size_t from;

	switch (chance(c, 8)) {
	case 0:
	case 1:
		mutate_byte(c, b);
		break;
	case 2:
		mutate_piece(c, b);
		break;
	case 3:
		mutate_number(c, b);
		break;
	case 4:
	case 5:
		mutate_word(c, b, words, nr_words);
		break;
	case 6:
		mutate_line(c, b);
		break;
	default:
		if (!other_len)
			break;
		from = chance(c, other_len);
		put(b, find_line(c, b).at, 0, other + from,
		    1 + chance(c, other_len - from < PIECE ? other_len - from : PIECE));
	}
}
