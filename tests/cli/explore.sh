#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# wqlab explore and wqlab replay: what is found is played again, by the printed
# command, without it, in another build's string, under gdb; and a search of the
# contract suite finds nothing.
XDG_STATE_HOME=$TMPDIR/state
export XDG_STATE_HOME
out=$TMPDIR/out
scenario=labs/scenarios/reentrant.wq

fail() {
	echo "explore.sh: $*"
	cat "$out"
	exit 1
}

# expect STATUS TEXT ARGUMENT...
expect() {
	want=$1 text=$2
	shift 2
	"$WQLAB" "$@" > "$out" 2>&1 < /dev/null
	got=$?
	[ $got = "$want" ] || fail "wqlab $*: exit status $got, not $want"
	grep -qF -e "$text" "$out" || fail "wqlab $*: does not say \"$text\""
}

# ---- found, and played again ----
expect 0 "an item executes on two CPUs at once" explore $scenario --engine=legacy --goal=B2
string=$(sed -n 's/^  wqlab replay //p' "$out")
[ "$string" ] || fail "no replay string"
sed -n '/^Lanes/,$p' "$out" > "$TMPDIR/told"
expect 0 "goal reached: B2" replay "$string"
cmp -s "$out" "$TMPDIR/told" || fail "the replay tells another story than the search"
expect 0 "wqlab replay $string" replay
expect 0 "goal reached: B2" replay "$string" --carrier=threads
cmp -s "$out" "$TMPDIR/told" || fail "parked threads tell another story than fibers"
expect 0 "in the" explore $scenario --engine=legacy --goal=B2 -j 2 --strategy=random:1
expect 0 "in the" explore $scenario --engine=legacy --goal=B2 --strategy=pct:1,d=2

grep -q 'work[a-z_]*: locks &cwq->lock' "$TMPDIR/told" || fail "the story does not say who does what"

# ---- with the kernel's command line ----
"$WQLAB" explore labs/scenarios/self-flush.wq --engine=cmwq '--cmdline=workqueue.later=1 workqueue.colour=red,blue' > "$out" 2>&1
with=$(sed -n 's/^  wqlab replay //p' "$out")
expect 1 'there is no parameter "workqueue.colour"' replay "$with"

# ---- of another build: fitted, and it says how well ----
other=$(echo "$string" | sed 's/^wq1,[0-9a-f]*/wq1,00000000/')
expect 0 "made by another build, 00000000" replay "$other"
grep -q "of its choices 2 were met in their place, 0 later, 0 not at all" "$out" ||
	fail "does not say how well it fits"
lost=$(echo "$other" | sed 's/=q\/1/=nobody/')
expect 2 "1 not at all" replay "$lost"
expect 1 "diverged" replay "$(echo "$string" | sed 's/=q\/1/=nobody/')"

# ---- nothing to be found, and failures without a search ----
expect 0 "no failure; verified within 2 preemptions" explore labs/scenarios/delayed.wq --engine=legacy --strategy=bounded:2 --budget=1000000
expect 1 "FAILED in the 1. schedule: deadlock" explore labs/scenarios/self-flush.wq --engine=cmwq
expect 1 "collision did not happen" explore labs/scenarios/delayed.wq --engine=cmwq --goal=collision --budget=100
expect 0 "no failure" explore labs/scenarios/delayed.wq --engine=cmwq --inject=thread,memory,wake --budget=2000

# ---- a test, by the program of the tests ----
expect 0 "1 tests, 1 passed" explore contract_queue_cmwq/pending_wins_once --budget=50

# ---- refused, each with one sentence ----
refuse() {
	text=$1
	shift
	expect 2 "$text" "$@"
	[ "$(wc -l < "$out")" -le 2 ] || fail "wqlab $*: more than a sentence"
}
refuse "no replay string: it does not begin with wq1" replay nonsense
refuse "a replay string of format wq9" replay wq9,00000000,cmwq,00000000,x.wq,s=
refuse "it ends early" replay wq1,0
refuse "there is no such engine" replay wq1,00000000,cwmq,00000000,x.wq,s=
refuse "it has no schedule" replay wq1,00000000,cmwq,00000000,x.wq
refuse "an option in it that I do not know" replay wq1,00000000,cmwq,00000000,x.wq,colour=3,s=
refuse "expected STEP.POINT=WHO" replay "$(echo "$string" | sed 's/s=.*/s=37/')"
refuse "unknown strategy" explore $scenario --strategy=luck
refuse "has one schedule" explore $scenario --strategy=default
refuse "cannot be divided" explore $scenario --strategy=sleep -j 2
refuse "unknown goal" explore $scenario --goal=peace
refuse "unknown fault" explore $scenario --inject=disk
refuse "expected a number of schedules" explore $scenario --budget=soon
refuse "no option --stop-at" explore $scenario --stop-at=3
refuse "It needs a FILE" explore
refuse "expected --budget=N" explore contract_queue_cmwq/pending_wins_once --budget=1s
rm -rf "$XDG_STATE_HOME"
refuse "none was kept" replay

# ---- a debugger stops before the step ----
if command -v gdb > /dev/null && [ "$WQLAB_BUILD" = "${WQLAB_BUILD%-*}" ]; then
	gdb -q -batch -ex run -ex bt -ex 'info threads' \
		--args "$WQLAB" replay "$string" --stop-at=138 > "$out" 2>&1 < /dev/null
	grep -q 'SIGTRAP' "$out" && grep -q '"q/0"' "$out" || fail "gdb does not stop at the step"
fi

# ---- the contract holds in any order ----
runs=400
case $WQLAB_BUILD in
*-*) runs=20 ;;		# nothing can be kept under a sanitizer: each schedule boots
esac
for strategy in random:1 pct:1; do
	"$WQLAB_BUILD/tests/wqtwin" -x $runs -e $strategy 'contract_*' > "$out" 2>&1 ||
		fail "the contract does not hold under $strategy"
done
