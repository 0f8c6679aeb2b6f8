// SPDX-License-Identifier: GPL-2.0-only
/* Idle workers: how many there may be, who is taken first, who is let go and when. */
#include "cmwq_test.h"

#define NR	20

static struct item items[NR];
static struct workqueue_struct *q;
static struct worker_pool *pool;

/* Block n items on CPU 1, which makes n+1 workers if there were fewer. */
static void block(int first, int n)
{
	for (int i = first; i < first + n; i++) {
		held_init(&items[i]);
		start_on(1, q, &items[i]);
	}
}

static void let_go(int first, int n)
{
	for (int i = first; i < first + n; i++)
		release(&items[i]);
}

static void begin(void)
{
	stay_on(0);
	q = alloc_workqueue("q", 0, 0);
	pool = pool_on(q, 1);
}

/* When the n-th worker to be let go ended. */
static u64 died_at(int n)
{
	const struct trace_event *ev = nth_event(TRACE_WORKER_DIE, NULL, n);

	return ev ? ev->ts : 0;
}

/* How many stay with 12, 11, ... 0 busy ones: one more would be too many. */
static int idle_max(void *arg)
{
	static const int most[] = { 2, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4 };

	begin();
	block(0, NR);
	let_go(12, NR - 12);
	for (int busy = 12; busy >= 0; busy--) {
		if (busy < 12)
			let_go(busy, 1);
		pass_ms(700 * 1000);
		CHECK_MSG(pool->nr_idle == most[busy], "%d idle beside %d busy", pool->nr_idle, busy);
		CHECK_EQ(pool->nr_workers, busy + most[busy]);
	}
	destroy_workqueue(q);
	return 0;
}

WQTEST(cmwq, cf08_idle_max_for_0_to_12_busy)
{
	RUN_OK(2, idle_max);
}

/* A manager counts as idle: it is about to be. */
static void lock_manager_fn(struct work_struct *work)
{
	mutex_lock(&pool->manager_arb);
	item_fn(work);
	mutex_unlock(&pool->manager_arb);
}

static int manager_counts(void *arg)
{
	struct item manager;

	begin();
	block(0, 2);
	held_init(&manager);
	INIT_WORK(W(&manager), lock_manager_fn);
	queue_work_on(0, q, W(&manager));
	wait_for_completion(&manager.started);
	let_go(0, 1);
	pass_ms(1);
	CHECK_EQ(pool->nr_workers, 3);
	CHECK_EQ(pool->nr_idle, 2);	/* with the manager 3 idle, 0 busy: too many */
	pass_ms(301 * 1000);
	CHECK_EQ(pool->nr_idle, 1);
	release(&manager);
	let_go(1, 1);
	destroy_workqueue(q);
	return 0;
}

WQTEST(cmwq, cf08_the_manager_counts_as_idle)
{
	RUN_OK(2, manager_counts);
}

/* Who idled last is woken first. */
static int lifo(void *arg)
{
	int pids[3];

	begin();
	block(0, 3);
	for (int i = 0; i < 3; i++) {
		pids[i] = items[i].pid;
		let_go(i, 1);
		pass_ms(1);
	}
	block(0, 3);
	for (int i = 0; i < 3; i++)
		CHECK_EQ(items[i].pid, pids[2 - i]);
	let_go(0, 3);
	destroy_workqueue(q);
	return 0;
}

WQTEST(cmwq, cf10_last_idled_is_woken_first)
{
	RUN_OK(2, lifo);
}

/* Two may idle for ever: no timer, nobody dies. */
static int two_may_stay(void *arg)
{
	begin();
	block(0, 1);
	let_go(0, 1);
	pass_ms(1000 * 1000);
	CHECK_EQ(pool->nr_idle, 2);
	CHECK(!timer_pending(&pool->idle_timer));
	CHECK_EQ(events_of(TRACE_WORKER_DIE, NULL), 0);
	destroy_workqueue(q);
	return 0;
}

WQTEST(cmwq, cf10_two_may_stay)
{
	RUN_OK(2, two_may_stay);
}

/*
 * Workers idle at 10, 20, 30 and 40 s, beside the one that always did.  They become
 * too many at 20 s; 300 s later all go that are old enough and beyond need.
 */
static int culled(void *arg)
{
	int pids[4];

	begin();
	block(0, 4);
	for (int i = 0; i < 4; i++) {
		pass_ms(10 * 1000);
		CHECK_EQ(mach_now(), SEC(10 * (i + 1)));
		pids[i] = items[i].pid;
		let_go(i, 1);
	}
	pass_ms(1);
	CHECK_EQ(pool->nr_workers, 5);
	pass_ms(1000 * 1000);
	CHECK_EQ(pool->nr_workers, 2);
	CHECK_EQ(events_of(TRACE_WORKER_DIE, NULL), 3);
	/* Idle since 0 s, 10 s and 20 s: with the third it was too many. */
	CHECK_EQ(died_at(0), SEC(320));
	CHECK_EQ(died_at(1), SEC(320));
	CHECK_EQ(died_at(2), SEC(320));
	CHECK(pids[3] && nth_event(TRACE_WORKER_DIE, NULL, 2)->a == pids[1]);
	destroy_workqueue(q);
	return 0;
}

WQTEST(cmwq, cf10_culled_after_300_s)
{
	RUN_OK(2, culled);
}

/*
 * The timer runs from 0 s, but the workers are used again and idle at 100, 130, 160
 * and 190 s: at 300 s it finds nobody old enough and looks again when the oldest is.
 */
static int looks_again(void *arg)
{
	begin();
	block(0, 3);
	let_go(0, 3);
	pass_ms(1);
	CHECK(timer_pending(&pool->idle_timer));
	CHECK_EQ(pool->idle_timer.expires, INITIAL_JIFFIES + 300 * HZ);
	CHECK(pool->idle_timer.flags & TIMER_DEFERRABLE);
	pass_ms(50 * 1000 - 1);
	block(0, 4);
	for (int i = 0; i < 4; i++) {
		pass_ms(i ? 30 * 1000 : 50 * 1000);
		let_go(i, 1);
	}
	pass_ms(1);
	CHECK_EQ(pool->nr_idle, 5);
	CHECK_EQ(pool->idle_timer.expires, INITIAL_JIFFIES + 300 * HZ);
	pass_ms(1000 * 1000);
	/* The fifth idled at 50 s, when it was made and not needed. */
	CHECK_EQ(events_of(TRACE_WORKER_DIE, NULL), 3);
	CHECK_EQ(died_at(0), SEC(350));
	CHECK_EQ(died_at(1), SEC(400));
	CHECK_EQ(died_at(2), SEC(430));
	CHECK_EQ(pool->nr_idle, 2);
	destroy_workqueue(q);
	return 0;
}

WQTEST(cmwq, cf10_rearmed_for_the_oldest)
{
	RUN_OK(2, looks_again);
}

/* Who is let go shows it by its name, and its number is used again. */
static int dying(void *arg)
{
	begin();
	block(0, 3);
	let_go(0, 3);
	pass_ms(301 * 1000);
	CHECK_EQ(named_events(TRACE_TASK_RENAME, "kworker/dying", NULL), 2);
	CHECK_EQ(pool->nr_workers, 2);
	block(0, 3);
	CHECK_EQ(named_events(TRACE_WORKER_CREATE, "kworker/1:3", NULL), 2);
	CHECK_EQ(named_events(TRACE_WORKER_CREATE, "kworker/1:4", NULL), 0);
	let_go(0, 3);
	destroy_workqueue(q);
	return 0;
}

WQTEST(cmwq, cf10_number_of_the_dead_is_used_again)
{
	RUN_OK(2, dying);
}
