#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# A million scenarios and a million command lines, read and judged.
set -e
"$WQLAB_BUILD/tests/wqfuzz" -n 1000000 -o "$WQLAB_BUILD" scenario
"$WQLAB_BUILD/tests/wqfuzz" -n 1000000 -o "$WQLAB_BUILD" options
