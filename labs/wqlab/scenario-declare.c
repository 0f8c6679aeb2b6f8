// SPDX-License-Identifier: GPL-2.0-only
/*
 * The declarations of a scenario: workqueues, items, tasks, events, mutexes,
 * and the entries of the timeline.
 *
 * One line may declare many objects (`work w1, w2`, `workqueue wq[0..29]`);
 * they get neighbouring places in their list.  `work`, `task` and `at` open a
 * block, to which the steps below are added:
 *
 *     block { kind, first, count } -> draft, draft, draft ...
 *
 * A line is read to its end before it declares anything.  A task is woken by
 * the timeline, so a `task` line also makes an entry there.
 *
 * Nothing here is shared between threads.  Read next: scenario-step.c.
 */
#include <stdio.h>
#include <string.h>

#include "scenario-impl.h"

/* The object a declaration makes, with all but its name and place still empty. */
static bool new_object(struct parser *ps, enum scenario_kind kind, char **name,
		       struct scenario_place **place, uint32_t *index)
{
	/* the five lists differ in type only; what they share stands at the top of each */
	switch (kind) {
#define NEW(which, vec) \
	case which: \
		if ((vec).nr == SCENARIO_MAX_OBJECTS) \
			return false; \
		*index = (vec).nr; \
		STORE_PUSH(ps, vec); \
		*name = (vec).list[*index].name; \
		*place = &(vec).list[*index].place; \
		return true
	NEW(SCENARIO_WORKQUEUE, ps->workqueues);
	NEW(SCENARIO_WORK, ps->works);
	NEW(SCENARIO_TASK, ps->tasks);
	NEW(SCENARIO_EVENT, ps->events);
	NEW(SCENARIO_MUTEX, ps->mutexes);
#undef NEW
	case SCENARIO_KINDS:
		break;
	}
	return false;
}

static bool declare(struct parser *ps, enum scenario_kind kind, const char *name,
		    struct scenario_place at)
{
	const struct entry *old = names_find(ps, name, strlen(name));
	struct scenario_place *place;
	struct scenario_ref ref = { .kind = kind };
	char *room;

	if (strlen(name) >= SCENARIO_NAME_LEN)
		return wrong(ps, at, "found the name `%.40s%s` of %zu characters, expected at most %d", name,
			     strlen(name) > 40 ? "..." : "", strlen(name), SCENARIO_NAME_LEN - 1);
	if (old && !old->place.line)
		return wrong(ps, at, "found `%s`, which is the system workqueue and needs no declaration; expected another name",
			     name);
	if (old)
		return wrong(ps, at, "found `%s`, which is already %s declared in line %u; expected another name",
			     name, kind_text(old->ref.kind), old->place.line);
	if (!new_object(ps, kind, &room, &place, &ref.index))
		return wrong(ps, at, "found one more than %d objects of a kind, expected fewer",
			     SCENARIO_MAX_OBJECTS);
	strcpy(room, name);
	*place = at;
	names_add(ps, name, ref, at);
	return true;
}

/* Declare every name of a list, ranges written out. */
static bool declare_all(struct parser *ps, enum scenario_kind kind, const struct uses *uses)
{
	char name[SCENARIO_MAX_LINE + 16];
	uint32_t i, n;

	for (i = 0; i < uses->nr; i++) {
		const struct use *u = &uses->list[i];

		if (!u->ranged) {
			snprintf(name, sizeof(name), "%.*s", (int)u->name.len, u->name.p);
			if (!declare(ps, kind, name, u->name.place))
				return false;
			continue;
		}
		for (n = u->from; n <= u->to; n++) {
			snprintf(name, sizeof(name), "%.*s%u", (int)u->name.len, u->name.p, n);
			if (!declare(ps, kind, name, u->name.place))
				return false;
		}
	}
	return true;
}

bool parse_event(struct parser *ps, const struct token *t)
{
	struct uses uses = { 0 };

	(void)t;
	return read_new_names(ps, "a name for the event", &uses) && line_end(ps) &&
	       declare_all(ps, SCENARIO_EVENT, &uses);
}

bool parse_mutex(struct parser *ps, const struct token *t)
{
	struct uses uses = { 0 };

	(void)t;
	return read_new_names(ps, "a name for the mutex", &uses) && line_end(ps) &&
	       declare_all(ps, SCENARIO_MUTEX, &uses);
}

/* From here on, steps belong to a new block. */
static void open_block(struct parser *ps, enum block_kind kind, const struct token *head,
		       uint32_t first, uint32_t count)
{
	struct block *b = store_alloc(ps, sizeof(*b));

	b->kind = kind;
	b->head = *head;
	b->first = first;
	b->count = count;
	*STORE_PUSH(ps, ps->blocks) = b;
	ps->block = b;
}

bool parse_work(struct parser *ps, const struct token *t)
{
	struct uses uses = { 0 };
	uint32_t first = ps->works.nr;

	if (!read_new_names(ps, "a name for the work item", &uses) || !line_end(ps) ||
	    !declare_all(ps, SCENARIO_WORK, &uses))
		return false;
	open_block(ps, BLOCK_WORK, t, first, ps->works.nr - first);
	return true;
}

/* The entry of the timeline that starts the tasks from the first on. */
static void add_start(struct parser *ps, const struct token *t, uint32_t first, uint64_t ns)
{
	uint32_t i, nr = ps->tasks.nr - first;
	struct scenario_ref *refs = store_alloc(ps, nr * sizeof(*refs));
	struct scenario_step *step = store_alloc(ps, sizeof(*step));

	for (i = 0; i < nr; i++)
		refs[i] = (struct scenario_ref) { SCENARIO_TASK, first + i };
	*step = (struct scenario_step) {
		.op = SCENARIO_START, .place = t->place, .source = "start",
		.refs = refs, .nr_refs = nr, .cpu = SCENARIO_ANY_CPU,
	};
	*STORE_PUSH(ps, ps->timeline) = (struct scenario_at) {
		.ns = ns, .place = t->place, .cpu = SCENARIO_ANY_CPU, .steps = { step, 1 },
	};
}

bool parse_task(struct parser *ps, const struct token *t)
{
	struct uses uses = { 0 };
	static const char *const words[] = { "cpu", "start", NULL };
	struct scenario_task as = { .cpu = SCENARIO_ANY_CPU };
	uint32_t i, first = ps->tasks.nr;
	bool started = false;

	if (!read_new_names(ps, "a name for the task", &uses))
		return false;
	for (;;) {
		if (as.cpu == SCENARIO_ANY_CPU && accept(ps, "cpu")) {
			if (!read_cpu(ps, &as.cpu, &as.cpu_place))
				return false;
		} else if (!started && accept(ps, "start")) {
			if (!read_duration(ps, "when it starts", &as.start_ns))
				return false;
			started = true;
		} else {
			break;
		}
	}
	if (peek(ps)->kind != TOKEN_END)
		return expected_one_of(ps, words, "`,`, `cpu N`, `start TIME` or the end of the line");
	if (!declare_all(ps, SCENARIO_TASK, &uses))
		return false;
	for (i = first; i < ps->tasks.nr; i++) {
		ps->tasks.list[i].cpu = as.cpu;
		ps->tasks.list[i].cpu_place = as.cpu_place;
		ps->tasks.list[i].start_ns = as.start_ns;
	}
	open_block(ps, BLOCK_TASK, t, first, ps->tasks.nr - first);
	add_start(ps, t, first, as.start_ns);
	return true;
}

/* `at 5ms`, `at 5ms cpu 1`, each maybe with one step behind it. */
bool parse_at(struct parser *ps, const struct token *t)
{
	struct scenario_at at = { .cpu = SCENARIO_ANY_CPU, .place = t->place };

	if (!read_duration(ps, "when", &at.ns))
		return false;
	/* `cpu 1 down` is a step; everything else that begins with cpu says where. */
	if (token_is(peek(ps), "cpu") && (peek(ps)[1].kind != TOKEN_NUMBER ||
	    (!token_is(&peek(ps)[2], "up") && !token_is(&peek(ps)[2], "down")))) {
		take(ps);
		if (!read_cpu(ps, &at.cpu, &at.cpu_place))
			return false;
	}
	*STORE_PUSH(ps, ps->timeline) = at;
	open_block(ps, BLOCK_AT, t, ps->timeline.nr - 1, 1);
	if (peek(ps)->kind == TOKEN_END)
		return true;
	if (!is_step_word(peek(ps)))
		return expected(ps, at.cpu == SCENARIO_ANY_CPU ?
				"`cpu N`, a step or the end of the line" :
				"a step or the end of the line");
	return parse_step(ps);
}

static const struct { const char *name; unsigned int flag; } wq_flags[] = {
	{ "UNBOUND", SCENARIO_WQ_UNBOUND },
	{ "FREEZABLE", SCENARIO_WQ_FREEZABLE },
	{ "MEM_RECLAIM", SCENARIO_WQ_MEM_RECLAIM },
	{ "HIGHPRI", SCENARIO_WQ_HIGHPRI },
	{ "CPU_INTENSIVE", SCENARIO_WQ_CPU_INTENSIVE },
	{ "SYSFS", SCENARIO_WQ_SYSFS },
	{ "POWER_EFFICIENT", SCENARIO_WQ_POWER_EFFICIENT },
};

#define NR_FLAGS (sizeof(wq_flags) / sizeof(wq_flags[0]))

/* FLAG|FLAG...; the kernel's WQ_ before a flag may stand or be left out. */
static bool read_flags(struct parser *ps, unsigned int *flags)
{
	do {
		const struct token *t = peek(ps);
		const char *words[NR_FLAGS + 1] = { NULL }, *near;
		size_t i, skip = t->kind == TOKEN_WORD && t->len > 3 && !memcmp(t->p, "WQ_", 3) ? 3 : 0;
		char buf[64];

		for (i = 0; i < NR_FLAGS; i++) {
			words[i] = wq_flags[i].name;
			if (t->kind == TOKEN_WORD && strlen(words[i]) == t->len - skip &&
			    !memcmp(words[i], t->p + skip, t->len - skip))
				break;
		}
		if (i == NR_FLAGS) {
			near = t->kind == TOKEN_WORD ?
			       nearest_word(t->p + skip, t->len - skip, words) : NULL;
			if (near)
				return wrong(ps, t->place, "found the flag %s, which there is not; did you mean `%s`?",
					     token_text(t, buf, sizeof(buf)), near);
			return expected(ps, "UNBOUND, FREEZABLE, MEM_RECLAIM, HIGHPRI, CPU_INTENSIVE, SYSFS or POWER_EFFICIENT");
		}
		*flags |= wq_flags[i].flag;
		take(ps);
	} while (accept(ps, "|"));
	return true;
}

/* What may stand behind a workqueue's name. */
struct wq_options {
	struct scenario_workqueue as;
	bool kind, max_active, flags;
	struct scenario_place max_active_place, flags_place;
};

static bool read_wq_kind(struct parser *ps, struct wq_options *o)
{
	static const struct { const char *word; enum scenario_wq_kind kind; } kinds[] = {
		{ "create", SCENARIO_WQ_CREATE },
		{ "singlethread", SCENARIO_WQ_SINGLETHREAD },
		{ "freezeable", SCENARIO_WQ_FREEZEABLE },
		{ "rt", SCENARIO_WQ_RT },
		{ "ordered", SCENARIO_WQ_ORDERED },
	};
	size_t i;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (!o->kind && accept(ps, kinds[i].word)) {
			o->kind = true;
			o->as.kind = kinds[i].kind;
			return true;
		}
	}
	return false;
}

static bool read_engine(struct parser *ps, struct wq_options *o)
{
	static const char *const engines[] = { "legacy", "cmwq", NULL };
	const struct token *t = peek(ps);
	const char *near;
	int i;

	for (i = 0; engines[i]; i++) {
		if (accept(ps, engines[i])) {
			o->as.engine = engines[i];
			return true;
		}
	}
	near = t->kind == TOKEN_WORD ? nearest_word(t->p, t->len, engines) : NULL;
	if (near)
		return wrong(ps, t->place, "found the engine `%.*s`, which there is not; did you mean `%s`?",
			     t->len > 40 ? 40 : (int)t->len, t->p, near);
	return expected(ps, "an engine, `legacy` or `cmwq`");
}

/* One option; false without a report when there is none. */
static bool read_wq_option(struct parser *ps, struct wq_options *o, bool *bad)
{
	uint64_t n;

	*bad = false;
	if (read_wq_kind(ps, o))
		return true;
	if (!o->max_active && accept(ps, "max_active")) {
		o->max_active = true;
		o->max_active_place = ps->tok[ps->pos - 1].place;
		*bad = !(accept(ps, "=") || expected(ps, "`=` and a number")) ||
		       !read_number(ps, "max_active", 0, 1000000, &n);
		if (!*bad)
			o->as.max_active = n;
		return true;
	}
	if (!o->flags && accept(ps, "flags")) {
		o->flags = true;
		o->flags_place = ps->tok[ps->pos - 1].place;
		*bad = !(accept(ps, "=") || expected(ps, "`=` and flags")) ||
		       !read_flags(ps, &o->as.flags);
		return true;
	}
	if (!o->as.engine && accept(ps, "engine")) {
		*bad = !(accept(ps, "=") || expected(ps, "`=` and an engine")) ||
		       !read_engine(ps, o);
		return true;
	}
	return false;
}

bool parse_workqueue(struct parser *ps, const struct token *t)
{
	struct uses uses = { 0 };
	static const char *const words[] = {
		"create", "singlethread", "freezeable", "rt", "ordered", "max_active", "flags", "engine", NULL
	};
	struct wq_options o = { .as.kind = SCENARIO_WQ_ALLOC };
	uint32_t i, first = ps->workqueues.nr;
	bool bad = false;

	(void)t;
	if (!read_new_names(ps, "a name for the workqueue", &uses))
		return false;
	while (read_wq_option(ps, &o, &bad))
		if (bad)
			return false;
	if (peek(ps)->kind != TOKEN_END)
		return expected_one_of(ps, words, "`,`, the end of the line, or one of `create`, `singlethread`, `freezeable`, `rt`, `ordered`, `max_active=N`, `flags=FLAG|FLAG`, `engine=NAME`, each once");
	if (o.max_active && o.as.kind != SCENARIO_WQ_ALLOC)
		return wrong(ps, o.max_active_place, "found `max_active`, but the call that makes this workqueue takes none; expected it where alloc_workqueue() makes one");
	if (o.flags && o.as.kind != SCENARIO_WQ_ALLOC && o.as.kind != SCENARIO_WQ_ORDERED)
		return wrong(ps, o.flags_place, "found `flags`, but the call that makes this workqueue takes none; expected them with `ordered`, or where alloc_workqueue() makes one");
	/* 3.18's workqueue_sysfs_register() refuses it: a changed attribute could break the order. */
	if (o.as.kind == SCENARIO_WQ_ORDERED && o.as.flags & SCENARIO_WQ_SYSFS)
		return wrong(ps, o.flags_place, "found `SYSFS` for an ordered workqueue, which the kernel refuses to make; expected other flags");
	if (!declare_all(ps, SCENARIO_WORKQUEUE, &uses))
		return false;
	for (i = first; i < ps->workqueues.nr; i++) {
		struct scenario_workqueue *wq = &ps->workqueues.list[i];

		wq->kind = o.as.kind;
		wq->flags = o.as.flags;
		wq->max_active = o.as.max_active;
		wq->engine = o.as.engine;
	}
	return true;
}
