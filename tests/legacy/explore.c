// SPDX-License-Identifier: GPL-2.0-only
/*
 * The engine under many schedules: what must hold in all of them, and what must
 * be reached in one.
 */
#include "legacy_test.h"

#define SEEDS		100

static void explore(int (*fn)(void *))
{
	struct machine_config cfg = wqtest_config(2);

	cfg.engines = "legacy";
	run_seeds_cfg(&cfg, fn, 1, SEEDS);
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
static struct completion reader_done;

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
	complete(&reader_done);
	return 0;
}

static int handover(void *arg)
{
	struct task_struct *t;

	q = create_workqueue("q");
	init_completion(&reader_done);
	INIT_WORK(&changing, nop_fn);
	changing.engine = &other;
	atomic_long_set(&changing.data, OTHER_DATA);

	t = kthread_create(reader_fn, NULL, "reader");
	kthread_bind(t, 1);
	wake_up_process(t);
	queue_work_on(0, q, &changing);
	wait_for_completion(&reader_done);
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
