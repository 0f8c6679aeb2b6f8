// SPDX-License-Identifier: GPL-2.0-only
/*
 * Texts in which there is nothing wrong, and what becomes of them, field by
 * field.
 */
#include "labs_test-libc.h"

#define BASE	"workqueue q\nwork w\nat 0 queue w on q\n"

/* What one line of settings makes of the machine. */
WQTEST(labs_syntax, settings)
{
	struct scenario *sc = good("scenario \"A \\\"b\\\" \\\\c\"\nnote \"one\"\nnote \"zwei \303\274\"\n"
		"cpus 4096\nnodes 64\nhz 250\nseed 18446744073709551615\nslice 1.5ms\n"
		"cost switch 2us, wake 1us create 20us\n" BASE "end at 100ms\n");

	if (!sc)
		return;
	CHECK_STR(sc->file, FILE_NAME);
	CHECK_STR(sc->title, "A \"b\" \\c");
	CHECK_EQ(sc->nr_notes, 2);
	CHECK_STR(sc->notes[0], "one");
	CHECK_STR(sc->notes[1], "zwei \303\274");
	CHECK_EQ(sc->cpus, 4096);
	CHECK_EQ(sc->nodes, 64);
	CHECK_EQ(sc->hz, 250);
	CHECK(sc->has_seed && sc->seed == UINT64_MAX);
	CHECK_EQ(sc->slice_ns, 1500000);
	CHECK_EQ(sc->switch_ns, 2000);
	CHECK_EQ(sc->wake_ns, 1000);
	CHECK_EQ(sc->create_ns, 20000);
	CHECK(sc->has_end);
	CHECK_EQ(sc->end_ns, 100000000);
	scenario_free(sc);
}

/* What stands there if nothing is said; settings may also come last, and on several lines. */
WQTEST(labs_syntax, defaults)
{
	struct scenario *sc = good(BASE);

	if (!sc)
		return;
	CHECK_STR(sc->title, "");
	CHECK_EQ(sc->nr_notes, 0);
	CHECK_EQ(sc->cpus, 1);
	CHECK_EQ(sc->nodes, 0);
	CHECK_EQ(sc->hz, 0);
	CHECK(!sc->has_seed && !sc->has_end);
	CHECK_EQ(sc->slice_ns + sc->switch_ns + sc->wake_ns + sc->create_ns, 0);
	CHECK_EQ(sc->nr_tasks + sc->nr_events + sc->nr_mutexes, 0);
	CHECK_EQ(sc->nr_workqueues, 2);
	CHECK_STR(sc->workqueues[SCENARIO_EVENTS].name, "events");
	CHECK_EQ(sc->workqueues[SCENARIO_EVENTS].kind, SCENARIO_WQ_SYSTEM);
	CHECK_EQ(sc->workqueues[SCENARIO_EVENTS].place.line, 0);
	scenario_free(sc);
	sc = good(BASE "cost create 3ns\ncost wake 2ns\ncost switch 1ns\nseed 0\nend at 0\nhz 1000\n");
	if (!sc)
		return;
	CHECK_EQ(sc->switch_ns * 100 + sc->wake_ns * 10 + sc->create_ns, 123);
	CHECK(sc->has_seed && sc->seed == 0 && sc->has_end && sc->end_ns == 0);
	CHECK_EQ(sc->hz, 1000);
	scenario_free(sc);
}

WQTEST(labs_syntax, hz)
{
	static const unsigned int rates[] = { 100, 250, 300, 1000 };
	char text[100];

	for (size_t i = 0; i < COUNT(rates); i++) {
		struct scenario *sc;

		snprintf(text, sizeof(text), BASE "hz %u\n", rates[i]);
		sc = good(text);
		CHECK_EQ(sc ? sc->hz : 0, rates[i]);
		scenario_free(sc);
	}
}

WQTEST(labs_syntax, durations)
{
	static const struct {
		const char *text;
		uint64_t ns;
	} table[] = {
		{ "0", 0 }, { "0ns", 0 }, { "0 s", 0 }, { "1ns", 1 }, { "1 us", 1000 },
		{ "1ms", 1000000 }, { "1s", 1000000000 }, { "007ms", 7000000 },
		{ "1.5ms", 1500000 }, { "1.5 s", 1500000000 }, { "0.000001ms", 1 },
		{ "1.000001ms", 1000001 }, { "0.000000001s", 1 }, { "12.345us", 12345 },
		{ "2.0ns", 2 }, { "2.500us", 2500 }, { "3.1400000000000us", 3140 },
		{ "999999.999999999s", 999999999999999 }, { "1000000s", SCENARIO_MAX_NS },
		{ "1000000.000s", SCENARIO_MAX_NS }, { "1000000000000000ns", SCENARIO_MAX_NS },
	};
	char text[100];

	for (size_t i = 0; i < COUNT(table); i++) {
		struct scenario *sc;

		snprintf(text, sizeof(text), BASE "slice %s\n", table[i].text);
		sc = good(text);
		if (!sc)
			continue;
		CHECK_MSG(sc->slice_ns == table[i].ns, "%s is %llu ns, not %llu", table[i].text,
			  (unsigned long long)sc->slice_ns, (unsigned long long)table[i].ns);
		scenario_free(sc);
	}
}

WQTEST(labs_syntax, workqueues)
{
	static const struct {
		const char *name;
		enum scenario_wq_kind kind;
		unsigned int flags;
		int max_active;
		const char *engine;
		unsigned int line, col;
	} table[] = {
		{ "events", SCENARIO_WQ_SYSTEM, 0, 0, NULL, 0, 0 },
		{ "q", SCENARIO_WQ_ALLOC, 0, 0, NULL, 1, 11 },
		{ "a", SCENARIO_WQ_ALLOC, 1 << 1 | 1 << 2 | 1 << 3, 2, NULL, 4, 11 },
		{ "b", SCENARIO_WQ_ALLOC, 1 << 4 | 1 << 5 | 1 << 6 | 1 << 7, 1000000, "cmwq", 5, 11 },
		{ "c", SCENARIO_WQ_CREATE, 0, 0, "legacy", 6, 11 },
		{ "d7", SCENARIO_WQ_SINGLETHREAD, 0, 0, NULL, 7, 11 },
		{ "d8", SCENARIO_WQ_SINGLETHREAD, 0, 0, NULL, 7, 11 },
		{ "e", SCENARIO_WQ_SINGLETHREAD, 0, 0, NULL, 7, 20 },
		{ "f", SCENARIO_WQ_ORDERED, 1 << 3, 0, NULL, 8, 11 },
		{ "_g-9", SCENARIO_WQ_ALLOC, 0, 0, NULL, 9, 11 },
	};
	struct scenario *sc = good(BASE
		"workqueue a max_active=2 flags=UNBOUND|WQ_FREEZABLE | MEM_RECLAIM\n"
		"workqueue b engine=cmwq flags=WQ_HIGHPRI|CPU_INTENSIVE|SYSFS|WQ_POWER_EFFICIENT max_active = 1000000\n"
		"workqueue c create engine = legacy\n"
		"workqueue d[7..8], e singlethread\n"
		"workqueue f ordered flags=MEM_RECLAIM\n"
		"workqueue _g-9 max_active=0\n");

	if (!sc)
		return;
	CHECK_EQ(sc->nr_workqueues, COUNT(table));
	for (size_t i = 0; i < COUNT(table) && i < sc->nr_workqueues; i++) {
		const struct scenario_workqueue *wq = &sc->workqueues[i];

		CHECK_STR(wq->name, table[i].name);
		CHECK_EQ(wq->kind, table[i].kind);
		CHECK_EQ(wq->flags, table[i].flags);
		CHECK_EQ(wq->max_active, table[i].max_active);
		CHECK_STR(wq->engine, table[i].engine);
		CHECK_EQ(wq->place.line, table[i].line);
		CHECK_EQ(wq->place.col, table[i].col);
	}
	scenario_free(sc);
}

/* One step as it should be: names in a row, "?" for an event and so on by kind. */
struct want {
	enum scenario_op op;
	const char *source;
	uint64_t ns;
	bool delayed;
	const char *refs;	/* "w:0 w:1", the kind's letter and the index */
	const char *on;
	int cpu;
	unsigned int times;
	int number;
	const char *text;
};

static void check_steps(const struct scenario_steps *got, const struct want *want, size_t nr)
{
	static const char letter[] = { 'q', 'w', 't', 'e', 'm' };

	CHECK_EQ(got->nr, nr);
	for (size_t i = 0; i < nr && i < got->nr; i++) {
		const struct scenario_step *s = &got->list[i];
		char refs[200] = "", on[200] = "";
		size_t used = 0, used_on = 0;

		for (uint32_t k = 0; k < s->nr_refs; k++)
			used += snprintf(refs + used, sizeof(refs) - used, "%s%c:%u", k ? " " : "",
					 letter[s->refs[k].kind], s->refs[k].index);
		for (uint32_t k = 0; s->on && k < s->nr_refs; k++)
			used_on += snprintf(on + used_on, sizeof(on) - used_on, "%s%u", k ? " " : "",
					    s->on[k]);
		CHECK_EQ(s->op, want[i].op);
		CHECK_STR(s->source, want[i].source);
		CHECK_EQ(s->ns, want[i].ns);
		CHECK_EQ(s->delayed, want[i].delayed);
		CHECK_STR(refs, want[i].refs ? want[i].refs : "");
		CHECK_STR(on, want[i].on ? want[i].on : "");
		CHECK_EQ(s->cpu, want[i].cpu);
		CHECK_EQ(s->times, want[i].times);
		CHECK_EQ(s->number, want[i].number);
		CHECK_STR(s->text, want[i].text);
	}
}

#define ANY	.cpu = SCENARIO_ANY_CPU

WQTEST(labs_syntax, steps_of_items_and_tasks)
{
	static const struct want want[] = {
		{ SCENARIO_BURN, "burn 1.5 ms", 1500000, ANY },
		{ SCENARIO_SLEEP, "sleep 1ns", 1, ANY },
		{ SCENARIO_WAIT, "wait e0 e1", .refs = "e:0 e:1", ANY },
		{ SCENARIO_SIGNAL, "signal e[0..1], e0", .refs = "e:0 e:1 e:0", ANY },
		{ SCENARIO_LOCK, "lock m, n", .refs = "m:0 m:1", ANY },
		{ SCENARIO_UNLOCK, "unlock n m", .refs = "m:1 m:0", ANY },
		{ SCENARIO_QUEUE, "queue w on q", .refs = "w:0", .on = "1", ANY },
		{ SCENARIO_QUEUE, "queue v[1..2] w on events", .refs = "w:1 w:2 w:0", .on = "0 0 0", ANY },
		{ SCENARIO_QUEUE, "queue v[1..2] on q, p cpu 3 after 0", 0, true, "w:1 w:2", "1 2", .cpu = 3 },
		{ SCENARIO_QUEUE, "queue w on q after 5ms cpu 0", 5000000, true, "w:0", "1", .cpu = 0 },
		{ SCENARIO_CANCEL, "cancel v2 w", .refs = "w:2 w:0", ANY },
		{ SCENARIO_FLUSH, "flush q w p", .refs = "q:1 w:0 q:2", ANY },
		{ SCENARIO_YIELD, "yield", ANY },
		{ SCENARIO_SAY, "say \"a  \\\" # b\"", ANY, .text = "a  \" # b" },
	};
#define STEPS "burn  1.5 ms\n\t sleep\t1ns # a remark\nwait e0 e1\nsignal e[0..1], e0\nlock m, n\nunlock n m\n" \
		"queue w on q\nqueue v[1..2] w on events\nqueue v[1..2] on q, p cpu 3 after 0\n" \
		"queue w on q after 5ms cpu 0\ncancel v2 w\nflush q w p\nyield\nsay  \"a  \\\" # b\"\n"
	static const struct want again = {
		SCENARIO_REQUEUE, "requeue after 10ms times 1000000000", 10000000, true, ANY,
		.times = 1000000000,
	};
	struct scenario *sc = good("cpus 4\n" BASE "work v[1..2]\n" STEPS "task t, u start 2ms cpu 1\n" STEPS
		"task s\nwork x\nrequeue after 10ms times 1000000000\nwork y\nrequeue times 1 after 10ms\n"
		"workqueue p\nevent e[0..1]\nmutex m, n\n");

	if (!sc)
		return;
	CHECK_EQ(sc->nr_works, 5);
	CHECK_STR(sc->works[1].name, "v1");
	CHECK_STR(sc->works[2].name, "v2");
	CHECK_EQ(sc->works[2].place.line, 5);
	CHECK_EQ(sc->works[2].place.col, 6);
	CHECK_EQ(sc->works[0].steps.nr, 0);
	check_steps(&sc->works[1].steps, want, COUNT(want));
	CHECK(sc->works[1].steps.list == sc->works[2].steps.list);
	check_steps(&sc->works[3].steps, &again, 1);
	CHECK_EQ(sc->works[4].steps.list[0].times, 1);
	/* w, v1 and v2 are queued with a delay, x and y requeue themselves with one */
	for (int i = 0; i < 5; i++)
		CHECK(sc->works[i].delayed);
	CHECK_EQ(sc->nr_tasks, 3);
	CHECK_STR(sc->tasks[1].name, "u");
	CHECK_EQ(sc->tasks[1].cpu, 1);
	CHECK_EQ(sc->tasks[1].start_ns, 2000000);
	CHECK_EQ(sc->tasks[1].cpu_place.col, 25);
	CHECK_EQ(sc->tasks[2].cpu, SCENARIO_ANY_CPU);
	CHECK_EQ(sc->tasks[2].start_ns, 0);
	check_steps(&sc->tasks[0].steps, want, COUNT(want));
	check_steps(&sc->tasks[1].steps, want, COUNT(want));
	CHECK_EQ(sc->tasks[0].steps.list[8].cpu_place.line, 29);
	CHECK_EQ(sc->tasks[0].steps.list[8].cpu_place.col, 27);
	CHECK_EQ(sc->nr_events, 2);
	CHECK_STR(sc->events[1].name, "e1");
	CHECK_EQ(sc->nr_mutexes, 2);
	CHECK_STR(sc->mutexes[1].name, "n");
	scenario_free(sc);
}

/* By time; equal times as written, a task's start among them. */
WQTEST(labs_syntax, timeline)
{
	static const struct want first[] = {
		{ SCENARIO_QUEUE, "queue w on q", .refs = "w:0", .on = "1", ANY },
		{ SCENARIO_MAX_ACTIVE, "set max_active of q p to 7", .refs = "q:1 q:2", .number = 7, ANY },
		{ SCENARIO_FAIL_THREADS, "fail thread creation on", .number = 1, ANY },
		{ SCENARIO_FAIL_THREADS, "fail thread creation off", .number = 0, ANY },
		{ SCENARIO_SIGNAL, "signal e", .refs = "e:0", ANY },
	};
	static const struct want start[] = {
		{ SCENARIO_START, "start", .refs = "t:0 t:1", ANY },
	};
	struct scenario *sc = good("cpus 2\nworkqueue q, p\nwork w\nevent e\nat 5ms cpu 1\nflush w\n"
		"at 1ms cpu 0 queue  w  on q # and\nset max_active of q p to 7\nfail thread creation on\n"
		"fail thread creation off\nsignal e\ntask t, u start 1ms\nat 1ms\nat 0.5 ms say \"x\"\n"
		"end at 5ms\n");
	static const struct { uint64_t ns; int cpu; unsigned int line, nr; } at[] = {
		{ 500000, -1, 14, 1 }, { 1000000, 0, 7, 5 }, { 1000000, -1, 12, 1 },
		{ 1000000, -1, 13, 0 }, { 5000000, 1, 5, 1 },
	};

	if (!sc)
		return;
	CHECK_EQ(sc->nr_timeline, COUNT(at));
	for (size_t i = 0; i < COUNT(at) && i < sc->nr_timeline; i++) {
		CHECK_EQ(sc->timeline[i].ns, at[i].ns);
		CHECK_EQ(sc->timeline[i].cpu, at[i].cpu);
		CHECK_EQ(sc->timeline[i].place.line, at[i].line);
		CHECK_EQ(sc->timeline[i].steps.nr, at[i].nr);
	}
	check_steps(&sc->timeline[1].steps, first, COUNT(first));
	check_steps(&sc->timeline[2].steps, start, COUNT(start));
	CHECK_EQ(sc->timeline[4].cpu_place.col, 12);
	CHECK(!sc->works[0].delayed);
	scenario_free(sc);
}

/* Line ends of other systems, no last line end, a mark of UTF-8, remarks of any bytes. */
WQTEST(labs_syntax, line_ends)
{
	static const char *const texts[] = {
		"workqueue q\r\nwork w\r\n\r\nat 0 queue w on q\r\n",
		"workqueue q\nwork w\nat 0 queue w on q",
		"workqueue q\nwork w\nat 0 queue w on q\r",
		"\357\273\277workqueue q\nwork w\nat 0 queue w on q\n",
		"workqueue q#\nwork w # \377\001\033\n#\n  \t \nat 0 queue w on q# \"\n",
		"  workqueue\tq\nwork w\n\tat 0\n\t\tqueue w on q\n",
		"at 0 queue w on q\nwork w\nworkqueue q\n",
	};

	for (size_t i = 0; i < COUNT(texts); i++) {
		struct scenario *sc = good(texts[i]);

		if (!sc)
			continue;
		CHECK_EQ(sc->nr_works, 1);
		CHECK_STR(sc->timeline[0].steps.list[0].source, "queue w on q");
		scenario_free(sc);
	}
}

/* What stops an item that requeues itself without `times`, and what needs no stopping. */
WQTEST(labs_syntax, endless)
{
	static const char *const texts[] = {
		BASE "work a\nrequeue\nat 1ms cancel a\n",
		BASE "work a, b\nrequeue after 1ms\ntask t\ncancel b a\n",
		BASE "work a\nrequeue\nend at 1ms\n",
		BASE "work a\nrequeue times 1\n",
		BASE "work a\nlock m\nlock m\nunlock m\nunlock m\nmutex m\n",
		BASE "work a\nlock m n\nunlock m\nlock m\nunlock n, m\nmutex m, n\n",
	};

	for (size_t i = 0; i < COUNT(texts); i++)
		scenario_free(good(texts[i]));
}
