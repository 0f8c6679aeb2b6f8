// SPDX-License-Identifier: GPL-2.0-only
/*
 * Events under their names, with the texts the kernel prints for them.
 *
 * The formats are 3.18's, those of the four events that only 2.6.32 has are
 * 2.6.32's.  Two things differ: an address is printed as a name or an offset
 * into the arena, so that two runs print the same text, and a workqueue by its
 * name, as later kernels do.
 *
 * Nothing is owned here, nothing is locked.
 *
 * Read next: view-ftrace.c and view-csv.c, the two users.
 */
#include <stdio.h>

#include "events.h"

static const char *const names[TRACE_NR_KINDS] = {
	[TRACE_QUEUE_WORK] = "workqueue_queue_work",
	[TRACE_ACTIVATE_WORK] = "workqueue_activate_work",
	[TRACE_EXECUTE_START] = "workqueue_execute_start",
	[TRACE_EXECUTE_END] = "workqueue_execute_end",
	[TRACE_INSERTION] = "workqueue_insertion",
	[TRACE_EXECUTION] = "workqueue_execution",
	[TRACE_CREATION] = "workqueue_creation",
	[TRACE_DESTRUCTION] = "workqueue_destruction",
	[TRACE_SCHED_SWITCH] = "sched_switch",
	[TRACE_SCHED_WAKEUP] = "sched_wakeup",
	[TRACE_TASK_NEW] = "wqlab_task_new",
	[TRACE_TASK_RENAME] = "wqlab_task_rename",
	[TRACE_TASK_EXIT] = "wqlab_task_exit",
	[TRACE_WORKER_CREATE] = "wqlab_worker_create",
	[TRACE_WORKER_IDLE] = "wqlab_worker_idle",
	[TRACE_WORKER_DIE] = "wqlab_worker_die",
	[TRACE_FLUSH_COLOR] = "wqlab_flush_color",
	[TRACE_TIMER_START] = "timer_start",
	[TRACE_TIMER_CANCEL] = "timer_cancel",
	[TRACE_TIMER_EXPIRE] = "timer_expire_entry",
	[TRACE_STEP] = "wqlab_step",
	[TRACE_OUTSIDE] = "wqlab_outside",
};

const char *event_name(unsigned int kind)
{
	return kind < TRACE_NR_KINDS ? names[kind] : NULL;
}

static const char *step_name(int64_t step)
{
	static const char *const steps[] = {
		[STEP_BURN] = "burn", [STEP_SLEEP] = "sleep", [STEP_WAKE] = "wake",
		[STEP_FINISH] = "finish", [STEP_DO] = "do",
	};

	if (step < 0 || step >= (int64_t)(sizeof(steps) / sizeof(steps[0])))
		return "?";
	return steps[step];
}

/* The kernel's jiffies at an instant: they start 300 s before a 32-bit wrap. */
static uint64_t jiffies_at(uint64_t ns, unsigned int hz)
{
	return (uint64_t)(uint32_t)(-300 * (int32_t)hz) + ns / (1000000000u / hz);
}

void event_args(const struct record *rec, size_t i, unsigned int hz, struct text *out)
{
	const struct trace_event *ev = &rec->ev[i];
	const char *object = record_text(rec, rec->object[i]);
	/* All items of a scenario share one function: their names say more. */
	const char *name = record_text(rec, rec->item[i] ? rec->item[i] : ev->name);
	const char *name2 = record_text(rec, ev->name2);
	long long a = ev->a, b = ev->b;

	switch (ev->kind) {
	case TRACE_QUEUE_WORK:
		text_add(out, "work struct=%s function=%s workqueue=%s req_cpu=%u cpu=%u",
			 object, name, name2, (unsigned int)a, (unsigned int)b);
		break;
	case TRACE_ACTIVATE_WORK:
	case TRACE_EXECUTE_END:
		text_add(out, "work struct %s", object);
		break;
	case TRACE_EXECUTE_START:
		text_add(out, "work struct %s: function %s", object, name);
		break;
	case TRACE_INSERTION:
	case TRACE_EXECUTION:
		text_add(out, "thread=%s:%lld func=%s", name2, a, name);
		break;
	case TRACE_CREATION:
		text_add(out, "thread=%s:%lld cpu=%lld", name2, a, b);
		break;
	case TRACE_DESTRUCTION:
		text_add(out, "thread=%s:%lld", name2, a);
		break;
	case TRACE_SCHED_SWITCH:
		text_add(out, "prev_comm=%s prev_pid=%lld prev_prio=%d prev_state=%c ==> "
			 "next_comm=%s next_pid=%lld next_prio=%d",
			 name, a, ev->d, ev->c ? (char)ev->c : 'R', name2, b, ev->e);
		break;
	case TRACE_SCHED_WAKEUP:
		text_add(out, "comm=%s pid=%lld prio=%d success=1 target_cpu=%03lld",
			 name, a, ev->d, b);
		break;
	case TRACE_TASK_RENAME:
		text_add(out, "pid=%lld oldcomm=%s newcomm=%s", a, name2, name);
		break;
	case TRACE_TASK_NEW:
	case TRACE_TASK_EXIT:
		text_add(out, "comm=%s pid=%lld", name, a);
		break;
	case TRACE_WORKER_CREATE:
	case TRACE_WORKER_IDLE:
	case TRACE_WORKER_DIE:
		text_add(out, "comm=%s pid=%lld pool=%lld", name, a, b);
		break;
	case TRACE_FLUSH_COLOR:
		text_add(out, "workqueue=%s step=%s color=%lld", name2, name, a);
		break;
	case TRACE_TIMER_START:
		text_add(out, "timer=%s function=%s expires=%llu [timeout=%lld]", object, name,
			 (unsigned long long)a, a - (long long)jiffies_at(ev->ts, hz));
		break;
	case TRACE_TIMER_CANCEL:
		text_add(out, "timer=%s", object);
		break;
	case TRACE_TIMER_EXPIRE:
		text_add(out, "timer=%s function=%s now=%llu", object, name,
			 (unsigned long long)jiffies_at(ev->ts, hz));
		break;
	case TRACE_STEP:
		text_add(out, "item=%s step=%s%s%s", name, step_name(a),
			 *name2 ? " detail=" : "", name2);
		break;
	case TRACE_OUTSIDE:
		text_add(out, "%s", name);
		break;
	default:
		break;
	}
}
