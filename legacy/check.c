// SPDX-License-Identifier: GPL-2.0-only
/*
 * What must hold of a slot, checked whenever cwq->lock is released (A6, A7), when an item
 * starts (B6), and when nothing moves (G1).  docs/invariants.md has all by name.
 *
 * In explored runs this is called very often: a list is walked each time while it is
 * short, and the more seldom the longer it is.
 *
 * Locking: cwq->lock, which the caller holds.  No choice point is passed, so fields are
 * read as they are.  Read next: dump.c.
 */
#include <linux/freezer.h>
#include <wqlab/race.h>

#include "workqueue_internal.h"

#define WALK_SHARE	16	/* a walk over n items is repeated after n / WALK_SHARE releases */

/* Overwritten by the next call. */
static const char *cwq_name(const struct cpu_workqueue_struct *cwq)
{
	static char name[64];

	if (cwq->cpu < 0)
		snprintf(name, sizeof(name), "workqueue %s", cwq->wq->name);
	else
		snprintf(name, sizeof(name), "workqueue %s on CPU %d", cwq->wq->name, cwq->cpu);
	return name;
}

static void check_item(struct cpu_workqueue_struct *cwq, struct work_struct *work, struct list_head *before)
{
	unsigned long data = __READ_ONCE(*work_data_bits(work));
	bool pending = data & (1UL << WORK_STRUCT_PENDING), linked = work->entry.prev == before;
	bool ours = __READ_ONCE(work->engine) == &legacy_engine &&
		    (data & WORK_STRUCT_WQ_DATA_MASK) == (unsigned long)cwq;

	INVARIANT(A6, true, pending && linked, check_item_name(work),
		  "it is on the list of %s, it is %s, and its links %s", cwq_name(cwq),
		  pending ? "pending" : "not pending", linked ? "are right" : "lead elsewhere");
	INVARIANT(A7, true, ours, check_item_name(work), "it is on the list of %s, and its word names %s",
		  cwq_name(cwq), data & WORK_STRUCT_WQ_DATA_MASK ? "another one" : "none");
}

static void check_cwq(spinlock_t *lock)
{
	struct cpu_workqueue_struct *cwq = container_of(lock, struct cpu_workqueue_struct, lock);
	struct list_head *before = &cwq->worklist;
	struct work_struct *work;
	unsigned int n = 0;

	if (cwq->rest) {
		cwq->rest--;
		return;
	}
	race_ignore();
	list_for_each_entry(work, &cwq->worklist, entry) {
		check_item(cwq, work, before);
		before = &work->entry;
		n++;
	}
	cwq->rest = n / WALK_SHARE;
	race_watch();
}

void check_init_cwq(struct cpu_workqueue_struct *cwq)
{
	spin_lock_guards(&cwq->lock, check_cwq);
}

/* A thread that is bound runs its items where it is bound. */
void __check_place(struct cpu_workqueue_struct *cwq, struct work_struct *work)
{
	race_ignore();
	INVARIANT(B6, cwq->cpu >= 0 && cpu_online(cwq->cpu), (int)raw_smp_processor_id() == cwq->cpu,
		  check_item_name(work), "it starts on CPU %u, and was queued to %s", raw_smp_processor_id(),
		  cwq_name(cwq));
	INVARIANT(J2, cwq->wq->freezeable && current->freezes != freezes_begun(), !tasks_frozen(),
		  check_item_name(work), "all are frozen, and %s starts it", current->comm);
	race_watch();
}

/* What slipped in while the thread was about to stop stays on the list unrun (A-F9). */
void __check_left_behind(struct cpu_workqueue_struct *cwq)
{
	struct work_struct *work;

	race_ignore();
	list_for_each_entry(work, &cwq->worklist, entry) {
		check_lost(work);
		GOAL(LEFT_BEHIND);
	}
	race_watch();
}

static void check_wq_quiet(struct workqueue_struct *wq)
{
	struct cpu_workqueue_struct *cwq;
	int cpu;

	for_each_cpu(cpu, wq_cpu_map(wq)) {
		cwq = per_cpu_ptr(wq->cpu_wq, cpu);
		spin_lock_irq(&cwq->lock);
		race_ignore();
		INVARIANT(G1, true, list_empty(&cwq->worklist), cwq_name(cwq), "items wait on its list");
		race_watch();
		spin_unlock_irq(&cwq->lock);
	}
}

/*
 * Without workqueue_lock, which is a leaf: where nothing moves, nobody makes a workqueue.
 * Single-threaded ones are on no list; their items have notes like all others.
 */
void check_quiet(void)
{
	struct workqueue_struct *wq;

	list_for_each_entry(wq, &workqueues, list)
		check_wq_quiet(wq);
}
