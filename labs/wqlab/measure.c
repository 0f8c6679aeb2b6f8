// SPDX-License-Identifier: GPL-2.0-only
/*
 * The numbers of one run.
 *
 * Two bookkeepings go along with the events:
 *
 *   struct waiting   an item that was queued and has not been started, by the
 *                    number of its object's text; it may be queued again.
 *   struct burner    a thread that has begun to burn CPU time.  A burn ends at
 *                    the thread's next step; what passes while the scheduler
 *                    has given the CPU to somebody else does not count.
 *
 * Burning is cut to the time between the first queueing and the last finish,
 * so the bursts are kept until both are known.
 *
 * Nothing is shared, nothing is locked.
 *
 * Read next: compare.c, which puts two runs' numbers into words.
 */
#include <stdlib.h>
#include <string.h>

#include "measure.h"
#include "util.h"

struct waiting {
	const char *name;
	uint64_t since;
	bool pending;
};

struct burner {
	bool burning;
	bool on_cpu;
	bool worked;		/* has run an item of a workqueue */
	uint64_t since;
};

struct burst {
	uint64_t from, to;
};

struct counter {
	const struct record *rec;
	struct measures *m;
	struct waiting *waiting;	/* by record.object */
	struct burner *burner;		/* by pid */
	size_t nr_burner;
	struct burst *burst;
	size_t nr_burst, room_burst;
};

static struct burner *burner_of(struct counter *c, int64_t pid)
{
	size_t want = pid > 0 ? (size_t)pid + 1 : 1;

	if (want > c->nr_burner) {
		size_t nr = 2 * want;

		c->burner = xrealloc(c->burner, nr, sizeof(*c->burner));
		memset(c->burner + c->nr_burner, 0, (nr - c->nr_burner) * sizeof(*c->burner));
		c->nr_burner = nr;
	}
	return &c->burner[want - 1];
}

static void end_burst(struct counter *c, struct burner *b, uint64_t now)
{
	if (!b->burning || !b->on_cpu || now <= b->since)
		return;
	if (c->nr_burst == c->room_burst) {
		c->room_burst = c->room_burst ? 2 * c->room_burst : 256;
		c->burst = xrealloc(c->burst, c->room_burst, sizeof(*c->burst));
	}
	c->burst[c->nr_burst++] = (struct burst){ b->since, now };
}

static void count_step(struct counter *c, const struct trace_event *ev)
{
	struct burner *b = burner_of(c, ev->pid);

	end_burst(c, b, ev->ts);
	b->burning = ev->a == STEP_BURN;
	b->on_cpu = true;
	b->since = ev->ts;
	if (ev->a == STEP_FINISH) {
		c->m->ran = true;
		c->m->finished++;
		c->m->last_ns = ev->ts;
	}
}

static void count_switch(struct counter *c, const struct trace_event *ev)
{
	struct burner *b = burner_of(c, ev->a);

	end_burst(c, b, ev->ts);
	b->on_cpu = false;
	b = burner_of(c, ev->b);
	b->on_cpu = true;
	b->since = ev->ts;
}

static void count_queueing(struct counter *c, size_t i)
{
	const struct trace_event *ev = &c->rec->ev[i];

	if (!c->m->queued++)
		c->m->first_ns = ev->ts;
	c->waiting[c->rec->object[i]] = (struct waiting){
		.name = record_text(c->rec, c->rec->item[i]), .since = ev->ts, .pending = true,
	};
}

static void count_start(struct counter *c, size_t i)
{
	const struct trace_event *ev = &c->rec->ev[i];
	struct waiting *w = &c->waiting[c->rec->object[i]];
	struct burner *b = burner_of(c, ev->pid);

	if (!b->worked)
		c->m->workers++;
	b->worked = true;
	c->m->started++;
	if (!w->pending)
		return;
	w->pending = false;
	if (!c->m->waited || ev->ts - w->since > c->m->wait_ns) {
		c->m->waited = true;
		c->m->wait_ns = ev->ts - w->since;
		c->m->wait_item = w->name;
	}
}

static void sum_bursts(struct counter *c)
{
	struct measures *m = c->m;

	for (size_t i = 0; i < c->nr_burst; i++) {
		uint64_t from = c->burst[i].from, to = c->burst[i].to;

		if (from < m->first_ns)
			from = m->first_ns;
		if (to > m->last_ns)
			to = m->last_ns;
		if (to > from)
			m->busy_ns += to - from;
	}
}

void measure(const struct record *rec, struct measures *m)
{
	struct counter c = { .rec = rec, .m = m };

	*m = (struct measures){0};
	c.waiting = xcalloc(rec->nr_text, sizeof(*c.waiting));
	for (size_t i = 0; i < rec->nr; i++) {
		const struct trace_event *ev = &rec->ev[i];

		switch (ev->kind) {
		case TRACE_STEP:
			count_step(&c, ev);
			break;
		case TRACE_SCHED_SWITCH:
			count_switch(&c, ev);
			break;
		case TRACE_TASK_NEW:
			m->threads++;
			break;
		case TRACE_QUEUE_WORK:
			if (rec->item[i])
				count_queueing(&c, i);
			break;
		case TRACE_EXECUTE_START:
			if (rec->item[i])
				count_start(&c, i);
			break;
		default:
			break;
		}
	}
	/* Who still burns when the last item finishes has burnt until then. */
	for (size_t i = 0; i < c.nr_burner; i++)
		end_burst(&c, &c.burner[i], m->last_ns);
	if (m->last_ns > m->first_ns)
		m->makespan_ns = m->last_ns - m->first_ns;
	sum_bursts(&c);
	free(c.waiting);
	free(c.burst);
	free(c.burner);
}
