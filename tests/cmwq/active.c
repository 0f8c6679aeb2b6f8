// SPDX-License-Identifier: GPL-2.0-only
/* max_active: what counts, who waits, who comes next; and ordered workqueues. */
#include "cmwq_test.h"

#define NR	7

static struct item items[NR];
static struct workqueue_struct *q;
static struct pool_workqueue *pwq;

static void begin(unsigned int flags, int max_active)
{
	stay_on(0);
	q = alloc_workqueue("q", flags, max_active);
	pwq = flags & WQ_UNBOUND ? q->dfl_pwq : pwq_on(q, 1);
	for (int i = 0; i < NR; i++)
		held_init(&items[i]);
}

static void queue_all(void)
{
	for (int i = 0; i < NR; i++)
		CHECK(queue_work_on(1, q, W(&items[i])));
	pass_ms(1);
}

static void release_all(void)
{
	for (int i = 0; i < NR; i++)
		release(&items[i]);
}

/* Which items run, as bits. */
static unsigned int running(void)
{
	unsigned int mask = 0;

	for (int i = 0; i < NR; i++)
		mask |= items[i].inside << i;
	return mask;
}

static int in_flight(void)
{
	int n = 0;

	for (int i = 0; i < 15; i++)
		n += pwq->nr_in_flight[i];
	return n;
}

/* Three run, four wait in order; each that retires lets one in. */
static int fifo(void *arg)
{
	begin(0, 3);
	queue_all();
	CHECK_EQ(running(), 0x07);
	CHECK_EQ(pwq->nr_active, 3);
	CHECK_EQ(list_length(&pwq->delayed_works), NR - 3);
	CHECK_EQ(in_flight(), NR);
	CHECK(first_work(&pwq->delayed_works) == W(&items[3]));
	for (int i = 3; i < NR; i++)
		CHECK_EQ(word(W(&items[i])), (unsigned long)pwq | 0x07);
	CHECK_EQ(events_of(TRACE_ACTIVATE_WORK, W(&items[3])), 0);
	CHECK(list_empty(&pwq->pool->worklist));

	release(&items[1]);
	pass_ms(1);
	CHECK_EQ(running(), 0x0d);
	CHECK_EQ(pwq->nr_active, 3);
	CHECK_EQ(events_of(TRACE_ACTIVATE_WORK, W(&items[3])), 1);
	release(&items[0]);
	release(&items[3]);
	pass_ms(1);
	CHECK_EQ(running(), 0x34);
	CHECK_EQ(list_length(&pwq->delayed_works), 1);
	release(&items[2]);
	release(&items[4]);
	release(&items[5]);
	release(&items[6]);
	flush_workqueue(q);
	CHECK_EQ(pwq->nr_active, 0);
	CHECK_EQ(in_flight(), 0);
	destroy_workqueue(q);
	return 0;
}

WQTEST(cmwq, cf22_in_the_order_of_queueing)
{
	RUN_OK(2, fifo);
}

/* Each CPU's pwq counts for itself; an unbound workqueue has one for all. */
static int per_pwq(void *arg)
{
	begin(0, 2);
	for (int i = 0; i < NR; i++)
		queue_work_on(i % 2 ? 1 : 2, q, W(&items[i]));
	pass_ms(1);
	CHECK_EQ(running(), 0x0f);
	CHECK_EQ(pwq_on(q, 1)->nr_active, 2);
	CHECK_EQ(pwq_on(q, 2)->nr_active, 2);
	release_all();
	destroy_workqueue(q);

	begin(WQ_UNBOUND, 2);
	for (int i = 0; i < NR; i++)
		queue_work_on(i % 2 ? 1 : 2, q, W(&items[i]));
	pass_ms(1);
	CHECK_EQ(running(), 0x03);
	release_all();
	destroy_workqueue(q);
	return 0;
}

WQTEST(cmwq, cf22_counted_per_pwq)
{
	RUN_OK(3, per_pwq);
}

/* Raised: as many as fit start at once.  Lowered: nobody is let in until enough have left. */
static int changed(void *arg)
{
	begin(0, 1);
	queue_all();
	CHECK_EQ(running(), 0x01);
	workqueue_set_max_active(q, 4);
	pass_ms(1);
	CHECK_EQ(running(), 0x0f);
	CHECK_EQ(pwq->nr_active, 4);
	workqueue_set_max_active(q, 2);
	CHECK_EQ(pwq->max_active, 2);
	release(&items[0]);
	release(&items[1]);
	pass_ms(1);
	CHECK_EQ(running(), 0x0c);
	release(&items[2]);
	pass_ms(1);
	CHECK_EQ(running(), 0x18);
	release_all();
	destroy_workqueue(q);
	return 0;
}

WQTEST(cmwq, cf22_raised_and_lowered)
{
	RUN_OK(2, changed);
}

/* A barrier counts nowhere: it passes though max_active is used up. */
static int flusher_fn(void *arg)
{
	struct item *it = arg;

	flush_work(W(it));
	return 0;
}

static int barriers(void *arg)
{
	int refs;

	begin(0, 1);
	queue_work_on(1, q, W(&items[0]));
	queue_work_on(1, q, W(&items[1]));
	pass_ms(1);
	refs = pwq->refcnt;
	CHECK_EQ(refs, 3);
	kthread_run(flusher_fn, &items[0], "flusher/0");
	kthread_run(flusher_fn, &items[1], "flusher/1");
	pass_ms(1);
	CHECK_EQ(pwq->refcnt, refs + 2);
	CHECK_EQ(pwq->nr_active, 1);
	CHECK_EQ(in_flight(), 2);
	CHECK_EQ(list_length(&pwq->delayed_works), 2);	/* the second item and its barrier */
	release(&items[0]);
	pass_ms(1);
	CHECK_EQ(running(), 0x02);
	CHECK_EQ(pwq->nr_active, 1);
	CHECK_EQ(pwq->refcnt, refs);
	release(&items[1]);
	destroy_workqueue(q);
	return 0;
}

WQTEST(cmwq, cf22_barriers_do_not_count)
{
	RUN_OK(2, barriers);
}

/* Taking an active item off its list makes room as well. */
static int stolen(void *arg)
{
	begin(0, 2);
	items[0].hold = false;
	items[0].burn = 5;
	queue_all();				/* 0 burns, 1 is active but waits */
	CHECK_EQ(running(), 0x01);
	CHECK(cancel_work_sync(W(&items[1])));
	CHECK_EQ(pwq->nr_active, 2);
	CHECK_EQ(word(W(&items[2])) & 7, 5);
	CHECK(first_work(&pwq->pool->worklist) == W(&items[2]));
	CHECK_EQ(in_flight(), NR - 1);
	release_all();
	destroy_workqueue(q);
	CHECK_EQ(items[1].runs, 0);
	return 0;
}

WQTEST(cmwq, cf22_stealing_makes_room)
{
	RUN_OK(2, stolen);
}

/* What max_active may be. */
static int limits(void *arg)
{
	static const struct {
		int flags, asked, got;
	} cases[] = {
		{ 0, 0, 256 }, { 0, 1, 1 }, { 0, 512, 512 }, { 0, 513, 512 }, { 0, -1, 1 },
		{ WQ_UNBOUND, 0, 256 }, { WQ_UNBOUND, 513, 512 },
	};

	for (unsigned int i = 0; i < ARRAY_SIZE(cases); i++) {
		q = alloc_workqueue("q", cases[i].flags, cases[i].asked);
		pwq = cases[i].flags ? q->dfl_pwq : pwq_on(q, 0);
		CHECK_EQ(q->saved_max_active, cases[i].got);
		CHECK_EQ(pwq->max_active, cases[i].got);
		destroy_workqueue(q);
	}
	return 0;
}

WQTEST(cmwq, cf22_limits)
{
	struct machine_result res;

	BOOT(2, limits, NULL, &res);
	CHECK_EQ(res.verdict, VERDICT_OK);
	CHECK(strstr(res.log, "max_active 513 requested for q is out of range, clamping between 1 and 512"));
	CHECK(strstr(res.log, "max_active -1 requested for q is out of range"));
	CHECK(!strstr(res.log, "max_active 512 requested"));
	CHECK(!strstr(res.log, "max_active 0 requested"));
	machine_result_free(&res);
}

/* Never more than max_active, in order, whatever the schedule. */
static int inside, started;

static void limited_fn(struct work_struct *work)
{
	struct item *it = container_of(work, struct item, dw.work);

	CHECK(++inside <= q->saved_max_active);
	if (q->saved_max_active == 1)
		CHECK_EQ(it - items, started);
	started++;
	cond_resched();
	pass_ms(it->sleep);
	inside--;
}

static int never_more(void *arg)
{
	unsigned int rnd = (unsigned long)arg, unbound = rnd % 2 ? WQ_UNBOUND : 0;

	q = alloc_workqueue("q", unbound, 1 + rnd / 2 % 2);
	for (int i = 0; i < NR; i++) {
		item_init(&items[i]);
		INIT_WORK(W(&items[i]), limited_fn);
		items[i].sleep = next_random(&rnd) % 2;
		queue_work_on(1, q, W(&items[i]));
	}
	destroy_workqueue(q);
	CHECK_EQ(started, NR);
	return 0;
}

WQTEST(cmwq, cf22_never_more_in_any_order)
{
	run_seeds(2, never_more, 1, 200);
}

/* Ordered: one pwq, one at a time, and so it stays. */
static int ordered(void *arg)
{
	begin(0, 0);
	destroy_workqueue(q);
	q = create_singlethread_workqueue("s");
	pwq = q->dfl_pwq;
	CHECK_EQ(q->flags, WQ_UNBOUND | __WQ_ORDERED | WQ_MEM_RECLAIM);
	CHECK_EQ(list_length(&q->pwqs), 1);
	CHECK_EQ(pwq->max_active, 1);
	queue_all();
	workqueue_set_max_active(q, 5);		/* refused, with a warning */
	pass_ms(1);
	CHECK_EQ(pwq->max_active, 1);
	CHECK_EQ(q->saved_max_active, 1);
	for (int i = 0; i < NR; i++) {
		CHECK_EQ(running(), 1u << i);
		release(&items[i]);
		pass_ms(1);
	}
	destroy_workqueue(q);
	return 0;
}

WQTEST(cmwq, cf44_ordered_stays_ordered)
{
	RUN_WARN(3, ordered, 1);
}
