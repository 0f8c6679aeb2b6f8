/* SPDX-License-Identifier: GPL-2.0-only */
/**
 * @file
 * Hash tables of fixed size: an array of 2^bits hlist heads. The caller holds
 * the table's lock; the _rcu forms are for readers under rcu_read_lock().
 * Mirrors include/linux/hashtable.h of 3.18.
 */
#ifndef _LINUX_HASHTABLE_H
#define _LINUX_HASHTABLE_H

#include <linux/hash.h>
#include <linux/list.h>
#include <linux/rculist.h>

/** Define an empty table of 2^@p bits buckets. */
#define DEFINE_HASHTABLE(name, bits) struct hlist_head name[1 << (bits)]
/** Declare a table of 2^@p bits buckets, e.g. in a struct; then hash_init(). */
#define DECLARE_HASHTABLE(name, bits) struct hlist_head name[1 << (bits)]

#define HASH_SIZE(name)	ARRAY_SIZE(name)	/**< buckets of a table */
#define HASH_BITS(name)	ilog2(HASH_SIZE(name))	/**< their logarithm */
/** Hash a number of up to 32 or of 64 bits. */
#define hash_min(val, bits) \
	(sizeof(val) <= 4 ? hash_32((val), (bits)) : hash_64((val), (bits)))

/** Empty @p sz buckets. */
static inline void __hash_init(struct hlist_head *ht, unsigned int sz)
{
	while (sz)
		INIT_HLIST_HEAD(&ht[--sz]);
}

/** Whether @p sz buckets are all empty. */
static inline bool __hash_empty(struct hlist_head *ht, unsigned int sz)
{
	while (sz && hlist_empty(&ht[sz - 1]))
		sz--;
	return !sz;
}

#define hash_init(table)	__hash_init(table, HASH_SIZE(table))	/**< empty a table */
#define hash_empty(table)	__hash_empty(table, HASH_SIZE(table))	/**< is nothing in it? */
/** The bucket of @p key. */
#define hash_bucket(table, key) (&(table)[hash_min(key, HASH_BITS(table))])
/** Add @p node under @p key, first in its bucket. */
#define hash_add(table, node, key) hlist_add_head((node), hash_bucket(table, key))
/** hash_add() under readers. */
#define hash_add_rcu(table, node, key) hlist_add_head_rcu((node), hash_bucket(table, key))

/** Whether @p node is in a table. */
static inline bool hash_hashed(struct hlist_node *node)
{
	return !hlist_unhashed(node);
}

/** Take @p node out of its table. */
static inline void hash_del(struct hlist_node *node)
{
	hlist_del_init(node);
}

/** hash_del() under readers. */
static inline void hash_del_rcu(struct hlist_node *node)
{
	hlist_del_init_rcu(node);
}

/** Walk over a table. A break leaves it, because @p obj is then not NULL. */
#define hash_for_each(name, bkt, obj, member)				\
	for ((bkt) = 0, (obj) = NULL;					\
	     !(obj) && (size_t)(bkt) < HASH_SIZE(name); (bkt)++)	\
		hlist_for_each_entry(obj, &(name)[bkt], member)
/** hash_for_each() whose body may take @p obj out; @p tmp is a link. */
#define hash_for_each_safe(name, bkt, tmp, obj, member)			\
	for ((bkt) = 0, (obj) = NULL;					\
	     !(obj) && (size_t)(bkt) < HASH_SIZE(name); (bkt)++)	\
		hlist_for_each_entry_safe(obj, tmp, &(name)[bkt], member)
/** hash_for_each() under rcu_read_lock(). */
#define hash_for_each_rcu(name, bkt, obj, member)			\
	for ((bkt) = 0, (obj) = NULL;					\
	     !(obj) && (size_t)(bkt) < HASH_SIZE(name); (bkt)++)	\
		hlist_for_each_entry_rcu(obj, &(name)[bkt], member)
/** Walk over the objects that may have @p key: the body compares. */
#define hash_for_each_possible(name, obj, member, key) \
	hlist_for_each_entry(obj, hash_bucket(name, key), member)
/** hash_for_each_possible() whose body may take @p obj out; @p tmp is a link. */
#define hash_for_each_possible_safe(name, obj, tmp, member, key) \
	hlist_for_each_entry_safe(obj, tmp, hash_bucket(name, key), member)
/** hash_for_each_possible() under rcu_read_lock(). */
#define hash_for_each_possible_rcu(name, obj, member, key) \
	hlist_for_each_entry_rcu(obj, hash_bucket(name, key), member)

#endif /* _LINUX_HASHTABLE_H */
