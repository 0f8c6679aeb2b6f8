// SPDX-License-Identifier: GPL-2.0-only
/*
 * One text, read as a scenario and judged.
 *
 *     refused    1 to 10 mistakes in the order of the file, no two at one
 *                place, each one line: a place inside the text, what was found
 *                and what was expected
 *     accepted   a scenario that is sound (scenario_is_sound()), and that comes
 *                out again when it is printed and read
 *     both       the second reading says the same; steps and memory stay within
 *                bounds that grow with the text alone; nothing is left
 *                allocated, not even when memory runs out on the way
 *
 * What a text may cost is counted from its length and the names that its
 * ranges stand for.
 *
 * Read next: scenario-inputs.c, where the texts come from.
 */
#include <stdlib.h>
#include <stdio.h>
#include <string.h>

#include "fuzz.h"
#include "scenario-sound.h"

/* Steps that a reading may take: of its own, for a byte, for a name, for a suggestion. */
#define STEPS_ONCE	60000ull
#define STEPS_BYTE	120ull
#define STEPS_NAME	300ull
#define STEPS_COMPARED	6000ull
/* Bytes that it may hold: of its own, for a byte of the text, for a name. */
#define BYTES_ONCE	400000ll
#define BYTES_BYTE	260ll
#define BYTES_NAME	600ll

/* The names that the ranges of a text may stand for; of one range no more are ever looked at. */
static uint64_t names_in_ranges(const char *text, size_t len)
{
	const uint64_t most = SCENARIO_MAX_REFS;
	uint64_t all = 0;

	for (size_t i = 0; i < len; i++) {
		uint64_t n[2] = { 0, 0 };

		if (text[i] != '[')
			continue;
		for (int side = 0; side < 2; side++) {
			while (i + 1 < len && (text[i + 1] == ' ' || text[i + 1] == '\t' || text[i + 1] == '.'))
				i++;
			for (; i + 1 < len && text[i + 1] >= '0' && text[i + 1] <= '9'; i++)
				n[side] = n[side] > most ? n[side] : n[side] * 10 + (text[i + 1] - '0');
		}
		if (n[1] > n[0])
			all += n[1] - n[0] < most ? n[1] - n[0] : most;
	}
	return all;
}

/* What the text is called in messages; a little of everything that paths can be. */
static const char *name_of(const char *text, size_t len)
{
	static char path[400];
	uint32_t h = 2166136261u;

	for (size_t i = 0; i < len && i < 64; i++)
		h = (h ^ (unsigned char)text[i]) * 16777619u;
	if (h >> 16 & 7)
		return "t.wq";
	if (h >> 19 & 1)
		return "standard input";
	for (size_t i = 0; i < sizeof(path) - 1; i++)
		path[i] = i % 9 ? "abc\303\251:12:"[i % 9] : '/';
	path[200 + (h >> 20) % 199] = '\0';
	return path;
}

/* The characters of a line, counted from 1; -1 if there is no such line. */
static long line_length(const char *text, size_t len, uint32_t line)
{
	const char *p = text, *end = text + len, *stop;
	long n = 0;

	for (; line > 1; line--) {
		p = memchr(p, '\n', end - p);
		if (!p)
			return -1;
		p++;
	}
	stop = memchr(p, '\n', end - p);
	for (stop = stop ? stop : end; p < stop; p++)
		n += (*p & 0xc0) != 0x80;
	return n;
}

/* Behind the place: "found X, expected Y", or with a suggestion, or why there is no such thing. */
static bool says_enough(const char *text)
{
	const char *expected = strstr(text, "expected "), *meant = strstr(text, "did you mean `");
	bool found = !strncmp(text, "found ", 6) && text[6] && text[6] != ',';

	if (!found && strncmp(text, "the text that begins here is not closed, ", 40))
		return false;
	return (expected && expected[9]) || (meant && meant[14] && meant[14] != '`') ||
	       strstr(text, "the engines of this version have no ");
}

/* The first @len bytes are the name, or the end of a long one. */
static bool begins_with_name(const char *text, size_t len, const char *name)
{
	size_t all = strlen(name);

	if (len == all && !memcmp(text, name, len))
		return true;
	return len > 3 && !memcmp(text, "...", 3) && len - 3 < all &&
	       !memcmp(text + 3, name + all - (len - 3), len - 3);
}

static void judge_error(const struct scenario_error *e, const char *name, const char *text, size_t len)
{
	const struct scenario_place at = e->place;
	size_t size = strnlen(e->text, sizeof(e->text)), skip;
	char place[64];
	const char *p;

	REQUIRE(size < sizeof(e->text) - 1, "a message is too long for its room: \"%.100s...\"", e->text);
	for (p = e->text; *p; p++)
		REQUIRE((unsigned char)*p >= ' ' || *p == '\t', "a message has a control character: \"%s\"", e->text);
	snprintf(place, sizeof(place), at.line ? ":%u:%u: " : ": ", at.line, at.col);
	p = strstr(e->text, place);
	while (p && strstr(p + 1, place) && (size_t)(p - e->text) < strlen(name))
		p = strstr(p + 1, place);
	REQUIRE(p, "a message lacks its place%s: \"%s\"", place, e->text);
	skip = p - e->text;
	REQUIRE(begins_with_name(e->text, skip, name), "a message does not begin with the name: \"%s\"", e->text);
	REQUIRE(says_enough(p + strlen(place)), "a message does not say what was found and what was expected: \"%s\"",
		e->text);
	if (!at.line) {
		REQUIRE(len > SCENARIO_MAX_BYTES, "a mistake has no place: \"%s\"", e->text);
		return;
	}
	/* one behind the last character is the end of the line; a mark of UTF-8 has no column */
	REQUIRE(at.col && (long)at.col <= line_length(text, len, at.line) + 1,
		"a mistake is outside the text: \"%s\"", e->text);
}

static void judge_errors(const struct scenario_errors *errs, const char *name, const char *text, size_t len)
{
	REQUIRE(errs->nr >= 1 && errs->nr <= SCENARIO_MAX_ERRORS, "refused with %u mistakes", errs->nr);
	for (unsigned int i = 0; i < errs->nr; i++) {
		const struct scenario_error *e = &errs->list[i], *before = e - 1;

		judge_error(e, name, text, len);
		/* what the whole file lacks is said at its last line, whatever else is wrong there */
		REQUIRE(!i || e->place.line > before->place.line ||
			(e->place.line == before->place.line && e->place.col > before->place.col) ||
			strstr(e->text, ": found the end of the file "),
			"two mistakes at one place, or not in the order of the file: \"%s\" and \"%s\"",
			before->text, e->text);
	}
}

static struct scenario *read_text(const char *name, const char *text, size_t len,
				  struct scenario_errors *errs)
{
	/* in memory of just its size, so that ASan sees who reads on behind it */
	char *copy = malloc(len ? len : 1);
	struct scenario *sc;

	memcpy(copy, text, len);
	memset(errs, 0xaa, sizeof(*errs));
	sc = scenario_parse(name, copy, len, errs);
	free(copy);
	return sc;
}

static void release(struct scenario *sc, int64_t blocks)
{
	scenario_free(sc);
	REQUIRE(meter.blocks == blocks, "%lld pieces of memory are left behind",
		(long long)(meter.blocks - blocks));
}

/* Suggestions compare with every declared name, which costs more than anything else. */
static unsigned int suggestions(const struct scenario_errors *errs)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < errs->nr; i++)
		n += strstr(errs->list[i].text, "which is not declared") != NULL;
	return n;
}

static struct scenario *read_measured(const char *name, const char *text, size_t len,
				      struct scenario_errors *errs)
{
	uint64_t names = names_in_ranges(text, len), declared = names + len / 2;
	uint64_t once = STEPS_ONCE + STEPS_BYTE * len + STEPS_NAME * names, most;
	int64_t before = meter.bytes, room = BYTES_ONCE + BYTES_BYTE * len + BYTES_NAME * names;
	struct scenario *sc;

	if (declared > SCENARIO_KINDS * SCENARIO_MAX_OBJECTS)
		declared = SCENARIO_KINDS * SCENARIO_MAX_OBJECTS;
	meter_start(once + SCENARIO_MAX_ERRORS * STEPS_COMPARED * declared);
	sc = read_text(name, text, len, errs);
	meter_stop();
	most = once + (sc ? 0 : suggestions(errs)) * STEPS_COMPARED * declared;
	REQUIRE(meter.steps <= most, "%llu steps for %zu bytes and %llu names, expected at most %llu",
		(unsigned long long)meter.steps, len, (unsigned long long)names, (unsigned long long)most);
	REQUIRE(meter.peak - before <= room, "%lld bytes held for %zu bytes and %llu names, expected at most %lld",
		(long long)(meter.peak - before), len, (unsigned long long)names, (long long)room);
	tally_percent(&tally.steps, meter.steps, most);
	tally_percent(&tally.bytes, meter.peak - before, room);
	return sc;
}

/* Once more, and memory runs out at some allocation. */
static void judge_out_of_memory(const char *name, const char *text, size_t len)
{
	uint64_t all = meter.allocations;
	int64_t blocks = meter.blocks;
	struct scenario_errors errs;
	struct scenario *sc;

	meter_start(0);
	meter.fail_at = 1 + (len * 7 + meter.steps) % all;
	sc = read_text(name, text, len, &errs);
	meter_stop();
	meter.fail_at = 0;
	REQUIRE(!sc && errs.nr >= 1 && errs.nr <= SCENARIO_MAX_ERRORS && !errs.list[0].place.line &&
		strstr(errs.list[0].text, ": out of memory"), "not said that memory ran out");
	release(sc, blocks);
	tally.out_of_memory++;
}

static void judge_printed(const struct scenario *sc)
{
	static struct buf printed;
	struct scenario_errors errs;
	const char *difference;
	struct scenario *again;

	if (!print_scenario(sc, &printed))
		return;
	again = read_text("printed", printed.s, printed.len, &errs);
	REQUIRE(again, "its printed form is refused: %s\n%.2000s", errs.list[0].text, printed.s);
	difference = scenario_difference(sc, again, false);
	REQUIRE(!difference, "its printed form differs in %s:\n%.2000s", difference, printed.s);
	scenario_free(again);
	tally.printed++;
}

static bool same_errors(const struct scenario_errors *a, const struct scenario_errors *b)
{
	for (unsigned int i = 0; i < a->nr && i < b->nr; i++)
		if (strcmp(a->list[i].text, b->list[i].text))
			return false;
	return a->nr == b->nr;
}

static struct scenario *judge(const char *text, size_t len)
{
	const char *name = name_of(text, len), *difference;
	struct scenario_errors errs, again_errs;
	struct scenario *sc, *again;
	int64_t blocks;

	sc = read_measured(name, text, len, &errs);
	blocks = meter.blocks;
	if (len % 5 == 0)
		judge_out_of_memory(name, text, len);
	if (sc) {
		REQUIRE(!errs.nr, "accepted with mistakes");
		REQUIRE(!strcmp(sc->file, name), "the scenario has another name");
	} else {
		judge_errors(&errs, name, text, len);
	}
	again = read_text(name, text, len, &again_errs);
	REQUIRE(!sc == !again && same_errors(&errs, &again_errs), "the second reading says something else");
	if (sc) {
		difference = scenario_difference(sc, again, true);
		REQUIRE(!difference, "the second reading differs in %s", difference);
		scenario_is_sound(sc);
		judge_printed(sc);
	}
	release(again, blocks);
	tally.accepted += sc != NULL;
	tally.refused += sc == NULL;
	if (len > tally.longest)
		tally.longest = len;
	return sc;
}

void judge_scenario(const char *text, size_t len)
{
	int64_t blocks = meter.blocks;

	report_input(&target_scenario, text, len);
	release(judge(text, len), blocks);
}

struct scenario *judge_right_scenario(const char *text, size_t len)
{
	struct scenario_errors errs;
	struct scenario *sc;

	report_input(&target_scenario, text, len);
	sc = judge(text, len);
	if (!sc) {
		read_text("t.wq", text, len, &errs);
		report_failure("a scenario that is right is refused: %s", errs.list[0].text);
	}
	return sc;
}

const struct target target_scenario = {
	.name = "scenario",
	.judge = judge_scenario,
	.play = play_scenario,
	.write = write_right_scenario,
	.mutate = mutate_scenario,
};
