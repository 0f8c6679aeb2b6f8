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
 * With reuse, what is freed goes on a stack of its size, for each virtual CPU
 * another; who finds the own one empty looks at the others' before the heap
 * grows. Pushing and popping is an exchange of one word, no lock:
 *
 *      | how often it changed (32) | number of the first (32) | --> next --> 0
 *
 * The count is what makes that safe: who read `next` of an object that somebody
 * else took, and perhaps put back, in the meantime finds the word changed.
 *
 * AddressSanitizer sees headers and everything behind an object's last byte as
 * red zones; the functions that read headers are therefore not instrumented.
 *
 * Read next: common/kernel/slab.c, the user of all this.
 */
#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include "snapshot.h"
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

#define SHARDS		16		/* virtual CPU n uses number n % 16 */
#define FINE_SHIFT	12		/* up to here reused sizes are 16 apart; then four to each doubling */
#define TOP_SHIFT	30		/* the largest object that is reused */
#define FINE_CLASSES	((1 << FINE_SHIFT) / ARENA_ALIGN)
#define CLASSES		(FINE_CLASSES + 4 * (TOP_SHIFT - FINE_SHIFT))

/* What stands before each object; written by whoever makes or frees it. */
struct header {
	uint32_t magic;			/* A: MAGIC_*; changing it claims the object */
	uint32_t size;			/* as asked for */
	uintptr_t tag, free_tag;	/* who made it; A: who freed it */
	uint32_t room;			/* bytes behind this header that are the object's */
	uint32_t next;			/* A: number of the next one on a stack, 0: none */
};

/* A: atomic. */
struct shard {
	uint64_t stack[CLASSES];	/* A: as drawn above, by size */
	size_t live_bytes, live_objects, allocated;	/* A: see struct arena_stats; only the sums mean anything */
} __attribute__((aligned(64)));

/* A: atomic.  1: written while one thread alone is active. */
static struct {
	bool ready;			/* 1: the address space is ours */
	bool reuse;			/* A: freed memory is given out again */
	size_t units;			/* 1: bytes of per-CPU units that may be dirty */
	size_t unit, unit_used;		/* 1, A: bytes from one unit to the next, and of each that are in use */
	unsigned int nr_units;		/* 1 */
	char *top __attribute__((aligned(64)));	/* A: where the next object goes */
	struct shard shards[SHARDS];
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
	arena.unit = unit;
	arena.nr_units = cpus;
	return (void *)ARENA_BASE;
}

void arena_percpu_used(size_t bytes)
{
	__atomic_store_n(&arena.unit_used, bytes, __ATOMIC_RELAXED);
}

static unsigned int own_shard(void)
{
	const struct mtask *t = mach_self();

	return t ? __atomic_load_n(&t->cpu, __ATOMIC_RELAXED) % SHARDS : 0;
}

/* ---- sizes that are reused ---- */

/* The largest class none of whose objects is larger than @bytes of room. */
static unsigned int class_below(size_t bytes)
{
	unsigned int k = 63 - (unsigned int)__builtin_clzll(bytes);

	if (k < FINE_SHIFT)
		return (unsigned int)(bytes / ARENA_ALIGN) - 1;
	if (k >= TOP_SHIFT)
		return CLASSES - 1;
	return FINE_CLASSES + 4 * (k - FINE_SHIFT) + (unsigned int)(bytes >> (k - 2)) - 5;
}

/* The class whose objects have room for @bytes, and how much room; -1: too large. */
static int class_above(size_t bytes, size_t *fits)
{
	unsigned int k = 63 - (unsigned int)__builtin_clzll(bytes - 1);

	*fits = bytes;
	if (k >= TOP_SHIFT)
		return -1;
	if (k >= FINE_SHIFT)
		*fits = (bytes + (1UL << (k - 2)) - 1) & ~((1UL << (k - 2)) - 1);
	return (int)class_below(*fits);
}

/* ---- stacks of what was freed ---- */

static uint32_t number_of(const struct header *h)
{
	return h ? (uint32_t)(((const char *)h - heap) / ARENA_ALIGN) + 1 : 0;
}

static struct header *numbered(uint32_t n)
{
	return n ? (struct header *)(heap + (size_t)(n - 1) * ARENA_ALIGN) : NULL;
}

/* The word that stands for a stack whose first object is number @n and that was @old. */
static uint64_t stack_word(uint64_t old, uint32_t n)
{
	return ((old >> 32) + 1) << 32 | n;
}

NO_ASAN static void stack_push(uint64_t *stack, struct header *h)
{
	uint64_t old = __atomic_load_n(stack, __ATOMIC_RELAXED);

	do
		__atomic_store_n(&h->next, (uint32_t)old, __ATOMIC_RELAXED);
	while (!__atomic_compare_exchange_n(stack, &old, stack_word(old, number_of(h)), true,
					    __ATOMIC_RELEASE, __ATOMIC_RELAXED));
}

NO_ASAN static struct header *stack_pop(uint64_t *stack)
{
	uint64_t old = __atomic_load_n(stack, __ATOMIC_ACQUIRE);
	struct header *h;

	do {
		h = numbered((uint32_t)old);
		if (!h)
			return NULL;
	} while (!__atomic_compare_exchange_n(stack, &old,
			stack_word(old, __atomic_load_n(&h->next, __ATOMIC_RELAXED)), true,
			__ATOMIC_ACQUIRE, __ATOMIC_ACQUIRE));
	return h;
}

/* Take the first that is aligned well enough; mostly that is the first. */
NO_ASAN static struct header *stack_pop_aligned(uint64_t *stack, size_t align)
{
	struct header *h, *held = NULL, *next;

	while ((h = stack_pop(stack)) && (uintptr_t)(h + 1) % align) {
		__atomic_store_n(&h->next, number_of(held), __ATOMIC_RELAXED);
		held = h;
	}
	for (; held; held = next) {
		next = numbered(__atomic_load_n(&held->next, __ATOMIC_RELAXED));
		stack_push(stack, held);
	}
	return h;
}

static struct header *reuse_get(unsigned int class, size_t align)
{
	unsigned int own = own_shard(), i;
	struct header *h;

	for (i = 0; i < SHARDS; i++) {
		h = stack_pop_aligned(&arena.shards[(own + i) % SHARDS].stack[class], align);
		if (h)
			return h;
	}
	return NULL;
}

NO_ASAN static void reuse_put(struct header *h)
{
	stack_push(&arena.shards[own_shard()].stack[class_below(h->room)], h);
}

/* ---- fresh heap ---- */

NO_ASAN static void put_skip(char *at, size_t bytes)
{
	struct header *skip = (struct header *)at;

	skip->size = (uint32_t)bytes;
	__atomic_store_n(&skip->magic, MAGIC_SKIP, __ATOMIC_RELEASE);
}

/* Take fresh heap for a header and @bytes behind it. */
NO_ASAN static struct header *bump(size_t bytes, size_t align)
{
	size_t need = sizeof(struct header) + bytes + (align - ARENA_ALIGN);
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
	if (p - sizeof(struct header) > start)
		put_skip(start, p - sizeof(struct header) - start);
	if (p + bytes < end)
		put_skip(p + bytes, end - (p + bytes));
	poison(start, need + sizeof(struct header));
	header_of(p)->room = (uint32_t)bytes;
	return header_of(p);
}

NO_ASAN static void fill_header(struct header *h, size_t size, uintptr_t tag)
{
	h->size = size;
	h->tag = tag;
	__atomic_store_n(&h->magic, MAGIC_LIVE, __ATOMIC_RELEASE);
}

static void count(long bytes, long objects)
{
	struct shard *s = &arena.shards[own_shard()];

	__atomic_fetch_add(&s->live_bytes, (size_t)bytes, __ATOMIC_RELAXED);
	__atomic_fetch_add(&s->live_objects, (size_t)objects, __ATOMIC_RELAXED);
	if (objects > 0)
		__atomic_fetch_add(&s->allocated, 1, __ATOMIC_RELAXED);
}

void *arena_alloc(size_t size, size_t align, uintptr_t tag)
{
	struct header *h = NULL;
	bool again = false;
	size_t bytes;
	int class;

	if (size > UINT32_MAX - ARENA_ALIGN || !arena.ready)
		return NULL;
	if (align < ARENA_ALIGN)
		align = ARENA_ALIGN;
	bytes = room(size);
	if (__atomic_load_n(&arena.reuse, __ATOMIC_RELAXED)) {
		class = class_above(bytes, &bytes);
		h = class < 0 ? NULL : reuse_get((unsigned int)class, align);
		again = h;
	}
	if (!h)
		h = bump(bytes, align);
	if (!h)
		return NULL;
	fill_header(h, size, tag);
	unpoison(h + 1, size);
	if (again)
		memset(h + 1, 0, size);
	count((long)size, 1);
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
	__atomic_store_n(&h->free_tag, tag, __ATOMIC_RELAXED);
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
	count(-(long)size, -1);
	if (__atomic_load_n(&arena.reuse, __ATOMIC_RELAXED))
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
	return __atomic_load_n(&header_of(p)->free_tag, __ATOMIC_RELAXED);
}

void arena_reuse(bool on)
{
	__atomic_store_n(&arena.reuse, on, __ATOMIC_RELAXED);
}

bool arena_reuses(void)
{
	return __atomic_load_n(&arena.reuse, __ATOMIC_RELAXED);
}

/* Back to zeroes; a little is cheaper to clear than to fault in again page by page. */
static void clear(char *from, size_t size)
{
	if (size > KEEP_BYTES) {
		char *page = (char *)(((uintptr_t)from + KEEP_BYTES) & ~(uintptr_t)4095);

		madvise(page, (size_t)(from + size - page), MADV_DONTNEED);
		size = (size_t)(page - from);
	}
	memset(from, 0, size);
}

void arena_reset(void)
{
	size_t touched;

	if (!arena.ready)
		return;
	touched = arena.top + sizeof(struct header) - heap;
	unpoison(heap, touched);
	clear(heap, touched);
	if (arena.units > KEEP_UNITS) {
		madvise((void *)ARENA_BASE, arena.units, MADV_DONTNEED);
		arena.units = 0;
	}
	arena.top = heap;
	arena.reuse = false;
	memset(arena.shards, 0, sizeof(arena.shards));
}

/* ---- keeping it in the middle of a run; never under AddressSanitizer ---- */

static char *kept_top;

void arena_keep(void)
{
	unsigned int i;

	kept_top = arena.top;
	/* What a unit has beyond is cleared when it is handed out. */
	for (i = 0; i < arena.nr_units; i++)
		snapshot_add((char *)ARENA_BASE + i * arena.unit, arena.unit_used);
	snapshot_add(heap, (size_t)(arena.top - heap));
	snapshot_add(&arena, sizeof(arena));
}

/* Before what was kept is put back: what was allocated since is as if it had never been. */
void arena_rewind(void)
{
	clear(kept_top, (size_t)(arena.top - kept_top));
}

void arena_stats(struct arena_stats *st)
{
	unsigned int i;

	memset(st, 0, sizeof(*st));
	for (i = 0; i < SHARDS; i++) {
		const struct shard *s = &arena.shards[i];

		st->live_bytes += __atomic_load_n(&s->live_bytes, __ATOMIC_RELAXED);
		st->live_objects += __atomic_load_n(&s->live_objects, __ATOMIC_RELAXED);
		st->allocated += __atomic_load_n(&s->allocated, __ATOMIC_RELAXED);
	}
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
	const char *end = __atomic_load_n(&arena.top, __ATOMIC_RELAXED);

	while (at < end) {
		const struct header *h = (const struct header *)at;

		switch (__atomic_load_n(&h->magic, __ATOMIC_ACQUIRE)) {
		case MAGIC_SKIP:
			at += h->size;
			continue;
		case MAGIC_LIVE:
			fn(h + 1, h->size, h->tag, arg);
			break;
		case MAGIC_FREED:
			break;
		default:
			return;		/* somebody is just making it */
		}
		at += sizeof(*h) + h->room;
	}
}
