// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the lock validator says.  The parts, their headings and their order are the
 * kernel's; docs/lockdep.md goes through one.  In place of the stacks that the
 * kernel keeps of each acquisition stand the functions that called for it.
 *
 * Classes are named as their first lock was; a lock of another name says so.
 *
 * Locking: called under the graph's lock, save debug_show_held_locks().
 * After kernel/locking/lockdep.c of 3.18.  Read next: lockdep_work.c.
 */
#include <linux/kernel.h>
#include <linux/printk.h>
#include <linux/string.h>

#include "lockdep_internals.h"

/* (name), or (name/1) if it is of a subclass. */
static void print_class(const struct lock_class *class)
{
	if (class->subclass)
		printk(KERN_CONT "(%s/%u)", class->name, class->subclass);
	else
		printk(KERN_CONT "(%s)", class->name);
}

static const char *for_reading(bool read)
{
	return read ? " for reading" : "";
}

static void print_lock(const struct held_lock *hlock)
{
	const char *name = hlock->instance->name ?: "?";

	if (strcmp(name, hlock->class->name))
		printk(KERN_CONT "(%s), of class ", name);
	print_class(hlock->class);
	printk(KERN_CONT "%s, at: %s\n", for_reading(hlock->read), hlock->func);
}

static void print_held_locks(const struct task_struct *p)
{
	int i;

	if (!p->lockdep_depth) {
		pr_warn("no locks held by %s/%d.\n", p->comm, p->pid);
		return;
	}
	pr_warn("%d lock%s held by %s/%d:\n", p->lockdep_depth, p->lockdep_depth == 1 ? "" : "s",
		p->comm, p->pid);
	for (i = 0; i < p->lockdep_depth; i++) {
		pr_warn(" #%d:  ", i);
		print_lock(&p->held_locks[i]);
	}
}

void debug_show_held_locks(struct task_struct *task)
{
	if (!debug_locks) {
		pr_warn("INFO: lockdep is turned off.\n");
		return;
	}
	print_held_locks(task);
}

static void print_end(const struct task_struct *curr)
{
	pr_warn("\n");
	print_held_locks(curr);
	pr_warn("\nstack backtrace:\n");
	dump_stack();
}

static void print_titles(const char *cpu0, const char *cpu1)
{
	pr_warn(" Possible unsafe locking scenario:\n");
	pr_warn("\n       %s%s%s\n", cpu0, *cpu1 ? "                    " : "", cpu1);
	pr_warn("       ----%s\n", *cpu1 ? "                    ----" : "");
}

/* A line of the scenario; the second CPU's stand further to the right. */
static void print_scene(int cpu, const struct lock_class *class)
{
	pr_warn("%slock", cpu ? "                               " : "  ");
	print_class(class);
	printk(KERN_CONT ";\n");
}

/* ---- a circle ---- */

/*
 * CPU 0 is the task that would close the circle; CPU 1 stands for all who made the
 * dependencies, of which the last one would do.
 */
static void print_circular_lock_scenario(const struct held_lock *prev, const struct held_lock *next,
					 const struct lock_list *way)
{
	const struct lock_class *before = way->parent ? way->parent->to : next->class;

	if (before != next->class) {
		pr_warn("Chain exists of:\n  ");
		print_class(next->class);
		printk(KERN_CONT " --> ");
		print_class(before);
		printk(KERN_CONT " --> ");
		print_class(prev->class);
		printk(KERN_CONT "\n\n");
	}
	print_titles("CPU0", "CPU1");
	print_scene(0, prev->class);
	print_scene(1, before);
	print_scene(1, prev->class);
	print_scene(0, next->class);
	pr_warn("\n *** DEADLOCK ***\n");
}

/* The n-th lock of the chain, and why it depends on the next: *@e, which leads from @from. */
static void print_dependency(int n, const struct lock_class *from, const struct lock_list *e)
{
	pr_warn("\n-> #%d ", n);
	print_class(e->to);
	printk(KERN_CONT ":\n       taken in %s()%s, while ", e->to_func, for_reading(e->to_read));
	print_class(from);
	printk(KERN_CONT " was held%s since %s(),\n", for_reading(e->from_read), e->from_func);
	pr_warn("       first by %s %s\n", e->by_item ? "item" : "task", e->by ?: "?");
}

/* @way: the dependencies from next to prev, the last one first. */
void print_circular_bug(struct task_struct *curr, const struct held_lock *prev,
			const struct held_lock *next, const struct lock_list *way)
{
	const struct lock_list *e;
	int n = 0;

	if (!debug_locks_off())
		return;
	for (e = way; e; e = e->parent)
		n++;

	pr_warn("\n");
	pr_warn("======================================================\n");
	pr_warn("[ INFO: possible circular locking dependency detected ]\n");
	pr_warn("-------------------------------------------------------\n");
	pr_warn("%s/%d is trying to acquire lock:\n ", curr->comm, curr->pid);
	print_lock(next);
	pr_warn("\nbut task is already holding lock:\n ");
	print_lock(prev);
	pr_warn("\nand there is a way from the first to the second already.\n");
	pr_warn("\nthe existing dependency chain (in reverse order) is:\n");
	for (e = way; e; e = e->parent)
		print_dependency(n--, e->parent ? e->parent->to : next->class, e);
	pr_warn("\n-> #0 ");
	print_class(next->class);
	printk(KERN_CONT ":\n       asked for in %s()%s, while ", next->func, for_reading(next->read));
	print_class(prev->class);
	printk(KERN_CONT " is held%s since %s()\n", for_reading(prev->read), prev->func);
	pr_warn("\nother info that might help us debug this:\n\n");
	print_circular_lock_scenario(prev, next, way);
	print_end(curr);
}

/* ---- recursion ---- */

void print_deadlock_bug(struct task_struct *curr, const struct held_lock *prev,
			const struct held_lock *next)
{
	if (!debug_locks_off())
		return;
	pr_warn("\n");
	pr_warn("=============================================\n");
	pr_warn("[ INFO: possible recursive locking detected ]\n");
	pr_warn("---------------------------------------------\n");
	pr_warn("%s/%d is trying to acquire lock:\n ", curr->comm, curr->pid);
	print_lock(next);
	pr_warn("\nbut task is already holding lock:\n ");
	print_lock(prev);
	pr_warn("\nother info that might help us debug this:\n");
	print_titles("CPU0", "");
	print_scene(0, prev->class);
	print_scene(0, next->class);
	pr_warn("\n *** DEADLOCK ***\n");
	pr_warn("\n May be due to missing lock nesting notation\n");
	print_end(curr);
}

/* ---- timers ---- */

static const char *const usage_names[LOCK_USAGE_STATES] = {
	[LOCK_USED_IN_SOFTIRQ] = "IN-SOFTIRQ-W",
	[LOCK_ENABLED_SOFTIRQ] = "SOFTIRQ-ON-W",
};

void print_usage_bug(struct task_struct *curr, const struct held_lock *next, enum lock_usage was)
{
	if (!debug_locks_off())
		return;
	pr_warn("\n");
	pr_warn("=================================\n");
	pr_warn("[ INFO: inconsistent lock state ]\n");
	pr_warn("---------------------------------\n");
	pr_warn("inconsistent {%s} -> {%s} usage.\n", usage_names[was], usage_names[!was]);
	pr_warn("%s/%d takes:\n ", curr->comm, curr->pid);
	print_lock(next);
	pr_warn("{%s} state was registered at: %s\n", usage_names[was], next->class->usage[was]);
	pr_warn("\nother info that might help us debug this:\n");
	print_titles("CPU0", "");
	print_scene(0, next->class);
	pr_warn("  <Interrupt>\n  ");
	print_scene(0, next->class);
	pr_warn("\n *** DEADLOCK ***\n");
	print_end(curr);
}

/* ---- mistakes ---- */

void print_unlock_imbalance_bug(struct task_struct *curr, const struct lockdep_map *lock,
				const char *func)
{
	if (!debug_locks_off())
		return;
	pr_warn("\n");
	pr_warn("=====================================\n");
	pr_warn("[ BUG: bad unlock balance detected! ]\n");
	pr_warn("-------------------------------------\n");
	pr_warn("%s/%d is trying to release lock (%s) at: %s\n", curr->comm, curr->pid,
		lock->name ?: "?", func);
	pr_warn("but it does not hold it!\n");
	print_end(curr);
}

static void print_turning_off(void)
{
	pr_warn("turning off the locking correctness validator.\n");
	dump_stack();
}

void print_non_static_key(const struct lockdep_map *lock, const char *func)
{
	if (!debug_locks_off())
		return;
	pr_warn("INFO: trying to register non-static key.\n");
	pr_warn("lock (%s) of %s() was initialised as a static one, but is none.\n",
		lock->name ?: "?", func);
	print_turning_off();
}

void print_no_room(const char *what)
{
	if (!debug_locks_off())
		return;
	pr_warn("BUG: %s too low!\n", what);
	print_turning_off();
}
