/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * For `make HELGRIND=1`: read before everything else, it tells helgrind what our atomics
 * do.  By itself helgrind takes an atomic access for an ordinary one, and our locks, the
 * parking and the waking are made of nothing else: it would see races everywhere.
 *
 *	releases	happens before whatever acquires the same word later
 *	any of them	is no race: the word is not looked at from then on
 *
 * What stands between is looked at as ever.  A relaxed access orders nothing.
 */
#ifndef SOAK_HELGRIND_H
#define SOAK_HELGRIND_H

#include <valgrind/helgrind.h>

/* The cast drops const and volatile. */
#define hg_word(p)	((void *)(unsigned long)(p))
#define hg_before(p, order)						\
	do {								\
		VALGRIND_HG_DISABLE_CHECKING(hg_word(p), sizeof(*(p)));	\
		if ((order) == __ATOMIC_RELEASE || (order) >= __ATOMIC_ACQ_REL)	\
			ANNOTATE_HAPPENS_BEFORE(hg_word(p));		\
	} while (0)
#define hg_after(p, order)						\
	do {								\
		if ((order) != __ATOMIC_RELAXED && (order) != __ATOMIC_RELEASE)	\
			ANNOTATE_HAPPENS_AFTER(hg_word(p));		\
	} while (0)

#define __atomic_load_n(p, order) __extension__ ({			\
	__auto_type hg_p = (p);						\
	hg_before(hg_p, __ATOMIC_RELAXED);				\
	__auto_type hg_v = __atomic_load_n(hg_p, order);		\
	hg_after(hg_p, order);						\
	hg_v;								\
})

#define __atomic_store_n(p, v, order) __extension__ ({			\
	__auto_type hg_p = (p);						\
	__typeof__(*hg_p) hg_v = (v);					\
	hg_before(hg_p, order);						\
	__atomic_store_n(hg_p, hg_v, order);				\
})

#define hg_change(call, p, v, order) __extension__ ({			\
	__auto_type hg_p = (p);						\
	__typeof__(*hg_p) hg_v = (__typeof__(*hg_p))(v);		\
	hg_before(hg_p, order);						\
	__auto_type hg_was = call(hg_p, hg_v, order);			\
	hg_after(hg_p, order);						\
	hg_was;								\
})
#define __atomic_exchange_n(p, v, order)	hg_change(__atomic_exchange_n, p, v, order)
#define __atomic_fetch_add(p, v, order)	hg_change(__atomic_fetch_add, p, v, order)
#define __atomic_fetch_sub(p, v, order)	hg_change(__atomic_fetch_sub, p, v, order)
#define __atomic_fetch_and(p, v, order)	hg_change(__atomic_fetch_and, p, v, order)
#define __atomic_fetch_or(p, v, order)	hg_change(__atomic_fetch_or, p, v, order)
#define __atomic_fetch_xor(p, v, order)	hg_change(__atomic_fetch_xor, p, v, order)
#define __atomic_add_fetch(p, v, order)	hg_change(__atomic_add_fetch, p, v, order)
#define __atomic_sub_fetch(p, v, order)	hg_change(__atomic_sub_fetch, p, v, order)

#define __atomic_compare_exchange_n(p, old, v, weak, order, or_else) __extension__ ({ \
	__auto_type hg_p = (p);						\
	__auto_type hg_old = (old);					\
	__typeof__(*hg_p) hg_v = (v);					\
	hg_before(hg_p, order);						\
	_Bool hg_done = __atomic_compare_exchange_n(hg_p, hg_old, hg_v, weak, order, or_else); \
	if (hg_done)							\
		hg_after(hg_p, order);					\
	else								\
		hg_after(hg_p, or_else);				\
	hg_done;							\
})

#endif
