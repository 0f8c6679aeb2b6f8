// SPDX-License-Identifier: GPL-2.0-only
/*
 * Timers: add, move, delete, fire; and the clock event of each virtual CPU.
 *
 * Each virtual CPU has a struct tvec_base, made when it is first used: a wheel
 * of timers (timer-wheel.c) and a queue of hrtimers (hrtimer.c), which share
 * one lock because they share one clock event:
 *
 *	add_timer()  --> wheel ---.
 *	                           min --> base->event --> mach_set_timer()
 *	hrtimer_start() -> heap --'                              |
 *	          functions run <-- timer_interrupt() <-- machine
 *
 * An earlier timer brings the event forward at once. A deleted timer leaves it
 * where it is; the machine asks timer_next_event() before it moves its clock.
 *
 * Where a timer is:	entry.next	base->running_timer
 *	idle		NULL		-
 *	pending		set		-
 *	running		NULL or set	this timer; base does not change meanwhile
 *
 * Guarantees:
 * T1. A timer fires in interrupt context on the CPU it was added to, at the
 *     beginning of jiffy `expires`; if that is not after the present jiffy,
 *     in the next one (native: at once), and in the next one if a timer function
 *     asks, so one that re-arms itself cannot stop time.
 * T2. On one CPU, timers of one jiffy fire in the order in which they were
 *     armed, and hrtimers of the same instant before them.
 * T3. When del_timer_sync() returns, the timer is idle and its function is not
 *     running, unless somebody armed it again meanwhile.
 *
 * Locks: base->lock guards all of a base, and timer->base, due, slot, entry of
 * the timers on it. It is taken with interrupts off and never held across a
 * function's call. A timer that moves from one base to another has
 * TIMER_MOVING for its base in between, so that two locks are held at once in
 * one place only, where one of the two CPUs is dead. A leaf.
 *
 * Mirrors 3.18 kernel/time/timer.c. Read next: timer-wheel.c, sleep.c.
 */
#include <linux/types.h>
#include <linux/kernel.h>
#include <linux/bug.h>
#include <linux/cpu.h>
#include <linux/jiffies.h>
#include <linux/percpu.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/smp.h>
#include <linux/spinlock.h>
#include <linux/timer.h>
#include <wqlab/events.h>
#include <wqlab/mach.h>
#include <wqlab/race.h>
#include <wqlab/timer.h>
#include "timer-base.h"

/* Stands in timer->base while the timer moves between two bases. */
#define TIMER_MOVING	((struct tvec_base *)1)
/* Ticks ahead of the wheel's clock that are at most two cascades away from firing. */
#define WHEEL_NEAR	(1ul << (TVR_BITS + 2 * TVN_BITS))

static DEFINE_PER_CPU(struct tvec_base *, tvec_bases);

/* ---- bases ---- */

static struct tvec_base *make_timer_base(unsigned int cpu)
{
	struct tvec_base *base = kzalloc(sizeof(*base), GFP_ATOMIC | __GFP_NOFAIL);
	struct tvec_base *other = NULL;

	spin_lock_init(&base->lock);
	base->cpu = cpu;
	base->event = MACH_NEVER;
	wheel_init(&base->wheel, current_tick() + 1);
	/* Somebody on another CPU may have been as quick. */
	if (__atomic_compare_exchange_n(per_cpu_ptr(&tvec_bases, cpu), &other, base, false,
					__ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
		return base;
	kfree(base);
	return other;
}

/* NULL: no timer was ever armed there. */
static struct tvec_base *peek_timer_base(unsigned int cpu)
{
	return __atomic_load_n(per_cpu_ptr(&tvec_bases, cpu), __ATOMIC_ACQUIRE);
}

struct tvec_base *get_timer_base(unsigned int cpu)
{
	struct tvec_base *base = peek_timer_base(cpu);

	return likely(base) ? base : make_timer_base(cpu);
}

struct tvec_base *lock_timer_base(struct tvec_base **where, unsigned long *flags)
{
	struct tvec_base *base;

	for (;;) {
		base = __atomic_load_n(where, __ATOMIC_ACQUIRE);
		if (unlikely(!base)) {
			struct tvec_base *home;

			local_irq_save(*flags);
			home = get_timer_base(smp_processor_id());
			__atomic_compare_exchange_n(where, &base, home, false,
						    __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE);
			local_irq_restore(*flags);
		} else if (likely(base != TIMER_MOVING)) {
			spin_lock_irqsave(&base->lock, *flags);
			if (likely(base == __READ_ONCE(*where)))
				return base;
			spin_unlock_irqrestore(&base->lock, *flags);
		} else {
			cpu_relax();
		}
	}
}

void switch_timer_base(struct tvec_base **where, struct tvec_base *from,
		       struct tvec_base *to)
{
	__WRITE_ONCE(*where, TIMER_MOVING);
	spin_unlock(&from->lock);
	spin_lock(&to->lock);
	__atomic_store_n(where, to, __ATOMIC_RELEASE);
}

void program_timer_base(struct tvec_base *base, u64 ns)
{
	if (ns < base->event) {
		base->event = ns;
		mach_set_timer(base->cpu, ns);
	}
}

/* ---- initialising ---- */

void init_timer_key(struct timer_list *timer, unsigned int flags)
{
	timer->entry.next = NULL;
	timer->base = NULL;
	timer->flags = flags & TIMER_FLAG_MASK;
}

void timer_set_housekeeping(struct timer_list *timer)
{
	WARN_ON(timer_pending(timer));
	timer->flags |= TIMER_HOUSEKEEPING;
}

/* ---- arming and deleting; the base is locked in the first three ---- */

/*
 * Can this tick be put into the wheel as it stands?  On real cores looking at the clock
 * costs as much as all the rest.  What is ahead of the wheel's own clock, however late that
 * one is, has its slot; and if it has passed meanwhile, the interrupt that is programmed
 * finds it.  Not from a timer's function, which by re-arming itself could keep the
 * interrupt that calls it busy for ever; and not beyond the levels that cost little.
 */
static bool wheel_takes(const struct tvec_base *base, unsigned long due)
{
	return !mach_points_on && !base->running_timer && due - base->wheel.clk < WHEEL_NEAR;
}

/* T1; and an idle wheel catches up for nothing, and so keeps its timers in finer levels. */
static unsigned long due_by_the_clock(struct tvec_base *base, unsigned long due)
{
	unsigned long now = current_tick();

	if (!base->wheel.nr && !base->running_timer)
		wheel_advance(&base->wheel, now + 1);
	return time_before_eq(due, now) ? now + 1 : due;
}

static void enqueue_timer(struct tvec_base *base, struct timer_list *timer,
			  unsigned long expires)
{
	unsigned long due = expires - INITIAL_JIFFIES;

	if (!wheel_takes(base, due))
		due = due_by_the_clock(base, due);
	__WRITE_ONCE(timer->expires, expires);
	wheel_insert(&base->wheel, timer, due);
	if (!(timer->flags & TIMER_HOUSEKEEPING))
		mach_live(+1);
	program_timer_base(base, tick_to_ns(due));
	trace_timer(TRACE_TIMER_START, timer, timer->function, expires);
}

static void detach_timer(struct tvec_base *base, struct timer_list *timer)
{
	wheel_remove(&base->wheel, timer);
	if (!(timer->flags & TIMER_HOUSEKEEPING))
		mach_live(-1);
}

static int detach_if_pending(struct tvec_base *base, struct timer_list *timer)
{
	if (!timer->entry.next)
		return 0;
	detach_timer(base, timer);
	trace_timer(TRACE_TIMER_CANCEL, timer, timer->function, 0);
	return 1;
}

/* cpu < 0 stands for this CPU. */
static int __mod_timer(struct timer_list *timer, unsigned long expires,
		       bool pending_only, int cpu)
{
	struct tvec_base *base, *target;
	unsigned long flags;
	int was_pending;

	BUG_ON(!timer->function);
	mach_self()->spins = 0;
	base = lock_timer_base(&timer->base, &flags);
	was_pending = detach_if_pending(base, timer);
	if (was_pending || !pending_only) {
		target = get_timer_base(cpu < 0 ? smp_processor_id() : (unsigned int)cpu);
		/*
		 * While the function runs the timer stays, or del_timer_sync()
		 * would look for it on the wrong base; unless told where to go.
		 */
		if (base != target && (cpu >= 0 || base->running_timer != timer)) {
			switch_timer_base(&timer->base, base, target);
			base = target;
		}
		enqueue_timer(base, timer, expires);
	}
	spin_unlock_irqrestore(&base->lock, flags);
	return was_pending;
}

int mod_timer(struct timer_list *timer, unsigned long expires)
{
	mach_point(MP_TIMER_ARM, timer);
	/* Callers often set the same time over and over. */
	if (__READ_ONCE(timer->entry.next) && __READ_ONCE(timer->expires) == expires)
		return 1;
	return __mod_timer(timer, expires, false, -1);
}

int mod_timer_pending(struct timer_list *timer, unsigned long expires)
{
	mach_point(MP_TIMER_ARM, timer);
	return __mod_timer(timer, expires, true, -1);
}

int mod_timer_pinned(struct timer_list *timer, unsigned long expires)
{
	return mod_timer(timer, expires);
}

void add_timer(struct timer_list *timer)
{
	mach_point(MP_TIMER_ARM, timer);
	BUG_ON(__READ_ONCE(timer->entry.next));
	__mod_timer(timer, timer->expires, false, -1);
}

void add_timer_on(struct timer_list *timer, int cpu)
{
	mach_point(MP_TIMER_ARM, timer);
	BUG_ON(__READ_ONCE(timer->entry.next));
	__mod_timer(timer, timer->expires, false, cpu);
}

int del_timer(struct timer_list *timer)
{
	struct tvec_base *base;
	unsigned long flags;
	int ret;

	mach_point(MP_TIMER_CANCEL, timer);
	if (!__READ_ONCE(timer->entry.next))
		return 0;
	base = lock_timer_base(&timer->base, &flags);
	ret = detach_if_pending(base, timer);
	spin_unlock_irqrestore(&base->lock, flags);
	return ret;
}

int try_to_del_timer_sync(struct timer_list *timer)
{
	struct tvec_base *base;
	unsigned long flags;
	int ret = -1;

	mach_point(MP_TIMER_CANCEL, timer);
	if (!__READ_ONCE(timer->base))
		return 0;	/* never armed */
	base = lock_timer_base(&timer->base, &flags);
	if (base->running_timer != timer)
		ret = detach_if_pending(base, timer);
	spin_unlock_irqrestore(&base->lock, flags);
	return ret;
}

void timer_wait_check(const void *timer, const char *call)
{
	const struct tvec_base *base;
	char text[96];

	/*
	 * Off interrupt context no function of this CPU's can be running.  On native it can,
	 * but by swapper alone: whoever else has bottom halves off just waits for it.
	 */
	if (mach_points_on ? !in_interrupt() : current->pid)
		return;
	base = get_timer_base(smp_processor_id());
	if (base->running_timer != timer && base->running_hrtimer != timer)
		return;
	snprintf(text, sizeof(text), "%s() by the timer's own function waits for itself", call);
	pr_emerg("BUG: %s\n", text);
	machine_stop(VERDICT_DEADLOCK, text);
}

int del_timer_sync(struct timer_list *timer)
{
	int ret;

	WARN_ON(in_irq() && !(timer->flags & TIMER_IRQSAFE));
	while ((ret = try_to_del_timer_sync(timer)) < 0) {
		timer_wait_check(timer, "del_timer_sync");
		cpu_relax();
	}
	return ret;
}

/* ---- firing ---- */

static void call_timer_fn(struct timer_list *timer, void (*fn)(unsigned long),
			  unsigned long data)
{
	int count = preempt_count(), after;

	mach_point(MP_TIMER_FIRE, timer);
	trace_timer(TRACE_TIMER_EXPIRE, timer, fn, 0);
	fn(data);
	after = preempt_count();
	if (unlikely(count != after)) {
		WARN_ONCE(1, "timer: %pF preempt leak: %08x -> %08x\n", fn, count, after);
		/* Go on with the count as it should be; the fault was the function's. */
		__preempt_count_sub(after - count);
	}
}

/*
 * Serve one tick, which wheel.clk has reached. The base is locked and
 * interrupts are off, on return as well. Nothing is put into this slot
 * meanwhile, since what is armed now is due later (T1).
 */
static void run_slot(struct tvec_base *base)
{
	struct timer_list *timer;

	while ((timer = wheel_first_in(&base->wheel, base->wheel.clk % TVR_SIZE))) {
		/* The function may free the timer: look at it no more after the call. */
		void (*fn)(unsigned long) = timer->function;
		unsigned long data = timer->data;

		base->running_timer = timer;
		detach_timer(base, timer);
		if (timer->flags & TIMER_IRQSAFE) {
			spin_unlock(&base->lock);
			call_timer_fn(timer, fn, data);
			spin_lock(&base->lock);
		} else {
			spin_unlock_irq(&base->lock);
			call_timer_fn(timer, fn, data);
			spin_lock_irq(&base->lock);
		}
		base->running_timer = NULL;
	}
}

static void run_timers(struct tvec_base *base)
{
	unsigned long now, due;

	for (;;) {
		now = current_tick();
		if (!wheel_next(&base->wheel, &due) || due > now)
			break;
		wheel_advance(&base->wheel, due);
		run_slot(base);
	}
	if (base->wheel.clk <= now)
		wheel_advance(&base->wheel, now + 1);
}

/* The earliest thing that a base waits for. */
static u64 base_next_event(struct tvec_base *base)
{
	u64 next = hrtimer_next(base);
	unsigned long due;

	if (wheel_next(&base->wheel, &due))
		next = min(next, tick_to_ns(due));
	return next;
}

void timer_interrupt(unsigned int cpu)
{
	struct tvec_base *base = get_timer_base(cpu);

	current->softirq_context++;
	spin_lock_irq(&base->lock);
	/* Whatever is armed from here on is seen below, at the latest. */
	base->event = 0;
	hrtimer_run_queue(base);
	run_timers(base);
	base->event = base_next_event(base);
	mach_set_timer(cpu, base->event);
	spin_unlock_irq(&base->lock);
	current->softirq_context--;
}

/*
 * Called when the sim machine looks for what happens next, and takes no lock: one
 * task executes at a time there, and at every choice point wheel and heap are whole.
 */
uint64_t timer_next_event(unsigned int cpu)
{
	struct tvec_base *base = peek_timer_base(cpu);

	if (!base)
		return MACH_NEVER;
	base->event = base_next_event(base);	/* to which the machine now moves it */
	return base->event;
}

unsigned long timer_nr_pending(unsigned int cpu)
{
	struct tvec_base *base = peek_timer_base(cpu);

	return base ? base->wheel.nr : 0;
}

/* ---- hotplug ---- */

/* Both bases are locked. The wheel it comes to may be ahead of what it comes from. */
static void adopt_timer(struct tvec_base *to, struct tvec_base *from,
			struct timer_list *timer)
{
	unsigned long due = max(timer->due, to->wheel.clk);

	wheel_remove(&from->wheel, timer);
	__atomic_store_n(&timer->base, to, __ATOMIC_RELEASE);	/* the base may be new */
	wheel_insert(&to->wheel, timer, due);
	program_timer_base(to, tick_to_ns(due));
}

void timer_cpu_dead(unsigned int cpu)
{
	struct tvec_base *from = peek_timer_base(cpu), *to;
	struct timer_list *timer;
	unsigned int slot;

	if (!from)
		return;
	local_irq_disable();
	to = get_timer_base(smp_processor_id());
	spin_lock(&to->lock);
	spin_lock_nested(&from->lock, SINGLE_DEPTH_NESTING);
	WARN_ON(from->running_timer || from->running_hrtimer);
	for (slot = 0; slot < TV_SLOTS; slot++)
		while ((timer = wheel_first_in(&from->wheel, slot)))
			adopt_timer(to, from, timer);
	hrtimer_adopt(to, from);
	from->event = MACH_NEVER;
	spin_unlock(&from->lock);
	spin_unlock_irq(&to->lock);
}

/* What was armed there while it was down has waited. */
static void timer_cpu_online(unsigned int cpu)
{
	struct tvec_base *base = peek_timer_base(cpu);

	if (!base)
		return;
	spin_lock_irq(&base->lock);
	base->event = base_next_event(base);
	mach_set_timer(cpu, base->event);
	spin_unlock_irq(&base->lock);
}

static int timer_cpu_notify(struct notifier_block *nb, unsigned long action, void *hcpu)
{
	unsigned int cpu = (unsigned long)hcpu;

	switch (action) {
	case CPU_DEAD:
		timer_cpu_dead(cpu);
		break;
	case CPU_ONLINE:
		timer_cpu_online(cpu);
		break;
	}
	return NOTIFY_OK;
}

void init_timers(void)
{
	hotcpu_notifier(timer_cpu_notify, INT_MAX);
}

/* ---- shutting down ---- */

static void report_left(const struct timer_wheel *w, unsigned int cpu)
{
	unsigned int slot;

	for (slot = 0; slot < TV_SLOTS; slot++) {
		const struct timer_list *timer = wheel_first_in(w, slot);

		if (!timer)
			continue;
		list_for_each_entry_from(timer, &w->slot[slot], entry)
			pr_warn("timer of %pf still pending on CPU %u at shutdown\n",
				timer->function, cpu);
	}
}

void time_shutdown(void)
{
	unsigned int cpu;

	for (cpu = 0; cpu < mach_nr_cpus(); cpu++) {
		struct tvec_base *base = peek_timer_base(cpu);

		if (!base)
			continue;
		mach_stop_timer(cpu);	/* nobody comes for the base from here on */
		race_acquire(&base->lock.raw.word);
		report_left(&base->wheel, cpu);
		per_cpu(tvec_bases, cpu) = NULL;
		kfree(base);
	}
}
