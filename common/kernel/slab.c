// SPDX-License-Identifier: GPL-2.0-only
/*
 * Kernel memory, a thin layer over the arena: flags, faults, poison, caches,
 * and who allocated what.
 *
 * Every object carries the address of the code that asked for it, so a leak or
 * a double free can be reported by name. Caches only add a size, a constructor
 * and a count; their objects are the arena's like all others.
 *
 * Locking: none; the arena is lock-free and the counts are atomic.
 * After mm/slab_common.c of 3.18. Read next: ../machine/arena.c.
 */
#include <linux/atomic.h>
#include <linux/bug.h>
#include <linux/cache.h>
#include <linux/kernel.h>
#include <linux/poison.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <wqlab/arena.h>
#include <wqlab/kallsyms.h>
#include <wqlab/slabinfo.h>

struct kmem_cache {
	const char *name;
	size_t size, align;
	void (*ctor)(void *);
	long live;			/* atomic: objects given out */
};

/* Objects of a cache line or more start at one, so that they share none. */
static size_t usual_align(size_t size)
{
	return size >= SMP_CACHE_BYTES ? SMP_CACHE_BYTES : ARCH_KMALLOC_MINALIGN;
}

static void *get(size_t size, size_t align, gfp_t flags, unsigned long caller)
{
	void *p;

	might_sleep_if(flags & __GFP_WAIT);
	if (!(flags & __GFP_NOFAIL) && mach_fault(MFAULT_KMALLOC))
		return NULL;
	p = size <= KMALLOC_MAX_SIZE ? arena_alloc(size, align, caller) : NULL;
	if (!p) {
		if (!(flags & __GFP_NOWARN))
			pr_err("out of memory: %zu bytes for %pf\n", size, (void *)caller);
		BUG_ON(flags & __GFP_NOFAIL);
		return NULL;
	}
	if (!(flags & __GFP_ZERO))
		memset(p, POISON_INUSE, size);
	return p;
}

/* Say what is wrong with a pointer that was to be freed, and end the run. */
static void bad_free(const void *p, enum arena_state state, unsigned long caller)
{
	char text[256];

	if (state == ARENA_DOUBLE_FREE)
		snprintf(text, sizeof(text),
			 "double free of %p (allocated by %pf, freed by %pf) in %pf", p,
			 (void *)arena_tag(p), (void *)arena_free_tag(p), (void *)caller);
	else
		snprintf(text, sizeof(text), "kfree of %p, which is no object, in %pf", p,
			 (void *)caller);
	printk(KERN_EMERG "BUG: %s\n", text);
	dump_stack_print_info(KERN_EMERG);
	machine_stop(VERDICT_BUG, text);
}

static void put(const void *p, unsigned long caller)
{
	enum arena_state state;

	if (ZERO_OR_NULL_PTR(p))
		return;
	state = arena_free((void *)p, caller);
	if (state != ARENA_OK)
		bad_free(p, state, caller);
}

void *__kmalloc_track_caller(size_t size, gfp_t flags, unsigned long caller)
{
	if (!size)
		return ZERO_SIZE_PTR;
	return get(size, usual_align(size), flags, caller);
}

void *kmalloc(size_t size, gfp_t flags)
{
	return __kmalloc_track_caller(size, flags, _RET_IP_);
}

void *kzalloc(size_t size, gfp_t flags)
{
	return __kmalloc_track_caller(size, flags | __GFP_ZERO, _RET_IP_);
}

void *kmalloc_array(size_t n, size_t size, gfp_t flags)
{
	size_t bytes;

	if (__builtin_mul_overflow(n, size, &bytes))
		return NULL;
	return __kmalloc_track_caller(bytes, flags, _RET_IP_);
}

void *kcalloc(size_t n, size_t size, gfp_t flags)
{
	size_t bytes;

	if (__builtin_mul_overflow(n, size, &bytes))
		return NULL;
	return __kmalloc_track_caller(bytes, flags | __GFP_ZERO, _RET_IP_);
}

void *kmalloc_node(size_t size, gfp_t flags, int node)
{
	return __kmalloc_track_caller(size, flags, _RET_IP_);
}

void *kzalloc_node(size_t size, gfp_t flags, int node)
{
	return __kmalloc_track_caller(size, flags | __GFP_ZERO, _RET_IP_);
}

void *krealloc(const void *p, size_t size, gfp_t flags)
{
	void *fresh;

	if (!size) {
		put(p, _RET_IP_);
		return ZERO_SIZE_PTR;
	}
	fresh = __kmalloc_track_caller(size, flags, _RET_IP_);
	if (fresh && !ZERO_OR_NULL_PTR(p)) {
		memcpy(fresh, p, min(size, ksize(p)));
		put(p, _RET_IP_);
	}
	return fresh;
}

void kfree(const void *p)
{
	put(p, _RET_IP_);
}

void kzfree(const void *p)
{
	put(p, _RET_IP_);
}

size_t ksize(const void *p)
{
	return ZERO_OR_NULL_PTR(p) ? 0 : arena_size(p);
}

struct kmem_cache *kmem_cache_create(const char *name, size_t size, size_t align,
				     unsigned long flags, void (*ctor)(void *))
{
	struct kmem_cache *s = __kmalloc_track_caller(sizeof(*s), GFP_KERNEL | __GFP_ZERO, _RET_IP_);

	if (!s) {
		if (flags & SLAB_PANIC)
			panic("Cannot create slab %s", name);
		return NULL;
	}
	s->name = name;
	s->size = size;
	s->align = max(align, usual_align(size));
	if (flags & SLAB_HWCACHE_ALIGN)
		s->align = max_t(size_t, s->align, SMP_CACHE_BYTES);
	s->ctor = ctor;
	return s;
}

void kmem_cache_destroy(struct kmem_cache *s)
{
	long live;

	if (!s)
		return;
	live = __READ_ONCE(s->live);
	if (live) {
		pr_err("kmem_cache_destroy %s: %ld objects are still there\n", s->name, live);
		dump_stack();
	}
	put(s, _RET_IP_);
}

static void *cache_get(struct kmem_cache *s, gfp_t flags, unsigned long caller)
{
	void *p = get(s->size, s->align, flags, caller);

	if (p) {
		__atomic_fetch_add(&s->live, 1, __ATOMIC_RELAXED);
		if (s->ctor)
			s->ctor(p);
	}
	return p;
}

void *kmem_cache_alloc(struct kmem_cache *s, gfp_t flags)
{
	return cache_get(s, flags, _RET_IP_);
}

void *kmem_cache_zalloc(struct kmem_cache *s, gfp_t flags)
{
	return cache_get(s, flags | __GFP_ZERO, _RET_IP_);
}

void *kmem_cache_alloc_node(struct kmem_cache *s, gfp_t flags, int node)
{
	return cache_get(s, flags, _RET_IP_);
}

void kmem_cache_free(struct kmem_cache *s, void *p)
{
	if (ZERO_OR_NULL_PTR(p))
		return;
	__atomic_fetch_sub(&s->live, 1, __ATOMIC_RELAXED);
	put(p, _RET_IP_);
}

/* What one function allocated and nobody freed. */
struct owner {
	const char *name;
	size_t bytes, objects;
};

#define OWNERS 64

struct report {
	struct owner owners[OWNERS];
	unsigned int nr;
	size_t rest;			/* objects of more owners than fit */
};

/* Objects without a tag are the machine's own and stay for the whole run. */
static void count_one(const void *p, size_t size, uintptr_t tag, void *arg)
{
	struct slab_usage *use = arg;

	if (!tag)
		return;
	use->bytes += size;
	use->objects++;
}

static void report_one(const void *p, size_t size, uintptr_t tag, void *arg)
{
	struct report *r = arg;
	const char *name;
	unsigned int i;

	if (!tag)
		return;
	name = kallsyms_lookup((const void *)tag, NULL) ?: "?";
	for (i = 0; i < r->nr && strcmp(r->owners[i].name, name); i++)
		;
	if (i == OWNERS) {
		r->rest++;
		return;
	}
	if (i == r->nr)
		r->owners[r->nr++].name = name;
	r->owners[i].bytes += size;
	r->owners[i].objects++;
}

const void *slab_mark(void)
{
	return arena_top();
}

void slab_count(const void *since, struct slab_usage *use)
{
	memset(use, 0, sizeof(*use));
	arena_for_each(since, count_one, use);
}

void slab_report(const void *since)
{
	struct report r = { .nr = 0 };
	unsigned int i;

	arena_for_each(since, report_one, &r);
	for (i = 0; i < r.nr; i++)
		pr_warn("%zu object%s, %zu bytes allocated by %s\n", r.owners[i].objects,
			r.owners[i].objects == 1 ? "" : "s", r.owners[i].bytes, r.owners[i].name);
	if (r.rest)
		pr_warn("%zu more objects of other owners\n", r.rest);
}
