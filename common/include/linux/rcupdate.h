/* SPDX-License-Identifier: GPL-2.0-only */
/**
 * @file
 * Read-copy-update: readers take no lock, whoever removes something waits until
 * the readers that may still see it have left.
 *
 * Mirrors the calls of 3.18 include/linux/rcupdate.h. One grace period serves
 * both flavours: it waits for rcu_read_lock() sections and for code that has
 * preemption or interrupts off. See common/kernel/rcu.c.
 */
#ifndef _LINUX_RCUPDATE_H
#define _LINUX_RCUPDATE_H

#include <linux/types.h>
#include <linux/compiler.h>
#include <linux/preempt.h>

/** Enter a read-side section: the body of rcu_read_lock(). */
void __rcu_read_lock(void);
/** Leave a read-side section: the body of rcu_read_unlock(). */
void __rcu_read_unlock(void);

/** Enter a read-side section. Any context; nests; may be preempted, must not block. */
static inline void rcu_read_lock(void)
{
	__rcu_read_lock();
}

/** Leave a read-side section. If it was the last, a grace period may end here. */
static inline void rcu_read_unlock(void)
{
	__rcu_read_unlock();
}

/** Enter a read-side section by turning preemption off. */
static inline void rcu_read_lock_sched(void)
{
	preempt_disable();
}

/** Leave a section that rcu_read_lock_sched() began. */
static inline void rcu_read_unlock_sched(void)
{
	preempt_enable();
}

/** rcu_read_lock() for data that softirqs read too. */
#define rcu_read_lock_bh()	rcu_read_lock()
/** The end of rcu_read_lock_bh(). */
#define rcu_read_unlock_bh()	rcu_read_unlock()

/**
 * Is the caller inside rcu_read_lock()?
 * @return nonzero if so
 */
int rcu_read_lock_held(void);

/**
 * Is the caller a reader of the sched flavour: preemption or interrupts off?
 * @return nonzero if so
 */
int rcu_read_lock_sched_held(void);

/**
 * Report use of protected data without protection, once per place.
 * @param file where
 * @param line where
 * @param text what should have been held
 */
void lockdep_rcu_suspicious(const char *file, const int line, const char *text);

/** Report, once, if the condition for touching protected data does not hold. */
#define rcu_lockdep_assert(c, s)					\
	do {								\
		static bool __rcu_told;					\
									\
		if (!(c) && !__rcu_told) {				\
			__rcu_told = true;				\
			lockdep_rcu_suspicious(__FILE__, __LINE__, (s)); \
		}							\
	} while (0)

/** Fetch a protected pointer for use in a read-side section. */
#define rcu_dereference(p)		smp_load_acquire(&(p))
/** rcu_dereference() where some other condition protects as well. */
#define rcu_dereference_check(p, c)	rcu_dereference(p)
/** rcu_dereference() in rcu_read_lock_sched(). */
#define rcu_dereference_sched(p)	rcu_dereference(p)
/** rcu_dereference() in rcu_read_lock_bh(). */
#define rcu_dereference_bh(p)		rcu_dereference(p)
/** rcu_dereference() that never asks what protects. */
#define rcu_dereference_raw(p)		rcu_dereference(p)
/** Fetch a protected pointer while the lock that guards its updates is held. */
#define rcu_dereference_protected(p, c)	__READ_ONCE(p)
/** Look at a protected pointer's value without following it. */
#define rcu_access_pointer(p)		READ_ONCE(p)
/** Publish a pointer: what it points to is complete before it is seen. */
#define rcu_assign_pointer(p, v)	smp_store_release(&(p), (v))
/** Set a pointer that nobody can see yet, or to NULL. */
#define RCU_INIT_POINTER(p, v)		__WRITE_ONCE(p, v)

/** A function to be called after a grace period. */
typedef void (*rcu_callback_t)(struct rcu_head *head);

/**
 * Call a function in interrupt context, once every reader that is inside now
 * has left. Any context. At the earliest it runs in the next jiffy.
 * @param head its place in the queue, part of what is to be freed
 * @param func what to call
 */
void call_rcu(struct rcu_head *head, rcu_callback_t func);

/** call_rcu() for readers of the sched flavour. */
#define call_rcu_sched(head, func)	call_rcu((head), (func))
/** call_rcu() for readers of the bh flavour. */
#define call_rcu_bh(head, func)		call_rcu((head), (func))

/** Wait for a grace period. May sleep; not in a read-side section. */
void synchronize_rcu(void);

/** synchronize_rcu() for readers of the sched flavour. */
#define synchronize_sched()		synchronize_rcu()
/** synchronize_rcu(), for those in a hurry; it takes as long. */
#define synchronize_rcu_expedited()	synchronize_rcu()
/** synchronize_sched(), for those in a hurry; it takes as long. */
#define synchronize_sched_expedited()	synchronize_rcu()

/** Wait until every callback queued so far has run. May sleep. */
void rcu_barrier(void);

/** rcu_barrier() for callbacks of call_rcu_sched(). */
#define rcu_barrier_sched()		rcu_barrier()

/**
 * The body of kfree_rcu().
 * @param head   the rcu_head in the object
 * @param offset where in the object it lies, below 4096
 */
void __kfree_rcu(struct rcu_head *head, unsigned long offset);

/** kfree() an object after a grace period; rcu_member is the rcu_head in it. Any context. */
#define kfree_rcu(ptr, rcu_member)					\
	__kfree_rcu(&(ptr)->rcu_member,					\
		    offsetof(__typeof__(*(ptr)), rcu_member))

/** Prepare an rcu_head on the stack (nothing to do). */
#define init_rcu_head_on_stack(head)	((void)(head))
/** End of life of an rcu_head on the stack (nothing to do). */
#define destroy_rcu_head_on_stack(head)	((void)(head))

#endif /* _LINUX_RCUPDATE_H */
