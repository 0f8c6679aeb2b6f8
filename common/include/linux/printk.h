/* SPDX-License-Identifier: GPL-2.0-only */
/**
 * @file
 * The kernel's messages. A text begins with its level (KERN_ERR and its kin);
 * whole lines go to the machine's console and log. May be called anywhere;
 * never sleeps. Mirrors include/linux/printk.h and kern_levels.h of 3.18.
 */
#ifndef _LINUX_PRINTK_H
#define _LINUX_PRINTK_H

#include <stdarg.h>

#include <linux/types.h>
#include <linux/init.h>

#define KERN_SOH	"\001"		/**< begins a level */
#define KERN_EMERG	KERN_SOH "0"	/**< unusable */
#define KERN_ALERT	KERN_SOH "1"	/**< act at once */
#define KERN_CRIT	KERN_SOH "2"	/**< critical */
#define KERN_ERR	KERN_SOH "3"	/**< an error */
#define KERN_WARNING	KERN_SOH "4"	/**< a warning */
#define KERN_NOTICE	KERN_SOH "5"	/**< normal but notable */
#define KERN_INFO	KERN_SOH "6"	/**< information */
#define KERN_DEBUG	KERN_SOH "7"	/**< for debugging */
#define KERN_DEFAULT	KERN_SOH "d"	/**< the level of texts without one */
#define KERN_CONT	""		/**< goes on with the line begun before */

/** A format and its values, for %pV. */
struct va_format {
	const char *fmt;	/**< the format */
	va_list *va;		/**< its values; they are not used up */
};

/**
 * Print. Lines are put out when their newline comes, or when a text with a
 * level of its own interrupts them.
 * @param fmt level and format, see wqlab_vsnprintf()
 * @return characters printed
 */
int printk(const char *fmt, ...) __printf(1, 2) __cold;
/** printk() with the values as a va_list. */
int vprintk(const char *fmt, va_list args) __printf(1, 0);
/** Put out a line that has not had its newline yet. */
void printk_flush(void);

/** Checks the arguments and prints nothing. */
static inline __printf(1, 2) int no_printk(const char *fmt, ...)
{
	return 0;
}

#ifndef pr_fmt
#define pr_fmt(fmt) fmt		/**< a file may define its own to put a prefix before */
#endif

#define pr_emerg(fmt, ...)	printk(KERN_EMERG pr_fmt(fmt), ##__VA_ARGS__)	/**< at KERN_EMERG */
#define pr_alert(fmt, ...)	printk(KERN_ALERT pr_fmt(fmt), ##__VA_ARGS__)	/**< at KERN_ALERT */
#define pr_crit(fmt, ...)	printk(KERN_CRIT pr_fmt(fmt), ##__VA_ARGS__)	/**< at KERN_CRIT */
#define pr_err(fmt, ...)	printk(KERN_ERR pr_fmt(fmt), ##__VA_ARGS__)	/**< at KERN_ERR */
#define pr_warning(fmt, ...)	printk(KERN_WARNING pr_fmt(fmt), ##__VA_ARGS__)	/**< at KERN_WARNING */
#define pr_warn			pr_warning					/**< at KERN_WARNING */
#define pr_notice(fmt, ...)	printk(KERN_NOTICE pr_fmt(fmt), ##__VA_ARGS__)	/**< at KERN_NOTICE */
#define pr_info(fmt, ...)	printk(KERN_INFO pr_fmt(fmt), ##__VA_ARGS__)	/**< at KERN_INFO */
#define pr_cont(fmt, ...)	printk(KERN_CONT fmt, ##__VA_ARGS__)		/**< goes on with the line */
#ifdef DEBUG
#define pr_devel(fmt, ...)	printk(KERN_DEBUG pr_fmt(fmt), ##__VA_ARGS__)	/**< at KERN_DEBUG, if DEBUG */
#else
#define pr_devel(fmt, ...)	no_printk(KERN_DEBUG pr_fmt(fmt), ##__VA_ARGS__) /**< at KERN_DEBUG, if DEBUG */
#endif
#define pr_debug		pr_devel	/**< at KERN_DEBUG, if DEBUG */

/** printk() the first time it is reached in a run. */
#define printk_once(fmt, ...) __extension__ ({				\
	static bool __printed;						\
	if (!__atomic_exchange_n(&__printed, true, __ATOMIC_RELAXED))	\
		printk(fmt, ##__VA_ARGS__);				\
})
#define pr_err_once(fmt, ...)	printk_once(KERN_ERR pr_fmt(fmt), ##__VA_ARGS__)	/**< once a run */
#define pr_warn_once(fmt, ...)	printk_once(KERN_WARNING pr_fmt(fmt), ##__VA_ARGS__)	/**< once a run */
#define pr_notice_once(fmt, ...) printk_once(KERN_NOTICE pr_fmt(fmt), ##__VA_ARGS__)	/**< once a run */
#define pr_info_once(fmt, ...)	printk_once(KERN_INFO pr_fmt(fmt), ##__VA_ARGS__)	/**< once a run */
#define printk_ratelimited(fmt, ...) printk(fmt, ##__VA_ARGS__)			/**< no limit here */
#define pr_err_ratelimited	pr_err		/**< no limit here */
#define pr_warn_ratelimited	pr_warn		/**< no limit here */
#define pr_info_ratelimited	pr_info		/**< no limit here */

/** Print who is running: virtual CPU, pid and name of the task. */
void dump_stack(void) __cold;
/** The line that dump_stack() prints, at the level @p log_lvl. */
void dump_stack_print_info(const char *log_lvl);
struct task_struct;
/** Adds what current is at: print_worker_info(), from boot on; NULL: nobody does. */
extern void (*dump_stack_task_info)(const char *log_lvl, struct task_struct *task);

#endif /* _LINUX_PRINTK_H */
