// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the engines hold, in words: show_workqueue_state(), and the end of each report of
 * a verdict.
 *
 * Locking: none may be taken, for a report is written wherever a run broke off.  On the
 * simulated machine nothing moves meanwhile, and on the native one the world has been
 * stopped; show_workqueue_state() of a living native machine shows what each field was
 * at some moment.
 *
 * Read next: cmwq/dump.c, legacy/dump.c.
 */
#include <linux/printk.h>
#include <linux/workqueue.h>
#include <wqlab/engine.h>
#include <wqlab/race.h>

#include "boot.h"

void engines_dump(void (*line)(const char *text))
{
	const struct wq_engine *engine;
	int i;

	race_ignore();
	check_report(line);
	for_each_booted_engine(engine, i)
		engine->dump(line);
	race_watch();
}

static void print_line(const char *text)
{
	pr_info("%s\n", text);
}

void show_workqueue_state(void)
{
	engines_dump(print_line);
}
