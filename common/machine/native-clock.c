// SPDX-License-Identifier: GPL-2.0-only
/*
 * Real time: the clock, the timer interrupt of each virtual CPU, burning and busy
 * waiting.
 *
 * A virtual CPU's timer is a thread, swapper/N, made when the first timer is armed
 * there.  It sleeps until the programmed instant and then serves the timers in
 * interrupt context; so `current` in a timer function is swapper/N (decision 15).
 *
 *	mach_set_timer()		swapper/N
 *	  when = ns			  asleep_until = when	(1)
 *	  asleep_until later?  (2)	  when still the same?	(3)
 *	    kick			    sleep until then, or a kick
 *
 * No earlier time is missed: either (2) sees what (1) wrote and kicks, or (3) sees
 * the new time.  An earlier time than that of the sleep costs a system call, any other
 * none; and a time that was taken back costs one interrupt that finds nothing due.
 *
 * Locking: set_timer() of one CPU is serialised by the caller's timer base.
 *
 * Read next: native-lock.c.
 */
#include <stdio.h>
#include <string.h>

#include "native.h"

#define NS_PER_SEC	UINT64_C(1000000000)

#define YIELDS		20		/* in a row until a busy wait begins to sleep */
#define NAP_NS		50000		/* and for how long it then does */

/* ---- the clock ---- */

static uint64_t clock_ns(clockid_t id)
{
	struct timespec ts;

	clock_gettime(id, &ts);
	return (uint64_t)ts.tv_sec * NS_PER_SEC + (uint64_t)ts.tv_nsec;
}

uint64_t native_now(void)
{
	return clock_ns(CLOCK_MONOTONIC) - native.boot_ns;
}

/* ---- timer interrupts ---- */

static void serve_timers(struct ncpu *c, struct mtask *swapper)
{
	/* Marked as the kernel services mark it: a grace period looks at it. */
	__atomic_store_n(&swapper->preempt_count, MACH_SOFTIRQ_OFFSET, __ATOMIC_RELAXED);
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	machine.up->timer_interrupt(c->id);
	native_calls();
	__atomic_store_n(&swapper->preempt_count, 0, __ATOMIC_RELEASE);
}

static void *swapper_thread(void *arg)
{
	struct ncpu *c = arg;
	struct mtask *swapper = machine.up->idle_task(c->id);
	char comm[16];

	snprintf(comm, sizeof(comm), "swapper/%u", c->id);
	pthread_setname_np(pthread_self(), comm);
	host_pin(pthread_self(), c);
	host_prio(gettid(), MACH_PRIO_NICE0);
	swapper->run = MR_CURR;
	mach_current = swapper;
	c->swapper = swapper;

	for (;;) {
		uint32_t kick = __atomic_load_n(&c->kick, __ATOMIC_SEQ_CST);
		uint64_t when = c->when;

		if (c->stop)
			break;
		if (when <= native_now()) {
			c->when = MACH_NEVER;
			serve_timers(c, swapper);
			continue;
		}
		c->asleep_until = when;			/* (1) */
		if (c->when == when) {			/* (3) */
			if (when == MACH_NEVER)
				futex_wait(&c->kick, kick);
			else
				futex_wait_until(&c->kick, kick, when + native.boot_ns);
		}
		c->asleep_until = 0;
	}
	c->swapper = NULL;
	mach_current = NULL;
	return NULL;
}

static void kick(struct ncpu *c)
{
	__atomic_fetch_add(&c->kick, 1, __ATOMIC_SEQ_CST);
	futex_wake(&c->kick, 1);
}

static void start_swapper(struct ncpu *c)
{
	pthread_attr_t attr;
	int err;

	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, native.stack_size);
	err = pthread_create(&c->thread, &attr, swapper_thread, c);
	pthread_attr_destroy(&attr);
	if (err)
		native_fail(VERDICT_BUG, "the host has no thread left for swapper/%u: %s",
			    c->id, strerror(err));
	c->started = true;
}

void native_set_timer(unsigned int cpu, uint64_t ns)
{
	struct ncpu *c = &native.cpus[cpu];

	c->when = ns;
	if (ns < c->asleep_until)			/* (2) */
		kick(c);
	else if (!c->started && ns != MACH_NEVER && !c->stop)
		start_swapper(c);
}

void native_stop_timer(unsigned int cpu)
{
	struct ncpu *c = &native.cpus[cpu];

	c->stop = true;
	if (!c->started)
		return;
	kick(c);
	pthread_join(c->thread, NULL);
	c->started = false;
}

/* ---- occupying the CPU ---- */

/*
 * Use up `ns` of CPU time, not of the clock's: who shares a core with others takes
 * longer, as on a CPU of its own it would.  The clock, which is cheap to read, says when
 * it is worth asking.
 */
void native_burn(uint64_t ns)
{
	uint64_t start = clock_ns(CLOCK_THREAD_CPUTIME_ID), used = 0;

	while (used < ns) {
		uint64_t until = clock_ns(CLOCK_MONOTONIC) + (ns - used);

		while (clock_ns(CLOCK_MONOTONIC) < until)
			if (__atomic_load_n(&mach_current->resched, __ATOMIC_RELAXED))
				native_preempt();
		used = clock_ns(CLOCK_THREAD_CPUTIME_ID) - start;
	}
}

/*
 * Somebody else has to get on first.  Who has waited in vain for a while sleeps, lest
 * it takes the core, by its priority, from the very one it waits for.
 */
void native_relax(void)
{
	static const struct timespec nap = { .tv_nsec = NAP_NS };
	struct mtask *t = mach_current;

	native_calls();
	if (t && ++t->spins > YIELDS)
		clock_nanosleep(CLOCK_MONOTONIC, 0, &nap, NULL);
	else
		sched_yield();
}
