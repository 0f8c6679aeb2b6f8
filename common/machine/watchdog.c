// SPDX-License-Identifier: GPL-2.0-only
/*
 * The last resort of the simulated machine: code that loops without ever passing a
 * choice point cannot be stopped from inside, so a timer of the process's CPU time
 * looks whether choice points go by.
 *
 * The signal lands on any thread, so all that can be done is to say who it was and
 * to end the process.  Under a debugger there is no watchdog: somebody is stepping.
 *
 * Locking: none; a handler that reads a counter torn or late looks again 2 s later.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

#include "sim.h"
#include "watchdog.h"

#define LOOK_SECONDS	2	/* of CPU time, between two looks */
#define LOOKS		5	/* without a choice point until it barks */

static uint64_t seen_steps, seen_runs;
static unsigned int looks;
static struct sigaction before;
static bool armed;

bool debugged(void)
{
	char buf[2048], *p;
	int fd = open("/proc/self/status", O_RDONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		return false;
	n = read(fd, buf, sizeof(buf) - 1);
	close(fd);
	if (n <= 0)
		return false;
	buf[n] = '\0';
	p = strstr(buf, "TracerPid:");
	return p && atoi(p + strlen("TracerPid:"));
}

static void look(int sig)
{
	const struct mtask *t = sim.current;
	char line[160];
	int n;

	(void)sig;
	if (!t || sim.stopped || seen_steps != sim.steps || seen_runs != sim_runs) {
		seen_steps = sim.steps;
		seen_runs = sim_runs;
		looks = 0;
		return;
	}
	if (++looks < LOOKS)
		return;
	n = snprintf(line, sizeof(line),
		     "wqlab: task %s/%u has run for %d s without a choice point: it loops and never yields\n",
		     t->comm, t->id, LOOKS * LOOK_SECONDS);
	if (write(STDERR_FILENO, line, (size_t)n) < 0)
		_exit(WATCHDOG_EXIT);
	_exit(WATCHDOG_EXIT);
}

void watchdog_start(void)
{
	struct sigaction sa = { .sa_handler = look, .sa_flags = SA_RESTART };
	struct itimerval every = { { LOOK_SECONDS, 0 }, { LOOK_SECONDS, 0 } };

	seen_steps = 0;
	looks = 0;
	armed = !debugged();
	if (!armed)
		return;
	sigaction(SIGPROF, &sa, &before);
	setitimer(ITIMER_PROF, &every, NULL);
}

void watchdog_stop(void)
{
	struct itimerval off = { { 0, 0 }, { 0, 0 } };

	if (!armed)
		return;
	setitimer(ITIMER_PROF, &off, NULL);
	sigaction(SIGPROF, &before, NULL);
	armed = false;
}
