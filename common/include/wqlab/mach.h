/* SPDX-License-Identifier: GPL-2.0-only */
/**
 * @file
 * The bridge between the kernel services and the machine below them.
 *
 * The kernel services (common/kernel/) know tasks, wait queues and timers; a
 * machine (common/machine/) knows how to start a task, block it, let it go on,
 * tell the time, raise the timer interrupt and burn CPU time.  This header is
 * all that the two know of each other.
 *
 * Plain C, no libc, no kernel header: both worlds include it (decision 13).
 */
#ifndef WQLAB_MACH_H
#define WQLAB_MACH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "machine.h"

/** "No time": no timer is programmed. */
#define MACH_NEVER	UINT64_MAX

/**
 * What kind of operation stands behind a choice point.  A point is placed
 * before every operation through which tasks can affect each other; there a
 * strategy may let others go first.
 */
enum mach_point {
	MP_LOCK,		/**< taking a lock */
	MP_UNLOCK,		/**< releasing one */
	MP_ATOMIC,		/**< an atomic read-modify-write */
	MP_READ,		/**< READ_ONCE(), atomic_read() */
	MP_WRITE,		/**< WRITE_ONCE(), atomic_set() */
	MP_STATE,		/**< set_current_state() */
	MP_WAKE,		/**< waking a task */
	MP_BLOCK,		/**< about to block */
	MP_TIMER_ARM,		/**< arming a timer */
	MP_TIMER_CANCEL,	/**< deleting one */
	MP_TIMER_FIRE,		/**< calling an expired timer's function */
	MP_START,		/**< starting a task */
	MP_STOP,		/**< asking a task to stop, or ending */
	MP_IRQ_ON,		/**< interrupts or preemption are back on */
	MP_YIELD,		/**< the task offers to give way */
	MP_FAULT,		/**< a fault may be injected here */
	MP_NR
};

/** Faults that can be injected. */
enum mach_fault {
	MFAULT_KTHREAD,		/**< creating a thread fails */
	MFAULT_KMALLOC,		/**< an allocation fails */
	MFAULT_WAKE,		/**< a task that is about to block is woken for no reason */
	MFAULT_NR
};

/* The parts of mtask.preempt_count, as the kernel divides its preempt_count. */
#define MACH_PREEMPT_OFFSET	0x00000001	/**< one preempt_disable() */
#define MACH_PREEMPT_MASK	0x000000ff	/**< nested preempt_disable() */
#define MACH_SOFTIRQ_OFFSET	0x00000100	/**< serving timers, or bottom halves off */
#define MACH_SOFTIRQ_MASK	0x0000ff00	/**< softirq part */
#define MACH_HARDIRQ_MASK	0x000f0000	/**< hardirq part; always 0: timers are softirqs */

/** Lowest priority number that is not real-time: nice 0 is #MACH_PRIO_NICE0. */
#define MACH_PRIO_MAX_RT	100
/** Priority of a nice 0 task; nice n is this plus n.  Smaller runs first. */
#define MACH_PRIO_NICE0		120
/** swapper's: below everybody. */
#define MACH_PRIO_IDLE		140

/** A link of the machine's lists (the kernel's list.h is not for the libc world). */
struct mlink {
	struct mlink *next;	/**< the next one; NULL when on no list */
	struct mlink *prev;	/**< the one before; NULL when on no list */
};

/** Where a task stands with the machine. */
enum mrun {
	MR_NEW,			/**< made, not yet let go */
	MR_PARKED,		/**< blocked: occupies no virtual CPU */
	MR_READY,		/**< waits in a virtual CPU's run queue */
	MR_CURR,		/**< occupies its virtual CPU */
	MR_DEAD,		/**< has ended */
};

/** Most wake-up calls that a task puts off on the native machine. */
#define MACH_WAKES	4

struct carrier;
struct nthread;

/**
 * What the machine knows of a task; the kernel's task_struct embeds one.
 *
 * T: written by the task itself only; others look with relaxed loads.  A: relaxed loads
 * and stores; native: set by others too, and then set again if that was lost.  M: the
 * machine's (sim: under the token, since one task executes at a time; native:
 * written by the task itself, like T).  S: the simulated machine only.  I: fixed
 * at creation.
 */
struct mtask {
	unsigned int id;	/**< I: creation sequence; the pid.  Decisions go by it, never by address */
	const char *comm;	/**< T: its name, owned by the task_struct */
	void (*entry)(void *);	/**< I: what it runs */
	void *arg;		/**< I: handed to entry */

	int preempt_count;	/**< T: see MACH_PREEMPT_MASK and its kin */
	bool irqs_off;		/**< T: interrupts are off on its virtual CPU */
	unsigned int spins;	/**< T: reads of a clock, or busy waits, in a row without giving way */
	bool resched;		/**< A: preemption or interrupts back on have more to do than to be so */
	unsigned int nr_wakes;	/**< T: native: wake-up calls put off until then */
	uint32_t *wakes[MACH_WAKES];	/**< T: native: whom to call; see native-task.c */

	enum mrun run;		/**< M; MR_DEAD is stored last, with release */
	unsigned int cpu;	/**< M: its virtual CPU, always */
	int prio;		/**< M: 0..99 real-time, 100..139 nice, smaller first */
	uint64_t parked_at;	/**< M: since when it is parked */
	struct mlink all;	/**< M: in the list of all tasks (native: under its lock) */
	enum mach_point op;	/**< S: what it does when it goes on, if it stands at a choice point; else MP_NR */
	const void *obj;	/**< S: to what; only its identity */
	void *frame;		/**< S: the innermost frame of its stack, while it stands still */
	bool permit;		/**< S: unparked before it parked */
	bool arriving;		/**< S: pays for having got its virtual CPU */
	bool relaxing;		/**< S: last gave way by busy waiting */
	uint64_t relax_seq;	/**< S: the progress count when it last relaxed */
	uint64_t burn_left;	/**< S: ns it still has to burn */
	uint64_t slice_left;	/**< S: ns until it gives way to an equal, if there are slices */
	uint64_t burn_start;	/**< S: when the burn last went on */
	uint64_t busy_ns;	/**< S: virtual time it has burnt in all */
	struct mlink rq;	/**< S: in its virtual CPU's run queue */
	struct mlink hung;	/**< S: among those watched for hanging */
	union {
		struct carrier *carrier;	/**< sim: what carries it */
		struct nthread *thread;		/**< native: its thread */
	};
};

/** A lock word; what a spinlock stands on. */
struct mlock {
	unsigned int word;	/**< 0 free, 1 held, 2 (not with plain stores) held and waited for */
	unsigned int sleepers;	/**< native: how many sleep, or are about to, until it is free */
	struct mtask *owner;	/**< who holds it; written by the holder, or by who hands the lock to it */
};

/** What the machine asks of the kernel services; given at boot. */
struct mach_upcalls {
	/** Serve the timers of @p cpu; in interrupt context on it. */
	void (*timer_interrupt)(unsigned int cpu);
	/** @return when the next timer of @p cpu really expires, ns, or #MACH_NEVER. */
	uint64_t (*next_event)(unsigned int cpu);
	/** Write what @p t does and waits for, one line, for the reports. */
	void (*describe)(const struct mtask *t, char *buf, size_t size);
	/** Write what @p t waits for, as describe() does. */
	void (*where)(const struct mtask *t, char *buf, size_t size);
	/** Write the name of what an operation is done to; nothing if it has none. */
	void (*name)(enum mach_point op, const void *obj, char *buf, size_t size);
	/** Set up the idle task of @p cpu, when an interrupt first hits the idle CPU; no choice points. */
	struct mtask *(*idle_task)(unsigned int cpu);
	/** @return the letter ps shows for @p t. */
	char (*state)(const struct mtask *t);
	/** @return whether the first task says that it failed. */
	bool (*failed)(void);
	/**
	 * Describe what the engines hold, line by line: the run is over, whoever executed
	 * may have been in the middle of something, and no lock may be taken.
	 */
	void (*dump)(void (*line)(const char *text));
	/** @return where @p t goes on, which may not stay on its virtual CPU (mach_cpu_off()). */
	unsigned int (*evicted)(struct mtask *t);
};

/** The task that executes; NULL outside a machine. */
extern __thread struct mtask *mach_current __attribute__((tls_model("local-exec")));
/**
 * Whether choice points do anything: true on the simulated machine while it runs,
 * and so the one test for "one task executes at a time, in virtual time".
 */
extern bool mach_points_on;
/**
 * Whether locks take their long way, which passes choice points and notes who
 * holds what: always on the simulated machine, on the native one unless
 * machine_config.no_accounting.
 */
extern bool mach_checks;
/**
 * Whether a lock is released by a plain store: the native machine where the host
 * can put a barrier on all cores, see common/machine/native-lock.c.
 */
extern bool mach_plain_unlock;

/** @return the task that executes. */
static inline struct mtask *mach_self(void)
{
	return mach_current;
}

/**
 * The part of a choice point that is more than a test.
 * @param kind what comes next
 * @param obj on what; only its identity
 */
void mach_point_slow(enum mach_point kind, const void *obj);

/**
 * A choice point: others may go first.  Stands before the operation it names.
 * @param kind what comes next
 * @param obj on what; only its identity
 */
static inline void mach_point(enum mach_point kind, const void *obj)
{
	if (__builtin_expect(mach_points_on, 0))
		mach_point_slow(kind, obj);
}

/** @return virtual CPUs booted. */
unsigned int mach_nr_cpus(void);
/** @return NUMA nodes booted. */
unsigned int mach_nr_nodes(void);
/** @return the machine's clock: ns since boot. */
uint64_t mach_now(void);

/**
 * Check a configuration and fill in the defaults.
 * @param cfg what was asked for
 * @param out the same with every default filled in
 * @return 0, or -1: machine_error() says why
 */
int mach_config(const struct machine_config *cfg, struct machine_config *out);

/**
 * Set the sentence that machine_error() gives.
 * @param fmt as printf
 */
void mach_set_error(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/**
 * Boot the machine that the configuration names, run the first task on virtual CPU 0,
 * shut down.
 * @param cfg as mach_config() gave it
 * @param up what the kernel services do for the machine
 * @param make_first makes the first task with mach_task_init(); called in the
 *	host's context, where mach_self() is NULL; NULL when it cannot
 * @param arg handed to @p make_first
 * @param res filled in, save `ret`, `log` and `report`
 * @return 0, or -1 when the host refuses (no thread, no memory): machine_error()
 */
int mach_run(const struct machine_config *cfg, const struct mach_upcalls *up,
	     struct mtask *(*make_first)(void *arg), void *arg, struct machine_result *res);

struct explore_config;
struct explore_state;
/**
 * Search the schedules of a test; see machine_explore().
 * @param cfg as mach_config() gave it
 * @param up what the kernel services do for the machine
 * @param make_first as for mach_run()
 * @param ready makes the kernel world ready for a boot; called before each
 * @param arg handed to @p make_first and @p ready
 * @param how the search
 * @param state how it goes
 * @return 0, or -1: machine_error()
 */
int mach_explore(const struct machine_config *cfg, const struct mach_upcalls *up,
		 struct mtask *(*make_first)(void *arg),
		 void (*ready)(const struct machine_config *cfg, void *arg), void *arg,
		 const struct explore_config *how, struct explore_state *state);

/** What the last run said: the report of its verdict. @return to be freed by the caller, never NULL */
char *mach_report_take(void);
/** What the last run printed. @return to be freed by the caller, never NULL */
char *mach_log_take(void);

/** Put all writable data of the kernel world back as it was when the program started. */
void mach_restore_data(void);

/**
 * Make a task; it does not run before its first mach_unpark().
 * @param t zeroed storage that outlives the task
 * @param comm its name; stays the caller's
 * @param entry what it runs; ends in mach_exit()
 * @param arg handed to @p entry
 * @param prio as in struct mtask
 * @return 0, or -11 (EAGAIN) when the host has no thread left
 */
int mach_task_init(struct mtask *t, const char *comm, void (*entry)(void *), void *arg, int prio);

/** A task changed its name: show it to debuggers. @param t the task */
void mach_renamed(struct mtask *t);

/** End the task that calls; its mtask is not touched afterwards. */
void mach_exit(void) __attribute__((noreturn));

/**
 * Block until somebody unparks; returns at once if somebody already has.
 * May also return for no reason: callers loop.
 * @param watch report it when it stays for longer than hung_task_ns
 */
void mach_park(bool watch);

/**
 * Tell the host where a task may run.  The native machine pins its thread to the
 * cores that stand for these virtual CPUs; the simulated one has no use for it.
 * @param t the task
 * @param cpus a bit for each virtual CPU
 * @param n how many bits there are
 */
void mach_affinity(struct mtask *t, const unsigned long *cpus, unsigned int n);

/**
 * Let a parked task go on, on a virtual CPU; or leave it a permit.
 * @param t the task
 * @param cpu where it shall run
 */
void mach_unpark(struct mtask *t, unsigned int cpu);

/**
 * Move a task that is ready or runs to another virtual CPU; current moves at once.
 * One that is executing something atomic is waited for, if current may be preempted.
 * On the native machine a task other than current moves when it is next woken.
 * @param t the task; nothing happens if it is parked
 * @param cpu where to
 */
void mach_move(struct mtask *t, unsigned int cpu);

/**
 * Change a task's priority.
 * @param t the task
 * @param prio the new one
 */
void mach_set_prio(struct mtask *t, int prio);

/**
 * A virtual CPU stops working: whoever runs there or is ready to moves away, as soon as
 * preemption allows, and its timer does not interrupt any more.  Who is woken must not be
 * sent there any longer, which is the caller's to see to beforehand; who was on the way
 * then, on the native machine, is sent on.  Context: process, on another virtual CPU.
 * @param cpu which; may be off already
 */
void mach_cpu_off(unsigned int cpu);
/** And works again; its timer is not programmed. @param cpu one that is off */
void mach_cpu_on(unsigned int cpu);

/** @return whether nobody runs or waits to run on @p cpu. @param cpu a booted one */
bool mach_cpu_idle(unsigned int cpu);

/**
 * The end of a grace period of RCU's sched flavour: have all who had preemption or
 * interrupts off at the first look been seen without, at that look or a later one?
 * Context: a timer function; one caller at a time.
 * @param first this is the first look
 * @return true: yes, and what they wrote before is there to see
 */
bool mach_quiescent(bool first);

/**
 * Preemption is back on, and mtask.resched says that there is more to do.  Sim: give way
 * to a higher priority that became ready.  Native: make the wake-up calls put off.
 */
void mach_preempt(void);
/**
 * Let everybody else who can go on at this instant do so until all have blocked; on
 * the native machine nothing happens.  Context: init, before it runs what it is for.
 */
void mach_settle(void);
/** @return whether mach_preempt() would give way.  For the simulated machine; native: false */
bool mach_need_resched(void);

/** Occupy this virtual CPU. @param ns for how long */
void mach_burn(uint64_t ns);
/** Busy wait: this virtual CPU is busy until something happens; others first. */
void mach_relax(void);
/** Interrupts are back on, and mtask.resched says that there is more to do: take what is pending. */
void mach_irqs_on(void);

/** The contended part of taking a lock. @param l the lock */
void mach_lock_slow(struct mlock *l);
/** The contended part of releasing one. @param l the lock */
void mach_unlock_slow(struct mlock *l);

/**
 * Program a virtual CPU's timer; one shot.
 * @param cpu which
 * @param ns when, on mach_now()'s clock; #MACH_NEVER for not at all
 */
void mach_set_timer(unsigned int cpu, uint64_t ns);

/**
 * Stop a virtual CPU's timer for good; its interrupt is not being served on return.
 * Context: process, at shutdown.
 * @param cpu which
 */
void mach_stop_timer(unsigned int cpu);

/** @cond */
void mach_live_slow(int delta);
/** @endcond */
/**
 * Count a pending timer that is no housekeeping: while one is pending, something
 * can still happen (the deadlock rule, which only the simulated machine has).
 * @param delta +1 when armed, -1 when fired or deleted
 */
static inline void mach_live(int delta)
{
	if (mach_points_on)
		mach_live_slow(delta);
}

/**
 * Whether an injected fault strikes here.
 * @param f which kind
 * @return true: fail
 */
bool mach_fault(enum mach_fault f);
/** Switch a fault on or off for this run. @param f which @param on whether it strikes */
void mach_fault_set(enum mach_fault f, bool on);
/** Let a fault strike for good after it was passed so often. @param f which kind @param n how often not */
void mach_fault_after(enum mach_fault f, unsigned int n);

/**
 * Write a line to the machine's console and log.
 * @param level the printk level, 0 (emergency) to 7 (debug)
 * @param text without a newline at the end
 */
void mach_console(int level, const char *text);

/** Count a warning. */
void mach_count_warning(void);
/** @return how many were counted in this run. */
unsigned int mach_warnings(void);
/** Some of the warnings so far were provoked on purpose, and do not count. @param nr how many */
void mach_excuse_warnings(unsigned int nr);

/**
 * Whose stack an address lies on.
 * @param p the address
 * @param buf where to write "stack:PID"
 * @param size room in @p buf
 * @return @p buf, or NULL if on nobody's
 */
const char *mach_name_of_stack(const void *p, char *buf, size_t size);

/**
 * What stands for an address in output (see trace_object_text()).
 * @param p the address
 * @param buf where to write
 * @param size room in @p buf
 * @return @p buf, or NULL if nothing is known of @p p
 */
const char *mach_name_of_address(const void *p, char *buf, size_t size);

/**
 * Walk all tasks in creation order.
 * @param fn called for each
 * @param arg handed to @p fn
 */
void mach_for_each_task(void (*fn)(struct mtask *t, void *arg), void *arg);

#endif
