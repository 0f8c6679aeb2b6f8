#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Each scenario under labs/scenarios/legacy/ shows on that engine what it says it shows.
set -e

fail() {
	echo "legacy-scenarios.sh: $*"
	exit 1
}

# play NAME STATUS: its output goes to $TMPDIR/out, runs of blanks made one
play() {
	shown="$shown $1.wq"
	st=0
	"$WQLAB" run "labs/scenarios/legacy/$1.wq" --engine=legacy --width=200 > "$TMPDIR/raw" || st=$?
	[ $st = "$2" ] || { cat "$TMPDIR/raw"; fail "$1: status $st instead of $2"; }
	tr -s ' ' < "$TMPDIR/raw" | sed 's/^ //; s/ $//' > "$TMPDIR/out"
	name=$1
}

# row TEXT...: there are such lines, in this order
row() {
	from=1
	for text; do
		at=$(tail -n "+$from" "$TMPDIR/out" | grep -nFx -e "$text" | head -n 1 | cut -d: -f1)
		[ -n "$at" ] || { cat "$TMPDIR/raw"; fail "$name does not show '$text' in its place"; }
		from=$((from + at))
	done
}

shown=
play hotplug 0
row '2 cpu 2 down outside 0' '22 d2 finishes q/2 0' '22 cpu 2 down: done outside 1' \
    '30 cpu 2 up: done outside 1' '40 late starts and burns CPU q/2 2'
[ "$(grep -c ' finishes ' "$TMPDIR/out")" = 13 ] || fail "hotplug: an item is lost"

play freeze 0
row '2 freeze outside 0' '13 behind finishes f 0' '17 freeze: done outside 0' \
    '31 other finishes q/0 0' '40 thaw: done outside 0' '40 meanwhile starts and burns CPU f 0'

play rt 0
row '0 plain starts and burns CPU plain_q/0 0' '2 urgent starts and burns CPU rt_q/0 0' \
    '5 urgent finishes rt_q/0 0' '13 plain finishes plain_q/0 0'

play reentrancy 0
row '3 w starts and burns CPU q/1 1' '10 w finishes q/0 0' '13 w finishes q/1 1'

play each-cpu 0
row '10 caller starts and waits for each CPU to run count events/1 1' \
    '10 count starts and burns CPU events/1 1' '11 caller goes on and burns CPU events/1 1'
row '[ INFO: possible recursive locking detected ]' '(events), at: flush_work' '2 locks held by events/1/3:'

play flush-delayed 0
row '0 queue w on q after 500ms outside 0' '1 w starts and burns CPU events/0 0' \
    '10 busy wakes up and finishes q/0 0'
"$WQLAB" run labs/scenarios/legacy/flush-delayed.wq --engine=cmwq | grep -q '^10  w  *starts' ||
	fail "flush-delayed: cmwq does not let w wait for busy"

play flush-misses 0
row '5 w finishes q/1 1' '5 t wakes up and finishes t 2' '7 w finishes q/0 0'

play cancel-stale 0
row '5 destroy q: done outside 0' '10 cancel w outside 0' \
    'legacy: cancel_work_sync() of w, whose cwq is poison: workqueue "q" was destroyed'

play thread-explosion 0
row '1 w goes on and finishes events/0 0' 'threads that ran items 4 of 124'

play destroy-requeue 0
row '5 destroy q outside 0' '200 the end; not done: again outside 0'
! grep -q 'destroy q: done' "$TMPDIR/out" || fail "destroy-requeue: the destroy came to an end"

play destroy-queue 1
row '10 queue unlucky on q cpu 0 outside 0' \
    'BUG: workqueue "q": unlucky inserted on CPU 0, where it has no thread'

play left-behind 0
row '1 destroy q outside 0' '2 late finishes q/0 0' '2 destroy q: done outside 0'
"$WQLAB" explore labs/scenarios/legacy/left-behind.wq --engine=legacy --goal=left-behind > "$TMPDIR/out"
grep -q 'goal reached: left-behind' "$TMPDIR/out" || { cat "$TMPDIR/out"; fail "no order leaves the item behind"; }

for file in labs/scenarios/legacy/*.wq; do
	case "$shown " in
	*" ${file##*/} "*) ;;
	*) fail "$file is not looked at" ;;
	esac
done
