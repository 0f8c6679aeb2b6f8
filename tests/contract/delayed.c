// SPDX-License-Identifier: GPL-2.0-only
/*
 * The contract: delayed work, and queueing from timers (F1, F3).
 */
#include "contract_test.h"

static struct workqueue_struct *q;
static struct delayed d, e;
static struct counted a;

/* F1: not before its time, and on an idle machine exactly at it. */
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
		CHECK_EQ(d.runs, i);
		pass_ms(2);
		CHECK_EQ(d.runs, i + 1);
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

/* The same where anything may happen in any order: never early, never lost. */
static int not_early(void *arg)
{
	q = create_workqueue("q");
	delayed_init(&d);
	for (int i = 1; i < 20; i++) {
		u64 t0 = mach_now();

		CHECK(queue_delayed_work_on(i % 2, q, &d.dw, i));
		pass_ms(i + 5);
		flush_workqueue(q);
		CHECK_EQ(d.runs, i);
		CHECK_EQ(d.cpu, i % 2);
		CHECK(d.at - t0 >= MS(i));
	}
	destroy_workqueue(q);
	return 0;
}

WQTEST_ENGINES(contract_delayed, never_early_and_on_its_cpu, .any_order = true)
{
	RUN(2, not_early);
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
	CHECK_EQ(d.at, 0);

	/* With a CPU, a timer or none: it runs within the next tick. */
	CHECK(queue_delayed_work_on(1, q, &d.dw, 0));
	pass_ms(2);
	CHECK_EQ(d.runs, 2);
	CHECK_EQ(d.cpu, 1);
	destroy_workqueue(q);
	return 0;
}

WQTEST_ENGINES(contract_delayed, no_delay_is_at_once)
{
	RUN(2, no_delay);
}

/* The timer counts: many at once, each at its own time, those of one tick in order. */
#define MANY	40

static struct delayed many[MANY];

static int many_at_once(void *arg)
{
	unsigned int rnd = 3;
	unsigned int delay[MANY];

	q = create_workqueue("q");
	for (int i = 0; i < MANY; i++) {
		delayed_init(&many[i]);
		delay[i] = next_random(&rnd) % 300 + 1;
		CHECK(queue_delayed_work_on(i % 4, q, &many[i].dw, delay[i]));
	}
	pass_ms(400);
	for (int i = 0; i < MANY; i++) {
		CHECK_EQ(many[i].runs, 1);
		CHECK_EQ(many[i].cpu, i % 4);
		CHECK_EQ(many[i].at, MS(delay[i]));
	}
	destroy_workqueue(q);
	return 0;
}

WQTEST_ENGINES(contract_delayed, many_timers)
{
	RUN(4, many_at_once);
}

/* An item that queues itself with a delay: a heartbeat. */
static void beat_fn(struct work_struct *work)
{
	delayed_fn(work);
	CHECK(queue_delayed_work(q, to_delayed_work(work), 10));
}

static int heartbeat(void *arg)
{
	q = create_workqueue("q");
	delayed_init(&d);
	d.dw.work.func = beat_fn;
	queue_delayed_work(q, &d.dw, 10);
	pass_ms(105);
	CHECK_EQ(d.runs, 10);
	CHECK_EQ(d.at, MS(100));
	CHECK(cancel_delayed_work_sync(&d.dw));
	pass_ms(50);
	CHECK_EQ(d.runs, 10);
	destroy_workqueue(q);
	return 0;
}

WQTEST_ENGINES(contract_delayed, heartbeat)
{
	RUN(1, heartbeat);
}

/* F3: mod_delayed_work() leaves one instance, at the new time. */
static int mod(void *arg)
{
	q = create_workqueue("q");
	delayed_init(&d);
	CHECK_EQ(mod_delayed_work(q, &d.dw, 50), false);
	CHECK_EQ(mod_delayed_work(q, &d.dw, 10), true);
	pass_ms(11);
	CHECK_EQ(d.runs, 1);
	CHECK_EQ(d.at, MS(10));
	CHECK_EQ(mod_delayed_work(q, &d.dw, 10), false);
	CHECK_EQ(mod_delayed_work_on(1, q, &d.dw, 100), true);
	pass_ms(99);
	CHECK_EQ(d.runs, 1);
	pass_ms(2);
	CHECK_EQ(d.runs, 2);
	CHECK_EQ(d.cpu, 1);
	CHECK_EQ(mod_delayed_work(q, &d.dw, 100), false);
	CHECK_EQ(mod_delayed_work(q, &d.dw, 0), true);
	flush_workqueue(q);
	CHECK_EQ(d.runs, 3);
	pass_ms(200);
	CHECK_EQ(d.runs, 3);
	destroy_workqueue(q);
	return 0;
}

WQTEST_ENGINES(contract_delayed, mod_delayed_work)
{
	RUN(2, mod);
}

/* flush_delayed_work() does not wait for the timer. */
static int flush_delayed(void *arg)
{
	delayed_init(&d);
	CHECK(schedule_delayed_work(&d.dw, 10000));
	CHECK_EQ(flush_delayed_work(&d.dw), true);
	CHECK_EQ(d.runs, 1);
	CHECK_EQ(d.at, 0);
	CHECK(!delayed_work_pending(&d.dw));
	CHECK_EQ(flush_delayed_work(&d.dw), false);
	CHECK(schedule_delayed_work_on(1, &d.dw, 3));
	pass_ms(5);
	CHECK_EQ(d.runs, 2);
	CHECK_EQ(d.cpu, 1);
	return 0;
}

WQTEST_ENGINES(contract_delayed, flush_does_not_wait_for_the_timer)
{
	RUN(2, flush_delayed);
}

/* Queueing in interrupt context. */
static int in_timer;

static void queue_from_timer(unsigned long data)
{
	CHECK(in_interrupt());
	in_timer++;
	CHECK(queue_work(q, &a.work));
	CHECK(!queue_work(q, &a.work));
	CHECK(queue_delayed_work(q, &d.dw, 5));
	CHECK(queue_work_on(1, q, &e.dw.work));
}

static int from_timer(void *arg)
{
	struct timer_list t;

	q = create_workqueue("q");
	counted_init(&a);
	delayed_init(&d);
	delayed_init(&e);
	setup_timer_on_stack(&t, queue_from_timer, 0);
	mod_timer(&t, jiffies + 10);
	pass_ms(30);
	CHECK_EQ(in_timer, 1);
	flush_workqueue(q);
	CHECK_EQ(a.runs, 1);
	CHECK_EQ(a.cpu, 0);
	CHECK(a.at >= MS(10));
	CHECK_EQ(d.runs, 1);
	CHECK(d.at >= MS(15));
	CHECK_EQ(e.runs, 1);
	CHECK_EQ(e.cpu, 1);
	destroy_timer_on_stack(&t);
	destroy_workqueue(q);
	return 0;
}

WQTEST_ENGINES(contract_delayed, queues_from_a_timer)
{
	RUN(2, from_timer);
}
