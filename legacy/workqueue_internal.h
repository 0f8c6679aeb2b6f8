/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The 2.6.32 design: every workqueue owns its threads.
 *
 *	workqueue_struct "q0"            one per create_workqueue()
 *	  cpu_wq --+
 *	           |      per CPU (one slot in all, if single-threaded)
 *	           +--> cpu_workqueue_struct, CPU 0     cpu_workqueue_struct, CPU 1
 *	                  lock                            lock
 *	                  worklist -> w3 -> w4            worklist (empty)
 *	                  current_work = w1               current_work = NULL
 *	                  more_work                       more_work  <- sleeps here
 *	                  thread = "q0/0"                 thread = "q0/1"
 *
 * A work item goes to the tail of the list of the CPU that queues it, and that
 * CPU's thread takes items from the head, one after another.  While an item
 * sleeps, everything behind it waits, though the CPU is free: this is what
 * CMWQ was invented against.
 *
 * How the fields below are guarded (the letter in front of each):
 *
 * I: set before anybody else can see the structure, never changed.
 * C: cwq->lock.  Interrupts are off while it is held, because a delayed item's
 *    timer takes it in interrupt context.  All exclusion comes from the lock;
 *    that interrupts are off only keeps a timer from spinning on a lock which
 *    the task below it holds.
 * Q: the wait queue's own lock, taken inside cwq->lock by a queuer.
 * W: workqueue_lock to change; whoever holds M may walk.
 * M: cpu_maps_update_begin(): no CPU comes or goes, POST_DEAD included.
 * T: written when the thread is created and when it has been stopped.  Both
 *    are the caller's to serialise: nobody may queue, flush or cancel on a
 *    workqueue that is not yet, or no longer, there.
 * X: the slot's thread alone.
 *
 * Lock order: cpu_maps_update_begin(), then nothing or workqueue_lock, a leaf; cwq->lock,
 * then the wait queue's (and the scheduler's behind it).  Two cwq->lock are never held
 * together.
 *
 * A work item's `data` word needs no lock: whoever turns PENDING from 0 to 1
 * owns the word until PENDING is 0 again.  Read next: queue.c.
 */
#ifndef LEGACY_WORKQUEUE_INTERNAL_H
#define LEGACY_WORKQUEUE_INTERNAL_H

#include <linux/atomic.h>
#include <linux/bitops.h>
#include <linux/bug.h>
#include <linux/cache.h>
#include <linux/completion.h>
#include <linux/cpumask.h>
#include <linux/list.h>
#include <linux/lockdep.h>
#include <linux/notifier.h>
#include <linux/percpu.h>
#include <linux/sched.h>
#include <linux/spinlock.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include <wqlab/check.h>
#include <wqlab/engine.h>

#define TRACE_ENGINE "legacy"
#include <wqlab/events.h>

/*
 * work->data in this release: bit 0 is PENDING, bit 1 is free, and above them
 * stands the address of the cwq on which the item is, or last was, queued.
 * Nothing but the next queueing changes the address; 0 means "never queued".
 *
 * Here PENDING is spelled as 2.6.32 spells it: the number of the bit, where the
 * public header, which follows 3.18, has the mask under the same name.
 */
#define WORK_STRUCT_PENDING		0
#define WORK_STRUCT_FLAG_MASK		3UL
#define WORK_STRUCT_WQ_DATA_MASK	(~WORK_STRUCT_FLAG_MASK)

/* One CPU's share of a workqueue. */
struct cpu_workqueue_struct {
	spinlock_t lock;			/* the lock of letter C */
	struct list_head worklist;		/* C: queued items, oldest first */
	struct work_struct *current_work;	/* C: running now; may be freed memory */
	wait_queue_head_t more_work;		/* Q: the thread sleeps here */
	struct task_struct *thread;		/* T: NULL where no thread serves */
	struct workqueue_struct *wq;		/* I: whose share this is */
	int cpu;				/* I: whose; -1 single-threaded (for traces) */
	struct check_order order;		/* X: for check.c: what its thread executes */
	unsigned int rest;			/* C: for check.c: releases until it walks the list again */
} ____cacheline_aligned;

/* What users hold. */
struct workqueue_struct {
	struct wq_base base;			/* I: first; says that this engine made it */
	struct cpu_workqueue_struct *cpu_wq;	/* I: per CPU */
	const char *name;			/* I: the creator's pointer, as in the release */
	char *own_name;				/* I: our copy, where the name was not to stay */
	struct list_head list;			/* W: in `workqueues`, unless single-threaded */
	int singlethread;			/* I: one thread in all, bound to no CPU */
	int freezeable;				/* I: threads stand still while the system sleeps */
	int rt;					/* I: threads are SCHED_FIFO, priority 99 */
	struct lockdep_map lockdep_map;		/* I: held while an item runs, taken by who waits */
};

/* A barrier, on the waiter's stack: says when what stands before it is done. */
struct wq_barrier {
	struct work_struct work;		/* queued as any other */
	struct completion done;			/* completed by its function */
	struct task_struct *task;		/* I: who waits, for dump.c */
};

extern const struct wq_engine legacy_engine;

/* create.c */
extern spinlock_t workqueue_lock;
extern struct list_head workqueues;		/* W: all multi-threaded ones */
extern int singlethread_cpu;			/* I: whose slot single-threaded ones use */
extern const struct cpumask *cpu_singlethread_map;	/* I: that CPU alone */
/*
 * The CPUs on which multi-threaded workqueues may have a thread: those online at boot, and
 * each other one from UP_PREPARE to POST_DEAD or UP_CANCELED.  Flush, cancel and destroy
 * walk this map and not the online map, since a CPU has its threads for some time before it
 * is online and after.  They read it without a lock, as in the release: one that is not in
 * the map yet, or no longer, has nothing to wait for.
 */
extern cpumask_var_t cpu_populated_map;		/* M to change */

int init_workqueue_maps(void);
void free_workqueue_maps(void);
int create_workqueue_thread(struct cpu_workqueue_struct *cwq, int cpu);
void start_workqueue_thread(struct cpu_workqueue_struct *cwq, int cpu);
void cleanup_workqueue_thread(struct cpu_workqueue_struct *cwq);

/* queue.c */
void insert_work(struct cpu_workqueue_struct *cwq, struct work_struct *work,
		 struct list_head *head);
void check_cpu(struct workqueue_struct *wq, int cpu);
void __queue_work(struct cpu_workqueue_struct *cwq, struct work_struct *work, int req_cpu);

/* worker.c */
int worker_thread(void *__cwq);

/* flush.c */
void wq_barrier_func(struct work_struct *work);
bool flush_cpu_workqueue(struct cpu_workqueue_struct *cwq);
void wait_on_cpu_work(struct cpu_workqueue_struct *cwq, struct work_struct *work);

/* hotplug.c */
extern struct notifier_block workqueue_cpu_nb;

/* graves.c */
const char *work_text(const struct work_struct *work, char *buf, size_t size);
bool is_poisoned(const struct cpu_workqueue_struct *cwq);
struct cpu_workqueue_struct *unless_poisoned(struct cpu_workqueue_struct *cwq,
					     struct work_struct *work, const char *call);
void bury_workqueue(const struct workqueue_struct *wq);

/* keventd.c */
extern struct workqueue_struct *keventd_wq;	/* I: from init_workqueues() on */
int init_workqueues(void);
void exit_workqueues(void);

/* check.c: what must hold; the first makes it so, the others are asked for by flags */
void check_init_cwq(struct cpu_workqueue_struct *cwq);
void check_quiet(void);
void __check_place(struct cpu_workqueue_struct *cwq, struct work_struct *work);
void __check_left_behind(struct cpu_workqueue_struct *cwq);

/* The slot's thread has cleared the item's PENDING; what check_cleared() gave, 0 for a barrier. */
static inline unsigned int check_taken(struct cpu_workqueue_struct *cwq, struct work_struct *work)
{
	if (likely(!invariants_on) || work->func == wq_barrier_func)
		return 0;
	__check_place(cwq, work);
	return check_cleared(work);
}

/* The slot's thread has ended. */
static inline void check_left_behind(struct cpu_workqueue_struct *cwq)
{
	if (unlikely(invariants_on))
		__check_left_behind(cwq);
}

/* dump.c */
void legacy_dump(void (*line)(const char *text));

/* later.c */
struct workqueue_struct *legacy_alloc_workqueue(const char *name, unsigned int flags, int max_active,
						struct lock_class_key *key, const char *lock_name);

static inline int is_wq_single_threaded(struct workqueue_struct *wq)
{
	return wq->singlethread;
}

/* The CPUs in whose slots @wq has a thread. */
static inline const struct cpumask *wq_cpu_map(struct workqueue_struct *wq)
{
	return is_wq_single_threaded(wq) ? cpu_singlethread_map : cpu_populated_map;
}

/* The slot that serves what is queued from @cpu. */
static inline struct cpu_workqueue_struct *wq_per_cpu(struct workqueue_struct *wq, int cpu)
{
	if (unlikely(is_wq_single_threaded(wq)))
		cpu = singlethread_cpu;
	else
		check_cpu(wq, cpu);
	return per_cpu_ptr(wq->cpu_wq, cpu);
}

/*
 * Point the item at @cwq.  The caller owns PENDING, so nobody else writes.
 *
 * An item may come here from the other engine.  Readers decide by `engine` how
 * to read `data`, so an item that changes hands has no engine while the word is
 * rewritten: a reader that sees the new word cannot still see the old owner
 * behind it.
 */
static inline void set_wq_data(struct work_struct *work, struct cpu_workqueue_struct *cwq)
{
	const struct wq_engine *was = __READ_ONCE(work->engine);
	unsigned long new = (unsigned long)cwq | (1UL << WORK_STRUCT_PENDING);

	BUG_ON(!work_pending(work));

	if (was != &legacy_engine && was) {
		WRITE_ONCE(work->engine, NULL);
		smp_wmb();
	}
	atomic_long_set(&work->data, (long)new);
	if (was != &legacy_engine) {
		smp_wmb();
		WRITE_ONCE(work->engine, &legacy_engine);
	}
}

/*
 * The cwq an item is or was last queued on, or NULL: never queued, or in the
 * hands of the other engine, whose word means nothing here.  Without PENDING or
 * cwq->lock the answer may be out of date at once; but it stays safe to lock
 * for as long as the workqueue exists.
 */
static inline struct cpu_workqueue_struct *get_wq_data(struct work_struct *work)
{
	const struct wq_engine *first, *second;
	unsigned long data;

	do {
		first = READ_ONCE(work->engine);
		smp_rmb();
		data = (unsigned long)atomic_long_read(&work->data);
		smp_rmb();
		second = READ_ONCE(work->engine);
	} while (first != second);

	/*
	 * The item may have been away and back between the looks.  A word of ours is an
	 * address, cache line aligned; one of 3.18's has bit 2 set or is a small number.
	 */
	if (first != &legacy_engine || (data & (1UL << 2)) || !(data >> 36))
		return NULL;
	return (struct cpu_workqueue_struct *)(data & WORK_STRUCT_WQ_DATA_MASK);
}

#endif
