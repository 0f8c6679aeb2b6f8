// SPDX-License-Identifier: GPL-2.0-only
/*
 * The outside of a scenario: its timeline, its end, and the recording.
 *
 * Here is what items cannot do for themselves in a kernel: make thread
 * creation fail, change max_active, start tasks at given instants, have CPUs
 * taken up and down and all frozen (player-operator.c); and what
 * would be written differently there, the recording of steps.
 *
 * The timeline runs in the first task of the machine, whose real-time priority
 * lets it act at its instant even when an item occupies the CPU.  It goes to
 * the CPU of its next entry before it sleeps, so that the clock of that CPU
 * wakes it and the entry is performed there, which is what decides on which
 * CPU queue_work() puts an item.
 *
 *     entry 1 (cpu 0)          move to cpu 3,  entry 2 (cpu 3)
 *     |------------------------ sleep ---------|----------------> time
 *
 * Locking: none of its own.  Read next: player.c.
 */
#include <linux/bug.h>
#include <linux/cpumask.h>
#include <linux/freezer.h>
#include <linux/hrtimer.h>
#include <linux/kernel.h>
#include <linux/printk.h>
#include <linux/ktime.h>
#include <linux/sched.h>
#include <linux/smp.h>
#include <linux/string.h>
#include <wqlab/events.h>
#include <wqlab/mach.h>

#include "player.h"

/*
 * Record what somebody does.  The outside has no steps of its own to tell of:
 * what it does stands in the file, and how long it takes is of no interest.
 */
void player_note(const struct player_actor *who, enum trace_step what, const char *detail)
{
	if (who->name)
		trace_step(who->obj, who->name, what, detail);
	else if (what == STEP_SLEEP)
		trace_outside(who->step->source);
	else if (what == STEP_DO)
		trace_outside(detail);
}

/* The steps that only the timeline may hold. */
void player_outside_step(struct player_actor *who)
{
	const struct scenario_step *s = who->step;
	struct player *p = who->player;
	u32 i;

	if (s->op != SCENARIO_START)
		player_note(who, STEP_DO, s->source);
	switch (s->op) {
	case SCENARIO_MAX_ACTIVE:
		for (i = 0; i < s->nr_refs; i++)
			if (!player_is_gone(who, s->refs[i].index))
				workqueue_set_max_active(p->wqs[s->refs[i].index], s->number);
		break;
	case SCENARIO_FAIL_THREADS:
		p->no_threads = s->number;
		mach_fault_set(MFAULT_KTHREAD, s->number);
		break;
	case SCENARIO_DESTROY:
	case SCENARIO_CPU:
	case SCENARIO_FREEZE:
	case SCENARIO_THAW:
	case SCENARIO_DRAIN:
	case SCENARIO_ECHO:
	case SCENARIO_CAT:
		player_operator_do(p, s);
		break;
	case SCENARIO_START:
		for (i = 0; i < s->nr_refs; i++)
			wake_up_process(p->tasks[s->refs[i].index]);
		break;
	default:
		BUG();
	}
}

/* Also where it is there already: unbound, it could wake up elsewhere. */
static void move_to(int cpu)
{
	set_cpus_allowed_ptr(current, cpumask_of(cpu == SCENARIO_ANY_CPU ? 0 : cpu));
}

/* Everything that happens from outside, each at its instant. */
void player_timeline(struct player *p)
{
	struct player_actor outside = { .player = p };
	u32 i;

	if (p->origin) {
		player_sleep_until(p->origin);
		player_note(&outside, STEP_DO, "start: here is time 0 of the scenario");
	}
	for (i = 0; i < p->sc->nr_timeline; i++) {
		const struct scenario_at *at = &p->sc->timeline[i];

		move_to(at->cpu);
		player_sleep_until(p->origin + at->ns);
		player_run_steps(&outside, &at->steps);
	}
	move_to(SCENARIO_ANY_CPU);
}

/* Wait until nothing is queued, runs or is to come; at most until `end at`. */
static bool wait_idle(struct player *p)
{
	ktime_t end = ns_to_ktime(p->origin + p->sc->end_ns);
	bool idle, late = false;
	DEFINE_WAIT(wait);

	for (;;) {
		prepare_to_wait(&p->idle, &wait, TASK_INTERRUPTIBLE);
		idle = atomic_read(&p->busy) == 0;
		if (idle || late)
			break;
		/* without an end the machine may say that nothing can happen any more */
		if (p->sc->has_end)
			late = !schedule_hrtimeout(&end, HRTIMER_MODE_ABS);
		else
			schedule();
	}
	finish_wait(&p->idle, &wait);
	return idle;
}

/* "end at 100ms", and who was not done by then. */
static void note_end(struct player *p)
{
	struct player_actor outside = { .player = p };
	char text[256];
	size_t used;
	u32 i;

	used = snprintf(text, sizeof(text), "the end; not done:");
	for (i = 0; i < p->sc->nr_works && used + SCENARIO_NAME_LEN + 5 < sizeof(text); i++)
		if (work_busy(&p->items[i].dwork.work))
			used += snprintf(text + used, sizeof(text) - used, " %s", p->sc->works[i].name);
	if (i < p->sc->nr_works)
		snprintf(text + used, sizeof(text) - used, " ...");
	player_note(&outside, STEP_DO, text);
}

static bool is_nowhere(struct player_item *it)
{
	struct work_struct *work = &it->dwork.work;

	return list_empty(&work->entry) && !timer_pending(&it->dwork.timer) &&
	       work_busy(work) == WORK_BUSY_PENDING;
}

/*
 * An item that was dropped by a workqueue that drains stays pending, and on no list and no
 * timer: cancelling it would try for ever.  Make it anew, as nobody could in a kernel.
 *
 * So looks for an instant one that is on its way, from the timer to a list or from a list
 * to its function, or one that somebody cancels.  They need no time, so look again later.
 */
static void give_up_lost(struct player_item *it)
{
	if (!is_nowhere(it))
		return;
	schedule_timeout_uninterruptible(2);
	if (!is_nowhere(it))
		return;
	pr_warn("%s is lost: it is pending, but no workqueue has it\n", it->def->name);
	INIT_DELAYED_WORK(&it->dwork, player_item_func);
	player_put(it->player);
}

/*
 * The run is over when all is done, or cut at `end at`.  In that case nothing
 * new is begun, who waits for an event is let go, what is queued is taken back
 * and what runs is waited for, unseen: the trace stops at the end.
 */
void player_end(struct player *p)
{
	bool done = wait_idle(p);
	u32 i;

	mach_fault_set(MFAULT_KTHREAD, false);
	if (done) {
		thaw_processes();
		return;
	}
	note_end(p);
	trace_off();
	WRITE_ONCE(p->stopping, true);
	thaw_processes();
	for (i = 0; i < p->sc->nr_events; i++)
		complete_all(&p->events[i]);
	for (i = 0; i < p->sc->nr_works; i++) {
		if (p->items[i].settled)
			continue;
		give_up_lost(&p->items[i]);
		player_cancel(&p->items[i]);
	}
	wait_event(p->idle, atomic_read(&p->busy) == 0);
}
