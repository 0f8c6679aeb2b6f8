// SPDX-License-Identifier: GPL-2.0-only
/*
 * Performing the steps of items and tasks.
 *
 * Only the kernel's face is used here, so that the same items can be built
 * into a module for a real kernel.  What is specific to this laboratory, the
 * recording of steps and the events from outside, stands behind player_note()
 * and player_outside_step() in player-outside.c.
 *
 * Who waits for whom at the end: every accepted queueing and every task counts
 * in player.busy until it has finished or was cancelled.  An item gets its
 * count before queue_work() is called, since it may have run on another CPU by
 * the time that returns.
 *
 * Locking: item->lock makes "queued on wq" and "remembers wq" one step, for
 * `requeue`; it is taken before the locks of the queue, with interrupts off.
 *
 * Read next: player-outside.c.
 */
#include <linux/delay.h>
#include <linux/hrtimer.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/math64.h>
#include <linux/mutex.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include <linux/string.h>

#include "player.h"

/* Room for the text of a step's detail. */
#define DETAIL_LEN	64

void player_get(struct player *p)
{
	atomic_inc(&p->busy);
}

void player_put(struct player *p)
{
	if (atomic_dec_and_test(&p->busy))
		wake_up(&p->idle);
}

static struct scenario_tally *tally_of(const struct player_item *it)
{
	return &it->player->sc->tally[it - it->player->items];
}

/*
 * Count for who looks at the run from outside.  Up to its end: what the player takes back or
 * waits for after that was not done.  No point at which another task may come in: whether
 * somebody counts must make no difference.
 */
static void count(const struct player_item *it, u32 *what, int more)
{
	if (!__READ_ONCE(it->player->stopping))
		__atomic_fetch_add(what, more, __ATOMIC_RELAXED);
}

/*
 * Sleep until the clock shows ns.  From tick to tick the timer wheel does it,
 * which is where a sleeping item's timer is in a kernel; the rest is exact by
 * an hrtimer.
 */
void player_sleep_until(u64 ns)
{
	const u64 tick = TICK_NSEC;
	ktime_t until = ns_to_ktime(ns);
	u64 now;

	for (;;) {
		now = ktime_to_ns(ktime_get());
		if (now >= ns)
			return;
		if (now % tick == 0 && ns % tick == 0) {
			schedule_timeout_uninterruptible(div64_u64(ns - now, tick));
		} else {
			set_current_state(TASK_UNINTERRUPTIBLE);
			schedule_hrtimeout(&until, HRTIMER_MODE_ABS);
		}
	}
}

/* Occupy the CPU; the largest unit first, as the kernel's delays want it. */
static void burn(u64 ns)
{
	u32 below_ms, below_us;
	u64 ms = div_u64_rem(ns, NSEC_PER_MSEC, &below_ms);
	u64 us = div_u64_rem(below_ms, NSEC_PER_USEC, &below_us);

	if (ms)
		mdelay(ms);
	if (us)
		udelay(us);
	if (below_us)
		ndelay(below_us);
}

/* A delay in ticks, rounded up, as queue_delayed_work() takes it. */
static unsigned long delay_of(const struct scenario_step *s)
{
	const u64 tick = TICK_NSEC;

	return div64_u64(s->ns + tick - 1, tick);
}

/* What was destroyed is not there any more; the item's own engine may still think so. */
bool player_is_gone(struct player_actor *who, u32 wq)
{
	char text[DETAIL_LEN];

	if (READ_ONCE(who->player->wqs[wq]))
		return false;
	snprintf(text, sizeof(text), "%s is gone", who->player->sc->workqueues[wq].name);
	player_note(who, STEP_DO, text);
	return true;
}

static bool do_queue(struct player_item *it, struct workqueue_struct *wq,
		     const struct scenario_step *s)
{
	if (s->delayed && s->cpu != SCENARIO_ANY_CPU)
		return queue_delayed_work_on(s->cpu, wq, &it->dwork, delay_of(s));
	if (s->delayed)
		return queue_delayed_work(wq, &it->dwork, delay_of(s));
	if (s->cpu != SCENARIO_ANY_CPU)
		return queue_work_on(s->cpu, wq, &it->dwork.work);
	return queue_work(wq, &it->dwork.work);
}

/* Queue an item, remember where; false if it was pending already.  After the end: nothing. */
static bool queue_item(struct player_item *it, struct workqueue_struct *wq,
		       const struct scenario_step *s)
{
	unsigned long flags;
	bool queued, stop = READ_ONCE(it->player->stopping);

	if (stop)
		return true;
	player_get(it->player);
	count(it, &tally_of(it)->queued, 1);
	spin_lock_irqsave(&it->lock, flags);
	queued = do_queue(it, wq, s);
	if (queued) {
		it->wq = wq;
		it->settled = false;
	}
	spin_unlock_irqrestore(&it->lock, flags);
	if (!queued) {
		count(it, &tally_of(it)->queued, -1);
		player_put(it->player);
	}
	return queued;
}

/* A workqueue that a step names; NULL, and a word about it: it has been destroyed. */
static struct workqueue_struct *wq_of(struct player_actor *who, u32 index)
{
	return player_is_gone(who, index) ? NULL : READ_ONCE(who->player->wqs[index]);
}

static void note_pending(struct player_actor *who, const struct player_item *it)
{
	char text[DETAIL_LEN];

	snprintf(text, sizeof(text), "%s is already pending", it->def->name);
	player_note(who, STEP_DO, text);
}

static void step_queue(struct player_actor *who)
{
	const struct scenario_step *s = who->step;
	struct player *p = who->player;
	u32 i;

	player_note(who, STEP_DO, s->source);
	for (i = 0; i < s->nr_refs; i++) {
		struct player_item *it = &p->items[s->refs[i].index];
		struct workqueue_struct *wq = wq_of(who, s->on[i]);

		if (wq && !queue_item(it, wq, s))
			note_pending(who, it);
	}
}

static void step_requeue(struct player_actor *who)
{
	const struct scenario_step *s = who->step;
	struct player_item *it = who->item;
	unsigned long flags;
	bool more;

	if (!it) {
		player_note(who, STEP_DO, "requeue: on each CPU it was never queued");
		return;
	}
	spin_lock_irqsave(&it->lock, flags);
	more = !s->times || it->requeued < s->times;
	if (more)
		it->requeued++;
	spin_unlock_irqrestore(&it->lock, flags);
	if (!more)
		return;
	player_note(who, STEP_DO, s->source);
	if (!queue_item(it, who->wq, s))
		note_pending(who, it);
}

/* Take an item back and wait until it does not run; true if it was pending. */
bool player_cancel(struct player_item *it)
{
	bool pending;

	if (it->def->delayed)
		pending = cancel_delayed_work_sync(&it->dwork);
	else
		pending = cancel_work_sync(&it->dwork.work);
	if (pending) {
		count(it, &tally_of(it)->cancelled, 1);
		player_put(it->player);
	}
	return pending;
}

/*
 * A workqueue is gone.  Items that ran there keep its address; an idle one must not be
 * asked about it any more, and one that was left behind there never runs.
 */
void player_forget(struct player *p, struct workqueue_struct *wq)
{
	u32 i;

	for (i = 0; i < p->sc->nr_works; i++) {
		struct player_item *it = &p->items[i];
		unsigned long flags;

		spin_lock_irqsave(&it->lock, flags);
		if (it->wq == wq && !work_pending(&it->dwork.work))
			it->settled = true;
		spin_unlock_irqrestore(&it->lock, flags);
	}
}

/* The step may have to wait: say for what. */
static void note_waits(struct player_actor *who, const char *what, const char *name)
{
	char text[DETAIL_LEN];

	snprintf(text, sizeof(text), "%s%s", what, name);
	player_note(who, STEP_SLEEP, text);
}

static void step_cancel(struct player_actor *who)
{
	const struct scenario_step *s = who->step;
	char text[DETAIL_LEN];
	u32 i;

	for (i = 0; i < s->nr_refs; i++) {
		struct player_item *it = &who->player->items[s->refs[i].index];
		bool pending;

		note_waits(who, "the cancel of ", it->def->name);
		pending = player_cancel(it);
		player_note(who, STEP_WAKE, NULL);
		if (pending) {
			snprintf(text, sizeof(text), "%s was pending and will not run", it->def->name);
			player_note(who, STEP_DO, text);
		}
	}
}

static void step_flush(struct player_actor *who)
{
	const struct scenario_step *s = who->step;
	struct player *p = who->player;
	u32 i;

	for (i = 0; i < s->nr_refs; i++) {
		u32 index = s->refs[i].index;
		struct workqueue_struct *wq = NULL;

		if (s->refs[i].kind == SCENARIO_WORKQUEUE) {
			wq = wq_of(who, index);
			if (!wq)
				continue;
		}
		note_waits(who, "the flush of ", scenario_name(p->sc, s->refs[i]));
		if (s->refs[i].kind == SCENARIO_WORKQUEUE)
			flush_workqueue(wq);
		else if (p->items[index].def->delayed)
			flush_delayed_work(&p->items[index].dwork);
		else
			flush_work(&p->items[index].dwork.work);
		player_note(who, STEP_WAKE, NULL);
	}
}

/* From outside the operator does it, for it may take its time. */
static void step_drain(struct player_actor *who)
{
	const struct scenario_step *s = who->step;
	u32 i;

	if (!who->name) {
		player_outside_step(who);
		return;
	}
	for (i = 0; i < s->nr_refs; i++) {
		struct workqueue_struct *wq = wq_of(who, s->refs[i].index);

		if (!wq)
			continue;
		note_waits(who, "the drain of ", scenario_name(who->player->sc, s->refs[i]));
		drain_workqueue(wq);
		player_note(who, STEP_WAKE, NULL);
	}
}

static void step_wait(struct player_actor *who)
{
	const struct scenario_step *s = who->step;
	u32 i;

	for (i = 0; i < s->nr_refs; i++) {
		struct completion *event = &who->player->events[s->refs[i].index];
		const char *name = scenario_name(who->player->sc, s->refs[i]);
		char text[DETAIL_LEN];

		if (completion_done(event)) {
			snprintf(text, sizeof(text), "%s has been signalled", name);
			player_note(who, STEP_DO, text);
			continue;
		}
		player_note(who, STEP_SLEEP, name);
		wait_for_completion(event);
		player_note(who, STEP_WAKE, NULL);
	}
}

static void step_signal(struct player_actor *who)
{
	const struct scenario_step *s = who->step;
	u32 i;

	player_note(who, STEP_DO, s->source);
	for (i = 0; i < s->nr_refs; i++)
		complete_all(&who->player->events[s->refs[i].index]);
}

static void step_lock(struct player_actor *who)
{
	const struct scenario_step *s = who->step;
	u32 i;

	for (i = 0; i < s->nr_refs; i++) {
		struct mutex *m = &who->player->mutexes[s->refs[i].index];
		const char *name = scenario_name(who->player->sc, s->refs[i]);
		char text[DETAIL_LEN];

		who->held++;
		might_lock(m);
		if (mutex_trylock(m)) {
			snprintf(text, sizeof(text), "lock %s", name);
			player_note(who, STEP_DO, text);
			continue;
		}
		note_waits(who, "mutex ", name);
		mutex_lock(m);
		player_note(who, STEP_WAKE, NULL);
	}
}

static void step_unlock(struct player_actor *who)
{
	const struct scenario_step *s = who->step;
	u32 i;

	player_note(who, STEP_DO, s->source);
	for (i = 0; i < s->nr_refs; i++)
		mutex_unlock(&who->player->mutexes[s->refs[i].index]);
	who->held -= s->nr_refs;
}

static void step_sleep(struct player_actor *who)
{
	player_note(who, STEP_SLEEP, NULL);
	player_sleep_until(ktime_to_ns(ktime_get()) + who->step->ns);
	player_note(who, STEP_WAKE, NULL);
}

static void step_burn(struct player_actor *who)
{
	player_note(who, STEP_BURN, NULL);
	burn(who->step->ns);
}

static void step_yield(struct player_actor *who)
{
	player_note(who, STEP_DO, who->step->source);
	yield();
}

static void step_say(struct player_actor *who)
{
	player_note(who, STEP_DO, who->step->source);
	pr_info("%s: %s\n", who->name ? who->name : "outside", who->step->text);
}

static void step_each_cpu(struct player_actor *who)
{
	const struct scenario_step *s = who->step;
	u32 i;

	for (i = 0; i < s->nr_refs; i++) {
		struct player_item *it = &who->player->items[s->refs[i].index];

		note_waits(who, "each CPU to run ", it->def->name);
		if (schedule_on_each_cpu(player_each_func(it)))
			player_note(who, STEP_DO, "schedule_on_each_cpu: no memory");
		player_note(who, STEP_WAKE, NULL);
	}
}

static void run_step(struct player_actor *who)
{
	static void (*const perform[SCENARIO_OPS])(struct player_actor *who) = {
		[SCENARIO_BURN] = step_burn,
		[SCENARIO_SLEEP] = step_sleep,
		[SCENARIO_WAIT] = step_wait,
		[SCENARIO_SIGNAL] = step_signal,
		[SCENARIO_LOCK] = step_lock,
		[SCENARIO_UNLOCK] = step_unlock,
		[SCENARIO_QUEUE] = step_queue,
		[SCENARIO_REQUEUE] = step_requeue,
		[SCENARIO_CANCEL] = step_cancel,
		[SCENARIO_FLUSH] = step_flush,
		[SCENARIO_YIELD] = step_yield,
		[SCENARIO_SAY] = step_say,
		[SCENARIO_MAX_ACTIVE] = player_outside_step,
		[SCENARIO_FAIL_THREADS] = player_outside_step,
		[SCENARIO_EACH_CPU] = step_each_cpu,
		[SCENARIO_DESTROY] = player_outside_step,
		[SCENARIO_CPU] = player_outside_step,
		[SCENARIO_FREEZE] = player_outside_step,
		[SCENARIO_THAW] = player_outside_step,
		[SCENARIO_DRAIN] = step_drain,
		[SCENARIO_ECHO] = player_outside_step,
		[SCENARIO_CAT] = player_outside_step,
		[SCENARIO_START] = player_outside_step,
	};

	perform[who->step->op](who);
}

/*
 * All steps in a row.  Once the end of the run has come no step is begun any
 * more, except by those who hold a mutex: they go on until they hold none, or
 * others would wait for it for ever.
 */
void player_run_steps(struct player_actor *who, const struct scenario_steps *steps)
{
	u32 i;

	for (i = 0; i < steps->nr; i++) {
		bool stop = READ_ONCE(who->player->stopping);

		if (stop && !who->held)
			return;
		who->step = &steps->list[i];
		run_step(who);
	}
}

/* The function of every item; which one it is, container_of() tells. */
void player_item_func(struct work_struct *work)
{
	struct player_item *it = container_of(to_delayed_work(work), struct player_item, dwork);
	struct player_actor who = {
		.player = it->player, .name = it->def->name, .obj = work, .item = it,
	};
	unsigned long flags;

	count(it, &tally_of(it)->started, 1);
	spin_lock_irqsave(&it->lock, flags);
	who.wq = it->wq;
	spin_unlock_irqrestore(&it->lock, flags);
	player_run_steps(&who, &it->def->steps);
	player_note(&who, STEP_FINISH, NULL);
	count(it, &tally_of(it)->finished, 1);
	player_put(who.player);
}
