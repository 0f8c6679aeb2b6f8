/* SPDX-License-Identifier: GPL-2.0-only */
/**
 * @file
 * Errors carried in pointers: the last page of the address space is never
 * mapped, so -MAX_ERRNO..-1 seen as addresses cannot be objects.
 * Mirrors include/linux/err.h of 3.18.
 */
#ifndef _LINUX_ERR_H
#define _LINUX_ERR_H

#include <linux/types.h>
#include <linux/errno.h>

#define MAX_ERRNO	4095	/**< largest error that a pointer can carry */

/** Whether the number @p x is such an error. */
#define IS_ERR_VALUE(x)	unlikely((unsigned long)(x) >= (unsigned long)-MAX_ERRNO)

/** Put a negative error into a pointer. */
static inline void *ERR_PTR(long error)
{
	return (void *)error;
}

/** Take it out again. */
static inline long PTR_ERR(const void *ptr)
{
	return (long)ptr;
}

/** Whether @p ptr carries an error. */
static inline bool IS_ERR(const void *ptr)
{
	return IS_ERR_VALUE(ptr);
}

/** Whether @p ptr is NULL or carries an error. */
static inline bool IS_ERR_OR_NULL(const void *ptr)
{
	return !ptr || IS_ERR(ptr);
}

/** An error pointer as a pointer to another type. */
static inline void *ERR_CAST(const void *ptr)
{
	return (void *)ptr;
}

/** The error in @p ptr, or 0. */
static inline int PTR_ERR_OR_ZERO(const void *ptr)
{
	return IS_ERR(ptr) ? (int)PTR_ERR(ptr) : 0;
}
#define PTR_RET(p) PTR_ERR_OR_ZERO(p)	/**< old name */

#endif /* _LINUX_ERR_H */
