/* SPDX-License-Identifier: GPL-2.0-only */
/**
 * @file
 * Names of functions and variables of this program, static ones too, from the
 * symbol table of its file. Read when first asked for, given back at exit.
 * May be called from any thread. Plain C: both worlds include it.
 * After kernel/kallsyms.c.
 */
#ifndef WQLAB_KALLSYMS_H
#define WQLAB_KALLSYMS_H

#include <stddef.h>

/**
 * The symbol that an address lies in.
 * What compilers append to the names of clones (".isra.0") is cut off.
 * @param addr any address
 * @param offset if not NULL, gets the distance from the symbol's start
 * @return its name, valid until exit; NULL if there is none, or the program is stripped
 */
const char *kallsyms_lookup(const void *addr, size_t *offset);

#endif
