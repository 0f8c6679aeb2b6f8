// SPDX-License-Identifier: GPL-2.0-only
/*
 * The thread list, for `wqlab ps` and for tests.
 *
 * Locking: none; there is no choice point in the walk, so the list stands still.
 * Read next: sched_report.c.
 */
#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <wqlab/machine.h>

struct listing {
	struct machine_thread *out;
	size_t max, n;
};

static void list_one(struct mtask *m, void *arg)
{
	const struct task_struct *p = (const struct task_struct *)m;
	struct listing *l = arg;

	if (p->pid == 1)
		return;
	if (l->n < l->max) {
		struct machine_thread *t = &l->out[l->n];

		t->pid = p->pid;
		strlcpy(t->comm, p->comm, sizeof(t->comm));
		t->state = sched_state_letter(m);
		t->cpu = m->cpu;
		t->bound = cpumask_weight(&p->cpus_allowed) == 1;
		t->nice = p->policy == SCHED_FIFO ? 0 : p->static_nice;
		t->rt_prio = p->rt_priority;
	}
	l->n++;
}

size_t machine_threads(struct machine_thread *out, size_t max)
{
	struct listing l = { .out = out, .max = max };

	mach_for_each_task(list_one, &l);
	return l.n;
}
