// SPDX-License-Identifier: GPL-2.0-only
/*
 * The judge of the tests: are the planted faults noticed?
 *
 * The binary holds all bodies, and the engines and kernel services with every fault
 * of tests/faults/ in them, behind one switch (plant.awk).
 *
 *	wqfaulty                      every fault, and the table of who caught it
 *	wqfaulty -j 2 'legacy-*'      those, two at a time
 *	wqfaulty -v NAME              what was found, in full, and how to see it again
 *	wqfaulty -f NAME [twin's]     the tests under a fault (-f none: under none),
 *	                              with the options of wqtwin
 *
 * A fault's tests are played under the default schedule first, then under more and
 * more others, until one fails.  What it fails with must be what the fault's file
 * expects.  Every attempt is a process of its own, for a fault may end it.  Before all
 * faults comes none: the same tests are searched, and nothing may be found.  By the
 * way it is counted how often the situation of each invariant occurred.
 *
 * Owns the switch and the results, which lie in memory that all processes share; a
 * result is written by the one process that has its fault in hand.
 *
 * Read next: faulty-table.c, tests/faults/README.md.
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

#include "faulty.h"
#include "runner.h"

#define MAX_KILLERS	256
#define OOPS		"BUG: unable to handle kernel paging request"
#define ATTEMPT_SECONDS	300	/* real ones; what hangs is the machine's own to stop */

int wqlab_planted;

/* A search of so many schedules. */
struct step {
	const char *strategy;
	const char *schedules;
};

/* For a fault, from the cheapest on, until something is found. */
static const struct step steps[] = {
	{ "bounded:0", "1" },		/* the default's */
	{ "bounded:1", "2000" },
	{ "pct:1", "1000" },
	{ "random:1", "1000" },
	{ "bounded:2", "20000" },
	{ "pct:1,d=2", "10000" },
	{ "pct:1,d=4", "10000" },
	{ "random:1,p=5", "10000" },
	{ NULL, NULL }
};

/* Under no fault. */
static const struct step sound_steps[] = {
	{ "bounded:1", "500" },
	{ "pct:1", "500" },
	{ "random:1", "500" },
	{ NULL, NULL }
};

static struct result *results;		/* shared; one for each fault, [0]: for none */
static struct result *mine;		/* where this process writes */

/* ---- one attempt, in a process of its own ---- */

static const char *kind_of(enum verdict verdict, const char *headline)
{
	static const char *const kinds[VERDICT_NR] = {
		[VERDICT_OK] = "WARN",
		[VERDICT_DEADLOCK] = "deadlock",
		[VERDICT_HUNG_TASK] = "hung task",
		[VERDICT_TIME_LIMIT] = "time limit",
		[VERDICT_STEP_LIMIT] = "livelock",
		[VERDICT_BUG] = "BUG",
		[VERDICT_FAILED] = "check",
		[VERDICT_DIVERGED] = "diverged",
		[VERDICT_LEAK] = "left behind",
	};

	if (strstr(headline, OOPS))
		return "crash";
	if (!strncmp(headline, "[ INFO: ", 8))
		return "lockdep";
	return kinds[verdict] ? kinds[verdict] : "?";
}

/* What kind of failure it is: an invariant's name, or a word. */
static void set_kind(struct result *r, enum verdict verdict, const char *headline)
{
	if (verdict == VERDICT_INVARIANT)
		snprintf(r->kind, sizeof(r->kind), "%.*s", (int)strcspn(headline, " "), headline);
	else
		snprintf(r->kind, sizeof(r->kind), "%s", kind_of(verdict, headline));
	snprintf(r->headline, sizeof(r->headline), "%s", headline);
	r->caught = true;
}

void wqtest_searched(const struct explore_state *st)
{
	if (!mine)
		return;
	mine->searched += st->schedules;
	if (!st->failed)
		return;
	set_kind(mine, st->verdict, st->headline);
	mine->schedules = st->met_after ? st->met_after : 1;
	mine->length = st->length;
	snprintf(mine->schedule, sizeof(mine->schedule), "%.4000s", st->schedule);
	_exit(0);
}

/*
 * A task that touches what is not there ends its run, as with an oops.  With a verdict
 * after which nobody looks at the tasks and their locks, for these may be what is broken.
 */
static void oops(int sig)
{
	if (machine_running())
		machine_stop(VERDICT_FAILED, OOPS);
	signal(sig, SIG_DFL);
}

static void catch_oopses(void)
{
	static char stack[64 << 10];
	const stack_t alt = { .ss_sp = stack, .ss_size = sizeof(stack) };
	struct sigaction sa = { .sa_handler = oops, .sa_flags = SA_ONSTACK | SA_NODEFER };

	sigaltstack(&alt, NULL);
	sigaction(SIGSEGV, &sa, NULL);
	sigaction(SIGBUS, &sa, NULL);
}

static void attempt(unsigned int fault, const struct wqtest_entry *e, const struct step *s)
{
	wqlab_planted = (int)fault;
	setenv("WQTEST_SCHEDULES", s->schedules, 1);
	setenv("WQTEST_STRATEGY", s->strategy, 1);
	if (!freopen("/dev/null", "w", stderr))
		_exit(1);
	catch_oopses();
	if (wqtest_run_entry(e)) {	/* a check outside of the machine */
		set_kind(mine, VERDICT_FAILED, wqtest_report());
		mine->schedules = 1;
	}
	for (int i = 0; i < INV_NR; i++)
		mine->met[i] += invariant_state[i].met;
	_exit(0);
}

static bool wait_for(pid_t child, int *status)
{
	struct timespec end, now;

	clock_gettime(CLOCK_MONOTONIC, &end);
	for (;;) {
		const struct timespec pause = { .tv_nsec = 500000 };
		pid_t got = waitpid(child, status, WNOHANG);

		if (got == child)
			return true;
		clock_gettime(CLOCK_MONOTONIC, &now);
		if (got < 0 || now.tv_sec > end.tv_sec + ATTEMPT_SECONDS)
			break;
		nanosleep(&pause, NULL);
	}
	kill(child, SIGKILL);
	waitpid(child, status, 0);
	return false;
}

/* A process that did not get to say what happened. */
static void note_end(struct result *r, bool in_time, int status)
{
	r->caught = true;
	if (in_time && WIFSIGNALED(status)) {
		snprintf(r->kind, sizeof(r->kind), "crash");
		snprintf(r->headline, sizeof(r->headline), "signal %d (%s)", WTERMSIG(status),
			 strsignal(WTERMSIG(status)));
		return;
	}
	snprintf(r->kind, sizeof(r->kind), "endless");
	snprintf(r->headline, sizeof(r->headline), in_time ?
		 "it loops without a choice point, and the watchdog ended it" : "it was not done after %d s",
		 ATTEMPT_SECONDS);
}

/* ---- one fault ---- */

static const char *name_of(const struct wqtest_entry *e, char *buf, size_t size)
{
	snprintf(buf, size, "%s/%s", e->suite, e->name);
	return buf;
}

/* By name: the linker's order is the compiler's affair. */
static int compare_tests(const void *a, const void *b)
{
	char one[256], two[256];

	return strcmp(name_of(*(const struct wqtest_entry *const *)a, one, sizeof(one)),
		      name_of(*(const struct wqtest_entry *const *)b, two, sizeof(two)));
}

/* Add the tests that a word of a fault's file names; how many there are. */
static unsigned int find_tests(const char *glob, const struct wqtest_entry **out, unsigned int n)
{
	unsigned int first = n, i;
	char name[256];

	for (size_t t = 0; t < wqtest_count() && n < MAX_KILLERS; t++) {
		const struct wqtest_entry *e = wqtest_entry(t);

		if (!e->opt.any_order || e->native || fnmatch(glob, name_of(e, name, sizeof(name)), 0))
			continue;
		for (i = 0; i < n && out[i] != e; i++)
			;
		if (i == n)
			out[n++] = e;
	}
	qsort(out + first, n - first, sizeof(*out), compare_tests);
	return n;
}

/* In the order of the words. */
static unsigned int find_killers(const char *globs, const struct wqtest_entry **out, unsigned int n)
{
	char copy[1024], *glob, *rest = copy;

	snprintf(copy, sizeof(copy), "%s", globs);
	while ((glob = strsep(&rest, " \t")))
		if (*glob)
			n = find_tests(glob, out, n);
	return n;
}

static void try_one(unsigned int fault, const struct wqtest_entry *e, const struct step *s)
{
	struct result *r = &results[fault];
	bool in_time;
	int status;
	pid_t child;

	fflush(NULL);
	child = fork();
	if (!child) {
		mine = r;
		attempt(fault, e, s);
	}
	in_time = child > 0 && wait_for(child, &status);
	if (!r->caught && (!in_time || status))
		note_end(r, in_time, status);
	if (!r->caught)
		return;
	name_of(e, r->test, sizeof(r->test));
	snprintf(r->strategy, sizeof(r->strategy), "%s", strcmp(s->strategy, "bounded:0") ? s->strategy : "default");
}

/* Is what was found among what the file expects?  "KIND" or "KIND TEXT", the text being in the headline. */
static bool as_expected(const struct result *r, const char *by)
{
	char copy[256], *one, *rest = copy;
	size_t n = strlen(r->kind);

	snprintf(copy, sizeof(copy), "%s", by);
	while ((one = strsep(&rest, ","))) {
		one += strspn(one, " ");
		if (!strncmp(one, r->kind, n) &&
		    (!one[n] || (one[n] == ' ' && strstr(r->headline, one + n + 1))))
			return true;
	}
	return false;
}

static void judge(unsigned int fault)
{
	const struct wqtest_entry *killers[MAX_KILLERS];
	struct result *r = &results[fault];
	const struct step *s = fault ? steps : sound_steps;
	unsigned int n = 0, i;

	for (i = fault ? fault : 1; i <= (fault ? fault : nr_faults); i++)
		n = find_killers(faults[i - 1].kill, killers, n);
	r->tests = n;
	for (; s->strategy && !r->caught; s++)
		for (i = 0; i < n && !r->caught; i++)
			try_one(fault, killers[i], s);
	if (!r->caught)
		snprintf(r->kind, sizeof(r->kind), n ? "nothing" : "no test of that name");
	r->expected = as_expected(r, fault ? faults[fault - 1].by : "nothing");
	r->done = true;
}

/* ---- all of them ---- */

static bool wanted(unsigned int fault, char **globs)
{
	if (!*globs)
		return true;
	for (; *globs; globs++)
		if (!fnmatch(*globs, fault ? faults[fault - 1].name : "none", 0))
			return true;
	return false;
}

static pid_t start_judging(unsigned int fault)
{
	pid_t child;

	fflush(NULL);
	child = fork();
	if (!child) {
		judge(fault);
		_exit(0);
	}
	return child;
}

static void show(unsigned int fault, const char *verbose, struct tally *t)
{
	const struct result *r = &results[fault];

	table_row(fault, r);
	if (verbose)
		table_details(fault, r, verbose);
	t->wrong += !r->expected;
	if (!fault)
		return;
	t->all++;
	t->caught += r->caught;
}

/* Shows each when it and all before it are done; verbose: in full, and how to call this program again. */
static int judge_all(char **globs, unsigned int jobs, const char *verbose)
{
	unsigned int next = 0, shown = 0, running = 0;
	struct tally t = { 0 };

	table_head();
	while (shown <= nr_faults) {
		while (running < jobs && next <= nr_faults) {
			if (wanted(next, globs))
				running += start_judging(next) > 0;
			next++;
		}
		if (!wanted(shown, globs)) {
			shown++;
		} else if (results[shown].done) {
			show(shown++, verbose, &t);
		} else if (wait(NULL) > 0) {
			running--;
		} else if (!results[shown].done) {
			fprintf(stderr, "wqfaulty: whoever had %s in hand is gone\n", shown ? faults[shown - 1].name : "no fault");
			return 1;
		}
	}
	table_foot(&t, results, !*globs);
	return t.wrong || !(t.all || results[0].done);
}

/* ---- from outside ---- */

static unsigned int fault_named(const char *name)
{
	unsigned int i;

	for (i = 0; i < nr_faults; i++)
		if (!strcmp(faults[i].name, name))
			return i + 1;
	return 0;
}

static int under_fault(int argc, char **argv)
{
	const char *name = argc > 2 ? argv[2] : "";

	wqlab_planted = (int)fault_named(name);
	if (!wqlab_planted && strcmp(name, "none")) {
		fprintf(stderr, "wqfaulty: no fault is named \"%s\": expected \"none\" or one of those that wqfaulty -l lists\n", name);
		return 2;
	}
	argv[2] = argv[0];
	catch_oopses();
	return wqtwin(argc - 2, argv + 2);
}

static int list_faults(char **globs)
{
	unsigned int i;

	for (i = 1; i <= nr_faults; i++)
		if (wanted(i, globs))
			printf("%-40s %s\n", faults[i - 1].name, faults[i - 1].what);
	return 0;
}

static int usage(int status)
{
	fprintf(status ? stderr : stdout,
		"usage: wqfaulty [-l] [-v] [-j processes] [fault glob ...]\n"
		"       wqfaulty -f fault|none [wqtwin's options and globs]\n"
		"  -l  list the faults\n"
		"  -v  what was found, in full\n"
		"  -j  so many at a time\n"
		"  -f  run tests under one fault, see wqtwin -h\n");
	return status;
}

int main(int argc, char **argv)
{
	const char *verbose = NULL;
	bool list = false;
	unsigned long jobs = 1;
	int c;

	if (argc > 1 && !strcmp(argv[1], "-f"))
		return under_fault(argc, argv);
	while ((c = getopt(argc, argv, "lvj:h")) != -1) {
		switch (c) {
		case 'l': list = true; break;
		case 'v': verbose = argv[0]; break;
		case 'j': jobs = strtoul(optarg, NULL, 10); break;
		case 'h': return usage(0);
		default: return usage(2);
		}
	}
	if (!jobs)
		return usage(2);
	if (list)
		return list_faults(argv + optind);
	results = mmap(NULL, (nr_faults + 1) * sizeof(*results), PROT_READ | PROT_WRITE,
		       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (results == MAP_FAILED) {
		fprintf(stderr, "wqfaulty: no memory for the results: %s\n", strerror(errno));
		return 1;
	}
	return judge_all(argv + optind, (unsigned int)jobs, verbose);
}
