/* SPDX-License-Identifier: GPL-2.0-only */
/**
 * @file
 * Tasks: what they are, how they sleep and wake (3.18: include/linux/sched.h).
 *
 * schedule() is the only place where a task blocks, try_to_wake_up() the only one
 * where it becomes ready again; all other calls that sleep or wake lead there.
 */
#ifndef _LINUX_SCHED_H
#define _LINUX_SCHED_H

#include <linux/compiler.h>
#include <linux/cpumask.h>
#include <linux/list.h>
#include <linux/lockdep.h>
#include <linux/preempt.h>
#include <linux/smp.h>
#include <linux/spinlock.h>
#include <linux/types.h>

#define TASK_COMM_LEN	16	/**< a task's name, with the NUL */

#define TASK_RUNNING		0	/**< runs or is ready to */
#define TASK_INTERRUPTIBLE	1	/**< sleeps */
#define TASK_UNINTERRUPTIBLE	2	/**< sleeps, and is watched for hanging */
#define TASK_DEAD		64	/**< has ended */
#define TASK_WAKEKILL		128	/**< a fatal signal would wake it */
#define TASK_KILLABLE		(TASK_WAKEKILL | TASK_UNINTERRUPTIBLE)	/**< sleeps until killed */
#define TASK_NORMAL		(TASK_INTERRUPTIBLE | TASK_UNINTERRUPTIBLE)	/**< what wake_up_process() wakes */

#define MAX_SCHEDULE_TIMEOUT	((long)(~0UL >> 1))	/**< "no timeout" */

#define PF_WQ_WORKER		0x00000020	/**< is a CMWQ worker */
#define PF_NOFREEZE		0x00008000	/**< the freezer leaves it alone */
#define PF_KTHREAD		0x00200000	/**< is a kernel thread */
#define PF_NO_SETAFFINITY	0x04000000	/**< its affinity is fixed */

#define SCHED_NORMAL	0	/**< nice values */
#define SCHED_FIFO	1	/**< real-time, first in first out */
#define MAX_RT_PRIO	100	/**< real-time priorities are 1 to 99 */
#define MIN_NICE	(-20)	/**< most urgent nice */
#define MAX_NICE	19	/**< least urgent nice */

/** Real-time priority for sched_setscheduler(). */
struct sched_param {
	int sched_priority;	/**< 1..99 for SCHED_FIFO, 0 for SCHED_NORMAL */
};

struct task_struct;

/**
 * What a task wants to hear of its own sleeping and waking (decision 2): the
 * whole link between the scheduler and concurrency management.
 */
struct sched_hooks {
	/** Called by the task that is about to block, before any scheduler lock. */
	void (*sleeping)(struct task_struct *task);
	/**
	 * Called by whoever wakes the task, at wake-up; and by the task itself
	 * when it did not block after all.  Must do nothing the second time.
	 */
	void (*waking)(struct task_struct *task);
};

/** How a task waits, for the reports. */
struct task_blocked {
	const char *kind;	/**< "mutex", "completion", "wait queue", ... or NULL */
	const void *obj;	/**< on what; for a mutex its holder is looked up there */
	const char *name;	/**< the object's name as written in the source */
	const char *func;	/**< the function that waits */
};

/** Most spinlocks one task may hold at once. */
#define TASK_MAX_HELD	16

/** A spinlock that a task holds. */
struct task_held {
	const spinlock_t *lock;	/**< which */
	const char *func;	/**< the function that took it */
};

/**
 * A task.
 *
 * T: written by the task itself, or by its creator before it first runs.
 * A: atomic.  I: fixed at creation.  P: under pi_lock to write.  F: under freezer_lock
 * of freezer.c to write.  Z: zombie_lock of kthread.c.
 */
struct task_struct {
	struct mtask m;			/**< the machine's part; first */
	long state;			/**< A: TASK_* */
	unsigned int flags;		/**< T: PF_*; others look with relaxed loads */
	unsigned int freeze;		/**< F: where it stands with the freezer, see freezer.h */
	unsigned int freezes;		/**< its own: freezes_begun() when it began to take part */
	pid_t pid;			/**< I */
	char comm[TASK_COMM_LEN];	/**< T: its name */
	int policy;			/**< P: SCHED_* */
	int static_nice;		/**< P: nice value */
	int rt_priority;		/**< P: 1..99, or 0 */
	spinlock_t pi_lock;		/**< guards P */
	cpumask_t cpus_allowed;		/**< P: where it may run */
	const struct sched_hooks *hooks;	/**< A: what wants to hear of its sleeping, or NULL; set by the task */
	unsigned int wakers;		/**< A: how many are in the middle of waking it */
	struct task_blocked blocked;	/**< T: what it waits for, for the reports */
	const char *busy_wq;		/**< T: the workqueue whose item it executes, or NULL */
	const void *busy_work;		/**< T: that item; only for its name */
	const void *busy_func;		/**< T: that item's function */
	struct task_struct *blamed;	/**< T: whom it waits for, if it knows */
	const char *blamed_for;		/**< T: and why */
	bool timed;			/**< T: a timer of its own will wake it */
	struct task_held held[TASK_MAX_HELD];	/**< T: spinlocks held */
	int nr_held;			/**< T: how many; more than fit are counted only */
	int rcu_read_lock_nesting;	/**< T: see rcupdate.h */
	unsigned int rcu_phase;		/**< T: see rcupdate.h */
	void *kthread;			/**< I: see kthread.c */
	int usage;			/**< A: references; the thread itself is one, until it is reaped */
	struct list_head zombie;	/**< Z: among the ended threads */
	int softirq_context;		/**< T: it was interrupted, and serves timers */
	int lockdep_depth;		/**< T: locks held, as lockdep knows them */
	int lockdep_room;		/**< T: for so many */
	struct held_lock *held_locks;	/**< T: those, in the order of taking */
};

/** The task that executes; in a timer function, the task interrupted (decision 15). */
#define current	((struct task_struct *)mach_self())

/** @cond */
/* The sleeper looks at its condition behind its state, whatever kind of access that is. */
#if defined(__x86_64__)
#define __mb_after_state()	barrier()	/* the store is an exchange */
#else
#define __mb_after_state()	smp_mb()
#endif
/** @endcond */

/** Set current's state; a wake-up that follows takes it back. @param new TASK_* */
#define set_current_state(new)	do {				\
		mach_point(MP_STATE, current);			\
		__atomic_store_n(&current->state, (new), __ATOMIC_SEQ_CST);	\
		__mb_after_state();				\
	} while (0)
/** The same where no wake-up can be missed. @param new TASK_* */
#define __set_current_state(new)	__atomic_store_n(&current->state, (new), __ATOMIC_RELAXED)

/** The virtual CPU a task is on or was last. @param p the task @return its number */
static inline unsigned int task_cpu(const struct task_struct *p)
{
	return __READ_ONCE(p->m.cpu);
}

/** A task's nice value. @param p the task @return -20..19 */
static inline int task_nice(const struct task_struct *p)
{
	return __READ_ONCE(p->static_nice);
}

/** @return a task's pid. @param p the task */
static inline pid_t task_pid_nr(const struct task_struct *p)
{
	return p->pid;
}

/** @cond */
/*
 * Calls that may block note the calling function's name for the reports, outermost
 * first.  By name and not by address: which function an address lies in depends on
 * what the compiler inlined, and reports are the same from every compiler.
 */
#define __blocking(call)	({ sched_place(__func__); call; })
/** @endcond */

/** Block if current's state says so, until woken.  Context: process, no spinlock held. */
void schedule(void);
#define schedule()	__blocking((schedule)())	/**< notes the caller for reports */
/**
 * Block for at most @p timeout jiffies.  Context: process.
 * @param timeout in jiffies, or #MAX_SCHEDULE_TIMEOUT
 * @return what was left of it, at least 0
 */
long schedule_timeout(long timeout);
#define schedule_timeout(timeout)	__blocking((schedule_timeout)(timeout))	/**< notes the caller for reports */
/** schedule_timeout() in TASK_INTERRUPTIBLE. @param timeout jiffies @return what was left */
long schedule_timeout_interruptible(long timeout);
#define schedule_timeout_interruptible(timeout)	__blocking((schedule_timeout_interruptible)(timeout))	/**< notes the caller for reports */
/** schedule_timeout() in TASK_UNINTERRUPTIBLE. @param timeout jiffies @return what was left */
long schedule_timeout_uninterruptible(long timeout);
#define schedule_timeout_uninterruptible(timeout)	__blocking((schedule_timeout_uninterruptible)(timeout))	/**< notes the caller for reports */
/** schedule_timeout() in TASK_KILLABLE. @param timeout jiffies @return what was left */
long schedule_timeout_killable(long timeout);
#define schedule_timeout_killable(timeout)	__blocking((schedule_timeout_killable)(timeout))	/**< notes the caller for reports */
/** Offer the CPU to others of the same priority; takes virtual time when nobody else can run. */
void yield(void);
/** Give way if somebody more urgent is ready. @return 1 if there was */
int cond_resched(void);
/** Busy-wait hint: this virtual CPU is busy until something happens (decision 4).  Context: ANY. */
#define cpu_relax()	mach_relax()

/** Wake a task. @param p the task @return 1 if it slept, else 0.  Context: ANY. */
int wake_up_process(struct task_struct *p);
/** Wake a task if its state is among @p state. @param p the task @param state TASK_* bits @return 1 if woken */
int wake_up_state(struct task_struct *p, unsigned int state);

/** Set where a task may run; current moves at once. @param p the task @param new_mask with an active CPU in it @return 0 or -EINVAL */
int set_cpus_allowed_ptr(struct task_struct *p, const struct cpumask *new_mask);
/** @cond */
/* libc exports one, for its own tasks; the machines below call that one. */
#define sched_setscheduler	wqlab_sched_setscheduler
/** @endcond */
/** Set policy and real-time priority. @param p the task @param policy SCHED_* @param param priority @return 0 or -EINVAL */
int sched_setscheduler(struct task_struct *p, int policy, const struct sched_param *param);
/** sched_setscheduler() without permission checks; the same here. @param p the task @param policy SCHED_* @param param priority @return 0 or -EINVAL */
int sched_setscheduler_nocheck(struct task_struct *p, int policy, const struct sched_param *param);
/** Set a task's nice value. @param p the task @param nice -20..19 */
void set_user_nice(struct task_struct *p, long nice);
/**
 * Say who wants to hear of current's sleeping and waking; NULL: nobody any more, and
 * on return nobody is being told any more either.
 * @param hooks what to call
 */
void sched_set_hooks(const struct sched_hooks *hooks);
/** Rename a task. @param p the task @param name cut to 15 characters */
void set_task_comm(struct task_struct *p, const char *name);

/** Keep a task's structure although the thread may end. @param p the task */
static inline void get_task_struct(struct task_struct *p)
{
	__atomic_add_fetch(&p->usage, 1, __ATOMIC_RELAXED);
}
/** Drop what get_task_struct() took; the last one frees it. @param p the task */
void put_task_struct(struct task_struct *p);

/**
 * Note which task current is about to wait for, so that reports can name it.
 * @param t the task, or NULL when the wait is over
 * @param what what it is to do, e.g. "to run a flush barrier"
 */
void wait_blame(struct task_struct *t, const char *what);

/**
 * Note which work item current executes, for the reports.
 * @param wq the workqueue's name, or NULL when the item is done
 * @param work the item
 * @param func its function
 */
static inline void sched_busy(const char *wq, const void *work, const void *func)
{
	current->busy_wq = wq;
	current->busy_work = work;
	current->busy_func = func;
}

/** @cond */
void sched_block_note(const char *kind, const void *obj, const char *name);
void sched_block_done(void);
void sched_wakers_gone(void);
void sched_readers_seen(void);
void kthread_ended_seen(void);
void kthread_shutdown(void);
void sched_held_push(const spinlock_t *lock, const char *func);
void sched_held_pop(const spinlock_t *lock);
void sched_describe(const struct mtask *m, char *buf, size_t size);
void sched_where(const struct mtask *m, char *buf, size_t size);
void sched_name_object(enum mach_point op, const void *obj, char *buf, size_t size);
char sched_state_letter(const struct mtask *m);
struct mtask *sched_idle_task(unsigned int cpu);
unsigned int sched_evicted(struct mtask *m);
struct mtask *sched_init_task(void (*entry)(void *));
struct task_struct *sched_new_task(void (*entry)(void *), void *arg, const char *comm);

static inline void sched_place(const char *func)
{
	if (!current->blocked.kind)
		current->blocked.func = func;
}
/** @endcond */

/** No signals here. @param p the task @return 0 */
static inline int signal_pending(struct task_struct *p)
{
	return 0;
}

#endif
