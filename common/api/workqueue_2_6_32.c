// SPDX-License-Identifier: GPL-2.0-only
/*
 * The switch for the calls that only 2.6.32 has: to the engine if it has the call, else
 * what 3.18's users were told to write instead.
 *
 * Owns nothing and locks nothing.  Read next: legacy/create.c.
 */
#include <linux/kernel.h>
#include <linux/workqueue.h>
#include <wqlab/check.h>
#include <wqlab/engine.h>

struct workqueue_struct *__create_workqueue_key(const char *name, int singlethread, int freezeable,
		int rt, struct lock_class_key *key, const char *lock_name)
{
	const struct wq_engine *engine = wq_engine_in_charge();
	enum wq_create kind;

	if (engine->__create_workqueue_key)
		return engine->__create_workqueue_key(name, singlethread, freezeable, rt,
						      key, lock_name);
	/* 3.18 had no threads to make so, and its callers had one wish at a time. */
	kind = freezeable ? WQ_CREATE_FREEZEABLE : singlethread ? WQ_CREATE_SINGLETHREAD :
	       rt ? WQ_CREATE_RT : WQ_CREATE_MULTITHREAD;
	return engine->create_workqueue_key(name, kind, key, lock_name);
}

static bool cancel_by_engine(struct delayed_work *dwork)
{
	const struct wq_engine *engine = READ_ONCE(dwork->work.engine);

	if (engine && engine->__cancel_delayed_work)
		return engine->__cancel_delayed_work(dwork);
	return engine && engine->cancel_delayed_work(dwork);
}

bool __cancel_delayed_work(struct delayed_work *dwork)
{
	return API_CALL(API_CANCEL, NULL, &dwork->work, dwork, 0, cancel_by_engine(dwork));
}

int current_is_keventd(void)
{
	const struct wq_engine *engine = wq_engine_in_charge();

	return engine->current_is_keventd ? engine->current_is_keventd() : 0;
}
