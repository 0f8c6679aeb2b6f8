/* SPDX-License-Identifier: GPL-2.0-only */
/**
 * @file
 * Cache lines. Mirrors include/linux/cache.h.
 */
#ifndef _LINUX_CACHE_H
#define _LINUX_CACHE_H

#include <linux/kernel.h>

#define L1_CACHE_SHIFT	6			/**< order of a cache line */
#define L1_CACHE_BYTES	(1 << L1_CACHE_SHIFT)	/**< bytes of a cache line */
#define SMP_CACHE_BYTES	L1_CACHE_BYTES		/**< what separates CPUs' data */
#define L1_CACHE_ALIGN(x) ALIGN(x, L1_CACHE_BYTES) /**< up to a whole line */

/** Starts at a cache line. */
#define ____cacheline_aligned		__attribute__((__aligned__(SMP_CACHE_BYTES)))
#define ____cacheline_aligned_in_smp	____cacheline_aligned	/**< starts at a cache line */
#define __cacheline_aligned		____cacheline_aligned	/**< starts at a cache line */
#define __cacheline_aligned_in_smp	____cacheline_aligned	/**< starts at a cache line */

#endif /* _LINUX_CACHE_H */
