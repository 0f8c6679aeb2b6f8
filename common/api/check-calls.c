// SPDX-License-Identifier: GPL-2.0-only
/*
 * What holds when a call of the public face returns (A1, E1 to E6, F1 to F3, H1).
 *
 *	__api_begin()	what is known of the item and the workqueue, noted on the stack
 *	  the engine's call
 *	__api_end()	what must have come of it
 *
 * A call is not alone: meanwhile others queue, cancel and execute the same item.  So a
 * check asks only for what follows whoever else was quicker, and says less where two
 * calls overlap whose order nobody outside of the engine can know.
 *
 * An item that waits for itself gets no further; what a report will say of it is noted
 * when it begins to (E9).
 *
 * Locking: as in check.c.  Read next: check-quiet.c.
 */
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <wqlab/race.h>

#include "boot.h"
#include "check-notes.h"

static bool may_queue(enum api_kind kind)
{
	return kind == API_QUEUE || kind == API_MOD;
}

/* 2.6.32's mod_delayed_work() takes the item back and queues it again. */
static bool may_cancel(enum api_kind kind)
{
	return kind == API_CANCEL || kind == API_CANCEL_SYNC || kind == API_MOD;
}

/* ---- the beginning ---- */

struct left {
	const struct api_call *call;
	const struct note *n;		/* one that is in use, and was before the call */
	unsigned int nr;		/* how many are */
};

static void find_left(struct note *n, void *arg)
{
	struct left *left = arg;
	const struct api_call *call = left->call;

	/* What a destroy leaves behind must have come after it began. */
	if (n->lost && call->kind != API_DESTROY)
		return;
	if ((n->queued && n->wq == call->wq && n->seq <= call->seq) ||
	    (n->running_seq && n->running_wq == call->wq && n->running_seq <= call->seq))
		left->n = n;
	left->nr += left->n == n;
}

static struct left still_in_use(const struct api_call *call)
{
	struct left left = { .call = call };

	note_for_each(find_left, &left);
	return left;
}

/* ---- who waits for himself (E9) ---- */

static struct {
	const struct api_call *call;	/* NULL: nobody */
	char item[64];
	char comm[TASK_COMM_LEN];
} self_wait;

static bool executed_by_me(const struct note *n)
{
	return n->inside && n->runner == current->pid && !in_interrupt();
}

static void find_mine(struct note *n, void *arg)
{
	const struct api_call *call = arg;
	bool waits_for_me = call->work ? n->work == call->work : n->running_wq == call->wq;

	if (self_wait.call || !waits_for_me || !executed_by_me(n))
		return;
	self_wait.call = call;
	strlcpy(self_wait.item, check_item_name(n->work), sizeof(self_wait.item));
	strlcpy(self_wait.comm, current->comm, sizeof(self_wait.comm));
}

static void note_self_wait(struct api_call *call)
{
	if (call->kind >= API_CANCEL_SYNC)
		note_for_each(find_mine, call);
}

void check_report(void (*line)(const char *text))
{
	static const char *const waits[] = {
		[API_CANCEL_SYNC] = "cancels itself", [API_FLUSH_WORK] = "flushes itself",
		[API_FLUSH_DELAYED] = "flushes itself", [API_FLUSH] = "flushes its own workqueue",
		[API_DRAIN] = "drains its own workqueue", [API_DESTROY] = "destroys its own workqueue",
	};
	const struct invariant *e9 = invariant_get(INV_E9);
	char text[256];

	if (!self_wait.call)
		return;
	snprintf(text, sizeof(text), "%s %s: %s, executed by %s, %s", e9->name, e9->title, self_wait.item,
		 self_wait.comm, waits[self_wait.call->kind]);
	line(text);
}

static void item_call_begins(struct api_call *call, struct note *n)
{
	call->birth = n->birth;
	call->last = n->seq;
	call->clears = n->clears;
	call->wins = n->wins;
	call->starts = n->starts;
	call->idles = n->idles;
	call->cancels = n->cancels;
	call->balance = n->balance;
	call->idle = note_idle(n);
	call->alone = !n->open;
	call->cancelled = n->open_cancel;
	call->nr = ++n->calls;
	call->op = ++n->ops;

	n->open++;
	if (may_queue(call->kind)) {
		n->attempts++;
		n->open_queue++;
		note_goes_to(n, call->wq);
	}
	if (may_cancel(call->kind)) {
		n->open_cancel++;
		n->cancels++;
		n->clears++;
	}
	if (n->open_cancel)
		n->excused = n->attempts;
	/* From now on the time is somebody else's to set. */
	if (call->kind != API_QUEUE && call->kind != API_FLUSH_WORK)
		n->has_due = false;
}

void __api_begin(struct api_call *call, enum api_kind kind, struct workqueue_struct *wq,
		 struct work_struct *work, struct delayed_work *dwork, unsigned long delay)
{
	race_ignore();
	call->kind = kind;
	call->wq = wq;
	call->work = work;
	call->dwork = dwork;
	call->delay = delay;
	call->begun = note_jiffy();
	call->seq = check_seq;
	/* An item of which nothing is known is idle. */
	call->note = !work ? NULL : kind == API_FLUSH_WORK ? note_find(work) : note_get(work);
	if (call->note)
		item_call_begins(call, call->note);
	else if (!work)
		call->in_use = still_in_use(call).nr;
	note_self_wait(call);
	race_watch();
}

/* ---- the end, by what was called ---- */

static void queue_ends(struct api_call *call, struct note *n, bool won)
{
	if (!won)
		return;
	/* It may be on its timer for one workqueue, and have begun for another during the call. */
	note_goes_to(n, call->wq);
	INVARIANT(A1, n->won_op && call->op > n->won_op,
		  n->clears != n->won_clears || n->open_cancel, check_item_name(call->work),
		  "two queue calls won, one after the other, and it has neither started nor been cancelled in between");
	n->won_op = ++n->ops;
	n->won_clears = call->clears;	/* it may have started before its call came back */
	n->wins++;
	n->balance++;
}

/* No other call about the item was in progress at any time of this one. */
static bool nobody_else(const struct api_call *call, const struct note *n)
{
	return call->alone && n->calls == call->nr;
}

/* A time was set, and nothing interfered: it counts until the item starts. */
static void delay_ends(struct api_call *call, struct note *n, bool set)
{
	if (!set || !nobody_else(call, n) || n->starts != call->starts)
		return;
	if (call->delay) {
		/* 2.6.32 leaves alone what is on a list already. */
		n->has_due = on_timer(call->dwork);
		n->due = call->begun + call->delay;
		return;
	}
	INVARIANT(F1, !n->reentrant && n->queued, !on_timer(call->dwork),
		  check_item_name(call->work), "queued with delay 0, and its timer is pending");
}

static void cancel_sync_ends(struct api_call *call, struct note *n, bool was_pending)
{
	struct work_struct *work = call->work;
	bool quiet = n->wins == call->wins && !n->open_queue && !n->open_cancel && !n->lost;

	INVARIANT(E3, quiet && !n->several && (call->balance > 0 || !call->idle),
		  !item_pending(work) && note_idle(n), check_item_name(work), "it is %spending, %s and %s",
		  item_pending(work) ? "" : "not ", n->queued ? "queued" : "not queued",
		  n->running ? "executing" : "not executing");
	INVARIANT(E3, nobody_else(call, n) && n->starts == call->starts && !n->lost && call->balance > 0,
		  was_pending, check_item_name(work), "it was pending, and the call says it was not");
	if (call->dwork)
		INVARIANT(E4, quiet && call->balance > 0, !on_timer(call->dwork),
			  check_item_name(work), "its timer is pending");
}

static void cancel_ends(struct api_call *call, struct note *n, bool result)
{
	n->clears++;
	n->excused = n->attempts;
	if (result) {
		n->balance--;
		note_taken_back(call->work);
	}
	INVARIANT(A3, result, n->balance + n->open_queue >= 0, check_item_name(call->work),
		  "a cancel says that it was pending; nobody had queued it");
	if (call->kind == API_CANCEL_SYNC)
		cancel_sync_ends(call, n, result);
}

/*
 * Which instances an engine's flush_work() waits for: 2.6.32's for the last one, and only
 * if nobody points the item elsewhere meanwhile.
 */
static bool was_to_wait(const struct api_call *call, const struct note *n, unsigned int seq)
{
	if (!n->reentrant)
		return seq <= call->seq;
	if (!call->alone || n->wins != call->wins || n->seq != call->last || seq != call->last)
		return false;
	return n->queued || !call->balance;
}

/*
 * A cancel meanwhile takes the instance away that is waited for, and lets the waiter go
 * although an earlier one may still run: both releases wait for the last one alone.
 */
static void flush_work_ends(struct api_call *call, struct note *n, bool waited)
{
	bool cancelled = call->cancelled || n->cancels != call->cancels;
	bool queued = n->queued && was_to_wait(call, n, n->seq);
	bool running = n->running && n->running_seq && was_to_wait(call, n, n->running_seq);
	bool plain = !n->several && !n->lost && !cancelled;
	bool apart = plain && !n->reentrant;

	INVARIANT(E1, plain && !call->idle, !queued && !running, check_item_name(call->work),
		  "what was queued as the %u. of all is still %s", queued ? n->seq : n->running_seq,
		  queued ? "queued" : "executing");
	INVARIANT(E1, apart && !waited, call->idle || n->idles != call->idles || n->wins != call->wins,
		  check_item_name(call->work), "it did not wait, and the item was never idle meanwhile");
	if (call->kind == API_FLUSH_DELAYED)
		INVARIANT(E1, nobody_else(call, n) && call->balance > 0 && apart, n->starts != call->starts,
			  check_item_name(call->work), "it was pending, and has not been executed");
}

/* ---- the end of a call about a whole workqueue ---- */

static enum invariant_id whole_wq(enum api_kind kind)
{
	switch (kind) {
	case API_DRAIN:
		return INV_E6;
	case API_DESTROY:
		return INV_H1;
	default:
		return INV_E2;
	}
}

/* What is left behind outlives the workqueue, whose place in memory the next one may get. */
static void forget_wq(struct note *n, void *arg)
{
	if (n->wq == arg)
		n->wq = NULL;
	if (n->running_wq == arg)
		n->running_wq = NULL;
}

static void wq_call_ends(struct api_call *call)
{
	struct left left = still_in_use(call);

	INVARIANT_ID(whole_wq(call->kind), call->in_use, !left.n, check_item_name(left.n->work),
		     "queued as the %u. of all, %u before the call, it is still %s", left.n->seq, call->seq,
		     left.n->queued ? "queued" : "executing");
	if (call->kind == API_DESTROY)
		note_for_each(forget_wq, call->wq);
}

/* ---- the end ---- */

static void check_timer(const struct api_call *call, const struct note *n)
{
	bool armed = on_timer(call->dwork);

	INVARIANT(F2, armed, item_pending(call->work), check_item_name(call->work),
		  "its timer is pending and its PENDING bit is clear");
	INVARIANT(F3, armed || n->queued, !(armed && n->queued), check_item_name(call->work),
		  "it is on a list and on its timer");
}

static void item_call_ends(struct api_call *call, struct note *n, bool result)
{
	n->ops++;
	n->open--;
	n->open_queue -= may_queue(call->kind);
	n->open_cancel -= may_cancel(call->kind);
	switch (call->kind) {
	case API_QUEUE:
		queue_ends(call, n, result);
		if (call->dwork)
			delay_ends(call, n, result);
		break;
	case API_MOD:
		n->clears++;
		if (!result)
			queue_ends(call, n, true);
		delay_ends(call, n, true);
		break;
	case API_CANCEL:
	case API_CANCEL_SYNC:
		cancel_ends(call, n, result);
		break;
	default:
		flush_work_ends(call, n, result);
	}
	/* Once started it may have freed itself, but not on its timer. */
	if (call->dwork && n->starts == call->starts)
		check_timer(call, n);
	note_settle(n);
}

void __api_end(struct api_call *call, bool result)
{
	struct note *n = call->note;

	race_ignore();
	if (self_wait.call == call)
		self_wait.call = NULL;
	if (!call->work)
		wq_call_ends(call);
	else if (n && n->birth == call->birth)
		item_call_ends(call, n, result);
	race_watch();
}
