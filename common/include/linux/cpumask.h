/* SPDX-License-Identifier: GPL-2.0-only */
/**
 * @file
 * Sets of virtual CPUs.
 *
 * A struct cpumask always has room for NR_CPUS; how many virtual CPUs this
 * machine was booted with is #nr_cpu_ids, and nothing looks beyond that. Four
 * sets describe the machine (possible, present, online, active); they do not
 * change after boot, so reading them needs no lock. None of this is a choice
 * point.
 *
 * A function that changes a set changes each long of it at once, so readers
 * without a lock see old or new bits, never others.
 *
 * Mirrors include/linux/cpumask.h of 3.18, with CONFIG_CPUMASK_OFFSTACK.
 */
#ifndef _LINUX_CPUMASK_H
#define _LINUX_CPUMASK_H

#include <linux/kernel.h>
#include <linux/bitmap.h>
#include <linux/gfp.h>

#define NR_CPUS	MACHINE_MAX_CPUS	/**< most virtual CPUs of any machine */

/** A set of virtual CPUs. */
typedef struct cpumask {
	DECLARE_BITMAP(bits, NR_CPUS);	/**< bit n: virtual CPU n */
} cpumask_t;

/** A set that alloc_cpumask_var() makes. */
typedef struct cpumask *cpumask_var_t;

/** Virtual CPUs of this machine; their numbers are 0 to this less one. */
extern int nr_cpu_ids;
#define nr_cpumask_bits	nr_cpu_ids	/**< bits that count in a struct cpumask */

extern struct cpumask __cpu_possible_mask;	/**< written by set_cpu_possible() */
extern struct cpumask __cpu_present_mask;	/**< written by set_cpu_present() */
extern struct cpumask __cpu_online_mask;	/**< written by set_cpu_online() */
extern struct cpumask __cpu_active_mask;	/**< written by set_cpu_active() */
/** CPUs that could ever be there: all of this machine's. */
#define cpu_possible_mask ((const struct cpumask *)&__cpu_possible_mask)
#define cpu_present_mask ((const struct cpumask *)&__cpu_present_mask)	/**< CPUs plugged in */
#define cpu_online_mask	((const struct cpumask *)&__cpu_online_mask)	/**< CPUs that are up */
#define cpu_active_mask	((const struct cpumask *)&__cpu_active_mask)	/**< CPUs that take tasks */

extern const struct cpumask __cpu_all_mask;	/**< what #cpu_all_mask points to */
extern const struct cpumask __cpu_none_mask;	/**< what #cpu_none_mask points to */
#define cpu_all_mask	(&__cpu_all_mask)	/**< every CPU there could be */
#define cpu_none_mask	(&__cpu_none_mask)	/**< no CPU */

/** The longs of a set, for the bitmap functions. */
#define cpumask_bits(maskp) ((maskp)->bits)
/** An array of longs as a set. */
#define to_cpumask(bitmap) ((struct cpumask *)(bitmap))

#define CPU_BITS_NONE { 0 }		/**< initial value of an empty set's longs */
#define CPU_MASK_NONE (cpumask_t){ { 0 } }	/**< an empty set */
#define CPU_MASK_CPU0 (cpumask_t){ { 1 } }	/**< CPU 0 alone */

/** Set of @p cpu alone; constant, for any booted CPU, for ever. */
const struct cpumask *cpumask_of(unsigned int cpu);

/** Whether @p cpu is in @p mask. */
static inline int cpumask_test_cpu(int cpu, const struct cpumask *mask)
{
	return __test_bit(cpu, mask->bits);
}

/** Add @p cpu; atomic. */
static inline void cpumask_set_cpu(unsigned int cpu, struct cpumask *mask)
{
	__atomic_fetch_or(&mask->bits[BIT_WORD(cpu)], BIT_MASK(cpu), __ATOMIC_SEQ_CST);
}

/** Remove @p cpu; atomic. */
static inline void cpumask_clear_cpu(int cpu, struct cpumask *mask)
{
	__atomic_fetch_and(&mask->bits[BIT_WORD(cpu)], ~BIT_MASK(cpu), __ATOMIC_SEQ_CST);
}

/** Add @p cpu; whether it was there. Atomic. */
static inline int cpumask_test_and_set_cpu(int cpu, struct cpumask *mask)
{
	return !!(__atomic_fetch_or(&mask->bits[BIT_WORD(cpu)], BIT_MASK(cpu),
				    __ATOMIC_SEQ_CST) & BIT_MASK(cpu));
}

/** Remove @p cpu; whether it was there. Atomic. */
static inline int cpumask_test_and_clear_cpu(int cpu, struct cpumask *mask)
{
	return !!(__atomic_fetch_and(&mask->bits[BIT_WORD(cpu)], ~BIT_MASK(cpu),
				     __ATOMIC_SEQ_CST) & BIT_MASK(cpu));
}

/** The first CPU of a set, or @ref nr_cpu_ids. */
static inline unsigned int cpumask_first(const struct cpumask *mask)
{
	return find_first_bit(mask->bits, nr_cpumask_bits);
}

/** The first CPU behind @p n (-1: from the start), or @ref nr_cpu_ids. */
static inline unsigned int cpumask_next(int n, const struct cpumask *mask)
{
	return find_next_bit(mask->bits, nr_cpumask_bits, n + 1);
}

/** The first CPU behind @p n that is missing, or @ref nr_cpu_ids. */
static inline unsigned int cpumask_next_zero(int n, const struct cpumask *mask)
{
	return find_next_zero_bit(mask->bits, nr_cpumask_bits, n + 1);
}

/** The first CPU behind @p n that is in both sets, or @ref nr_cpu_ids. */
unsigned int cpumask_next_and(int n, const struct cpumask *a, const struct cpumask *b);
/** Any CPU but @p cpu, or @ref nr_cpu_ids. */
unsigned int cpumask_any_but(const struct cpumask *mask, unsigned int cpu);

#define cpumask_any(mask)	cpumask_first(mask)	/**< some CPU of a set, or nr_cpu_ids */
#define cpumask_first_and(a, b)	cpumask_next_and(-1, (a), (b))	/**< first CPU in both, or nr_cpu_ids */
#define cpumask_any_and(a, b)	cpumask_first_and((a), (b))	/**< some CPU in both, or nr_cpu_ids */

/** Empty the set. */
static inline void cpumask_clear(struct cpumask *dst)
{
	bitmap_zero(dst->bits, nr_cpumask_bits);
}

/** Put every CPU into the set. */
static inline void cpumask_setall(struct cpumask *dst)
{
	bitmap_fill(dst->bits, nr_cpumask_bits);
}

/** Copy a set. */
static inline void cpumask_copy(struct cpumask *dst, const struct cpumask *src)
{
	bitmap_copy(dst->bits, src->bits, nr_cpumask_bits);
}

/** What is in both; whether anything is. */
static inline int cpumask_and(struct cpumask *dst, const struct cpumask *a,
			      const struct cpumask *b)
{
	return bitmap_and(dst->bits, a->bits, b->bits, nr_cpumask_bits);
}

/** What is in @p a but not in @p b; whether anything is. */
static inline int cpumask_andnot(struct cpumask *dst, const struct cpumask *a,
				 const struct cpumask *b)
{
	return bitmap_andnot(dst->bits, a->bits, b->bits, nr_cpumask_bits);
}

/** What is in either. */
static inline void cpumask_or(struct cpumask *dst, const struct cpumask *a,
			      const struct cpumask *b)
{
	bitmap_or(dst->bits, a->bits, b->bits, nr_cpumask_bits);
}

/** What is in exactly one. */
static inline void cpumask_xor(struct cpumask *dst, const struct cpumask *a,
			       const struct cpumask *b)
{
	bitmap_xor(dst->bits, a->bits, b->bits, nr_cpumask_bits);
}

/** What is not in @p src. */
static inline void cpumask_complement(struct cpumask *dst, const struct cpumask *src)
{
	bitmap_complement(dst->bits, src->bits, nr_cpumask_bits);
}

/** Whether the sets are the same. */
static inline bool cpumask_equal(const struct cpumask *a, const struct cpumask *b)
{
	return bitmap_equal(a->bits, b->bits, nr_cpumask_bits);
}

/** Whether the sets share a CPU. */
static inline bool cpumask_intersects(const struct cpumask *a, const struct cpumask *b)
{
	return bitmap_intersects(a->bits, b->bits, nr_cpumask_bits);
}

/** Whether all of @p a is in @p b. */
static inline int cpumask_subset(const struct cpumask *a, const struct cpumask *b)
{
	return bitmap_subset(a->bits, b->bits, nr_cpumask_bits);
}

/** Whether no CPU is in the set. */
static inline bool cpumask_empty(const struct cpumask *mask)
{
	return bitmap_empty(mask->bits, nr_cpumask_bits);
}

/** Whether every CPU is in the set. */
static inline bool cpumask_full(const struct cpumask *mask)
{
	return bitmap_full(mask->bits, nr_cpumask_bits);
}

/** CPUs in the set. */
static inline unsigned int cpumask_weight(const struct cpumask *mask)
{
	return bitmap_weight(mask->bits, nr_cpumask_bits);
}

/** Bytes of a set. */
static inline size_t cpumask_size(void)
{
	return sizeof(struct cpumask);
}

/** Walk over the CPUs of a set. */
#define for_each_cpu(cpu, mask)						\
	for ((cpu) = cpumask_first(mask); (int)(cpu) < nr_cpu_ids;	\
	     (cpu) = cpumask_next((cpu), (mask)))
/** Walk over the CPUs that are missing in a set. */
#define for_each_cpu_not(cpu, mask)					\
	for ((cpu) = cpumask_next_zero(-1, (mask)); (int)(cpu) < nr_cpu_ids; \
	     (cpu) = cpumask_next_zero((cpu), (mask)))
/** Walk over the CPUs that are in both sets. */
#define for_each_cpu_and(cpu, a, b)					\
	for ((cpu) = cpumask_next_and(-1, (a), (b)); (int)(cpu) < nr_cpu_ids; \
	     (cpu) = cpumask_next_and((cpu), (a), (b)))
#define for_each_possible_cpu(cpu) for_each_cpu((cpu), cpu_possible_mask) /**< walk over possible CPUs */
#define for_each_present_cpu(cpu) for_each_cpu((cpu), cpu_present_mask)	/**< walk over present CPUs */
#define for_each_online_cpu(cpu) for_each_cpu((cpu), cpu_online_mask)	/**< walk over online CPUs */

/* The spelling of 2.6.32 and before. */
#define for_each_cpu_mask(cpu, mask)	for_each_cpu((cpu), &(mask))	/**< for_each_cpu() of a set */
#define for_each_cpu_mask_nr(cpu, mask)	for_each_cpu((cpu), &(mask))	/**< for_each_cpu() of a set */
#define cpu_set(cpu, dst)	cpumask_set_cpu((cpu), &(dst))		/**< cpumask_set_cpu() */
#define cpu_clear(cpu, dst)	cpumask_clear_cpu((cpu), &(dst))	/**< cpumask_clear_cpu() */
#define cpu_isset(cpu, mask)	cpumask_test_cpu((cpu), &(mask))	/**< cpumask_test_cpu() */
#define cpus_clear(dst)		cpumask_clear(&(dst))			/**< cpumask_clear() */

#define num_possible_cpus()	cpumask_weight(cpu_possible_mask)	/**< how many possible CPUs */
#define num_present_cpus()	cpumask_weight(cpu_present_mask)	/**< how many present CPUs */
#define num_online_cpus()	cpumask_weight(cpu_online_mask)		/**< how many online CPUs */
#define num_active_cpus()	cpumask_weight(cpu_active_mask)		/**< how many active CPUs */
#define cpu_possible(cpu)	cpumask_test_cpu((cpu), cpu_possible_mask) /**< is @p cpu possible? */
#define cpu_present(cpu)	cpumask_test_cpu((cpu), cpu_present_mask) /**< is @p cpu present? */
#define cpu_online(cpu)		cpumask_test_cpu((cpu), cpu_online_mask) /**< is @p cpu online? */
#define cpu_active(cpu)		cpumask_test_cpu((cpu), cpu_active_mask) /**< is @p cpu active? */
#define cpu_is_offline(cpu)	(!cpu_online(cpu))			/**< is @p cpu not online? */

/** Make @p cpu possible or not. */
void set_cpu_possible(unsigned int cpu, bool possible);
/** Plug @p cpu in or out. */
void set_cpu_present(unsigned int cpu, bool present);
/** Note that @p cpu is up or down. */
void set_cpu_online(unsigned int cpu, bool online);
/** Note that @p cpu takes tasks or not. */
void set_cpu_active(unsigned int cpu, bool active);

/**
 * Make a set of unknown content.
 * @param mask where its address goes
 * @param flags GFP_*
 * @return whether there was memory
 */
bool alloc_cpumask_var(cpumask_var_t *mask, gfp_t flags);
/** alloc_cpumask_var() of an empty set. */
bool zalloc_cpumask_var(cpumask_var_t *mask, gfp_t flags);
/** alloc_cpumask_var() on a NUMA node. */
bool alloc_cpumask_var_node(cpumask_var_t *mask, gfp_t flags, int node);
/** zalloc_cpumask_var() on a NUMA node. */
bool zalloc_cpumask_var_node(cpumask_var_t *mask, gfp_t flags, int node);
/** Give a set back; NULL is fine. */
void free_cpumask_var(cpumask_var_t mask);

/** Write a set as hexadecimal words, see bitmap_scnprintf(). */
static inline int cpumask_scnprintf(char *buf, int len, const struct cpumask *src)
{
	return bitmap_scnprintf(buf, len, src->bits, nr_cpumask_bits);
}

/** Write a set as ranges: "0-3,7", see bitmap_scnlistprintf(). */
static inline int cpulist_scnprintf(char *buf, int len, const struct cpumask *src)
{
	return bitmap_scnlistprintf(buf, len, src->bits, nr_cpumask_bits);
}

/** Read what cpumask_scnprintf() writes; 0 or a negative error. */
int cpumask_parse(const char *buf, struct cpumask *dst);
/** Read what cpulist_scnprintf() writes; 0 or a negative error. */
int cpulist_parse(const char *buf, struct cpumask *dst);

#endif /* _LINUX_CPUMASK_H */
