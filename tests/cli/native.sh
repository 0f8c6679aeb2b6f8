#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The native machine from outside: what ps, /proc and gdb see of its threads, how
# it ends when something hangs or takes too long, and what it does where the host
# does not permit everything.
set -e
unset WQLAB_ENGINE WQLAB_SCENARIOS
STUCK=labs/scenarios/self-flush.wq

fail() {
	echo "native.sh: $*"
	exit 1
}

# native STATUS ARGUMENTS...: run it to its end
native() {
	want=$1
	shift
	set +e
	timeout 60 "$WQLAB" "$@" --machine=native > "$TMPDIR/out" 2> "$TMPDIR/err"
	got=$?
	set -e
	[ $got -eq "$want" ] || fail "wqlab $*: status $got instead of $want: $(cat "$TMPDIR/err")"
}

# A regular expression.
said() {
	grep -q -- "$1" "$TMPDIR/err" || fail "nobody said '$1' but '$(cat "$TMPDIR/err")'"
}

# in_background ARGUMENTS...: run it until told otherwise; its number is in $pid
in_background() {
	"$WQLAB" "$@" --machine=native > "$TMPDIR/out" 2> "$TMPDIR/err" &
	pid=$!
}

stop() {
	kill -KILL "$pid"
	wait "$pid" 2> "$TMPDIR/null" || :
}

# The command $1 must come to succeed, however busy the host is.
until_there() {
	tries=0
	until eval "$1" > "$TMPDIR/null" 2>&1; do
		tries=$((tries + 1))
		[ $tries -lt 600 ] || fail "waited in vain for: $1: $(cat "$TMPDIR/err")"
		sleep 0.1
	done
}

# A task that waits with a time-out does not hang; how it ended is asked for below.
printf 'workqueue q\nwork w\nsleep 10s\nat 0ms queue w on q\n' > "$TMPDIR/sleeps.wq"
"$WQLAB" run "$TMPDIR/sleeps.wq" --machine=native --engine=cmwq --hung-task=7s > "$TMPDIR/sleeps" 2>&1 &
sleeps=$!

# ---- a hung task: the report, a status of its own

native 4 run $STUCK --engine=legacy --hung-task=0.3s
said 'hung task: task q0/0/3 blocked for more than 0.300 seconds'
said 'workqueue "q0" is flushed by its own thread, for which it waits'
said '^  q0/0  *3  D  cpu0   runs selfish of q0, in wait_for_barrier, on completion &barr->done; waits for q0/0 (pid 3, itself): to run a flush barrier$'
[ ! -s "$TMPDIR/out" ] || fail "a hung task writes to standard output: $(cat "$TMPDIR/out")"
native 4 run $STUCK --engine=cmwq --hung-task=300ms
WAITS='runs selfish of q0, in flush_workqueue, .*; waits for kworker/0:[01] (pid [25], itself): the workqueue to be flushed$'
said 'hung task: task kworker/0:[01]/[25] blocked'
said "$WAITS"
for task in init kworker/0:0 kworker/0:0H kworker/u2:0 kworker/0:1; do
	said "  $task "
done

# Switched off it stays silent, and so the limit of time comes first.
for off in off 0ms 0s; do
	native 1 run $STUCK --engine=cmwq --hung-task=100ms --hung-task=$off --time-limit=900ms
	said 'time limit: the run is not over at its limit of time'
	said '^  init  *1 '
done

# ---- names, nice values, cores

printf '%s\n' 'cpus 3' 'workqueue normal' 'workqueue hurry flags=HIGHPRI|MEM_RECLAIM' 'work w' \
	'sleep 30s' 'at 0ms cpu 1 queue w on normal' > "$TMPDIR/stays.wq"

# threads: "name nice cores" of each
threads() {
	for t in /proc/"$pid"/task/*; do
		name=$(cat "$t/comm" 2> "$TMPDIR/null") || continue
		nice=$(sed 's/.*) //' "$t/stat" | cut -d ' ' -f 17)
		echo "$name $nice $(sed -n 's/^Cpus_allowed_list:[[:space:]]*//p' "$t/status")"
	done
}

all_cores=$(sed -n 's/^Cpus_allowed_list:[[:space:]]*//p' /proc/self/status)
# "0-2,5" as "0 1 2 5"
cores=$(echo "$all_cores" | tr , '\n' | while IFS=- read -r a b; do seq "$a" "${b:-$a}"; done | tr '\n' ' ')

# core VCPU: the one that stands for it
core() {
	# shellcheck disable=SC2086
	set -- "$1" $cores
	eval "echo \${$((($1 % ($# - 1)) + 2))}"
}

# The only thread of that name, and what it must have.
thread_has() {
	grep -qx -- "$1 $2 $3" "$TMPDIR/threads" ||
		fail "no thread '$1' with nice $2 on cores $3 but: $(cat "$TMPDIR/threads")"
}

# Counted from ours: whoever tests with nice(1) means all of it.
base=$(nice)
low=$((base > 0 ? base - 20 : -20))
in_background run "$TMPDIR/stays.wq" --engine=cmwq
# The item sleeps on CPU 1, so there is a timer for certain.
until_there 'grep -qx swapper/1 /proc/$pid/task/*/comm'
until_there 'grep -qx kworker/1:1 /proc/$pid/task/*/comm'
until_there '[ "$(threads | grep -c "^wqlab ")" -eq 1 ]'
if command -v ps > "$TMPDIR/null"; then
	ps -L -p "$pid" -o comm= > "$TMPDIR/ps"
	for name in wqlab init khungtaskd kworker/2:0H hurry swapper/1; do
		grep -qx "$name *" "$TMPDIR/ps" || fail "ps -L does not show $name but $(cat "$TMPDIR/ps")"
	done
fi
# Its nice value is the thread's own affair, and it may not have got there yet.
until_there '[ "$(threads | grep -c "^kworker/.*H $low ")" -eq 3 ] || [ "$(id -u)" -ne 0 ]'
threads > "$TMPDIR/threads"
stop
grep -q "^kworker/0:0H $low " "$TMPDIR/threads" || low=$base
for cpu in 0 1 2; do
	thread_has kworker/$cpu:0 "$base" "$(core $cpu)"
	thread_has kworker/$cpu:0H $low "$(core $cpu)"
done
thread_has kworker/u6:0 "$base" "$all_cores"
thread_has swapper/1 "$base" "$(core 1)"

in_background run "$TMPDIR/stays.wq" --engine=legacy
until_there 'grep -qx swapper/1 /proc/$pid/task/*/comm'
until_there '[ "$(threads | grep -c "^wqlab ")" -eq 1 ]'
threads > "$TMPDIR/threads"
stop
for cpu in 0 1 2; do
	thread_has normal/$cpu "$base" "$(core $cpu)"
	thread_has events/$cpu "$base" "$(core $cpu)"
done

# ---- wqlab ps: the same threads as on the simulated machine

for scenario in highpri rescuer explosion; do
	native 0 ps labs/scenarios/$scenario.wq
	mv "$TMPDIR/out" "$TMPDIR/native"
	"$WQLAB" ps labs/scenarios/$scenario.wq > "$TMPDIR/sim"
	cmp -s "$TMPDIR/native" "$TMPDIR/sim" ||
		fail "wqlab ps $scenario: $(diff "$TMPDIR/native" "$TMPDIR/sim" | head -n 20)"
done

# ---- priorities that the host refuses: one warning, and it runs

nobody() {
	setpriv --reuid=65534 --regid=65534 --clear-groups --bounding-set=-all --inh-caps=-all -- "$@"
}

# refusals ENGINE: how often it says so
refusals() {
	nobody "$WQLAB" run - --engine="$1" --machine=native < "$TMPDIR/short.wq" > "$TMPDIR/out" 2>&1
	grep -c 'cannot be had here' "$TMPDIR/out"
}

if [ "$(id -u)" -ne 0 ] || ! nobody test -x "$WQLAB" 2> "$TMPDIR/null"; then
	echo "not root, or no setpriv: refused priorities were not tried"
else
	printf 'workqueue q\nwork w\nburn 1ms\nat 0ms queue w on q\n' > "$TMPDIR/short.wq"
	[ "$(refusals legacy)" -eq 1 ] || fail "legacy as nobody says $(cat "$TMPDIR/out")"
	grep -q 'native: real-time priority 98 cannot be had here' "$TMPDIR/out" || fail "$(cat "$TMPDIR/out")"
	[ "$(refusals cmwq)" -eq 1 ] || fail "cmwq as nobody says $(cat "$TMPDIR/out")"
	grep -Eq 'native: (nice -20|real-time priority 98) cannot' "$TMPDIR/out" || fail "$(cat "$TMPDIR/out")"
fi

# ---- gdb: shows the names; and under it the watchdog keeps silent

if command -v gdb > "$TMPDIR/null" && gdb -nx -batch -ex run --args true > "$TMPDIR/gdb" 2>&1 &&
		grep -q 'exited normally' "$TMPDIR/gdb"; then
	gdb -nx -batch -ex run -ex 'info threads' -ex kill --args "$WQLAB" run $STUCK --engine=cmwq \
		--machine=native --hung-task=200ms --time-limit=400ms > "$TMPDIR/gdb" 2>&1 &
	pid=$!
	traced() {
		grep -l "^TracerPid:.*[^0-9]$pid$" /proc/[0-9]*/status | cut -d / -f 3
	}
	until_there 'grep -qx kworker/0:1 /proc/$(traced)/task/*/comm'
	sleep 2
	[ "$(traced)" ] || fail "a watchdog did not look away under gdb: $(cat "$TMPDIR/gdb")"
	kill -INT "$(traced)"
	wait "$pid" || fail "gdb: $(cat "$TMPDIR/gdb")"
	grep -q 'hung task\|time limit' "$TMPDIR/gdb" && fail "under gdb: $(cat "$TMPDIR/gdb")"
	for name in init khungtaskd kworker/0:0 kworker/0:0H; do
		grep -q "\"$name\"" "$TMPDIR/gdb" || fail "gdb does not show $name: $(cat "$TMPDIR/gdb")"
	done
else
	echo "no gdb that may trace: what it shows was not tried"
fi

wait "$sleeps" || fail "a task that sleeps was taken for hung: $(cat "$TMPDIR/sleeps")"
