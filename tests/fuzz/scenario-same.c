// SPDX-License-Identifier: GPL-2.0-only
/*
 * Two scenarios compared, and one printed so that reading it gives it again.
 *
 * What was declared in one line is printed in one line (its objects have that
 * line as their place), with ranges where numbers follow one another; durations
 * are in ns.  Tasks and `at` lines come in the order of the file, for that
 * decides between equal times.
 *
 * Read next: scenario-target.c.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"

static bool same_text(const char *a, const char *b)
{
	return a == b || (a && b && !strcmp(a, b));
}

static bool same_place(struct scenario_place a, struct scenario_place b)
{
	return a.line == b.line && a.col == b.col;
}

static bool same_step(const struct scenario_step *a, const struct scenario_step *b, bool exact)
{
	if (a->op != b->op || a->ns != b->ns || a->delayed != b->delayed || a->nr_refs != b->nr_refs ||
	    a->cpu != b->cpu || a->times != b->times || a->number != b->number || !a->on != !b->on ||
	    !same_text(a->text, b->text))
		return false;
	for (uint32_t i = 0; i < a->nr_refs; i++)
		if (a->refs[i].kind != b->refs[i].kind || a->refs[i].index != b->refs[i].index ||
		    (a->on && a->on[i] != b->on[i]))
			return false;
	return !exact || (same_place(a->place, b->place) && same_place(a->cpu_place, b->cpu_place) &&
			  same_text(a->source, b->source));
}

static bool same_steps(const struct scenario_steps *a, const struct scenario_steps *b, bool exact)
{
	if (a->nr != b->nr)
		return false;
	for (uint32_t i = 0; i < a->nr; i++)
		if (!same_step(&a->list[i], &b->list[i], exact))
			return false;
	return true;
}

/* Whether it is one list and no copy.  Empty ones may stand where another begins. */
static bool same_list(const struct scenario_steps *a, const struct scenario_steps *b)
{
	return a->list == b->list && a->nr == b->nr;
}

static bool same_objects(const struct scenario *a, const struct scenario *b, bool exact)
{
	const struct scenario_steps *x = NULL, *y = NULL;

	for (uint32_t i = 0; i < a->nr_workqueues; i++) {
		const struct scenario_workqueue *p = &a->workqueues[i], *q = &b->workqueues[i];

		if (strcmp(p->name, q->name) || p->kind != q->kind || p->flags != q->flags ||
		    p->max_active != q->max_active || !same_text(p->engine, q->engine) ||
		    (exact && !same_place(p->place, q->place)))
			return false;
	}
	for (uint32_t i = 0; i < a->nr_works; i++) {
		const struct scenario_work *p = &a->works[i], *q = &b->works[i];

		if (strcmp(p->name, q->name) || p->delayed != q->delayed ||
		    (exact && !same_place(p->place, q->place)))
			return false;
		/* items declared together share their steps: look at them once */
		if (x && same_list(&p->steps, x) && same_list(&q->steps, y))
			continue;
		x = &p->steps;
		y = &q->steps;
		if (!same_steps(x, y, exact))
			return false;
	}
	for (uint32_t i = 0; i < a->nr_tasks; i++) {
		const struct scenario_task *p = &a->tasks[i], *q = &b->tasks[i];

		if (strcmp(p->name, q->name) || p->cpu != q->cpu || p->start_ns != q->start_ns ||
		    (exact && (!same_place(p->place, q->place) || !same_place(p->cpu_place, q->cpu_place))))
			return false;
		if (x && same_list(&p->steps, x) && same_list(&q->steps, y))
			continue;
		x = &p->steps;
		y = &q->steps;
		if (!same_steps(x, y, exact))
			return false;
	}
	return true;
}

static bool same_named(const struct scenario_named *a, const struct scenario_named *b, uint32_t nr,
		       bool exact)
{
	for (uint32_t i = 0; i < nr; i++)
		if (strcmp(a[i].name, b[i].name) || (exact && !same_place(a[i].place, b[i].place)))
			return false;
	return true;
}

static bool same_timeline(const struct scenario *a, const struct scenario *b, bool exact)
{
	for (uint32_t i = 0; i < a->nr_timeline; i++) {
		const struct scenario_at *p = &a->timeline[i], *q = &b->timeline[i];

		if (p->ns != q->ns || p->cpu != q->cpu || !same_steps(&p->steps, &q->steps, exact) ||
		    (exact && (!same_place(p->place, q->place) || !same_place(p->cpu_place, q->cpu_place))))
			return false;
	}
	return true;
}

const char *scenario_difference(const struct scenario *a, const struct scenario *b, bool exact)
{
	if (a->nr_workqueues != b->nr_workqueues || a->nr_works != b->nr_works ||
	    a->nr_tasks != b->nr_tasks || a->nr_events != b->nr_events ||
	    a->nr_mutexes != b->nr_mutexes || a->nr_timeline != b->nr_timeline ||
	    a->nr_notes != b->nr_notes)
		return "how many objects there are";
	if (a->cpus != b->cpus || a->nodes != b->nodes || a->hz != b->hz || a->has_seed != b->has_seed ||
	    a->seed != b->seed || a->slice_ns != b->slice_ns || a->switch_ns != b->switch_ns ||
	    a->wake_ns != b->wake_ns || a->create_ns != b->create_ns ||
	    a->uses_events != b->uses_events || a->has_end != b->has_end || a->end_ns != b->end_ns)
		return "a setting";
	if (strcmp(a->title, b->title))
		return "the title";
	for (uint32_t i = 0; i < a->nr_notes; i++)
		if (strcmp(a->notes[i], b->notes[i]))
			return "a note";
	if (!same_named(a->events, b->events, a->nr_events, exact) ||
	    !same_named(a->mutexes, b->mutexes, a->nr_mutexes, exact))
		return "an event or a mutex";
	if (!same_objects(a, b, exact))
		return "a workqueue, an item or a task";
	return same_timeline(a, b, exact) ? NULL : "the timeline";
}

/* ---------------------------------------------------------------- printing */

struct printer {
	const struct scenario *sc;
	struct buf *out;
	bool fits;
};

/* Whether @name is @base and then just the number @n. */
static bool is_numbered(const char *name, const char *base, size_t len, uint64_t n)
{
	char digits[24];

	snprintf(digits, sizeof(digits), "%llu", (unsigned long long)n);
	return !strncmp(name, base, len) && !strcmp(name + len, digits);
}

/* Of the names from the first on, those that count up from it behind @len bytes of it. */
static uint32_t count_up(const char *(*name)(const void *arg, uint32_t i), const void *arg,
			 uint32_t first, uint32_t nr, size_t len, uint64_t *from)
{
	char base[SCENARIO_NAME_LEN];
	uint32_t n = 0;

	strcpy(base, name(arg, first));
	*from = strtoull(base + len, NULL, 10);
	while (first + n < nr && *from + n <= 999999 &&
	       is_numbered(name(arg, first + n), base, len, *from + n))
		n++;
	return n;
}

/* How many of the names from the first on are a range; *len is the length of their base. */
static uint32_t range_length(const char *(*name)(const void *arg, uint32_t i), const void *arg,
			     uint32_t first, uint32_t nr, size_t *len, uint64_t *from)
{
	const char *start = name(arg, first);
	uint32_t best = 1, n;
	uint64_t number;

	/* w1[0..9] or w[10..19]: whichever goes further */
	for (size_t at = strlen(start) - 1; at && start[at] >= '0' && start[at] <= '9'; at--) {
		n = count_up(name, arg, first, nr, at, &number);
		if (n > best) {
			best = n;
			*len = at;
			*from = number;
		}
	}
	return best;
}

static void print_names(struct printer *p, const char *(*name)(const void *arg, uint32_t i),
			const void *arg, uint32_t first, uint32_t nr)
{
	for (uint32_t i = first; i < nr;) {
		uint64_t from = 0;
		size_t len = 0;
		uint32_t n = range_length(name, arg, i, nr, &len, &from);

		buf_print(p->out, "%s", i > first ? "," : " ");
		if (n > 1)
			buf_print(p->out, "%.*s[%llu..%llu]", (int)len, name(arg, i),
				  (unsigned long long)from, (unsigned long long)from + n - 1);
		else
			buf_print(p->out, "%s", name(arg, i));
		i += n;
	}
}

struct names_of {
	const struct scenario *sc;
	const struct scenario_step *step;
	enum scenario_kind kind;
};

static const char *ref_name(const void *arg, uint32_t i)
{
	const struct names_of *of = arg;

	return scenario_name(of->sc, of->step->refs[i]);
}

static const char *on_name(const void *arg, uint32_t i)
{
	const struct names_of *of = arg;

	return of->sc->workqueues[of->step->on[i]].name;
}

static const char *declared_name(const void *arg, uint32_t i)
{
	const struct names_of *of = arg;

	return scenario_name(of->sc, (struct scenario_ref) { of->kind, i });
}

static void print_text(struct printer *p, const char *word, const char *text)
{
	buf_print(p->out, "%s \"", word);
	for (; *text; text++)
		buf_print(p->out, "%s%c", *text == '"' || *text == '\\' ? "\\" : "", *text);
	buf_print(p->out, "\"\n");
}

static void print_cpu(struct printer *p, int32_t cpu)
{
	if (cpu != SCENARIO_ANY_CPU)
		buf_print(p->out, " cpu %d", cpu);
}

static void print_step(struct printer *p, const struct scenario_step *s)
{
	static const char *const words[SCENARIO_OPS] = {
		"burn", "sleep", "wait", "signal", "lock", "unlock", "queue", "requeue", "cancel", "flush",
		"yield", "say", "set max_active of", "fail thread creation", "schedule", "destroy", "cpu", "freeze", "thaw",
		"drain", "echo", "cat", "start",
	};
	const struct names_of of = { .sc = p->sc, .step = s };
	size_t start = p->out->len;
	bool one = s->on != NULL;

	if (s->op == SCENARIO_SAY) {
		print_text(p, "say", s->text);
		return;
	}
	buf_print(p->out, "%s", words[s->op]);
	if (s->op == SCENARIO_ECHO)
		buf_print(p->out, " %s >", s->text);
	if (s->path)
		buf_print(p->out, " %s", s->path);
	print_names(p, ref_name, &of, 0, s->nr_refs);
	for (uint32_t i = 1; one && i < s->nr_refs; i++)
		one = s->on[i] == s->on[0];
	if (s->on) {
		buf_print(p->out, " on");
		print_names(p, on_name, &of, 0, one ? 1 : s->nr_refs);
		print_cpu(p, s->cpu);
	}
	if (s->delayed)
		buf_print(p->out, " after");
	if (s->delayed || s->op == SCENARIO_BURN || s->op == SCENARIO_SLEEP)
		buf_print(p->out, " %lluns", (unsigned long long)s->ns);
	if (s->times)
		buf_print(p->out, " times %u", s->times);
	if (s->op == SCENARIO_MAX_ACTIVE)
		buf_print(p->out, " to %d", s->number);
	if (s->op == SCENARIO_FAIL_THREADS)
		buf_print(p->out, s->number ? " on" : " off");
	if (s->op == SCENARIO_EACH_CPU)
		buf_print(p->out, " on each cpu");
	if (s->op == SCENARIO_CPU)
		buf_print(p->out, " %d %s", s->cpu, s->number ? "up" : "down");
	if (p->out->len - start > SCENARIO_MAX_LINE) {
		/* many single names: as it was written, it did fit */
		p->out->len = start;
		buf_print(p->out, "%s", s->source);
	}
	buf_print(p->out, "\n");
}

static void print_steps(struct printer *p, const struct scenario_steps *steps)
{
	for (uint32_t i = 0; i < steps->nr; i++)
		print_step(p, &steps->list[i]);
}

static struct scenario_place place_of(const struct scenario *sc, enum scenario_kind kind, uint32_t i)
{
	switch (kind) {
	case SCENARIO_WORKQUEUE: return sc->workqueues[i].place;
	case SCENARIO_WORK: return sc->works[i].place;
	case SCENARIO_TASK: return sc->tasks[i].place;
	case SCENARIO_EVENT: return sc->events[i].place;
	default: return sc->mutexes[i].place;
	}
}

static void print_options(struct printer *p, const struct scenario_workqueue *wq)
{
	static const char *const kinds[] = { "", " create", " singlethread", " freezeable", " rt", " ordered", "" };
	static const char *const flags[] = {
		NULL, "UNBOUND", "FREEZABLE", "MEM_RECLAIM", "HIGHPRI", "CPU_INTENSIVE", "SYSFS", "POWER_EFFICIENT",
	};
	const char *before = " flags=";

	buf_print(p->out, "%s", kinds[wq->kind]);
	if (wq->max_active)
		buf_print(p->out, " max_active=%d", wq->max_active);
	for (unsigned int i = 1; i < COUNT(flags); i++)
		if (wq->flags & 1u << i) {
			buf_print(p->out, "%s%s", before, flags[i]);
			before = "|";
		}
	if (wq->engine)
		buf_print(p->out, " engine=%s", wq->engine);
}

/* The declaration that begins with this object; gives the first object of the next. */
static uint32_t print_declaration(struct printer *p, enum scenario_kind kind, uint32_t i, uint32_t nr)
{
	static const char *const words[] = { "workqueue", "work", "task", "event", "mutex" };
	const struct names_of of = { .sc = p->sc, .kind = kind };
	size_t start = p->out->len;
	uint32_t end = i + 1;

	while (end < nr && place_of(p->sc, kind, end).line == place_of(p->sc, kind, i).line)
		end++;
	buf_print(p->out, "%s", words[kind]);
	print_names(p, declared_name, &of, i, end);
	if (kind == SCENARIO_WORKQUEUE)
		print_options(p, &p->sc->workqueues[i]);
	if (kind == SCENARIO_TASK) {
		print_cpu(p, p->sc->tasks[i].cpu);
		buf_print(p->out, " start %lluns", (unsigned long long)p->sc->tasks[i].start_ns);
	}
	if (p->out->len - start > SCENARIO_MAX_LINE)
		p->fits = false;
	buf_print(p->out, "\n");
	if (kind == SCENARIO_WORK)
		print_steps(p, &p->sc->works[i].steps);
	if (kind == SCENARIO_TASK)
		print_steps(p, &p->sc->tasks[i].steps);
	return end;
}

static void print_all(struct printer *p, enum scenario_kind kind, uint32_t first, uint32_t nr)
{
	while (first < nr)
		first = print_declaration(p, kind, first, nr);
}

static int by_place(const void *a, const void *b)
{
	const struct scenario_at *const *x = a, *const *y = b;

	return ((*x)->place.line > (*y)->place.line) - ((*x)->place.line < (*y)->place.line);
}

/* Tasks are printed where the timeline starts them. */
static void print_timeline(struct printer *p)
{
	uint32_t nr = p->sc->nr_timeline;
	const struct scenario_at **list = calloc(nr + 1, sizeof(*list));

	for (uint32_t i = 0; i < nr; i++)
		list[i] = &p->sc->timeline[i];
	qsort(list, nr, sizeof(*list), by_place);
	for (uint32_t i = 0; i < nr; i++) {
		const struct scenario_at *at = list[i];

		if (at->steps.nr && at->steps.list[0].op == SCENARIO_START) {
			print_declaration(p, SCENARIO_TASK, at->steps.list[0].refs[0].index,
					  p->sc->nr_tasks);
			continue;
		}
		buf_print(p->out, "at %lluns", (unsigned long long)at->ns);
		print_cpu(p, at->cpu);
		buf_print(p->out, "\n");
		print_steps(p, &at->steps);
	}
	free(list);
}

static void print_setting(struct printer *p, const char *word, uint64_t n, const char *unit)
{
	if (n)
		buf_print(p->out, "%s %llu%s\n", word, (unsigned long long)n, unit);
}

bool print_scenario(const struct scenario *sc, struct buf *b)
{
	struct printer p = { .sc = sc, .out = b, .fits = true };

	buf_clear(b);
	print_text(&p, "scenario", sc->title);
	for (uint32_t i = 0; i < sc->nr_notes; i++)
		print_text(&p, "note", sc->notes[i]);
	buf_print(b, "cpus %u", sc->cpus);
	if (sc->online)
		buf_print(b, " online %u", sc->online);
	buf_print(b, "\n");
	if (sc->cmdline)
		print_text(&p, "cmdline", sc->cmdline);
	print_setting(&p, "nodes", sc->nodes, "");
	print_setting(&p, "hz", sc->hz, "");
	if (sc->has_seed)
		buf_print(b, "seed %llu\n", (unsigned long long)sc->seed);
	print_setting(&p, "slice", sc->slice_ns, "ns");
	print_setting(&p, "cost switch", sc->switch_ns, "ns");
	print_setting(&p, "cost wake", sc->wake_ns, "ns");
	print_setting(&p, "cost create", sc->create_ns, "ns");
	print_all(&p, SCENARIO_WORKQUEUE, SCENARIO_EVENTS + 1, sc->nr_workqueues);
	print_all(&p, SCENARIO_EVENT, 0, sc->nr_events);
	print_all(&p, SCENARIO_MUTEX, 0, sc->nr_mutexes);
	print_all(&p, SCENARIO_WORK, 0, sc->nr_works);
	print_timeline(&p);
	if (sc->has_end)
		buf_print(b, "end at %lluns\n", (unsigned long long)sc->end_ns);
	return p.fits && b->len <= SCENARIO_MAX_BYTES;
}
