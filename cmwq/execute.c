// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a worker does: its cycle, and executing one item.
 *
 *	woken -> leave idle -> work to do, and nobody running?  --no--> idle, sleep
 *	                          | yes
 *	                       nobody idle beside me?  manage, look again
 *	                          | somebody is
 *	                       count in nr_running
 *	                       execute, one item after another,
 *	                          while there are items and nobody else runs
 *	                       count no more -> idle, sleep
 *
 * The whole cycle is under pool->lock, save the call of an item's function.
 *
 * Read next: concurrency.c.
 */
#include <linux/bug.h>
#include <linux/printk.h>
#include <linux/slab.h>

#include "workqueue_internal.h"

/*
 * Current's worker, if it is one.  In a timer function current is the task that was
 * interrupted, so what the function queues counts as queued by that worker (C-F35).
 */
struct worker *current_wq_worker(void)
{
	return current->flags & PF_WQ_WORKER ? kthread_data(current) : NULL;
}

/*
 * Who in this pool executes the item?  Under pool->lock.
 *
 * The address alone would not do: an item may free itself, and another one with
 * another function come to lie there; so the function has to match too.  A recycled
 * item with the same function counts as the same one (C-F21).
 */
struct worker *find_worker_executing_work(struct worker_pool *pool, struct work_struct *work)
{
	struct worker *worker;

	hash_for_each_possible(pool->busy_hash, worker, hentry, (unsigned long)work)
		if (worker->current_work == work && worker->current_func == work->func)
			return worker;
	return NULL;
}

/*
 * Move an item and what is linked behind it (barriers) to the tail of a list.
 * nextp: keeps a safe list walk of the caller's right.  Under pool->lock.
 */
void move_linked_works(struct work_struct *work, struct list_head *head, struct work_struct **nextp)
{
	struct work_struct *next;
	bool linked;

	do {
		linked = work_data(work) & WORK_STRUCT_LINKED;
		next = list_entry(work->entry.next, struct work_struct, entry);
		list_move_tail(&work->entry, head);
		work = next;
	} while (linked);

	if (nextp)
		*nextp = next;
}

/* I1: an item gives back what it took. */
static void check_leaks(work_func_t func)
{
	if (likely(!in_atomic() && !irqs_disabled() && !lockdep_depth(current)))
		return;
	pr_err("BUG: workqueue leaked lock or atomic: %s/0x%08x/%d\n",
	       current->comm, preempt_count(), task_pid_nr(current));
	pr_err("     last function: %pf\n", (void *)func);
	debug_show_held_locks(current);
	dump_stack();
	mach_count_warning();
}

/* From here on everybody can see what this worker executes.  Under pool->lock. */
static void worker_start_work(struct worker *worker, struct work_struct *work,
			      struct pool_workqueue *pwq)
{
	worker->current_pwq = pwq;
	worker->current_func = work->func;
	worker->current_work = work;
	hash_add(worker->pool->busy_hash, &worker->hentry, (unsigned long)work);

	/* Once started it does not count, so others may be started beside it (C-F14). */
	if (unlikely(__READ_ONCE(pwq->wq->flags) & WQ_CPU_INTENSIVE))
		worker_set_flags(worker, WORKER_CPU_INTENSIVE);

	if (unlikely(wq_later)) {
		pwq_count(pwq, PWQ_STAT_STARTED, 1);
		pwq_count(pwq, PWQ_STAT_RESCUED, worker->rescue_wq != NULL);
		pwq_count(pwq, PWQ_STAT_CPU_INTENSIVE, !!(worker->flags & WORKER_CPU_INTENSIVE));
		worker->busy_from = current->m.busy_ns;
	}
}

static void worker_end_work(struct worker *worker)
{
	if (unlikely(wq_later)) {
		pwq_count(worker->current_pwq, PWQ_STAT_COMPLETED, 1);
		pwq_count(worker->current_pwq, PWQ_STAT_CPU_TIME,
			  (current->m.busy_ns - worker->busy_from) / NSEC_PER_USEC);
	}
	if (unlikely(worker->flags & WORKER_CPU_INTENSIVE))
		worker_clr_flags(worker, WORKER_CPU_INTENSIVE);
	hash_del(&worker->hentry);
	worker->desc_valid = false;
	worker->current_pwq = NULL;
	worker->current_func = NULL;
	worker->current_work = NULL;
}

/*
 * Execute an item, or hand it to the worker of this pool that already executes it.
 * Under pool->lock, which is dropped around the call.
 */
static void process_one_work(struct worker *worker, struct work_struct *work)
{
	struct pool_workqueue *pwq = get_work_pwq(work);
	struct worker_pool *pool = worker->pool;
	struct lockdep_map lockdep_map;
	struct worker *collision;
	work_func_t func;
	unsigned int run;
	int color;

	/*
	 * An item runs on one worker at a time.  The other one takes it, together with
	 * whoever waits for it, when it is through with this run (C-F19).
	 */
	collision = find_worker_executing_work(pool, work);
	if (unlikely(collision)) {
		check_collision(worker, work, collision);
		move_linked_works(work, &collision->scheduled, NULL);
		return;
	}

	/* The function may free the item; what we release is our copy. */
	lockdep_copy_work_map(&lockdep_map, work);
	list_del_init(&work->entry);
	color = get_work_color(work);
	func = work->func;
	worker_start_work(worker, work, pwq);
	check_executes(worker, work, color);

	/*
	 * A worker that is not counted, for a CPU-intensive item or because it is unbound,
	 * wakes nobody when it sleeps.  So it wakes the next one before it starts (C-F13).
	 */
	if (need_more_worker(pool))
		wake_up_worker(pool);

	/* The last touch of the item: from now on it may be queued again, and its function may free it. */
	set_work_pool_and_clear_pending(work, pool->id);
	run = color == WORK_NO_COLOR ? 0 : check_cleared(work);
	spin_unlock_irq(&pool->lock);

	sched_busy(pwq->wq->name, work, func);
	/* For reading: items of one workqueue run side by side. */
	lock_map_acquire_read(&pwq->wq->lockdep_map);
	lock_map_acquire(&lockdep_map);
	trace_workqueue_execute_start(work, func, pwq->wq->name);
	check_started(work, run, order_of(pwq->wq), INV_B5);
	func(work);
	check_ended(work, run, order_of(pwq->wq));
	trace_workqueue_execute_end(work, func);
	lock_map_release(&lockdep_map);
	lock_map_release(&pwq->wq->lockdep_map);
	sched_busy(NULL, NULL, NULL);
	check_leaks(func);

	spin_lock_irq(&pool->lock);
	worker_end_work(worker);
	pwq_dec_nr_in_flight(pwq, color);
}

/* Execute what is meant for this worker alone.  Under pool->lock. */
void process_scheduled_works(struct worker *worker)
{
	struct work_struct *work;

	while ((work = list_first_entry_or_null(&worker->scheduled, struct work_struct, entry)))
		process_one_work(worker, work);
}

/* Take items from the worklist while there are any and nobody else runs.  Under pool->lock. */
static void work_off(struct worker *worker)
{
	struct worker_pool *pool = worker->pool;

	for (;;) {
		struct work_struct *work = list_first_entry(&pool->worklist, struct work_struct, entry);

		pool_progress(pool);
		if (likely(!(work_data(work) & WORK_STRUCT_LINKED))) {
			process_one_work(worker, work);
		} else {
			/* A series stays together: the barriers behind it tell of this run. */
			move_linked_works(work, &worker->scheduled, NULL);
		}
		process_scheduled_works(worker);
		if (!keep_working(pool))
			break;
		check_further(pool);
	}
}

/* The worker is to end: give back what only it can. */
static void worker_die(struct worker *worker)
{
	struct worker_pool *pool = worker->pool;

	WARN_ON_ONCE(!list_empty(&worker->entry));
	__WRITE_ONCE(current->flags, current->flags & ~PF_WQ_WORKER);
	sched_set_hooks(NULL);
	trace_worker(TRACE_WORKER_DIE, current, pool->id);
	set_task_comm(current, "kworker/dying");
	ida_simple_remove(&pool->worker_ida, worker->id);
	worker_detach_from_pool(worker, pool);
	kfree(worker);
}

int worker_thread(void *__worker)
{
	struct worker *worker = __worker;
	struct worker_pool *pool = worker->pool;

	/* Tells the scheduler's hooks, and everybody else, that this is a worker. */
	__WRITE_ONCE(current->flags, current->flags | PF_WQ_WORKER);	/* the freezer may be looking */
	sched_set_hooks(&worker_hooks);

	for (;;) {
		spin_lock_irq(&pool->lock);
		if (unlikely(worker->flags & WORKER_DIE))
			break;

		worker_leave_idle(worker);
		while (need_more_worker(pool)) {
			if (unlikely(!may_start_working(pool)) && manage_workers(worker))
				continue;	/* the lock was free: look again */
			worker_clr_flags(worker, WORKER_PREP | WORKER_REBOUND);
			work_off(worker);
			worker_set_flags(worker, WORKER_PREP);
			break;
		}

		/*
		 * pool->lock is held from the last look at the worklist until the state
		 * says "asleep": whoever inserts afterwards finds this worker on the
		 * idle list and its state set, and wakes it.
		 */
		worker_enter_idle(worker);
		__set_current_state(TASK_INTERRUPTIBLE);
		spin_unlock_irq(&pool->lock);
		schedule();
	}
	spin_unlock_irq(&pool->lock);
	worker_die(worker);
	return 0;
}
