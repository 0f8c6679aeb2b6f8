// SPDX-License-Identifier: GPL-2.0-only
/*
 * Load for the simulated machine alone: task switches.
 *
 *	task/0 --> task/1 --> ... --> task/n-1 --> task/0 ...	one on each CPU
 *
 * Each waits for its turn, passes it on and waits again, so each turn is one
 * switch from a task to another.
 *
 * Owns struct seat.  Locking: none; a seat is written before its thread starts.
 *
 * Read next: main-libc.c.
 */
#include <linux/completion.h>
#include <linux/cpumask.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/kthread.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "bench.h"

struct seat {
	struct completion turn;
	struct seat *next;
	unsigned int laps, ran;
	struct completion *done;	/* the last seat's only */
};

static int seat_thread(void *data)
{
	struct seat *s = data;
	struct completion *done = s->done;	/* the seats may be gone behind the last turn */
	unsigned int lap;

	for (lap = 0; lap < s->laps; lap++) {
		wait_for_completion(&s->turn);
		s->ran++;
		complete(&s->next->turn);
	}
	if (done)
		complete(done);
	return 0;
}

/**
 * Turns that go round among tasks, one on each CPU.
 * @param arg items: turns; finds ns, and ran: turns taken
 */
int bench_ring(void *arg)
{
	struct bench_args *a = arg;
	unsigned int nr = num_online_cpus(), i;
	struct seat *seats = kcalloc(nr, sizeof(*seats), GFP_KERNEL);
	DECLARE_COMPLETION_ONSTACK(done);
	uint64_t start;

	if (!seats)
		return -ENOMEM;
	for (i = 0; i < nr; i++) {
		init_completion(&seats[i].turn);
		seats[i].next = &seats[(i + 1) % nr];
		seats[i].laps = a->items / nr;
	}
	seats[nr - 1].done = &done;
	for (i = 0; i < nr; i++) {
		struct task_struct *k = kthread_create(seat_thread, &seats[i], "task/%u", i);

		if (IS_ERR(k))
			return PTR_ERR(k);
		kthread_bind(k, i);
		wake_up_process(k);
	}
	schedule_timeout_uninterruptible(2);	/* until all sit there and wait */
	start = bench_now();
	complete(&seats[0].turn);
	wait_for_completion(&done);
	a->ns = bench_now() - start;
	for (i = 0; i < nr; i++)
		a->ran += seats[i].ran;
	kfree(seats);
	return 0;
}
