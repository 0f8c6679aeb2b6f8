/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is known of an item from its calls and executions: a note.
 *
 * Only items that are in use have one: whoever is queued, executes, or has a call in
 * progress.  When all of that is over and the books balance (note_settle()), there is
 * nothing left to know, and the note goes back.  So the table stays small, also where
 * items come and go.
 *
 * Found by address, which decides nothing but the bucket.  Locking: none; one task
 * executes at a time (check.h).
 */
#ifndef WQLAB_API_CHECK_NOTES_H
#define WQLAB_API_CHECK_NOTES_H

#include <linux/jiffies.h>
#include <linux/timer.h>
#include <linux/workqueue.h>
#include <wqlab/check.h>
#include <wqlab/engine.h>
#include <wqlab/timer.h>

struct note {
	struct note *next;			/* in its bucket, or among the free ones */
	struct work_struct *work;
	const struct workqueue_struct *wq;	/* where it was last queued to */
	const struct workqueue_struct *running_wq;	/* for whom it last started */
	work_func_t func;			/* what then was called */
	unsigned int birth;			/* tells it from others that had this place */
	unsigned int since;			/* insertions before it was made */

	unsigned int seq;			/* its last insertion; all insertions are numbered */
	unsigned int running_seq;		/* the last one that was started, until it ends */
	unsigned int attempts;			/* queue calls begun */
	unsigned int seen;			/* ... when it last started (A4) */
	unsigned int excused;			/* ... when it was last being cancelled */
	unsigned int calls;			/* calls begun */
	unsigned int ops;			/* calls begun and calls ended */
	unsigned int wins;			/* queue calls that won */
	unsigned int starts, idles, cancels;	/* times it started, became idle, was being cancelled */
	unsigned int clears;			/* times that PENDING may have been cleared (A1) */
	unsigned int won_op, won_clears;	/* when the queue call that won last came back, and began */
	int balance;				/* calls that won - starts - cancels that won (A2, A3) */
	int runner;				/* pid of who last called its function */
	int heir;				/* pid of who has to be next (B4) */
	unsigned short open;			/* calls in progress: all, those that may queue, that may cancel */
	unsigned short open_queue, open_cancel;
	unsigned short running, inside;		/* started; of them, in its function */
	bool queued;				/* on a list */
	bool again;				/* ... and was put there while it ran */
	bool several;				/* used with more than one workqueue at once */
	bool reentrant;				/* of an engine that lets it run on several CPUs */
	bool internal;				/* an engine's own: no queue calls to be seen */
	bool lost;				/* by a hole of the release: no books to balance */
	bool has_due;				/* `due` is known */
	unsigned long due;			/* jiffies before which it must not start (F1) */
};

extern unsigned int check_seq;			/* insertions so far */

struct note *note_find(const struct work_struct *work);
struct note *note_get(struct work_struct *work);
void note_settle(struct note *n);
void note_goes_to(struct note *n, const struct workqueue_struct *wq);
void note_taken_back(const struct work_struct *work);
void note_for_each(void (*fn)(struct note *n, void *arg), void *arg);

/* The clock, without being taken for somebody who waits for it to move. */
static inline unsigned long note_jiffy(void)
{
	return INITIAL_JIFFIES + mach_now() / wqlab_tick_ns();
}

static inline bool note_idle(const struct note *n)
{
	return !n->queued && !n->running;
}

static inline bool item_pending(const struct work_struct *work)
{
	return __READ_ONCE(*work_data_bits((struct work_struct *)work)) & WORK_STRUCT_PENDING;
}

/* timer_pending() without its choice point. */
static inline bool on_timer(const struct delayed_work *dwork)
{
	return __READ_ONCE(dwork->timer.entry.next);
}

#endif
