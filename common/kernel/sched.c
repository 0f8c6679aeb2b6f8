// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tasks: how they block, how they are woken, where they run.
 *
 * schedule() is the only place where a task blocks, and try_to_wake_up() the only
 * one where it becomes ready again.  Which of the ready tasks occupies a CPU is the
 * machine's affair (common/machine/).
 *
 *	sleeper				waker
 *	set_current_state(S)		condition = true
 *	if (!condition)			try_to_wake_up():
 *		schedule():			state S -> RUNNING	(1)
 *			hooks->sleeping		hooks->waking		(2)
 *			park while state != R	unpark			(3)
 *			hooks->waking
 *
 * No wake-up is lost: the sleeper writes its state before it tests the
 * condition, the waker writes the condition before it looks at the state, and
 * an unpark that comes before the park leaves a permit.  The waking hook may
 * run twice, (2) and at the end of schedule(); the second time finds the mark
 * cleared and does nothing.  It runs before (3), so a worker counts as running
 * from its wake-up on, not from when it gets the CPU.
 *
 * From (1) on the sleeper may be off on its own: it finds its state RUNNING and
 * need not park at all, while its waker still has (2) and (3) to do on it.  So a waker
 * counts itself in task->wakers before (1) and out behind (3), and a task that is
 * about to drop what its wakers touch (its hooks, or itself) waits until nobody is
 * in there: sched_set_hooks(), sched_wakers_gone().  The kernel has its runqueue locks
 * for this.
 *
 * Owns: struct task_struct (linux/sched.h).  Locks: a task's pi_lock guards
 * where and how urgently it may run; it is a leaf.
 *
 * Read next: wait.c, kthread.c; below it common/machine/sim-sched.c.
 */
#include <linux/bug.h>
#include <linux/errno.h>
#include <linux/freezer.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/mutex.h>
#include <linux/percpu.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <wqlab/events.h>
#include <wqlab/mach.h>
#include <wqlab/race.h>

static int effective_prio(const struct task_struct *p)
{
	if (__READ_ONCE(p->policy) == SCHED_FIFO)
		return MACH_PRIO_MAX_RT - 1 - __READ_ONCE(p->rt_priority);
	return MACH_PRIO_NICE0 + __READ_ONCE(p->static_nice);
}

/* Make a task: unbound, nice 0, not running before its first wake-up. */
struct task_struct *sched_new_task(void (*entry)(void *), void *arg, const char *comm)
{
	struct task_struct *p = kzalloc(sizeof(*p), GFP_KERNEL);
	int err;

	if (!p)
		return NULL;
	p->state = TASK_UNINTERRUPTIBLE;
	p->policy = SCHED_NORMAL;
	p->usage = 1;
	p->flags = PF_NOFREEZE;
	spin_lock_init(&p->pi_lock);
	cpumask_copy(&p->cpus_allowed, cpu_possible_mask);
	strlcpy(p->comm, comm, sizeof(p->comm));
	p->m.cpu = mach_self() ? mach_self()->cpu : 0;
	race_release(&p->freeze);	/* for who finds it in the list of tasks, the freezer */
	err = mach_task_init(&p->m, p->comm, entry, arg, effective_prio(p));
	if (err) {
		kfree(p);
		return ERR_PTR(err);
	}
	p->pid = p->m.id;
	return p;
}

/*
 * The first task.  It is made in the host's context, where there is no current
 * yet; so it is static and takes no lock.
 */
struct mtask *sched_init_task(void (*entry)(void *))
{
	static struct task_struct init_task;
	struct task_struct *p = &init_task;

	p->state = TASK_UNINTERRUPTIBLE;
	p->policy = SCHED_NORMAL;
	p->usage = 1;		/* and never 0: it is not from kmalloc() */
	p->flags = PF_NOFREEZE;
	spin_lock_init(&p->pi_lock);
	cpumask_copy(&p->cpus_allowed, cpu_possible_mask);
	strlcpy(p->comm, "init", sizeof(p->comm));
	if (mach_task_init(&p->m, p->comm, entry, p, effective_prio(p)))
		return NULL;
	p->pid = p->m.id;
	return &p->m;
}

/* swapper/N: the task that an interrupt on an idle CPU interrupts. */
static DEFINE_PER_CPU(struct task_struct, idle_tasks);

struct mtask *sched_idle_task(unsigned int cpu)
{
	struct task_struct *p = &per_cpu(idle_tasks, cpu);

	/* Made in the middle of a decision: nothing here may ask for another. */
	race_ignore();
	p->state = TASK_RUNNING;
	p->policy = SCHED_NORMAL;
	spin_lock_init(&p->pi_lock);
	snprintf(p->comm, sizeof(p->comm), "swapper/%u", cpu);
	cpumask_copy(&p->cpus_allowed, cpumask_of(cpu));
	p->m.comm = p->comm;
	p->m.cpu = cpu;
	p->m.prio = MACH_PRIO_IDLE;
	race_watch();
	return &p->m;
}

/* ---- what only ThreadSanitizer has to be told ---- */

static void saw_reader(struct mtask *t, void *arg)
{
	race_acquire(&t->preempt_count);
	race_acquire(&t->irqs_off);
}

/* A grace period is over: mach_quiescent() has seen all who had preemption or interrupts off. */
void sched_readers_seen(void)
{
	unsigned int cpu;

	if (!race_watched)
		return;
	mach_for_each_task(saw_reader, NULL);
	for (cpu = 0; cpu < mach_nr_cpus(); cpu++)
		saw_reader(&per_cpu(idle_tasks, cpu).m, NULL);
	kthread_ended_seen();
}

/* ---- blocking ---- */

/* Report a sleep where none is allowed as the kernel does, and name the locks held. */
static void report_atomic_sleep(const char *headline)
{
	struct task_struct *tsk = current;
	int i;

	pr_err("%s\n", headline);
	pr_err("in_atomic(): %d, irqs_disabled(): %d, pid: %d, name: %s\n",
	       in_atomic(), irqs_disabled(), tsk->pid, tsk->comm);
	if (in_interrupt())
		pr_err("in interrupt context on CPU %u, which interrupted %s/%d\n",
		       smp_processor_id(), tsk->comm, tsk->pid);
	if (tsk->nr_held)
		pr_err("%d lock%s held by %s/%d:\n", tsk->nr_held,
		       tsk->nr_held == 1 ? "" : "s", tsk->comm, tsk->pid);
	for (i = 0; i < tsk->nr_held; i++)
		pr_err(" #%d:  (%s), at: %s\n", i, tsk->held[i].lock->dep_map.name, tsk->held[i].func);
}

void __might_sleep(const char *file, int line)
{
	char headline[160];
	const char *base = strrchr(file, '/');

	if (likely(preemptible()))
		return;
	snprintf(headline, sizeof(headline),
		 "BUG: sleeping function called from invalid context at %s:%d",
		 base ? base + 1 : file, line);
	report_atomic_sleep(headline);
	mach_count_warning();
}

static void schedule_bug(void)
{
	char headline[96];

	snprintf(headline, sizeof(headline), "BUG: scheduling while atomic: %s/%d/0x%08x",
		 current->comm, current->pid, preempt_count());
	report_atomic_sleep(headline);
	machine_stop(VERDICT_BUG, headline);
}

/* Is it a fault if it sleeps for ever?  Not if a timer wakes it, or the end of a suspend. */
static bool is_watched(const struct task_struct *p)
{
	return (__READ_ONCE(p->state) & TASK_UNINTERRUPTIBLE) && !p->timed && !frozen(p);
}

void (schedule)(void)
{
	struct task_struct *tsk = current;
	const struct sched_hooks *hooks = tsk->hooks;
	bool noted = tsk->blocked.kind != NULL;

	if (unlikely(!preemptible()))
		schedule_bug();

	mach_point(MP_BLOCK, tsk);
	if (__READ_ONCE(tsk->state) == TASK_RUNNING) {
		mach_preempt();
		return;
	}
	if (!noted)
		sched_block_note("schedule()", NULL, NULL);
	if (hooks)
		hooks->sleeping(tsk);
	/* Acquire: what the waker wrote before it woke us. */
	while (__atomic_load_n(&tsk->state, __ATOMIC_ACQUIRE) != TASK_RUNNING)
		mach_park(is_watched(tsk));
	if (hooks)
		hooks->waking(tsk);
	if (!noted)
		sched_block_done();
}

void yield(void)
{
	mach_point(MP_YIELD, current);
	mach_relax();
}

int cond_resched(void)
{
	might_sleep();
	if (!mach_need_resched())
		return 0;
	mach_preempt();
	return 1;
}

/* ---- waking ---- */

/*
 * None of the CPUs that the task was on will do.  If all it may use are down, it may use
 * all from now on, as in the kernel; nobody gives it the old bond back.
 */
static unsigned int select_fallback_rq(struct task_struct *p)
{
	unsigned int cpu = cpumask_any_and(&p->cpus_allowed, cpu_active_mask);

	if (cpu < (unsigned int)nr_cpu_ids)
		return cpu;
	cpu = cpumask_any_and(&p->cpus_allowed, cpu_online_mask);
	if (cpu < (unsigned int)nr_cpu_ids)
		return cpu;
	cpumask_copy(&p->cpus_allowed, cpu_possible_mask);
	mach_affinity(&p->m, cpumask_bits(cpu_possible_mask), nr_cpu_ids);
	return cpumask_any(cpu_active_mask);
}

/*
 * A task's CPU is chosen at wake-up (decision 14): where it was, if it may run
 * there and nobody is in its way, else an idle CPU that it may use, else where
 * it was, else the first one allowed.
 */
static unsigned int select_task_rq(struct task_struct *p)
{
	unsigned int prev = task_cpu(p), cpu;
	bool prev_ok = cpumask_test_cpu(prev, &p->cpus_allowed) && cpu_online(prev);

	if (prev_ok && mach_cpu_idle(prev))
		return prev;
	for_each_cpu_and(cpu, &p->cpus_allowed, cpu_active_mask)
		if (mach_cpu_idle(cpu))
			return cpu;
	return prev_ok ? prev : select_fallback_rq(p);
}

static unsigned int wake_cpu(struct task_struct *p)
{
	enum mrun run = __READ_ONCE(p->m.run);
	unsigned int cpu;

	/* Still on its CPU, on its way into schedule(): it stays where it is. */
	if (run != MR_PARKED && run != MR_NEW)
		return task_cpu(p);
	/*
	 * On sim no choice point stands between here and mach_unpark(), so nobody changes
	 * the mask meanwhile.  On native a look that is out of date at once does no harm,
	 * but half a mask would: set_cpus_allowed_ptr() moves the task behind us.
	 */
	if (mach_points_on)
		return select_task_rq(p);
	spin_lock(&p->pi_lock);
	cpu = select_task_rq(p);
	spin_unlock(&p->pi_lock);
	return cpu;
}

static int try_to_wake_up(struct task_struct *p, unsigned int mask)
{
	const struct sched_hooks *hooks;
	unsigned int cpu;
	long state;

	mach_point(MP_WAKE, p);
	/* Before the state changes, for from then on p may be leaving; see at the top. */
	__atomic_fetch_add(&p->wakers, 1, __ATOMIC_SEQ_CST);
	/* Behind what our caller wrote for it to find. */
	state = __atomic_load_n(&p->state, __ATOMIC_SEQ_CST);
	do {
		if (!(state & mask)) {
			__atomic_fetch_sub(&p->wakers, 1, __ATOMIC_RELEASE);
			return 0;
		}
	} while (!__atomic_compare_exchange_n(&p->state, &state, TASK_RUNNING, false,
					      __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST));
	hooks = __atomic_load_n(&p->hooks, __ATOMIC_SEQ_CST);
	if (hooks)
		hooks->waking(p);
	cpu = wake_cpu(p);
	trace_sched(TRACE_SCHED_WAKEUP, p, 0, cpu);
	mach_unpark(&p->m, cpu);
	__atomic_fetch_sub(&p->wakers, 1, __ATOMIC_RELEASE);
	return 1;
}

/*
 * Wait until nobody who found current asleep still has a hand on it.  On sim with a
 * sleep: a waker that was preempted may be less urgent than current, and get no CPU
 * while current is busy waiting on it; and each sleep is longer than the last, for
 * where switching costs more than a tick it would get none either if we came back at
 * every tick.  On native busy waiting ends in naps.
 */
void sched_wakers_gone(void)
{
	long nap = 1;

	while (__atomic_load_n(&current->wakers, __ATOMIC_SEQ_CST)) {
		if (mach_points_on)
			schedule_timeout_uninterruptible(nap++);
		else
			cpu_relax();
	}
}

/*
 * Either a waker that counts itself in from now on finds the new hooks, or it is waited
 * for here: its count, then its look at the hooks; our store, then our look at the count.
 */
void sched_set_hooks(const struct sched_hooks *hooks)
{
	__atomic_store_n(&current->hooks, hooks, __ATOMIC_SEQ_CST);
	if (!hooks)
		sched_wakers_gone();
}

int wake_up_process(struct task_struct *p)
{
	return try_to_wake_up(p, TASK_NORMAL);
}

int wake_up_state(struct task_struct *p, unsigned int state)
{
	return try_to_wake_up(p, state);
}

/* ---- where and how urgently ---- */

/* The CPU it is on goes down; see mach_cpu_off(). */
unsigned int sched_evicted(struct mtask *m)
{
	struct task_struct *p = (struct task_struct *)m;
	unsigned int cpu;

	/* As in wake_cpu(); and it is the machine that asks, in between two tasks. */
	if (mach_points_on) {
		race_ignore();
		cpu = select_fallback_rq(p);
		race_watch();
		return cpu;
	}
	spin_lock(&p->pi_lock);
	cpu = select_fallback_rq(p);
	spin_unlock(&p->pi_lock);
	return cpu;
}

int set_cpus_allowed_ptr(struct task_struct *p, const struct cpumask *new_mask)
{
	unsigned int cpu;

	cpu = cpumask_any_and(new_mask, cpu_active_mask);
	if (cpu >= (unsigned int)nr_cpu_ids)
		return -EINVAL;
	spin_lock(&p->pi_lock);
	cpumask_copy(&p->cpus_allowed, new_mask);
	mach_affinity(&p->m, cpumask_bits(new_mask), nr_cpu_ids);
	spin_unlock(&p->pi_lock);
	/*
	 * A waker that looked at the mask before has yet to say where current shall run.
	 * Let it, or current would go there when it next sleeps, as if it still might.
	 */
	if (!mach_points_on && p == current)
		sched_wakers_gone();
	if (!cpumask_test_cpu(task_cpu(p), new_mask))
		mach_move(&p->m, cpu);
	return 0;
}

/*
 * Tell the machine.  Not under pi_lock, for others may go first there; so who finds that
 * somebody else has changed it meanwhile tells the machine again, and the last one is right.
 */
static void apply_prio(struct task_struct *p)
{
	int prio;

	do {
		prio = effective_prio(p);
		mach_set_prio(&p->m, prio);
	} while (prio != effective_prio(p));
}

int sched_setscheduler(struct task_struct *p, int policy, const struct sched_param *param)
{
	int prio = param->sched_priority;

	if (policy == SCHED_FIFO ? prio < 1 || prio >= MAX_RT_PRIO : prio != 0)
		return -EINVAL;
	if (policy != SCHED_FIFO && policy != SCHED_NORMAL)
		return -EINVAL;
	spin_lock(&p->pi_lock);
	__WRITE_ONCE(p->policy, policy);
	__WRITE_ONCE(p->rt_priority, prio);
	spin_unlock(&p->pi_lock);
	apply_prio(p);
	return 0;
}

int sched_setscheduler_nocheck(struct task_struct *p, int policy, const struct sched_param *param)
{
	return sched_setscheduler(p, policy, param);
}

void set_user_nice(struct task_struct *p, long nice)
{
	spin_lock(&p->pi_lock);
	__WRITE_ONCE(p->static_nice, clamp_t(long, nice, MIN_NICE, MAX_NICE));
	spin_unlock(&p->pi_lock);
	apply_prio(p);
}

void set_task_comm(struct task_struct *p, const char *name)
{
	trace_str old = trace_enabled() ? trace_intern(p->comm) : 0;
	int i;

	/* Reports and `ps` may be reading it: byte by byte, and never without its end. */
	for (i = 0; i < TASK_COMM_LEN - 1 && name[i]; i++)
		__WRITE_ONCE(p->comm[i], name[i]);
	__WRITE_ONCE(p->comm[i], '\0');
	mach_renamed(&p->m);
	trace_sched(TRACE_TASK_RENAME, p, old, 0);
}
