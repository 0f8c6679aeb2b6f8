// SPDX-License-Identifier: GPL-2.0-only
/*
 * The lock validator: finds deadlocks that did not happen this time.
 *
 * Locks are sorted into classes, by the place that initialises them.  A class that
 * is taken while another is held depends on it:
 *
 *	first():  lock a, lock b	a -> b
 *	second(): lock b, lock c	b -> c
 *	third():  lock c, lock a	c -> a   closes a circle: reported here, though
 *					first() and second() may be long over
 *
 * So each dependency has to be seen once in a run, and not all of them at the same
 * time.  What is looked at when a lock is about to be taken:
 *
 *	is one of its class held already?			recursion
 *	is the dependency on what is held a new one, and
 *	is there a way from the new lock to the held one?	a circle
 *	is it taken in timers and where timers may hit?		on one CPU that is enough
 *
 * A lock taken by trylock cannot wait, so nothing leads to it; what is taken while it
 * is held depends on it as on any other.  A lock that is taken for reading (which only
 * workqueues are, in 3.18's way) waits for no other reader: a way that goes into a
 * class by a read and out of it from a read does not block.  The kernel knows this
 * since 5.10; before, it dropped what depends on a reader, and missed such circles.
 *
 * Known dependencies, nearly all in the long run, cost a look into `known`.  Classes
 * and dependencies are made in the arena when they are first seen, so what a boot has
 * to put back, and an exploration to copy, is the little of `graph` and what the run
 * really used.  Addresses are only looked up: what comes first, and what is printed,
 * goes by the order of events.
 *
 * Left out: interrupts switched on while a lock is held, locks that are used in timers
 * only by way of others, and locks freed while held.
 *
 * Locking: graph.busy guards everything marked G (lockdep_internals.h).  It is no
 * spinlock_t, for that would ask us; and on the simulated machine, where nobody
 * comes in between, and it must not look to ThreadSanitizer as if tasks synchronised
 * here, it is not taken at all.
 *
 * After kernel/locking/lockdep.c of 3.18.  Read next: lockdep_report.c.
 */
#include <linux/hash.h>
#include <linux/kernel.h>
#include <linux/mutex.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <wqlab/arena.h>
#include <wqlab/kallsyms.h>
#include <wqlab/objname.h>
#include <wqlab/race.h>

#include "lockdep_internals.h"

#define CLASS_HASH_BITS	6
#define KNOWN_BITS	7
#define MAX_CLASSES	((1 << 15) - 1)
#define FIRST_DEPTH	6
#define ROOM_STEP	2048		/* what is asked of the arena at a time */

int debug_locks;

static struct {
	bool busy;
	unsigned int nr_classes;
	unsigned int searches;
	char *room;			/* what is left of the last piece of arena */
	size_t room_left;
	struct lock_class *classes[1 << CLASS_HASH_BITS];
	u32 known[1 << KNOWN_BITS];	/* dependencies met before; a later one may take the place */
} graph;					/* G, all of it */

void lockdep_init(bool on)
{
	__WRITE_ONCE(debug_locks, on);
}

/* False: somebody else has switched the validator off meanwhile; then nothing is locked. */
bool graph_lock(void)
{
	if (!mach_points_on)
		while (__atomic_exchange_n(&graph.busy, true, __ATOMIC_ACQUIRE))
			mach_relax();
	race_ignore();
	if (likely(__READ_ONCE(debug_locks)))
		return true;
	graph_unlock();
	return false;
}

void graph_unlock(void)
{
	race_watch();
	if (!mach_points_on)
		__atomic_store_n(&graph.busy, false, __ATOMIC_RELEASE);
}

/* The first report is the last one; false: it is not the first.  Counts as a warning. */
bool debug_locks_off(void)
{
	if (!debug_locks)
		return false;
	__WRITE_ONCE(debug_locks, 0);
	mach_count_warning();
	return true;
}

/* ---- classes ---- */

static void *take_room(size_t size)
{
	void *p;

	size = ALIGN(size, sizeof(void *));
	if (size > graph.room_left) {
		graph.room_left = max_t(size_t, size, ROOM_STEP);
		graph.room = arena_alloc(graph.room_left, ARENA_ALIGN, 0);
		if (!graph.room) {
			graph.room_left = 0;
			print_no_room("memory");
			return NULL;
		}
	}
	p = graph.room;
	graph.room += size;
	graph.room_left -= size;
	return p;
}

/* An object that stays: a variable of the program, or its per-CPU copy. */
static bool static_obj(const void *obj)
{
	char buf[32];

	return (uintptr_t)obj - ARENA_HEAP >= ARENA_BASE + ARENA_SIZE - ARENA_HEAP &&
	       !mach_name_of_stack(obj, buf, sizeof(buf));
}

static struct lock_class *register_lock_class(const struct lockdep_map *lock, const char *key,
					      unsigned int subclass, const char *func)
{
	const char *name = lock->name ?: "?";
	size_t len = strlen(name) + 1;
	struct lock_class *class, **chain;
	char *copy;

	if (!lock->key && !static_obj(lock)) {
		print_non_static_key(lock, func);
		return NULL;
	}
	if (graph.nr_classes == MAX_CLASSES) {
		print_no_room("MAX_LOCKDEP_KEYS");
		return NULL;
	}
	class = take_room(sizeof(*class));
	copy = take_room(len);
	if (!class || !copy)
		return NULL;
	memcpy(copy, name, len);
	*class = (struct lock_class){
		.key = key, .name = copy, .id = ++graph.nr_classes, .subclass = subclass,
	};
	chain = &graph.classes[hash_ptr(key, CLASS_HASH_BITS)];
	class->hash_next = *chain;
	*chain = class;
	return class;
}

static struct lock_class *class_of(const struct lockdep_map *lock, unsigned int subclass,
				   const char *func)
{
	const char *key = (lock->key ? lock->key->subkeys : (const char *)lock) + subclass;
	struct lock_class *class = graph.classes[hash_ptr(key, CLASS_HASH_BITS)];

	while (class && class->key != key)
		class = class->hash_next;
	return likely(class) ? class : register_lock_class(lock, key, subclass, func);
}

/* ---- dependencies ---- */

/* Put what can be reached next on the queue; gives its new end. */
static struct lock_list **look_behind(struct lock_class *class, bool by_read,
				      struct lock_list *parent, struct lock_list **end)
{
	struct lock_list *e;

	for (e = class->after; e; e = e->next) {
		unsigned int *seen = e->to->seen;

		if (by_read && e->from_read)
			continue;	/* readers do not wait for readers */
		if (seen[0] == graph.searches || (e->to_read && seen[1] == graph.searches))
			continue;
		seen[e->to_read] = graph.searches;
		e->parent = parent;
		e->queued = NULL;
		*end = e;
		end = &e->queued;
	}
	return end;
}

/*
 * The shortest way from the lock that is to be taken to one that is held, or NULL.  The
 * way is the last dependency of it, the ones before by its `parent`.
 */
static const struct lock_list *find_way(const struct held_lock *from, const struct held_lock *to)
{
	struct lock_list *e = NULL, **end;

	graph.searches++;
	from->class->seen[from->read == 2] = graph.searches;
	end = look_behind(from->class, from->read == 2, NULL, &e);
	for (; e; e = e->queued) {
		if (e->to == to->class && !(e->to_read && to->read == 2))
			return e;
		end = look_behind(e->to, e->to_read, e, end);
	}
	return NULL;
}

static u32 dependency_id(const struct held_lock *prev, const struct held_lock *next)
{
	return (u32)prev->class->id << 17 | (u32)next->class->id << 2 |
	       (prev->read == 2) << 1 | (next->read == 2);
}

static bool is_listed(const struct held_lock *prev, const struct held_lock *next)
{
	const struct lock_list *e;

	for (e = prev->class->after; e; e = e->next)
		if (e->to == next->class && e->from_read == (prev->read == 2) &&
		    e->to_read == (next->read == 2))
			return true;
	return false;
}

/* Say who makes a dependency: the work item that runs, or the task.  False: no memory. */
static bool note_who(struct lock_list *e, const struct task_struct *curr)
{
	char *copy;

	e->by_item = curr->busy_wq && !curr->softirq_context;
	if (e->by_item) {
		e->by = wqlab_object_name(curr->busy_work) ?: kallsyms_lookup(curr->busy_func, NULL);
		return true;
	}
	copy = take_room(sizeof(curr->comm));
	if (copy)
		memcpy(copy, curr->comm, sizeof(curr->comm));
	e->by = copy;
	return copy;
}

/* False: a circle, or no memory; the validator is off. */
static bool check_prev_add(struct task_struct *curr, const struct held_lock *prev,
			   const struct held_lock *next)
{
	u32 id = dependency_id(prev, next);
	u32 *known = &graph.known[hash_32(id, KNOWN_BITS)];
	const struct lock_list *way;
	struct lock_list *e;

	if (likely(*known == id))
		return true;
	if (!is_listed(prev, next)) {
		way = find_way(next, prev);
		if (way) {
			print_circular_bug(curr, prev, next, way);
			return false;
		}
		e = take_room(sizeof(*e));
		if (!e)
			return false;
		*e = (struct lock_list){
			.next = prev->class->after, .to = next->class,
			.from_func = prev->func, .to_func = next->func,
			.from_read = prev->read == 2, .to_read = next->read == 2,
		};
		if (!note_who(e, curr))
			return false;
		prev->class->after = e;
	}
	*known = id;
	return true;
}

/*
 * What the lock depends on: the locks held, down to the first that was waited for and is
 * not only read, since it depends on those before it already.  A timer function does not
 * depend on what the task it interrupts holds.
 */
static bool check_prevs_add(struct task_struct *curr, const struct held_lock *next)
{
	int i;

	for (i = curr->lockdep_depth - 1; i >= 0; i--) {
		const struct held_lock *prev = &curr->held_locks[i];

		if (prev->irq_context != next->irq_context)
			break;
		if (!check_prev_add(curr, prev, next))
			return false;
		if (!prev->trylock && prev->read != 2)
			break;
	}
	return true;
}

static bool validate_chain(struct task_struct *curr, const struct held_lock *next)
{
	int i;

	if (next->trylock)
		return true;
	for (i = curr->lockdep_depth - 1; i >= 0; i--) {
		const struct held_lock *prev = &curr->held_locks[i];

		if (prev->class != next->class)
			continue;
		if (next->read == 2 && prev->read)
			return true;
		print_deadlock_bug(curr, prev, next);
		return false;
	}
	return check_prevs_add(curr, next);
}

/*
 * On the native machine a timer function never runs on top of a task that holds what it
 * wants, so nothing is to be learnt there.
 */
static bool mark_lock(struct task_struct *curr, const struct held_lock *next)
{
	enum lock_usage use;

	if (!mach_points_on)
		return true;
	if (next->irq_context) {
		if (next->trylock)
			return true;
		use = LOCK_USED_IN_SOFTIRQ;
	} else {
		if (irqs_disabled() || in_softirq())
			return true;
		use = LOCK_ENABLED_SOFTIRQ;
	}
	if (likely(next->class->usage[use]))
		return true;
	next->class->usage[use] = next->func;
	if (!next->class->usage[!use])
		return true;
	print_usage_bug(curr, next, !use);
	return false;
}

/* ---- taking and releasing ---- */

/* Most tasks hold few locks, so none begins with room for many. */
static bool more_room(struct task_struct *curr)
{
	size_t size = sizeof(*curr->held_locks), old = curr->lockdep_room;
	struct held_lock *more;

	if (old == MAX_LOCK_DEPTH) {
		print_no_room("MAX_LOCK_DEPTH");
		return false;
	}
	curr->lockdep_room = old ? min_t(int, 2 * old, MAX_LOCK_DEPTH) : FIRST_DEPTH;
	more = arena_alloc(curr->lockdep_room * size, ARENA_ALIGN, 0);
	if (!more) {
		print_no_room("memory");
		return false;
	}
	if (old) {
		memcpy(more, curr->held_locks, old * size);
		arena_free(curr->held_locks, 0);
	}
	curr->held_locks = more;
	return true;
}

/* The task is gone for good. */
void lockdep_free_task(struct task_struct *task)
{
	if (task->held_locks)
		arena_free(task->held_locks, 0);
}

void lock_acquire(struct lockdep_map *lock, unsigned int subclass, int trylock, int read,
		  const char *func)
{
	struct task_struct *curr = current;
	struct held_lock *next;

	if (!graph_lock())
		return;
	if (likely(curr->lockdep_depth < curr->lockdep_room) || more_room(curr)) {
		next = &curr->held_locks[curr->lockdep_depth];
		*next = (struct held_lock){
			.class = class_of(lock, subclass, func), .instance = lock, .func = func,
			.read = read, .trylock = trylock, .irq_context = curr->softirq_context > 0,
		};
		if (next->class && validate_chain(curr, next) && mark_lock(curr, next))
			curr->lockdep_depth++;
	}
	graph_unlock();
}

void lock_release(struct lockdep_map *lock, const char *func)
{
	struct task_struct *curr = current;
	int i = curr->lockdep_depth - 1;

	if (!graph_lock())
		return;
	while (i >= 0 && curr->held_locks[i].instance != lock)
		i--;
	if (i < 0) {
		print_unlock_imbalance_bug(curr, lock, func);
	} else {
		curr->lockdep_depth--;
		for (; i < curr->lockdep_depth; i++)
			curr->held_locks[i] = curr->held_locks[i + 1];
	}
	graph_unlock();
}

/* ---- lockdep_assert_held(): only current can make itself a holder, so its answer needs no lock ---- */

bool wqlab_spin_held(const struct spinlock *lock)
{
	return spin_is_held(lock);
}

bool wqlab_mutex_held(const struct mutex *lock)
{
	return __READ_ONCE(lock->owner) == current;
}
