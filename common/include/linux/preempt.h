/* SPDX-License-Identifier: GPL-2.0-only */
/**
 * @file
 * Preemption, and which context this is (3.18: include/linux/preempt.h,
 * preempt_mask.h).
 *
 * The count belongs to the task; a timer interrupt that hits a task adds to the
 * count of the task it hit, as in the kernel.
 *
 * On the native machine preemption off keeps nobody away: it marks a reader of RCU's
 * sched flavour and no more.  The grace period looks at the count from another
 * thread, after a barrier on all cores (mach_quiescent()); hence the stores are marked,
 * and leaving is a release: what a reader did comes before its end is seen.
 */
#ifndef _LINUX_PREEMPT_H
#define _LINUX_PREEMPT_H

#include <linux/compiler.h>
#include <wqlab/mach.h>

#define PREEMPT_OFFSET	MACH_PREEMPT_OFFSET	/**< one preempt_disable() */
#define PREEMPT_MASK	MACH_PREEMPT_MASK	/**< nested preempt_disable() */
#define SOFTIRQ_OFFSET	MACH_SOFTIRQ_OFFSET	/**< serving timers */
#define SOFTIRQ_MASK	MACH_SOFTIRQ_MASK	/**< serving timers, or bottom halves off */
#define HARDIRQ_MASK	MACH_HARDIRQ_MASK	/**< serving a hard interrupt: never here */

/** @return preemption, softirq and hardirq nesting in one word; 0: may be preempted */
static inline int preempt_count(void)
{
	return mach_self()->preempt_count;
}

/** @cond */
static inline void __preempt_count_add(int val)
{
	struct mtask *self = mach_self();

	__atomic_store_n(&self->preempt_count, self->preempt_count + val, __ATOMIC_RELAXED);
	barrier();
}

static inline void __preempt_count_sub(int val)
{
	struct mtask *self = mach_self();

	barrier();
	__atomic_store_n(&self->preempt_count, self->preempt_count - val, __ATOMIC_RELEASE);
}
/** @endcond */

/** Nobody else runs on this virtual CPU until preempt_enable().  Nests.  Context: ANY. */
static inline void preempt_disable(void)
{
	__preempt_count_add(PREEMPT_OFFSET);
}

/** Undo one preempt_disable() without looking whether somebody waits. */
static inline void preempt_enable_no_resched(void)
{
	__preempt_count_sub(PREEMPT_OFFSET);
}

/** Undo one preempt_disable(); a higher priority that became ready goes first.  Context: ANY. */
static inline void preempt_enable(void)
{
	preempt_enable_no_resched();
	if (unlikely(__READ_ONCE(mach_self()->resched)))
		mach_preempt();
}

#define in_irq()	(preempt_count() & HARDIRQ_MASK)	/**< in a hard interrupt */
#define in_softirq()	(preempt_count() & SOFTIRQ_MASK)	/**< in a softirq (timers), or bottom halves off */
#define in_interrupt()	(preempt_count() & (HARDIRQ_MASK | SOFTIRQ_MASK))	/**< in either */
#define in_atomic()	(preempt_count() != 0)			/**< may not sleep */
#define preemptible()	(preempt_count() == 0 && !mach_self()->irqs_off)	/**< may be preempted here */

#endif
