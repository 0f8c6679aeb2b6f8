#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Every public declaration is documented: Doxygen has nothing to warn of.
for tool in doxygen dot; do
	command -v $tool >/dev/null || { echo "$tool is not installed"; exit 77; }
done
exec sh docs/build.sh "$TMPDIR/docs"
