// SPDX-License-Identifier: GPL-2.0-only
/*
 * Load for the explorer: three tasks queue, flush and cancel on two CPUs.
 *
 *	init      queues one, flushes the workqueue
 *	queuer    queues the other, and the first once more
 *	canceller cancels the other
 *
 * Some 60 places at which more than one task could go on.
 *
 * Owns everything static here.  Locking: none; a kernel's items.  Read next:
 * explore-libc.c.
 */
#include <linux/completion.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/kthread.h>
#include <linux/workqueue.h>
#include <wqlab/explore.h>

#include "bench.h"

static struct workqueue_struct *wq;
static struct work_struct first, second;
static struct completion done;

static void nothing(struct work_struct *work)
{
}

static int queuer(void *arg)
{
	queue_work(wq, &second);
	queue_work(wq, &first);
	complete(&done);
	return 0;
}

static int canceller(void *arg)
{
	cancel_work_sync(&second);
	complete(&done);
	return 0;
}

int bench_explored(void *arg)
{
	struct task_struct *q, *c;

	wq = alloc_workqueue("bench", 0, 0);
	if (!wq)
		return -ENOMEM;
	INIT_WORK(&first, nothing);
	INIT_WORK(&second, nothing);
	init_completion(&done);
	q = kthread_create(queuer, NULL, "queuer");
	c = kthread_create(canceller, NULL, "canceller");
	if (IS_ERR(q) || IS_ERR(c))
		return -ENOMEM;
	machine_explore_from_here();
	wake_up_process(q);
	wake_up_process(c);
	queue_work(wq, &first);
	flush_workqueue(wq);
	wait_for_completion(&done);
	wait_for_completion(&done);
	machine_explore_till_here();
	destroy_workqueue(wq);
	return 0;
}
