#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Planted faults: without one the planted sources do what the sources do; some of each kind
# are caught as their files expect; a file that does not apply is refused by name; and
# docs/faults.md knows all of them.  `make faults` tries them all.
faulty=$WQLAB_BUILD/tests/wqfaulty
twin=$WQLAB_BUILD/tests/wqtwin
out=$TMPDIR/out

[ -x "$faulty" ] || { echo "faults are planted in the plain build alone"; exit 77; }

fail() {
	echo "faults.sh: $*"
	cat "$out"
	exit 1
}

# ---- without a fault: the same runs ----
set -- 'faults_*' contract_queue_legacy contract_queue_cmwq contract_flush_legacy \
	contract_flush_cmwq contract_cancel_legacy contract_cancel_cmwq rcu kthread
"$twin" -H "$@" > "$TMPDIR/plain" 2>&1 || { cp "$TMPDIR/plain" "$out"; fail "wqtwin fails"; }
"$faulty" -f none -H "$@" 2>&1 | sed 's/^wqfaulty/wqtwin/' > "$TMPDIR/planted"
diff "$TMPDIR/plain" "$TMPDIR/planted" > "$out" || fail "with no fault chosen it is another run"
[ "$(grep -c steps "$TMPDIR/plain")" -gt 100 ] || fail "too few runs were compared"

# ---- one of each kind ----
"$faulty" -j 2 legacy-test-before-prepare cmwq-no-reserve-worker cmwq-steal-does-not-look-again \
	cmwq-mutexes-the-other-way kernel-completion-if kernel-timer-base-not-checked > "$out" 2>&1 ||
	fail "not caught, or not as expected"
grep -q '^6 of 6 caught$' "$out" || fail "not all were tried"

# ---- the example of the page on searching ----
"$faulty" -v legacy-test-before-prepare > "$out" 2>&1
grep -q WQTEST_EXPLORE= "$out" || fail "-v does not tell how to see it again"
sed "s,$WQLAB_BUILD/,build/," "$out" | grep -v '^$\|^1 of 1' | while IFS= read -r line; do
	grep -qxF "    $line" docs/finding-the-interleaving.md || { echo "not there: $line"; false; } || exit
done > "$TMPDIR/missing" || { mv "$TMPDIR/missing" "$out"; fail "docs/finding-the-interleaving.md is out of date"; }

# ---- a fault that there is not ----
"$faulty" -f nobody > "$out" 2>&1 && fail "a fault that there is not is accepted"
grep -q 'no fault is named "nobody"' "$out" || fail "no word on which fault is not known"

# ---- files that are wrong ----
# refused TEXT FILE-CONTENT
mkdir -p "$TMPDIR/planted-sources/src/legacy"
refused() {
	printf '%b' "$2" > "$TMPDIR/wrong.fault"
	awk -f tests/harness/plant.awk -v out="$TMPDIR/planted-sources" "$TMPDIR/wrong.fault" legacy/*.c \
		> "$out" 2>&1 && fail "accepted, and should be refused: $1"
	grep -qF "wrong.fault" "$out" && grep -qF "$1" "$out" || fail "does not say \"$1\""
}
head='what:\tx\nkill:\tx\nby:\tx\n\n'
refused 'is in legacy/worker.c 0 times: expected 1' "$head--- legacy/worker.c\n-\tno_such_thing();\n"
refused 'is in legacy/flush.c 3 times: expected 1' "$head--- legacy/flush.c\n-\tspin_lock_irq(&cwq->lock);\n"
refused 'is no source of the engines' "$head--- legacy/nowhere.c\n-\tx();\n"
refused 'a brace stands alone' "$head--- legacy/worker.c\n-\tfor (;;) {\n+\twhile (1) {\n"
refused 'marks no expression' "$head--- legacy/worker.c\n~\tfor (;;) {\n"
refused '"kill:" is missing' 'what:\tx\nby:\tx\n\n--- legacy/worker.c\n-\tspin_unlock_irq(&cwq->lock);\n'
refused 'no piece of a diff' "$head"
refused 'is not understood' "${head}how:\tx\n"

# ---- the page ----
for file in tests/faults/*.fault; do
	name=${file##*/}
	name=${name%.fault}
	by=$(sed -n 's/^by:	\([A-Za-z0-9]*\).*/\1/p' "$file")
	grep -q "^| $name | [^|]* | $by" docs/faults.md || {
		echo "faults.sh: docs/faults.md does not say that $name is caught by $by"
		exit 1
	}
done
[ "$(ls tests/faults/*.fault | wc -l)" = "$(grep -c '^| \(legacy\|cmwq\|kernel\)-' docs/faults.md)" ] || {
	echo "faults.sh: docs/faults.md lists faults that there are not"
	exit 1
}
