// SPDX-License-Identifier: GPL-2.0-only
/*
 * The first task of `wqlab ps`: create a scenario's workqueues and look at the
 * threads.
 *
 * Before and after the workqueues are made the task sleeps for a moment, so
 * that threads just created have come to rest where they wait for work.  On the
 * native machine one moment may not be enough for that.
 *
 * Nothing is owned here, nothing is locked.  Read next: player.c.
 */
#include <linux/delay.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <wqlab/engine.h>

#include "player.h"
#include "player-info.h"

#define MOMENTS	1000	/* ms; who does not sleep by then is shown as it is */

/* Let all threads come to rest, and list them. */
static size_t list_at_rest(struct player_threads *threads)
{
	size_t n, i, shown;
	int left = MOMENTS;

	do {
		msleep(1);
		n = machine_threads(threads->list, threads->room);
		shown = min(n, threads->room);
		for (i = 0; i < shown && threads->list[i].state != 'R'; i++)
			;
	} while (i < shown && --left);
	return n;
}

static int look(struct player_threads *threads, struct workqueue_struct **wqs)
{
	const struct scenario *sc = threads->sc;
	u32 i, made;

	threads->at_boot = list_at_rest(threads);
	for (made = 0; made < sc->nr_workqueues; made++) {
		wqs[made] = player_make_workqueue(&sc->workqueues[made]);
		if (!wqs[made])
			break;
	}
	if (made == sc->nr_workqueues)
		threads->nr = list_at_rest(threads);
	for (i = 0; i < made; i++)
		if (i != SCENARIO_EVENTS)
			destroy_workqueue(wqs[i]);
	return made == sc->nr_workqueues ? 0 : -ENOMEM;
}

int player_list_threads(void *arg)
{
	struct player_threads *threads = arg;
	struct workqueue_struct **wqs;
	int err;

	wqs = kcalloc(threads->sc->nr_workqueues, sizeof(*wqs), GFP_KERNEL);
	if (!wqs)
		return -ENOMEM;
	err = look(threads, wqs);
	kfree(wqs);
	return err;
}

const char *player_engine_release(const char *name)
{
	const struct wq_engine *engine = wq_engine_find(name);

	return engine ? engine->release : "";
}

static const char *step_lacks(const struct wq_engine *engine, const struct scenario_step *s)
{
	if (s->op == SCENARIO_CPU && !(engine->can & WQ_CAN_HOTPLUG))
		return "no CPU hotplug";
	if ((s->op == SCENARIO_FREEZE || s->op == SCENARIO_THAW) && !(engine->can & WQ_CAN_FREEZE))
		return "no freezer";
	return NULL;
}

const char *player_lacks(const struct scenario *sc, const char *name,
			 const struct scenario_step **step)
{
	const struct wq_engine *engine = wq_engine_find(name);
	u32 i, k;

	for (i = 0; engine && i < sc->nr_timeline; i++) {
		const struct scenario_steps *steps = &sc->timeline[i].steps;

		for (k = 0; k < steps->nr; k++) {
			const char *what = step_lacks(engine, &steps->list[k]);

			*step = &steps->list[k];
			if (what)
				return what;
		}
	}
	return NULL;
}
