// SPDX-License-Identifier: GPL-2.0-only
/*
 * Spinlocks, mutexes and semaphores: who gets in, in which order.
 */
#include <linux/delay.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/mutex.h>
#include <linux/sched.h>
#include <linux/semaphore.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <wqlab/mach.h>

#include "wqtest.h"

#define MS(n)	((n) * 1000000ull)

static DEFINE_SPINLOCK(spin);
static DEFINE_MUTEX(mutex);
static struct semaphore sem;
static char order[64];
static int entered, inside, most;

static struct task_struct *start_on(int cpu, int (*fn)(void *), long arg)
{
	struct task_struct *t = kthread_create(fn, (void *)arg, "task/%ld", arg);

	kthread_bind(t, cpu);
	wake_up_process(t);
	return t;
}

static void enter(long who, unsigned int ms)
{
	inside++;
	most = max(most, inside);
	order[entered++] = (char)('0' + who);
	if (ms)
		mdelay(ms);
	inside--;
}

/* ---- spinlocks ---- */

static int takes_spin(void *arg)
{
	udelay((long)arg);		/* they come one after another */
	spin_lock(&spin);
	enter((long)arg, 2);
	spin_unlock(&spin);
	return 0;
}

/* Who waits for a spinlock is served in the order of coming, and keeps its CPU busy. */
static int spin_order(void *arg)
{
	set_cpus_allowed_ptr(current, cpumask_of(0));
	spin_lock(&spin);
	for (long i = 4; i >= 1; i--)
		wake_up_process(((struct task_struct **)arg)[i]);
	mdelay(1);
	CHECK_EQ(entered, 0);
	spin_unlock(&spin);
	msleep(20);
	CHECK_STR(order, "1234");
	CHECK_EQ(most, 1);
	return 0;
}

static int spin_order_first(void *arg)
{
	struct task_struct *t[5];

	for (long i = 1; i <= 4; i++) {
		t[i] = kthread_create(takes_spin, (void *)i, "task/%ld", i);
		kthread_bind(t[i], i);
	}
	return spin_order(t);
}

WQTEST(locks, spinlock_serves_in_order)
{
	RUN(5, spin_order_first);
}

static int trylock(void *arg)
{
	CHECK_EQ(spin_trylock(&spin), 1);
	CHECK(spin_is_locked(&spin));
	CHECK(spin_is_held(&spin));
	CHECK_EQ(spin_trylock(&spin), 0);
	CHECK_EQ(preempt_count(), 1);
	spin_unlock(&spin);
	CHECK(!spin_is_locked(&spin));
	CHECK(!spin_is_held(&spin));
	CHECK_EQ(preempt_count(), 0);

	CHECK_EQ(mutex_trylock(&mutex), 1);
	CHECK(mutex_is_locked(&mutex));
	CHECK_EQ(mutex_trylock(&mutex), 0);
	mutex_unlock(&mutex);
	CHECK(!mutex_is_locked(&mutex));
	CHECK_EQ(mutex_lock_interruptible(&mutex), 0);
	CHECK_EQ(mutex_trylock(&mutex), 0);
	mutex_unlock(&mutex);

	sema_init(&sem, 2);
	CHECK_EQ(down_trylock(&sem), 0);
	CHECK_EQ(down_trylock(&sem), 0);
	CHECK_EQ(down_trylock(&sem), 1);
	up(&sem);
	CHECK_EQ(down_interruptible(&sem), 0);
	CHECK_EQ(down_trylock(&sem), 1);
	return 0;
}

WQTEST(locks, trylock)
{
	RUN(1, trylock);
}

/* The flavours leave interrupts and bottom halves as they say. */
static int flavours(void *arg)
{
	unsigned long flags;

	spin_lock(&spin);
	CHECK(in_atomic() && !irqs_disabled() && !in_softirq());
	spin_unlock(&spin);
	spin_lock_irq(&spin);
	CHECK(in_atomic() && irqs_disabled());
	spin_unlock_irq(&spin);
	CHECK(!in_atomic() && !irqs_disabled());
	spin_lock_bh(&spin);
	CHECK(in_softirq() && !irqs_disabled());
	spin_unlock_bh(&spin);
	CHECK(!in_softirq());
	spin_lock_irqsave(&spin, flags);
	CHECK(irqs_disabled());
	spin_unlock_irqrestore(&spin, flags);
	CHECK(!irqs_disabled());
	local_irq_disable();
	spin_lock_irqsave(&spin, flags);
	spin_unlock_irqrestore(&spin, flags);
	CHECK(irqs_disabled());
	local_irq_enable();
	CHECK(preemptible());
	return 0;
}

WQTEST(locks, flavours_of_spinlocks)
{
	RUN(1, flavours);
}

/* ---- mutexes ---- */

static int takes_mutex(void *arg)
{
	mutex_lock(&mutex);
	inside++;
	most = max(most, inside);
	order[entered++] = (char)('0' + (long)arg);
	msleep(1);
	inside--;
	mutex_unlock(&mutex);
	return 0;
}

/* Waiters sleep: the CPU is free for others; first come, first served. */
static int mutex_order(void *arg)
{
	u64 t0;

	set_cpus_allowed_ptr(current, cpumask_of(0));
	mutex_lock(&mutex);
	for (long i = 1; i <= 5; i++) {
		start_on(i % 2, takes_mutex, i);
		msleep(1);
	}
	CHECK_EQ(entered, 0);
	t0 = mach_now();
	mdelay(5);
	CHECK_EQ(mach_now() - t0, MS(5));
	mutex_unlock(&mutex);
	msleep(50);
	CHECK_STR(order, "12345");
	CHECK_EQ(most, 1);
	CHECK(!mutex_is_locked(&mutex));
	return 0;
}

WQTEST(locks, mutex_serves_in_order_and_sleeps)
{
	RUN(2, mutex_order);
}

/* Unlocking somebody else's is told. */
static int unlocks_wrongly(void *arg)
{
	start_on(0, takes_mutex, 1);
	schedule_timeout_uninterruptible(1);
	CHECK(mutex_is_locked(&mutex));
	mutex_unlock(&mutex);
	msleep(10);
	return 0;
}

WQTEST(locks, mutex_of_somebody_else)
{
	const struct machine_config cfg = { .cpus = 1, .quiet = true };
	struct machine_result res;

	if (sim_run(&cfg, unlocks_wrongly, NULL, &res))
		return;
	CHECK(res.warnings > 0);
	CHECK_MSG(strstr(res.log, "mutex mutex released by"), "%s", res.log);
	machine_result_free(&res);
}

/* ---- all three, in any order ---- */

static int most_sem, in_sem, turns;

static int mixes(void *arg)
{
	for (int i = 0; i < 4; i++) {
		mutex_lock(&mutex);
		CHECK_EQ(++inside, 1);
		mach_point(MP_READ, NULL);
		if (i % 2)
			usleep_range(10, 10);
		inside--;
		mutex_unlock(&mutex);
		down(&sem);
		most_sem = max(most_sem, ++in_sem);
		CHECK(in_sem <= 2);
		mach_point(MP_READ, NULL);
		udelay(5);
		in_sem--;
		up(&sem);
		spin_lock(&spin);
		turns++;
		spin_unlock(&spin);
	}
	return 0;
}

static int crowd(void *arg)
{
	sema_init(&sem, 2);
	for (int i = 0; i < 5; i++)
		kthread_run(mixes, NULL, "task/%d", i);
	while (turns < 20)
		msleep(1);
	msleep(1);
	CHECK(!mutex_is_locked(&mutex));
	CHECK_EQ(sem.count, 2);
	return most_sem;
}

WQTEST(locks, exclude_in_any_order)
{
	bool two_at_once = false;
	char explore[32];

	for (int seed = 1; seed <= 250; seed++) {
		const struct machine_config cfg = { .cpus = 3, .quiet = true, .explore = explore };
		struct machine_result res;

		snprintf(explore, sizeof(explore), "random:%d", seed);
		if (sim_run(&cfg, crowd, NULL, &res))
			return;
		CHECK_MSG(res.verdict == VERDICT_OK && !res.warnings, "%s: %s\n%s", explore,
			  res.report, res.log);
		two_at_once |= res.ret == 2;
		machine_result_free(&res);
	}
	CHECK(two_at_once);
}
