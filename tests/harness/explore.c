// SPDX-License-Identifier: GPL-2.0-only
/*
 * Exploring the schedules of a test's boots.
 *
 * The state of a search lies here and not with the bodies: a restored snapshot would
 * put it back with everything else of theirs.
 *
 * Nothing is shared: one test at a time.  Read next: wqtest.c, wqtest_boot().
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "wqtest.h"

static struct explore_state state;

const struct explore_state *wqtest_explore(const char *file, int line, const struct machine_config *cfg,
					   const struct explore_config *how, int (*fn)(void *), void *arg)
{
	if (machine_explore(cfg, how, fn, arg, &state)) {
		memset(&state, 0, sizeof(state));
		wqtest_fail(file, line, "the machine refused to explore: %s", machine_error());
	}
	return &state;
}

const char *wqtest_replay(const struct explore_state *st)
{
	static char spec[EXPLORE_TEXT + 16];

	snprintf(spec, sizeof(spec), "replay:%s", st->schedule);
	return spec;
}

bool wqtest_searching(struct explore_config *how)
{
	const char *runs = getenv("WQTEST_SCHEDULES");

	if (!runs)
		return false;
	how->schedules = strtoul(runs, NULL, 10);
	how->strategy = getenv("WQTEST_STRATEGY");
	if (!how->strategy)
		how->strategy = "random:1";
	return true;
}

const char *wqtest_last_schedule(void)
{
	static char spec[EXPLORE_TEXT + 16];
	char *text = machine_schedule();

	snprintf(spec, sizeof(spec), "replay:%s", text ? text : "?");
	free(text);
	return spec;
}
