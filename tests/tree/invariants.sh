#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The table of docs/invariants.md is that of common/machine/invariant-table.c, word for
# word; and the tests have two cases for each invariant that is checked, one in which
# its situation occurs and one that breaks it.  `invariants.sh --print` prints the table.
set -e

registry=common/machine/invariant-table.c
page=docs/invariants.md
# What no test can break without changing the engine; tests/soak/mutants.sh does.
only_mutants='C6 H4'

# The registry, one invariant a line: who|name|title|promise|release|when
entries() {
	awk '
		/^\t(CHECKED|VERDICT|OPEN)\(/ { text = ""; open = 1 }
		open { text = text $0 }
		open && /\),$/ {
			open = 0
			gsub(/"[ \t]*"/, "", text)
			gsub(/\\"/, "\001", text)
			sub(/^\t/, "", text)
			who = text; sub(/\(.*/, "", who)
			sub(/^[A-Z]*\(/, "", text)
			n = split(text, part, /"/)		# name, release | when | title | promise
			split(part[1], head, /, */)
			rel = head[2] == "OLD" ? "2.6.32" : head[2] == "NEW" ? "3.18" : "both"
			out = who "|" head[1] "|" part[4] "|" part[6] "|" rel "|" part[2]
			gsub(/\001/, "\"", out)
			print out
		}' "$registry"
}

print_table() {
	echo '| | a breach | what is promised | release | when |'
	echo '|---|---|---|---|---|'
	entries | awk -F '|' '{
		when = $1 == "CHECKED" ? $6 : $1 == "VERDICT" ? "verdict" : "-"
		printf "| %s | %s | %s | %s | %s |\n", $2, $3, $4, $5, when
	}'
}

if [ "$1" = --print ]; then
	print_table
	exit 0
fi

sed -n '/^| | a breach/,/^$/p' "$page" | sed '/^$/d' > "$TMPDIR/shown"
print_table > "$TMPDIR/table"
if ! diff -u "$TMPDIR/table" "$TMPDIR/shown"; then
	echo "invariants.sh: $page differs from $registry; see invariants.sh --print"
	exit 1
fi
nr=$(entries | wc -l)
[ "$nr" -ge 50 ] || { echo "invariants.sh: only $nr invariants found in $registry"; exit 1; }

# cases TABLE: the names in the tables of that name of the tests
cases() {
	awk -v table="$1" '
		$0 ~ "inv_case " table "\\[\\]" { inside = 1 }
		inside { while (match($0, /"[A-J][0-9]"/)) { print substr($0, RSTART + 1, 2); $0 = substr($0, RSTART + 4) } }
		/^};/ { inside = 0 }' tests/*/invariants.c | sort -u
}
cases occur > "$TMPDIR/occur"
cases broken > "$TMPDIR/broken"
bad=0
for name in $(entries | sed -n 's/^CHECKED|\([A-J][0-9]\)|.*/\1/p'); do
	grep -q "^$name$" "$TMPDIR/occur" || { echo "invariants.sh: no test in which $name occurs"; bad=1; }
	case " $only_mutants " in *" $name "*) continue ;; esac
	grep -q "^$name$" "$TMPDIR/broken" || { echo "invariants.sh: no test that breaks $name"; bad=1; }
done
exit $bad
