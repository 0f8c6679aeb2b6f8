// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the player may rely on: every index is inside its array, every name is
 * one, every number within its bounds, every step has what its kind needs, time
 * goes on, and nothing that is printed later can disturb a terminal.
 *
 * Read next: labs/wqlab/scenario.h, which promises it.
 */
#include <string.h>

#include "fuzz.h"
#include "scenario-sound.h"

static bool is_name(const char *name)
{
	size_t len = strnlen(name, SCENARIO_NAME_LEN);

	if (!len || len == SCENARIO_NAME_LEN || (*name >= '0' && *name <= '9') || *name == '-')
		return false;
	for (; *name; name++)
		if (!(*name >= 'a' && *name <= 'z') && !(*name >= 'A' && *name <= 'Z') &&
		    !(*name >= '0' && *name <= '9') && *name != '_' && *name != '-')
			return false;
	return true;
}

static bool is_shown(const char *text)
{
	if (strlen(text) > SCENARIO_MAX_LINE)
		return false;
	for (; *text; text++)
		if (((unsigned char)*text < ' ' && *text != '\t') || *text == 0x7f)
			return false;
	return true;
}

static uint32_t objects(const struct scenario *sc, enum scenario_kind kind)
{
	const uint32_t nr[] = {
		sc->nr_workqueues, sc->nr_works, sc->nr_tasks, sc->nr_events, sc->nr_mutexes,
	};

	return kind < COUNT(nr) ? nr[kind] : 0;
}

/* The kinds of objects a step names; 0 if it names none. */
static unsigned int kinds(enum scenario_op op)
{
	switch (op) {
	case SCENARIO_WAIT:
	case SCENARIO_SIGNAL:
		return 1u << SCENARIO_EVENT;
	case SCENARIO_LOCK:
	case SCENARIO_UNLOCK:
		return 1u << SCENARIO_MUTEX;
	case SCENARIO_QUEUE:
	case SCENARIO_CANCEL:
		return 1u << SCENARIO_WORK;
	case SCENARIO_FLUSH:
		return 1u << SCENARIO_WORK | 1u << SCENARIO_WORKQUEUE;
	case SCENARIO_EACH_CPU:
		return 1u << SCENARIO_WORK;
	case SCENARIO_DESTROY:
	case SCENARIO_MAX_ACTIVE:
	case SCENARIO_DRAIN:
		return 1u << SCENARIO_WORKQUEUE;
	case SCENARIO_START:
		return 1u << SCENARIO_TASK;
	default:
		return 0;
	}
}

static void check_step(const struct scenario *sc, const struct scenario_step *s, uint64_t *refs)
{
	REQUIRE(s->op < SCENARIO_OPS && s->ns <= SCENARIO_MAX_NS && s->place.line && s->place.col &&
		s->cpu >= SCENARIO_ANY_CPU && s->cpu < (int32_t)sc->cpus, "a step is out of bounds");
	REQUIRE(s->source && *s->source && is_shown(s->source), "a step has no source");
	REQUIRE(!kinds(s->op) == !s->nr_refs, "step `%s` has %u names", s->source, s->nr_refs);
	REQUIRE((s->op == SCENARIO_QUEUE) == !!s->on && (s->op == SCENARIO_SAY || s->op == SCENARIO_ECHO) == !!s->text &&
		(s->op == SCENARIO_ECHO || s->op == SCENARIO_CAT) == !!s->path,
		"step `%s` lacks something", s->source);
	REQUIRE((s->op != SCENARIO_BURN && s->op != SCENARIO_SLEEP) || s->ns, "step `%s` takes no time", s->source);
	REQUIRE(!s->text || is_shown(s->text), "step `%s` says what cannot be shown", s->source);
	*refs += (uint64_t)s->nr_refs * (s->on ? 2 : 1);
	for (uint32_t i = 0; i < s->nr_refs; i++)
		REQUIRE(kinds(s->op) & 1u << s->refs[i].kind &&
			s->refs[i].index < objects(sc, s->refs[i].kind) &&
			(!s->on || s->on[i] < sc->nr_workqueues), "step `%s` names what is not there", s->source);
}

/* The steps of a block, where @item says whether it is a work item's. */
static void check_steps(const struct scenario *sc, const struct scenario_steps *steps, bool item,
			uint64_t *refs)
{
	unsigned int requeues = 0;

	for (uint32_t i = 0; i < steps->nr; i++) {
		const struct scenario_step *s = &steps->list[i];

		check_step(sc, s, refs);
		requeues += s->op == SCENARIO_REQUEUE;
		REQUIRE(!i || s->op == SCENARIO_START || s[-1].place.line < s->place.line,
			"step `%s` is not behind the one before", s->source);
	}
	REQUIRE(requeues <= item, "%u times `requeue`", requeues);
}

static void check_names(const struct scenario *sc)
{
	for (uint32_t i = 0; i < sc->nr_workqueues; i++) {
		const struct scenario_workqueue *wq = &sc->workqueues[i];

		REQUIRE(is_name(wq->name), "a workqueue has no name");
		REQUIRE((i == SCENARIO_EVENTS) == (wq->kind == SCENARIO_WQ_SYSTEM) && wq->max_active >= 0 &&
			wq->max_active <= 1000000 && !(wq->flags & ~0xfeu), "workqueue %s is none", wq->name);
		REQUIRE((wq->kind == SCENARIO_WQ_ALLOC || !wq->max_active) &&
			(wq->kind == SCENARIO_WQ_ALLOC || wq->kind == SCENARIO_WQ_ORDERED || !wq->flags),
			"workqueue %s has what its call takes not", wq->name);
	}
	for (uint32_t i = 0; i < sc->nr_works; i++)
		REQUIRE(is_name(sc->works[i].name), "an item has no name");
	for (uint32_t i = 0; i < sc->nr_tasks; i++)
		REQUIRE(is_name(sc->tasks[i].name), "a task has no name");
	for (uint32_t i = 0; i < sc->nr_events; i++)
		REQUIRE(is_name(sc->events[i].name), "an event has no name");
	for (uint32_t i = 0; i < sc->nr_mutexes; i++)
		REQUIRE(is_name(sc->mutexes[i].name), "a mutex has no name");
	for (unsigned int kind = 0; kind < SCENARIO_KINDS; kind++)
		REQUIRE(objects(sc, kind) <= SCENARIO_MAX_OBJECTS, "too many objects of a kind");
	REQUIRE(is_shown(sc->title), "the title cannot be shown");
	for (uint32_t i = 0; i < sc->nr_notes; i++)
		REQUIRE(is_shown(sc->notes[i]), "a note cannot be shown");
}

/* A machine with fewer CPUs is refused if and only if one that it lacks is named. */
static void check_smaller(const struct scenario *sc)
{
	uint32_t cpus = (sc->cpus + 1) / 2;
	const struct scenario_steps *before = NULL;
	struct scenario_errors errs;
	bool named = false;

	for (uint32_t i = 0; i < sc->nr_tasks; i++)
		named |= sc->tasks[i].cpu >= (int32_t)cpus;
	for (uint32_t i = 0; i < sc->nr_timeline; i++) {
		named |= sc->timeline[i].cpu >= (int32_t)cpus;
		for (uint32_t k = 0; k < sc->timeline[i].steps.nr; k++)
			named |= sc->timeline[i].steps.list[k].cpu >= (int32_t)cpus;
	}
	for (uint32_t i = 0; i < sc->nr_works + sc->nr_tasks; i++) {
		const struct scenario_steps *steps = i < sc->nr_works ? &sc->works[i].steps :
						     &sc->tasks[i - sc->nr_works].steps;

		if (before && steps->list == before->list && steps->nr == before->nr)
			continue;
		before = steps;
		for (uint32_t k = 0; k < steps->nr; k++)
			named |= steps->list[k].cpu >= (int32_t)cpus;
	}
	REQUIRE(scenario_check(sc, cpus, &errs) == !named && !errs.nr == !named,
		"for %u CPUs instead of %u it is judged wrongly", cpus, sc->cpus);
	REQUIRE(scenario_check(sc, sc->cpus, &errs), "it does not fit its own machine: %s", errs.list[0].text);
}

void scenario_is_sound(const struct scenario *sc)
{
	const struct scenario_steps *before = NULL;
	uint64_t refs = 0;

	REQUIRE(sc->cpus >= 1 && sc->cpus <= 4096 && sc->nodes <= sc->cpus && sc->nodes <= 64 &&
		(!sc->hz || sc->hz == 100 || sc->hz == 250 || sc->hz == 300 || sc->hz == 1000),
		"the machine is none");
	REQUIRE(sc->slice_ns <= SCENARIO_MAX_NS && sc->switch_ns <= SCENARIO_MAX_NS &&
		sc->wake_ns <= SCENARIO_MAX_NS && sc->create_ns <= SCENARIO_MAX_NS &&
		sc->end_ns <= SCENARIO_MAX_NS, "a time is too long");
	check_names(sc);
	for (uint32_t i = 0; i < sc->nr_works; i++) {
		if (before && before->list == sc->works[i].steps.list && before->nr == sc->works[i].steps.nr)
			continue;
		before = &sc->works[i].steps;
		check_steps(sc, before, true, &refs);
	}
	for (uint32_t i = 0; i < sc->nr_tasks; i++) {
		REQUIRE(sc->tasks[i].cpu >= SCENARIO_ANY_CPU && sc->tasks[i].cpu < (int32_t)sc->cpus &&
			sc->tasks[i].start_ns <= SCENARIO_MAX_NS, "task %s is none", sc->tasks[i].name);
		if (before && before->list == sc->tasks[i].steps.list && before->nr == sc->tasks[i].steps.nr)
			continue;
		before = &sc->tasks[i].steps;
		check_steps(sc, before, false, &refs);
	}
	for (uint32_t i = 0; i < sc->nr_timeline; i++) {
		const struct scenario_at *at = &sc->timeline[i];

		REQUIRE(at->cpu >= SCENARIO_ANY_CPU && at->cpu < (int32_t)sc->cpus &&
			(!i || at[-1].ns < at->ns ||
			 (at[-1].ns == at->ns && at[-1].place.line < at->place.line)) &&
			(!sc->has_end || at->ns <= sc->end_ns),
			"the timeline is not in order");
		check_steps(sc, &at->steps, false, &refs);
	}
	REQUIRE(refs <= 2 * SCENARIO_MAX_REFS + SCENARIO_MAX_OBJECTS, "too many names");
	check_smaller(sc);
}
