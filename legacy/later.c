// SPDX-License-Identifier: GPL-2.0-only
/*
 * Calls that came after 2.6.32, done with what 2.6.32 has.
 *
 *	alloc_workqueue()	ordered, or unbound with max_active 1: one thread;
 *				anything else: a thread per CPU.  What is lost
 *				is said in a warning that names the workqueue
 *	mod_delayed_work_on()	cancel_delayed_work() and queue again, which is
 *				what users of that time wrote
 *	drain_workqueue()	flush until nothing is left
 *	workqueue_set_max_active()  max_active is 1 and stays 1: a warning
 *	work_busy()		looks at PENDING and at current_work
 *
 * Locking: cwq->lock where a slot is looked at.
 *
 * Read next: check.c, what must hold of all this; then cmwq/workqueue_internal.h.
 */
#include <linux/gfp.h>
#include <linux/kernel.h>
#include <linux/printk.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/timer.h>

#include "workqueue_internal.h"

/* What an alloc_workqueue() loses here, to be said in one sentence. */
struct loss {
	const char *piece[6];
	int nr;
};

static void lose(struct loss *loss, const char *piece)
{
	loss->piece[loss->nr++] = piece;
}

/* "A has no ..."; "A and B have no ..."; "A, B and C have no ...". */
static void warn_loss(const char *name, const struct loss *loss)
{
	char text[128] = "";
	size_t len = 0;
	int i;

	for (i = 0; i < loss->nr; i++) {
		const char *glue = i == 0 ? "" : i == loss->nr - 1 ? " and " : ", ";

		len += scnprintf(text + len, sizeof(text) - len, "%s%s", glue, loss->piece[i]);
	}
	if (loss->nr)
		pr_warn("legacy: workqueue \"%s\": %s %s no counterpart in 2.6.32, dropped\n",
			name, text, loss->nr == 1 ? "has" : "have");
}

static void warn_dropped(const char *name, unsigned int flags, int max_active, bool single)
{
	struct loss loss = { .nr = 0 };
	char number[24];

	if (flags & WQ_UNBOUND && !single)
		lose(&loss, "WQ_UNBOUND");
	if (flags & WQ_HIGHPRI)
		lose(&loss, "WQ_HIGHPRI");
	if (flags & WQ_CPU_INTENSIVE)
		lose(&loss, "WQ_CPU_INTENSIVE");
	if (flags & WQ_SYSFS)
		lose(&loss, "WQ_SYSFS");
	if (flags & WQ_POWER_EFFICIENT)
		lose(&loss, "WQ_POWER_EFFICIENT");
	/* 0 leaves the number to the engine: here that is 1, and nothing is lost that was asked for. */
	if (max_active > 1) {
		snprintf(number, sizeof(number), "max_active %d", max_active);
		lose(&loss, number);
	}
	warn_loss(name, &loss);
}

/*
 * Every workqueue of this design has threads of its own, so WQ_MEM_RECLAIM is
 * kept without doing anything for it; and each thread runs one item at a time,
 * so a max_active of 1 is kept too.  WQ_FREEZABLE is kept, on as many threads as there
 * would be without it, though the release's own call for it makes one.
 *
 * The name is the caller's for the length of the call only, unlike in the
 * release's own calls; hence the copy.
 */
struct workqueue_struct *legacy_alloc_workqueue(const char *name, unsigned int flags, int max_active,
						struct lock_class_key *key, const char *lock_name)
{
	bool single = flags & __WQ_ORDERED || (flags & WQ_UNBOUND && max_active == 1);
	struct workqueue_struct *wq;
	char *copy = kstrdup(name, GFP_KERNEL);

	if (!copy)
		return NULL;

	wq = __create_workqueue_key(copy, single, !!(flags & WQ_FREEZABLE), 0, key, lock_name);
	if (!wq) {
		kfree(copy);
		return NULL;
	}
	wq->own_name = copy;
	warn_dropped(copy, flags, max_active, single);
	return wq;
}

/*
 * An item that is already linked keeps its place: this release cannot take it
 * back without waiting for it.  Between the two steps another queuer may win;
 * then the item is pending all the same, with that queuer's delay.
 */
bool mod_delayed_work_on(int cpu, struct workqueue_struct *wq, struct delayed_work *dwork,
			 unsigned long delay)
{
	bool on_timer = del_timer(&dwork->timer);
	bool queued;

	if (on_timer)
		work_clear_pending(&dwork->work);

	if (delay)
		queued = queue_delayed_work_on(cpu, wq, dwork, delay);
	else
		queued = queue_work_on(cpu, wq, &dwork->work);
	if (on_timer && !queued)
		check_merged(&dwork->work);

	return on_timer || !queued;
}

static bool wq_has_work(struct workqueue_struct *wq)
{
	struct cpu_workqueue_struct *cwq;
	bool busy = false;
	int cpu;

	for_each_cpu(cpu, wq_cpu_map(wq)) {
		cwq = per_cpu_ptr(wq->cpu_wq, cpu);
		spin_lock_irq(&cwq->lock);
		busy = cwq->current_work || !list_empty(&cwq->worklist);
		spin_unlock_irq(&cwq->lock);
		if (busy)
			break;
	}
	return busy;
}

/* Unlike in 3.18, nobody is kept from queueing meanwhile. */
void drain_workqueue(struct workqueue_struct *wq)
{
	unsigned int tries = 0;

	for (;;) {
		flush_workqueue(wq);
		if (!wq_has_work(wq))
			break;
		tries++;
		if (tries == 10 || (tries <= 1000 && tries % 100 == 0))
			pr_warn("workqueue %s: drain_workqueue() isn't complete after %u tries\n",
				wq->name, tries);
		/* It may be our own barrier, whose thread we outran: let it on, even from below us. */
		schedule_timeout_uninterruptible(1);
	}
}

void workqueue_set_max_active(struct workqueue_struct *wq, int max_active)
{
	if (max_active != 1)
		pr_warn("legacy: workqueue \"%s\": max_active %d has no counterpart in 2.6.32, still 1\n",
			wq->name, max_active);
}

/* A hint: by the time it is looked at it may be wrong. */
unsigned int work_busy(struct work_struct *work)
{
	unsigned int ret = work_pending(work) ? WORK_BUSY_PENDING : 0;
	struct cpu_workqueue_struct *cwq = unless_poisoned(get_wq_data(work), work, "work_busy");
	struct workqueue_struct *wq;
	int cpu;

	if (!cwq)
		return ret;

	wq = cwq->wq;
	for_each_cpu(cpu, wq_cpu_map(wq)) {
		cwq = per_cpu_ptr(wq->cpu_wq, cpu);
		spin_lock_irq(&cwq->lock);
		if (cwq->current_work == work)
			ret |= WORK_BUSY_RUNNING;
		spin_unlock_irq(&cwq->lock);
	}
	return ret;
}
