// SPDX-License-Identifier: GPL-2.0-only
/*
 * Small numbers for objects.
 *
 * An idr is a tree of layers with 64 slots. A slot of layer 0 holds a pointer,
 * one of layer n leads to a layer n - 1 with 64^n numbers. Each layer notes the
 * slots below which nothing is free, so the lowest free number is found by
 * looking at one word per layer:
 *
 *      layer 1  full 0...01     slot 0: 0-63 (all taken)  slot 1: 64-127
 *      layer 0  full 0...011    66 is the lowest that is free
 *
 * An ida is an idr whose pointers nobody looks at.
 *
 * Locking: writers exclude each other by the caller's lock (for an ida by
 * simple_ida_lock). A layer is complete before the pointer to it is stored, and
 * stays until idr_destroy(), so idr_find() reads without a lock.
 * After lib/idr.c of 3.18. Read next: linux/idr.h.
 */
#include <linux/bug.h>
#include <linux/errno.h>
#include <linux/idr.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>

#define MAX_LAYERS DIV_ROUND_UP(31, IDR_BITS)

static DEFINE_SPINLOCK(simple_ida_lock);

/* The slot of @id in a layer of number @layer. */
static unsigned int slot_of(u32 id, int layer)
{
	return id >> (layer * IDR_BITS) & (IDR_SIZE - 1);
}

/* Numbers that the tree has room for as it is. */
static u64 capacity(const struct idr_layer *top)
{
	return top ? 1ULL << ((top->layer + 1) * IDR_BITS) : 0;
}

static void *load(void **slot)
{
	return __atomic_load_n(slot, __ATOMIC_ACQUIRE);
}

static struct idr_layer *top_of(const struct idr *idr)
{
	return __atomic_load_n(&idr->top, __ATOMIC_ACQUIRE);
}

/*
 * The lowest free number from @start on below @p, counted from @p's first; -1
 * if there is none. @p may be missing: all its numbers are free then.
 */
static s64 lowest_free(struct idr_layer *p, int layer, u32 start)
{
	unsigned int first = slot_of(start, layer), i;
	u32 below = (1U << (layer * IDR_BITS)) - 1;
	s64 id;

	if (!p)
		return start;
	for (i = first; i < IDR_SIZE; i++) {
		if (p->full & BIT(i))
			continue;
		if (!layer)
			return i;
		id = lowest_free(p->slot[i], layer - 1, i == first ? start & below : 0);
		if (id >= 0)
			return id + ((s64)i << (layer * IDR_BITS));
	}
	return -1;
}

static struct idr_layer *new_layer(int layer, gfp_t gfp)
{
	struct idr_layer *p = kzalloc(sizeof(*p), gfp);

	if (p)
		p->layer = layer;
	return p;
}

/* Put layers on top until @id has a place. */
static int grow(struct idr *idr, u32 id, gfp_t gfp)
{
	struct idr_layer *p;

	while (id >= capacity(idr->top)) {
		p = new_layer(idr->top ? idr->top->layer + 1 : 0, gfp);
		if (!p)
			return -ENOMEM;
		p->slot[0] = idr->top;
		p->full = idr->top && idr->top->full == ~0UL;
		__atomic_store_n(&idr->top, p, __ATOMIC_RELEASE);
	}
	return 0;
}

/* The layers from the top down to @id's, made as needed; path[0] is the lowest. */
static int walk(struct idr *idr, u32 id, struct idr_layer **path, gfp_t gfp)
{
	struct idr_layer *p = idr->top, *below;

	for (;; p = below) {
		path[p->layer] = p;
		if (!p->layer)
			return 0;
		below = p->slot[slot_of(id, p->layer)];
		if (!below) {
			below = new_layer(p->layer - 1, gfp);
			if (!below)
				return -ENOMEM;
			__atomic_store_n(&p->slot[slot_of(id, p->layer)], below, __ATOMIC_RELEASE);
		}
	}
}

void idr_init(struct idr *idr)
{
	memset(idr, 0, sizeof(*idr));
}

int idr_alloc(struct idr *idr, void *ptr, int start, int end, gfp_t gfp)
{
	u64 limit = end > 0 ? (u64)end : (u64)INT_MAX + 1;
	struct idr_layer *path[MAX_LAYERS];
	s64 id = -1;
	int err, i;

	if (WARN_ON_ONCE(start < 0 || !ptr))
		return -EINVAL;
	if ((u64)start < capacity(idr->top))
		id = lowest_free(idr->top, idr->top->layer, start);
	if (id < 0)
		id = max((u64)start, capacity(idr->top));
	if ((u64)id >= limit)
		return -ENOSPC;
	err = grow(idr, id, gfp);
	if (!err)
		err = walk(idr, id, path, gfp);
	if (err)
		return err;
	__atomic_store_n(&path[0]->slot[slot_of(id, 0)], ptr, __ATOMIC_RELEASE);
	for (i = 0; i <= idr->top->layer; i++) {
		path[i]->full |= BIT(slot_of(id, i));
		if (path[i]->full != ~0UL)
			break;
	}
	__WRITE_ONCE(idr->count, idr->count + 1);
	return id;
}

int idr_alloc_cyclic(struct idr *idr, void *ptr, int start, int end, gfp_t gfp)
{
	int id = idr_alloc(idr, ptr, max(start, idr->cursor), end, gfp);

	if (id == -ENOSPC)
		id = idr_alloc(idr, ptr, start, end, gfp);
	if (id >= 0)
		idr->cursor = id == INT_MAX ? 0 : id + 1;
	return id;
}

/* The slot that @id has, or NULL if the tree does not reach there. */
static void **find_slot(struct idr *idr, int id)
{
	struct idr_layer *p = top_of(idr);

	if (id < 0 || (u64)id >= capacity(p))
		return NULL;
	while (p && p->layer)
		p = load(&p->slot[slot_of(id, p->layer)]);
	return p ? &p->slot[slot_of(id, 0)] : NULL;
}

void *idr_find(struct idr *idr, int id)
{
	void **slot = find_slot(idr, id);

	return slot ? load(slot) : NULL;
}

void *idr_replace(struct idr *idr, void *ptr, int id)
{
	void **slot = find_slot(idr, id), *old;

	old = slot ? *slot : NULL;
	if (!old)
		return (void *)(long)-ENOENT;
	__atomic_store_n(slot, ptr, __ATOMIC_RELEASE);
	return old;
}

void idr_remove(struct idr *idr, int id)
{
	struct idr_layer *p;

	if (!idr_find(idr, id))
		return;
	__WRITE_ONCE(idr->count, idr->count - 1);
	for (p = idr->top;; p = p->slot[slot_of(id, p->layer)]) {
		p->full &= ~BIT(slot_of(id, p->layer));
		if (!p->layer)
			break;
	}
	__atomic_store_n(&p->slot[slot_of(id, 0)], NULL, __ATOMIC_RELEASE);
}

/* Lowest number from @start on below @p that is in use, counted from @p's first; -1 if none. */
static s64 lowest_used(struct idr_layer *p, u32 start, void **found)
{
	unsigned int first = slot_of(start, p->layer), i;
	u32 below = (1U << (p->layer * IDR_BITS)) - 1;
	void *in;
	s64 id;

	for (i = first; i < IDR_SIZE; i++) {
		in = load(&p->slot[i]);
		if (!in)
			continue;
		if (!p->layer) {
			*found = in;
			return i;
		}
		id = lowest_used(in, i == first ? start & below : 0, found);
		if (id >= 0)
			return id + ((s64)i << (p->layer * IDR_BITS));
	}
	return -1;
}

void *idr_get_next(struct idr *idr, int *nextid)
{
	struct idr_layer *top = top_of(idr);
	void *found = NULL;
	s64 id;

	if (*nextid < 0 || (u64)*nextid >= capacity(top))
		return NULL;
	id = lowest_used(top, *nextid, &found);
	if (id < 0)
		return NULL;
	*nextid = id;
	return found;
}

int idr_for_each(struct idr *idr, int (*fn)(int id, void *p, void *data), void *data)
{
	int id, err = 0;
	void *p;

	for (id = 0; !err && (p = idr_get_next(idr, &id)); id++)
		err = fn(id, p, data);
	return err;
}

bool idr_is_empty(struct idr *idr)
{
	return !__READ_ONCE(idr->count);
}

static void free_layer(struct idr_layer *p)
{
	int i;

	for (i = 0; p->layer && i < IDR_SIZE; i++)
		if (p->slot[i])
			free_layer(p->slot[i]);
	kfree(p);
}

void idr_destroy(struct idr *idr)
{
	if (idr->top)
		free_layer(idr->top);
	idr_init(idr);
}

void idr_preload(gfp_t gfp)
{
	might_sleep_if(gfp & __GFP_WAIT);
	preempt_disable();
}

void idr_preload_end(void)
{
	preempt_enable();
}

void ida_init(struct ida *ida)
{
	idr_init(&ida->idr);
}

void ida_destroy(struct ida *ida)
{
	idr_destroy(&ida->idr);
}

int ida_simple_get(struct ida *ida, unsigned int start, unsigned int end, gfp_t gfp)
{
	unsigned long flags;
	int id;

	BUG_ON((int)start < 0 || (int)end < 0);
	might_sleep_if(gfp & __GFP_WAIT);
	spin_lock_irqsave(&simple_ida_lock, flags);
	id = idr_alloc(&ida->idr, ida, start, end, gfp & ~__GFP_WAIT);
	spin_unlock_irqrestore(&simple_ida_lock, flags);
	return id;
}

void ida_simple_remove(struct ida *ida, unsigned int id)
{
	unsigned long flags;

	BUG_ON((int)id < 0);
	spin_lock_irqsave(&simple_ida_lock, flags);
	idr_remove(&ida->idr, id);
	spin_unlock_irqrestore(&simple_ida_lock, flags);
}
