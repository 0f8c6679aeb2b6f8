/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The test suite's face: how to write a test.
 *
 *	#include "wqtest.h"
 *
 *	static int first(void *arg)
 *	{
 *		... runs as init on a booted machine ...
 *		CHECK_EQ(list_empty(&done), 0);
 *		return 0;
 *	}
 *
 *	WQTEST_ENGINES(queue, in_order)
 *	{
 *		RUN(2, first);
 *	}
 *
 * WQTEST(suite, name) makes one test.  WQTEST_ENGINES(suite, name) makes two,
 * suite_legacy/name and suite_cmwq/name, and hands the body the engine's name
 * as `engine`.  Both start in column 0 with suite and name on the same line:
 * mkshim.sh finds them by that.  Behind the name may stand options,
 * `.timeout = SECONDS` (60), `.soak = true` (left to `make soak`),
 * `.any_order = true` (make soak also plays its RUN()s under many other
 * schedules) and `.fails = "TEXT"` (the test must fail and its report contain
 * TEXT; no comma or parenthesis in it).
 *
 * A body is an ordinary function outside any machine; what it boots with RUN()
 * runs inside.  A failed CHECK outside is recorded and the body goes on; inside
 * it is recorded and ends that run.
 *
 * A body's static variables are machine state: every boot puts back the values
 * they had at the first boot of the process (each test has a process of its
 * own).  Hand values that change from run to run in through the argument.
 *
 * Plain C: both worlds include it.
 */
#ifndef WQTEST_H
#define WQTEST_H

#include <stdbool.h>

#include "wqlab/machine.h"

struct wqtest_options {
	unsigned int timeout;	/* seconds; 0 = 60 */
	bool soak;		/* only in the long list */
	bool any_order;		/* holds under every schedule, not only the default one */
	const char *fails;	/* the test must fail, with this in its report */
};

struct wqtest_entry {
	const char *suite;
	const char *name;
	const char *engine;	/* NULL: the machine's default */
	void (*body)(void);
	struct wqtest_options opt;
};

/* The linker strings the pointers of all files together. */
#define WQTEST_ENTRY(s, n, e, fn, ...)						\
	static const struct wqtest_entry entry_##s##_##n = {			\
		.suite = #s, .name = #n, .engine = e, .body = fn,		\
		.opt = { __VA_ARGS__ },						\
	};									\
	static const struct wqtest_entry *const entry_ptr_##s##_##n		\
	__attribute__((section("wqlab_tests"), used)) = &entry_##s##_##n

#define WQTEST(suite, name, ...)						\
	void wqtest_##suite##_##name(void);					\
	WQTEST_ENTRY(suite, name, NULL, wqtest_##suite##_##name, __VA_ARGS__);	\
	void wqtest_##suite##_##name(void)

#define WQTEST_ENGINES(suite, name, ...)					\
	static void body_##suite##_##name(const char *engine);			\
	void wqtest_##suite##_legacy_##name(void);				\
	void wqtest_##suite##_cmwq_##name(void);				\
	void wqtest_##suite##_legacy_##name(void)				\
	{									\
		body_##suite##_##name("legacy");				\
	}									\
	void wqtest_##suite##_cmwq_##name(void)					\
	{									\
		body_##suite##_##name("cmwq");					\
	}									\
	WQTEST_ENTRY(suite##_legacy, name, "legacy",				\
		     wqtest_##suite##_legacy_##name, __VA_ARGS__);		\
	WQTEST_ENTRY(suite##_cmwq, name, "cmwq",				\
		     wqtest_##suite##_cmwq_##name, __VA_ARGS__);		\
	static void body_##suite##_##name(const char *engine __attribute__((unused)))

/* Each operand is evaluated once, the left one first. */
#define CHECK(cond)								\
	do {									\
		if (!(cond))							\
			wqtest_fail(__FILE__, __LINE__, "CHECK(%s)", #cond);	\
	} while (0)

#define CHECK_MSG(cond, ...)							\
	do {									\
		if (!(cond))							\
			wqtest_fail(__FILE__, __LINE__, __VA_ARGS__);		\
	} while (0)

#define CHECK_EQ(a, b)								\
	do {									\
		long long check_a = (long long)(a);				\
		long long check_b = (long long)(b);				\
										\
		if (check_a != check_b)						\
			wqtest_fail(__FILE__, __LINE__,				\
				    "CHECK_EQ(%s, %s): %lld is not %lld",	\
				    #a, #b, check_a, check_b);			\
	} while (0)

#define CHECK_STR(a, b)								\
	do {									\
		const char *check_a = (a);					\
		const char *check_b = (b);					\
										\
		if (!wqtest_same(check_a, check_b))				\
			wqtest_fail(__FILE__, __LINE__,				\
				    "CHECK_STR(%s, %s): \"%s\" is not \"%s\"",	\
				    #a, #b, check_a ? check_a : "(null)",	\
				    check_b ? check_b : "(null)");		\
	} while (0)

/*
 * Boot a sim machine of @cpus virtual CPUs with the test's engine in charge and
 * run @fn (int (*)(void *)) as its first task.  Anything but the verdict OK,
 * the return value 0 and no WARN fails the test.  Gives the verdict.
 */
#define RUN(cpus, fn)		RUN_ARG(cpus, fn, NULL)
#define RUN_ARG(cpus, fn, arg)	wqtest_boot(__FILE__, __LINE__, cpus, fn, arg)

/*
 * The same with a configuration of the test's own and the result for it to
 * judge (and to free).  Only a refused configuration fails the test; gives
 * machine_run()'s return value.
 */
#define sim_run(cfg, fn, arg, res) \
	wqtest_sim_run(__FILE__, __LINE__, cfg, fn, arg, res)

void wqtest_fail(const char *file, int line, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
bool wqtest_same(const char *a, const char *b);
enum verdict wqtest_boot(const char *file, int line, unsigned int cpus,
			 int (*fn)(void *), void *arg);
int wqtest_sim_run(const char *file, int line, const struct machine_config *cfg,
		   int (*fn)(void *), void *arg, struct machine_result *res);

/* The running test's engine; NULL in a WQTEST. */
const char *wqtest_engine(void);

#endif
