// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every event, one a line, as comma separated values (RFC 4180; lines end in
 * a plain newline).  docs/formats.md has the columns.
 *
 * Nothing is owned here, nothing is locked.
 *
 * Read next: events.c, whose texts fill the last column.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "events.h"
#include "view.h"

static void put_csv(const char *s)
{
	if (!strpbrk(s, ",\"\r\n")) {
		fputs(s, stdout);
		return;
	}
	putchar('"');
	for (; *s; s++) {
		if (*s == '"')
			putchar('"');
		putchar(*s);
	}
	putchar('"');
}

static bool about_work(unsigned int kind)
{
	switch (kind) {
	case TRACE_QUEUE_WORK:
	case TRACE_ACTIVATE_WORK:
	case TRACE_EXECUTE_START:
	case TRACE_EXECUTE_END:
		return true;
	default:
		return false;
	}
}

/* work, function, workqueue, req_cpu */
static void put_work(const struct record *rec, size_t i)
{
	const struct trace_event *ev = &rec->ev[i];

	if (ev->kind == TRACE_STEP) {
		put_csv(record_text(rec, rec->object[i]));
		putchar(',');
		put_csv(record_text(rec, ev->name));
		fputs(",,", stdout);
		return;
	}
	if (!about_work(ev->kind)) {
		fputs(",,,", stdout);
		return;
	}
	put_csv(record_text(rec, rec->object[i]));
	putchar(',');
	put_csv(record_text(rec, rec->item[i] ? rec->item[i] : ev->name));
	putchar(',');
	put_csv(record_text(rec, ev->name2));
	putchar(',');
	if (ev->kind == TRACE_QUEUE_WORK)
		printf("%" PRId64, ev->a);
}

static void put_event(const struct run *run, size_t i, struct text *args)
{
	const struct record *rec = &run->rec;
	const struct trace_event *ev = &rec->ev[i];

	printf("%s,%" PRIu32 ",%" PRIu64 ",%u,%" PRId32 ",", run->engine, ev->seq, ev->ts,
	       ev->cpu, ev->pid);
	put_csv(record_text(rec, ev->comm));
	printf(",%s,", event_name(ev->kind));
	put_work(rec, i);
	printf(",%s,", record_text(rec, ev->engine));
	text_clear(args);
	event_args(rec, i, run->hz, args);
	put_csv(args->s);
	putchar('\n');
}

void view_csv(const struct run *run, unsigned int nr)
{
	struct text args = {0};

	puts("engine,seq,time_ns,cpu,pid,comm,event,work,function,workqueue,req_cpu,source,detail");
	for (unsigned int r = 0; r < nr; r++)
		for (size_t i = 0; i < run[r].rec.nr; i++)
			if (event_name(run[r].rec.ev[i].kind))
				put_event(&run[r], i, &args);
	text_free(&args);
}
