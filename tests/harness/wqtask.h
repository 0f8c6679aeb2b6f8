/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * For the tasks of a test: waiting, without a word about how long.
 *
 * On the simulated machine time passes by itself when nobody is ready.  On the
 * native one it passes whether or not the others have got on, so nothing may follow
 * from its having passed; whoever needs something to have happened waits for that.
 */
#ifndef WQTASK_H
#define WQTASK_H

#include <linux/atomic.h>
#include <linux/err.h>
#include <linux/jiffies.h>
#include <linux/kthread.h>
#include <linux/sched.h>
#include <wqlab/mach.h>

#include "wqtest.h"

/* After so long, something that must happen will not; below a test's own limit. */
#define NEVER_NS	(wqtest_native() ? 90000000000ull : 30000000000ull)

/*
 * Let @ms milliseconds pass; all that is ready on this CPU runs first.  Whoever
 * stops a thread wakes it wherever it sleeps, and a waker may be late, hence the loop.
 */
static inline void pass_ms(unsigned int ms)
{
	long left = msecs_to_jiffies(ms);

	while (left)
		left = schedule_timeout_uninterruptible(left);
}

/*
 * Wait until @cond, which must be fit for being looked at while others change it.
 * What they wrote before is there to see only if @cond says so.
 */
#define wait_until(cond)							\
	do {									\
		u64 wait_end = mach_now() + NEVER_NS;				\
										\
		while (!(cond)) {						\
			CHECK_MSG(mach_now() < wait_end, "waited in vain until %s", #cond); \
			pass_ms(1);						\
		}								\
	} while (0)

/* Wait until @n have counted themselves in; what each wrote before is there to see. */
static inline void wait_for_all(atomic_t *v, int n)
{
	wait_until(atomic_add_return(0, v) >= n);
}

/* Start a thread that nobody stops. */
static inline struct task_struct *start_task(int (*fn)(void *), void *arg, const char *name)
{
	struct task_struct *p = kthread_run(fn, arg, "%s", name);

	CHECK(!IS_ERR(p));
	return p;
}

/*
 * Start a thread for join_task().  What it uses may be taken away only behind that:
 * that it has made its last step is nothing virtual time can tell.
 */
static inline struct task_struct *start_joinable(int (*fn)(void *), void *arg, const char *name)
{
	struct task_struct *p = kthread_create(fn, arg, "%s", name);

	CHECK(!IS_ERR(p));
	get_task_struct(p);
	wake_up_process(p);
	return p;
}

/* Wait for the end of such a thread, which must have begun; gives what it returned. */
static inline int join_task(struct task_struct *p)
{
	int ret = kthread_stop(p);

	put_task_struct(p);
	return ret;
}

/*
 * Wait until a task that was started sleeps: so it is inside the one call that lets
 * it, and what is done from here on is done while it waits there.
 */
static inline void wait_until_asleep(struct task_struct *p)
{
	wait_until(__READ_ONCE(p->state) != TASK_RUNNING);
}

/*
 * ... and is off its CPU: who has only said that it will sleep may still be sent away
 * from there.
 */
static inline void wait_until_parked(struct task_struct *p)
{
	wait_until(__READ_ONCE(p->state) != TASK_RUNNING && __READ_ONCE(p->m.run) == MR_PARKED);
}

static inline unsigned int next_random(unsigned int *state)
{
	*state = *state * 1103515245 + 12345;
	return *state >> 16;
}

#endif
