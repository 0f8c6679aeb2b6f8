/* SPDX-License-Identifier: GPL-2.0-only */
/**
 * @file
 * Texts and memory. What means the same in libc is libc's own function; the
 * rest has the prefix wqlab_ behind a macro, so that a libc that has a
 * function of that name too does not get in the way.
 *
 * Mirrors include/linux/string.h of 3.18. Nothing here sleeps, save kstrdup()
 * and its kin.
 */
#ifndef _LINUX_STRING_H
#define _LINUX_STRING_H

#include <linux/types.h>

void *memcpy(void *dst, const void *src, size_t n);		/**< Copy. */
void *memmove(void *dst, const void *src, size_t n);		/**< Copy what may overlap. */
void *memset(void *dst, int c, size_t n);			/**< Fill. */
int memcmp(const void *a, const void *b, size_t n) __pure;	/**< Compare. */
void *memchr(const void *s, int c, size_t n) __pure;		/**< First @p c, or NULL. */
size_t strlen(const char *s) __pure;				/**< Length. */
size_t strnlen(const char *s, size_t max) __pure;		/**< Length, at most @p max. */
char *strcpy(char *dst, const char *src);			/**< Copy a text. */
char *strncpy(char *dst, const char *src, size_t n);		/**< Copy, fill up with NULs. */
char *strcat(char *dst, const char *src);			/**< Append. */
char *strncat(char *dst, const char *src, size_t n);		/**< Append at most @p n. */
int strcmp(const char *a, const char *b) __pure;		/**< Compare. */
int strncmp(const char *a, const char *b, size_t n) __pure;	/**< Compare @p n at most. */
int strcasecmp(const char *a, const char *b) __pure;		/**< Compare, case ignored. */
int strncasecmp(const char *a, const char *b, size_t n) __pure;	/**< Compare @p n, case ignored. */
char *strchr(const char *s, int c) __pure;			/**< First @p c, or NULL. */
char *strrchr(const char *s, int c) __pure;			/**< Last @p c, or NULL. */
char *strstr(const char *s, const char *sub) __pure;		/**< First @p sub, or NULL. */
char *strpbrk(const char *s, const char *set) __pure;		/**< First of a set, or NULL. */
size_t strspn(const char *s, const char *set) __pure;		/**< Length made of the set. */
size_t strcspn(const char *s, const char *set) __pure;		/**< Length free of the set. */
char *strsep(char **s, const char *set);			/**< Split off a word. */

#define strlcpy		wqlab_strlcpy		/**< @ref wqlab_strlcpy */
#define strlcat		wqlab_strlcat		/**< @ref wqlab_strlcat */
#define strscpy		wqlab_strscpy		/**< @ref wqlab_strscpy */
#define strnchr		wqlab_strnchr		/**< @ref wqlab_strnchr */
#define strnstr		wqlab_strnstr		/**< @ref wqlab_strnstr */
#define strim		wqlab_strim		/**< @ref wqlab_strim */
#define strstrip	wqlab_strim		/**< old name of strim() */
#define skip_spaces	wqlab_skip_spaces	/**< @ref wqlab_skip_spaces */
#define memchr_inv	wqlab_memchr_inv	/**< @ref wqlab_memchr_inv */
#define memscan		wqlab_memscan		/**< @ref wqlab_memscan */
#define sysfs_streq	wqlab_sysfs_streq	/**< @ref wqlab_sysfs_streq */
#define strtobool	wqlab_strtobool		/**< @ref wqlab_strtobool */
#define kbasename	wqlab_kbasename		/**< @ref wqlab_kbasename */

/** Copy what fits into @p size bytes, always ended; the length of @p src. */
size_t wqlab_strlcpy(char *dst, const char *src, size_t size);
/** Append what fits into @p size bytes in all; the length aimed at. */
size_t wqlab_strlcat(char *dst, const char *src, size_t size);
/** Copy what fits; the length, or -E2BIG if not all did (4.3). */
ssize_t wqlab_strscpy(char *dst, const char *src, size_t size);
/** First @p c within @p n bytes, or NULL. */
char *wqlab_strnchr(const char *s, size_t n, int c);
/** First @p sub within @p n bytes, or NULL. */
char *wqlab_strnstr(const char *s, const char *sub, size_t n);
/** Cut the blanks off the end; where the first other character is. */
char *wqlab_strim(char *s);
/** The first character that is no blank. */
char *wqlab_skip_spaces(const char *s);
/** First byte that is not @p c, or NULL. */
void *wqlab_memchr_inv(const void *s, int c, size_t n);
/** First byte that is @p c, or the end. */
void *wqlab_memscan(void *s, int c, size_t n);
/** Whether two texts are the same but for a newline at the end. */
bool wqlab_sysfs_streq(const char *a, const char *b);
/** Read y, Y, 1 or n, N, 0; 0, or -EINVAL. */
int wqlab_strtobool(const char *s, bool *res);
/** What follows the last slash. */
const char *wqlab_kbasename(const char *path);

/** Copy of a text, to be given to kfree(), or NULL. May sleep if @p gfp lets it. */
char *kstrdup(const char *s, gfp_t gfp);
/** Copy of at most @p max bytes of a text, or NULL. May sleep if @p gfp lets it. */
char *kstrndup(const char *s, size_t max, gfp_t gfp);
/** Copy of memory, or NULL. May sleep if @p gfp lets it. */
void *kmemdup(const void *src, size_t len, gfp_t gfp);

#endif /* _LINUX_STRING_H */
