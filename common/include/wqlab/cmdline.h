/* SPDX-License-Identifier: GPL-2.0-only */
/**
 * @file
 * The kernel's command line (machine_config.cmdline), read at boot.
 */
#ifndef WQLAB_CMDLINE_H
#define WQLAB_CMDLINE_H

/**
 * Set the parameters that a command line names.  Context: init, before the engines boot.
 * @param text words such as "workqueue.disable_numa"; NULL: none
 * @return 0 or -ENOMEM; what is wrong in it is told of, and left out
 */
int cmdline_read(const char *text);
/** Give back what string parameters pointed into.  Context: init, after the engines are down. */
void cmdline_free(void);

#endif
