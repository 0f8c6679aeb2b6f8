/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the tests of the machine share: runs that must end with a given verdict
 * and say given words, tasks on given CPUs, and a diary of what happened when.
 */
#ifndef MACHINE_TEST_H
#define MACHINE_TEST_H

#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/mutex.h>
#include <linux/sched.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/timer.h>
#include <linux/workqueue.h>
#include <wqlab/mach.h>

#include "wqtask.h"
#include "wqtest.h"

#define US(n)	((n) * 1000ull)
#define MS(n)	((n) * 1000000ull)

/* Run @fn; the verdict must be @v and report or log contain each of @texts. */
static noinline __attribute__((unused))
void expect(const char *file, int line, const struct machine_config *cfg,
	    int (*fn)(void *), enum verdict v, const char *const *texts)
{
	struct machine_result res;

	if (wqtest_sim_run(file, line, cfg, fn, NULL, &res))
		return;
	if (res.verdict != v)
		wqtest_fail(file, line, "verdict %s, not %s\n%s\n%s", verdict_name(res.verdict),
			    verdict_name(v), res.report, res.log);
	for (; *texts; texts++)
		if (!strstr(res.report, *texts) && !strstr(res.log, *texts))
			wqtest_fail(file, line, "nobody said \"%s\"\n%s\n%s", *texts,
				    res.report, res.log);
	if (v == VERDICT_OK && (res.ret || res.warnings))
		wqtest_fail(file, line, "returned %d, %u warnings\n%s", res.ret, res.warnings,
			    res.log);
	machine_result_free(&res);
}

#define SAYS(...)	((const char *const []){ __VA_ARGS__, NULL })
#define EXPECT(v, fn, says, ...)						\
	expect(__FILE__, __LINE__,						\
	       &(const struct machine_config){ .quiet = true, __VA_ARGS__ }, fn, v, says)
/* All must go well, on a machine that is a bit special. */
#define RUN_WITH(fn, ...)	EXPECT(VERDICT_OK, fn, SAYS(""), __VA_ARGS__)

/* Start a task bound to a CPU. */
static inline struct task_struct *start_on(int cpu, int (*fn)(void *), void *arg, const char *name)
{
	struct task_struct *t = kthread_create(fn, arg, "%s", name);

	CHECK(!IS_ERR(t));
	kthread_bind(t, cpu);
	wake_up_process(t);
	return t;
}

/* Stay on one CPU from now on. */
static inline void stay_on(int cpu)
{
	CHECK_EQ(set_cpus_allowed_ptr(current, cpumask_of(cpu)), 0);
	CHECK_EQ(smp_processor_id(), cpu);
}

/* A diary: one letter for each thing that happened, and when. */
static char diary[256] __attribute__((unused));
static u64 diary_at[256] __attribute__((unused));
static unsigned int diary_len __attribute__((unused));

static inline void note(char what)
{
	CHECK(diary_len < sizeof(diary) - 1);
	diary_at[diary_len] = mach_now();
	diary[diary_len++] = what;
}

#endif
