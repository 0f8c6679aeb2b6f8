#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# A warning names its line, and output is the same from every compiler; but where a
# macro's arguments span lines gcc and clang disagree on which line that is.  So a
# WARN or BUG stands on one line.
set -e

found=$(grep -nE '\b(WARN|WARN_ON|WARN_ONCE|WARN_ON_ONCE|BUG_ON)\(' -r common/kernel common/api legacy cmwq labs --include='*.c' |
	awk '{
		line = $0
		sub(/^[^:]*:[^:]*:/, "", line)
		sub(/^.*[^A-Z_](WARN|BUG)/, "WARN", line)
		open = gsub(/\(/, "(", line)
		if (open > gsub(/\)/, ")", line))
			print
	}')
[ -z "$found" ] && exit 0
echo "$found"
echo "warn-lines.sh: the calls above span lines"
exit 1
