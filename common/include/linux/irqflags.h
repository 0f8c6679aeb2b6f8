/* SPDX-License-Identifier: GPL-2.0-only */
/**
 * @file
 * Interrupts off and on (3.18: include/linux/irqflags.h).
 *
 * On the simulated machine this keeps timers and everybody else off this
 * virtual CPU, as in the kernel, and excludes nobody on other CPUs.  On the native
 * machine it keeps nobody away at all (decision 12): like preemption off it
 * marks an RCU reader, so it is stored the same way (linux/preempt.h).
 */
#ifndef _LINUX_IRQFLAGS_H
#define _LINUX_IRQFLAGS_H

#include <linux/compiler.h>
#include <wqlab/mach.h>

/** @return whether interrupts are off on this virtual CPU */
static inline bool irqs_disabled(void)
{
	return mach_self()->irqs_off;
}

/** Interrupts off.  Does not nest.  Context: ANY. */
static inline void local_irq_disable(void)
{
	__atomic_store_n(&mach_self()->irqs_off, true, __ATOMIC_RELAXED);
	barrier();
}

/** Interrupts on; what is pending is taken here.  Context: ANY. */
static inline void local_irq_enable(void)
{
	barrier();
	__atomic_store_n(&mach_self()->irqs_off, false, __ATOMIC_RELEASE);
	if (unlikely(__READ_ONCE(mach_self()->resched)))
		mach_irqs_on();
}

/** @cond */
static inline unsigned long __local_irq_save(void)
{
	unsigned long flags = irqs_disabled();

	local_irq_disable();
	return flags;
}
/** @endcond */

/** Interrupts off, remembering what they were. @param flags unsigned long to keep it in */
#define local_irq_save(flags)	((flags) = __local_irq_save())
/** Put interrupts back. @param flags as local_irq_save() left it */
#define local_irq_restore(flags)	do {	\
		if (!(flags))			\
			local_irq_enable();	\
	} while (0)

#endif
