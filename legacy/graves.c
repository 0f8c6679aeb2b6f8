// SPDX-License-Identifier: GPL-2.0-only
/*
 * Items that outlive their workqueue: where the release would read freed memory, the
 * mistake is named and nothing is touched.  The release has nothing of the kind.
 *
 * Nothing clears the cwq in an item's data word, so long after destroy_workqueue() a
 * flush, a cancel, or a timer that was armed before still goes there:
 *
 *	work->data ---> cpu_workqueue_struct, freed, filled with POISON_FREE
 *	                  wq = 0x6b6b6b6b6b6b6b6b         by this we know
 *	                graves[]: where it lay, its name  by this we say whose it was
 *
 * Memory that was handed out again in between is another workqueue's cwq and looks alive;
 * then the caller waits for somebody else's items, which harms nobody's memory.
 *
 * Owns the names of the last workqueues that were destroyed, under graves_lock.
 *
 * Read next: later.c.
 */
#include <linux/kernel.h>
#include <linux/poison.h>
#include <linux/string.h>

#include <wqlab/objname.h>

#include "workqueue_internal.h"

#define GRAVES	64

/* L: under graves_lock.  The ring begins anew behind its end. */
static struct {
	const struct cpu_workqueue_struct *cpu_wq;	/* L: per CPU, as an address only */
	char name[32];					/* L: cut */
} graves[GRAVES];
static unsigned int next_grave;				/* L */
static DEFINE_SPINLOCK(graves_lock);

/* @wq is about to be freed. */
void bury_workqueue(const struct workqueue_struct *wq)
{
	unsigned int i;

	spin_lock(&graves_lock);
	i = next_grave++ % GRAVES;
	graves[i].cpu_wq = wq->cpu_wq;
	strlcpy(graves[i].name, wq->name, sizeof(graves[i].name));
	spin_unlock(&graves_lock);
}

static bool lies_in(const struct cpu_workqueue_struct *cpu_wq,
		    const struct cpu_workqueue_struct *cwq)
{
	int cpu;

	if (!cpu_wq)
		return false;
	for_each_possible_cpu(cpu)
		if (per_cpu_ptr(cpu_wq, cpu) == cwq)
			return true;
	return false;
}

/* Whose was it?  The newest that lay there. */
static void find_name(const struct cpu_workqueue_struct *cwq, char *name, size_t size)
{
	unsigned int i;

	spin_lock(&graves_lock);
	for (i = 1; i <= GRAVES; i++) {
		unsigned int at = (next_grave - i) % GRAVES;

		if (lies_in(graves[at].cpu_wq, cwq)) {
			strlcpy(name, graves[at].name, size);
			break;
		}
	}
	spin_unlock(&graves_lock);
}

bool is_poisoned(const struct cpu_workqueue_struct *cwq)
{
	unsigned long poison;

	memset(&poison, POISON_FREE, sizeof(poison));
	return (unsigned long)__READ_ONCE(cwq->wq) == poison;
}

/* What to call an item: by its own name, if it has one, else by its function. */
const char *work_text(const struct work_struct *work, char *buf, size_t size)
{
	const char *name = wqlab_object_name(work);

	if (name)
		strlcpy(buf, name, size);
	else
		snprintf(buf, size, "%pf", work->func);
	return buf;
}

/*
 * What an item's data word points to, if that is still a workqueue's; else say what is
 * wrong, and give NULL.
 */
struct cpu_workqueue_struct *unless_poisoned(struct cpu_workqueue_struct *cwq,
					     struct work_struct *work, const char *call)
{
	char name[32] = "(forgotten)", text[48];

	if (likely(!cwq || !is_poisoned(cwq)))
		return cwq;
	find_name(cwq, name, sizeof(name));
	work_text(work, text, sizeof(text));
	WARN(1, "legacy: %s() of %s, whose cwq is poison: workqueue \"%s\" was destroyed\n", call, text, name);
	return NULL;
}
