// SPDX-License-Identifier: GPL-2.0-only
/*
 * Cutting a line of a scenario into tokens.
 *
 *     queue  w[0..3]  on q0   # three of them
 *     word   word [ number .. number ]   word word   (a comment is skipped)
 *
 * The text has to be UTF-8, but only inside "..." may it be more than ASCII; a
 * comment may hold anything but NUL.  Columns count characters, not bytes, as
 * editors do.  Control characters are refused everywhere, since titles, notes
 * and messages end up on somebody's terminal.
 *
 * Nothing here is shared between threads.  Read next: scenario-terms.c.
 */
#include <stdio.h>
#include <string.h>

#include "scenario-impl.h"

/* Where the lexer stands in the line. */
struct cursor {
	const char *p;
	const char *end;
	struct scenario_place place;
	uint32_t nr;			/* tokens made so far */
};

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/*
 * The length of the UTF-8 character at p and its code in *code; 0 if there is
 * none.  Overlong forms, surrogates and codes beyond Unicode are none.
 */
static unsigned int utf8(const char *p, const char *end, uint32_t *code)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	unsigned char c = *p;
	unsigned int len, i;

	if (c < 0x80) {
		*code = c;
		return 1;
	}
	len = c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : 2;
	if (c < 0xc0 || c >= 0xf8 || (size_t)(end - p) < len)
		return 0;
	*code = c & (0x7f >> len);
	for (i = 1; i < len; i++) {
		if (((unsigned char)p[i] & 0xc0) != 0x80)
			return 0;
		*code = *code << 6 | ((unsigned char)p[i] & 0x3f);
	}
	if (*code < least[len] || *code > 0x10ffff || (*code >= 0xd800 && *code < 0xe000))
		return 0;
	return len;
}

/* Characters that would change what a terminal shows around them. */
static bool is_control(uint32_t code)
{
	return (code < 0x20 && code != '\t') || (code >= 0x7f && code < 0xa0) ||
	       (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
}

static void advance(struct cursor *c, size_t bytes)
{
	c->p += bytes;
	c->place.col++;
}

static void add(struct parser *ps, struct cursor *c, enum token_kind kind, const char *start,
		uint32_t col)
{
	ps->tok[c->nr++] = (struct token) {
		.kind = kind,
		.p = start,
		.len = c->p - start,
		.place = { c->place.line, col },
	};
}

/* One character that is understood in a text, or a report why it is not. */
static bool lex_character(struct parser *ps, struct cursor *c)
{
	uint32_t code;
	unsigned int len = utf8(c->p, c->end, &code);

	if (!len)
		return wrong(ps, c->place, "found the byte 0x%02x, which is not UTF-8; expected text",
			     (unsigned char)*c->p);
	if (is_control(code))
		return wrong(ps, c->place, "found the control character U+%04X, expected text", code);
	advance(c, len);
	return true;
}

static bool lex_text(struct parser *ps, struct cursor *c)
{
	const char *start = c->p;
	struct scenario_place open = c->place;

	for (advance(c, 1); c->p < c->end && *c->p != '"';) {
		if (*c->p == '\\') {
			if (c->p + 1 == c->end || (c->p[1] != '"' && c->p[1] != '\\'))
				return wrong(ps, c->place,
					     "found a backslash, expected \\\" or \\\\ here");
			advance(c, 1);
		}
		if (!lex_character(ps, c))
			return false;
	}
	if (c->p == c->end)
		return wrong(ps, open, "the text that begins here is not closed, expected \" before the end of the line");
	advance(c, 1);
	if (c->p - start - 2 > SCENARIO_MAX_TEXT)
		return wrong(ps, open, "found a text of %zu bytes, expected at most %d",
			     (size_t)(c->p - start - 2), SCENARIO_MAX_TEXT);
	add(ps, c, TOKEN_TEXT, start, open.col);
	return true;
}

static void lex_word(struct parser *ps, struct cursor *c)
{
	const char *start = c->p;
	uint32_t col = c->place.col;

	while (c->p < c->end && (is_letter(*c->p) || is_digit(*c->p) || *c->p == '-'))
		advance(c, 1);
	add(ps, c, TOKEN_WORD, start, col);
}

/* A number takes along what is glued to it, so that "5mss" is one mistake. */
static void lex_number(struct parser *ps, struct cursor *c)
{
	const char *start = c->p;
	uint32_t col = c->place.col;

	while (c->p < c->end) {
		bool point = *c->p == '.' && c->p + 1 < c->end && is_digit(c->p[1]);

		if (!point && !is_digit(*c->p) && !is_letter(*c->p))
			break;
		advance(c, 1);
	}
	add(ps, c, TOKEN_NUMBER, start, col);
}

static bool lex_other(struct parser *ps, struct cursor *c)
{
	const char *start = c->p;
	uint32_t col = c->place.col, code;
	unsigned int len;

	if (memchr(",=|[]", *c->p, 5)) {
		advance(c, 1);
		add(ps, c, TOKEN_SIGN, start, col);
		return true;
	}
	if (*c->p == '.' && c->p + 1 < c->end && c->p[1] == '.') {
		advance(c, 1);
		advance(c, 1);
		add(ps, c, TOKEN_SIGN, start, col);
		return true;
	}
	len = utf8(c->p, c->end, &code);
	if (len && code >= 0x201c && code <= 0x201f)
		return wrong(ps, c->place, "found `%.*s`, expected a plain \"", (int)len, c->p);
	if (!lex_character(ps, c))
		return false;
	c->place.col = col;
	return wrong(ps, c->place, "found `%.*s`, expected a word, a number, a text in \"...\" or a comment after #",
		     (int)len, start);
}

/* Up to the next blank or comment, much as a shell would; but nothing is quoted. */
static bool lex_shell(struct parser *ps, struct cursor *c)
{
	const char *start = c->p;
	uint32_t col = c->place.col;

	while (c->p < c->end && *c->p != ' ' && *c->p != '\t' && *c->p != '#') {
		if (*c->p == '"' || *c->p == '\\')
			return wrong(ps, c->place, "found `%c`, expected a word without quotes", *c->p);
		if (!lex_character(ps, c))
			return false;
	}
	add(ps, c, TOKEN_SHELL, start, col);
	return true;
}

/* Behind these words stands what a shell would understand. */
static bool is_shell_word(const struct token *t)
{
	return token_is(t, "echo") || token_is(t, "cat");
}

/* Cut the line into ps->tok.  The line comes without its newline. */
bool lex_line(struct parser *ps, const char *p, size_t len)
{
	struct cursor c = { .p = p, .end = p + len, .place = { ps->line, 1 } };
	bool ok = true, shell = false;

	ps->pos = 0;
	while (ok && c.p < c.end && *c.p != '#') {
		if (*c.p == ' ' || *c.p == '\t')
			advance(&c, 1);
		else if (shell)
			ok = lex_shell(ps, &c);
		else if (is_letter(*c.p))
			lex_word(ps, &c);
		else if (is_digit(*c.p))
			lex_number(ps, &c);
		else if (*c.p == '"')
			ok = lex_text(ps, &c);
		else
			ok = lex_other(ps, &c);
		shell = shell || (c.nr && is_shell_word(&ps->tok[c.nr - 1]));
	}
	add(ps, &c, TOKEN_END, c.p, c.place.col);
	ps->tok[c.nr - 1].len = 0;
	return ok;
}

const struct token *peek(const struct parser *ps)
{
	return &ps->tok[ps->pos];
}

/* The next token; the end of the line is never passed. */
const struct token *take(struct parser *ps)
{
	const struct token *t = peek(ps);

	if (t->kind != TOKEN_END)
		ps->pos++;
	return t;
}

bool token_is(const struct token *t, const char *word)
{
	return (t->kind == TOKEN_WORD || t->kind == TOKEN_SIGN) && strlen(word) == t->len &&
	       !memcmp(t->p, word, t->len);
}

/* Take the next token if it is this word or sign. */
bool accept(struct parser *ps, const char *word)
{
	if (!token_is(peek(ps), word))
		return false;
	ps->pos++;
	return true;
}

/* A token as messages show it; a long one is cut. */
const char *token_text(const struct token *t, char *buf, size_t size)
{
	int len = t->len > 40 ? 40 : t->len;

	if (t->kind == TOKEN_END) {
		snprintf(buf, size, "the end of the line");
		return buf;
	}
	while (len && len < (int)t->len && ((unsigned char)t->p[len] & 0xc0) == 0x80)
		len--;			/* not in the middle of a character */
	snprintf(buf, size, "`%.*s%s`", len, t->p, len < (int)t->len ? "..." : "");
	return buf;
}

/* Report that the next token is not what should stand there. */
bool expected(struct parser *ps, const char *what)
{
	const struct token *t = peek(ps);
	char buf[64];

	return wrong(ps, t->place, "found %s, expected %s", token_text(t, buf, sizeof(buf)), what);
}

bool line_end(struct parser *ps)
{
	return peek(ps)->kind == TOKEN_END || expected(ps, "the end of the line");
}
