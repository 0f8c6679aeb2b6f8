#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Every call that docs/facts.md, section 2, gives a release is declared in the headers and
# used by a test of the engine that follows it; and every call that the headers declare is
# used by some test. Names in comments and strings do not count.
set -e

headers="common/include/linux/workqueue.h common/include/linux/workqueue_2_6_32.h
	common/include/linux/workqueue_later.h"

# code FILE...: what is left without comments and strings, in words
code() {
	cat "$@" | awk '
		{
			gsub(/"([^"\\]|\\.)*"/, "")
			while (1) {
				if (inside) {
					if (!match($0, /\*\//)) { $0 = ""; break }
					$0 = substr($0, RSTART + 2); inside = 0
				}
				if (!match($0, /\/\*/)) break
				head = substr($0, 1, RSTART - 1)
				rest = substr($0, RSTART + 2)
				if (match(rest, /\*\//)) { $0 = head substr(rest, RSTART + 2); continue }
				words = words head "\n"; $0 = ""; inside = 1; break
			}
			print words $0; words = ""
		}' | grep -oE '[A-Za-z_][A-Za-z0-9_]*' | sort -u
}

# rows PAGE RELEASE: the names in section 2 whose column for the release has something
rows() {
	awk -F '|' -v release="$2" '
		/^## /  { on = /^## 2\./ }
		/^### / { on = /^### 2\.[1-4] /; col = 0 }
		on && /^\| name / {
			for (i = 1; i <= NF; i++) { gsub(/^ +| +$/, "", $i); if ($i == release) col = i }
			next
		}
		on && col && /^\|/ && !/^\|--/ {
			cell = $col; gsub(/^ +| +$/, "", cell)
			if (cell == "" || cell ~ /^(-|gone|static|renamed)|; gone/ ) next
			name = $2
			gsub(/`/, "", name); sub(/^ *struct /, "", name)
			while (gsub(/\([^()]*\)/, "", name)) ;
			n = split(name, part, /[,\/ ]+/)
			for (i = 1; i <= n; i++) if (part[i] ~ /^[A-Za-z_]/) print part[i]
		}' "$1"
}

# declared HEADER...: the calls it offers, and not what they are made of
declared() {
	sed -n -E '/^\/\*\* @cond \*\//,/@endcond/d
		s/^#define ([A-Za-z_][A-Za-z0-9_]*)\(.*/\1/p;
		s/^(static inline )?(struct [a-z_]+ \*|bool |int |long |void |unsigned int )+\**([a-z_0-9]+)\(.*/\3/p' "$@" |
	grep -vxE '__(DELAYED_)?WORK_INITIALIZER' | sort -u
}

# lacking NAMES WORDS: the names that are not among the words
lacking() {
	sort -u "$1" > "$TMPDIR/names"
	comm -23 "$TMPDIR/names" "$2"
}

check_release() {
	release=$1
	shift
	rows docs/facts.md "$release" > "$TMPDIR/rows"
	[ "$(wc -l < "$TMPDIR/rows")" -ge 35 ] || echo "only $(wc -l < "$TMPDIR/rows") calls found for $release"
	code $headers > "$TMPDIR/offered"
	code "$@" > "$TMPDIR/used"
	for name in $(lacking "$TMPDIR/rows" "$TMPDIR/offered"); do
		echo "$name() of $release is in no header"
	done
	for name in $(lacking "$TMPDIR/rows" "$TMPDIR/used"); do
		echo "$name() of $release is called by no test of its engine"
	done
}

check_headers() {
	declared $headers > "$TMPDIR/declared"
	[ "$(wc -l < "$TMPDIR/declared")" -ge 50 ] || echo "only $(wc -l < "$TMPDIR/declared") calls found in the headers"
	code tests/*/*.c tests/*/*.h > "$TMPDIR/used"
	for name in $(lacking "$TMPDIR/declared" "$TMPDIR/used"); do
		echo "$name() is declared and called by no test"
	done
}

# The check can fail: a name in a comment and in a string is no use of it.
cat > "$TMPDIR/bad.c" <<'END'
/* flush_work() and
 * keventd_up() */ int x = queue_work(1, "cancel_work_sync()"); /* schedule_work() */
END
if [ "$(code "$TMPDIR/bad.c" | tr '\n' ' ')" != "int queue_work x " ]; then
	echo "api.sh: the check itself is wrong: $(code "$TMPDIR/bad.c" | tr '\n' ' ')"
	exit 1
fi
rows docs/facts.md 2.6.32 > "$TMPDIR/old"
if ! grep -qx PREPARE_DELAYED_WORK "$TMPDIR/old" || grep -qx mod_delayed_work "$TMPDIR/old"; then
	echo "api.sh: the check itself is wrong: it misreads docs/facts.md"
	exit 1
fi

wrong=$(check_release 2.6.32 tests/legacy/*.[ch] tests/contract/*.[ch]
	check_release 3.18 tests/cmwq/*.[ch] tests/contract/*.[ch]
	check_headers)
[ -z "$wrong" ] || { echo "$wrong"; exit 1; }
