// SPDX-License-Identifier: GPL-2.0-only
/*
 * `wqlab run`: play a scenario on one engine or on both and print its
 * timelines.
 *
 * Both runs are over before the first line is printed, so a refused machine
 * leaves nothing half printed behind.
 *
 * Nothing is shared, nothing is locked.
 *
 * Read next: run.c, how one machine is run; view-table.c, how it is shown.
 */
#include <stdio.h>

#include "command.h"
#include "load.h"
#include "run.h"
#include "util.h"
#include "view.h"

static void show(const struct scenario *sc, const struct run *run, unsigned int nr,
		 const struct options *opt, unsigned int what)
{
	switch (opt->format) {
	case FORMAT_CSV:
		view_csv(run, nr);
		break;
	case FORMAT_TRACE:
		view_ftrace(run, nr);
		break;
	case FORMAT_TRACE_STAT:
		view_stat(run, nr);
		break;
	case FORMAT_COLOURS:
		view_colours(sc, run, nr);
		break;
	case FORMAT_TABLE:
		if (what & PLAY_TITLE)
			view_title(sc, &run[0], opt->width);
		if (what & PLAY_TABLE)
			view_table(run, nr, opt->all, opt->width);
		if (what & PLAY_TABLE && what & PLAY_COMPARISON)
			putchar('\n');
		if (what & PLAY_COMPARISON)
			view_comparison(run, nr, opt->width);
		break;
	}
}

static int play(struct scenario *sc, const struct options *opt, unsigned int what)
{
	struct run run[2] = { 0 };
	const char *engine[2];
	unsigned int nr = engines_chosen(sc, opt, engine), i;
	int status = EXIT_FINE;

	for (i = 0; i < nr && status != EXIT_TROUBLE; i++) {
		if (!run_machine(sc, opt, engine[i], player_run, sc, &run[i]))
			status = EXIT_TROUBLE;
		else if (run[i].res.verdict != VERDICT_OK || run[i].res.ret)
			status = EXIT_VERDICT;
	}
	if (status != EXIT_TROUBLE)
		show(sc, run, nr, opt, what);
	for (i = 0; i < nr; i++)
		run_free(&run[i]);
	return status;
}

int command_run(const struct options *opt, unsigned int show)
{
	struct scenario *sc = load_scenario(opt);
	int status;

	if (!sc)
		return EXIT_TROUBLE;
	status = play(sc, opt, show);
	scenario_free(sc);
	return status;
}
