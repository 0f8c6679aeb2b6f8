// SPDX-License-Identifier: GPL-2.0-only
/*
 * From events to rows: what is joined, what stands alone, what is left out.
 */
#include <stdio.h>

#include "wqtest.h"
#include "labs_record-libc.h"
#include "labs/wqlab/timeline.h"

/* Build the rows and compare them, each as "TIME CPU WORK EVENT THREAD". */
static void check_rows(int line, struct hand *h, bool all, const char *const *want)
{
	struct timeline tl;
	size_t n = 0;
	char row[200];

	timeline_build(&h->rec, all, &tl);
	while (want[n])
		n++;
	CHECK_MSG(tl.nr == n, "line %d: %zu rows, not %zu", line, tl.nr, n);
	for (size_t i = 0; i < tl.nr && i < n; i++) {
		const struct timeline_row *r = &tl.row[i];

		snprintf(row, sizeof(row), "%llu %u %s|%s|%s", (unsigned long long)r->ns, r->cpu, r->work,
			 r->event, r->thread);
		CHECK_MSG(!strcmp(row, want[i]), "line %d: row %zu is\n%s\nand not\n%s", line, i, row,
			  want[i]);
		CHECK(i == 0 || tl.row[i - 1].seq < r->seq);
	}
	timeline_free(&tl);
	CHECK(!tl.row && !tl.nr);
}

#define ROWS(h, all, ...) \
	check_rows(__LINE__, h, all, (const char *const []) { __VA_ARGS__ NULL })

WQTEST(labs_timeline, nothing)
{
	struct hand h = { 0 };

	ROWS(&h, true, );
	hand_text(&h, "");
	hand_add(&h, 0, TRACE_TIMER_START, 0, 1, "init", "t", "f", NULL, 0, 0);
	ROWS(&h, false, );
}

/* "starts and burns CPU", "wakes up and finishes": what happens at one instant is one row. */
WQTEST(labs_timeline, joins)
{
	struct hand h = { 0 };

	STEP(&h, 0, 0, 7, "k7", "w0", BURN, NULL);
	STEP(&h, 5, 0, 7, "k7", "w0", SLEEP, NULL);
	STEP(&h, 15, 1, 7, "k7", "w0", WAKE, NULL);
	STEP(&h, 15, 1, 7, "k7", "w0", BURN, NULL);
	STEP(&h, 20, 1, 7, "k7", "w0", SLEEP, "go");
	STEP(&h, 25, 1, 7, "k7", "w0", WAKE, NULL);
	STEP(&h, 25, 1, 7, "k7", "w0", DO, "signal e");
	STEP(&h, 25, 1, 7, "k7", "w0", FINISH, NULL);
	STEP(&h, 25, 1, 7, "k7", "w1", FINISH, NULL);
	STEP(&h, 25, 1, 7, "k7", "w1", FINISH, NULL);
	STEP(&h, 26, 1, 7, "k7", "w1", DO, "yield");
	ROWS(&h, false,
	     "0 0 w0|starts and burns CPU|k7", "5 0 w0|sleeps|k7", "15 1 w0|wakes up and burns CPU|k7",
	     "20 1 w0|waits for go|k7", "25 1 w0|wakes up: signal e|k7", "25 1 w0|finishes|k7",
	     "25 1 w1|starts and finishes|k7", "25 1 w1|starts and finishes|k7",
	     "26 1 w1|starts: yield|k7", );
}

/* Who called another's function has started already; it goes on when that has returned. */
WQTEST(labs_timeline, nested)
{
	struct hand h = { 0 };

	STEP(&h, 0, 0, 7, "e0", "w0", SLEEP, "each CPU to run w1");
	STEP(&h, 0, 0, 7, "e0", "w1", SLEEP, "each CPU to run w2");
	STEP(&h, 0, 0, 7, "e0", "w2", BURN, NULL);
	STEP(&h, 5, 0, 7, "e0", "w2", FINISH, NULL);
	STEP(&h, 5, 0, 7, "e0", "w1", WAKE, NULL);
	STEP(&h, 5, 0, 7, "e0", "w1", FINISH, NULL);
	STEP(&h, 6, 0, 7, "e0", "w0", WAKE, NULL);
	STEP(&h, 7, 0, 7, "e0", "w0", SLEEP, NULL);
	STEP(&h, 8, 0, 7, "e0", "w0", WAKE, NULL);
	STEP(&h, 8, 0, 7, "e0", "w0", FINISH, NULL);
	STEP(&h, 9, 0, 7, "e0", "w1", FINISH, NULL);
	ROWS(&h, false,
	     "0 0 w0|starts and waits for each CPU to run w1|e0",
	     "0 0 w1|starts and waits for each CPU to run w2|e0", "0 0 w2|starts and burns CPU|e0",
	     "5 0 w2|finishes|e0", "5 0 w1|goes on and finishes|e0", "6 0 w0|goes on|e0", "7 0 w0|sleeps|e0",
	     "8 0 w0|wakes up and finishes|e0", "9 0 w1|starts and finishes|e0", );
}

/* A wake-up and what follows it later are two rows, the first where it began. */
WQTEST(labs_timeline, held_back)
{
	struct hand h = { 0 };

	STEP(&h, 0, 0, 7, "k7", "w0", SLEEP, NULL);
	STEP(&h, 10, 0, 7, "k7", "w0", WAKE, NULL);
	STEP(&h, 10, 1, 8, "k8", "w1", BURN, NULL);
	hand_add(&h, 11, TRACE_OUTSIDE, 0, 1, "init", NULL, "signal go", NULL, 0, 0);
	STEP(&h, 12, 0, 7, "k7", "w0", BURN, NULL);
	STEP(&h, 14, 0, 7, "k7", "w0", SLEEP, NULL);
	STEP(&h, 20, 0, 7, "k7", "w0", WAKE, NULL);
	ROWS(&h, false,
	     "0 0 w0|starts and sleeps|k7", "10 0 w0|wakes up|k7", "10 1 w1|starts and burns CPU|k8",
	     "11 0 |signal go|init", "12 0 w0|burns CPU|k7", "14 0 w0|sleeps|k7", "20 0 w0|wakes up|k7", );
}

/* Who went to sleep and was up again at once did not wait; a beginning by a wake-up is a start. */
WQTEST(labs_timeline, no_wait)
{
	struct hand h = { 0 };

	STEP(&h, 3, 0, 7, "k7", "w0", SLEEP, "the flush of w1");
	STEP(&h, 3, 0, 7, "k7", "w0", WAKE, NULL);
	STEP(&h, 3, 0, 7, "k7", "w0", BURN, NULL);
	STEP(&h, 4, 0, 7, "k7", "w0", FINISH, NULL);
	STEP(&h, 5, 0, 7, "k7", "w1", WAKE, NULL);
	STEP(&h, 6, 0, 7, "k7", "w2", FINISH, NULL);
	ROWS(&h, false,
	     "3 0 w0|starts and waits for the flush of w1|k7", "3 0 w0|burns CPU|k7", "4 0 w0|finishes|k7",
	     "5 0 w1|starts|k7", "6 0 w2|starts and finishes|k7", );
}

/* An item in one thread does not disturb what is held back in another. */
WQTEST(labs_timeline, threads_apart)
{
	struct hand h = { 0 };

	STEP(&h, 0, 0, 7, "k7", "w0", SLEEP, NULL);
	STEP(&h, 0, 0, 900, "k900", "w0", SLEEP, NULL);
	STEP(&h, 5, 0, 7, "k7", "w0", WAKE, NULL);
	STEP(&h, 5, 0, 900, "k900", "w0", WAKE, NULL);
	STEP(&h, 5, 0, 7, "k7", "w0", FINISH, NULL);
	STEP(&h, 5, 0, 900, "k900", "w0", FINISH, NULL);
	ROWS(&h, false,
	     "0 0 w0|starts and sleeps|k7", "0 0 w0|starts and sleeps|k900",
	     "5 0 w0|wakes up and finishes|k7", "5 0 w0|wakes up and finishes|k900", );
}

/* A row stands where it began, also if somebody else was seen meanwhile; another item ends it. */
WQTEST(labs_timeline, order)
{
	struct hand h = { 0 };

	STEP(&h, 0, 0, 7, "k7", "w0", SLEEP, NULL);
	STEP(&h, 5, 0, 7, "k7", "w0", WAKE, NULL);
	hand_add(&h, 5, TRACE_OUTSIDE, 0, 1, "init", NULL, "signal go", NULL, 0, 0);
	STEP(&h, 5, 0, 7, "k7", "w0", SLEEP, NULL);
	STEP(&h, 9, 0, 7, "k7", "w0", WAKE, NULL);
	STEP(&h, 9, 0, 7, "k7", "w1", FINISH, NULL);
	ROWS(&h, false,
	     "0 0 w0|starts and sleeps|k7", "5 0 w0|wakes up and sleeps|k7", "5 0 |signal go|init",
	     "9 0 w0|wakes up|k7", "9 0 w1|starts and finishes|k7", );
}

/* What only --all shows. */
WQTEST(labs_timeline, details)
{
	struct hand h = { 0 };
	size_t i;

	hand_add(&h, 0, TRACE_TASK_NEW, 0, 1, "init", NULL, "kworker/0:0", NULL, 7, 0);
	QUEUED(&h, 1, "w0");
	i = hand_add(&h, 1, TRACE_ACTIVATE_WORK, 0, 1, "init", "w0", "func", NULL, 0, 0);
	h.item[i] = hand_text(&h, "w0");
	hand_add(&h, 2, TRACE_QUEUE_WORK, 0, 1, "init", "other", "func", "q0", 0, 0);
	QUEUED(&h, 2, "w1");
	i = hand_add(&h, 3, TRACE_ACTIVATE_WORK, 0, 7, "k7", "w0", "func", NULL, 0, 0);
	h.item[i] = hand_text(&h, "w0");
	hand_add(&h, 4, TRACE_TASK_EXIT, 0, 7, "kworker/dying", NULL, "kworker/dying", NULL, 7, 0);
	ROWS(&h, false, );
	ROWS(&h, true,
	     "0 0 |creates thread kworker/0:0|init", "1 0 w0|is queued on q0|init",
	     "2 0 w1|is queued on q0|init", "3 0 w0|is activated (max_active)|k7",
	     "4 0 |thread kworker/0:0 ends|kworker/dying", );
}

/* Which events are about the scenario's items: by a step, by the object's or the function's name. */
WQTEST(labs_timeline, whose_event)
{
	static const char *const names[] = { "a", "b", "c" };
	struct hand h = { 0 };

	hand_add(&h, 0, TRACE_QUEUE_WORK, 0, 1, "init", "+0x10", "player_item_func", "q0", 0, 0);
	hand_add(&h, 0, TRACE_QUEUE_WORK, 0, 1, "init", "b", "player_item_func", "q0", 0, 0);
	hand_add(&h, 0, TRACE_QUEUE_WORK, 0, 1, "init", "+0x20", "c", "q0", 0, 0);
	hand_add(&h, 0, TRACE_QUEUE_WORK, 0, 1, "init", "+0x30", "wq_barrier_func", "q0", 0, 0);
	hand_add(&h, 0, TRACE_TIMER_START, 0, 1, "init", "b", "f", NULL, 0, 0);
	hand_add(&h, 1, TRACE_STEP, 0, 7, "k7", "+0x10", "a", NULL, STEP_BURN, 0);
	record_find_items(&h.rec, names, 3);
	CHECK_STR(record_text(&h.rec, h.item[0]), "a");
	CHECK_STR(record_text(&h.rec, h.item[1]), "b");
	CHECK_STR(record_text(&h.rec, h.item[2]), "c");
	CHECK_EQ(h.item[3], 0);
	CHECK_EQ(h.item[4], 0);
	CHECK_STR(record_text(&h.rec, 1000), "");
}
