// SPDX-License-Identifier: GPL-2.0-only
/* CPUs that come and go: pools that lose their CPU, and get it back. */
#include <linux/cpu.h>
#include <linux/topology.h>

#include "cmwq_test.h"

static struct item a, b, c;
static struct workqueue_struct *q;

static unsigned int flags_of(struct worker *worker)
{
	return worker->flags & 0x180;		/* UNBOUND, REBOUND */
}

/* All workers of a pool bear these two flags alike. */
static void check_workers(struct worker_pool *pool, unsigned int flags)
{
	struct worker *worker;

	mutex_lock(&pool->attach_mutex);
	list_for_each_entry(worker, &pool->workers, node)
		CHECK_EQ(flags_of(worker), flags);
	mutex_unlock(&pool->attach_mutex);
}

/* Down: everybody unbound, nothing counts, items stay with their pool and run elsewhere. */
static int down(void *arg)
{
	struct worker_pool *pool;

	stay_on(0);
	q = alloc_workqueue("q", 0, 0);
	pool = pool_on(q, 1);
	held_init(&a);
	item_init(&b);
	b.burn = 5;
	start_on(1, q, &a);
	CHECK_EQ(pool->flags, 0);
	CHECK_EQ(cpu_down(1), 0);
	CHECK_EQ(named_events(TRACE_EXECUTE_START, "wq_unbind_fn", "events_highpri"), 1);
	CHECK_EQ(pool->flags, 4);		/* DISASSOCIATED */
	CHECK_EQ(pool->nr_running, 0);
	check_workers(pool, 0x80);

	/* Queued to it all the same: run by its workers, on the CPU that is left. */
	queue_work_on(1, q, W(&b));
	pass_ms(10);
	CHECK_EQ(b.runs, 1);
	CHECK_EQ(b.cpu, 0);
	CHECK_EQ(pool->nr_running, 0);
	CHECK(runner(pool, W(&a)));		/* it has not moved */
	release(&a);
	flush_workqueue(q);
	CHECK_EQ(cpu_up(1), 0);
	destroy_workqueue(q);
	return 0;
}

WQTEST(cmwq, cf37_pools_go_on_without_their_cpu)
{
	RUN_OK(2, down);
}

/* Without a count, the next worker is woken before an item is started: all at once. */
static int chain(void *arg)
{
	static struct item burning[3];

	stay_on(0);
	q = alloc_workqueue("q", 0, 0);
	CHECK_EQ(cpu_down(1), 0);
	for (int i = 0; i < 3; i++) {
		item_init(&burning[i]);
		burning[i].burn = 10;
		queue_work_on(1, q, W(&burning[i]));
	}
	flush_workqueue(q);
	/* One CPU's worth of time on each of two others; bound it would have been one after another. */
	CHECK(burning[1].at < burning[0].end);
	CHECK_EQ(cpu_up(1), 0);
	destroy_workqueue(q);
	return 0;
}

WQTEST(cmwq, cf37_chain_execution)
{
	RUN_OK(4, chain);
}

/* Who runs when the CPU goes wakes nobody any more when he sleeps: somebody is woken for what waits. */
static int starts_the_chain(void *arg)
{
	u64 t0;

	stay_on(0);
	q = alloc_workqueue("q", 0, 0);
	item_init(&a);
	item_init(&b);
	a.burn = 5;
	a.sleep = 50;
	stand_by(q, 1, 2);			/* those who were just made are awake */
	t0 = mach_now();
	queue_work_on(1, q, W(&a));
	queue_work_on(1, q, W(&b));
	pass_ms(2);
	CHECK_EQ(a.inside, 1);
	CHECK_EQ(b.runs, 0);
	CHECK_EQ(cpu_down(1), 0);
	flush_workqueue(q);
	CHECK(b.end < a.end);
	CHECK(b.at - t0 < MS(10));
	CHECK_EQ(cpu_up(1), 0);
	destroy_workqueue(q);
	return 0;
}

WQTEST(cmwq, cf37_somebody_is_woken)
{
	RUN_OK(3, starts_the_chain);
}

/* Up: bound again, REBOUND until the next cycle, and counted from then on. */
static int up(void *arg)
{
	struct worker_pool *pool;
	struct worker *worker;

	stay_on(0);
	q = alloc_workqueue("q", 0, 0);
	pool = pool_on(q, 1);
	held_init(&a);
	held_init(&b);
	start_on(1, q, &a);
	worker = runner(pool, W(&a));
	CHECK_EQ(flags_of(worker), 0);
	CHECK_EQ(cpu_down(1), 0);
	CHECK_EQ(flags_of(worker), 0x80);

	CHECK_EQ(cpu_up(1), 0);
	CHECK_EQ(pool->flags, 0);
	CHECK_EQ(flags_of(worker), 0x100);	/* it executes: REBOUND until it is through */
	CHECK(cpumask_equal(&worker->task->cpus_allowed, cpumask_of(1)));
	CHECK_EQ(pool->nr_running, 0);
	check_pool(pool);
	release(&a);
	flush_work(W(&a));
	pass_ms(1);
	start_on(1, q, &b);			/* the next cycle clears it */
	check_pool(pool);
	CHECK_EQ(b.cpu, 1);
	CHECK_EQ(flags_of(runner(pool, W(&b))), 0);
	release(&b);
	flush_workqueue(q);
	check_pool(pool);
	destroy_workqueue(q);
	return 0;
}

WQTEST(cmwq, cf38_bound_again)
{
	RUN_OK(2, up);
}

/* A notifier that refuses before us: DOWN_FAILED finds the pool as it was. */
static int refuse(struct notifier_block *nb, unsigned long action, void *hcpu)
{
	return action == CPU_DOWN_PREPARE ? NOTIFY_BAD : NOTIFY_OK;
}

static int refused(void *arg)
{
	static struct notifier_block early = { .notifier_call = refuse, .priority = 1 };
	static struct notifier_block late = { .notifier_call = refuse, .priority = -10 };
	struct worker_pool *pool;

	stay_on(0);
	q = alloc_workqueue("q", 0, 0);
	pool = pool_on(q, 1);
	register_cpu_notifier(&early);
	CHECK(cpu_down(1));
	CHECK_EQ(pool->flags, 0);
	check_workers(pool, 0);
	unregister_cpu_notifier(&early);

	register_cpu_notifier(&late);		/* after us: we have unbound, and bind again */
	CHECK(cpu_down(1));
	CHECK_EQ(pool->flags, 0);
	CHECK_EQ(named_events(TRACE_EXECUTE_START, "wq_unbind_fn", NULL), 1);
	unregister_cpu_notifier(&late);
	item_init(&a);
	start_on(1, q, &a);
	flush_work(W(&a));
	CHECK_EQ(a.cpu, 1);
	check_pool(pool);
	destroy_workqueue(q);
	return 0;
}

WQTEST(cmwq, cf38_down_that_failed)
{
	RUN_OK(2, refused);
}

/* A CPU that never was up: no worker, items wait; its first worker is made when it comes. */
static int never_up(void *arg)
{
	struct worker_pool *pool;

	stay_on(0);
	q = alloc_workqueue("q", 0, 0);
	pool = pool_on(q, 1);
	CHECK_EQ(pool->flags, 4);
	CHECK_EQ(pool->nr_workers, 0);
	item_init(&a);
	queue_work_on(1, q, W(&a));
	pass_ms(5000);
	CHECK_EQ(a.runs, 0);			/* C-F40 */
	CHECK(!list_empty(&pool->worklist));

	/* Without a thread the CPU stays down. */
	mach_fault_set(MFAULT_KTHREAD, true);
	CHECK(cpu_up(1));
	CHECK(!cpu_online(1));
	mach_fault_set(MFAULT_KTHREAD, false);
	CHECK_EQ(pool->nr_workers, 0);
	CHECK_EQ(cpu_up(1), 0);
	pass_ms(1);
	CHECK_EQ(a.runs, 1);
	CHECK_EQ(a.cpu, 1);
	CHECK_EQ(pool->flags, 0);
	check_pool(pool);
	destroy_workqueue(q);
	return 0;
}

WQTEST(cmwq, cf40_a_cpu_that_was_never_up)
{
	RUN_OK(2, never_up, .online = 1);
}

/* Unbound pools get their CPUs back with the first of them to come. */
static int restored(void *arg)
{
	struct workqueue_attrs *attrs = alloc_workqueue_attrs(GFP_KERNEL);
	struct worker *worker;

	stay_on(0);
	q = alloc_workqueue("q", WQ_UNBOUND, 0);
	cpumask_copy(attrs->cpumask, cpumask_of(2));
	cpumask_set_cpu(3, attrs->cpumask);
	CHECK_EQ(apply_workqueue_attrs(q, attrs), 0);
	held_init(&a);
	queue_work(q, W(&a));
	wait_for_completion(&a.started);
	CHECK(a.cpu >= 2);
	worker = runner(q->dfl_pwq->pool, W(&a));
	CHECK(cpumask_equal(&worker->task->cpus_allowed, attrs->cpumask));
	CHECK_EQ(cpu_down(2), 0);
	CHECK_EQ(cpu_down(3), 0);
	release(&a);
	flush_work(W(&a));
	item_init(&b);
	queue_work(q, W(&b));
	flush_work(W(&b));
	CHECK(b.cpu < 2);			/* rather elsewhere than not at all */
	CHECK_EQ(cpu_up(3), 0);
	CHECK(cpumask_equal(&worker->task->cpus_allowed, attrs->cpumask));
	CHECK_EQ(cpu_up(2), 0);
	item_init(&c);
	queue_work(q, W(&c));
	flush_work(W(&c));
	CHECK(c.cpu >= 2);
	destroy_workqueue(q);
	free_workqueue_attrs(attrs);
	return 0;
}

WQTEST(cmwq, cf39_unbound_workers_get_their_cpus_back)
{
	RUN_OK(4, restored);
}

/* The last CPU of a node goes: the node uses the default pwq; with the first it has its own. */
static int tables(void *arg)
{
	struct pool_workqueue *own;

	stay_on(0);
	q = alloc_workqueue("q", WQ_UNBOUND, 0);
	own = q->numa_pwq_tbl[1];
	CHECK(own != q->dfl_pwq);
	CHECK_EQ(cpu_down(2), 0);
	CHECK(q->numa_pwq_tbl[1] == own);
	CHECK_EQ(cpu_down(3), 0);
	CHECK(q->numa_pwq_tbl[1] == q->dfl_pwq);
	CHECK_EQ(q->dfl_pwq->refcnt, 2);
	item_init(&a);
	queue_work_on(0, q, W(&a));
	flush_work(W(&a));
	pass_ms(1);
	CHECK_EQ(list_length(&q->pwqs), 2);	/* its own of node 1 is gone */
	CHECK_EQ(cpu_up(3), 0);
	CHECK(q->numa_pwq_tbl[1] != q->dfl_pwq);
	CHECK_EQ(q->numa_pwq_tbl[1]->pool->node, 1);
	CHECK_EQ(q->dfl_pwq->refcnt, 1);
	CHECK_EQ(cpu_up(2), 0);

	/* No thread for the node's pool: a warning, and the default goes on. */
	CHECK_EQ(cpu_down(2), 0);
	CHECK_EQ(cpu_down(3), 0);
	pass_ms(1);
	destroy_workqueue(q);
	return 0;
}

WQTEST(cmwq, cf39_tables_follow_the_cpus)
{
	RUN_OK(4, tables, .nodes = 2);
}

/* Down and up in the middle of everything: nothing is lost, nothing runs twice at once. */
#define NR	6

static struct item items[NR];
static atomic_t tour_done;

static int tour(void *arg)
{
	unsigned int rnd = (unsigned long)arg;

	for (int i = 0; i < 3; i++) {
		CHECK_EQ(cpu_down(1), 0);
		pass_ms(next_random(&rnd) % 2);
		CHECK_EQ(cpu_up(1), 0);
		pass_ms(next_random(&rnd) % 2);
	}
	atomic_inc(&tour_done);
	return 0;
}

static int any_order(void *arg)
{
	unsigned int rnd = (unsigned long)arg, queued[NR] = { 0 };

	stay_on(0);
	q = alloc_workqueue("q", rnd % 3 ? WQ_MEM_RECLAIM : WQ_CPU_INTENSIVE, 1 + rnd % 3);
	atomic_set(&tour_done, 0);
	for (int i = 0; i < NR; i++) {
		item_init(&items[i]);
		items[i].sleep = next_random(&rnd) % 2;
	}
	start_task(tour, arg, "tour");
	for (int i = 0; i < 4 * NR; i++) {
		unsigned int n = next_random(&rnd) % NR;

		queued[n] += queue_work_on(next_random(&rnd) % 2, q, W(&items[n]));
		switch (next_random(&rnd) % 8) {
		case 0:
			flush_workqueue(q);
			break;
		case 1:
			queued[n] -= cancel_work_sync(W(&items[n]));
			break;
		case 2:
			check_pool_stolen(pool_on(q, 0), true);
			break;
		case 3:
			pass_ms(1);
			break;
		}
	}
	flush_workqueue(q);
	for (int i = 0; i < NR; i++) {
		CHECK_EQ(items[i].runs, queued[i]);
		CHECK(items[i].most <= 1);
	}
	wait_for_all(&tour_done, 1);
	pass_ms(1);
	check_pool(pool_on(q, 1));
	destroy_workqueue(q);
	return 0;
}

WQTEST(cmwq, cf38_down_and_up_in_any_order)
{
	run_seeds(2, any_order, 1, 300);
}
