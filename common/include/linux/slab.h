/* SPDX-License-Identifier: GPL-2.0-only */
/**
 * @file
 * Kernel memory, from the arena (wqlab/arena.h).
 *
 * Memory that was not asked for as zeroed holds 0x5a, freed memory 0x6b, and
 * is not given out again in the same run, unless arena_reuse() asks for it, as
 * the native machine does. Freeing twice or a wrong pointer
 * ends the run. An allocation may fail when the fault MFAULT_KMALLOC is
 * injected and the flags allow failing. Every allocation here may sleep if
 * __GFP_WAIT is in its flags; freeing never does.
 *
 * Mirrors include/linux/slab.h of 3.18.
 */
#ifndef _LINUX_SLAB_H
#define _LINUX_SLAB_H

#include <linux/types.h>
#include <linux/gfp.h>
#include <linux/string.h>

#define SLAB_HWCACHE_ALIGN	0x00002000UL	/**< align objects to cache lines */
#define SLAB_PANIC		0x00040000UL	/**< panic if the cache cannot be made */
#define ARCH_KMALLOC_MINALIGN	16		/**< alignment of every object */
#define KMALLOC_MAX_SIZE	(1UL << 30)	/**< largest object */

#define ZERO_SIZE_PTR	((void *)16)		/**< what kmalloc(0) returns */
/** Whether @p x is NULL or the pointer of size 0. */
#define ZERO_OR_NULL_PTR(x) ((unsigned long)(x) <= (unsigned long)ZERO_SIZE_PTR)

/**
 * Allocate.
 * @param size bytes
 * @param flags GFP_*
 * @return memory aligned to 16 bytes (to 64 from 64 bytes on), or NULL
 */
void *kmalloc(size_t size, gfp_t flags) __malloc;
/** Allocate zeroed memory. */
void *kzalloc(size_t size, gfp_t flags) __malloc;
/** Allocate an array; NULL also when its size overflows. */
void *kmalloc_array(size_t n, size_t size, gfp_t flags) __malloc;
/** Allocate a zeroed array; NULL also when its size overflows. */
void *kcalloc(size_t n, size_t size, gfp_t flags) __malloc;
/** Allocate on a NUMA node; all memory is alike here. */
void *kmalloc_node(size_t size, gfp_t flags, int node) __malloc;
/** Allocate zeroed memory on a NUMA node; all memory is alike here. */
void *kzalloc_node(size_t size, gfp_t flags, int node) __malloc;
/** kmalloc() on behalf of @p caller, the address shown in leak reports. */
void *__kmalloc_track_caller(size_t size, gfp_t flags, unsigned long caller) __malloc;
/** Grow or shrink; @p p may be NULL. NULL: failed, and @p p is still there. */
void *krealloc(const void *p, size_t size, gfp_t flags);
/** Free; NULL and kmalloc(0)'s pointer are fine. */
void kfree(const void *p);
/** kfree() that wipes first. */
void kzfree(const void *p);
/** Bytes that may be used at @p p. */
size_t ksize(const void *p);

struct kmem_cache;

/**
 * Make a cache of objects of one size. May sleep.
 * @param name shown in leak reports; must outlive the cache
 * @param size bytes of an object
 * @param align alignment; 0 for the usual
 * @param flags SLAB_*
 * @param ctor called on each fresh object, or NULL
 * @return the cache, or NULL
 */
struct kmem_cache *kmem_cache_create(const char *name, size_t size, size_t align,
				     unsigned long flags, void (*ctor)(void *));
/** Give up a cache; warns if objects of it are still there. May sleep. */
void kmem_cache_destroy(struct kmem_cache *s);
/** Allocate an object, or NULL. */
void *kmem_cache_alloc(struct kmem_cache *s, gfp_t flags) __malloc;
/** Allocate a zeroed object, or NULL. */
void *kmem_cache_zalloc(struct kmem_cache *s, gfp_t flags) __malloc;
/** Allocate an object on a NUMA node; all memory is alike here. */
void *kmem_cache_alloc_node(struct kmem_cache *s, gfp_t flags, int node) __malloc;
/** Free an object of this cache. */
void kmem_cache_free(struct kmem_cache *s, void *p);

/** A cache for objects of a struct, named after it. */
#define KMEM_CACHE(__struct, __flags)					\
	kmem_cache_create(#__struct, sizeof(struct __struct),		\
			  __alignof__(struct __struct), (__flags), NULL)

#endif /* _LINUX_SLAB_H */
