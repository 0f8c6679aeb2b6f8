/* SPDX-License-Identifier: GPL-2.0-only */
/**
 * @file
 * Notifier chains: functions called one after another, most urgent first, each of
 * which may stop the others (3.18: include/linux/notifier.h).
 */
#ifndef _LINUX_NOTIFIER_H
#define _LINUX_NOTIFIER_H

#include <linux/types.h>

struct notifier_block;

/** A notifier's function: what it is, what happened, what it happened to; gives NOTIFY_*. */
typedef int (*notifier_fn_t)(struct notifier_block *nb, unsigned long action, void *data);

/** One who wants to hear. */
struct notifier_block {
	notifier_fn_t notifier_call;		/**< what to call */
	struct notifier_block *next;		/**< the chain's: under whatever guards it */
	int priority;				/**< higher is called earlier; equals as they came */
};

/** A chain that its user guards. */
struct raw_notifier_head {
	struct notifier_block *head;		/**< whom to call first */
};

#define RAW_NOTIFIER_INIT(name)	{ .head = NULL }	/**< an empty chain */
/** Define an empty chain. */
#define RAW_NOTIFIER_HEAD(name)	struct raw_notifier_head name = RAW_NOTIFIER_INIT(name)

#define NOTIFY_DONE		0x0000	/**< of no interest */
#define NOTIFY_OK		0x0001	/**< done what was to do */
#define NOTIFY_STOP_MASK	0x8000	/**< call nobody behind me */
#define NOTIFY_BAD		(NOTIFY_STOP_MASK | 0x0002)	/**< refused */
#define NOTIFY_STOP		(NOTIFY_OK | NOTIFY_STOP_MASK)	/**< done, and done with */

/** What a notifier returns for an error. @param err 0 or -errno @return NOTIFY_OK, or with the stop bit */
static inline int notifier_from_errno(int err)
{
	return err ? NOTIFY_STOP_MASK | (NOTIFY_OK - err) : NOTIFY_OK;
}

/** And back. @param ret what a chain's call returned @return 0 or -errno */
static inline int notifier_to_errno(int ret)
{
	ret &= ~NOTIFY_STOP_MASK;
	return ret > NOTIFY_OK ? NOTIFY_OK - ret : 0;
}

/** Put a block on a chain. @param nh the chain @param nb the block @return 0 */
int raw_notifier_chain_register(struct raw_notifier_head *nh, struct notifier_block *nb);
/** Take one off. @param nh the chain @param nb the block @return 0, or -ENOENT if it is not there */
int raw_notifier_chain_unregister(struct raw_notifier_head *nh, struct notifier_block *nb);
/**
 * Call the chain.
 * @param nh the chain
 * @param val what happened
 * @param v what it happened to
 * @param nr_to_call at most so many; -1: all
 * @param nr_calls incremented for each that was called, also one that refused; or NULL
 * @return what the last one called returned, NOTIFY_DONE if there was none
 */
int __raw_notifier_call_chain(struct raw_notifier_head *nh, unsigned long val, void *v,
			      int nr_to_call, int *nr_calls);
/** The same for all of a chain. @param nh the chain @param val what happened @param v to what @return as there */
int raw_notifier_call_chain(struct raw_notifier_head *nh, unsigned long val, void *v);

#endif
