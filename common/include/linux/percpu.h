/* SPDX-License-Identifier: GPL-2.0-only */
/**
 * @file
 * Per-CPU data (3.18: include/linux/percpu.h).
 *
 * Each booted CPU has a unit, one behind the other at equal distance; a per-CPU
 * variable's own address is only a place within a unit, and adding a CPU's
 * offset leads to that CPU's copy.  Static variables come first in a unit,
 * alloc_percpu() takes from the rest.
 *
 *	__start_wqlab_percpu      unit 0            unit 1
 *	| a | b |                 | a | b | ...   | a | b | ...
 *	  &b ---- + __per_cpu_offset(1) ----------------^
 */
#ifndef _LINUX_PERCPU_H
#define _LINUX_PERCPU_H

#include <linux/compiler.h>
#include <linux/smp.h>
#include <linux/types.h>

/** @cond */
#define PERCPU_SECTION __attribute__((section("wqlab_percpu"), used))
extern char __start_wqlab_percpu[], __stop_wqlab_percpu[];
extern unsigned long wqlab_percpu_base;		/* unit 0 minus __start_wqlab_percpu */
#define PERCPU_UNIT_SIZE	(1UL << 20)
void percpu_init(void);
void percpu_shutdown(void);
void *__alloc_percpu(size_t size, size_t align);
/** @endcond */

/** What leads from a per-CPU variable to a CPU's copy. @param cpu a possible CPU @return the distance */
static inline unsigned long __per_cpu_offset(unsigned int cpu)
{
	return wqlab_percpu_base + cpu * PERCPU_UNIT_SIZE;
}

/** Declare a per-CPU variable defined elsewhere. @param type its type @param name its name */
#define DECLARE_PER_CPU(type, name)	extern PERCPU_SECTION __typeof__(type) name
/**
 * Define a per-CPU variable; starts as zero or as initialised. @param type its type @param name its name
 *
 * With an alignment of its own: compilers differ in what they add otherwise, and a trace
 * shows where a variable lies in its unit.
 */
#define DEFINE_PER_CPU(type, name) \
	PERCPU_SECTION __typeof__(type) name __attribute__((aligned(16)))
/** The same with a cache line of its own. @param type its type @param name its name */
#define DEFINE_PER_CPU_SHARED_ALIGNED(type, name) \
	PERCPU_SECTION __typeof__(type) name __attribute__((aligned(64)))

/** A CPU's copy of what a per-CPU pointer stands for. @param ptr from alloc_percpu() or &variable @param cpu a possible CPU */
#define per_cpu_ptr(ptr, cpu) \
	((__typeof__(ptr))((unsigned long)(ptr) + __per_cpu_offset(cpu)))
#define this_cpu_ptr(ptr)	per_cpu_ptr(ptr, smp_processor_id())	/**< this CPU's copy */
#define raw_cpu_ptr(ptr)	per_cpu_ptr(ptr, raw_smp_processor_id())	/**< the same */
#define per_cpu(var, cpu)	(*per_cpu_ptr(&(var), cpu))		/**< a CPU's variable, as an lvalue */
#define this_cpu_read(var)	(*this_cpu_ptr(&(var)))			/**< this CPU's value */
#define this_cpu_write(var, v)	(*this_cpu_ptr(&(var)) = (v))		/**< set this CPU's value */
/** This CPU's variable, with preemption off. @param var the variable */
#define get_cpu_var(var)	(*({ preempt_disable(); this_cpu_ptr(&(var)); }))
/** Preemption back on. @param var the variable */
#define put_cpu_var(var)	do { (void)&(var); preempt_enable(); } while (0)

/** Zeroed per-CPU storage, cache-line aligned; NULL when the units are full. @param type of one copy */
#define alloc_percpu(type) \
	((__typeof__(type) *)__alloc_percpu(sizeof(type), __alignof__(type)))
/** Give per-CPU storage back. @param ptr from alloc_percpu(), or NULL */
void free_percpu(void *ptr);

#endif
