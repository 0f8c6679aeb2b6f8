/* SPDX-License-Identifier: GPL-2.0-only */
/**
 * @file
 * Sets of NUMA nodes. All nodes of a machine are possible and online from boot
 * on. Mirrors include/linux/nodemask.h and numa.h of 3.18.
 */
#ifndef _LINUX_NODEMASK_H
#define _LINUX_NODEMASK_H

#include <linux/kernel.h>
#include <linux/bitmap.h>

#define MAX_NUMNODES	MACHINE_MAX_NODES	/**< most nodes of any machine */
#define NUMA_NO_NODE	(-1)			/**< any node will do */

/** A set of nodes. */
typedef struct {
	DECLARE_BITMAP(bits, MAX_NUMNODES);	/**< bit n: node n */
} nodemask_t;

/** Nodes of this machine; their numbers are 0 to this less one. */
extern int nr_node_ids;
extern nodemask_t node_possible_map;	/**< nodes there could be */
extern nodemask_t node_online_map;	/**< nodes that are there */
#define nr_online_nodes	nr_node_ids	/**< nodes that are there */

#define NODE_MASK_NONE (nodemask_t){ { 0 } }	/**< an empty set */
#define node_set(node, dst)	set_bit((node), (dst).bits)		/**< add a node */
#define node_clear(node, dst)	clear_bit((node), (dst).bits)		/**< remove a node */
#define node_isset(node, mask)	__test_bit((node), (mask).bits)		/**< is it in? */
#define nodes_clear(dst)	bitmap_zero((dst).bits, MAX_NUMNODES)	/**< empty the set */
#define nodes_weight(mask)	bitmap_weight((mask).bits, MAX_NUMNODES) /**< how many are in */
#define nodes_empty(mask)	bitmap_empty((mask).bits, MAX_NUMNODES)	/**< is none in? */
/** First node of a set, or MAX_NUMNODES. */
#define first_node(mask) ((int)find_first_bit((mask).bits, MAX_NUMNODES))
/** First node behind @p n, or MAX_NUMNODES. */
#define next_node(n, mask) ((int)find_next_bit((mask).bits, MAX_NUMNODES, (n) + 1))

/** Walk over a set. */
#define for_each_node_mask(node, mask)				\
	for ((node) = first_node(mask); (node) < MAX_NUMNODES;	\
	     (node) = next_node((node), (mask)))
#define for_each_node(node)	for_each_node_mask((node), node_possible_map) /**< walk over possible nodes */
#define for_each_online_node(node) for_each_node_mask((node), node_online_map) /**< walk over online nodes */
#define num_possible_nodes()	nodes_weight(node_possible_map)		/**< how many could be there */
#define num_online_nodes()	nodes_weight(node_online_map)		/**< how many are there */
#define node_possible(node)	node_isset((node), node_possible_map)	/**< could it be there? */
#define node_online(node)	node_isset((node), node_online_map)	/**< is it there? */
#define first_online_node	first_node(node_online_map)		/**< lowest one there is */

#endif /* _LINUX_NODEMASK_H */
