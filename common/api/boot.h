/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What boot.c asks of its neighbours.  All of it is called by boot's one task, before
 * there is one, or after the end of a run: no locks.
 */
#ifndef WQLAB_API_BOOT_H
#define WQLAB_API_BOOT_H

/* Is every name of the comma-separated list an engine?  0, or -1 and a sentence. */
int engines_check(const char *list);
/* Boot the listed engines, the first of them in charge; 0 or -errno. */
int engines_boot(const char *list);
/* Shut them down, the last first. */
void engines_shutdown(void);

/* check-quiet.c: nothing moves any more; do all items' books balance? */
void check_notes_quiet(void);
/* check-calls.c: what there is to say of a run that came to its end. */
void check_report(void (*line)(const char *text));
/* dump.c: what the booted engines hold, without a lock. */
void engines_dump(void (*line)(const char *text));

#endif
