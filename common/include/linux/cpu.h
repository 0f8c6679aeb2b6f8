/* SPDX-License-Identifier: GPL-2.0-only */
/**
 * @file
 * CPUs that come and go (3.18: include/linux/cpu.h, with what 2.6.32 has beside it).
 *
 *	cpu_up()					cpu_down()
 *	UP_PREPARE  make what the CPU will need		DOWN_PREPARE  give up what needs the CPU
 *	  refused: UP_CANCELED to those before		  refused: DOWN_FAILED to those before
 *	STARTING    it is online, no task yet		DYING         it takes no more tasks, interrupts off
 *	ONLINE      it works				DEAD          it is gone
 *							POST_DEAD     ... and get_online_cpus() goes on
 */
#ifndef _LINUX_CPU_H
#define _LINUX_CPU_H

#include <linux/cpumask.h>
#include <linux/notifier.h>

/* What a notifier is told; its data is the CPU's number, cast to a pointer. */
#define CPU_ONLINE		0x0002	/**< the CPU is up */
#define CPU_UP_PREPARE		0x0003	/**< it is going to come up; may be refused */
#define CPU_UP_CANCELED		0x0004	/**< it did not come up after all */
#define CPU_DOWN_PREPARE	0x0005	/**< it is going to go down; may be refused */
#define CPU_DOWN_FAILED		0x0006	/**< it stays up after all */
#define CPU_DEAD		0x0007	/**< it is down */
#define CPU_DYING		0x0008	/**< it takes no tasks any more; interrupts off, must not sleep */
#define CPU_POST_DEAD		0x0009	/**< it is down, and the hotplug lock is free again */
#define CPU_STARTING		0x000A	/**< it is coming up; interrupts off, must not sleep */
#define CPU_TASKS_FROZEN	0x0010	/**< or-ed in during suspend, which does not take CPUs down here */

/** Priorities among CPU notifiers: higher is called earlier. */
enum {
	CPU_PRI_PERF		= 20,	/**< perf's */
	CPU_PRI_MIGRATION	= 10,	/**< the scheduler's */
	CPU_PRI_WORKQUEUE_UP	= 5,	/**< CMWQ, on the way up: before those who queue work */
	CPU_PRI_WORKQUEUE_DOWN	= -5,	/**< and on the way down: behind them */
};

/** Hear of CPUs that come and go.  Context: process. @param nb whose function is called @return 0 */
int register_cpu_notifier(struct notifier_block *nb);
/** Hear of them no more.  Context: process. @param nb as registered */
void unregister_cpu_notifier(struct notifier_block *nb);
/** The same by the name for those who are nothing without hotplug. */
#define register_hotcpu_notifier(nb)	register_cpu_notifier(nb)
#define unregister_hotcpu_notifier(nb)	unregister_cpu_notifier(nb)	/**< and its counterpart */
/** Register a function. @param fn the function @param pri its priority */
#define cpu_notifier(fn, pri)	do {					\
		static struct notifier_block fn##_nb = {		\
			.notifier_call = fn, .priority = pri		\
		};							\
		register_cpu_notifier(&fn##_nb);			\
	} while (0)
/** The same by the name for those who are nothing without hotplug. @param fn the function @param pri its priority */
#define hotcpu_notifier(fn, pri)	cpu_notifier(fn, pri)

/**
 * Take a CPU up.  Context: process.
 * @param cpu which
 * @return 0; -EINVAL if it is up or there is none; what a notifier refused with, else -EPERM
 */
int cpu_up(unsigned int cpu);
/**
 * Take a CPU down: its tasks move elsewhere, those bound to it lose that bond, its timers
 * go to another CPU.  Context: process.
 * @param cpu which
 * @return 0; -EBUSY for the last one; -EINVAL if it is not up; what a notifier refused with, else -EPERM
 */
int cpu_down(unsigned int cpu);

/** No CPU comes or goes until put_online_cpus().  Nests, also within a notifier.  Context: process. */
void get_online_cpus(void);
/** Undo one get_online_cpus(). */
void put_online_cpus(void);
/** No cpu_up() or cpu_down() begins or goes on, POST_DEAD included, until cpu_maps_update_done(). */
void cpu_maps_update_begin(void);
/** Undo cpu_maps_update_begin(). */
void cpu_maps_update_done(void);

#endif
