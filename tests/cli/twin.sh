#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The twin runs the same tests whether one or several at a time, and ends with 0 only if
# all of them did.
set -eu
twin=$WQLAB_BUILD/tests/wqtwin
said=$TMPDIR/said

fail() {
	echo "twin.sh: $*"
	exit 1
}

# twin STATUS ARGUMENTS...: what it says is in $said
twin() {
	want=$1
	shift
	got=0
	"$twin" "$@" > "$said" 2>&1 || got=$?
	[ $got -eq "$want" ] || fail "wqtwin $*: status $got instead of $want: $(cat "$said")"
}

# In whichever order.  Some tests of the harness say more, under sanitizers with addresses.
verdicts() {
	grep -E '^(ok  |FAIL|wqtwin:) ' "$said" | sort
}

twin 0 'contract_flush_*/*' 'harness/*'
verdicts > "$TMPDIR/one"
twin 0 -j 3 'contract_flush_*/*' 'harness/*'
verdicts > "$TMPDIR/three"
cmp "$TMPDIR/one" "$TMPDIR/three" || fail "three at a time are not the same tests as one"
grep -q '^ok   harness/' "$TMPDIR/three" || fail "no test ran: $(cat "$said")"

twin 1 -j 2 'no_such/test'

# What a test that fails has said comes with its line.
for jobs in 1 2; do
	twin 1 -j $jobs -x 3 -e nonsense 'contract_queue_cmwq/*'
	grep -q '^FAIL contract_queue_cmwq/pending_wins_once$' "$said" || fail "-j $jobs: no word of what failed"
	grep -q '^tests/contract/queue.c.*: unknown strategy "nonsense"' "$said" || fail "-j $jobs: nothing says why"
done
