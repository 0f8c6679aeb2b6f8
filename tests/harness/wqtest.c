// SPDX-License-Identifier: GPL-2.0-only
/*
 * Runs one test and keeps what its checks found.
 *
 * Owns the list of failures: the first MAX_FAILURES texts and the count of all.
 * It lives in the libc world, so no boot of a machine puts it back, and a check
 * may add to it from any task.  A task never jumps out to the test runner: it
 * stops its machine, machine_run() returns to the body, and the runner reads
 * the list when the body is done.
 *
 * Locking: the slot is taken by one atomic increment, the text is written by
 * who took it, and it is read only after the body.
 *
 * Read next: mkshim.sh and twin.c, the two ways to call wqtest_run().
 */
#include <dirent.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "runner.h"

#define MAX_FAILURES	20
#define NATIVE_HUNG_NS	UINT64_C(60000000000)	/* a starved thread is not a hung one */
#define NATIVE_SHARE	20			/* of the seeds, one in so many; also under TSan */

extern void __tsan_init(void) __attribute__((weak));
extern void __asan_init(void) __attribute__((weak));
extern const struct wqtest_entry *const __start_wqlab_tests[] __attribute__((weak));
extern const struct wqtest_entry *const __stop_wqlab_tests[] __attribute__((weak));

int __lsan_do_recoverable_leak_check(void) __attribute__((weak));

/*
 * Each test looks for leaks when its body is done; at the end of the process
 * there would only be those of Criterion itself.
 */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
	return "leak_check_at_exit=0";
}

static char failures[MAX_FAILURES][4096];
static atomic_uint nr_failures;
static const struct wqtest_entry *current_test;
static char report[MAX_FAILURES * 4100];

size_t wqtest_count(void)
{
	return __stop_wqlab_tests - __start_wqlab_tests;
}

const struct wqtest_entry *wqtest_entry(size_t i)
{
	return __start_wqlab_tests[i];
}

const char *wqtest_engine(void)
{
	return current_test ? current_test->engine : NULL;
}

bool wqtest_native(void)
{
	return current_test && current_test->native;
}

bool wqtest_sanitized(void)
{
	return __tsan_init || __asan_init;
}

bool wqtest_same(const char *a, const char *b)
{
	return a == b || (a && b && !strcmp(a, b));
}

void wqtest_fail(const char *file, int line, const char *fmt, ...)
{
	unsigned int slot = atomic_fetch_add(&nr_failures, 1);
	char spare[4096], *text = slot < MAX_FAILURES ? failures[slot] : spare;
	va_list args;
	int n;

	n = snprintf(text, sizeof(spare), "%s:%d: ", file, line);
	va_start(args, fmt);
	vsnprintf(text + n, sizeof(spare) - n, fmt, args);
	va_end(args);

	if (machine_running())
		machine_stop(VERDICT_FAILED, text);
}

int wqtest_sim_run(const char *file, int line, const struct machine_config *cfg,
		   int (*fn)(void *), void *arg, struct machine_result *res)
{
	struct machine_config with = *cfg;
	bool native = cfg->kind && !strcmp(cfg->kind, "native");
	int err;

	if (!with.invariants)
		with.invariants = getenv("WQTEST_INVARIANTS");
	if (!with.carrier && !native)
		with.carrier = getenv("WQTEST_CARRIER");
	err = machine_run(&with, fn, arg, res);

	if (err)
		wqtest_fail(file, line, "the machine refused to boot: %s",
			    machine_error());
	else if (getenv("WQTEST_HASHES") && !native)
		printf("%016llx %llu steps\n", (unsigned long long)res->hash, (unsigned long long)res->steps);
	return err;
}

struct machine_config wqtest_config(unsigned int cpus)
{
	struct machine_config cfg = {
		.kind = wqtest_native() ? "native" : "sim",
		.engines = wqtest_engine(),
		.cpus = cpus,
		.quiet = true,
	};

	if (getenv("WQTEST_STOP_AT"))
		cfg.stop_at = strtoull(getenv("WQTEST_STOP_AT"), NULL, 10);
	if (wqtest_native())
		cfg.hung_task_ns = NATIVE_HUNG_NS;
	else if (current_test && current_test->opt.any_order)
		cfg.explore = getenv("WQTEST_EXPLORE");
	return cfg;
}

/* Many schedules in place of one; the test goes on with what the last one left. */
static enum verdict boot_explored(const char *file, int line, const struct machine_config *cfg,
				  const struct explore_config *how, int (*fn)(void *), void *arg)
{
	const struct explore_state *st = wqtest_explore(file, line, cfg, how, fn, arg);

	if (wqtest_searched)
		wqtest_searched(st);
	if (!st->failed)
		return VERDICT_OK;
	wqtest_fail(file, line, "%s, the %llu. schedule: %s\nwith WQTEST_EXPLORE='%s'", how->strategy,
		    (unsigned long long)st->met_after, st->headline, wqtest_replay(st));
	return st->verdict;
}

enum verdict wqtest_boot(const char *file, int line, const struct machine_config *cfg,
			 int (*fn)(void *), void *arg)
{
	const char *under = cfg->explore ? cfg->explore : "";
	const char *colon = cfg->explore ? ": " : "";
	unsigned int before = atomic_load(&nr_failures);
	struct explore_config how = { 0 };
	struct machine_result res;
	enum verdict verdict;

	if (current_test && current_test->opt.any_order && !cfg->explore && !wqtest_native() &&
	    wqtest_searching(&how))
		return boot_explored(file, line, cfg, &how, fn, arg);
	if (wqtest_sim_run(file, line, cfg, fn, arg, &res))
		return VERDICT_FAILED;

	verdict = res.verdict;
	if (atomic_load(&nr_failures) != before)
		;	/* a check inside has said what is wrong */
	else if (verdict != VERDICT_OK)
		wqtest_fail(file, line, "%s%sverdict %s\n%s", under, colon,
			    verdict_name(verdict), res.report);
	else if (res.ret)
		wqtest_fail(file, line, "%s%sthe first task returned %d", under, colon, res.ret);
	else if (res.warnings)
		wqtest_fail(file, line, "%s%s%u warnings\n%s", under, colon, res.warnings,
			    res.log);
	machine_result_free(&res);
	return verdict;
}

void wqtest_seeds(const char *file, int line, const struct machine_config *cfg,
		  int (*fn)(void *), unsigned long first, unsigned long last)
{
	struct machine_config seeded = *cfg;
	unsigned int before = atomic_load(&nr_failures);
	char explore[32];

	if (wqtest_native() || __tsan_init)
		last = first + (last - first) / NATIVE_SHARE;
	if (!wqtest_native())
		seeded.explore = explore;
	for (unsigned long seed = first; seed <= last; seed++) {
		snprintf(explore, sizeof(explore), "random:%lu", seed);
		wqtest_boot(file, line, &seeded, fn, (void *)seed);
		if (atomic_load(&nr_failures) == before)
			continue;
		wqtest_fail(file, line, "seed %lu", seed);
		return;
	}
}

static void *nothing(void *arg)
{
	return arg;
}

/* ThreadSanitizer has a thread of its own from the first other one on; it is not to count. */
static void start_sanitizer(void)
{
	pthread_t thread;

	if (__tsan_init && !pthread_create(&thread, NULL, nothing, NULL))
		pthread_join(thread, NULL);
}

static int count_threads(void)
{
	DIR *dir = opendir("/proc/self/task");
	struct dirent *d;
	int n = 0;

	if (!dir)
		return -1;
	while ((d = readdir(dir)))
		n += d->d_name[0] != '.';
	closedir(dir);
	return n;
}

/*
 * A joined thread may still be listed for a moment, so ask again before
 * believing that it was left behind.
 */
static void check_threads(int before)
{
	const struct timespec pause = { .tv_nsec = 2000000 };
	int now = 0;

	for (int tries = 0; tries < 500; tries++) {
		now = count_threads();
		if (now <= before)
			return;
		nanosleep(&pause, NULL);
	}
	wqtest_fail(__FILE__, __LINE__, "%d threads left behind", now - before);
}

static void write_report(void)
{
	unsigned int all = atomic_load(&nr_failures);
	size_t used = 0;

	report[0] = '\0';
	for (unsigned int i = 0; i < all && i < MAX_FAILURES; i++)
		used += snprintf(report + used, sizeof(report) - used, "%s%s",
				 i ? "\n" : "", failures[i]);
	if (all > MAX_FAILURES)
		snprintf(report + used, sizeof(report) - used,
			 "\n... and %u more", all - MAX_FAILURES);
}

/* Sets the report; the number of failures that count. */
static unsigned int judge(const struct wqtest_entry *e)
{
	write_report();
	if (!e->opt.fails)
		return atomic_load(&nr_failures);
	if (strstr(report, e->opt.fails))
		return 0;
	atomic_store(&nr_failures, 0);
	wqtest_fail(__FILE__, __LINE__, "this test must fail with \"%s\"; it said \"%s\"",
		    e->opt.fails, report);
	write_report();
	return 1;
}

static void listen_to(pid_t pid, int fd, struct wqtest_child *child)
{
	char rest[512];
	struct rusage used;
	size_t len = 0;
	ssize_t n;
	int status;

	/* Also what does not fit is read, lest the child waits for that. */
	while ((n = len < sizeof(child->said) - 1
		    ? read(fd, child->said + len, sizeof(child->said) - 1 - len)
		    : read(fd, rest, sizeof(rest))) > 0)
		len += len < sizeof(child->said) - 1 ? (size_t)n : 0;
	child->said[len] = '\0';
	wait4(pid, &status, 0, &used);
	child->status = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
	child->peak_kib = used.ru_maxrss;
}

void wqtest_apart(int (*fn)(void *), void *arg, struct wqtest_child *child)
{
	pid_t pid;
	int fds[2];

	*child = (struct wqtest_child){ .status = -1 };
	if (pipe(fds))
		return wqtest_fail(__FILE__, __LINE__, "no pipe");
	fflush(NULL);
	pid = fork();
	if (!pid) {
		int ret;

		dup2(fds[1], STDERR_FILENO);
		close(fds[0]);
		close(fds[1]);
		atomic_store(&nr_failures, 0);
		ret = fn(arg);
		write_report();
		fputs(report, stderr);
		ret = atomic_load(&nr_failures) ? 1 : ret;
		/* Criterion has something to do in exit(), in the parent alone; TSan there counts its reports. */
		if (__tsan_init)
			exit(ret);
		_exit(ret);
	}
	close(fds[1]);
	if (pid > 0)
		listen_to(pid, fds[0], child);
	else
		wqtest_fail(__FILE__, __LINE__, "no process");
	close(fds[0]);
}

static int call_body(void *arg)
{
	((const struct wqtest_entry *)arg)->body();
	return 0;
}

/* The native machine ends its process when a check fails; so let that be another one. */
static void run_body_apart(const struct wqtest_entry *e)
{
	struct wqtest_child child;

	wqtest_apart(call_body, (void *)e, &child);
	if (child.status)
		wqtest_fail(__FILE__, __LINE__, "status %d, %s", child.status, child.said);
}

unsigned int wqtest_run_entry(const struct wqtest_entry *e)
{
	int threads;

	start_sanitizer();
	/* Criterion's worker has a thread of its own. */
	threads = count_threads();
	current_test = e;
	atomic_store(&nr_failures, 0);
	if (e->native && e->opt.fails)
		run_body_apart(e);
	else
		e->body();
	if (machine_running())
		wqtest_fail(__FILE__, __LINE__, "a machine is still running");
	check_threads(threads);
	if (__lsan_do_recoverable_leak_check && __lsan_do_recoverable_leak_check())
		wqtest_fail(__FILE__, __LINE__, "memory leaked (the report is above)");
	current_test = NULL;
	return judge(e);
}

unsigned int wqtest_run(const char *suite, const char *name)
{
	for (size_t i = 0; i < wqtest_count(); i++) {
		const struct wqtest_entry *e = wqtest_entry(i);

		if (!strcmp(e->suite, suite) && !strcmp(e->name, name))
			return wqtest_run_entry(e);
	}
	snprintf(report, sizeof(report), "no body for %s/%s in this binary", suite, name);
	return 1;
}

const char *wqtest_report(void)
{
	return report;
}

void wqtest_set_report(const char *text)
{
	snprintf(report, sizeof(report), "%s", text);
}
