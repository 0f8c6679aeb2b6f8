/* SPDX-License-Identifier: GPL-2.0-only */
/**
 * @file
 * The arena: the one mapping from which a machine's memory comes. It stands at
 * a fixed address, so that the same run sees the same addresses everywhere.
 *
 *      0x7e9000000000                      0x7e9100000000          + 16 GiB
 *      | unit of CPU 0 | unit of CPU 1 |   | heap -->              |
 *
 * So an address that begins with 7e90 is per-CPU data, one with 7e91 an object.
 * The heap only grows. Freed memory is filled with #ARENA_FREED (and, under
 * AddressSanitizer, may not be touched any more); it is given out again only
 * if arena_reuse() asks for it. arena_reset() empties everything at once.
 *
 * Allocating and freeing are lock-free, with reuse too, and may be called from
 * any thread; arena_init(), arena_reuse(), arena_reset() and the walk are
 * for one thread with no other one active. Plain C: both worlds include it.
 */
#ifndef WQLAB_ARENA_H
#define WQLAB_ARENA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Where the arena stands. */
#define ARENA_BASE	0x7e9000000000UL
/** How long it is. */
#define ARENA_SIZE	(16UL << 30)
/** Where its heap begins, for any number of CPUs; per-CPU units stand before. */
#define ARENA_HEAP	(ARENA_BASE + (4UL << 30))
/** What freed memory is filled with. */
#define ARENA_FREED	0x6b
/** Alignment of every object. */
#define ARENA_ALIGN	16

/** What arena_free() found. */
enum arena_state {
	ARENA_OK,		/**< a live object */
	ARENA_BAD_POINTER,	/**< not the start of any object */
	ARENA_DOUBLE_FREE,	/**< freed before */
};

/** What the heap holds and held since the last reset. */
struct arena_stats {
	size_t live_bytes;	/**< bytes of the objects that are there */
	size_t live_objects;	/**< how many they are */
	size_t allocated;	/**< objects made */
	size_t used;		/**< bytes of heap taken up, for ever */
};

/**
 * Reserve the arena; later calls do nothing.
 * @return 0, or -1 when the address space is taken or refused: machine_error()
 */
int arena_init(void);

/**
 * Where the per-CPU units are, one behind the other. They may hold what an
 * earlier run left there: whoever uses a piece initialises it.
 * @param unit bytes per CPU
 * @param cpus how many
 * @return the first unit; NULL if they are too large or there is no arena
 */
void *arena_percpu(size_t unit, unsigned int cpus);

/**
 * Tell how much of each unit is in use: that is what a kept machine consists of.
 * @param bytes from a unit's start
 */
void arena_percpu_used(size_t bytes);

/**
 * Make an object of zeroes.
 * @param size its bytes, below 4 GiB
 * @param align a power of two; less than #ARENA_ALIGN counts as that
 * @param tag anything; the caller's address, for arena_tag()
 * @return the object, or NULL when the arena is used up
 */
void *arena_alloc(size_t size, size_t align, uintptr_t tag);

/**
 * Free an object.
 * @param p what arena_alloc() returned
 * @param tag anything; the caller's address, for arena_free_tag()
 * @return #ARENA_OK if it was freed now, else what is wrong with @p p
 */
enum arena_state arena_free(void *p, uintptr_t tag);

/** What is the matter with an address. @param p any address @return as arena_free() would, freeing nothing */
enum arena_state arena_check(const void *p);
/** Bytes asked for. @param p an object, live or freed @return its size */
size_t arena_size(const void *p);
/** Who made an object. @param p an object, live or freed @return the tag given to arena_alloc() */
uintptr_t arena_tag(const void *p);
/** Who freed an object. @param p a freed object @return the tag given to arena_free() */
uintptr_t arena_free_tag(const void *p);

/**
 * Give freed memory out again, latest first, until the next reset: for runs that
 * are too long to do without. What is freed is filled and poisoned all the same
 * until then, and freeing it twice noticed; but a pointer that outlived its object
 * may come to point to another one. Above 4 KiB objects take up to a quarter more
 * than they asked for, so that one fits in the place of another.
 * @param on whether to
 */
void arena_reuse(bool on);
/** @return whether freed memory is given out again. */
bool arena_reuses(void);

/** Empty the arena; what was touched reads as zeroes again, units apart. */
void arena_reset(void);

/** Whether an address is in the arena. @param p any address */
static inline bool arena_contains(const void *p)
{
	return (uintptr_t)p - ARENA_BASE < ARENA_SIZE;
}

/** Distance from the arena's start. @param p an address in the arena @return bytes */
static inline size_t arena_offset(const void *p)
{
	return (uintptr_t)p - ARENA_BASE;
}

/** Count; exact when nobody allocates or frees meanwhile. @param st filled in */
void arena_stats(struct arena_stats *st);

/**
 * Where the heap has grown to: objects made later have higher addresses, as
 * long as nothing is reused.
 * @return the first byte that no object has taken
 */
const void *arena_top(void);

/**
 * Walk over the live objects in the order of their addresses.
 * @param from start here: NULL, or an earlier arena_top()
 * @param fn called with the object, its size, its tag and @p arg
 * @param arg handed to @p fn
 */
void arena_for_each(const void *from,
		    void (*fn)(const void *p, size_t size, uintptr_t tag, void *arg),
		    void *arg);

#endif
