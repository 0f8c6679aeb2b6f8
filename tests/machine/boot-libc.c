// SPDX-License-Identifier: GPL-2.0-only
/*
 * A thousand boots in one process leave no thread, no descriptor, no mapping and
 * no memory behind.
 */
#include <dirent.h>
#include <malloc.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "boot_test.h"
#include "wqtest.h"

static int count_entries(const char *path)
{
	DIR *dir = opendir(path);
	int n = 0;

	if (!dir)
		return -1;
	while (readdir(dir))
		n++;
	closedir(dir);
	return n;
}

static int count_mappings(void)
{
	FILE *f = fopen("/proc/self/maps", "r");
	int c, n = 0;

	if (!f)
		return -1;
	while ((c = getc(f)) != EOF)
		n += c == '\n';
	fclose(f);
	return n;
}

/* Resident pages. */
static long resident(void)
{
	FILE *f = fopen("/proc/self/statm", "r");
	long size = 0, pages = -1;

	if (!f)
		return -1;
	if (fscanf(f, "%ld %ld", &size, &pages) != 2)
		pages = -1;
	fclose(f);
	return pages;
}

static void boot(const char *engines, int (*fn)(void *), enum verdict want)
{
	const struct machine_config cfg = { .engines = engines, .cpus = 4, .quiet = true };
	struct machine_result res;

	if (sim_run(&cfg, fn, NULL, &res))
		return;
	CHECK_MSG(res.verdict == want, "verdict %s\n%s", verdict_name(res.verdict), res.report);
	machine_result_free(&res);
}

WQTEST(machine_boot, a_thousand_times, .timeout = 180)
{
	int threads = 0, fds = 0, mappings = 0, now = 0;
	size_t heap = 0, heap_now;
	cpu_set_t cores, cores_now;
	long pages = 0;

	CHECK_EQ(sched_getaffinity(0, sizeof(cores), &cores), 0);
	for (int i = 0; i < 1000; i++) {
		if (i == 100) {
			threads = count_entries("/proc/self/task");
			fds = count_entries("/proc/self/fd");
			mappings = count_mappings();
			heap = mallinfo2().uordblks + mallinfo2().hblkhd;
			pages = resident();
		}
		if (i % 10 == 9)
			boot(NULL, boot_ends_badly, VERDICT_DEADLOCK);
		else
			boot(i % 3 == 0 ? "legacy" : i % 3 == 1 ? "cmwq" : "legacy,cmwq",
			     boot_some_work, VERDICT_OK);
	}
	CHECK(threads > 0 && fds > 0 && mappings > 0 && pages > 0);
	CHECK_EQ(count_entries("/proc/self/fd"), fds);
	CHECK_EQ(sched_getaffinity(0, sizeof(cores_now), &cores_now), 0);
	CHECK(CPU_EQUAL(&cores, &cores_now));
	/* A joined thread is listed for a moment longer. */
	for (int tries = 0; tries < 500; tries++) {
		now = count_entries("/proc/self/task");
		if (now <= threads)
			break;
		usleep(2000);
	}
	CHECK_EQ(now, threads);
	/* A sanitizer keeps freed memory and what it knows of ended threads. */
	if (wqtest_sanitized())
		return;
	CHECK_EQ(count_mappings(), mappings);
	heap_now = mallinfo2().uordblks + mallinfo2().hblkhd;
	/* The least that malloc() gives is 32 bytes: lost with each boot, they are more than this. */
	CHECK_MSG(heap_now <= heap + 16384, "%zu bytes of heap, 900 boots ago %zu", heap_now, heap);
	CHECK_MSG(resident() <= pages + 64, "%ld pages resident, 900 boots ago %ld",
		  resident(), pages);
}
