// SPDX-License-Identifier: GPL-2.0-only
/*
 * The allocator: what is not given back is named, what is given back is poisoned
 * and not handed out again within a run, unless that is asked for.
 */
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <wqlab/arena.h>
#include <wqlab/slabinfo.h>

#include "wqtest.h"

static noinline void *leaks_two(void)
{
	kmalloc(10, GFP_KERNEL);
	return kzalloc(20, GFP_KERNEL);
}

static int leak(void *arg)
{
	const void *mark = slab_mark();
	struct slab_usage use;
	void *second;

	kfree(kmalloc(5, GFP_KERNEL));
	second = leaks_two();
	slab_count(mark, &use);
	CHECK_EQ(use.objects, 2);
	CHECK_EQ(use.bytes, 30);
	slab_report(mark);
	kfree(second);
	slab_count(mark, &use);
	CHECK_EQ(use.objects, 1);
	return 0;
}

WQTEST(slab, leak_is_counted_and_named)
{
	struct machine_config cfg = { .cpus = 1, .quiet = true };
	struct machine_result res;

	CHECK_EQ(sim_run(&cfg, leak, NULL, &res), 0);
	CHECK_EQ(res.verdict, VERDICT_OK);
	CHECK_MSG(strstr(res.log, "2 objects, 30 bytes allocated by leaks_two"), "the log says: %s", res.log);
	machine_result_free(&res);
}

static int recycle(void *arg)
{
	char *a = kmalloc(64, GFP_KERNEL), *b;

	kfree(a);
	b = kmalloc(64, GFP_KERNEL);
	CHECK_MSG(a != b, "freed memory was handed out again");
	kfree(b);

	arena_reuse(true);
	a = kmalloc(64, GFP_KERNEL);
	kfree(a);
	b = kmalloc(64, GFP_KERNEL);
	CHECK_MSG(a == b, "freed memory was not handed out again although that was asked for");
	kfree(b);
	return 0;
}

WQTEST(slab, reuse_only_when_asked_for)
{
	RUN(1, recycle);
}
