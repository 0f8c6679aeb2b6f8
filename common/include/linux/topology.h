/* SPDX-License-Identifier: GPL-2.0-only */
/**
 * @file
 * Which virtual CPU is on which NUMA node. CPUs are dealt in contiguous
 * blocks: 8 CPUs and 2 nodes make node 0 = CPUs 0-3, node 1 = CPUs 4-7.
 * Mirrors include/linux/topology.h of 3.18.
 */
#ifndef _LINUX_TOPOLOGY_H
#define _LINUX_TOPOLOGY_H

#include <linux/cpumask.h>
#include <linux/nodemask.h>
#include <linux/smp.h>

/** The node of a booted CPU. */
int cpu_to_node(int cpu);
/** The CPUs of a node, whether up or not; all possible ones for NUMA_NO_NODE. */
const struct cpumask *cpumask_of_node(int node);

/**
 * Say how large the machine is that boots, and deal its CPUs to the nodes. All
 * nodes are online at once; the CPUs become possible and so on by
 * set_cpu_possible() and its kin. Called once per boot, before anything else
 * of cpumask.h and nodemask.h; a reset of the arena undoes it.
 *
 * @param cpus how many virtual CPUs, 1 to NR_CPUS
 * @param nodes how many NUMA nodes, 1 to MAX_NUMNODES and at most @p cpus
 */
void topology_init(unsigned int cpus, unsigned int nodes);

#define numa_node_id()	cpu_to_node(raw_smp_processor_id())	/**< the node this task runs on */

#endif /* _LINUX_TOPOLOGY_H */
