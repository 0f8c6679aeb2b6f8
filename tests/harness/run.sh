#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Run the suite's binaries one after another and judge what they say.
#
#	run.sh [-f FILTER] [-t SECONDS] BINARY...
#
# Each binary has its number of tests next to it in BINARY.count; Criterion ends
# with 0 when a filter matches nothing, so fewer tests than that (or none, with
# a filter) is a failure. All but the last binary are kept to one line when they
# pass; the last is shown in full, so its closing line closes the output. A
# failure is shown in full wherever it is, and then closes the output instead.
set -u

filter=
limit=570
while getopts f:t: c; do
	case $c in
	f) filter=$OPTARG ;;
	t) limit=$OPTARG ;;
	*) exit 2 ;;
	esac
done
shift $((OPTIND - 1))

out=$(mktemp -d "${TMPDIR:-/tmp}/wqlab-run-XXXXXX") || exit 2
trap 'rm -rf "$out"' EXIT
trap 'exit 130' INT TERM

UBSAN_OPTIONS=print_stacktrace=1:${UBSAN_OPTIONS-}
TSAN_OPTIONS=second_deadlock_stack=1:${TSAN_OPTIONS-}
export UBSAN_OPTIONS TSAN_OPTIONS

closing_line() {
	grep -E 'Synthesis: |^wqtwin: ' "$1" | tail -n 1
}

# judge LOG EXPECTED: the number that ran must be the number there is
judge() {
	tested=$(closing_line "$1" | sed -n 's/.*Tested: \([0-9]*\).*/\1/p; s/^wqtwin: \([0-9]*\) tests.*/\1/p')
	skipped=$(grep -c '^\[SKIP\]' "$1")
	if [ -z "$tested" ]; then
		echo "run.sh: the runner did not come to its closing line" >&2
		return 1
	fi
	if [ -n "$filter" ]; then
		[ $((tested + skipped)) -gt 0 ] && return 0
		echo "run.sh: no test matches '$filter'" >&2
		return 1
	fi
	[ $((tested + skipped)) -eq "$2" ] && return 0
	echo "run.sh: $tested tests ran and $skipped were skipped, but there are $2" >&2
	return 1
}

run() {
	set -- "$1" "$out/log"
	case $1 in
	*/wqtwin)
		# ThreadSanitizer is particular about where Linux puts things.
		still=
		"$1" -l > "$out/list" 2>&1 || still='setarch -R'
		timeout -k 5 "$limit" $still "$1" -j "${WQTEST_JOBS:-$(nproc)}" ${filter:+"$filter"} ;;
	*)
		timeout -k 5 "$limit" "$1" ${WQTEST_JOBS:+-j"$WQTEST_JOBS"} ${filter:+--filter "$filter"} ;;
	esac
}

failed=
while [ $# -gt 0 ]; do
	binary=$1
	shift
	expected=$(cat "$binary.count") || exit 2
	if [ $# -eq 0 ] && [ -z "$failed" ]; then
		{ run "$binary" 2>&1; echo $? > "$out/status"; } | tee "$out/log"
		shown=yes
	else
		run "$binary" > "$out/log" 2>&1
		echo $? > "$out/status"
		shown=
	fi
	status=$(cat "$out/status")
	[ "$status" -eq 124 ] && echo "run.sh: $binary was not done after $limit s" >&2
	judge "$out/log" "$expected" || status=1
	if [ "$status" -ne 0 ]; then
		[ "$shown" ] || cat "$out/log"
		failed="$failed $binary"
		closing_line "$out/log" > "$out/closing"
	elif [ ! "$shown" ]; then
		grep '^\[SKIP\]' "$out/log"
		printf '  TEST    %s: %s\n' "$binary" "$(closing_line "$out/log" | sed 's/.*Synthesis: //')"
	fi
done

[ -z "$failed" ] && exit 0
echo "Failed:$failed" >&2
cat "$out/closing"
exit 1
