// SPDX-License-Identifier: GPL-2.0-only
/* flush_work(): where its barrier stands, and whom it waits for. */
#include "cmwq_test.h"

static struct item a, b, c;
static struct workqueue_struct *q;
static struct worker_pool *pool;

static struct flush {
	struct work_struct *work;
	bool ret;
	u64 done;
} f[3];

static int flusher_fn(void *arg)
{
	struct flush *flush = arg;

	flush->ret = flush_work(flush->work);
	flush->done = mach_now();
	return 0;
}

static void flush(struct flush *flush, struct item *it)
{
	flush->work = W(it);
	kthread_run(flusher_fn, flush, "flusher");
	pass_ms(1);
}

static void begin(unsigned int flags, int max_active)
{
	stay_on(0);
	q = alloc_workqueue("q", flags, max_active);
	pool = pool_on(q, 1);
	held_init(&a);
	item_init(&b);
	item_init(&c);
}

/* The barrier's waiter is found by its completion: the one whose flag is asked for. */
static struct completion *barrier_done(struct work_struct *work)
{
	return &container_of(work, struct wq_barrier, work)->done;
}

/* The target runs: at the head of what its worker has to do. */
static int target_runs(void *arg)
{
	struct worker *worker;
	struct work_struct *bar1;

	begin(0, 0);
	start_on(1, q, &a);
	worker = runner(pool, W(&a));
	queue_work_on(1, q, W(&a));		/* comes to stand in its scheduled list */
	pass_ms(1);
	CHECK(first_work(&worker->scheduled) == W(&a));
	CHECK(cancel_delayed_work(&a.dw));
	CHECK(list_empty(&worker->scheduled));

	flush(&f[0], &a);
	CHECK_EQ(list_length(&worker->scheduled), 1);
	bar1 = first_work(&worker->scheduled);
	CHECK_EQ(word(bar1), (unsigned long)pwq_on(q, 1) | 0xf5);
	flush(&f[1], &a);
	CHECK_EQ(list_length(&worker->scheduled), 2);
	CHECK(list_next_entry(first_work(&worker->scheduled), entry) == bar1);
	CHECK(barrier_done(bar1) != barrier_done(first_work(&worker->scheduled)));
	CHECK(!f[0].done && !f[1].done);
	release(&a);
	pass_ms(1);
	CHECK_EQ(f[0].done, MS(3));
	CHECK_EQ(f[1].done, MS(3));
	CHECK(f[0].ret && f[1].ret);
	destroy_workqueue(q);
	return 0;
}

WQTEST(cmwq, cf29_target_runs)
{
	RUN_OK(2, target_runs);
}

/*
 * The target runs and other work is scheduled for its worker: the barrier stands
 * before it, since it tells of the run that is going on.
 */
static int before_the_scheduled(void *arg)
{
	struct worker *worker;
	struct work_struct *bar;

	begin(0, 0);
	start_on(1, q, &a);
	worker = runner(pool, W(&a));
	INIT_WORK(W(&b), item_fn);
	flush(&f[0], &a);
	bar = first_work(&worker->scheduled);
	queue_work_on(1, q, W(&a));
	pass_ms(1);
	CHECK(first_work(&worker->scheduled) == bar);
	CHECK(list_next_entry(bar, entry) == W(&a));
	release(&a);
	pass_ms(1);
	CHECK_EQ(f[0].done, MS(2));		/* the first run is over, the second goes on */
	CHECK_EQ(a.inside, 1);
	release(&a);
	destroy_workqueue(q);
	return 0;
}

WQTEST(cmwq, cf29_tells_of_the_run_going_on)
{
	RUN_OK(2, before_the_scheduled);
}

/* The target waits: right behind it, before what was linked already. */
static int target_waits(void *arg)
{
	struct work_struct *bar1, *bar2;

	begin(0, 1);
	start_on(1, q, &a);
	queue_work_on(1, q, W(&b));		/* both are held back */
	queue_work_on(1, q, W(&c));
	flush(&f[0], &b);
	bar1 = list_next_entry(W(&b), entry);
	CHECK(list_next_entry(bar1, entry) == W(&c));
	CHECK_EQ(word(W(&b)) & 0xf, 0xf);	/* LINKED, PWQ, DELAYED, PENDING */
	CHECK_EQ(word(bar1) & 0xff, 0xf5);
	flush(&f[1], &b);
	bar2 = list_next_entry(W(&b), entry);
	CHECK(bar2 != bar1 && list_next_entry(bar2, entry) == bar1);
	CHECK_EQ(word(bar2) & 0xff, 0xfd);	/* inherits LINKED */
	CHECK_EQ(word(bar1) & 0xff, 0xf5);
	CHECK(list_next_entry(bar1, entry) == W(&c));
	CHECK_EQ(word(W(&c)) & 8, 0);

	release(&a);
	pass_ms(1);
	CHECK_EQ(f[0].done, MS(2));
	CHECK_EQ(f[1].done, MS(2));
	CHECK(f[0].ret && f[1].ret);
	destroy_workqueue(q);
	return 0;
}

WQTEST(cmwq, cf29_target_waits)
{
	RUN_OK(2, target_waits);
}

/*
 * A series goes to one worker.  With CPU-intensive items any worker takes the next
 * one; if a barrier were left behind, it would run while its target still does.
 */
static int together(void *arg)
{
	int target = 0, barriers = 0;

	begin(WQ_CPU_INTENSIVE, 0);
	b.burn = 5;
	c.sleep = 20;
	queue_work_on(1, q, W(&b));
	queue_work_on(1, q, W(&c));
	flush(&f[0], &c);
	flush(&f[1], &c);
	pass_ms(40);
	CHECK_EQ(c.at, MS(5));
	CHECK_EQ(f[0].done, MS(25));
	CHECK_EQ(f[1].done, MS(25));
	for (size_t i = 0; i < trace_count(); i++) {
		const struct trace_event *ev = trace_get(i);

		if (ev->kind != TRACE_EXECUTE_START)
			continue;
		if (ev->obj == W(&c))
			target = ev->pid;
		if (!strcmp(trace_text(ev->name), "wq_barrier_func")) {
			barriers++;
			CHECK_EQ(ev->pid, target);
			CHECK_EQ(events_of(TRACE_QUEUE_WORK, ev->obj), 0);
			CHECK_EQ(events_of(TRACE_ACTIVATE_WORK, ev->obj), 0);
			CHECK_EQ(events_of(TRACE_EXECUTE_END, ev->obj), 1);
		}
	}
	CHECK_EQ(barriers, 2);
	destroy_workqueue(q);
	return 0;
}

WQTEST(cmwq, cf29_a_series_stays_together)
{
	RUN_OK(2, together);
}

/* What flush_work() returns: whether it waited. */
static int returns(void *arg)
{
	begin(0, 0);
	CHECK(!flush_work(W(&b)));		/* never queued */
	queue_work_on(1, q, W(&b));
	CHECK(flush_work(W(&b)));
	CHECK_EQ(b.runs, 1);
	CHECK(!flush_work(W(&b)));		/* idle again */
	queue_delayed_work_on(1, q, &b.dw, 10);
	CHECK(!flush_work(W(&b)));		/* its timer is not waited for */
	CHECK(flush_delayed_work(&b.dw));	/* but brought forward here */
	CHECK_EQ(b.runs, 2);
	CHECK_EQ(b.at, 0);
	CHECK_EQ(b.cpu, 1);			/* where it was meant to run */
	CHECK(!flush_delayed_work(&b.dw));
	destroy_workqueue(q);
	return 0;
}

WQTEST(cmwq, cf29_flush_works_answer)
{
	RUN_OK(2, returns);
}

/* Under many schedules: what was queued before a flush_work() has run when it returns. */
#define CPUS	2

static atomic_t left;
static struct completion all_done;
static int wrote, seen;

static void see_fn(struct work_struct *work)
{
	seen = wrote;
	cond_resched();
}

static int writer_fn(void *arg)
{
	unsigned int rnd = (unsigned long)arg;

	for (int i = 0; i < 5; i++) {
		int mine = ++wrote;

		bool won = queue_work_on(next_random(&rnd) % CPUS, q, W(&b));

		/* Who lost may come before the winner has put it on a list. */
		flush_work(W(&b));
		CHECK(!won || seen >= mine);
	}
	if (atomic_dec_and_test(&left))
		complete(&all_done);
	return 0;
}

static int in_any_order(void *arg)
{
	q = alloc_workqueue("q", (unsigned long)arg % 4 ? 0 : WQ_UNBOUND, (unsigned long)arg % 2);
	item_init(&b);
	INIT_WORK(W(&b), see_fn);
	init_completion(&all_done);
	atomic_set(&left, 3);
	for (unsigned long i = 0; i < 3; i++)
		kthread_run(writer_fn, (void *)((unsigned long)arg * 3 + i), "writer/%lu", i);
	wait_for_completion(&all_done);
	destroy_workqueue(q);
	return 0;
}

WQTEST(cmwq, cf29_flush_work_in_any_order)
{
	run_seeds(CPUS, in_any_order, 1, 200);
}
