// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the reports say of a task: its state, what it waits for, who could end
 * the wait, which spinlocks it holds.
 *
 * Every primitive that blocks notes in current->blocked what it blocks on for
 * as long as it does; a waiter that knows which task it waits for adds that with
 * wait_blame().
 *
 * Locking: only the task itself writes these fields, and they are read when
 * nothing runs: in a decision of the simulated machine, and on the native one when
 * the world has been stopped.  A task's state is read at any time.
 * Read next: sched.c.
 */
#include <linux/kernel.h>
#include <linux/mutex.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <linux/workqueue.h>
#include <wqlab/arena.h>
#include <wqlab/objname.h>
#include <wqlab/race.h>

void sched_block_note(const char *kind, const void *obj, const char *name)
{
	current->blocked = (struct task_blocked){ kind, obj, name, current->blocked.func };
}

void sched_block_done(void)
{
	current->blocked.kind = NULL;
}

void wait_blame(struct task_struct *t, const char *what)
{
	struct task_struct *before = current->blamed;

	if (t)
		get_task_struct(t);
	current->blamed = t;
	current->blamed_for = what;
	if (before)
		put_task_struct(before);
}

void sched_held_push(const spinlock_t *lock, const char *func)
{
	struct task_struct *tsk = current;

	if (tsk->nr_held < TASK_MAX_HELD)
		tsk->held[tsk->nr_held] = (struct task_held){ lock, func };
	tsk->nr_held++;
}

void sched_held_pop(const spinlock_t *lock)
{
	struct task_struct *tsk = current;
	int i = min(tsk->nr_held, TASK_MAX_HELD) - 1;

	tsk->nr_held--;
	while (i >= 0 && tsk->held[i].lock != lock)
		i--;
	if (i < 0)
		return;		/* beyond the first TASK_MAX_HELD: counted, not named */
	for (; i < min(tsk->nr_held, TASK_MAX_HELD - 1); i++)
		tsk->held[i] = tsk->held[i + 1];
}

char sched_state_letter(const struct mtask *m)
{
	long state = __READ_ONCE(((const struct task_struct *)m)->state);

	if (state & TASK_DEAD)
		return 'X';
	if (state & TASK_UNINTERRUPTIBLE)
		return 'D';
	if (state & TASK_INTERRUPTIBLE)
		return 'S';
	return 'R';
}

static bool blocked_on(const struct task_struct *p, const char *kind)
{
	return p->blocked.kind && !strcmp(p->blocked.kind, kind);
}

/* Who could end the wait, if anybody is known to. */
static const struct task_struct *blocker(const struct task_struct *p)
{
	if (blocked_on(p, "mutex"))
		return ((const struct mutex *)p->blocked.obj)->owner;
	if (blocked_on(p, "spinlock"))
		return (const struct task_struct *)((const spinlock_t *)p->blocked.obj)->raw.owner;
	return p->m.run == MR_PARKED ? p->blamed : NULL;
}

static const char *busy_name(const struct task_struct *p, char *buf, size_t size)
{
	const char *name = wqlab_object_name(p->busy_work);

	if (name)
		return name;
	snprintf(buf, size, "%ps", p->busy_func);
	return buf;
}

void sched_where(const struct mtask *m, char *buf, size_t size)
{
	const struct task_struct *p = (const struct task_struct *)m, *who;
	char name[64];
	size_t n = 0;
	int i;

	buf[0] = '\0';
	race_ignore();
	if (p->busy_wq)
		n += scnprintf(buf + n, size - n, "runs %s of %s, ",
			       busy_name(p, name, sizeof(name)), p->busy_wq);
	if (m->run == MR_NEW) {
		n += scnprintf(buf + n, size - n, "not started");
	} else if (blocked_on(p, "spinlock")) {
		n += scnprintf(buf + n, size - n, "spins in %s on %s",
			       p->blocked.func, p->blocked.name);
	} else if (m->run != MR_PARKED) {
		n += scnprintf(buf + n, size - n, "%s",
			       m->run == MR_CURR ? "on the CPU" : "ready, waits for the CPU");
	} else {
		n += scnprintf(buf + n, size - n, "in %s", p->blocked.func);
		if (p->blocked.kind && p->blocked.name)
			n += scnprintf(buf + n, size - n, ", on %s %s", p->blocked.kind,
				       p->blocked.name);
		else if (p->blocked.kind && strcmp(p->blocked.kind, "schedule()"))
			n += scnprintf(buf + n, size - n, ", on a %s", p->blocked.kind);
	}
	who = blocker(p);
	if (who)
		n += scnprintf(buf + n, size - n, "%s %s (pid %d%s)",
			       p->blamed == who ? "; waits for" : ", held by",
			       who->comm, who->pid, who == p ? ", itself" : "");
	if (who && p->blamed == who && p->blamed_for)
		n += scnprintf(buf + n, size - n, ": %s", p->blamed_for);
	for (i = 0; i < min(p->nr_held, TASK_MAX_HELD); i++)
		n += scnprintf(buf + n, size - n, "%s%s", i ? ", " : "; holds ",
			       p->held[i].lock->dep_map.name);
	race_watch();
}

void sched_describe(const struct mtask *m, char *buf, size_t size)
{
	const struct task_struct *p = (const struct task_struct *)m;
	size_t n;

	race_ignore();
	n = scnprintf(buf, size, "%-15s %5d  %c  cpu%-3u ", p->comm, p->pid,
		      sched_state_letter(m), p->m.cpu);
	race_watch();
	sched_where(m, buf + n, size - n);
}

/* A pending bit or a pointer lies in the word that is changed: its owner's name says more. */
void sched_name_object(enum mach_point op, const void *obj, char *buf, size_t size)
{
	const char *name = NULL;

	switch (op) {
	case MP_LOCK:
	case MP_UNLOCK:
		name = ((const spinlock_t *)obj)->dep_map.name;
		break;
	case MP_WAKE:
	case MP_STATE:
	case MP_BLOCK:
		name = ((const struct task_struct *)obj)->comm;
		break;
	case MP_TIMER_ARM:
	case MP_TIMER_CANCEL:
	case MP_TIMER_FIRE:
		name = wqlab_object_name(container_of((struct timer_list *)obj, struct delayed_work, timer));
		if (!name)
			name = "a timer";
		break;
	case MP_ATOMIC:
	case MP_READ:
	case MP_WRITE:
		name = wqlab_object_name(obj);
		if (!name && !arena_contains(obj))
			name = mach_name_of_address(obj, buf, size);
		break;
	default:
		break;
	}
	if (name && name != buf)
		scnprintf(buf, size, "%s", name);
}
