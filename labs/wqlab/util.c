// SPDX-License-Identifier: GPL-2.0-only
/*
 * Small helpers of the command; see util.h.
 *
 * Standard output goes through stdio and is checked once, at the end of a
 * command: a stream remembers that a write failed.  A reader who closed the
 * pipe (`wqlab run ... | head`) has seen enough, so that failure is silent.
 *
 * Nothing is shared and nothing is locked: the command has one thread, and the
 * machine's own threads are gone when it prints.
 *
 * Read next: main.c.
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "util.h"

static void no_memory(void)
{
	fputs("wqlab: out of memory\n", stderr);
	exit(EXIT_TROUBLE);
}

void *xrealloc(void *p, size_t n, size_t size)
{
	/* One byte at least: NULL means failure and nothing else. */
	void *q = reallocarray(p, n ? n : 1, size);

	if (!q)
		no_memory();
	return q;
}

void *xcalloc(size_t n, size_t size)
{
	void *q = calloc(n ? n : 1, size);

	if (!q)
		no_memory();
	return q;
}

char *xstrdup(const char *s)
{
	char *q = strdup(s);

	if (!q)
		no_memory();
	return q;
}

void text_vadd(struct text *t, const char *fmt, va_list ap)
{
	va_list again;
	int need;

	va_copy(again, ap);
	need = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	if (need < 0)
		no_memory();
	if (t->len + (size_t)need + 1 > t->room) {
		t->room = 2 * t->room + (size_t)need + 1;
		t->s = xrealloc(t->s, t->room, 1);
	}
	vsnprintf(t->s + t->len, t->room - t->len, fmt, ap);
	t->len += (size_t)need;
}

void text_add(struct text *t, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	text_vadd(t, fmt, ap);
	va_end(ap);
}

void text_clear(struct text *t)
{
	t->len = 0;
	text_add(t, "%s", "");
}

void text_free(struct text *t)
{
	free(t->s);
	*t = (struct text){0};
}

char *xasprintf(const char *fmt, ...)
{
	struct text t = {0};
	va_list ap;

	va_start(ap, fmt);
	text_vadd(&t, fmt, ap);
	va_end(ap);
	return t.s;
}

const char *time_text(uint64_t ns, char *buf)
{
	int len = snprintf(buf, TIME_TEXT_LEN, "%llu.%06llu",
			   (unsigned long long)(ns / 1000000),
			   (unsigned long long)(ns % 1000000));

	while (buf[len - 1] == '0')
		buf[--len] = '\0';
	if (buf[len - 1] == '.')
		buf[--len] = '\0';
	return buf;
}

/* In UTF-8 every byte but 10xxxxxx begins a character. */
static bool begins_character(char c)
{
	return (c & 0xc0) != 0x80;
}

size_t text_columns(const char *s)
{
	size_t n = 0;

	for (; *s; s++)
		n += begins_character(*s);
	return n;
}

void put_field(const char *s, size_t width, bool right)
{
	size_t have = text_columns(s), n = 0;

	if (have > width) {
		for (; *s && (n + 1 < width || !begins_character(*s)); s++) {
			n += begins_character(*s);
			putchar(*s);
		}
		if (width)
			putchar('~');
		return;
	}
	if (right)
		printf("%*s", (int)(width - have), "");
	fputs(s, stdout);
	if (!right)
		printf("%*s", (int)(width - have), "");
}

void put_wrapped(const char *s, size_t indent, size_t width)
{
	size_t col = indent;
	bool first = true;

	while (*s) {
		size_t len = strcspn(s, " \n");
		char *word = xasprintf("%.*s", (int)len, s);
		size_t wide = text_columns(word);

		if (!first && col + 1 + wide > width) {
			printf("\n%*s", (int)indent, "");
			col = indent;
			first = true;
		}
		if (!first) {
			putchar(' ');
			col++;
		}
		fputs(word, stdout);
		free(word);
		col += wide;
		first = false;
		s += len;
		s += strspn(s, " \n");
	}
	putchar('\n');
}

void complain(const char *fmt, ...)
{
	va_list ap;

	/* What stands on the screen so far came first. */
	fflush(stdout);
	fputs("wqlab: ", stderr);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
}

bool output_failed(void)
{
	return ferror(stdout) != 0;
}

/* The end of a pipe whose reader has gone away is in error. */
static bool reader_gone(void)
{
	struct pollfd out = { .fd = STDOUT_FILENO };

	return poll(&out, 1, 0) > 0 && out.revents & POLLERR;
}

bool output_done(void)
{
	bool failed;

	errno = 0;
	failed = fflush(stdout) != 0;
	if (!failed && !ferror(stdout))
		return true;
	if (errno != EPIPE && !reader_gone())
		complain("cannot write to standard output: %s",
			 errno ? strerror(errno) : "an earlier write failed");
	return false;
}
