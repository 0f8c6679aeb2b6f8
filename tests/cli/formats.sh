#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The formats are what docs/formats.md says: the table fits its width, csv has
# 13 columns, every line of the trace is one that readers of ftrace text take,
# and the same command prints the same bytes.
set -e

fail() {
	echo "formats.sh: $*"
	exit 1
}

status_ok() {
	[ "$1" -le 1 ] || fail "$2: status $1"
}

ftrace_line='^ *.+-[0-9]+ +\[[0-9]{3,}\] [.a-zA-Z0-9]{4} +[0-9]+\.[0-9]{9}: [a-z_]+: .*$'

for sc in labs/scenarios/*.wq; do
	for width in 80 110; do
		st=0
		"$WQLAB" run "$sc" --width=$width > "$TMPDIR/out" || st=$?
		status_ok $st "$sc"
		# The machine's report, indented by two, is printed as it comes.
		wide=$(sed '/does not end well/,$d' "$TMPDIR/out" | awk -v w=$width 'length > w { n++ } END { print n + 0 }')
		[ "$wide" = 0 ] || fail "$sc: $wide lines are longer than $width"
		! sed '/does not end well/,$d' "$TMPDIR/out" | grep -q ' $' || fail "$sc: blanks at the end of a line"
	done
	for format in table csv trace trace_stat; do
		st=0
		"$WQLAB" run "$sc" --format=$format > "$TMPDIR/$format" || st=$?
		status_ok $st "$sc"
		"$WQLAB" run "$sc" --format=$format > "$TMPDIR/again" || :
		cmp -s "$TMPDIR/$format" "$TMPDIR/again" || fail "$sc: --format=$format differs from run to run"
	done
	grep -v '^#' "$TMPDIR/trace" | grep -v '^$' | grep -Evq "$ftrace_line" &&
		fail "$sc: a line of the trace is none: $(grep -v '^#' "$TMPDIR/trace" | grep -Ev "$ftrace_line" | head -n 1)"
	runs=2
	case $sc in */two-engines.wq) runs=1 ;; esac
	# Two lines of header for each run, and rows of four columns.
	[ "$(grep -c '^# CPU  INSERTED  EXECUTED   NAME$' "$TMPDIR/trace_stat")" = $runs ] || fail "$sc: not $runs tables"
	grep -v '^#' "$TMPDIR/trace_stat" | grep -v '^$' | grep -Evq '^ *[0-9]+ +[0-9]+ +[0-9]+       [^ ].*$' &&
		fail "$sc: a row of trace_stat is none"
	[ "$(grep -c '^# tracer: nop$' "$TMPDIR/trace")" = $runs ] || fail "$sc: not $runs traces"
	# Quoted fields may hold commas; take them out before counting.
	sed 's/"\([^"]\|""\)*"/q/g' "$TMPDIR/csv" | awk -F , 'NF != 13 { n++ } END { exit n > 0 }' ||
		fail "$sc: a csv line does not have 13 columns"
done

# A seed is an order of its own, and always the same one.
"$WQLAB" run labs/scenarios/seed-machine.wq --seed=7 --format=csv > "$TMPDIR/a"
"$WQLAB" run labs/scenarios/seed-machine.wq --explore=random:7 --format=csv > "$TMPDIR/b"
cmp -s "$TMPDIR/a" "$TMPDIR/b" || fail "--seed=7 is not --explore=random:7"

# Where every workqueue names its engine there is one machine, unless told otherwise.
"$WQLAB" run labs/scenarios/two-engines.wq > "$TMPDIR/out"
grep -q '^both engines on one machine$' "$TMPDIR/out" || fail "two-engines.wq is not played on one machine"
! grep -q 'difference' "$TMPDIR/out" || fail "a single run is compared with something"
"$WQLAB" run labs/scenarios/two-engines.wq --engine=both > "$TMPDIR/out"
grep -q '^legacy (Linux .* | cmwq (Linux' "$TMPDIR/out" || fail "--engine=both is not obeyed"

# --all shows who is queued and who is made, and stops where the scenario does.
"$WQLAB" run labs/scenarios/doc-original.wq --all --engine=cmwq > "$TMPDIR/out"
grep -q 'creates thread kworker/0:1 ' "$TMPDIR/out" || fail "--all does not show threads"
! grep -q 'kworker/dying' "$TMPDIR/out" || fail "--all shows the teardown"

# The thread list: legacy's is the real machine's.
"$WQLAB" ps labs/scenarios/seed-machine.wq --engine=legacy > "$TMPDIR/ps"
for t in events/0 events/3 kblockd/2 linkwatch ext4-dio-unwrit; do
	grep -q " \[$t\]\$" "$TMPDIR/ps" || fail "ps does not list [$t]"
done
tail -n 1 "$TMPDIR/ps" | grep -q '^37 threads: 4 from boot, 33 for the workqueues$' || fail "ps counts wrong"
"$WQLAB" ps labs/scenarios/seed-machine.wq --engine=legacy --summary > "$TMPDIR/ps"
grep -q '^ *4 0-3 *\[kblockd/N\]$' "$TMPDIR/ps" || fail "ps --summary does not sum up"

# The tour asks nobody when nobody is there.
"$WQLAB" tour < /dev/null > "$TMPDIR/tour" || fail "the tour: status $?"
[ "$(grep -c '^Stop ' "$TMPDIR/tour")" = 8 ] || fail "the tour has not eight stops"
