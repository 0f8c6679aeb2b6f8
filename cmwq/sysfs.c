// SPDX-License-Identifier: GPL-2.0-only
/*
 * A workqueue's folder in sysfs: what an administrator may look at and change.
 *
 *	/sys/devices/virtual/workqueue/NAME/
 *	    per_cpu	1: bound, 0: unbound
 *	    max_active	may be written
 *	and, unbound:
 *	    pool_ids	node:pool of each node
 *	    nice	may be written: -20 to 19
 *	    cpumask	may be written: hexadecimal
 *	    numa	may be written: 1 places by node, 0 does not
 *
 * A written attribute is one apply_workqueue_attrs() with the others as they are.  An
 * ordered workqueue has no folder: everything that could be changed in it would break its
 * order (C-F44).
 *
 * Locks: wq->mutex to read attributes.  That a folder is not in use any more when
 * device_unregister() returns is sysfs' to promise; so the workqueue is alive in here.
 *
 * Read next: info.c.
 */
#include <linux/bug.h>
#include <linux/device.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/topology.h>

#include "workqueue_internal.h"

#define PAGE_BYTES	4096	/* room for an attribute's text */

struct wq_device {
	struct workqueue_struct *wq;	/* I */
	struct device dev;
};

static const struct bus_type wq_subsys = { .name = "workqueue" };

static struct workqueue_struct *dev_to_wq(struct device *dev)
{
	return container_of(dev, struct wq_device, dev)->wq;
}

/* ---- every workqueue ---- */

static ssize_t per_cpu_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return scnprintf(buf, PAGE_BYTES, "%d\n", !(__READ_ONCE(dev_to_wq(dev)->flags) & WQ_UNBOUND));
}
static DEVICE_ATTR_RO(per_cpu);

static ssize_t max_active_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return scnprintf(buf, PAGE_BYTES, "%d\n", __READ_ONCE(dev_to_wq(dev)->saved_max_active));
}

static ssize_t max_active_store(struct device *dev, struct device_attribute *attr,
				const char *buf, size_t count)
{
	int val;

	if (sscanf(buf, "%d", &val) != 1 || val <= 0)
		return -EINVAL;
	workqueue_set_max_active(dev_to_wq(dev), val);
	return count;
}
static DEVICE_ATTR_RW(max_active);

/* ---- unbound ones ---- */

static ssize_t pool_ids_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct workqueue_struct *wq = dev_to_wq(dev);
	const char *delim = "";
	ssize_t len = 0;
	int node;

	rcu_read_lock_sched();
	for_each_node(node) {
		len += scnprintf(buf + len, PAGE_BYTES - len, "%s%d:%d", delim, node,
				 unbound_pwq_by_node(wq, node)->pool->id);
		delim = " ";
	}
	rcu_read_unlock_sched();
	return len + scnprintf(buf + len, PAGE_BYTES - len, "\n");
}
static DEVICE_ATTR_RO(pool_ids);

/* A copy to be changed and applied; NULL: no memory. */
static struct workqueue_attrs *wq_sysfs_prep_attrs(struct workqueue_struct *wq)
{
	struct workqueue_attrs *copy = alloc_workqueue_attrs(GFP_KERNEL);

	if (copy) {
		mutex_lock(&wq->mutex);
		copy_workqueue_attrs(copy, wq->unbound_attrs);
		mutex_unlock(&wq->mutex);
	}
	return copy;
}

/* Apply the copy, if what was written made sense (!err), and give it back. */
static ssize_t finish_store(struct workqueue_struct *wq, struct workqueue_attrs *attrs,
			    int err, size_t count)
{
	if (!err)
		err = apply_workqueue_attrs(wq, attrs);
	free_workqueue_attrs(attrs);
	return err ? err : (ssize_t)count;
}

static ssize_t nice_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct workqueue_struct *wq = dev_to_wq(dev);
	ssize_t len;

	mutex_lock(&wq->mutex);
	len = scnprintf(buf, PAGE_BYTES, "%d\n", wq->unbound_attrs->nice);
	mutex_unlock(&wq->mutex);
	return len;
}

static ssize_t nice_store(struct device *dev, struct device_attribute *attr,
			  const char *buf, size_t count)
{
	struct workqueue_struct *wq = dev_to_wq(dev);
	struct workqueue_attrs *attrs = wq_sysfs_prep_attrs(wq);
	bool good;

	if (!attrs)
		return -ENOMEM;
	good = sscanf(buf, "%d", &attrs->nice) == 1 &&
	       attrs->nice >= MIN_NICE && attrs->nice <= MAX_NICE;
	return finish_store(wq, attrs, good ? 0 : -EINVAL, count);
}
static DEVICE_ATTR_RW(nice);

static ssize_t cpumask_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct workqueue_struct *wq = dev_to_wq(dev);
	ssize_t len;

	mutex_lock(&wq->mutex);
	len = cpumask_scnprintf(buf, PAGE_BYTES, wq->unbound_attrs->cpumask);
	mutex_unlock(&wq->mutex);
	return len + scnprintf(buf + len, PAGE_BYTES - len, "\n");
}

static ssize_t cpumask_store(struct device *dev, struct device_attribute *attr,
			     const char *buf, size_t count)
{
	struct workqueue_struct *wq = dev_to_wq(dev);
	struct workqueue_attrs *attrs = wq_sysfs_prep_attrs(wq);

	if (!attrs)
		return -ENOMEM;
	return finish_store(wq, attrs, cpumask_parse(buf, attrs->cpumask), count);
}
static DEVICE_ATTR_RW(cpumask);

static ssize_t numa_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct workqueue_struct *wq = dev_to_wq(dev);
	ssize_t len;

	mutex_lock(&wq->mutex);
	len = scnprintf(buf, PAGE_BYTES, "%d\n", !wq->unbound_attrs->no_numa);
	mutex_unlock(&wq->mutex);
	return len;
}

static ssize_t numa_store(struct device *dev, struct device_attribute *attr,
			  const char *buf, size_t count)
{
	struct workqueue_struct *wq = dev_to_wq(dev);
	struct workqueue_attrs *attrs = wq_sysfs_prep_attrs(wq);
	int val = 0;
	bool good;

	if (!attrs)
		return -ENOMEM;
	good = sscanf(buf, "%d", &val) == 1;
	attrs->no_numa = !val;
	return finish_store(wq, attrs, good ? 0 : -EINVAL, count);
}
static DEVICE_ATTR_RW(numa);

/* ---- the folder ---- */

static struct device_attribute *const wq_attrs[] = {
	&dev_attr_per_cpu, &dev_attr_max_active, NULL
};
static struct device_attribute *const wq_unbound_attrs[] = {
	&dev_attr_per_cpu, &dev_attr_max_active,
	&dev_attr_pool_ids, &dev_attr_nice, &dev_attr_cpumask, &dev_attr_numa, NULL
};

static struct wq_device *new_wq_device(struct workqueue_struct *wq)
{
	struct wq_device *wq_dev = kzalloc(sizeof(*wq_dev), GFP_KERNEL);

	if (wq_dev) {
		wq_dev->wq = wq;
		strlcpy(wq_dev->dev.name, wq->name, sizeof(wq_dev->dev.name));
		wq_dev->dev.bus = &wq_subsys;
		wq_dev->dev.attrs = wq->flags & WQ_UNBOUND ? wq_unbound_attrs : wq_attrs;
	}
	return wq_dev;
}

int workqueue_sysfs_register(struct workqueue_struct *wq)
{
	bool ordered = wq->flags & __WQ_ORDERED;
	struct wq_device *wq_dev;
	int ret;

	if (WARN_ON(ordered))
		return -EINVAL;
	wq_dev = new_wq_device(wq);
	ret = wq_dev ? device_register(&wq_dev->dev) : -ENOMEM;
	if (ret) {
		kfree(wq_dev);
		return ret;
	}
	wq->wq_dev = wq_dev;
	return 0;
}

void workqueue_sysfs_unregister(struct workqueue_struct *wq)
{
	struct wq_device *wq_dev = wq->wq_dev;

	if (!wq_dev)
		return;
	wq->wq_dev = NULL;
	device_unregister(&wq_dev->dev);
	kfree(wq_dev);
}
