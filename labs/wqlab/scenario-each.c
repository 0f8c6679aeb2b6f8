// SPDX-License-Identifier: GPL-2.0-only
/*
 * Items that steps `schedule ... on each cpu`.
 *
 * schedule_on_each_cpu() takes a function and nothing else, so the player needs a function
 * for each such item (player-each.c).  Here they get their numbers, and who comes back to
 * itself is refused: every such call would make as many again as there are CPUs.
 *
 *	work a				the set of b, one bit for each number
 *	    schedule b on each cpu	{ c }		directly
 *	work b				{ c, b, ... }	and through others
 *	    schedule c on each cpu
 *
 * Nothing here is shared between threads.  Read next: scenario-check.c.
 */
#include "scenario-impl.h"

_Static_assert(SCENARIO_MAX_EACH <= 64, "a set of them is a 64-bit word");

/* Number the items of a step; false, with a complaint: they are too many. */
bool each_number(struct parser *ps, const struct scenario_step *s)
{
	uint32_t i;

	for (i = 0; i < s->nr_refs; i++) {
		struct scenario_work *w = &ps->works.list[s->refs[i].index];

		if (w->each)
			continue;
		if (ps->nr_each == SCENARIO_MAX_EACH)
			return wrong(ps, s->place, "found more than %d work items that are scheduled on each CPU, expected at most that",
				     SCENARIO_MAX_EACH);
		w->each = ++ps->nr_each;
	}
	return true;
}

static uint64_t bit_of(const struct scenario_work *w)
{
	return w->each ? UINT64_C(1) << (w->each - 1) : 0;
}

/* What an item schedules itself; *first: by which step. */
static uint64_t direct_set(const struct parser *ps, const struct scenario_work *w,
			   const struct scenario_step **first)
{
	uint64_t set = 0;
	uint32_t i, k;

	for (i = w->steps.nr; i-- > 0;) {
		const struct scenario_step *s = &w->steps.list[i];

		if (s->op != SCENARIO_EACH_CPU)
			continue;
		*first = s;
		for (k = 0; k < s->nr_refs; k++)
			set |= bit_of(&ps->works.list[s->refs[k].index]);
	}
	return set;
}

/* No item may come back to itself. */
void each_check(struct parser *ps)
{
	const struct scenario_step *first[SCENARIO_MAX_EACH] = { NULL };
	const struct scenario_work *item[SCENARIO_MAX_EACH] = { NULL };
	uint64_t set[SCENARIO_MAX_EACH] = { 0 };
	uint32_t i, via;

	for (i = 0; i < ps->works.nr; i++) {
		const struct scenario_work *w = &ps->works.list[i];

		if (!w->each)
			continue;
		item[w->each - 1] = w;
		set[w->each - 1] = direct_set(ps, w, &first[w->each - 1]);
	}
	for (via = 0; via < ps->nr_each; via++)
		for (i = 0; i < ps->nr_each; i++)
			if (set[i] & bit_of(item[via]))
				set[i] |= set[via];
	for (i = 0; i < ps->nr_each; i++) {
		if (!(set[i] & bit_of(item[i])))
			continue;
		wrong(ps, first[i]->place, "found `schedule` in `%s`, which by this comes to schedule itself on each CPU, for ever; expected another item",
		      item[i]->name);
		return;
	}
}
