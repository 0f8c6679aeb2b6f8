// SPDX-License-Identifier: GPL-2.0-only
/*
 * The functions that the player hands to schedule_on_each_cpu().
 *
 * That call gives its function nothing but a work_struct of its own, which says nothing about
 * whose steps are to run.  So each item that a scenario schedules so has a function to itself,
 * by the number that the parser gave it (scenario-each.c):
 *
 *	item 1 --> each_1() \
 *	item 2 --> each_2()  >  run_each(item): its steps, without a queueing of its own
 *	...		    /
 *
 * No lock is needed, and none may be held across the call: it waits for all CPUs, and
 * whoever stood behind such a lock would wait for more than the kernel has him wait for.
 *
 * Owned here: each_item[], fixed at setup.  Read next: player-steps.c.
 */
#include <linux/bug.h>
#include <linux/kernel.h>
#include <wqlab/objname.h>

#include "player.h"

static struct player_item *each_item[SCENARIO_MAX_EACH];

static void run_each(struct work_struct *work, u32 nr)
{
	struct player_item *it = each_item[nr];
	struct player_actor who = { .player = it->player, .name = it->def->name, .obj = work };

	player_run_steps(&who, &it->def->steps);
	player_note(&who, STEP_FINISH, NULL);
}

#define EACH(n)		static void each_##n(struct work_struct *work) { run_each(work, n); }
#define EACH_8(n)	EACH(n##0) EACH(n##1) EACH(n##2) EACH(n##3) EACH(n##4) EACH(n##5) EACH(n##6) EACH(n##7)
#define EACH_64(do)	do(0) do(01) do(02) do(03) do(04) do(05) do(06) do(07)

/* each_00() to each_077(): the numbers are octal. */
EACH_64(EACH_8)

#define NAME(n)		[n] = each_##n,
#define NAME_8(n)	NAME(n##0) NAME(n##1) NAME(n##2) NAME(n##3) NAME(n##4) NAME(n##5) NAME(n##6) NAME(n##7)

static const work_func_t each_func[] = { EACH_64(NAME_8) };

work_func_t player_each_func(const struct player_item *it)
{
	return each_func[it->def->each - 1];
}

/* Make the functions those of this scenario's items. */
void player_make_each(struct player *p)
{
	u32 i;

	BUILD_BUG_ON(ARRAY_SIZE(each_func) != SCENARIO_MAX_EACH);
	for (i = 0; i < p->sc->nr_works; i++) {
		struct player_item *it = &p->items[i];

		if (!it->def->each)
			continue;
		each_item[it->def->each - 1] = it;
		wqlab_name_object((const void *)player_each_func(it), it->def->name);
	}
}
