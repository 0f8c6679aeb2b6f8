/* SPDX-License-Identifier: GPL-2.0-only */
/**
 * @file
 * What is written where nothing valid stands any more. Mirrors include/linux/poison.h.
 */
#ifndef _LINUX_POISON_H
#define _LINUX_POISON_H

#define POISON_POINTER_DELTA 0xdead000000000000UL /**< makes the two below fault */
#define LIST_POISON1 ((void *)(0x100 + POISON_POINTER_DELTA)) /**< next of a deleted link */
#define LIST_POISON2 ((void *)(0x200 + POISON_POINTER_DELTA)) /**< prev of a deleted link */

#define POISON_INUSE	0x5a	/**< fresh memory that was not zeroed */
#define POISON_FREE	0x6b	/**< freed memory */

#endif /* _LINUX_POISON_H */
