// SPDX-License-Identifier: GPL-2.0-only
/*
 * Timers of nanosecond resolution, and sleeping by them.
 *
 * The timers of a virtual CPU form a pairing heap, ordered by expiry and, among
 * equals, by when they were started. Every timer is the root of a tree:
 *
 *	root                    child:   first of those below
 *	 | child                sibling: next beside
 *	 a --- b --- c          back:    previous beside, or the one above
 *	       |
 *	       d --- e
 *
 * Two trees are joined by hanging the later root below the earlier, which is
 * all that starting takes. When a root leaves, its children are joined in
 * pairs from the left and the pairs from the right; that makes leaving cost
 * log n on average.
 *
 * Guarantees: as T1 to T3 in timer.c, with nanoseconds for jiffies; a time that
 * has passed already fires at once.
 *
 * Locks: heap, state, expires and base of queued timers are under base->lock,
 * as the wheel is. The function runs with interrupts off and without the lock.
 *
 * Mirrors 3.18 kernel/time/hrtimer.c. Read next: timer.c.
 */
#include <linux/types.h>
#include <linux/kernel.h>
#include <linux/bug.h>
#include <linux/errno.h>
#include <linux/hrtimer.h>
#include <linux/sched.h>
#include <linux/smp.h>
#include <linux/spinlock.h>
#include <wqlab/events.h>
#include <wqlab/mach.h>
#include "timer-base.h"

/* ---- the heap ---- */

static bool fires_before(const struct hrtimer *a, const struct hrtimer *b)
{
	if (a->expires.tv64 != b->expires.tv64)
		return a->expires.tv64 < b->expires.tv64;
	return a->seq < b->seq;
}

/* Join two trees, either of which may be empty. */
static struct hrtimer *join(struct hrtimer *a, struct hrtimer *b)
{
	if (!a || !b)
		return a ? a : b;
	if (fires_before(b, a))
		swap(a, b);
	b->sibling = a->child;
	if (b->sibling)
		b->sibling->back = b;
	b->back = a;
	a->child = b;
	return a;
}

/* Make one tree of a row of siblings. */
static struct hrtimer *join_row(struct hrtimer *row)
{
	struct hrtimer *pairs = NULL, *tree = NULL;

	while (row) {
		struct hrtimer *a = row, *b = row->sibling;

		row = b ? b->sibling : NULL;
		a->sibling = NULL;
		if (b)
			b->sibling = NULL;
		a = join(a, b);
		a->sibling = pairs;
		pairs = a;
	}
	while (pairs) {
		struct hrtimer *next = pairs->sibling;

		pairs->sibling = NULL;
		tree = join(tree, pairs);
		pairs = next;
	}
	return tree;
}

static void heap_insert(struct tvec_base *base, struct hrtimer *timer)
{
	timer->child = timer->sibling = timer->back = NULL;
	base->heap = join(base->heap, timer);
}

static void heap_remove(struct tvec_base *base, struct hrtimer *timer)
{
	struct hrtimer *below = join_row(timer->child);

	if (timer == base->heap) {
		base->heap = below;
	} else {
		if (timer->back->child == timer)
			timer->back->child = timer->sibling;
		else
			timer->back->sibling = timer->sibling;
		if (timer->sibling)
			timer->sibling->back = timer->back;
		base->heap = join(base->heap, below);
	}
	/* A root has nobody above. */
	if (base->heap)
		base->heap->back = NULL;
}

/* ---- starting and cancelling; the base is locked in the first four ---- */

static u64 expiry_ns(const struct hrtimer *timer)
{
	if (timer->expires.tv64 == KTIME_MAX)
		return MACH_NEVER;
	return max(timer->expires.tv64, (s64)0);
}

static void enqueue_hrtimer(struct tvec_base *base, struct hrtimer *timer)
{
	timer->seq = base->seq++;
	__WRITE_ONCE(timer->state, timer->state | HRTIMER_STATE_ENQUEUED);
	heap_insert(base, timer);
	mach_live(+1);
	program_timer_base(base, expiry_ns(timer));
	trace_timer(TRACE_TIMER_START, timer, timer->function, timer->expires.tv64);
}

static void dequeue_hrtimer(struct tvec_base *base, struct hrtimer *timer)
{
	heap_remove(base, timer);
	__WRITE_ONCE(timer->state, timer->state & ~HRTIMER_STATE_ENQUEUED);
	mach_live(-1);
}

static int remove_hrtimer(struct tvec_base *base, struct hrtimer *timer)
{
	if (!(timer->state & HRTIMER_STATE_ENQUEUED))
		return 0;
	dequeue_hrtimer(base, timer);
	trace_timer(TRACE_TIMER_CANCEL, timer, timer->function, 0);
	return 1;
}

void hrtimer_init(struct hrtimer *timer, int clock_id, enum hrtimer_mode mode)
{
	bool other = clock_id != CLOCK_MONOTONIC;

	WARN_ONCE(other, "hrtimer: clock %d is not served, taken as CLOCK_MONOTONIC\n", clock_id);
	*timer = (struct hrtimer){ .state = HRTIMER_STATE_INACTIVE };
}

int hrtimer_start(struct hrtimer *timer, ktime_t tim, const enum hrtimer_mode mode)
{
	struct tvec_base *base, *target;
	unsigned long flags;
	int was_queued;

	BUG_ON(!timer->function);
	mach_point(MP_TIMER_ARM, timer);
	mach_self()->spins = 0;
	if (mode & HRTIMER_MODE_REL)
		tim = ktime_add_safe(tim, ns_to_ktime(mach_now()));
	base = lock_timer_base(&timer->base, &flags);
	was_queued = remove_hrtimer(base, timer);
	target = get_timer_base(smp_processor_id());
	if (base != target && base->running_hrtimer != timer) {
		switch_timer_base(&timer->base, base, target);
		base = target;
	}
	timer->expires = tim;
	enqueue_hrtimer(base, timer);
	spin_unlock_irqrestore(&base->lock, flags);
	return was_queued;
}

int hrtimer_start_range_ns(struct hrtimer *timer, ktime_t tim,
			   unsigned long delta_ns, const enum hrtimer_mode mode)
{
	return hrtimer_start(timer, tim, mode);
}

int hrtimer_try_to_cancel(struct hrtimer *timer)
{
	struct tvec_base *base;
	unsigned long flags;
	int ret = -1;

	mach_point(MP_TIMER_CANCEL, timer);
	if (!__READ_ONCE(timer->base))
		return 0;	/* never started */
	base = lock_timer_base(&timer->base, &flags);
	if (!(timer->state & HRTIMER_STATE_CALLBACK))
		ret = remove_hrtimer(base, timer);
	spin_unlock_irqrestore(&base->lock, flags);
	return ret;
}

int hrtimer_cancel(struct hrtimer *timer)
{
	int ret;

	while ((ret = hrtimer_try_to_cancel(timer)) < 0) {
		timer_wait_check(timer, "hrtimer_cancel");
		cpu_relax();
	}
	return ret;
}

/* ---- looking ---- */

int hrtimer_active(const struct hrtimer *timer)
{
	return READ_ONCE(timer->state) != HRTIMER_STATE_INACTIVE;
}

int hrtimer_is_queued(struct hrtimer *timer)
{
	return READ_ONCE(timer->state) & HRTIMER_STATE_ENQUEUED;
}

int hrtimer_callback_running(struct hrtimer *timer)
{
	return READ_ONCE(timer->state) & HRTIMER_STATE_CALLBACK;
}

ktime_t hrtimer_get_remaining(const struct hrtimer *timer)
{
	return ktime_sub(timer->expires, ns_to_ktime(mach_now()));
}

u64 hrtimer_forward(struct hrtimer *timer, ktime_t now, ktime_t interval)
{
	s64 behind = now.tv64 - timer->expires.tv64, step = max(interval.tv64, (s64)1);
	u64 periods;

	if (behind < 0)
		return 0;
	periods = behind / step + 1;
	timer->expires = ktime_add_safe(timer->expires, ns_to_ktime(periods * step));
	return periods;
}

/* ---- firing, called by timer.c with the base locked ---- */

u64 hrtimer_next(const struct tvec_base *base)
{
	return base->heap ? expiry_ns(base->heap) : MACH_NEVER;
}

void hrtimer_run_queue(struct tvec_base *base)
{
	while (hrtimer_next(base) <= mach_now()) {
		struct hrtimer *timer = base->heap;
		enum hrtimer_restart (*fn)(struct hrtimer *) = timer->function;
		enum hrtimer_restart restart;

		dequeue_hrtimer(base, timer);
		__WRITE_ONCE(timer->state, HRTIMER_STATE_CALLBACK);
		base->running_hrtimer = timer;
		spin_unlock(&base->lock);

		mach_point(MP_TIMER_FIRE, timer);
		trace_timer(TRACE_TIMER_EXPIRE, timer, fn, 0);
		restart = fn(timer);

		spin_lock(&base->lock);
		/* Somebody may have started it again while its function ran. */
		if (restart == HRTIMER_RESTART && !(timer->state & HRTIMER_STATE_ENQUEUED))
			enqueue_hrtimer(base, timer);
		__WRITE_ONCE(timer->state, timer->state & ~HRTIMER_STATE_CALLBACK);
		base->running_hrtimer = NULL;
	}
}

void hrtimer_adopt(struct tvec_base *to, struct tvec_base *from)
{
	struct hrtimer *timer;

	while ((timer = from->heap)) {
		heap_remove(from, timer);
		__atomic_store_n(&timer->base, to, __ATOMIC_RELEASE);
		timer->seq = to->seq++;
		heap_insert(to, timer);
		program_timer_base(to, expiry_ns(timer));
	}
}

/* ---- sleeping ---- */

static enum hrtimer_restart hrtimer_wakeup(struct hrtimer *timer)
{
	struct hrtimer_sleeper *sl = container_of(timer, struct hrtimer_sleeper, timer);
	struct task_struct *task = sl->task;

	/* First say that the time has come, then wake: the sleeper looks at it. */
	WRITE_ONCE(sl->task, NULL);
	if (task)
		wake_up_process(task);
	return HRTIMER_NORESTART;
}

void hrtimer_init_sleeper(struct hrtimer_sleeper *sl, struct task_struct *task)
{
	sl->timer.function = hrtimer_wakeup;
	sl->task = task;
}

int schedule_hrtimeout_range(ktime_t *expires, unsigned long delta,
			     const enum hrtimer_mode mode)
{
	struct hrtimer_sleeper sl;

	if (!expires) {
		(schedule)();
		return -EINTR;
	}
	if (!expires->tv64) {
		__set_current_state(TASK_RUNNING);
		return 0;
	}
	hrtimer_init_on_stack(&sl.timer, CLOCK_MONOTONIC, mode);
	hrtimer_init_sleeper(&sl, current);
	hrtimer_start_range_ns(&sl.timer, *expires, delta, mode);
	if (READ_ONCE(sl.task))
		timed_schedule();
	hrtimer_cancel(&sl.timer);
	destroy_hrtimer_on_stack(&sl.timer);
	__set_current_state(TASK_RUNNING);
	return sl.task ? -EINTR : 0;
}

int (schedule_hrtimeout)(ktime_t *expires, const enum hrtimer_mode mode)
{
	return schedule_hrtimeout_range(expires, 0, mode);
}
