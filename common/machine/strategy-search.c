// SPDX-License-Identifier: GPL-2.0-only
/*
 * Exhaustive search: every schedule once, depth first.
 *
 * The path of the current run is a stack of nodes, one for each choice.  A run
 * follows the path and goes on from its end with the first answer everywhere; the
 * run after it takes the deepest node that has another answer.
 *
 *	choice:   1   2   3   4   5                 run 1:  0 0 0 0 0
 *	          |   |   |   |   `- 0, 1           run 2:  0 0 0 0 1
 *	          |   |   |   `----- 0              run 3:  0 0 1 ...
 *	          |   |   `--------- 0, 1, 2
 *
 * bounded	counts preemptions: answers other than "go on" where going on was
 *		possible, and faults.  All schedules with none, then all with one, and
 *		so on, for a fault that needs few is found first and is easy to read.
 *		Most faults need two at most (exploration-facts: CHESS, SCTBench).
 *
 * sleep	leaves out what cannot differ.  Two operations on different objects
 *		commute: having explored "a, then whatever", there is no need to see
 *		"b, then a" unless something between depends on a.  So a goes to sleep,
 *		and is woken by an operation that it does not commute with.  A run in
 *		which all candidates sleep has been seen in another order and is cut.
 *
 * The two are not joined: a bound cuts off the very schedule for whose sake another
 * was put to sleep.  And `sleep` is as sound as the marking of shared words: a plain
 * access to what another task changes without a common lock is a race that it does
 * not know of (ThreadSanitizer does).
 *
 * Locking: all state belongs to the token (sim.h).  Read next: strategy-replay.c.
 */
#include <stdlib.h>
#include <string.h>

#include "strategy.h"

#define MAX_BOUND	9
#define DEFAULT_BOUND	3

/* Who acts, and how: an answer as the sleep sets know it. */
struct act {
	unsigned int who;		/* a task's id, or an interrupt's CPU */
	bool irq;
	unsigned int cpu;
	enum mach_point op;		/* MP_NR: goes on with what is its own, up to its next choice point */
	const void *obj;
};

struct node {
	unsigned int n;			/* candidates */
	unsigned int pick;		/* the answer of the current path */
	unsigned int nr;		/* answers that may be given here */
	unsigned int nth;		/* of them, this is the nth, from 0 */
	unsigned int cost;		/* preemptions on the path before this node */
	bool forced;
	unsigned int sleeping;		/* acts in its sleep set, on `acts` from `first` */
	unsigned int first;		/* also where the candidates' own acts stand, behind them */
};

static struct {
	struct node *node;
	unsigned int depth, max;	/* nodes on the path */
	unsigned int at;		/* where the current run is */
	unsigned int cost;		/* preemptions of the current run up to there */
	unsigned int bound, last;	/* preemptions allowed now, and at most */
	unsigned int part, parts;
	struct act *acts;		/* sleep: the nodes' sleep sets and candidates, as a stack */
	unsigned int nr_acts, max_acts;
} search;

static void *grow(void *p, unsigned int *max, size_t size)
{
	*max = *max ? 2 * *max : 256;
	p = realloc(p, *max * size);
	if (!p)
		abort();		/* as for every other table of the machine's */
	return p;
}

static struct node *push_node(const struct choice *c)
{
	struct node *nd;

	if (search.depth == search.max)
		search.node = grow(search.node, &search.max, sizeof(*search.node));
	nd = &search.node[search.depth++];
	*nd = (struct node){ .n = c->n, .nr = 1, .cost = search.cost, .forced = c->forced };
	return nd;
}

static void start_over(void)
{
	search.depth = 0;
	search.nr_acts = 0;
}

static void search_begin(uint64_t run)
{
	if (!run)
		start_over();
	search.at = 0;
	search.cost = 0;
}

static void search_share(unsigned int part, unsigned int parts)
{
	search.part = part;
	search.parts = parts;
}

/* Parts of the space before the current path, taking the answers of a node as equally large. */
static unsigned int search_done(void)
{
	double done = 0, width = 1;
	unsigned int i;

	for (i = 0; i < search.depth; i++) {
		width /= search.node[i].nr;
		done += width * search.node[i].nth;
	}
	return (unsigned int)(done * 1e6);
}

/* ---- bounded ---- */

static bool bounded_setup(const char *s)
{
	uint64_t b = DEFAULT_BOUND;

	if (s && (!strategy_number(&s, &b) || *s || b > MAX_BOUND))
		return false;
	search.last = (unsigned int)b;
	search.bound = 0;
	search_share(0, 1);
	start_over();
	return true;
}

static unsigned int bounded_pick(const struct choice *c)
{
	struct node *nd;

	if (search.at == search.depth) {
		nd = push_node(c);
		if (c->forced || search.cost < search.bound)
			nd->nr = c->n;
	} else {
		nd = &search.node[search.at];
	}
	search.at++;
	if (nd->pick && !c->forced)
		search.cost++;
	return nd->n == c->n ? nd->pick : CHOICE_LOST;
}

/* With several processes, each has its share of the places where a path first leaves the default. */
static bool bounded_ours(unsigned int at, unsigned int pick)
{
	unsigned int i;

	for (i = 0; i < at; i++)
		if (search.node[i].pick)
			return true;
	return (at + pick) % search.parts == search.part;
}

static bool bounded_next(void)
{
	while (search.depth) {
		struct node *nd = &search.node[search.depth - 1];

		while (++nd->nth < nd->nr) {
			nd->pick = nd->nth;
			if (search.parts == 1 || bounded_ours(search.depth - 1, nd->pick))
				return true;
		}
		search.depth--;
	}
	return search.bound++ < search.last;
}

const struct strategy strategy_bounded = {
	.name	= "bounded",
	.usage	= "bounded[:PREEMPTIONS]",
	.many	= true,
	.setup	= bounded_setup,
	.begin	= search_begin,
	.pick	= bounded_pick,
	.next	= bounded_next,
	.done	= search_done,
	.share	= search_share,
};

unsigned int strategy_bounded_at(void)
{
	return search.bound;
}

/* ---- sleep ---- */

static bool sleep_setup(const char *s)
{
	if (s)
		return false;
	search_share(0, 1);
	start_over();
	return true;
}

static struct act act_of(const struct candidate *c)
{
	bool any = c->kind == CAND_IRQ || c->kind == CAND_FAULT;

	return (struct act){
		.who = c->kind == CAND_IRQ ? c->cpu : c->task,
		.irq = c->kind == CAND_IRQ,
		.cpu = c->cpu,
		.op = any ? MP_YIELD : c->op,
		.obj = c->obj,
	};
}

static bool same_actor(const struct act *a, const struct act *b)
{
	return a->who == b->who && a->irq == b->irq;
}

/* What an operation reaches: one word, its own task and CPU, another task, anything. */
static enum reach { WORD, OWN, OTHER, ANY } reach(enum mach_point op)
{
	switch (op) {
	case MP_LOCK:
	case MP_UNLOCK:
	case MP_ATOMIC:
	case MP_READ:
	case MP_WRITE:
		return WORD;
	case MP_STATE:
	case MP_BLOCK:
	case MP_IRQ_ON:
	case MP_FAULT:
	case MP_NR:
		return OWN;
	case MP_WAKE:
	case MP_START:
	case MP_STOP:
		return OTHER;
	default:
		return ANY;
	}
}

/*
 * Whether it makes no difference which of the two comes first.  Who is woken, and
 * where, depends on who blocks and who occupies which CPU, but not on any word.
 */
static bool commute(const struct act *a, const struct act *b)
{
	enum reach ra = reach(a->op), rb = reach(b->op);

	if (ra == ANY || rb == ANY)
		return false;
	if (ra == WORD && rb == WORD)
		return a->obj != b->obj || (a->op == MP_READ && b->op == MP_READ);
	if (ra == OWN && rb == OWN)
		return a->cpu != b->cpu;
	return ra == WORD || rb == WORD;
}

static void push_act(struct act a)
{
	if (search.nr_acts == search.max_acts)
		search.acts = grow(search.acts, &search.max_acts, sizeof(*search.acts));
	search.acts[search.nr_acts++] = a;
}

static bool asleep(const struct node *nd, unsigned int cand)
{
	const struct act *a = &search.acts[nd->first];
	unsigned int i;

	for (i = 0; i < nd->sleeping; i++)
		if (same_actor(&a[i], &a[nd->sleeping + cand]))
			return true;
	return false;
}

/* The next answer that does not sleep; false: there is none. */
static bool first_awake(struct node *nd, unsigned int from)
{
	for (nd->pick = from; nd->pick < nd->n; nd->pick++)
		if (!asleep(nd, nd->pick))
			return true;
	return false;
}

/*
 * A new node: whoever slept at the one before it and commutes with what was done
 * there sleeps on.  What was tried there before sleeps too.
 */
static void enter(const struct choice *c)
{
	unsigned int parent = search.depth - 1, i;
	struct node *nd = push_node(c);

	nd->first = search.nr_acts;
	if (search.depth > 1) {
		const struct node *up = &search.node[parent];
		struct act did = search.acts[up->first + up->sleeping + up->pick];

		for (i = 0; i < up->sleeping + up->pick; i++) {
			struct act a = search.acts[up->first + i];

			if (!same_actor(&a, &did) && commute(&a, &did)) {
				push_act(a);
				nd->sleeping++;
			}
		}
	}
	for (i = 0; i < c->n; i++)
		push_act(act_of(&c->cand[i]));
	nd->nr = c->n;
}

static unsigned int sleep_pick(const struct choice *c)
{
	struct node *nd;

	if (search.at == search.depth) {
		enter(c);
		nd = &search.node[search.at];
		if (!first_awake(nd, 0)) {
			nd->pick = nd->n - 1;
			return CHOICE_CUT;
		}
		nd->nth = nd->pick;
	}
	nd = &search.node[search.at++];
	return nd->n == c->n ? nd->pick : CHOICE_LOST;
}

static bool sleep_next(void)
{
	while (search.depth) {
		struct node *nd = &search.node[search.depth - 1];

		search.nr_acts = nd->first + nd->sleeping + nd->n;
		if (first_awake(nd, nd->pick + 1)) {
			nd->nth = nd->pick;
			return true;
		}
		search.nr_acts = nd->first;
		search.depth--;
	}
	return false;
}

const struct strategy strategy_sleep = {
	.name	= "sleep",
	.usage	= "sleep",
	.many	= true,
	.always	= true,
	.setup	= sleep_setup,
	.begin	= search_begin,
	.pick	= sleep_pick,
	.next	= sleep_next,
	.done	= search_done,
};
