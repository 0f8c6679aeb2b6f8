// SPDX-License-Identifier: GPL-2.0-only
/*
 * The command lines, each from a seed:
 *
 *     right     options that fit the command, spelt in all ways that getopt
 *               knows, with the FILE anywhere; what it must say is known
 *     value     one option with one value, right or wrong, read a second way
 *     mutated   one of those made worse
 *     soup      options, values and other texts in any order
 *
 * Read next: options-target.c.
 */
#include <stdio.h>
#include <string.h>

#include "fuzz.h"
#include "labs/wqlab/options.h"
#include "wqlab/machine.h"

static const char *const words[] = {
	"run", "ps", "tour", "--help", "-h", "--version", "--engine", "--machine", "--cpus", "--nodes",
	"--hz", "--seed", "--explore", "--time-limit", "--hung-task", "--slice", "--width", "--format", "--all",
	"--summary", "--engine=", "--engine=legacy", "--engine=cmwq", "--engine=both", "--engine=old",
	"--machine=sim", "--machine=native", "--cpus=4", "--cpus=0", "--cpus=4097", "--nodes=65",
	"--hz=250", "--hz=17", "--seed=1", "--seed=18446744073709551616", "--explore=random:1,p=5",
	"--time-limit=1s", "--time-limit=0s", "--hung-task=off", "--hung-task=0s", "--slice=1.5ms",
	"--slice=0.5ns", "--width=59", "--invariants", "--invariants=-C4,D",
	"--lockdep", "--lockdep=on", "--lockdep=off", "--lockdep=maybe", "--width=1000", "--format=csv", "--format=xml", "--all=1", "--summ", "--s", "--", "-", "---",
	"--=", "--=3", "-x", "-hx", "-xh", "-\303\251", "-:", "-?", "-W", "", "4", "1ms", "legacy", "csv",
	"a.wq", "labs/scenarios/doc-original.wq", "\n", "\033[2J", "\377", "=", "--help=1", "0x10", "+1",
	" 1", "1 ", "1e3", "99999999999999999999", "\0a.wq",
};

enum { ENGINE, MACHINE, CPUS, NODES, HZ, SEED, EXPLORE, TIME_LIMIT, HUNG_TASK, SLICE, INVARIANTS, WIDTH,
       FORMAT, LOCKDEP, ALL, SUMMARY, OPTIONS };

static const char *const options[OPTIONS] = {
	"engine", "machine", "cpus", "nodes", "hz", "seed", "explore", "time-limit", "hung-task", "slice",
	"invariants", "width", "format", "lockdep", "all", "summary",
};

/* So many letters tell each of them from all others. */
#define LEAST	3

/* Of a terminal its own, else a fixed one. */
static uint32_t default_width(void)
{
	struct text why = { 0 };
	struct options opt;

	options_default(&opt, &why);	/* the environment may be wrong: the width is there */
	text_free(&why);
	return opt.width;
}

void mutate_options(struct chance *c, struct buf *b)
{
	static const char separated[] = "--cpus\0004\0--slice=1ms\0--\0-h\0--format\0csv\0a.wq\0--seed=7\0";

	mutate(c, b, words, COUNT(words), separated, sizeof(separated));
	/* what was a blank divides arguments */
	for (size_t i = 0; i < b->len; i++)
		if (b->s[i] == ' ' && once_in(c, 2))
			b->s[i] = '\0';
}

static const char *command(struct chance *c)
{
	static const char *const commands[] = { "run", "run", "ps", "ps", "tour" };

	return commands[chance(c, COUNT(commands))];
}

static bool fits(const char *command, int which)
{
	if (!strcmp(command, "tour"))
		return which == WIDTH;
	if (!strcmp(command, "ps"))
		return which != FORMAT && which != ALL;
	return which != SUMMARY;
}

/* --name=VALUE, --name VALUE, or with a shorter name that means the same. */
static void write_name(struct chance *c, struct buf *b, int which, bool value)
{
	size_t len = strlen(options[which]);

	if (once_in(c, 4) && len > LEAST)
		len = LEAST + chance(c, len - LEAST + 1);
	buf_print(b, "--%.*s", (int)len, options[which]);
	if (value)
		buf_print(b, "%c", once_in(c, 3) ? '\0' : '=');
}

/* One value that is right, and what it means. */
static void write_value(struct chance *c, struct buf *b, int which, struct options *want)
{
	static const char *const engines[] = { "", "legacy", "cmwq", "both" };
	static const char *const formats[] = { "table", "csv", "trace", "trace_stat", "colours" };
	static const char *const texts[] = { "sim", "native", "default", "random:7", "", "-", "--", "x y", "--cpus=3" };
	static const uint32_t hz[] = { 100, 250, 300, 1000 };
	uint64_t ns = 1 + (chance_bits(c) >> (1 + chance(c, 63)));

	switch (which) {
	case ENGINE:
		want->engines = 1 + chance(c, 3);
		buf_print(b, "%s", engines[want->engines]);
		break;
	case MACHINE:
		want->machine = texts[chance(c, COUNT(texts))];
		buf_print(b, "%s", want->machine);
		break;
	case EXPLORE:
		want->explore = texts[chance(c, COUNT(texts))];
		buf_print(b, "%s", want->explore);
		break;
	case INVARIANTS:
		want->invariants = texts[chance(c, COUNT(texts))];
		buf_print(b, "%s", want->invariants);
		break;
	case CPUS:
		want->has_cpus = true;
		want->cpus = 1 + chance(c, once_in(c, 2) ? 8 : MACHINE_MAX_CPUS);
		buf_print(b, "%s%u", once_in(c, 8) ? "00" : "", want->cpus);
		break;
	case NODES:
		want->has_nodes = true;
		want->nodes = 1 + chance(c, MACHINE_MAX_NODES);
		buf_print(b, "%u", want->nodes);
		break;
	case HZ:
		want->has_hz = true;
		want->hz = hz[chance(c, COUNT(hz))];
		buf_print(b, "%u", want->hz);
		break;
	case SEED:
		want->has_seed = true;
		want->seed = chance_bits(c) >> chance(c, 64);
		buf_print(b, "%llu", (unsigned long long)want->seed);
		break;
	case TIME_LIMIT:
		want->time_limit_ns = ns;
		spell_duration(c, b, ns, false);
		break;
	case HUNG_TASK:
		want->hung_task_ns = once_in(c, 4) ? UINT64_MAX : ns;
		if (want->hung_task_ns == UINT64_MAX)
			buf_print(b, "%s", once_in(c, 2) ? "off" : "0ms");
		else
			spell_duration(c, b, ns, false);
		break;
	case SLICE:
		want->has_slice = true;
		want->slice_ns = ns - 1;
		spell_duration(c, b, ns - 1, false);
		break;
	case WIDTH:
		want->width = 60 + chance(c, 941);
		buf_print(b, "%u", want->width);
		break;
	case LOCKDEP:
		want->lockdep = once_in(c, 2) ? "on" : "off";
		buf_print(b, "%s", want->lockdep);
		break;
	case FORMAT:
		want->format = chance(c, COUNT(formats));
		buf_print(b, "%s", formats[want->format]);
		break;
	}
}

static struct buf line;

static void write_right(struct chance *c, struct options *want)
{
	static const char *const files[] = { "a.wq", "-", "--odd", "x y", "\303\251", "--", "-h", "--cpus=2", "=" };
	static const char *const engines[] = { "", "legacy", "cmwq", "both" };
	const char *name = command(c);
	bool file_now, file_done;

	*want = (struct options) { .width = default_width() };
	buf_clear(&line);
	if (once_in(c, 4))
		want->engines = chance(c, 4);
	buf_print(&line, "%s%c%s%c", engines[want->engines], 0, name, 0);
	file_done = !strcmp(name, "tour");
	for (uint32_t n = chance(c, 8); n; n--) {
		int which = chance(c, OPTIONS);

		file_now = !file_done && once_in(c, 6);
		if (file_now) {
			want->file = files[chance(c, 2)];	/* one that is no option */
			buf_print(&line, "%s%c", want->file, 0);
			file_done = true;
		}
		if (!fits(name, which) || (which == SEED && want->explore) || (which == EXPLORE && want->has_seed))
			continue;
		want->all |= which == ALL;
		want->summary |= which == SUMMARY;
		write_name(c, &line, which, which != ALL && which != SUMMARY);
		write_value(c, &line, which, want);
		buf_add(&line, "", 1);
	}
	if (!file_done) {
		want->file = files[chance(c, COUNT(files))];
		if (want->file[0] == '-' || once_in(c, 4))
			buf_print(&line, "--%c", 0);
		buf_print(&line, "%s%c", want->file, 0);
	} else if (once_in(c, 4)) {
		buf_print(&line, "--%c", 0);
	}
}

void write_right_options(struct chance *c, struct buf *b)
{
	struct options want;

	write_right(c, &want);
	buf_clear(b);
	buf_add(b, line.s, line.len);
}

/* One value that may be wrong, and whether it is. */
static void play_value(struct chance *c)
{
	static const struct { int which; uint64_t min, max; } numbers[] = {
		{ CPUS, 1, MACHINE_MAX_CPUS }, { NODES, 1, MACHINE_MAX_NODES }, { SEED, 0, UINT64_MAX },
		{ WIDTH, 60, 1000 },
	};
	struct options want = { .file = "f", .width = default_width() };
	int which = chance(c, COUNT(numbers) + 3);
	static struct buf value;
	bool right;

	buf_clear(&value);
	if (which >= (int)COUNT(numbers) || once_in(c, 8))
		write_duration(c, &value);
	else
		buf_print(&value, "%llu", (unsigned long long)(chance_bits(c) >> chance(c, 64)));
	while (once_in(c, 4))
		mutate_options(c, &value);
	value.len = strlen(value.s);

	if (which >= (int)COUNT(numbers)) {
		uint64_t ns = 0;

		right = duration_value(value.s, value.len, false, UINT64_MAX, &ns);
		switch (which - COUNT(numbers)) {
		case 0:
			which = SLICE;
			want.has_slice = true;
			want.slice_ns = ns;
			break;
		case 1:
			which = TIME_LIMIT;
			right = right && ns;
			want.time_limit_ns = ns;
			break;
		default:	/* 0 is off */
			which = HUNG_TASK;
			want.hung_task_ns = ns ? ns : UINT64_MAX;
		}
	} else {
		uint64_t min = numbers[which].min, max = numbers[which].max;
		unsigned __int128 sum = 0;

		right = value.len && strspn(value.s, "0123456789") == value.len;
		for (size_t i = 0; right && i < value.len && sum <= UINT64_MAX; i++)
			sum = sum * 10 + (value.s[i] - '0');
		right = right && sum >= min && sum <= max;
		which = numbers[which].which;
		want.has_cpus = which == CPUS;
		want.has_nodes = which == NODES;
		want.has_seed = which == SEED;
		if (which == SEED)
			want.seed = sum;
		else
			*(which == CPUS ? &want.cpus : which == NODES ? &want.nodes : &want.width) = sum;
	}
	buf_clear(&line);
	buf_print(&line, "%cps%c--%s=%s%cf%c", 0, 0, options[which], value.s, 0, 0);
	if (right)
		judge_command_line(line.s, line.len, &want);
	else
		judge_wrong_command_line(line.s, line.len);
}

static void play_soup(struct chance *c)
{
	buf_clear(&line);
	if (!once_in(c, 8))
		buf_add(&line, "", 1);
	buf_print(&line, "%s%c", command(c), 0);
	for (uint32_t n = chance(c, once_in(c, 20) ? 300 : 6); n; n--)
		buf_print(&line, "%s%c", words[chance(c, COUNT(words))], 0);
	target_options.judge(line.s, line.len);
}

void play_options(uint64_t seed)
{
	struct chance c = { .state = seed };
	uint32_t kind = chance(&c, 100);
	struct options want;

	if (kind < 20) {
		write_right(&c, &want);
		judge_command_line(line.s, line.len, &want);
	} else if (kind < 35) {
		play_value(&c);
	} else if (kind < 80) {
		write_right(&c, &want);
		for (uint32_t n = 1 + chance(&c, 4); n; n--)
			mutate_options(&c, &line);
		target_options.judge(line.s, line.len);
	} else {
		play_soup(&c);
	}
}
