// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reports: WARN(), BUG(), panic().
 *
 *      ------------[ cut here ]------------
 *      WARNING: at cmwq/worker.c:120 worker_enter_idle()
 *      what the caller says of it
 *      CPU: 0 PID: 7 Comm: kworker/0:1
 *      Workqueue: events blink_fn			if it is one of 3.18's workers
 *      ---[ end trace 1 ]---
 *
 * A warning goes on and is counted; BUG() and panic() end the run. Locking:
 * none beyond printk()'s. After kernel/panic.c of 3.18. Read next: printk.c.
 */
#include <linux/bug.h>
#include <linux/kernel.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include <linux/string.h>

void (*dump_stack_task_info)(const char *log_lvl, struct task_struct *task);

/* Reports made so far in this run. */
static int traces;

void dump_stack_print_info(const char *log_lvl)
{
	const struct mtask *t = mach_self();

	if (t)
		printk("%sCPU: %u PID: %u Comm: %s\n", log_lvl, t->cpu, t->id, t->comm);
	else
		printk("%sno task: outside of a machine\n", log_lvl);
	if (t && dump_stack_task_info)
		dump_stack_task_info(log_lvl, current);
}

void dump_stack(void)
{
	dump_stack_print_info(KERN_DEFAULT);
}

void wqlab_warn(const char *file, int line, const char *func, const char *fmt, ...)
{
	struct va_format vf = { .fmt = fmt };
	va_list args;

	printk(KERN_WARNING "------------[ cut here ]------------\n");
	printk(KERN_WARNING "WARNING: at %s:%d %s()\n", file, line, func);
	if (fmt) {
		va_start(args, fmt);
		vf.va = &args;
		printk(KERN_WARNING "%pV", &vf);
		va_end(args);
		printk_flush();
	}
	dump_stack_print_info(KERN_WARNING);
	printk(KERN_WARNING "---[ end trace %d ]---\n",
	       __atomic_add_fetch(&traces, 1, __ATOMIC_RELAXED));
	mach_count_warning();
}

void wqlab_bug(const char *file, int line, const char *func)
{
	char text[256];

	printk(KERN_EMERG "------------[ cut here ]------------\n");
	printk(KERN_EMERG "kernel BUG at %s:%d!\n", file, line);
	dump_stack_print_info(KERN_EMERG);
	snprintf(text, sizeof(text), "kernel BUG at %s:%d in %s()", file, line, func);
	machine_stop(VERDICT_BUG, text);
}

void panic(const char *fmt, ...)
{
	char reason[256], text[320];
	va_list args;

	va_start(args, fmt);
	vscnprintf(reason, sizeof(reason), fmt, args);
	va_end(args);
	if (strlen(reason) && reason[strlen(reason) - 1] == '\n')
		reason[strlen(reason) - 1] = '\0';
	snprintf(text, sizeof(text), "Kernel panic - not syncing: %s", reason);
	printk(KERN_EMERG "%s\n", text);
	dump_stack_print_info(KERN_EMERG);
	machine_stop(VERDICT_BUG, text);
}
