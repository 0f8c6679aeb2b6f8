// SPDX-License-Identifier: GPL-2.0-only
/*
 * `wqlab ps`: the thread lists of both kernels, next to each other, a moment
 * after the scenario's workqueues were created.
 *
 * With --summary threads that differ only in their CPU share a line:
 *
 *	THREADS CPU   COMMAND
 *	      4 0-3   [events/N]
 *
 * The list is made by a first task (player_list_threads()) that cannot know
 * how long it will be; when it does not fit, the machine is simply run again,
 * which gives the same list.
 *
 * Nothing is shared, nothing is locked.
 *
 * Read next: player-ps.c, the first task.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "load.h"
#include "player-info.h"
#include "run.h"
#include "util.h"

#define BAR " | "
#define EMPTY_BAR " |"	/* nothing follows on the line */
#define FIRST_ROOM 256

/* One kernel's threads. */
struct listing {
	struct run run;
	struct player_threads threads;
};

static bool list_threads(const struct scenario *sc, const struct options *opt, const char *engine,
			 struct listing *l)
{
	size_t room = FIRST_ROOM;

	for (;;) {
		l->threads = (struct player_threads){ .sc = sc, .room = room };
		l->threads.list = xcalloc(room, sizeof(*l->threads.list));
		if (!run_machine(sc, opt, engine, player_list_threads, &l->threads, &l->run))
			return false;
		if (l->threads.nr <= room)
			return true;
		room = l->threads.nr;
		free(l->threads.list);
		run_free(&l->run);
	}
}

/* As ps has it: `<` for more than the ordinary priority, N for less. */
static const char *stat_of(const struct machine_thread *t, char buf[3])
{
	const char *nice = t->nice < 0 ? "<" : t->nice > 0 ? "N" : "";

	snprintf(buf, 3, "%c%s", t->state, nice);
	return buf;
}

/* The lines of one side of the table. */
struct lines {
	char **line;
	size_t nr;
};

static void add_line(struct lines *ls, char *line)
{
	ls->line = xrealloc(ls->line, ls->nr + 1, sizeof(*ls->line));
	ls->line[ls->nr++] = line;
}

static void add_threads(struct lines *ls, const struct player_threads *threads)
{
	add_line(ls, xstrdup("  PID STAT  CPU COMMAND"));
	for (size_t i = 0; i < threads->nr; i++) {
		const struct machine_thread *t = &threads->list[i];
		char stat[3], cpu[16] = "-";

		if (t->bound)
			snprintf(cpu, sizeof(cpu), "%d", t->cpu);
		add_line(ls, xasprintf("%5d %-4s %4s [%s]", t->pid, stat_of(t, stat), cpu, t->comm));
	}
}

/* Threads whose names differ only in the CPU they are bound to. */
struct group {
	char *name;		/* with N for the CPU */
	unsigned int nr;
	int first, last;	/* of the CPUs in a row that were seen last */
	struct text cpus;	/* those before */
};

static char *group_name(const struct machine_thread *t)
{
	const char *slash = strchr(t->comm, '/');
	char *end;

	if (t->bound && slash && strtol(slash + 1, &end, 10) == t->cpu && end > slash + 1)
		return xasprintf("%.*s/N%s", (int)(slash - t->comm), t->comm, end);
	return xstrdup(t->comm);
}

static void close_range(struct group *g)
{
	text_add(&g->cpus, "%s%d", g->cpus.len ? "," : "", g->first);
	if (g->last > g->first)
		text_add(&g->cpus, "-%d", g->last);
}

static void join_group(struct group *g, const struct machine_thread *t)
{
	if (g->nr++ && t->cpu != g->last + 1) {
		close_range(g);
		g->first = t->cpu;
	} else if (g->nr == 1) {
		g->first = t->cpu;
	}
	g->last = t->cpu;
}

static void add_groups(struct lines *ls, const struct player_threads *threads)
{
	struct group *group = NULL;
	size_t nr = 0, k;

	for (size_t i = 0; i < threads->nr; i++) {
		char *name = group_name(&threads->list[i]);

		for (k = 0; k < nr && strcmp(group[k].name, name); k++)
			;
		if (k == nr) {
			group = xrealloc(group, ++nr, sizeof(*group));
			group[k] = (struct group){ .name = xstrdup(name) };
		}
		join_group(&group[k], &threads->list[i]);
		free(name);
	}
	add_line(ls, xstrdup("THREADS CPU   COMMAND"));
	for (k = 0; k < nr; k++) {
		bool bound = strstr(group[k].name, "/N") != NULL;

		close_range(&group[k]);
		add_line(ls, xasprintf("%7u %-5s [%s]", group[k].nr, bound ? group[k].cpus.s : "-",
				       group[k].name));
		text_free(&group[k].cpus);
		free(group[k].name);
	}
	free(group);
}

static void make_lines(const struct listing *l, bool summary, struct lines *ls)
{
	size_t nr = l->threads.nr, at_boot = l->threads.at_boot;

	add_line(ls, run_title(&l->run));
	if (summary)
		add_groups(ls, &l->threads);
	else
		add_threads(ls, &l->threads);
	add_line(ls, xasprintf("%zu thread%s: %zu from boot, %zu for the workqueues", nr,
			       nr == 1 ? "" : "s", at_boot, nr - at_boot));
}

static void put_lists(const struct listing *l, unsigned int nr, bool summary, size_t width)
{
	struct lines ls[2] = { 0 };
	size_t rows = 0, wide = 0;

	for (unsigned int i = 0; i < nr; i++) {
		make_lines(&l[i], summary, &ls[i]);
		if (ls[i].nr > rows)
			rows = ls[i].nr;
	}
	for (size_t k = 0; k < ls[0].nr; k++)
		if (text_columns(ls[0].line[k]) > wide)
			wide = text_columns(ls[0].line[k]);
	if (wide > width)
		wide = width;
	for (size_t row = 0; row < rows; row++) {
		const char *left = row < ls[0].nr ? ls[0].line[row] : "";

		if (nr == 2) {
			put_field(left, wide, false);
			fputs(row < ls[1].nr ? BAR : EMPTY_BAR, stdout);
			fputs(row < ls[1].nr ? ls[1].line[row] : "", stdout);
		} else {
			fputs(left, stdout);
		}
		putchar('\n');
	}
	for (unsigned int i = 0; i < nr; i++) {
		for (size_t k = 0; k < ls[i].nr; k++)
			free(ls[i].line[k]);
		free(ls[i].line);
	}
}

int command_ps(const struct options *opt)
{
	struct scenario *sc = load_scenario(opt);
	struct listing l[2] = { 0 };
	const char *engine[2];
	unsigned int nr, i;
	int status = EXIT_FINE;

	if (!sc)
		return EXIT_TROUBLE;
	nr = engines_chosen(sc, opt, engine);
	for (i = 0; i < nr && status != EXIT_TROUBLE; i++) {
		if (!list_threads(sc, opt, engine[i], &l[i])) {
			status = EXIT_TROUBLE;
		} else if (l[i].run.res.verdict != VERDICT_OK || l[i].run.res.ret) {
			complain("on %s the workqueues could not be created: %s", engine[i],
				 run_last_error(&l[i].run));
			status = EXIT_VERDICT;
		}
	}
	if (status == EXIT_FINE)
		put_lists(l, nr, opt->summary, (opt->width - strlen(BAR)) / 2);
	for (i = 0; i < nr; i++) {
		free(l[i].threads.list);
		run_free(&l[i].run);
	}
	scenario_free(sc);
	return status;
}
