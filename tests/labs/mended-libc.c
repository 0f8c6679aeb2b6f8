// SPDX-License-Identifier: GPL-2.0-only
/*
 * Faults that the parser and the numbers once had.
 */
#include <time.h>

#include "labs_test-libc.h"
#include "labs_record-libc.h"
#include "labs/wqlab/measure.h"

#define BASE	"workqueue q\nwork w\nat 0 queue w on q\n"

/* An item without steps above does not hide the steps of the next. */
WQTEST(labs_limits, empty_item_hides_nothing)
{
	struct scenario *sc = good("cpus 4\n" BASE "work a\nwork b\nqueue w on q cpu 3\n");
	struct scenario_errors errs;
	char buf[sizeof(errs.list)];

	CHECK(!scenario_check(sc, 2, &errs));
	CHECK_STR(messages(&errs, buf, sizeof(buf)),
		  "7:18: found CPU 3, expected a number below 2, the number of CPUs");
	scenario_free(sc);
}

/* One mistake is said once, however many tasks its line declares. */
WQTEST(labs_limits, said_once)
{
	static const struct bad table[] = {
		BAD(BASE "task t[0..2] cpu 9\n",
		    "4:18: found CPU 9, expected a number below 1, the number of CPUs"),
		BAD("note \"\303\251\303\251\" # \0\n", "1:13: found a NUL byte, expected a text file"),
		BAD("at 5ms cpu\n", "1:11: found the end of the line, expected a CPU, a whole number from 0 to 4095"),
		BAD("at 5ms cpu x\n", "1:12: found `x`, expected a CPU, a whole number from 0 to 4095"),
	};
	struct scenario *sc = good("cpus 4\n" BASE "task t, u\nqueue w on q cpu 3\n");
	struct scenario_errors errs;

	check_bad(table, COUNT(table));
	CHECK(!scenario_check(sc, 2, &errs));
	CHECK_EQ(errs.nr, 1);
	scenario_free(sc);
}

/* Reading takes seconds at most, whatever stands in the file. */
WQTEST(labs_limits, no_slow_file, .timeout = 20)
{
	static char text[SCENARIO_MAX_BYTES + 1];
	struct scenario_errors errs;
	size_t len = 0;

	len += sprintf(text, "%s", BASE "event abcdefghijklmnopq[0..9999]\nwork a\n");
	while (len + 40 < SCENARIO_MAX_BYTES)
		len += sprintf(text + len, "wait zbcdefghijklmnopq10000\n");
	CHECK(!parse(text, len, &errs));
	CHECK_EQ(errs.nr, SCENARIO_MAX_ERRORS);
}

/* Who still burns when the last item finishes has burned until then. */
WQTEST(labs_measure, burns_at_the_end)
{
	struct hand h = { 0 };
	struct measures m;

	QUEUED(&h, 0, "w0");
	QUEUED(&h, 0, "w1");
	STEP(&h, 0, 0, 7, "k7", "w0", BURN, NULL);
	STEP(&h, 0, 1, 8, "k8", "w1", BURN, NULL);
	STEP(&h, 50, 1, 8, "k8", "w1", FINISH, NULL);
	measure(&h.rec, &m);
	CHECK_EQ(m.makespan_ns, 50);
	CHECK_EQ(m.busy_ns, 100);
}
