#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# `make install` and what docs/library.md says of it: the page's programs are those of
# docs/examples, and its commands build and run them, outside the tree, as shown.
# Nothing is built in the tree: what is installed is what this suite was built with.
set -e

page=docs/library.md
HOME=$TMPDIR/home
top=$HOME/wqlab
export HOME
unset WQLAB_SCENARIOS WQLAB_ENGINE PKG_CONFIG_PATH PKG_CONFIG_LIBDIR PKG_CONFIG_SYSROOT_DIR
mkdir "$HOME"

fail() {
	echo "install.sh: $*"
	exit 1
}

put() {
	make -s -o "$WQLAB" -o "$WQLAB_BUILD/libwqlab.a" O="$WQLAB_BUILD" "$@" > "$TMPDIR/out" 2>&1 ||
		fail "make $*: $(cat "$TMPDIR/out")"
}

# Where nothing was built it is built first; a path that cannot be meant is refused.
none=$TMPDIR/none
make -n V=1 O="$none" install DESTDIR="$none" > "$TMPDIR/out"
grep -q -- "-o $none/wqlab " "$TMPDIR/out" || fail "make install does not build the command"
for bad in PREFIX=here PREFIX= 'PREFIX=/a b' includedir=include; do
	if make -n O="$none" install DESTDIR="$none" "$bad" > "$TMPDIR/out" 2>&1; then
		fail "make install takes $bad"
	fi
	grep -q "begins with a slash" "$TMPDIR/out" || fail "$bad: $(cat "$TMPDIR/out")"
done
[ ! -e "$none" ] || fail "make -n built something"

# As the page says, below $HOME/wqlab, where other people's files are already.
mkdir -p "$top/include/linux" "$top/share/wqlab/scenarios"
echo mine | tee "$top/include/linux/errno.h" > "$top/share/wqlab/scenarios/mine.wq"
find "$HOME" ! -type d | sort > "$TMPDIR/before"
(umask 077 && put install DESTDIR="$HOME" PREFIX=/wqlab)
[ "$(cat "$top/include/linux/errno.h")" = mine ] || fail "include/linux/errno.h was overwritten"
[ -z "$(find "$top/lib" "$top/include/wqlab" ! -perm -444)" ] || fail "not everybody may read what was installed"
diff -r common/include "$top/include/wqlab" || fail "not the headers of the tree"
version=$(sed -n 's/^Version: //p' "$top/lib/pkgconfig/wqlab.pc")
[ "wqlab $version" = "$("$top/bin/wqlab" --version)" ] || fail "wqlab.pc says version '$version'"

# The command finds its scenarios and shows commands that can be repeated.
"$top/bin/wqlab" tour < /dev/null > "$TMPDIR/out" 2>&1 || fail "the tour: $(head -n 1 "$TMPDIR/out")"
grep -qF "\$ wqlab run $top/share/wqlab/scenarios/" "$TMPDIR/out" || fail "the tour does not say where its scenarios are"

# Without pkg-config its answers are worked out here: the file has the shell's syntax, nearly.
if ! command -v pkg-config > /dev/null; then
	mkdir "$TMPDIR/bin"
	cat > "$TMPDIR/bin/pkg-config" <<'END'
#!/bin/sh
pcfiledir=$PKG_CONFIG_PATH
eval "$(sed -n 's/^\([a-z_]*\)=\(.*\)/\1="\2"/p; s/^\([CL][a-z]*\): \(.*\)/\1="\2"/p' "$pcfiledir/wqlab.pc")"
for arg; do
	case $arg in
	--cflags) echo "$Cflags" ;;
	--libs) echo "$Libs" ;;
	--variable=*) eval "echo \"\$${arg#*=}\"" ;;
	esac
done
END
	chmod +x "$TMPDIR/bin/pkg-config"
	PATH=$TMPDIR/bin:$PATH
fi

# flags PKG-CONFIG'S-OPTION
flags() {
	PKG_CONFIG_PATH=$top/lib/pkgconfig pkg-config "$1" wqlab
}

# Each header stands alone and includes only what is installed, or is the compiler's own
# (clang's stdint.h asks for libc's, but does not read it here).
cd "$HOME"
own=$(dirname "$(cc -print-file-name=include/stddef.h)")
for header in $(cd "$top/include/wqlab" && find . -name '*.h' | sed 's,^\./,,'); do
	echo "#include <$header>" > one.c
	# shellcheck disable=SC2046
	cc -ffreestanding -Wall -Wextra -Werror $(flags --cflags) -fsyntax-only -MD -MF one.d one.c || fail "$header does not compile"
	tr -s ' \\' '\n\n' < one.d | grep '\.h$' | while read -r dep; do
		case $(readlink -f "$dep") in
		"$(readlink -f "$top")"/* | "$(readlink -f "$own")"/* | /usr/include/stdint.h) ;;
		*) fail "$header includes $dep" ;;
		esac
	done
	# One that needs no <linux/...> of ours is for the other world too.
	grep -q "/include/wqlab/linux/" one.d && continue
	printf '#include <errno.h>\n#include <stdio.h>\n#include <pthread.h>\n#include "%s"\n' "$header" > one.c
	# shellcheck disable=SC2046
	cc -Wall -Wextra -Werror $(flags --variable=libc_cflags) -fsyntax-only one.c || fail "$header next to libc's"
done
rm one.c one.d
cd "$OLDPWD"

# blocks KIND: the page's fenced blocks of that kind, each into a file block.N
blocks() {
	rm -f "$TMPDIR"/block.*
	awk -v kind="$1" -v to="$TMPDIR/block." '
		/^```/ && inside { inside = 0; next }
		/^```/ { inside = 1; out = $0 == "```" kind ? (to (++n)) : ""; next }
		inside && out { print > out }' "$page"
}

# The page shows each file of docs/examples, all but its licence line.
for file in docs/examples/*; do
	kind=c
	[ "${file##*/}" = Makefile ] && kind=make
	blocks $kind
	found=
	for block in "$TMPDIR"/block.*; do
		tail -n +2 "$file" | cmp -s - "$block" && found=1
	done
	[ "$found" ] || fail "$page does not show $file as it is"
done
lines=$(grep -cv '^//\|^#include\|^[{}]*$' docs/examples/hello.c)
[ "$lines" = 10 ] || fail "hello.c has $lines lines, and the page says ten"

# Its commands, in a copy of that folder; where output is shown, it is that.
cp -r docs/examples "$HOME/examples"
blocks ''
cat "$TMPDIR"/block.* | awk -v dir="$TMPDIR" '
	function check() { if (n && shown) print "diff " want " " out " || exit 1" }
	BEGIN { out = dir "/out"; print "cd \"$HOME/examples\"" }
	/^\$ make install/ { next }
	/^\$ / {
		check()
		want = dir "/want." ++n
		shown = 0
		print substr($0, 3) " > " out " 2>&1 || { cat " out "; exit 1; }"
		next
	}
	{ print > want; shown++; total++ }
	END { check(); exit n < 5 || total < 3 }' > "$TMPDIR/commands" || fail "too few commands in $page"
sh "$TMPDIR/commands" || fail "not what $page shows"

# The variables' values came back because objcopy renamed the sections.
(
	cd "$HOME/examples"
	# shellcheck disable=SC2046
	cc twice-main.o twice-kernel.c $(flags --cflags) $(flags --libs) -o plain
	./plain | grep -q 'run 2$'
) || fail "without objcopy the second boot does not go on counting, as $page says"

# A half installed one goes like a whole one; what is not ours stays.
rm -r "$HOME/examples" "$top/include/wqlab/asm" "$top/bin/wqlab"
put uninstall DESTDIR="$HOME" PREFIX=/wqlab
find "$HOME" ! -type d | sort | diff "$TMPDIR/before" - || fail "uninstall does not leave what was there before"
[ ! -e "$top/include/wqlab" ] || fail "uninstall leaves its empty folders"

# A distribution's library folder; blanks in DESTDIR.
set -- DESTDIR="$TMPDIR/a package" PREFIX=/usr libdir=/usr/lib/x86_64-linux-gnu
put install "$@"
pc="$TMPDIR/a package/usr/lib/x86_64-linux-gnu/pkgconfig/wqlab.pc"
grep -qxF "prefix=\${pcfiledir}/../../.." "$pc" || fail "$(grep prefix "$pc")"
put uninstall "$@"
[ -z "$(find "$TMPDIR/a package" ! -type d)" ] || fail "uninstall leaves $(find "$TMPDIR/a package" ! -type d)"
