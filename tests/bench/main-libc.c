// SPDX-License-Identifier: GPL-2.0-only
/*
 * `make bench` and `make bench-peers`: what was measured, as three tables.
 *
 * Speed is never a test: whatever the figures, the exit status is 0.  It is 1 if
 * something did not do its work, each item exactly once.
 *
 * Read next: figures-libc.c, yardstick-libc.c, speed-libc.c, sim-libc.c.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host-libc.h"
#include "wqlab/trace.h"

static const char usage[] =
	"usage: wqbench [--quick] [--rounds=N] [--machine=native|sim] [--speed|--sim|--explore] [--only=TEXT] [--on=NAME]\n"
	"  --quick         a tenth of everything, 3 rounds\n"
	"  --rounds=N      1 to 25; default 7\n"
	"  --machine=KIND  machine of the first table; default native\n"
	"  --speed, --sim, --explore\n"
	"                  only the first, the second, the third table\n"
	"  --only=TEXT     of the first table only the work with this text in its name\n"
	"  --on=NAME       of the first table only this engine or library\n";

static void refuse(const char *arg, const char *expected)
{
	fprintf(stderr, "wqbench: \"%s\": expected %s\n", arg, expected);
	exit(2);
}

static void parse(struct bench_options *opt, int argc, char **argv)
{
	char *end;

	for (int i = 1; i < argc; i++) {
		const char *arg = argv[i];

		if (!strcmp(arg, "--quick")) {
			opt->quick = true;
		} else if (!strncmp(arg, "--rounds=", 9)) {
			unsigned long n = strtoul(arg + 9, &end, 10);

			if (*end || !n || n > MAX_ROUNDS)
				refuse(arg, "a number of rounds from 1 to 25");
			opt->rounds = (unsigned int)n;
		} else if (!strncmp(arg, "--machine=", 10)) {
			opt->machine = arg + 10;
			if (strcmp(opt->machine, "native") && strcmp(opt->machine, "sim"))
				refuse(arg, "\"native\" or \"sim\"");
		} else if (!strcmp(arg, "--speed")) {
			opt->sim = opt->explore = false;
		} else if (!strcmp(arg, "--sim")) {
			opt->speed = opt->explore = false;
		} else if (!strcmp(arg, "--explore")) {
			opt->speed = opt->sim = false;
		} else if (!strncmp(arg, "--only=", 7)) {
			opt->only = arg + 7;
		} else if (!strncmp(arg, "--on=", 5)) {
			opt->on = arg + 5;
		} else if (!strcmp(arg, "--help")) {
			fputs(usage, stdout);
			exit(0);
		} else {
			refuse(arg, "an option; --help lists them");
		}
	}
	if (!opt->rounds)
		opt->rounds = opt->quick ? 3 : 7;
}

int main(int argc, char **argv)
{
	struct bench_options opt = { .machine = "native", .speed = true, .sim = true, .explore = true };

	parse(&opt, argc, argv);
	if (opt.speed)
		speed_table(&opt);
	if (opt.speed && opt.sim)
		printf("\n");
	if (opt.sim)
		sim_table(&opt);
	if (opt.sim && opt.explore)
		putchar('\n');
	if (opt.explore)
		explore_table(&opt);
	trace_free();
	return 0;
}
