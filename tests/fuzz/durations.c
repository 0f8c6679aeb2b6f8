// SPDX-License-Identifier: GPL-2.0-only
/*
 * Durations: written at random, spelt in many ways, and read once more in
 * another way than the readers do, so that the two can be compared.
 *
 * The reading here goes by digits: a duration is a row of digits and a power of
 * ten.  It is whole nanoseconds if what stands behind the last of them is zero.
 *
 * Read next: scenario-write.c.
 */
#include <stdio.h>
#include <string.h>

#include "fuzz.h"

static const struct {
	const char *name;
	unsigned int zeros;
	uint64_t ns;
} units[] = {
	{ "ns", 0, 1 }, { "us", 3, 1000 }, { "ms", 6, 1000000 }, { "s", 9, 1000000000 },
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* The digits of @p from @at on are appended to @n; false if that is more than @max. */
static bool append(uint64_t *n, const char *p, size_t len, uint64_t max)
{
	for (size_t i = 0; i < len; i++) {
		unsigned __int128 wide = (unsigned __int128)*n * 10 + (p[i] - '0');

		if (wide > max)
			return false;
		*n = wide;
	}
	return true;
}

bool duration_value(const char *text, size_t len, bool blank, uint64_t max, uint64_t *ns)
{
	size_t whole = 0, point, fraction = 0, at;
	unsigned int u;

	while (whole < len && is_digit(text[whole]))
		whole++;
	point = whole < len && text[whole] == '.';
	while (whole + point + fraction < len && is_digit(text[whole + point + fraction]))
		fraction++;
	if (!whole || (point && !fraction))
		return false;
	at = whole + point + fraction;
	if (at == len && blank && len == 1 && *text == '0') {
		*ns = 0;
		return true;
	}
	while (blank && at < len && (text[at] == ' ' || text[at] == '\t'))
		at++;
	for (u = 0; u < COUNT(units); u++)
		if (strlen(units[u].name) == len - at && !memcmp(text + at, units[u].name, len - at))
			break;
	if (u == COUNT(units))
		return false;
	text += whole + point;
	while (fraction && text[fraction - 1] == '0')
		fraction--;
	if (fraction > units[u].zeros)
		return false;
	*ns = 0;
	return append(ns, text - point - whole, whole, max) && append(ns, text, fraction, max) &&
	       append(ns, "000000000", units[u].zeros - fraction, max);
}

void spell_duration(struct chance *c, struct buf *b, uint64_t ns, bool blank)
{
	unsigned int u = chance(c, COUNT(units));
	uint64_t part = ns % units[u].ns;

	if (!ns && blank && once_in(c, 2)) {
		buf_add(b, "0", 1);
		return;
	}
	buf_print(b, "%s%llu", once_in(c, 16) ? "00" : "", (unsigned long long)(ns / units[u].ns));
	if (part) {
		char digits[24];
		size_t n = snprintf(digits, sizeof(digits), "%0*llu", (int)units[u].zeros,
				    (unsigned long long)part);

		while (digits[n - 1] == '0' && !once_in(c, 4))
			n--;
		buf_print(b, ".%.*s", (int)n, digits);
	}
	if (once_in(c, 16))
		buf_add(b, part ? "0000000000" : ".0000000000", 2 + chance(c, 9));
	if (blank && once_in(c, 8))
		buf_add(b, " ", 1);
	buf_print(b, "%s", units[u].name);
}

void write_duration(struct chance *c, struct buf *b)
{
	static const char *const ends[] = {
		"ns", "us", "ms", "s", "", "m", "sec", " ms", "mss", "MS", ".", "e3s", "-s",
	};
	static const char *const wholes[] = {
		"0", "1", "00", "1000000", "999999", "1000001", "18446744073", "18446744074",
		"18446744073709551615", "18446744073709551616", "1000000000000000", "1000000000000001",
		"", "-1", "+1", " 1", "0x1", "1844674407370955161500000000000000000",
	};
	static const char *const fractions[] = {
		"0", "5", "05", "000000001", "0000000001", "0000000000", "00000000010", "709551615",
		"709551616", "999999999", "9999999999", "", ".5", "1.", "0000000005",
	};

	if (once_in(c, 3))
		buf_print(b, "%u", chance(c, 1u << chance(c, 31)));
	else
		buf_print(b, "%s", wholes[chance(c, COUNT(wholes))]);
	if (once_in(c, 2)) {
		if (once_in(c, 3)) {
			uint32_t digits = chance(c, 12), n = chance(c, 1000);

			buf_print(b, ".%0*u", (int)digits, n);
		} else {
			buf_print(b, ".%s", fractions[chance(c, COUNT(fractions))]);
		}
	}
	buf_print(b, "%s", ends[chance(c, once_in(c, 3) ? COUNT(ends) : 4)]);
}
