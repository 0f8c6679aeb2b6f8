#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Each scenario below labs/scenarios/cmwq shows what its text promises: some lines of
# the timeline, in this order, and how the run ends.
set -e

bad=0

# shows FILE STATUS LINE...: each line a basic regular expression for a row
shows() {
	file=labs/scenarios/cmwq/$1.wq want=$2
	shift 2
	status=0
	"$WQLAB" run "$file" --engine=cmwq > "$TMPDIR/out" 2>&1 || status=$?
	sed 's/   */ | /g' "$TMPDIR/out" > "$TMPDIR/rows"
	[ "$status" = "$want" ] || { echo "$file: status $status, not $want"; bad=1; }
	for line; do
		at=$(grep -n -- "$line" "$TMPDIR/rows" | head -n 1 | cut -d: -f1)
		if [ -z "$at" ]; then
			echo "$file: no line (any more) like: $line"
			bad=1
			return 0
		fi
		sed "1,${at}d" "$TMPDIR/rows" > "$TMPDIR/rest"
		mv "$TMPDIR/rest" "$TMPDIR/rows"
	done
}

shows rescuer 0 '10 | w0 .* | safe' '16 | w1 | starts.* | safe' '110 | w2 | starts.* | safe' \
	'210 | w4 | starts.* | safe' '222 | w5 | wakes up and finishes' 'not done: stuck'
shows numa-2 0 '= 0:17 1:18 *|' 'l0 .*kworker/u17:' 'r0 .*kworker/u18:' \
	'= 0:16 1:16 *|' 'n0 .*kworker/u16:'
shows numa-4 0 '= 0:22 1:18 2:23 3:21 *|' 'w0 .*kworker/u22:0 | 1' 'cpu 1 down: done' \
	'= 0:21 1:18 2:23 3:21 *|' 'v0 .*kworker/u21:'
shows cpumask 0 '= 3ff *|' 'a1 .* 0$' '= 3fe *|' '12 | b9 | starts'
if sed -n '/echo 3fe.*done/,$p' "$TMPDIR/out" | grep '  b[0-9] .* 0 *$'; then
	echo "cpumask.wq: an item ran on CPU 0"
	bad=1
fi
shows hotplug 0 'w1 | starts.* | kworker/1:1 | 1' 'cpu 1 down: done' 'w2 | starts.*kworker/1:. | 0' \
	'cpu 1 up: done' 'v0 .* kworker/1:. | 1'
shows freeze 0 '10 | running' '16 | freeze: done' '50 | thaw' '50 | later | starts'
shows ordered 0 '0 | o0 | starts' '4 | o1 | starts' '8 | o2 | starts' '12 | o3 | starts' \
	'50 | u0 | starts' '50 | u2 | starts' '54 | u1 | starts' '54 | u3 | starts'
shows power-efficient 0 '1 | w | starts.* | kworker/u6:0 | [02]'
shows runaway 0 'busybody' 'the end; not done'
shows highpri 0 '2 | urgent | starts.* | kworker/0:0H' '7 | slow1 | starts'
shows twenty-flushers 0 '100 | long | .*finishes' '100 | f20 | wakes up'

# What 3.18 gets wrong (docs/cmwq-faults.md).
shows fault-rescuer-takes-all 0 '510 | w1 | starts.* | safe' '1100 | free | starts.* | kworker/0' \
	'1510 | w3 | starts.* | safe'
shows fault-destroy-mayday 0 '20 | a was pending' '130 | destroy safe: done' \
	'WARNING: at cmwq/create.c' 'workqueue safe: left alive'
shows fault-unbound-not-ordered 0 '2 | w2 | starts' '5 | w1 | starts'
shows fault-cpu-never-up 0 '0 | queue w' '500 | cpu 1 up: done' '500 | w | starts'
shows fault-barrier-asleep 0 '15 | flusher | starts and waits' '20 | w was pending' '100 | flusher | wakes up'
shows fault-drain-drops 0 '5 | queue w on q' '30 | w is already pending' 'not done: w' \
	'WARNING: at cmwq/queue.c' 'w is lost'
shows fault-timer-between-items 0 'not done: late' 'WARNING: at cmwq/queue.c' \
	'a timer interrupted kworker.* between two items' 'late is lost'

# The sentence below two runs is true of items that are lost, and of CPUs that are equally busy.
# says FILE SENTENCE
says() {
	"$WQLAB" run "labs/scenarios/cmwq/$1.wq" > "$TMPDIR/out" 2>&1 || :
	grep -qx -- "$2" "$TMPDIR/out" || { sed -n '/^first/,/^$/p' "$TMPDIR/out"; echo "$1.wq: does not say: $2"; bad=1; }
}
says fault-drain-drops 'cmwq leaves an item (w) undone; legacy does all of the work.'
says fault-drain-drops 'still queued at the end  *-  *w'
says fault-timer-between-items 'cmwq leaves an item (late) undone; legacy does all of the work.'
says fault-unbound-not-ordered 'cmwq is done 8 ms earlier, 1.7 times as fast.'
says power-efficient 'cmwq is done .* times as fast: it keeps the CPUs busy for [0-9]* % of the time, legacy for [0-9]* %.'

# The recipe of runaway.wq finds the culprit.
top=$("$WQLAB" run labs/scenarios/cmwq/runaway.wq --engine=cmwq --format=trace |
	grep -o 'workqueue_queue_work.*function=[a-z_]*' | sed 's/.*function=//' |
	sort | uniq -c | sort -rn | head -n 1 | awk '{ print $2 }')
[ "$top" = busybody ] || { echo "runaway.wq: the trace says $top"; bad=1; }

# Twenty flushers: one takes, 13 queue, 6 overflow and share; each is done once.
"$WQLAB" run labs/scenarios/cmwq/twenty-flushers.wq --engine=cmwq --format=colours > "$TMPDIR/colours"
counts=$(awk '$4 ~ /^f[0-9]/ || $3 ~ /^f[0-9]/ { n[$2]++ }
	END { print n["take"], n["queue"], n["overflow"], n["share"], n["cascade"], n["done"] }' "$TMPDIR/colours")
[ "$counts" = "1 13 6 6 14 20" ] || { echo "twenty-flushers.wq: $counts steps"; bad=1; }

# The trace has the release's words (facts, 3.C); a barrier starts and ends, but is not queued.
printf '%s\n' 'cpus 2' 'workqueue q' 'work w' 'burn 2ms' 'task t cpu 1 start 1ms' 'flush w' 'at 0 queue w on q cpu 0' |
	"$WQLAB" run - --engine=cmwq --format=trace | sed -n 's/.*: \(workqueue_.*\)/\1/p' | head -n 6 |
	sed 's/0x[0-9a-f]*/ADDR/; s/stack:[0-9+]*/ADDR/' > "$TMPDIR/trace"
cat > "$TMPDIR/want" <<'END'
workqueue_queue_work: work struct=ADDR function=w workqueue=q req_cpu=0 cpu=0
workqueue_activate_work: work struct ADDR
workqueue_execute_start: work struct ADDR: function w
workqueue_execute_end: work struct ADDR
workqueue_execute_start: work struct ADDR: function wq_barrier_func
workqueue_execute_end: work struct ADDR
END
diff -u "$TMPDIR/want" "$TMPDIR/trace" || { echo "the trace is not 3.18's"; bad=1; }

# No file is forgotten here.
for file in labs/scenarios/cmwq/*.wq; do
	name=$(basename "$file" .wq)
	grep -q "^shows $name " "$0" || { echo "$file is in no test"; bad=1; }
done
exit $bad
