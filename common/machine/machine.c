// SPDX-License-Identifier: GPL-2.0-only
/*
 * What every machine has: its configuration checked, its console and log, the
 * text of its report, and the state of the kernel world put back at boot.
 *
 * Locking: text_lock guards the two texts and the console; nothing that may wait
 * for a task is called under it.  The rest belongs to the host, before and after a run.
 *
 * Read next: sim.c.
 */
#include <errno.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ops.h"
#include "snapshot.h"
#include "strategy.h"
#include "wqlab/arena.h"
#include "wqlab/invariant.h"
#include "wqlab/kallsyms.h"
#include "wqlab/mach.h"

static const char *const verdicts[VERDICT_NR] = {
	[VERDICT_OK] = "ok",
	[VERDICT_DEADLOCK] = "deadlock",
	[VERDICT_HUNG_TASK] = "hung task",
	[VERDICT_TIME_LIMIT] = "time limit",
	[VERDICT_STEP_LIMIT] = "step limit",
	[VERDICT_BUG] = "bug",
	[VERDICT_FAILED] = "failed",
	[VERDICT_GOAL] = "goal reached",
	[VERDICT_DIVERGED] = "diverged",
	[VERDICT_LEAK] = "tasks left behind",
	[VERDICT_INVARIANT] = "invariant broken",
};

const char *verdict_name(enum verdict v)
{
	return (unsigned int)v < VERDICT_NR ? verdicts[v] : "unknown verdict";
}

/* ---- the sentence for a refused configuration ---- */

static char error_text[256];

void mach_set_error(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(error_text, sizeof(error_text), fmt, args);
	va_end(args);
}

const char *machine_error(void)
{
	return error_text;
}

/* ---- texts that grow ---- */

struct text {
	char *s;
	size_t len, room;
};

static pthread_mutex_t text_lock = PTHREAD_MUTEX_INITIALIZER;
static struct text report, printed;		/* under text_lock */
static size_t kept_printed;			/* bytes of printed that the run at hand began with */

static void text_add(struct text *t, const char *s, size_t n)
{
	if (t->len + n + 1 > t->room) {
		size_t room = 2 * (t->len + n + 128);
		char *p = realloc(t->s, room);

		if (!p)
			return;		/* better a short report than none */
		t->s = p;
		t->room = room;
	}
	memcpy(t->s + t->len, s, n);
	t->len += n;
	t->s[t->len] = '\0';
}

static char *text_take(struct text *t)
{
	char *s;

	pthread_mutex_lock(&text_lock);
	s = t->s ? t->s : strdup("");
	*t = (struct text){ 0 };
	pthread_mutex_unlock(&text_lock);
	return s;
}

static int report_fd = -1;		/* where reports go at once; -1: into memory */

void report_to(int fd)
{
	report_fd = fd;
}

void report_add(const char *fmt, ...)
{
	char line[512];
	va_list args;
	int n;

	va_start(args, fmt);
	n = vsnprintf(line, sizeof(line), fmt, args);
	va_end(args);
	if (n <= 0)
		return;
	n = (size_t)n < sizeof(line) ? n : (int)sizeof(line) - 1;
	if (report_fd < 0) {
		pthread_mutex_lock(&text_lock);
		text_add(&report, line, (size_t)n);
		pthread_mutex_unlock(&text_lock);
	} else if (write(report_fd, line, (size_t)n) < 0) {
		report_fd = -1;		/* nobody listens */
	}
}

char *mach_report_take(void)
{
	return text_take(&report);
}

char *mach_log_take(void)
{
	return text_take(&printed);
}

/* ---- console ---- */

static const struct machine_config *console_cfg;

void mach_console(int level, const char *line)
{
	pthread_mutex_lock(&text_lock);
	text_add(&printed, line, strlen(line));
	text_add(&printed, "\n", 1);
	if (console_cfg && !console_cfg->quiet) {
		if (console_cfg->console)
			console_cfg->console(level, line, console_cfg->console_arg);
		else
			fprintf(stderr, "%s\n", line);
	}
	pthread_mutex_unlock(&text_lock);
}

/*
 * What was printed so far and does not stand on standard error already, for a report
 * after which the process ends.  Whoever was stopped in the middle of printing keeps
 * the lock for good; then there is nothing to be had.
 */
void report_printed(void)
{
	bool shown = !console_cfg || (!console_cfg->quiet && !console_cfg->console);

	if (shown || pthread_mutex_trylock(&text_lock))
		return;
	if (printed.len && report_fd >= 0) {
		static const char title[] = "the kernel says:\n";

		if (write(report_fd, title, sizeof(title) - 1) < 0 ||
		    write(report_fd, printed.s, printed.len) < 0)
			report_fd = -1;
	}
	pthread_mutex_unlock(&text_lock);
}

/* ---- configuration ---- */

static int refuse(const char *fmt, unsigned int got, unsigned int max)
{
	mach_set_error(fmt, got, max);
	return -1;
}

static const char *const fault_names[MFAULT_NR] = {
	[MFAULT_KTHREAD] = "thread",
	[MFAULT_KMALLOC] = "memory",
	[MFAULT_WAKE] = "wake",
};

/* Which faults a strategy may choose: names joined by commas. */
static int inject_read(const char *list)
{
	size_t len;
	int i;

	machine.inject = 0;
	for (; list && *list; list += len + (list[len] == ',')) {
		len = strcspn(list, ",");
		for (i = 0; i < MFAULT_NR; i++)
			if (strlen(fault_names[i]) == len && !strncmp(list, fault_names[i], len))
				break;
		if (i == MFAULT_NR) {
			mach_set_error("unknown fault \"%.*s\": expected \"thread\", \"memory\" or \"wake\"",
				       (int)(len < 40 ? len : 40), list);
			return -1;
		}
		machine.inject |= 1u << i;
	}
	return 0;
}

int mach_config(const struct machine_config *cfg, struct machine_config *out)
{
	static struct machine_config kept;
	const struct strategy *strategy;

	error_text[0] = '\0';
	*out = *cfg;
	if (!out->kind)
		out->kind = "sim";
	if (strcmp(out->kind, "sim") && strcmp(out->kind, "native")) {
		mach_set_error("unknown machine \"%.40s\": expected \"sim\" or \"native\"", out->kind);
		return -1;
	}
	if (!out->cpus || out->cpus > MACHINE_MAX_CPUS)
		return refuse("%u virtual CPUs cannot be booted: expected 1 to %u",
			      out->cpus, MACHINE_MAX_CPUS);
	if (!out->online)
		out->online = out->cpus;
	if (out->online > out->cpus)
		return refuse("%u virtual CPUs cannot be up after boot: expected 1 to %u",
			      out->online, out->cpus);
	if (!out->nodes)
		out->nodes = 1;
	if (out->nodes > out->cpus || out->nodes > MACHINE_MAX_NODES)
		return refuse("%u NUMA nodes cannot be booted: expected 1 to %u, at most one per virtual CPU",
			      out->nodes, out->cpus < MACHINE_MAX_NODES ? out->cpus : MACHINE_MAX_NODES);
	if (!out->hz)
		out->hz = 1000;
	if (out->hz != 100 && out->hz != 250 && out->hz != 300 && out->hz != 1000) {
		mach_set_error("%u ticks a second cannot be had: expected 100, 250, 300 or 1000", out->hz);
		return -1;
	}
	if (out->carrier && strcmp(out->carrier, "threads") && strcmp(out->carrier, "fibers")) {
		mach_set_error("unknown carrier of tasks \"%.40s\": expected \"threads\" or \"fibers\"",
			       out->carrier);
		return -1;
	}
	if (!strcmp(out->kind, "native") && out->carrier && strcmp(out->carrier, "threads")) {
		mach_set_error("the native machine's tasks are threads: expected no other carrier");
		return -1;
	}
	if (!out->lockdep)
		out->lockdep = strcmp(out->kind, "native") ? "on" : "off";
	if (strcmp(out->lockdep, "on") && strcmp(out->lockdep, "off")) {
		mach_set_error("lockdep cannot be \"%.40s\": expected \"on\" or \"off\"", out->lockdep);
		return -1;
	}
	if (!strcmp(out->lockdep, "on") && !strcmp(out->kind, "native") && out->no_accounting) {
		mach_set_error("lockdep needs to know who holds which lock: expected it to be off, or accounting on");
		return -1;
	}
	strategy = strategy_find(out->explore);
	if (!strategy)
		return -1;
	if (strategy->many) {
		mach_set_error("strategy \"%.40s\" is for many runs: expected one of a single run",
			       out->explore);
		return -1;
	}
	if (!strcmp(out->kind, "native") && !strategy->fixed) {
		mach_set_error("schedules cannot be chosen on the native machine: expected no strategy, not \"%.40s\"",
			       out->explore);
		return -1;
	}
	if (goal_parse(out->goal) || inject_read(out->inject))
		return -1;
	if (invariants_parse(out->invariants, NULL))
		return -1;
	if (!out->time_limit_ns)
		out->time_limit_ns = UINT64_C(86400) * 1000000000;
	if (!out->step_limit)
		out->step_limit = 20000000;
	if (!out->hung_task_ns)
		out->hung_task_ns = UINT64_C(120) * 1000000000;
	kept = *out;
	console_cfg = &kept;
	free(mach_report_take());
	free(mach_log_take());
	kept_printed = 0;
	return 0;
}

void machine_result_free(struct machine_result *res)
{
	free(res->report);
	free(res->log);
	res->report = res->log = NULL;
}

/* ---- putting the kernel world's state back ---- */

/*
 * The linker bounds the sections into which all writable data of the kernel
 * world was renamed.  Weak: a program may have none of one kind.
 */
extern char __start_wqlab_data[] __attribute__((weak));
extern char __stop_wqlab_data[] __attribute__((weak));
extern char __start_wqlab_bss[] __attribute__((weak));
extern char __stop_wqlab_bss[] __attribute__((weak));

/*
 * Byte by byte and without instrumentation: between the variables lie the red
 * zones of AddressSanitizer, which memcpy() would take offence at.
 */
__attribute__((no_sanitize("address", "undefined"), noinline))
static void raw_copy(char *to, const char *from, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		((volatile char *)to)[i] = from ? from[i] : 0;
}

void mach_restore_data(void)
{
	static char *saved;
	size_t n = (size_t)(__stop_wqlab_data - __start_wqlab_data);

	if (!saved && n) {
		saved = malloc(n);
		if (!saved) {
			fprintf(stderr, "wqlab: no memory to save the initial state\n");
			exit(EXIT_FAILURE);
		}
		raw_copy(saved, __start_wqlab_data, n);
	}
	raw_copy(__start_wqlab_data, saved, n);
	raw_copy(__start_wqlab_bss, NULL, (size_t)(__stop_wqlab_bss - __start_wqlab_bss));
}

/* ---- keeping a machine in the middle of its run ---- */

void machine_keep(void)
{
	snapshot_add(&machine, sizeof(machine));
	snapshot_add(__start_wqlab_data, (size_t)(__stop_wqlab_data - __start_wqlab_data));
	snapshot_add(__start_wqlab_bss, (size_t)(__stop_wqlab_bss - __start_wqlab_bss));
	kept_printed = printed.len;
}

void machine_restored(void)
{
	printed.len = kept_printed;
}

/* A line of the log that a report begins with. */
static bool begins_report(const char *line)
{
	static const char *const begins[] = { "WARNING: ", "BUG: ", "[ INFO: ", "INFO: " };
	size_t i;

	for (i = 0; i < sizeof(begins) / sizeof(begins[0]); i++)
		if (!strncmp(line, begins[i], strlen(begins[i])))
			return true;
	return false;
}

void mach_first_warning(char *buf, size_t size)
{
	const char *line, *next;

	snprintf(buf, size, "a warning was printed");
	pthread_mutex_lock(&text_lock);
	for (line = printed.len > kept_printed ? printed.s + kept_printed : NULL; line && *line; line = next) {
		next = line + strcspn(line, "\n");
		if (begins_report(line)) {
			snprintf(buf, size, "%.*s", (int)(next - line), line);
			break;
		}
		next += *next == '\n';
	}
	pthread_mutex_unlock(&text_lock);
}

/* ---- names for addresses ---- */

const char *mach_name_of_address(const void *p, char *buf, size_t size)
{
	const char *name;
	size_t offset = 0;

	if (arena_contains(p)) {
		snprintf(buf, size, "0x%06zx", (size_t)arena_offset(p));
		return buf;
	}
	name = kallsyms_lookup(p, &offset);
	if (name) {
		if (offset)
			snprintf(buf, size, "%s+0x%zx", name, offset);
		else
			snprintf(buf, size, "%s", name);
		return buf;
	}
	return mach_name_of_stack(p, buf, size);
}
