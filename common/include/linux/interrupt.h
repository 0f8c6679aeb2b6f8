/* SPDX-License-Identifier: GPL-2.0-only */
/**
 * @file
 * Bottom halves off and on (3.18: include/linux/bottom_half.h, interrupt.h).
 * Timers are the only bottom halves here.
 */
#ifndef _LINUX_INTERRUPT_H
#define _LINUX_INTERRUPT_H

#include <linux/hardirq.h>

/** No timer function runs on this virtual CPU until local_bh_enable().  Nests. */
static inline void local_bh_disable(void)
{
	__preempt_count_add(SOFTIRQ_OFFSET);
}

/** Undo one local_bh_disable(); timers that are due run here.  Context: not with interrupts off. */
static inline void local_bh_enable(void)
{
	__preempt_count_sub(SOFTIRQ_OFFSET);
	if (unlikely(__READ_ONCE(mach_self()->resched)))
		mach_irqs_on();
}

#endif
