// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include "wqlab/machine.h"

int first(void *arg);

static void show_line(int level, const char *text, void *engine)
{
	printf("%-6s | %s\n", (const char *)engine, text);
}

static int boot(char *engine)
{
	struct machine_config cfg = {
		.cpus = 1, .engines = engine, .console = show_line, .console_arg = engine,
	};
	struct machine_result res;
	int bad;

	if (machine_run(&cfg, first, NULL, &res)) {
		fprintf(stderr, "twice: %s\n", machine_error());
		return 1;
	}
	bad = res.verdict != VERDICT_OK;
	fputs(res.report, stderr);
	machine_result_free(&res);
	return bad;
}

int main(void)
{
	return boot("legacy") || boot("cmwq");
}
