#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# What `make` says to those who just arrived.
set -e

fail() {
	echo "make.sh: $*"
	exit 1
}

# `make help` has a line for each target.
make help > "$TMPDIR/help"
for target in all demo test soak bench bench-peers docs check-layering install uninstall install-test-deps clean help; do
	grep -q "^  make $target  *[a-z]" "$TMPDIR/help" || fail "make help does not tell of $target"
done

# A compiler that is not there is one clear sentence.
if make CC=no-such-cc O="$TMPDIR/b" all > "$TMPDIR/out" 2>&1; then
	fail "make went on without a compiler"
fi
grep -q "the compiler 'no-such-cc' is not installed" "$TMPDIR/out" || fail "$(cat "$TMPDIR/out")"

# An object is made again when a flag changes, and only then.
touched() {
	make -s O="$TMPDIR/b" "$@" "$TMPDIR/b/common/trace/trace.o" | grep -c ' CC ' || :
}
[ "$(touched)" = 1 ] || fail "the first build made nothing"
[ "$(touched)" = 0 ] || fail "nothing changed, yet it was made again"
[ "$(touched WERROR=1)" = 1 ] || fail "a flag changed, yet nothing was made"

# Fewer tests than there are is a failure, even where Criterion is content.
mkdir "$TMPDIR/t"
cat > "$TMPDIR/t/few" <<'END'
#!/bin/sh
echo "[====] Synthesis: Tested: 3 | Passing: 3 | Failing: 0 | Crashing: 0 "
END
chmod +x "$TMPDIR/t/few"
echo 3 > "$TMPDIR/t/few.count"
sh tests/harness/run.sh "$TMPDIR/t/few" > /dev/null || fail "run.sh does not accept a good run"
echo 4 > "$TMPDIR/t/few.count"
if sh tests/harness/run.sh "$TMPDIR/t/few" > "$TMPDIR/out" 2>&1; then
	fail "run.sh accepts 3 tests of 4"
fi
grep -q "3 tests ran and 0 were skipped, but there are 4" "$TMPDIR/out" || fail "$(cat "$TMPDIR/out")"
