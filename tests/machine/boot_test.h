/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * First tasks of boot.c that boot-libc.c boots too.  Plain C: both worlds include it.
 */
#ifndef BOOT_TEST_H
#define BOOT_TEST_H

int boot_some_work(void *arg);		/* ends well */
int boot_ends_badly(void *arg);		/* ends in a deadlock, a task waiting and a mutex held */

#endif
