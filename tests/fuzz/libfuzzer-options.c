// SPDX-License-Identifier: GPL-2.0-only
/*
 * The libFuzzer program for target_options.  Read next: libfuzzer.c.
 */
#include "libfuzzer.h"

const struct target *const fuzz_target = &target_options;
