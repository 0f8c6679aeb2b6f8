// SPDX-License-Identifier: GPL-2.0-only
#include <linux/sched.h>
#include <linux/workqueue.h>
#include <wqlab/machine.h>

static void say_hello(struct work_struct *work)
{
	printk("hello from %s\n", current->comm);
}
static DECLARE_WORK(hello, say_hello);

static int first(void *arg)
{
	schedule_work(&hello);
	flush_work(&hello);
	return 0;
}

int main(void)
{
	static struct machine_result res;

	return machine_run(&(struct machine_config){ .cpus = 2 }, first, NULL, &res) || res.verdict;
}
