#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Scenarios and command lines from seeds, read and judged; the long list does more.
set -e
"$WQLAB_BUILD/tests/wqfuzz" -n 20000 -o "$WQLAB_BUILD" scenario
"$WQLAB_BUILD/tests/wqfuzz" -n 100000 -o "$WQLAB_BUILD" options
