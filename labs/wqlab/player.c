// SPDX-License-Identifier: GPL-2.0-only
/*
 * Playing a scenario: the first task of a machine.
 *
 *     set up        workqueues, items, events, mutexes, tasks (asleep)
 *     timeline      what happens from outside, each at its instant
 *     end           wait until everything is done, or until `end at`
 *     take down     in reverse; nothing may be left behind
 *
 * This file sets up and takes down; player-steps.c performs the steps of items and tasks,
 * player-each.c those on each CPU, player-outside.c the timeline, player-operator.c what that
 * has to leave to others.  All of it is kernel code: it knows workqueues and kernel threads,
 * and nothing of files.
 *
 * Owned here: struct player, one for each run.
 * Locking: everything in it is written before the first task is woken.
 * Read next: player-steps.c.
 */
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/ktime.h>
#include <linux/math64.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <wqlab/engine.h>
#include <wqlab/explore.h>
#include <wqlab/mach.h>
#include <wqlab/objname.h>

#include "player.h"

/* Why making something can fail before anything is played. */
#define NO_ROOM "the host gives no more threads or no more memory"

/*
 * Everything here is made at one place, yet each workqueue, item and mutex of a scenario
 * is to be a lock class of its own.  So what stands for it in the scenario is its key.
 */
static struct workqueue_struct *make_workqueue(const struct scenario_workqueue *def)
{
	struct lock_class_key *key = lockdep_object_key(def);

	switch (def->kind) {
	case SCENARIO_WQ_SYSTEM:
		return system_wq;
	case SCENARIO_WQ_CREATE:
		return __create_workqueue_key(def->name, 0, 0, 0, key, NULL);
	case SCENARIO_WQ_SINGLETHREAD:
		return __create_workqueue_key(def->name, 1, 0, 0, key, NULL);
	case SCENARIO_WQ_FREEZEABLE:
		return __create_workqueue_key(def->name, 1, 1, 0, key, NULL);
	case SCENARIO_WQ_RT:
		return __create_workqueue_key(def->name, 0, 0, 1, key, NULL);
	case SCENARIO_WQ_ORDERED:
		return __alloc_workqueue_key("%s", WQ_UNBOUND | __WQ_ORDERED | def->flags, 1, key, NULL, def->name);
	case SCENARIO_WQ_ALLOC:
		break;
	}
	return __alloc_workqueue_key("%s", def->flags, def->max_active, key, NULL, def->name);
}

/* On the engine that `engine=` names, else on the one in charge; NULL if it cannot be made. */
struct workqueue_struct *player_make_workqueue(const struct scenario_workqueue *def)
{
	const struct wq_engine *before = NULL;
	struct workqueue_struct *wq;

	if (def->engine)
		before = wq_engine_set(wq_engine_find(def->engine));
	wq = make_workqueue(def);
	if (def->engine)
		wq_engine_set(before);
	if (!wq)
		pr_err("workqueue %s cannot be made: " NO_ROOM "\n", def->name);
	return wq;
}

static int make_workqueues(struct player *p)
{
	u32 i;

	for (i = 0; i < p->sc->nr_workqueues; i++) {
		p->wqs[i] = player_make_workqueue(&p->sc->workqueues[i]);
		if (!p->wqs[i])
			return -ENOMEM;
	}
	return 0;
}

static void make_items(struct player *p)
{
	u32 i;

	for (i = 0; i < p->sc->nr_works; i++) {
		struct player_item *it = &p->items[i];

		it->player = p;
		it->def = &p->sc->works[i];
		p->sc->tally[i] = (struct scenario_tally) { 0 };
		spin_lock_init(&it->lock);
		__init_delayed_work(&it->dwork, player_item_func, 0, it->def->name,
				    lockdep_object_key(it->def));
		wqlab_name_object(&it->dwork.work, it->def->name);
	}
	player_make_each(p);
	for (i = 0; i < p->sc->nr_events; i++) {
		__init_completion(&p->events[i], p->sc->events[i].name);
		wqlab_name_object(&p->events[i], p->sc->events[i].name);
	}
	for (i = 0; i < p->sc->nr_mutexes; i++) {
		__mutex_init(&p->mutexes[i], p->sc->mutexes[i].name,
			     lockdep_object_key(&p->sc->mutexes[i]));
		wqlab_name_object(&p->mutexes[i], p->sc->mutexes[i].name);
	}
}

/* What a task needs to know; its own, so that kthread_data() tells who it is. */
struct task_start {
	struct player *player;
	const struct scenario_task *def;
};

static int task_func(void *data)
{
	struct task_start *start = data;
	struct player_actor who = {
		.player = start->player, .name = start->def->name, .obj = current,
	};

	player_run_steps(&who, &start->def->steps);
	player_note(&who, STEP_FINISH, NULL);
	player_put(start->player);
	return 0;
}

static int make_task(struct player *p, u32 i)
{
	const struct scenario_task *def = &p->sc->tasks[i];
	struct task_start *start = kzalloc(sizeof(*start), GFP_KERNEL);
	struct task_struct *task;

	if (!start)
		return -ENOMEM;
	start->player = p;
	start->def = def;
	task = kthread_create(task_func, start, "%s", def->name);
	if (IS_ERR(task)) {
		pr_err("task %s cannot be made: " NO_ROOM "\n", def->name);
		kfree(start);
		return PTR_ERR(task);
	}
	if (def->cpu != SCENARIO_ANY_CPU)
		kthread_bind(task, def->cpu);
	get_task_struct(task);
	p->tasks[i] = task;
	player_get(p);
	return 0;
}

static void *array(u32 nr, size_t size)
{
	return kcalloc(nr, size, GFP_KERNEL);
}

static int set_up(struct player *p)
{
	const struct scenario *sc = p->sc;
	int err;
	u32 i;

	atomic_set(&p->busy, 0);
	init_waitqueue_head(&p->idle);
	p->wqs = array(sc->nr_workqueues, sizeof(*p->wqs));
	p->items = array(sc->nr_works, sizeof(*p->items));
	p->events = array(sc->nr_events, sizeof(*p->events));
	p->mutexes = array(sc->nr_mutexes, sizeof(*p->mutexes));
	p->tasks = array(sc->nr_tasks, sizeof(*p->tasks));
	if (!p->wqs || !p->items || !p->events || !p->mutexes || !p->tasks)
		return -ENOMEM;
	make_items(p);
	err = make_workqueues(p);
	for (i = 0; i < sc->nr_tasks && !err; i++)
		err = make_task(p, i);
	return err ? err : player_make_operator(p);
}

/* Also after a set-up that failed halfway: what was not made is NULL. */
static void take_down(struct player *p)
{
	u32 i;

	player_end_operators(p);
	for (i = 0; p->tasks && i < p->sc->nr_tasks; i++) {
		void *start;

		if (!p->tasks[i])
			continue;
		start = kthread_data(p->tasks[i]);
		kthread_stop(p->tasks[i]);
		put_task_struct(p->tasks[i]);
		kfree(start);
	}
	/* the last may have counted itself out and still be on its way back to the queue */
	for (i = 0; p->items && i < p->sc->nr_works; i++)
		if (!p->items[i].settled)
			player_cancel(&p->items[i]);
	for (i = 0; p->wqs && i < p->sc->nr_workqueues; i++)
		if (p->wqs[i] && i != SCENARIO_EVENTS)
			destroy_workqueue(p->wqs[i]);
	kfree(p->tasks);
	kfree(p->mutexes);
	kfree(p->events);
	kfree(p->items);
	kfree(p->wqs);
}

/*
 * Time 0 of the scenario: the first tick by which everything stands ready.  On
 * an ideal machine setting up takes no time, and it is the instant of boot.
 */
static void find_origin(struct player *p)
{
	const u64 tick = TICK_NSEC;
	u64 now;

	/* Threads just made run to their first sleep before anything begins. */
	mach_settle();
	now = ktime_to_ns(ktime_get());
	p->origin = div64_u64(now + tick - 1, tick) * tick;
}

int player_run(void *scenario)
{
	const struct sched_param rt = { .sched_priority = PLAYER_OUTSIDE_PRIORITY }, normal = { 0 };
	struct player *p = kzalloc(sizeof(*p), GFP_KERNEL);
	int err;

	if (!p)
		return -ENOMEM;
	p->sc = scenario;
	err = set_up(p);
	if (!err) {
		find_origin(p);
		machine_explore_from_here();
		sched_setscheduler(current, SCHED_FIFO, &rt);
		player_timeline(p);
		player_end(p);
		sched_setscheduler(current, SCHED_NORMAL, &normal);
	}
	take_down(p);
	kfree(p);
	return err;
}
