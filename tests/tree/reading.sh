#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Each stop of docs/reading*.md is there: a `file: symbol` names a file that
# defines the symbol. In the table of chapters the files are those of the column.
# A page about one engine leads to each of its chapters.
set -e

# defined FILE SYMBOL: a structure, a macro, or a function with a body
defined() {
	case $2 in
	struct\ *)
		grep -q "^$2 {" "$1" ;;
	*)
		grep -q "^#define $2\\>" "$1" ||
		awk -v name="$2" '
			# A definition begins at the margin and has { before it has ;
			# a function whose name is a macro too has it in parentheses.
			/^[a-z_]/ && $0 ~ "(^|[ *])\\(?" name "\\)?\\(" { open = 1 }
			open && /;/ { open = 0 }
			open && /^{/ { found = 1; exit }
			END { exit !found }' "$1" ;;
	esac
}

# stops PAGE: one "file symbol" a line, the symbol with blanks if it has some
stops() {
	awk -F '|' '
		function list(text, dir,   s) {
			while (match(text, /`[^` ]+\.[ch]: [^`]+`/)) {
				s = substr(text, RSTART + 1, RLENGTH - 2)
				text = substr(text, RSTART + RLENGTH)
				sub(/: /, " ", s)
				print dir s
			}
		}
		/^\|/ { list($3, "legacy/"); list($4, "cmwq/"); next }
		{ list($0, "") }' "$1"
}

check() {
	stops "$1" | while read -r file symbol; do
		if ! [ -f "$file" ]; then
			echo "$1: there is no file $file"
		elif ! defined "$file" "$symbol"; then
			echo "$1: $file does not define $symbol"
		fi
	done
}

# The check can fail: a file, a structure, and a function that is only called.
cat > "$TMPDIR/bad.md" <<'END'
1. `legacy/nothing.c: insert_work`, `legacy/queue.c: struct nothing`
2. `legacy/flush.c: insert_work`, `legacy/queue.c: insert_work`
END
if [ "$(check "$TMPDIR/bad.md" | wc -l)" != 3 ]; then
	echo "reading.sh: the check itself is wrong:"
	check "$TMPDIR/bad.md"
	exit 1
fi

nr=$(stops docs/reading.md | wc -l)
[ "$nr" -ge 30 ] || { echo "reading.sh: only $nr stops found in docs/reading.md"; exit 1; }

# left_out PAGE ENGINE: chapters that the page does not lead to
left_out() {
	for file in "$2"/*.c; do
		stops "$1" | grep -q "^$file " || echo "$1 leads nowhere into $file"
	done
}

missing=$(
	for page in docs/reading*.md; do
		check "$page"
	done
	left_out docs/reading-2.6.32.md legacy
	left_out docs/reading-3.18.md cmwq
)
[ -z "$missing" ] || { echo "$missing"; exit 1; }
