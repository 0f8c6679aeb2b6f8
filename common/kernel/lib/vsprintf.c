// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel's formatted print, with its extensions of %p:
 *
 *      %p              an object by its name, symbol or arena offset; a raw
 *                      address differs from run to run and is never printed
 *      %pf %ps         the function or variable an address lies in
 *      %pF %pS %pB     the same with the offset: name+0x10
 *      %pV             a struct va_format: a format with its own values
 *      %*pb %*pbl      a bitmap of * bits, in hexadecimal or as ranges (4.0)
 *
 * Text goes through a struct sink, which counts what did not fit, so every
 * caller can be told the whole length.
 *
 * Nothing here locks or sleeps. After lib/vsprintf.c. Read next: ../printk.c.
 */
#include <linux/bitmap.h>
#include <linux/ctype.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <wqlab/kallsyms.h>
#include <wqlab/objname.h>

struct sink {
	char *buf;
	size_t size, len;		/* len counts what did not fit, too */
};

/* One conversion, taken apart. */
struct conv {
	bool left, plus, blank, alt, zero;
	int width, prec;		/* prec < 0: none was given */
	int longs;			/* -2 hh, -1 h, 0, 1 l z t, 2 ll */
	char kind;
};

static void put(struct sink *out, char c)
{
	if (out->len + 1 < out->size)
		out->buf[out->len] = c;
	out->len++;
}

static void put_n(struct sink *out, char c, int n)
{
	while (n-- > 0)
		put(out, c);
}

static void put_text(struct sink *out, const struct conv *cv, const char *s)
{
	size_t max = cv->prec < 0 ? (size_t)-1 : (size_t)cv->prec;
	int len, i;

	if (!s)
		s = "(null)";
	len = strnlen(s, max);
	if (!cv->left)
		put_n(out, ' ', cv->width - len);
	for (i = 0; i < len; i++)
		put(out, s[i]);
	if (cv->left)
		put_n(out, ' ', cv->width - len);
}

/* Sign, 0x, zeroes and digits, and blanks on one side of it all. */
static void put_number(struct sink *out, const struct conv *cv, u64 value, bool negative)
{
	const char *digits = cv->kind == 'X' ? "0123456789ABCDEF" : "0123456789abcdef";
	unsigned int base = cv->kind == 'o' ? 8 : (cv->kind | 0x20) == 'x' ? 16 : 10;
	const char *prefix = "";
	char rev[24];
	int n = 0, zeroes, len;

	if (cv->alt && base == 16)
		prefix = cv->kind == 'X' ? "0X" : "0x";
	else if (cv->alt && base == 8 && value)
		prefix = "0";
	if (base == 10 && cv->kind != 'u')
		prefix = negative ? "-" : cv->plus ? "+" : cv->blank ? " " : "";

	while (value || (!n && cv->prec)) {
		rev[n++] = digits[value % base];
		value /= base;
	}
	len = strlen(prefix) + n;
	zeroes = cv->prec - n;
	if (cv->zero && !cv->left && cv->prec < 0)
		zeroes = cv->width - len;
	zeroes = max(zeroes, 0);
	len += zeroes;

	if (!cv->left)
		put_n(out, ' ', cv->width - len);
	while (*prefix)
		put(out, *prefix++);
	put_n(out, '0', zeroes);
	while (n)
		put(out, rev[--n]);
	if (cv->left)
		put_n(out, ' ', cv->width - len);
}

static void put_symbol(struct sink *out, const struct conv *cv, const void *p, bool with_offset)
{
	const char *name = wqlab_object_name(p);
	size_t offset = 0;
	char buf[128];

	if (!name)
		name = kallsyms_lookup(p, &offset);
	if (!name)
		name = mach_name_of_address(p, buf, sizeof(buf));
	if (name && with_offset && offset) {
		char full[160];

		wqlab_snprintf(full, sizeof(full), "%s+0x%zx", name, offset);
		put_text(out, cv, full);
	} else {
		put_text(out, cv, name ?: "0x?");
	}
}

static void put_pointer(struct sink *out, const struct conv *cv, const void *p)
{
	const char *name = p ? wqlab_object_name(p) : "(null)";
	char buf[128];

	if (!name && ((unsigned long)p < 0x10000 || (unsigned long)p >> 47)) {
		/* No address of a program: an error, a poison, a number. */
		wqlab_snprintf(buf, sizeof(buf), "0x%lx", (unsigned long)p);
		name = buf;
	}
	if (!name)
		name = mach_name_of_address(p, buf, sizeof(buf));
	put_text(out, cv, name ?: "0x?");
}

static void put_bitmap(struct sink *out, struct conv *cv, const unsigned long *map, bool list)
{
	char buf[256];

	if (list)
		bitmap_scnlistprintf(buf, sizeof(buf), map, cv->width);
	else
		bitmap_scnprintf(buf, sizeof(buf), map, cv->width);
	cv->width = 0;
	put_text(out, cv, buf);
}

static void put_format(struct sink *out, const struct va_format *vf)
{
	size_t room = out->len < out->size ? out->size - out->len : 0;
	va_list copy;

	va_copy(copy, *vf->va);
	out->len += wqlab_vsnprintf(room ? out->buf + out->len : NULL, room, vf->fmt, copy);
	va_end(copy);
}

/* What follows %p: @fmt stands behind the p. @return where to go on. */
static const char *put_extended(struct sink *out, struct conv *cv, const char *fmt, const void *p)
{
	switch (*fmt) {
	case 'f':
	case 's':
		put_symbol(out, cv, p, false);
		return fmt + 1;
	case 'F':
	case 'S':
	case 'B':
		put_symbol(out, cv, p, true);
		return fmt + 1;
	case 'V':
		put_format(out, p);
		return fmt + 1;
	case 'b':
		put_bitmap(out, cv, p, fmt[1] == 'l');
		return fmt + (fmt[1] == 'l' ? 2 : 1);
	case 'K':
	case 'x':
		put_pointer(out, cv, p);
		return fmt + 1;
	default:
		put_pointer(out, cv, p);
		return fmt;
	}
}

static const char *read_flags(struct conv *cv, const char *fmt)
{
	for (;; fmt++) {
		switch (*fmt) {
		case '-':
			cv->left = true;
			break;
		case '+':
			cv->plus = true;
			break;
		case ' ':
			cv->blank = true;
			break;
		case '#':
			cv->alt = true;
			break;
		case '0':
			cv->zero = true;
			break;
		default:
			return fmt;
		}
	}
}

static const char *read_length(struct conv *cv, const char *fmt)
{
	for (;; fmt++) {
		switch (*fmt) {
		case 'h':
			cv->longs--;
			break;
		case 'l':
			cv->longs++;
			break;
		case 'L':
			cv->longs = 2;
			break;
		case 'z':
		case 'Z':
		case 't':
			cv->longs = 1;
			break;
		default:
			return fmt;
		}
	}
}

static int read_int(const char **fmt)
{
	int n = 0;

	while (isdigit(**fmt))
		n = n * 10 + *(*fmt)++ - '0';
	return n;
}

/* A number of any length; its sign goes to @negative. */
static u64 take_number(const struct conv *cv, va_list *args, bool *negative)
{
	bool is_signed = cv->kind == 'd' || cv->kind == 'i';
	s64 n;

	if (cv->longs >= 2)
		n = va_arg(*args, long long);
	else if (cv->longs == 1)
		n = va_arg(*args, long);
	else if (is_signed)
		n = va_arg(*args, int);
	else
		n = va_arg(*args, unsigned int);
	if (cv->longs == -1)
		n = is_signed ? (s16)n : (u16)n;
	else if (cv->longs <= -2)
		n = is_signed ? (s8)n : (u8)n;
	*negative = is_signed && n < 0;
	return *negative ? -(u64)n : (u64)n;
}

/* Flags, width, precision and length, up to the conversion's letter. @return behind it. */
static const char *read_conv(struct conv *cv, const char *fmt, va_list *args)
{
	*cv = (struct conv){ .prec = -1 };
	fmt = read_flags(cv, fmt);
	if (*fmt == '*') {
		fmt++;
		cv->width = va_arg(*args, int);
		if (cv->width < 0) {
			cv->left = true;
			cv->width = -cv->width;
		}
	} else {
		cv->width = read_int(&fmt);
	}
	if (*fmt == '.') {
		fmt++;
		if (*fmt == '*') {
			fmt++;
			cv->prec = va_arg(*args, int);
		} else {
			cv->prec = read_int(&fmt);
		}
	}
	fmt = read_length(cv, fmt);
	cv->kind = *fmt;
	return *fmt ? fmt + 1 : fmt;
}

static void put_char(struct sink *out, const struct conv *cv, char c)
{
	put_n(out, ' ', cv->left ? 0 : cv->width - 1);
	put(out, c);
	put_n(out, ' ', cv->left ? cv->width - 1 : 0);
}

/* One conversion; its text is from @start to @fmt. @return where to go on. */
static const char *put_conv(struct sink *out, struct conv *cv, const char *start,
			    const char *fmt, va_list *args)
{
	bool negative;
	u64 value;

	switch (cv->kind) {
	case '%':
		put(out, '%');
		return fmt;
	case 'c':
		put_char(out, cv, (char)va_arg(*args, int));
		return fmt;
	case 's':
		put_text(out, cv, va_arg(*args, const char *));
		return fmt;
	case 'p':
		return put_extended(out, cv, fmt, va_arg(*args, const void *));
	case 'd':
	case 'i':
	case 'u':
	case 'x':
	case 'X':
	case 'o':
		value = take_number(cv, args, &negative);
		put_number(out, cv, value, negative);
		return fmt;
	default:
		/* Unknown: show it, so that it gets found. */
		while (start < fmt)
			put(out, *start++);
		return fmt;
	}
}

int wqlab_vsnprintf(char *buf, size_t size, const char *fmt, va_list values)
{
	struct sink out = { .buf = buf, .size = size };
	struct conv cv;
	va_list args;

	/* A va_list parameter may be an array: only a copy has an address of its type. */
	va_copy(args, values);
	while (*fmt) {
		const char *start = fmt;

		if (*fmt != '%') {
			put(&out, *fmt++);
			continue;
		}
		fmt = read_conv(&cv, fmt + 1, &args);
		fmt = put_conv(&out, &cv, start, fmt, &args);
	}
	va_end(args);
	if (size)
		buf[min(out.len, size - 1)] = '\0';
	return out.len;
}

int wqlab_vscnprintf(char *buf, size_t size, const char *fmt, va_list args)
{
	size_t len = wqlab_vsnprintf(buf, size, fmt, args);

	return len < size ? len : size ? size - 1 : 0;
}

int wqlab_snprintf(char *buf, size_t size, const char *fmt, ...)
{
	va_list args;
	int len;

	va_start(args, fmt);
	len = wqlab_vsnprintf(buf, size, fmt, args);
	va_end(args);
	return len;
}

int wqlab_scnprintf(char *buf, size_t size, const char *fmt, ...)
{
	va_list args;
	int len;

	va_start(args, fmt);
	len = wqlab_vscnprintf(buf, size, fmt, args);
	va_end(args);
	return len;
}

int wqlab_vsprintf(char *buf, const char *fmt, va_list args)
{
	return wqlab_vsnprintf(buf, INT_MAX, fmt, args);
}

int wqlab_sprintf(char *buf, const char *fmt, ...)
{
	va_list args;
	int len;

	va_start(args, fmt);
	len = wqlab_vsnprintf(buf, INT_MAX, fmt, args);
	va_end(args);
	return len;
}

char *kvasprintf(gfp_t gfp, const char *fmt, va_list args)
{
	unsigned int len = wqlab_vsnprintf(NULL, 0, fmt, args);
	char *p = __kmalloc_track_caller(len + 1, gfp, _RET_IP_);

	if (p)
		wqlab_vsnprintf(p, len + 1, fmt, args);
	return p;
}

char *kasprintf(gfp_t gfp, const char *fmt, ...)
{
	va_list args;
	char *p;

	va_start(args, fmt);
	p = kvasprintf(gfp, fmt, args);
	va_end(args);
	return p;
}
