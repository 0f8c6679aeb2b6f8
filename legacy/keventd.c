// SPDX-License-Identifier: GPL-2.0-only
/*
 * keventd: the one workqueue of this release that everybody shares, with the
 * threads "events/N"; and the engine's beginning and end.
 *
 * schedule_work(), schedule_delayed_work() and their kin are queue_*() on this
 * workqueue.  The public calls reach it as system_wq; here stand those that do
 * more than that.
 *
 * Locking: keventd_wq is set once, before anybody else runs.
 *
 * Read next: hotplug.c.
 */
#include <linux/bug.h>
#include <linux/cpu.h>
#include <linux/errno.h>
#include <linux/percpu.h>
#include <linux/smp.h>
#include <linux/timer.h>

#include "workqueue_internal.h"

struct workqueue_struct *keventd_wq;

bool schedule_work_on(int cpu, struct work_struct *work)
{
	return queue_work_on(cpu, keventd_wq, work);
}

/*
 * Cut the delay short, and wait.  The item goes to keventd even if its timer
 * was armed for another workqueue: a fault of the release, and kept.
 */
bool flush_delayed_work(struct delayed_work *dwork)
{
	if (del_timer_sync(&dwork->timer)) {
		int cpu = get_cpu();

		__queue_work(wq_per_cpu(keventd_wq, cpu), &dwork->work, cpu);
		put_cpu();
	}
	return flush_work(&dwork->work);
}

/*
 * Is current the keventd thread of its CPU?  Needs no guard against moving to
 * another CPU: such a thread is bound, and any other task gets "no" whichever CPU
 * it looks at.
 */
int current_is_keventd(void)
{
	BUG_ON(!keventd_wq);
	return per_cpu_ptr(keventd_wq->cpu_wq, raw_smp_processor_id())->thread == current;
}

/*
 * From inside keventd the local call is made directly, last: queued, it would
 * stand behind the item that waits for it.
 */
int schedule_on_each_cpu(work_func_t func)
{
	struct work_struct *works = alloc_percpu(struct work_struct);
	int cpu, direct = -1;

	if (!works)
		return -ENOMEM;

	get_online_cpus();
	if (current_is_keventd())
		direct = raw_smp_processor_id();

	for_each_online_cpu(cpu) {
		INIT_WORK(per_cpu_ptr(works, cpu), func);
		if (cpu == direct)
			continue;
		check_internal(per_cpu_ptr(works, cpu));
		schedule_work_on(cpu, per_cpu_ptr(works, cpu));
	}
	if (direct >= 0)
		func(per_cpu_ptr(works, direct));

	for_each_online_cpu(cpu)
		flush_work(per_cpu_ptr(works, cpu));
	put_online_cpus();

	free_percpu(works);
	return 0;
}

/*
 * Bring the engine up.  In the release a machine without keventd is a BUG();
 * here the boot fails.
 */
int init_workqueues(void)
{
	int err = init_workqueue_maps();

	if (err)
		return err;

	register_cpu_notifier(&workqueue_cpu_nb);
	keventd_wq = create_workqueue("events");
	return keventd_wq ? 0 : -ENOMEM;
}

/* And down, which no kernel does: keventd runs what it has, and ends.  Also after half a boot. */
void exit_workqueues(void)
{
	if (keventd_wq) {
		flush_workqueue(keventd_wq);
		destroy_workqueue(keventd_wq);
		keventd_wq = NULL;
	}
	unregister_cpu_notifier(&workqueue_cpu_nb);
	free_workqueue_maps();
}
