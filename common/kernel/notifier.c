// SPDX-License-Identifier: GPL-2.0-only
/*
 * Notifier chains: a list sorted by priority.
 *
 * Owns nothing.  Locking: the chain's user sees to it that nobody calls a chain while
 * it changes.  A function may take its own block off while it is called.
 *
 * Mirrors 3.18 kernel/notifier.c.  Read next: cpu.c, which has the chain that matters here.
 */
#include <linux/compiler.h>
#include <linux/errno.h>
#include <linux/notifier.h>

int raw_notifier_chain_register(struct raw_notifier_head *nh, struct notifier_block *nb)
{
	struct notifier_block **at = &nh->head;

	while (*at && (*at)->priority >= nb->priority)
		at = &(*at)->next;
	nb->next = *at;
	*at = nb;
	return 0;
}

int raw_notifier_chain_unregister(struct raw_notifier_head *nh, struct notifier_block *nb)
{
	struct notifier_block **at;

	for (at = &nh->head; *at; at = &(*at)->next) {
		if (*at == nb) {
			*at = nb->next;
			return 0;
		}
	}
	return -ENOENT;
}

int __raw_notifier_call_chain(struct raw_notifier_head *nh, unsigned long val, void *v,
			      int nr_to_call, int *nr_calls)
{
	struct notifier_block *nb, *next;
	int ret = NOTIFY_DONE;

	for (nb = nh->head; nb && nr_to_call; nb = next, nr_to_call--) {
		next = nb->next;
		ret = nb->notifier_call(nb, val, v);
		if (nr_calls)
			++*nr_calls;
		if (ret & NOTIFY_STOP_MASK)
			break;
	}
	return ret;
}

int raw_notifier_call_chain(struct raw_notifier_head *nh, unsigned long val, void *v)
{
	return __raw_notifier_call_chain(nh, val, v, -1, NULL);
}
