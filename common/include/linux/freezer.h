/* SPDX-License-Identifier: GPL-2.0-only */
/**
 * @file
 * The freezer: tasks stand still while the system sleeps (2.6.32: include/linux/freezer.h).
 *
 * A kernel thread takes no part unless it says set_freezable(); from then on it has to call
 * try_to_freeze() now and then, wherever it can stand still.  Others who freeze in a way of
 * their own join with freezer_join(), as 3.18's workqueues do.
 */
#ifndef _LINUX_FREEZER_H
#define _LINUX_FREEZER_H

#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/sched.h>
#include <linux/wait.h>

/** Where a task stands with the freezer. */
enum task_freeze {
	TASK_THAWED,		/**< is left alone */
	TASK_FREEZING,		/**< was asked to stand still */
	TASK_FROZEN,		/**< stands still */
};

/** @return whether a task was asked to stand still and does not yet. @param p the task */
static inline bool freezing(const struct task_struct *p)
{
	return __READ_ONCE(p->freeze) == TASK_FREEZING;
}

/** @return whether a task stands still. @param p the task */
static inline bool frozen(const struct task_struct *p)
{
	return __READ_ONCE(p->freeze) == TASK_FROZEN;
}

/** Stand still until thawed, if asked to.  Context: process. */
void refrigerator(void);

/** refrigerator() if current was asked to.  Context: process. @return 1 if it stood still */
static inline int try_to_freeze(void)
{
	might_sleep();
	if (likely(!freezing(current)))
		return 0;
	refrigerator();
	return 1;
}

/** Take part from now on.  Context: process. */
void set_freezable(void);

/** wait_event_interruptible() that also stands still when asked to. @param wq where to wait @param condition for what */
#define wait_event_freezable(wq, condition)	({		\
	int __ret;						\
								\
	do {							\
		__ret = wait_event_interruptible(wq, (condition) || freezing(current)); \
	} while (try_to_freeze() || !(condition));		\
	__ret;							\
})

/** Ask a task to stand still, and wake it if it sleeps interruptibly. @param p the task @return whether it was asked and does not yet */
bool freeze_task(struct task_struct *p);
/** Let a task go on, or take back what it was asked. @param p the task @return whether it stood still */
bool thaw_process(struct task_struct *p);

/** How long freeze_processes() waits for those who do not stand still. */
extern unsigned int freeze_timeout_msecs;

/**
 * Let everybody who takes part stand still, and wait until all do.  Context: process.
 * @return 0; -EBUSY if all is frozen already, or if not all stood still in
 *	#freeze_timeout_msecs: then it says who, and all go on
 */
int freeze_processes(void);
/** Let all go on; does nothing if nothing is frozen.  Context: process. */
void thaw_processes(void);
/** @return how often freeze_processes() has begun, for checks.  Context: ANY. */
unsigned int freezes_begun(void);
/** Whether freeze_processes() has succeeded, and nobody has let go since: a hint.  Context: ANY. */
bool tasks_frozen(void);

/** One who freezes in a way of his own; each is called in process context. */
struct freezer_client {
	void (*begin)(void);		/**< begin no more */
	bool (*busy)(void);		/**< is something going on still? */
	void (*thaw)(void);		/**< go on, also after a begin() that came to nothing */
	struct list_head list;		/**< the freezer's */
};

/** Take part.  Context: process. @param client fixed until freezer_leave() */
void freezer_join(struct freezer_client *client);
/** Take part no more.  Context: process. @param client who joined */
void freezer_leave(struct freezer_client *client);

#endif
