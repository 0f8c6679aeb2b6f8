// SPDX-License-Identifier: GPL-2.0-only
/* What show_workqueue_state() says, and that every report of a verdict says it too. */
#include <wqlab/mach.h>
#include <wqlab/objname.h>

#include "cmwq_test.h"

static struct item a, b, c;
static struct workqueue_struct *q;

static int flusher(void *it)
{
	flush_work(W((struct item *)it));
	return 0;
}

/* a executes, with a flusher behind it; b and c are held back, a flusher behind b. */
static void busy(void)
{
	stay_on(0);
	q = alloc_workqueue("q", WQ_MEM_RECLAIM, 1);
	held_init(&a);
	item_init(&b);
	item_init(&c);
	wqlab_name_object(W(&a), "alpha");
	wqlab_name_object(W(&b), "beta");
	start_on(1, q, &a);
	queue_work_on(1, q, W(&b));
	queue_work_on(1, q, W(&c));
	kthread_run(flusher, &a, "flusher/a");
	kthread_run(flusher, &b, "flusher/b");
	pass_ms(1);
}

static int shown(void *arg)
{
	busy();
	show_workqueue_state();
	release(&a);
	destroy_workqueue(q);
	show_workqueue_state();
	return 0;
}

static const char *const lines[] = {
	"Showing busy workqueues and worker pools:\n"
	"workqueue q: flags=0x8\n"
	"  pwq 2: cpus=1 node=0 flags=0x0 nice=0 active=1/1 refcnt=6\n"
	"    in-flight: 4:alpha BAR(9)\n"
	"    delayed: beta BAR(10), item_fn\n"
	"pool 2: cpus=1 node=0 flags=0x0 nice=0 workers=2 nr_running=0 idle: 8\n"
	"Showing busy workqueues and worker pools:\n",	/* and nothing the second time */
};

WQTEST(cmwq, dump_says_what_is_where)
{
	struct machine_result res;

	BOOT(2, shown, NULL, &res);
	CHECK_EQ(res.verdict, VERDICT_OK);
	CHECK_STR(res.log, lines[0]);
	machine_result_free(&res);
}

/* No worker can be made: one executes, one manages, and the rescuer has c in its hands. */
static int in_need(void *arg)
{
	struct workqueue_struct *plain = alloc_workqueue("plain", 0, 0);
	struct workqueue_struct *reclaim = alloc_workqueue("reclaim", WQ_MEM_RECLAIM, 0);

	busy();
	release(&a);
	pass_ms(1);
	start_on(1, q, &a);
	mach_fault_set(MFAULT_KTHREAD, true);
	queue_work_on(1, plain, W(&b));
	held_init(&c);
	queue_work_on(1, reclaim, W(&c));
	pass_ms(50);
	machine_stop(VERDICT_BUG, "enough");
}

static const char *const needs[] = {
	"\nShowing busy workqueues and worker pools:\nworkqueue q: flags=0x8\n",
	"    pending: beta\n",
	"    in-flight: 4:alpha\n",
	"    in-flight: 7(RESCUER):item_fn\n",
	" manager: 9\n",
};

WQTEST(cmwq, dump_ends_every_report)
{
	struct machine_result res;

	BOOT(2, in_need, NULL, &res);
	CHECK_EQ(res.verdict, VERDICT_BUG);
	for (unsigned int i = 0; i < ARRAY_SIZE(needs); i++)
		CHECK_MSG(strstr(res.report, needs[i]), "nobody said \"%s\"\n%s", needs[i], res.report);
	machine_result_free(&res);
}

/* A list is broken off. */
static struct item many[40];

static int long_list(void *arg)
{
	busy();
	for (int i = 0; i < 40; i++) {
		item_init(&many[i]);
		queue_work_on(1, q, W(&many[i]));
	}
	show_workqueue_state();
	release(&a);
	destroy_workqueue(q);
	return 0;
}

WQTEST(cmwq, dump_breaks_off)
{
	struct machine_result res;

	BOOT(2, long_list, NULL, &res);
	CHECK_MSG(strstr(res.log, "item_fn, item_fn ... and 27 more\n"), "%s", res.log);
	machine_result_free(&res);
}
