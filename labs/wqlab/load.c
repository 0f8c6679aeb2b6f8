// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reading the scenario that the command line names; its mistakes go to
 * standard error in the form file:line:col, all that were found.
 */
#include <stdio.h>

#include "load.h"
#include "util.h"

static void print_errors(const struct scenario_errors *errs)
{
	fflush(stdout);
	for (unsigned int i = 0; i < errs->nr; i++)
		fprintf(stderr, "%s\n", errs->list[i].text);
	if (errs->nr == SCENARIO_MAX_ERRORS)
		complain("%d mistakes, and there may be more: reading ended here", SCENARIO_MAX_ERRORS);
}

struct scenario *load_scenario(const struct options *opt)
{
	struct scenario_errors errs;
	struct scenario *sc = scenario_load(opt->file, &errs);

	if (!sc) {
		print_errors(&errs);
		return NULL;
	}
	if (opt->has_cpus && !scenario_check(sc, opt->cpus, &errs)) {
		print_errors(&errs);
		scenario_free(sc);
		return NULL;
	}
	return sc;
}

unsigned int engines_chosen(const struct scenario *sc, const struct options *opt,
			    const char *engine[2])
{
	enum engine_choice choice = opt->engines == ENGINE_UNSAID ? ENGINE_BOTH : opt->engines;
	unsigned int nr = 0;

	if (opt->engines == ENGINE_UNSAID && scenario_names_engines(sc)) {
		choice = scenario_wants_engine(sc, "legacy") ? ENGINE_LEGACY : 0;
		choice |= scenario_wants_engine(sc, "cmwq") ? ENGINE_CMWQ : 0;
		if (choice == ENGINE_BOTH) {
			engine[0] = ENGINES_TOGETHER;
			return 1;
		}
	}
	if (choice & ENGINE_LEGACY)
		engine[nr++] = "legacy";
	if (choice & ENGINE_CMWQ)
		engine[nr++] = "cmwq";
	return nr;
}
