/* SPDX-License-Identifier: GPL-2.0-only */
/**
 * @file
 * Lists whose links are embedded in their elements: circular, doubly linked
 * (list_head) and, for hash buckets, anchored in a single pointer (hlist).
 *
 *      head <-> a <-> b <-> c <-> head          first -> a -> b -> NULL
 *
 * An empty list_head points to itself. The caller holds whatever lock guards
 * the list; only list_empty(), list_empty_careful() and hlist_empty() may look
 * without it, for which the pointers they read are stored as marked accesses.
 * None of this is a choice point: the lock around it is.
 *
 * Mirrors include/linux/list.h of 3.18. Read next: linux/rculist.h.
 */
#ifndef _LINUX_LIST_H
#define _LINUX_LIST_H

#include <linux/types.h>
#include <linux/stddef.h>
#include <linux/poison.h>
#include <linux/kernel.h>

/** Initial value of the empty list @p name. */
#define LIST_HEAD_INIT(name) { &(name), &(name) }

/** Define the empty list @p name. */
#define LIST_HEAD(name) struct list_head name = LIST_HEAD_INIT(name)

/** Make @p list empty, or a link that is on no list. */
static inline void INIT_LIST_HEAD(struct list_head *list)
{
	__WRITE_ONCE(list->next, list);
	__WRITE_ONCE(list->prev, list);
}

/** Put @p item between two neighbours. */
static inline void __list_add(struct list_head *item, struct list_head *before,
			      struct list_head *after)
{
	__WRITE_ONCE(item->prev, before);
	__WRITE_ONCE(item->next, after);
	__WRITE_ONCE(after->prev, item);
	__WRITE_ONCE(before->next, item);
}

/** Add @p item behind @p head: a stack's push. */
static inline void list_add(struct list_head *item, struct list_head *head)
{
	__list_add(item, head, head->next);
}

/** Add @p item before @p head, which is the list's end: a queue's put. */
static inline void list_add_tail(struct list_head *item, struct list_head *head)
{
	__list_add(item, head->prev, head);
}

/** Make two links neighbours. */
static inline void __list_del(struct list_head *before, struct list_head *after)
{
	__WRITE_ONCE(after->prev, before);
	__WRITE_ONCE(before->next, after);
}

/** Take @p entry off its list and leave its pointers as they are. */
static inline void __list_del_entry(struct list_head *entry)
{
	__list_del(entry->prev, entry->next);
}

/** Take @p entry off its list; it is not a valid link afterwards. */
static inline void list_del(struct list_head *entry)
{
	__list_del_entry(entry);
	__WRITE_ONCE(entry->next, (struct list_head *)LIST_POISON1);
	__WRITE_ONCE(entry->prev, (struct list_head *)LIST_POISON2);
}

/** Take @p entry off its list; it is an empty list afterwards. */
static inline void list_del_init(struct list_head *entry)
{
	__list_del_entry(entry);
	INIT_LIST_HEAD(entry);
}

/**
 * list_del_init() that pairs with list_empty_careful(): who finds @p entry empty
 * there also sees everything that was done before (5.7).
 */
static inline void list_del_init_careful(struct list_head *entry)
{
	__list_del_entry(entry);
	__WRITE_ONCE(entry->prev, entry);
	__atomic_store_n(&entry->next, entry, __ATOMIC_RELEASE);
}

/** Put @p fresh in the place of @p old. */
static inline void list_replace(struct list_head *old, struct list_head *fresh)
{
	__list_add(fresh, old->prev, old->next);
}

/** list_replace(), and @p old is an empty list afterwards. */
static inline void list_replace_init(struct list_head *old, struct list_head *fresh)
{
	list_replace(old, fresh);
	INIT_LIST_HEAD(old);
}

/** Take @p entry off its list and add it behind @p head. */
static inline void list_move(struct list_head *entry, struct list_head *head)
{
	__list_del_entry(entry);
	list_add(entry, head);
}

/** Take @p entry off its list and add it before @p head. */
static inline void list_move_tail(struct list_head *entry, struct list_head *head)
{
	__list_del_entry(entry);
	list_add_tail(entry, head);
}

/** Whether @p entry is the last on the list @p head. */
static inline int list_is_last(const struct list_head *entry,
			       const struct list_head *head)
{
	return entry->next == head;
}

/** Whether @p head is empty; a hint only, when the list's lock is not held. */
static inline int list_empty(const struct list_head *head)
{
	return __READ_ONCE(head->next) == head;
}

/**
 * Whether @p head is empty and nobody is half-way through taking it off.
 * Sound without the lock if list_del_init_careful() is the only thing others may
 * do to it; what they did before is then to be seen.
 */
static inline int list_empty_careful(const struct list_head *head)
{
	const struct list_head *first = __atomic_load_n(&head->next, __ATOMIC_ACQUIRE);

	return first == head && __READ_ONCE(head->prev) == first;
}

/** Whether the list has exactly one element. */
static inline int list_is_singular(const struct list_head *head)
{
	return !list_empty(head) && head->next == head->prev;
}

/** Move the first element to the end. */
static inline void list_rotate_left(struct list_head *head)
{
	if (!list_empty(head))
		list_move_tail(head->next, head);
}

/** Link the elements of @p list, not empty, between two neighbours. */
static inline void __list_splice(const struct list_head *list,
				 struct list_head *before, struct list_head *after)
{
	struct list_head *first = list->next, *last = list->prev;

	__WRITE_ONCE(first->prev, before);
	__WRITE_ONCE(before->next, first);
	__WRITE_ONCE(last->next, after);
	__WRITE_ONCE(after->prev, last);
}

/** Put the elements of @p list behind @p head; @p list is not valid afterwards. */
static inline void list_splice(const struct list_head *list, struct list_head *head)
{
	if (!list_empty(list))
		__list_splice(list, head, head->next);
}

/** Put the elements of @p list before @p head; @p list is not valid afterwards. */
static inline void list_splice_tail(struct list_head *list, struct list_head *head)
{
	if (!list_empty(list))
		__list_splice(list, head->prev, head);
}

/** list_splice(), and @p list is empty afterwards. */
static inline void list_splice_init(struct list_head *list, struct list_head *head)
{
	list_splice(list, head);
	INIT_LIST_HEAD(list);
}

/** list_splice_tail(), and @p list is empty afterwards. */
static inline void list_splice_tail_init(struct list_head *list,
					 struct list_head *head)
{
	list_splice_tail(list, head);
	INIT_LIST_HEAD(list);
}

/**
 * Move everything from the start of @p head up to and including @p entry to
 * @p list, whose old elements are lost; @p entry == @p head moves nothing.
 */
static inline void list_cut_position(struct list_head *list, struct list_head *head,
				     struct list_head *entry)
{
	struct list_head *rest = entry->next;

	INIT_LIST_HEAD(list);
	if (list_empty(head) || entry == head)
		return;
	__list_splice(&(struct list_head){ head->next, entry }, list, list);
	__list_del(head, rest);
}

/*
 * The link inside an object.  At the end of a walk the "object" is the head seen as
 * if it lay in one, which need not be aligned as an object is: so by distance, not by
 * member access.
 */
#define __list_link(pos, member) \
	((struct list_head *)((char *)(pos) + offsetof(__typeof__(*(pos)), member)))

/** The object of @p type whose @p member is the link @p ptr. */
#define list_entry(ptr, type, member) container_of(ptr, type, member)
/** First object on the list, which must not be empty. */
#define list_first_entry(ptr, type, member) list_entry((ptr)->next, type, member)
/** Last object on the list, which must not be empty. */
#define list_last_entry(ptr, type, member) list_entry((ptr)->prev, type, member)
/** First object on the list, or NULL. */
#define list_first_entry_or_null(ptr, type, member) \
	(list_empty(ptr) ? NULL : list_first_entry(ptr, type, member))
/** The object behind @p pos. */
#define list_next_entry(pos, member) \
	list_entry(__list_link(pos, member)->next, __typeof__(*(pos)), member)
/** The object before @p pos. */
#define list_prev_entry(pos, member) \
	list_entry(__list_link(pos, member)->prev, __typeof__(*(pos)), member)

/** Walk over the links of a list. */
#define list_for_each(pos, head) \
	for (pos = (head)->next; pos != (head); pos = pos->next)
/** list_for_each() from the end. */
#define list_for_each_prev(pos, head) \
	for (pos = (head)->prev; pos != (head); pos = pos->prev)
/** list_for_each() whose body may take @p pos off; @p n is a second cursor. */
#define list_for_each_safe(pos, n, head) \
	for (pos = (head)->next; n = pos->next, pos != (head); pos = n)
/** list_for_each_safe() from the end. */
#define list_for_each_prev_safe(pos, n, head) \
	for (pos = (head)->prev; n = pos->prev, pos != (head); pos = n)

/** Whether @p pos stands on the head, behind the last object. */
#define list_entry_is_head(pos, head, member) (__list_link(pos, member) == (head))

/** Walk over the objects of a list. */
#define list_for_each_entry(pos, head, member)					\
	for (pos = list_first_entry(head, __typeof__(*pos), member);		\
	     !list_entry_is_head(pos, head, member);				\
	     pos = list_next_entry(pos, member))
/** list_for_each_entry() from the end. */
#define list_for_each_entry_reverse(pos, head, member)				\
	for (pos = list_last_entry(head, __typeof__(*pos), member);		\
	     !list_entry_is_head(pos, head, member);				\
	     pos = list_prev_entry(pos, member))
/**
 * @p pos, or the head taken for an object: a start for the _continue form.
 * The head is hidden from a compiler that knows how little stands around it.
 */
#define list_prepare_entry(pos, head, member) __extension__ ({			\
	struct list_head *__start = (head);					\
	OPTIMIZER_HIDE_VAR(__start);						\
	(pos) ?: list_entry(__start, __typeof__(*pos), member);			\
})
/** Go on with the object behind @p pos. */
#define list_for_each_entry_continue(pos, head, member)				\
	for (pos = list_next_entry(pos, member);				\
	     !list_entry_is_head(pos, head, member);				\
	     pos = list_next_entry(pos, member))
/** Go on backwards with the object before @p pos. */
#define list_for_each_entry_continue_reverse(pos, head, member)			\
	for (pos = list_prev_entry(pos, member);				\
	     !list_entry_is_head(pos, head, member);				\
	     pos = list_prev_entry(pos, member))
/** Go on with @p pos itself. */
#define list_for_each_entry_from(pos, head, member) \
	for (; !list_entry_is_head(pos, head, member); pos = list_next_entry(pos, member))
/** list_for_each_entry() whose body may take @p pos off; @p n is a second cursor. */
#define list_for_each_entry_safe(pos, n, head, member)				\
	for (pos = list_first_entry(head, __typeof__(*pos), member);		\
	     n = list_next_entry(pos, member),					\
	     !list_entry_is_head(pos, head, member);				\
	     pos = n)
/** list_for_each_entry_safe() that goes on behind @p pos. */
#define list_for_each_entry_safe_continue(pos, n, head, member)			\
	for (pos = list_next_entry(pos, member);				\
	     n = list_next_entry(pos, member),					\
	     !list_entry_is_head(pos, head, member);				\
	     pos = n)
/** list_for_each_entry_safe() that goes on with @p pos itself. */
#define list_for_each_entry_safe_from(pos, n, head, member)			\
	for (; n = list_next_entry(pos, member),				\
	     !list_entry_is_head(pos, head, member);				\
	     pos = n)
/** list_for_each_entry_safe() from the end. */
#define list_for_each_entry_safe_reverse(pos, n, head, member)			\
	for (pos = list_last_entry(head, __typeof__(*pos), member);		\
	     n = list_prev_entry(pos, member),					\
	     !list_entry_is_head(pos, head, member);				\
	     pos = n)
/** Make @p n the second cursor again after the list's lock was dropped. */
#define list_safe_reset_next(pos, n, member) n = list_next_entry(pos, member)

#define HLIST_HEAD_INIT	{ .first = NULL }	/**< initial value of an empty hlist */
#define HLIST_HEAD(name) struct hlist_head name = HLIST_HEAD_INIT /**< define an empty hlist */
#define INIT_HLIST_HEAD(ptr) __WRITE_ONCE((ptr)->first, NULL)	/**< make an hlist empty */

/** Make @p n a link that is on no hlist. */
static inline void INIT_HLIST_NODE(struct hlist_node *n)
{
	n->next = NULL;
	n->pprev = NULL;
}

/** Whether @p n is on no hlist; not after hlist_del(). */
static inline int hlist_unhashed(const struct hlist_node *n)
{
	return !n->pprev;
}

/** Whether @p h has no element; a hint only without the list's lock. */
static inline int hlist_empty(const struct hlist_head *h)
{
	return !__READ_ONCE(h->first);
}

/** Take @p n off its hlist and leave its pointers as they are. */
static inline void __hlist_del(struct hlist_node *n)
{
	struct hlist_node *after = n->next;

	__WRITE_ONCE(*n->pprev, after);
	if (after)
		after->pprev = n->pprev;
}

/** Take @p n off its hlist; it is not a valid link afterwards. */
static inline void hlist_del(struct hlist_node *n)
{
	__hlist_del(n);
	n->next = LIST_POISON1;
	n->pprev = LIST_POISON2;
}

/** Take @p n off its hlist, if it is on one, and make it fit for another. */
static inline void hlist_del_init(struct hlist_node *n)
{
	if (hlist_unhashed(n))
		return;
	__hlist_del(n);
	INIT_HLIST_NODE(n);
}

/** Link @p n in where the pointer @p place stands. */
static inline void __hlist_link(struct hlist_node *n, struct hlist_node **place)
{
	struct hlist_node *after = *place;

	n->next = after;
	n->pprev = place;
	if (after)
		after->pprev = &n->next;
	__WRITE_ONCE(*place, n);
}

/** Make @p n the first of @p h. */
static inline void hlist_add_head(struct hlist_node *n, struct hlist_head *h)
{
	__hlist_link(n, &h->first);
}

/** Put @p n before @p next. */
static inline void hlist_add_before(struct hlist_node *n, struct hlist_node *next)
{
	__hlist_link(n, next->pprev);
}

/** Put @p n behind @p prev (named hlist_add_after() up to 3.16). */
static inline void hlist_add_behind(struct hlist_node *n, struct hlist_node *prev)
{
	__hlist_link(n, &prev->next);
}

/** Make @p n look hashed though it is on no list. */
static inline void hlist_add_fake(struct hlist_node *n)
{
	n->pprev = &n->next;
}

/** Give the elements of @p old to @p fresh, whose own are lost. */
static inline void hlist_move_list(struct hlist_head *old, struct hlist_head *fresh)
{
	fresh->first = old->first;
	if (fresh->first)
		fresh->first->pprev = &fresh->first;
	__WRITE_ONCE(old->first, NULL);
}

/** The object of @p type whose @p member is the link @p ptr. */
#define hlist_entry(ptr, type, member) container_of(ptr, type, member)
/** hlist_entry(), or NULL when @p ptr is. */
#define hlist_entry_safe(ptr, type, member) __extension__ ({			\
	__typeof__(ptr) __link = (ptr);						\
	__link ? hlist_entry(__link, type, member) : NULL;			\
})
/** Walk over the links of an hlist. */
#define hlist_for_each(pos, head) \
	for (pos = (head)->first; pos; pos = pos->next)
/** hlist_for_each() whose body may take @p pos off; @p n is a second cursor. */
#define hlist_for_each_safe(pos, n, head) \
	for (pos = (head)->first; pos && (n = pos->next, 1); pos = n)
/** Walk over the objects of an hlist (the form since 3.9, without a link cursor). */
#define hlist_for_each_entry(pos, head, member)					\
	for (pos = hlist_entry_safe((head)->first, __typeof__(*(pos)), member);	\
	     pos;								\
	     pos = hlist_entry_safe((pos)->member.next, __typeof__(*(pos)), member))
/** Go on with the object behind @p pos. */
#define hlist_for_each_entry_continue(pos, member)				\
	for (pos = hlist_entry_safe((pos)->member.next, __typeof__(*(pos)), member); \
	     pos;								\
	     pos = hlist_entry_safe((pos)->member.next, __typeof__(*(pos)), member))
/** Go on with @p pos itself. */
#define hlist_for_each_entry_from(pos, member)					\
	for (; pos;								\
	     pos = hlist_entry_safe((pos)->member.next, __typeof__(*(pos)), member))
/** hlist_for_each_entry() whose body may take @p pos off; @p n is a link. */
#define hlist_for_each_entry_safe(pos, n, head, member)				\
	for (pos = hlist_entry_safe((head)->first, __typeof__(*(pos)), member);	\
	     pos && (n = (pos)->member.next, 1);				\
	     pos = hlist_entry_safe(n, __typeof__(*(pos)), member))

#endif /* _LINUX_LIST_H */
