// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which virtual CPUs and NUMA nodes this machine has, and sets of them.
 *
 * topology_init() and set_cpu_*() describe them at boot, before there is a task;
 * nothing changes afterwards, so readers need no lock.
 * After lib/cpumask.c and arch code of 3.18. Read next: linux/cpumask.h.
 */
#include <linux/bug.h>
#include <linux/cache.h>
#include <linux/cpumask.h>
#include <linux/nodemask.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/topology.h>
#include <wqlab/arena.h>

int nr_cpu_ids = 1;
int nr_node_ids = 1;
nodemask_t node_possible_map, node_online_map;

struct cpumask __cpu_possible_mask, __cpu_present_mask, __cpu_online_mask, __cpu_active_mask;
const struct cpumask __cpu_all_mask = { { [0 ... BITS_TO_LONGS(NR_CPUS) - 1] = ~0UL } };
const struct cpumask __cpu_none_mask;

/* The CPUs of each node, in the arena. */
static struct cpumask *node_masks;

/*
 * The sets of one CPU each. Those of CPUs b, 64 + b, 128 + b, ... differ only in
 * which of their longs holds bit b, so all of them are windows onto one row of
 * zeroes with that long in it:
 *
 *        row b:    0 0 0 0 0 0 (1 << b) 0 0 0 0 0 0
 *      CPU b           |------>
 *      CPU 64 + b    |------>           the long is the window's second
 *
 * A window is as long as a set, and the rows are so far apart that none sees
 * two of those longs.
 */
#define MASK_LONGS BITS_TO_LONGS(NR_CPUS)
#define ROW(b)	[((b) + 1) * MASK_LONGS] = 1UL << (b)
#define ROW4(b)	ROW(b), ROW(b + 1), ROW(b + 2), ROW(b + 3)
#define ROW16(b) ROW4(b), ROW4(b + 4), ROW4(b + 8), ROW4(b + 12)

static const unsigned long single_bits[(BITS_PER_LONG + 2) * MASK_LONGS] = {
	ROW16(0), ROW16(16), ROW16(32), ROW16(48)
};

const struct cpumask *cpumask_of(unsigned int cpu)
{
	const unsigned long *bit = &single_bits[(cpu % BITS_PER_LONG + 1) * MASK_LONGS];

	return to_cpumask(bit - cpu / BITS_PER_LONG);
}

static void include_cpu(struct cpumask *mask, unsigned int cpu, bool in)
{
	if (in)
		cpumask_set_cpu(cpu, mask);
	else
		cpumask_clear_cpu(cpu, mask);
}

void set_cpu_possible(unsigned int cpu, bool possible)
{
	include_cpu(&__cpu_possible_mask, cpu, possible);
}

void set_cpu_present(unsigned int cpu, bool present)
{
	include_cpu(&__cpu_present_mask, cpu, present);
}

void set_cpu_online(unsigned int cpu, bool online)
{
	include_cpu(&__cpu_online_mask, cpu, online);
}

void set_cpu_active(unsigned int cpu, bool active)
{
	include_cpu(&__cpu_active_mask, cpu, active);
}

void topology_init(unsigned int cpus, unsigned int nodes)
{
	unsigned int i;

	nr_cpu_ids = cpus;
	nr_node_ids = nodes;
	/* Not kmalloc(): it belongs to the machine and is never given back. */
	node_masks = arena_alloc(nodes * sizeof(*node_masks), SMP_CACHE_BYTES, 0);
	BUG_ON(!node_masks);
	for (i = 0; i < nodes; i++) {
		__set_bit(i, node_possible_map.bits);
		__set_bit(i, node_online_map.bits);
	}
	for (i = 0; i < cpus; i++)
		cpumask_set_cpu(i, &node_masks[cpu_to_node(i)]);
}

int cpu_to_node(int cpu)
{
	return (unsigned int)cpu * nr_node_ids / nr_cpu_ids;
}

const struct cpumask *cpumask_of_node(int node)
{
	return node == NUMA_NO_NODE ? cpu_possible_mask : &node_masks[node];
}

unsigned int cpumask_next_and(int n, const struct cpumask *a, const struct cpumask *b)
{
	do {
		n = cpumask_next(n, a);
	} while (n < nr_cpu_ids && !cpumask_test_cpu(n, b));
	return n;
}

unsigned int cpumask_any_but(const struct cpumask *mask, unsigned int cpu)
{
	unsigned int first = cpumask_first(mask);

	return first == cpu ? cpumask_next(cpu, mask) : first;
}

bool alloc_cpumask_var(cpumask_var_t *mask, gfp_t flags)
{
	*mask = __kmalloc_track_caller(cpumask_size(), flags, _RET_IP_);
	return *mask != NULL;
}

bool zalloc_cpumask_var(cpumask_var_t *mask, gfp_t flags)
{
	*mask = __kmalloc_track_caller(cpumask_size(), flags | __GFP_ZERO, _RET_IP_);
	return *mask != NULL;
}

bool alloc_cpumask_var_node(cpumask_var_t *mask, gfp_t flags, int node)
{
	*mask = __kmalloc_track_caller(cpumask_size(), flags, _RET_IP_);
	return *mask != NULL;
}

bool zalloc_cpumask_var_node(cpumask_var_t *mask, gfp_t flags, int node)
{
	*mask = __kmalloc_track_caller(cpumask_size(), flags | __GFP_ZERO, _RET_IP_);
	return *mask != NULL;
}

void free_cpumask_var(cpumask_var_t mask)
{
	kfree(mask);
}

int cpumask_parse(const char *buf, struct cpumask *dst)
{
	return bitmap_parse(buf, strlen(buf), dst->bits, nr_cpumask_bits);
}

int cpulist_parse(const char *buf, struct cpumask *dst)
{
	return bitmap_parselist(buf, dst->bits, nr_cpumask_bits);
}
