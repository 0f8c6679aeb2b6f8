/* SPDX-License-Identifier: GPL-2.0-only */
/**
 * @file
 * Kinds of ASCII characters. Mirrors include/linux/ctype.h, without the upper
 * half of Latin-1.
 */
#ifndef _LINUX_CTYPE_H
#define _LINUX_CTYPE_H

/** A digit? */
static inline int isdigit(int c) { return c >= '0' && c <= '9'; }
/** A small letter? */
static inline int islower(int c) { return c >= 'a' && c <= 'z'; }
/** A capital letter? */
static inline int isupper(int c) { return c >= 'A' && c <= 'Z'; }
/** A letter? */
static inline int isalpha(int c) { return islower(c | 0x20); }
/** A letter or digit? */
static inline int isalnum(int c) { return isalpha(c) || isdigit(c); }
/** A hexadecimal digit? */
static inline int isxdigit(int c) { return isdigit(c) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f'); }
/** A blank, tab, line or page feed? */
static inline int isspace(int c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
/** Something to see, or a blank? */
static inline int isprint(int c) { return c >= 0x20 && c < 0x7f; }
/** Something to see? */
static inline int isgraph(int c) { return c > 0x20 && c < 0x7f; }
/** Neither letter, digit nor blank? */
static inline int ispunct(int c) { return isgraph(c) && !isalnum(c); }
/** A control character? */
static inline int iscntrl(int c) { return (c >= 0 && c < 0x20) || c == 0x7f; }
/** Within ASCII? */
static inline int isascii(int c) { return c >= 0 && c < 0x80; }
/** As a small letter. */
static inline int tolower(int c) { return isupper(c) ? c | 0x20 : c; }
/** As a capital letter. */
static inline int toupper(int c) { return islower(c) ? c & ~0x20 : c; }

#endif /* _LINUX_CTYPE_H */
