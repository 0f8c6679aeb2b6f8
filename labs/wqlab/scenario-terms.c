// SPDX-License-Identifier: GPL-2.0-only
/*
 * The small pieces that all lines of a scenario are made of: numbers,
 * durations, CPU numbers, texts, lists of names.
 *
 * Every reader takes its tokens only when they are right; otherwise it reports
 * the token it stopped at and returns false, and the line is given up.
 *
 * A duration is held in ns as an integer.  1.5ms is exact because the fraction
 * is carried along in decimal digits; what does not come out as whole
 * nanoseconds is refused rather than rounded.
 *
 * Nothing here is shared between threads.  Read next: scenario-parse.c.
 */
#include <stdio.h>
#include <string.h>

#include "scenario-impl.h"
#include "wqlab/machine.h"

struct unit {
	const char *name;
	uint64_t ns;
};

static const struct unit units[] = {
	{ "ns", 1 }, { "us", 1000 }, { "ms", 1000000 }, { "s", 1000000000 },
};

/* Report a number that is out of bounds or malformed. */
static bool number_wrong(struct parser *ps, const char *what, uint64_t min, uint64_t max)
{
	char text[160];

	snprintf(text, sizeof(text), "%s, a whole number from %llu to %llu", what,
		 (unsigned long long)min, (unsigned long long)max);
	return expected(ps, text);
}

/* A whole number without a unit. */
bool read_number(struct parser *ps, const char *what, uint64_t min, uint64_t max, uint64_t *out)
{
	const struct token *t = peek(ps);
	uint64_t n = 0;
	uint32_t i;

	if (t->kind != TOKEN_NUMBER)
		return number_wrong(ps, what, min, max);
	for (i = 0; i < t->len; i++) {
		unsigned int digit = t->p[i] - '0';

		if (digit > 9 || __builtin_mul_overflow(n, 10, &n) ||
		    __builtin_add_overflow(n, digit, &n))
			return number_wrong(ps, what, min, max);
	}
	if (n < min || n > max)
		return number_wrong(ps, what, min, max);
	take(ps);
	*out = n;
	return true;
}

static const struct unit *find_unit(const char *p, size_t len)
{
	size_t i;

	for (i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (strlen(units[i].name) == len && !memcmp(units[i].name, p, len))
			return &units[i];
	return NULL;
}

/* Digits with a fraction times a unit; false when it is no whole number of ns or too long. */
static bool scale(const char *p, size_t len, uint64_t unit, uint64_t *out, bool *whole)
{
	uint64_t ns = 0;
	bool fraction = false;
	size_t i;

	*whole = true;
	for (i = 0; i < len; i++) {
		uint64_t digit = p[i] - '0';

		if (p[i] == '.') {
			fraction = true;
			continue;
		}
		if (!fraction) {
			/* the bound keeps ns * 10 and digit * unit far from overflow */
			ns = ns * 10 + digit * unit;
			if (ns > SCENARIO_MAX_NS)
				return false;
		} else if (unit % 10 == 0) {
			unit /= 10;
			ns += digit * unit;
		} else if (digit) {
			*whole = false;
			return false;
		}
	}
	*out = ns;
	return ns <= SCENARIO_MAX_NS;
}

/* `5ms`, `1.5 s`, or a bare 0. */
bool read_duration(struct parser *ps, const char *what, uint64_t *out)
{
	const struct token *t = peek(ps), *next;
	const struct unit *u;
	char text[160];
	size_t digits = 0, points = 0;
	bool whole;

	snprintf(text, sizeof(text), "%s, a duration like 5ms or 1.5s", what);
	if (t->kind != TOKEN_NUMBER)
		return expected(ps, text);
	while (digits < t->len && (t->p[digits] == '.' || (t->p[digits] >= '0' && t->p[digits] <= '9')))
		points += t->p[digits++] == '.';
	if (points > 1)
		return expected(ps, text);
	next = &ps->tok[ps->pos + 1];
	if (digits < t->len) {
		u = find_unit(t->p + digits, t->len - digits);
	} else if (next->kind == TOKEN_WORD && find_unit(next->p, next->len)) {
		u = find_unit(next->p, next->len);
		take(ps);
	} else if (t->len == 1 && *t->p == '0') {
		u = &units[0];
	} else {
		u = NULL;
	}
	if (!u) {
		snprintf(text, sizeof(text), "%s, with a unit: ns, us, ms or s", what);
		return expected(ps, text);
	}
	if (!scale(t->p, digits, u->ns, out, &whole))
		return wrong(ps, t->place, whole ?
			     "found `%.*s%s`, expected at most a million seconds" :
			     "found `%.*s%s`, expected a whole number of nanoseconds",
			     digits > 40 ? 40 : (int)digits, t->p, u->name);
	take(ps);
	return true;
}

/* The number behind `cpu`; whether the machine has that CPU is judged later. */
bool read_cpu(struct parser *ps, int32_t *cpu, struct scenario_place *place)
{
	uint64_t n;

	*place = peek(ps)->place;
	if (!read_number(ps, "a CPU", 0, MACHINE_MAX_CPUS - 1, &n))
		return false;
	*cpu = n;
	return true;
}

/* The text between quotes, with its backslashes resolved. */
bool read_text(struct parser *ps, const char *what, const char **out)
{
	const struct token *t = peek(ps);
	char *text;
	uint32_t i, n = 0;

	if (t->kind != TOKEN_TEXT)
		return expected(ps, what);
	text = store_alloc(ps, t->len);
	for (i = 1; i + 1 < t->len; i++) {
		if (t->p[i] == '\\')
			i++;
		text[n++] = t->p[i];
	}
	take(ps);
	*out = text;
	return true;
}

/* Words that could be mistaken for a name inside a line, or for the beginning of one. */
static bool reserved_word(const char *name, size_t len)
{
	static const char *const inner[] = {
		"on", "after", "times", "cpu", "start", "create", "singlethread", "ordered",
		"max_active", "flags", "engine", "of", "to", "up", "down", "off", NULL
	};
	const char *const *const lists[] = { inner, top_words(), step_words() };
	size_t i, j;

	for (i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		for (j = 0; lists[i][j]; j++)
			if (strlen(lists[i][j]) == len && !memcmp(lists[i][j], name, len))
				return true;
	return false;
}

static bool read_range(struct parser *ps, struct use *use)
{
	uint64_t from, to;

	if (!read_number(ps, "where the range begins", 0, 999999, &from))
		return false;
	if (!accept(ps, ".."))
		return expected(ps, "`..` as in w[0..3]");
	if (!read_number(ps, "where the range ends", from, 999999, &to))
		return false;
	if (!accept(ps, "]"))
		return expected(ps, "`]`");
	use->ranged = true;
	use->from = from;
	use->to = to;
	return true;
}

static bool read_names(struct parser *ps, const char *what, bool blanks, struct uses *out)
{
	struct use *use;
	bool comma = true;

	while ((comma || blanks) && peek(ps)->kind == TOKEN_WORD &&
	       !reserved_word(peek(ps)->p, peek(ps)->len)) {
		use = STORE_PUSH(ps, *out);
		use->name = *take(ps);
		if (accept(ps, "[") && !read_range(ps, use))
			return false;
		comma = accept(ps, ",");
	}
	if (out->nr && !comma)
		return true;
	if (peek(ps)->kind == TOKEN_WORD)
		return wrong(ps, peek(ps)->place, "found `%.*s`, which is a word of the language; expected %s",
			     (int)peek(ps)->len, peek(ps)->p, what);
	return expected(ps, what);
}

/* Names, each maybe with a range, divided by blanks or commas; at least one. */
bool read_uses(struct parser *ps, const char *what, struct uses *out)
{
	return read_names(ps, what, true, out);
}

/*
 * Names to be declared.  Commas have to stand between them: otherwise a
 * misspelt word behind the names would silently become one more object.
 */
bool read_new_names(struct parser *ps, const char *what, struct uses *out)
{
	return read_names(ps, what, false, out);
}

/* Report the next token where one of a few words should stand. */
bool expected_one_of(struct parser *ps, const char *const *words, const char *what)
{
	const struct token *t = peek(ps);
	const char *near = t->kind == TOKEN_WORD ? nearest_word(t->p, t->len, words) : NULL;
	char buf[64];

	if (!near || token_is(t, near))
		return expected(ps, what);
	return wrong(ps, t->place, "found %s, which means nothing here; did you mean `%s`?",
		     token_text(t, buf, sizeof(buf)), near);
}

/*
 * The same behind a list of names, where a misspelt word has been taken for one
 * more name: `queue w0 onn q0`.  What is declared already is meant as it stands.
 */
bool expected_behind(struct parser *ps, const struct uses *names, const char *const *words,
		     const char *what)
{
	uint32_t i;

	for (i = names->nr - 1; i > 0; i--) {
		const struct token *t = &names->list[i].name;
		const char *near = nearest_word(t->p, t->len, words);
		char buf[64];

		if (near && !names->list[i].ranged && !names_find(ps, t->p, t->len))
			return wrong(ps, t->place, "found %s, expected %s; did you mean `%s`?",
				     token_text(t, buf, sizeof(buf)), what, near);
	}
	return expected_one_of(ps, words, what);
}
