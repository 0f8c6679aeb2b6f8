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
 *	wqtwin -j 2                two at a time
 *	wqtwin -H 'queue*'         and tell the hash of every run on the simulated machine
 *	gdb --args wqtwin -1 queue_cmwq/in_order
 *
 * Each test is a process of its own that must end within its time.  With -j several lanes,
 * processes too, take the tests in turn; what a test says comes in one piece, on stdout:
 *
 *	wqtwin --fork--> lane: the next test --fork--> test
 *	       --fork--> lane: the next test --fork--> test
 */
#include <errno.h>
#include <fnmatch.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
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

struct plan {
	const struct wqtest_entry **tests;
	size_t nr;
	unsigned int seconds, times;
	bool here;
};

/* What the lanes share. */
struct tally {
	size_t next;			/* the first test that nobody has taken */
	unsigned int passed, failed;
};

/* Once, or many times until it fails; then say which time it was. */
static int repeat(const struct plan *plan, const struct wqtest_entry *e)
{
	for (unsigned int i = 1; i <= plan->times; i++) {
		if (!run_test(e, plan->here, plan->seconds))
			continue;
		if (plan->times > 1)
			fprintf(stderr, "the %u. time\n", i);
		return 1;
	}
	return 0;
}

/* Run the next test that nobody has taken; false: there is none. */
static bool run_next(const struct plan *plan, struct tally *tally)
{
	size_t i = __atomic_fetch_add(&tally->next, 1, __ATOMIC_RELAXED);
	const struct wqtest_entry *e;
	int status;

	if (i >= plan->nr)
		return false;
	e = plan->tests[i];
	status = repeat(plan, e);
	__atomic_fetch_add(status ? &tally->failed : &tally->passed, 1, __ATOMIC_RELAXED);
	printf("%s %s/%s\n", status ? "FAIL" : "ok  ", e->suite, e->name);
	return true;
}

/* Pass on what stands in a file, and empty it. */
static bool pass_on(int from, int to)
{
	char buf[4096];
	ssize_t n;

	if (lseek(from, 0, SEEK_SET))
		return false;
	while ((n = read(from, buf, sizeof(buf))) > 0)
		for (ssize_t at = 0, out; at < n; at += out) {
			out = write(to, buf + at, n - at);
			if (out < 0)
				return false;
		}
	return !n && !ftruncate(from, 0) && !lseek(from, 0, SEEK_SET);
}

/* One lane, to its end.  Who speaks holds the lock of the gate, which ends with the process. */
static bool run_lane(const struct plan *plan, struct tally *tally, int gate)
{
	FILE *said = tmpfile();
	int out = dup(STDOUT_FILENO);
	bool ok = said && out >= 0 && dup2(fileno(said), STDOUT_FILENO) >= 0 &&
		  dup2(fileno(said), STDERR_FILENO) >= 0;

	while (ok && run_next(plan, tally)) {
		fflush(NULL);
		ok = !lockf(gate, F_LOCK, 0) && pass_on(fileno(said), out) && !lockf(gate, F_ULOCK, 0);
	}
	return ok;
}

/* False: a lane broke down, and some tests may not have been run. */
static bool run_lanes(const struct plan *plan, struct tally *tally, unsigned int jobs)
{
	FILE *gate = tmpfile();
	bool ok = gate;
	int status;

	for (unsigned int i = 0; ok && i < jobs; i++) {
		pid_t lane;

		fflush(NULL);
		lane = fork();
		if (!lane)
			_exit(!run_lane(plan, tally, fileno(gate)));
		ok = lane > 0;
	}
	while (wait(&status) > 0)
		ok &= !status;
	if (!ok)
		fprintf(stderr, "wqtwin: a lane broke down\n");
	if (gate)
		fclose(gate);
	return ok;
}

static int run_all(const struct plan *plan, unsigned int jobs)
{
	struct tally *tally = mmap(NULL, sizeof(*tally), PROT_READ | PROT_WRITE,
				   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	bool ok = true;
	int status;

	if (tally == MAP_FAILED) {
		fprintf(stderr, "wqtwin: no memory\n");
		return 1;
	}
	if (jobs > 1)
		ok = run_lanes(plan, tally, jobs);
	else
		while (run_next(plan, tally))
			;
	printf("wqtwin: %u tests, %u passed, %u failed\n", tally->passed + tally->failed,
	       tally->passed, tally->failed);
	status = !ok || tally->failed || !plan->nr;
	munmap(tally, sizeof(*tally));
	return status;
}

static int usage(int status)
{
	fprintf(status ? stderr : stdout,
		"usage: wqtwin [-l] [-1 | -j jobs] [-s] [-H] [-t seconds] [-r times | -x schedules [-e strategy]] [suite-or-suite/name glob ...]\n"
		"  -l  list the tests\n"
		"  -1  run in this process, without fork and time limit (for gdb)\n"
		"  -j  so many at a time (1)\n"
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
	struct plan plan = { .times = 1 };
	bool list = false, soak = false, explore = false;
	unsigned int jobs = 1;
	int c, status = 0;

	while ((c = getopt(argc, argv, "l1j:sHt:r:x:e:h")) != -1) {
		switch (c) {
		case 'l': list = true; break;
		case '1': plan.here = true; break;
		case 'j': jobs = strtoul(optarg, NULL, 10); break;
		case 's': soak = true; break;
		case 'H': setenv("WQTEST_HASHES", "1", 1); break;
		case 't': plan.seconds = strtoul(optarg, NULL, 10); break;
		case 'r': plan.times = strtoul(optarg, NULL, 10); break;
		case 'x': explore = true; setenv("WQTEST_SCHEDULES", optarg, 1); break;
		case 'e': setenv("WQTEST_STRATEGY", optarg, 1); break;
		case 'h': return usage(0);
		default: return usage(2);
		}
	}

	plan.tests = calloc(wqtest_count() + 1, sizeof(*plan.tests));
	if (!plan.tests) {
		fprintf(stderr, "wqtwin: no memory\n");
		return 1;
	}
	for (size_t i = 0; i < wqtest_count(); i++) {
		const struct wqtest_entry *e = wqtest_entry(i);

		if (wanted(e, argv + optind, soak) && !(explore && (!e->opt.any_order || e->native)))
			plan.tests[plan.nr++] = e;
	}
	for (size_t i = 0; list && i < plan.nr; i++)
		printf("%s/%s\n", plan.tests[i]->suite, plan.tests[i]->name);
	if (!list)
		status = run_all(&plan, plan.here ? 1 : jobs);
	free(plan.tests);
	return status;
}
