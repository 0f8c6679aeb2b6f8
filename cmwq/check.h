/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the chapters tell check.c and check_wq.c, at the steps that a released lock does
 * not show.  Each is a test of one flag; the flag is set on the simulated machine alone.
 *
 * Included by workqueue_internal.h.  Read next: check.c.
 */
#ifndef CMWQ_CHECK_H
#define CMWQ_CHECK_H

const char *pool_name(const struct worker_pool *pool);
const char *pwq_name(const struct pool_workqueue *pwq);
void check_init_pool(struct worker_pool *pool);
void check_init_wq(struct workqueue_struct *wq);
void check_quiet(void);
void __check_touched(struct pool_workqueue *pwq);
void __check_steal(struct worker_pool *pool, struct work_struct *work);
void __check_executes(struct worker *worker, struct work_struct *work, int color);
void __check_collision(struct worker *worker, struct work_struct *work, struct worker *heir);
void __check_trim(struct worker *worker);
void __check_frozen(bool stand_still);
void __check_further(struct worker_pool *pool);
void __check_dropped(struct workqueue_struct *wq, struct work_struct *work);
void __check_destroyed(struct workqueue_struct *wq);
void __check_down(void);

/* What keeps the books of an ordered workqueue. */
static inline struct check_order *order_of(struct workqueue_struct *wq)
{
	return __READ_ONCE(wq->flags) & __WQ_ORDERED ? &wq->order : NULL;
}

/* Under pool->lock: the pwq's counts change. */
static inline void check_touched(struct pool_workqueue *pwq)
{
	if (unlikely(invariants_on))
		__check_touched(pwq);
}

/* Under pool->lock: the item is about to be taken off its list. */
static inline void check_steal(struct worker_pool *pool, struct work_struct *work)
{
	if (unlikely(invariants_on))
		__check_steal(pool, work);
}

/* Under pool->lock: the worker has made the item its current one. */
static inline void check_executes(struct worker *worker, struct work_struct *work, int color)
{
	if (unlikely(invariants_on))
		__check_executes(worker, work, color);
}

/* Under pool->lock: the worker is about to hand the item to the one that executes it. */
static inline void check_collision(struct worker *worker, struct work_struct *work, struct worker *heir)
{
	if (unlikely(invariants_on))
		__check_collision(worker, work, heir);
}

/* Under pool->lock: the idle timer is about to let the worker go. */
static inline void check_trim(struct worker *worker)
{
	if (unlikely(invariants_on))
		__check_trim(worker);
}

/* Under wq_pool_mutex: no freezable item executes; or they may again. */
static inline void check_frozen(bool stand_still)
{
	if (unlikely(invariants_on))
		__check_frozen(stand_still);
}

/* Under pool->lock: a worker goes on to another item, and nothing has happened since it decided so. */
static inline void check_further(struct worker_pool *pool)
{
	if (unlikely(invariants_on))
		__check_further(pool);
}

/* The workqueue drains, and an outsider's item is not queued. */
static inline void check_dropped(struct workqueue_struct *wq, struct work_struct *work)
{
	if (unlikely(invariants_on))
		__check_dropped(wq, work);
}

/* The engine is down but for its tables. */
static inline void check_down(void)
{
	if (unlikely(invariants_on))
		__check_down();
}

/* The workqueue is down but for its memory. */
static inline void check_destroyed(struct workqueue_struct *wq)
{
	if (unlikely(invariants_on))
		__check_destroyed(wq);
}

#endif
