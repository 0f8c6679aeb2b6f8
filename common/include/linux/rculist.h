/* SPDX-License-Identifier: GPL-2.0-only */
/**
 * @file
 * Lists that are read under rcu_read_lock() while somebody changes them.
 *
 * Writers exclude each other by a lock of their own, publish a link only when
 * it is complete, and leave the next pointer of what they take off as it is,
 * for the readers that stand on it; its memory stays until a grace period is
 * over. Mirrors include/linux/rculist.h of 3.18.
 */
#ifndef _LINUX_RCULIST_H
#define _LINUX_RCULIST_H

#include <linux/list.h>
#include <linux/rcupdate.h>

/** The next pointer as readers load it. */
#define list_next_rcu(list)	__atomic_load_n(&(list)->next, __ATOMIC_ACQUIRE)
/** The first pointer as readers load it. */
#define hlist_first_rcu(head)	__atomic_load_n(&(head)->first, __ATOMIC_ACQUIRE)
/** The next pointer of an hlist as readers load it. */
#define hlist_next_rcu(node)	__atomic_load_n(&(node)->next, __ATOMIC_ACQUIRE)

/** Put @p item between two neighbours, for readers to see it whole. */
static inline void __list_add_rcu(struct list_head *item, struct list_head *before,
				  struct list_head *after)
{
	__WRITE_ONCE(item->next, after);
	__WRITE_ONCE(item->prev, before);
	__atomic_store_n(&before->next, item, __ATOMIC_RELEASE);
	__WRITE_ONCE(after->prev, item);
}

/** list_add() under readers. */
static inline void list_add_rcu(struct list_head *item, struct list_head *head)
{
	__list_add_rcu(item, head, head->next);
}

/** list_add_tail() under readers. */
static inline void list_add_tail_rcu(struct list_head *item, struct list_head *head)
{
	__list_add_rcu(item, head->prev, head);
}

/** Take @p entry off under readers; free it after a grace period. */
static inline void list_del_rcu(struct list_head *entry)
{
	__list_del_entry(entry);
	__WRITE_ONCE(entry->prev, (struct list_head *)LIST_POISON2);
}

/** Put @p fresh in the place of @p old under readers. */
static inline void list_replace_rcu(struct list_head *old, struct list_head *fresh)
{
	__list_add_rcu(fresh, old->prev, old->next);
	__WRITE_ONCE(old->prev, (struct list_head *)LIST_POISON2);
}

/** The object of @p type whose @p member is the link @p ptr, as a reader loads it. */
#define list_entry_rcu(ptr, type, member) \
	container_of(__atomic_load_n(&(ptr), __ATOMIC_ACQUIRE), type, member)

/** First object, or NULL; one load, so that it cannot vanish in between. */
#define list_first_or_null_rcu(head, type, member) __extension__ ({		\
	struct list_head *__head = (head);					\
	struct list_head *__first = list_next_rcu(__head);			\
	__first != __head ? container_of(__first, type, member) : NULL;		\
})

/** Walk over the objects under rcu_read_lock(). */
#define list_for_each_entry_rcu(pos, head, member)				\
	for (pos = container_of(list_next_rcu(head), __typeof__(*pos), member);	\
	     !list_entry_is_head(pos, head, member);				\
	     pos = container_of(list_next_rcu(&(pos)->member), __typeof__(*pos), member))
/** Go on with the object behind @p pos. */
#define list_for_each_entry_continue_rcu(pos, head, member)			\
	for (pos = container_of(list_next_rcu(&(pos)->member), __typeof__(*pos), member); \
	     !list_entry_is_head(pos, head, member);				\
	     pos = container_of(list_next_rcu(&(pos)->member), __typeof__(*pos), member))

/** Make @p n the first of @p h under readers. */
static inline void hlist_add_head_rcu(struct hlist_node *n, struct hlist_head *h)
{
	struct hlist_node *after = h->first;

	n->next = after;
	n->pprev = &h->first;
	if (after)
		after->pprev = &n->next;
	__atomic_store_n(&h->first, n, __ATOMIC_RELEASE);
}

/** Take @p n off under readers; free it after a grace period. */
static inline void hlist_del_rcu(struct hlist_node *n)
{
	__hlist_del(n);
	n->pprev = LIST_POISON2;
}

/** hlist_del_rcu() if @p n is hashed at all; it counts as unhashed afterwards. */
static inline void hlist_del_init_rcu(struct hlist_node *n)
{
	if (hlist_unhashed(n))
		return;
	__hlist_del(n);
	n->pprev = NULL;
}

/** Walk over the objects of an hlist under rcu_read_lock(). */
#define hlist_for_each_entry_rcu(pos, head, member)				\
	for (pos = hlist_entry_safe(hlist_first_rcu(head), __typeof__(*(pos)), member); \
	     pos;								\
	     pos = hlist_entry_safe(hlist_next_rcu(&(pos)->member), __typeof__(*(pos)), member))

#endif /* _LINUX_RCULIST_H */
