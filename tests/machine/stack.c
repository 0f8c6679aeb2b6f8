// SPDX-License-Identifier: GPL-2.0-only
/*
 * The stacks of fibers: how deep they have got, and that who runs over one is
 * named and nothing worse happens.
 */
#include "machine_test.h"

/* What a fiber has; sanitizers' frames are larger, and so are their stacks. */
#define STACK_KIB	(wqtest_sanitized() ? 256 : 64)

static int depth_kib;

/* Use up the stack to so far below @top; nothing is left out on the way. */
static noinline void dig(const char *top)
{
	volatile char here[256];

	for (size_t i = 0; i < sizeof(here); i++)
		here[i] = 0x5a;
	if (top - (const char *)here < depth_kib * 1024L)
		dig(top);
	here[0] = 0;			/* no tail call */
}

static int digger_fn(void *arg)
{
	char top = 0;

	dig(&top);
	pass_ms(1);
	return 0;
}

static int digs(void *arg)
{
	struct task_struct *t;

	depth_kib = (long)arg;
	t = start_joinable(digger_fn, NULL, "digger");
	pass_ms(2);
	CHECK_EQ(join_task(t), 0);
	return 0;
}

static struct machine_result run(const char *carrier, long kib)
{
	const struct machine_config cfg = { .cpus = 2, .quiet = true, .carrier = carrier };
	struct machine_result res = { 0 };

	sim_run(&cfg, digs, (void *)kib, &res);
	return res;
}

static void fine(const char *carrier, long kib)
{
	struct machine_result res = run(carrier, kib);

	CHECK_MSG(res.verdict == VERDICT_OK, "%s, %ld KiB: %s\n%s", carrier, kib,
		  verdict_name(res.verdict), res.report);
	machine_result_free(&res);
}

static void too_deep(long kib)
{
	struct machine_result res = run("fibers", kib);
	char text[80];

	snprintf(text, sizeof(text), "the stack of digger has run over its %d KiB", STACK_KIB);
	CHECK_EQ(res.verdict, VERDICT_BUG);
	CHECK_MSG(strstr(res.report, text), "nobody said \"%s\"\n%s", text, res.report);
	machine_result_free(&res);
}

WQTEST(machine_stack, overflow_is_named)
{
	fine("fibers", STACK_KIB - 8);
	for (int again = 0; again < 3; again++) {
		too_deep(STACK_KIB);
		fine("fibers", STACK_KIB - 8);
	}
	fine("threads", STACK_KIB);
}

/* In whole pages, for this process so far: so in one of its own. */
static size_t deepest_with(long kib)
{
	struct machine_result res = run("fibers", kib);

	CHECK_EQ(res.verdict, VERDICT_OK);
	machine_result_free(&res);
	return res.stack_bytes;
}

static int deepens(void *arg)
{
	const size_t kib = 1024, some = STACK_KIB / 2, more = some + 16;
	size_t least = deepest_with(0), deeper = deepest_with(some);
	struct machine_result res;

	CHECK_MSG(least > 0 && least < some * kib, "%zu bytes", least);
	CHECK_MSG(deeper >= some * kib && deeper <= least + (some + 4) * kib, "%zu bytes", deeper);
	CHECK_EQ(deepest_with(0), deeper);
	CHECK_MSG(deepest_with(more) >= more * kib, "not %zu bytes", more * kib);
	res = run("threads", 0);
	CHECK_EQ(res.stack_bytes, 0);
	machine_result_free(&res);
	return 0;
}

WQTEST(machine_stack, deepest_is_told)
{
	struct wqtest_child child;

	wqtest_apart(deepens, NULL, &child);
	CHECK_MSG(!child.status, "status %d, %s", child.status, child.said);
}
