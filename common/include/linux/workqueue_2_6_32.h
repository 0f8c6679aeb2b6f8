/* SPDX-License-Identifier: GPL-2.0-only */
/**
 * @file
 * What 2.6.32's include/linux/workqueue.h has and 3.18's no longer does.
 *
 * Included by <linux/workqueue.h>.  Calls that were renamed or swallowed by others do what
 * they did where that engine holds the workqueue or item; on CMWQ they do the nearest that
 * 3.18 offers, which stands behind each.
 */
#ifndef _LINUX_WORKQUEUE_2_6_32_H
#define _LINUX_WORKQUEUE_2_6_32_H

#include <linux/bitops.h>
#include <linux/workqueue.h>

struct lock_class_key;

/** Change an item's function only; not while it is pending. @param _work the item @param _func its function */
#define PREPARE_WORK(_work, _func)		((void)((_work)->func = (_func)))
/** The same for a delayed item. @param _work the item @param _func its function */
#define PREPARE_DELAYED_WORK(_work, _func)	PREPARE_WORK(&(_work)->work, (_func))
/** INIT_DELAYED_WORK_ONSTACK() as it was spelled. @param _work the item @param _func its function */
#define INIT_DELAYED_WORK_ON_STACK(_work, _func)	INIT_DELAYED_WORK_ONSTACK((_work), (_func))
/** INIT_DEFERRABLE_WORK() as it was spelled. @param _work the item @param _func its function */
#define INIT_DELAYED_WORK_DEFERRABLE(_work, _func)	INIT_DEFERRABLE_WORK((_work), (_func))

/** Let an item be queued again; only for who owns its PENDING bit. @param work the item */
static inline void work_clear_pending(struct work_struct *work)
{
	clear_bit(WORK_STRUCT_PENDING_BIT, work_data_bits(work));
}

/**
 * Make a workqueue; all create_*() calls of 2.6.32 end here.  Context: process.
 * @param name its name; the pointer is kept
 * @param singlethread one thread in all, else one on each CPU
 * @param freezeable its threads stand still while the system sleeps
 * @param rt its threads are SCHED_FIFO with priority 99
 * @param key the workqueue's lock class, in static memory
 * @param lock_name its name for lockdep; NULL: @p name
 * @return the workqueue, or NULL without memory or threads; CMWQ: what create_workqueue()
 *	and its kin are translated to
 */
struct workqueue_struct *__create_workqueue_key(const char *name, int singlethread, int freezeable,
		int rt, struct lock_class_key *key, const char *lock_name);
/** The same, each place that calls it being a lock class. */
#define __create_workqueue(name, singlethread, freezeable, rt)	({	\
		static struct lock_class_key __key;			\
		__create_workqueue_key((name), (singlethread), (freezeable), (rt), &__key, NULL); \
	})

/**
 * One thread, which stands still while the system sleeps.  Context: process.
 * @param name its name
 * @return the workqueue or NULL; CMWQ: freezable, unbound, one item at a time
 */
#define create_freezeable_workqueue(name)	__create_workqueue(name, 1, 1, 0)
/**
 * A thread of real-time priority on each CPU.  Context: process.
 * @param name its name
 * @return the workqueue or NULL; CMWQ: WQ_HIGHPRI, with a warning
 */
#define create_rt_workqueue(name)	__create_workqueue(name, 0, 0, 1)

/**
 * Stop an item's timer, without waiting for its function if that runs now.  Context: ANY.
 * @param dwork the item
 * @return true if it was on its timer; CMWQ: cancel_delayed_work()
 */
bool __cancel_delayed_work(struct delayed_work *dwork);
/** cancel_delayed_work_sync() as it was. @param dwork the item */
static inline void cancel_rearming_delayed_work(struct delayed_work *dwork)
{
	cancel_delayed_work_sync(dwork);
}
/** The same, with a workqueue that it does not look at. @param wq any @param dwork the item */
static inline void cancel_rearming_delayed_workqueue(struct workqueue_struct *wq,
						     struct delayed_work *dwork)
{
	cancel_delayed_work_sync(dwork);
}

/** @return whether current is the keventd thread of its CPU; CMWQ: false, it has no such threads. */
int current_is_keventd(void);

#endif
