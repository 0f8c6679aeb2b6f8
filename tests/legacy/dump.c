// SPDX-License-Identifier: GPL-2.0-only
/* What show_workqueue_state() says of 2.6.32's workqueues. */
#include <wqlab/objname.h>

#include "legacy_test.h"

static struct held h, hs;
static struct counted a, b;
static struct workqueue_struct *q, *s;

static int flusher(void *arg)
{
	flush_work(&a.work);
	return 0;
}

static int shown(void *arg)
{
	q = create_workqueue("q");
	s = create_singlethread_workqueue("s");
	held_init(&h);
	held_init(&hs);
	counted_init(&a);
	counted_init(&b);
	wqlab_name_object(&h.work, "alpha");
	wqlab_name_object(&a.work, "beta");
	hold(q, 1, &h);
	hold(s, 0, &hs);
	queue_work_on(1, q, &a.work);
	queue_work_on(1, q, &b.work);
	kthread_run(flusher, NULL, "flusher");
	pass_ms(1);
	show_workqueue_state();
	complete(&h.go);
	complete(&hs.go);
	destroy_workqueue(q);
	destroy_workqueue(s);
	show_workqueue_state();
	return 0;
}

static const char text[] =
	"Showing busy workqueues and their threads:\n"
	"workqueue q: per-cpu\n"
	"  thread q/1: cpu=1\n"
	"    in-flight: 5:alpha\n"
	"    pending: beta BAR(7), counted_fn\n"
	"workqueue s: single-threaded\n"
	"  thread s:\n"
	"    in-flight: 6:held_fn\n"
	"Showing busy workqueues and their threads:\n";

WQTEST(legacy, dump_says_what_is_where)
{
	struct machine_result res;

	BOOT(2, shown, &res);
	CHECK_EQ(res.verdict, VERDICT_OK);
	CHECK_STR(res.log, text);
	machine_result_free(&res);
}
