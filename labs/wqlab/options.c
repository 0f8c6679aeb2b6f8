// SPDX-License-Identifier: GPL-2.0-only
/*
 * The command line of `wqlab`.
 *
 * Every value is read strictly: what is not wholly a number, a duration or one
 * of the words is refused with one sentence, which main.c prints.  What
 * only the machine can judge (the kind of machine, HZ, the strategy) is handed
 * on as it is, and its sentence is printed.
 *
 * Nothing is owned here: the texts stay in argv and in the environment, and the
 * sentence is the caller's.
 *
 * Read next: main.c, which calls this; options-help.c, the texts.
 */
#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "options.h"
#include "util.h"
#include "wqlab/machine.h"

/* Columns, where --width does not say: of a terminal within these bounds, and of anything else. */
#define MIN_TERMINAL 80
#define MAX_TERMINAL 140
#define PIPE_WIDTH 110

enum { OPT_HELP = 'h', OPT_VERSION = 256, OPT_ENGINE, OPT_MACHINE, OPT_CPUS, OPT_NODES,
       OPT_HZ, OPT_SEED, OPT_EXPLORE, OPT_FORMAT, OPT_TIME_LIMIT, OPT_SLICE, OPT_ALL,
       OPT_SUMMARY, OPT_WIDTH, OPT_HUNG_TASK, OPT_CARRIER, OPT_STRATEGY, OPT_BUDGET, OPT_INJECT,
       OPT_GOAL, OPT_INVARIANTS, OPT_LOCKDEP, OPT_NO_MINIMISE, OPT_STOP_AT, OPT_CMDLINE, OPT_JOBS = 'j' };

static const struct option long_options[] = {
	{ "help", no_argument, NULL, OPT_HELP },
	{ "version", no_argument, NULL, OPT_VERSION },
	{ "engine", required_argument, NULL, OPT_ENGINE },
	{ "machine", required_argument, NULL, OPT_MACHINE },
	{ "cpus", required_argument, NULL, OPT_CPUS },
	{ "nodes", required_argument, NULL, OPT_NODES },
	{ "hz", required_argument, NULL, OPT_HZ },
	{ "seed", required_argument, NULL, OPT_SEED },
	{ "explore", required_argument, NULL, OPT_EXPLORE },
	{ "time-limit", required_argument, NULL, OPT_TIME_LIMIT },
	{ "carrier", required_argument, NULL, OPT_CARRIER },
	{ "strategy", required_argument, NULL, OPT_STRATEGY },
	{ "budget", required_argument, NULL, OPT_BUDGET },
	{ "inject", required_argument, NULL, OPT_INJECT },
	{ "goal", required_argument, NULL, OPT_GOAL },
	{ "no-minimise", no_argument, NULL, OPT_NO_MINIMISE },
	{ "jobs", required_argument, NULL, OPT_JOBS },
	{ "stop-at", required_argument, NULL, OPT_STOP_AT },
	{ "lockdep", required_argument, NULL, OPT_LOCKDEP },
	{ "hung-task", required_argument, NULL, OPT_HUNG_TASK },
	{ "invariants", required_argument, NULL, OPT_INVARIANTS },
	{ "slice", required_argument, NULL, OPT_SLICE },
	{ "cmdline", required_argument, NULL, OPT_CMDLINE },
	{ "width", required_argument, NULL, OPT_WIDTH },
	{ "format", required_argument, NULL, OPT_FORMAT },
	{ "all", no_argument, NULL, OPT_ALL },
	{ "summary", no_argument, NULL, OPT_SUMMARY },
	{ NULL, 0, NULL, 0 }
};

static bool option_fits(const char *command, int which)
{
	bool of_explore = which == OPT_STRATEGY || which == OPT_BUDGET || which == OPT_GOAL ||
			  which == OPT_NO_MINIMISE || which == OPT_JOBS;
	bool of_show = which == OPT_FORMAT || which == OPT_SUMMARY;

	if (!strcmp(command, "run"))
		return !of_explore && which != OPT_SUMMARY && which != OPT_STOP_AT;
	if (!strcmp(command, "ps"))
		return !of_explore && which != OPT_FORMAT && which != OPT_ALL && which != OPT_STOP_AT &&
		       which != OPT_INJECT;
	if (!strcmp(command, "explore"))
		return !of_show && which != OPT_EXPLORE && which != OPT_SEED && which != OPT_MACHINE &&
		       which != OPT_STOP_AT;
	if (!strcmp(command, "replay"))
		return which == OPT_STOP_AT || which == OPT_ALL || which == OPT_WIDTH || which == OPT_CARRIER ||
		       which == OPT_FORMAT;
	return which == OPT_WIDTH;
}

/* Say what is wrong, in one line whatever the arguments hold; always false. */
static bool __attribute__((format(printf, 2, 3))) refuse(struct text *why, const char *fmt, ...)
{
	va_list ap;

	text_clear(why);
	va_start(ap, fmt);
	text_vadd(why, fmt, ap);
	va_end(ap);
	for (char *p = why->s; *p; p++)
		if ((unsigned char)*p < ' ' || *p == 0x7f)
			*p = '?';
	return false;
}

static bool read_number(const char *option, const char *text, uint64_t min, uint64_t max,
			uint64_t *out, struct text *why)
{
	char *end;

	errno = 0;
	if (*text >= '0' && *text <= '9') {
		*out = strtoull(text, &end, 10);
		if (!*end && !errno && *out >= min && *out <= max)
			return true;
	}
	return refuse(why, "--%s=%s: expected a whole number from %llu to %llu", option, text,
		      (unsigned long long)min, (unsigned long long)max);
}

static bool read_u32(const char *option, const char *text, uint32_t min, uint32_t max,
		     uint32_t *out, struct text *why)
{
	uint64_t n;

	if (!read_number(option, text, min, max, &n, why))
		return false;
	*out = (uint32_t)n;
	return true;
}

static bool read_hz(const char *text, uint32_t *out, struct text *why)
{
	static const char *const known[] = { "100", "250", "300", "1000" };

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (!strcmp(text, known[i])) {
			*out = (uint32_t)atoi(text);
			return true;
		}
	return refuse(why, "--hz=%s: expected 100, 250, 300 or 1000", text);
}

/* Digits, perhaps a fraction, a unit; nothing is rounded. */
static bool scan_duration(const char *s, uint64_t *out)
{
	static const struct { const char *name; uint64_t ns; } units[] = {
		{ "ns", 1 }, { "us", 1000 }, { "ms", 1000000 }, { "s", 1000000000 },
	};
	const char *unit = s + strspn(s, "0123456789.");
	uint64_t scale = 0, ns = 0;

	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (!strcmp(unit, units[i].name))
			scale = units[i].ns;
	if (!scale || *s < '0' || *s > '9')
		return false;
	for (; *s >= '0' && *s <= '9'; s++)
		if (__builtin_mul_overflow(ns, 10, &ns) ||
		    __builtin_add_overflow(ns, scale * (uint64_t)(*s - '0'), &ns))
			return false;
	if (*s == '.') {
		if (++s == unit)
			return false;
		for (; *s >= '0' && *s <= '9'; s++) {
			/* behind the nanoseconds there may be zeros only */
			scale /= 10;
			if (!scale && *s != '0')
				return false;
			if (__builtin_add_overflow(ns, scale * (uint64_t)(*s - '0'), &ns))
				return false;
		}
	}
	*out = ns;
	return s == unit;
}

static bool read_duration(const char *option, const char *text, uint64_t min, uint64_t *out,
			  struct text *why)
{
	if (scan_duration(text, out) && *out >= min)
		return true;
	return refuse(why, "--%s=%s: expected a duration%s with its unit, such as 500us, 1.5ms or 2s",
		      option, text, min ? " above zero" : "");
}

/* A duration that 0 and "off" switch off. */
static bool read_switched_duration(const char *option, const char *text, uint64_t *out, struct text *why)
{
	if (!strcmp(text, "off"))
		*out = 0;
	else if (!scan_duration(text, out))
		return refuse(why, "--%s=%s: expected a duration with its unit, such as 500us, 1.5ms or 2s, or off",
			      option, text);
	if (!*out)
		*out = UINT64_MAX;
	return true;
}

static bool read_engine(const char *from, const char *text, enum engine_choice *out,
			struct text *why)
{
	if (!strcmp(text, "legacy"))
		*out = ENGINE_LEGACY;
	else if (!strcmp(text, "cmwq"))
		*out = ENGINE_CMWQ;
	else if (!strcmp(text, "both"))
		*out = ENGINE_BOTH;
	else
		return refuse(why, "%s%s: expected legacy, cmwq or both", from, text);
	return true;
}

static bool read_format(const char *text, enum format_choice *out, struct text *why)
{
	if (!strcmp(text, "table"))
		*out = FORMAT_TABLE;
	else if (!strcmp(text, "csv"))
		*out = FORMAT_CSV;
	else if (!strcmp(text, "trace"))
		*out = FORMAT_TRACE;
	else if (!strcmp(text, "trace_stat"))
		*out = FORMAT_TRACE_STAT;
	else if (!strcmp(text, "colours"))
		*out = FORMAT_COLOURS;
	else
		return refuse(why, "--format=%s: expected table, csv, trace, trace_stat or colours", text);
	return true;
}

/* So many schedules, or for so long. */
static bool read_budget(const char *text, struct options *opt, struct text *why)
{
	char *end;

	opt->schedules = opt->budget_ns = 0;
	errno = 0;
	if (*text >= '1' && *text <= '9') {
		opt->schedules = strtoull(text, &end, 10);
		if (!*end && !errno)
			return true;
		opt->schedules = 0;
		if (scan_duration(text, &opt->budget_ns) && opt->budget_ns)
			return true;
	}
	return refuse(why, "--budget=%s: expected a number of schedules, such as 10000, or a duration, such as 30s",
		      text);
}

static bool read_option(int which, const char *value, struct options *opt, struct text *why)
{
	switch (which) {
	case OPT_ENGINE:
		return read_engine("--engine=", value, &opt->engines, why);
	case OPT_MACHINE:
		opt->machine = value;
		return true;
	case OPT_CPUS:
		opt->has_cpus = true;
		return read_u32("cpus", value, 1, MACHINE_MAX_CPUS, &opt->cpus, why);
	case OPT_NODES:
		opt->has_nodes = true;
		return read_u32("nodes", value, 1, MACHINE_MAX_NODES, &opt->nodes, why);
	case OPT_HZ:
		opt->has_hz = true;
		return read_hz(value, &opt->hz, why);
	case OPT_SEED:
		opt->has_seed = true;
		return read_number("seed", value, 0, UINT64_MAX, &opt->seed, why);
	case OPT_CARRIER:
		opt->carrier = value;
		if (strcmp(value, "threads") && strcmp(value, "fibers"))
			return refuse(why, "--carrier=%s: expected threads or fibers", value);
		return true;
	case OPT_LOCKDEP:
		opt->lockdep = value;
		if (strcmp(value, "on") && strcmp(value, "off"))
			return refuse(why, "--lockdep=%s: expected on or off", value);
		return true;
	case OPT_CMDLINE:
		opt->cmdline = value;
		return true;
	case OPT_EXPLORE:
		opt->explore = value;
		return true;
	case OPT_STRATEGY:
		opt->strategy = value;
		return true;
	case OPT_BUDGET:
		return read_budget(value, opt, why);
	case OPT_INJECT:
		opt->inject = value;
		return true;
	case OPT_GOAL:
		opt->goal = value;
		return true;
	case OPT_NO_MINIMISE:
		opt->no_minimise = true;
		return true;
	case OPT_JOBS:
		return read_u32("jobs", value, 1, 64, &opt->jobs, why);
	case OPT_STOP_AT:
		return read_number("stop-at", value, 1, UINT64_MAX, &opt->stop_at, why);
	case OPT_INVARIANTS:
		opt->invariants = value;
		return true;
	case OPT_FORMAT:
		return read_format(value, &opt->format, why);
	case OPT_TIME_LIMIT:
		return read_duration("time-limit", value, 1, &opt->time_limit_ns, why);
	case OPT_HUNG_TASK:
		return read_switched_duration("hung-task", value, &opt->hung_task_ns, why);
	case OPT_SLICE:
		opt->has_slice = true;
		return read_duration("slice", value, 0, &opt->slice_ns, why);
	case OPT_ALL:
		opt->all = true;
		return true;
	case OPT_SUMMARY:
		opt->summary = true;
		return true;
	case OPT_WIDTH:
		return read_u32("width", value, 60, 1000, &opt->width, why);
	}
	return false;
}

static uint32_t default_width(void)
{
	struct winsize ws;

	if (isatty(STDOUT_FILENO) && !ioctl(STDOUT_FILENO, TIOCGWINSZ, &ws) && ws.ws_col) {
		if (ws.ws_col < MIN_TERMINAL)
			return MIN_TERMINAL;
		return ws.ws_col > MAX_TERMINAL ? MAX_TERMINAL : ws.ws_col;
	}
	return PIPE_WIDTH;
}

bool options_default(struct options *opt, struct text *why)
{
	const char *engine = getenv("WQLAB_ENGINE");

	*opt = (struct options){ .engines = ENGINE_UNSAID, .width = default_width(), .jobs = 1 };
	if (engine && *engine)
		return read_engine("the environment variable WQLAB_ENGINE=", engine, &opt->engines, why);
	return true;
}

/* What remains when the options are gone: one FILE, or nothing at all. */
static bool read_operands(const char *command, int argc, char **argv, struct options *opt,
			  struct text *why)
{
	bool takes_file = strcmp(command, "tour") != 0;

	if (takes_file && optind < argc && *argv[optind])
		opt->file = argv[optind++];
	else if (takes_file && strcmp(command, "replay"))
		return refuse(why, "%s: which scenario? It needs a FILE", command);
	if (optind < argc)
		return refuse(why, "%s: '%s' is one argument too many", command, argv[optind]);
	return true;
}

/* getopt_long() returned `which` for something that is no option of this command. */
static bool refuse_option(const char *command, int which, char **argv, struct text *why)
{
	/* a value of its own stands behind the option */
	const char *said = argv[optind - 1] == optarg ? argv[optind - 2] : argv[optind - 1];

	if (which == ':')
		return refuse(why, "%s: the option %s needs a value", command, said);
	if (which == '?' && (optopt >= OPT_VERSION || optopt == OPT_HELP))
		return refuse(why, "%s: the option %s takes no value", command, said);
	if (which == '?' && optopt)
		return refuse(why, "%s: there is no option -%c", command, optopt);
	return refuse(why, "%s: there is no option %s", command, said);
}

static bool read_all(const char *command, int argc, char **argv, struct options *opt,
		     enum options_outcome *outcome, struct text *why)
{
	int which;

	optind = 0;
	opterr = 0;
	while ((which = getopt_long(argc, argv, ":hj:", long_options, NULL)) != -1) {
		if (which == OPT_HELP || which == OPT_VERSION) {
			*outcome = which == OPT_HELP ? OPTIONS_HELP : OPTIONS_VERSION;
			return true;
		}
		if (which == ':' || which == '?' || !option_fits(command, which))
			return refuse_option(command, which, argv, why);
		if (!read_option(which, optarg, opt, why))
			return false;
	}
	if (!read_operands(command, argc, argv, opt, why))
		return false;
	if (opt->has_seed && opt->explore)
		return refuse(why, "%s: --seed=N is short for --explore=random:N: give one of the two",
			      command);
	*outcome = OPTIONS_GO;
	return true;
}

enum options_outcome options_read(const char *command, int argc, char **argv, struct options *opt,
				  struct text *why)
{
	enum options_outcome outcome = OPTIONS_BAD;

	return read_all(command, argc, argv, opt, &outcome, why) ? outcome : OPTIONS_BAD;
}
