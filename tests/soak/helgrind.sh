#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# A few bodies on the native machine under helgrind, in a build that tells it what our
# atomics do (helgrind.h): no race, and no lock order that could deadlock.  Unlike
# ThreadSanitizer it looks at the machine itself too.
set -eu

skip() {
	echo "$*"
	exit 77
}

fail() {
	echo "helgrind.sh: $*"
	exit 1
}

command -v valgrind > "$TMPDIR/null" || skip "no valgrind"
echo '#include <valgrind/helgrind.h>' | gcc -E - > "$TMPDIR/null" 2>&1 || skip "no <valgrind/helgrind.h>"
case $(basename "$WQLAB_BUILD") in clang* | gcc-*) skip "done in the plain build" ;; esac

# under LOG PROGRAM...: run it
under() {
	log=$1
	shift
	valgrind --tool=helgrind --fair-sched=try --log-file="$log" "$@" > "$log.out" 2>&1
}

errors() {
	sed -n 's/.*ERROR SUMMARY: \([0-9]*\) errors.*/\1/p' "$1"
}

# Does it still see a race, and only where there is one?
cat > "$TMPDIR/race.c" <<'END'
#include <pthread.h>
#include <sched.h>
static int plain, flag;
static void *writer(void *arg)
{
	plain = 1;
	__atomic_store_n(&flag, 1, __ATOMIC_RELEASE);
	return arg;
}
int main(void)
{
	pthread_t t;
	pthread_create(&t, 0, writer, 0);
	while (!__atomic_load_n(&flag, ORDER))
		sched_yield();
	plain++;
	pthread_join(t, 0);
	return plain != 2;
}
END
for order in ACQUIRE RELAXED; do
	gcc -g -include tests/soak/helgrind.h -DORDER=__ATOMIC_$order -pthread -o "$TMPDIR/race" "$TMPDIR/race.c"
	under "$TMPDIR/log" "$TMPDIR/race" || fail "the probe failed: $(cat "$TMPDIR/log")"
	found=$(errors "$TMPDIR/log")
	case $order in
	ACQUIRE) [ "$found" -eq 0 ] || fail "a race where there is none: $(cat "$TMPDIR/log")" ;;
	RELAXED) [ "$found" -gt 0 ] || fail "blind: a race was not seen" ;;
	esac
done

make HELGRIND=1 O="$WQLAB_BUILD" "$WQLAB_BUILD/gcc-helgrind/tests/wqtwin" > "$TMPDIR/make" 2>&1 ||
	fail "$(tail -n 40 "$TMPDIR/make")"
twin=$WQLAB_BUILD/gcc-helgrind/tests/wqtwin

# Its memory grows with what threads do for each other; the load would take gigabytes.
for test in cancel_native_ENGINE/stops_a_heartbeat flush_native_ENGINE/several_flush_at_once \
		queue_native_ENGINE/frees_itself delayed_native_ENGINE/queues_from_a_timer both_native/item_goes_to_and_fro; do
	for engine in legacy cmwq; do
		name=contract_$(echo "$test" | sed "s/ENGINE/$engine/")
		under "$TMPDIR/log" "$twin" -1 "$name" || fail "$name: $(tail -n 60 "$TMPDIR/log.out" "$TMPDIR/log")"
		[ "$(errors "$TMPDIR/log")" -eq 0 ] || fail "$name: $(head -n 200 "$TMPDIR/log")"
		echo "$name: 0 errors"
		case $test in *ENGINE*) ;; *) break ;; esac
	done
done
