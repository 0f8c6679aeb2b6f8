/* SPDX-License-Identifier: GPL-2.0-only */
/**
 * @file
 * Marks of code that runs once. Nothing is thrown away after boot here, since
 * the next boot needs it again. Mirrors include/linux/init.h.
 */
#ifndef _LINUX_INIT_H
#define _LINUX_INIT_H

#include <linux/compiler.h>

#define __init		/**< runs at boot */
#define __initdata	/**< used at boot */
#define __initconst	/**< constant used at boot */
#define __exit		/**< runs when a module goes */
#define __exitdata	/**< used when a module goes */
#define __devinit	/**< runs when a device comes (until 3.8) */
#define __cpuinit	/**< runs when a CPU comes (until 3.11) */
#define __cpuinitdata	/**< used when a CPU comes (until 3.11) */
#define __ref		/**< may refer to __init code */
#define __refdata	/**< may refer to __init data */

typedef int (*initcall_t)(void);	/**< starts something; 0 or a negative error */
typedef void (*exitcall_t)(void);	/**< stops it */

#endif /* _LINUX_INIT_H */
