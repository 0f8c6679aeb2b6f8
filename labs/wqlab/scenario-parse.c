// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reading a scenario: lines, top-level words, settings, and the public calls.
 *
 * The first word of a line decides what the line is: a top-level word (the
 * table at the end), or a step of the block that the last `work`, `task` or
 * `at` opened.  Indentation means nothing.  A mistake costs its line; if that
 * line would have opened a block, the steps below it are skipped in silence,
 * so that one mistake is reported once.
 *
 * The grammar stands in docs/scenario-language.md.
 * Nothing here is shared between threads.  Read next: scenario-declare.c.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scenario-impl.h"
#include "wqlab/machine.h"

/* Note that a setting is given; only once is right. */
static bool set_once(struct parser *ps, enum setting which, const struct token *t)
{
	char buf[64];

	if (ps->set[which].line)
		return wrong(ps, t->place, "found a second %s, expected one only; the first is in line %u",
			     token_text(t, buf, sizeof(buf)), ps->set[which].line);
	ps->set[which] = t->place;
	return true;
}

static bool parse_title(struct parser *ps, const struct token *t)
{
	return set_once(ps, SET_TITLE, t) &&
	       read_text(ps, "the title, as \"...\"", &ps->sc.title);
}

static bool parse_note(struct parser *ps, const struct token *t)
{
	const char *text;

	(void)t;
	if (!read_text(ps, "the note, as \"...\"", &text))
		return false;
	*STORE_PUSH(ps, ps->notes) = text;
	return true;
}

static bool parse_cpus(struct parser *ps, const struct token *t)
{
	uint64_t n;

	if (!set_once(ps, SET_CPUS, t) ||
	    !read_number(ps, "how many CPUs", 1, MACHINE_MAX_CPUS, &n))
		return false;
	ps->sc.cpus = n;
	if (!accept(ps, "online"))
		return true;
	if (!read_number(ps, "how many of them are up", 1, n, &n))
		return false;
	ps->sc.online = n;
	return true;
}

static bool parse_nodes(struct parser *ps, const struct token *t)
{
	uint64_t n;

	if (!set_once(ps, SET_NODES, t) ||
	    !read_number(ps, "how many NUMA nodes", 1, MACHINE_MAX_NODES, &n))
		return false;
	ps->sc.nodes = n;
	return true;
}

static bool parse_hz(struct parser *ps, const struct token *t)
{
	struct scenario_place place = peek(ps)->place;
	uint64_t n;

	if (!set_once(ps, SET_HZ, t) || !read_number(ps, "ticks a second", 1, 1000000, &n))
		return false;
	if (n != 100 && n != 250 && n != 300 && n != 1000)
		return wrong(ps, place, "found hz %u, expected 100, 250, 300 or 1000", (unsigned int)n);
	ps->sc.hz = n;
	return true;
}

static bool parse_seed(struct parser *ps, const struct token *t)
{
	ps->sc.has_seed = true;
	return set_once(ps, SET_SEED, t) &&
	       read_number(ps, "the seed", 0, UINT64_MAX, &ps->sc.seed);
}

static bool parse_cmdline(struct parser *ps, const struct token *t)
{
	return set_once(ps, SET_CMDLINE, t) &&
	       read_text(ps, "the kernel's command line, as \"...\"", &ps->sc.cmdline);
}

static bool parse_slice(struct parser *ps, const struct token *t)
{
	return set_once(ps, SET_SLICE, t) &&
	       read_duration(ps, "the time slice", &ps->sc.slice_ns);
}

static bool parse_cost(struct parser *ps, const struct token *t)
{
	(void)t;
	do {
		const struct token *what = peek(ps);
		uint64_t *to;
		bool once;

		if (accept(ps, "switch")) {
			once = set_once(ps, SET_SWITCH, what);
			to = &ps->sc.switch_ns;
		} else if (accept(ps, "wake")) {
			once = set_once(ps, SET_WAKE, what);
			to = &ps->sc.wake_ns;
		} else if (accept(ps, "create")) {
			once = set_once(ps, SET_CREATE, what);
			to = &ps->sc.create_ns;
		} else {
			return expected(ps, "`switch`, `wake` or `create` and a duration");
		}
		if (!once || !read_duration(ps, "the cost", to))
			return false;
		accept(ps, ",");
	} while (peek(ps)->kind != TOKEN_END);
	return true;
}

static bool parse_end(struct parser *ps, const struct token *t)
{
	if (!set_once(ps, SET_END, t))
		return false;
	if (!accept(ps, "at"))
		return expected(ps, "`at` and a time");
	ps->sc.has_end = true;
	return read_duration(ps, "when to stop", &ps->sc.end_ns);
}

static const struct {
	const char *word;
	bool opens;		/* steps may follow */
	bool (*parse)(struct parser *ps, const struct token *t);
} top[] = {
	{ "scenario", false, parse_title },
	{ "note", false, parse_note },
	{ "cpus", false, parse_cpus },
	{ "nodes", false, parse_nodes },
	{ "hz", false, parse_hz },
	{ "seed", false, parse_seed },
	{ "cmdline", false, parse_cmdline },
	{ "slice", false, parse_slice },
	{ "cost", false, parse_cost },
	{ "workqueue", false, parse_workqueue },
	{ "event", false, parse_event },
	{ "mutex", false, parse_mutex },
	{ "work", true, parse_work },
	{ "task", true, parse_task },
	{ "at", true, parse_at },
	{ "end", false, parse_end },
};

#define NR_TOP (sizeof(top) / sizeof(top[0]))

/* The words that begin a top-level line, ended by NULL. */
const char *const *top_words(void)
{
	static const char *words[NR_TOP + 1];
	size_t i;

	if (!words[0])
		for (i = 0; i < NR_TOP; i++)
			words[i] = top[i].word;
	return words;
}

/* The first word of a line is none that we know. */
static void unknown_line(struct parser *ps)
{
	const struct token *t = peek(ps);
	const char *near = NULL, *near_step;
	char buf[64];

	ps->lost = ps->lost || !ps->block;
	token_text(t, buf, sizeof(buf));
	if (t->kind == TOKEN_WORD) {
		near = nearest_word(t->p, t->len, top_words());
		near_step = nearest_word(t->p, t->len, step_words());
		/* below `work` a step is meant more often than a top-level word */
		if (near_step && (!near || ps->block))
			near = near_step;
	}
	if (near)
		wrong(ps, t->place, "found %s, which begins no line; did you mean `%s`?", buf, near);
	else
		wrong(ps, t->place, "found %s, expected a word that begins a line, like `workqueue`, `work`, `at` or a step", buf);
	/* a misspelt `work` takes its steps along */
	if (near && !is_step_word(&(struct token) { .kind = TOKEN_WORD, .p = near, .len = strlen(near) }))
		ps->lost = true;
}

static void parse_line(struct parser *ps)
{
	const struct token *t = peek(ps);
	size_t i;

	if (t->kind == TOKEN_END)
		return;
	for (i = 0; i < NR_TOP; i++) {
		if (!token_is(t, top[i].word))
			continue;
		take(ps);
		ps->block = NULL;
		ps->lost = !(top[i].parse(ps, t) && line_end(ps)) && top[i].opens && !ps->block;
		return;
	}
	if (!is_step_word(t))
		unknown_line(ps);
	else if (!ps->lost)
		parse_step(ps);
}

/* Read every line of the text; what is left of a mistake is the next line's. */
static void parse_lines(struct parser *ps, const char *text, size_t len)
{
	const char *p = text, *end = text + len, *stop, *nul;

	if (len >= 3 && !memcmp(text, "\xef\xbb\xbf", 3))
		p += 3;		/* some editors mark UTF-8 with these three bytes */
	while (p < end && ps->errs->nr < SCENARIO_MAX_ERRORS) {
		struct scenario_place place = { ++ps->line, 1 };
		size_t n;

		stop = memchr(p, '\n', end - p);
		n = (stop ? stop : end) - p;
		nul = memchr(p, '\0', n);
		if (nul) {
			for (const char *c = p; c < nul; c++)
				place.col += (*c & 0xc0) != 0x80;	/* characters, not bytes */
			wrong(ps, place, "found a NUL byte, expected a text file");
			return;
		}
		if (n && p[n - 1] == '\r')
			n--;
		if (n > SCENARIO_MAX_LINE)
			wrong(ps, place, "found a line of %zu bytes, expected at most %d", n,
			      SCENARIO_MAX_LINE);
		else if (lex_line(ps, p, n))
			parse_line(ps);
		p = stop ? stop + 1 : end;
	}
}

static void start(struct parser *ps, const char *name)
{
	struct scenario_ref events = { SCENARIO_WORKQUEUE, SCENARIO_EVENTS };
	struct scenario_workqueue *wq;

	ps->sc.file = store_copy(ps, name, strlen(name));
	ps->sc.title = "";
	ps->sc.cpus = 1;
	ps->tok = store_alloc(ps, (SCENARIO_MAX_LINE + 1) * sizeof(*ps->tok));
	wq = STORE_PUSH(ps, ps->workqueues);
	strcpy(wq->name, "events");
	wq->kind = SCENARIO_WQ_SYSTEM;
	names_add(ps, wq->name, events, (struct scenario_place) { 0 });
}

/* Both passes.  Not inlined: nothing that setjmp() guards may live in its frame. */
static __attribute__((noinline)) struct scenario *parse(struct parser *ps, const char *name,
							 const char *text, size_t len)
{
	struct scenario *sc;

	start(ps, name);
	if (len > SCENARIO_MAX_BYTES)
		wrong(ps, (struct scenario_place) { 0 },
		      "found a file of %zu bytes, expected at most %u", len, SCENARIO_MAX_BYTES);
	else
		parse_lines(ps, text, len);
	if (ps->errs->nr || !check_scenario(ps))
		return NULL;
	sc = store_alloc(ps, sizeof(*sc));
	*sc = ps->sc;
	sc->store = ps->store;
	return sc;
}

static struct scenario *parse_guarded(struct parser *ps, const char *name, const char *text,
				      size_t len)
{
	if (!setjmp(ps->nomem))
		return parse(ps, name, text, len);
	errors_add(ps->errs, name, (struct scenario_place) { 0 }, "out of memory");
	return NULL;
}

struct scenario *scenario_parse(const char *name, const char *text, size_t len,
				struct scenario_errors *errs)
{
	struct parser *ps = calloc(1, sizeof(*ps));
	struct scenario *sc = NULL;

	errors_reset(errs);
	if (ps && (ps->store = store_new())) {
		ps->errs = errs;
		sc = parse_guarded(ps, name, text, len);
		if (!sc)
			store_free(ps->store);
	} else {
		errors_add(errs, name, (struct scenario_place) { 0 }, "out of memory");
	}
	errors_sort(errs);
	free(ps);
	return sc;
}

struct scenario *scenario_load(const char *path, struct scenario_errors *errs)
{
	struct scenario_place nowhere = { 0 };
	struct scenario *sc = NULL;
	bool standard = !strcmp(path, "-");
	const char *name = standard ? "standard input" : path;
	FILE *f = standard ? stdin : fopen(path, "rb");
	char *text = malloc(SCENARIO_MAX_BYTES + 1);
	size_t len;

	errors_reset(errs);
	if (!f) {
		errors_add(errs, name, nowhere, "cannot be opened: %s", strerror(errno));
	} else if (!text) {
		errors_add(errs, name, nowhere, "out of memory");
	} else {
		/* one byte more than allowed tells a file that is too large */
		len = fread(text, 1, SCENARIO_MAX_BYTES + 1, f);
		if (ferror(f))
			errors_add(errs, name, nowhere, "cannot be read: %s", strerror(errno));
		else if (len > SCENARIO_MAX_BYTES)
			errors_add(errs, name, nowhere, "the file is larger than %u bytes, the most that is read",
				   SCENARIO_MAX_BYTES);
		else
			sc = scenario_parse(name, text, len, errs);
	}
	free(text);
	if (f && !standard)
		fclose(f);
	return sc;
}

void scenario_free(struct scenario *sc)
{
	if (sc)
		store_free(sc->store);
}
