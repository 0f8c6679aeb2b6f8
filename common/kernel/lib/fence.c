// SPDX-License-Identifier: GPL-2.0-only
/*
 * The word at which wmb() and rmb() meet in builds for ThreadSanitizer; other builds
 * have no use for it. Its value stays 0 and means nothing: what counts is who came
 * there before whom. Locking: none. Read next: linux/barrier.h.
 */
#include <linux/barrier.h>

#ifdef WQLAB_TSAN
int wqlab_fence_cell;
#endif
