// SPDX-License-Identifier: GPL-2.0-only
/*
 * "Example Execution Scenarios" of the kernel's documentation, row by row, from the
 * trace.  Three items are queued to one CPU at 0 ms.  w0 burns 5 ms, sleeps 10 ms,
 * burns 5 ms; w1 and w2 burn 5 ms, sleep 10 ms and end.
 *
 * The documentation's rows are idealised in one place: where w1 and w2 "start" at
 * the same time on one CPU (S4, row 3), w2 becomes runnable then and has the CPU
 * when w1 sleeps.
 */
#include "cmwq_test.h"

#define SCENARIO_ITEMS	3

static struct work_struct w[SCENARIO_ITEMS];

static void step(struct work_struct *work, const char *what)
{
	static const char *const names[] = { "w0", "w1", "w2" };

	trace_step(work, names[work - w], STEP_DO, what);
}

static void scenario_fn(struct work_struct *work)
{
	step(work, "start_burn");
	mdelay(5);
	step(work, "sleep");
	pass_ms(10);
	if (work == &w[0]) {
		step(work, "wake_burn");
		mdelay(5);
		step(work, "finish");
	} else {
		step(work, "wake_finish");
	}
}

struct row {
	unsigned int ms;
	const char *work, *event;
};

/* How the items are spread, handed to the machine. */
struct setup {
	const char *engine;
	unsigned int max_active;	/* 0: create_workqueue() */
	bool intensive;			/* w1 and w2 on a workqueue of their own */
};

static int play(void *arg)
{
	const struct setup *s = arg;
	struct workqueue_struct *q0, *q1;

	q0 = s->max_active ? alloc_workqueue("q0", 0, s->max_active) : create_workqueue("q0");
	q1 = s->intensive ? alloc_workqueue("q1", WQ_CPU_INTENSIVE, s->max_active) : q0;
	if (s->intensive)
		stand_by(q0, 0, 3);	/* so that who is awake was woken for an item */
	for (int i = 0; i < SCENARIO_ITEMS; i++) {
		INIT_WORK(&w[i], scenario_fn);
		queue_work_on(0, i ? q1 : q0, &w[i]);
	}
	flush_workqueue(q0);
	flush_workqueue(q1);
	destroy_workqueue(q0);
	if (q1 != q0)
		destroy_workqueue(q1);
	return 0;
}

/* Play it and compare row by row. */
static void compare(const struct setup *s, const struct row *rows, int nr)
{
	struct machine_config cfg = {
		.kind = "sim", .engines = s->engine, .cpus = 1, .quiet = true,
	};
	struct machine_result res;
	int row = 0;

	if (sim_run(&cfg, play, (void *)s, &res))
		return;
	CHECK_MSG(res.verdict == VERDICT_OK, "%s\n%s", res.report, res.log);
	for (size_t i = 0; i < trace_count(); i++) {
		const struct trace_event *ev = trace_get(i);

		if (ev->kind != TRACE_STEP)
			continue;
		CHECK(row < nr);
		if (row == nr)
			break;
		CHECK_MSG(ev->ts == MS(rows[row].ms) &&
			  !strcmp(trace_text(ev->name), rows[row].work) &&
			  !strcmp(trace_text(ev->name2), rows[row].event),
			  "row %d: %u ms %s %s, not %u ms %s %s", row + 1,
			  (unsigned int)(ev->ts / MS(1)), trace_text(ev->name), trace_text(ev->name2),
			  rows[row].ms, rows[row].work, rows[row].event);
		row++;
	}
	CHECK_EQ(row, nr);
	machine_result_free(&res);
}

static const struct row s1[] = {
	{  0, "w0", "start_burn" },
	{  5, "w0", "sleep" },
	{ 15, "w0", "wake_burn" },
	{ 20, "w0", "finish" },
	{ 20, "w1", "start_burn" },
	{ 25, "w1", "sleep" },
	{ 35, "w1", "wake_finish" },
	{ 35, "w2", "start_burn" },
	{ 40, "w2", "sleep" },
	{ 50, "w2", "wake_finish" },
};

/* The design before; and what 3.18 made of its create_workqueue() runs the same course. */
WQTEST(cmwq, cs1_one_after_another)
{
	compare(&(struct setup){ "legacy", 0, false }, s1, ARRAY_SIZE(s1));
	compare(&(struct setup){ "cmwq", 0, false }, s1, ARRAY_SIZE(s1));
	compare(&(struct setup){ "cmwq", 1, false }, s1, ARRAY_SIZE(s1));
}

static const struct row s2[] = {
	{  0, "w0", "start_burn" },
	{  5, "w0", "sleep" },
	{  5, "w1", "start_burn" },
	{ 10, "w1", "sleep" },
	{ 10, "w2", "start_burn" },
	{ 15, "w2", "sleep" },
	{ 15, "w0", "wake_burn" },
	{ 20, "w0", "finish" },
	{ 20, "w1", "wake_finish" },
	{ 25, "w2", "wake_finish" },
};

WQTEST(cmwq, cs2_max_active_3)
{
	compare(&(struct setup){ "cmwq", 3, false }, s2, ARRAY_SIZE(s2));
	compare(&(struct setup){ "cmwq", 256, false }, s2, ARRAY_SIZE(s2));
}

static const struct row s3[] = {
	{  0, "w0", "start_burn" },
	{  5, "w0", "sleep" },
	{  5, "w1", "start_burn" },
	{ 10, "w1", "sleep" },
	{ 15, "w0", "wake_burn" },
	{ 20, "w0", "finish" },
	{ 20, "w1", "wake_finish" },
	{ 20, "w2", "start_burn" },
	{ 25, "w2", "sleep" },
	{ 35, "w2", "wake_finish" },
};

WQTEST(cmwq, cs3_max_active_2)
{
	compare(&(struct setup){ "cmwq", 2, false }, s3, ARRAY_SIZE(s3));
}

/* Row 3 apart, the rows are those of S2. */
WQTEST(cmwq, cs4_cpu_intensive)
{
	const struct trace_event *start;
	u64 woken = 0;

	compare(&(struct setup){ "cmwq", 3, true }, s2, ARRAY_SIZE(s2));
	start = nth_event(TRACE_EXECUTE_START, &w[2], 0);
	CHECK(start && start->pid != nth_event(TRACE_EXECUTE_START, &w[1], 0)->pid);
	for (size_t i = 0; start && i < start->seq; i++) {
		const struct trace_event *ev = trace_get(i);

		if (ev->kind == TRACE_SCHED_WAKEUP && ev->a == start->pid)
			woken = ev->ts;
	}
	CHECK_EQ(woken, MS(5));			/* row 3: w1 and w2 at 5 ms */
}
