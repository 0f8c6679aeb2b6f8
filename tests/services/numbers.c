// SPDX-License-Identifier: GPL-2.0-only
/*
 * Numbers for objects while tasks run at once: idr_find() needs no lock beside those
 * who allocate and remove, an ida gives nobody a number that another has, and per-CPU
 * memory has one owner.
 */
#include <linux/atomic.h>
#include <linux/bitops.h>
#include <linux/idr.h>
#include <linux/kernel.h>
#include <linux/percpu.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

#include "wqtask.h"
#include "wqtest.h"

#define TASKS	4
#define TIMES	(wqtest_native() ? 40000 : 100)
#define MAGIC	0x6f626a656374UL

static atomic_t over;

/* Each of the tasks does its share; then init goes on. */
static void run_tasks(int (*fn)(void *))
{
	atomic_set(&over, 0);
	for (long i = 0; i < TASKS; i++)
		start_task(fn, (void *)i, "task");
	wait_for_all(&over, TASKS);
}

/* ---- idr ---- */

struct thing {
	unsigned long magic;
	int id;
	struct rcu_head rcu;
};

/* Three layers deep, so the tree grows several times. */
#define MOST	9000

static DEFINE_IDR(things);
static DEFINE_SPINLOCK(things_lock);
static atomic_t in_use, found, writers_left;

static void put_one(unsigned int *state)
{
	struct thing *t = kmalloc(sizeof(*t), GFP_KERNEL);
	int start = next_random(state) % 16 ? next_random(state) % 80 : next_random(state) % MOST;

	t->magic = MAGIC;
	spin_lock(&things_lock);
	t->id = -1;
	/* The number is told only behind the store of the pointer, so it is asked for first. */
	t->id = idr_alloc(&things, &things, start, 0, GFP_ATOMIC);
	CHECK(t->id >= start);
	CHECK(idr_replace(&things, t, t->id) == &things);
	spin_unlock(&things_lock);
	atomic_inc(&in_use);
}

static void take_one(unsigned int *state)
{
	int id = next_random(state) % 80;
	struct thing *t;

	spin_lock(&things_lock);
	t = idr_get_next(&things, &id);
	if (t)
		idr_remove(&things, id);
	spin_unlock(&things_lock);
	if (!t)
		return;
	CHECK_EQ(t->id, id);
	atomic_dec(&in_use);
	kfree_rcu(t, rcu);
}

static void look(unsigned int *state)
{
	int id = next_random(state) % 80;
	struct thing *t;

	rcu_read_lock_sched();
	t = idr_find(&things, id);
	if (t && t != (void *)&things) {
		CHECK_EQ(t->magic, MAGIC);
		CHECK_EQ(t->id, id);
		atomic_inc(&found);
	}
	rcu_read_unlock_sched();
}

static int idr_task(void *arg)
{
	unsigned int state = (unsigned int)(long)arg + 1;
	bool writes = (long)arg % 2;

	/* The writers go on until somebody has found something. */
	for (int i = 0; writes ? i < TIMES || !atomic_read(&found) : atomic_read(&writers_left) > 0; i++) {
		if (!writes)
			look(&state);
		else if (next_random(&state) % 2)
			put_one(&state);
		else
			take_one(&state);
		if (!wqtest_native())
			pass_ms(1);
	}
	if (writes)
		atomic_dec(&writers_left);
	atomic_inc(&over);
	return 0;
}

static int count_and_free(int id, void *p, void *data)
{
	CHECK_EQ(((struct thing *)p)->id, id);
	++*(int *)data;
	kfree(p);
	return 0;
}

static int find_while_others_change(void *arg)
{
	int left = 0;

	atomic_set(&writers_left, TASKS / 2);
	run_tasks(idr_task);
	CHECK(atomic_read(&found) > 0);
	CHECK_EQ(idr_for_each(&things, count_and_free, &left), 0);
	CHECK_EQ(left, atomic_read(&in_use));
	idr_destroy(&things);
	return 0;
}

WQTEST_MACHINES(numbers, idr_find_beside_writers)
{
	RUN(2, find_while_others_change);
}

/* ---- ida ---- */

#define HELD	8

static DEFINE_IDA(ida);
static DECLARE_BITMAP(taken, TASKS * HELD);
static atomic_t sum;

static int ida_task(void *arg)
{
	int held[HELD], i, round;

	for (round = 0; round < TIMES / 10; round++) {
		for (i = 0; i < HELD; i++) {
			held[i] = ida_simple_get(&ida, 0, 0, GFP_KERNEL);
			/* The lowest that is free, so never more than all hold together. */
			CHECK(held[i] >= 0 && held[i] < TASKS * HELD);
			CHECK(!test_and_set_bit(held[i], taken));
		}
		for (i = 0; i < HELD; i++) {
			CHECK(test_and_clear_bit(held[i], taken));
			ida_simple_remove(&ida, held[i]);
			atomic_inc(&sum);
		}
	}
	atomic_inc(&over);
	return 0;
}

static int nobody_has_it(void *arg)
{
	run_tasks(ida_task);
	CHECK_EQ(atomic_read(&sum), TASKS * HELD * (TIMES / 10));
	CHECK_EQ(ida_simple_get(&ida, 0, 0, GFP_KERNEL), 0);
	ida_destroy(&ida);
	return 0;
}

WQTEST_MACHINES(numbers, an_ida_number_has_one_owner)
{
	RUN(2, nobody_has_it);
}

/* ---- per-CPU memory ---- */

struct cell {
	unsigned long owner[12];
};

static int percpu_task(void *arg)
{
	struct cell __percpu *mine[HELD];
	unsigned long mark = (unsigned long)arg + 1;
	int i, k, round, cpu;

	for (round = 0; round < TIMES / 20; round++) {
		for (i = 0; i < HELD; i++) {
			mine[i] = alloc_percpu(struct cell);
			for_each_possible_cpu(cpu)
				for (k = 0; k < 12; k++) {
					CHECK_EQ(per_cpu_ptr(mine[i], cpu)->owner[k], 0);
					per_cpu_ptr(mine[i], cpu)->owner[k] = mark + i;
				}
		}
		for (i = 0; i < HELD; i++) {
			for_each_possible_cpu(cpu)
				for (k = 0; k < 12; k++)
					CHECK_EQ(per_cpu_ptr(mine[i], cpu)->owner[k], mark + i);
			free_percpu(mine[i]);
		}
	}
	atomic_inc(&over);
	return 0;
}

static int areas(void *arg)
{
	run_tasks(percpu_task);
	return 0;
}

WQTEST_MACHINES(numbers, percpu_memory_has_one_owner)
{
	RUN(2, areas);
}
