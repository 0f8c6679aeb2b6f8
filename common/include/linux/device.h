/* SPDX-License-Identifier: GPL-2.0-only */
/**
 * @file
 * Devices as far as a workqueue needs them: a name, and attributes in sysfs.
 *
 * A device of bus B named N is the folder /sys/devices/virtual/B/N, and the same as
 * /sys/bus/B/devices/N.  Its attributes are files whose reading and writing calls show()
 * and store().  There is no file system: <wqlab/sysfs.h> reads and writes them by path.
 *
 * Mirrors what it has of include/linux/device.h and sysfs.h of 3.18.
 */
#ifndef _LINUX_DEVICE_H
#define _LINUX_DEVICE_H

#include <linux/list.h>
#include <linux/types.h>

#define DEVICE_NAME_LEN	32	/**< room for a device's name with its NUL */

struct device;

/** What every attribute has. */
struct attribute {
	const char *name;	/**< the file's name */
	unsigned short mode;	/**< who may read and write it: 0444, 0644 */
};

/** An attribute of a device. */
struct device_attribute {
	struct attribute attr;	/**< its name and mode */
	/** Write the value into a page. @return its length or -errno */
	ssize_t (*show)(struct device *dev, struct device_attribute *attr, char *buf);
	/** Take a value, which ends in NUL. @return how much was taken or -errno */
	ssize_t (*store)(struct device *dev, struct device_attribute *attr, const char *buf, size_t count);
};

/** One that can be read: name_show(). @param _name its name */
#define DEVICE_ATTR_RO(_name) struct device_attribute dev_attr_##_name = \
	{ .attr = { #_name, 0444 }, .show = _name##_show }
/** One that can be written too: name_show() and name_store(). @param _name its name */
#define DEVICE_ATTR_RW(_name) struct device_attribute dev_attr_##_name = \
	{ .attr = { #_name, 0644 }, .show = _name##_show, .store = _name##_store }

/** What devices have in common. */
struct bus_type {
	const char *name;	/**< a part of the path */
};

/** A device. */
struct device {
	char name[DEVICE_NAME_LEN];		/**< set before it is registered */
	const struct bus_type *bus;		/**< likewise */
	struct device_attribute *const *attrs;	/**< likewise: its files, ended by NULL */
	struct list_head node;			/**< among all devices, under the lock of sysfs */
};

/**
 * Make a device's files appear.  Context: process.
 * @param dev filled in, see above; '/' in its name turns into '!'
 * @return 0, or -EEXIST if its bus has one of that name
 */
int device_register(struct device *dev);
/** Make them disappear, and wait until nobody reads or writes them.  Context: process. @param dev registered */
void device_unregister(struct device *dev);

#endif
