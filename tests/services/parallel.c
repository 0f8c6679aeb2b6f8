// SPDX-License-Identifier: GPL-2.0-only
/*
 * What tasks that really run at once rely on: threads start and end, nobody who waits
 * is forgotten, nobody is let in beside another.
 *
 * All of it holds on the simulated machine as well, in any order.  What a lock
 * protects is deliberately plain data here: a race detector finds whoever lets two in.
 */
#include <linux/atomic.h>
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/mutex.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include <linux/semaphore.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/timer.h>
#include <linux/wait.h>

#include "wqtask.h"
#include "wqtest.h"

#define TASKS	4

/* So often where tasks meet by chance, seldom where each meeting has to be played. */
#define TIMES	(wqtest_native() ? 1000 : 40)

static atomic_t over;

static void start_tasks(int (*fn)(void *))
{
	for (long i = 0; i < TASKS; i++)
		start_task(fn, (void *)i, "task");
}

/* ---- threads ---- */

static int lives(void *arg)
{
	atomic_inc(arg);
	while (!kthread_should_stop()) {
		set_current_state(TASK_INTERRUPTIBLE);
		if (!kthread_should_stop())
			schedule();
		__set_current_state(TASK_RUNNING);
	}
	return 42;
}

static int start_stop(void *arg)
{
	atomic_t born = ATOMIC_INIT(0);

	for (int i = 0; i < TIMES / 10; i++) {
		int before = atomic_read(&born), ret;
		struct task_struct *t;

		t = kthread_create(lives, &born, "lives");
		if (i % 4)
			wake_up_process(t);
		if (i % 4 > 1)
			wait_until(atomic_read(&born) > before);
		if (i % 4 == 3)
			wait_until_asleep(t);
		ret = kthread_stop(t);
		/* It ends with its result, or, stopped soon enough, never begins. */
		if (ret == 42)
			CHECK_EQ(atomic_read(&born), before + 1);
		else
			CHECK(ret == -EINTR && i % 4 < 2 && atomic_read(&born) == before);
	}
	return 0;
}

WQTEST_MACHINES(parallel, threads_start_and_stop, .any_order = true)
{
	RUN(2, start_stop);
}

/* Who makes it, who wakes it and who stops it may be three. */
static int makes_threads(void *arg)
{
	for (int i = 0; i < TIMES / 20; i++) {
		atomic_t born = ATOMIC_INIT(0);
		struct task_struct *t = kthread_run(lives, &born, "child");

		CHECK(!IS_ERR(t));
		kthread_stop(t);
		CHECK(atomic_read(&born) <= 1);
	}
	atomic_inc(&over);
	return 0;
}

static int makers(void *arg)
{
	start_tasks(makes_threads);
	wait_for_all(&over, TASKS);
	return 0;
}

WQTEST_MACHINES(parallel, threads_make_threads, .any_order = true)
{
	RUN(4, makers);
}

/* A task is where it was put, at once if it puts itself. */
static int bound_to(void *arg)
{
	CHECK_EQ(smp_processor_id(), (long)arg);
	atomic_inc(&over);
	return 0;
}

static int places(void *arg)
{
	for (int i = 0; i < 8; i++) {
		struct task_struct *t = kthread_create(bound_to, (void *)(i % 4L), "bound");

		kthread_bind(t, i % 4);
		wake_up_process(t);
		CHECK_EQ(set_cpus_allowed_ptr(current, cpumask_of(3 - i % 4)), 0);
		CHECK_EQ(smp_processor_id(), 3 - i % 4);
		pass_ms(1);
		CHECK_EQ(smp_processor_id(), 3 - i % 4);
	}
	wait_for_all(&over, 8);
	return 0;
}

WQTEST_MACHINES(parallel, tasks_are_where_they_were_put, .any_order = true)
{
	RUN(4, places);
}

/* ---- waiting ---- */

static struct completion ping, pong;
static int ball;

static int plays(void *arg)
{
	for (int i = 0; i < TIMES; i++) {
		wait_for_completion(&ping);
		ball++;
		complete(&pong);
	}
	return 0;
}

static int ping_pong(void *arg)
{
	init_completion(&ping);
	init_completion(&pong);
	start_task(plays, NULL, "plays");
	for (int i = 0; i < TIMES; i++) {
		CHECK_EQ(ball, 2 * i);
		ball++;
		complete(&ping);
		wait_for_completion(&pong);
	}
	CHECK_EQ(ball, 2 * TIMES);
	return 0;
}

WQTEST_MACHINES(parallel, completions_to_and_fro, .any_order = true)
{
	RUN(2, ping_pong);
}

/* Each complete() lets one through, also if all come at once; a waiter may free it. */
static int waits(void *arg)
{
	for (int i = 0; i < TIMES / 10; i++)
		wait_for_completion(&ping);
	atomic_inc(&over);
	return 0;
}

static int counted_completions(void *arg)
{
	init_completion(&ping);
	start_tasks(waits);
	for (int i = 0; i < TASKS * (TIMES / 10); i++)
		complete(&ping);
	wait_for_all(&over, TASKS);
	CHECK(!try_wait_for_completion(&ping));
	return 0;
}

WQTEST_MACHINES(parallel, each_complete_lets_one_through, .any_order = true)
{
	RUN(4, counted_completions);
}

static int completes(void *arg)
{
	complete(arg);
	return 0;
}

static int freed_completions(void *arg)
{
	for (int i = 0; i < TIMES / 20; i++) {
		struct completion *c = kmalloc(sizeof(*c), GFP_KERNEL);

		init_completion(c);
		start_task(completes, c, "completes");
		wait_for_completion(c);
		kfree(c);		/* poisoned: whoever is still at it falls over it */
	}
	return 0;
}

WQTEST_MACHINES(parallel, a_waiter_may_free_the_completion, .any_order = true)
{
	RUN(2, freed_completions);
}

/* All wait for the next generation, which the last one to come begins. */
static DECLARE_WAIT_QUEUE_HEAD(queue);
static atomic_t come, generation;

static int meets(void *arg)
{
	for (int i = 1; i <= TIMES / 5; i++) {
		if (atomic_inc_return(&come) == i * TASKS) {
			atomic_set(&generation, i);
			wake_up_all(&queue);
		} else {
			wait_event(queue, atomic_read(&generation) >= i);
		}
		CHECK(atomic_read(&come) >= i * TASKS);
	}
	atomic_inc(&over);
	return 0;
}

static int meeting(void *arg)
{
	start_tasks(meets);
	wait_for_all(&over, TASKS);
	CHECK_EQ(atomic_read(&come), TIMES / 5 * TASKS);
	return 0;
}

WQTEST_MACHINES(parallel, all_waiters_are_woken, .any_order = true)
{
	RUN(4, meeting);
}

/* Exclusive waiters: each wake-up finds one, so what was put in is taken out. */
static atomic_t tokens;
static atomic_t taken;

static int takes_tokens(void *arg)
{
	for (int i = 0; i < TIMES / 5; i++) {
		wait_event_interruptible_exclusive(queue, atomic_dec_if_positive(&tokens) >= 0);
		atomic_inc(&taken);
	}
	atomic_inc(&over);
	return 0;
}

static int exclusive(void *arg)
{
	start_tasks(takes_tokens);
	for (int i = 0; i < TASKS * (TIMES / 5); i++) {
		atomic_inc(&tokens);
		wake_up_interruptible(&queue);
	}
	wait_for_all(&over, TASKS);
	CHECK_EQ(atomic_read(&tokens), 0);
	CHECK_EQ(atomic_read(&taken), TASKS * (TIMES / 5));
	return 0;
}

WQTEST_MACHINES(parallel, exclusive_wake_ups_are_not_lost, .any_order = true)
{
	RUN(4, exclusive);
}

/* ---- one at a time ---- */

static DEFINE_MUTEX(mutex);
static DEFINE_SPINLOCK(spin);
static struct semaphore sem;
static int total, inside;

static void alone(void)
{
	CHECK_EQ(++inside, 1);
	total++;
	inside--;
}

static int locks_mutex(void *arg)
{
	for (int i = 0; i < TIMES; i++) {
		if (i % 8 || !mutex_trylock(&mutex))
			mutex_lock(&mutex);
		alone();
		mutex_unlock(&mutex);
	}
	atomic_inc(&over);
	return 0;
}

static int mutexes(void *arg)
{
	start_tasks(locks_mutex);
	wait_for_all(&over, TASKS);
	CHECK_EQ(total, TASKS * TIMES);
	CHECK(!mutex_is_locked(&mutex));
	return 0;
}

WQTEST_MACHINES(parallel, a_mutex_lets_one_in, .any_order = true)
{
	RUN(4, mutexes);
}

/* The same lock by tasks and by a timer, which comes between on any CPU. */
static struct timer_list timer;
static atomic_t fired;

static void locks_in_timer(unsigned long data)
{
	spin_lock(&spin);
	alone();
	spin_unlock(&spin);
	atomic_inc(&fired);
	mod_timer(&timer, jiffies + 1);
}

static int locks_spin(void *arg)
{
	for (int i = 0; i < TIMES; i++) {
		spin_lock_irq(&spin);
		alone();
		spin_unlock_irq(&spin);
	}
	atomic_inc(&over);
	return 0;
}

static int spinlocks(void *arg)
{
	setup_timer(&timer, locks_in_timer, 0);
	mod_timer(&timer, jiffies + 1);
	start_tasks(locks_spin);
	wait_for_all(&over, TASKS);
	wait_until(atomic_read(&fired));
	del_timer_sync(&timer);
	CHECK_EQ(total, TASKS * TIMES + atomic_read(&fired));
	return 0;
}

WQTEST_MACHINES(parallel, a_spinlock_lets_one_in, .any_order = true)
{
	RUN(4, spinlocks);
}

/* A semaphore of two lets two in. */
static atomic_t in_there;

static int takes_semaphore(void *arg)
{
	for (int i = 0; i < TIMES / 4; i++) {
		down(&sem);
		CHECK(atomic_inc_return(&in_there) <= 2);
		atomic_dec(&in_there);
		up(&sem);
	}
	atomic_inc(&over);
	return 0;
}

static int semaphores(void *arg)
{
	sema_init(&sem, 2);
	start_tasks(takes_semaphore);
	wait_for_all(&over, TASKS);
	CHECK_EQ(down_trylock(&sem), 0);
	CHECK_EQ(down_trylock(&sem), 0);
	CHECK_EQ(down_trylock(&sem), 1);
	return 0;
}

WQTEST_MACHINES(parallel, a_semaphore_of_two_lets_two_in, .any_order = true)
{
	RUN(4, semaphores);
}

/* ---- memory and the log ---- */

static int allocates(void *arg)
{
	struct { unsigned char *p; size_t size; } mine[16] = { { NULL, 0 } };
	unsigned int rnd = (unsigned long)arg;
	int mark = (int)(long)arg + 1;

	for (int i = 0; i < TIMES; i++) {
		size_t n = i % ARRAY_SIZE(mine);

		/* The one whose place it takes is as it was left. */
		CHECK(!mine[n].p || !memchr_inv(mine[n].p, mark, mine[n].size));
		kfree(mine[n].p);
		mine[n].size = next_random(&rnd) % 200 + 1;
		mine[n].p = kmalloc(mine[n].size, GFP_KERNEL);
		memset(mine[n].p, mark, mine[n].size);
	}
	for (size_t n = 0; n < ARRAY_SIZE(mine); n++)
		kfree(mine[n].p);
	atomic_inc(&over);
	return 0;
}

static int allocators(void *arg)
{
	start_tasks(allocates);
	wait_for_all(&over, TASKS);
	return 0;
}

WQTEST_MACHINES(parallel, memory_is_nobody_elses)
{
	RUN(4, allocators);
}

#define LINES	40

static int prints(void *arg)
{
	for (int i = 0; i < LINES; i++)
		pr_info("<task %ld prints line %d>\n", (long)arg, i);
	atomic_inc(&over);
	return 0;
}

static int printers(void *arg)
{
	start_tasks(prints);
	wait_for_all(&over, TASKS);
	return 0;
}

/* Lines are whole, and each task's are in order. */
WQTEST_MACHINES(parallel, lines_are_whole)
{
	const struct machine_config cfg = wqtest_config(4);
	struct machine_result res;
	char line[64];

	if (sim_run(&cfg, printers, NULL, &res))
		return;
	for (long task = 0; task < TASKS; task++) {
		const char *at = res.log;

		for (int i = 0; i < LINES && at; i++) {
			snprintf(line, sizeof(line), "<task %ld prints line %d>\n", task, i);
			at = strstr(at, line);
			CHECK_MSG(at, "not in the log or not in order: %s", line);
		}
	}
	machine_result_free(&res);
}
