/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * 3.18's concurrency-managed workqueue: its structures, and who guards what.
 *
 *	workqueue_struct ---- what a driver allocates
 *	   |  1:N                one per CPU; or, unbound, one per NUMA node
 *	pool_workqueue (pwq) --- "this workqueue on that pool": max_active, colours
 *	   |  N:1
 *	worker_pool ------------ the shared worklist; two per CPU (nice 0 and -20),
 *	   |  1:N                and unbound ones by attributes, also one for a node's CPUs
 *	worker ----------------- a kworker thread
 *
 * Locks, the outermost first:
 *
 *	wq_pool_mutex > wq->mutex > pool->manager_arb > pool->attach_mutex
 *	wq_mayday_lock > pool->lock > pool->run_lock
 *
 * The letter behind a field says what guards it:
 *
 * I	set when made, constant afterwards
 * L	pool->lock, interrupts off
 * R	pool->run_lock, interrupts off.  In the kernel these fields are guarded by
 *	being touched on the pool's own CPU only; here wakers run on other cores, so
 *	a leaf lock takes the CPU's place (decision 3)
 * A	pool->attach_mutex
 * M	pool->manager_arb: to be the manager
 * PL	wq_pool_mutex
 * PR	wq_pool_mutex to write, that or RCU to read
 * WQ	wq->mutex
 * WR	wq->mutex to write, that or RCU to read
 * MD	wq_mayday_lock
 *
 * Interrupts off beside a lock keep a timer from spinning on what the task below it holds,
 * and mark a reader of RCU's sched flavour.  They keep nobody else away: on the native
 * machine timers too run on a core of their own (decision 12).  Nothing here relies on
 * being the only one on its CPU.
 *
 * (C-F6) and its like name a fact in docs/facts.md, "decision 3" one of docs/design.md.
 *
 * Reading order: data.c, queue.c, execute.c, concurrency.c, pool.c, worker.c, manager.c,
 * rescuer.c, pwq.c, flush_work.c, flush.c, cancel.c, create.c, attrs.c, hotplug.c,
 * freezer.c, sysfs.c, info.c, later.c, system.c; then check.c, what must hold of all this,
 * and dump.c.
 */
#ifndef CMWQ_WORKQUEUE_INTERNAL_H
#define CMWQ_WORKQUEUE_INTERNAL_H

#include <linux/completion.h>
#include <linux/hashtable.h>
#include <linux/idr.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/list.h>
#include <linux/lockdep.h>
#include <linux/mutex.h>
#include <linux/percpu.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/spinlock.h>
#include <linux/timer.h>
#include <linux/wait.h>
#include <linux/workqueue.h>
#include <linux/workqueue_later.h>
#include <wqlab/check.h>
#include <wqlab/engine.h>

/* Parameters of all chapters are named as those of one file: workqueue.disable_numa. */
#undef MODULE_PARAM_PREFIX
#define MODULE_PARAM_PREFIX	"workqueue."
#include <linux/moduleparam.h>

#define TRACE_ENGINE "cmwq"
#include <wqlab/events.h>

extern const struct wq_engine cmwq_engine;

/*
 * The data word of a work item (C-F1 to C-F4).  While the item is on a list:
 *
 *	63                    8 7      4  3      2   1       0
 *	| pwq address          | colour | LINKED PWQ DELAYED PENDING |
 *
 * and otherwise:
 *
 *	35                        5   4         3..1    0
 *	| id of the pool it last ran in | CANCELING | - | PENDING |
 */
enum {
	WORK_STRUCT_DELAYED_BIT	= 1,	/* held back by max_active */
	WORK_STRUCT_PWQ_BIT	= 2,	/* the upper bits are a pwq */
	WORK_STRUCT_LINKED_BIT	= 3,	/* the next item belongs to this one */
	WORK_STRUCT_COLOR_SHIFT	= 4,
	WORK_STRUCT_COLOR_BITS	= 4,
	WORK_STRUCT_FLAG_BITS	= WORK_STRUCT_COLOR_SHIFT + WORK_STRUCT_COLOR_BITS,

	WORK_STRUCT_DELAYED	= 1 << WORK_STRUCT_DELAYED_BIT,
	WORK_STRUCT_PWQ		= 1 << WORK_STRUCT_PWQ_BIT,
	WORK_STRUCT_LINKED	= 1 << WORK_STRUCT_LINKED_BIT,

	WORK_NR_COLORS		= (1 << WORK_STRUCT_COLOR_BITS) - 1,
	WORK_NO_COLOR		= WORK_NR_COLORS,	/* barriers: in nobody's way */

	WORK_OFFQ_CANCELING_BIT	= WORK_STRUCT_COLOR_SHIFT,
	WORK_OFFQ_POOL_SHIFT	= WORK_OFFQ_CANCELING_BIT + 1,
	WORK_OFFQ_POOL_BITS	= 31,
};

#define WORK_STRUCT_FLAG_MASK	((1UL << WORK_STRUCT_FLAG_BITS) - 1)
#define WORK_STRUCT_WQ_DATA_MASK (~WORK_STRUCT_FLAG_MASK)
#define WORK_OFFQ_CANCELING	(1UL << WORK_OFFQ_CANCELING_BIT)
#define WORK_OFFQ_POOL_NONE	((1UL << WORK_OFFQ_POOL_BITS) - 1)
#define WORK_STRUCT_NO_POOL	(WORK_OFFQ_POOL_NONE << WORK_OFFQ_POOL_SHIFT)

enum {
	/* worker_pool.flags */
	POOL_DISASSOCIATED	= 1 << 2,	/* its CPU is gone, or it has none */

	/* worker.flags: it does not count in nr_running with any of these (C-F6) ... */
	WORKER_REBOUND		= 1 << 8,	/* was unbound until its CPU came back */
	WORKER_UNBOUND		= 1 << 7,	/* is not bound to a CPU */
	WORKER_CPU_INTENSIVE	= 1 << 6,	/* runs an item that does not count */
	WORKER_PREP		= 1 << 3,	/* between idling and working */
	WORKER_NOT_RUNNING	= WORKER_REBOUND | WORKER_UNBOUND | WORKER_CPU_INTENSIVE | WORKER_PREP,
	/* ... and these say nothing about that */
	WORKER_IDLE		= 1 << 2,	/* is on the idle list */
	WORKER_DIE		= 1 << 1,	/* is to end */

	NR_STD_WORKER_POOLS	= 2,	/* per CPU: nice 0, and highpri */
	UNBOUND_POOL_HASH_ORDER	= 6,
	BUSY_WORKER_HASH_ORDER	= 6,
	MAX_IDLE_WORKERS_RATIO	= 4,	/* one idle worker to four busy ones */
	RESCUER_NICE_LEVEL	= MIN_NICE,
	HIGHPRI_NICE_LEVEL	= MIN_NICE,
	WQ_NAME_LEN		= 24,
	WORKER_DESC_LEN		= 24,
};

/* In jiffies; HZ is a run-time value here, so these are no constants. */
#define IDLE_WORKER_TIMEOUT	(300UL * HZ)	/* an idle worker beyond need lives so long */
#define MAYDAY_INITIAL_TIMEOUT	((unsigned long)(HZ / 100 >= 2 ? HZ / 100 : 2))
#define MAYDAY_INTERVAL		((unsigned long)HZ / 10)
#define CREATE_COOLDOWN		((unsigned long)HZ)

/* A worker: a kworker thread, or a workqueue's rescuer. */
struct worker {
	/* I */
	struct task_struct *task;
	int id;					/* the N of kworker/C:N */
	struct workqueue_struct *rescue_wq;	/* a rescuer's workqueue */
	struct worker_pool *pool;		/* a rescuer's changes, under L */

	/* L: what it executes */
	struct work_struct *current_work;
	struct pool_workqueue *current_pwq;	/* on whose account */
	work_func_t current_func;
	struct list_head scheduled;		/* items it has to execute itself */
	u64 busy_from;				/* its CPU time when current_work began, see later.c */
	bool desc_valid;			/* desc tells of current_work */
	char desc[WORKER_DESC_LEN];		/* set by its function: set_worker_desc() */

	/* L: where it is found; idle or busy, never both */
	union {
		struct hlist_node hentry;	/* in pool->busy_hash */
		struct list_head entry;		/* in pool->idle_list */
	};
	unsigned long last_active;		/* jiffies when it went idle */

	/*
	 * L to write, and R as well where it bears on nr_running; A too for UNBOUND, which
	 * is set under A alone, and cleared under nothing, outside the worker's cycle.
	 */
	unsigned int flags;
	bool sleeping;				/* R: counted out by the sleeping hook */
	struct list_head node;			/* A: in pool->workers */

	/* L: what check.c has to know */
	struct {
		struct work_struct *ran;	/* the item it executes or did last, barriers aside */
		int color;			/* of the one it executes */
	} check;
};

/* A pool: one worklist, and the workers that serve it. */
struct worker_pool {
	/* I */
	int id;					/* in worker_pool_idr */
	int cpu;				/* -1 if unbound */
	int node;				/* where its memory and threads should come from */
	struct workqueue_attrs *attrs;		/* no_numa is always false in it */

	/* L */
	spinlock_t lock;
	struct list_head worklist;		/* what waits to be executed */
	struct list_head idle_list;		/* most recently idled first */
	DECLARE_HASHTABLE(busy_hash, BUSY_WORKER_HASH_ORDER);	/* by item */
	unsigned int flags;			/* POOL_*; A as well to write, either to read */
	int nr_idle;				/* the one waking up included */
	int nr_workers;				/* all but rescuers */
	unsigned long watchdog_ts;		/* jiffies of the last progress, see later.c */
	struct timer_list idle_timer;		/* when to look for idlers beyond need */

	/* R: a line of its own, for wakers on other CPUs write it */
	spinlock_t run_lock ____cacheline_aligned;
	int nr_running;				/* read under L, or as a hint */

	/* M */
	struct mutex manager_arb;
	struct timer_list mayday_timer;		/* when to call the rescuers */

	/* A */
	struct mutex attach_mutex;
	struct completion *detach_completion;	/* the last one leaving completes it */
	struct list_head workers;		/* all that are attached */

	/* PL: unbound pools only */
	int refcnt;
	struct hlist_node hash_node;		/* in unbound_pool_hash */

	/* L: what check.c has to know */
	struct {
		struct pool_workqueue *touched;	/* whose counts may have changed under the lock */
		unsigned int rest;		/* releases until the next walk */
		bool left;			/* items may wait for whoever executes: one was stolen */
		u64 unhelped_since;		/* since when the manager waits without a timer, ns */
		u64 many_since;			/* since when too many workers idle, ns */
	} check;

	struct ida worker_ida;			/* worker ids; has a lock of its own */
	struct rcu_head rcu;			/* for the last put of an unbound one */
} ____cacheline_aligned;

/* A workqueue on a pool.  Its address shares a word with the flags: 256-aligned. */
struct pool_workqueue {
	/* I */
	struct workqueue_struct *wq;
	struct worker_pool *pool;

	/* L */
	int max_active;
	int nr_active;				/* items not held back */
	struct list_head delayed_works;		/* those held back */
	int refcnt;				/* items, and the link to wq */
	int flush_color;			/* whose end is waited for; -1: none's */
	int work_color;				/* paints new items */
	int nr_in_flight[WORK_NR_COLORS];	/* items by colour, until they retire */

	/* L: what check.c has to know */
	struct {
		struct pool_workqueue *next;	/* in pool->check.touched */
		bool touched;			/* ... it is */
		int active;			/* nr_active when it was last checked */
	} check;

	u64 stats[PWQ_NR_STATS];		/* counters of later kernels, see later.c */

	struct list_head mayday_node;		/* MD: in wq->maydays */
	struct list_head pwqs_node;		/* WR: in wq->pwqs */
	struct work_struct unbound_release_work;	/* runs when refcnt drops to 0 */
	struct rcu_head rcu;			/* for the end of that run */
} __attribute__((aligned(1 << WORK_STRUCT_FLAG_BITS)));

/* One flush_workqueue() in progress, on the caller's stack. */
struct wq_flusher {
	struct list_head list;			/* WQ: in flusher_queue or flusher_overflow */
	int flush_color;			/* WQ: the colour it waits for; -1: none yet */
	struct completion done;			/* a lock of its own; its colour is through */
};

/* A workqueue. */
struct workqueue_struct {
	/* I */
	struct wq_base base;			/* first */
	char name[WQ_NAME_LEN];
	struct pool_workqueue __percpu *cpu_pwqs;	/* a bound workqueue's; else NULL */
	struct worker *rescuer;
	struct lockdep_map lockdep_map;		/* held while an item runs, taken by who waits */
	struct wq_device *wq_dev;		/* its folder in sysfs, or NULL */

	/* WQ: flushing by colours, see flush.c */
	struct mutex mutex;
	int flush_color;			/* the oldest colour still waited for */
	int work_color;				/* the colour of new items */
	struct wq_flusher *first_flusher;	/* waits for flush_color; stands still while it does */
	struct list_head flusher_overflow;	/* found no colour free */
	struct list_head flusher_queue;		/* wait for later colours, in order */
	atomic_t nr_pwqs_to_flush;		/* pwqs that have not finished it, plus 1 while arming; atomic */

	/* WQ: the rest */
	unsigned int flags;			/* WQ_*; only __WQ_DRAINING changes, others peek */
	int saved_max_active;
	int nr_drainers;
	bool left_alive;			/* destroy_workqueue() refused; not in the kernel */

	struct workqueue_attrs *unbound_attrs;	/* as they were applied; NULL if bound */
	struct pool_workqueue *dfl_pwq;		/* an unbound one's for nodes without a pwq of their own */

	struct list_head pwqs;			/* WR: all its pwqs, unlinked ones that still drain included */
	struct list_head list;			/* PL: in workqueues */
	struct list_head maydays;		/* MD: pwqs that ask for rescue */
	struct check_order order;		/* for check.c: what an ordered one executes */
	struct rcu_head rcu;			/* for its end */

	struct pool_workqueue __rcu *numa_pwq_tbl[];	/* WR: an unbound one's pwq by node */
};

/* A barrier: says when what stands before it is done. */
struct wq_barrier {
	struct work_struct work;		/* queued as any other */
	struct completion done;			/* completed by its function */
	struct task_struct *task;		/* I: who waits, for dump.c */
	struct work_struct *target;		/* L: behind what it stands, for check.c; NULL: that is gone */
};

extern struct mutex wq_pool_mutex;		/* pools, and the list of workqueues */
extern spinlock_t wq_mayday_lock;		/* wq->maydays */
extern struct list_head workqueues;		/* PL: all workqueues */
extern struct idr worker_pool_idr;		/* PR: pools by id */

extern struct kmem_cache *pwq_cache;		/* I: unbound pwqs */

/* All pwqs of a workqueue; under wq->mutex. */
#define for_each_pwq(pwq, wq)						\
	list_for_each_entry(pwq, &(wq)->pwqs, pwqs_node)

/* Both pools of a CPU. */
#define for_each_cpu_worker_pool(pool, cpu)				\
	for ((pool) = cpu_pool(cpu, 0); (pool) <= cpu_pool(cpu, NR_STD_WORKER_POOLS - 1); (pool)++)

/* attrs.c */
void copy_workqueue_attrs(struct workqueue_attrs *to, const struct workqueue_attrs *from);
bool wqattrs_equal(const struct workqueue_attrs *a, const struct workqueue_attrs *b);
u32 wqattrs_hash(const struct workqueue_attrs *attrs);
struct pool_workqueue *unbound_pwq_by_node(struct workqueue_struct *wq, int node);
int apply_std_attrs(struct workqueue_struct *wq);
void put_unbound_pwqs(struct workqueue_struct *wq);
void wq_numa_init(void);
void wq_numa_exit(void);
void wq_update_unbound_numa(struct workqueue_struct *wq, int cpu, bool online);
extern bool wq_numa_enabled;			/* I: placement by node is on */

/* pool.c */
struct worker_pool *cpu_pool(int cpu, int highpri);
int init_worker_pool(struct worker_pool *pool);
void free_worker_pool(struct worker_pool *pool);
struct worker_pool *get_unbound_pool(const struct workqueue_attrs *attrs);
void put_unbound_pool(struct worker_pool *pool);
void pool_release_workers(struct worker_pool *pool);

/* concurrency.c */
bool need_more_worker(struct worker_pool *pool);
bool may_start_working(struct worker_pool *pool);
bool keep_working(struct worker_pool *pool);
bool need_to_create_worker(struct worker_pool *pool);
bool too_many_workers(struct worker_pool *pool);
void wake_up_worker(struct worker_pool *pool);
struct worker *first_idle_worker(struct worker_pool *pool);
void worker_set_flags(struct worker *worker, unsigned int flags);
void worker_clr_flags(struct worker *worker, unsigned int flags);
extern const struct sched_hooks worker_hooks;

/* worker.c */
struct worker *alloc_worker(void);
struct worker *create_worker(struct worker_pool *pool);
void destroy_worker(struct worker *worker);
void worker_attach_to_pool(struct worker *worker, struct worker_pool *pool);
void worker_detach_from_pool(struct worker *worker, struct worker_pool *pool);
void worker_enter_idle(struct worker *worker);
void worker_leave_idle(struct worker *worker);
void idle_worker_timeout(unsigned long __pool);

/* manager.c */
bool manage_workers(struct worker *worker);

/* rescuer.c */
void pool_mayday_timeout(unsigned long __pool);
int init_rescuer(struct workqueue_struct *wq);
void destroy_rescuer(struct workqueue_struct *wq);

/* execute.c */
int worker_thread(void *__worker);
void process_scheduled_works(struct worker *worker);
struct worker *find_worker_executing_work(struct worker_pool *pool, struct work_struct *work);
void move_linked_works(struct work_struct *work, struct list_head *head, struct work_struct **nextp);
struct worker *current_wq_worker(void);

/* data.c */
bool read_work_data(struct work_struct *work, unsigned long *data);
void claim_work(struct work_struct *work);
void set_work_pwq(struct work_struct *work, struct pool_workqueue *pwq, unsigned long extra_flags);
void set_work_pool_and_keep_pending(struct work_struct *work, int pool_id);
void set_work_pool_and_clear_pending(struct work_struct *work, int pool_id);
void clear_work_data(struct work_struct *work);
struct pool_workqueue *get_work_pwq(struct work_struct *work);
struct worker_pool *get_work_pool(struct work_struct *work);
int get_work_pool_id(struct work_struct *work);
void mark_work_canceling(struct work_struct *work);
bool work_is_canceling(struct work_struct *work);
int get_work_color(struct work_struct *work);

/*
 * The word, for who owns PENDING or holds the lock that guards it.  Marked, because
 * others may be trying for PENDING, which changes nothing while it is set.
 */
static inline unsigned long work_data(struct work_struct *work)
{
	return __READ_ONCE(*work_data_bits(work));
}

/* get_work_pwq() for check.c and dump.c: no choice point. */
static inline struct pool_workqueue *peek_work_pwq(struct work_struct *work)
{
	unsigned long data = work_data(work);

	if (__READ_ONCE(work->engine) != &cmwq_engine || !(data & WORK_STRUCT_PWQ))
		return NULL;
	return (void *)(data & WORK_STRUCT_WQ_DATA_MASK);
}

static inline unsigned long work_color_to_flags(int color)
{
	return (unsigned long)color << WORK_STRUCT_COLOR_SHIFT;
}

static inline int work_next_color(int color)
{
	return (color + 1) % WORK_NR_COLORS;
}

/* queue.c */
void insert_work(struct pool_workqueue *pwq, struct work_struct *work,
		 struct list_head *head, unsigned int extra_flags);
void __queue_work(int cpu, struct workqueue_struct *wq, struct work_struct *work);
void __queue_delayed_work(int cpu, struct workqueue_struct *wq,
			  struct delayed_work *dwork, unsigned long delay);

/* pwq.c */
void get_pwq(struct pool_workqueue *pwq);
void put_pwq(struct pool_workqueue *pwq);
void put_pwq_unlocked(struct pool_workqueue *pwq);
void pwq_activate_delayed_work(struct work_struct *work);
void pwq_dec_nr_in_flight(struct pool_workqueue *pwq, int color);
void pwq_adjust_max_active(struct pool_workqueue *pwq);
void adjust_pwqs(struct workqueue_struct *wq);
void init_pwq(struct pool_workqueue *pwq, struct workqueue_struct *wq, struct worker_pool *pool);
void link_pwq(struct pool_workqueue *pwq);
int alloc_and_link_pwqs(struct workqueue_struct *wq);
void free_workqueue(struct workqueue_struct *wq);

/* flush_work.c */
void wq_barrier_func(struct work_struct *work);
void insert_wq_barrier(struct pool_workqueue *pwq, struct wq_barrier *barr,
		       struct work_struct *target, struct worker *worker);

/* flush.c */
void pwq_color_done(struct pool_workqueue *pwq);

/* cancel.c */
int try_to_grab_pending(struct work_struct *work, bool is_dwork, unsigned long *flags);

/* hotplug.c */
void hotplug_init(void);
void hotplug_exit(void);

/* freezer.c */
extern bool workqueue_freezing;		/* PL, or WQ of any workqueue to read */

/* sysfs.c */
void workqueue_sysfs_unregister(struct workqueue_struct *wq);

/* info.c */
void cmwq_set_worker_desc(const char *desc);
bool cmwq_print_worker_info(const char *log_lvl, struct task_struct *task);

/* later.c */
extern bool wq_later;				/* I: watchdog and counters are on */
void later_init(void);
void later_exit(void);
void __pwq_count(struct pool_workqueue *pwq, enum pool_workqueue_stats what, u64 by);

/* One more of what later kernels count.  Under pool->lock. */
static inline void pwq_count(struct pool_workqueue *pwq, enum pool_workqueue_stats what, u64 by)
{
	if (unlikely(wq_later))
		__pwq_count(pwq, what, by);
}

/* The pool gets on, or begins to have work.  Under pool->lock. */
static inline void pool_progress(struct worker_pool *pool)
{
	if (unlikely(wq_later))
		pool->watchdog_ts = jiffies;
}

/* dump.c */
void cmwq_dump(void (*line)(const char *text));

/* create.c */
struct workqueue_struct *__alloc_workqueue(const char *name, unsigned int flags, int max_active,
					   struct lock_class_key *key, const char *lock_name);

#include "check.h"

#endif
