// SPDX-License-Identifier: GPL-2.0-only
/*
 * `wqlab tour`: eight stops, about a screen each.
 *
 * A stop is a few lines on what to look at and the output of a command that
 * anybody can repeat; the command is printed above it.  The scenarios are files
 * of the project, found from where the program lies: build/wqlab and
 * build/<variant>/wqlab both have labs/scenarios above them, and what
 * `make install` put into bin/ has share/wqlab/scenarios.
 *
 * Nothing is shared, nothing is locked.
 *
 * Read next: play.c and ps.c, whose output this is.
 */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "util.h"

#define FOLDER "labs/scenarios"
#define LEVELS_UP 4	/* how far above the program to look for it */
#define INSTALLED "share/wqlab/scenarios"

static const struct stop {
	const char *title;
	const char *look;		/* what to look at */
	const char *scenario;		/* a file of FOLDER */
	enum engine_choice engines;
	unsigned int show;		/* enum play_show; 0: the thread lists */
} stops[] = {
	{
		.title = "One thread for a queue, or a pool",
		.look = "Three items are queued at once; each burns 5 ms of CPU time, sleeps 10 ms, "
			"and w0 burns 5 ms more. Follow w1: on the left it is not begun before w0 has "
			"returned, on the right it starts the moment w0 sleeps.",
		.scenario = "doc-max-active-3.wq", .engines = ENGINE_BOTH,
		.show = PLAY_TABLE | PLAY_COMPARISON,
	},
	{
		.title = "max_active: how many may be under way",
		.look = "The same items, but only two may be under way at once. A sleeper counts: "
			"between 10 and 15 ms the CPU idles although w2 is queued.",
		.scenario = "doc-max-active-2.wq", .engines = ENGINE_CMWQ,
		.show = PLAY_TABLE | PLAY_COMPARISON,
	},
	{
		.title = "What the concurrency costs",
		.look = "Twenty items that sleep 10 ms each. The pool runs all of them side by side, "
			"and pays with a thread for each sleeper and one to spare.",
		.scenario = "many-sleepers.wq", .engines = ENGINE_BOTH, .show = PLAY_COMPARISON,
	},
	{
		.title = "The threads of a small server",
		.look = "Fifteen workqueues on four CPUs, taken from a real 2.6.32 machine. On the left "
			"every queue has threads of its own; on the right they share the kworkers, and "
			"what carries a queue's name is its rescuer.",
		.scenario = "seed-machine.wq", .engines = ENGINE_BOTH, .show = 0,
	},
	{
		.title = "The explosion",
		.look = "Thirty drivers with a workqueue each, on 64 CPUs. Compare how many threads "
			"were created with how many ever ran an item.",
		.scenario = "explosion.wq", .engines = ENGINE_BOTH, .show = PLAY_COMPARISON,
	},
	{
		.title = "An urgent item",
		.look = "A long item burns 20 ms; 5 ms later an urgent one is queued. Look at when it "
			"starts: WQ_HIGHPRI is a pool of its own with nice -20; 2.6.32 has no such flag "
			"and says so below.",
		.scenario = "highpri.wq", .engines = ENGINE_BOTH, .show = PLAY_TABLE | PLAY_COMPARISON,
	},
	{
		.title = "No thread can be created",
		.look = "A shared pool may need a new thread just when memory is gone. Look at the "
			"thread column on the right: the rescuer, named after its queue, takes over "
			"after 10 ms; the queue without one has to wait.",
		.scenario = "rescuer.wq", .engines = ENGINE_BOTH, .show = PLAY_TABLE | PLAY_COMPARISON,
	},
	{
		.title = "The first waits for the second",
		.look = "Two items of one queue; the first waits for an event that the second signals. "
			"With one thread for the queue nobody can ever signal it. The machine sees that "
			"nothing can happen any more and says who waits for what.",
		.scenario = "wait-for-second.wq", .engines = ENGINE_BOTH,
		.show = PLAY_TABLE | PLAY_COMPARISON,
	},
};

#define NR_STOPS (sizeof(stops) / sizeof(stops[0]))

/* Cut the last component off a path; false when there is none left to cut. */
static bool go_up(char *path)
{
	char *slash = strrchr(path, '/');

	if (!slash)
		return false;
	*slash = '\0';
	return true;
}

/* DIR/NAME if it is a folder that can be read, the caller's to free(); else NULL. */
static char *folder_at(const char *dir, const char *name)
{
	char *path = xasprintf("%s/%s", dir, name);

	if (!access(path, R_OK | X_OK))
		return path;
	free(path);
	return NULL;
}

/*
 * The folder of the scenarios, the caller's to free(); NULL with a complaint.
 * Where it is in the headings: *shown, which within the project is short.
 */
static char *find_scenarios(const char **shown)
{
	const char *from = getenv("WQLAB_SCENARIOS");
	char exe[PATH_MAX], *path = NULL;
	ssize_t len;

	if (from && *from) {
		*shown = from;
		if (!access(from, R_OK | X_OK))
			return xstrdup(from);
		complain("the environment variable WQLAB_SCENARIOS=%s: %s", from, strerror(errno));
		return NULL;
	}
	len = readlink("/proc/self/exe", exe, sizeof(exe) - 1);
	exe[len > 0 ? len : 0] = '\0';
	for (int i = 0; i < LEVELS_UP && go_up(exe); i++) {
		*shown = FOLDER;
		path = folder_at(exe, FOLDER);
		if (!path)
			*shown = path = folder_at(exe, INSTALLED);
		if (path)
			return path;
	}
	complain("the scenarios of the tour are not found in " FOLDER " above the program; set "
		 "WQLAB_SCENARIOS to their folder");
	return NULL;
}

static void put_rule(unsigned int width)
{
	for (unsigned int i = 0; i < width; i++)
		putchar('-');
	putchar('\n');
}

static void put_heading(size_t i, const char *folder, unsigned int width)
{
	const struct stop *s = &stops[i];

	if (i)
		putchar('\n');
	put_rule(width);
	printf("Stop %zu of %zu: %s\n\n", i + 1, NR_STOPS, s->title);
	put_wrapped(s->look, 0, width);
	printf("\n$ wqlab %s %s/%s%s%s\n\n", s->show ? "run" : "ps", folder, s->scenario,
	       !s->show ? " --summary" : s->engines == ENGINE_CMWQ ? " --engine=cmwq" : "",
	       s->show == PLAY_COMPARISON ? "     (what it prints below the table)" : "");
}

static int show_stop(const struct stop *s, const char *folder, const struct options *tour)
{
	struct options opt = *tour;
	char *file = xasprintf("%s/%s", folder, s->scenario);
	int status;

	opt.file = file;
	opt.engines = s->engines;
	opt.summary = true;
	status = s->show ? command_run(&opt, s->show) : command_ps(&opt);
	free(file);
	return status;
}

/* Wait for Enter; false when the visitor has had enough. */
static bool go_on(bool last)
{
	int c, first;

	printf("\n[Enter] %s%s ", last ? "ends the tour" : "goes on", last ? "" : ", q leaves");
	fflush(stdout);
	first = c = getchar();
	while (c != '\n' && c != EOF)
		c = getchar();
	return c != EOF && first != 'q';
}

int command_tour(const struct options *opt)
{
	bool ask = isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
	const char *shown;
	char *folder = find_scenarios(&shown);
	int status = EXIT_FINE;

	if (!folder)
		return EXIT_TROUBLE;
	for (size_t i = 0; i < NR_STOPS; i++) {
		put_heading(i, shown, opt->width);
		/* A deadlock that a stop is there to show is no failure of the tour. */
		if (show_stop(&stops[i], folder, opt) == EXIT_TROUBLE) {
			status = EXIT_TROUBLE;
			break;
		}
		if (output_failed() || (ask && !go_on(i + 1 == NR_STOPS)))
			break;
	}
	free(folder);
	return status;
}
