/* SPDX-License-Identifier: GPL-2.0-only */
/**
 * @file
 * How the kernel world checks invariants: the macro that states one, and what the
 * engines tell of each item, from which the promises of chapters A, B, E and F follow.
 *
 *	queue call			wins or loses
 *	  check_inserted()		linked, under the list's lock
 *	  check_cleared()		PENDING is clear: its run has begun
 *	    check_started()		its function is called
 *	    check_ended()		... and has returned
 *	cancel call
 *	  check_stolen()		unlinked, not to run
 *
 * On the simulated machine no choice point stands between such a step and the call that
 * tells of it, so what is checked is what everybody else may see.  On the native machine
 * each is one test of a flag.  None of them takes a lock or passes a choice point:
 * checking must not change what is checked.
 *
 * The rest of an engine's promises are checked by itself, when a lock is released
 * (spin_lock_guards()) and at quiet points (wq_engine.check_quiet).
 */
#ifndef WQLAB_CHECK_H
#define WQLAB_CHECK_H

#include <linux/compiler.h>
#include <linux/types.h>
#include <wqlab/invariant.h>
#include <wqlab/mach.h>

struct delayed_work;
struct work_struct;
struct workqueue_struct;

/**
 * State invariant @p id: whenever @p situation, then @p promise.  Between race_ignore() and
 * race_watch(): what it looks at is not the checker's to lock.
 * @param id its name
 * @param situation whether what it is about really occurs, for the counts
 * @param promise what must hold then
 * @param object a text: whose, by name
 * @param ... printk format and arguments: the values that disagree
 */
#define INVARIANT(id, situation, promise, object, ...) \
	INVARIANT_ID(INV_##id, situation, promise, object, __VA_ARGS__)
/** INVARIANT() with an enum invariant_id. */
#define INVARIANT_ID(id, situation, promise, object, ...)		\
	do {								\
		struct invariant_state *inv_state = &invariant_state[id]; \
									\
		if (!inv_state->on)					\
			break;						\
		check_count(&inv_state->checks);			\
		if (!(situation))					\
			break;						\
		check_count(&inv_state->met);				\
		if (unlikely(!(promise)))				\
			check_failed(id, object, __VA_ARGS__);		\
	} while (0)

/** A goal is reached. @param id its name without GOAL_ */
#define GOAL(id)							\
	do {								\
		if (unlikely(mach_points_on))				\
			goal_reached(GOAL_##id);			\
	} while (0)

/** End the run: a promise is broken. @param id which @param object whose @param fmt the values */
void check_failed(enum invariant_id id, const char *object, const char *fmt, ...)
	__printf(3, 4) __noreturn __cold;

/**
 * Is all that was asked for done?  Checks what holds when nothing moves any more: no
 * item is queued, runs or is being queued, flushed or cancelled.
 * Context: process, on both machines; the caller sees to it that it is so.
 */
void invariants_quiescent(void);

/** A name for an item in reports. @param work the item, which is there @return the name; overwritten by the next call */
const char *check_item_name(const struct work_struct *work);

/** What executes one item after another, in order: a thread's list, or an ordered workqueue. */
struct check_order {
	unsigned int last;	/**< the last insertion that was started */
	unsigned int executing;	/**< how many execute */
};

/** @cond */
void __check_init(const struct work_struct *work);
void __check_internal(struct work_struct *work);
void __check_inserted(struct work_struct *work, struct workqueue_struct *wq);
unsigned int __check_cleared(struct work_struct *work);
void __check_started(struct work_struct *work, unsigned int run, struct check_order *order, enum invariant_id id);
void __check_ended(struct work_struct *work, unsigned int run, struct check_order *order);
void __check_stolen(struct work_struct *work);
void __check_lost(struct work_struct *work);
void __check_merged(struct work_struct *work);
void __check_handed_over(struct work_struct *work, int pid);

enum api_kind {
	API_QUEUE, API_MOD, API_CANCEL, API_CANCEL_SYNC, API_FLUSH_WORK, API_FLUSH_DELAYED,
	API_FLUSH, API_DRAIN, API_DESTROY,
};

struct note;

/* One call of the public face (API_CALL()), on its caller's stack. */
struct api_call {
	enum api_kind kind;
	struct note *note;
	struct work_struct *work;
	struct delayed_work *dwork;		/* NULL: there is no timer */
	struct workqueue_struct *wq;
	unsigned int birth;			/* of the note */
	unsigned int seq;			/* insertions so far */
	unsigned int last;			/* the item's last one */
	unsigned int nr;			/* of the calls about this item */
	unsigned int op, clears, wins, starts, idles, cancels;
	unsigned int in_use;			/* how many items of the workqueue were, at the beginning */
	int balance;
	bool idle, alone, cancelled;
	unsigned long begun, delay;		/* jiffies */
};

void __api_begin(struct api_call *call, enum api_kind kind, struct workqueue_struct *wq,
		 struct work_struct *work, struct delayed_work *dwork, unsigned long delay);
void __api_end(struct api_call *call, bool result);
/** @endcond */

/** An item is made (again): what was known of it is void. @param work the item */
static inline void check_init(const struct work_struct *work)
{
	if (unlikely(invariants_on))
		__check_init(work);
}

/** The engine is about to queue an item of its own, not through the public face. @param work the item */
static inline void check_internal(struct work_struct *work)
{
	if (unlikely(invariants_on))
		__check_internal(work);
}

/** An item is linked, by the owner of PENDING.  Under the list's lock. @param work the item @param wq where */
static inline void check_inserted(struct work_struct *work, struct workqueue_struct *wq)
{
	if (unlikely(invariants_on))
		__check_inserted(work, wq);
}

/** PENDING was cleared this instant, to execute the item. @param work the item @return to be handed to the next two */
static inline unsigned int check_cleared(struct work_struct *work)
{
	return unlikely(invariants_on) ? __check_cleared(work) : 0;
}

/**
 * The item's function is called.
 * @param work the item
 * @param run what check_cleared() gave; 0 for a barrier
 * @param order what executes in order, or NULL
 * @param id the invariant that says so
 */
static inline void check_started(struct work_struct *work, unsigned int run, struct check_order *order,
				 enum invariant_id id)
{
	if (unlikely(invariants_on))
		__check_started(work, run, order, id);
}

/** The item's function has returned; the item may be gone. @param work what it was @param run as before @param order as before */
static inline void check_ended(struct work_struct *work, unsigned int run, struct check_order *order)
{
	if (unlikely(invariants_on))
		__check_ended(work, run, order);
}

/** An item is unlinked, not to be executed. @param work the item */
static inline void check_stolen(struct work_struct *work)
{
	if (unlikely(invariants_on))
		__check_stolen(work);
}

/** A hole of the release: the item will not run although its queue call won. @param work the item */
static inline void check_lost(struct work_struct *work)
{
	if (unlikely(invariants_on))
		__check_lost(work);
}

/** Two queueings that won have become one, as the release has it. @param work the item */
static inline void check_merged(struct work_struct *work)
{
	if (unlikely(invariants_on))
		__check_merged(work);
}

/** An item goes to the worker that executes it already, and will run there next. @param work the item @param pid the worker's */
static inline void check_handed_over(struct work_struct *work, int pid)
{
	if (unlikely(invariants_on))
		__check_handed_over(work, pid);
}

/**
 * A call of the public face: what the engine gives, noted at its beginning and its end if
 * anything is checked.
 * @param kind enum api_kind
 * @param wq its workqueue, or NULL
 * @param work its item, or NULL
 * @param dwork the same with its timer, or NULL
 * @param delay in jiffies, or 0
 * @param call the call to the engine; evaluated once
 */
#define API_CALL(kind, wq, work, dwork, delay, call) __extension__ ({	\
	bool api_result;						\
									\
	if (likely(!invariants_on)) {					\
		api_result = (call);					\
	} else {							\
		struct api_call api_call;				\
									\
		__api_begin(&api_call, kind, wq, work, dwork, delay);	\
		api_result = (call);					\
		__api_end(&api_call, api_result);			\
	}								\
	api_result;							\
})

#endif
