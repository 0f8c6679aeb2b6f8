// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the workqueues' threads have to do, in the manner of later kernels' sysrq-t (that
 * of 2.6.32 shows nothing of the kind), with names for addresses:
 *
 *	Showing busy workqueues and their threads:
 *	workqueue q0: per-cpu
 *	  thread q0/0: cpu=0
 *	    in-flight: 5:w0
 *	    pending: w1 BAR(3), w2
 *
 * BAR(3) is a barrier for which task 3 waits.  A list is broken off after MOST entries.
 *
 * Single-threaded workqueues are on no list (A-F4); so it is the threads that are looked
 * through, in the order in which they were made, and each knows its slot.
 *
 * Owns the line being written.  Locking: none, see common/api/dump.c: no step of a list is
 * ever seen half done.
 *
 * This is the last chapter.  Read next: common/api/dump.c.
 */
#include <linux/kthread.h>
#include <wqlab/objname.h>

#include "workqueue_internal.h"

#define MOST	16	/* entries of a list */

/* Where the walk is; the report's writer is alone. */
static struct {
	void (*line)(const char *text);
	const struct workqueue_struct *wq;	/* whose title stands already */
	char text[480];
	size_t len;
} out;

static __printf(1, 2) void say(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	out.len += vscnprintf(out.text + out.len, sizeof(out.text) - out.len, fmt, args);
	va_end(args);
}

static void end_line(void)
{
	out.line(out.text);
	out.len = 0;
}

/* The item may be gone; its address is looked up and no more. */
static void say_item(const struct work_struct *work, const void *func)
{
	const char *name = wqlab_object_name(work);

	if (name)
		say("%s", name);
	else
		say("%ps", func);
}

static void dump_pending(struct cpu_workqueue_struct *cwq)
{
	struct work_struct *work;
	int n = 0;

	if (list_empty(&cwq->worklist))
		return;
	say("    pending:");
	list_for_each_entry(work, &cwq->worklist, entry) {
		bool barrier = work->func == wq_barrier_func;

		if (n++ >= MOST)
			continue;
		say("%s ", n == 1 || barrier ? "" : ",");
		if (barrier)
			say("BAR(%d)", container_of(work, struct wq_barrier, work)->task->pid);
		else
			say_item(work, (void *)work->func);
	}
	if (n > MOST)
		say(" ... and %d more", n - MOST);
	end_line();
}

static void dump_cwq(struct cpu_workqueue_struct *cwq, const struct task_struct *thread)
{
	struct work_struct *running = cwq->current_work;

	if (!running && list_empty(&cwq->worklist))
		return;
	if (out.wq != cwq->wq) {
		say("workqueue %s: %s", cwq->wq->name, cwq->cpu < 0 ? "single-threaded" : "per-cpu");
		end_line();
		out.wq = cwq->wq;
	}
	say("  thread %s:", thread->comm);
	if (cwq->cpu >= 0)
		say(" cpu=%d", cwq->cpu);
	end_line();
	if (running) {
		/* Once it has started it may be gone, and the thread knows its function. */
		bool started = thread->busy_work == running;
		const void *func = started ? thread->busy_func : (const void *)running->func;

		say("    in-flight: %d:", thread->pid);
		if (func == (const void *)wq_barrier_func)
			say("BAR");
		else
			say_item(running, func);
		end_line();
	}
	dump_pending(cwq);
}

static void dump_thread(struct mtask *m, void *arg)
{
	struct task_struct *task = (struct task_struct *)m;

	if (task->kthread && kthread_func(task) == worker_thread)
		dump_cwq(kthread_data(task), task);
}

void legacy_dump(void (*line)(const char *text))
{
	out.line = line;
	out.wq = NULL;
	line("Showing busy workqueues and their threads:");
	mach_for_each_task(dump_thread, NULL);
}
