// SPDX-License-Identifier: GPL-2.0-only
/* Flush colours under many schedules: the invariants, and what a flush promises. */
#include "cmwq_test.h"

#define TASKS	18		/* more than there are colours */
#define CPUS	3

static struct item items[TASKS];
static struct workqueue_struct *q;
static atomic_t left;
static struct completion all_done;

/* Steps from one colour to another on the ring. */
static int ring(int from, int to)
{
	return (to - from + 15) % 15;
}

/* What holds of the colours whenever wq->mutex is free (C-F28). */
static void check_colors(void)
{
	int used, last = 0, color;
	struct pool_workqueue *pwq;
	struct wq_flusher *f;

	mutex_lock(&q->mutex);
	used = ring(q->flush_color, q->work_color);
	CHECK(used <= 14);
	CHECK(list_empty(&q->flusher_overflow) || used == 14);
	CHECK(!q->first_flusher == !used);
	CHECK(used || list_empty(&q->flusher_queue));
	if (q->first_flusher)
		CHECK_EQ(q->first_flusher->flush_color, q->flush_color);
	list_for_each_entry(f, &q->flusher_queue, list) {
		CHECK(f->flush_color >= 0);
		CHECK(ring(q->flush_color, f->flush_color) >= last);
		last = ring(q->flush_color, f->flush_color);
		CHECK(last < used);
	}
	list_for_each_entry(f, &q->flusher_overflow, list)
		CHECK_EQ(f->flush_color, -1);
	list_for_each_entry(pwq, &q->pwqs, pwqs_node) {
		spin_lock_irq(&pwq->pool->lock);
		CHECK_EQ(pwq->work_color, q->work_color);
		CHECK(pwq->flush_color == -1 || pwq->flush_color == q->flush_color);
		CHECK(pwq->flush_color == -1 || pwq->nr_in_flight[pwq->flush_color]);
		for (color = 0; color < 15; color++)
			CHECK(ring(q->flush_color, color) <= used || !pwq->nr_in_flight[color]);
		spin_unlock_irq(&pwq->pool->lock);
	}
	mutex_unlock(&q->mutex);
}

static int task_fn(void *arg)
{
	struct item *it = arg;
	int i = it - items;

	queue_work_on(i % CPUS, q, W(it));
	if (i % 3 == 1)
		queue_delayed_work_on((i + 1) % CPUS, q, &it->dw, 1);
	flush_workqueue(q);
	CHECK(it->runs >= 1);
	check_colors();
	if (i % 4 == 0) {
		queue_work_on((i + 2) % CPUS, q, W(it));
		if (i % 8 == 0)
			cancel_delayed_work(&it->dw);
		flush_workqueue(q);
		check_colors();
	}
	if (atomic_dec_and_test(&left))
		complete(&all_done);
	return 0;
}

static int in_any_order(void *arg)
{
	unsigned int rnd = (unsigned long)arg, unbound = rnd % 3 ? 0 : WQ_UNBOUND;

	q = alloc_workqueue("q", unbound, rnd % 2 ? 2 : 0);
	init_completion(&all_done);
	atomic_set(&left, TASKS);
	for (int i = 0; i < TASKS; i++) {
		item_init(&items[i]);
		items[i].sleep = next_random(&rnd) % 3;
	}
	for (int i = 0; i < TASKS; i++) {
		kthread_run(task_fn, &items[i], "task/%d", i);
		check_colors();
	}
	wait_for_completion(&all_done);
	check_colors();
	CHECK_EQ(q->flush_color, q->work_color);
	pass_ms(5);
	destroy_workqueue(q);
	return 0;
}

WQTEST(cmwq, cf28_colours_in_any_order)
{
	run_seeds(CPUS, in_any_order, 1, 150);
}
