// SPDX-License-Identifier: GPL-2.0-only
/*
 * CPUs that come and go: who is told what in which order, where tasks and timers are
 * afterwards, and what cpu_down() waits for.
 */
#include <linux/atomic.h>
#include <linux/completion.h>
#include <linux/cpu.h>
#include <linux/delay.h>
#include <linux/errno.h>
#include <linux/hrtimer.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/smp.h>
#include <linux/string.h>
#include <linux/timer.h>

#include "wqtask.h"
#include "wqtest.h"

/* ---- who is told ---- */

static char said[400];

static const char *const action_names[] = {
	[CPU_ONLINE] = "ONLINE", [CPU_UP_PREPARE] = "UP_PREPARE", [CPU_UP_CANCELED] = "UP_CANCELED",
	[CPU_DOWN_PREPARE] = "DOWN_PREPARE", [CPU_DOWN_FAILED] = "DOWN_FAILED",
	[CPU_DEAD] = "DEAD", [CPU_DYING] = "DYING", [CPU_POST_DEAD] = "POST_DEAD",
	[CPU_STARTING] = "STARTING",
};

static unsigned long refuse;		/* the action that `second` refuses */

static int tell(const char *who, unsigned long action, void *hcpu)
{
	size_t len = strlen(said);

	CHECK_EQ((unsigned long)hcpu, 1);
	snprintf(said + len, sizeof(said) - len, "%s%s ", who, action_names[action]);
	return NOTIFY_OK;
}

static int first_fn(struct notifier_block *nb, unsigned long action, void *hcpu)
{
	CHECK_EQ(irqs_disabled(), action == CPU_DYING || action == CPU_STARTING);
	CHECK_EQ(cpu_online(1), action != CPU_UP_PREPARE && action != CPU_UP_CANCELED &&
		 action != CPU_STARTING && action != CPU_DYING && action != CPU_DEAD &&
		 action != CPU_POST_DEAD);
	return tell("1:", action, hcpu);
}

static int second_fn(struct notifier_block *nb, unsigned long action, void *hcpu)
{
	tell("2:", action, hcpu);
	return action == refuse ? notifier_from_errno(-ENOMEM) : NOTIFY_OK;
}

static struct notifier_block first_nb = { .notifier_call = first_fn, .priority = 3 };
static struct notifier_block second_nb = { .notifier_call = second_fn };

static int told(void *arg)
{
	register_cpu_notifier(&second_nb);
	register_cpu_notifier(&first_nb);

	CHECK_EQ(cpu_down(1), 0);
	CHECK_STR(said, "1:DOWN_PREPARE 2:DOWN_PREPARE 1:DYING 2:DYING 1:DEAD 2:DEAD "
		  "1:POST_DEAD 2:POST_DEAD ");
	CHECK_EQ(num_online_cpus(), 1);
	CHECK_EQ(num_active_cpus(), 1);
	CHECK_EQ(cpu_down(0), -EBUSY);
	CHECK_EQ(cpu_down(1), -EINVAL);
	CHECK_EQ(cpu_down(7), -EINVAL);
	said[0] = '\0';
	CHECK_EQ(cpu_up(1), 0);
	CHECK_STR(said, "1:UP_PREPARE 2:UP_PREPARE 1:STARTING 2:STARTING 1:ONLINE 2:ONLINE ");
	CHECK(cpu_online(1) && cpu_active(1));
	CHECK_EQ(cpu_up(1), -EINVAL);

	/* Refused: those who were told before are told that it is off, the refuser is not. */
	said[0] = '\0';
	refuse = CPU_DOWN_PREPARE;
	CHECK_EQ(cpu_down(1), -ENOMEM);
	CHECK_STR(said, "1:DOWN_PREPARE 2:DOWN_PREPARE 1:DOWN_FAILED ");
	CHECK(cpu_online(1) && cpu_active(1));
	refuse = 0;
	CHECK_EQ(cpu_down(1), 0);
	said[0] = '\0';
	refuse = CPU_UP_PREPARE;
	CHECK_EQ(cpu_up(1), -ENOMEM);
	CHECK_STR(said, "1:UP_PREPARE 2:UP_PREPARE 1:UP_CANCELED ");
	CHECK(!cpu_online(1) && !cpu_active(1));

	unregister_cpu_notifier(&second_nb);
	unregister_cpu_notifier(&first_nb);
	said[0] = '\0';
	CHECK_EQ(cpu_up(1), 0);
	CHECK_STR(said, "");
	return 0;
}

WQTEST_MACHINES(hotplug, who_is_told_what_when)
{
	RUN(2, told);
}

static int mask_of(const struct cpumask *mask)
{
	return cpumask_bits(mask)[0];
}

static int fewer(void *arg)
{
	CHECK_EQ(mask_of(cpu_possible_mask), 0xf);
	CHECK_EQ(mask_of(cpu_present_mask), 0xf);
	CHECK_EQ(mask_of(cpu_online_mask), 0x3);
	CHECK_EQ(mask_of(cpu_active_mask), 0x3);
	CHECK_EQ(cpu_up(3), 0);
	CHECK_EQ(mask_of(cpu_online_mask), 0xb);
	CHECK_EQ(set_cpus_allowed_ptr(current, cpumask_of(3)), 0);
	CHECK_EQ(smp_processor_id(), 3);
	schedule_timeout_uninterruptible(1);
	CHECK_EQ(smp_processor_id(), 3);
	CHECK_EQ(set_cpus_allowed_ptr(current, cpumask_of(2)), -EINVAL);
	CHECK_EQ(set_cpus_allowed_ptr(current, cpumask_of(0)), 0);
	return 0;
}

WQTEST_MACHINES(hotplug, boot_with_fewer_than_possible)
{
	struct machine_config cfg = wqtest_config(4);

	cfg.online = 2;
	RUN_CFG(&cfg, fewer, NULL);
}

WQTEST(hotplug, more_up_than_there_are_is_refused)
{
	struct machine_config cfg = { .kind = "sim", .cpus = 2, .online = 3 };
	struct machine_result res;

	CHECK(machine_run(&cfg, fewer, NULL, &res) < 0);
	CHECK_STR(machine_error(), "3 virtual CPUs cannot be up after boot: expected 1 to 2");
}

/* ---- tasks ---- */

struct walker {
	struct completion step, stepped;
	int cpu;
	bool stop;
};

static int walker_fn(void *arg)
{
	struct walker *w = arg;

	for (;;) {
		wait_for_completion(&w->step);
		if (w->stop)
			return 0;
		w->cpu = get_cpu();
		put_cpu();
		complete(&w->stepped);
	}
}

static void step(struct walker *w)
{
	complete(&w->step);
	if (!w->stop)
		wait_for_completion(&w->stepped);
}

/* A task that sleeps while its CPU goes wakes elsewhere, unbound from then on. */
static int sleeper_loses_its_bond(void *arg)
{
	static struct walker w;
	struct task_struct *t;

	init_completion(&w.step);
	init_completion(&w.stepped);
	t = kthread_create(walker_fn, &w, "walker");
	get_task_struct(t);
	kthread_bind(t, 1);
	wake_up_process(t);
	step(&w);
	CHECK_EQ(w.cpu, 1);
	wait_until_parked(t);
	CHECK_EQ(cpu_down(1), 0);
	CHECK_EQ(cpumask_weight(&t->cpus_allowed), 1);
	step(&w);
	CHECK(w.cpu != 1);
	CHECK_EQ(cpumask_weight(&t->cpus_allowed), 3);

	/* One that slept through it all is still bound. */
	CHECK_EQ(cpu_up(1), 0);
	wait_until_parked(t);			/* only then it moves on native */
	CHECK_EQ(set_cpus_allowed_ptr(t, cpumask_of(1)), 0);
	step(&w);
	CHECK_EQ(w.cpu, 1);
	wait_until_parked(t);
	CHECK_EQ(cpu_down(1), 0);
	CHECK_EQ(cpu_up(1), 0);
	step(&w);
	CHECK_EQ(w.cpu, 1);
	w.stop = true;
	step(&w);
	put_task_struct(t);
	return 0;
}

WQTEST_MACHINES(hotplug, sleeper_loses_its_bond)
{
	RUN(3, sleeper_loses_its_bond);
}

static atomic_t burning, gone, over;

static int burner_fn(void *arg)
{
	atomic_inc(&burning);
	do {
		mdelay(1);
	} while (!atomic_read(&gone));
	CHECK(smp_processor_id() != 1);
	atomic_inc(&over);
	return 0;
}

/* One burns on the CPU, others wait for it: all move and end. */
static int burners_move(void *arg)
{
	for (int i = 0; i < 4; i++) {
		struct task_struct *t = kthread_create(burner_fn, NULL, "burner/%d", i);

		kthread_bind(t, 1);
		wake_up_process(t);
	}
	while (!atomic_read(&burning))
		schedule_timeout_uninterruptible(1);
	CHECK_EQ(cpu_down(1), 0);
	CHECK_EQ(atomic_read(&over), 0);
	atomic_set(&gone, 1);
	while (atomic_read(&over) < 4)
		schedule_timeout_uninterruptible(1);
	return 0;
}

WQTEST_MACHINES(hotplug, burners_move)
{
	RUN(2, burners_move);
}

/* Preemption off: the CPU does not change under the task, and cpu_down() waits. */
static int holder_fn(void *arg)
{
	unsigned int cpu;

	preempt_disable();
	cpu = smp_processor_id();
	CHECK_EQ(cpu, 1);
	atomic_inc(&burning);
	mdelay(5);
	CHECK_EQ(smp_processor_id(), cpu);
	atomic_inc(&over);
	preempt_enable();
	return 0;
}

static int preemption_off_is_waited_for(void *arg)
{
	struct task_struct *t = kthread_create(holder_fn, NULL, "holder");

	kthread_bind(t, 1);
	wake_up_process(t);
	while (!atomic_read(&burning))
		cpu_relax();
	CHECK_EQ(cpu_down(1), 0);
	CHECK_EQ(atomic_read(&over), 1);
	return 0;
}

WQTEST_MACHINES(hotplug, preemption_off_is_waited_for)
{
	RUN(2, preemption_off_is_waited_for);
}

/* Who takes its own CPU down goes on elsewhere, and may come back if it has other CPUs. */
static int own_cpu(void *arg)
{
	CHECK_EQ(set_cpus_allowed_ptr(current, cpumask_of(1)), 0);
	CHECK_EQ(cpu_down(1), 0);
	CHECK_EQ(smp_processor_id(), 0);
	CHECK_EQ(cpu_up(1), 0);
	CHECK_EQ(cpu_down(0), 0);
	CHECK_EQ(smp_processor_id(), 1);
	schedule_timeout_uninterruptible(1);
	CHECK_EQ(smp_processor_id(), 1);
	CHECK_EQ(cpu_up(0), 0);
	return 0;
}

WQTEST_MACHINES(hotplug, own_cpu_down)
{
	RUN(2, own_cpu);
}

/* ---- timers ---- */

static atomic_t fired;
static int fired_on;

static void timer_fn(unsigned long data)
{
	fired_on = smp_processor_id();
	atomic_inc(&fired);
}

static enum hrtimer_restart hrtimer_fn(struct hrtimer *timer)
{
	atomic_inc(&fired);
	return HRTIMER_NORESTART;
}

static void wait_fired(int n)
{
	while (atomic_read(&fired) < n)
		schedule_timeout_uninterruptible(1);
}

static int timers_move(void *arg)
{
	static struct timer_list timer;
	static struct hrtimer hr;
	unsigned int ms = 20;

	setup_timer(&timer, timer_fn, 0);
	hrtimer_init(&hr, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
	hr.function = hrtimer_fn;
	/* If the CPU took longer to go than they to fire, they get more time. */
	for (;; ms *= 2) {
		set_cpus_allowed_ptr(current, cpumask_of(1));
		timer.expires = jiffies + msecs_to_jiffies(ms);
		add_timer(&timer);
		hrtimer_start(&hr, ms_to_ktime(ms), HRTIMER_MODE_REL);
		CHECK_EQ(cpu_down(1), 0);
		if (timer_pending(&timer) && hrtimer_is_queued(&hr))
			break;
		CHECK(wqtest_native());
		wait_fired(2);
		atomic_set(&fired, 0);
		CHECK_EQ(cpu_up(1), 0);
	}
	wait_fired(2);
	CHECK_EQ(fired_on, 0);

	/* Armed on a CPU that is down, a timer waits until it is up. */
	timer.expires = jiffies + 2;
	add_timer_on(&timer, 1);
	schedule_timeout_uninterruptible(10);
	CHECK_EQ(atomic_read(&fired), 2);
	CHECK(timer_pending(&timer));
	CHECK_EQ(cpu_up(1), 0);
	wait_fired(3);
	CHECK_EQ(fired_on, 1);

	/* And its clock works as before. */
	timer.expires = jiffies + 2;
	add_timer_on(&timer, 1);
	wait_fired(4);
	CHECK_EQ(fired_on, 1);
	return 0;
}

WQTEST_MACHINES(hotplug, timers_move)
{
	RUN(2, timers_move);
}

/* ---- who keeps a CPU where it is ---- */

static struct completion inside, leave;
static bool left;

static int reader_fn(void *arg)
{
	get_online_cpus();
	get_online_cpus();
	complete(&inside);
	wait_for_completion(&leave);
	CHECK(cpu_online(1));
	put_online_cpus();
	CHECK(cpu_online(1));
	WRITE_ONCE(left, true);
	put_online_cpus();
	return 0;
}

static int opener_fn(void *arg)
{
	schedule_timeout_uninterruptible(3);
	CHECK(cpu_online(1));
	complete(&leave);
	return 0;
}

static int reads_fn(struct notifier_block *nb, unsigned long action, void *hcpu)
{
	/* The writer's own is a no-op while it holds the lock; at POST_DEAD it is free. */
	if (action != CPU_DYING && action != CPU_STARTING) {
		get_online_cpus();
		put_online_cpus();
	}
	return NOTIFY_OK;
}

static int readers_hold(void *arg)
{
	init_completion(&inside);
	init_completion(&leave);
	hotcpu_notifier(reads_fn, 0);
	kthread_run(reader_fn, NULL, "reader");
	wait_for_completion(&inside);
	kthread_run(opener_fn, NULL, "opener");
	CHECK_EQ(cpu_down(1), 0);
	CHECK(READ_ONCE(left));
	get_online_cpus();
	CHECK(!cpu_online(1));
	put_online_cpus();
	return 0;
}

WQTEST_MACHINES(hotplug, readers_keep_a_cpu_up, .any_order = true)
{
	RUN(2, readers_hold);
}

/* ---- in any order ---- */

#define RAMBLERS	4
#define ROUNDS		6

static atomic_t steps, ended;

static int rambler_fn(void *arg)
{
	for (int i = 0; i < 12; i++) {
		unsigned int cpu;

		if (i % 4 == 1)
			schedule_timeout_uninterruptible(1);
		else if (i % 4 == 2)
			udelay(300);
		else if (i % 4 == 3)
			set_cpus_allowed_ptr(current, cpumask_of(i / 4));
		preempt_disable();
		cpu = smp_processor_id();
		udelay(1);
		CHECK_EQ(smp_processor_id(), cpu);
		preempt_enable();
		atomic_inc(&steps);
	}
	atomic_inc(&ended);
	return 0;
}

/* On native one may be there for the moment it takes to see that it cannot stay. */
static void on_dead_cpu(struct mtask *t, void *cpu)
{
	enum mrun run = __READ_ONCE(t->run);

	CHECK(wqtest_native() || __READ_ONCE(t->cpu) != (unsigned long)cpu || (run != MR_CURR && run != MR_READY));
}

/* Tasks that sleep, burn, move: none is lost, and none is on a CPU that is down. */
static int ramble(void *arg)
{
	for (int i = 0; i < RAMBLERS; i++)
		kthread_run(rambler_fn, NULL, "rambler/%d", i);
	for (int i = 0; i < ROUNDS; i++) {
		unsigned long cpu = 1 + i % 2;

		CHECK_EQ(cpu_down(cpu), 0);
		mach_for_each_task(on_dead_cpu, (void *)cpu);
		synchronize_sched();
		schedule_timeout_uninterruptible(i % 3);
		mach_for_each_task(on_dead_cpu, (void *)cpu);
		CHECK_EQ(cpu_up(cpu), 0);
	}
	while (atomic_read(&ended) < RAMBLERS)
		schedule_timeout_uninterruptible(1);
	CHECK_EQ(atomic_read(&steps), RAMBLERS * 12);
	return 0;
}

WQTEST_MACHINES(hotplug, nobody_is_lost, .any_order = true)
{
	run_seeds(3, ramble, 1, 200);
}
