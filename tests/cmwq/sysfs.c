// SPDX-License-Identifier: GPL-2.0-only
/* WQ_SYSFS: the files, their formats, what they refuse (facts, "sysfs"). */
#include <linux/topology.h>
#include <wqlab/sysfs.h>

#include "cmwq_test.h"

#define VIRTUAL	"/sys/devices/virtual/workqueue/"
#define BUS	"/sys/bus/workqueue/devices/"

static struct workqueue_struct *q, *p;

static void check_read(const char *path, const char *text)
{
	char buf[128];

	CHECK_EQ(wqlab_sysfs_read(path, buf, sizeof(buf)), strlen(text));
	CHECK_STR(buf, text);
}

static int bound(void *arg)
{
	char small[4];

	q = alloc_workqueue("q", WQ_SYSFS, 7);
	p = alloc_workqueue("a/b", WQ_SYSFS, 0);
	check_read(VIRTUAL "q", "per_cpu\nmax_active\n");
	check_read(VIRTUAL "q/per_cpu", "1\n");
	check_read(BUS "q/max_active", "7\n");
	check_read(BUS "a!b/max_active", "256\n");
	CHECK_EQ(wqlab_sysfs_read(VIRTUAL "q", small, sizeof(small)), 19);
	CHECK_STR(small, "per");

	CHECK_EQ(wqlab_sysfs_write(VIRTUAL "q/max_active", "3"), 2);
	check_read(VIRTUAL "q/max_active", "3\n");
	CHECK_EQ(pwq_on(q, 0)->max_active, 3);
	CHECK_EQ(wqlab_sysfs_write(VIRTUAL "q/max_active", "0"), -EINVAL);
	CHECK_EQ(wqlab_sysfs_write(VIRTUAL "q/max_active", "-1"), -EINVAL);
	CHECK_EQ(wqlab_sysfs_write(VIRTUAL "q/max_active", "many"), -EINVAL);
	CHECK_EQ(wqlab_sysfs_write(VIRTUAL "q/max_active", ""), -EINVAL);
	check_read(VIRTUAL "q/max_active", "3\n");
	CHECK_EQ(wqlab_sysfs_write(VIRTUAL "q/max_active", "1000"), 5);
	check_read(VIRTUAL "q/max_active", "512\n");

	CHECK_EQ(wqlab_sysfs_write(VIRTUAL "q/per_cpu", "0"), -EACCES);
	CHECK_EQ(wqlab_sysfs_write(VIRTUAL "q/nice", "0"), -ENOENT);
	CHECK_EQ(wqlab_sysfs_write(VIRTUAL "q", "0"), -ENOENT);
	CHECK_EQ(wqlab_sysfs_read(VIRTUAL "r/per_cpu", small, sizeof(small)), -ENOENT);
	CHECK_EQ(wqlab_sysfs_read("/sys/kernel/q", small, sizeof(small)), -ENOENT);
	CHECK_EQ(wqlab_sysfs_read("/sys/bus/pci/devices/q", small, sizeof(small)), -ENOENT);

	CHECK(!alloc_workqueue("q", WQ_SYSFS | WQ_MEM_RECLAIM, 0));	/* there is one */
	destroy_workqueue(q);
	CHECK_EQ(wqlab_sysfs_read(VIRTUAL "q/per_cpu", small, sizeof(small)), -ENOENT);
	q = alloc_workqueue("q", 0, 0);
	CHECK_EQ(wqlab_sysfs_read(VIRTUAL "q/per_cpu", small, sizeof(small)), -ENOENT);
	CHECK_EQ(workqueue_sysfs_register(q), 0);
	check_read(VIRTUAL "q/per_cpu", "1\n");
	destroy_workqueue(q);
	destroy_workqueue(p);
	return 0;
}

WQTEST(cmwq, sysfs_bound)
{
	RUN_OK(2, bound);
}

static int unbound(void *arg)
{
	char want[32];

	q = alloc_workqueue("q", WQ_SYSFS | WQ_UNBOUND, 0);
	check_read(BUS "q", "per_cpu\nmax_active\npool_ids\nnice\ncpumask\nnuma\n");
	check_read(VIRTUAL "q/per_cpu", "0\n");
	check_read(VIRTUAL "q/nice", "0\n");
	check_read(VIRTUAL "q/cpumask", "3ff\n");
	check_read(VIRTUAL "q/numa", "1\n");
	snprintf(want, sizeof(want), "0:%d 1:%d\n", q->numa_pwq_tbl[0]->pool->id,
		 q->numa_pwq_tbl[1]->pool->id);
	check_read(VIRTUAL "q/pool_ids", want);

	CHECK_EQ(wqlab_sysfs_write(VIRTUAL "q/nice", "-5"), 3);
	check_read(VIRTUAL "q/nice", "-5\n");
	CHECK_EQ(q->dfl_pwq->pool->attrs->nice, -5);
	CHECK_EQ(wqlab_sysfs_write(VIRTUAL "q/nice", "-21"), -EINVAL);
	CHECK_EQ(wqlab_sysfs_write(VIRTUAL "q/nice", "20"), -EINVAL);
	CHECK_EQ(wqlab_sysfs_write(VIRTUAL "q/nice", "x"), -EINVAL);
	CHECK_EQ(wqlab_sysfs_write(VIRTUAL "q/cpumask", "0x"), -EINVAL);
	CHECK_EQ(wqlab_sysfs_write(VIRTUAL "q/cpumask", "zz"), -EINVAL);
	check_read(VIRTUAL "q/cpumask", "3ff\n");
	check_read(VIRTUAL "q/nice", "-5\n");

	CHECK_EQ(wqlab_sysfs_write(VIRTUAL "q/numa", "0"), 2);
	check_read(VIRTUAL "q/numa", "0\n");
	CHECK(q->numa_pwq_tbl[0] == q->dfl_pwq);
	CHECK_EQ(wqlab_sysfs_write(VIRTUAL "q/numa", "no"), -EINVAL);
	CHECK_EQ(wqlab_sysfs_write(VIRTUAL "q/numa", "1"), 2);
	CHECK(q->numa_pwq_tbl[0] != q->dfl_pwq);
	check_read(VIRTUAL "q/nice", "-5\n");		/* each write leaves the others */
	destroy_workqueue(q);
	return 0;
}

WQTEST(cmwq, sysfs_unbound)
{
	RUN_OK(10, unbound, .nodes = 2);
}

/* CPU 0 masked out: no item is executed there any more. */
static int mask(void *arg)
{
	static struct item items[40];

	q = alloc_workqueue("q", WQ_SYSFS | WQ_UNBOUND, 0);
	CHECK_EQ(wqlab_sysfs_write(VIRTUAL "q/cpumask", "3fe"), 4);
	check_read(VIRTUAL "q/cpumask", "3fe\n");
	for (int i = 0; i < 40; i++) {
		item_init(&items[i]);
		items[i].burn = 1 + i % 3;
		queue_work_on(i % 10, q, W(&items[i]));
	}
	flush_workqueue(q);
	for (int i = 0; i < 40; i++) {
		CHECK_EQ(items[i].runs, 1);
		CHECK(items[i].cpu > 0);
	}
	destroy_workqueue(q);
	return 0;
}

WQTEST(cmwq, sysfs_cpumask_keeps_a_cpu_free)
{
	RUN_OK(10, mask);
}

/* An ordered one has no folder: a warning, and no workqueue. */
static int ordered(void *arg)
{
	CHECK(!alloc_ordered_workqueue("o", WQ_SYSFS));
	q = alloc_ordered_workqueue("o", 0);
	CHECK_EQ(workqueue_sysfs_register(q), -EINVAL);
	destroy_workqueue(q);
	return 0;
}

WQTEST(cmwq, cf44_no_folder_for_ordered_ones)
{
	RUN_WARN(1, ordered, 2);
}
