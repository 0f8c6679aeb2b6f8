#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The simulated machine's tests under ThreadSanitizer once more, each task a fiber; the
# short list has them as threads.
set -eu

skip() {
	echo "$*"
	exit 77
}

[ "$WQLAB_BUILD" -ef build ] || skip "done in the plain build"
command -v clang > "$TMPDIR/null" || skip "no clang"
twin=$WQLAB_BUILD/clang-thread/tests/wqtwin
make CC=clang SAN=thread O="$WQLAB_BUILD" "$twin" > "$TMPDIR/make" 2>&1 || {
	echo "race-fibers.sh: $(tail -n 40 "$TMPDIR/make")"
	exit 1
}

# ThreadSanitizer is particular about where Linux puts things.
still=
"$twin" -l > "$TMPDIR/names" 2>&1 || still='setarch -R'
$still "$twin" -l | grep -v _native > "$TMPDIR/names"
WQTEST_CARRIER=fibers xargs $still "$twin" -j "$(nproc)" < "$TMPDIR/names" > "$TMPDIR/out" 2>&1 || {
	echo "race-fibers.sh: a test fails on fibers: $(grep FAIL "$TMPDIR/out")"
	cat "$TMPDIR/out"
	exit 1
}
