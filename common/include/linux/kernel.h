/* SPDX-License-Identifier: GPL-2.0-only */
/**
 * @file
 * The small change of kernel code: limits, arithmetic macros, container_of(),
 * printing into buffers, panic. Mirrors include/linux/kernel.h of 3.18.
 *
 * None of the functions here sleeps; might_sleep() says that its caller may.
 */
#ifndef _LINUX_KERNEL_H
#define _LINUX_KERNEL_H

#include <stdarg.h>

#include <linux/types.h>
#include <linux/stddef.h>
#include <linux/compiler.h>
#include <linux/limits.h>
#include <linux/bitops.h>
#include <linux/log2.h>
#include <linux/printk.h>
#include <linux/bug.h>
#include <linux/cache.h>

#define USHRT_MAX	((u16)~0U)			/**< largest unsigned short */
#define SHRT_MAX	((s16)(USHRT_MAX >> 1))		/**< largest short */
#define SHRT_MIN	((s16)(-SHRT_MAX - 1))		/**< smallest short */
#define INT_MAX		((int)(~0U >> 1))		/**< largest int */
#define INT_MIN		(-INT_MAX - 1)			/**< smallest int */
#define UINT_MAX	(~0U)				/**< largest unsigned int */
#define LONG_MAX	((long)(~0UL >> 1))		/**< largest long */
#define LONG_MIN	(-LONG_MAX - 1)			/**< smallest long */
#define ULONG_MAX	(~0UL)				/**< largest unsigned long */
#define LLONG_MAX	((long long)(~0ULL >> 1))	/**< largest long long */
#define LLONG_MIN	(-LLONG_MAX - 1)		/**< smallest long long */
#define ULLONG_MAX	(~0ULL)				/**< largest unsigned long long */
#ifndef SIZE_MAX
#define SIZE_MAX	(~(size_t)0)			/**< largest size */
#endif
#define U8_MAX		((u8)~0U)			/**< largest u8 */
#define U16_MAX		((u16)~0U)			/**< largest u16 */
#define U32_MAX		((u32)~0U)			/**< largest u32 */
#define U64_MAX		((u64)~0ULL)			/**< largest u64 */
#define S32_MAX		((s32)(U32_MAX >> 1))		/**< largest s32 */
#define S64_MAX		((s64)(U64_MAX >> 1))		/**< largest s64 */

/** Elements of array @p a; a pointer in its place does not compile. */
#define ARRAY_SIZE(a) \
	(sizeof(a) / sizeof((a)[0]) + BUILD_BUG_ON_ZERO(__same_type(a, &(a)[0])))

/** Size of @p member in @p type. */
#define FIELD_SIZEOF(type, member) (sizeof(((type *)0)->member))

/** The object of @p type whose @p member is at @p ptr. */
#define container_of(ptr, type, member) __extension__ ({		\
	const __typeof__(((type *)0)->member) *__inner = (ptr);		\
	(type *)((char *)__inner - offsetof(type, member));		\
})

#define ALIGN(x, a)	__wqlab_up(x, (__typeof__(x))(a) - 1)	/**< up to a multiple of 2^n */
#define PTR_ALIGN(p, a)	((__typeof__(p))ALIGN((unsigned long)(p), (a))) /**< ALIGN() of a pointer */
#define IS_ALIGNED(x, a) (((x) & ((__typeof__(x))(a) - 1)) == 0)	/**< is a multiple of 2^n */
#define __wqlab_up(x, mask) (((x) + (mask)) & ~(mask))	/**< step of ALIGN() and round_up() */
#define round_up(x, y)	__wqlab_up(x, (__typeof__(x))(y) - 1)	/**< up to a multiple of 2^n */
#define round_down(x, y) ((x) & ~((__typeof__(x))(y) - 1))	/**< down to a multiple of 2^n */

#define DIV_ROUND_UP(n, d)	(((n) + (d) - 1) / (d))		/**< quotient, rounded up */
#define DIV_ROUND_UP_ULL(n, d)	(((u64)(n) + (d) - 1) / (d))	/**< the same in 64 bits */
/** @p x up to a multiple of @p y. */
#define roundup(x, y) __extension__ ({					\
	const __typeof__(y) __unit = (y);				\
	DIV_ROUND_UP((x), __unit) * __unit;				\
})
/** @p x down to a multiple of @p y. */
#define rounddown(x, y) __extension__ ({				\
	const __typeof__(x) __value = (x);				\
	__value - __value % (y);					\
})
/** Quotient of numbers not negative, rounded to the nearest. */
#define DIV_ROUND_CLOSEST(x, d) __extension__ ({			\
	const __typeof__(d) __unit = (d);				\
	((x) + __unit / 2) / __unit;					\
})
/** @p x * @p n / @p d with less danger of overflow. */
#define mult_frac(x, n, d) __extension__ ({				\
	const __typeof__(x) __value = (x);				\
	__value / (d) * (n) + __value % (d) * (n) / (d);		\
})

/** Smaller one of @p x and @p y, which must have one type. */
#define min(x, y) __extension__ ({					\
	__typeof__(x) __mn1 = (x);					\
	__typeof__(y) __mn2 = (y);					\
	(void)(&__mn1 == &__mn2);					\
	__mn2 < __mn1 ? __mn2 : __mn1;					\
})
/** Larger one of @p x and @p y, which must have one type. */
#define max(x, y) __extension__ ({					\
	__typeof__(x) __mx1 = (x);					\
	__typeof__(y) __mx2 = (y);					\
	(void)(&__mx1 == &__mx2);					\
	__mx2 > __mx1 ? __mx2 : __mx1;					\
})
/** Smaller one of @p x and @p y, both taken as @p type. */
#define min_t(type, x, y) __extension__ ({				\
	type __mt1 = (x), __mt2 = (y);					\
	__mt2 < __mt1 ? __mt2 : __mt1;					\
})
/** Larger one of @p x and @p y, both taken as @p type. */
#define max_t(type, x, y) __extension__ ({				\
	type __mt1 = (x), __mt2 = (y);					\
	__mt2 > __mt1 ? __mt2 : __mt1;					\
})
#define min3(x, y, z)	min((__typeof__(x))min(x, y), z)	/**< smallest of three */
#define max3(x, y, z)	max((__typeof__(x))max(x, y), z)	/**< largest of three */
#define clamp(val, lo, hi) min((__typeof__(val))max(val, lo), hi)	/**< into [lo, hi] */
#define clamp_t(type, val, lo, hi) min_t(type, max_t(type, val, lo), hi) /**< clamp() as @p type */
#define clamp_val(val, lo, hi) clamp_t(__typeof__(val), val, lo, hi)	/**< clamp() as @p val's type */
/** Smaller one of those of @p x and @p y that are not 0. */
#define min_not_zero(x, y) __extension__ ({				\
	__typeof__(x) __nz1 = (x);					\
	__typeof__(y) __nz2 = (y);					\
	__nz1 == 0 ? __nz2 : __nz2 == 0 ? __nz1 : min(__nz1, __nz2);	\
})

/** Exchange two variables. */
#define swap(a, b) do {							\
	__typeof__(a) __swapped = (a);					\
									\
	(a) = (b);							\
	(b) = __swapped;						\
} while (0)

/** Absolute value. */
#define abs(x) __extension__ ({						\
	__typeof__(x) __value = (x);					\
	__value < 0 ? -__value : __value;				\
})

#define upper_32_bits(n) ((u32)((u64)(n) >> 32))	/**< high half */
#define lower_32_bits(n) ((u32)(n))			/**< low half */

/**
 * Report when called where nobody may sleep: in interrupt context, with
 * preemption or interrupts off. The body is the scheduler's.
 *
 * @param file source file of the caller
 * @param line its line
 */
void __might_sleep(const char *file, int line);

/** Note that this code may sleep; complains in atomic context. */
#define might_sleep()		__might_sleep(__FILE__, __LINE__)
/** might_sleep() if @p cond. */
#define might_sleep_if(cond)	do { if (cond) might_sleep(); } while (0)

/**
 * End the run: "Kernel panic - not syncing: ...".
 *
 * @param fmt format of the reason, as for printk()
 */
void panic(const char *fmt, ...) __printf(1, 2) __noreturn __cold;

/* The formatted prints are the kernel's, with its %p extensions, not libc's. */
#define snprintf	wqlab_snprintf		/**< @ref wqlab_snprintf */
#define vsnprintf	wqlab_vsnprintf		/**< @ref wqlab_vsnprintf */
#define sprintf		wqlab_sprintf		/**< @ref wqlab_sprintf */
#define vsprintf	wqlab_vsprintf		/**< @ref wqlab_vsprintf */
#define scnprintf	wqlab_scnprintf		/**< @ref wqlab_scnprintf */
#define vscnprintf	wqlab_vscnprintf	/**< @ref wqlab_vscnprintf */

/**
 * Format into a buffer, like lib/vsprintf.c: integers, %s, %c, and
 * %p (name or arena offset), %pf %ps (symbol), %pF %pS (symbol + offset),
 * %pV (struct va_format).
 *
 * @param buf where to; may be NULL if @p size is 0
 * @param size bytes of @p buf; a NUL is always among them unless it is 0
 * @param fmt format
 * @param args its values
 * @return length of the whole text, even if it did not fit
 */
int wqlab_vsnprintf(char *buf, size_t size, const char *fmt, va_list args)
	__printf(3, 0);
/** wqlab_vsnprintf() with the values as arguments. */
int wqlab_snprintf(char *buf, size_t size, const char *fmt, ...) __printf(3, 4);
/** wqlab_vsnprintf() that returns what did fit, without the NUL. */
int wqlab_vscnprintf(char *buf, size_t size, const char *fmt, va_list args)
	__printf(3, 0);
/** wqlab_snprintf() that returns what did fit, without the NUL. */
int wqlab_scnprintf(char *buf, size_t size, const char *fmt, ...) __printf(3, 4);
/** wqlab_vsnprintf() into a buffer that the caller knows to be large enough. */
int wqlab_vsprintf(char *buf, const char *fmt, va_list args) __printf(2, 0);
/** wqlab_snprintf() into a buffer that the caller knows to be large enough. */
int wqlab_sprintf(char *buf, const char *fmt, ...) __printf(2, 3);

/** Print into fresh memory; NULL without memory. May sleep if @p gfp lets it. */
char *kvasprintf(gfp_t gfp, const char *fmt, va_list args) __printf(2, 0);
/** Print into fresh memory; NULL without memory. May sleep if @p gfp lets it. */
char *kasprintf(gfp_t gfp, const char *fmt, ...) __printf(2, 3);

/** Read values from a text (libc's; the conversions used are the same). */
int sscanf(const char *buf, const char *fmt, ...) __scanf(2, 3);

/** Number at the start of @p cp in @p base (0: by prefix); never fails. */
unsigned long simple_strtoul(const char *cp, char **endp, unsigned int base);
/** Signed simple_strtoul(). */
long simple_strtol(const char *cp, char **endp, unsigned int base);
/** simple_strtoul() in 64 bits. */
unsigned long long simple_strtoull(const char *cp, char **endp, unsigned int base);
/** simple_strtol() in 64 bits. */
long long simple_strtoll(const char *cp, char **endp, unsigned int base);

/**
 * Convert a whole text, with one newline allowed at its end.
 *
 * @param s the text
 * @param base 2..36, or 0: by prefix
 * @param res the number, written only on success
 * @return 0, -EINVAL (not a number) or -ERANGE (does not fit)
 */
int __must_check kstrtoull(const char *s, unsigned int base, unsigned long long *res);
/** Signed kstrtoull(). */
int __must_check kstrtoll(const char *s, unsigned int base, long long *res);
/** kstrtoull() into an unsigned long. */
int __must_check kstrtoul(const char *s, unsigned int base, unsigned long *res);
/** kstrtoll() into a long. */
int __must_check kstrtol(const char *s, unsigned int base, long *res);
/** kstrtoull() into an unsigned int. */
int __must_check kstrtouint(const char *s, unsigned int base, unsigned int *res);
/** kstrtoll() into an int. */
int __must_check kstrtoint(const char *s, unsigned int base, int *res);
#define strict_strtoul	kstrtoul	/**< old name */
#define strict_strtol	kstrtol		/**< old name */

#endif /* _LINUX_KERNEL_H */
