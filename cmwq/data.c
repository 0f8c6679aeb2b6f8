// SPDX-License-Identifier: GPL-2.0-only
/*
 * The data word: where an item is, or where it last was.
 *
 * Whoever wins PENDING owns the word until the item is on a list; from then on the
 * lock of the pool it is queued to guards it (C-F4).  The last pool stays in the
 * word after the item has run, so that a later queuer finds out whether it still
 * runs there: that is what makes workqueues non-reentrant (C-F20).
 *
 * An item that the other engine holds has a word in that engine's form.  So the
 * winner of PENDING first brings the word into ours (claim_work()), and a reader
 * without PENDING reads engine, data, and engine again (decision 17).
 *
 * Read next: queue.c.
 */
#include "workqueue_internal.h"

static void set_work_data(struct work_struct *work, unsigned long data)
{
	atomic_long_set(&work->data, data);
}

/* The word, if it is in our form; false: another engine holds the item, or none ever did. */
bool read_work_data(struct work_struct *work, unsigned long *data)
{
	const struct wq_engine *before, *after;

	do {
		before = READ_ONCE(work->engine);
		smp_rmb();	/* pairs with claim_work() */
		*data = atomic_long_read(&work->data);
		smp_rmb();
		after = READ_ONCE(work->engine);
	} while (before != after);
	/*
	 * The item may have been away and back between the looks, so that the word is the
	 * other engine's all the same.  Ours is a pwq or a small number; nothing else is.
	 */
	return after == &cmwq_engine &&
	       ((*data & WORK_STRUCT_PWQ) || !(*data >> (WORK_OFFQ_POOL_SHIFT + WORK_OFFQ_POOL_BITS)));
}

/* Right after winning PENDING: whatever form the word had, it is ours now. */
void claim_work(struct work_struct *work)
{
	if (__READ_ONCE(work->engine) == &cmwq_engine)
		return;
	/* Nobody's in between, lest a reader takes the new word for one of the old form. */
	WRITE_ONCE(work->engine, NULL);
	smp_wmb();
	set_work_data(work, WORK_STRUCT_NO_POOL | WORK_STRUCT_PENDING);
	smp_wmb();
	WRITE_ONCE(work->engine, &cmwq_engine);
}

/* On a list from now on; the pool's lock is held. */
void set_work_pwq(struct work_struct *work, struct pool_workqueue *pwq, unsigned long extra_flags)
{
	set_work_data(work, (unsigned long)pwq | WORK_STRUCT_PENDING | WORK_STRUCT_PWQ | extra_flags);
	WRITE_ONCE(work->engine, &cmwq_engine);
}

static unsigned long pool_data(int pool_id)
{
	return (unsigned long)pool_id << WORK_OFFQ_POOL_SHIFT;
}

/* Stolen from a list: off all lists, still ours. */
void set_work_pool_and_keep_pending(struct work_struct *work, int pool_id)
{
	set_work_data(work, pool_data(pool_id) | WORK_STRUCT_PENDING);
}

/*
 * PENDING goes: from here on anybody may queue the item again.  In one exchange, which
 * orders both ways.  What we wrote to the item is there before its next owner comes.
 * And for a queuer that loses PENDING: either it comes later and finds the bit clear,
 * or it came before and what it had written is seen by whoever goes on here.  The
 * release stores instead, with a barrier on either side; as a choice point it is that store.
 */
static void give_up_pending(struct work_struct *work, unsigned long data)
{
	mach_point(MP_WRITE, &work->data);
	__atomic_exchange_n(work_data_bits(work), data, __ATOMIC_SEQ_CST);
}

/* About to be executed, or let go of. */
void set_work_pool_and_clear_pending(struct work_struct *work, int pool_id)
{
	give_up_pending(work, pool_data(pool_id));
}

/* Neither pending nor to be found anywhere. */
void clear_work_data(struct work_struct *work)
{
	give_up_pending(work, WORK_STRUCT_NO_POOL);
}

/* The pwq the item is queued to, or NULL when it is on no list. */
struct pool_workqueue *get_work_pwq(struct work_struct *work)
{
	unsigned long data;

	if (!read_work_data(work, &data) || !(data & WORK_STRUCT_PWQ))
		return NULL;
	return (void *)(data & WORK_STRUCT_WQ_DATA_MASK);
}

/*
 * The pool the item is queued to or last ran in; NULL: none.  The caller keeps the
 * pool from going away by being in an RCU-sched reader (interrupts or preemption
 * off) or by what else it holds.
 */
struct worker_pool *get_work_pool(struct work_struct *work)
{
	unsigned long data, id;

	if (!read_work_data(work, &data))
		return NULL;
	if (data & WORK_STRUCT_PWQ)
		return ((struct pool_workqueue *)(data & WORK_STRUCT_WQ_DATA_MASK))->pool;
	id = data >> WORK_OFFQ_POOL_SHIFT;
	return id < WORK_OFFQ_POOL_NONE ? idr_find(&worker_pool_idr, (int)id) : NULL;
}

/* The same as a number, WORK_OFFQ_POOL_NONE for none; the word must be in our form. */
int get_work_pool_id(struct work_struct *work)
{
	unsigned long data = atomic_long_read(&work->data);

	if (data & WORK_STRUCT_PWQ)
		return ((struct pool_workqueue *)(data & WORK_STRUCT_WQ_DATA_MASK))->pool->id;
	return (int)(data >> WORK_OFFQ_POOL_SHIFT);
}

/* PENDING is ours and the item on no list: everybody else keeps off until clear_work_data(). */
void mark_work_canceling(struct work_struct *work)
{
	int id = get_work_pool_id(work);

	set_work_data(work, pool_data(id) | WORK_OFFQ_CANCELING | WORK_STRUCT_PENDING);
}

bool work_is_canceling(struct work_struct *work)
{
	unsigned long data;

	return read_work_data(work, &data) && !(data & WORK_STRUCT_PWQ) && (data & WORK_OFFQ_CANCELING);
}

int get_work_color(struct work_struct *work)
{
	return (work_data(work) >> WORK_STRUCT_COLOR_SHIFT) &
	       ((1 << WORK_STRUCT_COLOR_BITS) - 1);
}
