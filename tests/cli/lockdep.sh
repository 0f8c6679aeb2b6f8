#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The lock validator from the command line: shown whole, switched off, and without a
# hand in what is played.
SC=labs/scenarios/abba.wq
bad=0

fail() {
	echo "lockdep.sh: $*"
	bad=1
}

said() {	# how often the line $2 stands in file $1
	grep -cxF -- "$2" "$1"
}

for engine in legacy cmwq; do
	"$WQLAB" run $SC --engine=$engine > "$TMPDIR/on" || fail "$engine: a report ends the run with $?"
	[ "$(said "$TMPDIR/on" '  [ INFO: possible circular locking dependency detected ]')" = 1 ] ||
		fail "$engine: not one report of a circle"
	# a line that comes twice in the drawing is there twice, and keeps its place
	[ "$(said "$TMPDIR/on" '    lock(b);')" = 1 ] &&
		[ "$(said "$TMPDIR/on" '                                 lock(b);')" = 1 ] ||
		fail "$engine: the scenario of the report is not whole"
	[ "$(said "$TMPDIR/on" '         first by item forth')" = 1 ] || fail "$engine: forth is not named"

	"$WQLAB" run $SC --engine=$engine --lockdep=off > "$TMPDIR/off" || fail "$engine: off ends with $?"
	grep -q 'kernel says' "$TMPDIR/off" && fail "$engine: off, and still something is said"
	sed '/kernel says:/,$d' "$TMPDIR/on" | sed '$d' | cmp -s - "$TMPDIR/off" ||
		fail "$engine: the validator changes what is played"
done

# The recursion comes twice in a row.
"$WQLAB" run labs/scenarios/self-flush.wq --engine=cmwq > "$TMPDIR/on"
[ "$(said "$TMPDIR/on" '    lock(q0);')" = 2 ] || fail "self-flush: lock(q0) is not there twice"

# On real threads it is off unless asked for.
"$WQLAB" run $SC --machine=native --engine=cmwq > "$TMPDIR/native"
grep -q 'circular locking' "$TMPDIR/native" && fail "native: on without being asked for"
"$WQLAB" run $SC --machine=native --engine=cmwq --lockdep=on > "$TMPDIR/native"
grep -q 'circular locking' "$TMPDIR/native" || fail "native: off though asked for"
exit $bad
