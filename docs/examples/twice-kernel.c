// SPDX-License-Identifier: GPL-2.0-only
#include <linux/sched.h>
#include <linux/workqueue.h>

static int runs;

static void count(struct work_struct *work)
{
	printk("%s: run %d\n", current->comm, ++runs);
}
static DECLARE_WORK(work, count);

int first(void *arg)
{
	schedule_work(&work);
	flush_work(&work);
	return 0;
}
