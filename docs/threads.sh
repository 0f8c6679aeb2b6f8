#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The table of docs/threads.md: how many threads thirty workqueues come to, from 4 to 4,096
# CPUs, on both designs.  `make thread-table` puts it into the page.
#
#	sh docs/threads.sh WQLAB [CPUS...]	print the rows
set -e

wqlab=$1
shift
[ $# -gt 0 ] || set -- 4 16 64 256 1024 4096

# count ENGINE CPUS: "all boot workqueues"
count() {
	"$wqlab" ps labs/scenarios/explosion.wq --engine="$1" --cpus="$2" --summary |
	sed -n 's/^\([0-9]*\) threads: \([0-9]*\) from boot, \([0-9]*\) for the workqueues.*/\1 \2 \3/p'
}

for cpus; do
	old=$(count legacy "$cpus")
	new=$(count cmwq "$cpus")
	echo "$cpus $old $new" | awk 'NF != 7 { exit 1 } { printf "| %d | %d | %d | %d | %d | %d | %d |\n", $1, $2, $3, $4, $5, $6, $7 }'
done
