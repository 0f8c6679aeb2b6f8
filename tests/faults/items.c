// SPDX-License-Identifier: GPL-2.0-only
/*
 * Items that are queued, flushed and cancelled by two tasks at once, on either engine.
 */
#include "faults_test.h"

static struct workqueue_struct *q, *q2;
static struct counted item;
static struct held h;
static struct delayed later;
static struct completion ran;
static atomic_t won;

/* ---- one item, which says itself that it has run ---- */

static struct work_struct teller;

static void tells(struct work_struct *work)
{
	complete(&ran);
}

/* Nobody flushes: only queueing may wake the thread. */
static int one_item(void *arg)
{
	search_from_here();
	init_completion(&ran);
	INIT_WORK(&teller, tells);
	q = create_workqueue("q");
	CHECK(queue_work_on(1, q, &teller));
	wait_for_completion(&ran);
	pass_ms(1);
	CHECK_EQ(flush_work(&teller), false);
	destroy_workqueue(q);
	return 0;
}

WQTEST_ENGINES(faults, one_item, .any_order = true)
{
	RUN(2, one_item);
}

/* G1, A2: it runs though nobody asks for it. */
static int nobody_waits(void *arg)
{
	q = create_workqueue("q");
	counted_init(&item);
	search_from_here();
	CHECK(queue_work_on(1, q, &item.work));
	check_at_rest();
	CHECK_EQ(item.runs, 1);
	destroy_workqueue(q);
	return 0;
}

WQTEST_ENGINES(faults, nobody_waits, .any_order = true)
{
	RUN(2, nobody_waits);
}

/* ---- two who queue the same item ---- */

static int queues_one(void *arg)
{
	if (queue_work_on((long)arg, q, &item.work))
		atomic_inc(&won);
	return part_done();
}

/* A1, A2: as many runs as calls that won. */
static int two_queue_one(void *arg)
{
	q = create_workqueue("q");
	counted_init(&item);
	search_from_here();
	start_on(1, queues_one, (void *)1L, "queuer");
	queues_one(NULL);
	wait_for_parts(2);
	flush_work(&item.work);
	flush_workqueue(q);
	CHECK_EQ(item.runs, atomic_read(&won));
	check_at_rest();
	destroy_workqueue(q);
	return 0;
}

WQTEST_ENGINES(faults, two_queue_one, .any_order = true)
{
	RUN(2, two_queue_one);
}

/* ---- one queues, the other waits for it or takes it back ---- */

static int queues_twice(void *arg)
{
	if (queue_work_on(1, q, &item.work))
		atomic_inc(&won);
	if (queue_work_on(1, q, &item.work))
		atomic_inc(&won);
	return part_done();
}

static int queue_and_flush(void *arg)
{
	q = create_workqueue("q");
	counted_init(&item);
	search_from_here();
	start_on(1, queues_twice, NULL, "queuer");
	flush_work(&item.work);
	flush_workqueue(q);
	wait_for_parts(1);
	flush_workqueue(q);
	CHECK_EQ(item.runs, atomic_read(&won));
	CHECK_EQ(flush_work(&item.work), false);
	check_at_rest();
	destroy_workqueue(q);
	return 0;
}

WQTEST_ENGINES(faults, queue_and_flush, .any_order = true)
{
	RUN(2, queue_and_flush);
}

/* ---- one that is queued behind another ---- */

static int lets_it_go(void *arg)
{
	pass_ms(1);
	complete(&h.go);
	return part_done();
}

/* E1: it is waited for, not what stands before it. */
static int flush_a_queued_item(void *arg)
{
	q = create_workqueue("q");
	held_init(&h);
	counted_init(&item);
	search_from_here();
	hold(q, 1, &h);
	CHECK(queue_work_on(1, q, &item.work));
	start_on(0, lets_it_go, NULL, "helper");
	CHECK_EQ(flush_work(&item.work), true);
	CHECK_EQ(item.runs, 1);
	wait_for_parts(1);
	flush_workqueue(q);
	check_at_rest();
	destroy_workqueue(q);
	return 0;
}

WQTEST_ENGINES(faults, flush_a_queued_item, .any_order = true)
{
	RUN(2, flush_a_queued_item);
}

/* A2: what won was run or taken back. */
static int queue_and_cancel(void *arg)
{
	int cancelled;

	q = create_workqueue("q");
	counted_init(&item);
	search_from_here();
	start_on(1, queues_twice, NULL, "queuer");
	cancelled = cancel_work_sync(&item.work);
	wait_for_parts(1);
	cancelled += cancel_work_sync(&item.work);
	CHECK_EQ(item.runs + cancelled, atomic_read(&won));
	check_at_rest();
	destroy_workqueue(q);
	return 0;
}

WQTEST_ENGINES(faults, queue_and_cancel, .any_order = true)
{
	RUN(2, queue_and_cancel);
}

/* ---- an item that is queued to another CPU as soon as it may ---- */

static int moves_it(void *arg)
{
	if (queue_work_on(0, q, &item.work))
		atomic_inc(&won);
	if (queue_work_on(1, q, &item.work))
		atomic_inc(&won);
	return part_done();
}

static int an_item_moves(void *arg)
{
	int cancelled = 0;

	q = create_workqueue("q");
	counted_init(&item);
	search_from_here();
	start_on(1, moves_it, NULL, "mover");
	if (arg)
		flush_work(&item.work);
	else
		cancelled = cancel_work_sync(&item.work);
	wait_for_parts(1);
	flush_workqueue(q);
	CHECK_EQ(item.runs + cancelled, atomic_read(&won));
	check_at_rest();
	destroy_workqueue(q);
	return 0;
}

WQTEST_ENGINES(faults, an_item_moves, .any_order = true)
{
	RUN_ARG(2, an_item_moves, NULL);
	RUN_ARG(2, an_item_moves, &item);
}

/* ---- an idle item that last ran on one CPU, and is queued to the other ---- */

static int queues_there(void *arg)
{
	if (queue_work_on(1, q, &item.work))	/* a canceller may be in the way */
		atomic_inc(&won);
	return part_done();
}

static int an_idle_item_moves(void *arg)
{
	int cancelled = 0;

	q = create_workqueue("q");
	counted_init(&item);
	CHECK(queue_work_on(0, q, &item.work));
	flush_work(&item.work);
	search_from_here();
	start_on(1, queues_there, NULL, "mover");
	if (arg)
		flush_work(&item.work);
	else
		cancelled = cancel_work_sync(&item.work);
	wait_for_parts(1);
	flush_workqueue(q);
	CHECK_EQ(item.runs + cancelled, 1 + atomic_read(&won));
	check_at_rest();
	destroy_workqueue(q);
	return 0;
}

WQTEST_ENGINES(faults, an_idle_item_moves, .any_order = true)
{
	RUN_ARG(2, an_idle_item_moves, NULL);
	RUN_ARG(2, an_idle_item_moves, &item);
}

/* ---- an item that queues itself ---- */

static struct work_struct again;
static int rounds;

static void queues_itself(struct work_struct *work)
{
	__WRITE_ONCE(rounds, __READ_ONCE(rounds) + 1);
	if (rounds == 1)
		complete(&ran);
	if (rounds < 4)
		queue_work(q, work);
}

/* E3: after the cancel there is no further round. */
static int cancel_one_that_requeues(void *arg)
{
	int then;

	q = create_workqueue("q");
	init_completion(&ran);
	INIT_WORK(&again, queues_itself);
	search_from_here();
	queue_work_on(1, q, &again);
	wait_for_completion(&ran);
	cancel_work_sync(&again);
	then = __READ_ONCE(rounds);
	CHECK(!work_pending(&again));
	pass_ms(1);
	CHECK_EQ(rounds, then);
	check_at_rest();
	destroy_workqueue(q);
	return 0;
}

WQTEST_ENGINES(faults, cancel_one_that_requeues, .any_order = true)
{
	RUN(2, cancel_one_that_requeues);
}

/* ---- one that is queued while it runs ---- */

/* A4: that is not for nothing. */
static int queued_while_it_runs(void *arg)
{
	q = create_workqueue("q");
	held_init(&h);
	search_from_here();
	hold(q, 1, &h);
	queue_work_on(1, q, &h.work);
	complete_all(&h.go);
	check_at_rest();
	CHECK_EQ(h.ended, 2);
	destroy_workqueue(q);
	return 0;
}

WQTEST_ENGINES(faults, queued_while_it_runs, .any_order = true)
{
	RUN(2, queued_while_it_runs);
}

/* ---- drained while one is active ---- */

static int drained_while_active(void *arg)
{
	q = create_workqueue("q");
	held_init(&h);
	search_from_here();
	hold(q, 1, &h);
	start_on(0, lets_it_go, NULL, "helper");
	drain_workqueue(q);
	CHECK_EQ(h.ended, 1);
	wait_for_parts(1);
	check_at_rest();
	destroy_workqueue(q);
	return 0;
}

WQTEST_ENGINES(faults, drained_while_active, .any_order = true)
{
	RUN(2, drained_while_active);
}

static int drains(void *arg)
{
	drain_workqueue(q);
	return part_done();
}

/* H4: what comes from outside meanwhile is dropped, and 3.18 says so; 2.6.32 takes it. */
static int queued_while_it_drains(void *arg)
{
	q = create_workqueue("q");
	held_init(&h);
	counted_init(&item);
	search_from_here();
	hold(q, 1, &h);
	start_on(1, drains, NULL, "drainer");
	pass_ms(1);
	CHECK(queue_work_on(1, q, &item.work));
	CHECK_EQ(mach_warnings(), arg ? 1 : 0);
	mach_excuse_warnings(mach_warnings());
	complete(&h.go);
	wait_for_parts(1);
	CHECK_EQ(item.runs, arg ? 0 : 1);
	check_at_rest();
	destroy_workqueue(q);
	return 0;
}

WQTEST_ENGINES(faults, queued_while_it_drains, .any_order = true)
{
	RUN_ARG(2, queued_while_it_drains, strcmp(engine, "cmwq") ? NULL : &item);
}

/* ---- two who cancel, while it runs ---- */

static int cancels(void *arg)
{
	if (cancel_work_sync(&h.work))
		atomic_inc(&won);
	return part_done();
}

static int two_cancel(void *arg)
{
	q = create_workqueue("q");
	held_init(&h);
	search_from_here();
	hold(q, 1, &h);
	start_on(0, cancels, NULL, "canceller");
	start_on(1, cancels, NULL, "canceller");
	complete(&h.go);
	wait_for_parts(2);
	CHECK_EQ(atomic_read(&won), 0);
	CHECK_EQ(h.begun, 1);
	CHECK_EQ(h.ended, 1);
	complete(&h.go);
	CHECK(queue_work_on(0, q, &h.work));
	flush_work(&h.work);
	CHECK_EQ(h.ended, 2);
	check_at_rest();
	destroy_workqueue(q);
	return 0;
}

WQTEST_ENGINES(faults, two_cancel, .any_order = true)
{
	RUN(2, two_cancel);
}

/* ---- with a timer ---- */

/* E4: the timer is taken away and not waited for. */
static int cancel_on_the_timer(void *arg)
{
	u64 at;

	q = create_workqueue("q");
	delayed_init(&later);
	search_from_here();
	queue_delayed_work_on(1, q, &later.dw, LONG_DELAY);
	at = mach_now();
	CHECK_EQ(cancel_delayed_work_sync(&later.dw), true);
	CHECK_EQ(mach_now(), at);
	CHECK_EQ(later.runs, 0);
	CHECK(queue_delayed_work(q, &later.dw, 1));
	flush_delayed_work(&later.dw);
	CHECK_EQ(later.runs, 1);
	check_at_rest();
	destroy_workqueue(q);
	return 0;
}

WQTEST_ENGINES(faults, cancel_on_the_timer, .any_order = true)
{
	RUN(2, cancel_on_the_timer);
}

/* F3: it is moved, and there is one of it. */
static int mod_on_the_timer(void *arg)
{
	unsigned long then;

	q = create_workqueue("q");
	delayed_init(&later);
	search_from_here();
	CHECK(queue_delayed_work_on(1, q, &later.dw, LONG_DELAY));
	then = jiffies;
	CHECK_EQ(mod_delayed_work_on(1, q, &later.dw, 2), true);
	pass_ms(4);
	flush_work(&later.dw.work);
	CHECK_EQ(later.runs, 1);
	CHECK(later.jiffy - then >= 2);
	CHECK(!delayed_work_pending(&later.dw));
	check_at_rest();
	destroy_workqueue(q);
	return 0;
}

WQTEST_ENGINES(faults, mod_on_the_timer, .any_order = true)
{
	RUN(2, mod_on_the_timer);
}

/* A2: the delay passes, and nobody waits. */
static int a_delay_passes(void *arg)
{
	q = create_workqueue("q");
	delayed_init(&later);
	search_from_here();
	CHECK(queue_delayed_work_on(1, q, &later.dw, 2));
	pass_ms(4);
	check_at_rest();
	CHECK_EQ(later.runs, 1);
	destroy_workqueue(q);
	return 0;
}

WQTEST_ENGINES(faults, a_delay_passes, .any_order = true)
{
	RUN(2, a_delay_passes);
}

/* F3: from its timer to a list, where it waits. */
static int mod_to_now(void *arg)
{
	q = create_workqueue("q");
	delayed_init(&later);
	held_init(&h);
	search_from_here();
	hold(q, 1, &h);
	CHECK(queue_delayed_work_on(1, q, &later.dw, LONG_DELAY));
	CHECK_EQ(mod_delayed_work_on(1, q, &later.dw, 0), true);
	complete(&h.go);
	flush_work(&later.dw.work);
	CHECK_EQ(later.runs, 1);
	check_at_rest();
	destroy_workqueue(q);
	return 0;
}

WQTEST_ENGINES(faults, mod_to_now, .any_order = true)
{
	RUN(2, mod_to_now);
}

/* F2, E5: what was cancelled on its timer does not come back. */
static int cancelled_without_waiting(void *arg)
{
	q = create_workqueue("q");
	delayed_init(&later);
	search_from_here();
	CHECK(queue_delayed_work_on(1, q, &later.dw, 2));
	CHECK_EQ(cancel_delayed_work(&later.dw), true);
	pass_ms(4);
	CHECK_EQ(later.runs, 0);
	check_at_rest();
	destroy_workqueue(q);
	return 0;
}

WQTEST_ENGINES(faults, cancelled_without_waiting, .any_order = true)
{
	RUN(2, cancelled_without_waiting);
}

/* The timer fires while somebody cancels, or moves it. */
static int touches_it(void *arg)
{
	if (arg)
		mod_delayed_work_on(0, q, &later.dw, 1);
	else
		cancel_delayed_work_sync(&later.dw);
	return part_done();
}

static int the_timer_fires(void *arg)
{
	q = create_workqueue("q");
	delayed_init(&later);
	search_from_here();
	CHECK(queue_delayed_work_on(1, q, &later.dw, 1));
	start_on(1, touches_it, arg, "toucher");
	schedule_timeout_uninterruptible(1);
	touches_it(arg);
	wait_for_parts(2);
	pass_ms(2);
	cancel_delayed_work_sync(&later.dw);
	CHECK(later.runs <= 3);
	check_at_rest();
	destroy_workqueue(q);
	return 0;
}

WQTEST_ENGINES(faults, the_timer_fires, .any_order = true)
{
	RUN_ARG(2, the_timer_fires, NULL);
	RUN_ARG(2, the_timer_fires, &later);
}

/* ---- taken down with items in flight ---- */

static int queued_and_destroyed(void *arg)
{
	q = create_workqueue("q");
	counted_init(&item);
	search_from_here();
	CHECK(queue_work_on(1, q, &item.work));
	destroy_workqueue(q);
	CHECK_EQ(item.runs, 1);
	check_at_rest();
	return 0;
}

WQTEST_ENGINES(faults, queued_and_destroyed, .any_order = true)
{
	RUN(2, queued_and_destroyed);
}

/* ---- one that runs for one workqueue and is queued to another ---- */

static int queued_to_another(void *arg)
{
	q = create_workqueue("q");
	q2 = create_workqueue("q2");
	held_init(&h);
	search_from_here();
	hold(q, 1, &h);
	CHECK(queue_work_on(1, q2, &h.work));
	complete_all(&h.go);
	flush_workqueue(q2);
	CHECK_EQ(h.begun, 2);
	flush_workqueue(q);
	CHECK_EQ(h.ended, 2);
	check_at_rest();
	destroy_workqueue(q2);
	destroy_workqueue(q);
	return 0;
}

WQTEST_ENGINES(faults, queued_to_another, .any_order = true)
{
	RUN(2, queued_to_another);
}

/* ---- one that runs on a CPU and is queued on another ---- */

/* E3: both are over when the cancel returns. */
static int running_here_queued_there(void *arg)
{
	q = create_workqueue("q");
	held_init(&h);
	search_from_here();
	hold(q, 0, &h);
	CHECK(queue_work_on(1, q, &h.work));
	start_on(1, cancels, NULL, "canceller");
	pass_ms(1);
	complete_all(&h.go);
	wait_for_parts(1);
	CHECK_EQ(h.ended, h.begun);
	CHECK(!work_pending(&h.work));
	check_at_rest();
	destroy_workqueue(q);
	return 0;
}

WQTEST_ENGINES(faults, running_here_queued_there, .any_order = true)
{
	RUN(2, running_here_queued_there);
}
