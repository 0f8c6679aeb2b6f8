// SPDX-License-Identifier: GPL-2.0-only
/*
 * Throughput: from queueing to done, many empty items; an item that requeues
 * itself; a backlog of items on the simulated machine.
 *
 * The items are distinct and made before the clock starts, so what is measured
 * is queueing, waking, taking off the list and calling.  The clock stops behind
 * flush_workqueue(), which costs one barrier a CPU and not one item: so no
 * counter that all items would have to share disturbs what is measured.  Each
 * item counts its own runs, and all are checked when the clock has stopped.
 *
 * Owns struct item and struct producer.  Locking: none; an item is its
 * queue's, a producer's fields are its thread's until its completion.
 *
 * Read next: start.c.
 */
#include <linux/completion.h>
#include <linux/cpumask.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/kthread.h>
#include <linux/slab.h>
#include <linux/workqueue.h>
#include <wqlab/arena.h>

#include "bench.h"

struct item {
	struct work_struct work;
	unsigned int ran;		/* how often */
};

struct producer {
	struct bench_args *args;
	struct workqueue_struct *wq;
	struct item *items;		/* its share */
	unsigned int nr;
	struct completion *go;
	struct completion done;
};

static void item_func(struct work_struct *work)
{
	container_of(work, struct item, work)->ran++;
}

static struct item *items_make(unsigned int nr)
{
	struct item *items = kcalloc(nr, sizeof(*items), GFP_KERNEL);
	unsigned int i;

	for (i = 0; items && i < nr; i++)
		INIT_WORK(&items[i].work, item_func);
	return items;
}

static unsigned int items_ran_once(const struct item *items, unsigned int nr)
{
	unsigned int i, n = 0;

	for (i = 0; i < nr; i++)
		n += items[i].ran == 1;
	return n;
}

static int producer_thread(void *data)
{
	struct producer *p = data;
	int cpu = p->args->cpu;
	unsigned int i;

	wait_for_completion(p->go);
	if (cpu == BENCH_OWN_CPU)
		for (i = 0; i < p->nr; i++)
			queue_work(p->wq, &p->items[i].work);
	else
		for (i = 0; i < p->nr; i++)
			queue_work_on(cpu, p->wq, &p->items[i].work);
	complete(&p->done);
	return 0;
}

/* Let the producers go, and stop the clock when what they queued has run. */
static void produce(struct bench_args *a, struct producer *p, struct completion *go)
{
	struct arena_stats before, after;
	unsigned int i;
	uint64_t start;

	arena_stats(&before);
	start = bench_now();
	complete_all(go);
	for (i = 0; i < a->producers; i++)
		wait_for_completion(&p[i].done);
	flush_workqueue(p->wq);
	a->ns = bench_now() - start;
	arena_stats(&after);
	a->allocated = after.allocated - before.allocated;
}

/* One item on each CPU, so that the workers are there when the clock starts. */
static void warm_up(struct workqueue_struct *wq, struct item *items)
{
	unsigned int cpu;

	for_each_online_cpu(cpu)
		queue_work_on(cpu, wq, &items[cpu].work);
	flush_workqueue(wq);
	for_each_online_cpu(cpu)
		items[cpu].ran = 0;
}

/**
 * Some producers, each bound to its CPU, queue their share of the items.
 * @param arg items, producers, cpu; finds ns, ran, allocated and item_bytes
 */
int bench_queue(void *arg)
{
	struct bench_args *a = arg;
	struct workqueue_struct *wq = alloc_workqueue("bench", 0, 0);
	struct item *items = items_make(a->items);
	struct producer *p = kcalloc(a->producers, sizeof(*p), GFP_KERNEL);
	unsigned int share = a->items / a->producers, i;
	DECLARE_COMPLETION_ONSTACK(go);

	if (!wq || !items || !p)
		return -ENOMEM;
	for (i = 0; i < a->producers; i++) {
		struct task_struct *k;

		p[i] = (struct producer){
			.args = a, .wq = wq, .items = items + i * share, .nr = share, .go = &go,
		};
		init_completion(&p[i].done);
		k = kthread_create(producer_thread, &p[i], "producer/%u", i);
		if (IS_ERR(k))
			return PTR_ERR(k);
		kthread_bind(k, i);
		wake_up_process(k);
	}
	warm_up(wq, items);
	produce(a, p, &go);
	a->ran = items_ran_once(items, a->producers * share);
	a->item_bytes = sizeof(struct work_struct);
	destroy_workqueue(wq);
	kfree(p);
	kfree(items);
	return 0;
}

struct again {
	struct work_struct work;
	struct workqueue_struct *wq;
	unsigned int left, ran;
	struct completion done;
};

static void again_func(struct work_struct *work)
{
	struct again *it = container_of(work, struct again, work);

	it->ran++;
	if (--it->left)
		queue_work(it->wq, work);
	else
		complete(&it->done);
}

/**
 * One item that queues itself again until it has run often enough.
 * @param arg items: how often; finds ns and ran
 */
int bench_requeue(void *arg)
{
	struct bench_args *a = arg;
	struct again *it = kzalloc(sizeof(*it), GFP_KERNEL);
	uint64_t start;

	if (!it)
		return -ENOMEM;
	it->wq = alloc_workqueue("bench", 0, 0);
	if (!it->wq)
		return -ENOMEM;
	it->left = a->items;
	init_completion(&it->done);
	INIT_WORK(&it->work, again_func);
	start = bench_now();
	queue_work(it->wq, &it->work);
	wait_for_completion(&it->done);
	a->ns = bench_now() - start;
	flush_workqueue(it->wq);
	a->ran = it->ran;
	destroy_workqueue(it->wq);
	kfree(it);
	return 0;
}

/**
 * Lots of items, queued by the first task on its CPU and then flushed, so that
 * a whole lot is in the queue before the first one runs.
 * @param arg items: in all, pending: in a lot; finds ns and ran
 */
int bench_backlog(void *arg)
{
	struct bench_args *a = arg;
	struct workqueue_struct *wq = alloc_workqueue("bench", 0, 0);
	struct item *items = items_make(a->pending);
	unsigned int lot, i;
	uint64_t start;

	if (!wq || !items)
		return -ENOMEM;
	start = bench_now();
	for (lot = 0; lot < a->items / a->pending; lot++) {
		for (i = 0; i < a->pending; i++)
			queue_work(wq, &items[i].work);
		flush_workqueue(wq);
	}
	a->ns = bench_now() - start;
	for (i = 0; i < a->pending; i++)
		a->ran += items[i].ran;
	destroy_workqueue(wq);
	kfree(items);
	return 0;
}
