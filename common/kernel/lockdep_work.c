// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where a work item's lockdep map is kept: beside it.
 *
 * In a kernel built with lockdep, struct work_struct has one more member; built without,
 * it has not.  Here one build serves both, and an item is to stay as small as it is.  So
 * INIT_WORK(), when the validator is at work, notes item, key and name in a table, from
 * which an engine takes its copy.
 *
 *	item -> hash -> | item, key, name | item, key, name |    |    | ...
 *
 * The table is found by address and in no other way.  An entry is overwritten when
 * the item is initialised again, and else stays: without reuse of memory (wqlab/arena.h)
 * nobody else gets the address, and with it nobody asks for an item at it before that is
 * initialised.  So it grows with the items made, and never faster than the arena does.
 *
 * An item that was defined by DECLARE_WORK() is in no table: a static one is a class
 * by itself, as in the kernel, and any other goes by its function.
 *
 * Locking: the graph's lock (lockdep.c).  Read next: legacy/worker.c, cmwq/execute.c.
 */
#include <linux/hash.h>
#include <linux/kernel.h>
#include <linux/workqueue.h>
#include <wqlab/arena.h>
#include <wqlab/kallsyms.h>

#include "lockdep_internals.h"

#define FIRST_BITS	5

struct work_map {
	const struct work_struct *work;		/* NULL: an empty slot */
	struct lockdep_map map;
};

static struct {
	struct work_map *slots;			/* 1 << bits of them, at least a quarter empty */
	unsigned int bits, used;
} table;					/* G */

/* Where it is, or the empty slot where it belongs. */
static struct work_map *slot_of(const struct work_struct *work)
{
	unsigned long mask = (1ul << table.bits) - 1;
	unsigned long i = hash_ptr(work, table.bits);

	while (table.slots[i].work && table.slots[i].work != work)
		i = (i + 1) & mask;
	return &table.slots[i];
}

static bool grow(void)
{
	struct work_map *old = table.slots, *new;
	unsigned long nr = table.slots ? 1ul << table.bits : 0, i;
	unsigned int bits = nr ? table.bits + 1 : FIRST_BITS;

	new = arena_alloc(sizeof(*new) << bits, ARENA_ALIGN, 0);
	if (!new) {
		print_no_room("memory");
		return false;
	}
	table.slots = new;
	table.bits = bits;
	for (i = 0; i < nr; i++)
		if (old[i].work)
			*slot_of(old[i].work) = old[i];
	return true;
}

/* Full only where no memory was to be had; then the validator is off. */
static void note(const struct work_struct *work, const char *name, struct lock_class_key *key)
{
	struct work_map *slot = slot_of(work);

	if (!slot->work && 4 * ++table.used > 3u << table.bits) {
		if (!grow())
			return;
		slot = slot_of(work);
	}
	slot->work = work;
	lockdep_init_map(&slot->map, name, key);
}

void __lockdep_init_work(const struct work_struct *work, const char *name, struct lock_class_key *key)
{
	if (!graph_lock())
		return;
	if (table.slots || grow())
		note(work, name, key);
	graph_unlock();
}

/* The item, of which nothing is known yet, is one of DECLARE_WORK()'s. */
static void find_map(struct lockdep_map *to, const struct work_struct *work)
{
	const char *name = kallsyms_lookup(work, NULL);

	if (name) {
		lockdep_init_map(to, name, lockdep_object_key(work));
		note(work, to->name, to->key);
	} else {
		name = kallsyms_lookup(work->func, NULL);
		lockdep_init_map(to, name, lockdep_object_key(work->func));
	}
}

void __lockdep_copy_work_map(struct lockdep_map *to, const struct work_struct *work)
{
	if (!graph_lock())
		return;
	if (table.slots || grow()) {
		const struct work_map *slot = slot_of(work);

		if (slot->work)
			*to = slot->map;
		else
			find_map(to, work);
	}
	graph_unlock();
}
