#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The lines of source that the pages' gdb sessions name are where they say:
#
#	... fn (...) at legacy/queue.c:64	line 64 is in fn(), and
#	64		the text			has that text, if it is shown
#	#0  callee (...) at ...
#	#1  ... in fn (...) at ...		its line calls callee()
set -e

awk '
function fail(text) { print FILENAME ":" FNR ": " text; bad = 1 }

function load(file,    n, line, head) {
	if (file in lines)
		return
	while ((getline line < file) > 0) {
		text[file, ++n] = line
		# A definition begins in the first column and is no statement.
		if (line ~ /^[a-z].*\(/ && line !~ /;$/) {
			head = line
			sub(/\(.*/, "", head)
			sub(/.*[ *]/, "", head)
		}
		owner[file, n] = head
	}
	close(file)
	lines[file] = n + 0
}

/[a-z_]+ \(.*\) at [a-z][a-z_\/0-9]*\.c:[0-9]+$/ {
	at = $NF
	split(at, part, ":")
	file = part[1]
	line = part[2]
	fn = $0
	sub(/ \(.*/, "", fn)
	sub(/^.*[ #0-9]/, "", fn)
	load(file)
	found++
	if (!lines[file])
		fail("there is no " file)
	else if (owner[file, line] != fn)
		fail(at " is in " owner[file, line] "(), not in " fn "()")
	frame = $0 ~ /^ *#[0-9]+ / ? $1 : ""
	sub(/^#/, "", frame)
	# What an exchange through a table of calls hides is not to be asked.
	if (frame != "" && frame > 0 && above_frame == frame - 1 &&
	    index(text[file, line], above "(") == 0 && text[file, line] !~ /->[a-z_]+\(/)
		fail(at " does not call " above "(): " text[file, line])
	above = fn
	above_frame = frame == "" ? -2 : frame
	next
}

# gdb shows a line as number, tab, text.
/^ *[0-9]+\t/ && file {
	shown = $0
	sub(/^ *[0-9]+\t/, "", shown)
	if ($1 != line || shown != text[file, line])
		fail(file ":" $1 " is not \"" shown "\" but \"" text[file, $1] "\"")
}

END {
	if (!found) {
		print "gdb-lines.sh: no page shows a line"
		bad = 1
	}
	exit bad
}' README.md docs/*.md
