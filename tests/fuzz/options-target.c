// SPDX-License-Identifier: GPL-2.0-only
/*
 * One command line, read and judged.
 *
 *     refused    one line that says what is wrong, without control characters
 *     accepted   every value within its bounds, only what the command takes, and
 *                the same again when it is written out and read
 *     all        no argument is changed or lost, the second reading says the
 *                same, nothing is left allocated, the steps taken grow with the
 *                length alone
 *
 * Read next: options-inputs.c, where the command lines come from.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "labs/wqlab/options.h"
#include "wqlab/machine.h"

#define STEPS_ONCE	1000ull
#define STEPS_BYTE	20ull
#define MOST_ARGUMENTS	2000

/* A command line taken apart; the texts are a copy of its bytes. */
struct line {
	char *copy;
	const char *engine, *command;
	int argc;
	char *argv[MOST_ARGUMENTS + 1];
};

/* What was said about it. */
struct answer {
	enum options_outcome outcome;
	struct options opt;
	struct text why;
};

static const char *const commands[] = { "run", "ps", "tour" };

static void take_apart(struct line *l, const char *data, size_t len)
{
	uint32_t h = 0;
	char *p, *end;

	/* behind the last byte one more NUL, so that every text ends */
	l->copy = calloc(len + 3, 1);
	memcpy(l->copy, data, len);
	l->engine = l->copy;
	p = l->copy + strlen(l->copy) + 1;
	end = l->copy + len;
	l->command = NULL;
	for (size_t i = 0; p < end && i < COUNT(commands); i++)
		if (!strcmp(p, commands[i]))
			l->command = commands[i];
	/* any command will do */
	for (const char *q = p; q < end && *q; q++)
		h += (unsigned char)*q;
	if (!l->command)
		l->command = commands[h % COUNT(commands)];
	l->argc = 0;
	for (; l->argc < MOST_ARGUMENTS && p < end; p += strlen(p) + 1)
		l->argv[l->argc++] = p;
	if (!l->argc)
		l->argv[l->argc++] = (char *)l->command;
	l->argv[l->argc] = NULL;
}

static void read_line(struct line *l, struct answer *a)
{
	/* in the environment from the first call on, with what is written here; setenv() would leak */
	static char engine[ROOM + 32] = "WQLAB_ENGINE";

	memset(a, 0, sizeof(*a));
	if (!engine[strlen("WQLAB_ENGINE")]) {
		strcat(engine, "=");
		putenv(engine);
		unsetenv("POSIXLY_CORRECT");
	}
	strcpy(strchr(engine, '=') + 1, l->engine);
	if (options_default(&a->opt, &a->why))
		a->outcome = options_read(l->command, l->argc, l->argv, &a->opt, &a->why);
	else
		a->outcome = OPTIONS_BAD;
}

static bool same_text(const char *a, const char *b)
{
	return a == b || (a && b && !strcmp(a, b));
}

static bool same_options(const struct options *a, const struct options *b)
{
	return same_text(a->file, b->file) && a->engines == b->engines && a->format == b->format &&
	       same_text(a->machine, b->machine) && a->has_cpus == b->has_cpus && a->cpus == b->cpus &&
	       a->has_nodes == b->has_nodes && a->nodes == b->nodes && a->has_hz == b->has_hz &&
	       a->hz == b->hz && a->has_seed == b->has_seed && a->seed == b->seed &&
	       same_text(a->explore, b->explore) && same_text(a->lockdep, b->lockdep) &&
	       same_text(a->invariants, b->invariants) && same_text(a->cmdline, b->cmdline) &&
	       a->time_limit_ns == b->time_limit_ns && a->hung_task_ns == b->hung_task_ns &&
	       a->has_slice == b->has_slice && a->slice_ns == b->slice_ns && a->all == b->all &&
	       a->summary == b->summary && a->width == b->width;
}

static int by_address(const void *a, const void *b)
{
	char *const *x = a, *const *y = b;

	return (*x > *y) - (*x < *y);
}

/* getopt_long() brings the arguments into another order, no more than that. */
static void judge_arguments(const struct line *l, const char *data, size_t len)
{
	char *sorted[MOST_ARGUMENTS + 1], *p = l->argv[0] == l->command ? NULL : l->copy + strlen(l->copy) + 1;

	REQUIRE(!memcmp(l->copy, data, len), "an argument was written to");
	REQUIRE(!l->argv[l->argc], "the end of the arguments was written to");
	memcpy(sorted, l->argv, sizeof(*sorted) * l->argc);
	qsort(sorted, l->argc, sizeof(*sorted), by_address);
	for (int i = 0; p && i < l->argc; i++, p += strlen(p) + 1)
		REQUIRE(sorted[i] == p, "an argument was lost");
}

static void judge_refusal(const struct line *l, const struct answer *a)
{
	const char *s = a->why.s, *p, *name;

	REQUIRE(s && *s && strlen(s) == a->why.len, "refused without a word");
	for (p = s; *p; p++)
		REQUIRE((unsigned char)*p >= ' ' && *p != 0x7f, "the complaint is no line: \"%s\"", s);
	if (!strncmp(s, "--", 2) || !strncmp(s, "the environment variable ", 25))
		return;
	REQUIRE(!strncmp(s, l->command, strlen(l->command)) && !strncmp(s + strlen(l->command), ": ", 2),
		"the complaint does not say about what: \"%s\"", s);
	/* what is called an option must be one, and no value or file */
	name = s + strlen(l->command) + 2;
	if (!strncmp(name, "there is no option ", 19))
		REQUIRE(name[19] == '-', "the complaint names no option: \"%s\"", s);
	if (!strncmp(name, "the option ", 11))
		REQUIRE(name[11] == '-', "the complaint names no option: \"%s\"", s);
}

static void judge_accepted(const struct line *l, const struct options *opt)
{
	bool run = !strcmp(l->command, "run"), tour = !strcmp(l->command, "tour");

	REQUIRE(tour ? !opt->file : opt->file && *opt->file, "accepted with the wrong kind of FILE");
	REQUIRE(opt->engines >= ENGINE_UNSAID && opt->engines <= ENGINE_BOTH &&
		opt->format >= FORMAT_TABLE && opt->format <= FORMAT_COLOURS, "accepted with a word that is none");
	REQUIRE((!opt->has_cpus || (opt->cpus >= 1 && opt->cpus <= MACHINE_MAX_CPUS)) &&
		(!opt->has_nodes || (opt->nodes >= 1 && opt->nodes <= MACHINE_MAX_NODES)) &&
		(!opt->has_hz || opt->hz == 100 || opt->hz == 250 || opt->hz == 300 || opt->hz == 1000) &&
		opt->width >= 60 && opt->width <= 1000, "accepted with a number out of bounds");
	REQUIRE((opt->has_cpus || !opt->cpus) && (opt->has_nodes || !opt->nodes) &&
		(opt->has_hz || !opt->hz) && (opt->has_seed || !opt->seed) &&
		(opt->has_slice || !opt->slice_ns), "a value without its flag");
	REQUIRE(!opt->has_seed || !opt->explore, "accepted with two strategies");
	REQUIRE(run || (opt->format == FORMAT_TABLE && !opt->all), "accepted with an option of another command");
	REQUIRE(!run || !opt->summary, "accepted with an option of another command");
	REQUIRE(!tour || (!opt->machine && !opt->explore && !opt->lockdep && !opt->invariants && !opt->has_cpus &&
			  !opt->has_nodes && !opt->has_hz && !opt->has_seed && !opt->has_slice && !opt->time_limit_ns && !opt->hung_task_ns &&
			  !opt->summary),
		"accepted with an option of another command");
}

/* The command line that says just this. */
static void write_out(const char *command, const struct options *opt, struct buf *b)
{
	static const char *const engines[] = { "", "legacy", "cmwq", "both" };
	static const char *const formats[] = { "table", "csv", "trace", "trace_stat", "colours" };

	buf_clear(b);
	buf_print(b, "%c%s%c--width=%u%c", 0, command, 0, opt->width, 0);
	if (strcmp(command, "tour") && opt->engines)
		buf_print(b, "--engine=%s%c", engines[opt->engines], 0);
	if (opt->machine)
		buf_print(b, "--machine=%s%c", opt->machine, 0);
	if (opt->has_cpus)
		buf_print(b, "--cpus=%u%c", opt->cpus, 0);
	if (opt->has_nodes)
		buf_print(b, "--nodes=%u%c", opt->nodes, 0);
	if (opt->has_hz)
		buf_print(b, "--hz=%u%c", opt->hz, 0);
	if (opt->has_seed)
		buf_print(b, "--seed=%llu%c", (unsigned long long)opt->seed, 0);
	if (opt->cmdline)
		buf_print(b, "--cmdline=%s%c", opt->cmdline, 0);
	if (opt->explore)
		buf_print(b, "--explore=%s%c", opt->explore, 0);
	if (opt->lockdep)
		buf_print(b, "--lockdep=%s%c", opt->lockdep, 0);
	if (opt->invariants)
		buf_print(b, "--invariants=%s%c", opt->invariants, 0);
	if (opt->time_limit_ns)
		buf_print(b, "--time-limit=%lluns%c", (unsigned long long)opt->time_limit_ns, 0);
	if (opt->hung_task_ns == UINT64_MAX)
		buf_print(b, "--hung-task=off%c", 0);
	else if (opt->hung_task_ns)
		buf_print(b, "--hung-task=%lluns%c", (unsigned long long)opt->hung_task_ns, 0);
	if (opt->has_slice)
		buf_print(b, "--slice=%lluns%c", (unsigned long long)opt->slice_ns, 0);
	if (!strcmp(command, "run"))
		buf_print(b, "--format=%s%c", formats[opt->format], 0);
	if (opt->all)
		buf_print(b, "--all%c", 0);
	if (opt->summary)
		buf_print(b, "--summary%c", 0);
	if (opt->file)
		buf_print(b, "--%c%s%c", 0, opt->file, 0);
}

static void judge_written(const char *command, const struct options *opt)
{
	static struct buf written;
	struct line l;
	struct answer a;
	struct options want = *opt;

	if (!strcmp(command, "tour"))
		want.engines = ENGINE_UNSAID;	/* which only the environment can have said */
	write_out(command, opt, &written);
	take_apart(&l, written.s, written.len);
	read_line(&l, &a);
	REQUIRE(a.outcome == OPTIONS_GO, "what it says, written out, is refused: %s",
		a.why.s ? a.why.s : "as a call for help");
	REQUIRE(same_options(&a.opt, &want), "what it says, written out, says something else");
	tally.printed++;
	text_free(&a.why);
	free(l.copy);
}

static void judge(const char *data, size_t len, struct line *l, struct answer *a)
{
	int64_t blocks = meter.blocks;
	struct line again_line;
	struct answer again;

	take_apart(l, data, len);
	meter_start(STEPS_ONCE + STEPS_BYTE * len);
	read_line(l, a);
	meter_stop();
	tally_percent(&tally.steps, meter.steps, STEPS_ONCE + STEPS_BYTE * len);
	judge_arguments(l, data, len);
	take_apart(&again_line, data, len);
	read_line(&again_line, &again);
	REQUIRE(again.outcome == a->outcome && same_text(a->why.s, again.why.s) &&
		(a->outcome != OPTIONS_GO || same_options(&a->opt, &again.opt)),
		"the second reading says something else");
	text_free(&again.why);
	free(again_line.copy);
	if (a->outcome == OPTIONS_BAD)
		judge_refusal(l, a);
	else
		REQUIRE(!a->why.s, "accepted with the complaint \"%s\"", a->why.s);
	if (a->outcome == OPTIONS_GO) {
		judge_accepted(l, &a->opt);
		judge_written(l->command, &a->opt);
	}
	tally.refused += a->outcome == OPTIONS_BAD;
	tally.accepted += a->outcome != OPTIONS_BAD;
	if (len > tally.longest)
		tally.longest = len;
	REQUIRE(meter.blocks == blocks + (a->why.s != NULL), "memory is left behind");
}

static void judge_line(const char *data, size_t len, bool must_refuse, const struct options *want)
{
	struct line l;
	struct answer a;

	report_input(&target_options, data, len);
	judge(data, len, &l, &a);
	REQUIRE(!want || a.outcome == OPTIONS_GO, "a command line that is right is refused: %s", a.why.s);
	REQUIRE(!want || same_options(&a.opt, want), "a command line that is right is misread");
	REQUIRE(!must_refuse || a.outcome == OPTIONS_BAD, "a command line that is wrong is accepted");
	text_free(&a.why);
	free(l.copy);
}

void judge_command_line(const char *data, size_t len, const struct options *want)
{
	judge_line(data, len, false, want);
}

void judge_wrong_command_line(const char *data, size_t len)
{
	judge_line(data, len, true, NULL);
}

static void judge_any(const char *data, size_t len)
{
	judge_line(data, len, false, NULL);
}

const struct target target_options = {
	.name = "options",
	.judge = judge_any,
	.play = play_options,
	.write = write_right_options,
	.mutate = mutate_options,
};
