/* SPDX-License-Identifier: GPL-2.0-only */
/**
 * @file
 * Limits of names and paths. Mirrors include/uapi/linux/limits.h.
 */
#ifndef _LINUX_LIMITS_H
#define _LINUX_LIMITS_H

#define NAME_MAX	255	/**< bytes of a file name */
#define PATH_MAX	4096	/**< bytes of a path with its final NUL */

#endif /* _LINUX_LIMITS_H */
