// SPDX-License-Identifier: GPL-2.0-only
/* The invariants of pools, workers and pwqs: each occurs, and each can be broken. */
#include <wqlab/mach.h>

#include "cmwq_test.h"
#include "tests/contract/invariant_test.h"

static struct item a, b, c, busy[4];
static struct workqueue_struct *q;
static struct pool_workqueue *pwq;
static struct worker_pool *pool;

static void begin_with(unsigned int flags, int max_active)
{
	stay_on(0);
	q = alloc_workqueue("q", flags, max_active);
	pwq = flags & WQ_UNBOUND ? q->dfl_pwq : pwq_on(q, 1);
	pool = pwq->pool;
	held_init(&a);
	item_init(&b);
	item_init(&c);
}

static void begin(int max_active)
{
	begin_with(0, max_active);
}

static int end(void)
{
	release(&a);
	destroy_workqueue(q);
	return 0;
}

/* Let the guard look: take the pool's lock and release it. */
static void look(void)
{
	spin_lock_irq(&pool->lock);
	spin_unlock_irq(&pool->lock);
}

/* ---- they occur ---- */

/* One item executes and sleeps, one waits behind max_active, with barriers at both. */
static int flusher(void *arg)
{
	flush_work(W((struct item *)arg));
	return 0;
}

static int wq_flusher(void *wq)
{
	flush_workqueue(wq);
	return 0;
}

static int drainer(void *wq)
{
	drain_workqueue(wq);
	return 0;
}

static int a_bit_of_all(void *arg)
{
	begin(1);
	start_on(1, q, &a);
	queue_work_on(1, q, W(&b));
	queue_work_on(1, q, W(&c));
	kthread_run(flusher, &a, "flusher/a");
	kthread_run(flusher, &b, "flusher/b");
	pass_ms(1);
	release(&a);
	flush_workqueue(q);
	return end();
}

/* Three burn, so they wait in the worklist while the first one runs: it goes on to the next. */
static int one_after_another(void *arg)
{
	begin(0);
	a.hold = false;
	a.burn = b.burn = c.burn = 2;
	queue_work_on(1, q, W(&a));
	queue_work_on(1, q, W(&b));
	queue_work_on(1, q, W(&c));
	return end();
}

/* An item is queued while it executes: it waits for itself, and is handed over. */
static int behind_itself(void *arg)
{
	begin(0);
	start_on(1, q, &a);
	CHECK(queue_work_on(1, q, W(&a)));
	pass_ms(1);			/* another worker finds it and hands it over */
	release(&a);
	pass_ms(1);
	return end();
}

static int many_idle(void *arg)
{
	begin(0);
	for (int i = 0; i < 4; i++) {
		held_init(&busy[i]);
		start_on(1, q, &busy[i]);
	}
	for (int i = 0; i < 4; i++)
		release(&busy[i]);
	flush_workqueue(q);
	pass_ms(700 * 1000);
	CHECK_EQ(pool->nr_idle, 2);
	return end();
}

static int intensive(void *arg)
{
	begin_with(WQ_CPU_INTENSIVE, 0);
	start_on(1, q, &a);
	return end();
}

static int ordered(void *arg)
{
	begin_with(WQ_UNBOUND | __WQ_ORDERED, 1);
	queue_work(q, W(&a));
	queue_work(q, W(&b));
	pass_ms(1);
	return end();
}

/* No worker can be made beside the one that is busy; so a manager asks for help. */
static int in_need(void)
{
	begin_with(WQ_MEM_RECLAIM, 0);
	start_on(1, q, &a);
	mach_fault_set(MFAULT_KTHREAD, true);
	queue_work_on(1, q, W(&b));
	return 0;
}

static int rescued(void *arg)
{
	in_need();
	pass_ms(100);
	CHECK_EQ(b.runs, 1);
	mach_fault_set(MFAULT_KTHREAD, false);
	return end();
}

/* An outsider queues to a workqueue that drains. */
static int dropped(void *arg)
{
	begin(0);
	start_on(1, q, &a);
	kthread_run(drainer, q, "drainer");
	pass_ms(1);
	CHECK(queue_work_on(1, q, W(&b)));
	release(&a);
	pass_ms(1);
	CHECK_EQ(b.runs, 0);
	destroy_workqueue(q);
	return 0;
}

/* Frozen and thawed, and an item runs before and after. */
static int frozen_and_thawed(void *arg)
{
	begin_with(WQ_FREEZABLE, 0);
	queue_work_on(1, q, W(&b));
	flush_workqueue(q);
	freeze_workqueues_begin();
	CHECK(!freeze_workqueues_busy());
	queue_work_on(1, q, W(&b));
	pass_ms(1);
	CHECK_EQ(b.runs, 1);
	thaw_workqueues();
	return end();
}

static const struct inv_case occur[] = {
	{ .name = "A6", .first = a_bit_of_all }, { .name = "A7", .first = a_bit_of_all },
	{ .name = "B3", .first = behind_itself }, { .name = "B4", .first = behind_itself },
	{ .name = "B5", .first = ordered }, { .name = "B6", .first = a_bit_of_all },
	{ .name = "C1", .first = a_bit_of_all }, { .name = "C2", .first = a_bit_of_all }, { .name = "C3", .first = one_after_another }, { .name = "C4", .first = a_bit_of_all },
	{ .name = "C5", .first = a_bit_of_all }, { .name = "C6", .first = one_after_another }, { .name = "C7", .first = many_idle }, { .name = "C8", .first = intensive },
	{ .name = "D1", .first = a_bit_of_all }, { .name = "D2", .first = a_bit_of_all }, { .name = "D3", .first = a_bit_of_all }, { .name = "D4", .first = a_bit_of_all },
	{ .name = "D5", .first = a_bit_of_all },
	{ .name = "E7", .first = a_bit_of_all }, { .name = "E8", .first = a_bit_of_all },
	{ .name = "G2", .first = rescued },
	{ .name = "H2", .first = a_bit_of_all }, { .name = "H4", .first = dropped },
	{ .name = "J2", .first = frozen_and_thawed },
};

WQTEST(invariants_cmwq, occur_in_its_pools)
{
	inv_all_occur(occur, "cmwq");
}

/* ---- they are broken ---- */

/* Somebody else's hand in the item's word: ^ flips bits. */
static void flip_word(struct item *it, unsigned long bits)
{
	*work_data_bits(W(it)) ^= bits;
}

static int not_pending(void *arg)
{
	begin(1);
	start_on(1, q, &a);
	queue_work_on(1, q, W(&b));
	flip_word(&b, 1);
	queue_work_on(1, q, W(&c));
	return 0;
}

static int linked_twice(void *arg)
{
	static LIST_HEAD(second);

	begin(1);
	start_on(1, q, &a);
	queue_work_on(1, q, W(&b));
	list_add(&W(&b)->entry, &second);
	queue_work_on(1, q, W(&c));
	return 0;
}

static int word_says_delayed(void *arg)
{
	begin(1);
	start_on(1, q, &a);
	queue_work_on(1, q, W(&b));
	flip_word(&b, 2);
	queue_work_on(1, q, W(&c));
	return 0;
}

static void other_fn(struct work_struct *work)
{
}

/* The engine looks by address and function: hide the run in progress from it. */
static int runs_twice(void *arg)
{
	begin(0);
	start_on(1, q, &a);
	runner(pool, W(&a))->current_func = other_fn;
	queue_work_on(0, q, W(&a));
	pass_ms(1);
	return 0;
}

static int stays_with_an_idle_one(void *arg)
{
	begin(0);
	spin_lock_irq(&pool->lock);
	list_add(&W(&b)->entry, &first_idle(pool)->scheduled);
	spin_unlock_irq(&pool->lock);
	return 0;
}

static int out_of_order(void *arg)
{
	begin_with(WQ_UNBOUND | __WQ_ORDERED, 1);
	q->order.last = 1000000;
	queue_work(q, W(&b));
	pass_ms(1);
	return 0;
}

static int two_of_an_ordered(void *arg)
{
	begin_with(WQ_UNBOUND | __WQ_ORDERED, 1);
	q->saved_max_active = q->dfl_pwq->max_active = 2;
	queue_work(q, W(&a));
	queue_work(q, W(&b));
	pass_ms(1);
	return 0;
}

static int elsewhere(void *arg)
{
	begin(0);
	pool->cpu = 0;
	queue_work_on(1, q, W(&b));
	pass_ms(1);
	return 0;
}

static int one_runner_too_many(void *arg)
{
	begin(0);
	start_on(1, q, &a);
	spin_lock_irq(&pool->lock);
	pool->nr_running++;
	spin_unlock_irq(&pool->lock);
	return 0;
}

static int runs_while_all_idle(void *arg)
{
	begin(0);
	spin_lock_irq(&pool->lock);
	pool->nr_running = -1;
	spin_unlock_irq(&pool->lock);
	return 0;
}

/* The item comes while somebody seems to run, so nobody is woken. */
static int nobody_woken(void *arg)
{
	begin(0);
	start_on(1, q, &a);
	pool->nr_running = 1;
	queue_work_on(1, q, W(&b));
	pool->nr_running = 0;
	look();
	return 0;
}

static int no_reserve(void *arg)
{
	begin(0);
	start_on(1, q, &a);
	spin_lock_irq(&pool->lock);
	pool->nr_idle = 0;
	spin_unlock_irq(&pool->lock);
	return 0;
}

static int idle_and_busy(void *arg)
{
	begin(0);
	start_on(1, q, &a);
	runner(pool, W(&a))->flags |= WORKER_IDLE;
	look();
	return 0;
}

static int not_in_the_hash(void *arg)
{
	begin(0);
	start_on(1, q, &a);
	hash_del(&runner(pool, W(&a))->hentry);
	look();
	return 0;
}

static int miscounted_workers(void *arg)
{
	begin(0);
	pool->nr_workers++;
	look();
	return 0;
}

/* Three idle for 300 s, and the timer that should see to it has been taken away. */
static int never_trimmed(void *arg)
{
	begin(0);
	stand_by(q, 1, 3);
	pass_ms(1);
	del_timer_sync(&pool->idle_timer);
	look();
	pass_ms(302 * 1000);
	look();
	return 0;
}

static int counts_though_intensive(void *arg)
{
	begin_with(WQ_CPU_INTENSIVE, 0);
	start_on(1, q, &a);
	runner(pool, W(&a))->flags &= ~WORKER_CPU_INTENSIVE;
	look();
	return 0;
}

static int too_many_active(void *arg)
{
	begin(1);
	start_on(1, q, &a);
	pwq->nr_active = 3;
	queue_work_on(1, q, W(&b));
	return 0;
}

static int held_back_for_nothing(void *arg)
{
	begin(1);
	start_on(1, q, &a);
	queue_work_on(1, q, W(&b));
	pwq->max_active = 3;
	queue_work_on(1, q, W(&c));
	return 0;
}

static int colour_miscounted(void *arg)
{
	begin(0);
	pwq->nr_in_flight[0]++;
	queue_work_on(1, q, W(&b));
	return 0;
}

static int reference_lost(void *arg)
{
	begin(0);
	start_on(1, q, &a);
	pwq->refcnt--;
	queue_work_on(1, q, W(&b));
	return 0;
}

static int no_colour(void *arg)
{
	begin(1);
	start_on(1, q, &a);
	queue_work_on(1, q, W(&b));
	flip_word(&b, 0xf0);
	queue_work_on(1, q, W(&c));
	return 0;
}

static int paints_otherwise(void *arg)
{
	begin(0);
	flush_workqueue(q);
	pwq->work_color++;
	mutex_lock(&q->mutex);
	mutex_unlock(&q->mutex);
	return 0;
}

static int lost_flusher(void *arg)
{
	begin(0);
	start_on(1, q, &a);
	kthread_run(wq_flusher, q, "flusher");
	pass_ms(1);
	q->flush_color = q->work_color;
	mutex_lock(&q->mutex);
	mutex_unlock(&q->mutex);
	return 0;
}

static int no_barrier(void *arg)
{
	begin(1);
	start_on(1, q, &a);
	queue_work_on(1, q, W(&b));
	flip_word(&b, 8);
	queue_work_on(1, q, W(&c));
	return 0;
}

/* The barrier behind a is told that it stands behind b. */
static int other_target(void *arg)
{
	struct worker *worker;

	begin(0);
	start_on(1, q, &a);
	kthread_run(flusher, &a, "flusher");
	pass_ms(1);
	worker = runner(pool, W(&a));
	container_of(first_work(&worker->scheduled), struct wq_barrier, work)->target = W(&b);
	release(&a);
	pass_ms(1);
	return 0;
}

static int no_mayday(void *arg)
{
	in_need();
	pass_ms(2);
	del_timer_sync(&pool->mayday_timer);
	look();
	pass_ms(20);
	look();
	return 0;
}

static int asks_for_rescue(void *arg)
{
	static LIST_HEAD(pending);

	begin(0);
	list_add(&pending, &q->maydays);
	destroy_workqueue(q);
	return 0;
}

static int left_waiting(void *arg)
{
	begin(1);
	start_on(1, q, &a);
	queue_work_on(1, q, W(&b));
	invariants_quiescent();
	return 0;
}

/* Somebody raises the limit of a frozen workqueue. */
static int runs_in_the_cold(void *arg)
{
	begin_with(WQ_FREEZABLE, 0);
	freeze_workqueues_begin();
	CHECK(!freeze_workqueues_busy());
	pwq_on(q, 1)->max_active = 1;
	queue_work_on(1, q, W(&b));
	pass_ms(1);
	return 0;
}

static const struct inv_case broken[] = {
	{ .name = "A6", .first = not_pending, .object = "an item of item_fn", .found = "PENDING is 0" },
	{ .name = "A6", .first = linked_twice, .object = "an item of item_fn", .found = "its links lead elsewhere" },
	{ .name = "A7", .first = word_says_delayed, .object = "an item of item_fn", .found = "it is on delayed_works of pool 1:0" },
	{ .name = "B3", .first = runs_twice, .object = "an item of item_fn", .found = "still executes it" },
	{ .name = "B4", .first = stays_with_an_idle_one, .object = "kworker/1:0", .found = "items are scheduled for it" },
	{ .name = "B5", .first = out_of_order, .object = "an item of item_fn", .found = "and starts after the 1000000." },
	{ .name = "B5", .first = two_of_an_ordered, .object = "an item of item_fn", .found = "while another item executes" },
	{ .name = "B6", .first = elsewhere, .object = "an item of item_fn", .found = "it starts on CPU 1, and was queued to pool 0:0" },
	{ .name = "C1", .first = one_runner_too_many, .object = "pool 1:0", .found = "nr_running is 1, and 0 workers run" },
	{ .name = "C2", .first = runs_while_all_idle, .object = "pool 1:0", .found = "nr_running is -1, and 1 of 1 workers idle" },
	{ .name = "C3", .first = nobody_woken, .object = "pool 1:0", .found = "of 1 idle workers none was woken" },
	{ .name = "C4", .first = no_reserve, .object = "pool 1:0", .found = "1 execute, nr_idle is 0, and nobody manages" },
	{ .name = "C5", .first = idle_and_busy, .object = "kworker/1:0", .found = "(WORKER_IDLE), and it executes an item" },
	{ .name = "C5", .first = not_in_the_hash, .object = "kworker/1:0", .found = "not in busy_hash" },
	{ .name = "C5", .first = miscounted_workers, .object = "pool 1:0", .found = "nr_idle 1 and nr_workers 2" },
	{ .name = "C7", .first = never_trimmed, .object = "pool 1:0", .found = "too many of its 4 workers idle" },
	{ .name = "C8", .first = counts_though_intensive, .object = "kworker/1:0", .found = "an item of q, flags 0x0" },
	{ .name = "D1", .first = too_many_active, .object = "workqueue q on pool 1:0", .found = "nr_active is 3 (before: 1), max_active is 1" },
	{ .name = "D2", .first = held_back_for_nothing, .object = "workqueue q on pool 1:0", .found = "nr_active is 2, max_active is 3" },
	{ .name = "D3", .first = colour_miscounted, .object = "workqueue q on pool 1:0", .found = "colour 0 is 2, and 1 items have it" },
	{ .name = "D4", .first = reference_lost, .object = "workqueue q on pool 1:0", .found = "refcnt is 2, and 2 items are in flight" },
	{ .name = "D5", .first = no_colour, .object = "an item of item_fn", .found = "its colour is 15" },
	{ .name = "E7", .first = paints_otherwise, .object = "workqueue q on pool 1:0", .found = "it paints with colour 2, and its workqueue with 1" },
	{ .name = "E7", .first = lost_flusher, .object = "q", .found = "the first flusher waits for colour 0, flush_color is 1" },
	{ .name = "E8", .first = no_barrier, .object = "an item of item_fn", .found = "none stands behind it" },
	{ .name = "E8", .first = other_target, .object = "kworker/1:0", .found = "did not execute the barrier's target" },
	{ .name = "G1", .first = left_waiting, .object = "an item of item_fn", .found = "never started" },
	{ .name = "G2", .first = no_mayday, .object = "pool 1:0", .found = "the mayday timer is not armed" },
	{ .name = "H2", .first = asks_for_rescue, .object = "q", .found = "still asked for rescue" },
	{ .name = "J2", .first = runs_in_the_cold, .object = "an item of item_fn",
	  .found = "the workqueues are frozen, and kworker/1:0 starts it" },
};

WQTEST(invariants_cmwq, are_broken_in_its_pools)
{
	inv_all_break(broken, "cmwq");
}
