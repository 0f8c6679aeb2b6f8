// SPDX-License-Identifier: GPL-2.0-only
/*
 * Schedules as text and back, and the record of the run at hand.
 *
 * The record may lie in memory that another process sees: it is written as the run
 * goes, so that it is there when the run ends the process.
 *
 * Locking: the record belongs to the token (sim.h).  Read next: strategy-replay.c.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "schedule.h"
#include "sim.h"
#include "wqlab/explore.h"

#define OWN_ROOM	8192	/* deviations of a single run that are written down */

static const char *const point_names[MP_NR + 1] = {
	[MP_LOCK] = "lock",
	[MP_UNLOCK] = "unlock",
	[MP_ATOMIC] = "atomic",
	[MP_READ] = "read",
	[MP_WRITE] = "write",
	[MP_STATE] = "state",
	[MP_WAKE] = "wake",
	[MP_BLOCK] = "block",
	[MP_TIMER_ARM] = "timer-arm",
	[MP_TIMER_CANCEL] = "timer-cancel",
	[MP_TIMER_FIRE] = "timer-fire",
	[MP_START] = "start",
	[MP_STOP] = "stop",
	[MP_IRQ_ON] = "irq-on",
	[MP_YIELD] = "yield",
	[MP_FAULT] = "fault",
	[MP_NR] = "next",
};

const char *point_name(enum mach_point op)
{
	return point_names[op <= MP_NR ? op : MP_NR];
}

struct schedule *schedule_new(unsigned int room)
{
	struct schedule *s = calloc(1, sizeof(*s) + room * sizeof(s->dev[0]));

	if (!s)
		return NULL;
	s->room = room;
	s->whole = true;
	return s;
}

struct schedule *schedule_in(void *mem, size_t size)
{
	struct schedule *s = mem;

	if (size < sizeof(*s) + sizeof(s->dev[0]))
		return NULL;
	*s = (struct schedule){ .room = (unsigned int)((size - sizeof(*s)) / sizeof(s->dev[0])), .whole = true };
	return s;
}

char *machine_record_text(const void *record)
{
	const struct schedule *s = record;

	return s->whole ? schedule_text(s) : NULL;
}

/* ---- text ---- */

/* What stands for itself in a name; the rest is written %XX, as in an address of the web. */
static bool plain(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       strchr("/:_-.", c);
}

static void put_name(FILE *f, const char *name)
{
	for (; *name; name++) {
		if (plain(*name))
			fputc(*name, f);
		else
			fprintf(f, "%%%02x", (unsigned char)*name);
	}
}

char *schedule_text(const struct schedule *s)
{
	char *text = NULL;
	size_t len;
	FILE *f = open_memstream(&text, &len);
	unsigned int i;

	if (!f)
		return NULL;
	for (i = 0; i < s->nr; i++) {
		const struct deviation *d = &s->dev[i];

		fprintf(f, "%s%" PRIu32 ".%s=", i ? "+" : "", d->step, point_name(d->op));
		switch (d->kind) {
		case CAND_FAULT:
			fputs("fails", f);
			break;
		case CAND_IRQ:
			fprintf(f, "timer/%" PRIu32, d->cpu);
			break;
		default:
			put_name(f, d->name);
			if (d->nth > 1)
				fprintf(f, "~%u", d->nth);
		}
	}
	fclose(f);
	return text;
}

static int hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool read_name(const char **s, char *name)
{
	unsigned int n = 0;

	while (**s && !strchr("+~", **s)) {
		char c = *(*s)++;

		if (c == '%') {
			if (hex((*s)[0]) < 0 || hex((*s)[1]) < 0)
				return false;
			c = (char)(hex((*s)[0]) << 4 | hex((*s)[1]));
			*s += 2;
		} else if (!plain(c)) {
			return false;
		}
		if (!c || n + 1 >= SCHEDULE_NAME)
			return false;
		name[n++] = c;
	}
	name[n] = '\0';
	return n;
}

static bool read_op(const char **s, uint8_t *op)
{
	unsigned int i;

	for (i = 0; i <= MP_NR; i++) {
		size_t len = strlen(point_names[i]);

		if (!strncmp(*s, point_names[i], len) && (*s)[len] == '=') {
			*op = (uint8_t)i;
			*s += len + 1;
			return true;
		}
	}
	return false;
}

static bool read_one(const char **s, struct deviation *d)
{
	uint64_t step, nth = 1;
	unsigned int cpu;
	int used = 0;

	*d = (struct deviation){ .kind = CAND_CPU };
	if (!strategy_number(s, &step) || step > UINT32_MAX || *(*s)++ != '.' || !read_op(s, &d->op))
		return false;
	d->step = (uint32_t)step;
	if (!read_name(s, d->name))
		return false;
	if (**s == '~') {
		++*s;
		if (!strategy_number(s, &nth) || !nth || nth > UINT16_MAX)
			return false;
	}
	d->nth = (uint16_t)nth;
	if (d->op == MP_FAULT && !strcmp(d->name, "fails")) {
		d->kind = CAND_FAULT;
		d->name[0] = '\0';
	} else if (sscanf(d->name, "timer/%u%n", &cpu, &used) == 1 && !d->name[used]) {
		d->kind = CAND_IRQ;
		d->cpu = cpu;
		d->name[0] = '\0';
	}
	return true;
}

struct schedule *schedule_read(const char *text)
{
	const char *s = text;
	unsigned int most = 1, i;
	struct schedule *sch;

	for (i = 0; text[i]; i++)
		most += text[i] == '+';
	sch = schedule_new(most);
	if (!sch) {
		mach_set_error("no memory for a schedule of %u choices", most);
		return NULL;
	}
	while (*s) {
		const char *from = s;
		struct deviation *d = &sch->dev[sch->nr];

		if (!read_one(&s, d) || (*s && *s != '+') || (sch->nr && d->step <= d[-1].step)) {
			mach_set_error("no schedule at \"%.40s\": expected STEP.POINT=WHO, steps rising, joined by +",
				       from);
			free(sch);
			return NULL;
		}
		sch->nr++;
		if (*s == '+' && !*++s) {
			mach_set_error("a schedule ends in \"+\": expected STEP.POINT=WHO behind it");
			free(sch);
			return NULL;
		}
	}
	return sch;
}

/* ---- the run at hand ---- */

static struct schedule *record;
static struct schedule *own;		/* of single runs; kept for good */

void schedule_record_own(void)
{
	if (!own)
		own = schedule_new(OWN_ROOM);
	schedule_record(own);
}

char *machine_schedule(void)
{
	return own && own->whole ? schedule_text(own) : NULL;
}

void schedule_record(struct schedule *s)
{
	record = s;
	if (s) {
		s->nr = 0;
		s->whole = true;
	}
}

bool schedule_left_default(uint64_t step)
{
	return record && record->nr && record->dev[record->nr - 1].step == step;
}

static const struct mtask *task_of(const struct candidate *c)
{
	const struct mcpu *cpu = &sim.cpus[c->cpu];
	struct mlink *l;

	if (cpu->curr && cpu->curr->id == c->task)
		return cpu->curr;
	for (l = cpu->ready.next; l != &cpu->ready; l = l->next)
		if (mlink_entry(l, struct mtask, rq)->id == c->task)
			return mlink_entry(l, struct mtask, rq);
	return NULL;
}

const char *candidate_name(const struct candidate *c)
{
	const struct mtask *t = task_of(c);

	return t ? t->comm : "?";
}

static bool is_task(const struct candidate *c)
{
	return c->kind != CAND_IRQ && c->kind != CAND_FAULT;
}

void schedule_note(const struct choice *c, unsigned int pick, uint64_t step)
{
	const struct candidate *cand = &c->cand[pick];
	struct deviation *d;
	unsigned int i;

	if (!record || !pick)
		return;
	if (record->nr == record->room) {
		record->whole = false;
		return;
	}
	d = &record->dev[record->nr];
	*d = (struct deviation){
		.step = (uint32_t)step,
		.op = c->forced ? MP_NR : c->cand[0].op,
		.kind = (uint8_t)cand->kind,
		.nth = 1,
		.cpu = cand->cpu,
	};
	if (is_task(cand)) {
		strncpy(d->name, candidate_name(cand), sizeof(d->name) - 1);
		for (i = 0; i < pick; i++)
			d->nth += is_task(&c->cand[i]) && !strcmp(candidate_name(&c->cand[i]), d->name);
	}
	/* Last, and behind the rest: another process may look when this one has died. */
	__atomic_store_n(&record->nr, record->nr + 1, __ATOMIC_RELEASE);
}

unsigned int schedule_find(const struct deviation *d, const struct choice *c)
{
	unsigned int i, nth = 0;

	for (i = 0; i < c->n; i++) {
		const struct candidate *cand = &c->cand[i];

		if (d->kind == CAND_IRQ || d->kind == CAND_FAULT) {
			if (cand->kind == d->kind && (d->kind == CAND_FAULT || cand->cpu == d->cpu))
				return i;
		} else if (is_task(cand) && !strcmp(candidate_name(cand), d->name) && ++nth == d->nth) {
			return i;
		}
	}
	return c->n;
}
