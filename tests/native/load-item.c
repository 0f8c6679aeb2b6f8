// SPDX-License-Identifier: GPL-2.0-only
/*
 * An item of the load: its books, and its function.
 *
 * The function notes that it is there, looks whether it may be, passes its time in
 * one of many ways, and leaves.  What it looks after is listed in load.h.
 *
 * Locking: the books are atomics, and add up when nothing moves.  One mutex is there
 * to be waited for.
 */
#include "load.h"

atomic_long_t load_freed;
static DEFINE_MUTEX(pile);

/* ---- the books ---- */

static void item_fn(struct work_struct *work);

void load_item_init(struct load_item *it, struct load_queue *q, int cpu)
{
	memset(it, 0, sizeof(*it));
	INIT_DELAYED_WORK(&it->dw, item_fn);
	it->q = q;
	it->cpu = cpu;
}

/* Before each call that may queue it. */
void load_attempt(struct load_item *it)
{
	atomic_inc(&it->wrote);
	atomic_inc(&it->attempts);
}

void load_item_won(struct load_item *it, bool won)
{
	if (!won)
		return;
	atomic_inc(&it->won);
	atomic_long_inc(&load_won);
}

void load_item_taken(struct load_item *it, bool won)
{
	if (!won)
		return;
	atomic_inc(&it->taken);
	atomic_long_inc(&load_taken);
}

bool load_item_queue(struct load_item *it, struct load_queue *q, int cpu)
{
	bool won;

	load_attempt(it);
	won = cpu < 0 ? queue_work(q->wq, &it->dw.work) : queue_work_on(cpu, q->wq, &it->dw.work);
	load_item_won(it, won);
	return won;
}

bool load_item_queue_later(struct load_item *it, struct load_queue *q, int cpu, unsigned long delay)
{
	bool won;

	load_attempt(it);
	won = cpu < 0 ? queue_delayed_work(q->wq, &it->dw, delay) :
			queue_delayed_work_on(cpu, q->wq, &it->dw, delay);
	load_item_won(it, won);
	return won;
}

/* All that can be said of an item, for a failed check. */
const char *load_item_story(struct load_item *it)
{
	static char story[256];
	struct delayed_work *dw = &it->dw;
	const struct wq_engine *engine = __READ_ONCE(dw->work.engine);

	snprintf(story, sizeof(story),
		 "item %u (%d attempts, %d won, %d runs, %d cancels, %d inside; of %s; word %#lx of %s, %slinked; timer %s, %ld ticks to go; for CPU %d)",
		 it->nr, atomic_read(&it->attempts), atomic_read(&it->won), atomic_read(&it->ran),
		 atomic_read(&it->taken), atomic_read(&it->inside),
		 it->q ? wq_engine_of(it->q->wq)->wq_name(it->q->wq) : "any",
		 (unsigned long)atomic_long_read(&dw->work.data), engine ? engine->name : "nobody",
		 list_empty(&dw->work.entry) ? "not " : "", timer_pending(&dw->timer) ? "set" : "not set",
		 (long)(dw->timer.expires - jiffies), it->cpu);
	return story;
}

/* E1 to E4: it is, and its books are closed.  For who owns it alone, or when nothing moves. */
void load_item_is_idle(struct load_item *it)
{
	int open;

	CHECK_MSG(!delayed_work_pending(&it->dw) && !timer_pending(&it->dw.timer) &&
		  list_empty(&it->dw.work.entry) && !atomic_read(&it->inside),
		  "not idle: %s", load_item_story(it));
	open = atomic_read(&it->won) - atomic_read(&it->ran) - atomic_read(&it->taken);
	CHECK_MSG(open >= 0 && open <= atomic_read(&it->slack), "the books do not balance: %s",
		  load_item_story(it));
}

/* ---- at its start and at its end ---- */

static void see(struct load_item *it)
{
	int now = atomic_read(&it->wrote), seen = atomic_read(&it->seen), was;

	for (; seen < now; seen = was) {
		was = atomic_cmpxchg(&it->seen, seen, now);
		if (was == seen)
			break;
	}
}

static atomic_t *count_of(struct load_queue *q, int cpu)
{
	if (!q || q->limit == LIMIT_NONE)
		return NULL;
	return &q->running[q->limit == LIMIT_CPU ? cpu : 0];
}

static void enter(struct load_item *it, struct load_queue *q, int cpu)
{
	atomic_t *count = count_of(q, cpu);
	int inside = atomic_inc_return(&it->inside), ran;

	CHECK_MSG(!it->alone || inside == 1, "runs twice at once: %s", load_item_story(it));
	ran = atomic_inc_return(&it->ran);
	ran += atomic_read(&it->taken);
	CHECK_MSG(ran <= atomic_read(&it->attempts), "runs too often: %s", load_item_story(it));
	atomic_long_inc(&load_ran);
	see(it);
	atomic_long_set(&it->at, mach_now());
	if (q && q->bound && it->cpu >= 0)
		CHECK_EQ(cpu, it->cpu);
	if (count)
		CHECK_EQ(atomic_inc_return(count), 1);
}

static void leave(struct load_item *it, struct load_queue *q, int cpu)
{
	atomic_t *count = count_of(q, cpu);

	if (count)
		CHECK_EQ(atomic_dec_return(count), 0);
	atomic_dec(&it->inside);
}

/* ---- in between ---- */

struct leaf {
	struct work_struct work;
	atomic_t ran;
};

static void leaf_fn(struct work_struct *work)
{
	atomic_inc(&container_of(work, struct leaf, work)->ran);
}

/* Wait for another item, from within an item. */
static void wait_for_leaf(unsigned int which)
{
	struct leaf leaf = { .ran = ATOMIC_INIT(0) };

	INIT_WORK_ONSTACK(&leaf.work, leaf_fn);
	CHECK(queue_work(load_leaf_queue(which), &leaf.work));
	flush_work(&leaf.work);
	CHECK_EQ(atomic_read(&leaf.ran), 1);
	destroy_work_on_stack(&leaf.work);
}

static void pass_time(struct load_item *it, u64 *rnd)
{
	unsigned int how = load_random(rnd, it->mild ? 24 : 32);

	switch (how) {
	case 16 ... 19:
		udelay(load_random(rnd, 30));
		break;
	case 20 ... 21:
		cond_resched();
		break;
	case 22 ... 23:
		yield();
		break;
	case 24:
		udelay(200);
		break;
	case 25 ... 26:
		usleep_range(20, 100);
		break;
	case 27:
		schedule_timeout_uninterruptible(1 + load_random(rnd, 2));
		break;
	case 28 ... 29:
		mutex_lock(&pile);
		udelay(5);
		mutex_unlock(&pile);
		break;
	case 30 ... 31:
		wait_for_leaf(how);
		break;
	}
}

static void item_fn(struct work_struct *work)
{
	struct load_item *it = container_of(work, struct load_item, dw.work);
	u64 rnd = (unsigned long)it + atomic_read(&it->ran) * 7919;
	int cpu = smp_processor_id();
	struct load_queue *q = it->q;

	enter(it, q, cpu);
	pass_time(it, &rnd);
	if (atomic_dec_if_positive(&it->chain) >= 0)
		load_item_queue(it, q, it->cpu);
	leave(it, q, cpu);
	if (it->frees_itself) {
		kfree(it);
		atomic_long_inc(&load_freed);
	}
}
