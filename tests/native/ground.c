// SPDX-License-Identifier: GPL-2.0-only
/*
 * What tests/cmwq/explore.c does on the simulated machine, in small, on real cores too: the
 * ground under workqueues changes while two tasks use them.  What is queued runs or is
 * cancelled, and nobody runs it twice at once.
 */
#include <linux/cpu.h>
#include <linux/kthread.h>
#include <linux/workqueue.h>

#include "wqtask.h"
#include "wqtest.h"

#define CPUS	4
#define ITEMS	4
#define ROUNDS	15
#define OPS	400

static struct shaken {
	struct work_struct work;
	atomic_t queued, taken, ran, inside, most;
} items[ITEMS];
static struct workqueue_struct *wqs[ITEMS];
static atomic_t left;

static void shaken_fn(struct work_struct *work)
{
	struct shaken *s = container_of(work, struct shaken, work);

	if (atomic_inc_return(&s->inside) > 1)
		atomic_inc(&s->most);
	atomic_inc(&s->ran);
	if (atomic_read(&s->ran) % 8 == 0)
		pass_ms(1);
	atomic_dec(&s->inside);
}

static int user_fn(void *arg)
{
	unsigned int rnd = (unsigned long)arg;

	for (int i = 0; i < OPS; i++) {
		unsigned int n = next_random(&rnd) % ITEMS;
		struct shaken *s = &items[n];

		if (next_random(&rnd) % 8) {
			if (queue_work_on(next_random(&rnd) % CPUS, wqs[n], &s->work))
				atomic_inc(&s->queued);
		} else if (next_random(&rnd) % 2) {
			if (cancel_work_sync(&s->work))
				atomic_inc(&s->taken);
		} else {
			flush_workqueue(wqs[n]);
		}
	}
	atomic_inc(&left);
	return 0;
}

static void shake(unsigned int *rnd)
{
	struct workqueue_attrs *attrs;
	unsigned int cpu = 1 + next_random(rnd) % (CPUS - 1);

	switch (next_random(rnd) % 4) {
	case 0:
		CHECK_EQ(cpu_down(cpu), 0);
		CHECK_EQ(cpu_up(cpu), 0);
		break;
	case 1:
		freeze_workqueues_begin();
		freeze_workqueues_busy();
		thaw_workqueues();
		break;
	case 2:
		attrs = alloc_workqueue_attrs(GFP_KERNEL);
		cpumask_clear(attrs->cpumask);
		cpumask_set_cpu(cpu, attrs->cpumask);
		cpumask_set_cpu(0, attrs->cpumask);
		CHECK_EQ(apply_workqueue_attrs(wqs[1], attrs), 0);
		free_workqueue_attrs(attrs);
		break;
	case 3:
		workqueue_set_max_active(wqs[next_random(rnd) % ITEMS], 1 + cpu);
		break;
	}
}

static int first(void *arg)
{
	unsigned int rnd = 5;

	wqs[0] = alloc_workqueue("bound", 0, 0);
	wqs[1] = alloc_workqueue("unbound", WQ_UNBOUND, 2);
	wqs[2] = alloc_workqueue("freezable", WQ_FREEZABLE | WQ_MEM_RECLAIM, 1);
	wqs[3] = alloc_workqueue("high", WQ_HIGHPRI, 1);
	for (int i = 0; i < ITEMS; i++)
		INIT_WORK(&items[i].work, shaken_fn);
	start_task(user_fn, (void *)1ul, "user/0");
	start_task(user_fn, (void *)2ul, "user/1");
	for (int i = 0; i < ROUNDS; i++)
		shake(&rnd);
	wait_for_all(&left, 2);
	for (int i = 0; i < ITEMS; i++) {
		struct shaken *s = &items[i];

		flush_workqueue(wqs[i]);
		CHECK_EQ(atomic_read(&s->queued), atomic_read(&s->ran) + atomic_read(&s->taken));
		CHECK_EQ(atomic_read(&s->most), 0);
		destroy_workqueue(wqs[i]);
	}
	return 0;
}

WQTEST_MACHINES(ground, shakes_under_cmwq)
{
	struct machine_config cfg = wqtest_config(CPUS);

	cfg.engines = "cmwq";
	cfg.nodes = 2;
	RUN_CFG(&cfg, first, NULL);
}
