// SPDX-License-Identifier: GPL-2.0-only
/*
 * Runs one script of tests/cli or tests/soak as a test.
 *
 * The script finds the command under test in $WQLAB, the folder it was built in
 * in $WQLAB_BUILD, and an empty folder of its own in $TMPDIR, which is removed
 * afterwards.  Its current folder is the top of the tree.  It says by its exit
 * status how it went: 0 passed, 77 skipped (its last line is the reason),
 * anything else failed.  What it printed is kept in memory for the report.
 */
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "runner.h"

#define SKIPPED	77

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

/* The folder the variant was built in: this binary is <folder>/tests/<name>. */
static int build_folder(char *out, size_t size)
{
	ssize_t n = readlink("/proc/self/exe", out, size - 1);

	if (n < 0)
		return -1;
	out[n] = '\0';
	for (int up = 0; up < 2; up++) {
		char *slash = strrchr(out, '/');

		if (!slash)
			return -1;
		*slash = '\0';
	}
	return 0;
}

static void run_script(const char *path, const char *tmp, int out)
{
	char build[PATH_MAX], command[PATH_MAX + 8];
	int null = open("/dev/null", O_RDONLY);

	/* Criterion kills only this process when time is up. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (null < 0 || build_folder(build, sizeof(build)))
		_exit(126);
	snprintf(command, sizeof(command), "%s/wqlab", build);
	setenv("WQLAB", command, 1);
	setenv("WQLAB_BUILD", build, 1);
	setenv("TMPDIR", tmp, 1);
	setenv("LC_ALL", "C", 1);
	/*
	 * A script may call make or the suite; it is no part of the make that
	 * runs us, nor one of this Criterion's workers.
	 */
	unsetenv("MAKEFLAGS");
	unsetenv("MAKELEVEL");
	unsetenv("MFLAGS");
	unsetenv("BXFI_MAP");
	dup2(null, STDIN_FILENO);
	dup2(out, STDOUT_FILENO);
	dup2(out, STDERR_FILENO);
	if (!access(path, X_OK))
		execl(path, path, (char *)NULL);
	else
		execl("/bin/sh", "sh", path, (char *)NULL);
	dprintf(out, "cannot run %s: %s\n", path, strerror(errno));
	_exit(126);
}

/* The end of the output is what tells most. */
static void report_output(int out, const char *path, int status)
{
	char text[16384];
	off_t end = lseek(out, 0, SEEK_END), from;
	int n;

	n = snprintf(text, sizeof(text), "%s %s %d; it printed:\n", path,
		     WIFSIGNALED(status) ? "was killed by signal" : "ended with status",
		     WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
	from = end > (off_t)sizeof(text) - n - 1 ? end - (off_t)(sizeof(text) - n - 1) : 0;
	n += pread(out, text + n, sizeof(text) - n - 1, from);
	text[n] = '\0';
	wqtest_set_report(text);
}

static void report_last_line(int out)
{
	char text[1024];
	off_t end = lseek(out, 0, SEEK_END);
	off_t from = end > (off_t)sizeof(text) - 1 ? end - (off_t)(sizeof(text) - 1) : 0;
	ssize_t n = pread(out, text, sizeof(text) - 1, from);
	char *line;

	while (n > 0 && text[n - 1] == '\n')
		n--;
	text[n > 0 ? n : 0] = '\0';
	line = strrchr(text, '\n');
	wqtest_set_report(line ? line + 1 : text);
}

int wqtest_script(const char *path)
{
	const char *where = getenv("TMPDIR");
	int out = memfd_create("script", MFD_CLOEXEC);
	char tmp[PATH_MAX];
	int status = 0;
	pid_t child;

	snprintf(tmp, sizeof(tmp), "%s/wqlab-XXXXXX", where && *where ? where : "/tmp");
	if (out < 0 || !mkdtemp(tmp)) {
		wqtest_set_report("cannot make a temporary folder");
		return 1;
	}
	if (access(path, R_OK)) {
		wqtest_set_report("the script is not there: run this from the top of the tree");
		rmdir(tmp);
		return 1;
	}
	child = fork();
	if (!child)
		run_script(path, tmp, out);
	while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	nftw(tmp, remove_one, 16, FTW_DEPTH | FTW_PHYS);

	if (child > 0 && WIFEXITED(status) && WEXITSTATUS(status) == SKIPPED) {
		report_last_line(out);
		close(out);
		return SKIPPED;
	}
	report_output(out, path, status);
	close(out);
	return child < 0 || status != 0;
}
