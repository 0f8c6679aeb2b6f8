// SPDX-License-Identifier: GPL-2.0-only
/*
 * Virtual time: code takes none, burning and sleeping take exactly what they
 * should, and what falls on one instant happens in one order (decisions 5, 8).
 */
#include "machine_test.h"

static int code_takes_none(void *arg)
{
	spinlock_t lock;

	spin_lock_init(&lock);
	for (volatile unsigned int i = 0; i < 100000; i++)
		;
	for (int i = 0; i < 1000; i++) {
		spin_lock(&lock);
		spin_unlock(&lock);
	}
	CHECK_EQ(mach_now(), 0);
	return 0;
}

WQTEST(machine_time, code_takes_none)
{
	RUN(1, code_takes_none);
}

static int burning(void *arg)
{
	u64 t = 0;

	stay_on(0);
	mdelay(5);
	CHECK_EQ(mach_now(), t += MS(5));
	udelay(1);
	CHECK_EQ(mach_now(), t += US(1));
	ndelay(17);
	CHECK_EQ(mach_now(), t += 17);
	ndelay(0);
	udelay(0);
	mdelay(0);
	CHECK_EQ(mach_now(), t);
	mdelay(3600 * 1000);
	CHECK_EQ(mach_now(), t += MS(3600000ull));
	local_irq_disable();
	mdelay(7);
	CHECK_EQ(mach_now(), t += MS(7));
	local_irq_enable();
	CHECK_EQ(current->m.busy_ns, t);
	return 0;
}

WQTEST(machine_time, burning_is_exact)
{
	RUN(1, burning);
	RUN(4, burning);
}

/* msleep() rounds up and adds a tick; schedule_timeout() is exact from a tick's beginning. */
static int sleeping(void *arg)
{
	u64 tick = 1000000000ull / HZ, t = mach_now();

	for (int n = 1; n < 50; n += 7) {
		schedule_timeout_uninterruptible(n);
		CHECK_EQ(mach_now(), t += n * tick);
		msleep(n);
		CHECK_EQ(mach_now(), t += (msecs_to_jiffies(n) + 1) * tick);
	}
	/* Within a tick: the rest of it counts for one. */
	ndelay(tick / 3);
	schedule_timeout_uninterruptible(4);
	CHECK_EQ(mach_now(), t += 4 * tick);
	usleep_range(123, 456);
	CHECK(mach_now() >= t + US(123) && mach_now() <= t + US(456));
	return 0;
}

WQTEST(machine_time, sleeping_is_exact)
{
	RUN_WITH(sleeping, .cpus = 1);
	RUN_WITH(sleeping, .cpus = 3, .hz = 100);
	RUN_WITH(sleeping, .cpus = 1, .hz = 250);
	RUN_WITH(sleeping, .cpus = 1, .hz = 300);
}

/* An idle hour costs no more than an idle millisecond. */
static int long_idle(void *arg)
{
	schedule_timeout_uninterruptible(23 * 3600 * HZ);
	return 0;
}

WQTEST(machine_time, idle_hours_are_free)
{
	struct machine_config cfg = { .cpus = 4, .quiet = true };
	struct machine_result res;

	if (sim_run(&cfg, long_idle, NULL, &res))
		return;
	CHECK_EQ(res.verdict, VERDICT_OK);
	CHECK(res.time_ns >= MS(23 * 3600 * 1000ull));
	CHECK_MSG(res.steps < 100000, "%llu steps", (unsigned long long)res.steps);
	machine_result_free(&res);
}

/* ---- one instant ---- */

static void ring(unsigned long data)
{
	note(data);
}

static int burner(void *arg)
{
	mdelay(10);
	note((long)arg);
	return 0;
}

/* At 10 ms three burns end and three timers fire: timers first, then burns, each by CPU. */
static int timers_before_burns(void *arg)
{
	struct timer_list t[3];

	stay_on(3);
	start_on(1, burner, (void *)(long)'b', "b");
	start_on(2, burner, (void *)(long)'c', "c");
	start_on(0, burner, (void *)(long)'a', "a");
	for (int i = 2; i >= 0; i--) {
		setup_timer_on_stack(&t[i], ring, '0' + i);
		t[i].expires = jiffies + 10;
		add_timer_on(&t[i], i);
	}
	pass_ms(20);
	CHECK_STR(diary, "012abc");
	for (int i = 0; i < 6; i++)
		CHECK_EQ(diary_at[i], MS(10));
	return 0;
}

WQTEST(machine_time, timers_before_burns_then_by_cpu)
{
	RUN(4, timers_before_burns);
}

/* Those who become runnable at one instant on several CPUs go on in that order too. */
static int sleeper(void *arg)
{
	stay_on((long)arg - '0');
	note((long)arg);
	schedule_timeout_uninterruptible(5);
	note((long)arg);
	return 0;
}

static int wake_in_cpu_order(void *arg)
{
	stay_on(0);
	pass_ms(1);			/* whoever is left from boot */
	start_on(3, sleeper, (void *)(long)'3', "s3");
	start_on(1, sleeper, (void *)(long)'1', "s1");
	start_on(2, sleeper, (void *)(long)'2', "s2");
	pass_ms(20);
	CHECK_STR(diary, "312123");
	CHECK_EQ(diary_at[5], MS(6));
	return 0;
}

WQTEST(machine_time, woken_at_one_instant_by_cpu)
{
	RUN(4, wake_in_cpu_order);
}

/* On one CPU: timers of one tick in the order they were armed, then the task they woke. */
static int timers_in_order(void *arg)
{
	struct timer_list t[4];

	for (int i = 0; i < 4; i++) {
		setup_timer_on_stack(&t[i], ring, 'd' - i);
		mod_timer(&t[i], jiffies + 5);
	}
	schedule_timeout_uninterruptible(5);
	note('x');
	CHECK_STR(diary, "dcbax");
	CHECK_EQ(mach_now(), MS(5));
	return 0;
}

WQTEST(machine_time, timers_of_one_tick_in_order)
{
	RUN(1, timers_in_order);
}

/* A burn that is interrupted takes as long all the same, whatever the timer burns comes on top. */
static void slow_ring(unsigned long data)
{
	note('t');
	mdelay(3);
	note('u');
}

static int interrupted_burn(void *arg)
{
	struct timer_list t, s;

	stay_on(0);
	setup_timer_on_stack(&t, ring, 'r');
	setup_timer_on_stack(&s, slow_ring, 0);
	mod_timer(&t, jiffies + 4);
	mod_timer(&s, jiffies + 6);
	mdelay(10);
	note('e');
	CHECK_STR(diary, "rtue");
	CHECK_EQ(diary_at[0], MS(4));
	CHECK_EQ(diary_at[1], MS(6));
	CHECK_EQ(diary_at[2], MS(9));
	CHECK_EQ(diary_at[3], MS(13));
	return 0;
}

WQTEST(machine_time, interrupts_come_on_top_of_a_burn)
{
	RUN(1, interrupted_burn);
}

/* ---- who is current ---- */

static char seen_comm[16];
static int seen_pid;

static void look(unsigned long data)
{
	CHECK(in_interrupt());
	CHECK(in_softirq());
	strlcpy(seen_comm, current->comm, sizeof(seen_comm));
	seen_pid = current->pid;
	CHECK_EQ(smp_processor_id(), data);
}

static int who_is_current(void *arg)
{
	struct timer_list t;

	stay_on(0);
	setup_timer_on_stack(&t, look, 0);
	mod_timer(&t, jiffies + 2);
	mdelay(5);			/* init is interrupted */
	CHECK_STR(seen_comm, "init");
	CHECK_EQ(seen_pid, 1);
	CHECK(!in_interrupt());

	mod_timer(&t, jiffies + 2);
	pass_ms(5);			/* nobody is */
	CHECK_STR(seen_comm, "swapper/0");
	CHECK_EQ(seen_pid, 0);

	setup_timer_on_stack(&t, look, 2);
	t.expires = jiffies + 2;
	add_timer_on(&t, 2);
	mdelay(5);			/* on an idle CPU, while this one is busy */
	del_timer_sync(&t);		/* only for the lock in it, which puts us behind look() */
	CHECK_STR(seen_comm, "swapper/2");
	return 0;
}

WQTEST(machine_time, current_in_a_timer)
{
	RUN(3, who_is_current);
}

/* ---- paying for a switch, and being preempted while paying ---- */

static int comes_often(void *arg)
{
	for (int i = 0; i < 3000; i++)
		usleep_range(1000, 1000);
	return 0;
}

/* Never gets to the end of a payment until the other one is through: no stack may grow by that. */
static int pays_again_and_again(void *arg)
{
	struct task_struct *often = kthread_create(comes_often, NULL, "often");
	const struct sched_param rt = { .sched_priority = 50 };

	kthread_bind(often, 0);
	sched_setscheduler(often, SCHED_FIFO, &rt);
	wake_up_process(often);
	for (int i = 0; i < 10; i++)
		mdelay(1);
	return 0;
}

WQTEST(machine_time, paying_for_a_switch_does_not_nest)
{
	RUN_WITH(pays_again_and_again, .cpus = 1, .costs = { .switch_ns = US(1100) });
}
