// SPDX-License-Identifier: GPL-2.0-only
/*
 * Read-copy-update.
 *
 * A reader that enters counts itself into one of two phases and remembers
 * which; a nested reader does nothing. A grace period passes these stages:
 *
 *	GP_IDLE    no callback waits
 *	GP_SETTLE  until the phase that is not current has no reader; then the
 *	           phases change places, and new readers count elsewhere
 *	GP_OLD     until the phase that was current has no reader
 *	GP_CPUS    until nobody is left who had preemption or interrupts off
 *	           when this stage began (mach_quiescent())
 *	           then the callbacks that waited are called, in the order they came
 *
 * SETTLE is for a reader that read the phase before the last change and counts
 * itself after it: the grace period then running could ignore it, for it had
 * not looked at anything yet, but the next one may not.
 *
 * The last reader of a phase moves the first stages on. The last stage is a
 * timer's, in the next jiffy at the earliest, and again each jiffy while a CPU
 * keeps it waiting; callbacks therefore always run from a timer, never under
 * the locks of whoever called call_rcu() or rcu_read_unlock().
 *
 * Both flavours share this one grace period. It may take longer than either
 * needs, never shorter.
 *
 * Locks: rcu.lock guards everything but readers[], which is atomic, and
 * reads of phase and stage. The timer base's lock comes below it.
 *
 * Read next: linux/rcupdate.h, linux/rculist.h.
 */
#include <linux/types.h>
#include <linux/kernel.h>
#include <linux/bug.h>
#include <linux/completion.h>
#include <linux/cpumask.h>
#include <linux/preempt.h>
#include <linux/printk.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/timer.h>
#include <wqlab/mach.h>
#include <wqlab/timer.h>
#include "timer-base.h"

/* What kfree_rcu() passes for a function is an offset, and no function lies so low. */
#define KFREE_OFFSETS	4096

enum rcu_stage { GP_IDLE, GP_SETTLE, GP_OLD, GP_CPUS };

/* Callbacks in the order they came. */
struct rcu_list {
	struct rcu_head *first, **end;
};

static void rcu_timer_fn(unsigned long data);

/* L: under lock. */
static struct {
	spinlock_t lock;
	unsigned int phase;		/* L to write: where new readers count, 0 or 1 */
	unsigned long readers[2];	/* atomic: how many are inside, by phase */
	enum rcu_stage stage;		/* L to write */
	struct rcu_list next;		/* L: wait for the next grace period */
	struct rcu_list wait;		/* L: wait for this one */
	bool looked;			/* L to clear, or the timer's: GP_CPUS has begun to look */
	struct timer_list timer;	/* armed under lock; ends GP_CPUS */
} rcu = {
	.lock = __SPIN_LOCK_UNLOCKED(rcu.lock),
	.next = { NULL, &rcu.next.first },
	.wait = { NULL, &rcu.wait.first },
	.timer = TIMER_INITIALIZER(rcu_timer_fn, 0, 0),
};

static void list_append(struct rcu_list *list, struct rcu_head *head)
{
	head->next = NULL;
	*list->end = head;
	list->end = &head->next;
}

static struct rcu_head *list_take(struct rcu_list *list)
{
	struct rcu_head *first = list->first;

	*list = (struct rcu_list){ NULL, &list->first };
	return first;
}

static unsigned long readers_of(unsigned int phase)
{
	return __atomic_load_n(&rcu.readers[phase], __ATOMIC_SEQ_CST);
}

/* Under lock; readers that leave look at it without. */
static void set_stage(enum rcu_stage stage)
{
	__atomic_store_n(&rcu.stage, stage, __ATOMIC_SEQ_CST);
}

/* Go on with the grace period as far as readers allow. Locked. */
static void advance(void)
{
	if (rcu.stage == GP_IDLE && rcu.next.first) {
		struct rcu_head **end = rcu.next.end;

		rcu.wait.first = list_take(&rcu.next);
		rcu.wait.end = end;
		set_stage(GP_SETTLE);
	}
	if (rcu.stage == GP_SETTLE && !readers_of(!rcu.phase)) {
		__atomic_store_n(&rcu.phase, !rcu.phase, __ATOMIC_SEQ_CST);
		set_stage(GP_OLD);
	}
	if (rcu.stage == GP_OLD && !readers_of(!rcu.phase)) {
		set_stage(GP_CPUS);
		rcu.looked = false;
		mod_timer(&rcu.timer, current_jiffy() + 1);
	}
}

static void advance_locked(void)
{
	unsigned long flags;

	spin_lock_irqsave(&rcu.lock, flags);
	advance();
	spin_unlock_irqrestore(&rcu.lock, flags);
}

/* ---- readers ---- */

void __rcu_read_lock(void)
{
	struct task_struct *tsk = current;

	if (tsk->rcu_read_lock_nesting++)
		return;
	tsk->rcu_phase = __atomic_load_n(&rcu.phase, __ATOMIC_RELAXED);
	__atomic_fetch_add(&rcu.readers[tsk->rcu_phase], 1, __ATOMIC_SEQ_CST);
}

void __rcu_read_unlock(void)
{
	struct task_struct *tsk = current;

	if (WARN_ON_ONCE(tsk->rcu_read_lock_nesting <= 0))
		return;
	if (--tsk->rcu_read_lock_nesting)
		return;
	if (__atomic_sub_fetch(&rcu.readers[tsk->rcu_phase], 1, __ATOMIC_SEQ_CST) == 0 &&
	    __atomic_load_n(&rcu.stage, __ATOMIC_SEQ_CST) != GP_IDLE)
		advance_locked();
}

int rcu_read_lock_held(void)
{
	return current->rcu_read_lock_nesting > 0;
}

int rcu_read_lock_sched_held(void)
{
	return !preemptible();
}

void lockdep_rcu_suspicious(const char *file, const int line, const char *text)
{
	pr_err("[ INFO: suspicious RCU usage. ]\n");
	pr_err("%s:%d %s!\n", file, line, text);
	dump_stack();
	mach_count_warning();
}

/* ---- callbacks ---- */

static void call_all(struct rcu_head *head)
{
	while (head) {
		struct rcu_head *next = head->next;
		unsigned long offset = (unsigned long)head->func;

		if (offset < KFREE_OFFSETS)
			kfree((char *)head - offset);
		else
			head->func(head);
		head = next;
	}
}

/* A jiffy has passed in GP_CPUS. */
static void rcu_timer_fn(unsigned long data)
{
	struct rcu_head *done = NULL;
	unsigned long flags;
	bool quiescent;

	/* This function alone, which runs once at a time, makes the first look and the others. */
	quiescent = mach_quiescent(!rcu.looked);
	rcu.looked = true;
	if (quiescent)
		sched_readers_seen();

	spin_lock_irqsave(&rcu.lock, flags);
	if (quiescent) {
		done = list_take(&rcu.wait);
		set_stage(GP_IDLE);
		advance();
	} else {
		mod_timer(&rcu.timer, current_jiffy() + 1);
	}
	spin_unlock_irqrestore(&rcu.lock, flags);
	call_all(done);
}

void call_rcu(struct rcu_head *head, rcu_callback_t func)
{
	unsigned long flags;

	head->func = func;
	spin_lock_irqsave(&rcu.lock, flags);
	list_append(&rcu.next, head);
	advance();
	spin_unlock_irqrestore(&rcu.lock, flags);
}

void __kfree_rcu(struct rcu_head *head, unsigned long offset)
{
	BUG_ON(offset >= KFREE_OFFSETS);
	call_rcu(head, (rcu_callback_t)offset);
}

/* ---- waiting ---- */

struct rcu_synchronize {
	struct rcu_head head;
	struct completion completion;	/* completed by head's function */
};

static void wakeme_after_rcu(struct rcu_head *head)
{
	complete(&container_of(head, struct rcu_synchronize, head)->completion);
}

/* Callbacks run in the order they came: when this one has, all before it have. */
static void wait_for_callback(void)
{
	struct rcu_synchronize sync;

	init_completion(&sync.completion);
	call_rcu(&sync.head, wakeme_after_rcu);
	wait_for_completion(&sync.completion);
}

void synchronize_rcu(void)
{
	might_sleep();
	rcu_lockdep_assert(!rcu_read_lock_held(),
			   "synchronize_rcu() in a read-side section waits for itself");
	wait_for_callback();
}

void rcu_barrier(void)
{
	might_sleep();
	wait_for_callback();
}

void rcu_shutdown(void)
{
	struct rcu_head *wait, *next;
	unsigned long flags;

	WARN_ON(readers_of(0) || readers_of(1));
	del_timer_sync(&rcu.timer);
	do {
		spin_lock_irqsave(&rcu.lock, flags);
		wait = list_take(&rcu.wait);
		next = list_take(&rcu.next);
		set_stage(GP_IDLE);
		spin_unlock_irqrestore(&rcu.lock, flags);
		call_all(wait);
		call_all(next);
	} while (wait || next);
	del_timer_sync(&rcu.timer);
}
