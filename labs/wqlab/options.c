// SPDX-License-Identifier: GPL-2.0-only
/*
 * The command line of `wqlab`.
 *
 * Every value is read strictly: what is not wholly a number, a duration or one
 * of the words is refused with one sentence and a pointer to the help.  What
 * only the machine can judge (the kind of machine, HZ, the strategy) is handed
 * on as it is, and its sentence is printed.
 *
 * Nothing is owned here: the texts stay in argv and in the environment.
 *
 * Read next: main.c, which calls this; options-help.c, the texts.
 */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
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
       OPT_SUMMARY, OPT_WIDTH };

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
	{ "slice", required_argument, NULL, OPT_SLICE },
	{ "width", required_argument, NULL, OPT_WIDTH },
	{ "format", required_argument, NULL, OPT_FORMAT },
	{ "all", no_argument, NULL, OPT_ALL },
	{ "summary", no_argument, NULL, OPT_SUMMARY },
	{ NULL, 0, NULL, 0 }
};

static bool option_fits(const char *command, int which)
{
	if (!strcmp(command, "run"))
		return which != OPT_SUMMARY;
	if (!strcmp(command, "ps"))
		return which != OPT_FORMAT && which != OPT_ALL;
	return which == OPT_WIDTH;
}

static bool read_number(const char *option, const char *text, uint64_t min, uint64_t max,
			uint64_t *out)
{
	char *end;

	errno = 0;
	if (*text >= '0' && *text <= '9') {
		*out = strtoull(text, &end, 10);
		if (!*end && !errno && *out >= min && *out <= max)
			return true;
	}
	complain("--%s=%s: expected a whole number from %llu to %llu", option, text,
		 (unsigned long long)min, (unsigned long long)max);
	return false;
}

static bool read_u32(const char *option, const char *text, uint32_t min, uint32_t max,
		     uint32_t *out)
{
	uint64_t n;

	if (!read_number(option, text, min, max, &n))
		return false;
	*out = (uint32_t)n;
	return true;
}

static bool read_hz(const char *text, uint32_t *out)
{
	static const char *const known[] = { "100", "250", "300", "1000" };

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (!strcmp(text, known[i])) {
			*out = (uint32_t)atoi(text);
			return true;
		}
	complain("--hz=%s: expected 100, 250, 300 or 1000", text);
	return false;
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
			if (scale % 10 && *s != '0')
				return false;
			scale /= 10;
			ns += scale * (uint64_t)(*s - '0');
		}
	}
	*out = ns;
	return s == unit;
}

static bool read_duration(const char *option, const char *text, uint64_t min, uint64_t *out)
{
	if (scan_duration(text, out) && *out >= min)
		return true;
	complain("--%s=%s: expected a duration%s with its unit, such as 500us, 1.5ms or 2s",
		 option, text, min ? " above zero" : "");
	return false;
}

static bool read_engine(const char *from, const char *text, enum engine_choice *out)
{
	if (!strcmp(text, "legacy"))
		*out = ENGINE_LEGACY;
	else if (!strcmp(text, "cmwq"))
		*out = ENGINE_CMWQ;
	else if (!strcmp(text, "both"))
		*out = ENGINE_BOTH;
	else {
		complain("%s%s: expected legacy, cmwq or both", from, text);
		return false;
	}
	return true;
}

static bool read_format(const char *text, enum format_choice *out)
{
	if (!strcmp(text, "table"))
		*out = FORMAT_TABLE;
	else if (!strcmp(text, "csv"))
		*out = FORMAT_CSV;
	else if (!strcmp(text, "trace"))
		*out = FORMAT_TRACE;
	else {
		complain("--format=%s: expected table, csv or trace", text);
		return false;
	}
	return true;
}

static bool read_option(int which, const char *value, struct options *opt)
{
	switch (which) {
	case OPT_ENGINE:
		return read_engine("--engine=", value, &opt->engines);
	case OPT_MACHINE:
		opt->machine = value;
		return true;
	case OPT_CPUS:
		opt->has_cpus = true;
		return read_u32("cpus", value, 1, MACHINE_MAX_CPUS, &opt->cpus);
	case OPT_NODES:
		opt->has_nodes = true;
		return read_u32("nodes", value, 1, MACHINE_MAX_NODES, &opt->nodes);
	case OPT_HZ:
		opt->has_hz = true;
		return read_hz(value, &opt->hz);
	case OPT_SEED:
		opt->has_seed = true;
		return read_number("seed", value, 0, UINT64_MAX, &opt->seed);
	case OPT_EXPLORE:
		opt->explore = value;
		return true;
	case OPT_FORMAT:
		return read_format(value, &opt->format);
	case OPT_TIME_LIMIT:
		return read_duration("time-limit", value, 1, &opt->time_limit_ns);
	case OPT_SLICE:
		opt->has_slice = true;
		return read_duration("slice", value, 0, &opt->slice_ns);
	case OPT_ALL:
		opt->all = true;
		return true;
	case OPT_SUMMARY:
		opt->summary = true;
		return true;
	case OPT_WIDTH:
		return read_u32("width", value, 60, 1000, &opt->width);
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

bool options_default(struct options *opt)
{
	const char *engine = getenv("WQLAB_ENGINE");

	*opt = (struct options){ .engines = ENGINE_UNSAID, .width = default_width() };
	if (engine && *engine)
		return read_engine("the environment variable WQLAB_ENGINE=", engine, &opt->engines);
	return true;
}

/* What remains when the options are gone: one FILE, or nothing at all. */
static bool read_operands(const char *command, int argc, char **argv, struct options *opt)
{
	bool takes_file = strcmp(command, "tour") != 0;

	if (takes_file && optind < argc && *argv[optind])
		opt->file = argv[optind++];
	else if (takes_file) {
		complain("%s: which scenario? It needs a FILE", command);
		return false;
	}
	if (optind < argc) {
		complain("%s: '%s' is one argument too many", command, argv[optind]);
		return false;
	}
	return true;
}

/* getopt_long() returned `which` for something that is no option of this command. */
static void complain_option(const char *command, int which, char **argv)
{
	if (which == ':')
		complain("%s: the option %s needs a value", command, argv[optind - 1]);
	else if (which == '?' && (optopt >= OPT_VERSION || optopt == OPT_HELP))
		complain("%s: the option %s takes no value", command, argv[optind - 1]);
	else if (which == '?' && optopt)
		complain("%s: there is no option -%c", command, optopt);
	else
		complain("%s: there is no option %s", command, argv[optind - 1]);
}

static bool read_all(const char *command, int argc, char **argv, struct options *opt,
		     enum options_outcome *outcome)
{
	int which;

	optind = 0;
	opterr = 0;
	while ((which = getopt_long(argc, argv, ":h", long_options, NULL)) != -1) {
		if (which == OPT_HELP || which == OPT_VERSION) {
			*outcome = which == OPT_HELP ? OPTIONS_HELP : OPTIONS_VERSION;
			return true;
		}
		if (which == ':' || which == '?' || !option_fits(command, which)) {
			complain_option(command, which, argv);
			return false;
		}
		if (!read_option(which, optarg, opt))
			return false;
	}
	if (!read_operands(command, argc, argv, opt))
		return false;
	if (opt->has_seed && opt->explore) {
		complain("%s: --seed=N is short for --explore=random:N: give one of the two", command);
		return false;
	}
	*outcome = OPTIONS_GO;
	return true;
}

enum options_outcome options_read(const char *command, int argc, char **argv, struct options *opt)
{
	enum options_outcome outcome;

	if (read_all(command, argc, argv, opt, &outcome))
		return outcome;
	fprintf(stderr, "see wqlab %s --help\n", command);
	return OPTIONS_BAD;
}
