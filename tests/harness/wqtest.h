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
 * WQTEST(suite, name) makes one test, on the simulated machine.  The others make
 * several of the same body, one for each engine, each machine, or both:
 *
 *	WQTEST_ENGINES(suite, name)	suite_legacy/name  suite_cmwq/name
 *	WQTEST_MACHINES(suite, name)	suite/name  suite_native/name
 *	WQTEST_MATRIX(suite, name)	suite_legacy/name  suite_cmwq/name
 *					suite_native_legacy/name  suite_native_cmwq/name
 *
 * The body is handed the engine's name as `engine` (NULL: the default one), and
 * wqtest_native() tells the machine.  All of them start in column 0 with suite and
 * name on the same line: mkshim.sh finds them by that.  Behind the name may stand
 * options, `.timeout = SECONDS` (60, native 180), `.soak = true` (left to `make soak`),
 * `.any_order = true` (make soak also plays its RUN()s on the simulated machine
 * under many other schedules) and `.fails = "TEXT"` (the test must fail and its
 * report contain TEXT; no comma or parenthesis in it).
 *
 * On the native machine tasks really run at once and time is real.  So what a body
 * says holds by order and outcome, not by the clock: wqtask.h waits for conditions,
 * and what tasks share is an atomic_t, or ordered by what is being tested.
 *
 * A body is an ordinary function outside any machine; what it boots with RUN()
 * runs inside.  A failed CHECK outside is recorded and the body goes on; inside
 * it is recorded and ends that run, and on the native machine the process: the
 * report then stands on stderr and the runner sees a test that exited.
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

#include "wqlab/explore.h"
#include "wqlab/machine.h"

struct wqtest_options {
	unsigned int timeout;	/* seconds; 0: 60, on the native machine 180 */
	bool soak;		/* only in the long list */
	bool any_order;		/* holds under every schedule, not only the default one */
	const char *fails;	/* the test must fail, with this in its report */
};

struct wqtest_entry {
	const char *suite;
	const char *name;
	const char *engine;	/* NULL: the machine's default */
	bool native;		/* on the native machine, else on the simulated one */
	void (*body)(void);
	struct wqtest_options opt;
};

/* The linker strings the pointers of all files together. */
#define WQTEST_ENTRY(s, n, e, on_native, fn, ...)				\
	static const struct wqtest_entry entry_##s##_##n = {			\
		.suite = #s, .name = #n, .engine = e, .native = on_native,	\
		.body = fn, .opt = { __VA_ARGS__ },				\
	};									\
	static const struct wqtest_entry *const entry_ptr_##s##_##n		\
	__attribute__((section("wqlab_tests"), used)) = &entry_##s##_##n

#define WQTEST(suite, name, ...)						\
	void wqtest_##suite##_##name(void);					\
	WQTEST_ENTRY(suite, name, NULL, false, wqtest_##suite##_##name, __VA_ARGS__); \
	void wqtest_##suite##_##name(void)

/* One test of a body that others share. */
#define WQTEST_VARIANT(s, n, e, on_native, shared, ...)				\
	void wqtest_##s##_##n(void);						\
	void wqtest_##s##_##n(void)						\
	{									\
		shared(e);							\
	}									\
	WQTEST_ENTRY(s, n, e, on_native, wqtest_##s##_##n, __VA_ARGS__)

#define WQTEST_SHARED(suite, name)						\
	static void body_##suite##_##name(const char *engine __attribute__((unused)))

#define WQTEST_ENGINES(suite, name, ...)					\
	WQTEST_SHARED(suite, name);						\
	WQTEST_VARIANT(suite##_legacy, name, "legacy", false, body_##suite##_##name, __VA_ARGS__); \
	WQTEST_VARIANT(suite##_cmwq, name, "cmwq", false, body_##suite##_##name, __VA_ARGS__); \
	WQTEST_SHARED(suite, name)

#define WQTEST_MACHINES(suite, name, ...)					\
	WQTEST_SHARED(suite, name);						\
	WQTEST_VARIANT(suite, name, NULL, false, body_##suite##_##name, __VA_ARGS__); \
	WQTEST_VARIANT(suite##_native, name, NULL, true, body_##suite##_##name, __VA_ARGS__); \
	WQTEST_SHARED(suite, name)

#define WQTEST_MATRIX(suite, name, ...)						\
	WQTEST_SHARED(suite, name);						\
	WQTEST_VARIANT(suite##_legacy, name, "legacy", false, body_##suite##_##name, __VA_ARGS__); \
	WQTEST_VARIANT(suite##_cmwq, name, "cmwq", false, body_##suite##_##name, __VA_ARGS__); \
	WQTEST_VARIANT(suite##_native_legacy, name, "legacy", true, body_##suite##_##name, __VA_ARGS__); \
	WQTEST_VARIANT(suite##_native_cmwq, name, "cmwq", true, body_##suite##_##name, __VA_ARGS__); \
	WQTEST_SHARED(suite, name)

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
 * Boot the test's machine with @cpus virtual CPUs and the test's engine in charge,
 * and run @fn (int (*)(void *)) as its first task.  Anything but the verdict OK,
 * the return value 0 and no WARN fails the test.  Gives the verdict.
 */
#define RUN(cpus, fn)		RUN_ARG(cpus, fn, NULL)
#define RUN_ARG(cpus, fn, arg)							\
	__extension__ ({							\
		const struct machine_config run_cfg = wqtest_config(cpus);	\
										\
		RUN_CFG(&run_cfg, fn, arg);					\
	})

/* The same with a configuration made from what wqtest_config() gives. */
#define RUN_CFG(cfg, fn, arg)	wqtest_boot(__FILE__, __LINE__, cfg, fn, arg)

/*
 * ... one machine after another until one fails, under the schedules of seeds
 * @first to @last, which are handed to @fn.  The native machine, which has no
 * schedules to choose, runs a twentieth of them.
 */
#define run_seeds(cpus, fn, first, last)					\
	do {									\
		const struct machine_config run_cfg = wqtest_config(cpus);	\
										\
		run_seeds_cfg(&run_cfg, fn, first, last);			\
	} while (0)
#define run_seeds_cfg(cfg, fn, first, last) \
	wqtest_seeds(__FILE__, __LINE__, cfg, fn, first, last)

/*
 * With a configuration of the test's own, on whichever machine it names, and the
 * result for the test to judge (and to free).  Only a refused configuration fails
 * the test; gives machine_run()'s return value.
 */
#define sim_run(cfg, fn, arg, res) \
	wqtest_sim_run(__FILE__, __LINE__, cfg, fn, arg, res)

/*
 * Search the schedules of @fn on the machine of @cfg, for the test to judge.  What
 * is returned stays the same until the next search.
 */
#define run_explored(cfg, how, fn, arg) \
	wqtest_explore(__FILE__, __LINE__, cfg, how, fn, arg)

const struct explore_state *wqtest_explore(const char *file, int line, const struct machine_config *cfg,
					   const struct explore_config *how, int (*fn)(void *), void *arg);
/* The strategy that plays what a search found once more; until the next call. */
const char *wqtest_replay(const struct explore_state *st);
/* The same for the last run. */
const char *wqtest_last_schedule(void);
/* Whether boots that name no strategy are to be explored (wqtwin -x), and how. */
bool wqtest_searching(struct explore_config *how);

void wqtest_fail(const char *file, int line, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
bool wqtest_same(const char *a, const char *b);
struct machine_config wqtest_config(unsigned int cpus);
enum verdict wqtest_boot(const char *file, int line, const struct machine_config *cfg,
			 int (*fn)(void *), void *arg);
void wqtest_seeds(const char *file, int line, const struct machine_config *cfg,
		  int (*fn)(void *), unsigned long first, unsigned long last);
int wqtest_sim_run(const char *file, int line, const struct machine_config *cfg,
		   int (*fn)(void *), void *arg, struct machine_result *res);

/* How a process of its own ended, and what it took. */
struct wqtest_child {
	int status;		/* as of exit(); minus the signal that killed it */
	long peak_kib;		/* most memory that was resident */
	char said[4096];	/* what stood on standard error, cut to this */
};

/*
 * Call @fn in a process of its own, which ends with what it returns.  Its failed
 * checks stand in what it said, and its status is not 0 then.
 */
void wqtest_apart(int (*fn)(void *), void *arg, struct wqtest_child *child);

/* The running test's engine; NULL in a WQTEST and a WQTEST_MACHINES. */
const char *wqtest_engine(void);
/* Does the running test run on the native machine? */
bool wqtest_native(void);
/* Is this a build for AddressSanitizer or ThreadSanitizer, which need memory and time of their own? */
bool wqtest_sanitized(void);

#endif
