/* SPDX-License-Identifier: GPL-2.0-only */
/**
 * @file
 * What a workqueue promises: the invariants, by name, and whether they hold.
 *
 * Each invariant has a name (C4), a title that says what a breach of it looks like,
 * and the sentence that a reader needs then.  The checks stand where the structures
 * are known: in the engines' check.c, and in common/api/check*.c for what shows in the
 * calls and executions alone.  A check that fails ends the run with
 * #VERDICT_INVARIANT.  docs/invariants.md lists all of them.
 *
 * A check tells two things apart: whether its situation occurred at all (an item was
 * queued twice, a worker fell asleep...) and whether the promise held in it.  Both are
 * counted, for as long as the process lives: an invariant whose situation never
 * occurred has not been tested.
 *
 * Goals are the opposite: situations that a search may look for.
 *
 * Plain C: both worlds include it.  Locks: the switches are set at boot.  The counters
 * are written by checks, which run one at a time: on the simulated machine one task
 * executes at a time, and on the native one nothing is checked but at quiet points.
 */
#ifndef WQLAB_INVARIANT_H
#define WQLAB_INVARIANT_H

#include <stdbool.h>
#include <stdint.h>

/** The invariants; the letter is the chapter. */
enum invariant_id {
	INV_A1, INV_A2, INV_A3, INV_A4, INV_A5, INV_A6, INV_A7,		/* a work item */
	INV_B1, INV_B3, INV_B4, INV_B5, INV_B6,				/* exclusion, order, place */
	INV_C1, INV_C2, INV_C3, INV_C4, INV_C5, INV_C6, INV_C7, INV_C8,	/* concurrency management */
	INV_D1, INV_D2, INV_D3, INV_D4, INV_D5,				/* a workqueue on a pool */
	INV_E1, INV_E2, INV_E3, INV_E4, INV_E5, INV_E6, INV_E7, INV_E8, INV_E9,	/* flush, cancel */
	INV_F1, INV_F2, INV_F3,						/* timers */
	INV_G1, INV_G2, INV_G3, INV_G4,					/* progress */
	INV_H1, INV_H2, INV_H3, INV_H4,					/* teardown */
	INV_I1, INV_I2, INV_I3, INV_I4,					/* discipline */
	INV_J1, INV_J2,							/* hotplug, freezer */
	INV_NR
};

/** Who sees to an invariant. */
enum invariant_by {
	INV_BY_CHECK,		/**< a check that counts, and that can be switched off */
	INV_BY_MACHINE,		/**< a verdict of the machine's, always */
	INV_BY_NOBODY,		/**< nobody yet: what it is about does not exist here, or is a lab's subject */
};

/** What is known of an invariant. */
struct invariant {
	const char *name;	/**< "C4" */
	const char *title;	/**< what a breach looks like: "no reserve worker" */
	const char *release;	/**< who promises: "both", "2.6.32" or "3.18" */
	const char *when;	/**< when it is looked at: P, R, Q, F, see docs/invariants.md */
	enum invariant_by by;	/**< who looks */
	const char *promise;	/**< what is promised and what a breach means */
};

/** How an invariant has fared; the counts live as long as the process. */
struct invariant_state {
	bool on;		/**< whether it is checked in this run */
	uint64_t checks;	/**< how often it was looked at */
	uint64_t met;		/**< how often its situation had really occurred */
};

/** Whether checks take place while tasks run: on the simulated machine, if any is wanted. */
extern bool invariants_on;
/** By id. */
extern struct invariant_state invariant_state[INV_NR];

/** @return what is known of invariant @p id; never NULL. @param id which */
const struct invariant *invariant_get(enum invariant_id id);
/** @return the invariant of that name, or INV_NR. @param name as printed */
enum invariant_id invariant_find(const char *name);

/**
 * Choose what is checked.
 * @param list NULL or "all"; "none"; or names, separated by commas ("C4,D1"; "C" is the
 *	whole chapter).  If the first one has a '-' in front, all but those.
 * @param set where to say it, or NULL to judge the list only
 * @return 0, or -1: mach_set_error() was told why
 */
int invariants_parse(const char *list, bool set[INV_NR]);

/**
 * A promise is broken: report it and end the run; does not return.
 * @param id which
 * @param object whose, by name
 * @param found the values that disagree
 */
void invariant_fail(enum invariant_id id, const char *object, const char *found)
	__attribute__((noreturn, cold));

/** The situations that a search may look for. */
enum goal_id {
	GOAL_B2,		/**< 2.6.32: an item executes on two CPUs at once */
	GOAL_LEFT_BEHIND,	/**< 2.6.32: an item is on the list of a thread that has been stopped */
	GOAL_COLLISION,		/**< 3.18: an item moves to the worker that executes it */
	GOAL_RESCUE,		/**< 3.18: a rescuer executes an item */
	GOAL_OVERFLOW,		/**< 3.18: a flusher finds all colours taken */
	GOAL_HELD_BACK,		/**< 3.18: max_active holds an item back */
	GOAL_BUSY_MANAGER,	/**< 3.18: a worker starts although none idles, since one is being made */
	GOAL_NR
};

/** What is known of a goal. */
struct goal {
	const char *name;	/**< "B2" */
	const char *release;	/**< where it can occur: "2.6.32" or "3.18" */
	const char *title;	/**< what occurs */
};

/**
 * Count in a counter that no lock guards: one task executes at a time, so nothing is
 * lost, and ThreadSanitizer is not to take it for a race.
 * @param n the counter
 */
static inline void check_count(uint64_t *n)
{
	__atomic_store_n(n, __atomic_load_n(n, __ATOMIC_RELAXED) + 1, __ATOMIC_RELAXED);
}

/** How often each goal was reached in this process. */
extern uint64_t goals_reached[GOAL_NR];
/** A goal is reached: count it, and end the run if it is the one wanted. @param id which */
void goal_reached(enum goal_id id);
/**
 * Want a goal.
 * @param name its name; NULL: none
 * @return 0, or -1 and a sentence for machine_error() if there is none of that name
 */
int goal_parse(const char *name);
/** @return what is known of goal @p id; never NULL. @param id which */
const struct goal *goal_get(enum goal_id id);
/** @return the goal of that name, or GOAL_NR. @param name as printed */
enum goal_id goal_find(const char *name);

#endif
