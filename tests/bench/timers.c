// SPDX-License-Identifier: GPL-2.0-only
/*
 * Timers: adding one and deleting it again, alone and beside many pending ones.
 *
 * None of them expires meanwhile: the pending ones are spread over an hour from
 * ten seconds on, the measured one moves within a second of that.
 *
 * Owns an array of timers, all of CPU 0.  Locking: none beyond the timers' own.
 *
 * Read next: sim-load.c.
 */
#include <linux/completion.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/jiffies.h>
#include <linux/kthread.h>
#include <linux/slab.h>
#include <linux/timer.h>

#include "bench.h"

#define FIRST_S		10	/* no timer expires before so many seconds */
#define SPREAD_S	3600	/* over which the pending ones are spread */

struct timers {
	struct bench_args *args;
	struct timer_list *pending;
	int err;
	struct completion done;
};

static void never(unsigned long data)
{
	WARN_ON_ONCE(1);
}

static void add_pending(struct timers *t)
{
	unsigned int i;

	for (i = 0; i < t->args->pending; i++) {
		setup_timer(&t->pending[i], never, 0);
		t->pending[i].expires = jiffies + FIRST_S * HZ + (u64)i * SPREAD_S * HZ / t->args->pending;
		add_timer(&t->pending[i]);
	}
}

static int timer_thread(void *data)
{
	struct timers *t = data;
	struct bench_args *a = t->args;
	struct timer_list one;
	unsigned long base;
	unsigned int i;
	uint64_t start;

	add_pending(t);
	setup_timer_on_stack(&one, never, 0);
	base = jiffies + FIRST_S * HZ;
	start = bench_now();
	for (i = 0; i < a->items; i++) {
		one.expires = base + i % 1000;
		add_timer(&one);
		a->ran += del_timer(&one);
	}
	a->ns = bench_now() - start;
	destroy_timer_on_stack(&one);
	for (i = 0; i < a->pending; i++)
		if (!del_timer(&t->pending[i]))
			t->err = -EIO;
	complete(&t->done);
	return 0;
}

/**
 * Add and delete one timer, again and again.
 * @param arg items: how often, pending; finds ns and ran
 */
int bench_timer(void *arg)
{
	struct timers t = { .args = arg };
	struct task_struct *k;

	t.pending = kcalloc(t.args->pending, sizeof(*t.pending), GFP_KERNEL);
	if (!t.pending)
		return -ENOMEM;
	init_completion(&t.done);
	k = kthread_create(timer_thread, &t, "producer/0");
	if (IS_ERR(k))
		return PTR_ERR(k);
	kthread_bind(k, 0);
	wake_up_process(k);
	wait_for_completion(&t.done);
	kfree(t.pending);
	return t.err;
}
