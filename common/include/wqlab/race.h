/* SPDX-License-Identifier: GPL-2.0-only */
/**
 * @file
 * What ThreadSanitizer has to be told, and nobody else.
 *
 * It learns who waited for whom from atomics and locks.  The machines are hidden from
 * it, lest their hand-overs look like synchronisation (decision 11); so where it is a
 * machine that puts one thing behind another (a thread starts, ends, is joined; one
 * task executes at a time), the kernel services say so here.  In other builds all of
 * it is empty.
 *
 * Plain C: both worlds include it.
 */
#ifndef WQLAB_RACE_H
#define WQLAB_RACE_H

#include <stdbool.h>

#if defined(WQLAB_RACES)
/* Said by the Makefile, for what is not built for it itself. */
#elif defined(__SANITIZE_THREAD__)
#define WQLAB_RACES	1	/**< ThreadSanitizer looks on */
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define WQLAB_RACES	1	/**< ThreadSanitizer looks on */
#endif
#endif

#ifdef WQLAB_RACES
#define race_watched	true	/**< whether ThreadSanitizer looks on */
/** @cond */
void __tsan_acquire(void *addr);
void __tsan_release(void *addr);
void AnnotateIgnoreReadsBegin(const char *file, int line);
void AnnotateIgnoreReadsEnd(const char *file, int line);
void AnnotateIgnoreWritesBegin(const char *file, int line);
void AnnotateIgnoreWritesEnd(const char *file, int line);
/** @endcond */

/** All that this thread did so far comes before a race_acquire() of the same place. @param p any address */
#define race_release(p)		__tsan_release((void *)(p))
/** What came before each race_release() of the same place has happened. @param p any address */
#define race_acquire(p)		__tsan_acquire((void *)(p))
/** From here on nobody else executes: accesses are no races until race_watch(). */
#define race_ignore()	do {						\
		AnnotateIgnoreReadsBegin(__FILE__, __LINE__);		\
		AnnotateIgnoreWritesBegin(__FILE__, __LINE__);		\
	} while (0)
/** The end of race_ignore(). */
#define race_watch()	do {						\
		AnnotateIgnoreWritesEnd(__FILE__, __LINE__);		\
		AnnotateIgnoreReadsEnd(__FILE__, __LINE__);		\
	} while (0)
#else
#define race_watched		false			/**< see above */
#define race_release(p)		((void)(p))	/**< see above */
#define race_acquire(p)		((void)(p))	/**< see above */
#define race_ignore()		((void)0)	/**< see above */
#define race_watch()		((void)0)	/**< see above */
#endif

#endif
