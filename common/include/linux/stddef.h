/* SPDX-License-Identifier: GPL-2.0-only */
/**
 * @file
 * NULL, offsetof and offsetofend. Mirrors include/linux/stddef.h of 3.18.
 */
#ifndef _LINUX_STDDEF_H
#define _LINUX_STDDEF_H

#include <stddef.h>

/** Offset of the first byte behind @p member in @p type. */
#define offsetofend(type, member) \
	(offsetof(type, member) + sizeof(((type *)0)->member))

#endif /* _LINUX_STDDEF_H */
