/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which target a libFuzzer program has: it holds one only.
 */
#ifndef LIBFUZZER_H
#define LIBFUZZER_H

#include "fuzz.h"

extern const struct target *const fuzz_target;

#endif
