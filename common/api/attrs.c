// SPDX-License-Identifier: GPL-2.0-only
/*
 * The calls that only 3.18 has, for workqueues and workers of either engine.
 *
 * An engine whose design lacks the thing leaves the operation empty.  Then a warning
 * names what was dropped, or, where the honest answer is "no", that is the answer.
 *
 * Owns nothing and locks nothing; as workqueue.c.
 *
 * Read next: cmwq/attrs.c.
 */
#include <linux/cpumask.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

#include "engine-of.h"

#define DESC_LEN	24	/* what 3.18 keeps of a worker's description, with the NUL */

/* ---- attributes ---- */

struct workqueue_attrs *alloc_workqueue_attrs(gfp_t gfp)
{
	struct workqueue_attrs *attrs = kzalloc(sizeof(*attrs), gfp);

	if (!attrs)
		return NULL;
	if (!alloc_cpumask_var(&attrs->cpumask, gfp)) {
		kfree(attrs);
		return NULL;
	}
	cpumask_copy(attrs->cpumask, cpu_possible_mask);
	return attrs;
}

void free_workqueue_attrs(struct workqueue_attrs *attrs)
{
	if (!attrs)
		return;
	free_cpumask_var(attrs->cpumask);
	kfree(attrs);
}

int apply_workqueue_attrs(struct workqueue_struct *wq, const struct workqueue_attrs *attrs)
{
	const struct wq_engine *engine = engine_of(wq, __func__);

	if (engine->apply_workqueue_attrs)
		return engine->apply_workqueue_attrs(wq, attrs);
	no_counterpart(wq, __func__);
	return -EINVAL;
}

int workqueue_sysfs_register(struct workqueue_struct *wq)
{
	const struct wq_engine *engine = engine_of(wq, __func__);

	if (engine->workqueue_sysfs_register)
		return engine->workqueue_sysfs_register(wq);
	no_counterpart(wq, __func__);
	return -EINVAL;
}

/* ---- questions ---- */

bool workqueue_congested(int cpu, struct workqueue_struct *wq)
{
	const struct wq_engine *engine = engine_of(wq, __func__);

	return engine->workqueue_congested && engine->workqueue_congested(cpu, wq);
}

bool current_is_workqueue_rescuer(void)
{
	const struct wq_engine *engine;
	int i;

	for_each_booted_engine(engine, i)
		if (engine->current_is_workqueue_rescuer && engine->current_is_workqueue_rescuer())
			return true;
	return false;
}

/* ---- freezing; the freezer calls these too ---- */

void freeze_workqueues_begin(void)
{
	const struct wq_engine *engine;
	int i;

	for_each_booted_engine(engine, i)
		if (engine->freeze_begin)
			engine->freeze_begin();
}

bool freeze_workqueues_busy(void)
{
	const struct wq_engine *engine;
	bool busy = false;
	int i;

	for_each_booted_engine(engine, i)
		if (engine->freeze_busy)
			busy |= engine->freeze_busy();
	return busy;
}

void thaw_workqueues(void)
{
	const struct wq_engine *engine;
	int i;

	for_each_booted_engine(engine, i)
		if (engine->thaw)
			engine->thaw();
}

/* ---- what a worker is at ---- */

void set_worker_desc(const char *fmt, ...)
{
	const struct wq_engine *engine;
	char desc[DESC_LEN];
	va_list args;
	int i;

	va_start(args, fmt);
	vsnprintf(desc, sizeof(desc), fmt, args);
	va_end(args);
	for_each_booted_engine(engine, i)
		if (engine->set_worker_desc)
			engine->set_worker_desc(desc);
}

void print_worker_info(const char *log_lvl, struct task_struct *task)
{
	const struct wq_engine *engine;
	int i;

	for_each_booted_engine(engine, i)
		if (engine->print_worker_info && engine->print_worker_info(log_lvl, task))
			return;
}

/* The engine that armed the timer has put itself down as the item's holder. */
void delayed_work_timer_fn(unsigned long __data)
{
	struct delayed_work *dwork = (struct delayed_work *)__data;
	const struct wq_engine *engine = READ_ONCE(dwork->work.engine);

	if (engine && engine->delayed_work_timer_fn)
		engine->delayed_work_timer_fn(__data);
}
