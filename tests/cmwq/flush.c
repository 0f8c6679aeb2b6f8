// SPDX-License-Identifier: GPL-2.0-only
/* flush_workqueue() and its colours. */
#include "cmwq_test.h"

#define FLUSHERS	20

static struct item items[FLUSHERS + 1];
static struct workqueue_struct *q;
static struct pool_workqueue *pwq;

/* Who flushes q, and when it was through. */
static struct {
	u64 done;
	struct task_struct *task;	/* NULL: not used */
} flusher[FLUSHERS];

static int flusher_fn(void *arg)
{
	flush_workqueue(q);
	flusher[(unsigned long)arg].done = mach_now();
	return 0;
}

/* Start flusher nr and let it come to where it waits. */
static void flush(unsigned long nr)
{
	char name[16];

	snprintf(name, sizeof(name), "flusher/%lu", nr);
	flusher[nr].task = start_joinable(flusher_fn, (void *)nr, name);
	pass_ms(1);
}

static void queue_held(int nr)
{
	held_init(&items[nr]);
	CHECK(queue_work_on(1, q, W(&items[nr])));
}

static void begin(void)
{
	stay_on(0);
	q = alloc_workqueue("q", 0, 0);
	pwq = pwq_on(q, 1);
}

static void end(void)
{
	for (int i = 0; i < FLUSHERS; i++)
		if (flusher[i].task)
			join_task(flusher[i].task);
	destroy_workqueue(q);
}

/* How often a step of the colours was taken. */
static int steps(const char *what)
{
	return named_events(TRACE_FLUSH_COLOR, what, "q");
}

/* New items have the workqueue's colour and count for it until they retire. */
static int paint(void *arg)
{
	begin();
	CHECK_EQ(q->work_color, 0);
	CHECK_EQ(q->flush_color, 0);
	CHECK_EQ(pwq->flush_color, -1);
	queue_held(0);
	queue_held(1);
	CHECK_EQ(pwq->nr_in_flight[0], 2);
	pass_ms(1);
	flush(0);
	CHECK_EQ(q->work_color, 1);
	CHECK_EQ(q->flush_color, 0);
	CHECK_EQ(pwq->flush_color, 0);
	CHECK_EQ(pwq->work_color, 1);
	CHECK_EQ(pwq_on(q, 0)->work_color, 1);
	CHECK_EQ(pwq_on(q, 0)->flush_color, -1);	/* nothing there to wait for */

	local_irq_disable();
	item_init(&items[2]);
	queue_work_on(0, q, W(&items[2]));
	CHECK_EQ(word_color(W(&items[2])), 1);
	CHECK_EQ(pwq_on(q, 0)->nr_in_flight[1], 1);
	local_irq_enable();
	pass_ms(1);
	CHECK_EQ(pwq_on(q, 0)->nr_in_flight[1], 0);

	release(&items[0]);
	pass_ms(1);
	CHECK_EQ(pwq->nr_in_flight[0], 1);
	CHECK_EQ(pwq->flush_color, 0);
	CHECK_EQ(flusher[0].done, 0);
	release(&items[1]);
	pass_ms(1);
	CHECK_EQ(pwq->flush_color, -1);
	CHECK_EQ(q->flush_color, 1);
	CHECK_EQ(flusher[0].done, mach_now() - MS(1));
	end();
	return 0;
}

WQTEST(cmwq, cf24_new_items_are_painted)
{
	RUN_OK(2, paint);
}

/* The first flusher arms the pwqs, the next ones queue; with nothing in flight it is done at once. */
static int take(void *arg)
{
	begin();
	flush_workqueue(q);
	CHECK_EQ(mach_now(), 0);
	CHECK_EQ(q->work_color, 1);
	CHECK_EQ(q->flush_color, 1);
	CHECK(!q->first_flusher);
	CHECK_EQ(atomic_read(&q->nr_pwqs_to_flush), 0);

	held_init(&items[FLUSHERS]);
	queue_work_on(2, q, W(&items[FLUSHERS]));
	queue_held(0);
	pass_ms(1);
	flush(0);
	CHECK(q->first_flusher && q->first_flusher->flush_color == 1);
	CHECK_EQ(atomic_read(&q->nr_pwqs_to_flush), 2);
	CHECK(list_empty(&q->flusher_queue));
	flush(1);
	flush(2);
	CHECK_EQ(q->work_color, 4);
	CHECK_EQ(q->flush_color, 1);
	CHECK_EQ(list_length(&q->flusher_queue), 2);
	CHECK_EQ(list_first_entry(&q->flusher_queue, struct wq_flusher, list)->flush_color, 2);
	CHECK_EQ(atomic_read(&q->nr_pwqs_to_flush), 2);	/* not armed for those */
	CHECK_EQ(pwq->flush_color, 1);
	CHECK_EQ(pwq->work_color, 4);
	release(&items[0]);
	pass_ms(1);
	CHECK_EQ(atomic_read(&q->nr_pwqs_to_flush), 1);
	CHECK_EQ(flusher[0].done, 0);
	release(&items[FLUSHERS]);
	pass_ms(1);
	for (int i = 0; i < 3; i++)
		CHECK_EQ(flusher[i].done, MS(5));
	CHECK_EQ(q->flush_color, 4);
	CHECK(!q->first_flusher);
	CHECK_EQ(steps("take"), 2);
	CHECK_EQ(steps("queue"), 2);
	end();
	return 0;
}

WQTEST(cmwq, cf25_take_a_colour_or_queue)
{
	RUN_OK(3, take);
}

/* 14 flushes get a colour each; the others overflow, and share the first that is free. */
static int overflow(void *arg)
{
	struct wq_flusher *f;
	int i;

	begin();
	for (i = 0; i < FLUSHERS; i++) {
		queue_held(i);
		pass_ms(1);
		flush(i);
		CHECK_EQ(q->work_color, min(i + 1, 14));
		CHECK_EQ(list_length(&q->flusher_queue), min(i, 13));
		CHECK_EQ(list_length(&q->flusher_overflow), max(i - 13, 0));
	}
	CHECK_EQ(steps("take"), 1);
	CHECK_EQ(steps("queue"), 13);
	CHECK_EQ(steps("overflow"), 6);
	CHECK_EQ(q->flush_color, 0);
	CHECK_EQ(pwq->nr_in_flight[14], 6);
	list_for_each_entry(f, &q->flusher_overflow, list)
		CHECK_EQ(f->flush_color, -1);

	release(&items[0]);			/* colour 0 is free */
	pass_ms(1);
	CHECK(flusher[0].done && !flusher[1].done);
	CHECK_EQ(steps("share"), 6);
	CHECK(list_empty(&q->flusher_overflow));
	CHECK_EQ(list_length(&q->flusher_queue), 18);
	CHECK_EQ(q->work_color, 0);
	CHECK_EQ(q->flush_color, 1);
	i = 0;
	list_for_each_entry(f, &q->flusher_queue, list) {
		CHECK_EQ(f->flush_color, min(i + 2, 14));
		i++;
	}

	for (i = 1; i < 14; i++) {
		release(&items[i]);
		pass_ms(1);
		CHECK(flusher[i].done && !flusher[i + 1].done);
	}
	for (i = 14; i < FLUSHERS; i++) {	/* one colour: the last item counts */
		CHECK_EQ(flusher[i].done, 0);
		release(&items[i]);
		pass_ms(1);
	}
	for (i = 14; i < FLUSHERS; i++)
		CHECK_EQ(flusher[i].done, mach_now() - MS(1));
	CHECK_EQ(q->flush_color, q->work_color);
	end();
	return 0;
}

WQTEST(cmwq, cf02_20_flushers_overflow_15_colours)
{
	RUN_OK(2, overflow);
}

/* The last item of the last pwq ends it. */
static int last_of_all(void *arg)
{
	begin();
	for (int cpu = 1; cpu < 4; cpu++) {
		item_init(&items[cpu]);
		items[cpu].sleep = 10 * cpu;
		queue_work_on(cpu, q, W(&items[cpu]));
	}
	flush_workqueue(q);
	CHECK_EQ(mach_now(), MS(30));

	/* What max_active holds back is in flight too. */
	workqueue_set_max_active(q, 1);
	queue_held(0);
	queue_held(1);
	pass_ms(1);
	flush(0);
	release(&items[0]);
	pass_ms(1);
	CHECK_EQ(flusher[0].done, 0);
	release(&items[1]);
	end();
	CHECK_EQ(flusher[0].done, MS(33));
	return 0;
}

WQTEST(cmwq, cf26_the_last_item_of_the_last_pwq)
{
	RUN_OK(4, last_of_all);
}

/* An item that is cancelled retires at that moment. */
static int cancelled(void *arg)
{
	begin();
	item_init(&items[0]);
	item_init(&items[1]);
	items[0].burn = 10;
	queue_work_on(1, q, W(&items[0]));
	queue_work_on(1, q, W(&items[1]));
	pass_ms(1);
	flush(0);
	items[0].burn = 0;
	pass_ms(1);
	CHECK_EQ(pwq->nr_in_flight[0], 2);
	CHECK(cancel_work_sync(W(&items[1])));
	CHECK_EQ(pwq->nr_in_flight[0], 1);
	pass_ms(20);
	CHECK_EQ(flusher[0].done, MS(10));
	CHECK_EQ(items[1].runs, 0);
	end();
	return 0;
}

WQTEST(cmwq, cf26_a_stolen_item_retires)
{
	RUN_OK(2, cancelled);
}

/* Only what was queued before: not what comes later, not what a timer still holds. */
static int not_the_later(void *arg)
{
	begin();
	queue_held(0);
	item_init(&items[2]);
	queue_delayed_work_on(1, q, &items[2].dw, 1000);
	pass_ms(1);
	flush(0);
	queue_held(1);
	pass_ms(1);
	release(&items[0]);
	pass_ms(1);
	CHECK_EQ(flusher[0].done, MS(3));
	CHECK_EQ(items[1].inside, 1);
	CHECK(delayed_work_pending(&items[2].dw));
	release(&items[1]);
	cancel_delayed_work_sync(&items[2].dw);
	end();
	return 0;
}

WQTEST(cmwq, cf26_not_what_comes_later)
{
	RUN_OK(2, not_the_later);
}

/*
 * The first one cascades: colours of which nothing is in flight any more pass at
 * once, and it stops at one that has items.
 */
static int cascades(void *arg)
{
	begin();
	for (int i = 0; i < 5; i++) {
		queue_held(i);
		pass_ms(1);
		flush(i);
	}
	release(&items[1]);
	release(&items[2]);
	pass_ms(1);
	for (int i = 0; i < 5; i++)
		CHECK_EQ(flusher[i].done, 0);	/* in order: the first one's is not through */
	release(&items[0]);
	pass_ms(1);
	for (int i = 0; i < 3; i++)
		CHECK_EQ(flusher[i].done, mach_now() - MS(1));
	CHECK_EQ(flusher[3].done, 0);
	CHECK_EQ(q->flush_color, 3);
	CHECK_EQ(pwq->flush_color, 3);
	CHECK(q->first_flusher && q->first_flusher->flush_color == 3);
	CHECK_EQ(steps("cascade"), 3);
	release(&items[3]);
	release(&items[4]);
	pass_ms(1);
	CHECK_EQ(q->flush_color, 5);
	CHECK(!q->first_flusher);
	CHECK(flusher[3].done && flusher[4].done);
	end();
	return 0;
}

WQTEST(cmwq, cf27_the_first_one_cascades)
{
	RUN_OK(2, cascades);
}

/* The ring goes round and round. */
static int round_and_round(void *arg)
{
	begin();
	for (int i = 0; i < 40; i++) {
		CHECK_EQ(q->work_color, i % 15);
		item_init(&items[0]);
		items[0].sleep = 1;
		queue_work_on(1, q, W(&items[0]));
		flush_workqueue(q);
		CHECK_EQ(items[0].runs, 1);
		CHECK_EQ(q->flush_color, q->work_color);
	}
	end();
	return 0;
}

WQTEST(cmwq, cf27_fifteen_colours_in_a_ring)
{
	RUN_OK(2, round_and_round);
}
