// SPDX-License-Identifier: GPL-2.0-only
/*
 * Names for objects that have no symbol, see wqlab/objname.h.
 *
 * A hash table of chains. Entries are only ever put in front of a chain and
 * never change, so a name given later hides an earlier one and readers need no
 * lock. They live in the arena and the table is kernel data: a boot forgets
 * both. Read next: vsprintf.c, where the names come out.
 */
#include <linux/hash.h>
#include <linux/string.h>
#include <wqlab/arena.h>
#include <wqlab/objname.h>

#define NAME_BITS 8

struct objname {
	struct objname *next;
	const void *obj;
	bool gone;			/* the name was taken away */
	char name[];
};

static struct objname *names[1 << NAME_BITS];

void wqlab_name_object(const void *obj, const char *name)
{
	struct objname **chain = &names[hash_ptr(obj, NAME_BITS)];
	size_t len = name ? strlen(name) : 0;
	struct objname *n = arena_alloc(sizeof(*n) + len + 1, ARENA_ALIGN, 0);

	if (!n)
		return;
	n->obj = obj;
	n->gone = !name;
	memcpy(n->name, name ?: "", len + 1);
	n->next = __READ_ONCE(*chain);
	while (!__atomic_compare_exchange_n(chain, &n->next, n, false,
					    __ATOMIC_RELEASE, __ATOMIC_RELAXED))
		;
}

const char *wqlab_object_name(const void *obj)
{
	const struct objname *n;

	n = __atomic_load_n(&names[hash_ptr(obj, NAME_BITS)], __ATOMIC_ACQUIRE);
	while (n && n->obj != obj)
		n = n->next;
	return n && !n->gone ? n->name : NULL;
}
