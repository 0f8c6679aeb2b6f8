// SPDX-License-Identifier: GPL-2.0-only
/*
 * Spinlocks, all but the free case, which is inline (linux/spinlock.h): waiting,
 * which is the machine's (mach_lock_slow), choice points, and who holds what.
 *
 * Taking a lock turns preemption off before the word is touched, so on the simulated
 * machine a holder always occupies its virtual CPU: whoever waits on another CPU waits
 * for a task that runs.
 *
 *	word  0  free             owner  written by the holder alone; anybody may ask
 *	      1  held                    "is it me", for that answer does not change
 *	      2  held, waited for (sim)  meanwhile
 *
 * Owns struct spinlock.  Read next: mutex.c, common/machine/sim-lock.c, native-lock.c.
 */
#include <linux/bug.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include <linux/spinlock.h>
#include <wqlab/invariant.h>

/* Wait for the lock; in an interrupt the task below may have noted another wait already. */
static void lock_contended(spinlock_t *lock, const char *func)
{
	struct task_blocked outer = current->blocked;

	current->blocked.func = func;
	sched_block_note("spinlock", lock, lock->dep_map.name);
	mach_lock_slow(&lock->raw);
	current->blocked = outer;
	/* Ours by the machine's doing: what the holder before us wrote is ours to see. */
	(void)__atomic_load_n(&lock->raw.word, __ATOMIC_ACQUIRE);
}

void __spin_lock_slow(spinlock_t *lock, unsigned int subclass, const char *func)
{
	spin_acquire(&lock->dep_map, subclass, 0, func);
	mach_point(MP_LOCK, lock);
	if (unlikely(spin_is_held(lock))) {
		pr_emerg("BUG: spinlock recursion on CPU#%u, %s/%d\n",
			 smp_processor_id(), current->comm, current->pid);
		pr_emerg(" lock: %s, taken again in %s\n", lock->dep_map.name, func);
		machine_stop(VERDICT_BUG, "BUG: spinlock recursion");
	}
	if (!__spin_take(lock)) {
		lock_contended(lock, func);
		__WRITE_ONCE(lock->raw.owner, mach_self());
	}
	if (mach_checks)
		sched_held_push(lock, func);
}

/* The simulated machine's release: if somebody waits, the lock is handed over. */
static void release_or_grant(spinlock_t *lock)
{
	unsigned int held = 1;

	if (__atomic_compare_exchange_n(&lock->raw.word, &held, 0, false,
					__ATOMIC_RELEASE, __ATOMIC_RELAXED))
		return;
	/* With it goes what was written under it. */
	__atomic_fetch_or(&lock->raw.word, 0, __ATOMIC_RELEASE);
	mach_unlock_slow(&lock->raw);
}

void __spin_unlock_slow(spinlock_t *lock)
{
	if (unlikely(!spin_is_held(lock))) {
		pr_emerg("BUG: spinlock %s released by %s/%d, who does not hold it\n",
			 lock->dep_map.name, current->comm, current->pid);
		machine_stop(VERDICT_BUG, "BUG: spinlock wrong owner");
	}
	mach_point(MP_UNLOCK, lock);
	if (unlikely(invariants_on) && lock->guard)
		lock->guard(lock);
	spin_release(&lock->dep_map, __func__);
	sched_held_pop(lock);
	__WRITE_ONCE(lock->raw.owner, NULL);
	if (mach_points_on)
		release_or_grant(lock);
	else
		__spin_release(lock);
}

int _spin_trylock(spinlock_t *lock, const char *func)
{
	preempt_disable();
	mach_point(MP_LOCK, lock);
	if (__spin_take(lock)) {
		spin_acquire(&lock->dep_map, 0, 1, func);
		if (mach_checks)
			sched_held_push(lock, func);
		return 1;
	}
	preempt_enable();
	return 0;
}
