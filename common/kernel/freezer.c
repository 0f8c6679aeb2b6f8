// SPDX-License-Identifier: GPL-2.0-only
/*
 * The freezer.
 *
 *	freeze_processes()			a thread that takes part
 *	  FREEZING, and a wake-up		  try_to_freeze():
 *	  all FROZEN yet?  look again		    FROZEN
 *	  in 1, 2, 4, 8, 8, ... ms		    sleep while FROZEN
 *	thaw_processes()
 *	  THAWED, and a wake-up			  goes on
 *
 * No request is missed: the thread sets its state before it looks whether it was asked
 * (prepare_to_wait(), then freezing()), and who asks writes the request before the
 * wake-up.  And none comes too late: FREEZING turns to FROZEN or to THAWED under
 * freezer_lock, so a thread cannot go to sleep on a request that was taken back.
 *
 * Owns task->freeze, under freezer_lock; the clients and whether all is frozen, under
 * pm_mutex.  Mirrors 2.6.32 kernel/freezer.c and kernel/power/process.c; the clients and
 * the growing pauses are 3.18's.  Read next: the engines' freezer chapters.
 */
#include <linux/bug.h>
#include <linux/errno.h>
#include <linux/freezer.h>
#include <linux/jiffies.h>
#include <linux/mutex.h>
#include <linux/printk.h>
#include <linux/spinlock.h>
#include <wqlab/mach.h>
#include <wqlab/race.h>

#define LONGEST_PAUSE_MS	8

static DEFINE_SPINLOCK(freezer_lock);
static DEFINE_MUTEX(pm_mutex);
static LIST_HEAD(clients);		/* under pm_mutex */
static unsigned int freezes;		/* begun; under pm_mutex, read without it by freezes_begun() */
static bool all_frozen;			/* under pm_mutex; read without it by tasks_frozen() */

unsigned int freeze_timeout_msecs = 20 * MSEC_PER_SEC;

/* ---- the task's side ---- */

static bool enter_refrigerator(void)
{
	bool asked;

	spin_lock(&freezer_lock);
	asked = freezing(current);
	if (asked)
		WRITE_ONCE(current->freeze, TASK_FROZEN);
	spin_unlock(&freezer_lock);
	return asked;
}

void refrigerator(void)
{
	long save = __READ_ONCE(current->state);

	if (!enter_refrigerator())
		return;
	sched_block_note("freezer", NULL, NULL);
	for (;;) {
		set_current_state(TASK_UNINTERRUPTIBLE);
		if (!frozen(current))
			break;
		schedule();
	}
	sched_block_done();
	__set_current_state(save);
}

void set_freezable(void)
{
	__WRITE_ONCE(current->flags, current->flags & ~PF_NOFREEZE);
	try_to_freeze();
	current->freezes = __READ_ONCE(freezes);	/* what has begun may have passed us by */
}

/* ---- one task ---- */

bool freeze_task(struct task_struct *p)
{
	bool asked;

	spin_lock(&freezer_lock);
	asked = !frozen(p);
	if (asked)
		WRITE_ONCE(p->freeze, TASK_FREEZING);
	spin_unlock(&freezer_lock);
	if (asked)
		wake_up_state(p, TASK_INTERRUPTIBLE);
	return asked;
}

bool thaw_process(struct task_struct *p)
{
	bool was;

	spin_lock(&freezer_lock);
	was = frozen(p);
	WRITE_ONCE(p->freeze, TASK_THAWED);
	spin_unlock(&freezer_lock);
	if (was)
		wake_up_process(p);
	return was;
}

/* ---- all tasks ---- */

/*
 * The list of tasks may change whenever somebody else runs, and waking lets others run.
 * So it is walked for one task at a time, which is held before it is touched.
 */
struct search {
	bool (*wanted)(const struct task_struct *p);
	struct task_struct *found;
	unsigned int nr;
};

static void look_at(struct mtask *m, void *arg)
{
	struct task_struct *p = (struct task_struct *)m;
	struct search *s = arg;

	/* The list is the machine's, and keeps what stands in it: no race, though nobody else sees why. */
	race_ignore();
	if (s->wanted(p)) {
		s->nr++;
		if (!s->found) {
			get_task_struct(p);
			s->found = p;
		}
	}
	race_watch();
	if (s->found == p)
		race_acquire(&p->freeze);	/* sched_new_task()'s */
}

/* The first such task, held; NULL: there is none. */
static struct task_struct *find_task(bool (*wanted)(const struct task_struct *p))
{
	struct search s = { .wanted = wanted };

	mach_for_each_task(look_at, &s);
	return s.found;
}

static unsigned int count_tasks(bool (*wanted)(const struct task_struct *p))
{
	struct search s = { .wanted = wanted };

	mach_for_each_task(look_at, &s);
	if (s.found)
		put_task_struct(s.found);
	return s.nr;
}

static bool to_be_asked(const struct task_struct *p)
{
	return !(__READ_ONCE(p->flags) & PF_NOFREEZE) && __READ_ONCE(p->freeze) == TASK_THAWED;
}

static bool to_be_thawed(const struct task_struct *p)
{
	return __READ_ONCE(p->freeze) != TASK_THAWED;
}

static void ask_all(void)
{
	struct task_struct *p;

	while ((p = find_task(to_be_asked))) {
		freeze_task(p);
		put_task_struct(p);
	}
}

static void thaw_all(void)
{
	struct freezer_client *client;
	struct task_struct *p;

	list_for_each_entry(client, &clients, list)
		client->thaw();
	while ((p = find_task(to_be_thawed))) {
		thaw_process(p);
		put_task_struct(p);
	}
}

static bool clients_busy(void)
{
	struct freezer_client *client;
	bool busy = false;

	list_for_each_entry(client, &clients, list)
		busy |= client->busy();
	return busy;
}

static void name_refuser(struct mtask *m, void *arg)
{
	const struct task_struct *p = (const struct task_struct *)m;

	race_ignore();
	if (freezing(p))
		pr_err(" %s/%d does not stand still\n", p->comm, p->pid);
	race_watch();
}

/* Ask, until all stand still or the time is over. */
static int try_to_freeze_tasks(void)
{
	unsigned long end = jiffies + msecs_to_jiffies(freeze_timeout_msecs);
	unsigned int pause = 1, todo, ms;
	struct freezer_client *client;
	bool busy;

	list_for_each_entry(client, &clients, list)
		client->begin();
	for (;;) {
		/* Again each time: there may be new ones. */
		ask_all();
		todo = count_tasks(freezing);
		busy = clients_busy();
		if (!todo && !busy)
			return 0;
		if (time_after(jiffies, end))
			break;
		schedule_timeout_uninterruptible(msecs_to_jiffies(pause));
		pause = min(2 * pause, LONGEST_PAUSE_MS + 0u);
	}
	ms = freeze_timeout_msecs;
	pr_err("Freezing of tasks failed after %u.%03u seconds (%u tasks refusing to freeze, wq_busy=%d):\n",
	       ms / 1000, ms % 1000, todo, busy);
	mach_for_each_task(name_refuser, NULL);
	return -EBUSY;
}

int freeze_processes(void)
{
	int err = -EBUSY;

	mutex_lock(&pm_mutex);
	if (!all_frozen) {
		__WRITE_ONCE(freezes, freezes + 1);
		err = try_to_freeze_tasks();
		__WRITE_ONCE(all_frozen, !err);
		if (err)
			thaw_all();
	}
	mutex_unlock(&pm_mutex);
	return err;
}

void thaw_processes(void)
{
	mutex_lock(&pm_mutex);
	if (all_frozen) {
		__WRITE_ONCE(all_frozen, false);
		thaw_all();
	}
	mutex_unlock(&pm_mutex);
}

unsigned int freezes_begun(void)
{
	return __READ_ONCE(freezes);
}

bool tasks_frozen(void)
{
	return __READ_ONCE(all_frozen);
}

void freezer_join(struct freezer_client *client)
{
	mutex_lock(&pm_mutex);
	list_add_tail(&client->list, &clients);
	mutex_unlock(&pm_mutex);
}

void freezer_leave(struct freezer_client *client)
{
	mutex_lock(&pm_mutex);
	list_del(&client->list);
	mutex_unlock(&pm_mutex);
}
