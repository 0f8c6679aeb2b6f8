// SPDX-License-Identifier: GPL-2.0-only
/*
 * Kernel threads: made asleep, started by the first wake-up, stopped on request.
 *
 * kthread_stop() sets should_stop, wakes the thread and waits for its end.  The
 * thread tests should_stop after it has set its state (or under a lock that
 * orders it so), hence the wake-up cannot fall between test and sleep.
 *
 * A thread that has ended cannot free the stack it stands on, nor its task_struct;
 * it lies among the zombies until the next thread is made, which reaps them.
 *
 * Owns: struct kthread, the list of zombies under zombie_lock.  Read next: sched.c.
 */
#include <linux/bug.h>
#include <linux/completion.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/slab.h>
#include <wqlab/events.h>
#include <wqlab/race.h>

/*
 * I: fixed at creation.  A: READ_ONCE/WRITE_ONCE.  E: written by the thread before it
 * completes `exited`, read after.
 */
struct kthread {
	int (*threadfn)(void *);	/* I */
	void *data;			/* I */
	bool should_stop;		/* A */
	int result;			/* E */
	struct completion exited;	/* a lock of its own; kthread_stop() waits for it */
};

static DEFINE_SPINLOCK(zombie_lock);
static LIST_HEAD(zombies);			/* under zombie_lock */

static struct kthread *to_kthread(struct task_struct *k)
{
	return k->kthread;
}

/* What every kernel thread runs. */
static void kthread(void *arg)
{
	struct kthread *self = arg;

	/* Running since the first wake-up; acquire what its waker wrote before. */
	(void)__atomic_load_n(&current->state, __ATOMIC_ACQUIRE);
	self->result = -EINTR;
	if (!READ_ONCE(self->should_stop))
		self->result = self->threadfn(self->data);
	trace_sched(TRACE_TASK_EXIT, current, 0, 0);
	mach_point(MP_STOP, self);
	complete(&self->exited);
	sched_wakers_gone();	/* current runs, so nobody starts to wake it */
	__set_current_state(TASK_DEAD);
	spin_lock(&zombie_lock);
	list_add_tail(&current->zombie, &zombies);
	spin_unlock(&zombie_lock);
	race_release(&zombies);		/* MR_DEAD, which says so, is the machine's */
	mach_exit();
}

/* For ThreadSanitizer: all threads that count as dead have done what they did. */
void kthread_ended_seen(void)
{
	race_acquire(&zombies);
}

void put_task_struct(struct task_struct *p)
{
	if (__atomic_sub_fetch(&p->usage, 1, __ATOMIC_ACQ_REL))
		return;
	lockdep_free_task(p);
	kfree(p->kthread);
	kfree(p);
}

/* Drop the references that ended threads had of themselves. */
static void reap_zombies(void)
{
	struct task_struct *p, *n;
	LIST_HEAD(gone);

	spin_lock(&zombie_lock);
	list_for_each_entry_safe(p, n, &zombies, zombie)
		/* Else it is still on its way out of kthread(); acquire its last steps there. */
		if (__atomic_load_n(&p->m.run, __ATOMIC_ACQUIRE) == MR_DEAD)
			list_move(&p->zombie, &gone);
	spin_unlock(&zombie_lock);
	kthread_ended_seen();
	list_for_each_entry_safe(p, n, &gone, zombie)
		put_task_struct(p);
}

/* On real cores the last one may have left the list of threads and not be quite dead. */
void kthread_shutdown(void)
{
	reap_zombies();
	while (!mach_points_on && !list_empty(&zombies)) {
		cpu_relax();
		reap_zombies();
	}
}

struct task_struct *kthread_create_on_node(int (*threadfn)(void *data), void *data, int node,
					   const char namefmt[], ...)
{
	char comm[TASK_COMM_LEN];
	struct task_struct *p;
	struct kthread *self;
	va_list args;

	might_sleep();
	reap_zombies();
	mach_point(MP_START, threadfn);
	if (mach_fault(MFAULT_KTHREAD))
		return ERR_PTR(-ENOMEM);
	self = kzalloc(sizeof(*self), GFP_KERNEL);
	if (!self)
		return ERR_PTR(-ENOMEM);
	self->threadfn = threadfn;
	self->data = data;
	init_completion(&self->exited);

	va_start(args, namefmt);
	vsnprintf(comm, sizeof(comm), namefmt, args);
	va_end(args);
	p = sched_new_task(kthread, self, comm);
	if (IS_ERR_OR_NULL(p)) {
		kfree(self);
		return p ? p : ERR_PTR(-ENOMEM);
	}
	__WRITE_ONCE(p->flags, p->flags | PF_KTHREAD);
	p->kthread = self;
	trace_sched(TRACE_TASK_NEW, p, 0, 0);
	return p;
}

void kthread_bind(struct task_struct *k, unsigned int cpu)
{
	WARN_ON(__READ_ONCE(k->m.run) != MR_NEW);
	/* Without pi_lock: nobody else knows a thread that has not run. */
	cpumask_copy(&k->cpus_allowed, cpumask_of(cpu));
	mach_affinity(&k->m, cpumask_bits(cpumask_of(cpu)), nr_cpu_ids);
	__WRITE_ONCE(k->m.cpu, cpu);
	__WRITE_ONCE(k->flags, k->flags | PF_NO_SETAFFINITY);
}

bool kthread_should_stop(void)
{
	return READ_ONCE(to_kthread(current)->should_stop);
}

int kthread_stop(struct task_struct *k)
{
	struct kthread *self = to_kthread(k);
	int result;

	might_sleep();
	get_task_struct(k);
	mach_point(MP_STOP, k);
	WRITE_ONCE(self->should_stop, true);
	wake_up_process(k);
	wait_blame(k, "to end");
	wait_for_completion(&self->exited);
	wait_blame(NULL, NULL);
	result = self->result;
	put_task_struct(k);
	return result;
}

void *kthread_func(struct task_struct *k)
{
	return (void *)to_kthread(k)->threadfn;
}

void *kthread_data(struct task_struct *k)
{
	return to_kthread(k)->data;
}
