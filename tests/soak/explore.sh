#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# What holds in any order holds under 500 random schedules, and the contract under a
# million of each engine.
twin=$WQLAB_BUILD/tests/wqtwin
[ "$("$twin" -x 1 -l)" ] || { echo "no test is marked .any_order"; exit 77; }
"$twin" -x 500 -t 120 &&
	"$twin" -x 20000 -e random:1000000 -t 900 'contract_*' &&
	"$twin" -x 20000 -e pct:1000000 -t 900 'contract_*'
