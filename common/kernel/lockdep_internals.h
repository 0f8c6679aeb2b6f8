/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What lockdep.c knows, and lockdep_report.c prints.
 *
 * G: under the graph's lock (lockdep.c).  I: fixed when made.
 * After kernel/locking/lockdep_internals.h of 3.18.
 */
#ifndef LOCKDEP_INTERNALS_H
#define LOCKDEP_INTERNALS_H

#include <linux/lockdep.h>
#include <linux/sched.h>

/* How a class was seen to be used, with regard to timers. */
enum lock_usage {
	LOCK_USED_IN_SOFTIRQ,		/* taken by a timer function */
	LOCK_ENABLED_SOFTIRQ,		/* taken elsewhere, where a timer could hit */
	LOCK_USAGE_STATES
};

/* All locks of one key and subclass. */
struct lock_class {
	struct lock_class *hash_next;	/* G */
	const char *key;		/* I: the key's address, the subclass added */
	const char *name;		/* I: as its first lock was named; a copy */
	struct lock_list *after;	/* G: what was taken while one of it was held, latest first */
	const char *usage[LOCK_USAGE_STATES];	/* G: the function that first used it so, or NULL */
	unsigned int seen[2];		/* G: searches that came here, by a write and by a read */
	u16 id;				/* I: from 1, in the order of appearance */
	u8 subclass;			/* I */
};

/* A dependency: `to` was taken while one of the class that lists this was held. */
struct lock_list {
	struct lock_list *next;		/* G: of the same class */
	struct lock_class *to;		/* I */
	const char *from_func, *to_func;	/* I: where each was taken, when this was first seen */
	const char *by;			/* I: the item, or the task, that took them */
	bool by_item;			/* I */
	struct lock_list *parent;	/* G: in the last search: how we came to whose list this is in */
	struct lock_list *queued;	/* G: the next one to look behind */
	bool from_read, to_read;	/* I: for reading */
};

bool graph_lock(void);
void graph_unlock(void);
bool debug_locks_off(void);

/* lockdep_report.c: each prints, and nothing is validated from then on */
void print_circular_bug(struct task_struct *curr, const struct held_lock *prev,
			const struct held_lock *next, const struct lock_list *path);
void print_deadlock_bug(struct task_struct *curr, const struct held_lock *prev,
			const struct held_lock *next);
void print_usage_bug(struct task_struct *curr, const struct held_lock *next, enum lock_usage was);
void print_unlock_imbalance_bug(struct task_struct *curr, const struct lockdep_map *lock,
				const char *func);
void print_non_static_key(const struct lockdep_map *lock, const char *func);
void print_no_room(const char *what);

#endif
