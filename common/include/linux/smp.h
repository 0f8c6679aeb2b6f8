/* SPDX-License-Identifier: GPL-2.0-only */
/**
 * @file
 * Which virtual CPU this is (3.18: include/linux/smp.h; decision 14).
 */
#ifndef _LINUX_SMP_H
#define _LINUX_SMP_H

#include <linux/preempt.h>

/** The task's virtual CPU; stays the same while preemption is off. */
#define smp_processor_id()	(mach_self()->cpu)
#define raw_smp_processor_id()	smp_processor_id()	/**< the same, for callers that may be preempted */

/** Preemption off. @return this virtual CPU */
static inline unsigned int get_cpu(void)
{
	preempt_disable();
	return smp_processor_id();
}

/** Preemption back on. */
static inline void put_cpu(void)
{
	preempt_enable();
}

#endif
