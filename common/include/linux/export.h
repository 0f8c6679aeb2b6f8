/* SPDX-License-Identifier: GPL-2.0-only */
/**
 * @file
 * Symbols that modules may use: all are, since everything is one program.
 * Mirrors include/linux/export.h.
 */
#ifndef _LINUX_EXPORT_H
#define _LINUX_EXPORT_H

#include <linux/compiler.h>

struct module;
#define THIS_MODULE ((struct module *)NULL)	/**< as for code built into a kernel */

#define EXPORT_SYMBOL(sym)	extern __typeof__(sym) sym	/**< modules may use @p sym */
#define EXPORT_SYMBOL_GPL(sym)	EXPORT_SYMBOL(sym)		/**< GPL modules may use @p sym */

#endif /* _LINUX_EXPORT_H */
