// SPDX-License-Identifier: GPL-2.0-only
/*
 * flush_workqueue(): wait for all that was queued before, by colour.
 *
 * The problem.  A barrier behind each pwq's last item would wait for too little: many
 * workers run items at once, and what stands before the barrier need not end before it.
 * Waiting until nothing is left would wait for too much: others go on queueing.
 *
 * The idea.  Every item bears a colour.  A flusher lets the present colour be the last
 * that he waits for, and has new items painted with the next.  When nothing of his colour
 * and of older ones is left, he is through; however much of the newer is going on.
 *
 * The ring.  There are 15 colours, used in turn (C-F24):
 *
 *	         flush_color                  work_color
 *	             v                            v
 *	   . . . . [ 3 ] [ 4 ] [ 5 ] [ 6 ] . . .  7  . . .
 *	             ^     ^     ^     ^       new items
 *	   first_flusher   `-----+-----' flusher_queue
 *
 * Only the oldest colour is counted down ("armed"): each pwq that has items of it says
 * when the last has retired, and the last pwq to do so completes the first flusher.  He,
 * and nobody else, then cascades: lets everybody of his colour go, frees the colour, and
 * makes the head of the queue the next first flusher.  Often that one's colour has been
 * empty for long, so that one walk frees many.
 *
 * Who finds the ring full (one colour must stay for new items, so at most 14 wait) has no
 * colour: he overflows.  As soon as one is free, all who overflowed share it: none of them
 * can be through before the others, since they all came after everything painted so far.
 *
 * The steps are events in the trace, by these names: `wqlab run --format=colours`.
 *
 *	take	takes the present colour; nobody waits, so he is the first flusher
 *	queue	takes the present colour, and waits his turn in flusher_queue
 *	overflow no colour is free
 *	arm	the pwqs count the oldest colour down
 *	through	the last item of the armed colour has retired
 *	done	a flusher returns
 *	free	the oldest colour is free again: flush_color moves on
 *	share	one who overflowed gets the colour that all of them share
 *	cascade	the head of the queue is the first flusher now
 *
 * Invariants (C-F28): the colours in use are the ring's segment from flush_color to
 * work_color; somebody overflows only if flush_color == next(work_color); with an empty
 * flusher_queue and no first_flusher flush_color == work_color; outside of wq->mutex every
 * pwq's work_color is its workqueue's.
 *
 * Locks: all of it under wq->mutex, save that items are painted and retire under their
 * pool's lock; nr_pwqs_to_flush, which is atomic, ties the two together.
 *
 * Read next: cancel.c.  With pictures: docs/flush-colours.md.
 */
#include <linux/bug.h>

#include "workqueue_internal.h"

/* ---- items: painted in queue.c, retired in pwq.c; here what the last of a colour does ---- */

/*
 * The last item of the colour that is waited for has retired on this pwq (C-F26).  Under
 * its pool's lock.
 *
 * Without wq->mutex: first_flusher cannot change before this complete(), which is what
 * the flusher it names waits for.
 */
void pwq_color_done(struct pool_workqueue *pwq)
{
	struct workqueue_struct *wq = pwq->wq;
	int color = pwq->flush_color;

	pwq->flush_color = -1;
	if (!atomic_dec_and_test(&wq->nr_pwqs_to_flush))
		return;
	trace_flush_color("through", wq->name, color);
	complete(&wq->first_flusher->done);
}

/* ---- pwqs: armed for the oldest colour, and told the new one ---- */

/* Wait for a colour on this pwq, if anything of it is in flight here.  Under its pool's lock. */
static bool arm_pwq(struct pool_workqueue *pwq, int color)
{
	WARN_ON_ONCE(pwq->flush_color != -1);
	if (!pwq->nr_in_flight[color])
		return false;
	atomic_inc(&pwq->wq->nr_pwqs_to_flush);
	pwq->flush_color = color;
	return true;
}

/*
 * Arm all pwqs for flush_color, and paint new items with work_color; -1 leaves the
 * one or the other.  True: somebody has items of flush_color, wait for them.
 *
 * nr_pwqs_to_flush starts at 1 for ourselves, so it cannot drop to 0 while pwqs are
 * still being armed.
 */
static bool flush_workqueue_prep_pwqs(struct workqueue_struct *wq, int flush_color, int work_color)
{
	struct pool_workqueue *pwq;
	bool wait = false;

	if (flush_color >= 0) {
		trace_flush_color("arm", wq->name, flush_color);
		WARN_ON_ONCE(atomic_read(&wq->nr_pwqs_to_flush));
		atomic_set(&wq->nr_pwqs_to_flush, 1);
	}

	for_each_pwq(pwq, wq) {
		spin_lock_irq(&pwq->pool->lock);
		if (flush_color >= 0 && arm_pwq(pwq, flush_color))
			wait = true;
		if (work_color >= 0) {
			int expected = work_next_color(pwq->work_color);

			WARN_ON_ONCE(work_color != expected);
			pwq->work_color = work_color;
		}
		spin_unlock_irq(&pwq->pool->lock);
	}

	/* Ours.  If it is the last, the items were quicker, or there were none. */
	if (flush_color >= 0 && atomic_dec_and_test(&wq->nr_pwqs_to_flush)) {
		trace_flush_color("through", wq->name, flush_color);
		complete(&wq->first_flusher->done);
	}
	return wait;
}

/* ---- flushers: take a colour, or overflow ---- */

/*
 * A colour is free: take the present one.  Under wq->mutex.  False: nothing is in
 * flight, done at once.
 */
static bool take_color(struct workqueue_struct *wq, struct wq_flusher *flusher)
{
	int next_color = work_next_color(wq->work_color);

	WARN_ON_ONCE(!list_empty(&wq->flusher_overflow));
	flusher->flush_color = wq->work_color;
	wq->work_color = next_color;

	if (wq->first_flusher) {
		trace_flush_color("queue", wq->name, flusher->flush_color);
		WARN_ON_ONCE(wq->flush_color == flusher->flush_color);
		list_add_tail(&flusher->list, &wq->flusher_queue);
		flush_workqueue_prep_pwqs(wq, -1, next_color);
		return true;
	}

	trace_flush_color("take", wq->name, flusher->flush_color);
	WARN_ON_ONCE(wq->flush_color != flusher->flush_color);
	__WRITE_ONCE(wq->first_flusher, flusher);
	if (flush_workqueue_prep_pwqs(wq, wq->flush_color, next_color))
		return true;
	trace_flush_color("free", wq->name, wq->flush_color);
	wq->flush_color = next_color;
	__WRITE_ONCE(wq->first_flusher, NULL);
	trace_flush_color("done", wq->name, flusher->flush_color);
	return false;
}

/* ---- the first flusher: cascade ---- */

/* Let everybody go who waited for the colour that is through. */
static void release_flushers(struct workqueue_struct *wq)
{
	struct wq_flusher *flusher, *tmp;

	list_for_each_entry_safe(flusher, tmp, &wq->flusher_queue, list) {
		if (flusher->flush_color != wq->flush_color)
			break;
		list_del_init(&flusher->list);
		trace_flush_color("done", wq->name, flusher->flush_color);
		complete(&flusher->done);
	}
}

/* A colour has become free: all who overflowed share the present one, at the end of the queue. */
static void share_color(struct workqueue_struct *wq)
{
	struct wq_flusher *flusher;

	list_for_each_entry(flusher, &wq->flusher_overflow, list) {
		flusher->flush_color = wq->work_color;
		trace_flush_color("share", wq->name, flusher->flush_color);
	}
	wq->work_color = work_next_color(wq->work_color);
	list_splice_tail_init(&wq->flusher_overflow, &wq->flusher_queue);
	flush_workqueue_prep_pwqs(wq, -1, wq->work_color);
}

/* The first flusher's colour is through: on to the next one (C-F27).  Under wq->mutex. */
static void cascade(struct workqueue_struct *wq)
{
	__WRITE_ONCE(wq->first_flusher, NULL);
	for (;;) {
		bool full = wq->flush_color == work_next_color(wq->work_color);

		release_flushers(wq);
		WARN_ON_ONCE(!full && !list_empty(&wq->flusher_overflow));

		trace_flush_color("free", wq->name, wq->flush_color);
		wq->flush_color = work_next_color(wq->flush_color);
		if (!list_empty(&wq->flusher_overflow))
			share_color(wq);
		if (list_empty(&wq->flusher_queue)) {
			WARN_ON_ONCE(wq->flush_color != wq->work_color);
			return;
		}

		__WRITE_ONCE(wq->first_flusher,
			     list_first_entry(&wq->flusher_queue, struct wq_flusher, list));
		WARN_ON_ONCE(wq->flush_color == wq->work_color);
		WARN_ON_ONCE(wq->flush_color != wq->first_flusher->flush_color);
		list_del_init(&wq->first_flusher->list);
		trace_flush_color("cascade", wq->name, wq->flush_color);
		if (flush_workqueue_prep_pwqs(wq, wq->flush_color, -1))
			return;
		/* Nothing of that colour is in flight: prep completed it, on to the one after. */
		trace_flush_color("done", wq->name, wq->flush_color);
		__WRITE_ONCE(wq->first_flusher, NULL);
	}
}

/* ---- the call ---- */

/*
 * Name to the reports a worker that executes an item we wait for.  The order in
 * busy_hash depends on addresses, so take the one with the lowest pid; and do it under
 * the pool's lock, without which the worker may end.
 */
static void blame_busy_worker(struct workqueue_struct *wq)
{
	struct task_struct *task = NULL;
	struct pool_workqueue *pwq;

	for_each_pwq(pwq, wq) {
		struct worker *worker;
		int bkt;

		spin_lock_irq(&pwq->pool->lock);
		hash_for_each(pwq->pool->busy_hash, bkt, worker, hentry)
			if (worker->current_pwq == pwq &&
			    (!task || task == current ||
			     (worker->task != current && worker->task->pid < task->pid)))
				task = worker->task;
		if (task)
			wait_blame(task, "the workqueue to be flushed");
		spin_unlock_irq(&pwq->pool->lock);
	}
}

void flush_workqueue(struct workqueue_struct *wq)
{
	struct wq_flusher this_flusher = { .flush_color = -1 };

	INIT_LIST_HEAD(&this_flusher.list);
	init_completion(&this_flusher.done);
	might_sleep();
	lock_map_acquire(&wq->lockdep_map);
	lock_map_release(&wq->lockdep_map);

	mutex_lock(&wq->mutex);
	if (work_next_color(wq->work_color) != wq->flush_color) {
		if (!take_color(wq, &this_flusher)) {
			mutex_unlock(&wq->mutex);
			return;
		}
	} else {
		GOAL(OVERFLOW);
		trace_flush_color("overflow", wq->name, -1);
		list_add_tail(&this_flusher.list, &wq->flusher_overflow);
	}
	blame_busy_worker(wq);
	mutex_unlock(&wq->mutex);

	wait_for_completion(&this_flusher.done);
	wait_blame(NULL, NULL);

	/*
	 * Only the first flusher has more to do.  It alone clears the field that names it,
	 * so the look without the mutex cannot miss that it is us.
	 */
	if (READ_ONCE(wq->first_flusher) != &this_flusher)
		return;

	mutex_lock(&wq->mutex);
	if (wq->first_flusher == &this_flusher) {
		WARN_ON_ONCE(!list_empty(&this_flusher.list));
		WARN_ON_ONCE(wq->flush_color != this_flusher.flush_color);
		trace_flush_color("done", wq->name, this_flusher.flush_color);
		cascade(wq);
	}
	mutex_unlock(&wq->mutex);
}
