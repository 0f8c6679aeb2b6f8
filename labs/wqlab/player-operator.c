// SPDX-License-Identifier: GPL-2.0-only
/*
 * The operator of a scenario: takes CPUs up and down, freezes and thaws, drains and
 * destroys workqueues, and sits at the files of sysfs.
 *
 * Such a step may have to wait: a CPU that goes waits for its items, a freeze or a drain
 * for those that run.  The timeline cannot wait, for the next of its entries has its time.  So a
 * thread performs these steps, one after another in the order of the file, like somebody
 * at a shell; and the timeline goes on when the step is done, or sleeps for the first time.
 *
 *	timeline			operator
 *	  operator_do(step) ----------->  perform(step)
 *	    waits for `begun` <---------    first schedule(), or the end
 *	  next entry			    ... goes on, says how it went
 *
 * Locking: `posted` is the timeline's to write and `taken` the operator's; the other looks
 * with READ_ONCE().  `owed` is handed over with a step: the timeline's before, then the
 * operator's.  Read next: player-outside.c.
 */
#include <linux/cpu.h>
#include <linux/err.h>
#include <linux/freezer.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <wqlab/events.h>
#include <wqlab/sysfs.h>

#include "player.h"

struct operator {
	struct player *player;
	struct task_struct *task;
	u32 posted;			/* steps handed over */
	u32 taken;			/* steps finished */
	bool owed;			/* the timeline waits for `begun` */
	struct completion begun;
	const struct scenario_step *step[];	/* in the order in which they come */
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

/* What cat printed, in one line. */
static int cat(const char *path, char *out, size_t size)
{
	ssize_t len = wqlab_sysfs_read(path, out, size);
	char *c;

	if (len < 0)
		return len;
	out[strcspn(out, "\n") ? strlen(out) - 1 : 0] = '\0';
	for (c = out; *c; c++)
		if (*c == '\n')
			*c = ' ';
	return 0;
}

static void destroy(struct player *p, u32 wq)
{
	if (!p->wqs[wq])
		return;
	destroy_workqueue(p->wqs[wq]);
	player_forget(p, p->wqs[wq]);
	WRITE_ONCE(p->wqs[wq], NULL);
}

/* 0 or -errno; *out: what it printed, if anything. */
static int perform(struct player *p, const struct scenario_step *s, char *out, size_t size)
{
	ssize_t ret;
	u32 i;

	switch (s->op) {
	case SCENARIO_DRAIN:
		for (i = 0; i < s->nr_refs; i++)
			if (p->wqs[s->refs[i].index])
				drain_workqueue(p->wqs[s->refs[i].index]);
		return 0;
	case SCENARIO_DESTROY:
		for (i = 0; i < s->nr_refs; i++)
			destroy(p, s->refs[i].index);
		return 0;
	case SCENARIO_ECHO:
		ret = wqlab_sysfs_write(s->path, s->text);
		return ret < 0 ? ret : 0;
	case SCENARIO_CAT:
		return cat(s->path, out, size);
	case SCENARIO_CPU:
		return s->number ? cpu_up(s->cpu) : cpu_down(s->cpu);
	case SCENARIO_FREEZE:
		return freeze_processes();
	default:
		thaw_processes();
		return 0;
	}
}

static void one_step(struct operator *op, const struct scenario_step *s)
{
	bool stop = READ_ONCE(op->player->stopping);
	char text[256], out[64] = "done";
	int err;

	if (!stop) {
		sched_set_hooks(&step_hooks);
		err = perform(op->player, s, out, sizeof(out));
		sched_set_hooks(NULL);
		if (err)
			snprintf(text, sizeof(text), "%s: refused, error %d", s->source, err);
		else
			snprintf(text, sizeof(text), "%s: %s", s->source, out);
		trace_outside(text);
	}
	tell_begun(op);
}

static int operator_fn(void *data)
{
	struct operator *op = data;

	for (;;) {
		set_current_state(TASK_INTERRUPTIBLE);
		if (kthread_should_stop())
			break;
		if (op->taken == READ_ONCE(op->posted)) {
			schedule();
			continue;
		}
		__set_current_state(TASK_RUNNING);
		one_step(op, op->step[op->taken]);
		WRITE_ONCE(op->taken, op->taken + 1);
		player_put(op->player);
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

int player_make_operator(struct player *p)
{
	const struct sched_param rt = { .sched_priority = PLAYER_OUTSIDE_PRIORITY };
	u32 nr = count_steps(p->sc);
	struct task_struct *task;
	struct operator *op;

	if (!nr)
		return 0;
	op = kzalloc(sizeof(*op) + nr * sizeof(op->step[0]), GFP_KERNEL);
	if (!op)
		return -ENOMEM;
	op->player = p;
	init_completion(&op->begun);
	task = kthread_create(operator_fn, op, "operator");
	if (IS_ERR(task)) {
		kfree(op);
		return PTR_ERR(task);
	}
	op->task = task;
	p->operator = op;
	sched_setscheduler(task, SCHED_FIFO, &rt);
	wake_up_process(task);
	return 0;
}

void player_end_operator(struct player *p)
{
	if (!p->operator)
		return;
	kthread_stop(p->operator->task);
	kfree(p->operator);
}

void player_operator_do(struct player *p, const struct scenario_step *s)
{
	struct operator *op = p->operator;
	bool idle = READ_ONCE(op->taken) == op->posted;

	player_get(p);
	op->step[op->posted] = s;
	if (idle)
		op->owed = true;
	/* Behind what the operator is to find. */
	smp_wmb();
	WRITE_ONCE(op->posted, op->posted + 1);
	wake_up_process(op->task);
	if (idle)
		wait_for_completion(&op->begun);
}
