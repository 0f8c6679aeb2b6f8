// SPDX-License-Identifier: GPL-2.0-only
/*
 * Time and grace periods where tasks and timers really run at once: nothing comes
 * early, nothing is lost, nothing runs on behind the call that ends it.
 *
 * Timer functions run on the CPU of their timer, beside all tasks.
 */
#include <linux/atomic.h>
#include <linux/delay.h>
#include <linux/hrtimer.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/ktime.h>
#include <linux/preempt.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/timer.h>

#include "wqtask.h"
#include "wqtest.h"

#define TASKS	3
#define TIMES	(wqtest_native() ? 200 : 30)

static atomic_t over;

/* ---- timers ---- */

struct noted {
	struct timer_list timer;
	atomic_t fired;
	unsigned long jiffy;
	int cpu;
};

static void note(unsigned long data)
{
	struct noted *n = (struct noted *)data;

	CHECK(in_interrupt());
	CHECK(!in_irq());
	n->jiffy = jiffies;
	n->cpu = smp_processor_id();
	atomic_inc(&n->fired);
}

static int each_fires_once(void *arg)
{
	static struct noted many[60];
	unsigned long before = jiffies;

	for (int i = 0; i < 60; i++) {
		setup_timer(&many[i].timer, note, (unsigned long)&many[i]);
		many[i].timer.expires = before + i % 30;
		add_timer_on(&many[i].timer, i % 4);
	}
	for (int i = 0; i < 60; i++) {
		wait_for_all(&many[i].fired, 1);
		del_timer_sync(&many[i].timer);
		CHECK_EQ(atomic_read(&many[i].fired), 1);
		CHECK_EQ(many[i].cpu, i % 4);
		CHECK(time_after_eq(many[i].jiffy, before + i % 30));
	}
	return 0;
}

WQTEST_MACHINES(parallel_time, each_timer_fires_once, .any_order = true)
{
	RUN(4, each_fires_once);
}

/* A timer that arms itself again is gone for good, and with it its memory. */
struct beat {
	struct timer_list timer;
	atomic_t inside;
	int beats;
};

static void beats(unsigned long data)
{
	struct beat *b = (struct beat *)data;

	atomic_inc(&b->inside);
	b->beats++;
	mod_timer(&b->timer, jiffies + 1);
	udelay(b->beats % 3 * 20);
	atomic_dec(&b->inside);
}

static int deletes(void *arg)
{
	for (int i = 0; i < TIMES / 10; i++) {
		struct beat *b = kzalloc(sizeof(*b), GFP_KERNEL);

		setup_timer(&b->timer, beats, (unsigned long)b);
		b->timer.expires = jiffies + 1;
		add_timer_on(&b->timer, i % 2);
		udelay(100 * i);
		del_timer_sync(&b->timer);
		CHECK(!timer_pending(&b->timer));
		CHECK_EQ(atomic_read(&b->inside), 0);
		kfree(b);
	}
	atomic_inc(&over);
	return 0;
}

static int deleters(void *arg)
{
	for (int i = 0; i < TASKS; i++)
		start_task(deletes, NULL, "deletes");
	wait_for_all(&over, TASKS);
	return 0;
}

WQTEST_MACHINES(parallel_time, del_timer_sync_is_final, .any_order = true)
{
	RUN(2, deleters);
}

/* Many move one timer about: it is pending or not, fires at most once for each arming. */
static struct noted contested;
static atomic_t armed, deleted;

static int moves(void *arg)
{
	unsigned int rnd = (unsigned long)arg;

	for (int i = 0; i < TIMES; i++) {
		if (next_random(&rnd) % 3)
			atomic_add(!mod_timer(&contested.timer, jiffies + next_random(&rnd) % 3),
				   &armed);
		else
			atomic_add(del_timer(&contested.timer), &deleted);
		if (i % 16 == 0)
			pass_ms(1);
	}
	atomic_inc(&over);
	return 0;
}

static int movers(void *arg)
{
	setup_timer(&contested.timer, note, (unsigned long)&contested);
	for (long i = 0; i < TASKS; i++)
		start_task(moves, (void *)i, "moves");
	wait_for_all(&over, TASKS);
	atomic_add(del_timer_sync(&contested.timer), &deleted);
	CHECK_EQ(atomic_read(&armed), atomic_read(&deleted) + atomic_read(&contested.fired));
	return 0;
}

WQTEST_MACHINES(parallel_time, a_timer_that_many_move, .any_order = true)
{
	RUN(4, movers);
}

/* ---- sleeping ---- */

static int sleeps(void *arg)
{
	for (int i = 1; i <= 5; i++) {
		unsigned long before = jiffies;
		ktime_t start = ktime_get();

		schedule_timeout_uninterruptible(i);
		CHECK(time_after_eq(jiffies, before + i));
		usleep_range(200 * i, 200 * i);
		msleep(i);
		CHECK(ktime_us_delta(ktime_get(), start) >= (i - 1 + i) * 1000 + 200 * i);
	}
	atomic_inc(&over);
	return 0;
}

static int sleepers(void *arg)
{
	for (int i = 0; i < TASKS; i++)
		start_task(sleeps, NULL, "sleeps");
	wait_for_all(&over, TASKS);
	return 0;
}

WQTEST_MACHINES(parallel_time, no_sleep_is_too_short, .any_order = true)
{
	RUN(2, sleepers);
}

/* Whoever is woken before its time is told how much was left. */
static int sleeps_long(void *arg)
{
	long left = schedule_timeout_interruptible(100 * HZ);

	CHECK(left > 0 && left <= 100 * HZ);
	atomic_inc(&over);
	return 0;
}

static int woken_early(void *arg)
{
	for (int i = 1; i <= TIMES / 10; i++) {
		struct task_struct *t = start_task(sleeps_long, NULL, "sleeps");

		/* It may be on its way there only: then the wake-up keeps it from sleeping. */
		while (atomic_read(&over) < i) {
			if (__READ_ONCE(t->state) == TASK_INTERRUPTIBLE)
				wake_up_process(t);
			cpu_relax();
		}
	}
	return 0;
}

WQTEST_MACHINES(parallel_time, a_sleep_ends_with_a_wake_up)
{
	RUN(2, woken_early);
}

/* A periodic hrtimer, stopped at any moment. */
struct metronome {
	struct hrtimer timer;
	atomic_t ticks;
};

static enum hrtimer_restart ticks(struct hrtimer *timer)
{
	struct metronome *m = container_of(timer, struct metronome, timer);

	atomic_inc(&m->ticks);
	hrtimer_forward_now(timer, ns_to_ktime(100 * NSEC_PER_USEC));
	return HRTIMER_RESTART;
}

static int metronomes(void *arg)
{
	for (int i = 0; i < TIMES / 10; i++) {
		struct metronome *m = kzalloc(sizeof(*m), GFP_KERNEL);

		hrtimer_init(&m->timer, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
		m->timer.function = ticks;
		hrtimer_start(&m->timer, ns_to_ktime(100 * NSEC_PER_USEC), HRTIMER_MODE_REL);
		wait_until(atomic_read(&m->ticks) >= 3);
		udelay(13 * i);
		CHECK_EQ(hrtimer_cancel(&m->timer), 1);
		CHECK(!hrtimer_active(&m->timer));
		kfree(m);
	}
	return 0;
}

WQTEST_MACHINES(parallel_time, hrtimer_cancel_is_final, .any_order = true)
{
	RUN(2, metronomes);
}

/* ---- read-copy-update ---- */

/* A reader that stays inside until it is let go, in one of three ways. */
enum { PREEMPTIBLE, PREEMPT_OFF, IRQS_OFF };

static atomic_t inside, let_go, synchronized;

static int reads(void *arg)
{
	long how = (long)arg;

	if (how == PREEMPTIBLE)
		rcu_read_lock();
	else if (how == PREEMPT_OFF)
		preempt_disable();
	else
		local_irq_disable();
	atomic_set(&inside, 1);
	while (!atomic_read(&let_go))
		cpu_relax();
	CHECK_EQ(atomic_read(&synchronized), 0);
	if (how == PREEMPTIBLE)
		rcu_read_unlock();
	else if (how == PREEMPT_OFF)
		preempt_enable();
	else
		local_irq_enable();
	return 0;
}

static int synchronizes(void *arg)
{
	if ((long)arg == PREEMPTIBLE)
		synchronize_rcu();
	else
		synchronize_sched();
	atomic_set(&synchronized, 1);
	return 0;
}

static int waits_for_reader(void *arg)
{
	struct task_struct *t = kthread_create(reads, arg, "reads");

	kthread_bind(t, 1);
	wake_up_process(t);
	while (!atomic_read(&inside))
		pass_ms(1);
	t = kthread_create(synchronizes, arg, "synchronizes");
	kthread_bind(t, 2);
	wake_up_process(t);
	wait_until_asleep(t);
	pass_ms(10);
	CHECK_EQ(atomic_read(&synchronized), 0);
	atomic_set(&let_go, 1);
	wait_for_all(&synchronized, 1);
	return 0;
}

WQTEST_MACHINES(parallel_time, a_grace_period_waits_for_readers)
{
	RUN_ARG(3, waits_for_reader, (void *)PREEMPTIBLE);
	RUN_ARG(3, waits_for_reader, (void *)PREEMPT_OFF);
	RUN_ARG(3, waits_for_reader, (void *)IRQS_OFF);
}

/* Readers find an object whole as long as they look, though it is replaced and freed. */
struct object {
	int value, same;
	struct rcu_head rcu;
};

static struct object *published;
static atomic_t ended, freed;

static void free_object(struct rcu_head *head)
{
	CHECK(in_interrupt());
	kfree(container_of(head, struct object, rcu));
	atomic_inc(&freed);
}

static int looks(void *arg)
{
	while (!atomic_read(&ended)) {
		struct object *o;
		int value;

		if (arg)
			preempt_disable();
		else
			rcu_read_lock();
		o = arg ? rcu_dereference_sched(published) : rcu_dereference(published);
		value = o->value;
		udelay(value % 7 * 5);
		CHECK_EQ(o->same, value);
		if (arg)
			preempt_enable();
		else
			rcu_read_unlock();
		schedule_timeout_uninterruptible(value % 2);
	}
	atomic_inc(&over);
	return 0;
}

static int replaces(void *arg)
{
	int called = 0;

	for (int i = 0; i < TIMES / 2; i++) {
		struct object *o = kmalloc(sizeof(*o), GFP_KERNEL), *old = published;

		o->value = o->same = i;
		rcu_assign_pointer(published, o);
		if (i == 0) {
			start_task(looks, NULL, "looks");
			start_task(looks, (void *)1, "looks");
			start_task(looks, (void *)1, "looks");
		} else if (i % 8 == 0) {
			synchronize_rcu();
			kfree(old);
		} else if (i % 3) {
			call_rcu(&old->rcu, free_object);
			called++;
		} else {
			kfree_rcu(old, rcu);
		}
		if (i % 5 == 0)
			usleep_range(300, 300);
	}
	atomic_set(&ended, 1);
	wait_for_all(&over, 3);
	rcu_barrier();
	CHECK_EQ(atomic_read(&freed), called);
	kfree(published);
	return 0;
}

WQTEST_MACHINES(parallel_time, readers_find_objects_whole, .any_order = true)
{
	RUN(4, replaces);
}
