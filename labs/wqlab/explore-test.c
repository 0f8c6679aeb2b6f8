// SPDX-License-Identifier: GPL-2.0-only
/*
 * `wqlab explore SUITE/NAME`: the tests' own program explores a test, for only it
 * holds their bodies.
 *
 * Nothing is shared.  Read next: tests/harness/twin.c.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "util.h"

#define SCHEDULES	"5000"		/* of each boot, where --budget does not say */

/* The program beside ours, if it is there. */
static bool find_twin(char *path, size_t size)
{
	ssize_t n = readlink("/proc/self/exe", path, size - 1);
	char *slash;

	if (n <= 0)
		return false;
	path[n] = '\0';
	slash = strrchr(path, '/');
	if (!slash || (size_t)(slash - path) + sizeof("/tests/wqtwin") > size)
		return false;
	strcpy(slash, "/tests/wqtwin");
	return !access(path, X_OK);
}

bool names_a_test(const char *file)
{
	return strchr(file, '/') && !strchr(file, '.') && access(file, F_OK);
}

int explore_test(const struct options *opt)
{
	char twin[4096], schedules[32] = SCHEDULES;

	if (!find_twin(twin, sizeof(twin))) {
		complain("explore: %s is no file, and there is no program of tests to look for a test of that name: expected a scenario (make build/tests/wqtwin builds the tests)",
			 opt->file);
		return EXIT_TROUBLE;
	}
	if (opt->budget_ns) {
		complain("explore: a test is explored for a number of schedules: expected --budget=N");
		return EXIT_TROUBLE;
	}
	if (opt->schedules)
		snprintf(schedules, sizeof(schedules), "%llu", (unsigned long long)opt->schedules);
	execl(twin, twin, "-x", schedules, "-e", opt->strategy ? opt->strategy : "bounded:2", opt->file, NULL);
	complain("explore: %s cannot be run: %s", twin, strerror(errno));
	return EXIT_TROUBLE;
}
