// SPDX-License-Identifier: GPL-2.0-only
/* The data word: its bits, what it says in each state, and when it names a pwq. */
#include "cmwq_test.h"

#define NO_POOL	0xFFFFFFFE0ul	/* 2^31-1 from bit 5 on */

static struct item a, b;

/* Bound and unbound pwqs alike leave eight bits for the flags. */
static int bits(void *arg)
{
	struct workqueue_struct *wq = alloc_workqueue("q", 0, 1);
	struct workqueue_struct *unbound = alloc_workqueue("u", WQ_UNBOUND, 0);
	struct pool_workqueue *pwq = pwq_on(wq, 0);
	int cpu;

	for_each_possible_cpu(cpu)
		CHECK_EQ((unsigned long)pwq_on(wq, cpu) & 0xff, 0);
	CHECK_EQ((unsigned long)unbound->dfl_pwq & 0xff, 0);

	item_init(&a);
	item_init(&b);
	local_irq_disable();		/* nobody starts them meanwhile */
	queue_work_on(0, wq, W(&a));
	queue_work_on(0, wq, W(&b));
	CHECK_EQ(word(W(&a)), (unsigned long)pwq | 0x05);	/* colour 0, PWQ, PENDING */
	CHECK_EQ(word(W(&b)), (unsigned long)pwq | 0x07);	/* and DELAYED */
	local_irq_enable();
	flush_workqueue(wq);		/* the colour moves on */

	local_irq_disable();
	queue_work_on(0, wq, W(&a));
	CHECK_EQ(word(W(&a)), (unsigned long)pwq | 0x15);	/* colour 1 */
	local_irq_enable();
	destroy_workqueue(wq);
	destroy_workqueue(unbound);
	return 0;
}

WQTEST(cmwq, cf01_bits_of_the_word)
{
	RUN_OK(2, bits);
}

/* LINKED on who has a barrier behind it; the barrier has the sixteenth colour. */
static int flusher_fn(void *arg)
{
	flush_work(arg);
	return 0;
}

static int linked(void *arg)
{
	struct workqueue_struct *wq = alloc_workqueue("q", 0, 1);
	struct work_struct *bar;

	stay_on(0);
	held_init(&a);
	item_init(&b);
	start_on(1, wq, &a);
	queue_work_on(1, wq, W(&b));
	kthread_run(flusher_fn, W(&b), "flusher");
	pass_ms(1);
	bar = list_next_entry(W(&b), entry);
	CHECK_EQ(word(W(&b)), (unsigned long)pwq_on(wq, 1) | 0x0f);
	CHECK_EQ(word(bar), (unsigned long)pwq_on(wq, 1) | 0xf5);
	release(&a);
	destroy_workqueue(wq);
	CHECK_EQ(b.runs, 1);
	return 0;
}

WQTEST(cmwq, cf01_linked_and_the_barriers_colour)
{
	RUN_OK(2, linked);
}

/* Off all lists: the last pool's id, CANCELING, or no pool. */
static int canceller_fn(void *arg)
{
	cancel_work_sync(arg);
	return 0;
}

static int off_queue(void *arg)
{
	struct workqueue_struct *wq = alloc_workqueue("q", 0, 0);
	unsigned long id = pool_on(wq, 1)->id;

	stay_on(0);
	CHECK_EQ(id, 2);
	held_init(&a);
	queue_delayed_work_on(1, wq, &a.dw, 1);
	CHECK_EQ(word(W(&a)), NO_POOL | 1);	/* on its first timer */
	wait_for_completion(&a.started);
	CHECK_EQ(word(W(&a)), id << 5);		/* it runs there */

	kthread_run(canceller_fn, W(&a), "canceller");
	pass_ms(1);
	CHECK_EQ(word(W(&a)), id << 5 | 0x11);	/* CANCELING, PENDING */
	release(&a);
	pass_ms(1);
	CHECK_EQ(word(W(&a)), NO_POOL);

	start_on(1, wq, &a);
	release(&a);
	flush_work(W(&a));
	CHECK_EQ(word(W(&a)), id << 5);		/* it ran there */
	queue_delayed_work_on(0, wq, &a.dw, 1);
	CHECK_EQ(word(W(&a)), id << 5 | 1);	/* on its timer again */
	cancel_delayed_work_sync(&a.dw);
	CHECK_EQ(word(W(&a)), NO_POOL);
	destroy_workqueue(wq);
	return 0;
}

WQTEST(cmwq, cf03_off_queue_word)
{
	RUN_OK(2, off_queue);
}

/* The word names a pwq exactly while the item stands on a list of its pool. */
#define ITEMS	4
#define ROUNDS	8

static struct item items[ITEMS];
static struct workqueue_struct *q;
static atomic_t left;
static struct completion all_done;

static bool on_list(struct list_head *list, struct work_struct *work)
{
	struct work_struct *pos;

	list_for_each_entry(pos, list, entry)
		if (pos == work)
			return true;
	return false;
}

/* On the worklist, among those held back, or with a worker?  Under pool->lock. */
static bool is_listed(struct pool_workqueue *pwq, struct work_struct *work)
{
	struct worker *worker;
	int bkt;

	if (on_list(&pwq->pool->worklist, work) || on_list(&pwq->delayed_works, work))
		return true;
	hash_for_each(pwq->pool->busy_hash, bkt, worker, hentry)
		if (on_list(&worker->scheduled, work))
			return true;
	return false;
}

static void check_words(int cpu)
{
	struct pool_workqueue *pwq = pwq_on(q, cpu);
	int i;

	spin_lock_irq(&pwq->pool->lock);
	for (i = 0; i < ITEMS; i++) {
		unsigned long data = word(W(&items[i]));
		bool here = (data & 4) && (data & ~0xfful) == (unsigned long)pwq;

		CHECK_EQ(is_listed(pwq, W(&items[i])), here);
		CHECK(!(data & 4) || (data & 1));
		CHECK(!(data & 2) || !here || on_list(&pwq->delayed_works, W(&items[i])));
	}
	spin_unlock_irq(&pwq->pool->lock);
}

static int shuffler_fn(void *arg)
{
	unsigned int rnd = (unsigned long)arg;

	for (int i = 0; i < ROUNDS; i++) {
		struct item *it = &items[next_random(&rnd) % ITEMS];

		switch (next_random(&rnd) % 4) {
		case 0 ... 1:
			queue_work_on(next_random(&rnd) % 2, q, W(it));
			break;
		case 2:
			queue_delayed_work_on(next_random(&rnd) % 2, q, &it->dw, next_random(&rnd) % 2);
			break;
		case 3:
			cancel_delayed_work(&it->dw);
			break;
		}
		check_words(next_random(&rnd) % 2);
	}
	if (atomic_dec_and_test(&left))
		complete(&all_done);
	return 0;
}

static int words_in_any_order(void *arg)
{
	int i;

	q = alloc_workqueue("q", 0, 2);
	for (i = 0; i < ITEMS; i++) {
		item_init(&items[i]);
		items[i].sleep = i % 2;
	}
	init_completion(&all_done);
	atomic_set(&left, 2);
	for (i = 0; i < 2; i++)
		kthread_run(shuffler_fn, (void *)((unsigned long)arg * 2 + i), "shuffler/%d", i);
	wait_for_completion(&all_done);
	pass_ms(3);
	destroy_workqueue(q);
	for (i = 0; i < ITEMS; i++)
		CHECK_EQ(word(W(&items[i])) & 0x1f, 0);
	return 0;
}

WQTEST(cmwq, cf04_names_a_pwq_iff_on_a_list)
{
	run_seeds(2, words_in_any_order, 1, 200);
}

/* One item through all of its states. */
static int states(void *arg)
{
	struct workqueue_struct *wq = alloc_workqueue("q", 0, 1);
	struct pool_workqueue *pwq = pwq_on(wq, 1);
	struct worker_pool *pool = pwq->pool;
	struct worker *worker;

	stay_on(0);
	held_init(&a);
	held_init(&b);
	CHECK_EQ(work_busy(W(&a)), 0);					/* idle */
	start_on(1, wq, &b);

	local_irq_disable();
	queue_work_on(0, wq, W(&a));					/* worklist */
	CHECK(first_work(&pool_on(wq, 0)->worklist) == W(&a));
	CHECK_EQ(work_busy(W(&a)), WORK_BUSY_PENDING);
	local_irq_enable();
	CHECK(cancel_delayed_work(&a.dw));
	CHECK_EQ(work_busy(W(&a)), 0);

	queue_delayed_work_on(1, wq, &a.dw, 2);				/* timer */
	CHECK(timer_pending(&a.dw.timer) && list_empty(&W(&a)->entry));
	CHECK_EQ(work_busy(W(&a)), WORK_BUSY_PENDING);
	pass_ms(3);
	CHECK(first_work(&pwq->delayed_works) == W(&a));		/* delayed list */
	CHECK_EQ(work_busy(W(&a)), WORK_BUSY_PENDING);

	release(&b);
	wait_for_completion(&a.started);				/* running */
	worker = runner(pool, W(&a));
	CHECK(worker && !work_pending(W(&a)) && list_empty(&W(&a)->entry));
	CHECK_EQ(work_busy(W(&a)), WORK_BUSY_RUNNING);

	workqueue_set_max_active(wq, 2);
	queue_work_on(1, wq, W(&a));					/* running and pending */
	CHECK_EQ(work_busy(W(&a)), WORK_BUSY_PENDING | WORK_BUSY_RUNNING);
	pass_ms(1);
	CHECK(first_work(&worker->scheduled) == W(&a));			/* scheduled list */
	CHECK_EQ(work_busy(W(&a)), WORK_BUSY_PENDING | WORK_BUSY_RUNNING);

	kthread_run(canceller_fn, W(&a), "canceller");			/* cancelling */
	pass_ms(1);
	CHECK(list_empty(&W(&a)->entry));
	CHECK_EQ(word(W(&a)) & 0x1f, 0x11);
	CHECK_EQ(work_busy(W(&a)), WORK_BUSY_PENDING | WORK_BUSY_RUNNING);
	release(&a);
	pass_ms(1);
	CHECK_EQ(work_busy(W(&a)), 0);
	CHECK_EQ(a.runs, 1);
	destroy_workqueue(wq);
	return 0;
}

WQTEST(cmwq, cf05_states_of_an_item)
{
	RUN_OK(2, states);
}
