// SPDX-License-Identifier: GPL-2.0-only
/*
 * A small module as textbooks have them, written against the kernel's face alone:
 * it compiles unmodified, starts, does its work on a workqueue and goes.
 *
 * The first half is the module; the tests load it on each engine.
 */
#include <linux/delay.h>
#include <linux/init.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/slab.h>
#include <linux/timer.h>
#include <linux/workqueue.h>

struct reading {
	struct work_struct work;
	int value;
};

static int rounds = 3;
module_param(rounds, int, 0444);
MODULE_PARM_DESC(rounds, "how many readings are taken");

static struct workqueue_struct *sensor_wq;
static struct timer_list sensor_timer;
static int taken, sum;

static void take_reading(struct work_struct *work)
{
	struct reading *r = container_of(work, struct reading, work);

	msleep(1);
	sum += r->value;
	kfree(r);
}

static void sensor_tick(unsigned long data)
{
	struct reading *r = kmalloc(sizeof(*r), GFP_ATOMIC);

	if (!r)
		return;
	r->value = ++taken;
	INIT_WORK(&r->work, take_reading);
	queue_work(sensor_wq, &r->work);
	if (taken < rounds)
		mod_timer(&sensor_timer, jiffies + msecs_to_jiffies(10));
}

static int __init sensor_init(void)
{
	sensor_wq = create_singlethread_workqueue("sensor");
	if (!sensor_wq)
		return -ENOMEM;
	setup_timer(&sensor_timer, sensor_tick, 0);
	mod_timer(&sensor_timer, jiffies + msecs_to_jiffies(10));
	printk(KERN_INFO "sensor: loaded, %d rounds\n", rounds);
	return 0;
}

static void __exit sensor_exit(void)
{
	del_timer_sync(&sensor_timer);
	destroy_workqueue(sensor_wq);
	printk(KERN_INFO "sensor: %d readings, sum %d\n", taken, sum);
}

module_init(sensor_init);
module_exit(sensor_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Takes readings from a timer and works them off in a workqueue");

/* ---- the tests ---- */

#include "wqtest.h"

static int load_and_go(void *arg)
{
	const char *set = arg;

	if (set)
		CHECK_EQ(wqlab_set_param("rounds", set), 0);
	CHECK_EQ(wqlab_load_modules(), 0);
	msleep(100);
	wqlab_unload_modules();
	CHECK_EQ(taken, rounds);
	CHECK_EQ(sum, rounds * (rounds + 1) / 2);
	return 0;
}

WQTEST_ENGINES(module, textbook_module_runs)
{
	RUN(2, load_and_go);
}

WQTEST_ENGINES(module, parameter_is_set_before_loading)
{
	RUN_ARG(2, load_and_go, (void *)"7");
}

static int bad_param(void *arg)
{
	CHECK(wqlab_set_param("rounds", "many") < 0);
	CHECK(wqlab_set_param("no_such_parameter", "1") < 0);
	CHECK_EQ(rounds, 3);
	return 0;
}

WQTEST(module, parameters_are_checked)
{
	RUN(1, bad_param);
}
