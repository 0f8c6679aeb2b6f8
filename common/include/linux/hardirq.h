/* SPDX-License-Identifier: GPL-2.0-only */
/** @file
 * Where in_interrupt() and its kin are found (3.18: include/linux/hardirq.h). */
#ifndef _LINUX_HARDIRQ_H
#define _LINUX_HARDIRQ_H
#include <linux/irqflags.h>
#include <linux/preempt.h>
#endif
