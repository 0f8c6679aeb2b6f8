// SPDX-License-Identifier: GPL-2.0-only
/*
 * Queueing: from "run this some time" to an item on a pool's worklist.
 *
 *	queue_work_on()		wins PENDING, or has nothing to do
 *	  __queue_work()	which pwq?  which list?
 *	    insert_work()	links it, wakes a worker if nobody runs
 *	queue_delayed_work_on()
 *	  __queue_delayed_work()  a timer in between, which queues from interrupt context
 *
 * Interrupts are off from winning PENDING until the item is on a list or its timer
 * armed: that stretch is short and never blocks, so a canceller that retries until it
 * is over (cancel.c) gets through (C-F32).
 *
 * Locks: pool->lock for the lists and counts, taken in lock_target_pwq() and released
 * in __queue_work().
 *
 * Read next: execute.c.
 */
#include <linux/bug.h>
#include <linux/printk.h>
#include <linux/topology.h>

#include "workqueue_internal.h"

/* Put an item into a list of the pwq's pool.  Under pool->lock. */
void insert_work(struct pool_workqueue *pwq, struct work_struct *work,
		 struct list_head *head, unsigned int extra_flags)
{
	struct worker_pool *pool = pwq->pool;

	get_pwq(pwq);
	set_work_pwq(work, pwq, extra_flags);
	list_add_tail(&work->entry, head);
	/*
	 * The last running worker counts itself out under pool->lock, which is held
	 * here: it came before, then nr_running is 0 and somebody is woken here; or it
	 * comes after, then it sees the item (C-F11).
	 */
	if (!__READ_ONCE(pool->nr_running))
		wake_up_worker(pool);
}

/* Does current execute an item of this workqueue?  Then it may queue to it while it drains. */
static bool is_chained_work(struct workqueue_struct *wq)
{
	struct worker *worker = current_wq_worker();
	bool between;

	if (!worker)
		return false;
	/*
	 * A timer may have interrupted a worker that executes nothing just then.  The release
	 * follows the pointer all the same, and falls over it; we say so, and go on.
	 */
	between = !worker->current_pwq;
	if (WARN_ONCE(between, "workqueue %s: a timer interrupted %s between two items, where 3.18 dereferences NULL\n", wq->name, current->comm))
		return false;
	return !between && worker->current_pwq->wq == wq;
}

/*
 * The pwq to queue to, with its pool locked.  The item's last pool has the first
 * word: if the item still runs there for this workqueue it is queued behind
 * itself, wherever the caller wanted it (C-F20).
 */
static struct pool_workqueue *lock_target_pwq(int cpu, struct workqueue_struct *wq,
					      struct work_struct *work)
{
	struct worker_pool *last_pool = get_work_pool(work);
	struct pool_workqueue *pwq;
	struct worker *worker;

	if (__READ_ONCE(wq->flags) & WQ_UNBOUND)
		pwq = unbound_pwq_by_node(wq, cpu_to_node(cpu));
	else
		pwq = per_cpu_ptr(wq->cpu_pwqs, cpu);
	if (last_pool && last_pool != pwq->pool) {
		spin_lock(&last_pool->lock);
		worker = find_worker_executing_work(last_pool, work);
		if (worker && worker->current_pwq->wq == wq)
			return worker->current_pwq;
		spin_unlock(&last_pool->lock);
	}
	spin_lock(&pwq->pool->lock);
	return pwq;
}

/* Queue an item whose PENDING is the caller's.  Interrupts off. */
void __queue_work(int req_cpu, struct workqueue_struct *wq, struct work_struct *work)
{
	struct pool_workqueue *pwq;
	unsigned long flags;
	int cpu = req_cpu == WORK_CPU_UNBOUND ? (int)raw_smp_processor_id() : req_cpu;

	WARN_ON_ONCE(!irqs_disabled() && !in_interrupt());
	if (unlikely(!cpu_possible(cpu))) {
		pr_emerg("workqueue %s: queue_work_on() for CPU %d, which this machine does not have\n",
			 wq->name, cpu);
		BUG();
	}
	/*
	 * An outsider's item is dropped, PENDING and all (C-F35).  The flag is read without
	 * wq->mutex: a queuer that misses it counts as having come before the drain.
	 */
	if (unlikely(__READ_ONCE(wq->flags) & __WQ_DRAINING) && WARN_ON_ONCE(!is_chained_work(wq))) {
		check_dropped(wq, work);
		return;
	}

	/*
	 * An unbound pwq may have been replaced, and lost its last reference, between the
	 * look at the table and the lock.  Its successor stands in the table by then, so
	 * this ends; a pwq with a reference under the lock stays, for the item gets one.
	 */
	while (!(pwq = lock_target_pwq(cpu, wq, work))->refcnt) {
		bool bound = !(__READ_ONCE(wq->flags) & WQ_UNBOUND);

		if (WARN_ONCE(bound, "workqueue: per-cpu pwq for %s on cpu%d has 0 refcnt", wq->name, cpu))
			break;
		spin_unlock(&pwq->pool->lock);
		cpu_relax();
	}

	trace_workqueue_queue_work(req_cpu, wq->name, work, pwq->pool->cpu);
	if (WARN_ON(!list_empty(&work->entry)))
		goto out;

	pwq->nr_in_flight[pwq->work_color]++;
	flags = work_color_to_flags(pwq->work_color);
	if (unlikely(pwq->nr_active >= pwq->max_active)) {
		GOAL(HELD_BACK);
		insert_work(pwq, work, &pwq->delayed_works, flags | WORK_STRUCT_DELAYED);
		goto queued;
	}
	pwq->nr_active++;
	if (list_empty(&pwq->pool->worklist))
		pool_progress(pwq->pool);
	trace_workqueue_activate_work(work);
	insert_work(pwq, work, &pwq->pool->worklist, flags);
queued:
	check_inserted(work, wq);
out:
	spin_unlock(&pwq->pool->lock);
}

bool queue_work_on(int cpu, struct workqueue_struct *wq, struct work_struct *work)
{
	unsigned long flags;
	bool won;

	local_irq_save(flags);
	won = !test_and_set_bit(WORK_STRUCT_PENDING_BIT, work_data_bits(work));
	if (won) {
		claim_work(work);
		__queue_work(cpu, wq, work);
	}
	local_irq_restore(flags);
	return won;
}

bool queue_work(struct workqueue_struct *wq, struct work_struct *work)
{
	return queue_work_on(WORK_CPU_UNBOUND, wq, work);
}

bool schedule_work(struct work_struct *work)
{
	return queue_work(system_wq, work);
}

/* ---- with a delay ---- */

void delayed_work_timer_fn(unsigned long __data)
{
	struct delayed_work *dwork = (struct delayed_work *)__data;

	/* In interrupt context, where nothing else comes in between: as good as interrupts off. */
	__queue_work(dwork->cpu, dwork->wq, &dwork->work);
}

void __queue_delayed_work(int cpu, struct workqueue_struct *wq,
			  struct delayed_work *dwork, unsigned long delay)
{
	struct timer_list *timer = &dwork->timer;

	WARN_ON_ONCE(timer_pending(timer));
	WARN_ON_ONCE(!list_empty(&dwork->work.entry));

	if (!delay) {
		__queue_work(cpu, wq, &dwork->work);
		return;
	}
	/* The other engine may have had this item's timer. */
	timer->function = delayed_work_timer_fn;
	timer->data = (unsigned long)dwork;
	timer->expires = jiffies + delay;
	dwork->wq = wq;
	dwork->cpu = cpu;
	if (cpu == WORK_CPU_UNBOUND)
		add_timer(timer);
	else
		add_timer_on(timer, cpu);
}

bool queue_delayed_work_on(int cpu, struct workqueue_struct *wq,
			   struct delayed_work *dwork, unsigned long delay)
{
	struct work_struct *work = &dwork->work;
	unsigned long flags;
	bool won;

	local_irq_save(flags);
	won = !test_and_set_bit(WORK_STRUCT_PENDING_BIT, work_data_bits(work));
	if (won) {
		claim_work(work);
		__queue_delayed_work(cpu, wq, dwork, delay);
	}
	local_irq_restore(flags);
	return won;
}

bool queue_delayed_work(struct workqueue_struct *wq, struct delayed_work *dwork, unsigned long delay)
{
	return queue_delayed_work_on(WORK_CPU_UNBOUND, wq, dwork, delay);
}

/* The cancelling case counts as pending: -ENOENT is true (facts, 2.3). */
bool mod_delayed_work_on(int cpu, struct workqueue_struct *wq,
			 struct delayed_work *dwork, unsigned long delay)
{
	unsigned long flags;
	int grabbed;

	do {
		grabbed = try_to_grab_pending(&dwork->work, true, &flags);
	} while (grabbed == -EAGAIN);

	if (grabbed >= 0) {
		__queue_delayed_work(cpu, wq, dwork, delay);
		local_irq_restore(flags);
	}
	return grabbed;
}
