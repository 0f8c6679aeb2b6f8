/* SPDX-License-Identifier: GPL-2.0-only */
/**
 * @file
 * The kernel's basic types, and the link structures that everything embeds.
 * Mirrors include/linux/types.h of 3.18.
 *
 * Read next: linux/list.h, linux/atomic.h.
 */
#ifndef _LINUX_TYPES_H
#define _LINUX_TYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <linux/compiler.h>

typedef signed char s8;			/**< signed, 8 bits */
typedef unsigned char u8;		/**< unsigned, 8 bits */
typedef short s16;			/**< signed, 16 bits */
typedef unsigned short u16;		/**< unsigned, 16 bits */
typedef int s32;			/**< signed, 32 bits */
typedef unsigned int u32;		/**< unsigned, 32 bits */
typedef long long s64;			/**< signed, 64 bits; prints with %lld */
typedef unsigned long long u64;		/**< unsigned, 64 bits; prints with %llu */

typedef s8 __s8;			/**< @ref s8, in the spelling of exported headers */
typedef u8 __u8;			/**< @ref u8, in the spelling of exported headers */
typedef s16 __s16;			/**< @ref s16, in the spelling of exported headers */
typedef u16 __u16;			/**< @ref u16, in the spelling of exported headers */
typedef s32 __s32;			/**< @ref s32, in the spelling of exported headers */
typedef u32 __u32;			/**< @ref u32, in the spelling of exported headers */
typedef s64 __s64;			/**< @ref s64, in the spelling of exported headers */
typedef u64 __u64;			/**< @ref u64, in the spelling of exported headers */

typedef unsigned char u_char;		/**< BSD spelling */
typedef unsigned short u_short;		/**< BSD spelling */
typedef unsigned int u_int;		/**< BSD spelling */
typedef unsigned long u_long;		/**< BSD spelling */
typedef unsigned short ushort;		/**< System V spelling */
typedef unsigned int uint;		/**< System V spelling */
typedef unsigned long ulong;		/**< System V spelling */

typedef long ssize_t;			/**< a size, or a negative error */
typedef long long loff_t;		/**< an offset in a file */
typedef int pid_t;			/**< number of a task */
typedef unsigned int gfp_t;		/**< allocation flags, see linux/gfp.h */

/** An integer whose every access is atomic; see linux/atomic.h. */
typedef struct {
	int counter;			/**< the value; only through atomic_*() */
} atomic_t;

/** Like atomic_t, 64 bits wide. */
typedef struct {
	long counter;			/**< the value; only through atomic64_*() */
} atomic64_t;

/** Like atomic_t, as wide as a pointer. */
typedef atomic64_t atomic_long_t;

/** A link of a circular doubly linked list, and also the list's head. */
struct list_head {
	struct list_head *next;		/**< following link, or the head */
	struct list_head *prev;		/**< preceding link, or the head */
};

struct hlist_node;

/** Head of a singly anchored list: one pointer per hash bucket. */
struct hlist_head {
	struct hlist_node *first;	/**< first link, NULL when empty */
};

/** A link of an hlist. */
struct hlist_node {
	struct hlist_node *next;	/**< following link, NULL at the end */
	struct hlist_node **pprev;	/**< the pointer that points here, NULL off list */
};

/** What call_rcu() queues; embedded in the object to be freed. */
struct callback_head {
	struct callback_head *next;			/**< link of the callback list */
	void (*func)(struct callback_head *head);	/**< called after a grace period */
};
#define rcu_head callback_head		/**< the usual name of callback_head */

#ifndef BITS_PER_LONG
#define BITS_PER_LONG	64		/**< bits of an unsigned long */
#endif
#define BITS_PER_BYTE	8		/**< bits of a byte */

/** Longs that hold @p nr bits. */
#define BITS_TO_LONGS(nr) (((nr) + BITS_PER_LONG - 1) / BITS_PER_LONG)

/** Declare an array of longs called @p name that holds @p bits bits. */
#define DECLARE_BITMAP(name, bits) unsigned long name[BITS_TO_LONGS(bits)]

#endif /* _LINUX_TYPES_H */
