// SPDX-License-Identifier: GPL-2.0-only
/*
 * Making and unmaking workqueues and their threads.
 *
 * Owns struct workqueue_struct with its cpu_workqueue_structs, the list of
 * multi-threaded workqueues, and the maps that say on which CPUs threads are.
 *
 *	multi-threaded	one thread "name/N" for each populated CPU N, bound to it
 *	single-threaded	one thread "name", bound nowhere, which serves the slot of
 *			the first possible CPU, whoever queues
 *
 * A workqueue comes to life slot by slot: init_cpu_workqueue() makes an empty
 * slot, create_workqueue_thread() gives it a thread that does not run yet,
 * start_workqueue_thread() lets the thread go.  It dies slot by slot too: flush,
 * then stop the thread.  Nobody may queue on it meanwhile; that is the caller's
 * promise, and no lock here could replace it.
 *
 * Locking: workqueue_lock guards the list alone.  Both ends hold the CPU maps still with
 * cpu_maps_update_begin(), for a multi-threaded workqueue: so no CPU comes up that would
 * miss its thread, and none goes whose thread is being stopped here.
 *
 * Read next: queue.c, then worker.c.
 */
#include <linux/cpu.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/gfp.h>
#include <linux/kthread.h>
#include <linux/printk.h>
#include <linux/slab.h>

#include "workqueue_internal.h"

DEFINE_SPINLOCK(workqueue_lock);
LIST_HEAD(workqueues);

int singlethread_cpu;
const struct cpumask *cpu_singlethread_map;
cpumask_var_t cpu_populated_map;

int init_workqueue_maps(void)
{
	if (!alloc_cpumask_var(&cpu_populated_map, GFP_KERNEL))
		return -ENOMEM;

	cpumask_copy(cpu_populated_map, cpu_online_mask);
	singlethread_cpu = cpumask_first(cpu_possible_mask);
	cpu_singlethread_map = cpumask_of(singlethread_cpu);
	return 0;
}

void free_workqueue_maps(void)
{
	free_cpumask_var(cpu_populated_map);
}

static struct cpu_workqueue_struct *init_cpu_workqueue(struct workqueue_struct *wq, int cpu)
{
	struct cpu_workqueue_struct *cwq = per_cpu_ptr(wq->cpu_wq, cpu);

	spin_lock_init(&cwq->lock);
	check_init_cwq(cwq);
	init_waitqueue_head(&cwq->more_work);
	INIT_LIST_HEAD(&cwq->worklist);
	cwq->wq = wq;
	cwq->cpu = is_wq_single_threaded(wq) ? -1 : cpu;
	return cwq;
}

/* Give a slot its thread; it sleeps until start_workqueue_thread(). */
int create_workqueue_thread(struct cpu_workqueue_struct *cwq, int cpu)
{
	const struct sched_param param = { .sched_priority = MAX_RT_PRIO - 1 };
	struct workqueue_struct *wq = cwq->wq;
	struct task_struct *p;

	if (is_wq_single_threaded(wq))
		p = kthread_create(worker_thread, cwq, "%s", wq->name);
	else
		p = kthread_create(worker_thread, cwq, "%s/%d", wq->name, cpu);

	if (IS_ERR(p))
		return PTR_ERR(p);

	if (wq->rt)
		sched_setscheduler_nocheck(p, SCHED_FIFO, &param);
	__WRITE_ONCE(cwq->thread, p);
	trace_workqueue_creation(p, cpu);
	return 0;
}

/* @cpu < 0: leave the thread unbound.  Does nothing if there is no thread. */
void start_workqueue_thread(struct cpu_workqueue_struct *cwq, int cpu)
{
	if (!cwq->thread)
		return;
	if (cpu >= 0)
		kthread_bind(cwq->thread, cpu);
	wake_up_process(cwq->thread);
}

static int create_singlethread(struct workqueue_struct *wq)
{
	struct cpu_workqueue_struct *cwq = init_cpu_workqueue(wq, singlethread_cpu);
	int err = create_workqueue_thread(cwq, singlethread_cpu);

	start_workqueue_thread(cwq, -1);
	return err;
}

static void list_wq(struct workqueue_struct *wq)
{
	spin_lock(&workqueue_lock);
	list_add(&wq->list, &workqueues);
	spin_unlock(&workqueue_lock);
}

/* A single-threaded one is on no list; its link points to itself. */
static void unlist_wq(struct workqueue_struct *wq)
{
	spin_lock(&workqueue_lock);
	list_del(&wq->list);
	spin_unlock(&workqueue_lock);
}

/*
 * The workqueue goes on the list, and a CPU that comes up when we are done finds it there.
 * Slots are made ready for every possible CPU, also behind a failure, since
 * destroy_workqueue() looks at them.
 */
static int create_multithread(struct workqueue_struct *wq)
{
	int cpu, err = 0;

	cpu_maps_update_begin();
	list_wq(wq);
	for_each_possible_cpu(cpu) {
		struct cpu_workqueue_struct *cwq = init_cpu_workqueue(wq, cpu);

		if (!err && cpu_online(cpu)) {
			err = create_workqueue_thread(cwq, cpu);
			start_workqueue_thread(cwq, cpu);
		}
	}
	cpu_maps_update_done();
	return err;
}

/*
 * All create_*() calls of the release end here.  @name is kept as a pointer.  @key and
 * @lock_name make the class under which lockdep knows the workqueue.
 */
struct workqueue_struct *__create_workqueue_key(const char *name, int singlethread, int freezeable,
		int rt, struct lock_class_key *key, const char *lock_name)
{
	struct cpu_workqueue_struct *slots = alloc_percpu(struct cpu_workqueue_struct);
	struct workqueue_struct *wq = kzalloc(sizeof(*wq), GFP_KERNEL);
	int err;

	if (!wq || !slots) {
		kfree(wq);
		free_percpu(slots);
		return NULL;
	}
	wq->cpu_wq = slots;
	wq->base.engine = &legacy_engine;
	wq->name = name;
	wq->singlethread = singlethread;
	wq->freezeable = freezeable;
	wq->rt = rt;
	lockdep_init_map(&wq->lockdep_map, lock_name ?: name, key);
	INIT_LIST_HEAD(&wq->list);

	err = singlethread ? create_singlethread(wq) : create_multithread(wq);
	if (err) {
		destroy_workqueue(wq);
		return NULL;
	}
	return wq;
}

/*
 * Retire a slot's thread, if it has one.
 *
 * What the flush waits for may queue again on this CPU, and that is still run:
 * a thread that is running looks at the request to stop only when its list is
 * empty.  An item that arrives between the flush and the request, while the
 * thread sleeps, is left behind unrun; an item that requeues itself for ever
 * keeps the thread, and us, here for ever.  All three are the release's ways.
 */
void cleanup_workqueue_thread(struct cpu_workqueue_struct *cwq)
{
	struct task_struct *p = cwq->thread;

	if (!p)
		return;

	lock_map_acquire(&cwq->wq->lockdep_map);
	lock_map_release(&cwq->wq->lockdep_map);
	flush_cpu_workqueue(cwq);
	trace_workqueue_destruction(p);
	kthread_stop(p);
	__WRITE_ONCE(cwq->thread, NULL);
	check_left_behind(cwq);
}

void destroy_workqueue(struct workqueue_struct *wq)
{
	int cpu;

	cpu_maps_update_begin();
	unlist_wq(wq);
	for_each_cpu(cpu, wq_cpu_map(wq))
		cleanup_workqueue_thread(per_cpu_ptr(wq->cpu_wq, cpu));
	cpu_maps_update_done();

	bury_workqueue(wq);
	free_percpu(wq->cpu_wq);
	kfree(wq->own_name);
	kfree(wq);
}
