// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every event as ftrace prints it, for the tools that read such text (Perfetto,
 * Trace Compass) and for eyes that are used to it.
 *
 * Seconds count from boot and have nine digits behind the point where the
 * kernel prints six: virtual time is exact, and no reader minds.
 *
 * Nothing is owned here, nothing is locked.
 *
 * Read next: events.c, whose texts stand behind each event's name.
 */
#include <inttypes.h>
#include <stdio.h>

#include "events.h"
#include "view.h"

static void put_header(const struct run *run, size_t shown)
{
	printf("# tracer: nop\n"
	       "#\n"
	       "# entries-in-buffer/entries-written: %zu/%zu   #P:%u\n"
	       "#\n"
	       "#                              _-----=> irqs-off\n"
	       "#                             / _----=> need-resched\n"
	       "#                            | / _---=> hardirq/softirq\n"
	       "#                            || / _--=> preempt-depth\n"
	       "#                            ||| /     delay\n"
	       "#           TASK-PID   CPU#  ||||    TIMESTAMP  FUNCTION\n"
	       "#              | |       |   ||||       |         |\n",
	       shown, shown, run->cpus);
}

static size_t printable(const struct record *rec)
{
	size_t n = 0;

	for (size_t i = 0; i < rec->nr; i++)
		n += event_name(rec->ev[i].kind) != NULL;
	return n;
}

static void put_run(const struct run *run)
{
	struct text args = {0};

	put_header(run, printable(&run->rec));
	for (size_t i = 0; i < run->rec.nr; i++) {
		const struct trace_event *ev = &run->rec.ev[i];
		const char *name = event_name(ev->kind);

		if (!name)
			continue;
		text_clear(&args);
		event_args(&run->rec, i, run->hz, &args);
		printf("%16s-%-5" PRId32 " [%03u] .... %5" PRIu64 ".%09" PRIu64 ": %s: %s\n",
		       ev->pid ? record_text(&run->rec, ev->comm) : "<idle>", ev->pid, ev->cpu,
		       ev->ts / 1000000000, ev->ts % 1000000000, name, args.s);
	}
	text_free(&args);
}

void view_ftrace(const struct run *run, unsigned int nr)
{
	for (unsigned int r = 0; r < nr; r++) {
		if (nr > 1)
			printf("%s# wqlab: engine %s (Linux %s)\n", r ? "\n" : "", run[r].engine,
			       run[r].release);
		put_run(&run[r]);
	}
}
