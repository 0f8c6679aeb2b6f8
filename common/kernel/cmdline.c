// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel's command line: parameters of what is built in, set before it starts.
 *
 *	"workqueue.power_efficient workqueue.watchdog_thresh=10"
 *
 * Words are divided by blanks.  A word that no part of this kernel knows, or a value it
 * cannot take, is told of and left out, as a kernel does.
 *
 * Owns the copy of the line, which string parameters point into, until the machine ends.
 * Locking: none, init alone reads it.  Mirrors the idea of init/main.c and kernel/params.c.
 *
 * Read next: module.c, which knows the parameters.
 */
#include <linux/errno.h>
#include <linux/moduleparam.h>
#include <linux/printk.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <wqlab/cmdline.h>

static char *line;	/* our copy, cut into words */

static void set_one(char *word)
{
	char *value = strchr(word, '=');
	int err;

	if (value)
		*value++ = '\0';
	err = wqlab_set_param(word, value);
	if (err == -ENOENT)
		pr_warn("kernel command line: there is no parameter \"%s\", left out\n", word);
	else if (err)
		pr_warn("kernel command line: \"%s\" is no value for %s, left out\n",
			value ? value : "", word);
}

int cmdline_read(const char *text)
{
	char *rest, *word;

	if (!text)
		return 0;
	rest = line = kstrdup(text, GFP_KERNEL);
	if (!line)
		return -ENOMEM;
	while ((word = strsep(&rest, " \t")))
		if (*word)
			set_one(word);
	return 0;
}

void cmdline_free(void)
{
	kfree(line);
	line = NULL;
}
