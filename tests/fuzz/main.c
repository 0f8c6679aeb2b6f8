// SPDX-License-Identifier: GPL-2.0-only
/*
 * wqfuzz: so many inputs from so many seeds, or the inputs in files.
 *
 *	wqfuzz -n 1000000 scenario	seeds 1 to 1000000
 *	wqfuzz -s 4711 -n 1 options	just this one again
 *	wqfuzz scenario FILE...		what a failure, or libFuzzer, left behind
 *
 * It ends at the first input that is not answered as it should be, says which
 * and writes it to a file in the folder -o (here, if it is not given).
 *
 * Read next: scenario-target.c, options-target.c.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "fuzz.h"

static int usage(void)
{
	fputs("usage: wqfuzz [-s SEED] [-n COUNT] [-o FOLDER] scenario|options [FILE...]\n", stderr);
	return 2;
}

static int judge_file(const struct target *t, const char *path)
{
	static struct buf b;
	FILE *f = fopen(path, "rb");

	if (!f) {
		perror(path);
		return 2;
	}
	b.len = fread(b.s, 1, ROOM, f);
	b.s[b.len] = '\0';
	fclose(f);
	t->judge(b.s, b.len);
	printf("wqfuzz %s: %s: %s\n", t->name, path, tally.accepted ? "accepted" : "refused");
	tally = (struct tally) { 0 };
	return 0;
}

static double seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec + now.tv_nsec / 1e9;
}

static int play(const struct target *t, uint64_t first, uint64_t count)
{
	double start = seconds();
	int64_t blocks = meter.blocks;

	for (uint64_t i = 0; i < count; i++) {
		report_seed(first + i);
		t->play(first + i);
	}
	printf("wqfuzz %s: %llu inputs from seed %llu in %.0f s; readings: %llu accepted, %llu refused, "
	       "%llu printed and read again, %llu without memory\n",
	       t->name, (unsigned long long)count, (unsigned long long)first, seconds() - start,
	       (unsigned long long)tally.accepted, (unsigned long long)tally.refused,
	       (unsigned long long)tally.printed, (unsigned long long)tally.out_of_memory);
	printf("wqfuzz %s: longest input %llu bytes; at most %llu%% of the steps and %llu%% of the memory allowed\n",
	       t->name, (unsigned long long)tally.longest, (unsigned long long)tally.steps,
	       (unsigned long long)tally.bytes);
	/* both ways have to be gone often, or nothing was tried */
	if (count >= 1000 && (tally.accepted < count / 10 || tally.refused < count / 10)) {
		fprintf(stderr, "wqfuzz: nearly all are answered alike\n");
		return 1;
	}
	return meter.blocks != blocks;
}

int main(int argc, char **argv)
{
	static const struct target *const targets[] = { &target_scenario, &target_options };
	const struct target *t = NULL;
	uint64_t first = 1, count = 10000;
	int c, status = 0;

	report_folder = ".";
	while ((c = getopt(argc, argv, "s:n:o:")) != -1) {
		switch (c) {
		case 's': first = strtoull(optarg, NULL, 10); break;
		case 'n': count = strtoull(optarg, NULL, 10); break;
		case 'o': report_folder = optarg; break;
		default: return usage();
		}
	}
	for (size_t i = 0; optind < argc && i < COUNT(targets); i++)
		if (!strcmp(argv[optind], targets[i]->name))
			t = targets[i];
	if (!t)
		return usage();
	argv += optind + 1;	/* the target's getopt() starts over and moves optind */
	report_catch_crashes();
	if (!*argv)
		return play(t, first, count);
	for (; !status && *argv; argv++)
		status = judge_file(t, *argv);
	return status;
}
