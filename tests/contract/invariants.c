// SPDX-License-Identifier: GPL-2.0-only
/*
 * The invariants that show in calls and executions: each occurs with both engines, and
 * each can be broken by writing into the item's word, its links or its timer.
 */
#include <wqlab/engine.h>

#include "contract_test.h"
#include "invariant_test.h"

static struct workqueue_struct *q;
static struct held h;
static struct counted a, b;
static struct delayed d;

static void start(void)
{
	q = create_workqueue("q");
	held_init(&h);
	counted_init(&a);
	counted_init(&b);
	delayed_init(&d);
}

static int finish(void)
{
	destroy_workqueue(q);
	return 0;
}

/* ---- they occur ---- */

/* Queued, queued again while it runs, and once more in vain. */
static int requeued(void *arg)
{
	start();
	hold(q, 1, &h);
	CHECK(queue_work_on(1, q, &h.work));
	CHECK(!queue_work_on(1, q, &h.work));
	complete(&h.go);
	complete(&h.go);
	flush_work(&h.work);
	flush_workqueue(q);
	drain_workqueue(q);
	return finish();
}

static atomic_t back;

static int waiter(void *arg)
{
	flush_workqueue(q);
	drain_workqueue(q);
	atomic_inc(&back);
	return 0;
}

/* Somebody waits for all of it while it runs. */
static int waited_for(void *arg)
{
	struct task_struct *t[3];

	start();
	hold(q, 1, &h);
	t[0] = start_joinable(waiter, NULL, "waiter/0");
	t[1] = start_joinable(waiter, NULL, "waiter/1");
	pass_ms(1);
	complete(&h.go);
	pass_ms(1);
	hold(q, 1, &h);
	t[2] = start_joinable(waiter, NULL, "waiter/2");
	pass_ms(1);
	complete(&h.go);
	wait_for_all(&back, 3);
	for (int i = 0; i < 3; i++)
		join_task(t[i]);
	return finish();
}

static int drained(void *arg)
{
	start();
	hold(q, 1, &h);
	complete(&h.go);
	drain_workqueue(q);
	return finish();
}

static int destroyed(void *arg)
{
	start();
	queue_work_on(1, q, &a.work);
	queue_work_on(1, q, &b.work);
	return finish();
}

static int cancelled(void *arg)
{
	start();
	hold(q, 1, &h);
	queue_work_on(1, q, &a.work);
	CHECK(cancel_work_sync(&a.work));
	queue_work_on(1, q, &a.work);		/* and may run again */
	complete(&h.go);
	return finish();
}

static int with_a_delay(void *arg)
{
	start();
	CHECK(queue_delayed_work(q, &d.dw, LONG_DELAY));
	CHECK(mod_delayed_work(q, &d.dw, 3));
	wait_until(!delayed_work_pending(&d.dw));
	CHECK(queue_delayed_work(q, &d.dw, LONG_DELAY));
	CHECK(cancel_delayed_work_sync(&d.dw));
	return finish();
}

static int quiet(void *arg)
{
	start();
	queue_work_on(1, q, &a.work);
	flush_workqueue(q);
	queue_delayed_work(q, &d.dw, LONG_DELAY);
	invariants_quiescent();
	cancel_delayed_work_sync(&d.dw);
	return finish();
}

static int single(void *arg)
{
	q = create_singlethread_workqueue("s");
	counted_init(&a);
	counted_init(&b);
	queue_work(q, &a.work);
	queue_work(q, &b.work);
	return finish();
}

#define OCCURS(inv, fn)	{ .name = inv, .first = fn }

static const struct inv_case occur[] = {
	OCCURS("A1", requeued), OCCURS("A2", requeued), OCCURS("A3", requeued), OCCURS("A4", requeued),
	OCCURS("A5", requeued), OCCURS("A6", requeued), OCCURS("A7", requeued),
	OCCURS("B5", single), OCCURS("B6", requeued),
	OCCURS("E1", requeued), OCCURS("E2", waited_for), OCCURS("E3", cancelled), OCCURS("E4", with_a_delay),
	OCCURS("E5", cancelled), OCCURS("E6", drained),
	OCCURS("F1", with_a_delay), OCCURS("F2", with_a_delay), OCCURS("F3", with_a_delay),
	OCCURS("G1", quiet), OCCURS("H1", destroyed), OCCURS("I1", requeued),
};

WQTEST_ENGINES(invariants, occur)
{
	inv_all_occur(occur, engine);
}

/* On real cores nothing is checked but at such points. */
WQTEST_MATRIX(contract_quiet, books_balance)
{
	RUN(2, quiet);
}

/* ---- they are broken ---- */

static void set_pending(struct work_struct *work, bool to)
{
	unsigned long *word = work_data_bits(work);

	/* Relaxed: whatever the engines do to the word at that moment is no race of theirs. */
	if (to)
		__atomic_fetch_or(word, WORK_STRUCT_PENDING, __ATOMIC_RELAXED);
	else
		__atomic_fetch_and(word, ~(unsigned long)WORK_STRUCT_PENDING, __ATOMIC_RELAXED);
}

/* On its timer, and PENDING is lost. */
static int won_twice(void *arg)
{
	start();
	CHECK(queue_delayed_work(q, &d.dw, LONG_DELAY));
	del_timer(&d.dw.timer);
	set_pending(&d.dw.work, false);
	CHECK(queue_work(q, &d.dw.work));
	return 0;
}

static int lost_on_its_timer(void *arg)
{
	start();
	CHECK(queue_delayed_work(q, &d.dw, LONG_DELAY));
	del_timer(&d.dw.timer);
	set_pending(&d.dw.work, false);
	flush_work(&d.dw.work);
	return 0;
}

/* Its timer fires, though nobody has queued it again. */
static void fires_again(void)
{
	set_pending(&d.dw.work, true);
	d.dw.timer.expires = jiffies + 1;
	add_timer(&d.dw.timer);
	pass_ms(5);
}

static int out_of_nothing(void *arg)
{
	start();
	queue_delayed_work(q, &d.dw, 1);
	pass_ms(5);
	fires_again();
	return 0;
}

static int runs_though_cancelled(void *arg)
{
	start();
	queue_delayed_work(q, &d.dw, LONG_DELAY);
	CHECK(cancel_delayed_work(&d.dw));
	fires_again();
	return 0;
}

/* PENDING is set while it runs, so the attempt to queue is lost; and no run follows. */
static int attempt_lost(void *arg)
{
	start();
	hold(q, 1, &h);
	set_pending(&h.work, true);
	CHECK(!queue_work_on(1, q, &h.work));
	set_pending(&h.work, false);
	complete(&h.go);
	pass_ms(1);
	return 0;
}

/* Between its being unlinked and its start somebody links the item to a list of his own. */
static LIST_HEAD(mine);

static int vandal(void *arg)
{
	for (int i = 0; i < 300 && list_empty(&mine); i++) {
		READ_ONCE(a.work.func);
		if (work_pending(&a.work) && list_empty(&a.work.entry) && !a.runs)
			list_add(&a.work.entry, &mine);
	}
	return 0;
}

static int still_linked(void *arg)
{
	start();
	kthread_run(vandal, NULL, "vandal");
	for (int i = 0; i < 3; i++) {
		queue_work_on(1, q, &a.work);
		flush_work(&a.work);
		a.runs = 0;
	}
	return 0;
}

static int before_its_time(void *arg)
{
	start();
	queue_delayed_work(q, &d.dw, 100);
	mod_timer(&d.dw.timer, jiffies + 1);
	pass_ms(5);
	return 0;
}

static void never_fires(unsigned long data)
{
}

/* Its timer is armed by hand; the call that looks has nothing to do, for no engine holds it. */
static int armed_not_pending(void *arg)
{
	start();
	d.dw.timer.function = never_fires;
	d.dw.timer.expires = jiffies + LONG_DELAY;
	add_timer(&d.dw.timer);
	cancel_delayed_work(&d.dw);
	return 0;
}

static int armed_and_queued(void *arg)
{
	start();
	hold(q, 1, &h);
	queue_work_on(1, q, &d.dw.work);
	d.dw.timer.function = never_fires;
	d.dw.timer.expires = jiffies + LONG_DELAY;
	add_timer(&d.dw.timer);
	CHECK(!queue_delayed_work(q, &d.dw, 5));
	return 0;
}

/* The engine does not know it any more, so the cancel does nothing. */
static int not_cancelled(void *arg)
{
	start();
	hold(q, 1, &h);
	h.work.engine = NULL;
	cancel_work_sync(&h.work);
	return 0;
}

static int timer_not_cancelled(void *arg)
{
	start();
	queue_delayed_work(q, &d.dw, LONG_DELAY);
	d.dw.work.engine = NULL;
	cancel_delayed_work_sync(&d.dw);
	return 0;
}

static int not_flushed(void *arg)
{
	start();
	hold(q, 1, &h);
	h.work.engine = NULL;
	flush_work(&h.work);
	return 0;
}

static int never_started(void *arg)
{
	start();
	hold(q, 1, &h);
	queue_work_on(1, q, &a.work);
	invariants_quiescent();
	return 0;
}

static void keeps_lock_fn(struct work_struct *work)
{
	preempt_disable();
}

static int keeps_lock(void *arg)
{
	start();
	a.work.func = keeps_lock_fn;
	queue_work_on(1, q, &a.work);
	pass_ms(1);
	return 0;
}

#define BREAKS(inv, fn, what, text, ...)	\
	{ .name = inv, .first = fn, .object = what, .found = text, __VA_ARGS__ }

static const struct inv_case broken[] = {
	BREAKS("A1", won_twice, "an item of delayed_fn", "neither started nor been cancelled"),
	BREAKS("A2", lost_on_its_timer, "an item of delayed_fn", "1 more queue calls won"),
	BREAKS("A3", out_of_nothing, "an item of delayed_fn", "1 too few that won for it to start"),
	BREAKS("A4", attempt_lost, "an item of held_fn", "2 attempts to queue, the last run began after the 1."),
	BREAKS("A5", still_linked, "an item of counted_fn", "not pending and still linked", .seeds = 400),
	BREAKS("E1", not_flushed, "an item of held_fn", "is still executing"),
	BREAKS("E3", not_cancelled, "an item of held_fn", "not queued and executing"),
	BREAKS("E4", timer_not_cancelled, "an item of delayed_fn", "its timer is pending"),
	BREAKS("E5", runs_though_cancelled, "an item of delayed_fn", "1 too few that won for it to start"),
	BREAKS("F1", before_its_time, "an item of delayed_fn", "jiffies early"),
	BREAKS("F2", armed_not_pending, "an item of delayed_fn", "its PENDING bit is clear"),
	BREAKS("F3", armed_and_queued, "an item of delayed_fn", "on a list and on its timer"),
	BREAKS("G1", never_started, "an item of counted_fn", "and never started"),
	BREAKS("I1", keeps_lock, NULL, "preemption count 0x00000001, interrupts on, 0 locks held"),
};

WQTEST_ENGINES(invariants, are_broken)
{
	inv_all_break(broken, engine);
}
