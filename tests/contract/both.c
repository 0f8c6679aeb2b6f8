// SPDX-License-Identifier: GPL-2.0-only
/*
 * Both engines alive in one machine: each call finds its engine, and an item may
 * go from one to the other (decision 17).
 */
#include <wqlab/engine.h>

#include "contract_test.h"

static const struct wq_engine *legacy, *cmwq;
static struct workqueue_struct *ql, *qc;
static struct counted a;
static struct held h;
static struct delayed d;

static struct machine_config both_engines(void)
{
	struct machine_config cfg = wqtest_config(2);

	cfg.engines = "legacy,cmwq";
	return cfg;
}

static void run_both(int (*fn)(void *))
{
	const struct machine_config cfg = both_engines();

	RUN_CFG(&cfg, fn, NULL);
}

static void start(void)
{
	legacy = wq_engine_find("legacy");
	cmwq = wq_engine_find("cmwq");
	ql = create_workqueue("old");
	CHECK(wq_engine_set(cmwq) == legacy);
	qc = create_workqueue("new");
	counted_init(&a);
	held_init(&h);
	delayed_init(&d);
}

static void finish(void)
{
	destroy_workqueue(ql);
	destroy_workqueue(qc);
}

static bool thread_exists(const char *comm)
{
	struct machine_thread t[32];
	size_t n = machine_threads(t, ARRAY_SIZE(t));

	for (size_t i = 0; i < n && i < ARRAY_SIZE(t); i++)
		if (!strcmp(t[i].comm, comm))
			return true;
	return false;
}

static int side_by_side(void *arg)
{
	CHECK_STR(wq_engine_in_charge()->name, "legacy");
	start();
	CHECK(wq_engine_booted(legacy));
	CHECK(wq_engine_booted(cmwq));
	CHECK(wq_engine_of(ql) == legacy);
	CHECK(wq_engine_of(qc) == cmwq);
	CHECK(wq_engine_of(system_wq) == cmwq);
	CHECK(wq_engine_set(legacy) == cmwq);
	CHECK(wq_engine_of(system_wq) == legacy);

	CHECK(thread_exists("events/0"));
	CHECK(thread_exists("old/1"));
	CHECK(thread_exists("kworker/0:0"));
	CHECK(thread_exists("new"));
	finish();
	wait_until(!thread_exists("old/1"));
	wait_until(!thread_exists("new"));
	return 0;
}

WQTEST_MACHINES(contract_both, alive_in_one_machine)
{
	run_both(side_by_side);
}

static int not_booted(void *arg)
{
	CHECK(wq_engine_set(wq_engine_find("legacy")) == NULL);
	CHECK_STR(wq_engine_in_charge()->name, "cmwq");
	return 0;
}

WQTEST_MACHINES(contract_both, only_a_booted_engine_takes_charge)
{
	struct machine_config cfg = wqtest_config(1);
	struct machine_result res;

	cfg.engines = "cmwq";
	if (sim_run(&cfg, not_booted, NULL, &res))
		return;
	CHECK_EQ(res.verdict, VERDICT_OK);
	CHECK_EQ(res.warnings, 1);
	CHECK(strstr(res.log, "engine legacy was not booted"));
	machine_result_free(&res);
}

/* An item goes to and fro; `engine` says who had it last, `data` has that form. */
static int to_and_fro(void *arg)
{
	start();
	CHECK(a.work.engine == NULL);
	for (int i = 1; i <= 20; i++) {
		struct workqueue_struct *wq = i % 2 ? ql : qc;

		CHECK(queue_work_on(i / 2 % 2, wq, &a.work));
		CHECK(a.work.engine == wq_engine_of(wq));
		if (i % 5 == 0)
			flush_workqueue(wq);
		else
			flush_work(&a.work);
		CHECK_EQ(a.runs, i);
		CHECK_EQ(a.cpu, i / 2 % 2);
		CHECK_EQ(flush_work(&a.work), false);
		CHECK_EQ(cancel_work_sync(&a.work), false);
	}
	finish();
	return 0;
}

WQTEST_MACHINES(contract_both, item_goes_to_and_fro)
{
	run_both(to_and_fro);
}

/* Pending with one, refused by the other, which yet finds it for flush and cancel. */
static int pending_with_the_other(struct workqueue_struct *has, struct workqueue_struct *other)
{
	held_init(&h);
	counted_init(&a);
	hold(has, 1, &h);
	CHECK(queue_work_on(1, has, &a.work));
	CHECK_EQ(queue_work(other, &a.work), false);
	CHECK_EQ(queue_work_on(1, other, &a.work), false);
	CHECK(a.work.engine == wq_engine_of(has));
	flush_workqueue(other);
	CHECK_EQ(a.runs, 0);
	CHECK_EQ(cancel_work_sync(&a.work), true);
	CHECK(queue_work_on(0, other, &a.work));
	flush_work(&a.work);
	CHECK_EQ(a.runs, 1);
	CHECK(a.work.engine == wq_engine_of(other));
	complete(&h.go);
	flush_workqueue(has);
	CHECK_EQ(a.runs, 1);
	return 0;
}

static int refused(void *arg)
{
	start();
	pending_with_the_other(ql, qc);
	pending_with_the_other(qc, ql);
	finish();
	return 0;
}

WQTEST_MACHINES(contract_both, pending_with_one_is_refused_by_the_other)
{
	run_both(refused);
}

/* The same for timers: they carry the engine's own function. */
static int timers(void *arg)
{
	start();
	for (int i = 1; i <= 10; i++) {
		struct workqueue_struct *wq = i % 2 ? ql : qc;

		CHECK(queue_delayed_work(wq, &d.dw, LONG_DELAY));
		CHECK_EQ(queue_delayed_work(i % 2 ? qc : ql, &d.dw, 1), false);
		if (i % 4 == 0) {
			flush_delayed_work(&d.dw);
		} else {
			CHECK_EQ(cancel_delayed_work_sync(&d.dw), true);
			CHECK(queue_delayed_work(wq, &d.dw, 5));
			wait_until(runs_yet(&d.runs) == i);
		}
		flush_workqueue(wq);
		CHECK_EQ(d.runs, i);
		CHECK(d.dw.work.engine == wq_engine_of(wq));
	}
	/* mod_delayed_work() takes it away from the other. */
	CHECK(queue_delayed_work(ql, &d.dw, LONG_DELAY));
	CHECK_EQ(mod_delayed_work(qc, &d.dw, LONG_DELAY - 1), true);
	CHECK(d.dw.work.engine == cmwq);
	CHECK_EQ(mod_delayed_work(ql, &d.dw, 20), true);
	wait_until(runs_yet(&d.runs) == 11);
	CHECK(d.dw.work.engine == legacy);
	flush_workqueue(ql);
	CHECK_EQ(d.runs, 11);
	CHECK(!timer_pending(&d.dw.timer));

	/* ... even off a list, if that one can let go of it. */
	hold(qc, 1, &h);
	CHECK(queue_delayed_work_on(1, qc, &d.dw, 1));
	wait_until(!timer_pending(&d.dw.timer));
	CHECK(delayed_work_pending(&d.dw));
	CHECK_EQ(mod_delayed_work_on(1, ql, &d.dw, 10), true);
	wait_until(runs_yet(&d.runs) == 12);
	CHECK(d.dw.work.engine == legacy);
	complete(&h.go);
	finish();
	CHECK_EQ(d.runs, 12);
	return 0;
}

WQTEST_MACHINES(contract_both, delayed_item_goes_to_and_fro)
{
	run_both(timers);
}

/* An item of one engine queues itself to the other while it runs. */
static void crossing_fn(struct work_struct *work)
{
	counted_fn(work);
	if (a.runs < 20)
		CHECK(queue_work(a.runs % 2 ? qc : ql, work));
}

static int crossing(void *arg)
{
	start();
	a.work.func = crossing_fn;
	queue_work(ql, &a.work);
	wait_until(runs_yet(&a.runs) == 20);
	CHECK(a.work.engine == cmwq);
	finish();
	CHECK_EQ(a.runs, 20);
	return 0;
}

WQTEST_MACHINES(contract_both, item_crosses_while_it_runs)
{
	run_both(crossing);
}

/*
 * An item that goes to and fro while others ask for it: under many schedules
 * nobody takes the one engine's word for the other's, nothing is lost.
 */
static atomic_t queued, cancelled, over;

static int mover(void *arg)
{
	unsigned int rnd = (unsigned long)arg;

	for (int i = 0; i < 15; i++) {
		struct workqueue_struct *wq = next_random(&rnd) % 2 ? ql : qc;
		bool won;

		if (next_random(&rnd) % 3)
			won = queue_work_on(next_random(&rnd) % 2, wq, &d.dw.work);
		else
			won = queue_delayed_work(wq, &d.dw, next_random(&rnd) % 2);
		atomic_add(won, &queued);
		if (next_random(&rnd) % 4 == 0)
			udelay(600);
	}
	atomic_inc(&over);
	return 0;
}

static int asker(void *arg)
{
	unsigned int rnd = (unsigned long)arg + 99;

	for (int i = 0; i < 15; i++) {
		bool won = false;

		switch (next_random(&rnd) % 7) {
		case 0:
			won = cancel_work_sync(&d.dw.work);
			break;
		case 1:
			won = cancel_delayed_work(&d.dw);
			break;
		case 2:
			won = cancel_delayed_work_sync(&d.dw);
			break;
		case 3:
			flush_work(&d.dw.work);
			break;
		case 4:
			work_busy(&d.dw.work);
			break;
		case 5:
			udelay(400);
			break;
		case 6:
			flush_delayed_work(&d.dw);
			break;
		}
		atomic_add(won, &cancelled);
	}
	atomic_inc(&over);
	return 0;
}

static int moved_and_asked_for(void *arg)
{
	start();
	start_task(mover, arg, "mover");
	start_task(asker, arg, "asker/0");
	start_task(asker, (void *)((unsigned long)arg * 31), "asker/1");
	wait_for_all(&over, 3);
	wait_until(!delayed_work_pending(&d.dw));
	flush_workqueue(ql);
	flush_workqueue(qc);
	CHECK(!delayed_work_pending(&d.dw));
	CHECK(!timer_pending(&d.dw.timer));
	CHECK_EQ(atomic_read(&queued), d.runs + atomic_read(&cancelled));
	finish();
	return 0;
}

WQTEST_MACHINES(contract_both, moved_and_asked_for_in_any_order)
{
	const struct machine_config cfg = both_engines();

	run_seeds_cfg(&cfg, moved_and_asked_for, 1, 600);
}

/* The one moment at which the word has changed its form already, and who holds it not yet. */
static int looker(void *arg)
{
	for (int i = 0; i < 6; i++) {
		work_busy(&d.dw.work);
		flush_work(&d.dw.work);
		atomic_add(cancel_work_sync(&d.dw.work), &cancelled);
	}
	atomic_inc(&over);
	return 0;
}

static int looked_at(void *arg)
{
	start();
	start_task(looker, NULL, "looker");
	for (int i = 0; i < 8; i++)
		atomic_add(queue_work(i % 2 ? qc : ql, &d.dw.work), &queued);
	wait_for_all(&over, 1);
	flush_workqueue(ql);
	flush_workqueue(qc);
	CHECK_EQ(atomic_read(&queued), d.runs + atomic_read(&cancelled));
	finish();
	return 0;
}

WQTEST_MACHINES(contract_both, looked_at_while_it_moves)
{
	struct machine_config cfg = both_engines();
	char explore[32];

	if (wqtest_native())
		return run_seeds_cfg(&cfg, looked_at, 1, 400);
	cfg.explore = explore;
	for (int seed = 1; seed <= 400; seed++) {
		snprintf(explore, sizeof(explore), "random:%d,p=50", seed);
		if (RUN_CFG(&cfg, looked_at, NULL) != VERDICT_OK)
			return;
	}
}
