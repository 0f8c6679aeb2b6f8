// SPDX-License-Identifier: GPL-2.0-only
/*
 * The tracepoints' bodies: what a record of each kind says.
 *
 * An item's or function's name is the one the scenario registered for the item,
 * else the function's symbol (decision 20).
 *
 * No locks and no choice points: recording must not change what it records.
 * Read next: common/trace/trace.c.
 */
#include <linux/kernel.h>
#include <wqlab/arena.h>
#include <wqlab/events.h>
#include <wqlab/objname.h>

static struct trace_event record(enum trace_kind kind, const char *engine)
{
	struct task_struct *tsk = current;

	return (struct trace_event){
		.ts = mach_now(),
		.kind = kind,
		.cpu = smp_processor_id(),
		.pid = tsk->pid,
		.comm = trace_intern(tsk->comm),
		.engine = trace_intern(engine),
	};
}

static trace_str func_name(const void *obj, const void *func)
{
	const char *name = obj ? wqlab_object_name(obj) : NULL;
	char buf[80];

	if (!name) {
		snprintf(buf, sizeof(buf), "%pf", func);
		name = buf;
	}
	return trace_intern(name);
}

/* The stack that an object lies on may be gone when somebody asks: name it now. */
static trace_str place(const void *obj)
{
	char buf[80];

	if (!obj || arena_contains(obj))
		return 0;
	return trace_intern(mach_name_of_address(obj, buf, sizeof(buf)));
}

void __trace_work(enum trace_kind kind, const char *engine, const struct work_struct *work,
		  work_func_t func, const char *wq, long a, long b)
{
	struct trace_event ev = record(kind, engine);

	ev.obj = work;
	ev.where = place(work);
	ev.name = func_name(work, (const void *)func);
	ev.name2 = trace_intern(wq);
	ev.a = a;
	ev.b = b;
	trace_append(&ev);
}

void __trace_task(enum trace_kind kind, const char *engine, struct task_struct *task,
		  const struct work_struct *work, long b)
{
	struct trace_event ev = record(kind, engine);
	trace_str comm = trace_intern(task->comm);

	ev.obj = work;
	ev.where = place(work);
	if (work) {
		ev.name = func_name(work, (const void *)work->func);
		ev.name2 = comm;
	} else {
		ev.name = ev.name2 = comm;
	}
	ev.a = task->pid;
	ev.b = b;
	trace_append(&ev);
}

void __trace_sched(enum trace_kind kind, struct task_struct *task, trace_str old_comm, int cpu)
{
	struct trace_event ev = record(kind, NULL);

	ev.name = trace_intern(task->comm);
	ev.name2 = old_comm;
	ev.a = task->pid;
	if (kind == TRACE_SCHED_WAKEUP) {
		ev.b = cpu;
		ev.d = task->m.prio;
	}
	trace_append(&ev);
}

void __trace_flush_color(const char *engine, const char *what, const char *wq, int color)
{
	struct trace_event ev = record(TRACE_FLUSH_COLOR, engine);

	ev.name = trace_intern(what);
	ev.name2 = trace_intern(wq);
	ev.a = color;
	trace_append(&ev);
}

void __trace_text(enum trace_kind kind, const void *obj, const char *name, const char *name2, long a)
{
	struct trace_event ev = record(kind, NULL);

	ev.obj = obj;
	ev.name = trace_intern(name);
	ev.name2 = trace_intern(name2);
	ev.a = a;
	trace_append(&ev);
}

void __trace_timer(enum trace_kind kind, const void *timer, unsigned long func, unsigned long expires)
{
	struct trace_event ev = record(kind, NULL);

	ev.obj = timer;
	ev.where = place(timer);
	ev.name = func_name(NULL, (const void *)func);
	ev.a = (int64_t)expires;
	trace_append(&ev);
}
