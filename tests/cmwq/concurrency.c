// SPDX-License-Identifier: GPL-2.0-only
/* Concurrency management: who counts as running, who is started, who goes on. */
#include "cmwq_test.h"

static struct item a, b, c;
static struct workqueue_struct *q;

/* Runs, sleeps, is woken but has not got the CPU yet, sleeps again. */
static int counts(void *arg)
{
	struct workqueue_struct *intensive = alloc_workqueue("ci", WQ_CPU_INTENSIVE, 0);
	struct workqueue_struct *unbound = alloc_workqueue("u", WQ_UNBOUND, 0);
	struct worker_pool *pool;

	stay_on(0);
	q = alloc_workqueue("q", 0, 0);
	pool = pool_on(q, 1);
	held_init(&a);
	item_init(&b);
	b.burn = 10;

	CHECK_EQ(pool->nr_running, 0);
	start_on(1, q, &a);
	pass_ms(1);
	CHECK_EQ(pool->nr_running, 0);		/* a sleeps */
	queue_work_on(1, q, W(&b));
	pass_ms(2);
	CHECK_EQ(pool->nr_running, 1);		/* b burns */
	release(&a);
	CHECK_EQ(a.runs, 0);
	CHECK_EQ(pool->nr_running, 2);		/* a is awake, though not on the CPU */
	pass_ms(20);
	CHECK_EQ(pool->nr_running, 0);

	queue_work_on(1, intensive, W(&b));
	pass_ms(2);
	CHECK_EQ(b.inside, 1);
	CHECK_EQ(pool->nr_running, 0);
	pass_ms(10);
	queue_work(unbound, W(&b));
	pass_ms(2);
	CHECK_EQ(b.inside, 1);
	CHECK_EQ(unbound->dfl_pwq->pool->nr_running, 0);
	destroy_workqueue(q);
	destroy_workqueue(intensive);
	destroy_workqueue(unbound);
	return 0;
}

WQTEST(cmwq, cf06_who_counts_as_running)
{
	RUN_OK(2, counts);
}

/* Under many schedules, with wakers on another CPU. */
#define NR	6

static struct item items[NR];
static DECLARE_COMPLETION(baton);

static void baton_fn(struct work_struct *work)
{
	struct item *it = container_of(work, struct item, dw.work);

	it->inside++;
	wait_for_completion_interruptible(&baton);
	cond_resched();
	pass_ms(it->sleep);
	it->inside--;
	it->runs++;
}

static int exact(void *arg)
{
	struct workqueue_struct *wqs[3] = {
		alloc_workqueue("q", 0, 0),
		alloc_workqueue("ci", WQ_CPU_INTENSIVE, 0),
		alloc_workqueue("u", WQ_UNBOUND, 0),
	};
	unsigned int rnd = (unsigned long)arg;
	int i;

	for (i = 0; i < NR; i++) {
		item_init(&items[i]);
		INIT_WORK(W(&items[i]), baton_fn);
		items[i].sleep = next_random(&rnd) % 2;
		queue_work_on(1, wqs[i % 4 == 3 ? 0 : i % 3], W(&items[i]));
		if (i % 2)
			complete(&baton);
		check_pool(pool_on(wqs[0], 1));
		check_pool(wqs[2]->dfl_pwq->pool);
	}
	for (i = 0; i < NR; i++) {
		complete(&baton);
		check_pool(pool_on(wqs[0], 1));
		check_pool(wqs[2]->dfl_pwq->pool);
	}
	for (i = 0; i < 3; i++)
		destroy_workqueue(wqs[i]);
	for (i = 0; i < NR; i++)
		CHECK_EQ(items[i].runs, 1);
	return 0;
}

WQTEST(cmwq, cf06_exact_in_any_order)
{
	run_seeds(2, exact, 1, 300);
}

/* Nobody is woken for an item while somebody runs. */
static int nobody_is_woken(void *arg)
{
	const char *other;
	int wakeups;

	stay_on(0);
	q = alloc_workqueue("q", 0, 0);
	stand_by(q, 1, 1);
	pass_ms(1);
	item_init(&a);
	item_init(&b);
	a.burn = 10;
	start_on(1, q, &a);
	other = first_idle(pool_on(q, 1))->task->comm;
	wakeups = named_events(TRACE_SCHED_WAKEUP, other, NULL);
	queue_work_on(1, q, W(&b));
	pass_ms(5);
	CHECK_EQ(named_events(TRACE_SCHED_WAKEUP, other, NULL), wakeups);
	CHECK(first_work(&pool_on(q, 1)->worklist) == W(&b));
	destroy_workqueue(q);
	CHECK_EQ(b.at, MS(11));
	CHECK_EQ(b.pid, a.pid);			/* keep_working: the same goes on */
	return 0;
}

WQTEST(cmwq, cf07_need_more_worker)
{
	RUN_OK(2, nobody_is_woken);
}

/*
 * a burns 0-5, sleeps, is ready again at 10; b burns 5-15; c waits from 6 on.
 * At 15 two run, so b's worker takes no more; a's, alone then, takes c.
 */
static void burn_sleep_burn_fn(struct work_struct *work)
{
	item_fn(work);
	mdelay(5);
}

static int keeps_working(void *arg)
{
	stay_on(0);
	q = alloc_workqueue("q", 0, 0);
	item_init(&a);
	item_init(&b);
	item_init(&c);
	INIT_WORK(W(&a), burn_sleep_burn_fn);
	a.burn = a.sleep = 5;
	b.burn = 10;
	queue_work_on(1, q, W(&a));
	queue_work_on(1, q, W(&b));
	pass_ms(6);
	queue_work_on(1, q, W(&c));
	destroy_workqueue(q);
	CHECK_EQ(b.end, MS(15));
	CHECK_EQ(c.at, MS(20));
	CHECK_EQ(c.pid, a.pid);
	CHECK(a.pid != b.pid);
	return 0;
}

WQTEST(cmwq, cf07_keep_working)
{
	RUN_OK(2, keeps_working);
}

/* A worker is made only when the last idle one is about to start on something. */
static int creates_when_none_idles(void *arg)
{
	struct worker_pool *pool;

	stay_on(0);
	q = alloc_workqueue("q", 0, 0);
	pool = pool_on(q, 1);
	pass_ms(1);
	CHECK_EQ(pool->nr_workers, 1);
	item_init(&a);
	start_on(1, q, &a);
	CHECK_EQ(pool->nr_workers, 2);
	for (int i = 0; i < 5; i++) {
		start_on(1, q, &a);
		flush_work(W(&a));
	}
	CHECK_EQ(pool->nr_workers, 2);
	destroy_workqueue(q);
	return 0;
}

WQTEST(cmwq, cf07_need_to_create_worker)
{
	RUN_OK(2, creates_when_none_idles);
}

/* While an item starts somebody idles; k blocked items make k+1 workers. */
#define BLOCKED	20

static struct item many[BLOCKED];

static void standby_fn(struct work_struct *work)
{
	CHECK(pool_on(q, 1)->nr_idle >= 1);
	item_fn(work);
}

static int stands_by(void *arg)
{
	struct worker_pool *pool;
	int i;

	stay_on(0);
	q = alloc_workqueue("q", 0, 0);
	pool = pool_on(q, 1);
	for (i = 0; i < BLOCKED; i++) {
		held_init(&many[i]);
		INIT_WORK(W(&many[i]), standby_fn);
		queue_work_on(1, q, W(&many[i]));
		pass_ms(1);
		CHECK_EQ(many[i].inside, 1);
		CHECK_EQ(pool->nr_workers, i + 2);
		CHECK_EQ(pool->nr_idle, 1);
	}
	for (i = 0; i < BLOCKED; i++)
		release(&many[i]);
	destroy_workqueue(q);
	return 0;
}

WQTEST(cmwq, cf09_somebody_stands_by)
{
	RUN_OK(2, stands_by);
}

/* What sleeps and what is queued at the same time, on two CPUs: none is stranded. */
static int feeder_fn(void *arg)
{
	struct item *it = arg;

	for (int i = 0; i < NR / 2; i++)
		queue_work_on(1, q, W(&it[i]));
	complete(&baton);
	return 0;
}

static void napping_fn(struct work_struct *work)
{
	struct item *it = container_of(work, struct item, dw.work);

	it->inside++;
	pass_ms(1);
	it->inside--;
	it->runs++;
}

static int not_lost(void *arg)
{
	struct worker_pool *pool;
	int i;

	q = alloc_workqueue("q", 0, 0);
	pool = pool_on(q, 1);
	for (i = 0; i < NR; i++) {
		item_init(&items[i]);
		INIT_WORK(W(&items[i]), napping_fn);
	}
	kthread_run(feeder_fn, items, "feeder/0");
	kthread_run(feeder_fn, items + NR / 2, "feeder/1");
	check_pool(pool);
	wait_for_completion(&baton);
	check_pool(pool);
	wait_for_completion(&baton);
	check_pool(pool);
	/* All are queued: whoever waits must get its turn though nobody queues more. */
	pass_ms(NR + 1);
	for (i = 0; i < NR; i++)
		CHECK_EQ(items[i].runs, 1);
	destroy_workqueue(q);
	return 0;
}

WQTEST(cmwq, cf11_no_wakeup_is_lost)
{
	run_seeds(2, not_lost, 1, 400);
}

/* The last one that sleeps hands on at that instant, on its own CPU. */
static int hands_on(void *arg)
{
	stay_on(0);
	q = alloc_workqueue("q", 0, 0);
	stand_by(q, 1, 1);
	pass_ms(1);
	item_init(&a);
	item_init(&b);
	a.burn = 3;
	a.sleep = 10;
	queue_work_on(1, q, W(&a));
	queue_work_on(1, q, W(&b));
	flush_work(W(&b));
	CHECK_EQ(b.at, MS(4));
	CHECK_EQ(b.cpu, 1);
	CHECK(b.pid != a.pid);
	destroy_workqueue(q);
	return 0;
}

WQTEST(cmwq, cf11_who_sleeps_wakes_the_next)
{
	RUN_OK(2, hands_on);
}
