// SPDX-License-Identifier: GPL-2.0-only
/*
 * The second pass over a scenario: names are resolved, the whole is judged.
 *
 *     draft { text of names }  ->  scenario_step { refs }       resolve_block()
 *     blocks                   ->  works, tasks, timeline       hand_over()
 *     timeline                 sorted by time, ties as written
 *
 * What is judged here is what one line alone cannot tell: that a name exists
 * and is of the right kind, that a mutex is locked before it is unlocked, that
 * the machine has the CPU named, that something is queued at all, that what
 * requeues itself for ever is stopped by somebody, and that no item schedules itself on
 * each CPU (scenario-each.c).
 *
 * Nothing here is shared between threads.  Read next: player.c.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scenario-impl.h"

#define BIT(kind)	(1u << (kind))

/* The kinds a step's names may be of. */
static unsigned int kinds_of(enum scenario_op op)
{
	switch (op) {
	case SCENARIO_WAIT:
	case SCENARIO_SIGNAL:
		return BIT(SCENARIO_EVENT);
	case SCENARIO_LOCK:
	case SCENARIO_UNLOCK:
		return BIT(SCENARIO_MUTEX);
	case SCENARIO_QUEUE:
	case SCENARIO_CANCEL:
	case SCENARIO_EACH_CPU:
		return BIT(SCENARIO_WORK);
	case SCENARIO_FLUSH:
		return BIT(SCENARIO_WORK) | BIT(SCENARIO_WORKQUEUE);
	default:
		return BIT(SCENARIO_WORKQUEUE);
	}
}

static const char *kinds_text(unsigned int kinds)
{
	unsigned int k;

	if (kinds == (BIT(SCENARIO_WORK) | BIT(SCENARIO_WORKQUEUE)))
		return "a work item or a workqueue";
	for (k = 0; !(kinds & BIT(k)); k++)
		;
	return kind_text(k);
}

static bool resolve(struct parser *ps, const char *name, const struct use *u, unsigned int kinds,
		    struct scenario_ref *ref)
{
	const struct entry *e = names_find(ps, name, strlen(name));
	const char *near;

	if (e && kinds & BIT(e->ref.kind)) {
		*ref = e->ref;
		ps->sc.uses_events |= ref->kind == SCENARIO_WORKQUEUE && ref->index == SCENARIO_EVENTS;
		return true;
	}
	if (e)
		return wrong(ps, u->name.place, "found `%s`, which is %s; expected %s", name,
			     kind_text(e->ref.kind), kinds_text(kinds));
	near = names_nearest(ps, name, strlen(name), kinds);
	if (near)
		return wrong(ps, u->name.place, "found `%.60s`, which is not declared; did you mean `%s`?",
			     name, near);
	return wrong(ps, u->name.place, "found `%.60s`, which is not declared; expected %s", name,
		     kinds_text(kinds));
}

/* How many names a list comes to; one more than allowed if they are too many. */
static uint32_t count_uses(const struct uses *uses)
{
	uint32_t i, n = 0;

	for (i = 0; i < uses->nr; i++) {
		const struct use *u = &uses->list[i];
		uint32_t more = u->ranged ? u->to - u->from + 1 : 1;

		if (more > SCENARIO_MAX_REFS - n)
			return SCENARIO_MAX_REFS + 1;
		n += more;
	}
	return n;
}

/* Write out a list of names; NULL if one of them is wrong. */
static struct scenario_ref *resolve_uses(struct parser *ps, const struct uses *uses,
					 unsigned int kinds, uint32_t *nr)
{
	uint32_t n = count_uses(uses), i, k, made = 0;
	char name[SCENARIO_MAX_LINE + 16];
	struct scenario_ref *refs;

	if (!n)
		return NULL;
	if (n > SCENARIO_MAX_REFS - ps->nr_refs) {
		wrong(ps, uses->list[0].name.place, "found more than %d names once ranges are written out, expected fewer",
		      SCENARIO_MAX_REFS);
		return NULL;
	}
	ps->nr_refs += n;
	refs = store_alloc(ps, n * sizeof(*refs));
	for (i = 0; i < uses->nr; i++) {
		const struct use *u = &uses->list[i];

		for (k = u->from; k <= u->to; k++) {
			int len = u->name.len;

			if (u->ranged)
				snprintf(name, sizeof(name), "%.*s%u", len, u->name.p, k);
			else
				snprintf(name, sizeof(name), "%.*s", len, u->name.p);
			if (!resolve(ps, name, u, kinds, &refs[made++]))
				return NULL;
		}
	}
	*nr = n;
	return refs;
}

/* `on q` is for all items, `on q[0..9]` gives each of ten items its own. */
static bool pair_queues(struct parser *ps, struct draft *d)
{
	struct scenario_ref *wqs;
	uint32_t nr, i, *on;

	wqs = resolve_uses(ps, &d->where, BIT(SCENARIO_WORKQUEUE), &nr);
	if (!wqs)
		return false;
	if (nr != 1 && nr != d->step.nr_refs)
		return wrong(ps, d->where.list[0].name.place,
			     "found %u workqueues for %u work items, expected one for all or one for each",
			     nr, d->step.nr_refs);
	on = store_alloc(ps, d->step.nr_refs * sizeof(*on));
	for (i = 0; i < d->step.nr_refs; i++)
		on[i] = wqs[nr == 1 ? 0 : i].index;
	d->step.on = on;
	return true;
}

static bool cpu_exists(struct scenario_errors *errs, const char *file, uint32_t cpus, int32_t cpu,
		       struct scenario_place place)
{
	if (cpu == SCENARIO_ANY_CPU || cpu < (int32_t)cpus)
		return true;
	errors_add(errs, file, place, "found CPU %d, expected a number below %u, the number of CPUs",
		   cpu, cpus);
	return false;
}

/* The steps of one block in a row: what the steps above leave for those below. */
struct row {
	uint32_t id;		/* number of the block plus one */
	uint32_t *held;		/* for each mutex: how often it is locked here */
	uint32_t *held_in;	/* for each mutex: the row for which held counts */
	bool requeues;
};

static bool check_mutexes(struct parser *ps, struct row *row, const struct scenario_step *s)
{
	uint32_t i;

	for (i = 0; i < s->nr_refs; i++) {
		uint32_t m = s->refs[i].index;

		if (row->held_in[m] != row->id) {
			row->held_in[m] = row->id;
			row->held[m] = 0;
		}
		if (s->op == SCENARIO_LOCK) {
			row->held[m]++;
		} else if (!row->held[m]) {
			return wrong(ps, s->place, "found `unlock` of `%s`, expected a `lock` of it above in the same steps",
				     ps->mutexes.list[m].name);
		} else {
			row->held[m]--;
		}
	}
	return true;
}

static bool check_destroy(struct parser *ps, const struct scenario_step *s)
{
	uint32_t i;

	for (i = 0; i < s->nr_refs; i++)
		if (s->refs[i].index == SCENARIO_EVENTS)
			return wrong(ps, s->place, "found `events`, which is the system workqueue and stays to the end; expected another workqueue");
	return true;
}

static bool check_step(struct parser *ps, struct row *row, const struct scenario_step *s)
{
	switch (s->op) {
	case SCENARIO_LOCK:
	case SCENARIO_UNLOCK:
		return check_mutexes(ps, row, s);
	case SCENARIO_REQUEUE:
		if (row->requeues)
			return wrong(ps, s->place, "found a second `requeue`, expected one at most: an item can be queued once at a time");
		row->requeues = true;
		return true;
	case SCENARIO_DESTROY:
		return check_destroy(ps, s);
	case SCENARIO_EACH_CPU:
		return each_number(ps, s);
	case SCENARIO_QUEUE:
	case SCENARIO_CPU:
		return cpu_exists(ps->errs, ps->sc.file, ps->sc.cpus, s->cpu, s->cpu_place);
	default:
		return true;
	}
}

/* Resolve the names of a block's steps and judge them; the steps, or NULL. */
static const struct scenario_step *resolve_block(struct parser *ps, struct block *b, struct row *row)
{
	struct scenario_step *steps = store_alloc(ps, b->nr * sizeof(*steps));
	bool good = true;
	uint32_t i;

	row->id++;
	row->requeues = false;
	for (i = 0; i < b->nr && ps->errs->nr < SCENARIO_MAX_ERRORS; i++) {
		struct draft *d = &b->list[i];
		bool ok = true;

		if (d->what.nr) {
			d->step.refs = resolve_uses(ps, &d->what, kinds_of(d->step.op),
						    &d->step.nr_refs);
			ok = d->step.refs;
		}
		if (ok && d->where.nr)
			ok = pair_queues(ps, d);
		if (ok)
			ok = check_step(ps, row, &d->step);
		steps[i] = d->step;
		good = good && ok;
	}
	return good ? steps : NULL;
}

/* Give a block's steps to the objects that its line declared. */
static void hand_over(struct parser *ps, const struct block *b, const struct scenario_step *list)
{
	struct scenario_steps steps = { list, b->nr };
	uint32_t i;

	for (i = b->first; i < b->first + b->count; i++) {
		if (b->kind == BLOCK_WORK)
			ps->works.list[i].steps = steps;
		else if (b->kind == BLOCK_TASK)
			ps->tasks.list[i].steps = steps;
		else
			ps->timeline.list[i].steps = steps;
	}
}

/* Which items are queued at all, with a delay, cancelled. */
static void note_items(struct parser *ps, const struct block *b, const struct scenario_step *list,
		       bool *cancelled)
{
	uint32_t i, k;

	for (i = 0; i < b->nr; i++) {
		const struct scenario_step *s = &list[i];

		for (k = 0; k < s->nr_refs; k++) {
			if (s->op == SCENARIO_QUEUE && s->delayed)
				ps->works.list[s->refs[k].index].delayed = true;
			if (s->op == SCENARIO_CANCEL)
				cancelled[s->refs[k].index] = true;
		}
		if (s->op == SCENARIO_REQUEUE && s->delayed)
			for (k = b->first; k < b->first + b->count; k++)
				ps->works.list[k].delayed = true;
	}
}

/* The first item of a block that nobody cancels; the end of the block's items if there is none. */
static uint32_t first_left(const struct block *b, const bool *cancelled)
{
	uint32_t i = b->first;

	while (i < b->first + b->count && cancelled[i])
		i++;
	return i;
}

/* What requeues itself for ever must be cancelled by somebody, or the run never ends. */
static void check_endless(struct parser *ps, const bool *cancelled)
{
	uint32_t i, k, left;

	for (i = 0; i < ps->blocks.nr && !ps->sc.has_end; i++) {
		const struct block *b = ps->blocks.list[i];

		/* items declared together share their steps: look at them once */
		for (k = 0; b->kind == BLOCK_WORK && k < b->nr; k++) {
			const struct scenario_step *s = &b->list[k].step;
			const char *name;

			if (s->op != SCENARIO_REQUEUE || s->times)
				continue;
			left = first_left(b, cancelled);
			if (left == b->first + b->count)
				continue;
			name = ps->works.list[left].name;
			wrong(ps, s->place, "found `requeue` for ever in `%s`, expected `times N` here, or a `cancel %s` or an `end at TIME` elsewhere",
			      name, name);
			return;
		}
	}
}

static int by_time(const void *a, const void *b)
{
	const struct scenario_at *x = a, *y = b;

	if (x->ns != y->ns)
		return x->ns < y->ns ? -1 : 1;
	/* no two stand at the same place, so the order is total */
	if (x->place.line != y->place.line)
		return x->place.line < y->place.line ? -1 : 1;
	return 0;
}

static void check_times(struct parser *ps)
{
	uint32_t i;

	for (i = 0; i < ps->timeline.nr && ps->sc.has_end; i++) {
		const struct scenario_at *at = &ps->timeline.list[i];

		if (at->ns > ps->sc.end_ns)
			wrong(ps, at->place, "found %s later than `end at` in line %u, expected it before",
			      at->steps.nr && at->steps.list[0].op == SCENARIO_START ?
			      "a task that starts" : "an `at`", ps->set[SET_END].line);
	}
}

/* Without a `queue` in a task or on the timeline, no item ever runs. */
static void check_queued(struct parser *ps)
{
	struct scenario_place place = { ps->line ? ps->line : 1, 1 };
	uint32_t i, k;

	for (i = 0; i < ps->blocks.nr; i++) {
		const struct block *b = ps->blocks.list[i];

		for (k = 0; b->kind != BLOCK_WORK && k < b->nr; k++)
			if (b->list[k].step.op == SCENARIO_QUEUE)
				return;
	}
	wrong(ps, place, "found the end of the file and no work queued, expected a `queue ITEM on WORKQUEUE` below an `at` or a `task`");
}

static void check_cpus(const struct scenario *sc, uint32_t cpus, struct scenario_errors *errs)
{
	struct scenario_place before = { 0 };
	uint32_t i;

	for (i = 0; i < sc->nr_tasks; i++) {
		const struct scenario_task *t = &sc->tasks[i];

		/* tasks declared together have their CPU from one place: look at it once */
		if (t->cpu_place.line != before.line || t->cpu_place.col != before.col)
			cpu_exists(errs, sc->file, cpus, t->cpu, t->cpu_place);
		before = t->cpu_place;
	}
	for (i = 0; i < sc->nr_timeline; i++)
		cpu_exists(errs, sc->file, cpus, sc->timeline[i].cpu, sc->timeline[i].cpu_place);
}

static void publish(struct parser *ps)
{
	struct scenario *sc = &ps->sc;

#define PUBLISH(vec) (sc->vec = ps->vec.list, sc->nr_##vec = ps->vec.nr)
	PUBLISH(workqueues);
	PUBLISH(works);
	PUBLISH(tasks);
	PUBLISH(events);
	PUBLISH(mutexes);
	PUBLISH(timeline);
	PUBLISH(notes);
#undef PUBLISH
}

/* The second pass; false if it found a mistake. */
bool check_scenario(struct parser *ps)
{
	struct row row = { 0 };
	bool *cancelled = store_alloc(ps, ps->works.nr);
	uint32_t i;

	row.held = store_alloc(ps, ps->mutexes.nr * sizeof(*row.held));
	row.held_in = store_alloc(ps, ps->mutexes.nr * sizeof(*row.held_in));
	for (i = 0; i < ps->blocks.nr && ps->errs->nr < SCENARIO_MAX_ERRORS; i++) {
		struct block *b = ps->blocks.list[i];
		const struct scenario_step *steps = resolve_block(ps, b, &row);

		if (!steps)
			continue;
		hand_over(ps, b, steps);
		note_items(ps, b, steps, cancelled);
	}
	if (ps->sc.nodes > ps->sc.cpus)
		wrong(ps, ps->set[SET_NODES], "found %u nodes for %u CPUs, expected at most one for each",
		      ps->sc.nodes, ps->sc.cpus);
	check_times(ps);
	/* said at the last line, behind what else is wrong there */
	check_queued(ps);
	if (!ps->errs->nr)
		check_endless(ps, cancelled);
	if (!ps->errs->nr)
		each_check(ps);
	if (ps->timeline.nr)
		qsort(ps->timeline.list, ps->timeline.nr, sizeof(*ps->timeline.list), by_time);
	publish(ps);
	ps->sc.tally = store_alloc(ps, ps->works.nr * sizeof(*ps->sc.tally));
	check_cpus(&ps->sc, ps->sc.cpus, ps->errs);
	return !ps->errs->nr;
}

bool scenario_check(const struct scenario *sc, uint32_t cpus, struct scenario_errors *errs)
{
	const struct scenario_step *before = NULL;
	const struct scenario_steps *all;
	uint32_t i, k, nr = sc->nr_works + sc->nr_tasks + sc->nr_timeline;

	errors_reset(errs);
	check_cpus(sc, cpus, errs);
	for (i = 0; i < nr; i++) {
		if (i < sc->nr_works)
			all = &sc->works[i].steps;
		else if (i < sc->nr_works + sc->nr_tasks)
			all = &sc->tasks[i - sc->nr_works].steps;
		else
			all = &sc->timeline[i - sc->nr_works - sc->nr_tasks].steps;
		/* items, or tasks, declared together share their steps: look at them once */
		if (!all->nr || all->list == before)
			continue;
		before = all->list;
		for (k = 0; k < all->nr; k++)
			cpu_exists(errs, sc->file, cpus, all->list[k].cpu, all->list[k].cpu_place);
	}
	errors_sort(errs);
	return !errs->nr;
}

bool scenario_names_engines(const struct scenario *sc)
{
	uint32_t i;

	for (i = SCENARIO_EVENTS + 1; i < sc->nr_workqueues; i++)
		if (!sc->workqueues[i].engine)
			return false;
	return sc->nr_workqueues > SCENARIO_EVENTS + 1 && !sc->uses_events;
}

bool scenario_wants_engine(const struct scenario *sc, const char *engine)
{
	uint32_t i;

	for (i = 0; i < sc->nr_workqueues; i++)
		if (sc->workqueues[i].engine && !strcmp(sc->workqueues[i].engine, engine))
			return true;
	return false;
}
