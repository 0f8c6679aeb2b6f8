// SPDX-License-Identifier: GPL-2.0-only
/*
 * The contract: cancelling (E3 to E5).
 */
#include "contract_test.h"

static struct workqueue_struct *q;
static struct held h;
static struct counted a;
static struct delayed d;
static bool released;

static struct helper let_go = { .done = &h.go, .ms = 10, .before = &released };

static void start(void)
{
	q = create_workqueue("q");
	held_init(&h);
	counted_init(&a);
	delayed_init(&d);
	released = false;
}

/* E3, the three cases: idle, queued, running. */
static int three_cases(void *arg)
{
	start();
	CHECK_EQ(cancel_work_sync(&a.work), false);	/* never queued */
	queue_work_on(1, q, &a.work);
	flush_workqueue(q);
	CHECK_EQ(cancel_work_sync(&a.work), false);	/* idle again */
	CHECK_EQ(a.runs, 1);

	hold(q, 1, &h);
	queue_work_on(1, q, &a.work);
	CHECK_EQ(cancel_work_sync(&a.work), true);	/* queued */
	CHECK(!work_pending(&a.work));
	CHECK(list_empty(&a.work.entry));

	complete_later(&let_go);
	CHECK_EQ(cancel_work_sync(&h.work), false);	/* running: it is waited for */
	CHECK(released);
	CHECK_EQ(h.ended, 1);
	flush_workqueue(q);
	CHECK_EQ(a.runs, 1);

	/* It can be queued again afterwards. */
	CHECK(queue_work_on(0, q, &a.work));
	flush_workqueue(q);
	CHECK_EQ(a.runs, 2);
	CHECK_EQ(a.cpu, 0);
	destroy_workqueue(q);
	return 0;
}

WQTEST_MATRIX(contract_cancel, idle_queued_running, .any_order = true)
{
	RUN(2, three_cases);
}

/* E3: queued again while it runs: both are dealt with, and it counts as pending. */
static int running_and_queued(void *arg)
{
	start();
	hold(q, 1, &h);
	CHECK(queue_work_on(1, q, &h.work));
	complete_later(&let_go);
	CHECK_EQ(cancel_work_sync(&h.work), true);
	CHECK(released);
	CHECK_EQ(h.begun, 1);
	CHECK_EQ(h.ended, 1);
	CHECK(!work_pending(&h.work));
	flush_workqueue(q);
	CHECK_EQ(h.begun, 1);
	destroy_workqueue(q);
	return 0;
}

WQTEST_MATRIX(contract_cancel, running_and_queued_again, .any_order = true)
{
	RUN(2, running_and_queued);
}

/* E3: an item that always queues itself is stopped for good. */
static atomic_t inside;

static void tenacious_fn(struct work_struct *work)
{
	atomic_inc(&inside);
	counted_fn(work);
	udelay(10);
	queue_work(q, work);
	udelay(10);
	atomic_dec(&inside);
}

static int tenacious(void *arg)
{
	start();
	a.work.func = tenacious_fn;
	for (int i = 0; i < 20; i++) {
		int runs = a.runs;

		CHECK(queue_work_on(1, q, &a.work));
		wait_until(runs_yet(&a.runs) > runs);
		udelay(100 + 7 * i);
		cancel_work_sync(&a.work);
		CHECK_EQ(atomic_read(&inside), 0);
		CHECK(!work_pending(&a.work));
		runs = a.runs;
		pass_ms(2);
		CHECK_EQ(a.runs, runs);
	}
	CHECK(a.runs >= 20);
	destroy_workqueue(q);
	return 0;
}

WQTEST_MATRIX(contract_cancel, stops_who_queues_itself)
{
	RUN(2, tenacious);
}

/* The same on the one CPU that both share, by turns. */
static int tenacious_here(void *arg)
{
	start();
	a.work.func = tenacious_fn;
	CHECK(queue_work(q, &a.work));
	wait_until(runs_yet(&a.runs) > 1);
	cancel_work_sync(&a.work);
	CHECK_EQ(atomic_read(&inside), 0);
	CHECK(!work_pending(&a.work));
	CHECK(a.runs > 1);
	destroy_workqueue(q);
	return 0;
}

WQTEST_MATRIX(contract_cancel, stops_who_queues_itself_on_its_own_cpu)
{
	struct machine_config cfg = wqtest_config(1);

	cfg.slice_ns = 30000;
	RUN_CFG(&cfg, tenacious_here, NULL);
}

/* E3: several cancel the same running item: all wait, one of them had it pending. */
static atomic_t back, were_pending;

static int canceller(void *arg)
{
	if (cancel_work_sync(&h.work))
		atomic_inc(&were_pending);
	CHECK_EQ(h.ended, 1);
	atomic_inc(&back);
	return 0;
}

static int several(void *arg)
{
	struct task_struct *t[4];

	start();
	hold(q, 0, &h);
	CHECK(queue_work_on(0, q, &h.work));
	for (int i = 0; i < 4; i++)
		t[i] = start_task(canceller, NULL, "canceller");
	for (int i = 0; i < 4; i++)
		wait_until_asleep(t[i]);
	CHECK_EQ(atomic_read(&back), 0);
	complete(&h.go);
	wait_for_all(&back, 4);
	CHECK(!work_pending(&h.work));
	CHECK_EQ(atomic_read(&were_pending), 1);
	CHECK_EQ(h.begun, 1);
	destroy_workqueue(q);
	return 0;
}

WQTEST_MATRIX(contract_cancel, several_cancel_at_once)
{
	RUN(2, several);
}

/* E4: on its timer, and on its list. */
static int delayed_sync(void *arg)
{
	start();
	CHECK_EQ(cancel_delayed_work_sync(&d.dw), false);
	queue_delayed_work(q, &d.dw, LONG_DELAY);
	pass_ms(5);
	CHECK_EQ(cancel_delayed_work_sync(&d.dw), true);
	CHECK(!timer_pending(&d.dw.timer));
	CHECK(!delayed_work_pending(&d.dw));
	CHECK_EQ(cancel_delayed_work_sync(&d.dw), false);

	hold(q, 1, &h);
	queue_delayed_work_on(1, q, &d.dw, 5);
	wait_until(!timer_pending(&d.dw.timer));
	CHECK(delayed_work_pending(&d.dw));
	CHECK_EQ(cancel_delayed_work_sync(&d.dw), true);
	CHECK(!delayed_work_pending(&d.dw));
	complete(&h.go);
	flush_workqueue(q);
	CHECK_EQ(d.runs, 0);
	destroy_workqueue(q);
	return 0;
}

WQTEST_MATRIX(contract_cancel, delayed_sync)
{
	RUN(2, delayed_sync);
}

/* E5: true means that this instance never starts. */
static int delayed_async(void *arg)
{
	start();
	CHECK_EQ(cancel_delayed_work(&d.dw), false);
	queue_delayed_work(q, &d.dw, LONG_DELAY);
	CHECK_EQ(cancel_delayed_work(&d.dw), true);
	CHECK(!delayed_work_pending(&d.dw));
	CHECK_EQ(cancel_delayed_work(&d.dw), false);
	CHECK(!timer_pending(&d.dw.timer));
	CHECK_EQ(d.runs, 0);

	/* At any moment around the firing. */
	for (int i = 0; i < 40; i++) {
		int runs = d.runs;
		bool cancelled;

		CHECK(queue_delayed_work_on(i % 2, q, &d.dw, 2));
		udelay(1800 + i * 10);
		cancelled = cancel_delayed_work(&d.dw);
		pass_ms(5);
		wait_until(!delayed_work_pending(&d.dw));
		flush_work(&d.dw.work);
		CHECK_EQ(d.runs, runs + !cancelled);
	}
	if (!wqtest_native()) {
		CHECK(d.runs > 0);
		CHECK(d.runs < 40);
	}
	destroy_workqueue(q);
	return 0;
}

WQTEST_MATRIX(contract_cancel, delayed_without_waiting)
{
	RUN(2, delayed_async);
}

/* E4: the heartbeat that re-arms itself, at every moment of its beat. */
static void beat_fn(struct work_struct *work)
{
	atomic_inc(&inside);
	delayed_fn(work);
	udelay(300);
	queue_delayed_work(q, to_delayed_work(work), 1);
	udelay(300);
	atomic_dec(&inside);
}

static int heartbeat(void *arg)
{
	start();
	d.dw.work.func = beat_fn;
	for (int i = 0; i < 60; i += 60 / ROUNDS(60)) {
		int runs;

		CHECK(queue_delayed_work_on(i % 2, q, &d.dw, 1));
		udelay(900 + i * 50);
		cancel_delayed_work_sync(&d.dw);
		CHECK_EQ(atomic_read(&inside), 0);
		CHECK(!timer_pending(&d.dw.timer));
		CHECK(!delayed_work_pending(&d.dw));
		runs = d.runs;
		pass_ms(5);
		CHECK_EQ(d.runs, runs);
	}
	if (!wqtest_native())
		CHECK(d.runs > 30);
	destroy_workqueue(q);
	return 0;
}

WQTEST_MATRIX(contract_cancel, stops_a_heartbeat)
{
	RUN(2, heartbeat);
}

/* A flusher of an item that is cancelled goes on. */
static int flusher(void *arg)
{
	flush_work(&a.work);
	atomic_inc(&back);
	return 0;
}

static int flushed_and_cancelled(void *arg)
{
	start();
	hold(q, 0, &h);
	queue_work_on(0, q, &a.work);
	wait_until_asleep(start_task(flusher, NULL, "flusher"));
	CHECK_EQ(atomic_read(&back), 0);
	CHECK_EQ(cancel_work_sync(&a.work), true);
	complete(&h.go);
	wait_for_all(&back, 1);
	CHECK_EQ(a.runs, 0);
	destroy_workqueue(q);
	return 0;
}

WQTEST_MATRIX(contract_cancel, flusher_of_a_cancelled_item_goes_on)
{
	RUN(2, flushed_and_cancelled);
}

/* E3, E4 under a few hundred schedules: after the call nothing runs, nothing comes. */
static int final_in_any_order(void *arg)
{
	unsigned long seed = (unsigned long)arg;
	int runs;

	start();
	a.work.func = tenacious_fn;
	d.dw.work.func = beat_fn;
	queue_work_on(1, q, &a.work);
	queue_delayed_work_on(seed % 2, q, &d.dw, seed % 3);
	udelay(seed * 13 % 2000);
	cancel_work_sync(&a.work);
	CHECK(!work_pending(&a.work));
	cancel_delayed_work_sync(&d.dw);
	CHECK(!delayed_work_pending(&d.dw));
	CHECK(!timer_pending(&d.dw.timer));
	CHECK_EQ(atomic_read(&inside), 0);
	runs = a.runs + d.runs;
	pass_ms(5);
	CHECK_EQ(a.runs + d.runs, runs);
	destroy_workqueue(q);
	return 0;
}

WQTEST_MATRIX(contract_cancel, final_in_any_order)
{
	run_seeds(2, final_in_any_order, 1, 300);
}
