// SPDX-License-Identifier: GPL-2.0-only
/*
 * The invariants and goals in words: what docs/invariants.md and every report say.
 *
 * A promise is one or two sentences for somebody who has just broken it: what holds,
 * and what it means when it does not.  Constant; no locks.  Read next: invariant.c.
 */
#include "wqlab/invariant.h"

#define BOTH	"both"
#define OLD	"2.6.32"
#define NEW	"3.18"

#define CHECKED(n, rel, at, what, text)	\
	[INV_##n] = { .name = #n, .title = what, .release = rel, .when = at, .by = INV_BY_CHECK, .promise = text }
#define VERDICT(n, rel, at, what, text)	\
	[INV_##n] = { .name = #n, .title = what, .release = rel, .when = at, .by = INV_BY_MACHINE, .promise = text }
#define OPEN(n, rel, at, what, text)	\
	[INV_##n] = { .name = #n, .title = what, .release = rel, .when = at, .by = INV_BY_NOBODY, .promise = text }

static const struct invariant table[INV_NR] = {
	/* ---- A: a work item ---- */
	CHECKED(A1, BOTH, "R", "queued twice",
		"Once a queue call has won, all others on the item lose until it starts or is cancelled: "
		"whoever wins owns the item's word and its list link, and two owners ruin both."),
	CHECKED(A2, BOTH, "Q", "the books do not balance",
		"Every queue call that won becomes one run or one cancel that won. "
		"One too few: an item was lost. One too many: it ran or was cancelled without having been queued."),
	CHECKED(A3, BOTH, "P", "a run too many",
		"Every run belongs to one queue call that won before it. "
		"This run has none: the item was executed twice for one queueing, or out of nothing."),
	CHECKED(A4, BOTH, "Q", "a queueing without a run",
		"Behind every attempt to queue, also one that found the item pending, comes a run that sees "
		"what the caller wrote before. Here the last run began before the last attempt: that caller's news are lost."),
	CHECKED(A5, BOTH, "P", "started but not let go of",
		"When an item starts it is neither pending nor on a list, for its function may queue it again or free it. "
		"If it is still pending, its function cannot queue it; if it is still linked, freeing it ruins the list."),
	CHECKED(A6, BOTH, "P", "a broken list",
		"A queued item is linked in exactly one list, and is marked pending. "
		"If it is linked twice, or not marked, somebody queued or removed it without owning PENDING or the lock."),
	CHECKED(A7, BOTH, "P", "the word does not match",
		"The item's data word says where it is: while it is on a list, the list's owner (2.6.32: the cwq, 3.18: the pwq), "
		"and once it is not, where it last was. Whoever looks for the item by its word looks in the wrong place."),

	/* ---- B: exclusion, order, place ---- */
	CHECKED(B1, OLD, "P", "not one after another",
		"Behind a list stands one thread, which executes one item at a time in the order of queueing. "
		"Users of create_workqueue() rely on it instead of a lock."),
	CHECKED(B3, NEW, "P", "an item runs twice at once",
		"While an item's function runs for a workqueue, the same item is not started again, on any CPU. "
		"Functions are written without a lock against themselves."),
	CHECKED(B4, NEW, "P", "a collision was not handed over",
		"A worker that finds its item executing elsewhere in the pool gives it to that worker, which runs it next, before it idles. "
		"Else the item runs twice at once, or never."),
	CHECKED(B5, BOTH, "P", "an ordered workqueue is not",
		"An ordered (single-threaded) workqueue executes one item at a time, over all CPUs, in the order of queueing."),
	CHECKED(B6, BOTH, "P", "on the wrong CPU",
		"An item of a bound workqueue runs on the CPU it was queued to: per-CPU data are used without a lock because of it."),

	/* ---- C: concurrency management ---- */
	CHECKED(C1, NEW, "P", "nr_running is wrong",
		"nr_running counts the pool's workers that neither sleep nor bear a flag of WORKER_NOT_RUNNING. "
		"Too high: nobody is woken when the last one sleeps. Too low: more run at once than the CPU needs."),
	CHECKED(C2, NEW, "P", "nr_running without workers",
		"nr_running is never negative, and 0 when all workers idle. "
		"Somebody counted himself out twice, or went to sleep without counting himself out."),
	CHECKED(C3, NEW, "P", "a lost wake-up",
		"While items wait, somebody sees to them: a worker that runs, or has been woken, a manager or a rescuer. "
		"Here all of them sleep, and the items wait until somebody queues another one."),
	CHECKED(C4, NEW, "P", "no reserve worker",
		"While an item executes, another worker idles, or is being made, for the moment in which the item sleeps. "
		"Without it the pool stands still as soon as that happens."),
	CHECKED(C5, NEW, "P", "a worker in the wrong place",
		"A worker idles (and is on idle_list, with WORKER_IDLE) or executes (and is in busy_hash, under its item), never both; "
		"nr_idle and nr_workers say how many there are. Who is in no list is never woken, who is in two is woken while he works."),
	CHECKED(C6, NEW, "P", "one worker too many",
		"A worker goes on to another item only while no other one of its pool runs (nr_running <= 1): one is enough for a CPU."),
	CHECKED(C7, NEW, "P", "idle workers trimmed wrongly",
		"Only an idle worker beyond need is let go ((nr_idle - 2) * 4 >= the busy ones), and only after 300 s; and then it is let go."),
	CHECKED(C8, NEW, "P", "a CPU-intensive item counts",
		"While a worker executes an item of a WQ_CPU_INTENSIVE workqueue it does not count in nr_running, lest it keep all others waiting."),

	/* ---- D: a workqueue on a pool ---- */
	CHECKED(D1, NEW, "P", "more active than allowed",
		"nr_active stays between 0 and max_active; after max_active was lowered it only falls until it fits."),
	CHECKED(D2, NEW, "P", "held back for nothing",
		"Items are held back on delayed_works only while nr_active has reached max_active. "
		"If it has not, nobody is left to activate them: they wait until the next item retires, or for ever."),
	CHECKED(D3, NEW, "P", "the colours are miscounted",
		"nr_in_flight counts the items of each colour that are queued, held back or executing. "
		"Too high: a flush never ends. Too low: it ends before its items."),
	CHECKED(D4, NEW, "P", "too few references",
		"A pwq that is linked to its workqueue has a reference for that and one for each item in flight. "
		"With too few it is freed while items still point to it."),
	CHECKED(D5, NEW, "P", "a barrier is coloured",
		"Barriers have no colour, and every other item has one: a coloured barrier would count in max_active and be flushed itself."),

	/* ---- E: flush and cancel ---- */
	CHECKED(E1, BOTH, "R", "flush_work() came back too early",
		"When flush_work() returns, what was queued before the call has ended or been cancelled "
		"(2.6.32: its last queueing); and it says false only if the item was idle at some moment of the call."),
	CHECKED(E2, BOTH, "R", "flush_workqueue() came back too early",
		"When flush_workqueue() returns, all that was queued to the workqueue before the call has ended or been cancelled."),
	CHECKED(E3, BOTH, "R", "cancelled, and yet not idle",
		"After cancel_work_sync() the item is neither pending nor executing (2.6.32: for its last workqueue), "
		"and the result says whether it was pending. Callers free the item next."),
	CHECKED(E4, BOTH, "R", "cancelled, and yet on its timer",
		"After cancel_delayed_work_sync() the timer is idle as well, or it fires into memory that the caller has freed."),
	CHECKED(E5, BOTH, "P", "a cancelled instance runs",
		"What a cancel has taken back (it returned true) never starts."),
	CHECKED(E6, BOTH, "R", "drained, and yet not empty",
		"When drain_workqueue() returns, all that was queued before the call has ended."),
	CHECKED(E7, NEW, "P", "the flush colours are out of order",
		"The colours in use are the ring's segment from flush_color to work_color, the flushers wait in that order, and "
		"all pwqs paint with the workqueue's colour. Else a flusher waits for items of another one, or for none."),
	CHECKED(E8, NEW, "P", "a barrier left its target",
		"A barrier runs directly behind the item it waits for, on the same worker. "
		"Elsewhere it would tell the waiter of the end of something else."),
	VERDICT(E9, BOTH, "F", "an item waits for itself",
		"An item that flushes its own workqueue, or flushes or cancels itself, waits for its own end. "
		"That is the caller's fault, and must be reported instead of hanging silently."),

	/* ---- F: timers ---- */
	CHECKED(F1, BOTH, "P", "before its time",
		"An item with a delay starts no earlier than that delay after it was queued; with delay 0, 3.18 queues it at once."),
	CHECKED(F2, BOTH, "R", "on its timer, but not pending",
		"An item whose timer is pending is pending. Else the next queue call arms a timer that is armed already."),
	CHECKED(F3, BOTH, "R", "two instances",
		"An item is on its timer or on a list, never on both: mod_delayed_work() moves the one instance there is."),

	/* ---- G: progress ---- */
	CHECKED(G1, BOTH, "Q", "an item that nobody starts",
		"If functions end and threads can be made, every queued item starts. When nothing moves any more, no item is left on a list."),
	CHECKED(G2, NEW, "P", "help is not called",
		"While no worker can be made, the mayday timer is armed: after 10 ms, and then every 100 ms, it calls the rescuers "
		"of the workqueues whose items wait. Without it a WQ_MEM_RECLAIM workqueue stands still as any other."),
	VERDICT(G3, BOTH, "F", "nothing can ever happen again",
		"It must never come to this: somebody waits, nobody runs, and no timer is armed."),
	VERDICT(G4, BOTH, "F", "on and on without progress",
		"It must never come to this: steps are taken for ever, and no item starts or ends, and no call returns."),

	/* ---- H: teardown ---- */
	CHECKED(H1, BOTH, "R", "destroyed with items in flight",
		"When destroy_workqueue() returns, all that was queued before the call has ended (2.6.32: what slipped in while "
		"its thread was stopping is left behind, a hole of that release)."),
	CHECKED(H2, NEW, "P", "something is left of a workqueue",
		"A workqueue that is taken down has nothing in flight, active or held back, no rescuer and nobody who asks for one; "
		"and when the engine goes down no unbound pool is left."),
	VERDICT(H3, BOTH, "Q", "threads are left behind",
		"What an engine took it gives back: when the machine is down no thread is left."),
	CHECKED(H4, NEW, "P", "dropped without a word",
		"An item queued from outside to a workqueue that drains is dropped, and a warning says so. The caller is told \"queued\"."),

	/* ---- I: discipline ---- */
	CHECKED(I1, BOTH, "P", "a function kept a lock",
		"A work function returns with the same preemption count, interrupts on and no more locks than it began with. "
		"Whatever the thread executes next inherits what is left."),
	OPEN(I2, BOTH, "P", "a field without its lock",
		"Fields marked with a lock's letter are accessed under that lock only."),
	VERDICT(I3, BOTH, "P", "asleep in atomic context",
		"Nobody sleeps under a spinlock, in interrupt context, or inside the scheduler's hooks."),
	OPEN(I4, BOTH, "P", "locks in a circle",
		"The order in which locks are taken, workqueues and items among them, has no circle."),

	/* ---- J: hotplug and freezer ---- */
	OPEN(J1, BOTH, "Q", "lost with its CPU",
		"No item is lost when a CPU goes down or comes up."),
	CHECKED(J2, BOTH, "P", "started while frozen",
		"Once all stand still no item of a freezable workqueue starts before the thaw: it would use a device that is asleep."),
};

static const struct goal goals[GOAL_NR] = {
	[GOAL_B2] = { "B2", OLD, "an item executes on two CPUs at once" },
	[GOAL_LEFT_BEHIND] = { "left-behind", OLD, "an item is left on the list of a thread that was stopped" },
	[GOAL_COLLISION] = { "collision", NEW, "an item is handed to the worker that executes it" },
	[GOAL_RESCUE] = { "rescue", NEW, "a rescuer executes an item" },
	[GOAL_OVERFLOW] = { "overflow", NEW, "a flusher finds all 15 colours taken" },
	[GOAL_HELD_BACK] = { "held-back", NEW, "max_active holds an item back" },
	[GOAL_BUSY_MANAGER] = { "busy-manager", NEW, "an item starts while the reserve worker is only being made" },
};

const struct invariant *invariant_get(enum invariant_id id)
{
	return &table[id];
}

const struct goal *goal_get(enum goal_id id)
{
	return &goals[id];
}
