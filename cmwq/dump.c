// SPDX-License-Identifier: GPL-2.0-only
/*
 * What workqueues and pools hold, in the words of later kernels' sysrq-t (4.1's
 * show_workqueue_state(), facts section 7), with names for addresses:
 *
 *	Showing busy workqueues and worker pools:
 *	workqueue q0: flags=0x8
 *	  pwq 0: cpus=0 node=0 flags=0x0 nice=0 active=2/3 refcnt=4 MAYDAY
 *	    in-flight: 5:w0, 7(RESCUER):w1 BAR(3)
 *	    pending: w2, w3
 *	    delayed: w4
 *	pool 0: cpus=0 node=0 flags=0x0 nice=0 workers=3 nr_running=1 manager: 6 idle: 2 4
 *
 * An item in flight is followed by those scheduled for its worker; BAR(3) is a barrier for
 * which task 3 waits.  A list is broken off after MOST entries.
 *
 * Owns the line being written.  Locking: none, see common/api/dump.c: the lists may be
 * looked at in the middle of any step, but no step of a list is ever seen half done.
 *
 * This is the last chapter.  Read next: common/api/dump.c.
 */
#include <linux/topology.h>
#include <wqlab/objname.h>

#include "workqueue_internal.h"

#define MOST	16	/* entries of a list */

/* ---- a line; the report's writer is alone ---- */

static struct {
	char text[480];
	size_t len;
	int entries;		/* of the list being written */
	const char *glue;	/* between them */
} out;

static __printf(1, 2) void say(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	out.len += vscnprintf(out.text + out.len, sizeof(out.text) - out.len, fmt, args);
	va_end(args);
}

static void end_line(void (*line)(const char *text))
{
	line(out.text);
	out.len = 0;
}

static void begin_list(const char *label)
{
	say("    %s:", label);
	out.entries = 0;
	out.glue = "";
}

/* Whether the next entry of the list is still to be written; it is to be counted in any case. */
static bool entry_fits(void)
{
	return out.entries++ < MOST;
}

static void end_list(void (*line)(const char *text))
{
	if (out.entries > MOST)
		say(" ... and %d more", out.entries - MOST);
	if (out.entries)
		end_line(line);
	out.len = 0;
}

/* ---- items ---- */

/* The item may be gone; its address is looked up and no more. */
static void say_item(const struct work_struct *work, work_func_t func)
{
	const char *name = wqlab_object_name(work);

	if (name)
		say("%s", name);
	else
		say("%ps", (void *)func);
}

/* As the kernel has it: no comma between an item and what is linked behind it. */
static void say_queued(struct work_struct *work)
{
	if (!entry_fits())
		return;
	if (work->func == wq_barrier_func) {
		say("%s BAR(%d)", out.glue, container_of(work, struct wq_barrier, work)->task->pid);
	} else {
		say("%s ", out.glue);
		say_item(work, work->func);
	}
	out.glue = work_data(work) & WORK_STRUCT_LINKED ? "" : ",";
}

static void say_in_flight(struct worker *worker)
{
	struct work_struct *work;

	if (!entry_fits())
		return;
	say("%s %d%s:", out.glue, worker->task->pid, worker->rescue_wq ? "(RESCUER)" : "");
	if (worker->current_func == wq_barrier_func)
		say("BAR");
	else
		say_item(worker->current_work, worker->current_func);
	out.glue = "";
	list_for_each_entry(work, &worker->scheduled, entry)
		say_queued(work);
	out.glue = ",";
}

static void dump_items(struct pool_workqueue *pwq, void (*line)(const char *text))
{
	struct work_struct *work;
	struct worker *worker;

	begin_list("in-flight");
	list_for_each_entry(worker, &pwq->pool->workers, node)
		if (worker->current_pwq == pwq && worker->current_func)
			say_in_flight(worker);
	end_list(line);
	begin_list("pending");
	list_for_each_entry(work, &pwq->pool->worklist, entry)
		if (peek_work_pwq(work) == pwq)
			say_queued(work);
	end_list(line);
	begin_list("delayed");
	list_for_each_entry(work, &pwq->delayed_works, entry)
		say_queued(work);
	end_list(line);
}

/* ---- workqueues and pools ---- */

static void say_pool(const struct worker_pool *pool)
{
	char cpus[64];

	cpulist_scnprintf(cpus, sizeof(cpus), pool->attrs->cpumask);
	say(" cpus=%s", cpus);
	if (pool->node != NUMA_NO_NODE)
		say(" node=%d", pool->node);
	say(" flags=0x%x nice=%d", pool->flags, pool->attrs->nice);
}

static void dump_pwq(struct pool_workqueue *pwq, void (*line)(const char *text))
{
	say("  pwq %d:", pwq->pool->id);
	say_pool(pwq->pool);
	say(" active=%d/%d refcnt=%d%s", pwq->nr_active, pwq->max_active, pwq->refcnt,
	    list_empty(&pwq->mayday_node) ? "" : " MAYDAY");
	end_line(line);
	dump_items(pwq, line);
}

static bool pwq_in_use(const struct pool_workqueue *pwq)
{
	return pwq->nr_active || !list_empty(&pwq->delayed_works);
}

static void dump_wq(struct workqueue_struct *wq, void (*line)(const char *text))
{
	struct pool_workqueue *pwq;
	bool named = false;

	for_each_pwq(pwq, wq) {
		if (!pwq_in_use(pwq))
			continue;
		if (!named) {
			say("workqueue %s: flags=0x%x", wq->name, wq->flags);
			end_line(line);
			named = true;
		}
		dump_pwq(pwq, line);
	}
}

static void dump_pool(struct worker_pool *pool, void (*line)(const char *text))
{
	struct worker *worker;
	const char *label = " idle:";

	if (pool->nr_workers == pool->nr_idle && list_empty(&pool->worklist))
		return;
	say("pool %d:", pool->id);
	say_pool(pool);
	say(" workers=%d nr_running=%d", pool->nr_workers, pool->nr_running);
	if (pool->manager_arb.owner)
		say(" manager: %d", pool->manager_arb.owner->pid);
	out.entries = 0;
	list_for_each_entry(worker, &pool->idle_list, entry) {
		if (entry_fits())
			say("%s %d", label, worker->task->pid);
		label = "";
	}
	if (out.entries > MOST)
		say(" ... and %d more", out.entries - MOST);
	end_line(line);
}

void cmwq_dump(void (*line)(const char *text))
{
	struct workqueue_struct *wq;
	struct worker_pool *pool;
	int id;

	line("Showing busy workqueues and worker pools:");
	list_for_each_entry(wq, &workqueues, list)
		dump_wq(wq, line);
	idr_for_each_entry(&worker_pool_idr, pool, id)
		dump_pool(pool, line);
}
