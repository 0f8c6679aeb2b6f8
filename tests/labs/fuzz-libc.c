// SPDX-License-Identifier: GPL-2.0-only
/*
 * The shipped scenarios, mutated at random from a fixed seed: whatever comes
 * out, the parser answers with a scenario that is sound or with mistakes that
 * have a place inside the text.  That it neither crashes nor leaks, ASan and
 * the harness see.
 */
#include <glob.h>

#include "labs_test-libc.h"

#define ROOM	16384

static char *shipped[64];
static size_t nr_shipped;

static uint64_t state;

static uint32_t chance(uint32_t below)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (uint32_t)(state >> 16) % below;
}

static void load_shipped(void)
{
	glob_t g;

	CHECK_EQ(glob("labs/scenarios/*.wq", 0, NULL, &g), 0);
	CHECK(g.gl_pathc >= 10);
	for (nr_shipped = 0; nr_shipped < g.gl_pathc && nr_shipped < COUNT(shipped); nr_shipped++) {
		FILE *f = fopen(g.gl_pathv[nr_shipped], "rb");
		char *text = calloc(1, ROOM);

		CHECK(f && fread(text, 1, ROOM / 2, f) > 0);
		if (f)
			fclose(f);
		shipped[nr_shipped] = text;
	}
	globfree(&g);
}

static void forget_shipped(void)
{
	while (nr_shipped)
		free(shipped[--nr_shipped]);
}

static const char *const bits[] = {
	"work ", "task ", "at ", "workqueue ", "event ", "mutex ", "cpus ", "nodes ", "end at ", "\n",
	"burn ", "sleep ", "wait ", "signal ", "lock ", "unlock ", "queue ", "requeue", "cancel ",
	"flush ", "yield", "say ", "set max_active of ", "fail thread creation on", " cpu ", " after ",
	" times ", " on ", " start ", "[0..3]", "[", "]", "..", ",", "=", "|", "\"", "\\", "#", "0", "-1",
	"4096", "1.5ms", "999999", "18446744073709551616", "1000000s", "0.0000000001s", "w0", "q0",
	"events", "max_active=", "flags=WQ_", "engine=", "create", "\r\n", "\t", "\303\251", "\357\273\277",
	"\342\200\256", "\377", "\033[2J", "\n\n\n", "cost switch ", "freeze", "cpu 1 down",
};

/* Replace @cut bytes at @at by @n others. */
static size_t splice(char *text, size_t len, size_t at, size_t cut, const char *with, size_t n)
{
	if (len - cut + n > ROOM)
		return len;
	memmove(text + at + n, text + at + cut, len - at - cut);
	memcpy(text + at, with, n);
	return len - cut + n;
}

static size_t mutate(char *text, size_t len)
{
	size_t at = chance(len + 1), rest = len - at, cut = chance(rest < 40 ? rest + 1 : 40), from, n;
	const char *bit = bits[chance(COUNT(bits))], *other;
	char byte = (char)chance(256), copy[400];

	switch (chance(8)) {
	case 0:		/* a byte instead of another */
		return splice(text, len, at, rest ? 1 : 0, &byte, 1);
	case 1:		/* something missing */
		return splice(text, len, at, cut, "", 0);
	case 2:		/* a piece of the language, also in the place of something */
		return splice(text, len, at, chance(2) ? cut : 0, bit, strlen(bit));
	case 3:		/* something twice */
		from = chance(len + 1);
		n = chance(len - from < sizeof(copy) ? len - from + 1 : sizeof(copy));
		memcpy(copy, text + from, n);
		return splice(text, len, at, 0, copy, n);
	case 4:		/* cut off */
		return chance(8) ? len : at;
	case 5:		/* a piece of another scenario */
		other = shipped[chance(nr_shipped)];
		n = strlen(other);
		from = chance(n);
		n = chance(n - from < 300 ? n - from + 1 : 300);
		return splice(text, len, at, 0, other + from, n);
	case 6:		/* a bit turned over */
		if (rest)
			text[at] ^= 1 << chance(8);
		return len;
	default:	/* a digit instead of a digit */
		for (; at < len; at++)
			if (text[at] >= '0' && text[at] <= '9') {
				text[at] = '0' + chance(10);
				break;
			}
		return len;
	}
}

/* The bytes of a line, counted from 1; -1 if there is no such line. */
static long line_length(const char *text, size_t len, uint32_t line)
{
	const char *p = text, *end = text + len, *stop;

	for (; line > 1; line--) {
		p = memchr(p, '\n', end - p);
		if (!p)
			return -1;
		p++;
	}
	stop = memchr(p, '\n', end - p);
	return (stop ? stop : end) - p;
}

static bool sound_errors(const char *text, size_t len, const struct scenario_errors *errs)
{
	char place[40];

	for (unsigned int i = 0; i < errs->nr; i++) {
		const struct scenario_error *e = &errs->list[i], *before = e - 1;

		if ((long)e->place.col > line_length(text, len, e->place.line) + 1 ||
		    !e->place.line || !e->place.col)
			return false;
		if (i && (e->place.line < before->place.line ||
			  (e->place.line == before->place.line && e->place.col < before->place.col)))
			return false;
		snprintf(place, sizeof(place), FILE_NAME ":%u:%u: ", e->place.line, e->place.col);
		if (strncmp(e->text, place, strlen(place)) || !strstr(e->text, "found ") ==
		    !strstr(e->text, "the text that begins here is not closed"))
			return false;
		for (const char *p = e->text; *p; p++)
			if ((unsigned char)*p < ' ' && *p != '\t')
				return false;
	}
	return errs->nr >= 1 && errs->nr <= SCENARIO_MAX_ERRORS;
}

static uint32_t objects(const struct scenario *sc, enum scenario_kind kind)
{
	const uint32_t nr[] = {
		sc->nr_workqueues, sc->nr_works, sc->nr_tasks, sc->nr_events, sc->nr_mutexes,
	};

	return kind < COUNT(nr) ? nr[kind] : 0;
}

static bool sound_steps(const struct scenario *sc, const struct scenario_steps *steps)
{
	for (uint32_t i = 0; i < steps->nr; i++) {
		const struct scenario_step *s = &steps->list[i];

		if (s->op >= SCENARIO_OPS || s->ns > SCENARIO_MAX_NS || !s->source || !*s->source ||
		    s->cpu < SCENARIO_ANY_CPU || s->cpu >= (int32_t)sc->cpus)
			return false;
		for (uint32_t k = 0; k < s->nr_refs; k++)
			if (s->refs[k].index >= objects(sc, s->refs[k].kind) ||
			    (s->on && s->on[k] >= sc->nr_workqueues) ||
			    !strlen(scenario_name(sc, s->refs[k])))
				return false;
		if ((s->op == SCENARIO_QUEUE) != !!s->on || (s->op == SCENARIO_SAY) != !!s->text ||
		    ((s->op == SCENARIO_BURN || s->op == SCENARIO_SLEEP) && !s->ns))
			return false;
	}
	return true;
}

static bool sound(const struct scenario *sc)
{
	struct scenario_errors errs;
	bool ok = sc->cpus >= 1 && sc->cpus <= 4096 && sc->nodes <= sc->cpus &&
		  scenario_check(sc, sc->cpus, &errs);

	for (uint32_t i = 0; ok && i < sc->nr_works; i++)
		ok = sound_steps(sc, &sc->works[i].steps);
	for (uint32_t i = 0; ok && i < sc->nr_tasks; i++)
		ok = sound_steps(sc, &sc->tasks[i].steps) && sc->tasks[i].cpu < (int32_t)sc->cpus;
	for (uint32_t i = 0; ok && i < sc->nr_timeline; i++)
		ok = sound_steps(sc, &sc->timeline[i].steps) && sc->timeline[i].cpu < (int32_t)sc->cpus &&
		     (!i || sc->timeline[i - 1].ns <= sc->timeline[i].ns) &&
		     (!sc->has_end || sc->timeline[i].ns <= sc->end_ns);
	return ok;
}

static void fuzz(unsigned int times)
{
	static char text[ROOM + 1];
	unsigned int accepted = 0, refused = 0;

	load_shipped();
	for (unsigned int i = 0; i < times && nr_shipped; i++) {
		struct scenario_errors errs;
		struct scenario *sc;
		size_t len;

		state = 88172645463325252ull + i * 0x9e3779b97f4a7c15ull;
		strcpy(text, shipped[i % nr_shipped]);
		len = strlen(text);
		for (unsigned int n = 1 + chance(6); n; n--)
			len = mutate(text, len);
		sc = parse(text, len, &errs);
		if (sc)
			accepted++;
		else
			refused++;
		text[len] = '\0';
		CHECK_MSG(sc ? !errs.nr && sound(sc) : sound_errors(text, len, &errs),
			  "mutation %u is not answered as it should be (%s):\n%.600s", i,
			  sc ? "accepted" : errs.list[0].text, text);
		scenario_free(sc);
	}
	/* both ways have to be gone often, or nothing was tried */
	CHECK_MSG(accepted > times / 20 && refused > times / 5, "%u accepted, %u refused", accepted, refused);
	forget_shipped();
}

WQTEST(labs_fuzz, mutations)
{
	fuzz(20000);
}

WQTEST(labs_fuzz, many_mutations, .soak = true, .timeout = 3600)
{
	fuzz(1000000);
}
