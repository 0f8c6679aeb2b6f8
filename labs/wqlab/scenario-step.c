// SPDX-License-Identifier: GPL-2.0-only
/*
 * The steps: what stands below `work`, `task` and `at`.
 *
 * A table says for every word in which kind of block it may stand and which
 * function reads the rest of its line.  A step becomes a draft; its names are
 * resolved when the whole file has been read (scenario-check.c).
 *
 * Nothing here is shared between threads.  Read next: scenario-check.c.
 */
#include <stdio.h>
#include <string.h>

#include "scenario-impl.h"

#define INSIDE		(BLOCK_WORK | BLOCK_TASK)
#define ANYWHERE	(BLOCK_WORK | BLOCK_TASK | BLOCK_AT)

/* A word that begins a step. */
struct step_rule {
	const char *word;
	enum scenario_op op;
	unsigned int where;				/* enum block_kind, or-ed */
	bool (*read)(struct parser *ps, struct draft *d);
};

static bool read_time(struct parser *ps, struct draft *d)
{
	struct scenario_place place = peek(ps)->place;

	if (!read_duration(ps, "how long", &d->step.ns))
		return false;
	return d->step.ns || wrong(ps, place, "found a duration of 0, expected more");
}

static bool read_events(struct parser *ps, struct draft *d)
{
	return read_uses(ps, "the name of an event", &d->what);
}

static bool read_mutexes(struct parser *ps, struct draft *d)
{
	return read_uses(ps, "the name of a mutex", &d->what);
}

static bool read_items(struct parser *ps, struct draft *d)
{
	return read_uses(ps, "the name of a work item", &d->what);
}

static bool read_flush(struct parser *ps, struct draft *d)
{
	return read_uses(ps, "the name of a work item or workqueue", &d->what);
}

static bool read_nothing(struct parser *ps, struct draft *d)
{
	(void)ps;
	(void)d;
	return true;
}

static bool read_after(struct parser *ps, struct draft *d)
{
	d->step.delayed = true;
	return read_duration(ps, "the delay", &d->step.ns);
}

static bool read_queue(struct parser *ps, struct draft *d)
{
	static const char *const on[] = { "on", NULL }, *const more[] = { "cpu", "after", NULL };
	static const char tail[] = "`cpu N`, `after DURATION` or the end of the line";

	if (!read_items(ps, d))
		return false;
	if (!accept(ps, "on"))
		return expected_behind(ps, &d->what, on, "`on` and a workqueue");
	if (!read_uses(ps, "the name of a workqueue", &d->where))
		return false;
	for (;;) {
		if (d->step.cpu == SCENARIO_ANY_CPU && accept(ps, "cpu")) {
			if (!read_cpu(ps, &d->step.cpu, &d->step.cpu_place))
				return false;
		} else if (!d->step.delayed && accept(ps, "after")) {
			if (!read_after(ps, d))
				return false;
		} else {
			break;
		}
	}
	if (peek(ps)->kind == TOKEN_END)
		return true;
	if (d->step.delayed)
		return expected_one_of(ps, more, "the end of the line");
	if (d->step.cpu != SCENARIO_ANY_CPU)
		return expected_one_of(ps, more, tail);
	return expected_behind(ps, &d->where, more, tail);
}

static bool read_requeue(struct parser *ps, struct draft *d)
{
	static const char *const more[] = { "after", "times", NULL };
	uint64_t n;

	for (;;) {
		if (!d->step.delayed && accept(ps, "after")) {
			if (!read_after(ps, d))
				return false;
		} else if (!d->step.times && accept(ps, "times")) {
			if (!read_number(ps, "how often", 1, 1000000000, &n))
				return false;
			d->step.times = n;
		} else {
			break;
		}
	}
	if (peek(ps)->kind == TOKEN_END)
		return true;
	return expected_one_of(ps, more, "`after DURATION`, `times N` or the end of the line");
}

static bool read_say(struct parser *ps, struct draft *d)
{
	return read_text(ps, "what to say, as \"...\"", &d->step.text);
}

static bool read_set(struct parser *ps, struct draft *d)
{
	static const char *const what[] = { "max_active", NULL }, *const to[] = { "to", NULL };
	uint64_t n;

	if (!accept(ps, "max_active"))
		return expected_one_of(ps, what, "`max_active of WORKQUEUE to N`");
	if (!accept(ps, "of"))
		return expected(ps, "`of` and a workqueue");
	if (!read_uses(ps, "the name of a workqueue", &d->what))
		return false;
	if (!accept(ps, "to"))
		return expected_behind(ps, &d->what, to, "`to` and a number");
	if (!read_number(ps, "the new max_active", 1, 1000000, &n))
		return false;
	d->step.number = n;
	return true;
}

static bool read_fail(struct parser *ps, struct draft *d)
{
	if (!accept(ps, "thread") || !accept(ps, "creation"))
		return expected(ps, "`fail thread creation on` or `fail thread creation off`");
	if (accept(ps, "on")) {
		d->step.number = 1;
		return true;
	}
	return accept(ps, "off") || expected(ps, "`on` or `off`");
}

static bool read_schedule(struct parser *ps, struct draft *d)
{
	static const char *const on[] = { "on", NULL };

	if (!read_items(ps, d))
		return false;
	if (!accept(ps, "on"))
		return expected_behind(ps, &d->what, on, "`on each cpu`");
	return (accept(ps, "each") && accept(ps, "cpu")) || expected(ps, "`on each cpu`");
}

static bool read_hotplug(struct parser *ps, struct draft *d)
{
	static const char *const ways[] = { "up", "down", NULL };

	if (!read_cpu(ps, &d->step.cpu, &d->step.cpu_place))
		return false;
	d->step.number = accept(ps, "up");
	return d->step.number || accept(ps, "down") || expected_one_of(ps, ways, "`up` or `down`");
}

static bool read_workqueues(struct parser *ps, struct draft *d)
{
	return read_uses(ps, "the name of a workqueue", &d->what);
}

static bool is_shell(const struct token *t, const char *word)
{
	return t->kind == TOKEN_SHELL && strlen(word) == t->len && !memcmp(t->p, word, t->len);
}

static bool read_path(struct parser *ps, struct draft *d)
{
	static const char root[] = "/sys/";
	const struct token *t = peek(ps);

	if (t->kind != TOKEN_SHELL || t->len < sizeof(root) || memcmp(t->p, root, sizeof(root) - 1))
		return expected(ps, "a file below /sys/");
	take(ps);
	d->step.path = store_copy(ps, t->p, t->len);
	return true;
}

/* echo WORDS > PATH; the words with one blank between them. */
static bool read_echo(struct parser *ps, struct draft *d)
{
	const struct token *first = peek(ps);
	uint32_t from = ps->pos;
	char *text, *end;

	while (peek(ps)->kind == TOKEN_SHELL && !is_shell(peek(ps), ">"))
		take(ps);
	if (ps->pos == from)
		return expected(ps, "a text, `>` and a file below /sys/");
	if (peek(ps)->kind != TOKEN_SHELL)
		return expected(ps, "`>` and a file below /sys/");
	text = end = store_alloc(ps, peek(ps)->p - first->p + 1);
	for (uint32_t i = from; i < ps->pos; i++) {
		const struct token *t = &ps->tok[i];

		if (i > from)
			*end++ = ' ';
		memcpy(end, t->p, t->len);
		end += t->len;
	}
	if (end - text > SCENARIO_MAX_TEXT)
		return wrong(ps, first->place, "found a text of %zu bytes, expected at most %d",
			     (size_t)(end - text), SCENARIO_MAX_TEXT);
	*end = '\0';
	d->step.text = text;
	take(ps);
	return read_path(ps, d);
}

static const struct step_rule rules[] = {
	{ "burn", SCENARIO_BURN, INSIDE, read_time },
	{ "sleep", SCENARIO_SLEEP, INSIDE, read_time },
	{ "wait", SCENARIO_WAIT, INSIDE, read_events },
	{ "signal", SCENARIO_SIGNAL, ANYWHERE, read_events },
	{ "lock", SCENARIO_LOCK, INSIDE, read_mutexes },
	{ "unlock", SCENARIO_UNLOCK, INSIDE, read_mutexes },
	{ "queue", SCENARIO_QUEUE, ANYWHERE, read_queue },
	{ "requeue", SCENARIO_REQUEUE, BLOCK_WORK, read_requeue },
	{ "cancel", SCENARIO_CANCEL, ANYWHERE, read_items },
	{ "flush", SCENARIO_FLUSH, ANYWHERE, read_flush },
	{ "yield", SCENARIO_YIELD, INSIDE, read_nothing },
	{ "say", SCENARIO_SAY, ANYWHERE, read_say },
	{ "set", SCENARIO_MAX_ACTIVE, BLOCK_AT, read_set },
	{ "fail", SCENARIO_FAIL_THREADS, BLOCK_AT, read_fail },
	{ "schedule", SCENARIO_EACH_CPU, INSIDE, read_schedule },
	{ "destroy", SCENARIO_DESTROY, BLOCK_AT, read_workqueues },
	{ "cpu", SCENARIO_CPU, BLOCK_AT, read_hotplug },
	{ "freeze", SCENARIO_FREEZE, BLOCK_AT, read_nothing },
	{ "thaw", SCENARIO_THAW, BLOCK_AT, read_nothing },
	{ "drain", SCENARIO_DRAIN, BLOCK_AT | BLOCK_TASK, read_workqueues },
	{ "echo", SCENARIO_ECHO, BLOCK_AT, read_echo },
	{ "cat", SCENARIO_CAT, BLOCK_AT, read_path },
};

#define NR_RULES (sizeof(rules) / sizeof(rules[0]))

/* The words that begin a step, ended by NULL. */
const char *const *step_words(void)
{
	static const char *words[NR_RULES + 1];
	size_t i;

	if (!words[0])
		for (i = 0; i < NR_RULES; i++)
			words[i] = rules[i].word;
	return words;
}

static const struct step_rule *find_rule(const struct token *t)
{
	size_t i;

	for (i = 0; i < NR_RULES; i++)
		if (token_is(t, rules[i].word))
			return &rules[i];
	return NULL;
}

bool is_step_word(const struct token *t)
{
	return find_rule(t) != NULL;
}

/* Say why a step cannot stand where it does, and where it can. */
static bool misplaced(struct parser *ps, const struct step_rule *rule, const struct token *t)
{
	const char *where = rule->where == BLOCK_WORK ? "a work item" :
			    rule->where == BLOCK_AT ? "an `at` line" :
			    rule->where == INSIDE ? "a work item or a task" : "a task or an `at` line";

	if (!ps->block && token_is(t, "cpu"))
		return wrong(ps, t->place, "found `cpu`, which begins no line here; did you mean `cpus`?");
	if (!ps->block)
		return wrong(ps, t->place, "found the step `%s`, expected a `work`, `task` or `at` line above it",
			     rule->word);
	if (ps->block->kind == BLOCK_AT)
		return wrong(ps, t->place, "found `%s` below `at`, but the timeline takes no time of its own; expected it in %s",
			     rule->word, where);
	return wrong(ps, t->place, "found `%s` below `%.*s`, expected it in %s", rule->word,
		     (int)ps->block->head.len, ps->block->head.p, where);
}

/* The step as written from its first to its last token, runs of blanks made one. */
static const char *source(struct parser *ps, const struct token *first, const struct token *last)
{
	const char *p, *end = last->p + last->len;
	char *text = store_alloc(ps, end - first->p + 1);
	bool quoted = false;
	size_t n = 0;

	for (p = first->p; p < end; p++) {
		bool blank = !quoted && (*p == ' ' || *p == '\t');

		if (quoted && *p == '\\')
			text[n++] = *p++;
		else if (*p == '"')
			quoted = !quoted;
		if (!blank)
			text[n++] = *p;
		else if (p[1] != ' ' && p[1] != '\t')
			text[n++] = ' ';
	}
	return text;
}

/* Read one step, from the next token to the end of the line, into the current block. */
bool parse_step(struct parser *ps)
{
	const struct token *t = peek(ps), *first = t;
	const struct step_rule *rule = find_rule(t);
	struct draft draft = { .step = { .place = t->place, .cpu = SCENARIO_ANY_CPU } };

	if (!rule)
		return expected(ps, "a step");
	if (!ps->block || !(rule->where & ps->block->kind))
		return misplaced(ps, rule, t);
	take(ps);
	draft.step.op = rule->op;
	if (!rule->read(ps, &draft) || !line_end(ps))
		return false;
	draft.step.source = source(ps, first, &ps->tok[ps->pos - 1]);
	*STORE_PUSH(ps, *ps->block) = draft;
	return true;
}
