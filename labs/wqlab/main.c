// SPDX-License-Identifier: GPL-2.0-only
/*
 * The command `wqlab`: which command, how it ends.
 *
 *	main.c		this
 *	options.c	the command line
 *	play.c		wqlab run	-> run.c, then view-*.c and compare.c
 *	ps.c		wqlab ps
 *	explore.c	wqlab explore	-> machine_explore(), then replay.c
 *	replay.c	wqlab replay	-> run.c, then view-story.c
 *	tour.c		wqlab tour	-> play.c and ps.c
 *
 * One thread, one machine at a time; nothing is locked.
 *
 * Read next: play.c.
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "command.h"
#include "options.h"
#include "util.h"
#include "wqlab/trace.h"

#define VERSION "0.1"

static int run_whole(const struct options *opt)
{
	return command_run(opt, PLAY_ALL);
}

static const struct command {
	const char *name;
	int (*run)(const struct options *opt);
} commands[] = {
	{ "run", run_whole },
	{ "ps", command_ps },
	{ "explore", command_explore },
	{ "replay", command_replay },
	{ "tour", command_tour },
};

static int usage_error(const char *what, const char *name)
{
	complain(what, name);
	fputs("see wqlab --help\n", stderr);
	return EXIT_TROUBLE;
}

static int help(int argc, char **argv)
{
	if (argc > 3)
		return usage_error("help: '%s' is one argument too many", argv[3]);
	if (argc == 3 && (!strcmp(argv[2], "--help") || !strcmp(argv[2], "-h")))
		argv[2] = NULL;
	if (!options_help(argv[2]))
		return usage_error("help: there is no command '%s'", argv[2]);
	return EXIT_FINE;
}

static int version(void)
{
	puts("wqlab " VERSION);
	return EXIT_FINE;
}

/* The environment or the arguments of a command are wrong. */
static int refused(struct text *why, const char *command)
{
	complain("%s", why->s);
	if (command)
		fprintf(stderr, "see wqlab %s --help\n", command);
	text_free(why);
	return EXIT_TROUBLE;
}

static int run_command(const struct command *cmd, int argc, char **argv)
{
	struct options opt;
	struct text why = {0};

	if (!options_default(&opt, &why))
		return refused(&why, NULL);
	switch (options_read(cmd->name, argc - 1, argv + 1, &opt, &why)) {
	case OPTIONS_GO:
		return cmd->run(&opt);
	case OPTIONS_HELP:
		options_help(cmd->name);
		return EXIT_FINE;
	case OPTIONS_VERSION:
		return version();
	default:
		return refused(&why, cmd->name);
	}
}

static int dispatch(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : NULL;

	if (!name)
		return usage_error("which command? There are %s", "run, ps, tour and help");
	if (!strcmp(name, "help"))
		return help(argc, argv);
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		if (!strcmp(name, commands[i].name))
			return run_command(&commands[i], argc, argv);
	if (argc > 2 && name[0] == '-')
		return usage_error("'%s' comes after a command, or alone", name);
	if (!strcmp(name, "--help") || !strcmp(name, "-h")) {
		options_help(NULL);
		return EXIT_FINE;
	}
	if (!strcmp(name, "--version"))
		return version();
	return usage_error(name[0] == '-' ? "there is no option '%s'" : "there is no command '%s'",
			   name);
}

int main(int argc, char **argv)
{
	int status;

	/* A closed pipe is a failed write like any other. */
	signal(SIGPIPE, SIG_IGN);
	status = dispatch(argc, argv);
	trace_free();
	if (!output_done())
		return EXIT_TROUBLE;
	return status;
}
