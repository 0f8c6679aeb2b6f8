// SPDX-License-Identifier: GPL-2.0-only
/*
 * Two machines behind one set of calls: each call of mach.h goes to the kind that
 * the configuration named.
 *
 *	mach_park() --- machine.ops ---> sim_park()       one task executes, virtual time
 *	                           \---> native_park()    a pthread each, real time
 *
 * Calls on hot paths do not come here on the native machine: a choice point is one
 * test there (mach_points_on), a free spinlock is taken in place (linux/spinlock.h),
 * and `current` is a thread-local word.
 *
 * Owns struct machine (ops.h).  Locking: the host writes it while nothing runs.
 *
 * Read next: sim.c, native.c.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "invariant.h"
#include "ops.h"

struct machine machine;
__thread struct mtask *mach_current;
bool mach_points_on;
bool mach_checks;
bool mach_plain_unlock;

int mach_run(const struct machine_config *cfg, const struct mach_upcalls *up,
	     struct mtask *(*make_first)(void *arg), void *arg, struct machine_result *res)
{
	int err, i;

	machine.ops = strcmp(cfg->kind, machine_native.kind) ? &machine_sim : &machine_native;
	machine.cfg = *cfg;
	machine.up = up;
	machine.warnings = 0;
	for (i = 0; i < MFAULT_NR; i++)
		machine.faults[i] = false;
	invariants_begin(cfg->invariants, machine.ops == &machine_sim);
	machine.running = true;
	err = machine.ops->run(make_first, arg, res);
	res->warnings = machine.warnings;
	machine.running = false;
	invariants_end();
	mach_checks = mach_plain_unlock = false;
	return err;
}

bool machine_running(void)
{
	return machine.running;
}

void machine_stop(enum verdict v, const char *text)
{
	if (machine.running)
		machine.ops->stop(v, text);
	fprintf(stderr, "%s: %s\n", verdict_name(v), text);
	abort();
}

unsigned int mach_nr_cpus(void)
{
	return machine.cfg.cpus;
}

unsigned int mach_nr_nodes(void)
{
	return machine.cfg.nodes;
}

bool mach_fault(enum mach_fault f)
{
	mach_point(MP_FAULT, NULL);
	if (!machine.faults[f])
		return mach_points_on && sim_choose_fault(f);
	if (!machine.spared[f])
		return true;
	machine.spared[f]--;
	return false;
}

void mach_fault_set(enum mach_fault f, bool on)
{
	machine.spared[f] = 0;
	machine.faults[f] = on;
}

void mach_fault_after(enum mach_fault f, unsigned int n)
{
	machine.spared[f] = n;
	machine.faults[f] = true;
}

void mach_count_warning(void)
{
	machine.warnings++;
}

unsigned int mach_warnings(void)
{
	return machine.warnings;
}

void mach_excuse_warnings(unsigned int nr)
{
	machine.warnings -= nr;
}

/* ---- the report of a verdict ---- */

static void describe_one(struct mtask *t, void *arg)
{
	char line[400];

	(void)arg;
	machine.up->describe(t, line, sizeof(line));
	report_add("  %s\n", line);
}

static void report_line(const char *text)
{
	report_add("%s\n", text);
}

void report_headline(enum verdict v, const char *text)
{
	/* A kernel's BUG says so itself, and a broken invariant has a name of its own. */
	bool names_itself = v == VERDICT_BUG || v == VERDICT_INVARIANT;

	report_add("%s%s%s\n", names_itself ? "" : verdict_name(v), names_itself ? "" : ": ", text);
}

void report_verdict(enum verdict v, const char *text, uint64_t now, const char *clock)
{
	report_headline(v, text);
	invariants_report(v);
	report_add("at %llu.%09llu s%s; all tasks:\n", (unsigned long long)(now / 1000000000),
		   (unsigned long long)(now % 1000000000), clock);
	report_add("  %-15s %5s  %s  %s\n", "TASK", "PID", "S", "CPU    WHERE IT IS");
	mach_for_each_task(describe_one, NULL);
	machine.up->dump(report_line);
}

/* ---- tasks ---- */

int mach_task_init(struct mtask *t, const char *comm, void (*entry)(void *), void *arg, int prio)
{
	t->comm = comm;
	t->entry = entry;
	t->arg = arg;
	t->prio = prio;
	t->run = MR_NEW;
	t->resched = machine.ops == &machine_sim;
	return machine.ops->task_init(t);
}

void mach_renamed(struct mtask *t)
{
	machine.ops->renamed(t);
}

void mach_affinity(struct mtask *t, const unsigned long *cpus, unsigned int n)
{
	machine.ops->affinity(t, cpus, n);
}

void mach_exit(void)
{
	machine.ops->exit();
	__builtin_unreachable();
}

void mach_park(bool watch)
{
	machine.ops->park(watch);
}

void mach_unpark(struct mtask *t, unsigned int cpu)
{
	machine.ops->unpark(t, cpu);
}

void mach_move(struct mtask *t, unsigned int cpu)
{
	machine.ops->move(t, cpu);
}

void mach_set_prio(struct mtask *t, int prio)
{
	machine.ops->set_prio(t, prio);
}

void mach_cpu_off(unsigned int cpu)
{
	machine.ops->cpu_off(cpu);
}

void mach_cpu_on(unsigned int cpu)
{
	machine.ops->cpu_on(cpu);
}

bool mach_cpu_idle(unsigned int cpu)
{
	return machine.ops->cpu_idle(cpu);
}

bool mach_quiescent(bool first)
{
	return machine.ops->quiescent(first);
}

void mach_for_each_task(void (*fn)(struct mtask *t, void *arg), void *arg)
{
	machine.ops->for_each_task(fn, arg);
}

const char *mach_name_of_stack(const void *p, char *buf, size_t size)
{
	return machine.running ? machine.ops->name_of_stack(p, buf, size) : NULL;
}

void mach_settle(void)
{
	if (machine.ops->settle)
		machine.ops->settle();
}

void mach_preempt(void)
{
	machine.ops->preempt();
}

void mach_irqs_on(void)
{
	machine.ops->irqs_on();
}

/* ---- time ---- */

uint64_t mach_now(void)
{
	return machine.ops ? machine.ops->now() : 0;
}

void mach_burn(uint64_t ns)
{
	machine.ops->burn(ns);
}

void mach_relax(void)
{
	machine.ops->relax();
}

void mach_set_timer(unsigned int cpu, uint64_t ns)
{
	machine.ops->set_timer(cpu, ns);
}

void mach_stop_timer(unsigned int cpu)
{
	machine.ops->stop_timer(cpu);
}

/* ---- locks ---- */

void mach_lock_slow(struct mlock *l)
{
	machine.ops->lock_slow(l);
}

void mach_unlock_slow(struct mlock *l)
{
	machine.ops->unlock_slow(l);
}
