#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Each invariant notices an engine that breaks it: one line of an engine is changed, the
# suites are built anew, and a test, with that invariant alone on, must end with its
# name.  A change that no longer applies is a failure too.
#
#	mutants.sh [NAME...]	only those invariants
set -e

[ "$WQLAB_BUILD" -ef build ] || { echo "what a check notices does not depend on how it is compiled"; exit 77; }
tree=$TMPDIR/mutant
mkdir -p "$tree"
wanted=$*
nr=0 bad=0

# With the objects, so that a mutant costs no more than one engine.
cp -a Makefile common legacy cmwq labs tests build "$tree"

build() {
	make -C "$tree" -s all build/tests/wqtwin > "$TMPDIR/make.log" 2>&1 || {
		echo "mutants.sh: $1 does not build:"; grep -m 3 error "$TMPDIR/make.log"; return 1; }
}

# mutant NAME FILE SED PATTERN: build it; the tests of that pattern must report NAME
mutant() {
	case " $wanted " in "  " | *" $1 "*) ;; *) return 0 ;; esac
	nr=$((nr + 1))
	sed -i "$3" "$tree/$2"
	if cmp -s "$2" "$tree/$2"; then
		echo "mutants.sh: $1: \"$3\" changes nothing in $2"
		bad=1
		return 0
	fi
	if build "$1: $3"; then
		(cd "$tree" && WQTEST_INVARIANTS=$1 timeout 300 build/tests/wqtwin -t 60 "$4" > "$TMPDIR/said" 2>&1) || :
		if grep -q "^$1 .* at [0-9.]* s, step " "$TMPDIR/said"; then
			echo "$1: found"
		else
			echo "mutants.sh: $1 did not notice \"$3\" in $2; noticed were: $(sed -n 's/^\([A-J][0-9]\) .* s, step .*/\1/p' "$TMPDIR/said" | sort -u | tr '\n' ' ')"
			bad=1
		fi
	else
		bad=1
	fi
	cp -p "$2" "$tree/$2"
	touch "$tree/$2"
}

# An item
mutant A1 cmwq/queue.c 's/^	won = !test_and_set_bit(WORK_STRUCT_PENDING_BIT, work_data_bits(work));/	won = true;/' 'contract_queue_cmwq/*'
mutant A2 cmwq/queue.c 's/^	__queue_work(dwork->cpu, dwork->wq, &dwork->work);/	set_work_pool_and_clear_pending(\&dwork->work, 0);/' 'contract_delayed_cmwq/*'
mutant A3 cmwq/cancel.c 's/^	return grabbed;$/	return grabbed > 0 || true;/' 'contract_cancel_cmwq/*'
mutant A4 legacy/worker.c '/^		work_clear_pending(work);$/d; s/^		trace_workqueue_execute_end(work, func);/		work_clear_pending(work);\n&/' 'contract_stress_legacy/books_balance'
mutant A5 legacy/worker.c 's/^		work_clear_pending(work);$/		(void)0;/' 'contract_queue_legacy/*'
mutant A6 cmwq/queue.c 's/^	list_add_tail(&work->entry, head);/&\n	if (head != \&pool->worklist) work->entry.prev = head->next;/' 'cmwq/cf22*'
mutant A7 cmwq/pwq.c '/__clear_bit(WORK_STRUCT_DELAYED_BIT/d' 'cmwq/cf22*'

# Exclusion, order, place
mutant B1 legacy/queue.c 's/insert_work(cwq, work, &cwq->worklist);/insert_work(cwq, work, cwq->worklist.next);/' 'contract_queue_legacy/*'
mutant B3 cmwq/execute.c 's/if (worker->current_work == work \&\& worker->current_func == work->func)/if (0 \&\& work->func)/' 'cmwq/cf*'
mutant B4 cmwq/execute.c 's/move_linked_works(work, &collision->scheduled, NULL);/move_linked_works(work, \&first_idle_worker(pool)->scheduled, NULL);/' 'cmwq/cf19*'
mutant B5 cmwq/queue.c 's/insert_work(pwq, work, &pwq->delayed_works, /insert_work(pwq, work, pwq->delayed_works.next, /' 'contract_queue_cmwq/*'
mutant B6 cmwq/worker.c '/set_cpus_allowed_ptr(worker->task, pool->attrs->cpumask);/d' 'contract_queue_cmwq/*'

# Concurrency management
mutant C1 cmwq/concurrency.c '/__WRITE_ONCE(worker->sleeping, false);/,/add_running(pool, +1);/s/add_running(pool, +1);/add_running(pool, +2);/' 'contract_flush_cmwq/*'
mutant C2 cmwq/concurrency.c 's/^		__WRITE_ONCE(worker->sleeping, false);/&\n		add_running(pool, +1);/' 'contract_flush_cmwq/*'
mutant C3 cmwq/queue.c '/^		wake_up_worker(pool);/d; s/^	if (!__READ_ONCE(pool->nr_running))$/	(void)pool;/' 'contract_queue_cmwq/*'
mutant C4 cmwq/concurrency.c 's/return pool->nr_idle > 0;/return true;/' 'cmwq/cf09*'
mutant C5 cmwq/worker.c 's/^	pool->nr_workers--;//' 'cmwq/cf10*'
mutant C6 cmwq/concurrency.c 's/ \&\& __READ_ONCE(pool->nr_running) <= 1;/;/' 'cmwq/cf07*'
mutant C7 cmwq/concurrency.c 's/return nr_idle > 2 \&\& (nr_idle - 2) \* MAX_IDLE_WORKERS_RATIO >= nr_busy;/return nr_idle > 1 + (nr_busy < 0);/' 'cmwq/cf10*'
mutant C8 cmwq/execute.c 's/worker_set_flags(worker, WORKER_CPU_INTENSIVE);/(void)0;/' 'cmwq/cf14*'

# A workqueue on a pool
mutant D1 cmwq/queue.c 's/pwq->nr_active >= pwq->max_active/pwq->nr_active > pwq->max_active/' 'contract_queue_cmwq/*'
mutant D2 cmwq/pwq.c 's/^		if (!list_empty(&pwq->delayed_works) \&\& pwq->nr_active < pwq->max_active)/		if (0)/' 'cmwq/cf22*'
mutant D3 cmwq/cancel.c 's/pwq_dec_nr_in_flight(pwq, get_work_color(work));/pwq_dec_nr_in_flight(pwq, (get_work_color(work) + 1) % WORK_NR_COLORS);/' 'contract_cancel_cmwq/*'
mutant D4 cmwq/queue.c '/^	get_pwq(pwq);/d' 'contract_queue_cmwq/*'
mutant D5 cmwq/flush_work.c 's/work_color_to_flags(WORK_NO_COLOR)/work_color_to_flags(pwq->work_color)/' 'cmwq/cf29*'

# Flush and cancel
mutant E1 cmwq/flush_work.c 's/^	wait_for_completion(&barr.done);/	msleep(1);/; s/#include "workqueue_internal.h"/#include <linux\/delay.h>\n&/' 'contract_flush_cmwq/*'
mutant E2 legacy/flush.c 's/^		insert_wq_barrier(cwq, &barr, &cwq->worklist);/		insert_wq_barrier(cwq, \&barr, cwq->worklist.next);/' 'contract_flush_legacy/*'
mutant E3 cmwq/cancel.c '/^	flush_work(work);/d' 'contract_cancel_cmwq/*'
mutant E4 cmwq/cancel.c 's/likely(del_timer(&to_delayed_work(work)->timer))/timer_pending(\&to_delayed_work(work)->timer)/' 'contract_cancel_cmwq/*'
mutant E5 cmwq/cancel.c 's/likely(del_timer(&to_delayed_work(work)->timer))/timer_pending(\&to_delayed_work(work)->timer)/' 'contract_stress_cmwq/books_balance'
mutant E6 legacy/later.c 's/^		flush_workqueue(wq);/		break;/' 'contract_flush_legacy/*'
mutant E7 cmwq/flush.c 's/^		wq->flush_color = work_next_color(wq->flush_color);/		wq->flush_color = wq->work_color;/' 'cmwq/cf2*'
mutant E8 cmwq/execute.c 's/} while (linked);/} while (0 \&\& linked);/' 'cmwq/cf29*'

# Timers
mutant F1 cmwq/queue.c 's/timer->expires = jiffies + delay;/timer->expires = jiffies + delay \/ 2;/' 'contract_delayed_cmwq/*'
mutant F2 cmwq/cancel.c 's/likely(del_timer(&to_delayed_work(work)->timer))/timer_pending(\&to_delayed_work(work)->timer)/' 'contract_cancel_cmwq/*'
mutant F3 cmwq/cancel.c 's/stolen = steal_work(work, pool);/stolen = work_data(work) \& WORK_STRUCT_PWQ;/' 'cmwq/cf3*'

# Progress, teardown, discipline
mutant G2 cmwq/rescuer.c '/mod_timer(&pool->mayday_timer, jiffies + MAYDAY_INTERVAL);/d' 'cmwq/cf1[67]*'
mutant H1 legacy/create.c '/^	flush_cpu_workqueue(cwq);/d' 'contract_flush_legacy/*'
mutant H2 cmwq/create.c 's/^		destroy_rescuer(wq);/		(void)0;/' 'contract_system_cmwq/*'
mutant H4 cmwq/queue.c 's/WARN_ON_ONCE(!is_chained_work(wq))/!is_chained_work(wq)/' 'cmwq/cf35*'

echo "mutants.sh: $nr mutants"
[ "$nr" -gt 0 ] && exit $bad
