// SPDX-License-Identifier: GPL-2.0-only
/*
 * The operator of a scenario: takes CPUs up and down, freezes and thaws, drains and
 * destroys workqueues, and sits at the files of sysfs.
 *
 * Such a step may have to wait: a CPU that goes waits for its items, a freeze or a drain
 * for those that run.  The timeline cannot wait, for the next of its entries has its time.  So a
 * thread performs the step, like somebody at a shell; and the timeline goes on when the step
 * is done, or sleeps for the first time.
 *
 *	timeline			operator
 *	  player_operator_do(step) --->  perform(step)
 *	    waits for `begun` <---------    first schedule(), or the end
 *	  next entry			    ... goes on, says how it went
 *
 * If all operators are at work when the next step comes, another sits down: what one waits for
 * may be just what comes later, a thaw, or a CPU that comes back.  Only steps that drain or destroy
 * one workqueue come one after another, or the second would be left with freed memory.
 *
 * Locking: operators->lock guards who is at work on what (L).  `owed` is handed over with a
 * step: the timeline's before, then the operator's (H).  The list of operators is the
 * timeline's (T).  Read next: player-outside.c.
 */
#include <linux/cpu.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/freezer.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/list.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/wait.h>
#include <wqlab/events.h>
#include <wqlab/mach.h>
#include <wqlab/sysfs.h>

#include "player.h"

#define FILE_LEN	4096		/* what a file of sysfs may print: a page */

struct operator {
	struct operators *all;		/* fixed */
	struct task_struct *task;	/* fixed */
	const struct scenario_step *step;	/* L: what to do; NULL: nothing */
	struct list_head at_work;	/* L: in operators.at_work, if there is a step */
	bool owed;			/* H: the timeline waits for `begun` */
	struct completion begun;
	char text[SCENARIO_MAX_LINE + FILE_LEN];	/* the operator's: how a step went */
};

struct operators {
	struct player *player;		/* fixed */
	spinlock_t lock;		/* guards L */
	struct list_head at_work;	/* L: who has a step, in the order in which they came */
	wait_queue_head_t step_done;	/* woken when a step is over */
	u32 nr;				/* T */
	struct operator *list[];	/* T: at most one for each step */
};

static void tell_begun(struct operator *op)
{
	if (!op->owed)
		return;
	op->owed = false;
	complete(&op->begun);
}

static void step_sleeps(struct task_struct *task)
{
	tell_begun(kthread_data(task));
}

static void step_wakes(struct task_struct *task)
{
}

static const struct sched_hooks step_hooks = {
	.sleeping = step_sleeps, .waking = step_wakes,
};

/* What cat prints, in one line. */
static int cat(const char *path, char *out)
{
	ssize_t len = wqlab_sysfs_read(path, out, FILE_LEN);
	char *c;

	if (len < 0)
		return len;
	len = strlen(out);
	if (len && out[len - 1] == '\n')
		out[len - 1] = '\0';
	for (c = out; *c; c++)
		if (*c == '\n')
			*c = ' ';
	return 0;
}

/* Drain or destroy what is still there; whether anything was. */
static bool end_workqueues(struct player *p, const struct scenario_step *s)
{
	struct player_actor outside = { .player = p };
	bool any = false;
	u32 i;

	for (i = 0; i < s->nr_refs; i++) {
		u32 wq = s->refs[i].index;

		if (player_is_gone(&outside, wq))
			continue;
		any = true;
		if (s->op == SCENARIO_DRAIN) {
			drain_workqueue(p->wqs[wq]);
			continue;
		}
		destroy_workqueue(p->wqs[wq]);
		player_forget(p, p->wqs[wq]);
		WRITE_ONCE(p->wqs[wq], NULL);
	}
	return any;
}

/* What a refusal means of this step; NULL: nothing more than its name says. */
static const char *reason(const struct scenario_step *s, int err)
{
	switch (err) {
	case -EBUSY:
		return s->op == SCENARIO_CPU ? "it is the last CPU that is up" : "a task does not freeze";
	case -EINVAL:
		if (s->op == SCENARIO_CPU)
			return s->number ? "it is up already" : "it is down already";
		return "that cannot be written there";
	case -ENOENT:
		return "no such file: only a workqueue made with SYSFS has its files there";
	case -EACCES:
		return s->op == SCENARIO_CAT ? "it is not to be read" : "it is not to be written";
	case -ENOMEM:
	case -EAGAIN:
		return "no memory, or no thread";
	default:
		return NULL;
	}
}

static void refusal(const struct scenario_step *s, int err, char *out)
{
	static const char *const names[] = {
		[ENOENT] = "ENOENT", [EAGAIN] = "EAGAIN", [ENOMEM] = "ENOMEM", [EACCES] = "EACCES",
		[EBUSY] = "EBUSY", [EINVAL] = "EINVAL",
	};
	const char *why = reason(s, err);

	if (why)
		snprintf(out, FILE_LEN, "refused, %s: %s", names[-err], why);
	else
		snprintf(out, FILE_LEN, "refused, error %d", err);
}

static bool share_workqueue(const struct scenario_step *a, const struct scenario_step *b)
{
	u32 i, k;

	/* of an operator's steps these two alone name anything */
	for (i = 0; i < a->nr_refs; i++)
		for (k = 0; k < b->nr_refs; k++)
			if (a->refs[i].index == b->refs[k].index)
				return true;
	return false;
}

/* Whether a step that came before is still at work on the same workqueue. */
static bool must_wait(struct operator *op, const struct scenario_step *s)
{
	struct operator *other;
	bool wait = false;

	spin_lock(&op->all->lock);
	list_for_each_entry(other, &op->all->at_work, at_work) {
		if (other == op)
			break;
		wait |= share_workqueue(other->step, s);
	}
	spin_unlock(&op->all->lock);
	return wait;
}

/* 0 or -errno, or 1 if all is said already; out: what it printed, if anything. */
static int perform(struct player *p, const struct scenario_step *s, char *out)
{
	ssize_t ret;

	switch (s->op) {
	case SCENARIO_DRAIN:
	case SCENARIO_DESTROY:
		return end_workqueues(p, s) ? 0 : 1;
	case SCENARIO_ECHO:
		ret = wqlab_sysfs_write(s->path, s->text);
		return ret < 0 ? ret : 0;
	case SCENARIO_CAT:
		return cat(s->path, out);
	case SCENARIO_CPU:
		return s->number ? cpu_up(s->cpu) : cpu_down(s->cpu);
	case SCENARIO_FREEZE:
		return freeze_processes();
	default:
		thaw_processes();
		return 0;
	}
}

static void do_step(struct operator *op, const struct scenario_step *s)
{
	char *out = op->text;
	int err;

	out += scnprintf(out, SCENARIO_MAX_LINE, "%s: ", s->source);
	strlcpy(out, "done", FILE_LEN);
	sched_set_hooks(&step_hooks);
	if (s->nr_refs)
		wait_event(op->all->step_done, !must_wait(op, s));
	err = perform(op->all->player, s, out);
	sched_set_hooks(NULL);
	if (err < 0)
		refusal(s, err, out);
	if (err <= 0)
		trace_outside(op->text);
}

static const struct scenario_step *step_of(struct operator *op)
{
	const struct scenario_step *s;

	spin_lock(&op->all->lock);
	s = op->step;
	spin_unlock(&op->all->lock);
	return s;
}

/* From here on the operator may be given another; so what is owed is looked at before. */
static void step_over(struct operator *op)
{
	bool owed = op->owed;

	op->owed = false;
	spin_lock(&op->all->lock);
	op->step = NULL;
	list_del(&op->at_work);
	spin_unlock(&op->all->lock);
	wake_up_all(&op->all->step_done);
	if (owed)
		complete(&op->begun);
}

static int operator_fn(void *data)
{
	struct operator *op = data;

	for (;;) {
		const struct scenario_step *s;

		set_current_state(TASK_INTERRUPTIBLE);
		if (kthread_should_stop())
			break;
		s = step_of(op);
		if (!s) {
			schedule();
			continue;
		}
		__set_current_state(TASK_RUNNING);
		do_step(op, s);
		step_over(op);
		player_put(op->all->player);
	}
	__set_current_state(TASK_RUNNING);
	return 0;
}

static bool is_operators(const struct scenario_step *s)
{
	switch (s->op) {
	case SCENARIO_CPU:
	case SCENARIO_FREEZE:
	case SCENARIO_THAW:
	case SCENARIO_DRAIN:
	case SCENARIO_DESTROY:
	case SCENARIO_ECHO:
	case SCENARIO_CAT:
		return true;
	default:
		return false;
	}
}

static u32 count_steps(const struct scenario *sc)
{
	u32 i, k, nr = 0;

	for (i = 0; i < sc->nr_timeline; i++)
		for (k = 0; k < sc->timeline[i].steps.nr; k++)
			nr += is_operators(&sc->timeline[i].steps.list[k]);
	return nr;
}

static int make_operator(struct operators *all)
{
	const struct sched_param rt = { .sched_priority = PLAYER_OUTSIDE_PRIORITY };
	struct operator *op = kzalloc(sizeof(*op), GFP_KERNEL);
	struct task_struct *task;

	if (!op)
		return -ENOMEM;
	op->all = all;
	init_completion(&op->begun);
	if (all->nr)
		task = kthread_create(operator_fn, op, "operator/%u", all->nr + 1);
	else
		task = kthread_create(operator_fn, op, "operator");
	if (IS_ERR(task)) {
		kfree(op);
		return PTR_ERR(task);
	}
	op->task = task;
	all->list[all->nr++] = op;
	sched_setscheduler(task, SCHED_FIFO, &rt);
	wake_up_process(task);
	return 0;
}

int player_make_operator(struct player *p)
{
	u32 nr = count_steps(p->sc);
	struct operators *all;

	if (!nr)
		return 0;
	all = kzalloc(sizeof(*all) + nr * sizeof(all->list[0]), GFP_KERNEL);
	if (!all)
		return -ENOMEM;
	all->player = p;
	spin_lock_init(&all->lock);
	INIT_LIST_HEAD(&all->at_work);
	init_waitqueue_head(&all->step_done);
	p->operators = all;
	return make_operator(all);
}

void player_end_operators(struct player *p)
{
	struct operators *all = p->operators;
	u32 i;

	for (i = 0; all && i < all->nr; i++) {
		kthread_stop(all->list[i]->task);
		kfree(all->list[i]);
	}
	kfree(all);
}

/* The first who has nothing to do, else a new one; NULL: there can be none. */
static struct operator *find_operator(struct operators *all)
{
	int err;
	u32 i;

	for (i = 0; i < all->nr; i++)
		if (!step_of(all->list[i]))
			return all->list[i];
	/* It is the scenario's threads that are to fail. */
	mach_fault_set(MFAULT_KTHREAD, false);
	err = make_operator(all);
	mach_fault_set(MFAULT_KTHREAD, all->player->no_threads);
	return err ? NULL : all->list[i];
}

void player_operator_do(struct player *p, const struct scenario_step *s)
{
	struct operators *all = p->operators;
	struct operator *op = find_operator(all);

	if (!op) {
		trace_outside("refused: there is no memory, or no thread, for another operator");
		return;
	}
	player_get(p);
	op->owed = true;
	spin_lock(&all->lock);
	op->step = s;
	list_add_tail(&op->at_work, &all->at_work);
	spin_unlock(&all->lock);
	wake_up_process(op->task);
	wait_for_completion(&op->begun);
}
