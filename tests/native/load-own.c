// SPDX-License-Identifier: GPL-2.0-only
/*
 * The other half of the load: items that one task owns, and what each call promises
 * of them while everybody else keeps the workqueues busy.
 *
 * An owned item is idle between two operations, and its owner the only one who queues
 * it, besides itself.  So it can be said exactly what holds when a call returns.
 */
#include "load.h"

atomic_long_t load_made_to_free, load_each_cpu_calls, load_each_cpu_ran;

/* Move an idle item to some place. */
static struct load_queue *settle(struct load_item *it, u64 *rnd)
{
	struct load_queue *q = load_some_queue(rnd);

	it->q = q;
	it->cpu = load_random(rnd, 2) ? (int)load_random(rnd, LOAD_CPUS) : -1;
	it->mild = load_random(rnd, 2);
	return q;
}

static void ran_once(struct load_item *it, int before)
{
	CHECK_MSG(atomic_read(&it->ran) == before + 1 && atomic_read(&it->seen) == atomic_read(&it->wrote),
		  "did not run once: %s", load_item_story(it));
	load_item_is_idle(it);
}

/* E1, E2: queued and flushed, it has run. */
static void queue_and_flush(struct load_item *it, u64 *rnd)
{
	struct load_queue *q = settle(it, rnd);
	int before = atomic_read(&it->ran);

	CHECK(load_item_queue(it, q, it->cpu));
	if (load_random(rnd, 4))
		flush_work(&it->dw.work);
	else
		flush_workqueue(q->wq);
	ran_once(it, before);
}

/* E3, E4, E5: cancelled, it has run or it has not; in any case it is idle. */
static void queue_and_cancel(struct load_item *it, u64 *rnd)
{
	struct load_queue *q = settle(it, rnd);
	int before = atomic_read(&it->ran);
	bool taken;

	if (load_random(rnd, 2))
		CHECK(load_item_queue(it, q, it->cpu));
	else
		CHECK(load_item_queue_later(it, q, it->cpu, load_random(rnd, 3)));
	if (load_random(rnd, 2))
		udelay(load_random(rnd, 100));
	taken = cancel_delayed_work_sync(&it->dw);
	load_item_taken(it, taken);
	CHECK_EQ(atomic_read(&it->ran), before + !taken);
	load_item_is_idle(it);
	CHECK(!cancel_delayed_work_sync(&it->dw));
	CHECK(!flush_work(&it->dw.work));
}

/* F1: not before its time.  And it comes, though nobody flushes. */
static void queue_and_wait(struct load_item *it, u64 *rnd)
{
	struct load_queue *q = settle(it, rnd);
	unsigned long delay = 1 + load_random(rnd, 4);
	unsigned int slept = 0;
	int before = atomic_read(&it->ran);
	u64 start = mach_now();

	CHECK(load_item_queue_later(it, q, it->cpu, delay));
	while (atomic_read(&it->ran) == before) {
		CHECK_MSG(slept++ < LOAD_PATIENCE, "does not run: %s", load_item_story(it));
		schedule_timeout_uninterruptible(1);
	}
	/* A tick is 1 ms; the one that was under way counts as a whole one. */
	CHECK((u64)atomic_long_read(&it->at) - start >= (delay - 1) * 1000000);
	flush_work(&it->dw.work);
	ran_once(it, before);
}

/* F3: a delay that is changed leaves one instance. */
static void queue_and_mod(struct load_item *it, u64 *rnd)
{
	struct load_queue *q = settle(it, rnd);
	int before = atomic_read(&it->ran), cpu;
	unsigned long delay = load_random(rnd, 3);

	cpu = it->cpu < 0 ? WORK_CPU_UNBOUND : it->cpu;
	load_attempt(it);
	CHECK_EQ(mod_delayed_work_on(cpu, q->wq, &it->dw, 1000 * HZ), false);
	load_item_won(it, true);
	load_attempt(it);
	CHECK_EQ(mod_delayed_work_on(cpu, q->wq, &it->dw, delay), true);
	if (delay && q->legacy) {
		/* Hurried, it goes to keventd. */
		load_item_taken(it, cancel_delayed_work_sync(&it->dw));
		load_item_is_idle(it);
		return;
	}
	flush_delayed_work(&it->dw);
	ran_once(it, before);
}

/* E3: cancelled, it does not queue itself again. */
static void chain_and_cancel(struct load_item *it, u64 *rnd)
{
	struct load_queue *q = settle(it, rnd);
	int ran;

	atomic_set(&it->chain, 1000);
	CHECK(load_item_queue(it, q, it->cpu));
	if (load_random(rnd, 2))
		usleep_range(1, 200);
	load_item_taken(it, cancel_work_sync(&it->dw.work));
	ran = atomic_read(&it->ran);
	load_item_is_idle(it);
	atomic_set(&it->chain, 0);
	udelay(20);
	CHECK_EQ(atomic_read(&it->ran), ran);
}

/* A5: the function may free the item. */
static void queue_and_forget(u64 *rnd)
{
	struct load_item *it = kmalloc(sizeof(*it), GFP_KERNEL);

	CHECK(it);
	load_item_init(it, NULL, -1);
	it->q = load_some_queue(rnd);
	it->frees_itself = true;
	atomic_inc(&it->attempts);
	atomic_inc(&it->won);
	atomic_long_inc(&load_won);
	atomic_long_inc(&load_made_to_free);
	CHECK(queue_work(it->q->wq, &it->dw.work));
}

/* On the stack, and gone with it. */
static void queue_from_stack(u64 *rnd)
{
	struct load_item it;

	load_item_init(&it, NULL, -1);
	settle(&it, rnd);
	CHECK(load_item_queue(&it, it.q, it.cpu));
	flush_work(&it.dw.work);
	ran_once(&it, 0);
	destroy_delayed_work_on_stack(&it.dw);
}

static void each_cpu_fn(struct work_struct *work)
{
	atomic_long_inc(&load_each_cpu_ran);
}

/* ---- a workqueue of one's own ---- */

#define NR_CHURN	5

struct churn {
	struct load_queue q;
	struct load_item items[NR_CHURN];
};

static void churn_queue(struct churn *c, u64 *rnd)
{
	struct load_item *it;

	for (it = c->items; it < c->items + NR_CHURN; it++) {
		load_item_init(it, &c->q, load_random(rnd, 2) ? (int)load_random(rnd, LOAD_CPUS) : -1);
		it->alone = true;
		if (load_random(rnd, 4)) {
			atomic_set(&it->chain, load_random(rnd, 4));
			CHECK(load_item_queue(it, &c->q, it->cpu));
		} else {
			CHECK(load_item_queue_later(it, &c->q, it->cpu, 1 + load_random(rnd, 3)));
		}
	}
}

/* A timer that fires while the workqueue goes would be an outsider. */
static void churn_cancel(struct churn *c, bool all)
{
	struct load_item *it;

	for (it = c->items; it < c->items + NR_CHURN; it++)
		if (all || timer_pending(&it->dw.timer) || !atomic_read(&it->ran))
			load_item_taken(it, cancel_delayed_work_sync(&it->dw));
}

static void churn_check(struct churn *c)
{
	struct load_item *it;

	for (it = c->items; it < c->items + NR_CHURN; it++)
		load_item_is_idle(it);
}

/* E6, H1, H3: drained or destroyed, all of it has run, and nothing looks at it again. */
static void churn(u64 *rnd)
{
	struct churn *c = kmalloc(sizeof(*c), GFP_KERNEL);

	CHECK(c);
	if (!load_queue_make(&c->q, rnd)) {
		kfree(c);
		return;
	}
	churn_queue(c, rnd);
	switch (load_random(rnd, 4)) {
	case 0:
		churn_cancel(c, true);
		churn_check(c);
		break;
	case 1:
		churn_cancel(c, false);
		drain_workqueue(c->q.wq);
		churn_check(c);
		break;
	case 2:
		flush_workqueue(c->q.wq);
		churn_cancel(c, true);
		break;
	default:
		churn_cancel(c, false);
		break;
	}
	destroy_workqueue(c->q.wq);
	churn_check(c);
	kfree(c);
}

void load_own_op(struct load_task *t)
{
	switch (load_random(&t->rnd, 64)) {
	case 0 ... 15:
		queue_and_flush(t->mine, &t->rnd);
		break;
	case 16 ... 31:
		queue_and_cancel(t->mine, &t->rnd);
		break;
	case 32 ... 35:
		queue_and_wait(t->mine, &t->rnd);
		break;
	case 36 ... 39:
		queue_and_mod(t->mine, &t->rnd);
		break;
	case 40 ... 44:
		chain_and_cancel(t->mine, &t->rnd);
		break;
	case 45 ... 54:
		queue_and_forget(&t->rnd);
		break;
	case 55 ... 59:
		queue_from_stack(&t->rnd);
		break;
	case 60:
		atomic_long_inc(&load_each_cpu_calls);
		CHECK_EQ(schedule_on_each_cpu(each_cpu_fn), 0);
		break;
	default:
		churn(&t->rnd);
		break;
	}
}
