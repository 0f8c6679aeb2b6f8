/* SPDX-License-Identifier: GPL-2.0-only */
/**
 * @file
 * The workqueue API, one for both designs.
 *
 * Names and prototypes are 3.18's (include/linux/workqueue.h), with 2.6.32's
 * calls beside them.  Each call goes to the engine that made the workqueue or
 * holds the work item; see <wqlab/engine.h>.  "ANY" context means callable from
 * interrupt context upward, "process" means the call may sleep.
 *
 * Where the two kernels differ in what a call returns or does, docs/switch.md
 * has the table.
 */
#ifndef _LINUX_WORKQUEUE_H
#define _LINUX_WORKQUEUE_H

#include <linux/atomic.h>
#include <linux/bitops.h>
#include <linux/cpumask.h>
#include <linux/list.h>
#include <linux/lockdep.h>
#include <linux/timer.h>
#include <linux/types.h>

struct workqueue_struct;
struct work_struct;
struct wq_engine;
struct task_struct;

/** A work item's function; the item finds its surroundings by container_of(). */
typedef void (*work_func_t)(struct work_struct *work);

/**
 * A work item: a function to be called in process context.
 *
 * `data` is packed by the engine that holds the item, as that kernel packs it;
 * bit 0 is PENDING in both.
 */
struct work_struct {
	atomic_long_t data;		/**< flags and, above them, where the item is or last was */
	struct list_head entry;		/**< in a worklist while queued */
	work_func_t func;		/**< what to call */
	const struct wq_engine *engine;	/**< whose form `data` has; NULL: never queued (not in the kernel) */
};

/** A work item with a timer in front. */
struct delayed_work {
	struct work_struct work;	/**< the item */
	struct workqueue_struct *wq;	/**< 3.18: where to */
	int cpu;			/**< 3.18: on which CPU */
	struct timer_list timer;	/**< queues it when it expires */
};

/** What makes the pools of unbound workqueues alike (3.18): equal ones share a pool. */
struct workqueue_attrs {
	cpumask_var_t cpumask;		/**< where the workers may run */
	int nice;			/**< theirs */
	bool no_numa;			/**< one pwq for all nodes; not the pool's, which ignores it */
};

/** Room for a function that is to be called in process context. */
struct execute_work {
	struct work_struct work;	/**< the function's argument */
};

/** Bits that mean the same in both designs' `data`. */
enum {
	WORK_STRUCT_PENDING_BIT = 0,			/**< queued or on its timer: 3.18's name for the bit's number */
	WORK_STRUCT_PENDING = 1 << WORK_STRUCT_PENDING_BIT,	/**< ... and for the mask */
	WORK_CPU_UNBOUND = NR_CPUS,			/**< "the local CPU", as a cpu argument */
	WORK_BUSY_PENDING = 1 << 0,			/**< work_busy(): pending */
	WORK_BUSY_RUNNING = 1 << 1,			/**< work_busy(): running */
};

/** alloc_workqueue()'s flags and limits (3.18). */
enum {
	/* where its items run */
	WQ_UNBOUND		= 1 << 1,	/**< on any CPU, by workers of the unbound pools */
	WQ_HIGHPRI		= 1 << 4,	/**< by the pools with nice -20 */
	WQ_POWER_EFFICIENT	= 1 << 7,	/**< unbound if the machine is to save power */
	/* how */
	WQ_CPU_INTENSIVE	= 1 << 5,	/**< once started, an item does not count for concurrency */
	WQ_MEM_RECLAIM		= 1 << 3,	/**< even without memory: there is a rescuer */
	WQ_FREEZABLE		= 1 << 2,	/**< not while the system suspends */
	/* who sees it */
	WQ_SYSFS		= 1 << 6,	/**< has a folder in sysfs */
	/* the engine's own */
	__WQ_ORDERED		= 1 << 17,	/**< made by alloc_ordered_workqueue() */
	__WQ_DRAINING		= 1 << 16,	/**< drain_workqueue() is at it */
};

#define WQ_MAX_ACTIVE		512			/**< the most that max_active may be */
#define WQ_DFL_ACTIVE		(WQ_MAX_ACTIVE / 2)	/**< what max_active 0 stands for */
#define WQ_MAX_UNBOUND_PER_CPU	4			/**< what each possible CPU adds for unbound workqueues */

/** Most items of an unbound workqueue at once: grows with the machine. */
#define WQ_UNBOUND_MAX_ACTIVE \
	((int)max_t(unsigned int, WQ_MAX_ACTIVE, num_possible_cpus() * WQ_MAX_UNBOUND_PER_CPU))

/** The word as a pointer to plain bits, for test_bit() and its kin. @param work the item */
#define work_data_bits(work) ((unsigned long *)(&(work)->data))
/** The delayed work around an item. @param work the item @return its container */
static inline struct delayed_work *to_delayed_work(struct work_struct *work)
{
	return container_of(work, struct delayed_work, work);
}

/** @cond */
#define __WORK_INITIALIZER(n, f) {					\
	.data = ATOMIC_LONG_INIT(0),					\
	.entry = { &(n).entry, &(n).entry },				\
	.func = (f),							\
	}
#define __DELAYED_WORK_INITIALIZER(n, f, tflags) {			\
	.work = __WORK_INITIALIZER((n).work, (f)),			\
	.timer = __TIMER_INITIALIZER(NULL, 0, (unsigned long)&(n), (tflags)), \
	}
void __init_work(struct work_struct *work, work_func_t func, const char *name,
		 struct lock_class_key *key);
void __init_delayed_work(struct delayed_work *dwork, work_func_t func, unsigned int tflags,
			 const char *name, struct lock_class_key *key);
#define __INIT_WORK(w, f)	do {					\
		static struct lock_class_key __key;			\
		__init_work((w), (f), "(" #w ")", &__key);		\
	} while (0)
#define __INIT_DELAYED_WORK(dw, f, tflags)	do {			\
		static struct lock_class_key __key;			\
		__init_delayed_work((dw), (f), (tflags), "(&(" #dw ")->work)", &__key); \
	} while (0)
/** @endcond */

/** Define a work item. @param n its name @param f its function */
#define DECLARE_WORK(n, f) struct work_struct n = __WORK_INITIALIZER(n, f)
/** Define a delayed work item. @param n its name @param f its function */
#define DECLARE_DELAYED_WORK(n, f) \
	struct delayed_work n = __DELAYED_WORK_INITIALIZER(n, f, 0)
/** The same with a timer that need not wake an idle CPU. @param n its name @param f its function */
#define DECLARE_DEFERRABLE_WORK(n, f) \
	struct delayed_work n = __DELAYED_WORK_INITIALIZER(n, f, TIMER_DEFERRABLE)

/** Make a work item ready for use; not while it is pending. @param w the item @param f its function */
#define INIT_WORK(w, f) __INIT_WORK(w, f)
/** INIT_WORK() for an item on the stack. @param w the item @param f its function */
#define INIT_WORK_ONSTACK(w, f) __INIT_WORK(w, f)
/** Make a delayed work item ready for use. @param dw the item @param f its function */
#define INIT_DELAYED_WORK(dw, f) __INIT_DELAYED_WORK(dw, f, 0)
/** INIT_DELAYED_WORK() for an item on the stack. @param dw the item @param f its function */
#define INIT_DELAYED_WORK_ONSTACK(dw, f) __INIT_DELAYED_WORK(dw, f, 0)
/** The same with a deferrable timer. @param dw the item @param f its function */
#define INIT_DEFERRABLE_WORK(dw, f) __INIT_DELAYED_WORK(dw, f, TIMER_DEFERRABLE)
/** INIT_DEFERRABLE_WORK() for an item on the stack. @param dw the item @param f its function */
#define INIT_DEFERRABLE_WORK_ONSTACK(dw, f) __INIT_DELAYED_WORK(dw, f, TIMER_DEFERRABLE)
/** An on-stack item goes out of scope; nothing to do without debugobjects. @param work the item */
static inline void destroy_work_on_stack(struct work_struct *work)
{
}
/** The same for a delayed item. @param dwork the item */
static inline void destroy_delayed_work_on_stack(struct delayed_work *dwork)
{
}

/** Whether an item is pending: queued, or on its timer. @param work the item */
#define work_pending(work) test_bit(WORK_STRUCT_PENDING_BIT, work_data_bits(work))
/** The same for a delayed item. @param dw the item */
#define delayed_work_pending(dw) work_pending(&(dw)->work)

extern struct workqueue_struct *system_wq;		/**< "events": schedule_work() and its kin */
extern struct workqueue_struct *system_highpri_wq;	/**< "events_highpri" */
extern struct workqueue_struct *system_freezable_wq;	/**< "events_freezable" */
extern struct workqueue_struct *system_power_efficient_wq;	/**< "events_power_efficient" */
extern struct workqueue_struct *system_freezable_power_efficient_wq;	/**< "events_freezable_power_efficient" */
extern struct workqueue_struct *system_unbound_wq;	/**< "events_unbound" */
extern struct workqueue_struct *system_long_wq;		/**< "events_long" */

/** @cond */
/* lock_name NULL: the workqueue's own name, as in 2.6.32 and since 4.20. */
struct workqueue_struct *__alloc_workqueue_key(const char *fmt, unsigned int flags, int max_active,
		struct lock_class_key *key, const char *lock_name, ...)
	__attribute__((format(printf, 1, 6)));
/** @endcond */
/**
 * Make a workqueue (3.18).  Context: process.
 * @param fmt printf format of its name (24 bytes with the NUL are kept)
 * @param flags WQ_* flags
 * @param max_active most items at once per CPU (bound) or per pwq (unbound); 0 = #WQ_DFL_ACTIVE
 * @param args for @p fmt
 * @return the workqueue, or NULL without memory or threads
 */
#define alloc_workqueue(fmt, flags, max_active, args...)	({	\
		static struct lock_class_key __key;			\
		__alloc_workqueue_key((fmt), (flags), (max_active), &__key, NULL, ##args); \
	})
/** Make a workqueue that runs one item at a time, in order. @param fmt name @param flags WQ_FREEZABLE, WQ_MEM_RECLAIM @param args for fmt */
#define alloc_ordered_workqueue(fmt, flags, args...) \
	alloc_workqueue(fmt, WQ_UNBOUND | __WQ_ORDERED | (flags), 1, ##args)

/**
 * Make a workqueue as 2.6.32 has it: a thread on each CPU (legacy), or what
 * 3.18 translates the call to (one rescuer, max_active 1).  Context: process.
 * @param name its name; legacy keeps the pointer
 * @return the workqueue or NULL
 */
#define create_workqueue(name)	__create_workqueue(name, 0, 0, 0)
/**
 * The same with one thread in all; 3.18: an ordered workqueue.  Context: process.
 * @param name its name
 * @return the workqueue or NULL
 */
#define create_singlethread_workqueue(name)	__create_workqueue(name, 1, 0, 0)
/**
 * One item at a time, and none while the system suspends (3.18's spelling; there not
 * ordered by name, only by max_active 1).  Context: process.
 * @param name its name
 * @return the workqueue or NULL
 */
#define create_freezable_workqueue(name)	__create_workqueue(name, 1, 1, 0)
/** Wait for everything, then take a workqueue down.  Context: process. @param wq the workqueue */
void destroy_workqueue(struct workqueue_struct *wq);

/**
 * Queue an item on the local CPU.  Context: ANY.
 * @param wq where to
 * @param work what
 * @return true if it was not pending and is now queued
 */
bool queue_work(struct workqueue_struct *wq, struct work_struct *work);
/**
 * Queue an item on a CPU; the caller sees to it that the CPU stays.  Context: ANY.
 * @param cpu which, or #WORK_CPU_UNBOUND for the local one
 * @param wq where to
 * @param work what
 * @return true if it was not pending and is now queued
 */
bool queue_work_on(int cpu, struct workqueue_struct *wq, struct work_struct *work);
/**
 * Queue an item after a delay.  Context: ANY.
 * @param wq where to
 * @param dwork what
 * @param delay in jiffies; 0 queues at once
 * @return true if it was not pending and is now on its timer or queued
 */
bool queue_delayed_work(struct workqueue_struct *wq, struct delayed_work *dwork, unsigned long delay);
/**
 * Queue an item on a CPU after a delay.  Context: ANY.
 * @param cpu which, or #WORK_CPU_UNBOUND
 * @param wq where to
 * @param dwork what
 * @param delay in jiffies; 0 queues at once in 3.18, and arms a timer in 2.6.32
 * @return true if it was not pending and is now on its timer or queued
 */
bool queue_delayed_work_on(int cpu, struct workqueue_struct *wq, struct delayed_work *dwork, unsigned long delay);
/**
 * Set or change an item's delay (3.18).  Context: ANY.
 * @param cpu which, or #WORK_CPU_UNBOUND
 * @param wq where to
 * @param dwork what
 * @param delay in jiffies
 * @return false if it was idle (and is now queued), true if it was pending
 */
bool mod_delayed_work_on(int cpu, struct workqueue_struct *wq, struct delayed_work *dwork, unsigned long delay);
/** mod_delayed_work_on() for the local CPU. @param wq where to @param dwork what @param delay in jiffies @return as there */
bool mod_delayed_work(struct workqueue_struct *wq, struct delayed_work *dwork, unsigned long delay);

/** queue_work() on the system workqueue. @param work what @return as queue_work() */
bool schedule_work(struct work_struct *work);
/** queue_work_on() on the system workqueue. @param cpu which @param work what @return as queue_work_on() */
bool schedule_work_on(int cpu, struct work_struct *work);
/** queue_delayed_work() on the system workqueue. @param dwork what @param delay in jiffies @return as there */
bool schedule_delayed_work(struct delayed_work *dwork, unsigned long delay);
/** queue_delayed_work_on() on the system workqueue. @param cpu which @param dwork what @param delay in jiffies @return as there */
bool schedule_delayed_work_on(int cpu, struct delayed_work *dwork, unsigned long delay);
/**
 * Call a function on every online CPU and wait for all.  Context: process.
 * @param func what
 * @return 0 or -ENOMEM
 */
int schedule_on_each_cpu(work_func_t func);
/**
 * Call a function in process context: at once, or by the system workqueue if this is an
 * interrupt.  Context: ANY.
 * @param fn what
 * @param ew given to @p fn; stays in use until that has been called
 * @return 0 if it was called, 1 if it was scheduled
 */
int execute_in_process_context(work_func_t fn, struct execute_work *ew);
/**
 * Call a function on a CPU and wait for it; the caller sees to it that the CPU stays.
 * Context: process.
 * @param cpu where
 * @param fn what
 * @param arg handed to @p fn
 * @return what @p fn returned; 2.6.32, which makes a thread for it: also -errno
 */
long work_on_cpu(int cpu, long (*fn)(void *arg), void *arg);

/** Wait for all that was queued before.  Context: process. @param wq the workqueue */
void flush_workqueue(struct workqueue_struct *wq);
/** Wait until a workqueue is empty; only its own items may queue meanwhile (3.18).  Context: process. @param wq the workqueue */
void drain_workqueue(struct workqueue_struct *wq);
/** flush_workqueue() on the system workqueue.  Context: process. */
void flush_scheduled_work(void);
/** Wait for an item's last queueing.  Context: process. @param work the item @return true if it waited */
bool flush_work(struct work_struct *work);
/** Queue a delayed item now and wait for it.  Context: process. @param dwork the item @return true if it waited */
bool flush_delayed_work(struct delayed_work *dwork);
/** Dequeue an item and wait until it does not run.  Context: process. @param work the item @return true if it was pending */
bool cancel_work_sync(struct work_struct *work);
/**
 * Dequeue a delayed item without waiting; 2.6.32 only stops its timer.
 * Context: ANY (3.18), not hard interrupt (2.6.32).
 * @param dwork the item
 * @return true if it was pending (2.6.32: on its timer) and no longer is
 */
bool cancel_delayed_work(struct delayed_work *dwork);
/** cancel_work_sync() for a delayed item.  Context: process. @param dwork the item @return true if it was pending */
bool cancel_delayed_work_sync(struct delayed_work *dwork);

/**
 * Make attributes: nice 0, all possible CPUs, NUMA placement on (3.18).  Context: process.
 * @param gfp GFP_*
 * @return them, for free_workqueue_attrs(); NULL without memory
 */
struct workqueue_attrs *alloc_workqueue_attrs(gfp_t gfp);
/** Give attributes back. @param attrs from alloc_workqueue_attrs(); NULL is fine */
void free_workqueue_attrs(struct workqueue_attrs *attrs);
/**
 * Have an unbound workqueue's items executed by workers with other attributes (3.18).
 * Items that are queued or run stay where they are.  Context: process.
 * @param wq an unbound workqueue, not an ordered one
 * @param attrs copied; CPUs that are not possible are left out
 * @return 0, -EINVAL (with a warning) or -ENOMEM
 */
int apply_workqueue_attrs(struct workqueue_struct *wq, const struct workqueue_attrs *attrs);
/**
 * Give a workqueue a folder in sysfs; WQ_SYSFS does it by itself (3.18).  Context: process.
 * @param wq not an ordered one
 * @return 0, -EINVAL (with a warning), -EEXIST or -ENOMEM
 */
int workqueue_sysfs_register(struct workqueue_struct *wq);
/** Change max_active (3.18).  Context: not interrupt. @param wq the workqueue @param max_active the new limit */
void workqueue_set_max_active(struct workqueue_struct *wq, int max_active);
/** Whether an item is pending or runs: a hint.  Context: ANY. @param work the item @return WORK_BUSY_* bits */
unsigned int work_busy(struct work_struct *work);
/** Print what the workqueues and pools hold that are in use, each engine's (4.1).  Context: ANY. */
void show_workqueue_state(void);
/**
 * Whether items are held back by max_active: a hint (3.18).  Context: ANY.
 * @param cpu which CPU's pwq, or #WORK_CPU_UNBOUND for the local one
 * @param wq the workqueue
 */
bool workqueue_congested(int cpu, struct workqueue_struct *wq);
/** @return whether current is a workqueue's rescuer (3.18). */
bool current_is_workqueue_rescuer(void);
/**
 * Say what the current worker is at, for print_worker_info(); until the item ends (3.18).
 * @param fmt printf format of up to 23 characters
 * @param ... for @p fmt
 */
void set_worker_desc(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/**
 * Print "Workqueue: NAME FUNCTION (DESCRIPTION)" if a task is a worker that executes an
 * item (3.18).  Context: process, or the task itself anywhere.
 * @param log_lvl KERN_* of the line
 * @param task who
 */
void print_worker_info(const char *log_lvl, struct task_struct *task);
/** What the timer of a delayed work item calls (3.18). @param __data the item's address */
void delayed_work_timer_fn(unsigned long __data);
/** From now on freezable workqueues start nothing (3.18).  Context: process. */
void freeze_workqueues_begin(void);
/** Whether items of freezable workqueues still go on; after freeze_workqueues_begin() (3.18).  Context: process. */
bool freeze_workqueues_busy(void);
/** Freezable workqueues go on; nothing without a freeze_workqueues_begin() before (3.18).  Context: process. */
void thaw_workqueues(void);
/** @return whether the system workqueue exists yet. */
bool keventd_up(void);

#include <linux/workqueue_2_6_32.h>

#endif
