/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a kind of machine provides, and what all kinds share.
 *
 * mach.h is the kernel services' view; each of its calls goes to the kind that was
 * booted (dispatch.c).  sim.c and native.c fill in a struct machine_ops each, and
 * common/include/wqlab/mach.h says what each operation has to do.
 */
#ifndef WQLAB_OPS_H
#define WQLAB_OPS_H

#include <stdatomic.h>

#include "wqlab/mach.h"

struct machine_ops {
	const char *kind;
	int (*run)(struct mtask *(*make_first)(void *arg), void *arg, struct machine_result *res);
	void (*stop)(enum verdict v, const char *text);	/* does not return */

	int (*task_init)(struct mtask *t);
	void (*renamed)(struct mtask *t);
	void (*affinity)(struct mtask *t, const unsigned long *cpus, unsigned int n);
	void (*exit)(void);				/* does not return */
	void (*park)(bool watch);
	void (*unpark)(struct mtask *t, unsigned int cpu);
	void (*move)(struct mtask *t, unsigned int cpu);
	void (*set_prio)(struct mtask *t, int prio);
	void (*preempt)(void);
	void (*settle)(void);		/* NULL: there is nothing to do */
	void (*irqs_on)(void);
	void (*cpu_off)(unsigned int cpu);
	void (*cpu_on)(unsigned int cpu);
	bool (*cpu_idle)(unsigned int cpu);
	bool (*quiescent)(bool first);
	void (*for_each_task)(void (*fn)(struct mtask *t, void *arg), void *arg);
	const char *(*name_of_stack)(const void *p, char *buf, size_t size);

	uint64_t (*now)(void);
	void (*burn)(uint64_t ns);
	void (*relax)(void);
	void (*set_timer)(unsigned int cpu, uint64_t ns);
	void (*stop_timer)(unsigned int cpu);

	void (*lock_slow)(struct mlock *l);
	void (*unlock_slow)(struct mlock *l);
};

extern const struct machine_ops machine_sim, machine_native;

/*
 * What every kind needs of a run.  Written by the host before the first task exists,
 * save what is atomic.
 */
struct machine {
	const struct machine_ops *ops;
	struct machine_config cfg;
	const struct mach_upcalls *up;
	bool running;
	atomic_bool faults[MFAULT_NR];
	unsigned int inject;		/* which of them a strategy may choose; bits */
	atomic_uint spared[MFAULT_NR];	/* how often each does not strike yet */
	atomic_uint warnings;
};

extern struct machine machine;

/* ---- the machine's lists ---- */

#define mlink_entry(ptr, type, member) \
	((type *)((char *)(ptr) - offsetof(type, member)))

static inline void mlink_head(struct mlink *head)
{
	head->next = head->prev = head;
}

static inline bool mlink_empty(const struct mlink *head)
{
	return head->next == head;
}

static inline bool mlink_on(const struct mlink *l)
{
	return l->next != NULL;
}

/* Insert before `pos`; before the head is the tail. */
static inline void mlink_before(struct mlink *l, struct mlink *pos)
{
	l->prev = pos->prev;
	l->next = pos;
	pos->prev->next = l;
	pos->prev = l;
}

static inline void mlink_del(struct mlink *l)
{
	if (!l->next)
		return;
	l->prev->next = l->next;
	l->next->prev = l->prev;
	l->next = l->prev = NULL;
}

/* ---- what the kinds share ---- */

/* dispatch.c: the report of a verdict: what fell; and all of it, with when, and where every task is. */
void report_headline(enum verdict v, const char *text);
void report_verdict(enum verdict v, const char *text, uint64_t now, const char *clock);

/* sim-sched.c: whether the strategy lets a fault strike that it may choose. */
bool sim_choose_fault(enum mach_fault f);

/* carrier-pthread.c: room for a task's own frames and for what the C library and a sanitizer keep. */
size_t thread_stack_size(void);

/* watchdog.c: whether somebody is stepping through this process. */
bool debugged(void);

/* machine.c; report_to(): put reports out at once, without memory, to a descriptor; report_printed(): the log too. */
void report_to(int fd);
void report_printed(void);
/* machine.c: the line with which the first warning of this run begins. */
void mach_first_warning(char *buf, size_t size);
void report_add(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#endif
