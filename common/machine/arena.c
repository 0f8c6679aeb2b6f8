// SPDX-License-Identifier: GPL-2.0-only
/*
 * The arena of wqlab/arena.h.
 *
 * An object is a header and what the caller sees:
 *
 *      | skip |  header (32)   |  size bytes   | 0-15 |  next header ...
 *      ^ if the alignment      ^ p
 *        left room
 *
 * The heap is a bump pointer that an atomic addition moves, so threads share
 * it without a lock, and an object costs the same whatever came before. Skips
 * carry a header word of their own, hence the heap can be walked from end to
 * end. Nothing is reused within a run unless arena_reuse() says so: a pointer
 * that outlived its object then shows as 0x6b bytes, as a sanitizer's report,
 * or as a double free, and never as a confusing new object.
 *
 * AddressSanitizer sees headers and everything behind an object's last byte as
 * red zones; the functions that read headers are therefore not instrumented.
 *
 * Read next: common/kernel/slab.c, the user of all this.
 */
#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include "wqlab/arena.h"
#include "wqlab/mach.h"

#if defined(__SANITIZE_ADDRESS__)
#define WITH_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define WITH_ASAN 1
#endif
#endif

#ifdef WITH_ASAN
#include <sanitizer/asan_interface.h>
#define poison(p, n)	__asan_poison_memory_region((p), (n))
#define unpoison(p, n)	__asan_unpoison_memory_region((p), (n))
#define NO_ASAN		__attribute__((no_sanitize("address"), noinline))
#else
#define poison(p, n)	((void)0)
#define unpoison(p, n)	((void)0)
#define NO_ASAN
#endif

#ifndef MAP_FIXED_NOREPLACE
#define MAP_FIXED_NOREPLACE 0x100000
#endif

#define MAGIC_LIVE	0x4c495645u	/* an object */
#define MAGIC_FREED	0x46524545u	/* what was one */
#define MAGIC_SKIP	0x534b4950u	/* size bytes of nothing, this word included */

#define KEEP_BYTES	(256UL << 10)	/* of heap that a reset clears by hand */
#define KEEP_UNITS	(64UL << 20)	/* of per-CPU units that a reset leaves mapped */
#define REUSE_MAX	4096		/* largest object that is reused */

/* What stands before each object; written by whoever makes or frees it. */
struct header {
	uint32_t magic;			/* A: MAGIC_*; changing it claims the object */
	uint32_t size;			/* as asked for */
	uintptr_t tag, free_tag;	/* who made it, who freed it */
	struct header *next_free;	/* R: in arena.reusable */
};

/* A: atomic.  1: written while one thread alone is active.  R: under reuse_busy. */
static struct {
	bool ready;			/* 1: the address space is ours */
	size_t units;			/* 1: bytes of per-CPU units that may be dirty */
	char *top;			/* A: where the next object goes */
	size_t live_bytes, live_objects, allocated;	/* A: see struct arena_stats */
	bool reuse;			/* 1: freed memory is given out again */
	bool reuse_busy;		/* A: lock of the lists */
	struct header *reusable[REUSE_MAX / ARENA_ALIGN + 1];	/* R: by size */
} arena;

static char *const heap = (char *)ARENA_HEAP;

static size_t round16(size_t n)
{
	return (n + ARENA_ALIGN - 1) & ~(size_t)(ARENA_ALIGN - 1);
}

/* Bytes an object takes behind its header; none has fewer than 16. */
static size_t room(size_t size)
{
	return size ? round16(size) : ARENA_ALIGN;
}

static struct header *header_of(const void *p)
{
	return (struct header *)p - 1;
}

int arena_init(void)
{
	void *p;

	if (arena.ready)
		return 0;
	p = mmap((void *)ARENA_BASE, ARENA_SIZE, PROT_READ | PROT_WRITE,
		 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1, 0);
	if (p != (void *)ARENA_BASE) {
		int err = p == MAP_FAILED ? errno : EEXIST;

		if (p != MAP_FAILED)
			munmap(p, ARENA_SIZE);
		mach_set_error("cannot reserve 16 GiB of address space at 0x%lx for the machine's memory: %s%s",
			       ARENA_BASE, strerror(err),
			       err == ENOMEM ? " (is there a limit, see ulimit -v?)" : "");
		return -1;
	}
	arena.top = heap;
	arena.ready = true;
	return 0;
}

void *arena_percpu(size_t unit, unsigned int cpus)
{
	if (!arena.ready || (cpus && unit > (ARENA_HEAP - ARENA_BASE) / cpus))
		return NULL;
	if (unit * cpus > arena.units)
		arena.units = unit * cpus;
	return (void *)ARENA_BASE;
}

static void reuse_lock(void)
{
	while (__atomic_exchange_n(&arena.reuse_busy, true, __ATOMIC_ACQUIRE))
		;
}

static void reuse_unlock(void)
{
	__atomic_store_n(&arena.reuse_busy, false, __ATOMIC_RELEASE);
}

/* The object freed last among those of this size, if it is aligned well enough. */
NO_ASAN static struct header *reuse_get(size_t size, size_t align)
{
	struct header **list, *h;

	if (!arena.reuse || room(size) > REUSE_MAX)
		return NULL;
	list = &arena.reusable[room(size) / ARENA_ALIGN];
	reuse_lock();
	h = *list;
	if (h && (uintptr_t)(h + 1) % align == 0)
		*list = h->next_free;
	else
		h = NULL;
	reuse_unlock();
	return h;
}

NO_ASAN static void reuse_put(struct header *h)
{
	struct header **list;

	if (!arena.reuse || room(h->size) > REUSE_MAX)
		return;
	list = &arena.reusable[room(h->size) / ARENA_ALIGN];
	reuse_lock();
	h->next_free = *list;
	*list = h;
	reuse_unlock();
}

/* Take fresh heap for a header and @size bytes behind it. */
NO_ASAN static struct header *bump(size_t size, size_t align)
{
	size_t need = sizeof(struct header) + room(size) + (align - ARENA_ALIGN);
	char *start, *end, *p;

	start = __atomic_fetch_add(&arena.top, need, __ATOMIC_RELAXED);
	end = start + need;
	/* The last header's worth of the arena stays free, for the red zone behind. */
	if (end > (char *)ARENA_BASE + ARENA_SIZE - sizeof(struct header)) {
		__atomic_fetch_sub(&arena.top, need, __ATOMIC_RELAXED);
		return NULL;
	}
	p = start + sizeof(struct header);
	p += -(uintptr_t)p & (align - 1);
	if (p - sizeof(struct header) > start) {
		struct header *skip = (struct header *)start;

		skip->magic = MAGIC_SKIP;
		skip->size = p - sizeof(struct header) - start;
	}
	if (p + room(size) < end) {
		struct header *skip = (struct header *)(p + room(size));

		skip->magic = MAGIC_SKIP;
		skip->size = end - (char *)skip;
	}
	poison(start, need + sizeof(struct header));
	return header_of(p);
}

NO_ASAN static void fill_header(struct header *h, size_t size, uintptr_t tag)
{
	h->size = size;
	h->tag = tag;
	h->free_tag = 0;
	h->next_free = NULL;
	__atomic_store_n(&h->magic, MAGIC_LIVE, __ATOMIC_RELEASE);
}

void *arena_alloc(size_t size, size_t align, uintptr_t tag)
{
	struct header *h;
	bool again = true;

	if (size > UINT32_MAX - ARENA_ALIGN || !arena.ready)
		return NULL;
	if (align < ARENA_ALIGN)
		align = ARENA_ALIGN;
	h = reuse_get(size, align);
	if (!h) {
		h = bump(size, align);
		again = false;
	}
	if (!h)
		return NULL;
	fill_header(h, size, tag);
	unpoison(h + 1, size);
	if (again)
		memset(h + 1, 0, size);
	__atomic_fetch_add(&arena.live_bytes, size, __ATOMIC_RELAXED);
	__atomic_fetch_add(&arena.live_objects, 1, __ATOMIC_RELAXED);
	__atomic_fetch_add(&arena.allocated, 1, __ATOMIC_RELAXED);
	return h + 1;
}

NO_ASAN enum arena_state arena_check(const void *p)
{
	const struct header *h = header_of(p);

	if ((uintptr_t)p % ARENA_ALIGN || (char *)h < heap ||
	    (char *)p >= __atomic_load_n(&arena.top, __ATOMIC_RELAXED))
		return ARENA_BAD_POINTER;
	switch (__atomic_load_n(&h->magic, __ATOMIC_ACQUIRE)) {
	case MAGIC_LIVE:
		return ARENA_OK;
	case MAGIC_FREED:
		return ARENA_DOUBLE_FREE;
	default:
		return ARENA_BAD_POINTER;
	}
}

/* Turn a live object into a freed one; only one caller can. */
NO_ASAN static bool claim(struct header *h, uintptr_t tag)
{
	uint32_t live = MAGIC_LIVE;

	if (!__atomic_compare_exchange_n(&h->magic, &live, MAGIC_FREED, false,
					 __ATOMIC_ACQ_REL, __ATOMIC_RELAXED))
		return false;
	h->free_tag = tag;
	return true;
}

enum arena_state arena_free(void *p, uintptr_t tag)
{
	struct header *h = header_of(p);
	enum arena_state state = arena_check(p);
	size_t size;

	if (state != ARENA_OK)
		return state;
	if (!claim(h, tag))
		return ARENA_DOUBLE_FREE;
	size = arena_size(p);
	memset(p, ARENA_FREED, size);
	poison(p, size);
	__atomic_fetch_sub(&arena.live_bytes, size, __ATOMIC_RELAXED);
	__atomic_fetch_sub(&arena.live_objects, 1, __ATOMIC_RELAXED);
	reuse_put(h);
	return ARENA_OK;
}

NO_ASAN size_t arena_size(const void *p)
{
	return header_of(p)->size;
}

NO_ASAN uintptr_t arena_tag(const void *p)
{
	return header_of(p)->tag;
}

NO_ASAN uintptr_t arena_free_tag(const void *p)
{
	return header_of(p)->free_tag;
}

void arena_reuse(bool on)
{
	arena.reuse = on;
}

void arena_reset(void)
{
	size_t touched;

	if (!arena.ready)
		return;
	touched = arena.top + sizeof(struct header) - heap;
	unpoison(heap, touched);
	/* A small heap is cheaper to clear than to fault in again page by page. */
	if (touched > KEEP_BYTES) {
		madvise(heap + KEEP_BYTES, touched - KEEP_BYTES, MADV_DONTNEED);
		touched = KEEP_BYTES;
	}
	memset(heap, 0, touched);
	if (arena.units > KEEP_UNITS) {
		madvise((void *)ARENA_BASE, arena.units, MADV_DONTNEED);
		arena.units = 0;
	}
	arena.top = heap;
	arena.live_bytes = arena.live_objects = arena.allocated = 0;
	arena.reuse = false;
	memset(arena.reusable, 0, sizeof(arena.reusable));
}

void arena_stats(struct arena_stats *st)
{
	st->live_bytes = __atomic_load_n(&arena.live_bytes, __ATOMIC_RELAXED);
	st->live_objects = __atomic_load_n(&arena.live_objects, __ATOMIC_RELAXED);
	st->allocated = __atomic_load_n(&arena.allocated, __ATOMIC_RELAXED);
	st->used = __atomic_load_n(&arena.top, __ATOMIC_RELAXED) - heap;
}

const void *arena_top(void)
{
	return __atomic_load_n(&arena.top, __ATOMIC_RELAXED);
}

NO_ASAN void arena_for_each(const void *from,
			    void (*fn)(const void *p, size_t size, uintptr_t tag, void *arg),
			    void *arg)
{
	const char *at = from ? from : heap;

	while (at < arena.top) {
		const struct header *h = (const struct header *)at;

		if (h->magic == MAGIC_SKIP) {
			at += h->size;
			continue;
		}
		if (h->magic == MAGIC_LIVE)
			fn(h + 1, h->size, h->tag, arg);
		at += sizeof(*h) + room(h->size);
	}
}
