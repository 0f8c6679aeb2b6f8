// SPDX-License-Identifier: GPL-2.0-only
/*
 * A thread for each task: starting, blocking, waking, ending.
 *
 * A thread sleeps on its own token:
 *
 *	            unpark                 park
 *	NONE ------------------> PERMIT ----------> NONE, did not sleep
 *	  | park                    ^
 *	  `-----> PARKED -----------'  unpark: PERMIT, and a wake-up call
 *
 * Both sides change it by one exchange, so an unpark is either found by the park
 * that follows, or finds the sleeper parked and wakes it: none is lost, and none
 * costs a system call when nobody sleeps.
 *
 * A waker says where the task shall run in wake_cpu, and the task itself takes that
 * over when it comes out of its sleep; so `cpu` is written by its own thread alone,
 * and stands still while it runs (decision 14).
 *
 * Life: made by native_task_init(), it waits for its first unpark; native_exit() ends it,
 * with MR_DEAD as the last touch of the task.  The thread is joined later, by the next
 * one that makes a thread or by the host.
 *
 * Owns struct nthread (native.h).  Read next: native-host.c.
 */
#include <stdio.h>
#include <stdlib.h>

#include "native.h"

#define EAGAIN_KERNEL	11	/* what mach_task_init() answers */

static void set_run(struct mtask *t, enum mrun run)
{
	__atomic_store_n(&t->run, run, __ATOMIC_RELAXED);
}

static void set_cpu(struct mtask *t, unsigned int cpu)
{
	__atomic_store_n(&t->cpu, cpu, __ATOMIC_RELAXED);
}

/* ---- blocking and waking ---- */

/* Sleep until the token is a permit, and take it.  False: it was one already. */
static bool await(struct nthread *n)
{
	uint32_t none = TOKEN_NONE;
	bool slept = __atomic_compare_exchange_n(&n->token, &none, TOKEN_PARKED, false,
						 __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE);

	if (slept)
		while (__atomic_load_n(&n->token, __ATOMIC_ACQUIRE) == TOKEN_PARKED)
			futex_wait(&n->token, TOKEN_PARKED);
	/* A second permit that comes in between is one with the first. */
	__atomic_exchange_n(&n->token, TOKEN_NONE, __ATOMIC_ACQUIRE);
	return slept;
}

static void leave(struct mtask *t, enum mrun run)
{
	set_run(t, run);
	atomic_fetch_sub_explicit(&ncpu_of(t)->running, 1, memory_order_relaxed);
}

static void occupy(struct mtask *t, unsigned int cpu)
{
	set_cpu(t, cpu);
	set_run(t, MR_CURR);
	/* Full order: we see that the CPU is off, or who takes it off sees us on it. */
	atomic_fetch_add(&ncpu_of(t)->running, 1);
}

/* Not where current is, if that CPU does not work any more. */
static void go_elsewhere(struct mtask *t)
{
	while (atomic_load(&ncpu_of(t)->off)) {
		unsigned int cpu = machine.up->evicted(t);

		leave(t, MR_CURR);
		occupy(t, cpu);
	}
}

/* On a virtual CPU from now on: where the waker wanted it. */
static void arrive(struct mtask *t)
{
	occupy(t, __atomic_load_n(&t->thread->wake_cpu, __ATOMIC_RELAXED));
	if (atomic_load_explicit(&ncpu_of(t)->off, memory_order_relaxed))
		go_elsewhere(t);
}

/*
 * Wake-up calls are put off while preemption is off: whoever is woken would, on this
 * core, take it from us and then wait for the lock under which we woke it.  In the
 * kernel too it comes to run when preemption is back on.
 *
 * Only the address is kept, and it is only called: whoever sleeps there may have come
 * back by itself meanwhile and be gone, and the call then wakes nobody.
 */
static bool put_off(uint32_t *token)
{
	struct mtask *me = mach_current;

	if (!me || !(me->preempt_count & MACH_PREEMPT_MASK) || me->nr_wakes == MACH_WAKES)
		return false;
	me->wakes[me->nr_wakes++] = token;
	__atomic_store_n(&me->resched, true, __ATOMIC_RELAXED);
	return true;
}

static void make_calls(struct mtask *me)
{
	__atomic_store_n(&me->resched, false, __ATOMIC_RELAXED);
	while (me->nr_wakes)
		futex_wake(me->wakes[--me->nr_wakes], 1);
}

void native_preempt(void)
{
	struct mtask *me = mach_current;

	if (me->preempt_count & MACH_PREEMPT_MASK)
		return;
	make_calls(me);
	/* A swapper, which has no thread of its own kind, stays with its CPU to the end. */
	if (!me->preempt_count && !me->irqs_off && me->thread)
		go_elsewhere(me);
}

/* About to wait, whatever is on or off: nobody shall wait for a call of ours. */
void native_calls(void)
{
	struct mtask *me = mach_current;

	if (me && __atomic_load_n(&me->resched, __ATOMIC_RELAXED))
		make_calls(me);
}

void native_park(bool watch)
{
	struct mtask *t = mach_current;
	struct nthread *n = t->thread;

	native_calls();
	if (__atomic_load_n(&n->token, __ATOMIC_RELAXED) != TOKEN_PERMIT) {
		__atomic_store_n(&t->parked_at, native_now(), __ATOMIC_RELAXED);
		__atomic_store_n(&n->watch, watch, __ATOMIC_RELEASE);
		__atomic_store_n(&n->wake_cpu, t->cpu, __ATOMIC_RELAXED);
		leave(t, MR_PARKED);
		await(n);
		arrive(t);
		__atomic_store_n(&n->watch, false, __ATOMIC_RELAXED);
	} else {
		await(n);
	}
	t->spins = 0;
}

void native_unpark(struct mtask *t, unsigned int cpu)
{
	struct nthread *n = t->thread;

	__atomic_store_n(&n->wake_cpu, cpu, __ATOMIC_RELAXED);
	if (__atomic_exchange_n(&n->token, TOKEN_PERMIT, __ATOMIC_ACQ_REL) == TOKEN_PARKED &&
	    !put_off(&n->token))
		futex_wake(&n->token, 1);
}

/* Another task than current takes this over when it next comes out of a sleep. */
void native_move(struct mtask *t, unsigned int cpu)
{
	if (t == mach_current) {
		leave(t, MR_CURR);
		occupy(t, cpu);
		go_elsewhere(t);
	} else if (__atomic_load_n(&t->run, __ATOMIC_RELAXED) == MR_NEW) {
		set_cpu(t, cpu);
	}
}

/* Tell those who are on a CPU to go; true: there are some. */
static bool send_away(unsigned int cpu)
{
	bool any = false;
	struct mlink *l;

	pthread_mutex_lock(&native.lock);
	for (l = native.tasks.next; l != &native.tasks; l = l->next) {
		struct mtask *t = mlink_entry(l, struct mtask, all);

		if (__atomic_load_n(&t->run, __ATOMIC_SEQ_CST) != MR_CURR ||
		    __atomic_load_n(&t->cpu, __ATOMIC_SEQ_CST) != cpu)
			continue;
		__atomic_store_n(&t->resched, true, __ATOMIC_RELAXED);
		any = true;
	}
	pthread_mutex_unlock(&native.lock);
	return any;
}

/*
 * Nobody can be taken from a core by force: each goes by itself when preemption or
 * interrupts are next switched on, when it next wakes, or out of a burn.  One that was
 * told while it was in the middle of its last look is told again.
 */
void native_cpu_off(unsigned int cpu)
{
	atomic_store(&native.cpus[cpu].off, true);
	while (send_away(cpu))
		native_relax();
	native_stop_timer(cpu);
}

void native_cpu_on(unsigned int cpu)
{
	native.cpus[cpu].stop = false;
	atomic_store(&native.cpus[cpu].off, false);
}

bool native_cpu_idle(unsigned int cpu)
{
	return atomic_load_explicit(&native.cpus[cpu].running, memory_order_relaxed) <= 0;
}

/* ---- starting and ending ---- */

static void *thread_main(void *arg)
{
	struct nthread *n = arg;
	struct mtask *t = n->task;

	__atomic_store_n(&n->stack, (char *)__builtin_frame_address(0) - native.stack_size,
			 __ATOMIC_RELAXED);
	pthread_setname_np(pthread_self(), n->comm);
	/* Who changes the priority from here on does it himself; see native_set_prio(). */
	__atomic_store_n(&n->tid, gettid(), __ATOMIC_SEQ_CST);
	host_prio(n->tid, __atomic_load_n(&t->prio, __ATOMIC_SEQ_CST));
	mach_current = t;
	if (!_setjmp(n->start)) {
		await(n);
		arrive(t);
		t->entry(t->arg);
		native_exit();
	}
	return NULL;
}

static int thread_start(struct nthread *n)
{
	pthread_attr_t attr;
	cpu_set_t all;
	unsigned int i;
	int err;

	CPU_ZERO(&all);
	for (i = 0; i < native.nr_cores; i++)
		CPU_SET(native.cores[i], &all);
	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, native.stack_size);
	/* A thread would inherit its maker's cores. */
	if (native.nr_cores > 1)
		pthread_attr_setaffinity_np(&attr, sizeof(all), &all);
	err = pthread_create(&n->thread, &attr, thread_main, n);
	pthread_attr_destroy(&attr);
	return err;
}

void native_join_gone(void)
{
	struct nthread *n, *next;

	pthread_mutex_lock(&native.lock);
	n = native.gone;
	native.gone = NULL;
	pthread_mutex_unlock(&native.lock);
	for (; n; n = next) {
		next = n->next;
		pthread_join(n->thread, NULL);
		free(n);
	}
}

/* The lock is held across the start, so that tasks stand in the list in creation order. */
int native_task_init(struct mtask *t)
{
	struct nthread *n = calloc(1, sizeof(*n));
	int err;

	if (!n)
		return -EAGAIN_KERNEL;
	native_join_gone();
	n->task = t;
	n->wake_cpu = t->cpu;
	snprintf(n->comm, sizeof(n->comm), "%s", t->comm);
	t->thread = n;
	pthread_mutex_lock(&native.lock);
	err = thread_start(n);
	if (!err) {
		t->id = ++native.next_id;
		native.tasks_made++;
		mlink_before(&t->all, &native.tasks);
	}
	pthread_mutex_unlock(&native.lock);
	if (!err)
		return 0;
	free(n);
	return -EAGAIN_KERNEL;
}

void native_renamed(struct mtask *t)
{
	pthread_setname_np(t->thread->thread, t->comm);
}

void native_exit(void)
{
	struct mtask *t = mach_current;
	struct nthread *n = t->thread;
	bool first = t == native.init, alone;

	native_calls();
	leave(t, MR_CURR);
	pthread_mutex_lock(&native.lock);
	mlink_del(&t->all);
	alone = mlink_empty(&native.tasks);
	if (first && !alone)
		native_stop(VERDICT_LEAK, "the first task ended, but tasks are left behind");
	n->next = native.gone;
	native.gone = n;
	pthread_mutex_unlock(&native.lock);

	mach_current = NULL;
	/* From here on whoever counts the dead may free the task. */
	__atomic_store_n(&t->run, MR_DEAD, __ATOMIC_RELEASE);
	if (first) {
		__atomic_store_n(&native.over, 1, __ATOMIC_RELEASE);
		futex_wake(&native.over, 1);
	}
	_longjmp(n->start, 1);
}

/* ---- looking at them ---- */

void native_for_each_task(void (*fn)(struct mtask *t, void *arg), void *arg)
{
	struct mlink *l;

	pthread_mutex_lock(&native.lock);
	for (l = native.tasks.next; l != &native.tasks; l = l->next)
		fn(mlink_entry(l, struct mtask, all), arg);
	pthread_mutex_unlock(&native.lock);
}

const char *native_name_of_stack(const void *p, char *buf, size_t size)
{
	const char *name = NULL, *at = p;
	struct mlink *l;

	pthread_mutex_lock(&native.lock);
	for (l = native.tasks.next; l != &native.tasks && !name; l = l->next) {
		const struct mtask *t = mlink_entry(l, struct mtask, all);
		const char *stack = __atomic_load_n(&t->thread->stack, __ATOMIC_RELAXED);

		if (stack && at >= stack && at < stack + native.stack_size) {
			snprintf(buf, size, "stack:%u", t->id);
			name = buf;
		}
	}
	pthread_mutex_unlock(&native.lock);
	return name;
}

/* ---- grace periods ---- */

/*
 * Is a task inside code that counts as a reader of RCU's sched flavour?  Acquire: what
 * it did inside comes before whatever follows on "no".
 */
static bool is_reader(const struct mtask *t)
{
	if (t == mach_current)	/* in a timer function, whose softirq part is our own */
		return t->preempt_count & MACH_PREEMPT_MASK;
	return __atomic_load_n(&t->preempt_count, __ATOMIC_ACQUIRE) ||
	       __atomic_load_n(&t->irqs_off, __ATOMIC_ACQUIRE);
}

static bool still_out(bool *holdout, bool first, const struct mtask *t)
{
	*holdout = (first || *holdout) && is_reader(t);
	return *holdout;
}

/*
 * Readers mark themselves with plain stores and no barrier, for they are on every
 * queueing's path.  The barrier is here, on all cores at once: a reader whose mark it
 * did not bring to light has not looked at anything yet, and will find what was
 * unpublished before it unpublished.
 */
bool native_quiescent(bool first)
{
	bool all = true;
	struct mlink *l;
	unsigned int i;

	host_barrier();
	pthread_mutex_lock(&native.lock);
	for (l = native.tasks.next; l != &native.tasks; l = l->next) {
		struct mtask *t = mlink_entry(l, struct mtask, all);

		if (still_out(&t->thread->holdout, first, t))
			all = false;
	}
	for (i = 0; i < machine.cfg.cpus; i++) {
		struct mtask *t = native.cpus[i].swapper;

		if (t && still_out(&native.cpus[i].holdout, first, t))
			all = false;
	}
	pthread_mutex_unlock(&native.lock);
	return all;
}
