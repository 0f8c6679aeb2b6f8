// SPDX-License-Identifier: GPL-2.0-only
/*
 * What holds when nothing moves any more (A2, A4, G1, and what each engine adds).
 *
 * A quiet point is where somebody knows that all that was asked for has been done: a
 * test that has flushed everything, and a machine whose engines are down.
 *
 * Locking: the caller's promise that nobody else is active; an engine takes the locks of
 * what it looks at all the same, for on the native machine its idle threads are real.
 *
 * Read next: cmwq/check.c, legacy/check.c.
 */
#include <linux/kernel.h>
#include <wqlab/race.h>

#include "boot.h"
#include "check-notes.h"

static void check_one(struct note *n, void *arg)
{
	if (n->lost)
		return;
	INVARIANT(G1, true, !n->queued, check_item_name(n->work), "queued as the %u. of all, and never started",
		  n->seq);
	note_settle(n);
}

/* The items' books. */
void check_notes_quiet(void)
{
	race_ignore();
	note_for_each(check_one, NULL);
	race_watch();
}

void invariants_quiescent(void)
{
	const struct wq_engine *engine;
	int i;

	check_notes_quiet();
	for_each_booted_engine(engine, i)
		engine->check_quiet();
}
