/* SPDX-License-Identifier: GPL-2.0-only */
/**
 * @file
 * Reading and writing the files of sysfs, in process.
 */
#ifndef WQLAB_SYSFS_H
#define WQLAB_SYSFS_H

#include <linux/types.h>

/**
 * Read a file, or list a folder, one name a line.  Context: process.
 * @param path from /sys on, e.g. "/sys/devices/virtual/workqueue/q0/cpumask"
 * @param buf gets the text, ended by NUL and cut if there is no room
 * @param size bytes in @p buf
 * @return the text's length; -ENOENT: no such file; -EACCES: not to be read; or what its show() says
 */
ssize_t wqlab_sysfs_read(const char *path, char *buf, size_t size);
/**
 * Write a file, as `echo TEXT > PATH` does.  Context: process.
 * @param path as above
 * @param text what to write, up to a page
 * @return bytes taken; -ENOENT; -EACCES: not to be written; -EINVAL: too long; or what its store() says
 */
ssize_t wqlab_sysfs_write(const char *path, const char *text);

#endif
