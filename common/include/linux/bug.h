/* SPDX-License-Identifier: GPL-2.0-only */
/**
 * @file
 * Reports of what must not be. WARN*() print and go on, and the run's result
 * counts them; BUG*() print and end the run with the verdict BUG. May be
 * called anywhere. Mirrors include/asm-generic/bug.h and linux/bug.h of 3.18.
 */
#ifndef _LINUX_BUG_H
#define _LINUX_BUG_H

#include <linux/compiler.h>
#include <linux/printk.h>

/** What BUG() does. @param file source file @param line line @param func function */
void wqlab_bug(const char *file, int line, const char *func) __noreturn __cold;

/**
 * What WARN() does when its condition holds.
 * @param file source file
 * @param line line in it
 * @param func function
 * @param fmt format of what to say besides, or NULL
 */
void wqlab_warn(const char *file, int line, const char *func, const char *fmt, ...)
	__printf(4, 5) __cold;

/** End the run: this must not be reached. */
#define BUG() wqlab_bug(__FILE__, __LINE__, __func__)
/** End the run if @p cond holds. */
#define BUG_ON(cond) do { if (unlikely(cond)) BUG(); } while (0)

/** Complain if @p cond holds; its truth. */
#define WARN_ON(cond) __extension__ ({					\
	int __warn_cond = !!(cond);					\
	if (unlikely(__warn_cond))					\
		wqlab_warn(__FILE__, __LINE__, __func__, NULL);		\
	unlikely(__warn_cond);						\
})
/** Complain with a text if @p cond holds; its truth. */
#define WARN(cond, ...) __extension__ ({				\
	int __warn_cond = !!(cond);					\
	if (unlikely(__warn_cond))					\
		wqlab_warn(__FILE__, __LINE__, __func__, __VA_ARGS__);	\
	unlikely(__warn_cond);						\
})
/** WARN_ON() that speaks once in a run; the condition's truth, every time. */
#define WARN_ON_ONCE(cond) __extension__ ({				\
	static bool __warned;						\
	int __once_cond = !!(cond);					\
	if (unlikely(__once_cond) &&					\
	    !__atomic_exchange_n(&__warned, true, __ATOMIC_RELAXED))	\
		wqlab_warn(__FILE__, __LINE__, __func__, NULL);		\
	unlikely(__once_cond);						\
})
/** WARN() that speaks once in a run; the condition's truth, every time. */
#define WARN_ONCE(cond, ...) __extension__ ({				\
	static bool __warned;						\
	int __once_cond = !!(cond);					\
	if (unlikely(__once_cond) &&					\
	    !__atomic_exchange_n(&__warned, true, __ATOMIC_RELAXED))	\
		wqlab_warn(__FILE__, __LINE__, __func__, __VA_ARGS__);	\
	unlikely(__once_cond);						\
})

/** 0, and no compilation if @p e is not 0. */
#define BUILD_BUG_ON_ZERO(e) \
	((int)(sizeof(struct { int : (-!!(e)); }) * 0))
/** No compilation if @p cond holds: the array's bound must be constant and true. */
#define BUILD_BUG_ON(cond) ((void)sizeof(char[1 - 2 * !!(cond)]))
/** BUILD_BUG_ON() with a text; @p cond has to be a constant. */
#define BUILD_BUG_ON_MSG(cond, msg) _Static_assert(!(cond), msg)
/** No compilation if @p n is no power of two. */
#define BUILD_BUG_ON_NOT_POWER_OF_2(n) \
	BUILD_BUG_ON((n) == 0 || ((n) & ((n) - 1)) != 0)

#endif /* _LINUX_BUG_H */
