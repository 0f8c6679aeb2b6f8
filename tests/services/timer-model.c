// SPDX-License-Identifier: GPL-2.0-only
/*
 * The timer wheel against a model: at random, timers are armed, moved and
 * deleted, near and very far, and each must fire exactly when and in the order
 * in which a plain table of all of them says.
 */
#include <linux/delay.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/timer.h>
#include <wqlab/mach.h>
#include <wqlab/timer.h>

#include "wqtest.h"

#define NR_TIMERS	200
#define NR_ROUNDS	4000

static struct {
	struct timer_list timer;
	bool pending;
	unsigned long due;	/* jiffy in which it shall fire */
	unsigned long armed;	/* numbers the armings */
} table[NR_TIMERS];

static unsigned long armings;
static long fired;
static u64 random_state;

static u64 random(void)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return random_state;
}

/* Mostly near, some days away, a few beyond 2^32 jiffies. */
static unsigned long random_delay(void)
{
	unsigned int bits = random() % 30;

	if (random() % 40 == 0)
		bits = random() % 36;
	return random() & ((1ul << bits) - 1);
}

static void model_arm(int i, unsigned long expires)
{
	table[i].pending = true;
	table[i].due = time_after(expires, jiffies) ? expires : jiffies + 1;
	table[i].armed = armings++;
}

static int model_first(void)
{
	int i, first = -1;

	for (i = 0; i < NR_TIMERS; i++) {
		if (!table[i].pending)
			continue;
		if (first < 0 || time_before(table[i].due, table[first].due) ||
		    (table[i].due == table[first].due && table[i].armed < table[first].armed))
			first = i;
	}
	return first;
}

static void fire(unsigned long i)
{
	CHECK_EQ(i, model_first());
	CHECK_EQ(mach_now(), (table[i].due - INITIAL_JIFFIES) * wqlab_tick_ns());
	table[i].pending = false;
	fired++;
	if (random() % 4 == 0) {
		unsigned long expires = jiffies + random_delay() - random() % 3;

		model_arm(i, expires);
		CHECK_EQ(mod_timer(&table[i].timer, expires), 0);
	}
}

static void one_round(void)
{
	int i = random() % NR_TIMERS, other = random() % NR_TIMERS, was = table[i].pending;
	unsigned long expires = jiffies + random_delay() - random() % 3;

	switch (random() % 8) {
	case 0 ... 3:
		if (table[other].pending && random() % 3 == 0)
			expires = table[other].due;
		/* Setting the time it has already changes nothing. */
		if (!was || table[i].timer.expires != expires)
			model_arm(i, expires);
		CHECK_EQ(mod_timer(&table[i].timer, expires), was);
		break;
	case 4:
		table[i].pending = false;
		CHECK_EQ(del_timer(&table[i].timer), was);
		break;
	case 5:
		table[i].pending = false;
		CHECK_EQ(del_timer_sync(&table[i].timer), was);
		break;
	case 6:
		mach_burn(random() % (20 * NSEC_PER_MSEC) + 1);
		break;
	case 7:
		mach_burn((random_delay() % (1 << 22) + 1) * wqlab_tick_ns());
		break;
	}
}

static int against_model(void *arg)
{
	int i;

	random_state = 88172645463325252ull + 1000003 * (unsigned long)arg;
	for (i = 0; i < NR_TIMERS; i++)
		setup_timer(&table[i].timer, fire, i);
	for (i = 0; i < NR_ROUNDS; i++)
		one_round();
	for (i = 0; i < NR_TIMERS; i++)
		CHECK_EQ(del_timer_sync(&table[i].timer), table[i].pending);
	CHECK(fired > NR_ROUNDS / 4);
	return 0;
}

WQTEST(timer_model, random_operations)
{
	static const unsigned int rates[] = { 100, 250, 300, 1000 };
	unsigned long seed;

	for (seed = 0; seed < 8; seed++) {
		const struct machine_config cfg = {
			.cpus = 1, .hz = rates[seed % 4], .quiet = true, .no_trace = true,
			.time_limit_ns = MACH_NEVER - 1, .hung_task_ns = MACH_NEVER,
		};
		struct machine_result res;

		if (sim_run(&cfg, against_model, (void *)seed, &res))
			return;
		CHECK_MSG(res.verdict == VERDICT_OK, "seed %lu: %s\n%s", seed,
			  verdict_name(res.verdict), res.report);
		machine_result_free(&res);
	}
}

#define NR_MANY	1000000

static unsigned int many_fired;
static unsigned long many_last;

static void count(unsigned long due)
{
	CHECK(due >= many_last);
	many_last = due;
	many_fired++;
}

static int a_million(void *arg)
{
	struct timer_list *many = kmalloc_array(NR_MANY, sizeof(*many), GFP_KERNEL), spare;
	unsigned long start = jiffies;
	unsigned int i;

	random_state = 42;
	for (i = 0; i < NR_MANY; i++) {
		unsigned long due = start + 1 + random() % 1000000;

		setup_timer(&many[i], count, due);
		mod_timer(&many[i], due);
	}
	CHECK_EQ(timer_nr_pending(0) >= NR_MANY, 1);
	setup_timer(&spare, count, 0);
	for (i = 0; i < NR_MANY; i++) {
		mod_timer(&spare, start + 1 + i);
		del_timer(&spare);
	}
	for (i = 0; i < NR_MANY; i += 2)
		CHECK_EQ(del_timer(&many[i]), 1);
	mach_burn(1000000 * wqlab_tick_ns());
	CHECK_EQ(many_fired, NR_MANY / 2);
	kfree(many);
	return 0;
}

WQTEST(timer_model, a_million_pending)
{
	const struct machine_config cfg = {
		.cpus = 1, .quiet = true, .no_trace = true, .step_limit = 100000000,
	};
	struct machine_result res;

	if (sim_run(&cfg, a_million, NULL, &res))
		return;
	CHECK_MSG(res.verdict == VERDICT_OK, "%s\n%s", verdict_name(res.verdict), res.report);
	machine_result_free(&res);
}
