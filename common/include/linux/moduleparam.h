/* SPDX-License-Identifier: GPL-2.0-only */
/**
 * @file
 * Parameters of modules: variables that can be set by name before the module
 * starts. They are collected in the section "wqlab_params".
 * Mirrors include/linux/moduleparam.h of 3.18.
 */
#ifndef _LINUX_MODULEPARAM_H
#define _LINUX_MODULEPARAM_H

#include <linux/kernel.h>

/** A parameter, as module_param() notes it. */
struct kernel_param {
	const char *name;	/**< by which it is set */
	const char *type;	/**< int, uint, short, ushort, long, ulong, bool, invbool, charp */
	void *var;		/**< the variable */
};

#ifndef MODULE_PARAM_PREFIX
/** Stands before the names of a file's parameters; what is built in defines it as "module.". */
#define MODULE_PARAM_PREFIX
#endif

/** A parameter @p name that sets @p var of @p vartype. */
#define module_param_named(name, var, vartype, perm)				\
	static const struct kernel_param __param_##name				\
	__attribute__((__used__, __section__("wqlab_params"), __aligned__(8))) =	\
		{ MODULE_PARAM_PREFIX #name, #vartype, &(var) }
/** A parameter of the same name as its variable. */
#define module_param(name, type, perm) module_param_named(name, name, type, perm)
/** Describes a parameter. */
#define MODULE_PARM_DESC(parm, desc) \
	_Static_assert(sizeof(desc) > 0, "description of a parameter")

/**
 * Set a parameter of a module linked into this program.
 * @param name its name
 * @param value as on insmod's command line; must outlive the module for a charp
 * @return 0; -ENOENT: no such parameter; -EINVAL, -ERANGE: wrong value
 */
int wqlab_set_param(const char *name, const char *value);

#endif /* _LINUX_MODULEPARAM_H */
