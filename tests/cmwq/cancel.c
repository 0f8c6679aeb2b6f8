// SPDX-License-Identifier: GPL-2.0-only
/* Taking PENDING from whoever has it, and cancelling. */
#include "cmwq_test.h"

#define NO_POOL	0xFFFFFFFE0ul

static struct item a, b, c;
static struct workqueue_struct *q;
static struct pool_workqueue *pwq;

static struct call {
	struct work_struct *work;
	bool ret;
	u64 done;
	struct task_struct *task;
} call[5];

static int cancel_fn(void *arg)
{
	struct call *c = arg;

	c->ret = cancel_work_sync(c->work);
	c->done = mach_now();
	return 0;
}

static int flush_fn(void *arg)
{
	struct call *c = arg;

	c->ret = flush_work(c->work);
	c->done = mach_now();
	return 0;
}

static void start(int (*fn)(void *), struct call *c, struct item *it)
{
	c->work = W(it);
	c->task = kthread_run(fn, c, "caller/%d", (int)(c - call));
	pass_ms(1);
}

static void begin(int max_active)
{
	stay_on(0);
	q = alloc_workqueue("q", 0, max_active);
	pwq = pwq_on(q, 1);
	held_init(&a);
	item_init(&b);
}

/* From its timer: it is deleted, and the word keeps the last pool. */
static int from_timer(void *arg)
{
	begin(0);
	queue_delayed_work_on(1, q, &b.dw, 10);
	CHECK(cancel_delayed_work(&b.dw));
	CHECK(!timer_pending(&b.dw.timer));
	CHECK_EQ(word(W(&b)), NO_POOL);
	queue_delayed_work_on(1, q, &b.dw, 10);
	CHECK(cancel_delayed_work_sync(&b.dw));
	CHECK_EQ(word(W(&b)), NO_POOL);
	queue_delayed_work_on(1, q, &b.dw, 10);
	CHECK(mod_delayed_work_on(0, q, &b.dw, 20));
	flush_workqueue(q);
	CHECK_EQ(b.runs, 0);
	pass_ms(30);
	CHECK_EQ(b.runs, 1);
	CHECK_EQ(b.at, MS(20));
	CHECK_EQ(b.cpu, 0);
	destroy_workqueue(q);
	return 0;
}

WQTEST(cmwq, cf30_from_its_timer)
{
	RUN_OK(2, from_timer);
}

/* From the worklist: its colour retires, the word names the pool. */
static int from_worklist(void *arg)
{
	begin(0);
	a.hold = false;
	a.burn = 5;
	queue_work_on(1, q, W(&a));
	queue_work_on(1, q, W(&b));
	pass_ms(1);
	CHECK(first_work(&pwq->pool->worklist) == W(&b));
	CHECK_EQ(pwq->nr_in_flight[0], 2);
	CHECK_EQ(pwq->nr_active, 2);
	CHECK_EQ(pwq->refcnt, 3);
	CHECK(cancel_delayed_work(&b.dw));
	CHECK(list_empty(&pwq->pool->worklist));
	CHECK_EQ(pwq->nr_in_flight[0], 1);
	CHECK_EQ(pwq->nr_active, 1);
	CHECK_EQ(pwq->refcnt, 2);
	CHECK_EQ(word(W(&b)), (unsigned long)pwq->pool->id << 5);
	destroy_workqueue(q);
	CHECK_EQ(b.runs, 0);
	return 0;
}

WQTEST(cmwq, cf30_from_the_worklist)
{
	RUN_OK(2, from_worklist);
}

/* Held back, and somebody waits for it: activated first, or the barrier would be stranded. */
static int from_delayed(void *arg)
{
	struct workqueue_struct *other = alloc_workqueue("other", 0, 0);

	begin(1);
	start_on(1, q, &a);
	queue_work_on(1, q, W(&b));
	start(flush_fn, &call[0], &b);
	CHECK_EQ(list_length(&pwq->delayed_works), 2);
	CHECK_EQ(events_of(TRACE_ACTIVATE_WORK, W(&b)), 0);
	CHECK(cancel_delayed_work(&b.dw));
	CHECK_EQ(events_of(TRACE_ACTIVATE_WORK, W(&b)), 1);
	CHECK(list_empty(&pwq->delayed_works));
	CHECK_EQ(pwq->nr_active, 1);
	CHECK_EQ(list_length(&pwq->pool->worklist), 1);		/* the barrier */
	CHECK_EQ(word(W(&b)), (unsigned long)pwq->pool->id << 5);
	/* 3.18 wakes nobody for it; with the next item that is queued it runs. */
	item_init(&c);
	queue_work_on(1, other, W(&c));
	pass_ms(1);
	CHECK_EQ(call[0].done, MS(1));		/* though a still blocks the workqueue */
	CHECK_EQ(a.inside, 1);
	release(&a);
	flush_workqueue(q);
	CHECK_EQ(pwq->nr_active, 0);
	destroy_workqueue(q);
	destroy_workqueue(other);
	CHECK_EQ(b.runs, 0);
	return 0;
}

WQTEST(cmwq, cf30_from_what_is_held_back)
{
	RUN_OK(2, from_delayed);
}

/* It was idle, or only runs: nothing to take. */
static int idle(void *arg)
{
	begin(0);
	CHECK(!cancel_work_sync(W(&b)));
	CHECK(!cancel_delayed_work(&b.dw));
	queue_work_on(1, q, W(&b));
	flush_work(W(&b));
	CHECK(!cancel_delayed_work(&b.dw));
	CHECK(!cancel_work_sync(W(&b)));
	CHECK(!cancel_delayed_work_sync(&b.dw));
	CHECK(!mod_delayed_work_on(1, q, &b.dw, 0));	/* and is queued */
	flush_work(W(&b));
	CHECK_EQ(b.runs, 2);

	start_on(1, q, &a);
	start(cancel_fn, &call[0], &a);
	CHECK_EQ(call[0].done, 0);
	release(&a);
	pass_ms(1);
	CHECK_EQ(call[0].done, MS(1));
	CHECK(!call[0].ret);
	destroy_workqueue(q);
	return 0;
}

WQTEST(cmwq, cf31_it_was_idle)
{
	RUN_OK(2, idle);
}

/* Somebody is just queueing it: the others get through, and nothing is lost or run twice. */
#define CPUS	3

static atomic_t left, queued, taken, ran;
static struct completion all_done;

static void count_fn(struct work_struct *work)
{
	atomic_inc(&ran);
}

static int racer_fn(void *arg)
{
	unsigned int rnd = (unsigned long)arg;

	for (int i = 0; i < 8; i++) {
		int cpu = next_random(&rnd) % CPUS;

		switch (next_random(&rnd) % 7) {
		case 0:
			atomic_add(queue_work_on(cpu, q, W(&b)), &queued);
			break;
		case 1:
			atomic_add(queue_delayed_work_on(cpu, q, &b.dw, next_random(&rnd) % 2), &queued);
			break;
		case 2 ... 3:
			/* Queues it, if it was idle or not; unless somebody is cancelling. */
			atomic_add(!mod_delayed_work_on(cpu, q, &b.dw, next_random(&rnd) % 2), &queued);
			break;
		case 4:
			atomic_add(cancel_delayed_work(&b.dw), &taken);
			break;
		case 5:
			atomic_add(cancel_delayed_work_sync(&b.dw), &taken);
			break;
		case 6:
			flush_delayed_work(&b.dw);
			break;
		}
	}
	if (atomic_dec_and_test(&left))
		complete(&all_done);
	return 0;
}

static int race(void *arg)
{
	q = alloc_workqueue("q", (unsigned long)arg % 3 ? 0 : WQ_UNBOUND, 1 + (unsigned long)arg % 2);
	item_init(&b);
	INIT_DELAYED_WORK(&b.dw, count_fn);
	init_completion(&all_done);
	atomic_set(&left, CPUS);
	for (unsigned long i = 0; i < CPUS; i++)
		kthread_run(racer_fn, (void *)((unsigned long)arg * CPUS + i), "racer/%lu", i);
	wait_for_completion(&all_done);
	pass_ms(3);
	flush_workqueue(q);
	CHECK(!delayed_work_pending(&b.dw) && !timer_pending(&b.dw.timer));
	CHECK_EQ(word(W(&b)) & 0x1f, 0);
	CHECK_EQ(atomic_read(&queued), atomic_read(&taken) + atomic_read(&ran));
	destroy_workqueue(q);
	return 0;
}

WQTEST(cmwq, cf32_race_for_pending_in_any_order)
{
	run_seeds(CPUS, race, 1, 400);
}

/*
 * While a canceller waits for the item to end nobody can queue it, not even itself,
 * and nobody can take it.
 */
static int canceling(void *arg)
{
	unsigned long id;

	begin(0);
	id = pwq->pool->id;
	start_on(1, q, &a);
	queue_work_on(1, q, W(&a));
	start(cancel_fn, &call[0], &a);
	CHECK_EQ(word(W(&a)), id << 5 | 0x11);
	CHECK(work_pending(W(&a)));
	CHECK(!queue_work_on(1, q, W(&a)));
	CHECK(!queue_delayed_work_on(1, q, &a.dw, 5));
	CHECK(mod_delayed_work_on(1, q, &a.dw, 5));
	CHECK(!timer_pending(&a.dw.timer));
	CHECK(!cancel_delayed_work(&a.dw));
	CHECK_EQ(word(W(&a)), id << 5 | 0x11);
	CHECK_EQ(call[0].done, 0);
	release(&a);
	pass_ms(10);
	CHECK_EQ(call[0].done, MS(1));
	CHECK(call[0].ret);
	CHECK_EQ(word(W(&a)), NO_POOL);
	CHECK_EQ(a.runs, 1);
	CHECK(queue_work_on(1, q, W(&a)));
	release(&a);
	destroy_workqueue(q);
	CHECK_EQ(a.runs, 2);
	return 0;
}

WQTEST(cmwq, cf33_nobody_queues_meanwhile)
{
	RUN_OK(2, canceling);
}

/* Who comes second waits, woken for its own item only, and one at a time. */
static int pids[5];

static int wakeups(int nr, int *waker)
{
	int n = 0;

	for (size_t i = 0; i < trace_count(); i++) {
		const struct trace_event *ev = trace_get(i);

		if (ev->kind != TRACE_SCHED_WAKEUP || ev->a != pids[nr])
			continue;
		*waker = ev->pid;
		n++;
	}
	return n;
}

static int cancellers(void *arg)
{
	int before[5], waker = 0, i;

	begin(0);
	held_init(&b);
	start_on(1, q, &a);
	start_on(1, q, &b);
	for (i = 0; i < 5; i++)
		start(cancel_fn, &call[i], i % 2 ? &b : &a);	/* 0, 2, 4 want a; 1, 3 want b */
	for (i = 0; i < 5; i++) {
		pids[i] = call[i].task->pid;
		before[i] = wakeups(i, &waker);
	}
	release(&a);
	pass_ms(1);
	for (i = 0; i < 5; i++) {
		CHECK_EQ(call[i].done, i % 2 ? 0 : MS(5));
		CHECK(!call[i].ret);
		/* Once, and not for the other item; by whom it takes over from. */
		CHECK_EQ(wakeups(i, &waker) - before[i], i % 2 ? 0 : 1);
		CHECK(i != 2 || waker == pids[0]);
		CHECK(i != 4 || waker == pids[2]);
	}
	release(&b);
	pass_ms(1);
	CHECK_EQ(call[1].done, MS(6));
	CHECK_EQ(call[3].done, MS(6));
	CHECK_EQ(wakeups(3, &waker) - before[3], 1);
	destroy_workqueue(q);
	return 0;
}

WQTEST(cmwq, cf33_cancellers_take_turns)
{
	RUN_OK(2, cancellers);
}

/* After it nobody runs it, whatever it queues itself; under many schedules. */
static void tenacious_fn(struct work_struct *work)
{
	struct item *it = container_of(work, struct item, dw.work);

	it->inside++;
	udelay(100);			/* or this instant would never end */
	queue_work_on((it->cpu = 1 - it->cpu), q, work);
	queue_delayed_work(q, &it->dw, 1);
	it->inside--;
}

static int canceller_fn(void *arg)
{
	cancel_delayed_work_sync(&a.dw);
	CHECK_EQ(a.inside, 0);
	if (atomic_dec_and_test(&left))
		complete(&all_done);
	return 0;
}

static int final(void *arg)
{
	q = alloc_workqueue("q", 0, (unsigned long)arg % 2);
	item_init(&a);
	INIT_DELAYED_WORK(&a.dw, tenacious_fn);
	init_completion(&all_done);
	atomic_set(&left, 3);
	queue_work_on(1, q, W(&a));
	udelay((unsigned long)arg % 3 * 600);
	for (int i = 0; i < 3; i++)
		kthread_run(canceller_fn, NULL, "canceller/%d", i);
	wait_for_completion(&all_done);
	CHECK_EQ(word(W(&a)), NO_POOL);
	CHECK_EQ(a.inside, 0);
	pass_ms(5);
	CHECK_EQ(word(W(&a)), NO_POOL);
	destroy_workqueue(q);
	return 0;
}

WQTEST(cmwq, cf33_final_in_any_order)
{
	run_seeds(2, final, 1, 200);
}

/* cancel_delayed_work(): does not wait, and leaves the pool where it still runs in the word. */
static int does_not_wait(void *arg)
{
	unsigned long id;

	begin(0);
	id = pwq->pool->id;
	start_on(1, q, &a);
	CHECK(!cancel_delayed_work(&a.dw));
	CHECK_EQ(word(W(&a)), id << 5);
	queue_work_on(1, q, W(&a));
	CHECK(cancel_delayed_work(&a.dw));
	CHECK_EQ(word(W(&a)), id << 5);
	CHECK_EQ(a.inside, 1);
	CHECK_EQ(mach_now(), 0);
	queue_delayed_work_on(0, q, &a.dw, 5);
	CHECK(cancel_delayed_work(&a.dw));
	CHECK_EQ(word(W(&a)), id << 5);
	/* So it is known where it runs, and it is queued there. */
	queue_work_on(0, q, W(&a));
	CHECK(word_pwq(W(&a)) == pwq);
	release(&a);
	release(&a);
	destroy_workqueue(q);
	CHECK_EQ(a.runs, 2);
	CHECK_EQ(a.most, 1);
	return 0;
}

WQTEST(cmwq, cf34_does_not_wait)
{
	RUN_OK(2, does_not_wait);
}
