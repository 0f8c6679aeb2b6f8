// SPDX-License-Identifier: GPL-2.0-only
/*
 * The timer wheel: pending timers of one virtual CPU, ordered by the tick in
 * which they are due. Ticks count from boot here.
 *
 *	tick    far (32 bits) | level 3 | level 2 | level 1 | level 0 |   root
 *	bits        63..32    |  31..26 |  25..20 |  19..14 |  13..8  |   7..0
 *	slots          1      |    64   |    64   |    64   |    64   |   256
 *
 * A timer sits in the level of the highest digit in which its due time differs
 * from clk, in the slot that this digit numbers; in the root, if only the last
 * digit differs or none. When clk takes on the digit of a slot, the slot is
 * emptied into finer levels ("cascades"). The kernel chooses the level by
 * distance instead, and so takes a level later what begins behind the next turn.
 *
 * Adding and deleting touch one slot. Nothing walks ticks: a bit per slot says
 * whether it holds anything, and each slot behind the root remembers its
 * earliest due time, so that clk jumps from one expiry to the next however far
 * that is. Deleting the earliest marks what is remembered as stale (it is then
 * a lower bound), and wheel_next() searches that one slot again.
 *
 * W1. No pending timer is due before clk.
 * W2. All timers of one due time are in the same slot, in the order in which
 *     they came: where they are depends on the due time and clk alone.
 * W3. What is in one level is due before anything in a coarser level, and
 *     within a level lower slots before higher ones.
 *
 * Locking: none here; the caller holds the base's lock. No function contains a
 * choice point, so at every choice point the wheel is whole.
 *
 * Read next: timer.c, which calls this.
 */
#include <linux/types.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include "timer-base.h"

static unsigned int level_shift(unsigned int level)
{
	return TVR_BITS + level * TVN_BITS;
}

static unsigned int level_slot(unsigned int level, unsigned long tick)
{
	return TVR_SIZE + level * TVN_SIZE + (tick >> level_shift(level)) % TVN_SIZE;
}

static unsigned int slot_for(const struct timer_wheel *w, unsigned long due)
{
	unsigned long differs = due ^ w->clk;

	if (differs < TVR_SIZE)
		return due % TVR_SIZE;
	if (differs >> level_shift(TVN_LEVELS))
		return TV_FAR;
	return level_slot((63 - __builtin_clzl(differs) - TVR_BITS) / TVN_BITS, due);
}

static void set_slot_bit(unsigned long *map, unsigned int slot)
{
	map[slot / BITS_PER_LONG] |= 1ul << (slot % BITS_PER_LONG);
}

static void clear_slot_bit(unsigned long *map, unsigned int slot)
{
	map[slot / BITS_PER_LONG] &= ~(1ul << (slot % BITS_PER_LONG));
}

static bool slot_bit(const unsigned long *map, unsigned int slot)
{
	return map[slot / BITS_PER_LONG] >> (slot % BITS_PER_LONG) & 1;
}

void wheel_init(struct timer_wheel *w, unsigned long clk)
{
	w->clk = clk;
}

static void put(struct timer_wheel *w, struct timer_list *timer)
{
	unsigned int slot = slot_for(w, timer->due);
	struct list_head *head = &w->slot[slot], *prev;
	bool was_empty = !slot_bit(w->used, slot);

	if (was_empty) {
		INIT_LIST_HEAD(head);
		set_slot_bit(w->used, slot);
	}
	if (slot >= TVR_SIZE && (was_empty || timer->due <= w->first[slot - TVR_SIZE])) {
		w->first[slot - TVR_SIZE] = timer->due;
		clear_slot_bit(w->stale, slot);
	}
	timer->slot = slot;

	/* Marked, because timer_pending() looks at entry.next without the lock. */
	prev = head->prev;
	timer->entry.prev = prev;
	__WRITE_ONCE(timer->entry.next, head);
	__WRITE_ONCE(head->prev, &timer->entry);
	__WRITE_ONCE(prev->next, &timer->entry);
}

/* Let timer fire in tick due, which is not before clk. */
void wheel_insert(struct timer_wheel *w, struct timer_list *timer, unsigned long due)
{
	timer->due = due;
	put(w, timer);
	if (!w->nr++ || due <= w->next) {
		w->next = due;
		w->next_stale = false;
	}
}

void wheel_remove(struct timer_wheel *w, struct timer_list *timer)
{
	struct list_head *next = timer->entry.next, *prev = timer->entry.prev;
	unsigned int slot = timer->slot;

	__WRITE_ONCE(next->prev, prev);
	__WRITE_ONCE(prev->next, next);
	__WRITE_ONCE(timer->entry.next, NULL);
	timer->entry.prev = NULL;

	if (next == prev)	/* only the head is left */
		clear_slot_bit(w->used, slot);
	else if (slot >= TVR_SIZE && timer->due == w->first[slot - TVR_SIZE])
		set_slot_bit(w->stale, slot);
	w->nr--;
	if (timer->due == w->next)
		w->next_stale = true;
}

/* The timer that leaves a slot next, or NULL. */
struct timer_list *wheel_first_in(const struct timer_wheel *w, unsigned int slot)
{
	if (!slot_bit(w->used, slot))
		return NULL;
	return list_entry(w->slot[slot].next, struct timer_list, entry);
}

/* Earliest due time in a slot behind the root that holds something. */
static unsigned long slot_first(struct timer_wheel *w, unsigned int slot)
{
	if (slot_bit(w->stale, slot)) {
		unsigned long first = ULONG_MAX;
		struct timer_list *timer;

		list_for_each_entry(timer, &w->slot[slot], entry)
			first = min(first, timer->due);
		w->first[slot - TVR_SIZE] = first;
		clear_slot_bit(w->stale, slot);
	}
	return w->first[slot - TVR_SIZE];
}

/* When the earliest timer is due. False if there is none. */
bool wheel_next(struct timer_wheel *w, unsigned long *due)
{
	if (!w->nr)
		return false;
	if (w->next_stale) {
		unsigned int word = 0, slot;

		/* Slots are numbered in the order of time (W3). */
		while (!w->used[word])
			word++;
		slot = word * BITS_PER_LONG + __builtin_ctzl(w->used[word]);
		if (slot < TVR_SIZE)
			w->next = w->clk / TVR_SIZE * TVR_SIZE + slot;
		else
			w->next = slot_first(w, slot);
		w->next_stale = false;
	}
	*due = w->next;
	return true;
}

/* clk has taken on the digit of a slot: place what is there anew. */
static void cascade(struct timer_wheel *w, unsigned int slot)
{
	struct list_head *pos;

	if (!slot_bit(w->used, slot))
		return;
	clear_slot_bit(w->used, slot);
	for (pos = w->slot[slot].next; pos != &w->slot[slot]; ) {
		struct timer_list *timer = list_entry(pos, struct timer_list, entry);

		pos = pos->next;
		put(w, timer);
	}
}

/*
 * Move clk on. Nothing pending may be due before the new clk, so slots that are
 * passed over are empty, and only those that it enters cascade.
 */
void wheel_advance(struct timer_wheel *w, unsigned long clk)
{
	unsigned long changed = w->clk ^ clk;
	unsigned int level;

	w->clk = clk;
	for (level = 0; level < TVN_LEVELS; level++) {
		if (!(changed >> level_shift(level)))
			return;		/* neither this digit nor one before it */
		cascade(w, level_slot(level, clk));
	}
	if (changed >> level_shift(TVN_LEVELS))
		cascade(w, TV_FAR);
}
