// SPDX-License-Identifier: GPL-2.0-only
/*
 * Workqueues that are gone: where the release reads freed memory, this one says so.
 */
#include <linux/slab.h>

#include "legacy_test.h"

static struct workqueue_struct *q;
static struct counted a;
static struct delayed_work dw;

static void nop_fn(struct work_struct *work)
{
}

/* A-F2: the word still points there.  Idle, so there is nothing to wait for or to take. */
static int stale(void *arg)
{
	q = create_workqueue("gone");
	counted_init(&a);
	queue_work(q, &a.work);
	destroy_workqueue(q);
	CHECK_EQ(a.runs, 1);
	CHECK(!flush_work(&a.work));
	CHECK(!cancel_work_sync(&a.work));
	CHECK_EQ(work_busy(&a.work), 0);

	/* Queued elsewhere it is as good as new. */
	q = create_workqueue("here");
	CHECK(queue_work(q, &a.work));
	CHECK(flush_work(&a.work));
	CHECK_EQ(a.runs, 2);
	destroy_workqueue(q);
	return 0;
}

static void says(struct machine_result *res, const char *text)
{
	CHECK_MSG(strstr(res->log, text), "nobody said \"%s\"\n%s", text, res->log);
}

WQTEST(legacy, af02_stale_cwq_is_named)
{
	struct machine_result res;

	BOOT(2, stale, &res);
	CHECK_MSG(res.verdict == VERDICT_OK, "%s\n%s", res.report, res.log);
	CHECK_EQ(res.warnings, 3);
	says(&res, "legacy: flush_work() of counted_fn, whose cwq is poison: workqueue \"gone\" was destroyed");
	says(&res, "legacy: cancel_work_sync() of counted_fn");
	says(&res, "legacy: work_busy() of counted_fn");
	machine_result_free(&res);
}

/* Its timer fires when the workqueue is gone; what the release does then is its luck. */
static int late_timer(void *arg)
{
	q = create_singlethread_workqueue("gone");
	INIT_DELAYED_WORK(&dw, nop_fn);
	queue_delayed_work(q, &dw, 5);
	destroy_workqueue(q);
	pass_ms(10);
	CHECK(!timer_pending(&dw.timer));
	CHECK(delayed_work_pending(&dw));
	/* The last to hold it lets go: it is on no list any more. */
	CHECK(cancel_delayed_work_sync(&dw));
	CHECK(!delayed_work_pending(&dw));
	return 0;
}

WQTEST(legacy, late_timer_is_named)
{
	RUN_VERDICT(1, late_timer, VERDICT_OK,
		    "legacy: delayed_work_timer_fn() of nop_fn, whose cwq is poison: workqueue \"gone\" was destroyed");
}

/* The newest that lay at an address is named, if memory is handed out again. */
static int same_place(void *arg)
{
	q = create_singlethread_workqueue("first");
	destroy_workqueue(q);
	q = create_singlethread_workqueue("second");
	counted_init(&a);
	queue_work(q, &a.work);
	destroy_workqueue(q);
	CHECK(!flush_work(&a.work));
	return 0;
}

WQTEST(legacy, newest_grave_is_named)
{
	RUN_VERDICT(1, same_place, VERDICT_OK, "workqueue \"second\" was destroyed");
}

static int by_pointer(void *arg)
{
	q = create_workqueue("gone");
	counted_init(&a);
	destroy_workqueue(q);
	queue_work(q, &a.work);
	return 0;
}

WQTEST(legacy, destroyed_workqueue_is_named)
{
	if (wqtest_sanitized())		/* they see it first, and say so at length */
		return;
	RUN_VERDICT(1, by_pointer, VERDICT_BUG, "queue_work() on a workqueue that was destroyed");
}
