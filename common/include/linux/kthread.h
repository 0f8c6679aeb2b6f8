/* SPDX-License-Identifier: GPL-2.0-only */
/**
 * @file
 * Kernel threads (3.18: include/linux/kthread.h).
 */
#ifndef _LINUX_KTHREAD_H
#define _LINUX_KTHREAD_H

#include <linux/err.h>
#include <linux/sched.h>

/**
 * Make a thread; it does not run before wake_up_process().  Context: process.
 * @param threadfn what it runs; what that returns, kthread_stop() returns
 * @param data handed to @p threadfn
 * @param node for its memory; unused here
 * @param namefmt printf format of its name, cut to 15 characters
 * @return the task, or ERR_PTR(-ENOMEM) (also by fault injection), ERR_PTR(-EAGAIN)
 */
struct task_struct *kthread_create_on_node(int (*threadfn)(void *data), void *data, int node,
					   const char namefmt[], ...)
	__attribute__((format(printf, 4, 5)));
/** kthread_create_on_node() without a node. */
#define kthread_create(threadfn, data, namefmt, arg...) \
	kthread_create_on_node(threadfn, data, -1, namefmt, ##arg)
/** kthread_create() and wake it. */
#define kthread_run(threadfn, data, namefmt, ...)	({		\
	struct task_struct *__k = kthread_create(threadfn, data, namefmt, ##__VA_ARGS__); \
	if (!IS_ERR(__k))						\
		wake_up_process(__k);					\
	__k;								\
})

/** Bind a thread that has not run yet to a CPU. @param k the thread @param cpu which */
void kthread_bind(struct task_struct *k, unsigned int cpu);
/**
 * Ask a thread to stop, and wait until it has.  Context: process.
 * @param k the thread
 * @return what its function returned; -EINTR if it never ran
 */
int kthread_stop(struct task_struct *k);
/** @return whether somebody asked current to stop. */
bool kthread_should_stop(void);
/** What a thread was made with. @param k the thread @return its data */
void *kthread_data(struct task_struct *k);
/** What a thread was made to run (5.13). @param k the thread @return its function */
void *kthread_func(struct task_struct *k);

#endif
