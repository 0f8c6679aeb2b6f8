// SPDX-License-Identifier: GPL-2.0-only
/*
 * Texts: what libc does not have, or has with another meaning, and the
 * conversions of texts to numbers. After lib/string.c and lib/kstrtox.c.
 *
 * No state, no locks; kstrdup() and its kin allocate.
 */
#include <linux/ctype.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>

size_t wqlab_strlcpy(char *dst, const char *src, size_t size)
{
	size_t len = strlen(src), n;

	if (size) {
		n = min(len, size - 1);
		memcpy(dst, src, n);
		dst[n] = '\0';
	}
	return len;
}

size_t wqlab_strlcat(char *dst, const char *src, size_t size)
{
	size_t len = strnlen(dst, size);

	return len + wqlab_strlcpy(dst + len, src, size - len);
}

ssize_t wqlab_strscpy(char *dst, const char *src, size_t size)
{
	size_t len = strnlen(src, size);

	if (!size)
		return -E2BIG;
	wqlab_strlcpy(dst, src, size);
	return len < size ? (ssize_t)len : -E2BIG;
}

char *wqlab_strnchr(const char *s, size_t n, int c)
{
	return memchr(s, c, strnlen(s, n) + (c == '\0' && strnlen(s, n) < n));
}

char *wqlab_strnstr(const char *s, const char *sub, size_t n)
{
	size_t len = strlen(sub), i;

	n = strnlen(s, n);
	for (i = 0; i + len <= n; i++)
		if (!memcmp(s + i, sub, len))
			return (char *)s + i;
	return NULL;
}

char *wqlab_skip_spaces(const char *s)
{
	while (isspace(*s))
		s++;
	return (char *)s;
}

char *wqlab_strim(char *s)
{
	size_t len = strlen(s);

	while (len && isspace(s[len - 1]))
		len--;
	s[len] = '\0';
	return wqlab_skip_spaces(s);
}

void *wqlab_memchr_inv(const void *s, int c, size_t n)
{
	const u8 *p;

	for (p = s; n--; p++)
		if (*p != (u8)c)
			return (void *)p;
	return NULL;
}

void *wqlab_memscan(void *s, int c, size_t n)
{
	return memchr(s, c, n) ?: (char *)s + n;
}

bool wqlab_sysfs_streq(const char *a, const char *b)
{
	size_t la = strlen(a), lb = strlen(b);

	if (la && a[la - 1] == '\n')
		la--;
	if (lb && b[lb - 1] == '\n')
		lb--;
	return la == lb && !memcmp(a, b, la);
}

int wqlab_strtobool(const char *s, bool *res)
{
	switch (*s) {
	case 'y':
	case 'Y':
	case '1':
		*res = true;
		return 0;
	case 'n':
	case 'N':
	case '0':
		*res = false;
		return 0;
	default:
		return -EINVAL;
	}
}

const char *wqlab_kbasename(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static void *dup(const void *src, size_t len, size_t room, gfp_t gfp, unsigned long caller)
{
	char *p = __kmalloc_track_caller(room, gfp, caller);

	if (p) {
		memcpy(p, src, len);
		memset(p + len, 0, room - len);
	}
	return p;
}

char *kstrdup(const char *s, gfp_t gfp)
{
	return s ? dup(s, strlen(s), strlen(s) + 1, gfp, _RET_IP_) : NULL;
}

char *kstrndup(const char *s, size_t max, gfp_t gfp)
{
	return s ? dup(s, strnlen(s, max), strnlen(s, max) + 1, gfp, _RET_IP_) : NULL;
}

void *kmemdup(const void *src, size_t len, gfp_t gfp)
{
	return dup(src, len, len, gfp, _RET_IP_);
}

/* The base that @s asks for, if @base leaves it to the text; skips its prefix. */
static const char *find_base(const char *s, unsigned int *base)
{
	bool hex = s[0] == '0' && (s[1] | 0x20) == 'x' && isxdigit(s[2]);

	if (!*base)
		*base = hex ? 16 : s[0] == '0' ? 8 : 10;
	return hex && *base == 16 ? s + 2 : s;
}

static unsigned int digit(char c)
{
	return isdigit(c) ? (unsigned int)(c - '0') : isalpha(c) ? (unsigned int)(c | 0x20) - 'a' + 10 : ~0U;
}

/* Digits to a number; @over becomes true if it does not fit. @return behind them. */
static const char *read_digits(const char *s, unsigned int base, u64 *res, bool *over)
{
	u64 n = 0;

	*over = false;
	for (; digit(*s) < base; s++) {
		if (__builtin_mul_overflow(n, (u64)base, &n) ||
		    __builtin_add_overflow(n, (u64)digit(*s), &n))
			*over = true;
	}
	*res = n;
	return s;
}

unsigned long long simple_strtoull(const char *cp, char **endp, unsigned int base)
{
	bool over;
	u64 n;

	cp = find_base(cp, &base);
	cp = read_digits(cp, base, &n, &over);
	if (endp)
		*endp = (char *)cp;
	return n;
}

unsigned long simple_strtoul(const char *cp, char **endp, unsigned int base)
{
	return simple_strtoull(cp, endp, base);
}

long long simple_strtoll(const char *cp, char **endp, unsigned int base)
{
	return *cp == '-' ? -simple_strtoull(cp + 1, endp, base) : simple_strtoull(cp, endp, base);
}

long simple_strtol(const char *cp, char **endp, unsigned int base)
{
	return simple_strtoll(cp, endp, base);
}

int kstrtoull(const char *s, unsigned int base, unsigned long long *res)
{
	const char *first, *end;
	bool over;
	u64 n;

	first = find_base(*s == '+' ? s + 1 : s, &base);
	end = read_digits(first, base, &n, &over);
	if (end == first)
		return -EINVAL;
	if (*end == '\n')
		end++;
	if (*end)
		return -EINVAL;
	if (over)
		return -ERANGE;
	*res = n;
	return 0;
}

int kstrtoll(const char *s, unsigned int base, long long *res)
{
	bool negative = *s == '-';
	unsigned long long n;
	int err;

	/* "-+1" is no number. */
	if (negative && s[1] == '+')
		return -EINVAL;
	err = kstrtoull(negative ? s + 1 : s, base, &n);
	if (err)
		return err;
	if (n > (unsigned long long)LLONG_MAX + negative)
		return -ERANGE;
	*res = negative ? -n : n;
	return 0;
}

int kstrtoul(const char *s, unsigned int base, unsigned long *res)
{
	unsigned long long n;
	int err = kstrtoull(s, base, &n);

	if (!err)
		*res = n;
	return err;
}

int kstrtol(const char *s, unsigned int base, long *res)
{
	long long n;
	int err = kstrtoll(s, base, &n);

	if (!err)
		*res = n;
	return err;
}

int kstrtouint(const char *s, unsigned int base, unsigned int *res)
{
	unsigned long long n;
	int err = kstrtoull(s, base, &n);

	if (!err && n > UINT_MAX)
		err = -ERANGE;
	if (!err)
		*res = n;
	return err;
}

int kstrtoint(const char *s, unsigned int base, int *res)
{
	long long n;
	int err = kstrtoll(s, base, &n);

	if (!err && (n > INT_MAX || n < INT_MIN))
		err = -ERANGE;
	if (!err)
		*res = n;
	return err;
}
