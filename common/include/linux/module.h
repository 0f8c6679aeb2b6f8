/* SPDX-License-Identifier: GPL-2.0-only */
/**
 * @file
 * Modules. A module's source is compiled unchanged and linked into a program;
 * module_init() and module_exit() collect its functions in sections, and
 * wqlab_load_modules() calls them on a booted machine, as insmod would.
 * Mirrors include/linux/module.h of 3.18.
 */
#ifndef _LINUX_MODULE_H
#define _LINUX_MODULE_H

#include <linux/kernel.h>
#include <linux/errno.h>
#include <linux/init.h>
#include <linux/export.h>
#include <linux/moduleparam.h>
#include <linux/string.h>

/** A module; there are none to be looked at. */
struct module {
	const char *name;	/**< its name */
};

/** One module_init() or module_exit(). */
struct wqlab_modcall {
	const char *file;	/**< source file, which tells the module */
	initcall_t init;	/**< its start, or NULL */
	exitcall_t exit;	/**< its end, or NULL */
};

/** Note a start or an end in @p sect. */
#define __wqlab_modcall(sect, fn, field)					\
	static const struct wqlab_modcall __modcall_##fn			\
	__attribute__((__used__, __section__(sect), __aligned__(8))) =		\
		{ .file = __FILE__, .field = (fn) }
#define module_init(fn)	__wqlab_modcall("wqlab_modinit", fn, init)	/**< @p fn starts the module */
#define module_exit(fn)	__wqlab_modcall("wqlab_modexit", fn, exit)	/**< @p fn ends the module */

/** A remark about the module, checked to be a text. */
#define MODULE_INFO(tag, info)	_Static_assert(sizeof(info) > 0, #tag)
#define MODULE_LICENSE(text)	MODULE_INFO(license, text)	/**< under which licence */
#define MODULE_AUTHOR(text)	MODULE_INFO(author, text)	/**< by whom */
#define MODULE_DESCRIPTION(text) MODULE_INFO(description, text)	/**< what it is */
#define MODULE_VERSION(text)	MODULE_INFO(version, text)	/**< which version */
#define MODULE_ALIAS(text)	MODULE_INFO(alias, text)	/**< other name */

#define try_module_get(mod)	((void)(mod), true)	/**< keep the module; it does not go */
#define __module_get(mod)	((void)(mod))		/**< keep the module; it does not go */
#define module_put(mod)		((void)(mod))		/**< let the module go */

/**
 * Start every module linked into this program, in link order. Process context.
 * @return 0, or the first error; the modules started before it are ended then
 */
int wqlab_load_modules(void);
/** End every started module in reverse order. Process context. */
void wqlab_unload_modules(void);

#endif /* _LINUX_MODULE_H */
