// SPDX-License-Identifier: GPL-2.0-only
/*
 * Wait queues and completions: who is woken, how many, and what is returned.
 */
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <linux/wait.h>
#include <wqlab/mach.h>

#include "wqtest.h"

#define MS(n)	((n) * 1000000ull)

static DECLARE_WAIT_QUEUE_HEAD(q);
static DECLARE_COMPLETION(done);
static int open, woken[4];
static char order[64];
static int len;

enum { PLAIN, INTERRUPTIBLE, EXCLUSIVE };

/* Wait for one wake-up, and tell. */
static int waits_once(void *arg)
{
	long n = (long)arg, kind = n / 100;
	DEFINE_WAIT(wait);

	if (kind == EXCLUSIVE)
		prepare_to_wait_exclusive(&q, &wait, TASK_INTERRUPTIBLE);
	else
		prepare_to_wait(&q, &wait, kind == PLAIN ? TASK_UNINTERRUPTIBLE :
							   TASK_INTERRUPTIBLE);
	schedule();
	finish_wait(&q, &wait);
	CHECK(list_empty(&wait.task_list));
	woken[kind]++;
	order[len++] = (char)('0' + n % 100);
	return 0;
}

static void start(int kind, int n)
{
	kthread_run(waits_once, (void *)(kind * 100L + n), "waiter/%d", n);
	msleep(1);
}

/* wake_up(): all plain ones and the first exclusive one, in order of coming. */
static int exclusive(void *arg)
{
	start(EXCLUSIVE, 1);
	start(PLAIN, 2);
	start(EXCLUSIVE, 3);
	start(INTERRUPTIBLE, 4);
	start(EXCLUSIVE, 5);
	start(EXCLUSIVE, 6);
	CHECK(waitqueue_active(&q));
	wake_up(&q);
	msleep(1);
	CHECK_EQ(woken[PLAIN], 1);
	CHECK_EQ(woken[INTERRUPTIBLE], 1);
	CHECK_EQ(woken[EXCLUSIVE], 1);
	CHECK_EQ(order[2], '1');
	wake_up_nr(&q, 2);
	msleep(1);
	CHECK_STR(order + 3, "35");
	start(PLAIN, 7);
	wake_up_interruptible(&q);		/* not the one that is uninterruptible */
	msleep(1);
	CHECK_STR(order + 3, "356");
	wake_up_all(&q);
	msleep(1);
	CHECK_STR(order + 3, "3567");
	CHECK(!waitqueue_active(&q));
	start(EXCLUSIVE, 1);
	start(EXCLUSIVE, 2);
	start(EXCLUSIVE, 3);
	wake_up_all(&q);
	msleep(1);
	CHECK_STR(order + 7, "123");
	return 0;
}

WQTEST(waiting, exclusive_waiters_are_woken_one_at_a_time)
{
	RUN(1, exclusive);
}

/* An exclusive waiter that is awake already does not use the wake-up up. */
static int not_used_up(void *arg)
{
	DEFINE_WAIT(wait);

	prepare_to_wait_exclusive(&q, &wait, TASK_INTERRUPTIBLE);
	__set_current_state(TASK_RUNNING);
	start(EXCLUSIVE, 1);
	wake_up(&q);
	msleep(1);
	CHECK_EQ(woken[EXCLUSIVE], 1);
	finish_wait(&q, &wait);
	CHECK(!waitqueue_active(&q));
	return 0;
}

WQTEST(waiting, who_is_awake_does_not_use_a_wake_up_up)
{
	RUN(1, not_used_up);
}

/* wait_event(): tested again after each wake-up; not waited for what holds. */
static int passed;

static int waits_for_open(void *arg)
{
	wait_event(q, open >= 3);
	passed++;
	return 0;
}

static int wait_events(void *arg)
{
	kthread_run(waits_for_open, NULL, "waiter");
	kthread_run(waits_for_open, NULL, "waiter");
	for (open = 1; open <= 2; open++) {
		wake_up(&q);
		msleep(1);
		CHECK_EQ(passed, 0);
	}
	CHECK_EQ(open, 3);
	msleep(1);
	CHECK_EQ(passed, 0);			/* nobody told them */
	wake_up(&q);
	msleep(1);
	CHECK_EQ(passed, 2);
	wait_event(q, open == 3);
	CHECK_EQ(wait_event_interruptible(q, open == 3), 0);
	CHECK_EQ(wait_event_interruptible_exclusive(q, open == 3), 0);
	return 0;
}

WQTEST(waiting, wait_event)
{
	RUN(2, wait_events);
}

/* With a limit: 0 when it ran out, else what was left, at least 1. */
static int opens(void *arg)
{
	schedule_timeout_uninterruptible((long)arg);
	open = 1;
	wake_up(&q);
	return 0;
}

static int limits(void *arg)
{
	u64 t0 = mach_now();

	CHECK_EQ(wait_event_timeout(q, open, 10), 0);
	CHECK_EQ(mach_now() - t0, MS(10));
	kthread_run(opens, (void *)4L, "opener");
	CHECK_EQ(wait_event_timeout(q, open, 10), 6);
	CHECK_EQ(wait_event_timeout(q, open, 10), 10);
	CHECK_EQ(wait_event_timeout(q, open, 0), 1);
	open = 0;
	CHECK_EQ(wait_event_timeout(q, open, 0), 0);
	CHECK_EQ(wait_event_interruptible_timeout(q, open, 3), 0);
	kthread_run(opens, (void *)2L, "opener");
	CHECK_EQ(wait_event_interruptible_timeout(q, open, 3), 1);
	return 0;
}

WQTEST(waiting, limits)
{
	RUN(1, limits);
}

/* ---- completions ---- */

static int waits_for_done(void *arg)
{
	wait_for_completion(&done);
	passed++;
	return 0;
}

static int completions(void *arg)
{
	CHECK(!completion_done(&done));
	CHECK(!try_wait_for_completion(&done));
	complete(&done);			/* before anybody waits: it is kept */
	complete(&done);
	CHECK(completion_done(&done));
	wait_for_completion(&done);
	CHECK(try_wait_for_completion(&done));
	CHECK(!try_wait_for_completion(&done));

	for (int i = 0; i < 4; i++)
		kthread_run(waits_for_done, NULL, "waiter");
	msleep(1);
	complete(&done);			/* lets one pass */
	msleep(1);
	CHECK_EQ(passed, 1);
	complete(&done);
	complete(&done);
	msleep(1);
	CHECK_EQ(passed, 3);
	complete_all(&done);			/* lets all pass, for good */
	msleep(1);
	CHECK_EQ(passed, 4);
	for (int i = 0; i < 5; i++)
		wait_for_completion(&done);
	CHECK_EQ(done.done, UINT_MAX);		/* none of them used any of it up */
	complete(&done);
	wait_for_completion(&done);
	reinit_completion(&done);
	CHECK(!completion_done(&done));
	return 0;
}

WQTEST(waiting, completions)
{
	RUN(1, completions);
	RUN(2, completions);
}

static int completes(void *arg)
{
	schedule_timeout_uninterruptible((long)arg);
	complete(&done);
	return 0;
}

static int completion_limits(void *arg)
{
	CHECK_EQ(wait_for_completion_timeout(&done, 10), 0);
	CHECK_EQ(mach_now(), MS(10));
	kthread_run(completes, (void *)4L, "completer");
	CHECK_EQ(wait_for_completion_timeout(&done, 10), 6);
	complete(&done);
	CHECK_EQ(wait_for_completion_timeout(&done, 10), 10);
	CHECK(!completion_done(&done));
	complete(&done);
	CHECK_EQ(wait_for_completion_interruptible(&done), 0);
	CHECK(!completion_done(&done));
	return 0;
}

WQTEST(waiting, completion_limits)
{
	RUN(1, completion_limits);
}

/* Once a waiter is back, the completion may go: on its stack, in any order. */
static int completes_given(void *arg)
{
	complete(arg);
	return 0;
}

static int on_the_stack(void *arg)
{
	for (int i = 0; i < 5; i++) {
		DECLARE_COMPLETION_ONSTACK(mine);

		kthread_run(completes_given, &mine, "completer");
		wait_for_completion(&mine);
		memset(&mine, 0x6b, sizeof(mine));
	}
	return 0;
}

WQTEST(waiting, completion_may_go_after_the_wait)
{
	char explore[32];

	for (int seed = 1; seed <= 150; seed++) {
		const struct machine_config cfg = { .cpus = 2, .quiet = true, .explore = explore };
		struct machine_result res;

		snprintf(explore, sizeof(explore), "random:%d", seed);
		if (sim_run(&cfg, on_the_stack, NULL, &res))
			return;
		CHECK_MSG(res.verdict == VERDICT_OK || res.verdict == VERDICT_LEAK, "%s: %s",
			  explore, res.report);
		machine_result_free(&res);
	}
}
