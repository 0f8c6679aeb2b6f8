/* SPDX-License-Identifier: GPL-2.0-only */
/**
 * @file
 * Small numbers for objects: idr maps a number to a pointer, ida only gives
 * numbers out. The lowest free one is given first.
 *
 * An idr is a tree of 64-way layers that grows upward:
 *
 *      top -> [ 0 .. 63 ]           each slot stands for 64^layer numbers
 *               |    '--> [ 0 .. 63 ]
 *               '--> [ 0 .. 63 ] --> the pointers
 *
 * Callers of idr_alloc(), idr_replace() and idr_remove() exclude each other by
 * a lock of their own; idr_find() needs none, if what it finds lives until an
 * RCU grace period is over. Layers stay until idr_destroy().
 *
 * Mirrors include/linux/idr.h of 3.18.
 */
#ifndef _LINUX_IDR_H
#define _LINUX_IDR_H

#include <linux/types.h>
#include <linux/gfp.h>

#define IDR_BITS	6			/**< bits of a number per layer */
#define IDR_SIZE	(1 << IDR_BITS)		/**< slots of a layer */

/** A layer of an idr's tree. */
struct idr_layer {
	int layer;			/**< 0: its slots are the pointers */
	unsigned long full;		/**< bit n: no number is free below slot n */
	void *slot[IDR_SIZE];		/**< pointers, or the layers below */
};

/** Numbers with pointers. */
struct idr {
	struct idr_layer *top;		/**< the tree, NULL until first used */
	int count;			/**< numbers in use */
	int cursor;			/**< where idr_alloc_cyclic() begins */
};

/** Numbers alone. */
struct ida {
	struct idr idr;			/**< in which all pointers are the same */
};

#define IDR_INIT(name)	{ .top = NULL }			/**< initial value of an idr */
#define DEFINE_IDR(name) struct idr name = IDR_INIT(name)	/**< define an idr */
#define IDA_INIT(name)	{ .idr = IDR_INIT(name.idr) }	/**< initial value of an ida */
#define DEFINE_IDA(name) struct ida name = IDA_INIT(name)	/**< define an ida */

/** Make an idr empty that was not defined by DEFINE_IDR(). */
void idr_init(struct idr *idr);

/**
 * Give @p ptr the lowest free number in a range. May sleep if @p gfp lets it.
 * @param idr the numbers
 * @param ptr not NULL
 * @param start lowest number
 * @param end the one behind the highest; 0 or less: no limit
 * @param gfp GFP_*
 * @return the number; -ENOSPC (none is free), -ENOMEM, -EINVAL (negative start)
 */
int idr_alloc(struct idr *idr, void *ptr, int start, int end, gfp_t gfp);
/** idr_alloc() that looks first behind the number given last. */
int idr_alloc_cyclic(struct idr *idr, void *ptr, int start, int end, gfp_t gfp);
/** The pointer of @p id, or NULL. Under RCU or the caller's lock. */
void *idr_find(struct idr *idr, int id);
/** Give @p id another pointer; the old one, or -ENOENT as an error pointer. */
void *idr_replace(struct idr *idr, void *ptr, int id);
/** Take @p id back; nothing happens if it is free. */
void idr_remove(struct idr *idr, int id);
/** Call @p fn for each number in order; stops at a result other than 0 and returns it. */
int idr_for_each(struct idr *idr, int (*fn)(int id, void *p, void *data), void *data);
/** The first pointer whose number is at least *@p id, which becomes that number; or NULL. */
void *idr_get_next(struct idr *idr, int *id);
/** Whether no number is in use. */
bool idr_is_empty(struct idr *idr);
/** Free the tree; the objects are the caller's. */
void idr_destroy(struct idr *idr);

/** Reserve memory for one idr_alloc() under a spinlock; none is needed here. May sleep. */
void idr_preload(gfp_t gfp);
/** Ends what idr_preload() began. */
void idr_preload_end(void);

/** Walk over the objects in the order of their numbers. */
#define idr_for_each_entry(idp, entry, id)				\
	for ((id) = 0; ((entry) = idr_get_next((idp), &(id))) != NULL; ++(id))

/** Make an ida empty that was not defined by DEFINE_IDA(). */
void ida_init(struct ida *ida);
/** Free the tree. */
void ida_destroy(struct ida *ida);

/**
 * The lowest free number in a range. Takes its own lock; may sleep if @p gfp
 * lets it.
 * @param ida the numbers
 * @param start lowest number
 * @param end the one behind the highest; 0: no limit
 * @param gfp GFP_*
 * @return the number; -ENOSPC or -ENOMEM
 */
int ida_simple_get(struct ida *ida, unsigned int start, unsigned int end, gfp_t gfp);
/** Take a number back. */
void ida_simple_remove(struct ida *ida, unsigned int id);

#endif /* _LINUX_IDR_H */
