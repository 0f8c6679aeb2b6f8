// SPDX-License-Identifier: GPL-2.0-only
/*
 * The services below the engines: two or three tasks that wait, lock, arm timers, stop
 * threads and read under RCU.
 */
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/wait.h>

#include "faults_test.h"

/* ---- wait queues ---- */

static DECLARE_WAIT_QUEUE_HEAD(wq);
static int go[2], passed;

static int waits_exclusively(void *arg)
{
	int *flag = arg;
	DEFINE_WAIT(wait);

	while (!READ_ONCE(*flag)) {
		prepare_to_wait_exclusive(&wq, &wait, TASK_UNINTERRUPTIBLE);
		if (!READ_ONCE(*flag))
			schedule();
	}
	finish_wait(&wq, &wait);
	return part_done();
}

static int waits_with_others(void *arg)
{
	int *flag = arg;

	wait_event(wq, READ_ONCE(*flag));
	return part_done();
}

/* A wake-up for one exclusive waiter is for all others too, wherever they stand. */
static int exclusive_and_not(void *arg)
{
	struct task_struct *first;

	search_from_here();
	first = start_on(1, waits_exclusively, &go[0], "exclusive");
	wait_until_asleep(first);
	wait_until_asleep(start_on(1, waits_with_others, &go[0], "other"));
	WRITE_ONCE(go[0], 1);
	wake_up(&wq);
	wait_for_parts(2);
	CHECK(!waitqueue_active(&wq));
	return 0;
}

WQTEST(faults_services, exclusive_and_not, .any_order = true)
{
	RUN(2, exclusive_and_not);
}

/* A wake-up is for one who sleeps, not for one who is awake and still in the queue. */
static int a_wake_up_goes_on(void *arg)
{
	struct task_struct *first;

	search_from_here();
	first = start_on(1, waits_exclusively, &go[0], "first");
	start_on(1, waits_exclusively, &go[1], "second");
	pass_ms(1);
	WRITE_ONCE(go[0], 1);
	wake_up_process(first);
	WRITE_ONCE(go[1], 1);
	wake_up(&wq);
	wait_for_parts(2);
	CHECK(!waitqueue_active(&wq));
	return 0;
}

WQTEST(faults_services, a_wake_up_goes_on, .any_order = true)
{
	RUN(2, a_wake_up_goes_on);
}

/* Two who take turns with one condition each: whoever makes it true wakes the other. */
static int ping(void *arg)
{
	wait_event(wq, READ_ONCE(go[0]));
	WRITE_ONCE(go[1], 1);
	wake_up(&wq);
	return part_done();
}

static int ping_pong(void *arg)
{
	search_from_here();
	start_on(1, ping, NULL, "ping");
	WRITE_ONCE(go[0], 1);
	wake_up(&wq);
	wait_event(wq, READ_ONCE(go[1]));
	wait_for_parts(1);
	CHECK(!waitqueue_active(&wq));
	return 0;
}

WQTEST(faults_services, ping_pong, .any_order = true)
{
	RUN(2, ping_pong);
}

/* ---- completions ---- */

static struct completion comp;

static int passes(void *arg)
{
	wait_for_completion(&comp);
	__atomic_fetch_add(&passed, 1, __ATOMIC_RELAXED);
	return part_done();
}

/* As many get through as there were calls; arg: the second call comes before anybody waits. */
static int as_many_as_calls(void *arg)
{
	init_completion(&comp);
	search_from_here();
	if (arg) {
		complete(&comp);
		complete(&comp);
	}
	start_on(1, passes, NULL, "waiter");
	start_on(0, passes, NULL, "waiter");
	if (!arg) {
		complete(&comp);
		pass_ms(1);
		CHECK_EQ(passed, 1);
		complete(&comp);
	}
	wait_for_parts(2);
	CHECK_EQ(passed, 2);
	CHECK(!completion_done(&comp));
	return 0;
}

WQTEST(faults_services, as_many_as_calls, .any_order = true)
{
	RUN_ARG(2, as_many_as_calls, NULL);
	RUN_ARG(2, as_many_as_calls, &comp);
}

static int all_pass(void *arg)
{
	init_completion(&comp);
	search_from_here();
	start_on(1, passes, NULL, "waiter");
	start_on(0, passes, NULL, "waiter");
	pass_ms(1);
	complete_all(&comp);
	wait_for_parts(2);
	return 0;
}

WQTEST(faults_services, all_pass, .any_order = true)
{
	RUN(2, all_pass);
}

/* Whoever is back may free it, though the waker is still busy with it. */
static int completes(void *arg)
{
	complete(arg);
	return part_done();
}

static int the_waiter_frees_it(void *arg)
{
	struct completion *mine = kmalloc(sizeof(*mine), GFP_KERNEL);

	init_completion(mine);
	search_from_here();
	start_on(1, completes, mine, "waker");
	wait_for_completion(mine);
	memset(mine, 0x6b, sizeof(*mine));
	kfree(mine);
	wait_for_parts(1);
	return 0;
}

WQTEST(faults_services, the_waiter_frees_it, .any_order = true)
{
	RUN(2, the_waiter_frees_it);
}

/* ---- mutexes ---- */

static DEFINE_MUTEX(guard);
static int inside, sum;

static void enter(void)
{
	CHECK_EQ(READ_ONCE(inside), 0);
	WRITE_ONCE(inside, 1);
	sum++;
	WRITE_ONCE(inside, 0);
}

static int locks(void *arg)
{
	mutex_lock(&guard);
	enter();
	mutex_unlock(&guard);
	return part_done();
}

static int tries(void *arg)
{
	if (mutex_trylock(&guard)) {
		enter();
		mutex_unlock(&guard);
	}
	return part_done();
}

static int one_at_a_time(void *arg)
{
	search_from_here();
	start_on(1, locks, NULL, "locker");
	start_on(1, arg ? tries : locks, NULL, "other");
	locks(NULL);
	wait_for_parts(3);
	CHECK(arg || sum == 3);
	CHECK(!mutex_is_locked(&guard));
	return 0;
}

WQTEST(faults_services, one_at_a_time, .any_order = true)
{
	RUN_ARG(2, one_at_a_time, NULL);
	RUN_ARG(2, one_at_a_time, &guard);
}

/* Who has it sleeps, and the other one lets time pass. */
static int sleeps_inside(void *arg)
{
	mutex_lock(&guard);
	complete(&comp);
	pass_ms(1);
	enter();
	mutex_unlock(&guard);
	return part_done();
}

static int waits_for_a_sleeper(void *arg)
{
	init_completion(&comp);
	search_from_here();
	start_on(1, sleeps_inside, NULL, "sleeper");
	wait_for_completion(&comp);
	locks(NULL);
	wait_for_parts(2);
	CHECK_EQ(sum, 2);
	return 0;
}

WQTEST(faults_services, waits_for_a_sleeper, .any_order = true)
{
	RUN(2, waits_for_a_sleeper);
}

/* ---- timers ---- */

static struct timer_list timer;
static int in_function, fired;

static void fires(unsigned long data)
{
	WRITE_ONCE(in_function, 1);
	fired++;
	WRITE_ONCE(in_function, 0);
}

/* When del_timer_sync() is back, nothing of it runs. */
static int deletes(void *arg)
{
	del_timer_sync(&timer);
	CHECK_EQ(READ_ONCE(in_function), 0);
	CHECK(!timer_pending(&timer));
	return part_done();
}

static int gone_for_good(void *arg)
{
	setup_timer(&timer, fires, 0);
	search_from_here();
	timer.expires = jiffies + 1;
	add_timer_on(&timer, 1);
	schedule_timeout_uninterruptible(1);
	deletes(NULL);
	wait_for_parts(1);
	return 0;
}

WQTEST(faults_services, gone_for_good, .any_order = true)
{
	RUN(2, gone_for_good);
}

/* Its function arms it anew, while a task moves it to another CPU and then deletes it. */
static void fires_again(unsigned long data)
{
	WRITE_ONCE(in_function, 1);
	if (fired++ < 2)
		mod_timer(&timer, jiffies + 1);
	WRITE_ONCE(in_function, 0);
}

static int moves_and_deletes(void *arg)
{
	setup_timer(&timer, fires_again, 0);
	search_from_here();
	timer.expires = jiffies + 1;
	add_timer_on(&timer, 1);
	schedule_timeout_uninterruptible(1);
	mod_timer(&timer, jiffies + 1);
	deletes(NULL);
	wait_for_parts(1);
	return 0;
}

WQTEST(faults_services, moves_and_deletes, .any_order = true)
{
	RUN(2, moves_and_deletes);
}

/* The same time once more, after it has fired, is a time all the same. */
static int same_time_again(void *arg)
{
	unsigned long at = jiffies + 1;

	setup_timer(&timer, fires, 0);
	search_from_here();
	mod_timer(&timer, at);
	pass_ms(2);
	CHECK_EQ(fired, 1);
	mod_timer(&timer, at);
	pass_ms(2);
	CHECK_EQ(fired, 2);
	return 0;
}

WQTEST(faults_services, same_time_again, .any_order = true)
{
	RUN(2, same_time_again);
}

/* Two tasks arm, move and delete one timer; each time that was set last counts. */
static int mods(void *arg)
{
	mod_timer(&timer, jiffies + (long)arg);
	mod_timer(&timer, jiffies + 2);
	return part_done();
}

static int two_move_it(void *arg)
{
	setup_timer(&timer, fires, 0);
	search_from_here();
	start_on(1, mods, (void *)1L, "mover");
	mods((void *)3L);
	wait_for_parts(2);
	CHECK_EQ(fired, 0);
	pass_ms(3);
	CHECK_EQ(fired, 1);
	CHECK(!timer_pending(&timer));
	return 0;
}

WQTEST(faults_services, two_move_it, .any_order = true)
{
	RUN(2, two_move_it);
}

/* ---- threads ---- */

static int stays(void *arg)
{
	complete(&comp);
	while (!kthread_should_stop()) {
		set_current_state(TASK_INTERRUPTIBLE);
		if (!kthread_should_stop())
			schedule();
		__set_current_state(TASK_RUNNING);
	}
	return 7;
}

static int makes_a_thread(void *arg)
{
	struct task_struct *p = kthread_create(stays, NULL, "short");

	CHECK(!IS_ERR(p));
	kthread_stop(p);		/* which it need not live to see */
	return part_done();
}

/* A thread's result comes back, though others are made and ended ones freed. */
static int stopped(void *arg)
{
	struct task_struct *p;

	init_completion(&comp);
	search_from_here();
	p = start_on(1, stays, NULL, "stays");
	start_on(0, makes_a_thread, NULL, "maker");
	wait_for_completion(&comp);
	CHECK_EQ(kthread_stop(p), 7);
	wait_for_parts(1);
	return 0;
}

WQTEST(faults_services, stopped, .any_order = true)
{
	RUN(2, stopped);
}

/* ---- RCU ---- */

struct object {
	int value;
	struct rcu_head rcu;
};

static struct object *shared;

static void frees(struct rcu_head *head)
{
	struct object *o = container_of(head, struct object, rcu);

	WRITE_ONCE(o->value, 0);
	kfree(o);
}

static int reads(void *arg)
{
	struct object *o;

	rcu_read_lock();
	o = rcu_dereference(shared);
	rcu_read_lock();
	rcu_read_unlock();
	CHECK_EQ(READ_ONCE(o->value), 1);
	/* A grace period takes a jiffy at least: so the reader must be there for longer. */
	mdelay(3);
	CHECK_EQ(READ_ONCE(o->value), 1);
	rcu_read_unlock();
	return part_done();
}

static int reads_by_preemption(void *arg)
{
	struct object *o;

	preempt_disable();
	o = rcu_dereference_sched(shared);
	mdelay(3);
	CHECK_EQ(READ_ONCE(o->value), 1);
	preempt_enable();
	return part_done();
}

static void publish(void)
{
	struct object *o = kmalloc(sizeof(*o), GFP_KERNEL);

	o->value = 1;
	rcu_assign_pointer(shared, o);
}

/* Replaced twice: the second grace period begins while the first one's readers may still be there. */
static int replaced(void *arg)
{
	struct object *old;

	publish();
	search_from_here();
	start_on(1, reads, NULL, "reader");
	start_on(2, arg ? reads_by_preemption : reads, NULL, "reader");
	old = shared;
	publish();
	call_rcu(&old->rcu, frees);
	old = shared;
	publish();
	synchronize_rcu();
	kfree(old);
	wait_for_parts(2);
	rcu_barrier();
	kfree(shared);
	return 0;
}

WQTEST(faults_services, replaced, .any_order = true)
{
	RUN_ARG(3, replaced, NULL);
	RUN_ARG(3, replaced, &shared);
}
