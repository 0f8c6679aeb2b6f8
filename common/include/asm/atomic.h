/* SPDX-License-Identifier: GPL-2.0-only */
/**
 * @file
 * The architecture's spelling of linux/atomic.h.
 */
#include <linux/atomic.h>
