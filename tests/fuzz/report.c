// SPDX-License-Identifier: GPL-2.0-only
/*
 * How a failure is told: what is wrong, the input in a file, and the command
 * that does it again.  A crash and a sanitizer's finding are told the same way.
 *
 * Owns the one input that is being judged.  What a signal handler calls uses
 * write() and its own memory only.
 *
 * Read next: main.c.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fuzz.h"

const char *report_folder = "";
struct tally tally;

static struct {
	const struct target *target;
	const char *data;
	size_t len;
	uint64_t seed;
	bool seeded;
	bool told;
} now;

void __sanitizer_set_death_callback(void (*callback)(void)) __attribute__((weak));

void report_input(const struct target *t, const char *data, size_t len)
{
	now.target = t;
	now.data = data;
	now.len = len;
}

void report_seed(uint64_t seed)
{
	now.seed = seed;
	now.seeded = true;
}

static void write_all(int fd, const char *p, size_t len)
{
	while (len) {
		ssize_t n = write(fd, p, len);

		if (n <= 0)
			return;
		p += n;
		len -= n;
	}
}

/* Write the input out and say how to come back here. */
static void tell(void)
{
	char path[512], text[2000];
	int fd, n;

	if (now.told || !now.target || !now.data)
		return;
	now.told = true;
	if (*report_folder) {
		n = snprintf(path, sizeof(path), "%s/wqfuzz-%s-%llu.input", report_folder,
			     now.target->name, (unsigned long long)now.seed);
		fd = n < (int)sizeof(path) ? open(path, O_WRONLY | O_CREAT | O_TRUNC, 0666) : -1;
		if (fd >= 0) {
			write_all(fd, now.data, now.len);
			close(fd);
			n = snprintf(text, sizeof(text), "wqfuzz: its %zu bytes are in %s; again: %s %s %s\n",
				     now.len, path, program_invocation_name, now.target->name, path);
			write_all(STDERR_FILENO, text, n);
		}
	}
	if (now.seeded) {
		n = snprintf(text, sizeof(text), "wqfuzz: seed %llu; again: %s -s %llu -n 1 %s\n",
			     (unsigned long long)now.seed, program_invocation_name, (unsigned long long)now.seed,
			     now.target->name);
		write_all(STDERR_FILENO, text, n);
	}
}

static void on_signal(int signal)
{
	const char *name = sigabbrev_np(signal);

	if (!now.told) {
		write_all(STDERR_FILENO, "wqfuzz: SIG", 11);
		write_all(STDERR_FILENO, name, strlen(name));
		write_all(STDERR_FILENO, "\n", 1);
	}
	tell();
	raise(signal);		/* the handler is gone: this time it ends the program */
}

void report_catch_crashes(void)
{
	static const int crashes[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT };
	struct sigaction sa = { .sa_handler = on_signal, .sa_flags = SA_RESETHAND | SA_NODEFER };

	/* a sanitizer has handlers of its own, and says more */
	if (__sanitizer_set_death_callback) {
		__sanitizer_set_death_callback(tell);
		return;
	}
	for (size_t i = 0; i < COUNT(crashes); i++)
		sigaction(crashes[i], &sa, NULL);
}

void report_failure(const char *fmt, ...)
{
	va_list ap;

	fprintf(stderr, "wqfuzz: %s: ", now.target ? now.target->name : "");
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	tell();
	abort();
}
