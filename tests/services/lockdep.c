// SPDX-License-Identifier: GPL-2.0-only
/*
 * The lock validator: what it reports, what it must not, and in which words.
 *
 * Nothing here ever deadlocks unless a body says so: the orders of taking are shown one
 * after another, which is what the validator is for.
 */
#include <linux/delay.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/lockdep.h>
#include <linux/mutex.h>
#include <linux/sched.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/timer.h>
#include <linux/workqueue.h>

#include "wqtask.h"
#include "wqtest.h"

#define CIRCLE		"possible circular locking dependency detected"
#define RECURSION	"possible recursive locking detected"
#define LEAK		"BUG: workqueue leaked lock or atomic: "

static DEFINE_MUTEX(a);
static DEFINE_MUTEX(b);
static DEFINE_MUTEX(c);
static DEFINE_SPINLOCK(s);
static DEFINE_SPINLOCK(t);

static struct machine_config config(const char *engine)
{
	return (struct machine_config){ .cpus = 2, .engines = engine, .quiet = true };
}

/*
 * Run @fn, which must return 0, and look at what was printed: so many warnings, the one
 * text and not the other (NULL: whatever).
 */
static void expect(int line, const struct machine_config *cfg, int (*fn)(void *),
		   enum verdict verdict, unsigned int warnings, const char *said, const char *unsaid)
{
	struct machine_result res;

	if (sim_run(cfg, fn, NULL, &res))
		return;
	if (res.verdict != verdict || res.ret)
		wqtest_fail(__FILE__, line, "%s\n%s\n%s", verdict_name(res.verdict), res.report, res.log);
	if (res.warnings != warnings)
		wqtest_fail(__FILE__, line, "%u warnings, not %u\n%s", res.warnings, warnings, res.log);
	if (said && !strstr(res.log, said))
		wqtest_fail(__FILE__, line, "nobody said \"%s\":\n%s", said, res.log);
	if (unsaid && strstr(res.log, unsaid))
		wqtest_fail(__FILE__, line, "\"%s\" was said:\n%s", unsaid, res.log);
	machine_result_free(&res);
}

static void expect_of(int line, const char *engine, int (*fn)(void *), enum verdict verdict,
		      unsigned int warnings, const char *said, const char *unsaid)
{
	const struct machine_config cfg = config(engine);

	expect(line, &cfg, fn, verdict, warnings, said, unsaid);
}

#define EXPECT_CFG(cfg, fn, verdict, warnings, said, unsaid) \
	expect(__LINE__, cfg, fn, verdict, warnings, said, unsaid)
#define EXPECT(engine, fn, verdict, warnings, said) \
	expect_of(__LINE__, engine, fn, verdict, warnings, said, NULL)
#define REPORTED(engine, fn, said)	EXPECT(engine, fn, VERDICT_OK, 1, said)
#define SILENT(engine, fn)		expect_of(__LINE__, engine, fn, VERDICT_OK, 0, NULL, "lock")

/* ---- order ---- */

static void take_two(struct mutex *first, struct mutex *second)
{
	mutex_lock(first);
	mutex_lock(second);
	mutex_unlock(second);
	mutex_unlock(first);
}

static int abba(void *arg)
{
	take_two(&a, &b);
	take_two(&b, &a);
	return 0;
}

WQTEST(lockdep, both_orders_of_two)
{
	REPORTED(NULL, abba, CIRCLE);
	REPORTED(NULL, abba, "-> #1 (b):\n       taken in take_two(), while (a) was held since take_two(),\n"
			     "       first by task init\n");
}

static int one_order(void *arg)
{
	for (int i = 0; i < 3; i++) {
		take_two(&a, &b);
		take_two(&b, &c);
		take_two(&a, &c);
	}
	/* one after the other is no order */
	mutex_lock(&c);
	mutex_unlock(&c);
	mutex_lock(&a);
	mutex_unlock(&a);
	/* and the order of releasing tells nothing */
	mutex_lock(&a);
	mutex_lock(&b);
	mutex_unlock(&a);
	mutex_unlock(&b);
	return 0;
}

WQTEST(lockdep, one_order_of_three)
{
	SILENT(NULL, one_order);
}

/* Released first, a does not lead to c. */
static int let_go_between(void *arg)
{
	mutex_lock(&a);
	mutex_lock(&b);
	mutex_unlock(&a);
	mutex_lock(&c);
	mutex_unlock(&c);
	mutex_unlock(&b);
	take_two(&c, &a);
	return 0;
}

static int let_go_after(void *arg)
{
	mutex_lock(&a);
	mutex_lock(&b);
	mutex_lock(&c);
	mutex_unlock(&a);
	mutex_unlock(&c);
	mutex_unlock(&b);
	take_two(&c, &a);
	return 0;
}

WQTEST(lockdep, what_is_held_counts)
{
	REPORTED(NULL, let_go_after, CIRCLE);
	/* a -> b and b -> c have been seen, even though never at once: so c -> a closes it */
	REPORTED(NULL, let_go_between, CIRCLE);
}

static int a_b_then_b_c(void *arg)
{
	take_two(&a, &b);
	take_two(&b, &c);
	return 0;
}

static int c_a(void *arg)
{
	take_two(&c, &a);
	return 0;
}

/* The three orders come from three tasks, none of which is there at the same time. */
static int three_tasks(void *arg)
{
	int (*const fns[])(void *) = { a_b_then_b_c, c_a };

	for (int i = 0; i < 2; i++) {
		start_task(fns[i], NULL, i ? "second" : "first");
		msleep(5);
	}
	return 0;
}

WQTEST(lockdep, circle_of_three)
{
	REPORTED(NULL, three_tasks,
		 "second/8 is trying to acquire lock:\n"
		 " (a), at: take_two\n"
		 "\n"
		 "but task is already holding lock:\n"
		 " (c), at: take_two\n"
		 "\n"
		 "and there is a way from the first to the second already.\n"
		 "\n"
		 "the existing dependency chain (in reverse order) is:\n"
		 "\n"
		 "-> #2 (c):\n"
		 "       taken in take_two(), while (b) was held since take_two(),\n"
		 "       first by task first\n"
		 "\n"
		 "-> #1 (b):\n"
		 "       taken in take_two(), while (a) was held since take_two(),\n"
		 "       first by task first\n"
		 "\n"
		 "-> #0 (a):\n"
		 "       asked for in take_two(), while (c) is held since take_two()\n"
		 "\n"
		 "other info that might help us debug this:\n"
		 "\n"
		 "Chain exists of:\n"
		 "  (a) --> (b) --> (c)\n"
		 "\n"
		 " Possible unsafe locking scenario:\n"
		 "\n"
		 "       CPU0                    CPU1\n"
		 "       ----                    ----\n"
		 "  lock(c);\n"
		 "                               lock(b);\n"
		 "                               lock(c);\n"
		 "  lock(a);\n"
		 "\n"
		 " *** DEADLOCK ***\n"
		 "\n"
		 "1 lock held by second/8:\n"
		 " #0:  (c), at: take_two\n"
		 "\n"
		 "stack backtrace:\n"
		 "CPU: 1 PID: 8 Comm: second\n");
}

/* Spinlocks and mutexes are of one graph; the shortest way is the one that is told. */
static int mixed(void *arg)
{
	mutex_lock(&a);
	spin_lock(&s);
	spin_lock(&t);
	spin_unlock(&t);
	spin_unlock(&s);
	spin_lock(&t);
	spin_unlock(&t);
	mutex_unlock(&a);
	spin_lock(&t);
	if (spin_trylock(&s))
		spin_unlock(&s);
	spin_lock(&s);
	spin_unlock(&s);
	spin_unlock(&t);
	return 0;
}

WQTEST(lockdep, spinlocks_too)
{
	REPORTED(NULL, mixed, " (s), at: mixed\n\nbut task is already holding lock:\n (t), at: mixed\n");
}

/* ---- trylock ---- */

static int trylock_leads_nowhere(void *arg)
{
	take_two(&a, &b);
	mutex_lock(&b);
	CHECK(mutex_trylock(&a));
	mutex_unlock(&a);
	mutex_unlock(&b);
	return 0;
}

/* But what is taken while it is held depends on it, and on what is held before. */
static int trylock_holds(void *arg)
{
	mutex_lock(&c);
	CHECK(mutex_trylock(&a));
	mutex_lock(&b);
	mutex_unlock(&b);
	mutex_unlock(&a);
	mutex_unlock(&c);
	take_two(&b, arg ? &c : &a);
	return 0;
}

static int trylock_holds_before(void *arg)
{
	return trylock_holds(&arg);
}

/* might_lock() says that it could have come to a wait. */
static int trylock_or_lock(void *arg)
{
	take_two(&a, &b);
	mutex_lock(&b);
	might_lock(&a);
	CHECK(mutex_trylock(&a));
	mutex_unlock(&a);
	mutex_unlock(&b);
	return 0;
}

WQTEST(lockdep, trylock)
{
	SILENT(NULL, trylock_leads_nowhere);
	REPORTED(NULL, trylock_holds, CIRCLE);
	REPORTED(NULL, trylock_holds_before, CIRCLE);
	REPORTED(NULL, trylock_or_lock, CIRCLE);
}

/* ---- recursion, classes, subclasses ---- */

struct box {
	struct mutex lock;
};

static void box_init(struct box *box)
{
	mutex_init(&box->lock);
}

static int of_one_place(void *arg)
{
	struct box x, y;

	box_init(&x);
	box_init(&y);
	take_two(&x.lock, &y.lock);
	return 0;
}

static int with_nesting(void *arg)
{
	struct box x, y, *outer = &x, *inner = &y;

	box_init(&x);
	box_init(&y);
	for (int i = 0; i < 2; i++) {
		mutex_lock(&outer->lock);
		mutex_lock_nested(&inner->lock, SINGLE_DEPTH_NESTING);
		mutex_unlock(&inner->lock);
		mutex_unlock(&outer->lock);
		swap(outer, inner);
	}
	return 0;
}

static int nesting_both_ways(void *arg)
{
	struct box x, y;

	with_nesting(arg);
	box_init(&x);
	box_init(&y);
	mutex_lock_nested(&x.lock, SINGLE_DEPTH_NESTING);
	mutex_lock(&y.lock);
	mutex_unlock(&y.lock);
	mutex_unlock(&x.lock);
	return 0;
}

static int of_two_places(void *arg)
{
	struct mutex x, y;

	mutex_init(&x);
	mutex_init(&y);
	take_two(&x, &y);
	return 0;
}

static int of_a_class_set(void *arg)
{
	static struct lock_class_key key;
	struct box x, y;

	box_init(&x);
	box_init(&y);
	lockdep_set_class(&y.lock, &key);
	take_two(&x.lock, &y.lock);
	return 0;
}

WQTEST(lockdep, classes_go_by_place)
{
	REPORTED(NULL, of_one_place, RECURSION);
	REPORTED(NULL, of_one_place,
		 "(&box->lock), at: take_two\n\nbut task is already holding lock:\n (&box->lock), at: take_two\n");
	SILENT(NULL, with_nesting);
	REPORTED(NULL, nesting_both_ways, "is trying to acquire lock:\n (&box->lock), at: nesting_both_ways\n\n"
		 "but task is already holding lock:\n (&box->lock/1), at: nesting_both_ways\n");
	SILENT(NULL, of_two_places);
	SILENT(NULL, of_a_class_set);
}

static int takes_again(void *arg)
{
	spin_lock(&s);
	spin_lock(&s);
	return 0;
}

WQTEST(lockdep, told_before_it_happens)
{
	const struct machine_config cfg = config(NULL);
	struct machine_result res;
	const char *told, *bug;

	if (sim_run(&cfg, takes_again, NULL, &res))
		return;
	told = strstr(res.log, RECURSION);
	bug = strstr(res.log, "BUG: spinlock recursion");
	CHECK_EQ(res.verdict, VERDICT_BUG);
	CHECK_MSG(told && bug && told < bug, "%s", res.log);
	machine_result_free(&res);
}

static int on_the_stack(void *arg)
{
	struct mutex m = __MUTEX_INITIALIZER(m);

	mutex_lock(&m);
	mutex_unlock(&m);
	return abba(arg);
}

/* A static initialiser on a stack: the address will soon be somebody else's. */
WQTEST(lockdep, static_keys_only)
{
	REPORTED(NULL, on_the_stack, "trying to register non-static key");
}

static int strangers(void *arg)
{
	mutex_unlock(&a);
	return 0;
}

WQTEST(lockdep, release_of_what_is_not_held)
{
	EXPECT(NULL, strangers, VERDICT_OK, 2, "bad unlock balance detected");
}

static int far_too_many(void *arg)
{
	static struct mutex many[MAX_LOCK_DEPTH + 1];

	for (int i = 0; i <= MAX_LOCK_DEPTH; i++) {
		__mutex_init(&many[i], "many", lockdep_object_key(&many[i]));
		mutex_lock(&many[i]);
	}
	for (int i = 0; i <= MAX_LOCK_DEPTH; i++)
		mutex_unlock(&many[i]);
	return 0;
}

WQTEST(lockdep, depth)
{
	REPORTED(NULL, far_too_many, "BUG: MAX_LOCK_DEPTH too low!");
}

/* ---- readers ---- */

static struct lockdep_map r = { .name = "r" }, x = { .name = "x" };

static int readers(void *arg)
{
	lock_map_acquire_read(&r);
	lock_map_acquire_read(&r);
	lock_map_release(&r);
	lock_map_release(&r);
	return 0;
}

static int writer_in_reader(void *arg)
{
	lock_map_acquire_read(&r);
	lock_map_acquire(&r);
	lock_map_release(&r);
	lock_map_release(&r);
	return 0;
}

static int reader_in_writer(void *arg)
{
	lock_map_acquire(&r);
	lock_map_acquire_read(&r);
	lock_map_release(&r);
	lock_map_release(&r);
	return 0;
}

/* Two who have r only for reading, and each the mutex: neither waits for the other's r. */
static int circle_of_readers(void *arg)
{
	lock_map_acquire_read(&r);
	lock_map_acquire(&x);
	lock_map_release(&x);
	lock_map_release(&r);

	lock_map_acquire(&x);
	lock_map_acquire_read(&r);
	lock_map_release(&r);
	lock_map_release(&x);
	return 0;
}

/* A writer of r in between waits for the one, and the other for the writer's x. */
static int circle_with_a_writer(void *arg)
{
	circle_of_readers(arg);
	lock_map_acquire(&x);
	lock_map_acquire(&r);
	lock_map_release(&r);
	lock_map_release(&x);
	return 0;
}

/* The way from r begins where it was read, and is asked for by a reader: none either. */
static int reader_first(void *arg)
{
	lock_map_acquire(&x);
	lock_map_acquire_read(&r);
	lock_map_release(&r);
	lock_map_release(&x);

	lock_map_acquire_read(&r);
	lock_map_acquire(&x);
	lock_map_release(&x);
	lock_map_release(&r);
	return 0;
}

/* What is held beyond a reader still counts. */
static int beyond_a_reader(void *arg)
{
	mutex_lock(&a);
	lock_map_acquire_read(&r);
	mutex_lock(&b);
	mutex_unlock(&b);
	lock_map_release(&r);
	mutex_unlock(&a);
	take_two(&b, &a);
	return 0;
}

WQTEST(lockdep, readers_wait_for_writers_only)
{
	SILENT(NULL, readers);
	REPORTED(NULL, writer_in_reader, RECURSION);
	REPORTED(NULL, reader_in_writer, RECURSION);
	SILENT(NULL, circle_of_readers);
	SILENT(NULL, reader_first);
	REPORTED(NULL, circle_with_a_writer, CIRCLE);
	REPORTED(NULL, beyond_a_reader, CIRCLE);
}

/* ---- timers ---- */

static struct timer_list timer;

static void takes_s(unsigned long unused)
{
	spin_lock(&s);
	spin_unlock(&s);
}

static void rings(void)
{
	setup_timer(&timer, takes_s, 0);
	mod_timer(&timer, jiffies + 1);
	msleep(5);
}

static int timer_and_open(void *arg)
{
	rings();
	spin_lock(&s);
	spin_unlock(&s);
	return 0;
}

static int open_and_timer(void *arg)
{
	spin_lock(&s);
	spin_unlock(&s);
	rings();
	return 0;
}

static int timer_and_closed(void *arg)
{
	rings();
	spin_lock_irq(&s);
	spin_unlock_irq(&s);
	spin_lock_bh(&s);
	spin_unlock_bh(&s);
	return 0;
}

/* What the timer interrupts holds t; that is no order of t and s. */
static int timer_on_top(void *arg)
{
	setup_timer(&timer, takes_s, 0);
	mod_timer(&timer, jiffies + 1);
	spin_lock(&t);
	mdelay(3);
	spin_unlock(&t);
	spin_lock_irq(&s);
	spin_lock(&t);
	spin_unlock(&t);
	spin_unlock_irq(&s);
	return 0;
}

WQTEST(lockdep, in_timers_and_where_they_hit)
{
	REPORTED(NULL, timer_and_open, "inconsistent {IN-SOFTIRQ-W} -> {SOFTIRQ-ON-W} usage.");
	REPORTED(NULL, open_and_timer, "inconsistent {SOFTIRQ-ON-W} -> {IN-SOFTIRQ-W} usage.");
	REPORTED(NULL, open_and_timer, "{SOFTIRQ-ON-W} state was registered at: open_and_timer\n");
	SILENT(NULL, timer_and_closed);
	SILENT(NULL, timer_on_top);
}

/* ---- workqueues ---- */

static struct workqueue_struct *q;
static struct work_struct w, v;

static void run_one(struct work_struct *work)
{
	queue_work(q, work);
	msleep(5);
}

static void flushes_q(struct work_struct *work)
{
	flush_workqueue(q);
}

static void flushes_self(struct work_struct *work)
{
	flush_work(work);
}

static void cancels_self(struct work_struct *work)
{
	cancel_work_sync(work);
}

static int own_queue(void *arg)
{
	q = create_workqueue("q");
	INIT_WORK(&w, flushes_q);
	run_one(&w);
	msleep(5);
	destroy_workqueue(q);
	return 0;
}

static int own_item(void *arg)
{
	q = create_workqueue("q");
	INIT_WORK(&w, flushes_self);
	run_one(&w);
	destroy_workqueue(q);
	return 0;
}

static int own_cancel(void *arg)
{
	q = create_workqueue("q");
	INIT_WORK(&w, cancels_self);
	run_one(&w);
	destroy_workqueue(q);
	return 0;
}

/* E9: never a silent hang.  2.6.32 adds its own warning (A-F13). */
WQTEST_ENGINES(lockdep, who_waits_for_itself)
{
	bool legacy = !strcmp(engine, "legacy");

	EXPECT(engine, own_queue, VERDICT_DEADLOCK, legacy ? 2 : 1, RECURSION);
	EXPECT(engine, own_queue, VERDICT_DEADLOCK, legacy ? 2 : 1,
	       legacy ? "\n (q), at: flush_workqueue\n\nbut task is already holding lock:\n (q), at: run_workqueue\n"
		      : "\n (q), at: flush_workqueue\n\nbut task is already holding lock:\n (q) for reading, at: process_one_work\n");
	EXPECT(engine, own_item, VERDICT_DEADLOCK, 1,
	       legacy ? " (q), at: flush_work\n" : " ((&w)), at: flush_work\n");
	EXPECT(engine, own_cancel, VERDICT_DEADLOCK, 1,
	       legacy ? " ((&w)), at: wait_on_work\n" : " ((&w)), at: flush_work\n");
}

static void takes_a(struct work_struct *work)
{
	mutex_lock(&a);
	mutex_unlock(&a);
}

static void nothing(struct work_struct *work)
{
}

static int flush_under_lock(void *arg)
{
	q = create_workqueue("q");
	INIT_WORK(&w, takes_a);
	run_one(&w);
	mutex_lock(&a);
	flush_workqueue(q);
	mutex_unlock(&a);
	destroy_workqueue(q);
	return 0;
}

static int flush_work_under_lock(void *arg)
{
	q = create_workqueue("q");
	INIT_WORK(&w, takes_a);
	run_one(&w);
	mutex_lock(&a);
	flush_work(&w);
	mutex_unlock(&a);
	destroy_workqueue(q);
	return 0;
}

static int cancel_under_lock(void *arg)
{
	q = create_workqueue("q");
	INIT_WORK(&w, takes_a);
	run_one(&w);
	mutex_lock(&a);
	cancel_work_sync(&w);
	mutex_unlock(&a);
	destroy_workqueue(q);
	return 0;
}

static int destroy_under_lock(void *arg)
{
	q = create_workqueue("q");
	INIT_WORK(&w, takes_a);
	run_one(&w);
	mutex_lock(&a);
	destroy_workqueue(q);
	mutex_unlock(&a);
	return 0;
}

/* The other way about: waiting under a lock comes first, the item that takes it later. */
static int lock_after_flush(void *arg)
{
	q = create_workqueue("q");
	INIT_WORK(&w, takes_a);
	INIT_WORK(&v, nothing);
	mutex_lock(&a);
	queue_work(q, &v);
	flush_workqueue(q);
	mutex_unlock(&a);
	run_one(&w);
	destroy_workqueue(q);
	return 0;
}

static int flush_of_another(void *arg)
{
	struct workqueue_struct *p = create_workqueue("p");

	q = create_workqueue("q");
	INIT_WORK(&w, takes_a);
	INIT_WORK(&v, nothing);
	run_one(&w);
	mutex_lock(&a);
	queue_work(p, &v);
	flush_workqueue(p);
	flush_work(&v);
	cancel_work_sync(&v);
	mutex_unlock(&a);
	destroy_workqueue(p);
	destroy_workqueue(q);
	return 0;
}

WQTEST_ENGINES(lockdep, waiting_under_a_lock_of_the_item)
{
	REPORTED(engine, flush_under_lock, CIRCLE);
	REPORTED(engine, flush_under_lock, "first by item takes_a\n");
	REPORTED(engine, flush_work_under_lock, CIRCLE);
	REPORTED(engine, cancel_under_lock, CIRCLE);
	REPORTED(engine, cancel_under_lock, " ((&w)), at: ");
	REPORTED(engine, destroy_under_lock, CIRCLE);
	REPORTED(engine, lock_after_flush, CIRCLE);
	SILENT(engine, flush_of_another);
}

static void flushes_v(struct work_struct *work)
{
	flush_work(&v);
}

static void naps(struct work_struct *work)
{
	msleep(2);
}

/* An item waits for another one of its workqueue. */
static int waits_for_its_like(void *make_ordered)
{
	q = make_ordered ? create_singlethread_workqueue("q") : alloc_workqueue("q", 0, 0);
	INIT_WORK(&w, flushes_v);
	INIT_WORK(&v, naps);
	queue_work_on(0, q, &v);
	queue_work_on(0, q, &w);
	msleep(10);
	destroy_workqueue(q);
	return 0;
}

static int waits_for_its_like_ordered(void *arg)
{
	return waits_for_its_like(&arg);
}

/*
 * With 2.6.32 that is always an offence (one thread for a CPU's items), with 3.18
 * only where one item at a time runs or a rescuer may have to run them all.
 */
WQTEST_ENGINES(lockdep, item_that_waits_for_its_like)
{
	if (!strcmp(engine, "legacy"))
		REPORTED(engine, waits_for_its_like, RECURSION);
	else
		SILENT(engine, waits_for_its_like);
	EXPECT(engine, waits_for_its_like_ordered, VERDICT_OK, strcmp(engine, "legacy") ? 0 : 1, NULL);
}

/* The one that is waited for runs already, on another CPU. */
static int waits_for_a_running_one(unsigned int flags, int max_active)
{
	q = alloc_workqueue("q", flags, max_active);
	INIT_WORK(&w, flushes_v);
	INIT_WORK(&v, naps);
	queue_work_on(0, q, &v);
	queue_work_on(1, q, &w);
	msleep(10);
	destroy_workqueue(q);
	return 0;
}

static int with_a_rescuer(void *arg)
{
	return waits_for_a_running_one(WQ_MEM_RECLAIM, 0);
}

static int with_max_active_1(void *arg)
{
	return waits_for_a_running_one(0, 1);
}

static int with_neither(void *arg)
{
	return waits_for_a_running_one(0, 2);
}

WQTEST(lockdep, flush_work_is_exclusive_where_it_must)
{
	REPORTED("cmwq", with_a_rescuer, RECURSION);
	REPORTED("cmwq", with_max_active_1, RECURSION);
	SILENT("cmwq", with_neither);
}

/* Items initialised at one place are one class, those that are static each their own. */
static DECLARE_WORK(static_item, takes_a);
static DECLARE_WORK(other_item, nothing);

static int static_items(void *arg)
{
	q = create_workqueue("q");
	run_one(&static_item);
	run_one(&other_item);
	mutex_lock(&a);
	cancel_work_sync(&other_item);
	mutex_unlock(&a);
	if (arg)
		take_two(&a, &a);
	destroy_workqueue(q);
	return 0;
}

static int static_item_under_lock(void *arg)
{
	q = create_workqueue("q");
	run_one(&static_item);
	mutex_lock(&a);
	cancel_work_sync(&static_item);
	mutex_unlock(&a);
	destroy_workqueue(q);
	return 0;
}

static void init_like(struct work_struct *work, work_func_t fn)
{
	INIT_WORK(work, fn);
}

static int alike(void *arg)
{
	q = create_workqueue("q");
	init_like(&w, takes_a);
	init_like(&v, nothing);
	run_one(&w);
	run_one(&v);
	mutex_lock(&a);
	cancel_work_sync(&v);
	mutex_unlock(&a);
	destroy_workqueue(q);
	return 0;
}

WQTEST_ENGINES(lockdep, classes_of_items)
{
	SILENT(engine, static_items);
	REPORTED(engine, static_item_under_lock, " (static_item), at: ");
	REPORTED(engine, alike, " ((work)), at: ");
}

/* What an item has to do with lockdep is kept beside it. */
_Static_assert(sizeof(struct work_struct) == 40, "an item is larger than it was");

/* Many items, so that the table of their classes grows; the first is still known. */
static int many_items(void *arg)
{
	static struct work_struct many[500];

	q = create_workqueue("q");
	INIT_WORK(&w, takes_a);
	for (unsigned int i = 0; i < ARRAY_SIZE(many); i++)
		INIT_WORK(&many[i], nothing);
	run_one(&w);
	run_one(&many[499]);
	mutex_lock(&a);
	cancel_work_sync(&many[499]);
	cancel_work_sync(&w);
	mutex_unlock(&a);
	destroy_workqueue(q);
	return 0;
}

WQTEST_ENGINES(lockdep, many_items)
{
	REPORTED(engine, many_items, " ((&w)), at: ");
}

/* ---- what an item leaves behind (I1, A-F10) ---- */

static void leaks_mutex(struct work_struct *work)
{
	mutex_lock(&a);
}

static void leaks_preempt(struct work_struct *work)
{
	preempt_disable();
}

static void gives_back(struct work_struct *work)
{
	preempt_enable();
}

static int leaves_mutex(void *arg)
{
	q = create_workqueue("q");
	INIT_WORK(&w, leaks_mutex);
	run_one(&w);
	INIT_WORK(&v, nothing);
	run_one(&v);
	destroy_workqueue(q);
	return 0;
}

/* Both on one thread: the next item undoes it, before anybody sleeps. */
static int leaves_preempt(void *arg)
{
	q = create_singlethread_workqueue("q");
	INIT_WORK(&w, leaks_preempt);
	INIT_WORK(&v, gives_back);
	preempt_disable();
	queue_work(q, &w);
	queue_work(q, &v);
	preempt_enable();
	flush_workqueue(q);
	destroy_workqueue(q);
	return 0;
}

WQTEST_ENGINES(lockdep, leaks_are_told)
{
	bool legacy = !strcmp(engine, "legacy");
	struct machine_config cfg = config(engine);

	cfg.invariants = "-I1";		/* which would end the run before the kernel says it */
	EXPECT_CFG(&cfg, leaves_preempt, VERDICT_OK, 1,
		   legacy ? LEAK "q/0x00000001/" : LEAK "kworker/u4:0/0x00000001/", RECURSION);
	EXPECT_CFG(&cfg, leaves_preempt, VERDICT_OK, 1, "last function: leaks_preempt\nno locks held by ", NULL);
	/* on 2.6.32 the next item finds the thread with it: its very start is a circle */
	EXPECT_CFG(&cfg, leaves_mutex, VERDICT_OK, legacy ? 2 : 1,
		   "last function: leaks_mutex\n1 lock held by ", NULL);
	EXPECT_CFG(&cfg, leaves_mutex, VERDICT_OK, legacy ? 2 : 1, " #0:  (a), at: leaks_mutex\n",
		   legacy ? NULL : CIRCLE);
	/* what lockdep does not count, preempt_count() does */
	cfg.lockdep = "off";
	EXPECT_CFG(&cfg, leaves_preempt, VERDICT_OK, 1, "INFO: lockdep is turned off.", NULL);
	EXPECT_CFG(&cfg, leaves_mutex, VERDICT_OK, 0, NULL, LEAK);
}

/* ---- the switch ---- */

static int both_kinds(void *arg)
{
	abba(arg);
	take_two(&b, &c);
	take_two(&c, &b);
	return 0;
}

WQTEST(lockdep, off_and_once)
{
	struct machine_config cfg = config(NULL);
	struct machine_result res;

	EXPECT_CFG(&cfg, both_kinds, VERDICT_OK, 1, CIRCLE, "(c)");
	cfg.lockdep = "off";
	EXPECT_CFG(&cfg, both_kinds, VERDICT_OK, 0, NULL, "lock");
	cfg.lockdep = "on";
	EXPECT_CFG(&cfg, both_kinds, VERDICT_OK, 1, CIRCLE, NULL);

	cfg.lockdep = "perhaps";
	CHECK_EQ(machine_run(&cfg, both_kinds, NULL, &res), -EINVAL);
	CHECK_STR(machine_error(), "lockdep cannot be \"perhaps\": expected \"on\" or \"off\"");
	cfg = (struct machine_config){ .kind = "native", .cpus = 1, .lockdep = "on", .no_accounting = true };
	CHECK_EQ(machine_run(&cfg, both_kinds, NULL, &res), -EINVAL);
	CHECK(strstr(machine_error(), "expected"));
}

static int seen_active;

static int looks(void *arg)
{
	seen_active = debug_locks;
	CHECK_EQ(seen_active, (long)arg);
	mutex_lock(&a);
	CHECK_EQ(lockdep_depth(current), (long)arg);
	mutex_unlock(&a);
	return 0;
}

static int circle_on_native(void *arg)
{
	struct workqueue_struct *wq = create_workqueue("q");

	INIT_WORK(&w, takes_a);
	queue_work(wq, &w);
	flush_work(&w);
	destroy_workqueue(wq);
	CHECK_EQ(debug_locks, 1);
	abba(arg);
	CHECK_EQ(debug_locks, 0);
	return 0;
}

WQTEST(lockdep_native, off_unless_asked)
{
	struct machine_config cfg = { .kind = "native", .cpus = 2, .quiet = true };
	struct machine_result res;

	if (sim_run(&cfg, looks, (void *)0, &res))
		return;
	CHECK_EQ(res.ret, 0);
	machine_result_free(&res);
	cfg.lockdep = "on";
	if (sim_run(&cfg, looks, (void *)1, &res))
		return;
	CHECK_EQ(res.ret, 0);
	machine_result_free(&res);
	if (sim_run(&cfg, circle_on_native, NULL, &res))
		return;
	CHECK_EQ(res.warnings, 1);
	CHECK_MSG(strstr(res.log, CIRCLE), "%s", res.log);
	machine_result_free(&res);
}

/* ---- always the same ---- */

/* Reports are the same in every run, on either carrier, and whatever went before. */
WQTEST_ENGINES(lockdep, same_words)
{
	int (*const fns[])(void *) = { three_tasks, flush_under_lock, own_queue };
	struct machine_config cfg = config(engine);
	struct machine_result res;
	char *first;

	for (unsigned int i = 0; i < ARRAY_SIZE(fns); i++) {
		cfg.carrier = "fibers";
		if (sim_run(&cfg, fns[i], NULL, &res))
			return;
		first = res.log;
		res.log = NULL;
		machine_result_free(&res);
		cfg.carrier = "threads";
		if (sim_run(&cfg, fns[i], NULL, &res))
			return;
		CHECK_STR(res.log, first);
		CHECK_MSG(!strstr(first, "0x"), "an address?\n%s", first);
		machine_result_free(&res);
		res = (struct machine_result){ .log = first };
		machine_result_free(&res);
	}
}

/* It decides nothing: the same schedules with and without. */
static int busy(void *arg)
{
	q = create_workqueue("q");
	INIT_WORK(&w, takes_a);
	INIT_WORK(&v, takes_a);
	for (int i = 0; i < 10; i++) {
		queue_work_on(i % 2, q, &w);
		queue_work_on(!(i % 2), q, &v);
		takes_a(NULL);
	}
	destroy_workqueue(q);
	return 0;
}

WQTEST_ENGINES(lockdep, changes_no_schedule)
{
	for (unsigned int seed = 1; seed <= 20; seed++) {
		struct machine_config cfg = config(engine);
		struct machine_result on, off;
		char explore[24];

		snprintf(explore, sizeof(explore), "random:%u", seed);
		cfg.explore = explore;
		if (sim_run(&cfg, busy, NULL, &on))
			return;
		cfg.lockdep = "off";
		if (sim_run(&cfg, busy, NULL, &off))
			return;
		CHECK_MSG(on.hash == off.hash && on.steps == off.steps, "seed %u", seed);
		CHECK_MSG(!on.warnings, "seed %u\n%s", seed, on.log);
		machine_result_free(&on);
		machine_result_free(&off);
	}
}
