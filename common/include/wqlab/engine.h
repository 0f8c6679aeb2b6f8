/* SPDX-License-Identifier: GPL-2.0-only */
/**
 * @file
 * What a workqueue design has to offer: one table of operations.
 *
 * The calls of <linux/workqueue.h> find their engine in one of three places:
 * in the workqueue they are given (struct wq_base), in the work item they are
 * given (`work->engine`), or, when they have neither, in the engine in charge.
 * So both designs can be alive in one machine, and neither knows the other.
 */
#ifndef WQLAB_ENGINE_H
#define WQLAB_ENGINE_H

#include <linux/workqueue.h>
#include <linux/workqueue_later.h>

/** The first member of every engine's struct workqueue_struct. */
struct wq_base {
	const struct wq_engine *engine;	/**< who made this workqueue; fixed */
};

/** Which of 2.6.32's create_*() calls. */
enum wq_create {
	WQ_CREATE_MULTITHREAD,	/**< create_workqueue() */
	WQ_CREATE_SINGLETHREAD,	/**< create_singlethread_workqueue() */
	WQ_CREATE_FREEZEABLE,	/**< create_freezeable_workqueue() */
	WQ_CREATE_RT,		/**< create_rt_workqueue() */
};

/** Which predefined workqueue; in 2.6.32 all of them are keventd. */
enum wq_system {
	WQ_SYSTEM,			/**< system_wq, "events" */
	WQ_SYSTEM_HIGHPRI,		/**< system_highpri_wq */
	WQ_SYSTEM_LONG,			/**< system_long_wq */
	WQ_SYSTEM_UNBOUND,		/**< system_unbound_wq */
	WQ_SYSTEM_FREEZABLE,		/**< system_freezable_wq */
	WQ_SYSTEM_POWER_EFFICIENT,	/**< system_power_efficient_wq */
	WQ_SYSTEM_FREEZABLE_POWER_EFFICIENT,	/**< system_freezable_power_efficient_wq */
	WQ_NR_SYSTEM
};

/** What an engine takes part in besides the calls. */
enum wq_can {
	WQ_CAN_HOTPLUG	= 1 << 0,	/**< CPUs come and go: its boot() registers a CPU notifier */
	WQ_CAN_FREEZE	= 1 << 1,	/**< freezing: its threads do, or it has the three operations */
};

/**
 * A workqueue design.  Unless said otherwise an operation has the meaning,
 * context and return value of the public call it is named after.
 */
struct wq_engine {
	const char *name;	/**< "legacy", "cmwq" */
	const char *release;	/**< the kernel it follows, e.g. "2.6.32" */
	bool reentrant;		/**< an item may run on several CPUs at once */
	unsigned int can;	/**< WQ_CAN_*: what else it takes part in */

	/** Bring the engine up (init_workqueues()); process context. @return 0 or -errno */
	int (*boot)(void);
	/** Give everything back: predefined workqueues, threads, pools; process context. */
	void (*shutdown)(void);

	/** alloc_workqueue() with the name already formatted; lock_name NULL: that name. */
	struct workqueue_struct *(*alloc_workqueue_key)(const char *name, unsigned int flags, int max_active,
						       struct lock_class_key *key, const char *lock_name);
	/** create_workqueue() and its kin. */
	struct workqueue_struct *(*create_workqueue_key)(const char *name, enum wq_create kind,
							 struct lock_class_key *key, const char *lock_name);
	void (*destroy_workqueue)(struct workqueue_struct *wq);	/**< destroy_workqueue() */

	bool (*queue_work)(struct workqueue_struct *wq, struct work_struct *work);	/**< queue_work() */
	bool (*queue_work_on)(int cpu, struct workqueue_struct *wq, struct work_struct *work);	/**< queue_work_on() */
	bool (*queue_delayed_work)(struct workqueue_struct *wq, struct delayed_work *dwork, unsigned long delay);	/**< queue_delayed_work() */
	bool (*queue_delayed_work_on)(int cpu, struct workqueue_struct *wq, struct delayed_work *dwork, unsigned long delay);	/**< queue_delayed_work_on() */
	bool (*mod_delayed_work_on)(int cpu, struct workqueue_struct *wq, struct delayed_work *dwork, unsigned long delay);	/**< mod_delayed_work_on() */

	void (*flush_workqueue)(struct workqueue_struct *wq);	/**< flush_workqueue() */
	void (*drain_workqueue)(struct workqueue_struct *wq);	/**< drain_workqueue() */
	bool (*flush_work)(struct work_struct *work);		/**< flush_work() */
	bool (*flush_delayed_work)(struct delayed_work *dwork);	/**< flush_delayed_work() */
	bool (*cancel_work_sync)(struct work_struct *work);	/**< cancel_work_sync() */
	bool (*cancel_delayed_work)(struct delayed_work *dwork);	/**< cancel_delayed_work() */
	bool (*cancel_delayed_work_sync)(struct delayed_work *dwork);	/**< cancel_delayed_work_sync() */

	void (*workqueue_set_max_active)(struct workqueue_struct *wq, int max_active);	/**< workqueue_set_max_active() */
	unsigned int (*work_busy)(struct work_struct *work);	/**< work_busy() */

	/**
	 * Begin nothing more on freezable workqueues (3.18: freeze_workqueues_begin()).
	 * This one and the next two are NULL if the engine's threads freeze by themselves.
	 */
	void (*freeze_begin)(void);
	/** @return whether an item of a freezable workqueue is going on (3.18: freeze_workqueues_busy()) */
	bool (*freeze_busy)(void);
	/** Go on (3.18: thaw_workqueues()); also called without a begin before it. */
	void (*thaw)(void);

	/* What only 2.6.32 has, or has in a way of its own; NULL: the switch does what 3.18 does. */
	struct workqueue_struct *(*__create_workqueue_key)(const char *name, int singlethread, int freezeable, int rt,
							   struct lock_class_key *key, const char *lock_name);	/**< __create_workqueue_key() */
	bool (*__cancel_delayed_work)(struct delayed_work *dwork);	/**< __cancel_delayed_work() */
	int (*current_is_keventd)(void);			/**< current_is_keventd() */
	long (*work_on_cpu)(int cpu, long (*fn)(void *arg), void *arg);	/**< work_on_cpu() */

	/** schedule_on_each_cpu(). @return 0 or -ENOMEM */
	int (*schedule_on_each_cpu)(work_func_t func);
	/** @return the predefined workqueue @p which, or NULL before boot() */
	struct workqueue_struct *(*system)(enum wq_system which);
	/** @return the name @p wq was made with */
	const char *(*wq_name)(struct workqueue_struct *wq);

	/** Check what holds of its structures when nothing moves; process context. */
	void (*check_quiet)(void);
	/** Describe what it holds; at any point, also in the middle of a step: takes no lock. */
	void (*dump)(void (*line)(const char *text));

	/*
	 * What only one of the designs has: NULL in the other, and the switch does the
	 * nearest that is documented (docs/switch.md).
	 */
	int (*workqueue_sysfs_register)(struct workqueue_struct *wq);	/**< workqueue_sysfs_register() */
	int (*apply_workqueue_attrs)(struct workqueue_struct *wq, const struct workqueue_attrs *attrs);	/**< apply_workqueue_attrs() */
	bool (*workqueue_congested)(int cpu, struct workqueue_struct *wq);	/**< workqueue_congested() */
	bool (*current_is_workqueue_rescuer)(void);	/**< current_is_workqueue_rescuer() */
	void (*set_worker_desc)(const char *desc);	/**< set_worker_desc(), formatted */
	/** print_worker_info(). @return false: @p task is no worker of this engine's */
	bool (*print_worker_info)(const char *log_lvl, struct task_struct *task);
	bool (*queue_rcu_work)(struct workqueue_struct *wq, struct rcu_work *rwork);	/**< queue_rcu_work() */
	struct work_struct *(*current_work)(void);	/**< current_work() */
	bool (*workqueue_stats)(struct workqueue_struct *wq, u64 *stats);	/**< workqueue_stats() */
	void (*delayed_work_timer_fn)(unsigned long data);	/**< delayed_work_timer_fn() */
};

/** All engines linked in, NULL-terminated (common/api/engines.c). */
extern const struct wq_engine *const wq_engines[];

/**
 * Look an engine up.
 * @param name "legacy" or "cmwq"
 * @return the engine, or NULL
 */
const struct wq_engine *wq_engine_find(const char *name);

/** @return the engine in charge: it serves the calls that name no workqueue. */
const struct wq_engine *wq_engine_in_charge(void);

/**
 * Put a booted engine in charge, and system_wq and its kin with it.
 * Context: process; affects every task.
 * @param engine one that this machine booted
 * @return the one that was in charge before, for putting it back; NULL (and
 *	nothing changed, with a warning) if @p engine was not booted
 */
const struct wq_engine *wq_engine_set(const struct wq_engine *engine);

/**
 * The engines that this machine booted, in the order in which they were named.
 * @param i from 0
 * @return NULL behind the last one
 */
const struct wq_engine *wq_engine_nth(int i);
/** Go through them. @param engine each in turn @param i an int to count with */
#define for_each_booted_engine(engine, i)				\
	for ((i) = 0; ((engine) = wq_engine_nth(i)); (i)++)

/**
 * Find a booted engine that does not take part in something.
 * @param what one WQ_CAN_*
 * @return the first such engine, or NULL: all do
 */
const struct wq_engine *wq_engine_without(enum wq_can what);

/** @return whether @p engine was booted on this machine. @param engine which */
bool wq_engine_booted(const struct wq_engine *engine);

/** @return the engine that made @p wq. @param wq a workqueue */
static inline const struct wq_engine *wq_engine_of(const struct workqueue_struct *wq)
{
	return ((const struct wq_base *)wq)->engine;
}

#endif
