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
	int i;

	race_ignore();
	check_report(line);
	for (i = 0; wq_engines[i]; i++)
		if (wq_engine_booted(wq_engines[i]))
			wq_engines[i]->dump(line);
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
