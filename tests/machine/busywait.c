// SPDX-License-Identifier: GPL-2.0-only
/*
 * Busy waiting takes time and lets others go first (decision 4): whoever waits
 * with cpu_relax(), yield() or by reading jiffies gets what it waits for.
 */
#include <linux/ktime.h>

#include "machine_test.h"

static int flag;

static int sets_flag(void *arg)
{
	mdelay((long)arg);
	flag = 1;
	return 0;
}

enum how { RELAX, YIELD, NR_HOW };

static void wait_busily(enum how how)
{
	if (how == RELAX)
		cpu_relax();
	else
		yield();
}

/* For another CPU. */
static int across(void *arg)
{
	stay_on(0);
	start_on(1, sets_flag, (void *)3L, "setter");
	while (!READ_ONCE(flag))
		wait_busily((long)arg);
	/* Seen at once, or a tick later at the latest. */
	CHECK(mach_now() >= MS(3) && mach_now() <= MS(4));
	return 0;
}

/* For somebody who shares this CPU. */
static int sharing(void *arg)
{
	stay_on(0);
	start_on(0, sets_flag, (void *)3L, "setter");
	while (!READ_ONCE(flag))
		wait_busily((long)arg);
	CHECK(mach_now() >= MS(3) && mach_now() <= MS(4));
	return 0;
}

/* For a timer on this CPU. */
static void ring(unsigned long data)
{
	flag = 1;
}

static int for_timer(void *arg)
{
	struct timer_list t;

	stay_on(0);
	setup_timer_on_stack(&t, ring, 0);
	mod_timer(&t, jiffies + 5);
	while (!READ_ONCE(flag))
		wait_busily((long)arg);
	CHECK_EQ(mach_now(), MS(5));
	return 0;
}

WQTEST(machine_busywait, cpu_relax_and_yield)
{
	for (long how = 0; how < NR_HOW; how++) {
		RUN_ARG(2, across, (void *)how);
		RUN_ARG(1, sharing, (void *)how);
		RUN_ARG(1, for_timer, (void *)how);
	}
}

/* For time itself, with no hint at all. */
static int for_time(void *arg)
{
	unsigned long end = jiffies + 7;
	u64 ns;

	while (time_before(jiffies, end))
		;
	CHECK_EQ(mach_now(), MS(7));
	ns = ktime_get_ns() + MS(3);
	while (ktime_get_ns() < ns)
		;
	CHECK_EQ(mach_now(), MS(10));
	return 0;
}

/* The same while somebody who shares the CPU has work to do. */
static int for_time_with_company(void *arg)
{
	unsigned long end = jiffies + 7;

	stay_on(0);
	start_on(0, sets_flag, (void *)3L, "setter");
	while (time_before(jiffies, end))
		;
	CHECK_EQ(flag, 1);
	CHECK_EQ(mach_now(), MS(7));
	return 0;
}

WQTEST(machine_busywait, reading_a_clock)
{
	RUN(1, for_time);
	RUN(2, for_time);
	RUN(1, for_time_with_company);
}

/* Two spinners on one CPU do not keep each other from what both wait for. */
static int spinners_done;

static int spinner(void *arg)
{
	while (!READ_ONCE(flag))
		wait_busily((long)arg);
	spinners_done++;
	return 0;
}

static int two_spinners(void *arg)
{
	stay_on(1);
	start_on(0, spinner, arg, "spinner/0");
	start_on(0, spinner, arg, "spinner/1");
	pass_ms(5);
	CHECK_EQ(spinners_done, 0);
	flag = 1;
	pass_ms(3);
	CHECK_EQ(spinners_done, 2);
	return 0;
}

/* ... nor the third, who shares the CPU with them and has to bring it about. */
static int two_spinners_and_one(void *arg)
{
	stay_on(1);
	start_on(0, spinner, arg, "spinner/0");
	start_on(0, spinner, arg, "spinner/1");
	start_on(0, sets_flag, (void *)3L, "setter");
	pass_ms(20);
	CHECK_EQ(spinners_done, 2);
	return 0;
}

/* ... nor him who sleeps first and comes back as one of three. */
static int sleeps_and_sets(void *arg)
{
	pass_ms(5);
	flag = 1;
	return 0;
}

static int spinners_and_a_sleeper(void *arg)
{
	stay_on(1);
	start_on(0, sleeps_and_sets, NULL, "setter");
	start_on(0, spinner, arg, "spinner/0");
	start_on(0, spinner, arg, "spinner/1");
	pass_ms(20);
	CHECK_EQ(spinners_done, 2);
	return 0;
}

WQTEST(machine_busywait, two_spinners_on_one_cpu)
{
	for (long how = 0; how < NR_HOW; how++) {
		RUN_ARG(2, two_spinners, (void *)how);
		RUN_ARG(2, two_spinners_and_one, (void *)how);
		RUN_ARG(2, spinners_and_a_sleeper, (void *)how);
	}
}

/* Interrupts off or preemption off: it still takes time. */
static int shut_off(void *arg)
{
	stay_on(0);
	start_on(1, sets_flag, (void *)3L, "setter");
	local_irq_disable();
	while (!READ_ONCE(flag))
		cpu_relax();
	local_irq_enable();
	CHECK(mach_now() >= MS(3) && mach_now() <= MS(4));
	flag = 0;
	start_on(1, sets_flag, (void *)3L, "setter");
	preempt_disable();
	while (!READ_ONCE(flag))
		cpu_relax();
	preempt_enable();
	CHECK(mach_now() >= MS(6) && mach_now() <= MS(8));
	return 0;
}

WQTEST(machine_busywait, with_interrupts_off)
{
	RUN(2, shut_off);
}

/* Under any schedule. */
static int any_order(void *arg)
{
	start_on(0, spinner, arg, "spinner/0");
	start_on(0, spinner, arg, "spinner/1");
	start_on(1, spinner, arg, "spinner/2");
	start_on(0, sets_flag, (void *)1L, "setter");
	while (spinners_done < 3)
		pass_ms(1);
	CHECK(mach_now() < MS(50));
	return 0;
}

static int any_order_relax(void *arg)
{
	return any_order((void *)RELAX);
}

static int any_order_yield(void *arg)
{
	return any_order((void *)YIELD);
}

WQTEST(machine_busywait, in_any_order)
{
	run_seeds(2, any_order_relax, 1, 150);
	run_seeds(2, any_order_yield, 1, 150);
}

/* Somebody who retries a cancel shares the CPU with who has to let go of the item. */
static struct workqueue_struct *q;

static void again_fn(struct work_struct *work)
{
	udelay(50);
	queue_work(q, work);
}

static struct work_struct w;
static int cancelled;

static int canceller(void *arg)
{
	cancel_work_sync(&w);
	cancelled++;
	return 0;
}

static int cancellers_share(void *arg)
{
	q = create_workqueue("q");
	INIT_WORK(&w, again_fn);
	stay_on(1);
	queue_work_on(0, q, &w);
	start_on(0, canceller, NULL, "canceller/0");
	start_on(0, canceller, NULL, "canceller/1");
	pass_ms(30);
	CHECK_EQ(cancelled, 2);
	CHECK(!work_pending(&w));
	destroy_workqueue(q);
	return 0;
}

WQTEST_ENGINES(machine_busywait, cancellers_share_the_workers_cpu)
{
	const struct machine_config cfg = {
		.engines = engine, .cpus = 2, .quiet = true, .slice_ns = US(200),
	};

	expect(__FILE__, __LINE__, &cfg, cancellers_share, VERDICT_OK, SAYS(""));
}

/* Nobody ever changes what it waits for: that is not waited out. */
static int for_ever(void *arg)
{
	while (!READ_ONCE(flag))
		cpu_relax();
	return 0;
}

WQTEST(machine_busywait, for_ever_is_stopped)
{
	EXPECT(VERDICT_TIME_LIMIT, for_ever, SAYS("time limit", "init"),
	       .cpus = 1, .time_limit_ns = MS(1000));
}
