// SPDX-License-Identifier: GPL-2.0-only
/*
 * The load's workqueues: one of each kind for the whole run, and any kind for a
 * while.
 *
 * Legacy prints a line for each flag it drops, for ever in the log; so it is asked
 * for what it has.
 *
 * Locking: written by init while there is no load.
 */
#include "load.h"

enum how { HOW_ALLOC, HOW_MULTI, HOW_SINGLE, HOW_SYSTEM };

static const struct kind {
	const char *name;
	enum how how;
	unsigned int flags;
	int max_active;
	enum load_limit limit;
	bool legacy_too, unbound, elastic;
} kinds[] = {
	{ .name = "multi", .how = HOW_MULTI, .limit = LIMIT_CPU, .legacy_too = true },
	{ .name = "single", .how = HOW_SINGLE, .limit = LIMIT_ONE, .legacy_too = true, .unbound = true },
	{ .name = "ordered", .flags = WQ_UNBOUND | __WQ_ORDERED | WQ_MEM_RECLAIM, .max_active = 1,
	  .limit = LIMIT_ONE, .legacy_too = true, .unbound = true },
	{ .name = "plain", .legacy_too = true },
	{ .name = "system", .how = HOW_SYSTEM, .legacy_too = true },
	{ .name = "one", .max_active = 1, .limit = LIMIT_CPU },
	{ .name = "reclaim", .flags = WQ_MEM_RECLAIM, .max_active = 3 },
	{ .name = "intensive", .flags = WQ_CPU_INTENSIVE },
	{ .name = "high", .flags = WQ_HIGHPRI | WQ_MEM_RECLAIM, .max_active = 1, .limit = LIMIT_CPU },
	{ .name = "unbound", .flags = WQ_UNBOUND, .unbound = true },
	{ .name = "elastic", .max_active = 2, .elastic = true },
};

struct load_queue load_queues[LOAD_QUEUES];
unsigned int load_nr_queues;
static struct workqueue_struct *leaf_queues[2];	/* where items wait for others; nothing there waits */
static struct lock_class_key leaf_key;

static bool make(struct load_queue *q, const struct kind *kind, bool legacy)
{
	const struct wq_engine *engine = wq_engine_find(legacy ? "legacy" : "cmwq");

	memset(q, 0, sizeof(*q));
	q->legacy = legacy;
	q->bound = !kind->unbound;
	q->elastic = kind->elastic;
	q->limit = kind->limit;
	if (legacy && !q->limit)
		q->limit = LIMIT_CPU;	/* whose own thread runs all */
	switch (kind->how) {
	case HOW_ALLOC:
		q->wq = engine->alloc_workqueue_key(kind->name, kind->flags, kind->max_active,
					       lockdep_object_key(q), NULL);
		break;
	case HOW_MULTI:
		q->wq = engine->create_workqueue_key(kind->name, WQ_CREATE_MULTITHREAD,
						lockdep_object_key(q), NULL);
		break;
	case HOW_SINGLE:
		q->wq = engine->create_workqueue_key(kind->name, WQ_CREATE_SINGLETHREAD,
						lockdep_object_key(q), NULL);
		break;
	case HOW_SYSTEM:
		q->wq = engine->system(WQ_SYSTEM);
		break;
	}
	return q->wq;
}

static void make_all(bool legacy)
{
	const struct kind *kind;

	for (kind = kinds; kind < kinds + ARRAY_SIZE(kinds); kind++)
		if (!legacy || kind->legacy_too)
			CHECK(make(&load_queues[load_nr_queues++], kind, legacy));
}

void load_queues_make(void)
{
	const struct wq_engine *engine;

	if (load_has_legacy) {
		make_all(true);
		engine = wq_engine_find("legacy");
		leaf_queues[0] = leaf_queues[1] = engine->create_workqueue_key("leaf", WQ_CREATE_SINGLETHREAD,
								     &leaf_key, NULL);
	}
	if (load_has_cmwq) {
		make_all(false);
		engine = wq_engine_find("cmwq");
		leaf_queues[1] = engine->alloc_workqueue_key("leaf", WQ_MEM_RECLAIM, 0, &leaf_key, NULL);
		if (!load_has_legacy)
			leaf_queues[0] = leaf_queues[1];
	}
	CHECK(leaf_queues[0] && leaf_queues[1]);
}

struct workqueue_struct *load_leaf_queue(unsigned int which)
{
	return leaf_queues[which % 2];
}

static bool is_system(const struct load_queue *q)
{
	return q->wq == wq_engine_of(q->wq)->system(WQ_SYSTEM);
}

void load_queues_destroy(void)
{
	while (load_nr_queues) {
		struct load_queue *q = &load_queues[--load_nr_queues];

		if (!is_system(q))
			destroy_workqueue(q->wq);
	}
	if (leaf_queues[0] != leaf_queues[1])
		destroy_workqueue(leaf_queues[0]);
	destroy_workqueue(leaf_queues[1]);
}

/* Any kind but the system's; false where no thread could be had (load.c sees to that). */
bool load_queue_make(struct load_queue *q, u64 *rnd)
{
	const struct kind *kind;
	bool legacy;

	do {
		kind = &kinds[load_random(rnd, ARRAY_SIZE(kinds))];
		legacy = load_has_legacy && (!load_has_cmwq || load_random(rnd, 2));
	} while (kind->how == HOW_SYSTEM || (legacy && !kind->legacy_too));
	return make(q, kind, legacy);
}

struct load_queue *load_some_queue(u64 *rnd)
{
	return &load_queues[load_random(rnd, load_nr_queues)];
}
