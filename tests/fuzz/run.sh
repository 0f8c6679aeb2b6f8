#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# libFuzzer on both targets, one after the other.
#
#	run.sh DIR RUNS SECONDS
#
# DIR holds tests/fuzz-scenario and tests/fuzz-options, keeps what was learnt
# (corpus-scenario, corpus-options), and gets the input that fails.
set -u

dir=$1 runs=$2 seconds=$3
failed=

case $runs$seconds in
*[!0-9]* | '')
	echo "wqlab: RUNS= and SECONDS= are whole numbers" >&2
	exit 1 ;;
esac
[ "$seconds" -gt 0 ] && [ "$runs" -eq 1000000 ] && runs=-1

for target in scenario options; do
	log=$dir/fuzz-$target.log
	corpus=$dir/corpus-$target
	mkdir -p "$corpus"
	set -- "$corpus"
	[ $target = scenario ] && set -- "$@" labs/scenarios
	if "$dir/tests/fuzz-$target" -runs="$runs" -max_total_time="$seconds" -max_len=16384 -timeout=60 \
	   -print_final_stats=1 -artifact_prefix="$dir/fuzz-$target-" "$@" > "$log" 2>&1; then
		awk -v t=$target -v n="$(ls "$corpus" | wc -l)" '
			/^Done / { runs = $2; s = $(NF - 1) }
			/ cov: / { sub(/.* cov: /, ""); sub(/ .*/, ""); cov = $0 }
			END { printf "fuzz %s: %d inputs in %d s, %d places of the code reached, %d inputs kept; no failure\n", t, runs, s, cov, n }' "$log"
	else
		failed=yes
		grep -av '^#[0-9]' "$log" | tail -n 60
		echo "fuzz $target: failed; again: $dir/tests/fuzz-$target FILE, with the FILE named above; all of it: $log" >&2
	fi
done
[ -z "$failed" ]
