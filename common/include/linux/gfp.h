/* SPDX-License-Identifier: GPL-2.0-only */
/**
 * @file
 * How memory may be got. The bits are 3.18's; what counts here is whether the
 * allocation may sleep, whether it is zeroed and whether it may fail.
 * Mirrors include/linux/gfp.h of 3.18.
 */
#ifndef _LINUX_GFP_H
#define _LINUX_GFP_H

#include <linux/types.h>

#define __GFP_WAIT	((gfp_t)0x10u)		/**< may sleep */
#define __GFP_HIGH	((gfp_t)0x20u)		/**< may use the emergency pools */
#define __GFP_IO	((gfp_t)0x40u)		/**< may start I/O */
#define __GFP_FS	((gfp_t)0x80u)		/**< may call into file systems */
#define __GFP_NOWARN	((gfp_t)0x200u)		/**< fail quietly */
#define __GFP_REPEAT	((gfp_t)0x400u)		/**< try hard */
#define __GFP_NOFAIL	((gfp_t)0x800u)		/**< may not fail; no fault is injected */
#define __GFP_NORETRY	((gfp_t)0x1000u)	/**< give up early */
#define __GFP_ZERO	((gfp_t)0x8000u)	/**< fill with zeroes */
#define __GFP_THISNODE	((gfp_t)0x40000u)	/**< from this node or not at all */

#define GFP_NOWAIT	((gfp_t)0)				/**< now or never */
#define GFP_ATOMIC	__GFP_HIGH				/**< now, with the reserves */
#define GFP_NOIO	__GFP_WAIT				/**< may sleep, no I/O */
#define GFP_NOFS	(__GFP_WAIT | __GFP_IO)			/**< may sleep, no file systems */
#define GFP_KERNEL	(__GFP_WAIT | __GFP_IO | __GFP_FS)	/**< the usual: may sleep */
#define GFP_USER	GFP_KERNEL				/**< on behalf of a user */

#endif /* _LINUX_GFP_H */
