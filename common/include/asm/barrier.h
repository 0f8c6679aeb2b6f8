/* SPDX-License-Identifier: GPL-2.0-only */
/**
 * @file
 * The architecture's spelling of linux/barrier.h.
 */
#include <linux/barrier.h>
