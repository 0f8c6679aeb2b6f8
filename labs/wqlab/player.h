/* SPDX-License-Identifier: GPL-2.0-only */
/**
 * @file
 * What the player's files share (kernel world; see player.c).
 */
#ifndef WQLAB_PLAYER_H
#define WQLAB_PLAYER_H

#include <linux/atomic.h>
#include <linux/completion.h>
#include <linux/mutex.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/wait.h>
#include <linux/workqueue.h>
#include <wqlab/trace.h>

#include "scenario.h"

/** The real-time priority of what happens from outside: above all of a scenario but the items of rt workqueues. */
#define PLAYER_OUTSIDE_PRIORITY 98

struct operators;
struct player;

/**
 * A work item at play.
 *
 * I: fixed at setup.  L: under lock.  Q: the queue's own.
 */
struct player_item {
	struct delayed_work dwork;		/**< Q: what is queued */
	struct player *player;			/**< I: whose */
	const struct scenario_work *def;	/**< I: its name and steps */
	spinlock_t lock;			/**< guards L; taken before the queue's locks */
	struct workqueue_struct *wq;		/**< L: where it was queued last */
	bool settled;				/**< L: idle, and that workqueue is gone */
	unsigned int requeued;			/**< L: how often `requeue` has queued it */
};

/**
 * A scenario at play.
 *
 * I: fixed at setup.  A: atomic, or READ_ONCE()/WRITE_ONCE().
 */
struct player {
	const struct scenario *sc;		/**< I: what is played */
	struct workqueue_struct **wqs;		/**< A: as sc->workqueues; NULL once destroyed */
	struct player_item *items;		/**< I: as sc->works */
	struct completion *events;		/**< I: as sc->events */
	struct mutex *mutexes;			/**< I: as sc->mutexes */
	struct task_struct **tasks;		/**< I: as sc->tasks */
	struct operators *operators;		/**< I: NULL if no step needs one */
	bool no_threads;			/**< the timeline alone: `fail thread creation on` holds */
	u64 origin;				/**< I: when time 0 of the scenario is, on the clock */
	atomic_t busy;				/**< A: items queued and not finished, tasks not finished */
	wait_queue_head_t idle;			/**< woken when busy falls to 0 */
	bool stopping;				/**< A: the end has come: nothing is begun any more */
};

/** Who performs steps: an item's function, a task, or the outside. */
struct player_actor {
	struct player *player;			/**< in which scenario */
	const char *name;			/**< an item's or a task's; NULL: the outside */
	const void *obj;			/**< what the trace shows as its object */
	struct player_item *item;		/**< the item whose function runs, or NULL */
	struct workqueue_struct *wq;		/**< where that item was queued */
	const struct scenario_step *step;	/**< the step being performed */
	unsigned int held;			/**< mutexes locked and not yet unlocked */
};

/* player.c */
struct workqueue_struct *player_make_workqueue(const struct scenario_workqueue *def);

/* player-steps.c: within the kernel's face */
void player_run_steps(struct player_actor *who, const struct scenario_steps *steps);
void player_item_func(struct work_struct *work);
void player_sleep_until(u64 ns);
bool player_cancel(struct player_item *it);
bool player_is_gone(struct player_actor *who, u32 wq);
void player_forget(struct player *p, struct workqueue_struct *wq);
void player_get(struct player *p);
void player_put(struct player *p);

/* player-each.c: within the kernel's face */
void player_make_each(struct player *p);
work_func_t player_each_func(const struct player_item *it);

/* player-outside.c: what a module could not do, or would do elsewhere */
void player_note(const struct player_actor *who, enum trace_step what, const char *detail);
void player_outside_step(struct player_actor *who);
void player_timeline(struct player *p);
void player_end(struct player *p);

/* player-operator.c */
int player_make_operator(struct player *p);
void player_end_operators(struct player *p);
void player_operator_do(struct player *p, const struct scenario_step *s);

#endif
