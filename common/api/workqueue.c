// SPDX-License-Identifier: GPL-2.0-only
/*
 * The switch: every call of <linux/workqueue.h> goes to its engine.
 *
 *	given a workqueue		the engine that made it
 *	given only a work item		the engine that holds it (work->engine);
 *					none: it was never queued, nothing to do
 *	given neither			the engine in charge
 *
 * An item that is pending with one engine is refused by the other: PENDING is
 * bit 0 in both (decision 17).  docs/switch.md has what differs between the two.
 *
 * API_CALL() notes each call for the invariants (check-calls.c); where nothing is checked it
 * is a test of one flag.
 *
 * Owns nothing and locks nothing: a workqueue's engine is fixed, and an item's is read
 * once per call; the engine decides under its own locks what it still finds.
 *
 * Read next: legacy/queue.c or cmwq/queue.c.
 */
#include <linux/bug.h>
#include <linux/hardirq.h>
#include <linux/kernel.h>
#include <linux/printk.h>
#include <linux/workqueue.h>
#include <wqlab/check.h>

#include "engine-of.h"

#define NAME_LEN	24	/* what 3.18 keeps of a name, with the NUL */

void __init_work(struct work_struct *work, work_func_t func, const char *name,
		 struct lock_class_key *key)
{
	atomic_long_set(&work->data, 0);
	INIT_LIST_HEAD(&work->entry);
	work->func = func;
	work->engine = NULL;
	lockdep_init_work(work, name, key);
	check_init(work);
}

void __init_delayed_work(struct delayed_work *dwork, work_func_t func, unsigned int tflags,
			 const char *name, struct lock_class_key *key)
{
	__init_work(&dwork->work, func, name, key);
	init_timer_key(&dwork->timer, tflags);
}

void wq_is_gone(const char *call)
{
	pr_emerg("BUG: %s() on a workqueue that was destroyed\n", call);
	BUG();
}

void no_counterpart(struct workqueue_struct *wq, const char *call)
{
	const struct wq_engine *engine = wq_engine_of(wq);

	pr_warn("%s: workqueue \"%s\": %s() has no counterpart in %s, dropped\n",
		engine->name, engine->wq_name(wq), call, engine->release);
}

/* ---- making and taking down ---- */

struct workqueue_struct *__alloc_workqueue_key(const char *fmt, unsigned int flags, int max_active,
		struct lock_class_key *key, const char *lock_name, ...)
{
	char name[NAME_LEN];
	va_list args;

	va_start(args, lock_name);
	vsnprintf(name, sizeof(name), fmt, args);
	va_end(args);
	return wq_engine_in_charge()->alloc_workqueue_key(name, flags, max_active, key, lock_name);
}

void destroy_workqueue(struct workqueue_struct *wq)
{
	API_CALL(API_DESTROY, wq, NULL, NULL, 0, (engine_of(wq, __func__)->destroy_workqueue(wq), true));
}

/* ---- given a workqueue ---- */

/* Apart, so that the two calls that have to be fast save no registers for it. */
static noinline bool checked_queue_work(bool local, int cpu, struct workqueue_struct *wq,
				       struct work_struct *work)
{
	const struct wq_engine *engine = engine_of(wq, local ? "queue_work" : "queue_work_on");

	return API_CALL(API_QUEUE, wq, work, NULL, 0,
			local ? engine->queue_work(wq, work) : engine->queue_work_on(cpu, wq, work));
}

bool queue_work(struct workqueue_struct *wq, struct work_struct *work)
{
	if (unlikely(invariants_on))
		return checked_queue_work(true, 0, wq, work);
	return engine_of(wq, __func__)->queue_work(wq, work);
}

bool queue_work_on(int cpu, struct workqueue_struct *wq, struct work_struct *work)
{
	if (unlikely(invariants_on))
		return checked_queue_work(false, cpu, wq, work);
	return engine_of(wq, __func__)->queue_work_on(cpu, wq, work);
}

bool queue_delayed_work(struct workqueue_struct *wq, struct delayed_work *dwork, unsigned long delay)
{
	return API_CALL(API_QUEUE, wq, &dwork->work, dwork, delay,
			engine_of(wq, __func__)->queue_delayed_work(wq, dwork, delay));
}

bool queue_delayed_work_on(int cpu, struct workqueue_struct *wq, struct delayed_work *dwork,
			   unsigned long delay)
{
	return API_CALL(API_QUEUE, wq, &dwork->work, dwork, delay,
			engine_of(wq, __func__)->queue_delayed_work_on(cpu, wq, dwork, delay));
}

bool mod_delayed_work_on(int cpu, struct workqueue_struct *wq, struct delayed_work *dwork,
			 unsigned long delay)
{
	const struct wq_engine *to = engine_of(wq, __func__), *holder = __READ_ONCE(dwork->work.engine);
	bool was_pending = false;

	/* Pending with the other engine: that one lets go of it first. */
	if (holder && holder != to)
		was_pending = API_CALL(API_CANCEL, NULL, &dwork->work, dwork, 0,
				       holder->cancel_delayed_work(dwork));
	return API_CALL(API_MOD, wq, &dwork->work, dwork, delay,
			to->mod_delayed_work_on(cpu, wq, dwork, delay)) || was_pending;
}

bool mod_delayed_work(struct workqueue_struct *wq, struct delayed_work *dwork, unsigned long delay)
{
	return mod_delayed_work_on(WORK_CPU_UNBOUND, wq, dwork, delay);
}

void flush_workqueue(struct workqueue_struct *wq)
{
	API_CALL(API_FLUSH, wq, NULL, NULL, 0, (engine_of(wq, __func__)->flush_workqueue(wq), true));
}

void drain_workqueue(struct workqueue_struct *wq)
{
	API_CALL(API_DRAIN, wq, NULL, NULL, 0, (engine_of(wq, __func__)->drain_workqueue(wq), true));
}

void workqueue_set_max_active(struct workqueue_struct *wq, int max_active)
{
	engine_of(wq, __func__)->workqueue_set_max_active(wq, max_active);
}

/* ---- given only an item ---- */

/* The operation of the engine that holds it now; false: none does. */
#define ENGINE_CALL(work, operation) __extension__ ({			\
	const struct wq_engine *engine = READ_ONCE((work)->engine);	\
									\
	engine && engine->operation;					\
})

bool flush_work(struct work_struct *work)
{
	return API_CALL(API_FLUSH_WORK, NULL, work, NULL, 0,
			ENGINE_CALL(work, flush_work(work)));
}

bool flush_delayed_work(struct delayed_work *dwork)
{
	return API_CALL(API_FLUSH_DELAYED, NULL, &dwork->work, dwork, 0,
			ENGINE_CALL(&dwork->work, flush_delayed_work(dwork)));
}

bool cancel_work_sync(struct work_struct *work)
{
	return API_CALL(API_CANCEL_SYNC, NULL, work, NULL, 0,
			ENGINE_CALL(work, cancel_work_sync(work)));
}

bool cancel_delayed_work(struct delayed_work *dwork)
{
	return API_CALL(API_CANCEL, NULL, &dwork->work, dwork, 0,
			ENGINE_CALL(&dwork->work, cancel_delayed_work(dwork)));
}

bool cancel_delayed_work_sync(struct delayed_work *dwork)
{
	return API_CALL(API_CANCEL_SYNC, NULL, &dwork->work, dwork, 0,
			ENGINE_CALL(&dwork->work, cancel_delayed_work_sync(dwork)));
}

unsigned int work_busy(struct work_struct *work)
{
	const struct wq_engine *engine = READ_ONCE(work->engine);

	return engine ? engine->work_busy(work) : 0;
}

/* ---- given neither ---- */

bool schedule_work(struct work_struct *work)
{
	return queue_work(system_wq, work);
}

bool schedule_work_on(int cpu, struct work_struct *work)
{
	return queue_work_on(cpu, system_wq, work);
}

bool schedule_delayed_work_on(int cpu, struct delayed_work *dwork, unsigned long delay)
{
	return queue_delayed_work_on(cpu, system_wq, dwork, delay);
}

bool schedule_delayed_work(struct delayed_work *dwork, unsigned long delay)
{
	return queue_delayed_work(system_wq, dwork, delay);
}

int schedule_on_each_cpu(work_func_t func)
{
	return wq_engine_in_charge()->schedule_on_each_cpu(func);
}

int execute_in_process_context(work_func_t fn, struct execute_work *ew)
{
	bool later = in_interrupt();

	if (later) {
		INIT_WORK(&ew->work, fn);
		schedule_work(&ew->work);
	} else {
		fn(&ew->work);
	}
	return later;
}

struct work_for_cpu {
	struct work_struct work;
	long ret;
	long (*fn)(void *arg);
	void *arg;
};

static void work_for_cpu_fn(struct work_struct *work)
{
	struct work_for_cpu *call = container_of(work, struct work_for_cpu, work);

	call->ret = call->fn(call->arg);
}

/* 3.18's way is one of the calls above; 2.6.32's is not. */
long work_on_cpu(int cpu, long (*fn)(void *arg), void *arg)
{
	const struct wq_engine *engine = wq_engine_in_charge();
	struct work_for_cpu call = { .fn = fn, .arg = arg };

	if (engine->work_on_cpu)
		return engine->work_on_cpu(cpu, fn, arg);
	INIT_WORK_ONSTACK(&call.work, work_for_cpu_fn);
	schedule_work_on(cpu, &call.work);
	flush_work(&call.work);
	destroy_work_on_stack(&call.work);
	return call.ret;
}

void flush_scheduled_work(void)
{
	flush_workqueue(system_wq);
}

bool keventd_up(void)
{
	return system_wq != NULL;
}
