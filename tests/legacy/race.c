// SPDX-License-Identifier: GPL-2.0-only
/*
 * Everything at once, under many schedules: queueing, flushing and cancelling, first by
 * themselves, then while CPUs come and go, while all is frozen and thawed, and while
 * workqueues are made and destroyed next to it.
 *
 * What must come out is what the release promises: A2, every queueing that won is a run or
 * a cancel that won; A4, a run sees what was written before any attempt to queue; A5 and
 * A6, nothing is pending or linked in the end; H1 and H3, no thread is left; J1, nothing is
 * lost with a CPU; J2, nothing of a freezeable workqueue starts while all is frozen.  Not
 * asked is what it does not promise: one item may run on two CPUs at once, and nobody
 * queues on a workqueue that is being destroyed.
 */
#include <linux/cpu.h>
#include <linux/freezer.h>

#include "legacy_test.h"

#define CPUS	3
#define ITEMS	4
#define TASKS	3
#define OPS	8
#define ROUNDS	3

struct shared {
	struct delayed_work dw;
	atomic_t queued, cancelled, ran;	/* calls that returned true; runs */
	atomic_t wrote, seen;			/* before each attempt; by a run */
};

/* The machine's statics; each schedule begins with them zeroed. */
static struct shared items[ITEMS];
static struct workqueue_struct *wqs[3];
static atomic_t left, all_frozen, busy_frozen;
static struct completion done;

static void shared_fn(struct work_struct *work)
{
	struct shared *s = container_of(work, struct shared, dw.work);
	int wrote = atomic_read(&s->wrote), seen = atomic_read(&s->seen);

	/* J2: only the workqueue that can be frozen counts. */
	if (current == slot(wqs[2], 0)->thread && atomic_read(&all_frozen))
		atomic_inc(&busy_frozen);
	while (seen < wrote)
		seen = atomic_cmpxchg(&s->seen, seen, wrote) == seen ? wrote
								    : atomic_read(&s->seen);
	atomic_inc(&s->ran);
}

static void queue_there(struct shared *s, struct workqueue_struct *wq, unsigned int cpu)
{
	/* The caller has to keep the CPU, and to ask whether it is there. */
	get_online_cpus();
	if (cpu_online(cpu) && queue_work_on(cpu, wq, &s->dw.work))
		atomic_inc(&s->queued);
	put_online_cpus();
}

static void one_op(unsigned int *rnd)
{
	struct shared *s = &items[next_random(rnd) % ITEMS];
	struct workqueue_struct *wq = wqs[next_random(rnd) % 3];
	unsigned int op = next_random(rnd) % 10;

	if (op < 6)
		atomic_inc(&s->wrote);
	switch (op) {
	case 0 ... 2:
		if (queue_work(wq, &s->dw.work))
			atomic_inc(&s->queued);
		break;
	case 3:
		queue_there(s, wq, next_random(rnd) % CPUS);
		break;
	case 4 ... 5:
		if (queue_delayed_work(wq, &s->dw, next_random(rnd) % 3))
			atomic_inc(&s->queued);
		break;
	case 6:
		if (cancel_delayed_work_sync(&s->dw))
			atomic_inc(&s->cancelled);
		break;
	case 7:
		if (cancel_delayed_work(&s->dw))
			atomic_inc(&s->cancelled);
		break;
	case 8:
		flush_work(&s->dw.work);
		break;
	case 9:
		flush_workqueue(wq);
		break;
	}
}

static int ends(void)
{
	if (atomic_dec_and_test(&left))
		complete(&done);
	return 0;
}

static int crowd_fn(void *arg)
{
	unsigned int rnd = (unsigned long)arg;

	for (int i = 0; i < OPS; i++)
		one_op(&rnd);
	return ends();
}

/* CPUs 1 and 2 come and go; now and then a thread cannot be made, and the CPU stays down. */
static int hotplug_fn(void *arg)
{
	unsigned int rnd = (unsigned long)arg;

	for (int i = 0; i < ROUNDS; i++) {
		unsigned int cpu = 1 + next_random(&rnd) % 2;

		CHECK_EQ(cpu_down(cpu), 0);
		if (next_random(&rnd) % 3 == 0) {
			mach_fault_after(MFAULT_KTHREAD, next_random(&rnd) % 3);
			if (!cpu_up(cpu))
				CHECK(cpu_online(cpu));
			mach_fault_set(MFAULT_KTHREAD, false);
		}
		if (!cpu_online(cpu))
			CHECK_EQ(cpu_up(cpu), 0);
	}
	return ends();
}

static int freezer_fn(void *arg)
{
	for (int i = 0; i < ROUNDS; i++) {
		CHECK_EQ(freeze_processes(), 0);
		/* Before its thread has said that it takes part, it does not. */
		if (frozen(slot(wqs[2], 0)->thread))
			atomic_set(&all_frozen, 1);
		udelay(300);
		atomic_set(&all_frozen, 0);
		thaw_processes();
	}
	return ends();
}

/* Workqueues made and destroyed next to it; what was queued before is run. */
static int maker_fn(void *arg)
{
	struct counted c;

	for (int i = 0; i < ROUNDS; i++) {
		struct workqueue_struct *wq = i % 2 ? create_rt_workqueue("made") : create_workqueue("made");

		if (!wq)	/* the fault meant for a CPU struck here */
			continue;
		counted_init(&c);
		CHECK(queue_work(wq, &c.work));
		destroy_workqueue(wq);
		CHECK_EQ(c.runs, 1);
	}
	return ends();
}

static void settle(struct shared *s)
{
	atomic_inc(&s->wrote);
	if (queue_work(wqs[0], &s->dw.work))
		atomic_inc(&s->queued);
}

static void balance(struct shared *s)
{
	CHECK(!delayed_work_pending(&s->dw));
	CHECK(list_empty(&s->dw.work.entry));
	CHECK_EQ(atomic_read(&s->queued), atomic_read(&s->ran) + atomic_read(&s->cancelled));
	CHECK_EQ(atomic_read(&s->seen), atomic_read(&s->wrote));
}

static int crowd(unsigned long seed, bool disturbed)
{
	size_t threads = machine_threads(NULL, 0);
	struct task_struct *task[TASKS + 3];
	int nr = 0;

	wqs[0] = create_workqueue("m");
	wqs[1] = create_singlethread_workqueue("s");
	wqs[2] = create_freezeable_workqueue("f");
	for (int i = 0; i < ITEMS; i++)
		INIT_DELAYED_WORK(&items[i].dw, shared_fn);
	init_completion(&done);
	atomic_set(&left, TASKS + (disturbed ? 3 : 0));
	while (nr < TASKS) {
		task[nr] = start_joinable(crowd_fn, (void *)(seed * TASKS + nr), "crowd");
		nr++;
	}
	if (disturbed) {
		task[nr++] = start_joinable(freezer_fn, NULL, "freezer");
		task[nr++] = start_joinable(maker_fn, NULL, "maker");
		/* The last to be made: its fault shall strike none of these. */
		task[nr++] = start_joinable(hotplug_fn, (void *)seed, "hotplug");
	}
	wait_for_completion(&done);
	while (nr)
		join_task(task[--nr]);

	for (int i = 0; i < ITEMS; i++)
		settle(&items[i]);
	/* The last timers fire: what is on one, a flush does not see. */
	for (int i = 0; i < ITEMS; i++)
		wait_until(!delayed_work_pending(&items[i].dw));
	for (int i = 0; i < 3; i++)
		destroy_workqueue(wqs[i]);
	for (int i = 0; i < ITEMS; i++)
		balance(&items[i]);
	CHECK_EQ(atomic_read(&busy_frozen), 0);
	while (machine_threads(NULL, 0) > threads)
		pass_ms(1);
	return 0;
}

static int by_themselves(void *arg)
{
	return crowd((unsigned long)arg, false);
}

static int all_at_once(void *arg)
{
	return crowd((unsigned long)arg, true);
}

static void explore(int (*fn)(void *), unsigned long first, unsigned long last)
{
	struct machine_config cfg = wqtest_config(CPUS);

	cfg.engines = "legacy";
	cfg.no_trace = true;
	run_seeds_cfg(&cfg, fn, first, last);
}

WQTEST_MACHINES(legacy, race_queue_flush_cancel, .any_order = true)
{
	explore(by_themselves, 1, 200);
}

WQTEST_MACHINES(legacy, race_everything_at_once, .any_order = true, .timeout = 300)
{
	explore(all_at_once, 1, 2000);
}

WQTEST(legacy, race_a_hundred_thousand_schedules, .soak = true, .timeout = 3000)
{
	explore(all_at_once, 2001, 102000);
}
