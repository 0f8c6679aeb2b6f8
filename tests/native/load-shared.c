// SPDX-License-Identifier: GPL-2.0-only
/*
 * The shared half of the load: every task does anything to a few dozen items.
 *
 *	some stay on one workqueue, half of those on one CPU of it: they must not run
 *	twice at once (in legacy only if they stay on one CPU)
 *	some go anywhere, to the other engine too: their books must balance
 *	some are never cancelled: their last run has seen the last attempt
 *
 * Legacy's mod_delayed_work() stops the timer and queues again, and true does not
 * tell whether somebody else came in between (docs/switch.md); so it is used on a few
 * items only, and their books may be short by as many as it returned true.
 */
#include "load.h"

struct load_item load_shared[LOAD_SHARED];

static void init_one(struct load_item *it, unsigned int nr)
{
	struct load_queue *q = nr % 4 == 3 ? NULL : &load_queues[nr * 3 / 4 % load_nr_queues];
	int cpu = q && (q->legacy || nr % 2) ? (int)(nr * 5 % LOAD_CPUS) : -1;

	load_item_init(it, q, cpu);
	it->nr = nr;
	it->alone = q;
	it->mortal = nr % 3;
}

void load_shared_init(void)
{
	unsigned int i;

	for (i = 0; i < LOAD_SHARED; i++)
		init_one(&load_shared[i], i);
}

static struct load_item *some_item(u64 *rnd)
{
	return &load_shared[load_random(rnd, LOAD_SHARED)];
}

/* Where an item goes this time. */
static struct load_queue *target(struct load_item *it, u64 *rnd, int *cpu)
{
	*cpu = it->cpu;
	if (*cpu < 0 && load_random(rnd, 2))
		*cpu = load_random(rnd, LOAD_CPUS);
	return it->q ? it->q : load_some_queue(rnd);
}

static void queue_it(struct load_item *it, u64 *rnd)
{
	struct load_queue *q;
	int cpu;

	q = target(it, rnd, &cpu);
	if (load_random(rnd, 3))
		load_item_queue(it, q, cpu);
	else
		load_item_queue_later(it, q, cpu, load_random(rnd, 4));
}

static void mod_it(struct load_item *it, u64 *rnd)
{
	unsigned long delay = load_random(rnd, 3);
	bool exact = !load_has_legacy || (it->q && !it->q->legacy), was_pending;
	struct load_queue *q;
	int cpu;

	if (!exact && it->nr % 8 > 1)
		return;
	q = target(it, rnd, &cpu);
	load_attempt(it);
	was_pending = mod_delayed_work_on(cpu < 0 ? WORK_CPU_UNBOUND : cpu, q->wq, &it->dw, delay);
	load_item_won(it, !was_pending);
	if (!exact && was_pending)
		atomic_inc(&it->slack);
}

static void cancel_it(struct load_item *it, u64 *rnd)
{
	if (!it->mortal)
		return;
	load_item_taken(it, load_random(rnd, 2) ? cancel_delayed_work(&it->dw) :
						  cancel_delayed_work_sync(&it->dw));
}

/* Legacy takes it to keventd, which is no place for one that must stay where it is. */
static void hurry_it(struct load_item *it)
{
	if (!it->q || !it->q->legacy)
		flush_delayed_work(&it->dw);
}

static void stretch(u64 *rnd)
{
	struct load_queue *q = load_some_queue(rnd);

	if (q->elastic)
		workqueue_set_max_active(q->wq, 1 + load_random(rnd, 6));
}

static void pause_or_move(u64 *rnd)
{
	switch (load_random(rnd, 8)) {
	case 0:
		schedule_timeout_uninterruptible(1);
		break;
	case 1:
		set_cpus_allowed_ptr(current, cpumask_of(load_random(rnd, LOAD_CPUS)));
		break;
	case 2:
		usleep_range(10, 100);
		break;
	case 3:
		udelay(load_random(rnd, 50));
		break;
	}
}

void load_shared_op(struct load_task *t)
{
	struct load_item *it = some_item(&t->rnd);

	switch (load_random(&t->rnd, 32)) {
	case 0 ... 14:
		queue_it(it, &t->rnd);
		break;
	case 15 ... 17:
		mod_it(it, &t->rnd);
		break;
	case 18 ... 21:
		cancel_it(it, &t->rnd);
		break;
	case 22 ... 23:
		flush_work(&it->dw.work);
		break;
	case 24:
		hurry_it(it);
		break;
	case 25:
		flush_workqueue(load_some_queue(&t->rnd)->wq);
		break;
	case 26 ... 27:
		stretch(&t->rnd);
		break;
	case 28:
		work_busy(&it->dw.work);
		break;
	default:
		pause_or_move(&t->rnd);
		break;
	}
}

/* In interrupt context: nothing that sleeps. */
void load_shared_timer(unsigned long data)
{
	struct load_task *t = (struct load_task *)data;

	CHECK(in_interrupt());
	if (atomic_read(&load_stopping))
		return;
	queue_it(some_item(&t->timer_rnd), &t->timer_rnd);
	mod_timer(&t->timer, jiffies + 1 + load_random(&t->timer_rnd, 3));
}

static struct load_item *who_is_busy(void)
{
	struct load_item *it;

	for (it = load_shared; it < load_shared + LOAD_SHARED; it++)
		if (work_busy(&it->dw.work) || atomic_read(&it->inside))
			return it;
	return NULL;
}

/* Nobody calls any more: let all come to rest, and look at the books. */
void load_shared_check(void)
{
	unsigned int i, slept = 0;
	struct load_item *it;

	while ((it = who_is_busy())) {
		CHECK_MSG(slept++ < LOAD_PATIENCE, "is not done: %s", load_item_story(it));
		schedule_timeout_uninterruptible(1);
	}
	for (i = 0; i < load_nr_queues; i++)
		flush_workqueue(load_queues[i].wq);
	for (it = load_shared; it < load_shared + LOAD_SHARED; it++) {
		load_item_is_idle(it);
		CHECK_MSG(it->mortal || atomic_read(&it->seen) == atomic_read(&it->wrote),
			  "the last attempt was not seen, only the %d. one: %s",
			  atomic_read(&it->seen), load_item_story(it));
	}
}
