// SPDX-License-Identifier: GPL-2.0-only
/*
 * Booting: from a configuration to the first task, and back.
 *
 *	machine_run()			host, no machine yet
 *	  mach_restore_data()		  statics as the program started
 *	  mach_run()			  the machine
 *	    init()			    first task, pid 1
 *	      start_kernel()		      services, then the engines
 *	      first(arg)		      what the caller wants run
 *	      stop_kernel()		      engines, then services
 *	  results
 *
 * Owns `boot`, written by the host before the machine runs and by init.  Locking:
 * none is needed, since only one of the two is ever active.
 *
 * Read next: engines.c, common/machine/sim.c.
 */
#include <linux/cpumask.h>
#include <linux/errno.h>
#include <linux/jiffies.h>
#include <linux/lockdep.h>
#include <linux/percpu.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <linux/topology.h>
#include <wqlab/arena.h>
#include <wqlab/cmdline.h>
#include <wqlab/engine.h>
#include <wqlab/explore.h>
#include <wqlab/machine.h>
#include <wqlab/race.h>
#include <wqlab/slabinfo.h>
#include <wqlab/timer.h>
#include <wqlab/trace.h>

#include "boot.h"

/*
 * How long threads may take to leave at shutdown.  In virtual time a tick is more than
 * enough; a real machine may be busy with other things.
 */
#define STRAGGLER_TICKS	(mach_points_on ? 100 : 30 * HZ)

/* What init is to do; its `ret` is read when the machine is down. */
static struct {
	const char *engines;
	const char *cmdline;
	int (*first)(void *arg);
	void *arg;
	int ret;
} boot;

/*
 * Threads that were told to end may still be on their way out; let them.  One that
 * is there after so many ticks was forgotten by its owner, and the machine says so.
 */
static void wait_for_stragglers(void)
{
	int ticks = STRAGGLER_TICKS;

	while (machine_threads(NULL, 0) && ticks--)
		schedule_timeout_uninterruptible(1);
}

/* What nobody has given back is a leak; its owners are named. */
static void check_memory(void)
{
	struct slab_usage left;

	kthread_shutdown();
	percpu_shutdown();
	slab_count(NULL, &left);
	if (!left.objects)
		return;
	pr_warn("memory is left behind:\n");
	slab_report(NULL);
	mach_count_warning();
}

/* Those that are not brought up at boot. */
static void cpus_off(void)
{
	unsigned int cpu;

	for_each_possible_cpu(cpu)
		if (!cpu_online(cpu))
			mach_cpu_off(cpu);
}

static void init(void *unused)
{
	int err;

	race_acquire(&boot);
	__set_current_state(TASK_RUNNING);
	percpu_init();
	init_timers();
	cpus_off();
	dump_stack_task_info = print_worker_info;
	err = cmdline_read(boot.cmdline);
	if (!err)
		err = engines_boot(boot.engines);
	if (err) {
		pr_err("boot failed: error %d\n", err);
		boot.ret = err;
	} else {
		mach_settle();		/* the engines' threads have gone to sleep */
		machine_explore_from_here();
		boot.ret = boot.first(boot.arg);
		machine_explore_till_here();
	}
	engines_shutdown();
	check_notes_quiet();
	cmdline_free();
	rcu_shutdown();
	wait_for_stragglers();
	kthread_ended_seen();
	time_shutdown();
	check_memory();
	printk_flush();
	race_release(&boot);
}

static struct mtask *make_init(void *unused)
{
	struct mtask *first = sched_init_task(init);

	race_release(&boot);
	return first;
}

static void cpus_init(const struct machine_config *cfg)
{
	unsigned int cpu;

	topology_init(cfg->cpus, cfg->nodes);
	for (cpu = 0; cpu < cfg->cpus; cpu++) {
		set_cpu_possible(cpu, true);
		set_cpu_present(cpu, true);
		set_cpu_online(cpu, cpu < cfg->online);
		set_cpu_active(cpu, cpu < cfg->online);
	}
}

/* The host asks, when init executes no more. */
static bool init_failed(void)
{
	bool failed;

	race_ignore();
	failed = boot.ret != 0;
	race_watch();
	return failed;
}

static const struct mach_upcalls upcalls = {
	.timer_interrupt = timer_interrupt,
	.next_event = timer_next_event,
	.describe = sched_describe,
	.where = sched_where,
	.name = sched_name_object,
	.idle_task = sched_idle_task,
	.state = sched_state_letter,
	.failed = init_failed,
	.dump = engines_dump,
	.evicted = sched_evicted,
};

/* What the caller wants run. */
struct plan {
	int (*first)(void *arg);
	void *arg;
};

/* The kernel world as it was when the program started, of this many CPUs. */
static void make_ready(const struct machine_config *cfg, void *arg)
{
	const struct plan *plan = arg;

	arena_reset();
	mach_restore_data();
	trace_reset(!cfg->no_trace);
	lockdep_init(!strcmp(cfg->lockdep, "on"));
	time_init(cfg->hz);
	cpus_init(cfg);
	boot.engines = cfg->engines;
	boot.cmdline = cfg->cmdline;
	boot.first = plan->first;
	boot.arg = plan->arg;
}

static int check(const struct machine_config *config, struct machine_config *cfg)
{
	if (machine_running()) {
		mach_set_error("a machine runs in this process already: one at a time");
		return -EINVAL;
	}
	if (mach_config(config, cfg) || engines_check(cfg->engines) || arena_init())
		return -EINVAL;
	return 0;
}

int machine_run(const struct machine_config *config, int (*first)(void *arg), void *arg,
		struct machine_result *res)
{
	struct plan plan = { first, arg };
	struct machine_config cfg;

	if (check(config, &cfg))
		return -EINVAL;
	make_ready(&cfg, &plan);
	if (mach_run(&cfg, &upcalls, make_init, NULL, res))
		return -EINVAL;
	race_acquire(&boot);
	res->ret = boot.ret;
	res->report = mach_report_take();
	res->log = mach_log_take();
	return 0;
}

int machine_explore(const struct machine_config *config, const struct explore_config *how,
		    int (*first)(void *arg), void *arg, struct explore_state *state)
{
	struct machine_config cfg = *config;
	struct plan plan = { first, arg };

	cfg.explore = NULL;
	cfg.no_trace = true;
	cfg.quiet = true;
	if (check(&cfg, &cfg))
		return -EINVAL;
	return mach_explore(&cfg, &upcalls, make_init, make_ready, &plan, how, state) ? -EINVAL : 0;
}
