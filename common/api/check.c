// SPDX-License-Identifier: GPL-2.0-only
/*
 * What follows from the calls and executions of an item: it is not lost, does not run
 * twice, runs in order, and not before its time (A1 to A5, B1 to B5, E5, F1).
 *
 * The engines tell of each step of an item (wqlab/check.h); a note per item keeps the
 * books.  The calls themselves are watched in check-calls.c.
 *
 * Owns the notes: kernel data, so a boot forgets them.  Locking: none, since checks take
 * place on the simulated machine only, where one task executes at a time, and none of
 * this is a choice point; ThreadSanitizer is told to look away.
 *
 * Read next: check-calls.c.
 */
#include <linux/bug.h>
#include <linux/hash.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <wqlab/arena.h>
#include <wqlab/objname.h>
#include <wqlab/race.h>

#include "check-notes.h"

#define FIRST_BITS	5	/* buckets at first: enough for most runs */
#define FIRST_NOTES	16
#define MORE_NOTES	64

static struct note *first_buckets[1 << FIRST_BITS];
static struct note first_notes[FIRST_NOTES];
static struct {
	struct note **bucket;
	unsigned int bits;	/* 0: not set up yet */
	unsigned int used;
	struct note *free;
	unsigned int births;
} notes;

/* Items whose cancel said true, so that a run of theirs can be called by its name (E5). */
static struct {
	const struct work_struct *work[8];
	unsigned int next;
} taken_back;

unsigned int check_seq;

/* ---- reports ---- */

void check_failed(enum invariant_id id, const char *object, const char *fmt, ...)
{
	char found[256];
	va_list args;

	va_start(args, fmt);
	vscnprintf(found, sizeof(found), fmt, args);
	va_end(args);
	race_watch();			/* each check ignores races, and this one does not come to its end */
	invariant_fail(id, object, found);
}

const char *check_item_name(const struct work_struct *work)
{
	static char name[64];
	const char *given = wqlab_object_name(work);

	if (given)
		snprintf(name, sizeof(name), "item %s", given);
	else
		snprintf(name, sizeof(name), "an item of %ps", (void *)work->func);
	return name;
}

/* ---- the notes ---- */

static void put_free(struct note *n)
{
	n->next = notes.free;
	notes.free = n;
}

static void more_notes(void)
{
	struct note *n = first_notes;
	int i, nr = FIRST_NOTES;

	if (!notes.bits) {
		notes.bits = FIRST_BITS;
		notes.bucket = first_buckets;
	} else {
		nr = MORE_NOTES;
		n = arena_alloc(nr * sizeof(*n), ARENA_ALIGN, 0);
		BUG_ON(!n);
	}
	for (i = nr - 1; i >= 0; i--)
		put_free(&n[i]);
}

static struct note **bucket_of(const struct work_struct *work)
{
	return &notes.bucket[hash_ptr(work, notes.bits)];
}

/* Twice as many buckets; the arena is not asked for the old ones' place. */
static void more_buckets(void)
{
	struct note **old = notes.bucket;
	unsigned int i, nr = 1u << notes.bits;
	struct note **fresh = arena_alloc(2 * nr * sizeof(*fresh), ARENA_ALIGN, 0);

	if (!fresh)
		return;		/* longer chains, then */
	notes.bucket = fresh;
	notes.bits++;
	for (i = 0; i < nr; i++)
		while (old[i]) {
			struct note *n = old[i];
			struct note **to = bucket_of(n->work);

			old[i] = n->next;
			n->next = *to;
			*to = n;
		}
}

struct note *note_find(const struct work_struct *work)
{
	struct note *n;

	if (!notes.bits)
		return NULL;
	for (n = *bucket_of(work); n && n->work != work; n = n->next)
		;
	return n;
}

struct note *note_get(struct work_struct *work)
{
	struct note *n = note_find(work), **bucket;

	if (n)
		return n;
	if (!notes.free)
		more_notes();
	n = notes.free;
	notes.free = n->next;
	if (++notes.used > 4u << notes.bits)
		more_buckets();
	bucket = bucket_of(work);
	*n = (struct note){ .work = work, .next = *bucket, .birth = ++notes.births, .since = check_seq };
	*bucket = n;
	return n;
}

static void note_drop(struct note *n)
{
	struct note **p = bucket_of(n->work);

	while (*p != n)
		p = &(*p)->next;
	*p = n->next;
	n->birth = 0;
	notes.used--;
	put_free(n);
}

void note_for_each(void (*fn)(struct note *n, void *arg), void *arg)
{
	struct note *n, *next;
	unsigned int i;

	for (i = 0; notes.bits && i < 1u << notes.bits; i++)
		for (n = notes.bucket[i]; n; n = next) {
			next = n->next;
			fn(n, arg);
		}
}

/*
 * Is the item done with for now?  It is if no call about it is in progress, and it is on
 * no list and does not run.  Then either its books balance, and nothing needs to be
 * known of it; or one queueing is still to come, from its timer.
 */
void note_settle(struct note *n)
{
	if (n->open || !note_idle(n) || n->lost)
		return;
	/* Who is owed a run must still be pending, and so is still there to be looked at. */
	INVARIANT(A2, n->attempts && !n->internal,
		  !n->balance || (n->balance == 1 && item_pending(n->work)), check_item_name(n->work),
		  "%d more queue calls won than there were runs and cancels that won, and it is not pending",
		  n->balance);
	if (n->balance)
		return;
	INVARIANT(A4, n->attempts && !n->internal, n->seen == n->attempts || n->excused == n->attempts,
		  check_item_name(n->work), "%u attempts to queue, the last run began after the %u. of them",
		  n->attempts, n->seen);
	note_drop(n);
}

void __check_init(const struct work_struct *work)
{
	struct note *n = note_find(work);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(taken_back.work); i++)
		if (taken_back.work[i] == work)
			taken_back.work[i] = NULL;
	if (!n)
		return;
	race_ignore();
	note_drop(n);
	race_watch();
}

void note_taken_back(const struct work_struct *work)
{
	taken_back.work[taken_back.next++ % ARRAY_SIZE(taken_back.work)] = work;
}

/* ---- what the engines tell ---- */

void __check_internal(struct work_struct *work)
{
	race_ignore();
	note_get(work)->internal = true;
	race_watch();
}

/* Queued, or to be: where it is on two workqueues at once, each release promises less. */
void note_goes_to(struct note *n, const struct workqueue_struct *wq)
{
	if (!note_idle(n) && n->wq && n->wq != wq)
		n->several = true;
}

void __check_inserted(struct work_struct *work, struct workqueue_struct *wq)
{
	struct note *n;

	race_ignore();
	n = note_get(work);
	note_goes_to(n, wq);
	n->wq = wq;
	n->reentrant = wq_engine_of(wq)->reentrant;
	n->seq = ++check_seq;
	n->queued = true;
	n->again = n->running;
	race_watch();
}

/* A run that nobody asked for: which promise is it that breaks? */
static enum invariant_id without_cause(const struct work_struct *work)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(taken_back.work); i++)
		if (taken_back.work[i] == work)
			return INV_E5;
	return INV_A3;
}

static void check_cause(struct note *n, struct work_struct *work)
{
	enum invariant_id id = without_cause(work);

	if (n->internal)
		return;
	INVARIANT_ID(id, true, n->balance + n->open_queue >= 0, check_item_name(work),
		     "%d queue calls in progress, and %d too few that won for it to start", n->open_queue,
		     -n->balance);
}

unsigned int __check_cleared(struct work_struct *work)
{
	struct note *n;

	race_ignore();
	n = note_get(work);
	n->queued = false;
	n->clears++;
	n->starts++;
	n->balance--;
	check_cause(n, work);
	INVARIANT(A5, true, !item_pending(work) && list_empty(&work->entry), check_item_name(work),
		  "it is %s and %s", item_pending(work) ? "pending" : "not pending",
		  list_empty(&work->entry) ? "on no list" : "still linked");
	/* Two calls at once may have set different times; then nobody knows which. */
	INVARIANT(F1, n->has_due && !n->open, time_after_eq(note_jiffy(), n->due), check_item_name(work),
		  "it starts %lu jiffies early", n->due - note_jiffy());
	n->has_due = false;
	/* Here, not when its function is called: by then another workqueue may have had it begin. */
	INVARIANT(B4, n->heir, n->heir == current->pid, check_item_name(work),
		  "handed to pid %d, started by pid %d", n->heir, current->pid);
	n->heir = 0;
	if (!n->reentrant && !n->several)
		INVARIANT(B3, n->again && n->running_wq == n->wq && n->func == work->func, !n->running,
			  check_item_name(work), "started here while pid %d still executes it", n->runner);
	n->seen = n->attempts;
	n->running++;
	n->running_seq = n->seq;
	n->running_wq = n->wq;
	n->func = work->func;
	race_watch();
	return n->seq;
}

void __check_started(struct work_struct *work, unsigned int run, struct check_order *order,
		     enum invariant_id id)
{
	struct note *n;

	race_ignore();
	if (order && run) {
		INVARIANT_ID(id, true, !order->executing, check_item_name(work),
			     "it starts while another item executes");
		INVARIANT_ID(id, order->last, run > order->last, check_item_name(work),
			     "it was queued as the %u. of all, and starts after the %u.", run, order->last);
		order->executing++;
		order->last = run;
	}
	n = run ? note_find(work) : NULL;
	if (n && n->running) {
		n->runner = current->pid;
		if (++n->inside > 1 && n->reentrant)
			GOAL(B2);
	}
	race_watch();
}

void __check_ended(struct work_struct *work, unsigned int run, struct check_order *order)
{
	struct note *n;

	race_ignore();
	/* It was called with nothing held. */
	INVARIANT(I1, true, preemptible() && !current->nr_held, current->comm,
		  "after the function of what it executed: preemption count 0x%08x, interrupts %s, %d locks held",
		  preempt_count(), irqs_disabled() ? "off" : "on", current->nr_held);
	if (order && run)
		order->executing--;
	/* Its function may have freed it, and made another item there. */
	n = run ? note_find(work) : NULL;
	if (n && n->running && run > n->since) {
		n->running--;
		n->inside -= n->inside > 0;
		if (n->running_seq == run)
			n->running_seq = 0;
		if (note_idle(n))
			n->idles++;
		note_settle(n);
	}
	race_watch();
}

void __check_stolen(struct work_struct *work)
{
	struct note *n;

	race_ignore();
	n = note_get(work);
	n->queued = false;
	n->heir = 0;
	if (!n->running)
		n->idles++;
	race_watch();
}

void __check_lost(struct work_struct *work)
{
	race_ignore();
	note_get(work)->lost = true;
	race_watch();
}

void __check_merged(struct work_struct *work)
{
	race_ignore();
	note_get(work)->balance--;
	race_watch();
}

void __check_handed_over(struct work_struct *work, int pid)
{
	struct note *n;

	race_ignore();
	n = note_find(work);
	if (n)
		n->heir = pid;
	race_watch();
}
