/* SPDX-License-Identifier: GPL-2.0-only */
/**
 * @file
 * Mirrors include/linux/numa.h: NUMA_NO_NODE and MAX_NUMNODES.
 */
#ifndef _LINUX_NUMA_H
#define _LINUX_NUMA_H

#include <linux/nodemask.h>

#endif /* _LINUX_NUMA_H */
