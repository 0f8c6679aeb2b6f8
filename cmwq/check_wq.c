// SPDX-License-Identifier: GPL-2.0-only
/*
 * What must hold of workqueues, whenever wq->mutex is released, at certain steps, and
 * when nothing moves (E7, E8, B6, C6, C7, H2).
 *
 * The colours are those of flush.c's picture: the segment of the ring from flush_color to
 * work_color is in use, and the flushers stand in its order.
 *
 * Locks: check_flush() is called by the holder of wq->mutex, and reads the pwqs without
 * their pools' locks, as check.c does.  check_quiet() takes the locks.
 *
 * Read next: dump.c.
 */
#include <linux/slab.h>
#include <wqlab/race.h>
#include <wqlab/timer.h>

#include "workqueue_internal.h"

/* ---- flushing ---- */

/* How far a colour stands behind the oldest one that is waited for. */
static int behind(const struct workqueue_struct *wq, int color)
{
	return (color - wq->flush_color + WORK_NR_COLORS) % WORK_NR_COLORS;
}

static void check_flushers(struct workqueue_struct *wq)
{
	int in_use = behind(wq, wq->work_color), last = 0;
	struct wq_flusher *flusher;

	INVARIANT(E7, wq->first_flusher, in_use && wq->first_flusher->flush_color == wq->flush_color, wq->name,
		  "the first flusher waits for colour %d, flush_color is %d, work_color %d",
		  wq->first_flusher->flush_color, wq->flush_color, wq->work_color);
	INVARIANT(E7, !wq->first_flusher && wq->work_color, !in_use && list_empty(&wq->flusher_queue), wq->name,
		  "nobody is first flusher, flush_color is %d, work_color %d, and flushers %s",
		  wq->flush_color, wq->work_color, list_empty(&wq->flusher_queue) ? "do not queue" : "queue");
	list_for_each_entry(flusher, &wq->flusher_queue, list) {
		int place = behind(wq, flusher->flush_color);

		INVARIANT(E7, true, place >= last && place < in_use, wq->name,
			  "a flusher waits for colour %d behind one that is %d behind flush_color %d",
			  flusher->flush_color, last, wq->flush_color);
		last = place;
	}
	INVARIANT(E7, !list_empty(&wq->flusher_overflow), in_use == WORK_NR_COLORS - 1, wq->name,
		  "flushers overflow, and only %d colours are in use", in_use);
}

static void check_colors(struct workqueue_struct *wq, struct pool_workqueue *pwq)
{
	int in_use = behind(wq, wq->work_color), color;

	INVARIANT(E7, wq->work_color, pwq->work_color == wq->work_color, pwq_name(pwq),
		  "it paints with colour %d, and its workqueue with %d", pwq->work_color, wq->work_color);
	INVARIANT(E7, pwq->flush_color >= 0, pwq->flush_color == wq->flush_color && wq->first_flusher, pwq_name(pwq),
		  "colour %d is waited for here, and flush_color is %d", pwq->flush_color, wq->flush_color);
	for (color = 0; color < WORK_NR_COLORS; color++) {
		if (!pwq->nr_in_flight[color])
			continue;
		INVARIANT(E7, true, behind(wq, color) <= in_use, pwq_name(pwq),
			  "%d items of colour %d are in flight, in use are %d to %d",
			  pwq->nr_in_flight[color], color, wq->flush_color, wq->work_color);
	}
}

/* wait_lock is about to be released; wq->mutex is free if nobody owns it. */
static void check_flush(spinlock_t *lock)
{
	struct workqueue_struct *wq = container_of(lock, struct workqueue_struct, mutex.wait_lock);
	struct pool_workqueue *pwq;

	if (wq->mutex.owner)
		return;
	race_ignore();
	check_flushers(wq);
	for_each_pwq(pwq, wq)
		check_colors(wq, pwq);
	race_watch();
}

void check_init_wq(struct workqueue_struct *wq)
{
	spin_lock_guards(&wq->mutex.wait_lock, check_flush);
}

/* ---- at certain steps ---- */

/* A barrier is executed, or would be: what it stands behind has just been. */
static void check_barrier(struct worker *worker, struct work_struct *work)
{
	struct wq_barrier *barr = container_of(work, struct wq_barrier, work);

	INVARIANT(E8, barr->target, barr->target == worker->check.ran, worker->task->comm,
		  "it executes a barrier, and did not execute the barrier's target before it");
}

/*
 * A barrier collides too: with one that lay at the same place of its waiter's stack,
 * has let the waiter go, and has not quite returned.  The release takes them for the
 * same item (C-F21), and the other worker executes it.  Its target is through by then.
 */
void __check_collision(struct worker *worker, struct work_struct *work, struct worker *heir)
{
	race_ignore();
	if (work->func == wq_barrier_func) {
		check_barrier(worker, work);
		container_of(work, struct wq_barrier, work)->target = NULL;
	} else {
		GOAL(COLLISION);
		check_handed_over(work, heir->task->pid);
	}
	race_watch();
}

/* From the moment at which freeze_workqueues_busy() says no, to the thaw. */
static bool frozen;

void __check_frozen(bool stand_still)
{
	frozen = stand_still;
}

void __check_executes(struct worker *worker, struct work_struct *work, int color)
{
	struct worker_pool *pool = worker->pool;

	race_ignore();
	worker->check.color = color;
	if (work->func == wq_barrier_func) {
		check_barrier(worker, work);
		race_watch();
		return;
	}
	worker->check.ran = work;
	/* Bound workers run where their pool is; not while it has lost its CPU. */
	INVARIANT(B6, pool->cpu >= 0 && !(pool->flags & POOL_DISASSOCIATED) &&
		  !(worker->flags & (WORKER_UNBOUND | WORKER_REBOUND)),
		  (int)raw_smp_processor_id() == pool->cpu, check_item_name(work),
		  "it starts on CPU %u, and was queued to %s", raw_smp_processor_id(), pool_name(pool));
	INVARIANT(J2, __READ_ONCE(worker->current_pwq->wq->flags) & WQ_FREEZABLE, !frozen, check_item_name(work),
		  "the workqueues are frozen, and %s starts it", current->comm);
	if (worker->rescue_wq)
		GOAL(RESCUE);
	else if (!pool->nr_idle)
		GOAL(BUSY_MANAGER);
	race_watch();
}

void __check_further(struct worker_pool *pool)
{
	race_ignore();
	INVARIANT(C6, true, pool->nr_running <= 1, pool_name(pool),
		  "%s goes on to another item, and nr_running is %d", current->comm, pool->nr_running);
	race_watch();
}

/* Said once more, and not by calling too_many_workers(): that may be what is wrong. */
void __check_trim(struct worker *worker)
{
	struct worker_pool *pool = worker->pool;
	unsigned long now = INITIAL_JIFFIES + mach_now() / wqlab_tick_ns();
	int idle, busy;

	race_ignore();
	idle = pool->nr_idle + mutex_is_locked(&pool->manager_arb);
	busy = pool->nr_workers - idle;
	INVARIANT(C7, true, idle > 2 && (idle - 2) * 4 >= busy && now - worker->last_active >= 300UL * HZ,
		  worker->task->comm, "it is let go after %lu s; %d idle, %d are busy",
		  (now - worker->last_active) / HZ, idle, busy);
	race_watch();
}

/* ---- taking down ---- */

static void check_empty(struct pool_workqueue *pwq)
{
	int color, in_flight = 0;

	for (color = 0; color < WORK_NR_COLORS; color++)
		in_flight += pwq->nr_in_flight[color];
	INVARIANT(H2, true, !in_flight && !pwq->nr_active && list_empty(&pwq->delayed_works) &&
		  list_empty(&pwq->mayday_node), pwq_name(pwq),
		  "%d items in flight, %d active, %s held back", in_flight, pwq->nr_active,
		  list_empty(&pwq->delayed_works) ? "none" : "some");
}

void __check_destroyed(struct workqueue_struct *wq)
{
	struct pool_workqueue *pwq;

	race_ignore();
	for_each_pwq(pwq, wq)
		check_empty(pwq);
	INVARIANT(H2, true, !wq->rescuer && list_empty(&wq->maydays), wq->name, "it %s",
		  wq->rescuer ? "still has its rescuer" : "is still asked for rescue");
	race_watch();
}

void __check_dropped(struct workqueue_struct *wq, struct work_struct *work)
{
	race_ignore();
	INVARIANT(H4, true, mach_warnings(), wq->name, "an item was dropped, and there is no warning");
	race_watch();
	check_lost(work);
}

void __check_down(void)
{
	race_ignore();
	INVARIANT(H2, true, idr_is_empty(&worker_pool_idr), "the engine", "a pool is left");
	race_watch();
}

/* ---- when nothing moves ---- */

static void check_pool_quiet(struct worker_pool *pool)
{
	struct worker *worker;
	int bkt;

	spin_lock_irq(&pool->lock);
	race_ignore();
	INVARIANT(G1, true, list_empty(&pool->worklist), pool_name(pool), "items wait on its worklist");
	hash_for_each(pool->busy_hash, bkt, worker, hentry)
		INVARIANT(G1, true, list_empty(&worker->scheduled), worker->task->comm, "items wait for it alone");
	INVARIANT(C2, true, !pool->nr_running, pool_name(pool), "nothing moves, and nr_running is %d", pool->nr_running);
	race_watch();
	spin_unlock_irq(&pool->lock);
}

void check_quiet(void)
{
	struct workqueue_struct *wq;
	struct pool_workqueue *pwq;

	mutex_lock(&wq_pool_mutex);
	list_for_each_entry(wq, &workqueues, list) {
		mutex_lock(&wq->mutex);
		for_each_pwq(pwq, wq) {
			check_pool_quiet(pwq->pool);
			race_ignore();
			check_empty(pwq);
			race_watch();
		}
		mutex_unlock(&wq->mutex);
	}
	mutex_unlock(&wq_pool_mutex);
}
