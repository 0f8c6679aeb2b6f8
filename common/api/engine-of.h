/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Whose workqueue is this?  Asked of a workqueue that was destroyed, it ends the run with
 * the name of the call, where the kernel would follow a pointer into freed memory.
 *
 * Included by the files of the public face.  Read next: workqueue.c.
 */
#ifndef API_ENGINE_OF_H
#define API_ENGINE_OF_H

#include <linux/poison.h>
#include <linux/workqueue.h>
#include <wqlab/engine.h>

#define WQ_POISON	(~0UL / 0xff * POISON_FREE)	/* a pointer read from freed memory */

void __noreturn __cold wq_is_gone(const char *call);
/* Says that a call means nothing to the design that made this workqueue. */
void __cold no_counterpart(struct workqueue_struct *wq, const char *call);

static inline const struct wq_engine *engine_of(const struct workqueue_struct *wq, const char *call)
{
	const struct wq_engine *engine = wq_engine_of(wq);

	if (unlikely(mach_checks) && (unsigned long)engine == WQ_POISON)
		wq_is_gone(call);
	return engine;
}

#endif
