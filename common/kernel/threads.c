// SPDX-License-Identifier: GPL-2.0-only
/*
 * The thread list, for `wqlab ps` and for tests.
 *
 * Locking: none beyond the walk's. On the simulated machine there is no choice point
 * in it, so nothing moves; on the native one a task may change what is read, and each
 * field is what it was at some moment of the walk.
 * Read next: sched_report.c.
 */
#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <wqlab/machine.h>
#include <wqlab/race.h>

struct listing {
	struct machine_thread *out;
	size_t max, n;
};

/* A name that its task may be changing; it never lacks its NUL. */
static void copy_comm(char *to, const char *from, size_t size)
{
	size_t i;

	for (i = 0; i < size - 1 && (to[i] = __READ_ONCE(from[i])); i++)
		;
	to[i] = '\0';
}

static void list_one(struct mtask *m, void *arg)
{
	const struct task_struct *p = (const struct task_struct *)m;
	struct listing *l = arg;

	if (m->id == 1)			/* p->pid comes later, when it is listed already */
		return;
	if (l->n < l->max) {
		struct machine_thread *t = &l->out[l->n];

		t->pid = m->id;
		copy_comm(t->comm, p->comm, min(sizeof(t->comm), sizeof(p->comm)));
		t->state = sched_state_letter(m);
		t->cpu = __READ_ONCE(m->cpu);
		race_ignore();		/* the mask's words may be of different moments */
		t->bound = cpumask_weight(&p->cpus_allowed) == 1;
		race_watch();
		t->nice = __READ_ONCE(p->policy) == SCHED_FIFO ? 0 : __READ_ONCE(p->static_nice);
		t->rt_prio = __READ_ONCE(p->rt_priority);
	}
	l->n++;
}

size_t machine_threads(struct machine_thread *out, size_t max)
{
	struct listing l = { .out = out, .max = max };

	mach_for_each_task(list_one, &l);
	return l.n;
}
