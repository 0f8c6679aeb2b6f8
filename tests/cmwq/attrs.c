// SPDX-License-Identifier: GPL-2.0-only
/* Attributes of unbound workqueues: shared pools, a pwq per node, exchange. */
#include <linux/jhash.h>
#include <linux/topology.h>

#include "cmwq_test.h"

static struct item a, b;
static struct workqueue_struct *q, *p;

static struct workqueue_attrs *attrs_on(int nice, const char *cpus)
{
	struct workqueue_attrs *attrs = alloc_workqueue_attrs(GFP_KERNEL);

	attrs->nice = nice;
	CHECK_EQ(cpulist_parse(cpus, attrs->cpumask), 0);
	return attrs;
}

static int apply(struct workqueue_struct *wq, int nice, const char *cpus, bool no_numa)
{
	struct workqueue_attrs *attrs = attrs_on(nice, cpus);
	int err;

	attrs->no_numa = no_numa;
	err = apply_workqueue_attrs(wq, attrs);
	free_workqueue_attrs(attrs);
	return err;
}

/* The pwq for a node, and the CPUs of its pool as a list. */
static struct pool_workqueue *by_node(struct workqueue_struct *wq, int node)
{
	return wq->numa_pwq_tbl[node];
}

static void check_cpus(struct pool_workqueue *pwq, const char *cpus)
{
	char text[64];

	cpulist_scnprintf(text, sizeof(text), pwq->pool->attrs->cpumask);
	CHECK_STR(text, cpus);
}

/* nice and CPUs make the pool, no_numa does not; the last one out frees it. */
static int shared(void *arg)
{
	struct worker_pool *pool;

	q = alloc_workqueue("q", WQ_UNBOUND, 0);
	p = alloc_workqueue("p", WQ_UNBOUND, 0);
	CHECK(q->dfl_pwq->pool == p->dfl_pwq->pool);
	CHECK_EQ(apply(q, 5, "0-1", true), 0);
	pool = q->dfl_pwq->pool;
	CHECK(pool != p->dfl_pwq->pool);
	CHECK_EQ(pool->attrs->nice, 5);
	CHECK_EQ(pool->refcnt, 1);
	CHECK_EQ(apply(p, 5, "0-1", false), 0);
	CHECK(p->dfl_pwq->pool == pool);
	CHECK(q->unbound_attrs->no_numa && !p->unbound_attrs->no_numa && !pool->attrs->no_numa);
	CHECK_EQ(pool->refcnt, 2);
	CHECK_EQ(apply(p, 6, "0-1", false), 0);
	CHECK(p->dfl_pwq->pool != pool);
	CHECK_EQ(apply(p, 5, "1-2", false), 0);
	CHECK(p->dfl_pwq->pool != pool);
	pass_ms(1);				/* the old pwqs are released by items of system_wq */
	CHECK_EQ(pool->refcnt, 1);
	CHECK_EQ(list_length(&p->pwqs), 1);

	/* What is there before: nice -20 and 0 of the defaults, q's, p's. */
	item_init(&a);
	queue_work(q, W(&a));
	flush_work(W(&a));
	CHECK(a.cpu < 2);
	CHECK(nth_event(TRACE_WORKER_CREATE, NULL, 0));
	destroy_workqueue(q);
	destroy_workqueue(p);
	pass_ms(1);
	CHECK_EQ(system_unbound_wq->dfl_pwq->pool->refcnt, 1);
	return 0;
}

WQTEST(cmwq, cf41_equal_attributes_share_a_pool)
{
	RUN_OK(4, shared);
}

/* The hash's inputs: nice, then the words of the mask. */
static int hash(void *arg)
{
	static const u32 words[] = { 1, 2, 3, 4, 5, 6, 7 };

	for (int n = 0; n < 7; n++)
		for (int i = 0; i < n; i++) {
			u32 changed[7];

			memcpy(changed, words, sizeof(words));
			changed[i] ^= 1u << (5 * i);
			CHECK(jhash2(words, n, 9) != jhash2(changed, n, 9));
		}
	CHECK(jhash2(words, 3, 1) != jhash2(words, 3, 2));
	CHECK(jhash_1word(5, 0) != jhash_1word(-5, 0));
	/* Known results of the published function: nothing hashed, and "no words". */
	CHECK_EQ(jhash2(words, 0, 0), 0xdeadbeef);
	CHECK_EQ(jhash2(words, 0, 0xdeadbeef), 0xbd5b7dde);
	return 0;
}

WQTEST(cmwq, cf41_hash)
{
	RUN_OK(1, hash);
}

/* Two nodes of four CPUs: a pwq for each, the default for who has no CPU of the set. */
static int nodes(void *arg)
{
	u64 t0;

	q = alloc_workqueue("q", WQ_UNBOUND, 0);
	CHECK_EQ(list_length(&q->pwqs), 3);
	check_cpus(q->dfl_pwq, "0-7");
	check_cpus(by_node(q, 0), "0-3");
	check_cpus(by_node(q, 1), "4-7");
	CHECK_EQ(by_node(q, 0)->pool->node, 0);
	CHECK_EQ(by_node(q, 1)->pool->node, 1);
	CHECK_EQ(q->dfl_pwq->pool->node, -1);
	CHECK_EQ(q->dfl_pwq->refcnt, 1);

	/* Part of node 0 and of node 1. */
	CHECK_EQ(apply(q, 0, "2-5", false), 0);
	check_cpus(by_node(q, 0), "2-3");
	check_cpus(by_node(q, 1), "4-5");
	/* Only CPUs of node 1: its share is the whole set, so it uses the default. */
	CHECK_EQ(apply(q, 0, "5-6", false), 0);
	CHECK(by_node(q, 0) == q->dfl_pwq && by_node(q, 1) == q->dfl_pwq);
	CHECK_EQ(q->dfl_pwq->refcnt, 3);
	CHECK_EQ(q->dfl_pwq->pool->node, 1);
	CHECK_EQ(apply(q, 0, "0-7", true), 0);
	CHECK(by_node(q, 0) == q->dfl_pwq && by_node(q, 1) == q->dfl_pwq);
	pass_ms(1);
	CHECK_EQ(list_length(&q->pwqs), 1);

	/* Who queues decides, or the CPU asked for; the item runs on that node. */
	CHECK_EQ(apply(q, 0, "0-7", false), 0);
	for (int cpu = 0; cpu < 8; cpu++) {
		item_init(&a);
		queue_work_on(cpu, q, W(&a));
		flush_work(W(&a));
		CHECK_EQ(cpu_to_node(a.cpu), cpu_to_node(cpu));
	}
	stay_on(6);
	item_init(&a);
	queue_work(q, W(&a));
	flush_work(W(&a));
	CHECK_EQ(cpu_to_node(a.cpu), 1);

	/* Places are no stragglers: there is nothing to wait for. */
	pass_ms(1);
	t0 = mach_now();
	destroy_workqueue(q);
	CHECK_EQ(mach_now() - t0, 0);
	return 0;
}

WQTEST(cmwq, cf42_a_pwq_for_each_node)
{
	RUN_OK(8, nodes, .nodes = 2);
}

/* max_active holds for each pwq, so for each node. */
static int per_node(void *arg)
{
	static struct item items[6];
	int i, started = 0;

	q = alloc_workqueue("q", WQ_UNBOUND, 2);
	for (i = 0; i < 6; i++) {
		held_init(&items[i]);
		queue_work_on(i < 3 ? 0 : 2, q, W(&items[i]));
	}
	pass_ms(10);
	for (i = 0; i < 6; i++)
		started += items[i].inside;
	CHECK_EQ(started, 4);
	CHECK(workqueue_congested(0, q) && workqueue_congested(3, q));
	for (i = 0; i < 6; i++)
		release(&items[i]);
	flush_workqueue(q);
	CHECK(!workqueue_congested(0, q) && !workqueue_congested(WORK_CPU_UNBOUND, q));
	destroy_workqueue(q);
	return 0;
}

WQTEST(cmwq, cf23_max_active_of_each_node)
{
	RUN_OK(4, per_node, .nodes = 2);
}

static int numa_off(void *arg)
{
	q = alloc_workqueue("q", WQ_UNBOUND, 0);
	CHECK_EQ(list_length(&q->pwqs), 1);
	CHECK(by_node(q, 0) == q->dfl_pwq && by_node(q, 1) == q->dfl_pwq);
	CHECK_EQ(q->dfl_pwq->pool->node, -1);
	destroy_workqueue(q);
	return 0;
}

WQTEST(cmwq, cf42_placement_can_be_turned_off)
{
	RUN_OK(4, numa_off, .nodes = 2, .cmdline = "workqueue.disable_numa");
}

/* What is queued stays on the old pwq, which goes with it; the new one has the newcomers. */
static void again_fn(struct work_struct *work)
{
	struct item *it = container_of(work, struct item, dw.work);

	item_fn(work);
	if (it->runs < 4)
		queue_work(q, work);
}

static int exchange(void *arg)
{
	struct pool_workqueue *old;

	q = alloc_workqueue("q", WQ_UNBOUND, 0);
	old = q->dfl_pwq;
	held_init(&a);
	INIT_WORK(W(&a), again_fn);
	queue_work(q, W(&a));
	wait_for_completion(&a.started);
	CHECK_EQ(apply(q, 3, "0-3", false), 0);
	CHECK(q->dfl_pwq != old);
	CHECK_EQ(old->refcnt, 1);		/* the item's */
	CHECK_EQ(list_length(&q->pwqs), 2);
	CHECK_EQ(old->work_color, q->dfl_pwq->work_color);
	item_init(&b);
	queue_work(q, W(&b));
	flush_work(W(&b));
	CHECK_EQ(b.runs, 1);
	/* It still runs when it queues itself: behind itself, on the old pwq. */
	for (int i = 0; i < 3; i++) {
		reinit_completion(&a.started);
		release(&a);
		wait_for_completion(&a.started);
		CHECK(runner(old->pool, W(&a)) && runner(old->pool, W(&a))->current_pwq == old);
	}
	release(&a);
	flush_workqueue(q);			/* over both */
	CHECK_EQ(a.runs, 4);
	pass_ms(1);
	CHECK_EQ(list_length(&q->pwqs), 1);
	destroy_workqueue(q);
	return 0;
}

WQTEST(cmwq, cf42_items_stay_on_the_old_pwq)
{
	RUN_OK(4, exchange);
}

/* CPUs that cannot exist are left out; what is left may be nothing. */
static int impossible(void *arg)
{
	struct workqueue_attrs *attrs = alloc_workqueue_attrs(GFP_KERNEL);

	CHECK(cpumask_equal(attrs->cpumask, cpu_possible_mask));
	CHECK(!attrs->nice && !attrs->no_numa);
	q = alloc_workqueue("q", WQ_UNBOUND, 0);
	cpumask_clear(attrs->cpumask);
	CHECK_EQ(apply_workqueue_attrs(q, attrs), 0);
	CHECK(cpumask_empty(q->unbound_attrs->cpumask));
	item_init(&a);
	queue_work(q, W(&a));
	flush_work(W(&a));
	CHECK_EQ(a.runs, 1);
	free_workqueue_attrs(attrs);
	destroy_workqueue(q);
	return 0;
}

WQTEST(cmwq, cf43_an_empty_mask_is_not_refused)
{
	RUN_OK(2, impossible);
}

/* Ordered: one pwq on any machine, and it stays so; so do bound ones. */
static int refused(void *arg)
{
	q = alloc_ordered_workqueue("q", WQ_MEM_RECLAIM);
	p = alloc_workqueue("p", 0, 0);
	CHECK_EQ(list_length(&q->pwqs), 1);
	CHECK(q->unbound_attrs->no_numa);
	CHECK_EQ(q->dfl_pwq->max_active, 1);
	CHECK(by_node(q, 0) == q->dfl_pwq && by_node(q, 1) == q->dfl_pwq);
	CHECK_EQ(apply(q, 0, "0-1", false), -EINVAL);
	CHECK_EQ(apply(p, 0, "0-1", false), -EINVAL);
	workqueue_set_max_active(q, 5);
	CHECK_EQ(q->dfl_pwq->max_active, 1);
	destroy_workqueue(q);
	destroy_workqueue(p);
	return 0;
}

WQTEST(cmwq, cf44_ordered_and_bound_ones_refuse)
{
	RUN_WARN(4, refused, 3, .nodes = 2);
}

/* Power-efficient ones are bound, unless the machine is told to save power. */
static int power(void *arg)
{
	bool saving = arg;

	q = alloc_workqueue("q", WQ_POWER_EFFICIENT, 0);
	CHECK_EQ(!!(q->flags & WQ_UNBOUND), saving);
	CHECK_EQ(!!(system_power_efficient_wq->flags & WQ_UNBOUND), saving);
	CHECK_EQ(!!(system_freezable_power_efficient_wq->flags & WQ_UNBOUND), saving);
	CHECK(!(system_freezable_wq->flags & WQ_UNBOUND));
	destroy_workqueue(q);
	return 0;
}

static int power_on(void *arg)
{
	return power((void *)1);
}

WQTEST(cmwq, api_power_efficient)
{
	RUN_OK(2, power);
	RUN_OK(2, power_on, .cmdline = "workqueue.power_efficient=1");
	RUN_OK(2, power, .cmdline = "workqueue.power_efficient=0");
}

/* No thread for the new pool: nothing has changed, nothing is left. */
static int fails(void *arg)
{
	struct pool_workqueue *dfl, *node1;

	q = alloc_workqueue("q", WQ_UNBOUND, 0);
	dfl = q->dfl_pwq;
	node1 = by_node(q, 1);
	mach_fault_set(MFAULT_KTHREAD, true);
	CHECK_EQ(apply(q, 7, "0-3", false), -ENOMEM);
	/* The whole set's pool is there, the share of a node is not. */
	p = alloc_workqueue("p", WQ_UNBOUND | WQ_HIGHPRI, 0);
	CHECK(!p);
	mach_fault_set(MFAULT_KTHREAD, false);
	CHECK(q->dfl_pwq == dfl && by_node(q, 1) == node1);
	CHECK_EQ(list_length(&q->pwqs), 3);
	CHECK_EQ(q->unbound_attrs->nice, 0);
	item_init(&a);
	queue_work(q, W(&a));
	destroy_workqueue(q);
	CHECK_EQ(a.runs, 1);
	return 0;
}

WQTEST(cmwq, cf42_all_pwqs_or_none)
{
	RUN_OK(4, fails, .nodes = 2);
}

/* A large machine: an item on each CPU, bound and unbound; a pwq for each of its nodes. */
static struct item many[1024];

static int large(void *arg)
{
	int cpu;

	q = alloc_workqueue("q", WQ_UNBOUND, 0);
	CHECK_EQ(list_length(&q->pwqs), 17);
	p = alloc_workqueue("p", 0, 0);
	for (cpu = 0; cpu < 1024; cpu++) {
		item_init(&many[cpu]);
		many[cpu].burn = 1;
		queue_work_on(cpu, q, W(&many[cpu]));
	}
	flush_workqueue(q);
	for (cpu = 0; cpu < 1024; cpu++) {
		CHECK_EQ(many[cpu].runs, 1);
		CHECK_EQ(cpu_to_node(many[cpu].cpu), cpu / 64);
		queue_work_on(cpu, p, W(&many[cpu]));
	}
	flush_workqueue(p);
	for (cpu = 0; cpu < 1024; cpu++)
		CHECK_EQ(many[cpu].cpu, cpu);
	destroy_workqueue(q);
	destroy_workqueue(p);
	return 0;
}

WQTEST(cmwq, cf42_1024_cpus_on_16_nodes)
{
	RUN_OK(1024, large, .nodes = 16);
}

/* Attributes change while items are queued and flushed: each runs, nothing is left. */
#define NR	6

static struct item items[NR];
static atomic_t changed;

static int changer(void *arg)
{
	static const char *const masks[] = { "0-1", "2-3", "0-3", "1-2" };
	unsigned int rnd = (unsigned long)arg;

	for (int i = 0; i < 4; i++) {
		CHECK_EQ(apply(q, next_random(&rnd) % 2, masks[next_random(&rnd) % 4],
			       next_random(&rnd) % 2), 0);
		atomic_inc(&changed);
	}
	return 0;
}

static int any_order(void *arg)
{
	unsigned int rnd = (unsigned long)arg, queued[NR] = { 0 };

	q = alloc_workqueue("q", WQ_UNBOUND, 1 + rnd % 3);
	atomic_set(&changed, 0);
	for (int i = 0; i < NR; i++) {
		item_init(&items[i]);
		items[i].sleep = next_random(&rnd) % 2;
	}
	start_task(changer, arg, "changer");
	for (int i = 0; i < 4 * NR; i++) {
		unsigned int n = next_random(&rnd) % NR;

		queued[n] += queue_work_on(next_random(&rnd) % 4, q, W(&items[n]));
		if (next_random(&rnd) % 5 == 0)
			flush_workqueue(q);
		if (next_random(&rnd) % 7 == 0)
			queued[n] -= cancel_work_sync(W(&items[n]));
	}
	flush_workqueue(q);
	for (int i = 0; i < NR; i++) {
		CHECK_EQ(items[i].runs, queued[i]);
		CHECK(items[i].most <= 1);
	}
	wait_for_all(&changed, 4);
	destroy_workqueue(q);
	return 0;
}

WQTEST(cmwq, cf42_exchange_in_any_order)
{
	struct machine_config cfg = { .kind = "sim", .engines = "cmwq", .cpus = 4, .nodes = 2, .quiet = true };

	run_seeds_cfg(&cfg, any_order, 1, 300);
}
