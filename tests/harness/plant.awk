# SPDX-License-Identifier: GPL-2.0-only
#
# Plant faults into copies of sources, so that one switch chooses at run time
# which of them is there.  Called with the fault files first, then the sources:
#
#	awk -f plant.awk -v out=DIR tests/faults/*.fault legacy/*.c ...
#
# writes DIR/src/<source> for each source and DIR/table.c, the list of faults.
# tests/faults/README.md tells what a fault file looks like.  A piece
#
#	--- legacy/queue.c
#	 	list_add_tail(&work->entry, head);
#	-	wake_up(&cwq->more_work);
#	+	cwq->thread->flags |= 0;
#	~	while ([-!list_empty(&l)-]{+true+}) {
#
# is looked for in that source, as a diff without line numbers: lines that begin
# with a blank are there to find the place, those with - go, those with + come, and
# in a line with ~ the marked expression does.  @@ begins another piece in the same
# source.  Statements become
#
#	{ if (planted(3)) { new } else { old } }
#
# and expressions (planted(3) ? (new) : (old)).  Several faults may stand at one
# place, or one within the lines of another; then they are chained.  A piece that
# is not there exactly as often as its fault says is an error: a fault cannot rot.
#
# With no switch thrown all of it is what it was: line numbers too.

function die(at, text)
{
	printf "%s: %s\n", at, text > "/dev/stderr"
	dead = 1
	exit 1
}

function trim(s)
{
	sub(/^[ \t]+/, "", s)
	sub(/[ \t]+$/, "", s)
	return s
}

function quoted(s)
{
	gsub(/\\/, "\\\\", s)
	gsub(/"/, "\\\"", s)
	return "\"" s "\""
}

# ---- reading faults ----

# The first line of a file: what was collected of the one before is complete.
function new_fault()
{
	nr_faults++
	name[nr_faults] = FILENAME
	sub(/.*\//, "", name[nr_faults])
	sub(/\.fault$/, "", name[nr_faults])
	path[nr_faults] = FILENAME
	piece = 0
}

function new_piece(line,    words, n)
{
	n = split(line, words, " ")
	nr_pieces++
	piece = nr_pieces
	of[piece] = nr_faults
	at[piece] = FILENAME ":" FNR
	source[piece] = words[2]
	times[piece] = 1
	if (n == 4 && words[3] ~ /^\([0-9]+$/ && words[4] == "times)")
		times[piece] = substr(words[3], 2) + 0
	else if (n != 2)
		die(at[piece], "\"" line "\" is not understood: expected \"--- FILE\" or \"--- FILE (N times)\"")
	length_of[piece] = 0
	if (!pieces[nr_faults]++)
		first_piece[nr_faults] = piece
}

# Cut a line with [-old-]{+new+} into what stands before, old, new, behind.
function cut(line, where,    a, b, c)
{
	a = index(line, "[-")
	b = index(line, "-]{+")
	c = index(line, "+}")
	if (!a || b < a || c < b)
		die(where, "a line with ~ marks no expression: expected [-old-]{+new+}")
	cut_before = substr(line, 1, a - 1)
	cut_old = substr(line, a + 2, b - a - 2)
	cut_new = substr(line, b + 4, c - b - 4)
	cut_behind = substr(line, c + 2)
}

function read_fault(line,    i, key, value)
{
	if (line ~ /^--- /) {
		new_piece(line)
		return
	}
	if (piece && line == "@@") {
		new_piece("--- " source[piece])
		return
	}
	if (piece && line ~ /^[-+~ ]/) {
		i = ++length_of[piece]
		mark[piece, i] = substr(line, 1, 1)
		text[piece, i] = substr(line, 2)
		if (mark[piece, i] == "~")
			cut(text[piece, i], FILENAME ":" FNR)
		return
	}
	if (line ~ /^#/ || line ~ /^[ \t]*$/)
		return
	if (!piece && line ~ /^\t/ && last_key) {
		field[nr_faults, last_key] = field[nr_faults, last_key] " " trim(line)
		return
	}
	i = index(line, ":")
	key = substr(line, 1, i - 1)
	value = trim(substr(line, i + 1))
	if (piece || !i || !(key in keys) || value == "")
		die(FILENAME ":" FNR, "\"" line "\" is not understood: expected what:, kill:, by:, why: or a piece of a diff")
	field[nr_faults, key] = value
	last_key = key
}

# ---- finding the places ----

# The source's line that the i-th of a piece stands for; "" and mark + if none.
function wanted(p, i)
{
	if (mark[p, i] == "~") {
		cut(text[p, i], at[p])
		return cut_before cut_old cut_behind
	}
	return text[p, i]
}

# Empty lines of the source are of no interest, but in front of a piece.
function skip_empty(from, l)
{
	while (l > from && l <= nr_lines && lines[l] == "")
		l++
	return l
}

function matches(p, from,    i, l)
{
	l = from
	for (i = 1; i <= length_of[p]; i++) {
		if (mark[p, i] == "+")
			continue
		l = skip_empty(from, l)
		if (l > nr_lines || wanted(p, i) != lines[l])
			return 0
		l++
	}
	return 1
}

function depth(s,    opened, closed)
{
	opened = gsub(/{/, "{", s)
	closed = gsub(/}/, "}", s)
	return opened - closed
}

# A change of statements: lines from..to of the source go for the text.
function statement(f, from, to, new, p,    l, old)
{
	for (l = from; l <= to; l++)
		old = old lines[l] "\n"
	if (depth(old) || depth(new))
		die(at[p], "this piece does not exchange whole statements: a brace stands alone")
	nr_st++
	st_fault[nr_st] = f
	st_from[nr_st] = from
	st_to[nr_st] = to
	st_new[nr_st] = new
	st_at[nr_st] = at[p]
	st_done[nr_st] = 0
}

function expression(f, line, col, old, new, p)
{
	nr_ex++
	ex_fault[nr_ex] = f
	ex_line[nr_ex] = line
	ex_col[nr_ex] = col
	ex_old[nr_ex] = old
	ex_new[nr_ex] = new
	ex_at[nr_ex] = at[p]
}

# Note what a piece changes that was found at a line.
function take(p, from,    i, l, m, first, last, new, f)
{
	f = of[p]
	l = from
	first = 0
	for (i = 1; i <= length_of[p] + 1; i++) {
		m = i <= length_of[p] ? mark[p, i] : " "
		if (first && m != "-" && m != "+") {
			statement(f, first, last, new, p)
			first = 0
		}
		if (m != "+" && i <= length_of[p])
			l = skip_empty(from, l)
		if (m != " " && !line_of[f])
			line_of[f] = l
		if (!first && (m == "-" || m == "+")) {
			first = l
			last = l - 1
			new = ""
		}
		if (m == "+") {
			new = new text[p, i] "\n"
			continue
		}
		if (m == "-")
			last = l
		if (m == "~") {
			cut(text[p, i], at[p])
			expression(f, l, length(cut_before) + 1, cut_old, cut_new, p)
		}
		l++
	}
	if (!where[f])
		where[f] = source[p] ":" line_of[f]
}

function find_all(    p, l, found)
{
	nr_st = nr_ex = 0
	for (p = 1; p <= nr_pieces; p++) {
		if (source[p] != src)
			continue
		found = 0
		for (l = 1; l <= nr_lines; l++)
			if (matches(p, l)) {
				found++
				take(p, l)
			}
		if (found != times[p])
			die(at[p], "this piece is in " src " " found " times: expected " times[p])
		placed[p] = 1
	}
}

# ---- writing a planted copy ----

# A line with its changes of expressions, from the right to the left.
function planted_line(l,    s, i, best, chain, col, old)
{
	s = lines[l]
	for (;;) {
		best = 0
		for (i = 1; i <= nr_ex; i++)
			if (ex_line[i] == l && !ex_used[i] && (!best || ex_col[i] > ex_col[best]))
				best = i
		if (!best)
			break
		col = ex_col[best]
		old = ex_old[best]
		if (col + length(old) - 1 > limit[l])
			die(ex_at[best], "another fault marks a part of the same expression in " src ":" l)
		limit[l] = col - 1
		chain = "(" old ")"
		for (i = nr_ex; i >= 1; i--)
			if (ex_line[i] == l && ex_col[i] == col && !ex_used[i]) {
				if (ex_old[i] != old)
					die(ex_at[i], "another fault marks a part of the same expression in " src ":" l)
				chain = "(planted(" ex_fault[i] ") ? (" ex_new[i] ") : " chain ")"
				ex_used[i] = 1
			}
		s = substr(s, 1, col - 1) chain substr(s, col + length(old))
	}
	return s
}

# The widest change of statements at a line that has not been written yet.
function widest(l, to,    i, best)
{
	best = 0
	for (i = 1; i <= nr_st; i++) {
		if (st_done[i] || st_from[i] != l)
			continue
		if (st_to[i] > to)
			die(st_at[i], "another fault changes a part of the same lines in " src ":" l)
		if (!best || st_to[i] > st_to[best])
			best = i
	}
	return best
}

# The first line of which a number is told is the next one.
function line_is(l)
{
	printf "#line %d \"%s\"\n", l, src > copy
}

function write_lines(from, to,    l, c)
{
	l = from
	while (l <= to) {
		c = widest(l, to)
		if (c) {
			st_done[c] = 1
			printf "{ if (planted(%d)) {\n", st_fault[c] > copy
			line_is(l)
			printf "%s", st_new[c] > copy
			print "} else {" > copy
			line_is(l)
			write_lines(l, st_to[c])
			print "} }" > copy
			l = st_to[c] + 1
			line_is(l)
		} else {
			print planted_line(l) > copy
			l++
		}
	}
}

function write_copy(    i, l)
{
	copy = out "/src/" src
	for (l = 1; l <= nr_lines; l++)
		limit[l] = length(lines[l])
	for (i = 1; i <= nr_ex; i++)
		ex_used[i] = 0
	if (nr_st + nr_ex) {
		print "extern int wqlab_planted;" > copy
		print "#define planted(n) __builtin_expect(wqlab_planted == (n), 0)" > copy
	}
	line_is(1)
	write_lines(1, nr_lines)
	close(copy)
}

function end_source()
{
	if (src == "")
		return
	find_all()
	write_copy()
	nr_lines = 0
}

# ---- the whole ----

BEGIN {
	keys["what"]; keys["kill"]; keys["by"]; keys["why"]
	src = ""
}

FILENAME ~ /\.fault$/ {
	if (FNR == 1)
		new_fault()
	read_fault($0)
	next
}

{
	if (FNR == 1) {
		end_source()
		src = FILENAME
	}
	lines[++nr_lines] = $0
}

END {
	if (dead)
		exit 1
	end_source()
	table = out "/table.c"
	print "#include \"faulty.h\"\n\nconst struct fault faults[] = {" > table
	for (f = 1; f <= nr_faults; f++) {
		if (!pieces[f])
			die(path[f], "there is no piece of a diff in it")
		for (k in keys)
			if (!((f, k) in field) && k != "why")
				die(path[f], "\"" k ":\" is missing")
		printf "\t{ %s, %s, %s,\n\t  %s,\n\t  %s, %s },\n", quoted(name[f]), quoted(where[f]), quoted(field[f, "what"]),
			quoted(field[f, "kill"]), quoted(field[f, "by"]), quoted(field[f, "why"]) > table
	}
	print "};\n\nconst unsigned int nr_faults = sizeof(faults) / sizeof(faults[0]);" > table
	for (p = 1; p <= nr_pieces; p++)
		if (!placed[p])
			die(at[p], source[p] " is no source of the engines or the kernel services")
}
