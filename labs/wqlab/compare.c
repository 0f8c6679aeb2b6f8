// SPDX-License-Identifier: GPL-2.0-only
/*
 * What stands below the timelines: the numbers of the runs, the biggest
 * difference in a sentence, what the kernels said, how runs ended that did not
 * end well.
 *
 * Which difference is the biggest: what could not be played at all; else how the
 * runs ended, if differently; else how many items were left undone; else, where none
 * was, the makespan, if it differs by a tenth or more; else whichever of the longest
 * wait and the number of threads has the larger ratio.
 *
 * Nothing is shared, nothing is locked.
 *
 * Read next: measure.c, where the numbers come from.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "load.h"
#include "measure.h"
#include "util.h"
#include "view.h"

#define LABEL 26	/* columns of the first column */
#define COLUMN 20	/* columns of each run's */
#define WARNING 4	/* printk's level KERN_WARNING */
#define MAX_LINES 24	/* of what one kernel printed */

static void put_value(char *value)
{
	put_field(value, COLUMN, true);
	free(value);
}

static void put_row(const char *label, const struct run *run, const struct measures *m,
		    unsigned int nr, char *(*value)(const struct run *run, const struct measures *m))
{
	put_field(label, LABEL, false);
	for (unsigned int i = 0; i < nr; i++)
		put_value(value(&run[i], &m[i]));
	putchar('\n');
}

static char *engine_value(const struct run *run, const struct measures *m)
{
	(void)m;
	return xstrdup(run->engine);
}

static char *makespan_value(const struct run *run, const struct measures *m)
{
	char buf[TIME_TEXT_LEN];

	(void)run;
	if (!m->ran)
		return xstrdup("-");
	return xasprintf("%s ms", time_text(m->makespan_ns, buf));
}

/* Tenths of a per cent, rounded. */
static unsigned int busy_permille(const struct run *run, const struct measures *m)
{
	double all = (double)m->makespan_ns * run->cpus;

	return all > 0 ? (unsigned int)(1000.0 * (double)m->busy_ns / all + 0.5) : 0;
}

static char *busy_value(const struct run *run, const struct measures *m)
{
	unsigned int busy = busy_permille(run, m);

	if (!m->ran || !m->makespan_ns)
		return xstrdup("-");
	return xasprintf("%u.%u %%", busy / 10, busy % 10);
}

static char *workers_value(const struct run *run, const struct measures *m)
{
	(void)run;
	return xasprintf("%u of %u", m->workers, m->threads);
}

static char *wait_value(const struct run *run, const struct measures *m)
{
	char buf[TIME_TEXT_LEN];

	(void)run;
	if (!m->waited)
		return xstrdup("-");
	if (!m->wait_ns)
		return xstrdup("0 ms");
	return xasprintf("%s ms (%s)", time_text(m->wait_ns, buf), m->wait_item);
}

static char *waiting_value(const struct run *run, const struct measures *m)
{
	(void)m;
	if (!run->waiting)
		return xstrdup("-");
	if (run->waiting == 1)
		return xstrdup(run->waiting_item);
	return xasprintf("%u (%s, ...)", run->waiting, run->waiting_item);
}

/* A workqueue or a task could not be made, so the timeline was never begun. */
static bool not_played(const struct run *run)
{
	return run->res.verdict == VERDICT_OK && run->res.ret;
}

static bool ended_well(const struct run *run)
{
	return run->res.verdict == VERDICT_OK && !run->res.ret;
}

static char *verdict_value(const struct run *run, const struct measures *m)
{
	(void)m;
	if (not_played(run))
		return xstrdup("not played");
	return xstrdup(verdict_name(run->res.verdict));
}

/* How many times as much, in tenths. */
static char *times_text(double more, double less)
{
	unsigned int tenths = (unsigned int)(10.0 * more / less + 0.5);

	if (tenths % 10 == 0 || tenths >= 1000)
		return xasprintf("%u", (tenths + 5) / 10);
	return xasprintf("%u.%u", tenths / 10, tenths % 10);
}

static double ratio(double a, double b)
{
	return a > b ? a / (b > 0 ? b : 1) : b / (a > 0 ? a : 1);
}

/* How much of the work a run has done that came to its end. */
static char *done_text(const struct run *run)
{
	if (!run->undone)
		return xasprintf("%s does all of the work", run->engine);
	if (run->undone == 1)
		return xasprintf("%s leaves an item (%s) undone", run->engine, run->undone_item);
	return xasprintf("%s leaves %u items (%s, ...) undone", run->engine, run->undone, run->undone_item);
}

static char *verdict_sentence(const struct run *run)
{
	unsigned int bad = ended_well(&run[0]) ? 1 : 0;
	char buf[TIME_TEXT_LEN], *done, *s;

	if (!ended_well(&run[!bad]))
		return xasprintf("Neither run ends well: %s in %s, %s in %s.",
				 run[0].engine, verdict_name(run[0].res.verdict),
				 run[1].engine, verdict_name(run[1].res.verdict));
	done = done_text(&run[!bad]);
	s = xasprintf("%s ends at %s ms with the verdict \"%s\"; %s.",
		      run[bad].engine, time_text(run[bad].res.time_ns, buf),
		      verdict_name(run[bad].res.verdict), done);
	free(done);
	return s;
}

static char *undone_sentence(const struct run *run)
{
	unsigned int more = run[1].undone > run[0].undone;
	char *bad = done_text(&run[more]), *good = done_text(&run[!more]);
	char *s = xasprintf("%s; %s.", bad, good);

	free(bad);
	free(good);
	return s;
}

static char *makespan_sentence(const struct run *run, const struct measures *m)
{
	unsigned int fast = m[1].makespan_ns < m[0].makespan_ns, slow = !fast;
	unsigned int busy = (busy_permille(&run[fast], &m[fast]) + 5) / 10;
	unsigned int idler = (busy_permille(&run[slow], &m[slow]) + 5) / 10;
	char early[TIME_TEXT_LEN];
	char *times, *s;

	time_text(m[slow].makespan_ns - m[fast].makespan_ns, early);
	if (!m[fast].makespan_ns)
		return xasprintf("%s is done %s ms earlier.", run[fast].engine, early);
	times = times_text((double)m[slow].makespan_ns, (double)m[fast].makespan_ns);
	if (busy > idler)
		s = xasprintf("%s is done %s ms earlier, %s times as fast: it keeps the CPUs busy for "
			      "%u %% of the time, %s for %u %%.", run[fast].engine, early, times, busy,
			      run[slow].engine, idler);
	else
		s = xasprintf("%s is done %s ms earlier, %s times as fast.", run[fast].engine, early, times);
	free(times);
	return s;
}

static char *wait_sentence(const struct run *run, const struct measures *m)
{
	unsigned int fast = m[1].wait_ns < m[0].wait_ns, slow = !fast;
	char much[TIME_TEXT_LEN], little[TIME_TEXT_LEN];

	time_text(m[slow].wait_ns, much);
	if (!m[fast].wait_ns)
		return xasprintf("On %s an item (%s) waits %s ms for its start, on %s none waits at all.",
				 run[slow].engine, m[slow].wait_item, much, run[fast].engine);
	return xasprintf("On %s an item (%s) waits %s ms for its start, on %s none waits longer than "
			 "%s ms.", run[slow].engine, m[slow].wait_item, much, run[fast].engine,
			 time_text(m[fast].wait_ns, little));
}

static char *threads_sentence(const struct run *run, const struct measures *m)
{
	unsigned int few = m[1].threads < m[0].threads, many = !few;

	return xasprintf("%s, but %s creates %u threads where %s gets by with %u.",
			 run[0].undone ? "Neither does all of the work" : "Both take much the same time",
			 run[many].engine, m[many].threads, run[few].engine, m[few].threads);
}

static char *sentence(const struct run *run, const struct measures *m)
{
	double spans = ratio((double)m[0].makespan_ns, (double)m[1].makespan_ns);
	double waits = ratio((double)m[0].wait_ns, (double)m[1].wait_ns);
	double threads = ratio(m[0].threads, m[1].threads);
	bool undone = run[0].undone;

	if (!ended_well(&run[0]) || !ended_well(&run[1]))
		return verdict_sentence(run);
	if (run[0].undone != run[1].undone)
		return undone_sentence(run);
	if (!undone && m[0].ran && m[1].ran && spans >= 1.1)
		return makespan_sentence(run, m);
	if (!undone && m[0].waited && m[1].waited && waits > 1 && waits >= threads)
		return wait_sentence(run, m);
	if (threads > 1)
		return threads_sentence(run, m);
	return xstrdup("The engine makes next to no difference here.");
}

static void put_not_played(const struct run *run, const struct measures *m, unsigned int nr,
			   unsigned int width)
{
	for (unsigned int i = 0; i < nr; i++) {
		char *s;

		if (!not_played(&run[i]))
			continue;
		s = xasprintf("On %s nothing is played, after %u threads: %s.", run[i].engine,
			      m[i].threads, run_last_error(&run[i]));
		putchar('\n');
		put_wrapped(s, 0, width);
		free(s);
	}
}

static bool said_before(const struct console *con, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (con->line[k].level <= WARNING && !strcmp(con->line[k].text, con->line[i].text))
			return true;
	return false;
}

/* Lockdep's reports are drawings: they begin with a double rule and end with the task. */
static bool report_begins(const char *line)
{
	return !strncmp(line, "=====", 5);
}

static bool report_ends(const char *line)
{
	return !strncmp(line, "CPU: ", 5);
}

/* What the kernel printed at the level of a warning or above, each line once; but reports as they are. */
static void put_console(const struct run *run, unsigned int width)
{
	bool together = !strcmp(run->engine, ENGINES_TOGETHER), drawn = false;
	unsigned int shown = 0, left = 0;
	bool titled = false;

	for (size_t i = 0; i < run->console.nr; i++) {
		const char *line = run->console.line[i].text;

		drawn |= report_begins(line);
		if (run->console.line[i].level > WARNING ||
		    (!drawn && (!*line || said_before(&run->console, i))))
			continue;
		if (!drawn && shown++ >= MAX_LINES) {
			left++;
			continue;
		}
		if (!titled)
			printf("\n%s%s kernel says:\n", together ? "the" : run->engine, together ? "" : "'s");
		titled = true;
		fputs(*line ? "  " : "", stdout);
		if (drawn)
			puts(line);
		else
			put_wrapped(line, 4, width);
		drawn &= !report_ends(line);
	}
	if (left)
		printf("  (and %u lines more)\n", left);
}

static void put_report(const struct run *run)
{
	const char *s = run->res.report;

	if (run->res.verdict == VERDICT_OK || !s)
		return;
	printf("\n%s does not end well. The machine reports:\n", run->engine);
	while (*s) {
		size_t len = strcspn(s, "\n");

		printf("%s%.*s\n", len ? "  " : "", (int)len, s);
		s += len + (s[len] == '\n');
	}
}

void view_comparison(const struct run *run, unsigned int nr, unsigned int width)
{
	struct measures m[2] = { 0 };
	bool waiting = false, bad = false;

	for (unsigned int i = 0; i < nr; i++) {
		measure(&run[i].rec, &m[i]);
		bad |= !ended_well(&run[i]);
		waiting |= run[i].waiting;
	}
	put_row("", run, m, nr, engine_value);
	put_row("first queued to last done", run, m, nr, makespan_value);
	put_row("CPU busy meanwhile", run, m, nr, busy_value);
	put_row("threads that ran items", run, m, nr, workers_value);
	put_row("longest wait to start", run, m, nr, wait_value);
	if (waiting)
		put_row("still queued at the end", run, m, nr, waiting_value);
	if (bad)
		put_row("verdict", run, m, nr, verdict_value);
	put_not_played(run, m, nr, width);
	if (nr == 2 && !not_played(&run[0]) && !not_played(&run[1])) {
		char *s = sentence(run, m);

		putchar('\n');
		put_wrapped(s, 0, width);
		free(s);
	}
	for (unsigned int i = 0; i < nr; i++)
		put_console(&run[i], width);
	for (unsigned int i = 0; i < nr; i++)
		put_report(&run[i]);
}
