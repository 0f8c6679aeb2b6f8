/* SPDX-License-Identifier: GPL-2.0-only */
/**
 * @file
 * How the kernel world records events: the tracepoints by their kernel names.
 *
 * Each is a test of one flag when tracing is off.
 */
#ifndef WQLAB_EVENTS_H
#define WQLAB_EVENTS_H

#include <linux/sched.h>
#include <linux/workqueue.h>
#include <wqlab/trace.h>

/** @cond */
void __trace_work(enum trace_kind kind, const char *engine, const struct work_struct *work,
		  work_func_t func, const char *wq, long a, long b);
void __trace_task(enum trace_kind kind, const char *engine, struct task_struct *task,
		  const struct work_struct *work, long b);
void __trace_sched(enum trace_kind kind, struct task_struct *task, trace_str old_comm, int cpu);
void __trace_flush_color(const char *engine, const char *what, const char *wq, int color);
void __trace_text(enum trace_kind kind, const void *obj, const char *name, const char *name2, long a);
void __trace_timer(enum trace_kind kind, const void *timer, unsigned long func, unsigned long expires);
/** @endcond */

#ifndef TRACE_ENGINE
/** The engine whose events a file records; engines define it before including this. */
#define TRACE_ENGINE ""
#endif

/** 3.18's workqueue_queue_work. @param req_cpu as asked @param wq its name @param work what @param cpu the pool's */
#define trace_workqueue_queue_work(req_cpu, wq, work, cpu) do {		\
		if (unlikely(trace_enabled()))				\
			__trace_work(TRACE_QUEUE_WORK, TRACE_ENGINE, (work), (work)->func, (wq), (req_cpu), (cpu)); \
	} while (0)
/** 3.18's workqueue_activate_work. @param work what */
#define trace_workqueue_activate_work(work) do {			\
		if (unlikely(trace_enabled()))				\
			__trace_work(TRACE_ACTIVATE_WORK, TRACE_ENGINE, (work), (work)->func, NULL, 0, 0); \
	} while (0)
/** 3.18's workqueue_execute_start. @param work what @param func its function @param wq the workqueue's name */
#define trace_workqueue_execute_start(work, func, wq) do {		\
		if (unlikely(trace_enabled()))				\
			__trace_work(TRACE_EXECUTE_START, TRACE_ENGINE, (work), (func), (wq), 0, 0); \
	} while (0)
/** 3.18's workqueue_execute_end; the item may be gone. @param work what it was @param func its function */
#define trace_workqueue_execute_end(work, func) do {			\
		if (unlikely(trace_enabled()))				\
			__trace_work(TRACE_EXECUTE_END, TRACE_ENGINE, (work), (func), NULL, 0, 0); \
	} while (0)
/** 2.6.32's workqueue_insertion. @param task the thread it is meant for @param work what */
#define trace_workqueue_insertion(task, work) do {			\
		if (unlikely(trace_enabled()))				\
			__trace_task(TRACE_INSERTION, TRACE_ENGINE, (task), (work), 0); \
	} while (0)
/** 2.6.32's workqueue_execution. @param task the thread @param work what */
#define trace_workqueue_execution(task, work) do {			\
		if (unlikely(trace_enabled()))				\
			__trace_task(TRACE_EXECUTION, TRACE_ENGINE, (task), (work), 0); \
	} while (0)
/** 2.6.32's workqueue_creation. @param task the thread @param cpu its CPU */
#define trace_workqueue_creation(task, cpu) do {			\
		if (unlikely(trace_enabled()))				\
			__trace_task(TRACE_CREATION, TRACE_ENGINE, (task), NULL, (cpu)); \
	} while (0)
/** 2.6.32's workqueue_destruction. @param task the thread */
#define trace_workqueue_destruction(task) do {				\
		if (unlikely(trace_enabled()))				\
			__trace_task(TRACE_DESTRUCTION, TRACE_ENGINE, (task), NULL, 0); \
	} while (0)
/** A worker comes, idles or dies (not in the kernel). @param kind TRACE_WORKER_* @param task its thread @param pool its pool's id */
#define trace_worker(kind, task, pool) do {				\
		if (unlikely(trace_enabled()))				\
			__trace_task((kind), TRACE_ENGINE, (task), NULL, (pool)); \
	} while (0)
/** A task is made, renamed, woken up or ends. @param kind which @param task what task @param old_comm of a renamed one, interned @param cpu for which it is woken */
#define trace_sched(kind, task, old_comm, cpu) do {			\
		if (unlikely(trace_enabled()))				\
			__trace_sched((kind), (task), (old_comm), (cpu)); \
	} while (0)
/** A step of the flush colours (not in the kernel). @param what which step @param wq the workqueue's name @param color the colour */
#define trace_flush_color(what, wq, color) do {				\
		if (unlikely(trace_enabled()))				\
			__trace_flush_color(TRACE_ENGINE, (what), (wq), (color)); \
	} while (0)
/** A timer is armed, deleted or fires. @param kind TRACE_TIMER_* @param timer which @param func its function @param expires jiffies */
#define trace_timer(kind, timer, func, expires) do {			\
		if (unlikely(trace_enabled()))				\
			__trace_timer((kind), (timer), (unsigned long)(func), (expires)); \
	} while (0)
/** A scenario item's step. @param item which @param name its name @param step enum trace_step @param detail text or NULL */
#define trace_step(item, name, step, detail) do {			\
		if (unlikely(trace_enabled()))				\
			__trace_text(TRACE_STEP, (item), (name), (detail), (step)); \
	} while (0)
/** Something happens from outside. @param text what */
#define trace_outside(text) do {					\
		if (unlikely(trace_enabled()))				\
			__trace_text(TRACE_OUTSIDE, NULL, (text), NULL, 0); \
	} while (0)

#endif
