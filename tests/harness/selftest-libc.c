// SPDX-License-Identifier: GPL-2.0-only
/*
 * Does the harness see a thread and memory that a test leaves behind?
 */
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include "wqtest.h"

int __lsan_do_recoverable_leak_check(void) __attribute__((weak));

static void *stays(void *arg)
{
	pause();
	return arg;
}

WQTEST(harness, thread_left_behind, .fails = "1 threads left behind")
{
	pthread_t thread;

	CHECK_EQ(pthread_create(&thread, NULL, stays, NULL), 0);
}

static void *joined(void *arg)
{
	return arg;
}

WQTEST(harness, joined_thread_is_gone)
{
	pthread_t thread;

	CHECK_EQ(pthread_create(&thread, NULL, joined, NULL), 0);
	CHECK_EQ(pthread_join(thread, NULL), 0);
}

static void __attribute__((noinline)) forget(void)
{
	void *volatile memory = malloc(100);

	memory = NULL;
	(void)memory;
}

WQTEST(harness, leak_is_seen, .fails = "leaked")
{
	/* Nothing looks for leaks in a build without AddressSanitizer. */
	if (__lsan_do_recoverable_leak_check)
		forget();
	else
		wqtest_fail(__FILE__, __LINE__, "leaked");
}
