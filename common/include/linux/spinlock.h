/* SPDX-License-Identifier: GPL-2.0-only */
/**
 * @file
 * Spinlocks (3.18: include/linux/spinlock.h).
 *
 * A holder may not sleep and is not preempted.  On the simulated machine waiters
 * are served in the order they came (both kernels have ticket locks); on the native
 * one they spin a little and then sleep, and whoever comes first takes it, for there a
 * holder may lose its core to another thread.  Each lock knows its name and its holder,
 * so that reports can say who holds what.
 */
#ifndef _LINUX_SPINLOCK_H
#define _LINUX_SPINLOCK_H

#include <linux/compiler.h>
#include <linux/interrupt.h>
#include <linux/irqflags.h>
#include <linux/lockdep.h>
#include <linux/preempt.h>
#include <linux/types.h>

/** A spinlock. */
typedef struct spinlock {
	struct mlock raw;	/**< the word and its holder */
	struct lockdep_map dep_map;	/**< its name, and its class for lockdep */
	void (*guard)(struct spinlock *lock);	/**< checks what it guards, or NULL; spin_lock_guards() */
} spinlock_t;
typedef spinlock_t raw_spinlock_t;	/**< the same; no PREEMPT_RT here */

#define __SPIN_LOCK_UNLOCKED(lock)	{ .dep_map = { .name = #lock } }	/**< initialiser */
#define DEFINE_SPINLOCK(x)	spinlock_t x = __SPIN_LOCK_UNLOCKED(x)	/**< define a free lock */

/** Make a lock free. @param lock the lock @param name for reports @param key its class */
static inline void __spin_lock_init(spinlock_t *lock, const char *name, struct lock_class_key *key)
{
	*lock = (spinlock_t){ .dep_map = { key, name } };
}
/** Make a lock free. @param lock the lock */
#define spin_lock_init(lock)	do {				\
		static struct lock_class_key __key;		\
		__spin_lock_init((lock), #lock, &__key);	\
	} while (0)
/**
 * Have what a lock guards checked (wqlab/check.h) whenever it is about to be released,
 * by the holder: what is under a lock is whole when the lock is free.  Simulated machine
 * only.  The check takes no lock and passes no choice point.
 * @param lock a free one, that nobody else knows yet
 * @param guard the check
 */
static inline void spin_lock_guards(spinlock_t *lock, void (*guard)(spinlock_t *lock))
{
	lock->guard = guard;
}

/** @cond */
/*
 * As the lock's holders are named by function in reports, taking one tells which.
 *
 * A free lock is taken, and one that nobody waits for released, in place: one
 * exchange of the word.  The rest is in spinlock.c: waiting, the choice points of the
 * simulated machine, and the notes of who holds what.
 */
void __spin_lock_slow(spinlock_t *lock, unsigned int subclass, const char *func);
void __spin_unlock_slow(spinlock_t *lock);
int _spin_trylock(spinlock_t *lock, const char *func);

static inline bool __spin_take(spinlock_t *lock)
{
	unsigned int free = 0;

	if (!__atomic_compare_exchange_n(&lock->raw.word, &free, 1, false,
					 __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
		return false;
	__WRITE_ONCE(lock->raw.owner, mach_self());
	return true;
}

/*
 * The native machine's release.  Whoever wants to sleep for the lock counts itself in
 * `sleepers` and then looks at the word once more; we store the word and then look
 * at `sleepers`.  Between our two stands no barrier: whoever sleeps puts one on every
 * core (native-lock.c), so this costs a store.  Where that cannot be had, or where nobody
 * may look at a lock that he has released, it is an exchange, and the word says it all.
 */
static inline void __spin_release(spinlock_t *lock)
{
	bool waited_for;

	if (likely(mach_plain_unlock)) {
		__atomic_store_n(&lock->raw.word, 0, __ATOMIC_RELEASE);
		barrier();
		waited_for = __READ_ONCE(lock->raw.sleepers);
	} else {
		waited_for = __atomic_exchange_n(&lock->raw.word, 0, __ATOMIC_RELEASE) == 2;
	}
	if (unlikely(waited_for))
		mach_unlock_slow(&lock->raw);
}

/* Preemption is off already, so that a holder always occupies its virtual CPU. */
static inline void __spin_lock(spinlock_t *lock, const char *func)
{
	if (unlikely(mach_checks) || unlikely(!__spin_take(lock)))
		__spin_lock_slow(lock, 0, func);
}

static inline void __spin_unlock(spinlock_t *lock)
{
	if (unlikely(mach_checks) || unlikely(__READ_ONCE(lock->raw.owner) != mach_self())) {
		__spin_unlock_slow(lock);
		return;
	}
	__WRITE_ONCE(lock->raw.owner, NULL);
	__spin_release(lock);
}

static inline void _spin_lock(spinlock_t *lock, const char *func)
{
	preempt_disable();
	__spin_lock(lock, func);
}

static inline void _spin_lock_nested(spinlock_t *lock, unsigned int subclass, const char *func)
{
	preempt_disable();
	if (unlikely(mach_checks) || unlikely(!__spin_take(lock)))
		__spin_lock_slow(lock, subclass, func);
}

static inline void _spin_lock_irq(spinlock_t *lock, const char *func)
{
	local_irq_disable();
	preempt_disable();
	__spin_lock(lock, func);
}

static inline void _spin_lock_bh(spinlock_t *lock, const char *func)
{
	local_bh_disable();
	preempt_disable();
	__spin_lock(lock, func);
}

static inline unsigned long _spin_lock_irqsave(spinlock_t *lock, const char *func)
{
	unsigned long flags;

	local_irq_save(flags);
	preempt_disable();
	__spin_lock(lock, func);
	return flags;
}
/** @endcond */

/** Take a lock; preemption goes off.  Context: ANY. @param lock the lock */
#define spin_lock(lock)		_spin_lock(lock, __func__)
/**
 * Take a second lock of a class, in an order that the caller knows to be right.
 * @param lock the lock
 * @param subclass what lockdep takes it for, from 1; #SINGLE_DEPTH_NESTING as a rule
 */
#define spin_lock_nested(lock, subclass)	_spin_lock_nested(lock, subclass, __func__)
/** Take a lock if it is free. @param lock the lock @return 1 if taken, else 0 */
#define spin_trylock(lock)	_spin_trylock(lock, __func__)
/** Release a lock; preemption comes back on. @param lock held by current */
static inline void spin_unlock(spinlock_t *lock)
{
	__spin_unlock(lock);
	preempt_enable();
}
/** Interrupts off, then spin_lock(). @param lock the lock */
#define spin_lock_irq(lock)	_spin_lock_irq(lock, __func__)
/** spin_unlock(), then interrupts on. @param lock held by current */
static inline void spin_unlock_irq(spinlock_t *lock)
{
	__spin_unlock(lock);
	preempt_enable_no_resched();
	local_irq_enable();
}
/** Bottom halves off, then spin_lock(). @param lock the lock */
#define spin_lock_bh(lock)	_spin_lock_bh(lock, __func__)
/** spin_unlock(), then bottom halves on. @param lock held by current */
static inline void spin_unlock_bh(spinlock_t *lock)
{
	__spin_unlock(lock);
	preempt_enable_no_resched();
	local_bh_enable();
}
/** Interrupts off, remembering what they were, then spin_lock(). @param lock the lock @param flags unsigned long */
#define spin_lock_irqsave(lock, flags)	((flags) = _spin_lock_irqsave(lock, __func__))
/**
 * spin_unlock(), then interrupts as they were; if they were on, whoever became ready
 * meanwhile goes first.
 * @param lock held by current
 * @param flags as spin_lock_irqsave() left it
 */
static inline void spin_unlock_irqrestore(spinlock_t *lock, unsigned long flags)
{
	__spin_unlock(lock);
	preempt_enable_no_resched();
	local_irq_restore(flags);
}
/** Whether anybody holds it. @param lock the lock */
#define spin_is_locked(lock)	(__READ_ONCE((lock)->raw.word) != 0)

/** @return whether current holds @p lock. @param lock the lock */
static inline bool spin_is_held(const spinlock_t *lock)
{
	return __READ_ONCE(lock->raw.owner) == mach_self();
}

#define raw_spin_lock_init	spin_lock_init		/**< see spin_lock_init() */
#define raw_spin_lock		spin_lock		/**< see spin_lock() */
#define raw_spin_unlock		spin_unlock		/**< see spin_unlock() */
#define raw_spin_lock_irq	spin_lock_irq		/**< see spin_lock_irq() */
#define raw_spin_unlock_irq	spin_unlock_irq		/**< see spin_unlock_irq() */
#define raw_spin_lock_irqsave	spin_lock_irqsave	/**< see spin_lock_irqsave() */
#define raw_spin_unlock_irqrestore spin_unlock_irqrestore	/**< see spin_lock_irqsave() */

#endif
