/* SPDX-License-Identifier: GPL-2.0-only */
/**
 * @file
 * A scenario as the parser leaves it: what machine, what objects, which steps,
 * what happens from outside and when.
 *
 * The parser (scenario-*.c) makes it from a text file, the player (player*.c)
 * plays it, the views read names and notes from it.  It is read-only once it
 * has been made: every name is resolved, every range written out, every number
 * checked.  Plain C: both worlds include it.
 */
#ifndef WQLAB_SCENARIO_H
#define WQLAB_SCENARIO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Room for a name with its NUL: what the kernel gives a workqueue's name. */
#define SCENARIO_NAME_LEN	24
/** Largest file that is read, in bytes. */
#define SCENARIO_MAX_BYTES	(1u << 20)
/** Longest line that is read, in bytes. */
#define SCENARIO_MAX_LINE	4096
/** Most objects of one kind (workqueues, items, tasks, events, mutexes). */
#define SCENARIO_MAX_OBJECTS	10000
/** Most names that all lists together may come to once ranges are written out. */
#define SCENARIO_MAX_REFS	1000000
/** Items that are scheduled on each CPU. */
#define SCENARIO_MAX_EACH	64
/** Longest title, note or said text, in bytes. */
#define SCENARIO_MAX_TEXT	1000
/** Longest duration: a million seconds. */
#define SCENARIO_MAX_NS		1000000000000000ull
/** Most mistakes that are collected before reading is given up. */
#define SCENARIO_MAX_ERRORS	10
/** In a `cpu` field: none was named. */
#define SCENARIO_ANY_CPU	(-1)
/** Index of the system workqueue "events", which needs no declaration. */
#define SCENARIO_EVENTS		0

/** Where something stands in the file. */
struct scenario_place {
	uint32_t line;		/**< from 1 */
	uint32_t col;		/**< in characters, from 1 */
};

/** What a name stands for; all kinds share one space of names. */
enum scenario_kind {
	SCENARIO_WORKQUEUE,	/**< index into scenario.workqueues */
	SCENARIO_WORK,		/**< index into scenario.works */
	SCENARIO_TASK,		/**< index into scenario.tasks */
	SCENARIO_EVENT,		/**< index into scenario.events */
	SCENARIO_MUTEX,		/**< index into scenario.mutexes */
	SCENARIO_KINDS
};

/** A resolved name. */
struct scenario_ref {
	enum scenario_kind kind;	/**< in which array */
	uint32_t index;			/**< where in it */
};

/** By which call a workqueue is made. */
enum scenario_wq_kind {
	SCENARIO_WQ_ALLOC,		/**< alloc_workqueue(name, flags, max_active) */
	SCENARIO_WQ_CREATE,		/**< create_workqueue(name) */
	SCENARIO_WQ_SINGLETHREAD,	/**< create_singlethread_workqueue(name) */
	SCENARIO_WQ_FREEZEABLE,		/**< create_freezeable_workqueue(name) */
	SCENARIO_WQ_RT,			/**< create_rt_workqueue(name) */
	SCENARIO_WQ_ORDERED,		/**< alloc_ordered_workqueue(name, flags) */
	SCENARIO_WQ_SYSTEM		/**< "events": there from boot */
};

/** Flags of alloc_workqueue(), with the kernel's values. */
enum scenario_wq_flag {
	SCENARIO_WQ_UNBOUND = 1 << 1,		/**< WQ_UNBOUND */
	SCENARIO_WQ_FREEZABLE = 1 << 2,		/**< WQ_FREEZABLE */
	SCENARIO_WQ_MEM_RECLAIM = 1 << 3,	/**< WQ_MEM_RECLAIM */
	SCENARIO_WQ_HIGHPRI = 1 << 4,		/**< WQ_HIGHPRI */
	SCENARIO_WQ_CPU_INTENSIVE = 1 << 5,	/**< WQ_CPU_INTENSIVE */
	SCENARIO_WQ_SYSFS = 1 << 6,		/**< WQ_SYSFS */
	SCENARIO_WQ_POWER_EFFICIENT = 1 << 7	/**< WQ_POWER_EFFICIENT */
};

/** What one step does.  Behind each: the fields of struct scenario_step it uses. */
enum scenario_op {
	SCENARIO_BURN,		/**< occupy the CPU for ns */
	SCENARIO_SLEEP,		/**< sleep for exactly ns */
	SCENARIO_WAIT,		/**< wait for the events in refs, one after another */
	SCENARIO_SIGNAL,	/**< signal the events in refs; they stay signalled */
	SCENARIO_LOCK,		/**< lock the mutexes in refs */
	SCENARIO_UNLOCK,	/**< unlock the mutexes in refs */
	SCENARIO_QUEUE,		/**< queue the items in refs on the workqueues in on, [cpu], [after ns] */
	SCENARIO_REQUEUE,	/**< the item itself, where it was queued; [after ns], [times] */
	SCENARIO_CANCEL,	/**< cancel the items in refs and wait for those running */
	SCENARIO_FLUSH,		/**< flush what is in refs: items and workqueues */
	SCENARIO_YIELD,		/**< let others of the same priority run */
	SCENARIO_SAY,		/**< print text */
	SCENARIO_MAX_ACTIVE,	/**< set max_active of the workqueues in refs to number; outside only */
	SCENARIO_FAIL_THREADS,	/**< thread creation fails from now on if number is 1; outside only */
	SCENARIO_EACH_CPU,	/**< schedule_on_each_cpu() with the steps of the items in refs */
	SCENARIO_DESTROY,	/**< destroy the workqueues in refs; outside only */
	SCENARIO_CPU,		/**< take cpu up if number is 1, down if it is 0; outside only */
	SCENARIO_FREEZE,	/**< freeze what can be frozen; outside only */
	SCENARIO_THAW,		/**< let it go on; outside only */
	SCENARIO_DRAIN,		/**< drain the workqueues in refs; not in items */
	SCENARIO_ECHO,		/**< write text to the file path of sysfs; outside only */
	SCENARIO_CAT,		/**< read the file path of sysfs; outside only */
	SCENARIO_START,		/**< start the tasks in refs; stands in the timeline for each `task` line */
	SCENARIO_OPS
};

/** One step. */
struct scenario_step {
	enum scenario_op op;			/**< what to do */
	struct scenario_place place;		/**< where it stands */
	const char *source;			/**< the step as written, blanks tidied: "queue w0 on q0" */
	uint64_t ns;				/**< a duration; of queue and requeue: the delay */
	bool delayed;				/**< queue, requeue: `after` was given (even of 0) */
	const struct scenario_ref *refs;	/**< the names listed, ranges written out */
	uint32_t nr_refs;			/**< how many */
	const uint32_t *on;			/**< queue: the workqueue of each item, nr_refs of them */
	int32_t cpu;				/**< queue, cpu: the CPU named, or #SCENARIO_ANY_CPU */
	struct scenario_place cpu_place;	/**< where that CPU's number stands */
	uint32_t times;				/**< requeue: at most so often; 0 is for ever */
	int32_t number;				/**< see enum scenario_op */
	const char *text;			/**< say, echo: what; else NULL */
	const char *path;			/**< echo, cat: which file of sysfs; else NULL */
};

/** Steps in a row; items declared together share one list. */
struct scenario_steps {
	const struct scenario_step *list;	/**< the first */
	uint32_t nr;				/**< how many */
};

/** A workqueue. */
struct scenario_workqueue {
	char name[SCENARIO_NAME_LEN];	/**< its name */
	struct scenario_place place;	/**< where it is declared; line 0: built in */
	enum scenario_wq_kind kind;	/**< which call makes it */
	unsigned int flags;		/**< enum scenario_wq_flag, or-ed */
	int max_active;			/**< as given; 0 is the default of the call */
	const char *engine;		/**< on which engine, or NULL: the one in charge */
};

/** A work item. */
struct scenario_work {
	char name[SCENARIO_NAME_LEN];	/**< its name */
	struct scenario_place place;	/**< where it is declared */
	struct scenario_steps steps;	/**< what its function does */
	bool delayed;			/**< some step or event queues it with a delay */
	uint32_t each;			/**< its number among those scheduled on each CPU, from 1; 0: it is none */
};

/** A process of its own. */
struct scenario_task {
	char name[SCENARIO_NAME_LEN];	/**< its name; as a thread's name it is cut after 15 characters */
	struct scenario_place place;	/**< where it is declared */
	int32_t cpu;			/**< bound to this CPU, or #SCENARIO_ANY_CPU */
	struct scenario_place cpu_place;	/**< where that CPU's number stands */
	uint64_t start_ns;		/**< when it starts */
	struct scenario_steps steps;	/**< what it does */
};

/** An event or a mutex: a name is all there is to it. */
struct scenario_named {
	char name[SCENARIO_NAME_LEN];	/**< its name */
	struct scenario_place place;	/**< where it is declared */
};

/** What happens from outside at one instant. */
struct scenario_at {
	uint64_t ns;			/**< when, from the start of the scenario */
	struct scenario_place place;	/**< where it stands */
	int32_t cpu;			/**< on which CPU the outside acts, or #SCENARIO_ANY_CPU (CPU 0) */
	struct scenario_place cpu_place;	/**< where that CPU's number stands */
	struct scenario_steps steps;	/**< what */
};

/**
 * What became of an item in the run that was played last, counted up to `end at`.  A queueing
 * counts if it was accepted, even if the item was dropped then and nobody will ever run it.
 */
struct scenario_tally {
	uint32_t queued;	/**< how often it was queued */
	uint32_t started;	/**< how often its function was called for it */
	uint32_t finished;	/**< how often that returned */
	uint32_t cancelled;	/**< how often it was taken back before its start */
};

/** A whole scenario. */
struct scenario {
	const char *file;		/**< the name given to the parser */
	const char *title;		/**< `scenario "..."`; never NULL */
	const char *const *notes;	/**< the notes, in order */
	uint32_t nr_notes;		/**< how many */

	const char *cmdline;		/**< `cmdline "..."`: the kernel's command line, or NULL */
	uint32_t cpus;			/**< virtual CPUs; 1 unless said */
	uint32_t online;		/**< of these, up after boot; 0: all */
	uint32_t nodes;			/**< NUMA nodes; 0: not said */
	uint32_t hz;			/**< ticks a second; 0: not said */
	bool has_seed;			/**< `seed` was given */
	uint64_t seed;			/**< its value */
	uint64_t slice_ns;		/**< time slice; 0: run to completion */
	uint64_t switch_ns;		/**< `cost switch` */
	uint64_t wake_ns;		/**< `cost wake` */
	uint64_t create_ns;		/**< `cost create` */
	bool uses_events;		/**< some step names the system workqueue "events" */
	bool has_end;			/**< `end at` was given */
	uint64_t end_ns;		/**< its value */

	const struct scenario_workqueue *workqueues;	/**< [0] is always "events" */
	uint32_t nr_workqueues;				/**< how many, "events" included */
	const struct scenario_work *works;		/**< items, in order of declaration */
	uint32_t nr_works;				/**< how many */
	const struct scenario_task *tasks;		/**< tasks, in order of declaration */
	uint32_t nr_tasks;				/**< how many */
	const struct scenario_named *events;		/**< events */
	uint32_t nr_events;				/**< how many */
	const struct scenario_named *mutexes;		/**< mutexes */
	uint32_t nr_mutexes;				/**< how many */
	const struct scenario_at *timeline;		/**< by time; equal times as written */
	uint32_t nr_timeline;				/**< how many */

	struct scenario_tally *tally;	/**< as works: the player's to write, with atomics */

	void *store;			/**< the memory all of it lives in; the parser's own */
};

/** One mistake, ready to print. */
struct scenario_error {
	struct scenario_place place;	/**< where; line 0: the file as a whole */
	char text[512];			/**< "file:line:col: what was found, what was expected" */
};

/** The mistakes found, in the order of the file. */
struct scenario_errors {
	unsigned int nr;					/**< how many */
	struct scenario_error list[SCENARIO_MAX_ERRORS];	/**< they */
};

/**
 * Read a scenario from memory.
 * @param name what to call the text in messages
 * @param text the text; it need not end in NUL or newline
 * @param len its length in bytes
 * @param errs gets the mistakes; emptied first
 * @return the scenario, to be given to scenario_free(); NULL if there were mistakes
 */
struct scenario *scenario_parse(const char *name, const char *text, size_t len,
				struct scenario_errors *errs);

/**
 * Read a scenario from a file.
 * @param path the file; "-" is standard input
 * @param errs gets the mistakes, a file that cannot be read among them; emptied first
 * @return as scenario_parse()
 */
struct scenario *scenario_load(const char *path, struct scenario_errors *errs);

/**
 * Ask whether a scenario can be played on a machine of another size than it says.
 * @param sc the scenario
 * @param cpus virtual CPUs of that machine
 * @param errs gets a mistake for every CPU number that does not exist there; emptied first
 * @return true if all of them exist
 */
bool scenario_check(const struct scenario *sc, uint32_t cpus, struct scenario_errors *errs);

/**
 * Ask whether some workqueue asks for an engine by name (`engine=`).
 * @param sc the scenario
 * @param engine the engine's name
 * @return true if that engine has to be booted whatever engine is in charge
 */
bool scenario_wants_engine(const struct scenario *sc, const char *engine);

/**
 * Ask whether every workqueue that a scenario uses asks for its engine by name.
 * @param sc the scenario
 * @return true if it does not matter which engine is in charge
 */
bool scenario_names_engines(const struct scenario *sc);

/**
 * Give a scenario back.
 * @param sc from scenario_parse() or scenario_load(); NULL is fine
 */
void scenario_free(struct scenario *sc);

/**
 * The name behind a reference.
 * @param sc the scenario
 * @param ref from one of its steps
 * @return the name, owned by @p sc
 */
static inline const char *scenario_name(const struct scenario *sc, struct scenario_ref ref)
{
	switch (ref.kind) {
	case SCENARIO_WORKQUEUE:
		return sc->workqueues[ref.index].name;
	case SCENARIO_WORK:
		return sc->works[ref.index].name;
	case SCENARIO_TASK:
		return sc->tasks[ref.index].name;
	case SCENARIO_EVENT:
		return sc->events[ref.index].name;
	case SCENARIO_MUTEX:
		return sc->mutexes[ref.index].name;
	default:
		return "";
	}
}

/**
 * Play a scenario: the first task of a machine, for machine_run() (player.c).
 * A hang is not judged here but by the machine.
 * Context: process, kernel world.
 * @param scenario a struct scenario that outlives the run
 * @return 0, or -errno if a workqueue or task could not be made
 */
int player_run(void *scenario);

#endif
