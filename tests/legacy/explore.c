// SPDX-License-Identifier: GPL-2.0-only
/*
 * The engine under many schedules: what must hold in all of them, and what must
 * be reached in one.
 */
#include <linux/slab.h>

#include "legacy_test.h"

#define SEEDS		100
#define TASKS		3
#define OPS		12
#define ITEMS		4

static void explore(int (*fn)(void *))
{
	struct machine_config cfg = wqtest_config(2);

	cfg.engines = "legacy";
	run_seeds_cfg(&cfg, fn, 1, SEEDS);
}

/*
 * An item that everybody queues, cancels and flushes.  Each attempt to queue
 * raises `wrote` first; what was written must be seen by a run that starts after.
 */
struct shared {
	struct delayed_work dw;
	atomic_t queued, cancelled, ran;	/* calls that returned true; runs */
	atomic_t wrote, seen;
};

static struct shared items[ITEMS];
static struct workqueue_struct *wqs[2];
static struct completion all_done;
static atomic_t tasks_left;

static void shared_fn(struct work_struct *work)
{
	struct shared *s = container_of(work, struct shared, dw.work);
	int wrote = atomic_read(&s->wrote);
	int seen = atomic_read(&s->seen);

	/* Two runs may overlap; the later look counts. */
	while (seen < wrote)
		seen = atomic_cmpxchg(&s->seen, seen, wrote) == seen ? wrote
								    : atomic_read(&s->seen);
	atomic_inc(&s->ran);
}

static void one_op(unsigned int *rnd)
{
	struct shared *s = &items[next_random(rnd) % ITEMS];
	struct workqueue_struct *wq = wqs[next_random(rnd) % 2];
	unsigned int op = next_random(rnd) % 10;

	if (op < 6)
		atomic_inc(&s->wrote);
	switch (op) {
	case 0 ... 2:
		if (queue_work(wq, &s->dw.work))
			atomic_inc(&s->queued);
		break;
	case 3:
		if (queue_work_on(next_random(rnd) % 2, wq, &s->dw.work))
			atomic_inc(&s->queued);
		break;
	case 4 ... 5:
		if (queue_delayed_work(wq, &s->dw, next_random(rnd) % 3))
			atomic_inc(&s->queued);
		break;
	case 6:
		if (cancel_delayed_work_sync(&s->dw))
			atomic_inc(&s->cancelled);
		break;
	case 7:
		if (cancel_delayed_work(&s->dw))
			atomic_inc(&s->cancelled);
		break;
	case 8:
		flush_work(&s->dw.work);
		break;
	case 9:
		flush_workqueue(wq);
		break;
	}
}

static int crowd_fn(void *arg)
{
	unsigned int rnd = (unsigned long)arg;

	for (int i = 0; i < OPS; i++)
		one_op(&rnd);
	if (atomic_dec_and_test(&tasks_left))
		complete(&all_done);
	return 0;
}

/* A2: what was queued ran or was cancelled, once.  A4: the last write was seen. */
static int crowd(void *arg)
{
	unsigned long seed = (unsigned long)arg;
	struct shared *s;

	wqs[0] = create_workqueue("m");
	wqs[1] = create_singlethread_workqueue("s");
	for (s = items; s < items + ITEMS; s++)
		INIT_DELAYED_WORK(&s->dw, shared_fn);
	init_completion(&all_done);
	atomic_set(&tasks_left, TASKS);
	for (unsigned long i = 0; i < TASKS; i++)
		kthread_run(crowd_fn, (void *)(seed * TASKS + i), "crowd%lu", i);
	wait_for_completion(&all_done);

	for (s = items; s < items + ITEMS; s++) {
		atomic_inc(&s->wrote);
		if (queue_work(wqs[0], &s->dw.work))
			atomic_inc(&s->queued);
	}
	pass_ms(5);			/* the last timers fire */
	destroy_workqueue(wqs[0]);
	destroy_workqueue(wqs[1]);

	for (s = items; s < items + ITEMS; s++) {
		CHECK(!delayed_work_pending(&s->dw));
		CHECK_EQ(atomic_read(&s->queued),
			 atomic_read(&s->ran) + atomic_read(&s->cancelled));
		CHECK_EQ(atomic_read(&s->seen), atomic_read(&s->wrote));
	}
	return 0;
}

WQTEST(legacy, explore_nothing_is_lost_or_run_twice)
{
	explore(crowd);
}

/* E3: nobody else queues it; after cancel_work_sync() it is idle for good. */
static struct workqueue_struct *q;
static atomic_t inside;

static void tenacious_fn(struct work_struct *work)
{
	atomic_inc(&inside);
	udelay(1);
	queue_work(q, work);
	atomic_dec(&inside);
}

static int cancel_is_final(void *arg)
{
	struct work_struct w;

	q = create_workqueue("q");
	INIT_WORK_ONSTACK(&w, tenacious_fn);
	queue_work_on(1, q, &w);
	udelay((unsigned long)arg);
	cancel_work_sync(&w);
	CHECK(!work_pending(&w));
	CHECK_EQ(atomic_read(&inside), 0);
	destroy_workqueue(q);
	return 0;
}

WQTEST(legacy, explore_cancel_is_final)
{
	explore(cancel_is_final);
}

/* B1: one at a time on each slot, in the order of queueing. */
static struct {
	struct work_struct work;
	int nr;
} row[8];
static int last_nr;

static void row_fn(struct work_struct *work)
{
	int nr = container_of(work, typeof(row[0]), work)->nr;

	CHECK_EQ(atomic_inc_return(&inside), 1);
	CHECK_EQ(nr, last_nr + 1);
	last_nr = nr;
	atomic_dec(&inside);
}

static int in_order(void *arg)
{
	q = create_workqueue("q");
	for (int i = 0; i < 8; i++) {
		INIT_WORK(&row[i].work, row_fn);
		row[i].nr = i + 1;
		queue_work_on(1, q, &row[i].work);
		if (i == 3)
			flush_work(&row[i].work);
	}
	flush_work(&row[7].work);
	CHECK_EQ(last_nr, 8);
	destroy_workqueue(q);
	return 0;
}

WQTEST(legacy, explore_one_at_a_time_in_order)
{
	explore(in_order);
}

/*
 * Decision 17, from the side of another engine's reader: while it sees its own
 * name before and after, what it saw between was in its own form.
 */
static const struct wq_engine other = { .name = "other" };
static struct work_struct changing;

#define OTHER_DATA	0x5a5a5a5a5a5a5a50L

static void nop_fn(struct work_struct *work)
{
}

static int reader_fn(void *arg)
{
	const struct wq_engine *first, *second;
	long data;

	do {
		first = READ_ONCE(changing.engine);
		data = atomic_long_read(&changing.data);
		second = READ_ONCE(changing.engine);
		if (first == &other && second == &other)
			CHECK_EQ(data & ~3L, OTHER_DATA);
	} while (second != &legacy_engine);
	complete(&all_done);
	return 0;
}

static int handover(void *arg)
{
	struct task_struct *t;

	q = create_workqueue("q");
	init_completion(&all_done);
	INIT_WORK(&changing, nop_fn);
	changing.engine = &other;
	atomic_long_set(&changing.data, OTHER_DATA);

	t = kthread_create(reader_fn, NULL, "reader");
	kthread_bind(t, 1);
	wake_up_process(t);
	queue_work_on(0, q, &changing);
	wait_for_completion(&all_done);
	destroy_workqueue(q);
	return 0;
}

WQTEST(legacy, explore_handover_is_never_misread)
{
	explore(handover);
}

/* B2: some schedule runs one item on two CPUs at once. */
static int most;

static void reentered_fn(struct work_struct *work)
{
	most = max(most, atomic_inc_return(&inside));
	atomic_dec(&inside);
}

static int reentered(void *arg)
{
	struct work_struct w;

	q = create_workqueue("q");
	INIT_WORK_ONSTACK(&w, reentered_fn);
	for (int i = 0; i < 4; i++)
		queue_work_on(i % 2, q, &w);
	destroy_workqueue(q);
	return most == 2;
}

WQTEST(legacy, explore_reentrancy_is_reached)
{
	char explore[32];
	struct machine_config cfg = {
		.kind = "sim", .engines = "legacy", .cpus = 2, .quiet = true,
		.explore = explore,
	};
	struct machine_result res;

	for (int seed = 1; seed <= 2000; seed++) {
		snprintf(explore, sizeof(explore), "random:%d", seed);
		if (sim_run(&cfg, reentered, NULL, &res))
			return;
		CHECK_MSG(res.verdict == VERDICT_OK, "%s\n%s", explore, res.report);
		machine_result_free(&res);
		if (res.ret)
			return;
	}
	CHECK_MSG(false, "no schedule in 2000 ran the item twice at once");
}
