// SPDX-License-Identifier: GPL-2.0-only
/*
 * Interrupts off, preemption off, a spinlock held: nobody else runs on this
 * virtual CPU until they are back, while other virtual CPUs go on.
 */
#include "machine_test.h"

static DEFINE_SPINLOCK(lock);
static unsigned long irq_flags;

enum how { IRQ_OFF, IRQ_SAVE, PREEMPT_OFF, BH_OFF, SPIN, SPIN_IRQ, SPIN_BH, SPIN_SAVE, NR_HOW };

static void begin(enum how how)
{
	switch (how) {
	case IRQ_OFF: local_irq_disable(); break;
	case IRQ_SAVE: local_irq_save(irq_flags); break;
	case PREEMPT_OFF: preempt_disable(); break;
	case BH_OFF: local_bh_disable(); break;
	case SPIN: spin_lock(&lock); break;
	case SPIN_IRQ: spin_lock_irq(&lock); break;
	case SPIN_BH: spin_lock_bh(&lock); break;
	case SPIN_SAVE: spin_lock_irqsave(&lock, irq_flags); break;
	default: BUG();
	}
}

static void end(enum how how)
{
	switch (how) {
	case IRQ_OFF: local_irq_enable(); break;
	case IRQ_SAVE: local_irq_restore(irq_flags); break;
	case PREEMPT_OFF: preempt_enable(); break;
	case BH_OFF: local_bh_enable(); break;
	case SPIN: spin_unlock(&lock); break;
	case SPIN_IRQ: spin_unlock_irq(&lock); break;
	case SPIN_BH: spin_unlock_bh(&lock); break;
	case SPIN_SAVE: spin_unlock_irqrestore(&lock, irq_flags); break;
	default: BUG();
	}
}

static bool keeps_timers_off(enum how how)
{
	return how != PREEMPT_OFF && how != SPIN;
}

static int urgent(void *arg)
{
	note('U');
	return 0;
}

static int beside(void *arg)
{
	for (int i = 0; i < 4; i++) {
		mdelay(2);
		note('b');
	}
	return 0;
}

static struct task_struct *woken;

static void ring(unsigned long data)
{
	note('t');
	if (woken)
		wake_up_process(woken);
	woken = NULL;
}

/*
 * At 3 ms a timer fires on this CPU and wakes a real-time task for it; the CPU
 * beside it notes a 'b' every 2 ms; we are shut off from 0 to 10 ms.
 */
static int shut_off(void *arg)
{
	struct sched_param fifo = { .sched_priority = 50 };
	enum how how = (long)arg;
	struct timer_list t;

	stay_on(0);
	start_on(1, beside, NULL, "beside");
	woken = kthread_create(urgent, NULL, "urgent");
	kthread_bind(woken, 0);
	sched_setscheduler(woken, SCHED_FIFO, &fifo);
	setup_timer_on_stack(&t, ring, 0);
	mod_timer(&t, jiffies + 3);

	begin(how);
	CHECK(!preemptible());
	mdelay(10);
	note('e');
	CHECK_EQ(mach_now(), MS(10));
	end(how);
	CHECK(preemptible());
	note('o');
	if (keeps_timers_off(how))
		CHECK_STR(diary, "bbbbetUo");
	else
		CHECK_STR(diary, "btbbbeUo");
	CHECK_EQ(mach_now(), MS(10));
	return 0;
}

WQTEST(machine_exclusion, nobody_else_on_this_cpu)
{
	for (long how = 0; how < NR_HOW; how++)
		RUN_ARG(2, shut_off, (void *)how);
}

/* Shut off from nothing: the timer comes in time, and who it wakes goes first. */
static int open_to_all(void *arg)
{
	struct sched_param fifo = { .sched_priority = 50 };
	struct timer_list t;

	stay_on(0);
	start_on(1, beside, NULL, "beside");
	woken = kthread_create(urgent, NULL, "urgent");
	kthread_bind(woken, 0);
	sched_setscheduler(woken, SCHED_FIFO, &fifo);
	setup_timer_on_stack(&t, ring, 0);
	mod_timer(&t, jiffies + 3);
	mdelay(10);
	CHECK_STR(diary, "btUbbb");
	CHECK_EQ(diary_at[2], MS(3));
	return 0;
}

WQTEST(machine_exclusion, open_otherwise)
{
	RUN(2, open_to_all);
}

/* They nest: only the outermost end opens. */
static int nested(void *arg)
{
	struct sched_param fifo = { .sched_priority = 50 };
	unsigned long outer, inner;
	spinlock_t second;

	spin_lock_init(&second);
	stay_on(0);
	woken = kthread_create(urgent, NULL, "urgent");
	kthread_bind(woken, 0);
	sched_setscheduler(woken, SCHED_FIFO, &fifo);
	preempt_disable();
	preempt_disable();
	wake_up_process(woken);
	note('1');
	preempt_enable();
	note('2');
	spin_lock(&second);
	preempt_enable();
	note('3');
	spin_unlock(&second);
	note('4');
	CHECK_STR(diary, "123U4");

	local_irq_save(outer);
	local_irq_save(inner);
	CHECK(irqs_disabled());
	local_irq_restore(inner);
	CHECK(irqs_disabled());
	local_irq_restore(outer);
	CHECK(!irqs_disabled());
	spin_lock_irq(&lock);
	spin_lock_irqsave(&second, inner);
	spin_unlock_irqrestore(&second, inner);
	CHECK(irqs_disabled());
	spin_unlock_irq(&lock);
	CHECK(!irqs_disabled());
	CHECK_EQ(preempt_count(), 0);
	return 0;
}

WQTEST(machine_exclusion, nests)
{
	RUN(1, nested);
}

/* The same seen by a random schedule: inside such a section there is only one of a CPU. */
static int inside_on[2], closed[2], most, rounds, rings;
static struct timer_list tick[2];

/* A timer for each CPU, every jiffy. */
static void ticks(unsigned long cpu)
{
	CHECK_EQ(smp_processor_id(), cpu);
	CHECK_EQ(closed[cpu], 0);
	rings++;
	if (rounds < 6)
		mod_timer(&tick[cpu], jiffies + 1);
}

static int enters(void *arg)
{
	enum how how = (long)arg % 4;		/* those without a common lock */

	for (int i = 0; i < 5; i++) {
		int cpu;

		begin(how);
		cpu = smp_processor_id();
		CHECK_EQ(++inside_on[cpu], 1);
		closed[cpu] = keeps_timers_off(how);
		most = max(most, inside_on[0] + inside_on[1]);
		mach_point(MP_READ, NULL);
		if (i % 2)
			udelay(400);
		CHECK_EQ(smp_processor_id(), cpu);
		closed[cpu] = 0;
		CHECK_EQ(--inside_on[cpu], 0);
		end(how);
	}
	rounds++;
	return 0;
}

static int many_enter(void *arg)
{
	for (int cpu = 0; cpu < 2; cpu++) {
		setup_timer(&tick[cpu], ticks, cpu);
		tick[cpu].expires = jiffies + 1;
		add_timer_on(&tick[cpu], cpu);
	}
	for (long i = 0; i < 6; i++)
		kthread_run(enters, (void *)i, "task/%ld", i);
	while (rounds < 6)
		pass_ms(1);
	CHECK(rings > 0);
	del_timer_sync(&tick[0]);
	del_timer_sync(&tick[1]);
	CHECK_EQ(most, 2);		/* the other CPU is not kept out */
	return 0;
}

WQTEST(machine_exclusion, one_of_a_cpu_in_any_order)
{
	run_seeds(2, many_enter, 1, 200);
}

/* And a spinlock keeps the other CPU out as well. */
static int inside, entered;

static int takes_lock(void *arg)
{
	for (int i = 0; i < 5; i++) {
		unsigned long flags;

		spin_lock_irqsave(&lock, flags);
		CHECK_EQ(++inside, 1);
		mach_point(MP_READ, NULL);
		udelay(5);
		CHECK(spin_is_locked(&lock));
		CHECK(spin_is_held(&lock));
		inside--;
		spin_unlock_irqrestore(&lock, flags);
		entered++;
	}
	return 0;
}

static int many_take(void *arg)
{
	for (long i = 0; i < 6; i++)
		kthread_run(takes_lock, NULL, "task/%ld", i);
	while (entered < 30)
		pass_ms(1);
	CHECK(!spin_is_locked(&lock));
	return 0;
}

WQTEST(machine_exclusion, one_holder_in_any_order)
{
	run_seeds(3, many_take, 1, 200);
}
