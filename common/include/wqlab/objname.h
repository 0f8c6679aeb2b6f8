/* SPDX-License-Identifier: GPL-2.0-only */
/**
 * @file
 * Names for objects that have no symbol: a scenario's work items, events and
 * workqueues. printk's %p, %pf, %ps, %pF and %pS ask here first. All names are
 * forgotten at boot. May be called from any task; never sleeps.
 * Plain C: both worlds include it.
 */
#ifndef WQLAB_OBJNAME_H
#define WQLAB_OBJNAME_H

/**
 * Name an object; a later name of the same object wins.
 * @param obj its address
 * @param name its name, copied; NULL takes the name away
 */
void wqlab_name_object(const void *obj, const char *name);

/**
 * The name given to an object.
 * @param obj its address
 * @return the name, valid until the next boot, or NULL
 */
const char *wqlab_object_name(const void *obj);

#endif
