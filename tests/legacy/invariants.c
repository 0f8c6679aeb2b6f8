// SPDX-License-Identifier: GPL-2.0-only
/* The invariants of 2.6.32's lists: each occurs, and each can be broken. */
#include <linux/freezer.h>

#include "legacy_test.h"
#include "tests/contract/invariant_test.h"

static struct workqueue_struct *q;
static struct held h;
static struct counted a, b;

static void start(void)
{
	q = create_workqueue("q");
	held_init(&h);
	counted_init(&a);
	counted_init(&b);
	hold(q, 1, &h);
	queue_work_on(1, q, &a.work);
}

static int in_order(void *arg)
{
	start();
	queue_work_on(1, q, &b.work);
	complete(&h.go);
	destroy_workqueue(q);
	return 0;
}

static const struct inv_case occur[] = {
	{ .name = "A6", .first = in_order }, { .name = "A7", .first = in_order },
	{ .name = "B1", .first = in_order }, { .name = "B6", .first = in_order },
};

WQTEST(invariants_legacy, occur_in_its_lists)
{
	inv_all_occur(occur, "legacy");
}

/* Let the guard look. */
static void look(void)
{
	queue_work_on(1, q, &b.work);
}

static int not_pending(void *arg)
{
	start();
	*work_data_bits(&a.work) &= ~1ul;
	look();
	return 0;
}

static int linked_twice(void *arg)
{
	static LIST_HEAD(second);

	start();
	list_add(&a.work.entry, &second);
	look();
	return 0;
}

static int names_another(void *arg)
{
	start();
	atomic_long_set(&a.work.data, (long)slot(q, 0) | 1);
	look();
	return 0;
}

static int out_of_order(void *arg)
{
	start();
	queue_work_on(1, q, &b.work);
	list_move(&b.work.entry, &slot(q, 1)->worklist);
	complete(&h.go);
	pass_ms(1);
	return 0;
}

static int elsewhere(void *arg)
{
	start();
	slot(q, 1)->cpu = 0;
	complete(&h.go);
	pass_ms(1);
	return 0;
}

/* Taken off its list by hand, it is waited for by nobody. */
static void unlink_a(void)
{
	list_del_init(&a.work.entry);
	complete(&h.go);
}

static int flushed_too_early(void *arg)
{
	start();
	unlink_a();
	flush_workqueue(q);
	return 0;
}

static int drained_too_early(void *arg)
{
	start();
	unlink_a();
	drain_workqueue(q);
	return 0;
}

static int destroyed_too_early(void *arg)
{
	start();
	unlink_a();
	destroy_workqueue(q);
	return 0;
}

/* One thread is let go while all others stand still. */
static int runs_in_the_cold(void *arg)
{
	q = create_freezeable_workqueue("q");
	counted_init(&a);
	pass_ms(1);			/* its thread takes part from its first step on */
	CHECK_EQ(freeze_processes(), 0);
	queue_work(q, &a.work);
	thaw_process(slot(q, 0)->thread);
	pass_ms(1);
	return 0;
}

static const struct inv_case broken[] = {
	{ .name = "A6", .first = not_pending, .object = "an item of counted_fn", .found = "it is not pending" },
	{ .name = "A6", .first = linked_twice, .object = "an item of counted_fn", .found = "its links lead elsewhere" },
	{ .name = "A7", .first = names_another, .object = "an item of counted_fn",
	  .found = "on the list of workqueue q on CPU 1, and its word names another one" },
	{ .name = "B1", .first = out_of_order, .object = "an item of counted_fn",
	  .found = "it was queued as the 2. of all, and starts after the 3." },
	{ .name = "B6", .first = elsewhere, .object = "an item of counted_fn", .found = "it starts on CPU 1" },
	{ .name = "E2", .first = flushed_too_early, .object = "an item of counted_fn", .found = "it is still queued" },
	{ .name = "E6", .first = drained_too_early, .object = "an item of counted_fn", .found = "it is still queued" },
	{ .name = "H1", .first = destroyed_too_early, .object = "an item of counted_fn", .found = "it is still queued" },
	{ .name = "J2", .first = runs_in_the_cold, .object = "an item of counted_fn",
	  .found = "all are frozen, and q starts it" },
};

WQTEST(invariants_legacy, are_broken_in_its_lists)
{
	inv_all_break(broken, "legacy");
}
