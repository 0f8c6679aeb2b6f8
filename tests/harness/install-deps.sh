#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Install what `make test` needs beyond a compiler and make: Criterion.
#
#	install-deps.sh [-q] COMPILER		-q: no word if it is there
set -u

quiet=
if [ "${1-}" = -q ]; then
	quiet=yes
	shift
fi

package=libcriterion-dev
cc=${1:-gcc}

present() {
	printf '#include <criterion/criterion.h>\n' | "$cc" -E - >/dev/null 2>&1
}

give_up() {
	echo "wqlab: $1; please install the Debian package $package yourself." >&2
	exit 1
}

if ! command -v "$cc" >/dev/null; then
	echo "wqlab: the compiler '$cc' is not installed (on Debian: apt-get install $cc)." >&2
	exit 1
fi
if present; then
	[ -n "$quiet" ] || echo "Criterion is installed: nothing to do."
	exit 0
fi

command -v apt-get >/dev/null || give_up "Criterion is missing and there is no apt-get here"
as_root=
if [ "$(id -u)" -ne 0 ]; then
	command -v sudo >/dev/null || give_up "Criterion is missing, and installing it needs root or sudo"
	as_root="sudo"
	[ -t 0 ] || as_root="sudo -n"
fi

apt() {
	echo "+ ${as_root:+$as_root }apt-get $*"
	$as_root env DEBIAN_FRONTEND=noninteractive apt-get "$@" </dev/null
}

echo "Criterion is missing: installing the Debian package $package."
# Without package lists, or with stale ones, the first try fails.
if ! apt install -y --no-install-recommends "$package"; then
	apt update || give_up "apt-get cannot fetch the package lists"
	apt install -y --no-install-recommends "$package" ||
		give_up "apt-get could not install Criterion"
fi
present || give_up "apt-get installed Criterion but $cc does not find criterion/criterion.h"
echo "Criterion is installed."
