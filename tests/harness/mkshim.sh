#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Write the file that makes the suite Criterion's: one Test() for each WQTEST
# found in the .c files given, and one for each .sh file given.
#
#	mkshim.sh test|soak FILE...
#
# The last line of the output is a comment with the number of tests, which
# run.sh compares with the number that ran.
set -eu

list=$1
shift

cat <<'TOP'
/* Made by tests/harness/mkshim.sh from the WQTEST lines of the suite. */
#include <criterion/criterion.h>
#include <stdio.h>

#include "runner.h"

static inline void run_script(const char *path, const char *name)
{
	int status = wqtest_script(path);

	if (status == 77) {
		fprintf(stderr, "[SKIP] %s: %s\n", name, wqtest_report());
		cr_skip_test("%s", wqtest_report());
	}
	cr_assert(status == 0, "%s", wqtest_report());
}

TOP

awk -v list="$list" '
function emit(suite, name, options,    seconds)
{
	seconds = suite ~ /_native/ ? 180 : 60
	if (match(options, /\.timeout *= *[0-9]+/)) {
		seconds = substr(options, RSTART, RLENGTH)
		sub(/.*= */, "", seconds)
	}
	bodies++
	if ((options ~ /\.soak *= *(true|1)/) != (list == "soak"))
		return
	printf "#line %d \"%s\"\n", FNR, FILENAME
	printf "Test(%s, %s, .timeout = %d) { ", suite, name, seconds
	printf "cr_assert(wqtest_run(\"%s\", \"%s\") == 0, \"%%s\", wqtest_report()); }\n\n", suite, name
	tests++
}

# tests/cli/some-name.sh is cli/some_name
function script(path,    word, n, name)
{
	n = split(path, word, "/")
	name = word[n]
	sub(/\.sh$/, "", name)
	gsub(/[^A-Za-z0-9_]/, "_", name)
	printf "#line 1 \"%s\"\n", path
	printf "Test(%s, %s, .timeout = %d) { ", word[n - 1], name, list == "soak" ? 3600 : 300
	printf "run_script(\"%s\", \"%s/%s\"); }\n\n", path, word[n - 1], name
	tests++
}

BEGIN {
	for (i = 1; i < ARGC; i++)
		if (ARGV[i] ~ /\.sh$/) {
			script(ARGV[i])
			ARGV[i] = ""
		}
	bodies = 0
}

/^WQTEST(_ENGINES|_MACHINES|_MATRIX)?\(/ {
	line = $0
	kind = line
	sub(/\(.*/, "", kind)
	sub(/^[A-Z_]*\( */, "", line)
	sub(/ *\).*/, "", line)
	n = split(line, word, / *, */)
	if (n < 2 || word[1] !~ /^[a-z0-9_]+$/ || word[2] !~ /^[a-z0-9_]+$/) {
		printf "%s:%d: suite and name must stand on the line of the WQTEST\n", FILENAME, FNR > "/dev/stderr"
		exit 1
	}
	if (kind == "WQTEST" || kind == "WQTEST_MACHINES")
		emit(word[1], word[2], line)
	if (kind == "WQTEST_MACHINES")
		emit(word[1] "_native", word[2], line)
	if (kind == "WQTEST_ENGINES" || kind == "WQTEST_MATRIX") {
		emit(word[1] "_legacy", word[2], line)
		emit(word[1] "_cmwq", word[2], line)
	}
	if (kind == "WQTEST_MATRIX") {
		emit(word[1] "_native_legacy", word[2], line)
		emit(word[1] "_native_cmwq", word[2], line)
	}
}

# A body that was compiled in but not found here would never run.
END {
	print "#line 1 \"tests/harness/mkshim.sh\""
	print "Test(harness, every_body_is_listed)\n{"
	printf "\tcr_assert(wqtest_count() == %d, \"the binary has %%zu bodies, \"\n", bodies
	printf "\t\t  \"the sources %d\", wqtest_count());\n}\n", bodies
	printf "/* tests: %d */\n", tests + 1
}
' "$@" /dev/null
