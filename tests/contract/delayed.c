// SPDX-License-Identifier: GPL-2.0-only
/*
 * The contract: delayed work, and queueing from timers (F1, F3).
 */
#include "contract_test.h"

static struct workqueue_struct *q;
static struct delayed d, e;
static struct counted a;

/* F1: on an idle machine, on which nothing takes time, exactly at its time. */
static int at_its_time(void *arg)
{
	static const unsigned int delays[] = { 1, 2, 7, 100, 255, 256, 257, 3000, 20000 };

	q = create_workqueue("q");
	delayed_init(&d);
	for (size_t i = 0; i < ARRAY_SIZE(delays); i++) {
		u64 t0 = mach_now();

		CHECK(queue_delayed_work(q, &d.dw, delays[i]));
		CHECK(delayed_work_pending(&d.dw));
		CHECK(timer_pending(&d.dw.timer));
		CHECK(list_empty(&d.dw.work.entry));
		CHECK(!queue_delayed_work(q, &d.dw, 1));
		CHECK(!queue_work(q, &d.dw.work));
		pass_ms(delays[i] - 1);
		CHECK_EQ(runs_yet(&d.runs), i);
		pass_ms(2);
		CHECK_EQ(runs_yet(&d.runs), i + 1);
		CHECK_EQ(d.at - t0, MS(delays[i]));
		CHECK(!delayed_work_pending(&d.dw));
	}
	destroy_workqueue(q);
	return 0;
}

WQTEST_ENGINES(contract_delayed, runs_at_its_time)
{
	RUN(2, at_its_time);
}

/* F1 where anything may happen in any order: never early, never lost. */
static int not_early(void *arg)
{
	q = create_workqueue("q");
	delayed_init(&d);
	for (int i = 1; i < 20; i++) {
		unsigned long before = jiffies;

		CHECK(queue_delayed_work_on(i % 2, q, &d.dw, i));
		wait_until(runs_yet(&d.runs) == i);
		flush_workqueue(q);
		CHECK_EQ(runs_yet(&d.runs), i);
		CHECK_EQ(d.cpu, i % 2);
		CHECK(time_after_eq(d.jiffy, before + i));
	}
	destroy_workqueue(q);
	return 0;
}

WQTEST_MATRIX(contract_delayed, never_early_and_on_its_cpu, .any_order = true)
{
	RUN(2, not_early);
}

/* A1: on its timer it is pending for everybody, and on no list. */
static int refused(void *arg)
{
	q = create_workqueue("q");
	delayed_init(&d);
	CHECK(queue_delayed_work(q, &d.dw, LONG_DELAY));
	CHECK(delayed_work_pending(&d.dw));
	CHECK(timer_pending(&d.dw.timer));
	CHECK(list_empty(&d.dw.work.entry));
	CHECK(!queue_delayed_work(q, &d.dw, 1));
	CHECK(!queue_work(q, &d.dw.work));
	CHECK(!schedule_work(&d.dw.work));
	CHECK(cancel_delayed_work_sync(&d.dw));
	CHECK_EQ(d.runs, 0);
	destroy_workqueue(q);
	return 0;
}

WQTEST_MATRIX(contract_delayed, pending_on_its_timer, .any_order = true)
{
	RUN(2, refused);
}

/* A delay of 0 is queue_work(): no timer. */
static int no_delay(void *arg)
{
	struct held h;

	q = create_workqueue("q");
	held_init(&h);
	delayed_init(&d);
	hold(q, 0, &h);
	set_cpus_allowed_ptr(current, cpumask_of(0));
	CHECK(queue_delayed_work(q, &d.dw, 0));
	CHECK(!timer_pending(&d.dw.timer));
	CHECK(!list_empty(&d.dw.work.entry));
	complete(&h.go);
	flush_workqueue(q);
	CHECK_EQ(d.runs, 1);
	CHECK_AT(d.at, 0);

	/* With a CPU, a timer or none: it runs within the next tick. */
	CHECK(queue_delayed_work_on(1, q, &d.dw, 0));
	if (!wqtest_native())
		pass_ms(2);
	else
		wait_until(runs_yet(&d.runs) == 2);
	flush_workqueue(q);
	CHECK_EQ(d.runs, 2);
	CHECK_EQ(d.cpu, 1);
	destroy_workqueue(q);
	return 0;
}

WQTEST_MATRIX(contract_delayed, no_delay_is_at_once)
{
	RUN(2, no_delay);
}

/* The timer counts: many at once, each at its own time. */
#define MANY	40

static struct delayed many[MANY];

static int many_at_once(void *arg)
{
	unsigned int most = wqtest_native() ? 60 : 300;
	unsigned int rnd = 3;
	unsigned int delay[MANY];
	unsigned long before = jiffies;

	q = create_workqueue("q");
	for (int i = 0; i < MANY; i++) {
		delayed_init(&many[i]);
		delay[i] = next_random(&rnd) % most + 1;
		CHECK(queue_delayed_work_on(i % 4, q, &many[i].dw, delay[i]));
	}
	for (int i = 0; i < MANY; i++)
		wait_until(!delayed_work_pending(&many[i].dw));
	flush_workqueue(q);
	for (int i = 0; i < MANY; i++) {
		CHECK_EQ(many[i].runs, 1);
		CHECK_EQ(many[i].cpu, i % 4);
		CHECK(time_after_eq(many[i].jiffy, before + delay[i]));
		CHECK_AT(many[i].at, MS(delay[i]));
	}
	destroy_workqueue(q);
	return 0;
}

WQTEST_MATRIX(contract_delayed, many_timers)
{
	RUN(4, many_at_once);
}

/*
 * An item that queues itself with a delay: a heartbeat.  Whoever cancels it while it
 * runs has it pending for that long, so it may lose (A1); the books balance (A2).
 */
static int won;

static void beat_fn(struct work_struct *work)
{
	delayed_fn(work);
	won += queue_delayed_work(q, to_delayed_work(work), 10);
}

static int heartbeat(void *arg)
{
	int cancelled;

	q = create_workqueue("q");
	delayed_init(&d);
	d.dw.work.func = beat_fn;
	won = queue_delayed_work(q, &d.dw, 10);
	if (wqtest_native())
		wait_until(runs_yet(&d.runs) >= 5);
	else
		pass_ms(105);
	cancelled = cancel_delayed_work_sync(&d.dw);
	CHECK_AT(d.runs, 10);
	CHECK_AT(d.at, MS(100));
	CHECK_AT(cancelled, 1);
	CHECK_EQ(won, d.runs + cancelled);
	CHECK(!timer_pending(&d.dw.timer));
	pass_ms(15);
	CHECK_EQ(won, d.runs + cancelled);
	destroy_workqueue(q);
	return 0;
}

WQTEST_MATRIX(contract_delayed, heartbeat)
{
	RUN(1, heartbeat);
}

/* F3: mod_delayed_work() leaves one instance, at the new time. */
static int mod(void *arg)
{
	unsigned long before = jiffies;

	q = create_workqueue("q");
	delayed_init(&d);
	CHECK_EQ(mod_delayed_work(q, &d.dw, LONG_DELAY), false);
	CHECK_EQ(mod_delayed_work(q, &d.dw, 10), true);
	wait_until(runs_yet(&d.runs) == 1);
	CHECK(time_after_eq(d.jiffy, before + 10));
	CHECK_AT(d.at, MS(10));

	flush_workqueue(q);
	before = jiffies;
	CHECK_EQ(mod_delayed_work(q, &d.dw, LONG_DELAY), false);
	CHECK_EQ(mod_delayed_work_on(1, q, &d.dw, 20), true);
	wait_until(runs_yet(&d.runs) == 2);
	CHECK_EQ(d.cpu, 1);
	CHECK(time_after_eq(d.jiffy, before + 20));

	flush_workqueue(q);
	CHECK_EQ(mod_delayed_work(q, &d.dw, LONG_DELAY), false);
	CHECK_EQ(mod_delayed_work(q, &d.dw, 0), true);
	flush_workqueue(q);
	CHECK_EQ(d.runs, 3);
	CHECK(!timer_pending(&d.dw.timer));
	CHECK(!delayed_work_pending(&d.dw));
	if (!wqtest_native())
		pass_ms(2 * LONG_DELAY);
	CHECK_EQ(d.runs, 3);
	destroy_workqueue(q);
	return 0;
}

WQTEST_MATRIX(contract_delayed, mod_delayed_work)
{
	RUN(2, mod);
}

/* flush_delayed_work() does not wait for the timer; for the run only if it is not over. */
static int flush_delayed(void *arg)
{
	int waited;

	delayed_init(&d);
	CHECK(schedule_delayed_work(&d.dw, LONG_DELAY));
	waited = flush_delayed_work(&d.dw);
	CHECK_AT(waited, true);
	CHECK_EQ(d.runs, 1);
	CHECK_AT(d.at, 0);
	CHECK(!delayed_work_pending(&d.dw));
	CHECK_EQ(flush_delayed_work(&d.dw), false);
	CHECK(schedule_delayed_work_on(1, &d.dw, 3));
	wait_until(runs_yet(&d.runs) == 2);
	CHECK_EQ(d.cpu, 1);
	return 0;
}

WQTEST_MATRIX(contract_delayed, flush_does_not_wait_for_the_timer)
{
	RUN(2, flush_delayed);
}

/* Queueing in interrupt context. */
static atomic_t in_timer;

static void queue_from_timer(unsigned long data)
{
	CHECK(in_interrupt());
	CHECK(queue_work(q, &a.work));
	CHECK(!queue_work(q, &a.work));
	CHECK(queue_delayed_work(q, &d.dw, 5));
	CHECK(queue_work_on(1, q, &e.dw.work));
	atomic_inc(&in_timer);
}

static int from_timer(void *arg)
{
	unsigned long before = jiffies;
	struct timer_list t;
	struct held h;

	q = create_workqueue("q");
	held_init(&h);
	counted_init(&a);
	delayed_init(&d);
	delayed_init(&e);
	hold(q, 0, &h);			/* what is queued behind it stays pending */
	setup_timer_on_stack(&t, queue_from_timer, 0);
	t.expires = before + 10;
	add_timer_on(&t, 0);
	wait_for_all(&in_timer, 1);
	del_timer_sync(&t);
	complete(&h.go);
	wait_until(runs_yet(&d.runs) == 1);
	flush_workqueue(q);
	CHECK_EQ(atomic_read(&in_timer), 1);
	CHECK_EQ(a.runs, 1);
	CHECK_EQ(a.cpu, 0);
	CHECK_EQ(d.cpu, 0);
	CHECK(time_after_eq(d.jiffy, before + 15));
	CHECK_EQ(e.runs, 1);
	CHECK_EQ(e.cpu, 1);
	CHECK(time_after_eq(e.jiffy, before + 10));
	destroy_timer_on_stack(&t);
	destroy_workqueue(q);
	return 0;
}

WQTEST_MATRIX(contract_delayed, queues_from_a_timer)
{
	RUN(2, from_timer);
}
