/* SPDX-License-Identifier: GPL-2.0-only */
/**
 * @file
 * Completions: "wait until it is done" (3.18: include/linux/completion.h).
 */
#ifndef _LINUX_COMPLETION_H
#define _LINUX_COMPLETION_H

#include <linux/wait.h>

/** Something that will be done. */
struct completion {
	unsigned int done;		/**< how many waiters may still pass; under wait.lock */
	wait_queue_head_t wait;		/**< who waits */
};

/** @cond */
#define COMPLETION_INITIALIZER(work) {					\
	.wait = { .lock = __SPIN_LOCK_UNLOCKED(work),			\
		  .task_list = { &(work).wait.task_list, &(work).wait.task_list } } }
void __init_completion(struct completion *x, const char *name);
/** @endcond */
#define DECLARE_COMPLETION(work)	struct completion work = COMPLETION_INITIALIZER(work)	/**< define one, not done */
#define COMPLETION_INITIALIZER_ONSTACK(work) ({ init_completion(&work); work; })	/**< initialiser for one on the stack */
/** Define one on the stack, not done. @param work its name */
#define DECLARE_COMPLETION_ONSTACK(work) \
	struct completion work = COMPLETION_INITIALIZER_ONSTACK(work)
#define init_completion(x)	__init_completion(x, #x)	/**< make one not done */
/** Make a used one not done again. @param x the completion */
static inline void reinit_completion(struct completion *x)
{
	x->done = 0;
}

/** Wait until done.  Context: process. @param x what */
void wait_for_completion(struct completion *x);
#define wait_for_completion(x)	__blocking((wait_for_completion)(x))	/**< notes the caller for reports */
/** Wait, at most so long.  Context: process. @param x what @param timeout jiffies @return 0 when it ran out, else what was left (at least 1) */
unsigned long wait_for_completion_timeout(struct completion *x, unsigned long timeout);
#define wait_for_completion_timeout(x, timeout)	__blocking((wait_for_completion_timeout)(x, timeout))	/**< notes the caller for reports */
/** Wait in TASK_INTERRUPTIBLE.  Context: process. @param x what @return 0 */
int wait_for_completion_interruptible(struct completion *x);
#define wait_for_completion_interruptible(x)	__blocking((wait_for_completion_interruptible)(x))	/**< notes the caller for reports */
/** Pass without waiting if done. @param x what @return true if it was */
bool try_wait_for_completion(struct completion *x);
/** Whether a wait would pass at once. @param x what @return true if so */
bool completion_done(struct completion *x);
/** Let one waiter pass.  Context: ANY. @param x what */
void complete(struct completion *x);
/** Let all waiters pass, for good.  Context: ANY. @param x what */
void complete_all(struct completion *x);

#endif
