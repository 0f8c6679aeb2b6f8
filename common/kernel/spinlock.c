// SPDX-License-Identifier: GPL-2.0-only
/*
 * Spinlocks.  The free case is one exchange of the lock word; waiting is the
 * machine's (mach_lock_slow), in the order of arrival.
 *
 * Taking a lock turns preemption off before the word is touched, so a holder
 * always occupies its virtual CPU: whoever waits on another CPU waits for a task
 * that runs.
 *
 * Owns struct spinlock.  Read next: mutex.c, common/machine/sim-lock.c.
 */
#include <linux/bug.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include <linux/spinlock.h>

/* Wait for the lock; in an interrupt the task below may have noted another wait already. */
static void lock_contended(spinlock_t *lock, const char *func)
{
	struct task_blocked outer = current->blocked;

	current->blocked.func = func;
	sched_block_note("spinlock", lock, lock->name);
	mach_lock_slow(&lock->raw);
	current->blocked = outer;
	/* Handed over by the machine: what the holder before us wrote is ours to see. */
	(void)__atomic_load_n(&lock->raw.word, __ATOMIC_ACQUIRE);
}

static void lock_word(spinlock_t *lock, const char *func)
{
	unsigned int free = 0;

	mach_point(MP_LOCK, lock);
	if (unlikely(lock->raw.owner == mach_self())) {
		pr_emerg("BUG: spinlock recursion on CPU#%u, %s/%d\n",
			 smp_processor_id(), current->comm, current->pid);
		pr_emerg(" lock: %s, taken again in %s\n", lock->name, func);
		machine_stop(VERDICT_BUG, "BUG: spinlock recursion");
	}
	if (!__atomic_compare_exchange_n(&lock->raw.word, &free, 1, false,
					 __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
		lock_contended(lock, func);
	lock->raw.owner = mach_self();
	sched_held_push(lock, func);
}

/* Somebody waits: hand the lock over, and with it what was written under it. */
static void unlock_contended(spinlock_t *lock)
{
	__atomic_fetch_or(&lock->raw.word, 0, __ATOMIC_RELEASE);
	mach_unlock_slow(&lock->raw);
}

static void unlock_word(spinlock_t *lock)
{
	unsigned int held = 1;

	if (unlikely(lock->raw.owner != mach_self())) {
		pr_emerg("BUG: spinlock %s released by %s/%d, who does not hold it\n",
			 lock->name, current->comm, current->pid);
		machine_stop(VERDICT_BUG, "BUG: spinlock wrong owner");
	}
	mach_point(MP_UNLOCK, lock);
	sched_held_pop(lock);
	lock->raw.owner = NULL;
	if (!__atomic_compare_exchange_n(&lock->raw.word, &held, 0, false,
					 __ATOMIC_RELEASE, __ATOMIC_RELAXED))
		unlock_contended(lock);
}

void _spin_lock(spinlock_t *lock, const char *func)
{
	preempt_disable();
	lock_word(lock, func);
}

int _spin_trylock(spinlock_t *lock, const char *func)
{
	unsigned int free = 0;

	preempt_disable();
	mach_point(MP_LOCK, lock);
	if (__atomic_compare_exchange_n(&lock->raw.word, &free, 1, false,
					__ATOMIC_ACQUIRE, __ATOMIC_RELAXED)) {
		lock->raw.owner = mach_self();
		sched_held_push(lock, func);
		return 1;
	}
	preempt_enable();
	return 0;
}

void spin_unlock(spinlock_t *lock)
{
	unlock_word(lock);
	preempt_enable();
}

void _spin_lock_irq(spinlock_t *lock, const char *func)
{
	local_irq_disable();
	preempt_disable();
	lock_word(lock, func);
}

void spin_unlock_irq(spinlock_t *lock)
{
	unlock_word(lock);
	preempt_enable_no_resched();
	local_irq_enable();
}

void _spin_lock_bh(spinlock_t *lock, const char *func)
{
	local_bh_disable();
	preempt_disable();
	lock_word(lock, func);
}

void spin_unlock_bh(spinlock_t *lock)
{
	unlock_word(lock);
	preempt_enable_no_resched();
	local_bh_enable();
}

unsigned long _spin_lock_irqsave(spinlock_t *lock, const char *func)
{
	unsigned long flags;

	local_irq_save(flags);
	preempt_disable();
	lock_word(lock, func);
	return flags;
}

void spin_unlock_irqrestore(spinlock_t *lock, unsigned long flags)
{
	unlock_word(lock);
	preempt_enable_no_resched();
	if (!flags)
		local_irq_enable();	/* and whoever became ready meanwhile goes first */
}
