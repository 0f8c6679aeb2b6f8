// SPDX-License-Identifier: GPL-2.0-only
/*
 * Scenarios that are right, each written in two spellings at once.
 *
 *     fancy   cost wake 1.50 us,  switch 2us	# blanks, units, ranges, order
 *     plain   cost wake 1500ns
 *             cost switch 2000ns
 *
 * Both must be accepted and mean the same: that finds what is refused although
 * it is right, and what is misread.  The plain one has durations in ns, names
 * one by one and single blanks.
 *
 * A name ends in a letter and holds a counter, so no two are alike, with a
 * number behind or without.  What a later line needs (a mutex locked above, a
 * cancel for what requeues itself for ever, an end behind everything) is kept
 * in struct writer.
 *
 * Read next: scenario-inputs.c.
 */
#include <stdio.h>
#include <string.h>

#include "fuzz.h"

#define GROUPS	40
/* Longer ranges are ranges in the plain spelling too. */
#define SPELT	30

/* A name, or the names of one range. */
struct group {
	enum scenario_kind kind;
	char base[SCENARIO_NAME_LEN];
	bool ranged;
	uint32_t from, nr;
};

struct writer {
	struct chance *c;
	struct buf *fancy, *plain;
	struct group group[GROUPS];
	uint32_t nr;
	uint32_t cpus;
	bool has_end;
	uint64_t latest;		/* nothing happens after this time */
	uint32_t queued;		/* `queue` outside items */
	const struct group *held;	/* locked above in this block, or NULL */
	bool requeued;			/* in this block */
	uint32_t each;			/* items named by `schedule`, at most */
};

static void both(struct writer *w, const char *s)
{
	buf_print(w->fancy, "%s", s);
	buf_print(w->plain, "%s", s);
}

static void number(struct writer *w, uint64_t n)
{
	buf_print(w->fancy, "%s%llu", once_in(w->c, 20) ? "0" : "", (unsigned long long)n);
	buf_print(w->plain, "%llu", (unsigned long long)n);
}

/* A blank that may also be more than one, where @need none at all. */
static void blank(struct writer *w, bool need)
{
	uint32_t n = once_in(w->c, 4) ? chance(w->c, 4) : 0;

	for (n += need; n; n--)
		buf_add(w->fancy, once_in(w->c, 6) ? "\t" : " ", 1);
	if (need)
		buf_add(w->plain, " ", 1);
}

static void word(struct writer *w, const char *s)
{
	blank(w, true);
	both(w, s);
}

static void sign(struct writer *w, const char *s)
{
	blank(w, false);
	both(w, s);
	blank(w, false);
}

static void remark(struct writer *w)
{
	buf_add(w->fancy, "#", 1);
	for (uint32_t n = chance(w->c, 20); n; n--) {
		char byte = (char)(1 + chance(w->c, 255));

		if (byte != '\n')
			buf_add(w->fancy, &byte, 1);
	}
}

static void end_line(struct writer *w)
{
	blank(w, false);
	if (once_in(w->c, 10))
		remark(w);
	while (once_in(w->c, 10)) {
		buf_add(w->fancy, "\n", 1);
		blank(w, false);
		if (once_in(w->c, 2))
			remark(w);
	}
	buf_print(w->fancy, "%s", once_in(w->c, 12) ? "\r\n" : "\n");
	buf_add(w->plain, "\n", 1);
}

static void duration(struct writer *w, uint64_t ns)
{
	blank(w, true);
	spell_duration(w->c, w->fancy, ns, true);
	buf_print(w->plain, "%lluns", (unsigned long long)ns);
}

/* Mostly short and round, sometimes the longest there is. */
static uint64_t some_time(struct writer *w)
{
	static const uint64_t round[] = { 1, 1000, 1000000, 1000000000 };
	uint64_t ns = chance(w->c, 100);

	ns *= round[chance(w->c, COUNT(round))];
	if (once_in(w->c, 30))
		ns = chance_bits(w->c) % SCENARIO_MAX_NS;
	if (once_in(w->c, 100))
		ns = SCENARIO_MAX_NS - chance(w->c, 2);
	return ns;
}

static uint64_t some_moment(struct writer *w)
{
	uint64_t ns = some_time(w);

	if (ns > w->latest)
		w->latest = ns;
	return ns;
}

static void text(struct writer *w)
{
	static const char *const pieces[] = {
		"a", "B", " ", "  ", "\\\"", "\\\\", "#", "on", "\t", "\303\251", "\342\202\254",
		"\360\237\220\247", "0", "%s%n", ",", "at 5",
	};

	blank(w, true);
	both(w, "\"");
	for (uint32_t n = chance(w->c, once_in(w->c, 20) ? 200 : 12); n; n--)
		both(w, pieces[chance(w->c, COUNT(pieces))]);
	both(w, "\"");
}

static void new_group(struct writer *w, enum scenario_kind kind)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
	struct group *g = &w->group[w->nr];
	uint32_t width = chance(w->c, 6), n = w->nr++;
	size_t len;

	memset(g, 0, sizeof(*g));
	g->kind = kind;
	for (len = 0; len < width; len++)
		g->base[len] = "_-0123456789abcdefZ"[chance(w->c, 19)];
	g->base[0] = letters[chance(w->c, 52)];
	len = len ? len : 1;
	/* "_" and a counter in letters: unlike any other name, and any word of the language */
	sprintf(g->base + len, "_%c%c", letters[n / 26], letters[n % 26]);
	g->nr = 1;
	if (once_in(w->c, 3)) {
		g->ranged = true;
		g->from = once_in(w->c, 4) ? chance(w->c, 990000) : chance(w->c, 12);
		g->nr = 1 + chance(w->c, 8);
		if (once_in(w->c, 200))
			g->nr = 1 + chance(w->c, 3000);
	} else if (once_in(w->c, 20)) {
		while (strlen(g->base) < SCENARIO_NAME_LEN - 1)
			strcat(g->base, "x");
	}
}

/* @n names of the group from the @first on, in both spellings. */
static void names(struct writer *w, const struct group *g, uint32_t first, uint32_t n, bool commas)
{
	if (!g->ranged) {
		both(w, g->base);
		return;
	}
	if (n == 1 && once_in(w->c, 2))
		buf_print(w->fancy, "%s%u", g->base, g->from + first);
	else if (once_in(w->c, 8))
		buf_print(w->fancy, "%s [\t%u .. 0%u ]", g->base, g->from + first, g->from + first + n - 1);
	else if (n < 4 && once_in(w->c, 3))
		for (uint32_t i = 0; i < n; i++)
			buf_print(w->fancy, "%s%s%u", !i ? "" : commas || once_in(w->c, 2) ? "," : " ",
				  g->base, g->from + first + i);
	else
		buf_print(w->fancy, "%s[%u..%u]", g->base, g->from + first, g->from + first + n - 1);
	if (n > SPELT) {
		buf_print(w->plain, "%s[%u..%u]", g->base, g->from + first, g->from + first + n - 1);
		return;
	}
	for (uint32_t i = 0; i < n; i++)
		buf_print(w->plain, "%s%s%u", i ? ", " : "", g->base, g->from + first + i);
}

static void between(struct writer *w, bool commas)
{
	if (commas || once_in(w->c, 2)) {
		blank(w, false);
		buf_add(w->fancy, ",", 1);
		blank(w, false);
	} else {
		blank(w, true);
		w->plain->len--;	/* the plain spelling has a comma anyway */
	}
	buf_print(w->plain, ", ");
}

/* A declaration's names: one group or a few. */
static void declare(struct writer *w, enum scenario_kind kind)
{
	blank(w, true);
	for (uint32_t n = 1 + (once_in(w->c, 3) ? chance(w->c, 3) : 0); n && w->nr < GROUPS; n--) {
		new_group(w, kind);
		names(w, &w->group[w->nr - 1], 0, w->group[w->nr - 1].nr, true);
		if (n > 1 && w->nr < GROUPS)
			between(w, true);
	}
}

static const struct group *pick(struct writer *w, unsigned int kinds)
{
	uint32_t at = chance(w->c, w->nr);

	for (uint32_t i = 0; i < w->nr; i++) {
		const struct group *g = &w->group[(at + i) % w->nr];

		if (kinds & 1u << g->kind)
			return g;
	}
	return NULL;
}

/* Some declared names of these kinds; gives how many. */
static uint32_t use(struct writer *w, unsigned int kinds)
{
	uint32_t all = 0;

	blank(w, true);
	for (uint32_t n = 1 + (once_in(w->c, 3) ? chance(w->c, 3) : 0); n; n--) {
		const struct group *g = pick(w, kinds);
		uint32_t first = chance(w->c, g->nr), nr = 1 + chance(w->c, g->nr - first);

		names(w, g, first, nr, false);
		all += nr;
		if (n > 1)
			between(w, false);
	}
	return all;
}

/* One workqueue for all, or each its own. */
static void use_workqueues(struct writer *w, uint32_t items)
{
	const struct group *g = pick(w, 1u << SCENARIO_WORKQUEUE);

	blank(w, true);
	if (!g || once_in(w->c, 6))
		both(w, "events");
	else if (g->nr >= items && once_in(w->c, 2))
		names(w, g, chance(w->c, g->nr - items + 1), items, false);
	else
		names(w, g, chance(w->c, g->nr), 1, false);
}

/* What may stand behind: `cpu N`, if @cpu, and @when with a time, in any order. */
static void tail(struct writer *w, bool cpu, const char *when)
{
	bool time = once_in(w->c, 3), time_first = once_in(w->c, 2);

	cpu = cpu && once_in(w->c, 3);
	for (int turn = 0; turn < 2; turn++) {
		bool is_time = turn != time_first;

		if (is_time ? !time : !cpu)
			continue;
		word(w, is_time ? when : "cpu");
		if (!is_time) {
			blank(w, true);
			number(w, chance(w->c, w->cpus));
		} else if (!strcmp(when, "start")) {
			duration(w, some_moment(w));
		} else {
			duration(w, some_time(w));
		}
	}
}

static void queue(struct writer *w, bool outside)
{
	uint32_t items;

	both(w, "queue");
	items = use(w, 1u << SCENARIO_WORK);
	word(w, "on");
	use_workqueues(w, items);
	tail(w, true, "after");
	w->queued += outside;
}

static void requeue(struct writer *w)
{
	both(w, "requeue");
	w->requeued = true;
	tail(w, false, "after");
	/* what goes on for ever must be stopped */
	if (!w->has_end || once_in(w->c, 2)) {
		word(w, "times");
		blank(w, true);
		number(w, 1 + chance(w->c, 1000000000));
	}
}

/* One step of those that may stand in every block; false if it cannot be had. */
static bool step_anywhere(struct writer *w, bool outside)
{
	switch (chance(w->c, 5)) {
	case 0:
		queue(w, outside);
		return true;
	case 1:
		if (!pick(w, 1u << SCENARIO_EVENT))
			return false;
		both(w, "signal");
		use(w, 1u << SCENARIO_EVENT);
		return true;
	case 2:
		both(w, "cancel");
		use(w, 1u << SCENARIO_WORK);
		return true;
	case 3:
		both(w, "flush");
		use(w, 1u << SCENARIO_WORK | 1u << SCENARIO_WORKQUEUE);
		return true;
	default:
		both(w, "say");
		text(w);
		return true;
	}
}

static bool step_at(struct writer *w)
{
	switch (chance(w->c, 9)) {
	case 0:
		if (!pick(w, 1u << SCENARIO_WORKQUEUE))
			return false;
		both(w, "set");
		word(w, "max_active");
		word(w, "of");
		use(w, 1u << SCENARIO_WORKQUEUE);
		word(w, "to");
		blank(w, true);
		number(w, 1 + chance(w->c, 1000000));
		return true;
	case 1:
		both(w, "fail");
		word(w, "thread");
		word(w, "creation");
		word(w, once_in(w->c, 2) ? "on" : "off");
		return true;
	case 2:
		both(w, "cpu");
		blank(w, true);
		number(w, chance(w->c, w->cpus));
		word(w, once_in(w->c, 2) ? "up" : "down");
		return true;
	case 3:
		both(w, once_in(w->c, 2) ? "freeze" : "thaw");
		return true;
	case 4:
		if (!pick(w, 1u << SCENARIO_WORKQUEUE))
			return false;
		both(w, once_in(w->c, 2) ? "drain" : "destroy");
		use(w, 1u << SCENARIO_WORKQUEUE);
		return true;
	case 5:
		both(w, "echo");
		word(w, once_in(w->c, 2) ? "3fe" : "[0,x");
		word(w, ">");
		word(w, "/sys/devices/virtual/workqueue/q-1/cpumask");
		return true;
	case 6:
		both(w, "cat");
		word(w, "/sys/bus/workqueue/devices/q\xc3\xa4/x");
		return true;
	default:
		return step_anywhere(w, true);
	}
}

static bool step_mutex(struct writer *w)
{
	const struct group *g = w->held ? w->held : pick(w, 1u << SCENARIO_MUTEX);

	if (!g)
		return false;
	both(w, w->held ? "unlock" : "lock");
	blank(w, true);
	names(w, g, 0, g->nr, false);
	w->held = w->held ? NULL : g;
	return true;
}

/* By a task: items that do so could come back to themselves. */
static bool step_schedule(struct writer *w)
{
	const struct group *g = pick(w, 1u << SCENARIO_WORK);

	if (!g || g->nr > SCENARIO_MAX_EACH - w->each)
		return false;
	w->each += g->nr;
	both(w, "schedule");
	blank(w, true);
	names(w, g, 0, g->nr, false);
	word(w, "on");
	word(w, "each");
	word(w, "cpu");
	return true;
}

static bool step_inside(struct writer *w, bool item)
{
	switch (chance(w->c, 9)) {
	case 0:
	case 1:
		both(w, once_in(w->c, 2) ? "burn" : "sleep");
		duration(w, 1 + some_time(w) % (SCENARIO_MAX_NS - 1));
		return true;
	case 2:
		if (!pick(w, 1u << SCENARIO_EVENT))
			return false;
		both(w, "wait");
		use(w, 1u << SCENARIO_EVENT);
		return true;
	case 3:
	case 4:
		return step_mutex(w);
	case 5:
		both(w, "yield");
		return true;
	case 7:
		return !item && step_schedule(w);
	case 6:
		if (!item || w->requeued)
			return false;
		requeue(w);
		return true;
	default:
		return step_anywhere(w, !item);
	}
}

static void steps(struct writer *w, enum scenario_kind kind)
{
	w->held = NULL;
	w->requeued = false;
	for (uint32_t n = chance(w->c, once_in(w->c, 30) ? 60 : 6); n; n--) {
		size_t fancy = w->fancy->len, plain = w->plain->len;

		blank(w, false);
		if (kind == SCENARIO_KINDS ? step_at(w) : step_inside(w, kind == SCENARIO_WORK)) {
			end_line(w);
		} else {
			w->fancy->len = fancy;
			w->plain->len = plain;
		}
	}
}

static void workqueue_options(struct writer *w)
{
	static const char *const kinds[] = { "", "", "create", "singlethread", "freezeable", "rt", "ordered" };
	static const char *const flags[] = {
		"UNBOUND", "FREEZABLE", "MEM_RECLAIM", "HIGHPRI", "CPU_INTENSIVE", "POWER_EFFICIENT", "SYSFS",
	};
	uint32_t kind = chance(w->c, COUNT(kinds)), turn = chance(w->c, 4);

	for (uint32_t i = 0; i < 4; i++) {
		switch ((i + turn) % 4) {
		case 0:
			if (*kinds[kind])
				word(w, kinds[kind]);
			break;
		case 1:
			if (kind > 1 || once_in(w->c, 2))
				break;
			word(w, "max_active");
			sign(w, "=");
			number(w, chance(w->c, once_in(w->c, 4) ? 1000001 : 5));
			break;
		case 2:
			if ((kind >= 2 && kind <= 5) || once_in(w->c, 2))
				break;
			word(w, "flags");
			sign(w, "=");
			for (uint32_t n = 1 + chance(w->c, 3); n; n--) {
				if (once_in(w->c, 3))
					buf_add(w->fancy, "WQ_", 3);
				/* not the last, SYSFS, for an ordered one */
				both(w, flags[chance(w->c, (uint32_t)COUNT(flags) - (kind == 6))]);
				if (n > 1)
					sign(w, "|");
			}
			break;
		default:
			if (!once_in(w->c, 4))
				break;
			word(w, "engine");
			sign(w, "=");
			both(w, once_in(w->c, 2) ? "legacy" : "cmwq");
		}
	}
}

static void object(struct writer *w, enum scenario_kind kind)
{
	static const char *const words[] = { "workqueue", "work", "task", "event", "mutex" };

	if (w->nr == GROUPS)
		return;
	both(w, words[kind]);
	declare(w, kind);
	if (kind == SCENARIO_WORKQUEUE)
		workqueue_options(w);
	if (kind == SCENARIO_TASK)
		tail(w, true, "start");
	end_line(w);
	if (kind == SCENARIO_WORK || kind == SCENARIO_TASK)
		steps(w, kind);
}

static void at(struct writer *w, bool must_queue)
{
	bool inline_step = must_queue || once_in(w->c, 3);

	both(w, "at");
	duration(w, some_moment(w));
	if (once_in(w->c, 3)) {
		word(w, "cpu");
		blank(w, true);
		number(w, chance(w->c, w->cpus));
	}
	if (inline_step) {
		blank(w, true);
		queue(w, true);
	}
	end_line(w);
	steps(w, SCENARIO_KINDS);
}

static void costs(struct writer *w)
{
	static const char *const what[] = { "switch", "wake", "create" };
	uint32_t turn = chance(w->c, 3), n = 1 + chance(w->c, 3);

	both(w, "cost");
	for (uint32_t i = 0; i < n; i++) {
		word(w, what[(turn + i) % 3]);
		duration(w, some_time(w));
		if (i + 1 < n && once_in(w->c, 2)) {
			blank(w, false);
			buf_add(w->fancy, ",", 1);
		}
	}
	end_line(w);
}

static void one_number(struct writer *w, const char *what, uint64_t n)
{
	both(w, what);
	blank(w, true);
	number(w, n);
	end_line(w);
}

static void settings(struct writer *w)
{
	static const uint32_t hz[] = { 100, 250, 300, 1000 };
	uint32_t nodes = w->cpus < 64 ? w->cpus : 64;

	if (once_in(w->c, 2)) {
		both(w, "scenario");
		text(w);
		end_line(w);
	}
	if (w->cpus > 1 || once_in(w->c, 4)) {
		both(w, "cpus");
		blank(w, true);
		number(w, w->cpus);
		if (once_in(w->c, 4)) {
			word(w, "online");
			blank(w, true);
			number(w, 1 + chance(w->c, w->cpus));
		}
		end_line(w);
	}
	if (once_in(w->c, 4))
		one_number(w, "nodes", 1 + chance(w->c, nodes));
	if (once_in(w->c, 4))
		one_number(w, "hz", hz[chance(w->c, COUNT(hz))]);
	if (once_in(w->c, 4))
		one_number(w, "seed", once_in(w->c, 2) ? chance_bits(w->c) : chance(w->c, 100));
	if (once_in(w->c, 4)) {
		both(w, "slice");
		duration(w, some_time(w));
		end_line(w);
	}
	if (once_in(w->c, 4))
		costs(w);
}

void write_scenario(struct chance *c, struct buf *fancy, struct buf *plain)
{
	static struct writer w;

	memset(&w, 0, sizeof(w));
	w.c = c;
	w.fancy = fancy;
	w.plain = plain;
	w.cpus = once_in(c, 2) ? 1 : 1 + chance(c, once_in(c, 4) ? 4096 : 4);
	w.has_end = once_in(c, 4);
	buf_clear(fancy);
	buf_clear(plain);

	if (once_in(c, 20))
		buf_add(fancy, "\357\273\277", 3);
	settings(&w);
	object(&w, SCENARIO_MUTEX);
	object(&w, SCENARIO_WORK);
	for (uint32_t n = chance(c, 10); n; n--) {
		object(&w, chance(c, SCENARIO_KINDS));
		if (once_in(c, 3))
			at(&w, false);
		if (once_in(c, 10)) {
			both(&w, "note");
			text(&w);
			end_line(&w);
		}
	}
	if (!w.queued)
		at(&w, true);
	if (w.has_end) {
		both(&w, "end");
		word(&w, "at");
		duration(&w, w.latest + some_time(&w) % (SCENARIO_MAX_NS + 1 - w.latest));
		end_line(&w);
	}
	if (once_in(c, 4))
		fancy->len -= fancy->s[fancy->len - 1] == '\n';
	fancy->s[fancy->len] = '\0';
}
