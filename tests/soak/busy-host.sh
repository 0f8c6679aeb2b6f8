#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The native tests of the short list on a host whose cores have other things to do: their
# threads are late anywhere and for long, and whatever rests on a time not having passed
# yet fails.
#
#	busy-host.sh [LOOPS [TIMES]]	beside so many busy loops, each test so many times
set -eu
loops=${1:-6} times=${2:-2}
twin=$WQLAB_BUILD/tests/wqtwin

[ "$WQLAB_BUILD" -ef build ] || { echo "how late a thread is does not depend on how it is compiled"; exit 77; }

busy=
trap 'kill $busy' EXIT
while [ "$loops" -gt 0 ]; do
	(while :; do :; done) &
	busy="$busy $!"
	loops=$((loops - 1))
done

# By name: a pattern would take the long list's along.
"$twin" -l | grep _native > "$TMPDIR/names"
xargs "$twin" -t 900 -r "$times" < "$TMPDIR/names" > "$TMPDIR/out" 2> "$TMPDIR/err" || {
	echo "busy-host.sh: a test rests on time:"
	grep FAIL "$TMPDIR/out"
	cat "$TMPDIR/err"
	exit 1
}
