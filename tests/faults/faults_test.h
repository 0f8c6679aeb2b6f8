/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the small tests share that planted faults are to fail (README.md).  Two to four
 * tasks and one or two items each: small enough that a search sees most of what can
 * happen.  They are tests as any other, and hold under every schedule.
 */
#ifndef FAULTS_TEST_H
#define FAULTS_TEST_H

#include <linux/cpu.h>
#include <wqlab/check.h>
#include <wqlab/explore.h>

#include "tests/contract/contract_test.h"

/* Tasks that are through with their part. */
static struct completion all_done __attribute__((unused));

/* Start a task on a CPU; it ends by calling part_done(). */
static inline struct task_struct *start_on(int cpu, int (*fn)(void *), void *arg, const char *name)
{
	struct task_struct *p = kthread_create(fn, arg, "%s", name);

	CHECK(!IS_ERR(p));
	kthread_bind(p, cpu);
	wake_up_process(p);
	return p;
}

static inline int part_done(void)
{
	complete(&all_done);
	return 0;
}

static inline void wait_for_parts(int n)
{
	while (n--)
		wait_for_completion(&all_done);
}

/* What stands before this is the same in all schedules.  Init stays where its helpers are not. */
static inline void search_from_here(void)
{
	init_completion(&all_done);
	CHECK_EQ(set_cpus_allowed_ptr(current, cpumask_of(0)), 0);
	machine_explore_from_here();
}

/* A CPU comes up again, and all who belong there have got to know it. */
static inline void bring_back(int cpu)
{
	CHECK_EQ(cpu_up(cpu), 0);
	pass_ms(1);
}

/* Queued for a CPU it runs there. */
static inline void ends_on(struct workqueue_struct *wq, struct counted *c, int cpu)
{
	int before = c->runs;

	CHECK(queue_work_on(cpu, wq, &c->work));
	flush_work(&c->work);
	CHECK_EQ(c->runs, before + 1);
	CHECK_EQ(c->cpu, cpu);
}

/* Let all come to rest, and look whether everything is as it should be then. */
static inline void check_at_rest(void)
{
	pass_ms(1);
	invariants_quiescent();
}

#endif
