#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Make the pages: build.sh OUTPUT-FOLDER, from the top of the tree. A warning of
# Doxygen is an error.
set -eu

out=$1

missing=
command -v doxygen >/dev/null || missing="doxygen"
command -v dot >/dev/null || missing="$missing graphviz"
if [ "$missing" ]; then
	echo "wqlab: the pages need Doxygen and graphviz (on Debian: apt-get install ${missing# })." >&2
	exit 1
fi

# Doxygen passes over the functions of a header that does not say @file.
silent=$(find common/include -name '*.h' -exec grep -L '[@\\]file' {} + | sort)
if [ "$silent" ]; then
	echo "$silent" | sed 's/$/: no @file comment, so Doxygen would pass over it/' >&2
	exit 1
fi

mkdir -p "$out"
{
	cat docs/Doxyfile
	printf 'OUTPUT_DIRECTORY = "%s"\n' "$out"
} | doxygen -
echo "Built: $out/html/index.html"
