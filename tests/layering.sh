#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Who may include whom. Read from the #include lines of every source, and:
#
#	layering.sh [TOP]          check the tree at TOP (default: here)
#	layering.sh --self-check   prove that every kind of mistake is seen
#
#	labs/ tests/    everything below
#	legacy/ cmwq/   themselves, common/; never each other
#	common/api      common/kernel, common/machine, common/trace
#	common/kernel   common/machine, common/trace
#	common/machine, common/trace    nothing below them but libc
#	common/include  itself
#
# Beyond that: kernel-world files include no libc header, libc-world files no
# <linux/...> of ours (tests/README.md says which file is in which world);
# nothing in common/ but common/api/engines.c names an engine; every source
# begins with its licence line.
set -eu

check() {
	(cd "$1" && find . -name .git -prune -o -path ./build -prune -o -type f -print) |
	sed 's,^\./,,' | sort |
	awk -v top="$1" '
function complain(text)
{
	printf "%s:%d: %s\n", file, line, text
	bad++
}

function folder_of(path)
{
	return sub(/\/[^\/]*$/, "", path) ? path : ""
}

# a/b/../c -> a/c
function tidy(path)
{
	gsub(/\/\.\//, "/", path)
	sub(/^\.\//, "", path)
	while (match(path, /[^\/]+\/\.\.\//))
		path = substr(path, 1, RSTART - 1) substr(path, RSTART + RLENGTH)
	return path
}

function layer_of(path)
{
	if (path ~ /^common\/[a-z]+\//) {
		split(path, word, "/")
		return word[1] "/" word[2]
	}
	sub(/\/.*/, "", path)
	return path
}

function world_of(path)
{
	if (path ~ /^common\/include\//)
		return "face"
	if (path ~ /^tests\/soak\/helgrind\.h$/)
		return "any"
	if (path ~ /^tests\/harness\/selftest\.c$/)
		return "kernel"
	if (path ~ /^common\/(machine|trace)\// || path ~ /^tests\/(harness|gdb|browser|fuzz)\// || path ~ /-libc\.[ch]$/)
		return "libc"
	if (path ~ /^labs\/wqlab\//)
		return path ~ /\/player[^\/]*$/ ? "kernel" : "libc"
	if (path ~ /^(legacy|cmwq|labs|tests|common\/api|common\/kernel)\//)
		return "kernel"
	return "any"
}

# Where the compiler finds it; empty if it is none of ours.
function resolve(name, quoted,    path)
{
	if (quoted) {
		path = tidy(folder_of(file) "/" name)
		if (path in exists)
			return path
		if (("tests/harness/" name) in exists && file ~ /^tests\//)
			return "tests/harness/" name
		if (name in exists)
			return name
	}
	if (("common/include/" name) in exists && (quoted || world != "libc"))
		return "common/include/" name
	return ""
}

function one_include(name, quoted,    path, to)
{
	path = resolve(name, quoted)
	if (path == "") {
		if (quoted)
			complain("\"" name "\" is no file of this tree")
		else if (world == "kernel" || world == "face") {
			if (name !~ /^(stddef|stdbool|stdint|stdarg)\.h$/)
				complain("<" name "> is no header of the kernel world")
		}
		return
	}
	to = layer_of(path)
	if (world == "libc" && path ~ /^common\/include\/linux\//)
		complain("a file of the libc world includes " path)
	if (world == "libc" && path ~ /^common\/include\/wqlab\// && !(path in plain))
		complain("a file of the libc world includes " path ", which includes <linux/...>")
	if (to != from && to != "common/include" && index(below[from], " " to " ") == 0)
		complain(from " may not include " path)
}

# The text outside comments, strings kept.
function code_of(text,    out, at)
{
	out = ""
	while (text != "") {
		if (in_comment) {
			at = index(text, "*/")
			if (!at)
				return out
			text = substr(text, at + 2)
			in_comment = 0
			continue
		}
		at = match(text, /\/\*|\/\//)
		if (!at)
			return out text
		out = out substr(text, 1, at - 1)
		if (substr(text, at, 2) == "//")
			return out
		text = substr(text, at + 2)
		in_comment = 1
	}
	return out
}

function licence(text,    want)
{
	want = "SPDX-License-Identifier: GPL-2.0-only"
	if (file ~ /\.[cS]$/)
		return text == "// " want
	if (file ~ /\.h$/)
		return text == "/* " want " */"
	return text == "# " want
}

function read_file(    text, code, name, licensed, c)
{
	c = file ~ /\.[chS]$/
	from = layer_of(file)
	world = world_of(file)
	in_comment = line = licensed = 0
	while ((getline text < (top "/" file)) > 0) {
		line++
		if (line <= 2 && licence(text) && (line == 1 || !c))
			licensed = 1
		if (!c)
			continue
		code = code_of(text)
		if (code ~ /^[ \t]*#[ \t]*include(_next)?[ \t]*[<"]/) {
			name = code
			sub(/^[^<"]*[<"]/, "", name)
			sub(/[>"].*/, "", name)
			one_include(name, code ~ /include(_next)?[ \t]*"/)
		}
		if (file ~ /^common\// && file != "common/api/engines.c" && code ~ /legacy|cmwq/)
			complain("names an engine, which only common/api/engines.c may")
	}
	close(top "/" file)
	line = 1
	if (!licensed)
		complain("does not begin with its SPDX line")
}

# Headers of common/include/wqlab that reach no <linux/...>: taken as plain
# until an include says otherwise, again and again until nothing changes.
function find_plain(    path, text, name, changed)
{
	for (path in exists)
		if (path ~ /^common\/include\/wqlab\/.*\.h$/)
			plain[path] = 1
	do {
		changed = 0
		for (path in exists) {
			if (!(path in plain))
				continue
			while ((getline text < (top "/" path)) > 0) {
				if (text !~ /^[ \t]*#[ \t]*include[ \t]*[<"]/)
					continue
				name = text
				sub(/^[^<"]*[<"]/, "", name)
				sub(/[>"].*/, "", name)
				if (name ~ /^(linux|asm)\// || (("common/include/" name) in exists && !(("common/include/" name) in plain))) {
					delete plain[path]
					changed = 1
					break
				}
			}
			close(top "/" path)
		}
	} while (changed)
}

BEGIN {
	low = " common/machine common/trace "
	below["common/kernel"] = low
	below["common/api"] = low "common/kernel "
	below["legacy"] = below["cmwq"] = below["common/api"] "common/api "
	below["labs"] = below["legacy"] "legacy cmwq "
	below["tests"] = below["labs"] "labs "
}

{ exists[$0] = 1; order[++files] = $0 }

END {
	find_plain()
	for (i = 1; i <= files; i++) {
		file = order[i]
		if (file ~ /\.(c|h|S|sh|py|awk|mk|wq)$/ || file ~ /^(Makefile|\.ci\/run|docs\/Doxyfile|\.editorconfig|\.clang-format)$/) {
			read_file()
			seen++
		}
	}
	if (!seen)
		print "layering.sh: no source in " top
	exit bad || !seen
}
'
}

# One file for each kind of mistake, and some that are right. What must be
# complained of is marked WRONG in the line itself.
self_check() {
	top=$(mktemp -d "${TMPDIR:-/tmp}/wqlab-layering-XXXXXX")
	trap 'rm -rf "$top"' EXIT

	# put PATH LINE...: with its licence line; put -n leaves that out
	put() {
		spdx='SPDX-License-Identifier: GPL-2.0-only'
		if [ "$1" = -n ]; then shift; spdx='WRONG'; fi
		path=$top/$1
		mkdir -p "$(dirname "$path")"
		case $1 in
		*.c) echo "// $spdx" ;;
		*.h) echo "/* $spdx */" ;;
		*) echo "# $spdx" ;;
		esac > "$path"
		shift
		for text; do printf '%s\n' "$text"; done >> "$path"
	}

	put common/include/linux/list.h '#include <linux/types.h>' '#include <string.h> /* WRONG */'
	put common/include/linux/types.h '#include <stddef.h>' '#include "../../kernel/sched.h" /* WRONG */'
	put common/include/wqlab/mach.h '#include <stdint.h>'
	put common/include/wqlab/engine.h '#include <linux/list.h>'
	put common/include/wqlab/deep.h '#include "wqlab/engine.h"'
	put common/kernel/sched.h '#include <wqlab/mach.h>'
	put common/kernel/sched.c '#include "sched.h"' '#include "../api/api.h" // WRONG' \
		'/* cmwq and legacy may be spoken of */' 'extern int cmwq_engine; /* WRONG */'
	put common/kernel/lib/x.c '#include "../sched.h"' '#include <stdio.h> // WRONG'
	put common/api/api.h '#include <linux/list.h>'
	put common/api/engines.c '#include "../kernel/sched.h"' 'extern int legacy_engine, cmwq_engine;'
	put common/api/api.c '#include "../../cmwq/pool.h" // WRONG WRONG'
	put common/machine/sim.c '#include <linux/futex.h>' '#include <stdio.h>' \
		'#include "wqlab/mach.h"' '#include "linux/list.h" /* WRONG */' \
		'#include "wqlab/engine.h" /* WRONG */' '#include "wqlab/deep.h" /* WRONG */' \
		'#include "../kernel/sched.h" /* WRONG */'
	put legacy/queue.h '#include <linux/list.h>'
	put legacy/queue.c '#include "queue.h"' '#include "wqlab/engine.h"' \
		'#include "../cmwq/pool.h" // WRONG' '# include "../common/api/api.h"' \
		'#include "nowhere.h" // WRONG' '#include "../labs/wqlab/view.h" // WRONG'
	put cmwq/pool.h '#include <stdint.h>'
	put -n cmwq/pool.c '#include "../legacy/queue.h" /* WRONG */'
	put labs/wqlab/view.h
	put labs/wqlab/view.c '#include <stdio.h>' '#include "view.h"' '#include "wqlab/mach.h"'
	put labs/wqlab/player.c '#include <linux/list.h>' '#include <stdlib.h> // WRONG'
	put -n tests/a.sh
	put tests/queue/a.c '#include "wqtest.h"' '#include "legacy/queue.h"'
	put tests/harness/wqtest.h '#include "wqlab/mach.h"'

	(cd "$top" && grep -rn WRONG .) | sed 's,^\./,,' | awk -F: '
		{ for (n = gsub(/WRONG/, "&"); n > 0; n--) print $1 ":" $2 }' | sort > "$top/.want"
	check "$top" > "$top/.said" && status=0 || status=$?
	cut -d: -f1,2 "$top/.said" | sort > "$top/.got"
	if ! diff -u "$top/.want" "$top/.got" || [ "$status" -eq 0 ]; then
		echo "layering.sh: the check does not see what it must see (< expected, > said)"
		cat "$top/.said"
		return 1
	fi
	echo "layering.sh: all $(wc -l < "$top/.want") planted mistakes were seen, and nothing else"
}

if [ "${1-}" = --self-check ]; then
	self_check
elif check "${1:-.}"; then
	echo "layering: every include goes downwards"
else
	exit 1
fi
