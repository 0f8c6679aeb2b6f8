// SPDX-License-Identifier: GPL-2.0-only
/*
 * work_on_cpu(): have a function called on a CPU, and wait.
 *
 * It uses no workqueue at all but makes a thread for the one call: so whatever the
 * function waits for, it stands behind nobody's item, and cannot deadlock with keventd.
 * 3.18 queues an item on the system workqueue instead.
 *
 * Locking: none; the caller waits, so the request may lie on its stack.
 *
 * Read next: graves.c.
 */
#include <linux/completion.h>
#include <linux/err.h>
#include <linux/kthread.h>

#include "workqueue_internal.h"

/* On the caller's stack. */
struct work_for_cpu {
	long (*fn)(void *arg);
	void *arg;
	long ret;			/* the thread's until it completes */
	struct completion completion;
};

static int do_work_for_cpu(void *arg)
{
	struct work_for_cpu *call = arg;

	call->ret = call->fn(call->arg);
	complete(&call->completion);
	return 0;
}

long work_on_cpu(int cpu, long (*fn)(void *arg), void *arg)
{
	struct work_for_cpu call = { .fn = fn, .arg = arg };
	struct task_struct *thread;

	init_completion(&call.completion);
	thread = kthread_create(do_work_for_cpu, &call, "work_for_cpu");
	if (IS_ERR(thread))
		return PTR_ERR(thread);
	kthread_bind(thread, cpu);
	wake_up_process(thread);
	wait_for_completion(&call.completion);
	return call.ret;
}
