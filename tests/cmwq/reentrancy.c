// SPDX-License-Identifier: GPL-2.0-only
/* Non-reentrancy: one item runs on one worker at a time, and where that ends. */
#include "cmwq_test.h"

static struct item a, b;
static struct workqueue_struct *q, *q2;

static int flusher_fn(void *arg)
{
	struct item *mark = arg;

	flush_work(W(&a));
	mark->end = mach_now();
	return 0;
}

/* In the same pool: it goes to the worker that runs it, with the barriers behind it. */
static int collision(void *arg)
{
	struct worker_pool *pool;
	struct worker *worker;
	int pid;

	stay_on(0);
	q = alloc_workqueue("q", 0, 0);
	pool = pool_on(q, 1);
	held_init(&a);
	item_init(&b);
	start_on(1, q, &a);
	pid = a.pid;
	worker = runner(pool, W(&a));

	queue_work_on(1, q, W(&a));
	kthread_run(flusher_fn, &b, "flusher");
	pass_ms(1);
	CHECK_EQ(list_length(&worker->scheduled), 2);
	CHECK(first_work(&worker->scheduled) == W(&a));
	CHECK_EQ(word(W(&a)) & 0xf, 0xd);	/* LINKED, PWQ, PENDING */
	CHECK(list_empty(&pool->worklist));
	CHECK_EQ(a.inside, 1);
	CHECK_EQ(pool->nr_idle, 2);		/* who found it, and who stood by for that */

	release(&a);
	pass_ms(5);
	CHECK_EQ(a.runs, 1);
	CHECK_EQ(a.inside, 1);			/* again, by the same worker */
	CHECK_EQ(a.pid, pid);
	CHECK_EQ(b.end, 0);
	release(&a);
	pass_ms(1);
	CHECK_EQ(a.runs, 2);
	CHECK_EQ(a.most, 1);
	CHECK_EQ(b.end, MS(6));			/* the flush waited for the second run */
	destroy_workqueue(q);
	return 0;
}

WQTEST(cmwq, cf19_goes_to_who_runs_it)
{
	RUN_OK(2, collision);
}

/* On another CPU: queued where it runs, whatever was asked for. */
static int redirected(void *arg)
{
	const struct trace_event *ev;

	stay_on(0);
	q = alloc_workqueue("q", 0, 0);
	held_init(&a);
	start_on(1, q, &a);
	CHECK(queue_work_on(2, q, W(&a)));
	ev = nth_event(TRACE_QUEUE_WORK, W(&a), 1);
	CHECK_EQ(ev->a, 2);
	CHECK_EQ(ev->b, 1);
	CHECK(word_pwq(W(&a)) == pwq_on(q, 1));
	pass_ms(3);
	CHECK_EQ(a.most, 1);
	CHECK_EQ(pool_on(q, 2)->nr_workers, 1);
	release(&a);
	release(&a);
	flush_work(W(&a));
	CHECK_EQ(a.runs, 2);
	CHECK_EQ(a.cpu, 1);

	/* It only ran there: what is asked for holds again. */
	start_on(2, q, &a);
	CHECK_EQ(a.cpu, 2);
	release(&a);
	destroy_workqueue(q);
	CHECK_EQ(a.most, 1);
	return 0;
}

WQTEST(cmwq, cf20_queued_where_it_runs)
{
	RUN_OK(3, redirected);
}

/* It runs for another workqueue: that is no reason, and it runs twice at once. */
static int other_workqueue(void *arg)
{
	stay_on(0);
	q = alloc_workqueue("q", 0, 0);
	q2 = alloc_workqueue("q2", 0, 0);
	held_init(&a);
	start_on(1, q, &a);
	CHECK(queue_work_on(2, q2, W(&a)));
	CHECK(word_pwq(W(&a)) == pwq_on(q2, 2));
	pass_ms(1);
	CHECK_EQ(a.inside, 2);
	release(&a);
	release(&a);
	destroy_workqueue(q);
	destroy_workqueue(q2);
	CHECK_EQ(a.runs, 2);
	return 0;
}

WQTEST(cmwq, cf20_not_for_another_workqueue)
{
	RUN_OK(3, other_workqueue);
}

/* Another function, or initialised again: taken for another item. */
static void other_fn(struct work_struct *work)
{
	item_fn(work);
}

static int other_function(void *arg)
{
	stay_on(0);
	q = alloc_workqueue("q", 0, 0);
	held_init(&a);
	start_on(1, q, &a);
	W(&a)->func = other_fn;
	CHECK(queue_work_on(2, q, W(&a)));
	CHECK(word_pwq(W(&a)) == pwq_on(q, 2));
	pass_ms(1);
	CHECK_EQ(a.inside, 2);
	INIT_WORK(W(&a), item_fn);
	CHECK(queue_work_on(0, q, W(&a)));
	pass_ms(1);
	CHECK_EQ(a.inside, 3);
	CHECK_EQ(a.most, 3);
	for (int i = 0; i < 3; i++)
		release(&a);
	destroy_workqueue(q);
	return 0;
}

WQTEST(cmwq, cf20_conditions)
{
	RUN_OK(3, other_function);
}

/* From all CPUs at once, requeueing itself, on its timer, moved: never twice at once. */
#define CPUS	3

static atomic_t left;
static struct completion all_done;

static void busy_fn(struct work_struct *work)
{
	struct item *it = container_of(work, struct item, dw.work);

	it->most = max(it->most, ++it->inside);
	if (it->runs++ < 5)
		queue_work_on(it->runs % CPUS, q, work);
	cond_resched();
	msleep_interruptible(it->runs % 2);
	it->inside--;
}

static int queuer_fn(void *arg)
{
	unsigned int rnd = (unsigned long)arg;

	for (int i = 0; i < 4; i++) {
		switch (next_random(&rnd) % 3) {
		case 0:
			queue_work_on(next_random(&rnd) % CPUS, q, W(&a));
			break;
		case 1:
			mod_delayed_work_on(next_random(&rnd) % CPUS, q, &a.dw, next_random(&rnd) % 2);
			break;
		case 2:
			queue_delayed_work_on(next_random(&rnd) % CPUS, q, &a.dw, next_random(&rnd) % 3);
			break;
		}
		if (next_random(&rnd) % 3 == 0)
			pass_ms(1);
	}
	if (atomic_dec_and_test(&left))
		complete(&all_done);
	return 0;
}

static int never_twice(void *arg)
{
	q = alloc_workqueue("q", (unsigned long)arg % 3 ? 0 : WQ_CPU_INTENSIVE, 0);
	item_init(&a);
	INIT_DELAYED_WORK(&a.dw, busy_fn);
	init_completion(&all_done);
	atomic_set(&left, CPUS);
	for (unsigned long i = 0; i < CPUS; i++)
		kthread_run(queuer_fn, (void *)((unsigned long)arg * CPUS + i), "queuer/%lu", i);
	wait_for_completion(&all_done);
	cancel_delayed_work_sync(&a.dw);
	CHECK_EQ(a.inside, 0);
	CHECK(a.most <= 1);
	destroy_workqueue(q);
	return 0;
}

WQTEST(cmwq, cf20_never_twice_at_once_in_any_order)
{
	run_seeds(CPUS, never_twice, 1, 300);
}

/* Freed and made anew while it still runs: with the same function it has to wait... */
static int recycled(void *arg)
{
	struct worker *worker;

	stay_on(0);
	q = alloc_workqueue("q", 0, 0);
	held_init(&a);
	start_on(1, q, &a);
	worker = runner(pool_on(q, 1), W(&a));
	INIT_WORK(W(&a), item_fn);
	CHECK(queue_work_on(1, q, W(&a)));
	pass_ms(1);
	CHECK_EQ(a.inside, 1);
	CHECK(first_work(&worker->scheduled) == W(&a));
	release(&a);
	release(&a);
	flush_workqueue(q);
	CHECK_EQ(a.runs, 2);
	CHECK_EQ(a.most, 1);

	/* ... and with another one not. */
	start_on(1, q, &a);
	INIT_WORK(W(&a), other_fn);
	CHECK(queue_work_on(1, q, W(&a)));
	pass_ms(1);
	CHECK_EQ(a.inside, 2);
	release(&a);
	release(&a);
	destroy_workqueue(q);
	return 0;
}

WQTEST(cmwq, cf21_recycled_while_it_runs)
{
	RUN_OK(2, recycled);
}
