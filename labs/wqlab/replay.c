// SPDX-License-Identifier: GPL-2.0-only
/*
 * `wqlab replay`: play a schedule that was written down again, and tell its story.
 *
 * A string made by a build that takes the same steps is played exactly.  One of
 * another build, or of a scenario that was edited since, is fitted: a choice that is
 * not met in its place is taken at the next that looks like it, and how well that
 * went is said.
 *
 * Nothing is shared.  Read next: view-story.c.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "load.h"
#include "replay-string.h"
#include "run.h"
#include "util.h"
#include "view.h"
#include "wqlab/explore.h"

static void put_report(const struct run *run)
{
	if (run->res.log && *run->res.log)
		printf("\nThe kernel says:\n%s", run->res.log);
	if (run->res.report && *run->res.report)
		printf("\nThe machine reports:\n%s", run->res.report);
}

/* The step of a schedule's first choice; the story is of interest from shortly before. */
static uint64_t first_step(const char *schedule)
{
	uint64_t step = strtoull(schedule, NULL, 10);

	return step > 2 ? step - 2 : 0;
}

static bool ended_well(const struct machine_result *res)
{
	if (res->verdict == VERDICT_GOAL)
		return true;
	return res->verdict == VERDICT_OK && !res->ret && !res->warnings;
}

static int play(const struct scenario *sc, const struct options *opt, const char *engine,
		const char *explore, const char *schedule)
{
	struct options with = *opt;
	struct run run;
	int status;

	with.explore = explore;
	with.has_seed = false;
	with.story = true;
	if (!run_machine(sc, &with, engine, player_run, (void *)sc, &run))
		return EXIT_TROUBLE;
	if (opt->format == FORMAT_CSV)
		view_csv(&run, 1);
	else if (opt->format == FORMAT_TRACE)
		view_ftrace(&run, 1);
	view_story(opt->all ? 0 : first_step(schedule), opt->all, opt->width);
	put_report(&run);
	status = ended_well(&run.res) ? EXIT_FINE : EXIT_VERDICT;
	run_free(&run);
	return status;
}

int replay_show(const struct scenario *sc, const struct options *opt, const char *engine, const char *schedule)
{
	char *explore = xasprintf("replay:%s", schedule);
	int status = play(sc, opt, engine, explore, schedule);

	free(explore);
	return status;
}

/* Does the scenario still say what it said? */
static bool same_scenario(const struct replay_string *rs)
{
	char sum[9];

	return replay_string_checksum(rs->file, sum) && !strcmp(sum, rs->scenario);
}

static int fit(const struct scenario *sc, const struct options *opt, const struct replay_string *rs)
{
	struct machine_fit fit;
	char *explore;
	int status;

	complain("this schedule was made %s %s: it is fitted as far as it goes",
		 rs->same_build ? "before the scenario was edited," : "by another build,",
		 rs->same_build ? "its checksum was another then" : rs->build);
	explore = xasprintf("fit:%s", rs->schedule);
	status = play(sc, opt, rs->engine, explore, rs->schedule);
	free(explore);
	fit = machine_schedule_fit();
	complain("of its choices %u were met in their place, %u later, %u not at all", fit.exact, fit.later,
		 fit.lost);
	return fit.lost ? EXIT_TROUBLE : status;
}

static int replay(const char *string, const struct options *given)
{
	struct options opt = *given;
	struct replay_string rs;
	struct text why = {0};
	struct scenario *sc;
	int status = EXIT_TROUBLE;

	if (!replay_string_read(string, &rs, &opt, &why)) {
		complain("%s", why.s);
		text_free(&why);
		replay_string_free(&rs);
		return EXIT_TROUBLE;
	}
	opt.file = rs.file;
	sc = load_scenario(&opt);
	if (sc) {
		replay_string_save(string);
		if (rs.same_build && same_scenario(&rs))
			status = replay_show(sc, &opt, rs.engine, rs.schedule);
		else
			status = fit(sc, &opt, &rs);
		scenario_free(sc);
	}
	replay_string_free(&rs);
	return status;
}

int command_replay(const struct options *opt)
{
	char *last;
	int status;

	if (opt->file)
		return replay(opt->file, opt);
	last = replay_string_saved();
	if (!last) {
		complain("replay: which? It needs a STRING, as wqlab explore prints it, and none was kept");
		return EXIT_TROUBLE;
	}
	printf("wqlab replay %s\n\n", last);
	status = replay(last, opt);
	free(last);
	return status;
}
