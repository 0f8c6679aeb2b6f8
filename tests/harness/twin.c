// SPDX-License-Identifier: GPL-2.0-only
/*
 * The suite's bodies behind a plain main(), without Criterion: for TSan and
 * valgrind, under which Criterion does not run, for gdb (-1 does not fork, so
 * breakpoints in a body simply work), and for machines that lack Criterion.
 *
 *	wqtwin                     every test of the short list
 *	wqtwin 'queue*' flush_cmwq/colours
 *	wqtwin -s                  the long list too
 *	wqtwin -x 1000             those that hold in any order, under 1000 schedules
 *	wqtwin -r 100 '*_native*'  each 100 times: chance is the host's to give
 *	wqtwin -H 'queue*'         and tell the hash of every run on the simulated machine
 *	gdb --args wqtwin -1 queue_cmwq/in_order
 *
 * Each test is a process of its own that must end within its time.
 */
#include <errno.h>
#include <fnmatch.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "runner.h"

static bool wanted(const struct wqtest_entry *e, char **patterns, bool soak)
{
	char name[256];

	if (!*patterns)
		return soak || !e->opt.soak;
	snprintf(name, sizeof(name), "%s/%s", e->suite, e->name);
	for (; *patterns; patterns++)
		if (!fnmatch(*patterns, name, 0) || !fnmatch(*patterns, e->suite, 0))
			return true;
	return false;
}

static int run_here(const struct wqtest_entry *e)
{
	unsigned int failures = wqtest_run_entry(e);

	if (failures)
		fprintf(stderr, "%s\n", wqtest_report());
	return failures ? 1 : 0;
}

/* The child's exit status; -1 if it was killed. */
static int wait_until(pid_t child, unsigned int seconds)
{
	struct timespec end, now;
	int status;

	clock_gettime(CLOCK_MONOTONIC, &end);
	end.tv_sec += seconds;
	for (;;) {
		const struct timespec pause = { .tv_nsec = 1000000 };
		pid_t got = waitpid(child, &status, WNOHANG);

		if (got == child)
			break;
		clock_gettime(CLOCK_MONOTONIC, &now);
		if (now.tv_sec > end.tv_sec ||
		    (now.tv_sec == end.tv_sec && now.tv_nsec > end.tv_nsec)) {
			kill(child, SIGKILL);
			waitpid(child, &status, 0);
			fprintf(stderr, "not done after %u s\n", seconds);
			return -1;
		}
		nanosleep(&pause, NULL);
	}
	if (WIFSIGNALED(status)) {
		fprintf(stderr, "killed by signal %d (%s)\n", WTERMSIG(status),
			strsignal(WTERMSIG(status)));
		return -1;
	}
	return WEXITSTATUS(status);
}

static int run_forked(const struct wqtest_entry *e, unsigned int seconds)
{
	pid_t child;

	fflush(NULL);
	child = fork();
	if (child < 0) {
		fprintf(stderr, "fork: %s\n", strerror(errno));
		return -1;
	}
	if (!child)
		exit(run_here(e));
	return wait_until(child, seconds);
}

static int run_test(const struct wqtest_entry *e, bool here, unsigned int seconds)
{
	if (here)
		return run_here(e);
	if (!seconds)
		seconds = e->opt.timeout;
	if (!seconds)
		seconds = e->native || wqtest_sanitized() ? WQTEST_TIMEOUT_NATIVE : WQTEST_TIMEOUT;
	return run_forked(e, seconds);
}

/* Once, or many times until it fails; then say which time it was. */
static int repeat(const struct wqtest_entry *e, bool here, unsigned int seconds, unsigned int times)
{
	for (unsigned int i = 1; i <= times; i++) {
		if (!run_test(e, here, seconds))
			continue;
		if (times > 1)
			fprintf(stderr, "the %u. time\n", i);
		return 1;
	}
	return 0;
}

static int usage(int status)
{
	fprintf(status ? stderr : stdout,
		"usage: wqtwin [-l] [-1] [-s] [-H] [-t seconds] [-r times | -x schedules [-e strategy]] [suite-or-suite/name glob ...]\n"
		"  -l  list the tests\n"
		"  -1  run in this process, without fork and time limit (for gdb)\n"
		"  -s  the long list too\n"
		"  -H  print the hash of each simulated machine's run\n"
		"  -t  time limit for each test\n"
		"  -r  each so many times, until it fails\n"
		"  -x  only those that hold in any order, each boot under that many schedules\n"
		"  -e  which: random:SEED (1), pct:SEED, bounded, sleep\n");
	return status;
}

int wqtwin(int argc, char **argv)
{
	bool list = false, here = false, soak = false, explore = false;
	unsigned int seconds = 0, times = 1, ran = 0, failed = 0;
	int c;

	while ((c = getopt(argc, argv, "l1sHt:r:x:e:h")) != -1) {
		switch (c) {
		case 'l': list = true; break;
		case '1': here = true; break;
		case 's': soak = true; break;
		case 'H': setenv("WQTEST_HASHES", "1", 1); break;
		case 't': seconds = strtoul(optarg, NULL, 10); break;
		case 'r': times = strtoul(optarg, NULL, 10); break;
		case 'x': explore = true; setenv("WQTEST_SCHEDULES", optarg, 1); break;
		case 'e': setenv("WQTEST_STRATEGY", optarg, 1); break;
		case 'h': return usage(0);
		default: return usage(2);
		}
	}

	for (size_t i = 0; i < wqtest_count(); i++) {
		const struct wqtest_entry *e = wqtest_entry(i);
		int status;

		if (!wanted(e, argv + optind, soak) ||
		    (explore && (!e->opt.any_order || e->native)))
			continue;
		ran++;
		if (list) {
			printf("%s/%s\n", e->suite, e->name);
			continue;
		}
		status = repeat(e, here, seconds, times);
		if (status)
			failed++;
		printf("%s %s/%s\n", status ? "FAIL" : "ok  ", e->suite, e->name);
	}
	if (list)
		return 0;
	printf("wqtwin: %u tests, %u passed, %u failed\n", ran, ran - failed, failed);
	return failed || !ran;
}
