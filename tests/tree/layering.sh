#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The layers hold, and the check that says so can fail.
set -e
sh tests/layering.sh --self-check
sh tests/layering.sh
