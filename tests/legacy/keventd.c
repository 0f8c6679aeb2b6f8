// SPDX-License-Identifier: GPL-2.0-only
/*
 * keventd and what rests on it, and the calls that came after 2.6.32.
 */
#include <linux/slab.h>

#include "legacy_test.h"

static struct workqueue_struct *q;
static struct counted a;
static struct held h;

static int one_for_all(void *arg)
{
	CHECK(keventd_up());
	CHECK_STR(system_wq->name, "events");
	CHECK(system_highpri_wq == system_wq);
	CHECK(system_unbound_wq == system_wq);
	CHECK(system_long_wq == system_wq);

	counted_init(&a);
	CHECK(schedule_work_on(1, &a.work));
	flush_scheduled_work();
	CHECK_EQ(a.runs, 1);
	CHECK_EQ(a.cpu, 1);
	CHECK(data_cwq(&a.work) == slot(system_wq, 1));
	return 0;
}

WQTEST_MACHINES(legacy, keventd_is_every_system_workqueue)
{
	RUN_OK(2, one_for_all);
}

static int calls[4];

static void each_fn(struct work_struct *work)
{
	calls[smp_processor_id()]++;
}

static void inside_fn(struct work_struct *work)
{
	CHECK_EQ(schedule_on_each_cpu(each_fn), 0);
	/* the call for this CPU was made directly: nothing queued it */
	CHECK_EQ(calls[smp_processor_id()], 1);
	a.runs++;
}

static int each_cpu(void *arg)
{
	CHECK_EQ(schedule_on_each_cpu(each_fn), 0);
	for (int cpu = 0; cpu < 3; cpu++)
		CHECK_EQ(calls[cpu], 1);
	CHECK_EQ(events_of(TRACE_QUEUE_WORK, NULL), 3);

	memset(calls, 0, sizeof(calls));
	INIT_WORK(&a.work, inside_fn);
	schedule_work_on(1, &a.work);
	flush_work(&a.work);
	CHECK_EQ(a.runs, 1);
	for (int cpu = 0; cpu < 3; cpu++)
		CHECK_EQ(calls[cpu], 1);
	CHECK_EQ(events_of(TRACE_QUEUE_WORK, NULL), 3 + 1 + 2);
	return 0;
}

/*
 * Lockdep takes offence at the call from an item: it waits for other threads of the
 * workqueue it runs on, and if two items did so at once, they would wait for each other.
 * The native machine has no lockdep.
 */
WQTEST_MACHINES(legacy, keventd_schedule_on_each_cpu)
{
	RUN_WARN(3, each_cpu, !wqtest_native());
}

static struct delayed_work dw;
static int dw_runs;
static char dw_comm[TASK_COMM_LEN];

static void dw_fn(struct work_struct *work)
{
	dw_runs++;
	strlcpy(dw_comm, current->comm, sizeof(dw_comm));
}

/* The fault of the release: flushed, it runs on keventd. */
static int flush_delayed(void *arg)
{
	q = create_workqueue("q");
	INIT_DELAYED_WORK(&dw, dw_fn);
	queue_delayed_work(q, &dw, 100);
	CHECK(flush_delayed_work(&dw));
	CHECK_EQ(dw_runs, 1);
	CHECK_STR(dw_comm, "events/0");
	CHECK_EQ(mach_now(), 0);
	CHECK(!flush_delayed_work(&dw));
	destroy_workqueue(q);
	return 0;
}

WQTEST(legacy, keventd_flush_delayed_work_goes_to_keventd)
{
	RUN_OK(1, flush_delayed);
}

static int mod_delayed(void *arg)
{
	q = create_workqueue("q");
	held_init(&h);
	INIT_DELAYED_WORK(&dw, dw_fn);

	CHECK(!mod_delayed_work(q, &dw, 10));	/* idle */
	CHECK(mod_delayed_work(q, &dw, 20));	/* on its timer */
	pass_ms(15);
	CHECK_EQ(dw_runs, 0);
	pass_ms(10);
	CHECK_EQ(dw_runs, 1);

	queue_delayed_work(q, &dw, 100);
	CHECK(mod_delayed_work(q, &dw, 0));	/* now */
	flush_workqueue(q);
	CHECK_EQ(dw_runs, 2);

	hold(q, 0, &h);				/* on a list: stays */
	queue_work(q, &dw.work);
	CHECK(mod_delayed_work(q, &dw, 100));
	CHECK(!timer_pending(&dw.timer));
	complete(&h.go);
	destroy_workqueue(q);
	CHECK_EQ(dw_runs, 3);
	return 0;
}

WQTEST(legacy, later_mod_delayed_work)
{
	RUN_OK(1, mod_delayed);
}

static int busy(void *arg)
{
	q = create_workqueue("q");
	held_init(&h);
	CHECK_EQ(work_busy(&h.work), 0);
	hold(q, 1, &h);
	CHECK_EQ(work_busy(&h.work), WORK_BUSY_RUNNING);
	queue_work_on(0, q, &h.work);
	CHECK_EQ(work_busy(&h.work), WORK_BUSY_RUNNING | WORK_BUSY_PENDING);
	complete(&h.go);
	complete(&h.go);
	flush_workqueue(q);
	CHECK_EQ(work_busy(&h.work), 0);
	destroy_workqueue(q);
	return 0;
}

WQTEST(legacy, later_work_busy)
{
	RUN_OK(2, busy);
}

static int translation(void *arg)
{
	char buf[8] = "copied";

	q = alloc_workqueue("%s", WQ_UNBOUND, 1, buf);
	CHECK(q->singlethread);
	buf[0] = 'x';
	CHECK_STR(q->name, "copied");
	destroy_workqueue(q);

	q = alloc_ordered_workqueue("o", WQ_MEM_RECLAIM);
	CHECK(q->singlethread);
	destroy_workqueue(q);

	q = alloc_workqueue("b", WQ_MEM_RECLAIM, 1);
	CHECK(!q->singlethread);
	workqueue_set_max_active(q, 1);
	destroy_workqueue(q);
	return 0;
}

static void never_says(const struct machine_result *res, const char *text)
{
	CHECK_MSG(!strstr(res->log, text), "somebody said \"%s\"\n%s", text, res->log);
}

WQTEST(legacy, later_alloc_workqueue_without_loss)
{
	struct machine_result res;

	BOOT(2, translation, &res);
	CHECK_MSG(res.verdict == VERDICT_OK, "%s", res.report);
	never_says(&res, "legacy:");
	machine_result_free(&res);
}

static int lossy(void *arg)
{
	q = alloc_workqueue("q%d", WQ_CPU_INTENSIVE, 3, 0);
	CHECK(!q->singlethread);
	workqueue_set_max_active(q, 7);
	destroy_workqueue(q);
	destroy_workqueue(alloc_workqueue("h", WQ_HIGHPRI, 1));
	destroy_workqueue(alloc_workqueue("d", 0, 0));	/* the default is nothing that was asked for */
	destroy_workqueue(alloc_workqueue("u", WQ_UNBOUND | WQ_HIGHPRI | WQ_CPU_INTENSIVE |
					  WQ_SYSFS | WQ_POWER_EFFICIENT, 9));
	return 0;
}

WQTEST(legacy, later_alloc_workqueue_names_what_is_lost)
{
	static const char *const said[] = {
		"legacy: workqueue \"q0\": WQ_CPU_INTENSIVE and max_active 3 have no counterpart in 2.6.32, dropped",
		"legacy: workqueue \"q0\": max_active 7 has no counterpart in 2.6.32, still 1",
		"legacy: workqueue \"h\": WQ_HIGHPRI has no counterpart in 2.6.32, dropped",
		"legacy: workqueue \"u\": WQ_UNBOUND, WQ_HIGHPRI, WQ_CPU_INTENSIVE, WQ_SYSFS, WQ_POWER_EFFICIENT and max_active 9 have no counterpart in 2.6.32, dropped",
	};

	for (size_t i = 0; i < ARRAY_SIZE(said); i++)
		RUN_VERDICT(2, lossy, VERDICT_OK, said[i]);
}

/*
 * An item in another engine's hands: its data word means nothing here.  The
 * address would not survive being looked at.
 */
static int foreign_item(void *arg)
{
	static const struct wq_engine other = { .name = "other" };

	q = create_workqueue("q");
	counted_init(&a);
	a.work.engine = &other;
	atomic_long_set(&a.work.data, 0x5a5a5a5a5a5a5a50);
	CHECK(!legacy_engine.flush_work(&a.work));
	CHECK(!legacy_engine.cancel_work_sync(&a.work));
	CHECK_EQ(legacy_engine.work_busy(&a.work), 0);
	CHECK_EQ(atomic_long_read(&a.work.data), 0x5a5a5a5a5a5a5a50);

	CHECK(queue_work(q, &a.work));
	CHECK(a.work.engine == &legacy_engine);
	CHECK(data_cwq(&a.work) == slot(q, 0));
	CHECK(flush_work(&a.work));
	CHECK_EQ(a.runs, 1);
	destroy_workqueue(q);
	return 0;
}

WQTEST(legacy, handover_from_another_engine)
{
	RUN_OK(1, foreign_item);
}
