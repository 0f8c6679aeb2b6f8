// SPDX-License-Identifier: GPL-2.0-only
/*
 * Backtraces of simulated tasks, by frame pointers (-fno-omit-frame-pointer).
 *
 *	mtask.frame --> | caller's frame | return address |  of switch_to()
 *	                     `--> | caller's frame | return address |  of give_way() ...
 *
 * A frame is believed only as long as it lies on the task's own stack and the one it
 * points to lies further up.  What compilers inline does not show.
 *
 * Nothing is shared.  Read next: story.c.
 */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "backtrace.h"
#include "sim.h"
#include "wqlab/kallsyms.h"

#define DEEPEST 64

/* Of the machine, and what every lock, wait and wake-up goes through. */
static bool is_machinery(const char *name)
{
	static const char *const begin[] = {
		"sim_", "sleep_for", "mach_", "go_", "wait_turn", "wait_dispatched", "give_way", "switch_to",
		"__spin_", "_spin_", "spin_", "backtrace_", "report_", "arrived", "serve_irq", "story_",
		"note_point", "machine_stop", "choose", "ask", "schedule_timeout", "try_to_wake_up",
		"wake_up_process", "default_wake_function", "rotate", "describe_", "trace_one", "fall",
	};
	size_t i;

	for (i = 0; i < sizeof(begin) / sizeof(begin[0]); i++)
		if (!strncmp(name, begin[i], strlen(begin[i])))
			return true;
	return !strcmp(name, "schedule");
}

/* A stack has parts that AddressSanitizer does not want read. */
__attribute__((no_sanitize("address", "undefined"), noinline))
static void *word(void *const *at)
{
	return *(void *const volatile *)at;
}

void backtrace_text(const struct mtask *t, unsigned int max, char *buf, size_t size)
{
	void *const *frame = t == mach_current ? __builtin_frame_address(0) : t->frame;
	unsigned int depth, shown = 0;
	size_t n = 0;

	buf[0] = '\0';
	for (depth = 0; depth < DEEPEST && shown < max; depth++) {
		void *const *up;
		const char *name;
		size_t offset;

		if (!frame || (uintptr_t)frame % sizeof(void *) ||
		    !sim.carriers->on_stack(t->carrier, frame) ||
		    !sim.carriers->on_stack(t->carrier, frame + 1))
			break;
		/* The address behind a call may be the next function's. */
		name = kallsyms_lookup((char *)word(frame + 1) - 1, &offset);
		up = word(frame);
		if (!name || !strcmp(name, "task_entry"))
			break;
		if (shown || !is_machinery(name)) {
			n += (size_t)snprintf(buf + n, size - n, "%s%s", shown ? " < " : "", name);
			shown++;
			if (n >= size)
				break;
		}
		if (up <= frame)
			break;
		frame = up;
	}
}
