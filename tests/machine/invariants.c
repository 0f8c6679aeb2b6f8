// SPDX-License-Identifier: GPL-2.0-only
/* Goals are counted; and what tests/machine/invariants-libc.c plays. */
#include <wqlab/engine.h>
#include <wqlab/invariant.h>

#include "machine_test.h"

static struct work_struct w[8];
static struct delayed_work dw;

static void busy_fn(struct work_struct *work)
{
	static int turns;

	if (turns++ % 3 == 0)
		msleep(1);
	if (turns < 40)
		queue_work(system_wq, work);
}

int busy_machine(void *arg);
int busy_machine(void *arg)
{
	struct workqueue_struct *q = alloc_workqueue("q", 0, 2);

	INIT_DELAYED_WORK(&dw, busy_fn);
	for (int i = 0; i < 8; i++) {
		INIT_WORK(&w[i], busy_fn);
		queue_work_on(i % 2, q, &w[i]);
	}
	queue_delayed_work(q, &dw, 3);
	flush_work(&w[3]);
	cancel_work_sync(&w[5]);
	flush_workqueue(q);
	cancel_delayed_work_sync(&dw);
	for (int i = 0; i < 8; i++)
		flush_work(&w[i]);
	destroy_workqueue(q);
	flush_scheduled_work();
	return 0;
}

static void nap_fn(struct work_struct *work)
{
	msleep(5);
}

/* On one CPU while it still naps on the other. */
static int on_both_cpus(void *arg)
{
	struct workqueue_struct *q = create_workqueue("q");

	INIT_WORK(&w[0], nap_fn);
	queue_work_on(0, q, &w[0]);
	msleep(2);
	queue_work_on(1, q, &w[0]);
	destroy_workqueue(q);
	return 0;
}

WQTEST(invariants_registry, goals)
{
	u64 before = goals_reached[GOAL_B2];

	RUN_WITH(on_both_cpus, .cpus = 2, .engines = "cmwq");
	CHECK_EQ(goals_reached[GOAL_B2], before);
	RUN_WITH(on_both_cpus, .cpus = 2, .engines = "legacy");
	CHECK_EQ(goals_reached[GOAL_B2], before + 1);
	before = goals_reached[GOAL_HELD_BACK];
	RUN_WITH(busy_machine, .cpus = 2, .engines = "cmwq");
	CHECK(goals_reached[GOAL_HELD_BACK] > before);
}
