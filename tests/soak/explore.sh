#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# What holds in any order holds under 500 random schedules.
twin=$WQLAB_BUILD/tests/wqtwin
[ "$("$twin" -x 1 -l)" ] || { echo "no test is marked .any_order"; exit 77; }
exec "$twin" -x 500 -t 60
