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
	struct completion completion;
	long (*fn)(void *arg);
	void *arg;
	long ret;			/* the thread's until it completes */
};

static int do_work_for_cpu(void *_wfc)
{
	struct work_for_cpu *wfc = _wfc;

	wfc->ret = wfc->fn(wfc->arg);
	complete(&wfc->completion);
	return 0;
}

long work_on_cpu(int cpu, long (*fn)(void *arg), void *arg)
{
	struct work_for_cpu wfc = { .fn = fn, .arg = arg };
	struct task_struct *sub_thread;

	sub_thread = kthread_create(do_work_for_cpu, &wfc, "work_for_cpu");
	if (IS_ERR(sub_thread))
		return PTR_ERR(sub_thread);

	init_completion(&wfc.completion);
	kthread_bind(sub_thread, cpu);
	wake_up_process(sub_thread);
	wait_for_completion(&wfc.completion);
	return wfc.ret;
}
