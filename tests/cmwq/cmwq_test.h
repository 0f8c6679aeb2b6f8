/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the tests of the 3.18 engine share: booting it alone, an item whose course
 * is set by its fields, and a look into the structures.
 *
 * Tests are named after the facts they hold the engine to (cf07_...).
 *
 * The engine's functions are local to it; what a test knows of the inside it
 * reaches from a workqueue or an item.  Numbers that a fact gives are written as
 * numbers here, not by the engine's names, which would change with the engine.
 */
#ifndef CMWQ_TEST_H
#define CMWQ_TEST_H

#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/workqueue.h>

#include "../../cmwq/workqueue_internal.h"
#include "wqtask.h"
#include "wqtest.h"

#define MS(n)	((n) * 1000000ull)
#define SEC(n)	MS((n) * 1000ull)

/* An item: burns, then sleeps, then waits until it is let go; each if asked to. */
struct item {
	struct delayed_work dw;		/* used with and without its timer */
	unsigned int burn, sleep;	/* ms */
	bool hold;
	struct completion started, go;
	int runs;			/* how often it returned */
	int inside;			/* how many execute it now */
	int most;			/* the most that ever did at once */
	int cpu, pid;			/* where it last began */
	u64 at, end;			/* when it last began and returned */
};

#define W(item)	(&(item)->dw.work)

static inline void item_fn(struct work_struct *work)
{
	struct item *it = container_of(work, struct item, dw.work);

	it->most = max(it->most, ++it->inside);
	it->cpu = smp_processor_id();
	it->pid = current->pid;
	it->at = mach_now();
	complete(&it->started);
	if (it->burn)
		mdelay(it->burn);
	if (it->sleep)
		pass_ms(it->sleep);
	/* Not uninterruptible: it may take longer than a task is let hang. */
	if (it->hold)
		wait_for_completion_interruptible(&it->go);
	it->end = mach_now();
	it->inside--;
	it->runs++;
}

static inline void item_init(struct item *it)
{
	memset(it, 0, sizeof(*it));
	INIT_DELAYED_WORK(&it->dw, item_fn);
	init_completion(&it->started);
	init_completion(&it->go);
}

/* One that waits until release(). */
static inline void held_init(struct item *it)
{
	item_init(it);
	it->hold = true;
}

static inline void release(struct item *it)
{
	complete(&it->go);
}

/* Queue it on a CPU and wait until it runs. */
static inline void start_on(int cpu, struct workqueue_struct *wq, struct item *it)
{
	reinit_completion(&it->started);
	CHECK(queue_work_on(cpu, wq, W(it)));
	wait_for_completion(&it->started);
}

/*
 * Have n + 1 workers of a CPU (if unbound: of the pool) asleep: one that has just
 * been made is awake, and would take an item without being woken for it.
 */
static inline void stand_by(struct workqueue_struct *wq, int cpu, int n)
{
	struct item held[4];
	int i;

	for (i = 0; i < n; i++) {
		held_init(&held[i]);
		start_on(cpu, wq, &held[i]);
	}
	for (i = 0; i < n; i++)
		release(&held[i]);
	flush_workqueue(wq);
}

/* Stay on one CPU, out of the way of what happens on the others. */
static inline void stay_on(int cpu)
{
	CHECK_EQ(set_cpus_allowed_ptr(current, cpumask_of(cpu)), 0);
}

static inline struct pool_workqueue *pwq_on(struct workqueue_struct *wq, int cpu)
{
	return per_cpu_ptr(wq->cpu_pwqs, cpu);
}

static inline struct worker_pool *pool_on(struct workqueue_struct *wq, int cpu)
{
	return pwq_on(wq, cpu)->pool;
}

/* The data word as it is, without a choice point. */
static inline unsigned long word(struct work_struct *work)
{
	return *work_data_bits(work);
}

static inline struct pool_workqueue *word_pwq(struct work_struct *work)
{
	return (void *)(word(work) & ~0xfful);
}

static inline int word_color(struct work_struct *work)
{
	return word(work) >> 4 & 15;
}

/* Who executes the item in this pool; NULL: nobody. */
static inline struct worker *runner(struct worker_pool *pool, struct work_struct *work)
{
	struct worker *worker, *found = NULL;
	int bkt;

	spin_lock_irq(&pool->lock);
	hash_for_each(pool->busy_hash, bkt, worker, hentry)
		if (worker->current_work == work)
			found = worker;
	spin_unlock_irq(&pool->lock);
	return found;
}

/* Who is woken next. */
static inline struct worker *first_idle(struct worker_pool *pool)
{
	return list_first_entry(&pool->idle_list, struct worker, entry);
}

static inline struct work_struct *first_work(struct list_head *list)
{
	return list_first_entry_or_null(list, struct work_struct, entry);
}

static inline int list_length(struct list_head *list)
{
	struct list_head *pos;
	int n = 0;

	list_for_each(pos, list)
		n++;
	return n;
}

/*
 * What holds of a pool whenever its locks are free: the counts say what the lists
 * hold, nr_running is exact (C-F6), and work that waits has somebody awake to see
 * to it (C-F11).  When items are stolen, 3.18 may activate others without waking
 * anybody; these wait for whoever executes an item to return.  And the barriers of one
 * that was stolen while frozen may be all there is, with everybody asleep.
 */
static inline void check_pool_stolen(struct worker_pool *pool, bool stolen)
{
	int running = 0, busy = 0, bkt;
	struct work_struct *work;
	struct worker *worker;
	bool awake, barriers = true;

	mutex_lock(&pool->attach_mutex);
	spin_lock_irq(&pool->lock);
	spin_lock(&pool->run_lock);
	awake = mutex_is_locked(&pool->manager_arb);
	list_for_each_entry(worker, &pool->workers, node) {
		running += !(worker->flags & WORKER_NOT_RUNNING) && !worker->sleeping;
		if (!(worker->flags & WORKER_IDLE) || (worker->flags & WORKER_DIE))
			continue;
		CHECK_EQ(worker->flags & ~0x180, 0x0c);	/* IDLE, PREP; of UNBOUND and REBOUND either */
		awake |= worker->task->state == TASK_RUNNING;
	}
	hash_for_each(pool->busy_hash, bkt, worker, hentry)
		busy++;
	list_for_each_entry(work, &pool->worklist, entry) {
		CHECK_EQ(word(work) & 7, 5);	/* PENDING and PWQ, not DELAYED */
		CHECK(word_pwq(work)->pool == pool);
		barriers &= word_color(work) == 15;
	}
	CHECK_EQ(list_length(&pool->idle_list), pool->nr_idle);
	CHECK(pool->nr_workers >= pool->nr_idle);
	/* Just disassociated, it still has the old count; nobody counts any more (C-F6). */
	CHECK(pool->nr_running == running || ((pool->flags & 4) && !running));
	CHECK(pool->nr_running <= busy || pool->cpu < 0);
	CHECK(list_empty(&pool->worklist) || pool->nr_running || awake ||
	      (stolen && (busy || barriers)));
	spin_unlock(&pool->run_lock);
	spin_unlock_irq(&pool->lock);
	mutex_unlock(&pool->attach_mutex);
}

static inline void check_pool(struct worker_pool *pool)
{
	check_pool_stolen(pool, false);
}

/* ---- the trace ---- */

/* The n-th event of a kind for an object (NULL: any), from 0; NULL: there is none. */
static inline const struct trace_event *nth_event(enum trace_kind kind, const void *obj, int n)
{
	for (size_t i = 0; i < trace_count(); i++) {
		const struct trace_event *ev = trace_get(i);

		if (ev->kind == kind && (!obj || ev->obj == obj) && !n--)
			return ev;
	}
	return NULL;
}

static inline int events_of(enum trace_kind kind, const void *obj)
{
	int n = 0;

	while (nth_event(kind, obj, n))
		n++;
	return n;
}

/* How many events of a kind carry this name and second name (NULL: any). */
static inline int named_events(enum trace_kind kind, const char *name, const char *name2)
{
	int n = 0;

	for (size_t i = 0; i < trace_count(); i++) {
		const struct trace_event *ev = trace_get(i);

		n += ev->kind == kind && (!name || !strcmp(trace_text(ev->name), name)) &&
		     (!name2 || !strcmp(trace_text(ev->name2), name2));
	}
	return n;
}

/* ---- booting ---- */

/* Run @fn(@arg) on a machine with this engine; give the result, to be freed. */
#define BOOT(cpus_, fn, arg, res, ...)						\
	do {									\
		const struct machine_config cfg_ = {				\
			.kind = "sim", .engines = "cmwq", .cpus = (cpus_),	\
			.quiet = true, __VA_ARGS__				\
		};								\
		if (sim_run(&cfg_, fn, arg, res))				\
			return;							\
	} while (0)

/* ... and expect it to end well, with so many warnings. */
#define RUN_WARN(cpus_, fn, warnings_, ...)					\
	do {									\
		struct machine_result res_;					\
										\
		BOOT(cpus_, fn, NULL, &res_, __VA_ARGS__);			\
		CHECK_MSG(res_.verdict == VERDICT_OK, "verdict %s\n%s\n%s",	\
			  verdict_name(res_.verdict), res_.report, res_.log);	\
		CHECK_EQ(res_.ret, 0);						\
		CHECK_MSG(res_.warnings == (warnings_), "%u warnings, not %u\n%s", \
			  res_.warnings, (warnings_), res_.log);		\
		machine_result_free(&res_);					\
	} while (0)
#define RUN_OK(cpus_, fn, ...)	RUN_WARN(cpus_, fn, 0, __VA_ARGS__)

#endif
