// SPDX-License-Identifier: GPL-2.0-only
/*
 * The one table in which engines register, and who is in charge.
 *
 * Everything else in common/ knows engines by their operations only.  A machine
 * boots the engines its configuration names; the first of them is in charge
 * until wq_engine_set().
 *
 * Owns the list of booted engines, the one in charge, and system_wq and its kin.
 * Locking: none.  init writes all of it at boot and shutdown; wq_engine_set() is
 * for a time when nobody else queues.
 *
 * Read next: workqueue.c.
 */
#include <linux/bug.h>
#include <linux/freezer.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <wqlab/engine.h>

#include "boot.h"

extern const struct wq_engine cmwq_engine, legacy_engine;

/* The first is what a machine boots when it is not told. */
const struct wq_engine *const wq_engines[] = { &cmwq_engine, &legacy_engine, NULL };

#define MAX_ENGINES	8	/* booted in one machine */

/* Written by init at boot and shutdown, and by wq_engine_set(). */
static const struct wq_engine *booted[MAX_ENGINES];
static const struct wq_engine *in_charge;

struct workqueue_struct *system_wq;
struct workqueue_struct *system_highpri_wq;
struct workqueue_struct *system_long_wq;
struct workqueue_struct *system_unbound_wq;
struct workqueue_struct *system_freezable_wq;
struct workqueue_struct *system_power_efficient_wq;
struct workqueue_struct *system_freezable_power_efficient_wq;

const struct wq_engine *wq_engine_find(const char *name)
{
	int i;

	for (i = 0; wq_engines[i]; i++)
		if (!strcmp(wq_engines[i]->name, name))
			return wq_engines[i];
	return NULL;
}

const struct wq_engine *wq_engine_in_charge(void)
{
	return in_charge;
}

const struct wq_engine *wq_engine_nth(int i)
{
	return i < MAX_ENGINES ? booted[i] : NULL;
}

bool wq_engine_booted(const struct wq_engine *engine)
{
	const struct wq_engine *other;
	int i;

	for_each_booted_engine(other, i)
		if (other == engine)
			return true;
	return false;
}

const struct wq_engine *wq_engine_without(enum wq_can what)
{
	const struct wq_engine *engine;
	int i;

	for_each_booted_engine(engine, i)
		if (!(engine->can & what))
			return engine;
	return NULL;
}

static struct freezer_client engines_freezer = {
	.begin = freeze_workqueues_begin, .busy = freeze_workqueues_busy, .thaw = thaw_workqueues,
};

const struct wq_engine *wq_engine_set(const struct wq_engine *engine)
{
	const struct wq_engine *before = in_charge;
	const char *name = engine ? engine->name : "(none)";

	if (WARN(!engine || !wq_engine_booted(engine), "engine %s was not booted\n", name))
		return NULL;
	in_charge = engine;
	system_wq = engine->system(WQ_SYSTEM);
	system_highpri_wq = engine->system(WQ_SYSTEM_HIGHPRI);
	system_long_wq = engine->system(WQ_SYSTEM_LONG);
	system_unbound_wq = engine->system(WQ_SYSTEM_UNBOUND);
	system_freezable_wq = engine->system(WQ_SYSTEM_FREEZABLE);
	system_power_efficient_wq = engine->system(WQ_SYSTEM_POWER_EFFICIENT);
	system_freezable_power_efficient_wq = engine->system(WQ_SYSTEM_FREEZABLE_POWER_EFFICIENT);
	return before;
}

/* The next name of a comma-separated list; false at its end. */
static bool next_name(const char **list, char *name, size_t size)
{
	size_t n = strcspn(*list, ",");

	if (!**list)
		return false;
	strlcpy(name, *list, min(size, n + 1));
	*list += n;
	if (**list == ',')
		++*list;
	return true;
}

int engines_check(const char *list)
{
	char name[32];

	while (list && next_name(&list, name, sizeof(name))) {
		char known[64] = "";
		int i;

		if (wq_engine_find(name))
			continue;
		for (i = 0; wq_engines[i]; i++) {
			strlcat(known, i ? " or \"" : "\"", sizeof(known));
			strlcat(known, wq_engines[i]->name, sizeof(known));
			strlcat(known, "\"", sizeof(known));
		}
		mach_set_error("unknown engine \"%s\": expected %s", name, known);
		return -1;
	}
	return 0;
}

int engines_boot(const char *list)
{
	char name[32];
	int nr = 0, err;

	freezer_join(&engines_freezer);
	if (!list || !*list)
		list = wq_engines[0]->name;
	while (next_name(&list, name, sizeof(name))) {
		const struct wq_engine *engine = wq_engine_find(name);

		if (wq_engine_booted(engine) || nr == MAX_ENGINES)
			continue;
		err = engine->boot();
		if (err) {
			engine->shutdown();	/* of what it got up */
			return err;
		}
		booted[nr++] = engine;
	}
	wq_engine_set(booted[0]);
	return 0;
}

void engines_shutdown(void)
{
	int i;

	thaw_processes();	/* what was left frozen would never end */
	for (i = MAX_ENGINES - 1; i >= 0; i--) {
		if (!booted[i])
			continue;
		booted[i]->shutdown();
		booted[i] = NULL;	/* there is nothing left to be asked for */
	}
	freezer_leave(&engines_freezer);
}
