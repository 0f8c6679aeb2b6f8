/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A mixed load on the native machine: what its files share.
 *
 *	load.c		rounds of load, the books after each, growth; the tests
 *	load-queues.c	the workqueues, some for the whole run and some in between
 *	load-item.c	an item: what its function does and looks after
 *	load-shared.c	everybody does anything to a few items
 *	load-own.c	what each call promises, on items that nobody else knows
 *	growth-libc.c	how long, with which seed; what the process holds
 *
 * What is looked after, with the names of tests/contract/contract_test.h:
 *
 *	A2	true from a queueing = runs + cancels that won, by item and in all
 *	A3	never more runs than attempts
 *	A4	the last run sees what was written before the last attempt
 *	B1, B5	a workqueue of one at a time, by CPU or in all, runs one at a time
 *	B6	an item runs on the CPU it was queued to
 *	E1-E6	after a flush it has run, after a cancel it is idle
 *	H1	destroy_workqueue() waits for all
 *	C-F20	cmwq: nobody runs an item twice at once, nor does legacy on one CPU
 *
 * Items are reached by many tasks at once, so they are made of atomics; what is
 * plain is written by the owner of an idle item.
 */
#ifndef NATIVE_LOAD_H
#define NATIVE_LOAD_H

#include "growth.h"

#include <linux/atomic.h>
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/mutex.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/timer.h>
#include <linux/workqueue.h>
#include <wqlab/engine.h>
#include <wqlab/mach.h>

#include "wqtest.h"

#define LOAD_CPUS	16
#define LOAD_TASKS	8
#define LOAD_QUEUES	24	/* at most, of both engines */
#define LOAD_SHARED	64
/* Ticks slept in a row until something is taken as lost; no time, for the host may stand still. */
#define LOAD_PATIENCE	60000

/* How many items of a workqueue may run at once. */
enum load_limit { LIMIT_NONE, LIMIT_CPU, LIMIT_ONE };

/* A workqueue. */
struct load_queue {
	struct workqueue_struct *wq;
	enum load_limit limit;
	bool legacy;		/* legacy's */
	bool bound;		/* its items run on the CPU they are queued to */
	bool elastic;		/* its max_active changes all the time */
	atomic_t running[LOAD_CPUS];	/* items known to be of this workqueue; the first: in all, if LIMIT_ONE */
};

struct load_item {
	struct delayed_work dw;
	atomic_t attempts, won, ran, taken;	/* the books; taken: cancels that won */
	atomic_t slack;		/* times when the books could not be kept exactly; load-shared.c */
	atomic_t inside;	/* functions that are in it */
	atomic_t wrote, seen;
	atomic_long_t at;	/* when it last ran */
	atomic_t chain;		/* how often it will queue itself */

	/* Written by who makes it, or owns it while it is idle. */
	struct load_queue *q;	/* where it is queued; NULL: anywhere */
	int cpu;		/* where it is always queued to, and so has to run; -1: anywhere */
	bool alone;		/* must not run twice at once */
	bool mild;		/* its function does nothing that takes long */
	bool frees_itself;	/* at the end of its function */
	bool mortal;		/* shared items: somebody may cancel it */
	unsigned int nr;	/* shared items: which */
};

/* One of the tasks that make the load. */
struct load_task {
	unsigned int nr;
	u64 rnd;
	struct task_struct *task;
	struct timer_list timer;	/* queues shared items from interrupts */
	u64 timer_rnd;
	struct load_item *mine;		/* idle between two operations */
	unsigned long operations;
};

/* load.c */
extern bool load_has_legacy, load_has_cmwq;
extern atomic_t load_stopping;		/* end the round */
extern atomic_long_t load_won, load_ran, load_taken;	/* of all items */
unsigned int load_random(u64 *state, unsigned int below);

/* load-queues.c */
extern struct load_queue load_queues[LOAD_QUEUES];
extern unsigned int load_nr_queues;
void load_queues_make(void);
void load_queues_destroy(void);
bool load_queue_make(struct load_queue *q, u64 *rnd);
struct workqueue_struct *load_leaf_queue(unsigned int which);
struct load_queue *load_some_queue(u64 *rnd);

/* load-item.c */
void load_item_init(struct load_item *it, struct load_queue *q, int cpu);
void load_attempt(struct load_item *it);
void load_item_won(struct load_item *it, bool won);
void load_item_taken(struct load_item *it, bool won);
bool load_item_queue(struct load_item *it, struct load_queue *q, int cpu);
bool load_item_queue_later(struct load_item *it, struct load_queue *q, int cpu, unsigned long delay);
void load_item_is_idle(struct load_item *it);
const char *load_item_story(struct load_item *it);
extern atomic_long_t load_freed;	/* items that freed themselves */

/* load-shared.c */
extern struct load_item load_shared[LOAD_SHARED];
void load_shared_init(void);
void load_shared_op(struct load_task *t);
void load_shared_timer(unsigned long task);
void load_shared_check(void);

/* load-own.c */
extern atomic_long_t load_made_to_free, load_each_cpu_calls, load_each_cpu_ran;
void load_own_op(struct load_task *t);

#endif
