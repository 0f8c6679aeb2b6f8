#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The relocatable pieces are what the machine and gdb rely on: an engine has one
# global symbol, its other functions keep their names, and no writable data of
# the kernel world lies where a boot would not put it back.
set -e
cd "$WQLAB_BUILD"

fail() {
	echo "pieces.sh: $*"
	exit 1
}

for engine in legacy cmwq; do
	# ASan's one word is shared by all pieces on purpose.
	globals=$(nm -g --defined-only $engine.o | awk '{ print $NF }' | grep -v '^___asan_' | sort)
	[ "$globals" = ${engine}_engine ] || fail "$engine.o shows: $globals"
	nm $engine.o | grep -q ' t worker_thread$' || fail "$engine.o has lost the name of worker_thread"
done

for piece in kernel legacy cmwq player tests/bodies; do
	left=$(readelf -SW $piece.o | sed 's/^ *\[ *[0-9]*\] *//' | awk '
		$1 ~ /^\.(data|bss|tdata|tbss)(\.|$)/ && $1 !~ /^\.data\.rel\.ro/ && $5 !~ /^0+$/ { print $1 }')
	[ -z "$left" ] || fail "$piece.o has state outside wqlab_data and wqlab_bss: $left"
	readelf -SW $piece.o | grep -q ' wqlab_bss *PROGBITS' && fail "wqlab_bss of $piece.o takes room in the file"
done

readelf -SW wqlab | grep -q ' wqlab_bss *NOBITS' || fail "wqlab has no wqlab_bss"
readelf -SW wqlab | grep -q ' wqlab_data *PROGBITS' || fail "wqlab has no wqlab_data"
