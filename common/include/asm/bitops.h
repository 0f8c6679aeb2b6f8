/* SPDX-License-Identifier: GPL-2.0-only */
/**
 * @file
 * The architecture's spelling of linux/bitops.h.
 */
#include <linux/bitops.h>
