#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Scenarios made at random (CPUs that come and go, freezing, draining, attributes, limits,
# thread creation that fails, delays, cancels, flushes), each searched on one engine: no
# schedule may break a promise, hang, or end in a BUG.
#
#	random-scenarios.sh [FIRST [HOW-MANY [SCHEDULES-OF-EACH]]]
#
# The timeline only does what cannot wait, so what it froze it thaws, whatever happens.
first=${1:-1} many=${2:-600} budget=${3:-200}
bad=0 searched=0

# scenario SEED ENGINE
scenario() {
	awk -v seed="$1" -v engine="$2" '
	# Of our own, since awks differ: a generator of Park and Miller.
	function below(n) { state = state * 16807 % 2147483647; return int(state / 2147483647 * n) }
	function one(list,    n, word) { n = split(list, word, "/"); return word[1 + below(n)] }
	function some_w() { return "w" below(works) }
	function some_q() { return "q" below(queues) }
	function later() { return below(3) ? "" : " after " below(5) "ms" }
	# 2.6.32 has a thread where a CPU is up, and nobody queues elsewhere; 3.18 has its pool.
	function somewhere(    c) {
		c = below(cpus)
		return engine == "legacy" && (down[c] || now < changed[c]) ? "" : " cpu " c
	}
	function act(text) { print "at " now "ms " text }

	BEGIN {
		state = seed % 2147483646 + 1
		for (i = 0; i < 10; i++)
			below(2)
		cpus = 1 + below(4)
		nodes = cpus > 1 ? 1 + below(2) : 1
		queues = 1 + below(3)
		works = 1 + below(4)
		print "cpus " cpus "\nnodes " nodes
		if (engine == "cmwq")
			print "cmdline \"workqueue." one("later/disable_numa/power_efficient/later=0") "\""
		for (i = 0; i < queues; i++) {
			if (engine == "legacy")
				kind[i] = one("create/create/singlethread/freezeable/rt")
			else
				kind[i] = one("max_active=1/max_active=2/ordered/" \
					      "flags=UNBOUND/flags=UNBOUND|SYSFS/flags=MEM_RECLAIM/" \
					      "flags=FREEZABLE/flags=FREEZABLE|UNBOUND max_active=1/" \
					      "flags=HIGHPRI/flags=CPU_INTENSIVE/flags=POWER_EFFICIENT/" \
					      "flags=MEM_RECLAIM|UNBOUND|SYSFS")
			print "workqueue q" i " " kind[i]
		}
		for (i = 0; i < works; i++) {
			print "work w" i
			for (n = below(4); n; n--)
				print "\t" one("burn 1ms/burn 3ms/sleep 1ms/sleep 2500us/yield/burn 300us")
			if (i && !below(5))
				print "\tqueue w" below(i) " on " some_q()
			if (!below(6))
				print "\trequeue" one("/ after 2ms") " times 2"
		}
		for (i = below(4); i; i--) {
			print "task t" i " start " below(7) "ms"
			for (n = 1 + below(4); n; n--)
				print "\t" one("flush " some_w() "/flush " some_q() "/cancel " some_w() \
					       "/sleep 1ms/queue " some_w() " on " some_q())
		}
		now = 0
		act("queue w0 on q0")
		for (n = 4 + below(11); n; n--) {
			now += one("0/0/1/1/2/3/5/70")
			what = below(20)
			if (what < 10) {
				act("queue " some_w() " on " some_q() (below(3) ? "" : somewhere()) later())
			} else if (what < 13 && cpus > 1) {
				c = 1 + below(cpus - 1)
				act("cpu " c (down[c] ? " up" : " down"))
				if (!down[c] || !fails)		# without a thread it does not come
					down[c] = !down[c]
				changed[c] = now + 60		# it may take its time
			} else if (what < 15) {
				act(frozen ? "thaw" : "freeze")
				frozen = !frozen
			} else if (what < 17) {
				act("fail thread creation " (fails ? "off" : "on"))
				fails = !fails
			} else if (engine == "cmwq") {
				i = below(queues)
				if (kind[i] ~ /SYSFS/)
					act("echo " one("1/" sprintf("%x", 2 ^ cpus - 1)) " > /sys/devices/virtual/workqueue/q" i "/" \
					    one("cpumask/max_active/numa"))
				else if (kind[i] != "ordered")
					act("set max_active of q" i " to " 1 + below(3))
			}
		}
		now += 5
		act("fail thread creation off")
		act("thaw")
		now += 5
		act("drain " some_q())
		print "end at " now + 200 "ms"
	}'
}

for seed in $(seq "$first" $((first + many - 1))); do
	for engine in legacy cmwq; do
		file=$TMPDIR/random-$seed-$engine.wq
		scenario "$seed" "$engine" > "$file"
		status=0
		"$WQLAB" explore "$file" --engine=$engine --budget="$budget" > "$TMPDIR/said" 2>&1 || status=$?
		searched=$((searched + 1))
		# Whoever queues while somebody drains is dropped with a warning: that is as it should be.
		if [ $status -eq 0 ] || grep -q 'FAILED.*WARNING: at cmwq/queue.c:[0-9]* \(__queue_work\|is_chained_work\)' "$TMPDIR/said"; then
			rm "$file"
		else
			echo "random-scenarios.sh: seed $seed, $engine: status $status"
			cat "$file"
			head -n 40 "$TMPDIR/said"
			bad=$((bad + 1))
		fi
	done
	[ $bad -lt 3 ] || break
done
echo "random-scenarios.sh: $searched scenarios, $bad of them fail"
[ $bad -eq 0 ]
