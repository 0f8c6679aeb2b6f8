#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# What the command does with mistakes, and how it ends: one clear sentence on
# standard error, nothing on standard output, the documented status.
set -e
unset WQLAB_ENGINE WQLAB_SCENARIOS
SC=labs/scenarios/doc-original.wq

fail() {
	echo "command-line.sh: $*"
	exit 1
}

# $1: the status; $2: what standard error must contain; then the arguments.
wrong() {
	status=$1 words=$2
	shift 2
	set +e
	"$WQLAB" "$@" > "$TMPDIR/out" 2> "$TMPDIR/err"
	got=$?
	set -e
	[ $got -eq $status ] || fail "wqlab $*: status $got instead of $status"
	grep -qF -- "$words" "$TMPDIR/err" || fail "wqlab $*: does not say '$words' but '$(cat "$TMPDIR/err")'"
	[ ! -s "$TMPDIR/out" ] || fail "wqlab $*: writes to standard output as well"
}

wrong 2 'which command?'
wrong 2 "no command 'rum'" rum $SC
wrong 2 "no option '--bogus'" --bogus
wrong 2 'which scenario?' run
wrong 2 "'two' is one argument too many" run one two
wrong 2 'no option --bogus' run $SC --bogus
wrong 2 'no option -x' run $SC -xh
wrong 2 'see wqlab run --help' run $SC --bogus
wrong 2 'the option --cpus needs a value' run $SC --cpus
wrong 2 'the option --all=3 takes no value' run $SC --all=3
wrong 2 'no option --all' ps $SC --all
wrong 2 'no option --cpus=2' tour --cpus=2
wrong 2 'no option --cpus' tour --cpus 2
wrong 2 'no option --all' ps --all $SC
wrong 2 'expected legacy, cmwq or both' run $SC --engine=old
wrong 2 'expected table, csv, trace, trace_stat or colours' run $SC --format=xml
for n in 0 -1 1x 0x1 '' 4097 99999999999999999999; do
	wrong 2 'expected a whole number from 1 to 4096' run $SC --cpus="$n"
done
for d in 5 5m .5ms 5.ms 0.5ns 1.05ns 0.0000000005s 99999999999999999s 18446744073.709551616s ms '' -1ms; do
	wrong 2 'expected a duration' run $SC --slice="$d"
done
wrong 2 'expected a duration above zero' run $SC --time-limit=0ms
wrong 2 'give one of the two' run $SC --seed=1 --explore=default
wrong 2 'No such file' run "$TMPDIR/none.wq"
wrong 2 'directory' run "$TMPDIR"
wrong 2 'expected 100, 250, 300 or 1000' run $SC --hz=17
wrong 2 'which scenario?' run ''
wrong 2 'wqlab: ' run $SC --machine=toaster
wrong 2 'wqlab: ' run $SC --explore=sideways
wrong 2 'expected on or off' run $SC --lockdep=maybe
wrong 2 'wqlab: ' run $SC --cpus=1 --nodes=2
WQLAB_ENGINE=old
export WQLAB_ENGINE
wrong 2 'WQLAB_ENGINE=old' run $SC
unset WQLAB_ENGINE
WQLAB_SCENARIOS=$TMPDIR/none
export WQLAB_SCENARIOS
wrong 2 'WQLAB_SCENARIOS' tour
unset WQLAB_SCENARIOS

# All mistakes of a scenario, each with its place.
printf 'workqueue q0\nwork w0\n    burn 5\n    sleep soon\n\nat 0ms queue w0 on q0\n' > "$TMPDIR/bad.wq"
wrong 2 "bad.wq:3:" run "$TMPDIR/bad.wq"
wrong 2 "bad.wq:4:" run "$TMPDIR/bad.wq"

# A misspelt word that could have been a name is told as what it was meant to be.
printf 'workqueue q0\nwork w0\nat 0ms\n    queue w0 onn q0\n    queue w0 on q0 atfer 5ms\n' > "$TMPDIR/bad.wq"
wrong 2 'bad.wq:4:14: found `onn`, expected `on`' run "$TMPDIR/bad.wq"
wrong 2 'did you mean `after`?' run "$TMPDIR/bad.wq"
{ echo 'workqueue q0'; yes brun | head -n 11; } > "$TMPDIR/bad.wq"
wrong 2 '10 mistakes, and there may be more' run "$TMPDIR/bad.wq"

for args in --help 'help' 'help run' 'help -h' 'run --help' 'ps -h' 'tour --help' --version; do
	# shellcheck disable=SC2086
	"$WQLAB" $args > "$TMPDIR/out" 2> "$TMPDIR/err" || fail "wqlab $args: status $?"
	[ -s "$TMPDIR/out" ] && [ ! -s "$TMPDIR/err" ] || fail "wqlab $args: prints no text"
done

# The environment chooses the engine, the option overrides it.
WQLAB_ENGINE=cmwq "$WQLAB" run $SC > "$TMPDIR/out"
grep -q '^cmwq (Linux' "$TMPDIR/out" || fail "WQLAB_ENGINE=cmwq is not obeyed"
WQLAB_ENGINE=cmwq "$WQLAB" run $SC --engine=legacy > "$TMPDIR/out"
grep -q '^legacy (Linux' "$TMPDIR/out" || fail "--engine does not override WQLAB_ENGINE"

# A verdict other than ok is status 1, and the report says who waits.
set +e
"$WQLAB" run labs/scenarios/wait-for-second.wq > "$TMPDIR/out" 2> "$TMPDIR/err"
[ $? -eq 1 ] || fail "a deadlock does not end with status 1"
set -e
grep -q 'verdict .*deadlock .*ok$' "$TMPDIR/out" || fail "the verdicts are not told"
grep -q 'on completion done' "$TMPDIR/out" || fail "the report does not say what is waited for"
[ ! -s "$TMPDIR/err" ] || fail "a deadlock writes to standard error"

# Time goes on and nothing comes of it: the run ends an hour behind all that it speaks of.
# limited TEXT ARGUMENT...: a livelock ends with that limit
limited() {
	words=$1
	shift
	set +e
	timeout 60 "$WQLAB" run - --engine=cmwq "$@" < "$TMPDIR/spin.wq" > "$TMPDIR/out" 2> "$TMPDIR/err"
	[ $? -eq 1 ] || fail "a livelock does not end with status 1"
	set -e
	grep -q "time limit: " "$TMPDIR/out" || fail "a livelock is not told"
	grep -qF "at $words s of virtual time" "$TMPDIR/out" || fail "a livelock does not end at $words s"
}
spin='workqueue q\nwork l\nsleep 10ms\nwork w\nat 0 queue l on q\nat 1ms drain q\nat 2ms queue w on q\n'
printf "$spin%b" 'at 30ms cancel w\n' > "$TMPDIR/spin.wq"
limited 3600.040000000
limited 5.000000000 --time-limit=5s
printf "$spin%b" 'work z\nsleep 20s\nrequeue after 10s times 2\nat 30ms cancel w\nend at 200s\n' > "$TMPDIR/spin.wq"
limited 3890.010000000
printf 'workqueue q\nwork w\nat 0 queue w on q after 100000s\n' |
	"$WQLAB" run - > "$TMPDIR/out" || fail "a scenario of a day and more does not end well"

# Output that cannot be written.
if [ -c /dev/full ]; then
	set +e
	"$WQLAB" run $SC > /dev/full 2> "$TMPDIR/err"
	[ $? -eq 2 ] || fail "a full disk does not end with status 2"
	set -e
	grep -q 'cannot write to standard output' "$TMPDIR/err" || fail "a full disk is not told"
fi
{ set +e; "$WQLAB" run labs/scenarios/explosion.wq --format=csv; echo $? > "$TMPDIR/status"; } | head -n 1 > "$TMPDIR/out"
[ "$(cat "$TMPDIR/status")" = 2 ] || fail "a closed pipe ends with status $(cat "$TMPDIR/status")"
"$WQLAB" tour < /dev/null 2> "$TMPDIR/err" | head -n 1 > "$TMPDIR/out"
[ ! -s "$TMPDIR/err" ] || fail "a closed pipe makes the tour say '$(cat "$TMPDIR/err")'"
