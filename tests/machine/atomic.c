// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sleeping where nobody may: might_sleep() says so and the run goes on; a real
 * sleep ends it.  The report names the task, the place, and the locks held.
 */
#include <linux/semaphore.h>
#include <linux/slab.h>

#include "machine_test.h"

static DEFINE_SPINLOCK(outer_lock);
static DEFINE_SPINLOCK(inner_lock);
static DEFINE_MUTEX(mutex);
static DECLARE_COMPLETION(never);

/* ---- a real sleep ends the run ---- */

static int sleeps_locked(void *arg)
{
	spin_lock(&outer_lock);
	spin_lock(&inner_lock);
	schedule_timeout_uninterruptible(5);
	return 0;
}

static void sleeps_in_timer(unsigned long data)
{
	schedule_timeout_uninterruptible(5);
}

static int timer_on_idle(void *arg)
{
	struct timer_list t;

	stay_on(0);
	setup_timer_on_stack(&t, sleeps_in_timer, 0);
	mod_timer(&t, jiffies + 1);
	msleep(5);
	return 0;
}

static int timer_on_task(void *arg)
{
	struct timer_list t;

	stay_on(0);
	setup_timer_on_stack(&t, sleeps_in_timer, 0);
	mod_timer(&t, jiffies + 1);
	mdelay(5);
	return 0;
}

static int sleeps_irqs_off(void *arg)
{
	local_irq_disable();
	schedule_timeout_uninterruptible(5);
	return 0;
}

static int waits_preempt_off(void *arg)
{
	preempt_disable();
	set_current_state(TASK_INTERRUPTIBLE);
	schedule();
	return 0;
}

WQTEST(machine_atomic, a_real_sleep_ends_the_run)
{
	EXPECT(VERDICT_BUG, sleeps_locked,
	       SAYS("BUG: scheduling while atomic: init/1/0x00000002", "2 locks held by init/1:",
		    "#0:  (outer_lock), at: sleeps_locked", "#1:  (inner_lock), at: sleeps_locked",
		    "holds outer_lock, inner_lock"),
	       .cpus = 1);
	EXPECT(VERDICT_BUG, timer_on_idle,
	       SAYS("BUG: scheduling while atomic: swapper/0/0",
		    "in interrupt context on CPU 0, which interrupted swapper/0/0"),
	       .cpus = 1);
	EXPECT(VERDICT_BUG, timer_on_task,
	       SAYS("BUG: scheduling while atomic: init/1/",
		    "in interrupt context on CPU 0, which interrupted init/1"),
	       .cpus = 1);
	EXPECT(VERDICT_BUG, sleeps_irqs_off,
	       SAYS("BUG: scheduling while atomic: init/1/0x00000000", "irqs_disabled(): 1"),
	       .cpus = 1);
	EXPECT(VERDICT_BUG, waits_preempt_off, SAYS("BUG: scheduling while atomic"), .cpus = 1);
}

/* An item's function that sleeps under a lock: the worker is named. */
static void item_fn(struct work_struct *work)
{
	spin_lock(&outer_lock);
	msleep(1);
}

static int item_sleeps(void *arg)
{
	DECLARE_WORK(w, item_fn);

	schedule_work_on(0, &w);
	flush_work(&w);
	return 0;
}

WQTEST(machine_atomic, an_item_that_sleeps_under_a_lock)
{
	EXPECT(VERDICT_BUG, item_sleeps,
	       SAYS("scheduling while atomic: events/0/", "(outer_lock), at: item_fn"),
	       .cpus = 1, .engines = "legacy");
	EXPECT(VERDICT_BUG, item_sleeps,
	       SAYS("scheduling while atomic: kworker/0:", "(outer_lock), at: item_fn"),
	       .cpus = 1, .engines = "cmwq");
}

/* ---- what might sleep says so though it need not ---- */

enum might {
	M_MUTEX, M_COMPLETION, M_SEMAPHORE, M_COND_RESCHED, M_KMALLOC, M_KTHREAD, M_WAIT_EVENT,
	M_FLUSH, M_CANCEL, NR_MIGHT
};

static DECLARE_WAIT_QUEUE_HEAD(wq);
static struct semaphore sem;
static int truth = 1;

static int one(void *arg)
{
	return 0;
}

static void might(enum might what, struct work_struct *w)
{
	switch (what) {
	case M_MUTEX:
		mutex_lock(&mutex);
		mutex_unlock(&mutex);
		break;
	case M_COMPLETION:
		wait_for_completion(&never);
		break;
	case M_SEMAPHORE:
		down(&sem);
		break;
	case M_COND_RESCHED:
		cond_resched();
		break;
	case M_KMALLOC:
		kfree(kmalloc(10, GFP_KERNEL));
		break;
	case M_KTHREAD:
		wake_up_process(kthread_create(one, NULL, "one"));
		break;
	case M_WAIT_EVENT:
		wait_event(wq, truth);
		break;
	case M_FLUSH:
		flush_work(w);
		break;
	case M_CANCEL:
		cancel_work_sync(w);
		break;
	default:
		BUG();
	}
}

static void nothing_fn(struct work_struct *work)
{
}

/* Argument: what to call, times two, plus whether a spinlock is held meanwhile. */
static int calls_it(void *arg)
{
	long n = (long)arg;
	DECLARE_WORK(w, nothing_fn);

	sema_init(&sem, 1);
	complete(&never);
	schedule_work(&w);
	flush_work(&w);
	if (n % 2)
		spin_lock(&outer_lock);
	might(n / 2, &w);
	if (n % 2)
		spin_unlock(&outer_lock);
	pass_ms(1);
	return 0;
}

WQTEST_ENGINES(machine_atomic, what_might_sleep_says_so)
{
	const struct machine_config cfg = { .cpus = 1, .quiet = true, .engines = engine };
	struct machine_result res;

	for (long n = 0; n < 2 * NR_MIGHT; n++) {
		if (sim_run(&cfg, calls_it, (void *)n, &res))
			return;
		CHECK_MSG(res.verdict == VERDICT_OK, "call %ld: %s", n / 2, res.report);
		CHECK_MSG(!res.warnings == !(n % 2), "call %ld: %u warnings\n%s", n / 2,
			  res.warnings, res.log);
		if (n % 2) {
			CHECK(strstr(res.log, "BUG: sleeping function called from invalid context"));
			CHECK(strstr(res.log, "in_atomic(): 1, irqs_disabled(): 0, pid: 1, name: init"));
			CHECK(strstr(res.log, "1 lock held by init/1:"));
			CHECK(strstr(res.log, "(outer_lock), at: calls_it"));
		}
		machine_result_free(&res);
	}
}

/* What does not sleep may be called from a timer. */
static int flag;

static void busy_timer(unsigned long data)
{
	unsigned long irq_flags;
	void *p;

	spin_lock_irqsave(&outer_lock, irq_flags);
	spin_unlock_irqrestore(&outer_lock, irq_flags);
	CHECK(spin_trylock(&outer_lock));
	spin_unlock(&outer_lock);
	p = kmalloc(100, GFP_ATOMIC);
	CHECK(p != NULL);
	kfree(p);
	wake_up(&wq);
	complete(&never);
	up(&sem);
	CHECK(!try_wait_for_completion(&never) || data);
	udelay(10);
	printk(KERN_INFO "from a timer\n");
	flag = 1;
}

static int atomic_calls(void *arg)
{
	struct timer_list t;

	sema_init(&sem, 0);
	setup_timer_on_stack(&t, busy_timer, 1);
	mod_timer(&t, jiffies + 1);
	wait_event(wq, flag);
	down(&sem);
	return 0;
}

WQTEST(machine_atomic, what_may_be_called_from_a_timer)
{
	RUN(1, atomic_calls);
	RUN(2, atomic_calls);
}
