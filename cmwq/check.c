// SPDX-License-Identifier: GPL-2.0-only
/*
 * What must hold of pools, workers and pwqs, checked whenever pool->lock is released
 * (docs/invariants.md has them by name).
 *
 * In explored runs this is called a million times a second.  So what is cheap is looked at
 * each time, and only for the pwqs that were touched under the lock (check_touched());
 * what takes a walk over lists is looked at each time while they are short, and the
 * more seldom the longer they are (worth_a_walk()).  Fields are read as they are: the
 * kernel's own accessors are choice points.
 *
 * Here alone other locks' fields are read without the lock: on the simulated machine one
 * task executes at a time, and at every choice point these fields are whole.
 *
 * Owns the `check` parts of the structures, under L.  Read next: check_wq.c.
 */
#include <wqlab/check.h>
#include <wqlab/race.h>
#include <wqlab/timer.h>

#include "workqueue_internal.h"

#define WALK_SHARE	16	/* a walk over n elements is repeated after n / WALK_SHARE releases */

/* ---- names; overwritten by the next call ---- */

/* "pool 0:0" is CPU 0's first, "0:1" its highpri one, "u4" the unbound one with id 4. */
const char *pool_name(const struct worker_pool *pool)
{
	static char name[32];

	if (pool->cpu >= 0)
		snprintf(name, sizeof(name), "pool %d:%d", pool->cpu, pool->attrs->nice < 0);
	else
		snprintf(name, sizeof(name), "pool u%d", pool->id);
	return name;
}

const char *pwq_name(const struct pool_workqueue *pwq)
{
	static char name[64];

	snprintf(name, sizeof(name), "workqueue %s on %s", pwq->wq->name, pool_name(pwq->pool));
	return name;
}

static bool is_barrier(const struct work_struct *work)
{
	return work->func == wq_barrier_func;
}

/* ---- workers ---- */

/* Of a pool whose CPU is up UNBOUND should be nobody; if one is, it is missed in the count. */
static bool counts(const struct worker_pool *pool, const struct worker *worker)
{
	unsigned int not_running = WORKER_NOT_RUNNING;

	if (!(pool->flags & POOL_DISASSOCIATED))
		not_running &= ~WORKER_UNBOUND;
	return !(worker->flags & not_running) && !worker->sleeping;
}

/* Made, but not in the pool's counts yet; or no longer. */
static bool not_of_the_pool(const struct worker *worker)
{
	return worker->rescue_wq || (worker->flags & WORKER_DIE) || worker->task->m.run == MR_NEW;
}

static bool in_busy_hash(struct worker_pool *pool, const struct worker *worker)
{
	struct worker *other;

	hash_for_each_possible(pool->busy_hash, other, hentry, (unsigned long)worker->current_work)
		if (other == worker)
			return true;
	return false;
}

/* What a look at all workers of a pool finds. */
struct census {
	int running, workers, idle, executing, rescuers, awake;
};

/* C5, C8, B4 for one worker; count it in. */
static void check_worker(struct worker_pool *pool, struct worker *worker, struct census *c)
{
	bool idle = worker->flags & WORKER_IDLE, busy = worker->current_work;

	c->running += counts(pool, worker);
	c->rescuers += !!worker->rescue_wq;
	INVARIANT(C5, busy, in_busy_hash(pool, worker), worker->task->comm,
		  "it executes an item, and is not in busy_hash");
	INVARIANT(C8, busy && (worker->current_pwq->wq->flags & WQ_CPU_INTENSIVE),
		  worker->flags & WORKER_CPU_INTENSIVE, worker->task->comm,
		  "it executes an item of %s, flags 0x%x", worker->current_pwq->wq->name, worker->flags);
	if (not_of_the_pool(worker))
		return;
	INVARIANT(C5, idle, !busy && worker->pool == pool, worker->task->comm,
		  "flags 0x%x (WORKER_IDLE), and it executes an item", worker->flags);
	INVARIANT(B4, idle && !list_empty(&worker->scheduled), false, worker->task->comm,
		  "it idles, and items are scheduled for it");
	c->workers++;
	c->idle += idle;
	c->executing += busy;
	c->awake += idle && worker->task->state == TASK_RUNNING;
}

static int idle_list_length(struct worker_pool *pool)
{
	struct worker *worker;
	int n = 0;

	list_for_each_entry(worker, &pool->idle_list, entry) {
		INVARIANT(C5, true, (worker->flags & WORKER_IDLE) && worker->entry.next->prev == &worker->entry,
			  worker->task->comm, "on idle_list with flags 0x%x", worker->flags);
		n++;
	}
	return n;
}

/*
 * Barriers alone, whose target was cancelled while max_active held it back: cancel activates
 * both and wakes nobody, which is the release's fault (docs/faults-3.18.md, C-F30).
 */
static bool only_stranded_barriers(struct worker_pool *pool)
{
	struct work_struct *work;

	list_for_each_entry(work, &pool->worklist, entry)
		if (!is_barrier(work) || container_of(work, struct wq_barrier, work)->target)
			return false;
	return true;
}

/*
 * When an item is stolen from a worker's own list, the one that takes its place may be
 * activated without anybody being woken: the release leaves it to whoever executes in
 * this pool to find it when he is through.
 */
static bool left_to_the_busy(struct worker_pool *pool, const struct census *c, bool seen_to)
{
	if (seen_to)
		pool->check.left = false;
	return pool->check.left && c->executing + c->rescuers;
}

/*
 * While the manager sleeps because no worker can be made, the mayday timer is armed; save
 * for the instant in which its function runs (C-F17).
 */
static void check_mayday(struct worker_pool *pool)
{
	const struct task_struct *manager = pool->manager_arb.owner;
	bool waits = manager && manager->state != TASK_RUNNING && need_to_create_worker(pool);

	if (!waits || pool->mayday_timer.entry.next)
		pool->check.unhelped_since = 0;
	else if (!pool->check.unhelped_since)
		pool->check.unhelped_since = mach_now() + 1;
	INVARIANT(G2, waits, !pool->check.unhelped_since || mach_now() < pool->check.unhelped_since,
		  pool_name(pool), "%s waits for a worker that cannot be made, and the mayday timer is not armed",
		  manager->comm);
}

/* Where too many idle, the idle timer comes after 300 s at the latest. */
static void check_trimmed(struct worker_pool *pool)
{
	if (!too_many_workers(pool)) {
		pool->check.many_since = 0;
		return;
	}
	if (!pool->check.many_since)
		pool->check.many_since = mach_now() + 1;
	INVARIANT(C7, true, mach_now() <= pool->check.many_since + 301ull * NSEC_PER_SEC, pool_name(pool),
		  "too many of its %d workers idle, %d, and have for more than 300 s", pool->nr_workers, pool->nr_idle);
}

static void check_census(struct worker_pool *pool, const struct census *c)
{
	bool waiting = !list_empty(&pool->worklist), bound = pool->cpu >= 0;
	bool associated = !(pool->flags & POOL_DISASSOCIATED);
	bool managing = mutex_is_locked(&pool->manager_arb);
	bool seen_to = !waiting || c->awake || managing || c->rescuers || (bound && pool->nr_running);
	/* Nobody is there before the CPU first comes, and items wait for that: so the release (C-F40). */
	bool never_up = bound && !associated && !pool->nr_workers;
	int idle = idle_list_length(pool);

	/* A pool that is losing its CPU counts again when it has it back (C-F6). */
	INVARIANT(C1, c->running || pool->nr_running, pool->nr_running == c->running || (bound && !associated),
		  pool_name(pool), "nr_running is %d, and %d workers run", pool->nr_running, c->running);
	INVARIANT(C2, pool->nr_running < 0 || (c->workers && c->idle == c->workers),
		  !pool->nr_running || (bound && !associated),
		  pool_name(pool), "nr_running is %d, and %d of %d workers idle", pool->nr_running, c->idle, c->workers);
	INVARIANT(C5, c->workers, idle == pool->nr_idle && c->idle == idle && c->workers == pool->nr_workers,
		  pool_name(pool), "nr_idle %d and nr_workers %d, on idle_list %d, with WORKER_IDLE %d, in all %d",
		  pool->nr_idle, pool->nr_workers, idle, c->idle, c->workers);
	INVARIANT(C3, waiting && !never_up, seen_to || left_to_the_busy(pool, c, seen_to) || only_stranded_barriers(pool),
		  pool_name(pool),
		  "items wait, nr_running is %d, of %d idle workers none was woken, nobody manages",
		  pool->nr_running, c->idle);
	INVARIANT(C4, c->executing, pool->nr_idle || managing, pool_name(pool),
		  "%d execute, nr_idle is %d, and nobody manages", c->executing, pool->nr_idle);
}

/* How many workers it looked at. */
static int check_workers(struct worker_pool *pool)
{
	struct census c = { 0 };
	struct worker *worker;

	list_for_each_entry(worker, &pool->workers, node)
		check_worker(pool, worker, &c);
	check_census(pool, &c);
	return c.workers + c.rescuers;
}

/* ---- items ---- */

/* What a walk over the pool's lists finds of one pwq. */
struct tally {
	const struct pool_workqueue *pwq;	/* NULL: of all, and nothing is counted */
	int color[WORK_NR_COLORS + 1];
	int items;
};

static void count_item(struct tally *t, const struct pool_workqueue *pwq, int color)
{
	if (t->pwq != pwq)
		return;
	t->color[color]++;
	t->items++;
}

/* A6, A7, D5, E8 for an item on a list, behind `before`. */
static void check_item(struct worker_pool *pool, struct work_struct *work, struct list_head *before,
		       struct list_head *list, bool delayed)
{
	unsigned long data = work_data(work);
	struct pool_workqueue *pwq = peek_work_pwq(work);
	int color = get_work_color(work);
	struct list_head *next = work->entry.next;

	INVARIANT(A6, true, (data & WORK_STRUCT_PENDING) && work->entry.prev == before, check_item_name(work),
		  "it is on a list of %s, PENDING is %lu, and its links %s", pool_name(pool),
		  data & WORK_STRUCT_PENDING, work->entry.prev == before ? "are right" : "lead elsewhere");
	/* A barrier is held back with its target, and unmarked. */
	INVARIANT(A7, true, pwq && pwq->pool == pool &&
		  (is_barrier(work) || !!(data & WORK_STRUCT_DELAYED) == delayed), check_item_name(work), "it is on %s of %s, its word has flags 0x%lx and names %s",
		  delayed ? "delayed_works" : "a list", pool_name(pool), data & 0xf,
		  pwq ? "another pool" : "no pwq");
	INVARIANT(D5, is_barrier(work) || color == WORK_NO_COLOR, is_barrier(work) && color == WORK_NO_COLOR,
		  check_item_name(work), "its colour is %d", color);
	INVARIANT(E8, data & WORK_STRUCT_LINKED,
		  next != list && is_barrier(list_entry(next, struct work_struct, entry)), check_item_name(work),
		  "a barrier belongs to it, and none stands behind it");
}

static int check_list(struct worker_pool *pool, struct list_head *list, bool delayed, struct tally *t)
{
	struct list_head *before = list;
	struct work_struct *work;
	int n = 0;

	list_for_each_entry(work, list, entry) {
		check_item(pool, work, before, list, delayed);
		before = &work->entry;
		count_item(t, peek_work_pwq(work), get_work_color(work));
		n++;
	}
	return n;
}

/* D3 and D4: count what is in flight of a touched pwq, and compare. */
static int check_in_flight(struct worker_pool *pool, struct pool_workqueue *pwq)
{
	struct tally t = { .pwq = pwq };
	struct worker *worker;
	int n, color, linked;

	n = check_list(pool, &pool->worklist, false, &t);
	n += check_list(pool, &pwq->delayed_works, true, &t);
	list_for_each_entry(worker, &pool->workers, node) {
		n += check_list(pool, &worker->scheduled, false, &t) + 1;
		if (worker->current_pwq == pwq)
			count_item(&t, pwq, worker->check.color);
	}
	for (color = 0; color < WORK_NR_COLORS; color++) {
		if (!pwq->nr_in_flight[color] && !t.color[color])
			continue;
		INVARIANT(D3, true, pwq->nr_in_flight[color] == t.color[color], pwq_name(pwq),
			  "nr_in_flight of colour %d is %d, and %d items have it", color,
			  pwq->nr_in_flight[color], t.color[color]);
	}
	/* An unbound pwq loses the reference for its link when its workqueue goes. */
	linked = pwq->wq->cpu_pwqs || pwq->wq->dfl_pwq == pwq;
	INVARIANT(D4, t.items || pwq->refcnt < linked, pwq->refcnt >= t.items + linked, pwq_name(pwq),
		  "refcnt is %d, and %d items are in flight", pwq->refcnt, t.items);
	return n;
}

/* ---- pwqs ---- */

/* Under pool->lock: the pwq's counts are about to change. */
void __check_touched(struct pool_workqueue *pwq)
{
	struct worker_pool *pool = pwq->pool;

	race_ignore();
	if (!pwq->check.touched) {
		pwq->check.touched = true;
		pwq->check.next = pool->check.touched;
		pool->check.touched = pwq;
	}
	race_watch();
}

static void check_active(struct pool_workqueue *pwq)
{
	int active = pwq->nr_active, most = pwq->max_active;

	INVARIANT(D1, active, active >= 0 && (active <= most || active <= pwq->check.active), pwq_name(pwq),
		  "nr_active is %d (before: %d), max_active is %d", active, pwq->check.active, most);
	pwq->check.active = active;
	INVARIANT(D2, !list_empty(&pwq->delayed_works), active >= most, pwq_name(pwq),
		  "items are held back, nr_active is %d, max_active is %d", active, most);
}

/* ---- when the lock is released ---- */

/* Long lists are walked seldom, so that a release costs no more than some elements. */
static bool worth_a_walk(struct worker_pool *pool)
{
	if (pool->check.rest) {
		pool->check.rest--;
		return false;
	}
	return true;
}

static void check_pool(spinlock_t *lock)
{
	struct worker_pool *pool = container_of(lock, struct worker_pool, lock);
	struct pool_workqueue *pwq;
	bool walk;
	int n = 0;

	race_ignore();
	walk = worth_a_walk(pool);
	while ((pwq = pool->check.touched)) {
		pool->check.touched = pwq->check.next;
		pwq->check.touched = false;
		check_active(pwq);
		if (walk)
			n += check_in_flight(pool, pwq);
	}
	check_mayday(pool);
	check_trimmed(pool);
	if (walk)
		pool->check.rest = (n + check_workers(pool)) / WALK_SHARE;
	race_watch();
}

/*
 * An item is about to be stolen from its list, under pool->lock.  What is activated in
 * its place may be left waiting (left_to_the_busy()), and the barriers behind it stay where
 * they are, though they have no target any more.
 */
void __check_steal(struct worker_pool *pool, struct work_struct *work)
{
	race_ignore();
	pool->check.left = true;
	while (work_data(work) & WORK_STRUCT_LINKED) {
		work = list_entry(work->entry.next, struct work_struct, entry);
		container_of(work, struct wq_barrier, work)->target = NULL;
	}
	race_watch();
}

void check_init_pool(struct worker_pool *pool)
{
	spin_lock_guards(&pool->lock, check_pool);
}
