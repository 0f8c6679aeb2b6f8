// SPDX-License-Identifier: GPL-2.0-only
/*
 * printk(): texts to whole lines, lines to the machine's console.
 *
 * A text that does not end in a newline waits in the line buffer for its
 * continuation, as the kernel's does; it is put out early when another task
 * prints, or when the next text brings a level of its own.
 *
 * Locking: print_busy guards everything here. It is no spinlock_t, because
 * printing must be possible under any lock and must not be a choice point, or
 * a message would change the schedule that it reports. It is held for a copy
 * of a few bytes and a call of the console, neither of which prints or blocks
 * on a task. So nobody ever finds it taken on the simulated machine; on the
 * native one who does gives way, as the console may be slow.
 *
 * After kernel/printk/printk.c of 3.18. Read next: bug.c.
 */
#include <linux/kernel.h>
#include <linux/printk.h>

#define LINE_MAX	1024
#define LEVEL_DEFAULT	4

static bool print_busy;
static char text[LINE_MAX];		/* what is being printed */
static char line[LINE_MAX];		/* what waits for its newline */
static size_t line_len;
static int line_level;
static const struct mtask *line_owner;	/* whose text it is */

static void print_lock(void)
{
	while (__atomic_exchange_n(&print_busy, true, __ATOMIC_ACQUIRE))
		if (mach_self())
			mach_relax();
}

static void print_unlock(void)
{
	__atomic_store_n(&print_busy, false, __ATOMIC_RELEASE);
}

static void put_line(void)
{
	line[line_len] = '\0';
	line_len = 0;
	mach_console(line_level, line);
}

/* The level at the start of @s, or -1; skips it. The <n> form is that of 2.6.32. */
static int take_level(const char **s)
{
	const char *p = *s;
	char c = 0;

	if (p[0] == '\001' && p[1]) {
		c = p[1];
		*s += 2;
	} else if (p[0] == '<' && p[1] && p[2] == '>') {
		c = p[1];
		if ((c < '0' || c > '7') && c != 'd' && c != 'c')
			return -1;
		*s += 3;
	}
	if (c >= '0' && c <= '7')
		return c - '0';
	return c == 'd' ? LEVEL_DEFAULT : -1;
}

int vprintk(const char *fmt, va_list args)
{
	const char *s = text;
	int len, level;

	print_lock();
	len = vscnprintf(text, sizeof(text), fmt, args);
	level = take_level(&s);
	len -= s - text;
	if (line_len && (level >= 0 || line_owner != mach_self()))
		put_line();
	if (!line_len)
		line_level = level < 0 ? LEVEL_DEFAULT : level;
	line_owner = mach_self();
	for (; *s; s++) {
		if (*s == '\n') {
			put_line();
			continue;
		}
		if (line_len == sizeof(line) - 1)
			put_line();
		line[line_len++] = *s;
	}
	print_unlock();
	return len;
}

int printk(const char *fmt, ...)
{
	va_list args;
	int len;

	va_start(args, fmt);
	len = vprintk(fmt, args);
	va_end(args);
	return len;
}

void printk_flush(void)
{
	print_lock();
	if (line_len)
		put_line();
	print_unlock();
}
