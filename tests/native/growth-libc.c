// SPDX-License-Identifier: GPL-2.0-only
/*
 * What this process holds, and what its environment says, for bodies that see the
 * kernel's headers only.
 *
 * Nothing is owned, nothing is locked.
 */
#include <dirent.h>
#include <malloc.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "growth.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED true
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZED true
#endif
#endif
#ifndef SANITIZED
#define SANITIZED false
#endif

static long entries(const char *path)
{
	DIR *dir = opendir(path);
	struct dirent *d;
	long n = 0;

	if (!dir)
		return -1;
	while ((d = readdir(dir)))
		n += d->d_name[0] != '.';
	closedir(dir);
	return n;
}

static long lines(const char *path)
{
	FILE *f = fopen(path, "r");
	long n = 0;
	int c;

	if (!f)
		return -1;
	while ((c = getc(f)) != EOF)
		n += c == '\n';
	fclose(f);
	return n;
}

static long resident(void)
{
	FILE *f = fopen("/proc/self/statm", "r");
	long size, pages = -1;

	if (!f)
		return -1;
	if (fscanf(f, "%ld %ld", &size, &pages) != 2)
		pages = -1;
	fclose(f);
	return pages < 0 ? -1 : pages * (sysconf(_SC_PAGESIZE) / 1024);
}

void growth_look(struct growth *g)
{
	g->threads = entries("/proc/self/task");
	g->descriptors = entries("/proc/self/fd");
	g->mappings = lines("/proc/self/maps");
	g->resident_kib = resident();
	g->heap = (long)(mallinfo2().uordblks + mallinfo2().hblkhd);
	g->exact = !SANITIZED;
}

void growth_pause(void)
{
	usleep(2000);
}

unsigned long number_from(const char *name, unsigned long otherwise)
{
	const char *text = getenv(name);

	return text && *text ? strtoul(text, NULL, 10) : otherwise;
}

unsigned long seed_of_today(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return ((unsigned long)now.tv_sec * 1000 + (unsigned long)now.tv_nsec / 1000000) % 100000000;
}

void say(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	va_end(args);
	fputc('\n', stderr);
}
