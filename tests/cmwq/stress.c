// SPDX-License-Identifier: GPL-2.0-only
/*
 * Everything at once under many schedules: several tasks do to a few items on four
 * workqueues whatever the interface has, workers run short now and then, and what
 * must hold is looked at all the time.
 *
 *	each item runs as often as somebody got true for it, less what was cancelled
 *	nobody runs it twice at once, as long as it stays on one workqueue
 *	who flushes or cancels finds it done
 *	the pools' counts are right whenever their locks are free
 */
#include <wqlab/mach.h>

#include "cmwq_test.h"

#define CPUS	3
#define TASKS	3
#define OPS	14
#define ITEMS	4

/* Item i belongs to workqueue i, so that it is not reentrant. */
static struct stressed {
	struct delayed_work dw;
	atomic_t queued, taken, ran, inside;
	unsigned int nap;
} items[ITEMS];
static struct workqueue_struct *wqs[ITEMS];
static struct worker_pool *unbound_pool;
static struct completion all_done;
static atomic_t left;

static void stressed_fn(struct work_struct *work)
{
	struct stressed *s = container_of(work, struct stressed, dw.work);

	CHECK_EQ(atomic_inc_return(&s->inside), 1);
	atomic_inc(&s->ran);
	if (s->nap)
		pass_ms(s->nap);
	atomic_dec(&s->inside);
}

static void check_pools(unsigned int cpu)
{
	check_pool_stolen(pool_on(wqs[0], cpu), true);
	check_pool_stolen(pool_on(wqs[2], cpu), true);
	check_pool_stolen(unbound_pool, true);
}

static void one_op(unsigned int *rnd)
{
	unsigned int i = next_random(rnd) % ITEMS, cpu = next_random(rnd) % CPUS;
	unsigned int op = next_random(rnd) % 16;
	struct stressed *s = &items[i];
	unsigned long delay = next_random(rnd) % 3;

	switch (op) {
	case 0 ... 2:
		atomic_add(queue_work_on(cpu, wqs[i], &s->dw.work), &s->queued);
		break;
	case 3:
		atomic_add(queue_work(wqs[i], &s->dw.work), &s->queued);
		break;
	case 4 ... 5:
		atomic_add(queue_delayed_work_on(cpu, wqs[i], &s->dw, delay), &s->queued);
		break;
	case 6 ... 7:
		atomic_add(!mod_delayed_work_on(cpu, wqs[i], &s->dw, delay), &s->queued);
		break;
	case 8:
		atomic_add(cancel_delayed_work(&s->dw), &s->taken);
		break;
	case 9:
		atomic_add(cancel_delayed_work_sync(&s->dw), &s->taken);
		break;
	case 10:
		flush_work(&s->dw.work);
		break;
	case 11:
		flush_delayed_work(&s->dw);
		break;
	case 12:
		flush_workqueue(wqs[i]);
		break;
	case 13:
		workqueue_set_max_active(wqs[i], 1 + delay);
		break;
	case 14:
		mach_fault_set(MFAULT_KTHREAD, delay);
		break;
	case 15:
		check_pools(cpu);
		break;
	}
}

static int stress_fn(void *arg)
{
	unsigned int rnd = (unsigned long)arg;

	for (int i = 0; i < OPS; i++)
		one_op(&rnd);
	if (atomic_dec_and_test(&left))
		complete(&all_done);
	return 0;
}

static int stress(void *arg)
{
	unsigned int rnd = (unsigned long)arg;
	struct task_struct *task[TASKS];
	struct stressed *s;
	unsigned int i;

	wqs[0] = alloc_workqueue("normal", 0, 1);
	wqs[1] = alloc_workqueue("intensive", WQ_CPU_INTENSIVE, 0);
	wqs[2] = alloc_workqueue("high", WQ_HIGHPRI | WQ_MEM_RECLAIM, 1);
	wqs[3] = alloc_workqueue("unbound", WQ_UNBOUND | WQ_MEM_RECLAIM, 1);
	unbound_pool = wqs[3]->dfl_pwq->pool;
	for (s = items; s < items + ITEMS; s++) {
		INIT_DELAYED_WORK(&s->dw, stressed_fn);
		s->nap = next_random(&rnd) % 3;
	}
	init_completion(&all_done);
	atomic_set(&left, TASKS);
	for (i = 0; i < TASKS; i++)
		task[i] = kthread_create(stress_fn, (void *)((unsigned long)arg * TASKS + i), "stress/%u", i);
	for (i = 0; i < TASKS; i++)		/* from now on making threads may fail */
		wake_up_process(task[i]);
	/* Help comes in time. */
	while (!wait_for_completion_timeout(&all_done, 50))
		mach_fault_set(MFAULT_KTHREAD, false);

	mach_fault_set(MFAULT_KTHREAD, false);
	pass_ms(5);				/* the last timers fire */
	for (i = 0; i < ITEMS; i++) {
		flush_workqueue(wqs[i]);
		CHECK_EQ(word(&items[i].dw.work) & 0x1f, 0);
		CHECK_EQ(atomic_read(&items[i].inside), 0);
		CHECK_EQ(atomic_read(&items[i].queued),
			 atomic_read(&items[i].taken) + atomic_read(&items[i].ran));
	}
	for (i = 0; i < CPUS; i++)
		check_pools(i);
	for (i = 0; i < ITEMS; i++)
		destroy_workqueue(wqs[i]);
	return 0;
}

WQTEST(cmwq, stress)
{
	run_seeds(CPUS, stress, 1, 400);
}

WQTEST(cmwq, stress_long, .soak = true, .timeout = 3600)
{
	run_seeds(CPUS, stress, 1, 100000);
}
