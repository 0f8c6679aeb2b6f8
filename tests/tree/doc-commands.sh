#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# What the pages show is what the command prints: each `$ command` in a fenced block of
# README.md and docs/*.md is run, and the lines below it must be in its output, in this
# order and next to each other; a line `...` stands for any lines.  A block that starts
# make or gdb is for the reader; `$ name() {...}` is kept for the commands behind it.
set -e

# README compares with it.
flock "$WQLAB_BUILD/.variants" make -s DEBUG=1 all > "$TMPDIR/build" 2>&1 || {
	cat "$TMPDIR/build"
	echo "doc-commands.sh: make DEBUG=1 failed"
	exit 1
}

bad=0 nr=0
for page in README.md docs/*.md; do
	rm -f "$TMPDIR"/cmd.* "$TMPDIR"/want.*
	: > "$TMPDIR/functions"
	awk -v dir="$TMPDIR" '
		/^```/ { inside = !inside; first = inside; skip = 0; out = ""; next }
		!inside || skip { next }
		first { first = 0; if ($0 !~ /^\$ / || /^\$ make/ || /gdb --args/) { skip = 1; next } }
		/^\$ [a-z]+\(\) \{/ { print substr($0, 3) > (dir "/functions"); out = ""; next }
		/^\$ / { n++; print substr($0, 3) > (dir "/cmd." n); out = dir "/want." n; printf "" > out; next }
		out { print > out }' "$page"
	for cmd in "$TMPDIR"/cmd.*; do
		[ -e "$cmd" ] || continue
		want=$TMPDIR/want.${cmd##*.}
		cat "$TMPDIR/functions" "$cmd" | sed "s,build/wqlab,$WQLAB,g" > "$TMPDIR/run"
		sh "$TMPDIR/run" > "$TMPDIR/got" 2> /dev/null || :
		nr=$((nr + 1))
		awk -v page="$page" -v cmd="$(cat "$cmd")" '
			{ sub(/[ \t]+$/, "") }
			FNR == NR { got[++m] = $0; next }
			$0 == "..." { gap = 1; next }
			failed { next }
			{
				pos++
				while (gap && pos <= m && got[pos] != $0)
					pos++
				gap = 0
				if (pos > m || got[pos] != $0) {
					printf "%s: $ %s\n  shown:   %s\n  printed: %s\n", page, cmd, $0, (pos > m ? "(end)" : got[pos])
					failed = 1
				}
			}
			END { exit failed }' "$TMPDIR/got" "$want" || bad=$((bad + 1))
	done
done
echo "doc-commands.sh: $nr commands, $bad of them not as shown"
[ "$nr" -ge 10 ] && [ "$bad" -eq 0 ]
