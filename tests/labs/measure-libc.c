// SPDX-License-Identifier: GPL-2.0-only
/*
 * The numbers of a run, from events made by hand.
 */
#include "wqtest.h"
#include "labs_record-libc.h"
#include "labs/wqlab/measure.h"

WQTEST(labs_measure, nothing)
{
	struct hand h = { 0 };
	struct measures m;

	hand_text(&h, "");
	measure(&h.rec, &m);
	CHECK(!m.ran && !m.waited);
	CHECK_EQ(m.queued + m.started + m.finished + m.threads + m.workers, 0);
	CHECK_EQ(m.makespan_ns + m.busy_ns, 0);
}

/* From the first queueing to the last finish; what was burned before and behind is cut off. */
WQTEST(labs_measure, makespan_and_busy)
{
	struct hand h = { 0 };
	struct measures m;

	STEP(&h, 50, 1, 9, "task", "t", BURN, NULL);
	QUEUED(&h, 100, "w0");
	STARTED(&h, 110, 7, "w0");
	STEP(&h, 110, 0, 7, "k7", "w0", BURN, NULL);
	STEP(&h, 150, 1, 9, "task", "t", DO, "yield");
	STEP(&h, 160, 0, 7, "k7", "w0", SLEEP, NULL);
	STEP(&h, 180, 1, 9, "task", "t", BURN, NULL);
	STEP(&h, 200, 0, 7, "k7", "w0", WAKE, NULL);
	STEP(&h, 200, 0, 7, "k7", "w0", FINISH, NULL);
	STEP(&h, 230, 1, 9, "task", "t", SLEEP, NULL);
	measure(&h.rec, &m);
	CHECK(m.ran);
	CHECK_EQ(m.first_ns, 100);
	CHECK_EQ(m.last_ns, 200);
	CHECK_EQ(m.makespan_ns, 100);
	/* 110..160 on CPU 0; on CPU 1 100..150 and 180..200 */
	CHECK_EQ(m.busy_ns, 50 + 50 + 20);
	CHECK_EQ(m.finished, 1);
	CHECK_EQ(m.workers, 1);
	CHECK_EQ(m.wait_ns, 10);
}

/* While somebody else has the CPU, nothing is burned; both are counted, each for itself. */
WQTEST(labs_measure, switched_away)
{
	struct hand h = { 0 };
	struct measures m;

	QUEUED(&h, 0, "w0");
	STARTED(&h, 0, 7, "w0");
	STEP(&h, 0, 0, 7, "k7", "w0", BURN, NULL);
	SWITCH(&h, 10, 0, 7, 8);
	STEP(&h, 10, 0, 8, "k8", "w1", BURN, NULL);
	SWITCH(&h, 25, 0, 8, 0);
	SWITCH(&h, 30, 0, 0, 7);
	SWITCH(&h, 30, 0, 7, 8);
	STEP(&h, 35, 0, 8, "k8", "w1", SLEEP, NULL);
	SWITCH(&h, 35, 0, 8, 7);
	STEP(&h, 60, 0, 7, "k7", "w0", FINISH, NULL);
	measure(&h.rec, &m);
	CHECK_EQ(m.makespan_ns, 60);
	CHECK_EQ(m.busy_ns, 10 + 15 + 5 + 25);
}

/* Who was switched away and is next seen at a step has burned nothing in between. */
WQTEST(labs_measure, not_seen_back)
{
	struct hand h = { 0 };
	struct measures m;

	QUEUED(&h, 0, "w0");
	STEP(&h, 0, 0, 7, "k7", "w0", BURN, NULL);
	SWITCH(&h, 10, 0, 7, 8);
	STEP(&h, 60, 0, 7, "k7", "w0", FINISH, NULL);
	measure(&h.rec, &m);
	CHECK_EQ(m.busy_ns, 10);
}

/* Two CPUs at once: the sum may be more than the makespan. */
WQTEST(labs_measure, two_cpus)
{
	struct hand h = { 0 };
	struct measures m;

	QUEUED(&h, 0, "w0");
	QUEUED(&h, 0, "w1");
	STARTED(&h, 0, 7, "w0");
	STARTED(&h, 0, 2000, "w1");
	STEP(&h, 0, 0, 7, "k7", "w0", BURN, NULL);
	STEP(&h, 5, 1, 2000, "k2000", "w1", BURN, NULL);
	STEP(&h, 100, 0, 7, "k7", "w0", FINISH, NULL);
	STEP(&h, 105, 1, 2000, "k2000", "w1", FINISH, NULL);
	measure(&h.rec, &m);
	CHECK_EQ(m.makespan_ns, 105);
	CHECK_EQ(m.busy_ns, 200);
	CHECK_EQ(m.workers, 2);
	CHECK_EQ(m.finished, 2);
}

/* The longest wait is named; of equal ones the first.  A second queueing counts anew. */
WQTEST(labs_measure, waits)
{
	struct hand h = { 0 };
	struct measures m;

	hand_add(&h, 0, TRACE_TASK_NEW, 0, 1, "init", NULL, "k7", NULL, 7, 0);
	hand_add(&h, 0, TRACE_TASK_NEW, 0, 1, "init", NULL, "k8", NULL, 8, 0);
	hand_add(&h, 0, TRACE_QUEUE_WORK, 0, 1, "init", "somebody's", "func", "q0", 0, 0);
	QUEUED(&h, 10, "w0");
	QUEUED(&h, 15, "w1");
	STARTED(&h, 15, 7, "w0");
	QUEUED(&h, 20, "w0");
	STARTED(&h, 35, 7, "w1");
	STARTED(&h, 40, 7, "w0");
	hand_add(&h, 90, TRACE_EXECUTE_START, 0, 7, "k7", "somebody's", "func", "q0", 0, 0);
	measure(&h.rec, &m);
	CHECK(m.waited && !m.ran);
	CHECK_EQ(m.wait_ns, 20);
	CHECK_STR(m.wait_item, "w1");
	CHECK_EQ(m.queued, 3);
	CHECK_EQ(m.started, 3);
	CHECK_EQ(m.workers, 1);
	CHECK_EQ(m.threads, 2);
	CHECK_EQ(m.first_ns, 10);
}

/* A start at once is a wait of 0, and a start without a queueing none. */
WQTEST(labs_measure, no_wait)
{
	struct hand h = { 0 };
	struct measures m;

	STARTED(&h, 5, 7, "w1");
	measure(&h.rec, &m);
	CHECK(!m.waited);
	CHECK_EQ(m.started, 1);
	QUEUED(&h, 10, "w0");
	STARTED(&h, 10, 7, "w0");
	measure(&h.rec, &m);
	CHECK(m.waited);
	CHECK_EQ(m.wait_ns, 0);
	CHECK_STR(m.wait_item, "w0");
}

/* Queued and never started: no wait is made up for it. */
WQTEST(labs_measure, never_started)
{
	struct hand h = { 0 };
	struct measures m;

	hand_text(&h, "late");
	QUEUED(&h, 10, "w0");
	QUEUED(&h, 12, "early");
	QUEUED(&h, 14, "late");
	STARTED(&h, 20, 7, "w0");
	STEP(&h, 20, 0, 7, "k7", "w0", BURN, NULL);
	measure(&h.rec, &m);
	CHECK_EQ(m.wait_ns, 10);
	CHECK_STR(m.wait_item, "w0");
	CHECK_EQ(m.queued, 3);
	CHECK_EQ(m.started, 1);
	CHECK(!m.ran);
	CHECK_EQ(m.finished, 0);
	CHECK_EQ(m.makespan_ns, 0);
	CHECK_EQ(m.busy_ns, 0);
}
