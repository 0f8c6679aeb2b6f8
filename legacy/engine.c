// SPDX-License-Identifier: GPL-2.0-only
/*
 * The engine's one symbol that others see: its table of operations.
 *
 * Within legacy/ the functions bear the kernel's names, also the public ones;
 * the engine is linked into one object and all its symbols but legacy_engine
 * are made local, so these do not meet their namesakes in common/api/.
 *
 * Owns nothing; no locks.  Read first: workqueue_internal.h, create.c, queue.c,
 * worker.c, flush.c, cancel.c, keventd.c, hotplug.c, on_cpu.c, graves.c, later.c, in this
 * order; then check.c, what must hold of all this, and dump.c.
 */

#include "workqueue_internal.h"

static struct workqueue_struct *legacy_create_workqueue(const char *name, enum wq_create kind,
		struct lock_class_key *key, const char *lock_name)
{
	switch (kind) {
	case WQ_CREATE_SINGLETHREAD:
		return __create_workqueue_key(name, 1, 0, 0, key, lock_name);
	case WQ_CREATE_FREEZEABLE:
		return __create_workqueue_key(name, 1, 1, 0, key, lock_name);
	case WQ_CREATE_RT:
		return __create_workqueue_key(name, 0, 0, 1, key, lock_name);
	case WQ_CREATE_MULTITHREAD:
		break;
	}
	return __create_workqueue_key(name, 0, 0, 0, key, lock_name);
}

/* 2.6.32 has one predefined workqueue; it stands for all of 3.18's. */
static struct workqueue_struct *legacy_system(enum wq_system which)
{
	return keventd_wq;
}

static const char *legacy_wq_name(struct workqueue_struct *wq)
{
	return wq->name;
}

const struct wq_engine legacy_engine = {
	.name			= "legacy",
	.release		= "2.6.32",
	.reentrant		= true,
	.can			= WQ_CAN_HOTPLUG | WQ_CAN_FREEZE,

	.boot			= init_workqueues,
	.shutdown		= exit_workqueues,

	.alloc_workqueue_key	= legacy_alloc_workqueue,
	.create_workqueue_key	= legacy_create_workqueue,
	.destroy_workqueue	= destroy_workqueue,

	.queue_work		= queue_work,
	.queue_work_on		= queue_work_on,
	.queue_delayed_work	= queue_delayed_work,
	.queue_delayed_work_on	= queue_delayed_work_on,
	.mod_delayed_work_on	= mod_delayed_work_on,

	.flush_workqueue	= flush_workqueue,
	.drain_workqueue	= drain_workqueue,
	.flush_work		= flush_work,
	.flush_delayed_work	= flush_delayed_work,
	.cancel_work_sync	= cancel_work_sync,
	.cancel_delayed_work	= cancel_delayed_work,
	.cancel_delayed_work_sync = cancel_delayed_work_sync,

	.workqueue_set_max_active = workqueue_set_max_active,
	.work_busy		= work_busy,

	.__create_workqueue_key	= __create_workqueue_key,
	.__cancel_delayed_work	= __cancel_delayed_work,
	.current_is_keventd	= current_is_keventd,
	.work_on_cpu		= work_on_cpu,

	.schedule_on_each_cpu	= schedule_on_each_cpu,
	.system			= legacy_system,
	.wq_name		= legacy_wq_name,
	.delayed_work_timer_fn	= delayed_work_timer_fn,

	.check_quiet		= check_quiet,
	.dump			= legacy_dump,
};
