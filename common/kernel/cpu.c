// SPDX-License-Identifier: GPL-2.0-only
/*
 * CPUs that come and go: cpu_up(), cpu_down(), and who hears of it.
 *
 *	cpu_down(1):	DOWN_PREPARE			may be refused
 *			active, online: no more		nobody new is put there
 *			mach_cpu_off()			whoever was there goes elsewhere
 *			DYING				interrupts off
 *			DEAD				timers go elsewhere
 *			... readers may go on ...
 *			POST_DEAD			2.6.32's workqueue retires its threads
 *
 * Two locks, as in the kernel, and the reason for two is POST_DEAD: a workqueue that waits
 * there for its items must not keep out an item that calls get_online_cpus().
 *
 *	cpu_add_remove_lock	held from before the first notifier to behind the last
 *	cpu_hotplug.lock	taken by the writer when there is no reader, and then held
 *				until DEAD; by readers only to count themselves
 *
 * The kernel stops all CPUs while one goes (stop_machine()).  Here only the one that goes
 * is waited for: others may still see it online for a moment, as they could if they had
 * looked a moment before, and who must not has get_online_cpus().
 *
 * Owns the chain, under cpu_add_remove_lock, and struct cpu_hotplug.  Mirrors 2.6.32 and
 * 3.18 kernel/cpu.c.  Read next: sched.c for the tasks, timer.c for the timers.
 */
#include <linux/bug.h>
#include <linux/cpu.h>
#include <linux/errno.h>
#include <linux/irqflags.h>
#include <linux/mutex.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include <wqlab/mach.h>

static DEFINE_MUTEX(cpu_add_remove_lock);
static RAW_NOTIFIER_HEAD(cpu_chain);

/* L: under lock. */
static struct {
	struct task_struct *active_writer;	/* A: whose get_online_cpus() is a no-op */
	struct mutex lock;
	int refcount;				/* L: readers inside */
} cpu_hotplug = {
	.lock = __MUTEX_INITIALIZER(cpu_hotplug.lock),
};

void cpu_maps_update_begin(void)
{
	mutex_lock(&cpu_add_remove_lock);
}

void cpu_maps_update_done(void)
{
	mutex_unlock(&cpu_add_remove_lock);
}

void get_online_cpus(void)
{
	might_sleep();
	if (READ_ONCE(cpu_hotplug.active_writer) == current)
		return;
	mutex_lock(&cpu_hotplug.lock);
	cpu_hotplug.refcount++;
	mutex_unlock(&cpu_hotplug.lock);
}

void put_online_cpus(void)
{
	struct task_struct *writer = READ_ONCE(cpu_hotplug.active_writer);

	if (writer == current)
		return;
	mutex_lock(&cpu_hotplug.lock);
	WARN_ON(!cpu_hotplug.refcount);
	cpu_hotplug.refcount--;
	/* Under the lock it is still the same writer, who waits or has not looked yet. */
	writer = READ_ONCE(cpu_hotplug.active_writer);
	if (!cpu_hotplug.refcount && writer)
		wake_up_process(writer);
	mutex_unlock(&cpu_hotplug.lock);
}

/* Only one can be here: it holds cpu_add_remove_lock. */
static void cpu_hotplug_begin(void)
{
	WRITE_ONCE(cpu_hotplug.active_writer, current);
	for (;;) {
		mutex_lock(&cpu_hotplug.lock);
		if (!cpu_hotplug.refcount)
			return;
		/* The last reader wakes us under the lock, so it comes behind this. */
		set_current_state(TASK_UNINTERRUPTIBLE);
		mutex_unlock(&cpu_hotplug.lock);
		schedule();
	}
}

static void cpu_hotplug_done(void)
{
	WRITE_ONCE(cpu_hotplug.active_writer, NULL);
	mutex_unlock(&cpu_hotplug.lock);
}

int register_cpu_notifier(struct notifier_block *nb)
{
	int ret;

	cpu_maps_update_begin();
	ret = raw_notifier_chain_register(&cpu_chain, nb);
	cpu_maps_update_done();
	return ret;
}

void unregister_cpu_notifier(struct notifier_block *nb)
{
	cpu_maps_update_begin();
	raw_notifier_chain_unregister(&cpu_chain, nb);
	cpu_maps_update_done();
}

/* @nr_calls comes back as the number of those who were told. 0 or -errno. */
static int __cpu_notify(unsigned long action, unsigned int cpu, int nr_to_call, int *nr_calls)
{
	int ret = __raw_notifier_call_chain(&cpu_chain, action, (void *)(unsigned long)cpu,
					    nr_to_call, nr_calls);
	int err = notifier_to_errno(ret);

	if (err)
		pr_warn("CPU %u: a notifier refused: error %d\n", cpu, err);
	return err;
}

/* One that may not be refused. */
static void cpu_notify_nofail(unsigned long action, unsigned int cpu)
{
	BUG_ON(__cpu_notify(action, cpu, -1, NULL));
}

static void cpu_notify_irqs_off(unsigned long action, unsigned int cpu)
{
	local_irq_disable();
	cpu_notify_nofail(action, cpu);
	local_irq_enable();
}

/* ---- down ---- */

/* From here to the end nobody is on the CPU, and nobody comes. */
static void take_cpu_down(unsigned int cpu)
{
	set_cpu_online(cpu, false);
	mach_cpu_off(cpu);
	cpu_notify_irqs_off(CPU_DYING, cpu);
}

/* Whoever takes a CPU down shall not go down with it. */
static int leave_cpu(unsigned int cpu, cpumask_var_t old_allowed)
{
	cpumask_var_t others;
	int err;

	if (!alloc_cpumask_var(&others, GFP_KERNEL))
		return -ENOMEM;
	cpumask_copy(old_allowed, &current->cpus_allowed);
	cpumask_andnot(others, cpu_active_mask, cpumask_of(cpu));
	err = set_cpus_allowed_ptr(current, others);
	free_cpumask_var(others);
	return err;
}

static int down(unsigned int cpu)
{
	int err, nr_calls = 0;

	cpu_hotplug_begin();
	err = __cpu_notify(CPU_DOWN_PREPARE, cpu, -1, &nr_calls);
	if (err) {
		/* Not to the one who refused. */
		__cpu_notify(CPU_DOWN_FAILED, cpu, nr_calls - 1, NULL);
		pr_warn("CPU %u stays up\n", cpu);
	} else {
		set_cpu_active(cpu, false);
		take_cpu_down(cpu);
		cpu_notify_nofail(CPU_DEAD, cpu);
	}
	cpu_hotplug_done();
	if (!err)
		cpu_notify_nofail(CPU_POST_DEAD, cpu);
	return err;
}

static int _cpu_down(unsigned int cpu)
{
	cpumask_var_t old_allowed;
	int err;

	if (cpu >= (unsigned int)nr_cpu_ids || !cpu_online(cpu))
		return -EINVAL;
	if (num_online_cpus() == 1)
		return -EBUSY;
	if (!alloc_cpumask_var(&old_allowed, GFP_KERNEL))
		return -ENOMEM;
	err = leave_cpu(cpu, old_allowed);
	if (!err) {
		err = down(cpu);
		/* If that CPU was all it had, it now has more. */
		set_cpus_allowed_ptr(current, old_allowed);
	}
	free_cpumask_var(old_allowed);
	return err;
}

int cpu_down(unsigned int cpu)
{
	int err;

	cpu_maps_update_begin();
	err = _cpu_down(cpu);
	cpu_maps_update_done();
	return err;
}

/* ---- up ---- */

static int _cpu_up(unsigned int cpu)
{
	int err, nr_calls = 0;

	if (cpu >= (unsigned int)nr_cpu_ids || cpu_online(cpu) || !cpu_present(cpu))
		return -EINVAL;
	cpu_hotplug_begin();
	err = __cpu_notify(CPU_UP_PREPARE, cpu, -1, &nr_calls);
	if (err) {
		__cpu_notify(CPU_UP_CANCELED, cpu, nr_calls - 1, NULL);
		pr_warn("CPU %u stays down\n", cpu);
	} else {
		mach_cpu_on(cpu);
		cpu_notify_irqs_off(CPU_STARTING, cpu);
		set_cpu_online(cpu, true);
		set_cpu_active(cpu, true);
		cpu_notify_nofail(CPU_ONLINE, cpu);
	}
	cpu_hotplug_done();
	return err;
}

int cpu_up(unsigned int cpu)
{
	int err;

	cpu_maps_update_begin();
	err = _cpu_up(cpu);
	cpu_maps_update_done();
	return err;
}
