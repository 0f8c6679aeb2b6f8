/* SPDX-License-Identifier: GPL-2.0-only */
/**
 * @file
 * Calls that kernels after 3.18 added to the workqueue.
 *
 * They do not change what 3.18 does, so they are there always; what would change it (the
 * watchdog, the counters) is there when the kernel's command line says workqueue.later.
 * Legacy has none of it and says so.
 */
#ifndef _LINUX_WORKQUEUE_LATER_H
#define _LINUX_WORKQUEUE_LATER_H

#include <linux/workqueue.h>

/** A work item that is queued after an RCU grace period (4.17). */
struct rcu_work {
	struct work_struct work;	/**< the item */
	struct rcu_head rcu;		/**< waits for the grace period */
	struct workqueue_struct *wq;	/**< where to then */
};

/** Make one ready for use. @param rw it @param f its function */
#define INIT_RCU_WORK(rw, f)		INIT_WORK(&(rw)->work, (f))
/** The same on the stack. @param rw it @param f its function */
#define INIT_RCU_WORK_ONSTACK(rw, f)	INIT_WORK_ONSTACK(&(rw)->work, (f))

/** The RCU work around an item. @param work the item @return its container */
static inline struct rcu_work *to_rcu_work(struct work_struct *work)
{
	return container_of(work, struct rcu_work, work);
}

/**
 * Queue an item once all RCU readers that are inside now have left (4.17).  Context: ANY.
 * @param wq where to
 * @param rwork what
 * @return false if it was pending, for which see flush_rcu_work()
 */
bool queue_rcu_work(struct workqueue_struct *wq, struct rcu_work *rwork);
/**
 * Wait for an item's last queueing, the grace period before it included (4.17).  Context: process.
 * @param rwork what
 * @return true if it was pending, or there was a run to wait for
 */
bool flush_rcu_work(struct rcu_work *rwork);
/** @return the item that current executes, NULL if it is no worker or idle (4.16). */
struct work_struct *current_work(void);

/** What is counted for each pwq (6.5), with workqueue.later on the command line. */
enum pool_workqueue_stats {
	PWQ_STAT_STARTED,	/**< items that were started */
	PWQ_STAT_COMPLETED,	/**< ... and have returned */
	PWQ_STAT_CPU_TIME,	/**< CPU time in them, microseconds (simulated machine) */
	PWQ_STAT_CPU_INTENSIVE,	/**< items that did not count for concurrency; here those of WQ_CPU_INTENSIVE */
	PWQ_STAT_CM_WAKEUP,	/**< workers woken because the last running one slept */
	PWQ_STAT_REPATRIATED,	/**< unbound workers brought back into their scope; there are no scopes here: 0 */
	PWQ_STAT_MAYDAY,	/**< calls for the rescuer */
	PWQ_STAT_RESCUED,	/**< items that the rescuer executed */
	PWQ_NR_STATS		/**< how many there are */
};

/**
 * The counters of a workqueue, over all its pwqs; those that are gone are not in it (not in
 * the kernel, where drgn reads them).  Context: process.
 * @param wq which
 * @param stats gets #PWQ_NR_STATS numbers
 * @return false, and zeroes, if nothing is counted
 */
bool workqueue_stats(struct workqueue_struct *wq, u64 *stats);

#endif
