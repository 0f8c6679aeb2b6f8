// SPDX-License-Identifier: GPL-2.0-only
/*
 * What changes the ground under a workqueue, all of it at once, under many schedules: CPUs
 * go and come, everything freezes and thaws, attributes and max_active change, threads
 * cannot be made, workqueues are drained and destroyed; and meanwhile items are queued,
 * flushed and cancelled.  What must hold all the same (names as in invariants):
 *
 *	A2	each item runs as often as somebody got true for it, less what was cancelled
 *	B3	nobody runs it twice at once, as long as it stays on one workqueue
 *	C1..C5	the pools' counts are right whenever their locks are free
 *	D	the pwqs' counts are, too
 *	E2	who flushes finds done what he had queued before
 *	E6, H2	who drains or destroys finds nothing left
 *	J1, J2	no item is lost with its CPU; none starts while all is frozen
 */
#include <linux/cpu.h>
#include <linux/sched.h>
#include <wqlab/mach.h>

#include "cmwq_test.h"

#define CPUS	3
#define OPS	10
#define ITEMS	5

/* Item i belongs to workqueue i, so that it is not reentrant; the last one is freezable. */
static struct explored {
	struct delayed_work dw;
	atomic_t queued, taken, ran, inside;
	unsigned int nap;
} items[ITEMS];
static struct workqueue_struct *wqs[ITEMS];
static atomic_t left;
static bool icy;			/* frozen to the bottom: nothing of wqs[4] may start */

static void explored_fn(struct work_struct *work)
{
	struct explored *s = container_of(work, struct explored, dw.work);

	CHECK_EQ(atomic_inc_return(&s->inside), 1);
	CHECK(s != &items[ITEMS - 1] || !icy);
	atomic_inc(&s->ran);
	if (s->nap)
		pass_ms(s->nap);
	atomic_dec(&s->inside);
}

/* Items in a list that bear a colour: all but barriers. */
static int coloured(struct list_head *list)
{
	struct work_struct *work;
	int nr = 0;

	list_for_each_entry(work, list, entry)
		nr += word_color(work) != 15;
	return nr;
}

/* A pwq's counts, whenever its pool's lock is free. */
static void check_pwqs(struct workqueue_struct *wq)
{
	struct pool_workqueue *pwq;

	mutex_lock(&wq->mutex);
	list_for_each_entry(pwq, &wq->pwqs, pwqs_node) {
		int color, in_flight = 0;

		spin_lock_irq(&pwq->pool->lock);
		for (color = 0; color < 15; color++) {
			CHECK(pwq->nr_in_flight[color] >= 0);
			in_flight += pwq->nr_in_flight[color];
		}
		CHECK(pwq->nr_active >= 0 && pwq->nr_active <= in_flight);
		CHECK_EQ(in_flight - pwq->nr_active, coloured(&pwq->delayed_works));
		/* An item's own, a barrier's, a mayday's; and one while it has a place. */
		CHECK(pwq->refcnt >= in_flight);
		CHECK_EQ(pwq->work_color, wq->work_color);
		spin_unlock_irq(&pwq->pool->lock);
	}
	mutex_unlock(&wq->mutex);
}

/* ---- those who use workqueues ---- */

static void use(unsigned int *rnd)
{
	unsigned int i = next_random(rnd) % ITEMS, cpu = next_random(rnd) % CPUS;
	struct explored *s = &items[i];
	unsigned long delay = next_random(rnd) % 3;
	int before;

	switch (next_random(rnd) % 12) {
	case 0 ... 2:
		atomic_add(queue_work_on(cpu, wqs[i], &s->dw.work), &s->queued);
		break;
	case 3:
		atomic_add(queue_delayed_work_on(cpu, wqs[i], &s->dw, delay), &s->queued);
		break;
	case 4:
		atomic_add(!mod_delayed_work_on(cpu, wqs[i], &s->dw, delay), &s->queued);
		break;
	case 5:
		atomic_add(cancel_delayed_work(&s->dw), &s->taken);
		break;
	case 6:
		atomic_add(cancel_delayed_work_sync(&s->dw), &s->taken);
		break;
	case 7:
		flush_work(&s->dw.work);
		break;
	case 8:
		before = atomic_read(&s->queued);
		flush_workqueue(wqs[i]);
		/* One may have sat on its timer, and one been taken by who has not counted it yet. */
		CHECK(atomic_read(&s->ran) + atomic_read(&s->taken) >= before - 2);
		break;
	case 9:
		check_pwqs(wqs[i]);
		break;
	case 10:
		check_pool_stolen(pool_on(wqs[0], cpu), true);
		break;
	case 11:
		pass_ms(1);
		break;
	}
}

static int user_fn(void *arg)
{
	unsigned int rnd = (unsigned long)arg;

	for (int i = 0; i < OPS; i++)
		use(&rnd);
	atomic_inc_return(&left);
	return 0;
}

/* ---- those who change the ground ---- */

static void shake_cpu(unsigned int *rnd)
{
	unsigned int cpu = 1 + next_random(rnd) % (CPUS - 1);
	int err;

	/* The last worker may have to be made, which may fail. */
	err = cpu_online(cpu) ? cpu_down(cpu) : cpu_up(cpu);
	CHECK(!err || mach_fault(MFAULT_KTHREAD));
}

static void shake_ice(unsigned int *rnd)
{
	freeze_workqueues_begin();
	for (int i = 0; i < 20 && freeze_workqueues_busy(); i++)
		pass_ms(1);
	icy = !freeze_workqueues_busy();
	pass_ms(next_random(rnd) % 2);
	icy = false;
	thaw_workqueues();
}

static void shake_attrs(unsigned int *rnd)
{
	struct workqueue_attrs *attrs = alloc_workqueue_attrs(GFP_KERNEL);
	int err;

	cpumask_clear(attrs->cpumask);
	cpumask_set_cpu(next_random(rnd) % CPUS, attrs->cpumask);
	cpumask_set_cpu(next_random(rnd) % CPUS, attrs->cpumask);
	attrs->nice = next_random(rnd) % 2;
	attrs->no_numa = next_random(rnd) % 2;
	err = apply_workqueue_attrs(wqs[3], attrs);
	CHECK(!err || err == -ENOMEM);
	free_workqueue_attrs(attrs);
}

/* One that queues itself some times, then is drained or destroyed with its workqueue. */
struct chain {
	struct work_struct work;
	struct workqueue_struct *wq;
	int more;
};

static void chain_fn(struct work_struct *work)
{
	struct chain *chain = container_of(work, struct chain, work);

	if (chain->more-- > 0)
		CHECK(queue_work(chain->wq, work));
}

static void shake_life(unsigned int *rnd)
{
	static const unsigned int flags[] = { 0, WQ_UNBOUND, WQ_MEM_RECLAIM, WQ_FREEZABLE };
	struct chain chain = { .more = 3 };
	struct workqueue_struct *wq;

	wq = alloc_workqueue("short", flags[next_random(rnd) % 4], 1);
	if (!wq)
		return;				/* no thread for a rescuer or a pool */
	INIT_WORK_ONSTACK(&chain.work, chain_fn);
	chain.wq = wq;
	queue_work_on(next_random(rnd) % CPUS, wq, &chain.work);
	if (next_random(rnd) % 2) {
		drain_workqueue(wq);
		CHECK_EQ(chain.more, -1);
	}
	destroy_workqueue(wq);
	CHECK_EQ(chain.more, -1);
	destroy_work_on_stack(&chain.work);
}

static void shake(unsigned int *rnd)
{
	switch (next_random(rnd) % 7) {
	case 0 ... 1:
		shake_cpu(rnd);
		break;
	case 2:
		shake_ice(rnd);
		break;
	case 3:
		shake_attrs(rnd);
		break;
	case 4:
		workqueue_set_max_active(wqs[next_random(rnd) % ITEMS], 1 + next_random(rnd) % 3);
		break;
	case 5:
		shake_life(rnd);
		break;
	case 6:
		mach_fault_set(MFAULT_KTHREAD, next_random(rnd) % 2);
		break;
	}
}

static int shaker_fn(void *arg)
{
	unsigned int rnd = (unsigned long)arg;

	for (int i = 0; i < OPS / 2; i++)
		shake(&rnd);
	mach_fault_set(MFAULT_KTHREAD, false);
	for (int cpu = 1; cpu < CPUS; cpu++)
		if (!cpu_online(cpu))
			CHECK_EQ(cpu_up(cpu), 0);
	atomic_inc_return(&left);
	return 0;
}

/* ---- one schedule ---- */

static void finish(void)
{
	struct explored *s;

	pass_ms(5);				/* the last timers fire */
	for (s = items; s < items + ITEMS; s++) {
		flush_workqueue(wqs[s - items]);
		CHECK_EQ(word(&s->dw.work) & 0x1f, 0);
		CHECK_EQ(atomic_read(&s->inside), 0);
		CHECK_EQ(atomic_read(&s->queued), atomic_read(&s->taken) + atomic_read(&s->ran));
		check_pwqs(wqs[s - items]);
	}
	pass_ms(2);				/* workers that ran the last items idle again */
	for (int cpu = 0; cpu < CPUS; cpu++) {
		struct worker_pool *pool = pool_on(wqs[0], cpu);

		check_pool_stolen(pool, true);
		CHECK_EQ(pool->flags, 0);
		CHECK_EQ(pool->nr_running, 0);
	}
	for (s = items; s < items + ITEMS; s++)
		destroy_workqueue(wqs[s - items]);
}

static int explore(void *arg)
{
	unsigned int rnd = (unsigned long)arg;
	unsigned long seed = (unsigned long)arg;

	wqs[0] = alloc_workqueue("normal", 0, 2);
	wqs[1] = alloc_workqueue("intensive", WQ_CPU_INTENSIVE, 0);
	wqs[2] = alloc_workqueue("high", WQ_HIGHPRI | WQ_MEM_RECLAIM, 1);
	wqs[3] = alloc_workqueue("unbound", WQ_UNBOUND, 1);
	wqs[4] = alloc_workqueue("freezable", WQ_FREEZABLE | (rnd % 2 ? WQ_UNBOUND : 0), 1);
	icy = false;
	for (int i = 0; i < ITEMS; i++) {
		INIT_DELAYED_WORK(&items[i].dw, explored_fn);
		items[i].nap = next_random(&rnd) % 3;
	}
	atomic_set(&left, 0);
	start_task(user_fn, (void *)(seed * 4), "user/0");
	start_task(user_fn, (void *)(seed * 4 + 1), "user/1");
	start_task(shaker_fn, (void *)(seed * 4 + 2), "shaker");
	/* Who waits for a worker may be the one who would let it be made: help comes in time. */
	while (atomic_add_return(0, &left) < 3) {
		pass_ms(50);
		mach_fault_set(MFAULT_KTHREAD, false);
	}
	finish();
	return 0;
}

static void run_explore(unsigned long last)
{
	struct machine_config cfg = {
		.kind = "sim", .engines = "cmwq", .cpus = CPUS, .nodes = 2, .quiet = true,
	};

	run_seeds_cfg(&cfg, explore, 1, last);
}

WQTEST(cmwq, explore)
{
	run_explore(3000);
}

WQTEST(cmwq, explore_long, .soak = true, .timeout = 3600)
{
	run_explore(200000);
}
