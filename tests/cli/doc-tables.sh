#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The four example scenarios of the kernel's workqueue documentation give the
# documentation's tables, row by row. One row differs and is said to: in the
# fourth table w2 starts at 10, when it gets the CPU, not at 5, when it may.
set -e

expect() {
	# $1 scenario, $2 engine; the rows come on standard input
	sed 's/^	*//' > "$TMPDIR/want"
	"$WQLAB" run "labs/scenarios/$1" --engine="$2" > "$TMPDIR/out"
	sed -n 's/^ *\([0-9.]*\)  \(w[0-9]\)  *\([a-zA-Z ]*[a-zA-Z]\)   *[^ ].*$/\1 \2 \3/p' "$TMPDIR/out" > "$TMPDIR/got"
	if ! diff -u "$TMPDIR/want" "$TMPDIR/got"; then
		echo "doc-tables.sh: $1 on $2 differs from the documentation (-)"
		exit 1
	fi
}

for engine in legacy cmwq; do
	expect doc-original.wq $engine <<-END
		0 w0 starts and burns CPU
		5 w0 sleeps
		15 w0 wakes up and burns CPU
		20 w0 finishes
		20 w1 starts and burns CPU
		25 w1 sleeps
		35 w1 wakes up and finishes
		35 w2 starts and burns CPU
		40 w2 sleeps
		50 w2 wakes up and finishes
	END
done

expect doc-max-active-3.wq cmwq <<-END
	0 w0 starts and burns CPU
	5 w0 sleeps
	5 w1 starts and burns CPU
	10 w1 sleeps
	10 w2 starts and burns CPU
	15 w2 sleeps
	15 w0 wakes up and burns CPU
	20 w0 finishes
	20 w1 wakes up and finishes
	25 w2 wakes up and finishes
END

expect doc-max-active-2.wq cmwq <<-END
	0 w0 starts and burns CPU
	5 w0 sleeps
	5 w1 starts and burns CPU
	10 w1 sleeps
	15 w0 wakes up and burns CPU
	20 w0 finishes
	20 w1 wakes up and finishes
	20 w2 starts and burns CPU
	25 w2 sleeps
	35 w2 wakes up and finishes
END

expect doc-cpu-intensive.wq cmwq <<-END
	0 w0 starts and burns CPU
	5 w0 sleeps
	5 w1 starts and burns CPU
	10 w1 sleeps
	10 w2 starts and burns CPU
	15 w2 sleeps
	15 w0 wakes up and burns CPU
	20 w0 finishes
	20 w1 wakes up and finishes
	25 w2 wakes up and finishes
END
