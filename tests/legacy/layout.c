// SPDX-License-Identifier: GPL-2.0-only
/*
 * Facts A-F1 to A-F6: the data word, the structures, who has a thread where.
 */
#include "legacy_test.h"

static struct held h;
static struct counted c;

static int data_word(void *arg)
{
	struct workqueue_struct *wq = create_workqueue("q");

	held_init(&h);
	counted_init(&c);
	CHECK_EQ((unsigned long)slot(wq, 0) & 3, 0);
	CHECK_EQ(__alignof__(struct cpu_workqueue_struct), L1_CACHE_BYTES);
	hold(wq, 0, &h);

	CHECK(queue_work_on(0, wq, &c.work));
	CHECK_EQ(data_flags(&c.work), 1);
	CHECK(data_cwq(&c.work) == slot(wq, 0));
	CHECK_EQ(data_flags(&h.work), 0);
	CHECK(data_cwq(&h.work) == slot(wq, 0));

	complete(&h.go);
	destroy_workqueue(wq);
	CHECK_EQ(c.runs, 1);
	return 0;
}

WQTEST_MACHINES(legacy, af01_data_word)
{
	RUN_OK(1, data_word);
}

static void nop_fn(struct work_struct *work)
{
}

static DECLARE_WORK(never, nop_fn);
static DECLARE_DELAYED_WORK(never_delayed, nop_fn);

static int data_starts_at_zero(void *arg)
{
	struct workqueue_struct *wq = create_workqueue("q");

	CHECK_EQ(atomic_long_read(&never.data), 0);
	CHECK(!never.engine);
	CHECK(!cancel_work_sync(&never));
	CHECK(!flush_work(&never));
	CHECK(!cancel_delayed_work_sync(&never_delayed));
	CHECK_EQ(atomic_long_read(&never.data), 0);
	CHECK_EQ(atomic_long_read(&never_delayed.work.data), 0);

	/* ... and keeps its cwq from the first queueing on */
	queue_work(wq, &never);
	flush_workqueue(wq);
	CHECK(data_cwq(&never) == slot(wq, 0));
	CHECK(!cancel_work_sync(&never));
	CHECK(data_cwq(&never) == slot(wq, 0));
	CHECK_EQ(data_flags(&never), 0);
	CHECK(never.engine == &legacy_engine);

	CHECK(queue_delayed_work(wq, &never_delayed, 10));
	CHECK(cancel_delayed_work_sync(&never_delayed));
	CHECK(data_cwq(&never_delayed.work) == slot(wq, 0));
	CHECK_EQ(data_flags(&never_delayed.work), 0);
	destroy_workqueue(wq);
	return 0;
}

WQTEST_MACHINES(legacy, af02_data_starts_at_zero_and_sticks)
{
	RUN_OK(1, data_starts_at_zero);
}

static const char name[] = "kept";

static int fields(void *arg)
{
	struct workqueue_struct *wq = create_workqueue(name);
	int cpu;

	CHECK(wq->name == name);
	CHECK(!wq->own_name);
	CHECK(!wq->singlethread);
	CHECK(wq_engine_of(wq) == &legacy_engine);
	for_each_possible_cpu(cpu) {
		CHECK(slot(wq, cpu)->wq == wq);
		CHECK(list_empty(&slot(wq, cpu)->worklist));
		CHECK(!slot(wq, cpu)->current_work);
	}

	held_init(&h);
	hold(wq, 1, &h);
	CHECK(slot(wq, 1)->current_work == &h.work);
	CHECK(!slot(wq, 0)->current_work);
	complete(&h.go);
	flush_workqueue(wq);
	wait_until(!slot(wq, 1)->current_work);	/* the last was the flush's barrier, now on its way out */
	destroy_workqueue(wq);
	return 0;
}

WQTEST_MACHINES(legacy, af03_fields)
{
	RUN_OK(2, fields);
}

static int singlethread_slot(void *arg)
{
	struct workqueue_struct *multi = create_workqueue("multi");
	struct workqueue_struct *single = create_singlethread_workqueue("single");
	int first = cpumask_first(cpu_possible_mask), cpu;

	CHECK(single->singlethread);
	CHECK(list_empty(&single->list));
	CHECK(!list_empty(&multi->list));

	for_each_online_cpu(cpu) {
		counted_init(&c);
		CHECK(queue_work_on(cpu, single, &c.work));
		CHECK(data_cwq(&c.work) == slot(single, first));
		flush_workqueue(single);
		CHECK_EQ(c.runs, 1);
	}
	destroy_workqueue(single);
	destroy_workqueue(multi);
	return 0;
}

WQTEST_MACHINES(legacy, af04_singlethread_slot)
{
	RUN_OK(3, singlethread_slot);
}

/* Flush, cancel and destroy go through every CPU that has threads. */
static int populated_cpus(void *arg)
{
	struct workqueue_struct *wq = create_workqueue("q");
	static struct held on[3];
	int cpu;

	for_each_online_cpu(cpu) {
		CHECK(slot(wq, cpu)->thread);
		held_init(&on[cpu]);
		hold(wq, cpu, &on[cpu]);
		complete(&on[cpu].go);
	}
	flush_workqueue(wq);
	for_each_online_cpu(cpu) {
		CHECK_EQ(on[cpu].runs, 1);
		CHECK_EQ(on[cpu].cpu, cpu);
		held_init(&on[cpu]);
		hold(wq, cpu, &on[cpu]);
		complete(&on[cpu].go);
		cancel_work_sync(&on[cpu].work);
		CHECK_EQ(on[cpu].runs, 1);
		hold(wq, cpu, &on[cpu]);
		complete(&on[cpu].go);
	}
	destroy_workqueue(wq);
	for_each_online_cpu(cpu)
		CHECK_EQ(on[cpu].runs, 2);
	return 0;
}

WQTEST_MACHINES(legacy, af05_populated_cpus)
{
	RUN_OK(3, populated_cpus);
}

static struct machine_thread threads[16];
static size_t nr_threads;

static const struct machine_thread *find_thread(const char *comm)
{
	const struct machine_thread *found = NULL;

	for (size_t i = 0; i < nr_threads; i++) {
		if (strcmp(threads[i].comm, comm))
			continue;
		CHECK_MSG(!found, "two threads called %s", comm);
		found = &threads[i];
	}
	CHECK_MSG(found, "no thread called %s", comm);
	return found;
}

static int thread_names(void *arg)
{
	static const char *const bound[] = { "events/0", "events/1", "m/0", "m/1" };
	struct workqueue_struct *multi = create_workqueue("m");
	struct workqueue_struct *single = create_singlethread_workqueue("s");
	const struct machine_thread *t;

	nr_threads = machine_threads(threads, ARRAY_SIZE(threads));
	CHECK_EQ(nr_threads, 5);
	for (size_t i = 0; i < ARRAY_SIZE(bound); i++) {
		t = find_thread(bound[i]);
		CHECK(t->bound);
		CHECK_EQ(t->cpu, i % 2);
		CHECK_EQ(t->nice, 0);
		CHECK_EQ(t->rt_prio, 0);
	}
	t = find_thread("s");
	CHECK(!t->bound);
	CHECK_EQ(t->nice, 0);

	destroy_workqueue(multi);
	destroy_workqueue(single);
	CHECK_EQ(machine_threads(threads, ARRAY_SIZE(threads)), 2);
	return 0;
}

WQTEST(legacy, af06_thread_names)
{
	RUN_OK(2, thread_names);
}

/* The fields and the threads of the other two kinds. */
static int freezeable_and_rt(void *arg)
{
	static struct lock_class_key mixed;
	struct workqueue_struct *f = create_freezeable_workqueue("f"), *r = create_rt_workqueue("r");
	const struct machine_thread *t;

	CHECK(f->singlethread && f->freezeable && !f->rt);
	CHECK(!r->singlethread && !r->freezeable && r->rt);
	wait_until(!(__READ_ONCE(slot(f, 0)->thread->flags) & PF_NOFREEZE));
	CHECK(slot(r, 0)->thread->flags & PF_NOFREEZE);

	nr_threads = machine_threads(threads, ARRAY_SIZE(threads));
	CHECK_EQ(nr_threads, 5);
	t = find_thread("f");
	CHECK(!t->bound && !t->rt_prio);
	for (int i = 0; i < 2; i++) {
		t = find_thread(i ? "r/1" : "r/0");
		CHECK(t->bound);
		CHECK_EQ(t->cpu, i);
		CHECK_EQ(t->rt_prio, 99);
	}
	destroy_workqueue(f);
	destroy_workqueue(r);

	/* Any mixture can be had from the call behind them all. */
	f = __create_workqueue_key("mixed", 0, 1, 1, &mixed, NULL);
	CHECK(!f->singlethread && f->freezeable && f->rt);
	destroy_workqueue(f);
	f = __create_workqueue("plain", 1, 0, 0);
	CHECK(f->singlethread && !f->freezeable && !f->rt);
	destroy_workqueue(f);
	return 0;
}

WQTEST_MACHINES(legacy, af06_freezeable_and_rt)
{
	RUN_OK(2, freezeable_and_rt);
}

/* Priority 99 goes first: an item of an rt workqueue interrupts one of a plain one. */
static struct counted urgent;
static struct workqueue_struct *rt;
static u64 plain_end;

static void plain_fn(struct work_struct *work)
{
	queue_work(rt, &urgent.work);
	mdelay(10);
	CHECK_EQ(urgent.runs, 1);
	plain_end = mach_now();
}

static int rt_first(void *arg)
{
	struct workqueue_struct *plain = create_workqueue("plain");
	struct work_struct w;

	rt = create_rt_workqueue("rt");
	pass_ms(1);
	counted_init(&urgent);
	INIT_WORK_ONSTACK(&w, plain_fn);
	queue_work_on(1, plain, &w);
	flush_workqueue(plain);
	CHECK_EQ(urgent.at, MS(1));
	CHECK_EQ(plain_end, MS(11));
	destroy_workqueue(plain);
	destroy_workqueue(rt);
	return 0;
}

WQTEST(legacy, af06_rt_items_go_first)
{
	RUN_OK(2, rt_first);
}
