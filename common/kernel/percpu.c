// SPDX-License-Identifier: GPL-2.0-only
/*
 * Per-CPU data: a unit for each booted CPU, cut out of the arena at boot.
 *
 * Static variables come first in a unit, copied from their initial values;
 * alloc_percpu() takes from the rest, the same place in every unit.  What is
 * freed is used again only when a unit is full, so that use after free shows; or,
 * where the arena gives freed memory out again, at once.
 *
 * Owns struct pcpu_area.  Locks: pcpu_lock guards the allocator (letter L); the
 * variables themselves are their users' to guard.
 *
 * Read next: linux/percpu.h, for how a variable is found.
 */
#include <linux/bug.h>
#include <linux/cpumask.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/percpu.h>
#include <linux/poison.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <wqlab/arena.h>
#include <wqlab/mach.h>

#define PCPU_ALIGN	64

unsigned long wqlab_percpu_base;

static DEFINE_SPINLOCK(pcpu_lock);
static size_t pcpu_used;		/* L: bytes of a unit that were ever handed out */
static LIST_HEAD(pcpu_areas);		/* L: all areas, newest first */

/* One area handed out by alloc_percpu().  I: fixed when made. */
struct pcpu_area {
	struct list_head list;		/* L: in pcpu_areas */
	size_t offset, size;		/* I: bytes from a unit's start, and how many */
	bool free;			/* L: given back; may be used again */
};

/* So that the section exists even when nothing else defines a per-CPU variable. */
static DEFINE_PER_CPU(unsigned long, pcpu_anchor);

void percpu_init(void)
{
	size_t size = __stop_wqlab_percpu - __start_wqlab_percpu;
	unsigned int cpu;
	char *units;

	units = arena_percpu(PERCPU_UNIT_SIZE, mach_nr_cpus());
	wqlab_percpu_base = (unsigned long)units - (unsigned long)__start_wqlab_percpu;
	for (cpu = 0; cpu < mach_nr_cpus(); cpu++)
		memcpy(units + cpu * PERCPU_UNIT_SIZE, __start_wqlab_percpu, size);
	pcpu_used = ALIGN(size, PCPU_ALIGN);
	arena_percpu_used(pcpu_used);
}

static void *area_ptr(const struct pcpu_area *area)
{
	return __start_wqlab_percpu + area->offset;
}

static unsigned long area_address(const struct pcpu_area *area)
{
	return (unsigned long)area_ptr(area) + wqlab_percpu_base;
}

/* A freed area of this size, the oldest if there are several; pcpu_lock is held. */
static struct pcpu_area *area_again(size_t size, size_t align)
{
	struct pcpu_area *area;

	list_for_each_entry_reverse(area, &pcpu_areas, list)
		if (area->free && area->size == size && !(area_address(area) & (align - 1)))
			return area;
	return NULL;
}

void *__alloc_percpu(size_t size, size_t align)
{
	struct pcpu_area *fresh, *area = NULL;
	unsigned int cpu;

	size = ALIGN(size, PCPU_ALIGN);
	align = max_t(size_t, align, PCPU_ALIGN);
	fresh = kzalloc(sizeof(*fresh), GFP_KERNEL);
	if (!fresh)
		return NULL;
	spin_lock(&pcpu_lock);
	/* Aligned in unit 0, and units are a multiple of any sane alignment apart. */
	fresh->offset = ALIGN(wqlab_percpu_base + (unsigned long)__start_wqlab_percpu + pcpu_used,
			      align) - wqlab_percpu_base - (unsigned long)__start_wqlab_percpu;
	fresh->size = size;
	if (arena_reuses() || fresh->offset + size > PERCPU_UNIT_SIZE)
		area = area_again(size, align);
	if (!area && fresh->offset + size <= PERCPU_UNIT_SIZE) {
		area = fresh;
		pcpu_used = fresh->offset + size;
		arena_percpu_used(pcpu_used);
		list_add(&fresh->list, &pcpu_areas);
	}
	if (area)
		area->free = false;
	spin_unlock(&pcpu_lock);
	if (area != fresh)
		kfree(fresh);
	if (!area)
		return NULL;
	for_each_possible_cpu(cpu)
		memset(per_cpu_ptr(area_ptr(area), cpu), 0, size);
	return area_ptr(area);
}

void free_percpu(void *ptr)
{
	struct pcpu_area *area;
	unsigned int cpu;
	bool known;

	if (!ptr)
		return;
	spin_lock(&pcpu_lock);
	list_for_each_entry(area, &pcpu_areas, list)
		if (area_ptr(area) == ptr)
			break;
	known = &area->list != &pcpu_areas && !area->free;
	if (WARN(!known, "free_percpu() of what alloc_percpu() did not give\n")) {
		spin_unlock(&pcpu_lock);
		return;
	}
	for_each_possible_cpu(cpu)
		memset(per_cpu_ptr(ptr, cpu), POISON_FREE, area->size);
	area->free = true;
	spin_unlock(&pcpu_lock);
}

/* At shutdown: forget what was freed; what was not stays, for the leak report. */
void percpu_shutdown(void)
{
	struct pcpu_area *area, *n;

	list_for_each_entry_safe(area, n, &pcpu_areas, list) {
		if (!area->free)
			continue;
		list_del(&area->list);
		kfree(area);
	}
}
