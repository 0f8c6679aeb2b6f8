/* SPDX-License-Identifier: GPL-2.0-only */
/**
 * @file
 * The event stream: what happened, when, on which virtual CPU, in which task.
 *
 * Every view (timeline, csv, ftrace text, thread list), every assertion of the
 * tests and every verdict is made from this one stream.  A record has a fixed
 * size; strings are interned once and referred to by number.
 *
 * Any number of threads may record at once, and none waits for another.  A record
 * costs one atomic addition to a word they all share and some 90 bytes written; each
 * string in it costs a pass over its bytes and a look into a table, without a
 * lock.  Memory is asked for, and a lock taken, only when a string is new or a
 * chunk of records is full (chunks double: 1,024, 2,048, ...), and kept for the
 * next run.
 *
 * Plain C: both worlds include it.
 */
#ifndef WQLAB_TRACE_H
#define WQLAB_TRACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** An interned string; 0 is the empty string. */
typedef uint32_t trace_str;

/**
 * What a record tells.  The comment behind each names the fields that carry
 * something: `obj`, `name`, `name2`, `a`, `b` of struct trace_event.
 */
enum trace_kind {
	TRACE_NONE,		/**< no record */
	/* 3.18's tracepoints; both engines emit them */
	TRACE_QUEUE_WORK,	/**< obj work, name function, name2 workqueue, a req_cpu, b pool cpu */
	TRACE_ACTIVATE_WORK,	/**< obj work, name function */
	TRACE_EXECUTE_START,	/**< obj work, name function, name2 workqueue */
	TRACE_EXECUTE_END,	/**< obj work, name function */
	/* 2.6.32's tracepoints; the legacy engine emits them beside the above */
	TRACE_INSERTION,	/**< obj work, name function, name2 thread comm, a thread pid */
	TRACE_EXECUTION,	/**< obj work, name function, name2 thread comm, a thread pid */
	TRACE_CREATION,		/**< name2 thread comm, a thread pid, b cpu */
	TRACE_DESTRUCTION,	/**< name2 thread comm, a thread pid */
	/* the scheduler */
	TRACE_SCHED_SWITCH,	/**< name prev comm, name2 next comm, a prev pid, b next pid, c prev state letter, d prev prio, e next prio */
	TRACE_SCHED_WAKEUP,	/**< name comm, a pid, b target cpu, d prio */
	TRACE_TASK_NEW,		/**< name comm, a pid */
	TRACE_TASK_RENAME,	/**< name new comm, name2 old comm, a pid */
	TRACE_TASK_EXIT,	/**< name comm, a pid */
	/* CMWQ's workers */
	TRACE_WORKER_CREATE,	/**< name comm, a pid, b pool id */
	TRACE_WORKER_IDLE,	/**< name comm, a pid, b pool id */
	TRACE_WORKER_DIE,	/**< name comm, a pid, b pool id */
	/* flush colours */
	TRACE_FLUSH_COLOR,	/**< name what (take, queue, overflow, arm, through, done, free, share, cascade), name2 workqueue, a colour */
	/* timers */
	TRACE_TIMER_START,	/**< obj timer, name function, a expires in jiffies */
	TRACE_TIMER_CANCEL,	/**< obj timer, name function */
	TRACE_TIMER_EXPIRE,	/**< obj timer, name function */
	/* the scenario player */
	TRACE_STEP,		/**< obj item, name item, name2 detail (e.g. the event waited for), a enum trace_step */
	TRACE_OUTSIDE,		/**< name what happened from outside, as text */
	TRACE_NR_KINDS
};

/** What a scenario's item does now (TRACE_STEP, field `a`). */
enum trace_step {
	STEP_BURN,	/**< starts to occupy its CPU */
	STEP_SLEEP,	/**< goes to sleep (or waits: name2 says for what) */
	STEP_WAKE,	/**< goes on after a sleep or a wait */
	STEP_FINISH,	/**< returns */
	STEP_DO,	/**< any other step; name2 is its text */
};

/** One record. */
struct trace_event {
	uint64_t ts;		/**< virtual time since boot, ns */
	uint32_t seq;		/**< position in the stream, from 0 */
	uint16_t kind;		/**< enum trace_kind; in the stream it is written last */
	uint16_t cpu;		/**< virtual CPU */
	int32_t pid;		/**< task; 0 is swapper */
	trace_str comm;		/**< its name at that moment */
	trace_str engine;	/**< "legacy", "cmwq" or empty */
	const void *obj;	/**< identity only; print it with trace_object_text() */
	trace_str where;	/**< what stands for obj where only the moment tells (on a stack), else empty */
	trace_str name;		/**< see enum trace_kind */
	trace_str name2;	/**< see enum trace_kind */
	int64_t a;		/**< see enum trace_kind */
	int64_t b;		/**< see enum trace_kind */
	int32_t c;		/**< see enum trace_kind */
	int16_t d;		/**< see enum trace_kind */
	int16_t e;		/**< see enum trace_kind */
};

/** True while events are recorded; a test of it is all that tracing costs when off. */
extern bool trace_on;

/** @return whether events are recorded; others may switch it off meanwhile */
static inline bool trace_enabled(void)
{
	return __atomic_load_n(&trace_on, __ATOMIC_RELAXED);
}

/** Record no more, although others still run. */
static inline void trace_off(void)
{
	__atomic_store_n(&trace_on, false, __ATOMIC_RELAXED);
}

/**
 * Forget everything recorded and interned, and start recording if @p on.
 * Called at machine boot, while nobody records.
 * @param on whether to record
 */
void trace_reset(bool on);

/**
 * Intern a string; may be called from any thread.
 * @param s the text; copied.  NULL counts as empty.  It may be a task's name that
 *	changes meanwhile, as long as it never lacks its NUL: then some mix of old
 *	and new is interned.
 * @return its number, the same for equal texts until the next trace_reset()
 */
trace_str trace_intern(const char *s);

/**
 * The text of an interned string.
 * @param id a number that trace_intern() gave
 * @return the text, owned by the trace
 */
const char *trace_text(trace_str id);

/**
 * Append a record; seq is filled in here, the rest by the caller.  May be called
 * from any thread.  Threads that record at the same time may get their places in
 * another order than that of their times: trace_sort().
 * @param ev the record; copied.  Its kind is not TRACE_NONE.
 */
void trace_append(const struct trace_event *ev);

/**
 * How many events there are to look at.  While others record, those behind the
 * first one that is still being written do not count yet.
 * @return their number; all of 0 to that may be given to trace_get()
 */
size_t trace_count(void);

/**
 * Put the records into the order of their times, equal ones as they stand, and
 * number them anew.  Called when a run in real time is over and nobody records.
 */
void trace_sort(void);

/**
 * A recorded event.
 * @param i 0 <= i < trace_count()
 * @return the record, valid until the next trace_sort() or trace_reset()
 */
const struct trace_event *trace_get(size_t i);

/**
 * What stands for a record's object in output: its arena offset, the symbol it
 * lies in, or the task on whose stack it lay; never a raw pointer, so that two
 * runs print the same text.
 * @param ev the record
 * @param buf where to write
 * @param size room in @p buf
 * @return @p buf
 */
const char *trace_object_text(const struct trace_event *ev, char *buf, size_t size);

/** Give back all memory the trace holds (for leak checkers, at exit). */
void trace_free(void);

#endif
