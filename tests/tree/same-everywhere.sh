#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The same scenario and seed give the same output, byte for byte, from every
# compiler and from run to run: gcc -O2, gcc -O0 and clang -O2.
set -e

binaries=$WQLAB
add() {
	dir=$1
	shift
	if ! flock "$WQLAB_BUILD/.variants" make -s "$@" all > "$TMPDIR/build" 2>&1; then
		cat "$TMPDIR/build"
		echo "same-everywhere.sh: make $* failed"
		exit 1
	fi
	binaries="$binaries $dir/wqlab"
}

add build/gcc-debug DEBUG=1
if command -v clang > /dev/null; then
	add build/clang CC=clang
fi

sums() {
	for file in labs/scenarios/*.wq; do
		for seed in "" --seed=1 --seed=2 --seed=3; do
			for format in table trace; do
				# A verdict other than ok is an output like any other, save that what a
				# compiler inlined is missing in the call traces at its end.
				sum=$("$1" run $seed --format=$format "$file" 2>&1 |
					sed '/call traces, innermost first:/,/^$/s/ [^ ]* < .*//' | cksum)
				echo "$file $seed $format $sum"
			done
		done
		echo "$file ps $("$1" ps "$file" 2>&1 | cksum)"
	done
}

sums "$WQLAB" > "$TMPDIR/want"
# shellcheck disable=SC2086
for binary in $binaries; do
	sums "$binary" > "$TMPDIR/got"
	if ! diff "$TMPDIR/want" "$TMPDIR/got" > "$TMPDIR/diff"; then
		head -n 5 "$TMPDIR/diff"
		echo "same-everywhere.sh: $binary differs from $WQLAB"
		exit 1
	fi
done
