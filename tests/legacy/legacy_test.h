/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the tests of the 2.6.32 engine share: a machine with that engine alone,
 * a work item that can be held, and a look into the structures.
 *
 * Tests are named after the facts they hold the engine to (af07_...).
 */
#ifndef LEGACY_TEST_H
#define LEGACY_TEST_H

#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <linux/workqueue.h>

#include "../../legacy/workqueue_internal.h"
#include "wqtask.h"
#include "wqtest.h"

/* An item that tells when it has begun and returns when it is let go. */
struct held {
	struct work_struct work;
	struct completion started;
	struct completion go;
	int runs;		/* how often it returned */
	int cpu;		/* where it last ran */
};

static inline void held_fn(struct work_struct *work)
{
	struct held *h = container_of(work, struct held, work);

	h->cpu = smp_processor_id();
	complete(&h->started);
	wait_for_completion(&h->go);
	h->runs++;
}

static inline void held_init(struct held *h)
{
	INIT_WORK(&h->work, held_fn);
	init_completion(&h->started);
	init_completion(&h->go);
	h->runs = 0;
	h->cpu = -1;
}

/* Queue it on a CPU and wait until it runs. */
static inline void hold(struct workqueue_struct *wq, int cpu, struct held *h)
{
	CHECK(queue_work_on(cpu, wq, &h->work));
	wait_for_completion(&h->started);
}

/* An item that counts. */
struct counted {
	struct work_struct work;
	int runs;
	int cpu;
	u64 at;			/* when it last ran */
};

static inline void counted_fn(struct work_struct *work)
{
	struct counted *c = container_of(work, struct counted, work);

	c->runs++;
	c->cpu = smp_processor_id();
	c->at = mach_now();
}

static inline void counted_init(struct counted *c)
{
	INIT_WORK(&c->work, counted_fn);
	c->runs = 0;
	c->cpu = -1;
	c->at = 0;
}

static inline struct cpu_workqueue_struct *slot(struct workqueue_struct *wq, int cpu)
{
	return per_cpu_ptr(wq->cpu_wq, cpu);
}

/* The data word's two halves. */
static inline struct cpu_workqueue_struct *data_cwq(struct work_struct *work)
{
	return (void *)(atomic_long_read(&work->data) & ~3L);
}

static inline long data_flags(struct work_struct *work)
{
	return atomic_long_read(&work->data) & 3;
}

#define MS(n) ((n) * 1000000ull)

/* How many events of a kind were recorded for an object (NULL: for any). */
static inline int events_of(enum trace_kind kind, const void *obj)
{
	int n = 0;

	for (size_t i = 0; i < trace_count(); i++) {
		const struct trace_event *ev = trace_get(i);

		n += ev->kind == kind && (!obj || ev->obj == obj);
	}
	return n;
}

/* Run @fn on the test's machine with this engine; give the result, to be freed. */
#define BOOT(cpus_, fn, res, ...)						\
	do {									\
		const struct machine_config cfg_ = {				\
			.kind = wqtest_native() ? "native" : "sim",		\
			.engines = "legacy", .cpus = (cpus_),			\
			.quiet = true, __VA_ARGS__				\
		};								\
		if (sim_run(&cfg_, fn, NULL, res))				\
			return;							\
	} while (0)

/* ... and expect it to end well, with this many warnings. */
#define RUN_WARN(cpus_, fn, warnings_, ...)					\
	do {									\
		struct machine_result res_;					\
										\
		BOOT(cpus_, fn, &res_, __VA_ARGS__);				\
		CHECK_MSG(res_.verdict == VERDICT_OK, "verdict %s\n%s\n%s",	\
			  verdict_name(res_.verdict), res_.report, res_.log);	\
		CHECK_EQ(res_.ret, 0);						\
		CHECK_MSG(res_.warnings == (warnings_), "%u warnings\n%s",	\
			  res_.warnings, res_.log);				\
		machine_result_free(&res_);					\
	} while (0)
#define RUN_OK(cpus_, fn, ...)	RUN_WARN(cpus_, fn, 0, __VA_ARGS__)

/* ... or to end with a verdict, and with @text in its report or its log. */
#define RUN_VERDICT(cpus_, fn, verdict_, text, ...)				\
	do {									\
		struct machine_result res_;					\
										\
		BOOT(cpus_, fn, &res_, __VA_ARGS__);				\
		CHECK_MSG(res_.verdict == (verdict_), "verdict %s, not %s\n%s\n%s", \
			  verdict_name(res_.verdict), verdict_name(verdict_),	\
			  res_.report, res_.log);				\
		CHECK_MSG(strstr(res_.report, text) || strstr(res_.log, text),	\
			  "nobody said \"%s\"\n%s\n%s", text, res_.report, res_.log); \
		machine_result_free(&res_);					\
	} while (0)

#endif
