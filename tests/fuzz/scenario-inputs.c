// SPDX-License-Identifier: GPL-2.0-only
/*
 * The texts that are read as scenarios, each from a seed:
 *
 *     right     two spellings of one scenario; both accepted, both the same
 *     mutated   one of those, or a shipped scenario, made worse
 *     soup      words of the language in any order
 *     value     one duration or number, right or wrong, read a second way
 *     grown     a few lines many times over, up to the largest file
 *
 * Owns the shipped scenarios, read once, and two texts.
 *
 * Read next: scenario-write.c.
 */
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"

/* At most so much of a shipped scenario is taken. */
#define SHIPPED_BYTES	8192

static const char *const words[] = {
	"work", "task", "at", "workqueue", "event", "mutex", "cpus", "nodes", "hz", "seed", "slice",
	"cost", "switch", "wake", "create", "end", "scenario", "note", "burn", "sleep", "wait", "signal",
	"lock", "unlock", "queue", "requeue", "cancel", "flush", "yield", "say", "set", "max_active",
	"of", "to", "fail", "thread", "creation", "on", "off", "cpu", "up", "down", "freeze", "thaw",
	"after", "times", "start", "singlethread", "ordered", "flags", "engine", "legacy", "cmwq",
	"events", "w0", "w1", "q0", "q1", "w", "q", "m", "e", "UNBOUND", "WQ_HIGHPRI", "WQ_", "SYSFS",
	"[0..3]", "[", "]", "..", ",", "=", "|", "\"", "\\", "\\\"", "#", "0", "1", "2", "-1", "5ms", "1.5ms",
	"0.5ns", "1000000s", "1000001s", "1 s", "\"a\"", "\"\"", "w[0..9]", "w[3..1]", "q[0..9]", "m[0..9]",
	"[0..999999]", "[999999..1000000]", "[18446744073709551615..0]", "4096", "4097", "999999",
	"18446744073709551616", "0.0000000001s", "wrok", "quue", "onn", "aftre", "maxactive", "\r", "\r\n",
	"\n", "\n", "\n", "\n", "\t", "\303\251", "\357\273\277", "\342\200\256", "\342\200\234", "\377",
	"\033[2J", "\n\n\n", "aaaaaaaaaaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaaaaaaaaaaa",
};

static char *shipped[64];
static size_t nr_shipped;

static void load_shipped(void)
{
	glob_t g;

	if (nr_shipped || glob("labs/scenarios/*.wq", 0, NULL, &g))
		return;
	for (size_t i = 0; i < g.gl_pathc && nr_shipped < COUNT(shipped); i++) {
		FILE *f = fopen(g.gl_pathv[i], "rb");
		char *text = calloc(1, SHIPPED_BYTES + 1);

		if (f && text && fread(text, 1, SHIPPED_BYTES, f))
			shipped[nr_shipped++] = text;
		else
			free(text);
		if (f)
			fclose(f);
	}
	globfree(&g);
}

void mutate_scenario(struct chance *c, struct buf *b)
{
	const char *other = "";

	load_shipped();
	if (nr_shipped)
		other = shipped[chance(c, nr_shipped)];
	mutate(c, b, words, COUNT(words), other, strlen(other));
}

static struct buf fancy, plain;

void write_right_scenario(struct chance *c, struct buf *b)
{
	write_scenario(c, b, &plain);
}

static void play_right(struct chance *c)
{
	struct scenario *a, *b;
	const char *difference;
	int64_t blocks = meter.blocks;

	write_scenario(c, &fancy, &plain);
	b = judge_right_scenario(plain.s, plain.len);
	a = judge_right_scenario(fancy.s, fancy.len);
	difference = scenario_difference(a, b, false);
	REQUIRE(!difference, "two spellings differ in %s; the plain one:\n%.4000s", difference, plain.s);
	scenario_free(a);
	scenario_free(b);
	REQUIRE(meter.blocks == blocks, "memory is left behind");
}

static void play_mutated(struct chance *c)
{
	load_shipped();
	if (nr_shipped && once_in(c, 2)) {
		buf_clear(&fancy);
		buf_print(&fancy, "%s", shipped[chance(c, nr_shipped)]);
	} else {
		write_scenario(c, &fancy, &plain);
	}
	for (uint32_t n = 1 + chance(c, once_in(c, 4) ? 12 : 3); n; n--)
		mutate_scenario(c, &fancy);
	judge_scenario(fancy.s, fancy.len);
}

static void play_soup(struct chance *c)
{
	buf_clear(&fancy);
	for (uint32_t n = chance(c, once_in(c, 10) ? 600 : 40); n; n--)
		buf_print(&fancy, "%s%s", words[chance(c, COUNT(words))], once_in(c, 8) ? "" : " ");
	judge_scenario(fancy.s, fancy.len);
}

/* What a line with one value in it must come to. */
static void play_value(struct chance *c)
{
	static const char *const before[] = {
		"slice ", "cost switch ", "seed ", "cpus ", "workqueue q max_active=",
	};
	uint32_t which = chance(c, COUNT(before));
	bool duration = which < 2, right;
	struct scenario_errors errs;
	struct scenario *sc;
	uint64_t want = 0, got = 0;
	static struct buf value;
	size_t n = 0;

	buf_clear(&value);
	if (duration || once_in(c, 8))
		write_duration(c, &value);
	else
		buf_print(&value, "%llu", (unsigned long long)(chance_bits(c) >> chance(c, 64)));
	while (once_in(c, 4))
		mutate_scenario(c, &value);
	/* one token or a duration of two, so that nothing else of the line changes */
	while (n < value.len && strchr("0123456789.nmus ", value.s[n]) && value.s[n])
		n++;
	while (n && value.s[n - 1] == ' ')
		n--;
	value.len = n < 60 ? n : 60;
	value.s[value.len] = '\0';

	buf_clear(&fancy);
	buf_print(&fancy, "work w\nat 0 queue w on events\n%s%s\n", before[which], value.s);
	judge_scenario(fancy.s, fancy.len);

	if (duration) {
		right = duration_value(value.s + strspn(value.s, " "), value.len - strspn(value.s, " "), true,
				       SCENARIO_MAX_NS, &want);
	} else {
		static const uint64_t most[] = { UINT64_MAX, 4096, 1000000 };
		const char *digits = value.s + strspn(value.s, " ");
		unsigned __int128 sum = 0;

		right = *digits && digits[strspn(digits, "0123456789")] == '\0';
		for (; right && *digits && sum <= UINT64_MAX; digits++)
			sum = sum * 10 + (*digits - '0');
		right = right && sum <= most[which - 2] && (which != 3 || sum);
		want = sum;
	}
	sc = scenario_parse("value", fancy.s, fancy.len, &errs);
	REQUIRE(!sc == !right, "`%s%s` is %s", before[which], value.s, sc ? "accepted" : "refused");
	if (sc)
		got = which == 0 ? sc->slice_ns : which == 1 ? sc->switch_ns : which == 2 ? sc->seed :
		      which == 3 ? sc->cpus : (uint64_t)sc->workqueues[1].max_active;
	REQUIRE(!sc || got == want, "`%s%s` is read as %llu", before[which], value.s, (unsigned long long)got);
	scenario_free(sc);
}

/* Lines after one pattern, in which $ stands for the line's number, until the text is so long. */
static void grow(struct buf *b, const char *pattern, size_t len)
{
	for (uint32_t i = 0; b->len < len; i++)
		for (const char *p = pattern; *p; p++) {
			if (*p == '$')
				buf_print(b, "%u", i);
			else
				buf_add(b, p, 1);
		}
}

static void play_grown(struct chance *c)
{
	static const char *const opening[] = { "work v[0..%u]\n", "task u[0..%u]\n", "at 5ms\n" };
	static const char *const right[] = {		/* the first ten are steps of the block above */
		"yield\n", "burn 1$ns\n", "say \"$\"\n", "lock m0\nunlock m0\n", "wait e0\n",
		"queue w0 on q0 after $us\n", "queue w0 w0 w0 w0 w0 w0 w0 w0 on q0 cpu 0\n", "signal e0 e0\n",
		"cancel w0\n", "flush w0, w0 q0\n", "at $ns queue w0 on q0\n", "at 5ms\n", "at 5ms cancel w0\n",
		"work a$\n", "work a$\nrequeue times 1\n", "work a$\ncancel a$\nrequeue after 5ms\n",
		"workqueue b$ flags=UNBOUND|SYSFS max_active=2\n", "event c$\n", "mutex d$\n",
		"task f$ cpu 0 start $us\n", "task f$\nyield\n", "\n", "\t ", "note \"$ $ $ $ $ $ $\"\n", "# $\n",
	};
	static const char *const wrong[] = {
		"requeue\n", "lock m[0..999]\n", "cancel w[0..9999]\n", "queue w[0..9999] on q[0..9999]\n",
		"w0 ", "w0,", "work g[$..$]\n", "task h$\nrequeue\n", "[", "\"", "wrok x\n", "quue w\n", "say",
		"wait nobody$\n", "lock m[0..9\n", "0", "aaaaaaaa", "|", ". .", "cost wake 1ms, ", "queue w$ on q0\n",
		"set max_active of events to 1\n", "flush b$\n", "queue a$ on b$\n", "work w$\n",
	};
	static const uint32_t sizes[] = { 0, 99, 4900, 4900 };
	size_t len = 64u << chance(c, 15);
	uint32_t parts = 1 + chance(c, 3), n = sizes[chance(c, COUNT(sizes))];
	uint32_t among = once_in(c, 2) ? 10 : COUNT(right);

	buf_clear(&fancy);
	if (!once_in(c, 8)) {
		buf_print(&fancy, "work w[0..%u]\nworkqueue q[0..%u]\n", n, n);
		buf_print(&fancy, "event e[0..%u]\nmutex m[0..%u]\ntask t[0..%u]\n", n, n, n);
		buf_print(&fancy, "at 0 queue w0 on q0\n%s", once_in(c, 2) ? "end at 1000s\n" : "");
	}
	buf_print(&fancy, opening[chance(c, COUNT(opening))], n);
	for (uint32_t i = 1; i <= parts; i++)
		grow(&fancy, once_in(c, 8) ? wrong[chance(c, COUNT(wrong))] : right[chance(c, among)],
		     len * i / parts);
	judge_scenario(fancy.s, fancy.len);
}

void play_scenario(uint64_t seed)
{
	struct chance c = { .state = seed };
	uint32_t kind = chance(&c, 1000);

	if (kind < 150)
		play_right(&c);
	else if (kind < 800)
		play_mutated(&c);
	else if (kind < 900)
		play_soup(&c);
	else if (kind < 998)
		play_value(&c);
	else
		play_grown(&c);
}
