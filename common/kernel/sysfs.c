// SPDX-License-Identifier: GPL-2.0-only
/*
 * sysfs, as far as it goes here: devices, and their attributes by path.
 *
 *	/sys/devices/virtual/BUS/NAME/ATTRIBUTE
 *	/sys/bus/BUS/devices/NAME/ATTRIBUTE		the same
 *
 * One lock over everything, a read or write of an attribute included: so a device that is
 * unregistered is not in use, and the kernel's counting of users is not needed.  Nobody is
 * in a hurry here; and no show() or store() waits for a device to go.
 *
 * Owns the list of devices, under sysfs_mutex.  Mirrors the effect of fs/kernfs and
 * drivers/base of 3.18.
 *
 * Read next: linux/device.h, cmwq/sysfs.c.
 */
#include <linux/device.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/mutex.h>
#include <linux/printk.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <wqlab/sysfs.h>

#define PAGE_BYTES	4096	/* room for one attribute's text */

static DEFINE_MUTEX(sysfs_mutex);
static LIST_HEAD(devices);		/* under sysfs_mutex, in order of registration */

/* ---- devices ---- */

static struct device *find_device(const char *bus, size_t bus_len, const char *name, size_t len)
{
	struct device *dev;

	list_for_each_entry(dev, &devices, node)
		if (strlen(dev->bus->name) == bus_len && !strncmp(dev->bus->name, bus, bus_len) &&
		    strlen(dev->name) == len && !strncmp(dev->name, name, len))
			return dev;
	return NULL;
}

int device_register(struct device *dev)
{
	int err = 0;
	char *c;

	for (c = dev->name; *c; c++)
		if (*c == '/')
			*c = '!';
	mutex_lock(&sysfs_mutex);
	if (find_device(dev->bus->name, strlen(dev->bus->name), dev->name, strlen(dev->name)))
		err = -EEXIST;
	else
		list_add_tail(&dev->node, &devices);
	mutex_unlock(&sysfs_mutex);
	if (err)
		pr_warn("sysfs: cannot create duplicate filename '/devices/virtual/%s/%s'\n",
			dev->bus->name, dev->name);
	return err;
}

void device_unregister(struct device *dev)
{
	mutex_lock(&sysfs_mutex);
	list_del(&dev->node);
	mutex_unlock(&sysfs_mutex);
}

/* ---- paths ---- */

/* Take a prefix off a path; false: it has another. */
static bool skip(const char **path, const char *prefix)
{
	size_t len = strlen(prefix);

	if (strncmp(*path, prefix, len))
		return false;
	*path += len;
	return true;
}

/* The device that a path leads to, and what stands behind its name; NULL: none. */
static struct device *walk(const char *path, const char **rest)
{
	const char *bus, *name;
	bool by_bus;
	size_t len;

	by_bus = skip(&path, "/sys/bus/");
	if (!by_bus && !skip(&path, "/sys/devices/virtual/"))
		return NULL;
	bus = path;
	len = strcspn(path, "/");
	path += len;
	if (!skip(&path, by_bus ? "/devices/" : "/"))
		return NULL;
	name = path;
	path += strcspn(path, "/");
	*rest = *path ? path + 1 : path;
	return find_device(bus, len, name, path - name);
}

static struct device_attribute *find_attr(struct device *dev, const char *name)
{
	struct device_attribute *const *attr;

	for (attr = dev->attrs; *attr; attr++)
		if (!strcmp((*attr)->attr.name, name))
			return *attr;
	return NULL;
}

/* ---- reading and writing ---- */

static ssize_t list_attrs(struct device *dev, char *page)
{
	struct device_attribute *const *attr;
	ssize_t len = 0;

	for (attr = dev->attrs; *attr; attr++)
		len += scnprintf(page + len, PAGE_BYTES - len, "%s\n", (*attr)->attr.name);
	return len;
}

static ssize_t read_locked(const char *path, char *page)
{
	struct device_attribute *attr;
	const char *rest;
	struct device *dev = walk(path, &rest);

	if (!dev)
		return -ENOENT;
	if (!*rest)
		return list_attrs(dev, page);
	attr = find_attr(dev, rest);
	if (!attr)
		return -ENOENT;
	return attr->show ? attr->show(dev, attr, page) : -EACCES;
}

ssize_t wqlab_sysfs_read(const char *path, char *buf, size_t size)
{
	char *page = kzalloc(PAGE_BYTES, GFP_KERNEL);
	ssize_t len;

	if (!page)
		return -ENOMEM;
	mutex_lock(&sysfs_mutex);
	len = read_locked(path, page);
	mutex_unlock(&sysfs_mutex);
	if (len >= 0)
		strlcpy(buf, page, size);
	kfree(page);
	return len;
}

static ssize_t write_locked(const char *path, const char *page, size_t count)
{
	struct device_attribute *attr;
	const char *rest;
	struct device *dev = walk(path, &rest);

	attr = dev ? find_attr(dev, rest) : NULL;
	if (!attr)
		return -ENOENT;
	return attr->store ? attr->store(dev, attr, page, count) : -EACCES;
}

ssize_t wqlab_sysfs_write(const char *path, const char *text)
{
	size_t count = strlen(text) + 1;	/* echo's newline */
	ssize_t ret;
	char *page;

	if (count >= PAGE_BYTES)
		return -EINVAL;
	page = kzalloc(PAGE_BYTES, GFP_KERNEL);
	if (!page)
		return -ENOMEM;
	snprintf(page, PAGE_BYTES, "%s\n", text);
	mutex_lock(&sysfs_mutex);
	ret = write_locked(path, page, count);
	mutex_unlock(&sysfs_mutex);
	kfree(page);
	return ret;
}
