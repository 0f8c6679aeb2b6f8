// SPDX-License-Identifier: GPL-2.0-only
/*
 * `wqlab explore`: search the schedules of a scenario for one that fails.
 *
 *	this process				one for each job
 *	  fork ---------------------------------> machine_explore()
 *	  look at their states, show progress	    writes its state and the schedule
 *	  wait for the first failure, or all	    at hand into shared memory
 *	  keep the replay string, play it again, show it (replay.c)
 *
 * A job may die of what it tries (a bad pointer in a kernel module): then the
 * schedule at hand, which stands in shared memory, is the one that failed.
 *
 * Shared: struct job, written by its process alone, read by this one.
 *
 * Read next: replay.c; common/machine/explore.c.
 */
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "command.h"
#include "load.h"
#include "replay-string.h"
#include "run.h"
#include "util.h"
#include "wqlab/explore.h"

#define DEFAULT_BUDGET	UINT64_C(1700000000)	/* ns, for all engines: answers before a student's mind wanders */
#define RECORD_SIZE	(256u << 10)
#define LOOK_NS		50000000		/* between two looks at the jobs */

/* What a job shares with this process. */
struct job {
	struct explore_state st;
	bool refused, done;
	char error[256];		/* why it was refused */
	char record[RECORD_SIZE] __attribute__((aligned(16)));
};

struct search {
	const struct scenario *sc;
	const struct options *opt;
	const char *engine;
	const char *strategy;
	unsigned int engines;		/* that are searched, one after the other */
	uint64_t schedules, budget_ns;
	struct job *job;
	pid_t pid[64];
	int failed;			/* which job, -1: none */
	int killed;			/* by which signal */
	uint64_t ns;			/* how long it took */
};

static uint64_t real_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000000u + (uint64_t)ts.tv_nsec;
}

/* ---- a job ---- */

static void do_job(const struct search *s, unsigned int part)
{
	struct job *j = &s->job[part];
	struct explore_config how = {
		.strategy = s->strategy,
		.schedules = s->schedules ? (s->schedules + s->opt->jobs - 1) / s->opt->jobs : 0,
		.real_ns = s->budget_ns,
		.no_minimise = s->opt->no_minimise,
		.part = part,
		.parts = s->opt->jobs,
		.record = j->record,
		.record_size = sizeof(j->record),
	};
	struct console console = {0};
	struct machine_config cfg;
	char seed[40];

	run_configure(s->sc, s->opt, s->engine, &console, &cfg, seed, sizeof(seed));
	if (machine_explore(&cfg, &how, player_run, (void *)s->sc, &j->st)) {
		snprintf(j->error, sizeof(j->error), "%s", machine_error());
		j->refused = true;
	}
	j->done = true;
}

/* ---- all jobs ---- */

struct sums {
	uint64_t schedules, cut, choices, longest;
	unsigned int bound, done;
	bool complete;
};

static struct sums add_up(const struct search *s)
{
	struct sums sum = { .complete = true, .bound = ~0u };
	uint64_t done = 0;

	for (unsigned int i = 0; i < s->opt->jobs; i++) {
		const struct explore_state *st = &s->job[i].st;

		sum.schedules += st->schedules;
		sum.cut += st->cut;
		sum.choices += st->choices;
		if (st->longest > sum.longest)
			sum.longest = st->longest;
		if (st->bound < sum.bound)
			sum.bound = st->bound;
		done += st->done;
		sum.complete = sum.complete && st->complete;
	}
	sum.done = (unsigned int)(done / s->opt->jobs);
	return sum;
}

static bool is_bounded(const struct search *s)
{
	return !strncmp(s->strategy, "bounded", 7);
}

static void show_progress(const struct search *s, uint64_t since)
{
	struct sums sum = add_up(s);
	double seconds = (double)(real_now() - since) / 1e9;

	fprintf(stderr, "\r\033[K%s, %s: %" PRIu64 " schedules, %.0f/s, up to %" PRIu64 " choices",
		s->engine, s->strategy, sum.schedules, (double)sum.schedules / seconds, sum.longest);
	if (is_bounded(s))
		fprintf(stderr, ", %u preemption%s: %u %%", sum.bound, sum.bound == 1 ? "" : "s",
			sum.done / 10000);
	else if (!strcmp(s->strategy, "sleep"))
		fprintf(stderr, ": %u %%", sum.done / 10000);
	fflush(stderr);
}

static void stop_jobs(struct search *s)
{
	for (unsigned int i = 0; i < s->opt->jobs; i++)
		if (s->pid[i] > 0) {
			kill(s->pid[i], SIGKILL);
			waitpid(s->pid[i], NULL, 0);
			s->pid[i] = 0;
		}
}

/* Who has ended since the last look; false: nobody is left, or one has failed. */
static bool look_at_jobs(struct search *s)
{
	bool left = false;

	for (unsigned int i = 0; i < s->opt->jobs; i++) {
		int status;

		if (s->pid[i] <= 0)
			continue;
		if (!waitpid(s->pid[i], &status, WNOHANG)) {
			left = true;
			continue;
		}
		s->pid[i] = 0;
		if (WIFSIGNALED(status) || !s->job[i].done) {
			s->killed = WIFSIGNALED(status) ? WTERMSIG(status) : -WEXITSTATUS(status);
			s->failed = (int)i;
			return false;
		}
		if (s->job[i].st.failed) {
			s->failed = (int)i;
			return false;
		}
	}
	return left;
}

static bool start_jobs(struct search *s)
{
	fflush(NULL);
	for (unsigned int i = 0; i < s->opt->jobs; i++) {
		s->pid[i] = fork();
		if (!s->pid[i]) {
			do_job(s, i);
			_exit(0);
		}
		if (s->pid[i] < 0) {
			complain("cannot start a process to search in: %s", strerror(errno));
			stop_jobs(s);
			return false;
		}
	}
	return true;
}

/* One strategy; false: it was refused. */
static bool search(struct search *s)
{
	const struct timespec pause = { .tv_nsec = LOOK_NS / 5 };
	bool tty = isatty(STDERR_FILENO);
	uint64_t since = real_now();

	memset(s->job, 0, s->opt->jobs * sizeof(*s->job));
	s->failed = -1;
	s->killed = 0;
	if (!start_jobs(s))
		return false;
	while (look_at_jobs(s)) {
		if (tty)
			show_progress(s, since);
		nanosleep(&pause, NULL);
	}
	if (tty)
		fputs("\r\033[K", stderr);
	stop_jobs(s);
	s->ns += real_now() - since;
	for (unsigned int i = 0; i < s->opt->jobs; i++)
		if (s->job[i].refused) {
			complain("%s", s->job[i].error);
			return false;
		}
	return true;
}

/* ---- what came out ---- */

static void say_searched(const struct search *s)
{
	struct sums sum = add_up(s);

	printf("%s: %s: %" PRIu64 " schedules", s->engine, s->strategy, sum.schedules);
	if (sum.cut)
		printf(" (and %" PRIu64 " cut short, seen in another order)", sum.cut);
	printf(" of up to %" PRIu64 " choices, %.2f s", sum.longest, (double)s->ns / 1e9);
}

static void say_nothing_found(const struct search *s)
{
	struct sums sum = add_up(s);

	say_searched(s);
	if (s->opt->goal)
		printf(": %s did not happen", s->opt->goal);
	else
		printf(": no failure");
	if (sum.complete && is_bounded(s))
		printf("; verified within %u preemption%s", sum.bound, sum.bound == 1 ? "" : "s");
	else if (sum.complete)
		printf("; verified, these are all");
	else if (is_bounded(s) && sum.bound)
		printf("; verified within %u preemption%s, %u %% of those with %u seen", sum.bound - 1,
		       sum.bound == 2 ? "" : "s", sum.done / 10000, sum.bound);
	putchar('\n');
}

static void say_found(const struct search *s)
{
	const struct explore_state *st = &s->job[s->failed].st;

	say_searched(s);
	if (s->killed > 0)
		printf(": FAILED: the process was ended by signal %d (%s)\n", s->killed, strsignal(s->killed));
	else if (s->killed)
		printf(": FAILED: the process ended itself, status %d\n", -s->killed);
	else if (s->opt->goal)
		printf(": met in the %" PRIu64 ". schedule: %s\n", st->met_after, st->headline);
	else
		printf(": FAILED in the %" PRIu64 ". schedule: %s\n", st->met_after, st->headline);
	if (!s->killed && st->met_length != st->length)
		printf("%s: left the default in %u places, made small: in %u\n", s->engine, st->met_length,
		       st->length);
}

static int show_found(const struct search *s)
{
	const struct job *j = &s->job[s->failed];
	char *schedule = s->killed ? machine_record_text(j->record) : xstrdup(j->st.schedule);
	char *string = schedule ? replay_string_make(s->opt, s->engine, schedule) : NULL;

	say_found(s);
	if (string) {
		replay_string_save(string);
		printf("%s: to play it again:\n\n  wqlab replay %s\n\n", s->engine, string);
	} else {
		printf("%s: it cannot be played again: %s\n", s->engine,
		       schedule ? "a scenario from standard input is read once" :
		       "it leaves the default too often to be written down");
	}
	fflush(stdout);
	if (schedule && !s->killed)
		replay_show(s->sc, s->opt, s->engine, schedule);
	free(schedule);
	free(string);
	return s->opt->goal ? EXIT_FINE : EXIT_VERDICT;
}

static int explore_engine(struct search *s)
{
	const struct options *opt = s->opt;
	bool said = opt->schedules || opt->budget_ns;

	s->ns = 0;
	s->schedules = opt->schedules;
	s->budget_ns = said ? opt->budget_ns : DEFAULT_BUDGET / s->engines;
	s->strategy = opt->strategy ? opt->strategy : "bounded:2";
	if (!opt->strategy) {
		s->schedules /= 2;
		s->budget_ns /= 2;
	}
	if (!search(s))
		return EXIT_TROUBLE;
	if (s->failed >= 0)
		return show_found(s);
	say_nothing_found(s);
	if (opt->strategy)
		return opt->goal ? EXIT_VERDICT : EXIT_FINE;
	/* What needs more preemptions is looked for by chance. */
	s->strategy = "pct:1";
	s->ns = 0;
	s->schedules = opt->schedules ? opt->schedules - opt->schedules / 2 : 0;
	if (!search(s))
		return EXIT_TROUBLE;
	if (s->failed >= 0)
		return show_found(s);
	say_nothing_found(s);
	return opt->goal ? EXIT_VERDICT : EXIT_FINE;
}

int command_explore(const struct options *opt)
{
	struct search s = { .opt = opt };
	const char *engine[2];
	struct scenario *sc;
	int status = EXIT_FINE;
	unsigned int nr;

	if (names_a_test(opt->file))
		return explore_test(opt);
	sc = load_scenario(opt);
	if (!sc)
		return EXIT_TROUBLE;
	s.sc = sc;
	s.job = mmap(NULL, opt->jobs * sizeof(*s.job), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (s.job == MAP_FAILED) {
		complain("no memory for %u jobs", opt->jobs);
		scenario_free(sc);
		return EXIT_TROUBLE;
	}
	nr = s.engines = engines_chosen(sc, opt, engine);
	for (unsigned int i = 0; i < nr && status != EXIT_TROUBLE; i++) {
		int one;

		s.engine = engine[i];
		one = explore_engine(&s);
		if (one > status)
			status = one;
	}
	munmap(s.job, opt->jobs * sizeof(*s.job));
	scenario_free(sc);
	return status;
}
