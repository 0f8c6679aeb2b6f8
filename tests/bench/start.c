// SPDX-License-Identifier: GPL-2.0-only
/*
 * Latency: from queueing to the first instruction of the item.
 *
 *	start	the CPU that is to run the item has had nothing to do for a while,
 *		its worker sleeps
 *	third	two workers are in two items that block; a third item is queued
 *
 * Owns struct probe: an item that notes when it starts, and holding items that
 * block until they are let go.  Locking: a probe's time is written by the item
 * and read behind its completion.
 *
 * Read next: timers.c.
 */
#include <linux/atomic.h>
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/kthread.h>
#include <linux/workqueue.h>

#include "bench.h"

#define SETTLE_US	60	/* long enough for a task that is about to block to have blocked */
#define HOLDERS		2	/* items that block before the third is queued */

struct probe {
	struct work_struct work;
	uint64_t started;
	struct completion done;
};

struct holder {
	struct work_struct work;
	struct latency *lat;
};

/* One measurement: who does it, and its items. */
struct latency {
	struct bench_args *args;
	struct workqueue_struct *wq;
	struct probe probe;
	struct holder holder[HOLDERS];
	atomic_t holding;		/* holders that are about to block, or have */
	struct completion release;
	struct completion done;
};

static void probe_func(struct work_struct *work)
{
	struct probe *p = container_of(work, struct probe, work);

	p->started = bench_now();
	complete(&p->done);
}

static void holder_func(struct work_struct *work)
{
	struct latency *lat = container_of(work, struct holder, work)->lat;

	atomic_inc(&lat->holding);
	wait_for_completion(&lat->release);
}

static void measure(struct latency *lat, int cpu, uint64_t *sample)
{
	uint64_t queued = bench_now();

	if (cpu == BENCH_OWN_CPU)
		queue_work(lat->wq, &lat->probe.work);
	else
		queue_work_on(cpu, lat->wq, &lat->probe.work);
	wait_for_completion(&lat->probe.done);
	*sample = lat->probe.started - queued;
	lat->args->ran++;
}

static int start_thread(void *data)
{
	struct latency *lat = data;
	unsigned int i;

	for (i = 0; i < lat->args->samples; i++) {
		usleep_range(BENCH_PAUSE_US, BENCH_PAUSE_US);
		measure(lat, lat->args->cpu, &lat->args->sample[i]);
	}
	complete(&lat->done);
	return 0;
}

/*
 * What a pool has when the third item comes depends on what it had to do before.
 * A worker makes sure that an idle one is left before it runs anything, so with
 * two workers blocked in two items a third one is there, idle; it is woken, and
 * before it runs the third item it in turn needs an idle one behind it.
 *
 *	fresh	there is none: the third worker first makes a fourth, and the
 *		third item waits for that.  True of the first time only, since
 *		idle workers stay for five minutes: so one measurement a machine.
 *	else	there is one: waking the third worker is all.
 */
static int third_thread(void *data)
{
	struct latency *lat = data;
	unsigned int i, h;

	for (i = 0; i < lat->args->samples; i++) {
		atomic_set(&lat->holding, 0);
		reinit_completion(&lat->release);
		for (h = 0; h < HOLDERS; h++)
			queue_work(lat->wq, &lat->holder[h].work);
		while (atomic_read(&lat->holding) < HOLDERS)
			usleep_range(SETTLE_US, SETTLE_US);
		usleep_range(2 * SETTLE_US, 2 * SETTLE_US);
		measure(lat, BENCH_OWN_CPU, &lat->args->sample[i]);
		complete_all(&lat->release);
		flush_workqueue(lat->wq);
	}
	complete(&lat->done);
	return 0;
}

/* Have @fn measure in a thread bound to CPU 0. */
static int from_cpu0(struct bench_args *a, int (*fn)(void *))
{
	struct latency lat = { .args = a, .wq = alloc_workqueue("bench", 0, 0) };
	struct task_struct *k;
	int h;

	if (!lat.wq)
		return -ENOMEM;
	init_completion(&lat.probe.done);
	init_completion(&lat.release);
	init_completion(&lat.done);
	INIT_WORK_ONSTACK(&lat.probe.work, probe_func);
	for (h = 0; h < HOLDERS; h++) {
		INIT_WORK_ONSTACK(&lat.holder[h].work, holder_func);
		lat.holder[h].lat = &lat;
	}
	k = kthread_create(fn, &lat, "producer/0");
	if (IS_ERR(k))
		return PTR_ERR(k);
	kthread_bind(k, 0);
	wake_up_process(k);
	wait_for_completion(&lat.done);
	destroy_workqueue(lat.wq);
	return 0;
}

/**
 * Queue to start on a CPU that has nothing to do.
 * @param arg cpu, samples, sample; finds ran
 */
int bench_start(void *arg)
{
	return from_cpu0(arg, start_thread);
}

/**
 * Queue to start of a third item while two of two busy workers block.
 * @param arg fresh, samples, sample; finds ran
 */
int bench_third(void *arg)
{
	struct bench_args *a = arg, warm = *a;
	uint64_t unused;
	int err;

	if (a->fresh)
		return from_cpu0(a, third_thread);
	warm.sample = &unused;
	warm.samples = 1;
	err = from_cpu0(&warm, third_thread);
	return err ? err : from_cpu0(a, third_thread);
}
