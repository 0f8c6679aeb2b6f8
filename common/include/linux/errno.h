/* SPDX-License-Identifier: GPL-2.0-only */
/**
 * @file
 * Error numbers, those of x86 and most others, and the few that never leave
 * a kernel. Mirrors include/linux/errno.h.
 */
#ifndef _LINUX_ERRNO_H
#define _LINUX_ERRNO_H

#define EPERM		1	/**< not permitted */
#define ENOENT		2	/**< no such file or entry */
#define ESRCH		3	/**< no such process */
#define EINTR		4	/**< interrupted call */
#define EIO		5	/**< input/output failed */
#define ENXIO		6	/**< no such device or address */
#define E2BIG		7	/**< argument list too long */
#define ENOEXEC		8	/**< not an executable */
#define EBADF		9	/**< bad file descriptor */
#define ECHILD		10	/**< no child process */
#define EAGAIN		11	/**< not now; try again */
#define EWOULDBLOCK	EAGAIN	/**< the same: would block */
#define ENOMEM		12	/**< no memory */
#define EACCES		13	/**< access denied */
#define EFAULT		14	/**< bad address */
#define ENOTBLK		15	/**< not a block device */
#define EBUSY		16	/**< in use */
#define EEXIST		17	/**< exists already */
#define EXDEV		18	/**< link across devices */
#define ENODEV		19	/**< no such device */
#define ENOTDIR		20	/**< not a directory */
#define EISDIR		21	/**< a directory */
#define EINVAL		22	/**< invalid argument */
#define ENFILE		23	/**< too many files open in the system */
#define EMFILE		24	/**< too many files open */
#define ENOTTY		25	/**< no such control for this device */
#define ETXTBSY		26	/**< program file in use */
#define EFBIG		27	/**< file too large */
#define ENOSPC		28	/**< no space left */
#define ESPIPE		29	/**< cannot seek */
#define EROFS		30	/**< read-only file system */
#define EMLINK		31	/**< too many links */
#define EPIPE		32	/**< nobody reads this pipe */
#define EDOM		33	/**< outside the domain */
#define ERANGE		34	/**< result does not fit */
#define EDEADLK		35	/**< would deadlock */
#define ENAMETOOLONG	36	/**< name too long */
#define ENOSYS		38	/**< not implemented */
#define ENOTEMPTY	39	/**< directory not empty */
#define ELOOP		40	/**< too many symbolic links */
#define ENOMSG		42	/**< no such message */
#define ENODATA		61	/**< no data */
#define ETIME		62	/**< timer expired */
#define EPROTO		71	/**< protocol error */
#define EOVERFLOW	75	/**< value too large for its type */
#define EILSEQ		84	/**< invalid byte sequence */
#define EMSGSIZE	90	/**< message too long */
#define EOPNOTSUPP	95	/**< not supported here */
#define EADDRINUSE	98	/**< address in use */
#define ECONNABORTED	103	/**< connection aborted */
#define ECONNRESET	104	/**< connection reset */
#define ENOBUFS		105	/**< no buffers */
#define ESHUTDOWN	108	/**< shut down */
#define ETIMEDOUT	110	/**< timed out */
#define ECONNREFUSED	111	/**< connection refused */
#define EHOSTUNREACH	113	/**< host unreachable */
#define EALREADY	114	/**< already going on */
#define EINPROGRESS	115	/**< going on now */
#define ESTALE		116	/**< stale handle */
#define ECANCELED	125	/**< cancelled */
#define ERESTARTSYS	512	/**< restart the call after the signal */
#define ERESTARTNOINTR	513	/**< restart the call always */
#define ERESTARTNOHAND	514	/**< restart unless a handler ran */
#define ERESTART_RESTARTBLOCK	516	/**< restart through a special call */
#define EPROBE_DEFER	517	/**< probe again later */
#define ENOTSUPP	524	/**< operation not supported */

#endif /* _LINUX_ERRNO_H */
