/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the tests of the scenario language share: reading a text, and tables of
 * texts with the mistakes that are in them.
 *
 * The text is handed over in memory of exactly its size, so that ASan sees a
 * parser that reads on behind it.
 */
#ifndef LABS_TEST_LIBC_H
#define LABS_TEST_LIBC_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "wqtest.h"
#include "labs/wqlab/scenario.h"

#define COUNT(a)	(sizeof(a) / sizeof((a)[0]))

/* What the tests call the texts they hand to the parser. */
#define FILE_NAME	"t.wq"

/* A text and all that is said about it, without the file's name, a line each. */
struct bad {
	const char *text;
	size_t len;
	const char *said;
};

#define BAD(t, s)	{ (t), sizeof(t) - 1, s }

static inline struct scenario *parse(const char *text, size_t len, struct scenario_errors *errs)
{
	char *copy = malloc(len ? len : 1);
	struct scenario *sc;

	memcpy(copy, text, len);
	sc = scenario_parse(FILE_NAME, copy, len, errs);
	free(copy);
	return sc;
}

/* The messages in a row, each without "t.wq:"; what does not begin so is kept. */
static inline const char *messages(const struct scenario_errors *errs, char *buf, size_t size)
{
	const size_t skip = strlen(FILE_NAME ":");
	size_t used = 0;
	unsigned int i;

	buf[0] = '\0';
	for (i = 0; i < errs->nr; i++) {
		const char *text = errs->list[i].text;
		char place[40];

		/* the text begins with the place that is there as a number */
		snprintf(place, sizeof(place), FILE_NAME ":%u:%u: ",
			 errs->list[i].place.line, errs->list[i].place.col);
		if (errs->list[i].place.line)
			CHECK_MSG(!strncmp(text, place, strlen(place)), "\"%s\" has not the place %s",
				  text, place);
		used += snprintf(buf + used, size - used, "%s%s", i ? "\n" : "",
				 strncmp(text, FILE_NAME ":", skip) ? text : text + skip);
	}
	return buf;
}

static inline void check_bad_text(const char *text, size_t len, const char *said)
{
	struct scenario_errors errs;
	struct scenario *sc = parse(text, len, &errs);
	char buf[sizeof(errs.list)];

	messages(&errs, buf, sizeof(buf));
	CHECK_MSG(!sc, "\"%.200s\" was accepted", text);
	CHECK_MSG(!strcmp(buf, said), "of \"%.200s\" was said\n%s\nand not\n%s", text, buf, said);
	scenario_free(sc);
}

static inline void check_bad(const struct bad *table, size_t nr)
{
	for (size_t i = 0; i < nr; i++)
		check_bad_text(table[i].text, table[i].len, table[i].said);
}

/* A text in which there is nothing wrong; NULL, and a failed check, if there is. */
static inline struct scenario *good(const char *text)
{
	struct scenario_errors errs;
	struct scenario *sc = parse(text, strlen(text), &errs);
	char buf[sizeof(errs.list)];

	CHECK_MSG(sc, "of \"%.200s\" was said\n%s", text, messages(&errs, buf, sizeof(buf)));
	return sc;
}

#endif
