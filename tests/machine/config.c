// SPDX-License-Identifier: GPL-2.0-only
/*
 * Configurations that are refused, with the sentence that says why; those at the
 * edge that are not; and what the defaults are.
 */
#include "machine_test.h"

static int nothing(void *arg)
{
	return 0;
}

/* The machine is refused, and the sentence contains @text. */
static void refused(const struct machine_config *cfg, const char *text)
{
	struct machine_result res;
	int err = machine_run(cfg, nothing, NULL, &res);

	CHECK_MSG(err, "this should have been refused: %s", text);
	if (!err) {
		machine_result_free(&res);
		return;
	}
	CHECK_EQ(err, -22);		/* -EINVAL */
	CHECK_MSG(strstr(machine_error(), text), "\"%s\" does not say \"%s\"",
		  machine_error(), text);
	CHECK(!machine_running());
}

#define REFUSED(text, ...) \
	refused(&(const struct machine_config){ .quiet = true, __VA_ARGS__ }, text)

WQTEST(machine_config, refusals)
{
	REFUSED("0 virtual CPUs cannot be booted: expected 1 to 4096", .cpus = 0);
	REFUSED("4097 virtual CPUs cannot be booted: expected 1 to 4096", .cpus = 4097);
	REFUSED("unknown machine \"toaster\"", .cpus = 1, .kind = "toaster");
	REFUSED("unknown machine \"\"", .cpus = 1, .kind = "");
	REFUSED("unknown engine \"diesel\": expected \"cmwq\" or \"legacy\"",
		.cpus = 1, .engines = "diesel");
	REFUSED("unknown engine \"cmw\"", .cpus = 1, .engines = "legacy,cmw");
	REFUSED("unknown engine \"Cmwq\"", .cpus = 1, .engines = "Cmwq");
	REFUSED("123 ticks a second cannot be had: expected 100, 250, 300 or 1000",
		.cpus = 1, .hz = 123);
	REFUSED("3 NUMA nodes", .cpus = 2, .nodes = 3);
	REFUSED("65 NUMA nodes cannot be booted: expected 1 to 64", .cpus = 100, .nodes = 65);
}

WQTEST(machine_config, bad_strategies)
{
	static const char *const unknown[] = { "", "rando", "default ", "DEFAULT", "pc:1" };
	static const char *const misread[] = {
		"random", "random:", "random:x", "random:1,", "random:1,p", "random:1,p=",
		"random:1,p=101", "random:1,q=5", "random:1 ", "random:-1",
		"random:99999999999999999999", "default:1", "pct:", "pct:1,d=0", "pct:1,d=65",
		"pct:1,k=0", "pct:1,k=5,d=2",
	};
	char text[64];

	for (size_t i = 0; i < ARRAY_SIZE(unknown); i++) {
		snprintf(text, sizeof(text), "unknown strategy \"%s\"", unknown[i]);
		REFUSED(text, .cpus = 1, .explore = unknown[i]);
	}
	for (size_t i = 0; i < ARRAY_SIZE(misread); i++) {
		snprintf(text, sizeof(text), "strategy \"%s\" cannot be understood: expected", misread[i]);
		REFUSED(text, .cpus = 1, .explore = misread[i]);
	}
	REFUSED("strategy \"bounded\" is for many runs", .cpus = 1, .explore = "bounded");
	REFUSED("strategy \"sleep\" is for many runs", .cpus = 1, .explore = "sleep");
}

WQTEST(machine_config, bad_schedules)
{
	static const char *const bad[] = {
		"x", "1", "1.", "1.lock", "1.lock=", "1.lok=a", "1.lock=a+", "+1.lock=a",
		"2.lock=a+1.lock=a", "1.lock=a+1.lock=b", "1.lock=a~", "1.lock=a~0", "1.lock=a b",
		"1.lock=%zz", "1.lock=%00", "1.lock=a-name-too-long-for-a-task", "99999999999.lock=a",
		"-1.lock=a", "1.lock=a,2.lock=b",
	};
	char spec[80];

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		snprintf(spec, sizeof(spec), "replay:%s", bad[i]);
		REFUSED("expected STEP.POINT=WHO", .cpus = 1, .explore = spec);
	}
}

WQTEST(machine_config, bad_faults)
{
	REFUSED("unknown fault \"threads\": expected \"thread\", \"memory\" or \"wake\"",
		.cpus = 1, .inject = "threads");
	REFUSED("unknown fault \"\"", .cpus = 1, .inject = "wake,,memory");
	RUN_WITH(nothing, .cpus = 1, .inject = "thread,memory,wake");
}

WQTEST(machine_config, a_refusal_leaves_nothing_behind)
{
	for (int i = 0; i < 50; i++) {
		REFUSED("expected", .cpus = 4097);
		RUN_WITH(nothing, .cpus = 1);
		CHECK_STR(machine_error(), "");
	}
}

static int booted_twice(void *arg)
{
	const struct machine_config cfg = { .cpus = 1 };
	struct machine_result res;

	CHECK(machine_running());
	CHECK(machine_run(&cfg, nothing, NULL, &res) != 0);
	CHECK(strstr(machine_error(), "one at a time"));
	CHECK(machine_running());
	CHECK_EQ(mach_nr_cpus(), 3);
	return 0;
}

WQTEST(machine_config, one_machine_at_a_time)
{
	RUN_WITH(booted_twice, .cpus = 3);
	CHECK(!machine_running());
}

static int is_as_asked(void *arg)
{
	const struct machine_config *cfg = arg;

	CHECK_EQ(HZ, cfg->hz ? cfg->hz : 1000);
	CHECK_EQ(num_online_cpus(), cfg->cpus);
	CHECK_EQ(num_possible_cpus(), cfg->cpus);
	CHECK_EQ(mach_nr_nodes(), cfg->nodes ? cfg->nodes : 1);
	CHECK_STR(current->comm, "init");
	CHECK_EQ(current->pid, 1);
	CHECK_EQ(smp_processor_id(), 0);
	CHECK_EQ(task_nice(current), 0);
	CHECK_EQ(mach_now(), 0);
	CHECK_EQ((unsigned int)jiffies, (unsigned int)(-300 * (int)HZ));
	return 0;
}

WQTEST(machine_config, is_what_was_asked_for)
{
	static const struct machine_config cfgs[] = {
		{ .cpus = 1, .quiet = true },
		{ .cpus = 2, .quiet = true, .hz = 100, .kind = "sim" },
		{ .cpus = 7, .quiet = true, .hz = 250, .nodes = 3 },
		{ .cpus = 64, .quiet = true, .hz = 300, .nodes = 64 },
		{ .cpus = 4, .quiet = true, .hz = 1000, .explore = "default", .engines = "" },
		{ .cpus = 4, .quiet = true, .explore = "random:0x10,p=0", .engines = "legacy" },
		{ .cpus = 4, .quiet = true, .explore = "random:3,p=100", .engines = "cmwq,legacy" },
	};
	struct machine_result res;

	for (size_t i = 0; i < ARRAY_SIZE(cfgs); i++) {
		if (sim_run(&cfgs[i], is_as_asked, (void *)&cfgs[i], &res))
			return;
		CHECK_MSG(res.verdict == VERDICT_OK, "machine %zu: %s", i, res.report);
		machine_result_free(&res);
	}
}

/* The result: what the first task returned, what was printed, what happened. */
static int returns(void *arg)
{
	printk(KERN_INFO "three words here\n");
	pass_ms(7);
	return (long)arg;
}

static unsigned int console_lines;

static void console(int level, const char *text, void *arg)
{
	if (!strcmp(text, "three words here"))
		++*(unsigned int *)arg;
}

WQTEST(machine_config, result_and_console)
{
	struct machine_config cfg = { .cpus = 1, .console = console, .console_arg = &console_lines };
	struct machine_result res;

	if (sim_run(&cfg, returns, (void *)-17L, &res))
		return;
	CHECK_EQ(res.verdict, VERDICT_OK);
	CHECK_EQ(res.ret, -17);
	CHECK_STR(res.report, "");
	CHECK(res.time_ns >= MS(7));
	CHECK(res.steps > 0);
	CHECK(res.tasks >= 1);
	CHECK_EQ(res.warnings, 0);
	CHECK(strstr(res.log, "three words here"));
	CHECK_EQ(console_lines, 1);
	machine_result_free(&res);
	CHECK(res.report == NULL);
	CHECK(res.log == NULL);

	cfg.quiet = true;
	if (sim_run(&cfg, returns, NULL, &res))
		return;
	CHECK(strstr(res.log, "three words here"));
	CHECK_EQ(console_lines, 0);	/* put back at boot, and not called since */
	machine_result_free(&res);
}

WQTEST(machine_config, verdicts_have_names)
{
	CHECK_STR(verdict_name(VERDICT_OK), "ok");
	CHECK_STR(verdict_name(VERDICT_LEAK), "tasks left behind");
	CHECK_STR(verdict_name(VERDICT_NR), "unknown verdict");
	for (int v = 0; v < VERDICT_NR; v++)
		CHECK(verdict_name(v) && strcmp(verdict_name(v), "unknown verdict"));
}
