// SPDX-License-Identifier: GPL-2.0-only
/*
 * Queueing: from the caller to the tail of a list, at once or after a delay.
 *
 *	queue_work() -> queue_work_on() ---------------+
 *	                                               +-> __queue_work() -> insert_work()
 *	queue_delayed_work() -> queue_delayed_work_on()|
 *	                          timer ... delayed_work_timer_fn()
 *
 * Whoever queues an item first wins its PENDING bit with one atomic operation; all
 * others are told "already pending" and leave.  The winner alone writes the rest
 * of work->data and links the item, so work_struct needs no lock of its own:
 *
 *	PENDING 0    idle, or running and free to be queued again
 *	PENDING 1    won: on its timer, about to be linked, linked, or in the hands
 *	             of somebody who cancels it
 *
 * Locking: the list is cwq->lock's.  Preemption is off in queue_work() so that
 * "the local CPU" does not change under our feet; nothing is excluded by it.  On the
 * native machine a timer fires beside us, not on top of us: the lock is all there is.
 *
 * Read next: worker.c.
 */
#include <linux/jiffies.h>
#include <linux/printk.h>
#include <linux/smp.h>
#include <linux/timer.h>

#include "workqueue_internal.h"

/* A CPU that this machine was not booted with: the kernel would look anywhere. */
void check_cpu(struct workqueue_struct *wq, int cpu)
{
	if (likely((unsigned int)cpu < (unsigned int)nr_cpu_ids))
		return;
	pr_emerg("BUG: workqueue \"%s\": there is no CPU %d\n", wq->name, cpu);
	BUG();
}

/*
 * The release hands cwq->thread to its tracepoint and so falls over a NULL
 * pointer when an item is queued on a CPU that has no thread.  Say it in words.
 */
static void bug_no_thread(struct cpu_workqueue_struct *cwq, struct work_struct *work)
{
	char text[48];

	pr_emerg("BUG: workqueue \"%s\": %s inserted on CPU %d, where it has no thread\n",
		 cwq->wq->name, work_text(work, text, sizeof(text)), cwq->cpu);
	BUG();
}

/*
 * Link an item in front of @head: the list's head for the tail, an item to come
 * before it.  Whoever comes holds cwq->lock and owns PENDING.
 *
 * flush_work() and try_to_grab_pending() look for a linked item first and read
 * its data then; the barrier here and theirs see to it that a linked item is
 * never seen with the address of an earlier list.
 */
void insert_work(struct cpu_workqueue_struct *cwq, struct work_struct *work,
		 struct list_head *head)
{
	struct task_struct *thread = __READ_ONCE(cwq->thread);

	if (unlikely(!thread))
		bug_no_thread(cwq, work);
	trace_workqueue_insertion(thread, work);

	set_wq_data(work, cwq);
	smp_wmb();
	list_add_tail(&work->entry, head);
	wake_up(&cwq->more_work);
}

/*
 * @req_cpu is what the caller asked for: only 3.18's trace event, which this
 * engine emits beside its own, wants to know.
 */
void __queue_work(struct cpu_workqueue_struct *cwq, struct work_struct *work, int req_cpu)
{
	unsigned long flags;

	spin_lock_irqsave(&cwq->lock, flags);
	trace_workqueue_queue_work(req_cpu, cwq->wq->name, work, cwq->cpu);
	trace_workqueue_activate_work(work);
	insert_work(cwq, work, &cwq->worklist);
	check_inserted(work, cwq->wq);
	spin_unlock_irqrestore(&cwq->lock, flags);
}

bool queue_work(struct workqueue_struct *wq, struct work_struct *work)
{
	int cpu = get_cpu();
	bool queued = queue_work_on(cpu, wq, work);

	put_cpu();
	return queued;
}

/* WORK_CPU_UNBOUND is 3.18's way to say "the local one". */
bool queue_work_on(int cpu, struct workqueue_struct *wq, struct work_struct *work)
{
	if (cpu == WORK_CPU_UNBOUND)
		return queue_work(wq, work);

	if (test_and_set_bit(WORK_STRUCT_PENDING, work_data_bits(work)))
		return false;

	BUG_ON(!list_empty(&work->entry));
	__queue_work(wq_per_cpu(wq, cpu), work, cpu);
	return true;
}

/*
 * Point an item that goes on a timer at a slot, any of its workqueue's.
 *
 * Who looks for a linked item (behind_work(), try_to_grab_pending()) holds a slot's lock
 * and asks: is it linked, and does it point here?  As pointing an item here and linking
 * it here both take that lock, two times yes means "linked here".  The release points it
 * without the lock, and so leaves a hole for an item that runs on one CPU and is delayed
 * from another just between the two questions.  On real cores it can be fallen into; so
 * there the lock is taken, if the item points elsewhere.
 */
static void set_delayed_data(struct work_struct *work, struct cpu_workqueue_struct *cwq)
{
	unsigned long flags;

	if (mach_points_on || get_wq_data(work) == cwq) {
		set_wq_data(work, cwq);
		return;
	}
	spin_lock_irqsave(&cwq->lock, flags);
	set_wq_data(work, cwq);
	spin_unlock_irqrestore(&cwq->lock, flags);
}

/*
 * The delay is over; we are in the timer interrupt of the CPU it fired on, and
 * that CPU's list gets the item, wherever the timer was armed.  PENDING has
 * been ours since then, so the data word can be trusted.
 */
void delayed_work_timer_fn(unsigned long __data)
{
	struct delayed_work *dwork = (struct delayed_work *)__data;
	struct cpu_workqueue_struct *cwq = get_wq_data(&dwork->work);
	int cpu = smp_processor_id();

	if (unlikely(!unless_poisoned(cwq, &dwork->work, "delayed_work_timer_fn")))
		return;		/* with PENDING set: it will never run */
	__queue_work(wq_per_cpu(cwq->wq, cpu), &dwork->work, cpu);
}

bool queue_delayed_work(struct workqueue_struct *wq, struct delayed_work *dwork,
			unsigned long delay)
{
	if (!delay)
		return queue_work(wq, &dwork->work);
	return queue_delayed_work_on(-1, wq, dwork, delay);
}

/*
 * @cpu < 0 arms the timer here; so does 3.18's WORK_CPU_UNBOUND.  A delay of 0
 * gets a timer too, and waits for the next tick.
 */
bool queue_delayed_work_on(int cpu, struct workqueue_struct *wq,
			   struct delayed_work *dwork, unsigned long delay)
{
	struct timer_list *timer = &dwork->timer;
	struct work_struct *work = &dwork->work;

	if (test_and_set_bit(WORK_STRUCT_PENDING, work_data_bits(work)))
		return false;

	BUG_ON(timer_pending(timer));
	BUG_ON(!list_empty(&work->entry));

	/*
	 * The timer function finds the workqueue through the data word.  Any of
	 * its slots would do, so it does not matter if we move to another CPU.
	 */
	set_delayed_data(work, wq_per_cpu(wq, raw_smp_processor_id()));

	timer->function = delayed_work_timer_fn;
	timer->data = (unsigned long)dwork;
	timer->expires = jiffies + delay;

	if (cpu < 0 || cpu == WORK_CPU_UNBOUND) {
		add_timer(timer);
	} else {
		check_cpu(wq, cpu);
		add_timer_on(timer, cpu);
	}
	return true;
}
