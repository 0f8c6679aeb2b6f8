/* SPDX-License-Identifier: GPL-2.0-only */
/**
 * @file
 * Small helpers of the command: memory that never comes back NULL, texts that
 * grow, times as people read them, and an output that notices a full disk.
 */
#ifndef WQLAB_UTIL_H
#define WQLAB_UTIL_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Room that time_text() needs at most. */
#define TIME_TEXT_LEN	32

/** The exit codes of the command. */
enum exit_code {
	EXIT_FINE,		/**< all runs ended well */
	EXIT_VERDICT,		/**< a run ended with a verdict other than OK */
	EXIT_TROUBLE,		/**< usage, scenario, configuration, output */
};

/** A text that grows. */
struct text {
	char *s;		/**< the text; NULL while empty */
	size_t len;		/**< without the NUL */
	size_t room;		/**< bytes allocated */
};

/**
 * Make room for an array; ends the program if there is no memory.
 * @param p what it was before, or NULL
 * @param n how many members
 * @param size of one
 * @return the array
 */
void *xrealloc(void *p, size_t n, size_t size);

/** xrealloc() from nothing, zeroed. @param n how many @param size of one @return the array */
void *xcalloc(size_t n, size_t size);

/** Copy a string. @param s which @return the copy, the caller's to free() */
char *xstrdup(const char *s);

/**
 * Print into fresh memory.
 * @param fmt as printf
 * @return the text, the caller's to free()
 */
char *xasprintf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/** Append to a text. @param t which @param fmt as printf */
void text_add(struct text *t, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/** text_add() with its arguments in a list. @param t which @param fmt as printf @param ap they */
void text_vadd(struct text *t, const char *fmt, va_list ap);

/** Make a text empty but a string again, keeping its memory. @param t which */
void text_clear(struct text *t);

/** Give a text back and make it empty. @param t which */
void text_free(struct text *t);

/**
 * A time in milliseconds with no more digits than it has: "5", "0.5", "0.000001".
 * @param ns the time
 * @param buf room for #TIME_TEXT_LEN bytes
 * @return @p buf
 */
const char *time_text(uint64_t ns, char *buf);

/** How many columns a UTF-8 text takes. @param s the text @return characters in it */
size_t text_columns(const char *s);

/**
 * Print a text in a field of a fixed width, cut with "~" if it is too long.
 * @param s the text
 * @param width columns
 * @param right whether to align it right
 */
void put_field(const char *s, size_t width, bool right);

/**
 * Print a text that may be long, broken between words, and a newline.
 * @param s the text
 * @param indent where it begins, and where all lines but the first are indented to
 * @param width columns of a line
 */
void put_wrapped(const char *s, size_t indent, size_t width);

/** Say on standard error what went wrong, after "wqlab: ". @param fmt as printf */
void complain(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/** @return whether some of what was printed so far could not be written */
bool output_failed(void);

/**
 * Push out what was printed.
 * @return false, with a complaint, if not all of it could be written
 */
bool output_done(void);

#endif
