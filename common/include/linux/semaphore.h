/* SPDX-License-Identifier: GPL-2.0-only */
/**
 * @file
 * Counting semaphores (3.18: include/linux/semaphore.h).
 */
#ifndef _LINUX_SEMAPHORE_H
#define _LINUX_SEMAPHORE_H

#include <linux/wait.h>

/** A counting semaphore. */
struct semaphore {
	unsigned int count;		/**< how many may still pass; under wait.lock */
	wait_queue_head_t wait;		/**< who waits */
};

/** Set it up. @param sem the semaphore @param val how many may pass */
void sema_init(struct semaphore *sem, int val);
/** Pass, or sleep until one may.  Context: process. @param sem the semaphore */
void down(struct semaphore *sem);
#define down(sem)	__blocking((down)(sem))	/**< notes the caller for reports */
/** The same. @param sem the semaphore @return 0: there are no signals here */
int down_interruptible(struct semaphore *sem);
#define down_interruptible(sem)	__blocking((down_interruptible)(sem))	/**< notes the caller for reports */
/** Pass if one may. @param sem the semaphore @return 0 if passed, 1 if not (mind the sense) */
int down_trylock(struct semaphore *sem);
/** Let one more pass.  Context: ANY. @param sem the semaphore */
void up(struct semaphore *sem);

#endif
