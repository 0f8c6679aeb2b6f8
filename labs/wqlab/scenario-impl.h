/* SPDX-License-Identifier: GPL-2.0-only */
/**
 * @file
 * What the parser's files share: tokens, drafts of steps, the parser's state.
 *
 * Reading goes in two passes.  The first takes line by line (scenario-lex.c
 * cuts it into tokens, scenario-parse.c and scenario-step.c understand them)
 * and leaves drafts in which names are still text, so that a name may be used
 * before it is declared.  The second (scenario-check.c) resolves the names and
 * judges the whole.
 *
 * Memory comes from one store (scenario-store.c) and is given back as a whole;
 * when there is none left, store_alloc() jumps back into scenario_parse().
 */
#ifndef WQLAB_SCENARIO_IMPL_H
#define WQLAB_SCENARIO_IMPL_H

#include <setjmp.h>

#include "scenario.h"

/** What a token is. */
enum token_kind {
	TOKEN_END,		/**< the end of the line */
	TOKEN_WORD,		/**< a letter or _, then letters, digits, _ and - */
	TOKEN_NUMBER,		/**< digits, maybe a fraction, maybe a unit glued to it */
	TOKEN_TEXT,		/**< "..." with its quotes */
	TOKEN_SHELL,		/**< behind `echo` and `cat`: anything without blanks */
	TOKEN_SIGN		/**< one of , = | [ ] and .. */
};

/** One token: a piece of the input. */
struct token {
	enum token_kind kind;		/**< what it is */
	const char *p;			/**< its first byte, in the input */
	uint32_t len;			/**< its bytes */
	struct scenario_place place;	/**< where it stands */
};

/** A name as written, maybe with a range behind it. */
struct use {
	struct token name;	/**< the name without the range */
	bool ranged;		/**< `[from..to]` follows */
	uint32_t from;		/**< first number */
	uint32_t to;		/**< last number */
};

/** A list of names as written. */
struct uses {
	struct use *list;	/**< the names */
	uint32_t nr;		/**< how many */
	uint32_t cap;		/**< for how many there is room */
};

/** A step whose names are not yet resolved. */
struct draft {
	struct scenario_step step;	/**< all but refs and on */
	struct uses what;		/**< becomes step.refs */
	struct uses where;		/**< becomes step.on */
};

/** What a run of steps belongs to; or-ed, where a step may stand. */
enum block_kind {
	BLOCK_WORK = 1,
	BLOCK_TASK = 2,
	BLOCK_AT = 4
};

/** The steps below a `work`, `task` or `at` line. */
struct block {
	enum block_kind kind;		/**< what that line was */
	struct token head;		/**< its first word */
	uint32_t first;			/**< the first work, task or timeline entry it declares */
	uint32_t count;			/**< how many */
	struct draft *list;		/**< its steps */
	uint32_t nr;			/**< how many */
	uint32_t cap;			/**< for how many there is room */
};

/** A declared name. */
struct entry {
	const char *name;		/**< the name */
	struct scenario_ref ref;	/**< what it stands for */
	struct scenario_place place;	/**< where it was declared; line 0: built in */
	uint32_t next;			/**< the next of the same bucket, plus one */
};

/** Settings that may be given once. */
enum setting {
	SET_TITLE, SET_CPUS, SET_NODES, SET_HZ, SET_SEED, SET_SLICE,
	SET_SWITCH, SET_WAKE, SET_CREATE, SET_END, SET_CMDLINE, SET_NR
};

#define NR_BUCKETS 4096

/** The state of one parse. */
struct parser {
	struct scenario_errors *errs;	/**< where mistakes go */
	struct scenario sc;		/**< what is being made */
	struct store *store;		/**< where it lives */
	jmp_buf nomem;			/**< where to go when memory runs out */

	uint32_t line;			/**< the line being read */
	struct token *tok;		/**< its tokens, the last one TOKEN_END */
	uint32_t pos;			/**< the next to be read */

	struct block *block;		/**< the block that steps go to, or NULL */
	bool lost;			/**< steps here belong to a line that was not understood */
	struct scenario_place set[SET_NR];	/**< where each setting was given; line 0: not */

	struct { struct block **list; uint32_t nr, cap; } blocks;
	struct { struct entry *list; uint32_t nr, cap; } names;
	struct { struct scenario_workqueue *list; uint32_t nr, cap; } workqueues;
	struct { struct scenario_work *list; uint32_t nr, cap; } works;
	struct { struct scenario_task *list; uint32_t nr, cap; } tasks;
	struct { struct scenario_named *list; uint32_t nr, cap; } events;
	struct { struct scenario_named *list; uint32_t nr, cap; } mutexes;
	struct { struct scenario_at *list; uint32_t nr, cap; } timeline;
	struct { const char **list; uint32_t nr, cap; } notes;
	uint32_t bucket[NR_BUCKETS];	/**< heads of the lists of names, plus one */
	uint32_t nr_refs;		/**< names written out so far */
	uint32_t nr_each;		/**< items that are scheduled on each CPU so far */
};

/* scenario-store.c: memory */
struct store *store_new(void);
void store_free(struct store *store);
void *store_alloc(struct parser *ps, size_t size);
char *store_copy(struct parser *ps, const char *text, size_t len);
void *store_room(struct parser *ps, void *list, uint32_t nr, uint32_t *cap, size_t size);

/** Append to one of the parser's lists; the new element is zeroed.  Gives its address. */
#define STORE_PUSH(ps, vec) \
	((vec).list = store_room((ps), (vec).list, (vec).nr, &(vec).cap, sizeof(*(vec).list)), \
	 &(vec).list[(vec).nr++])

/* scenario-store.c: mistakes */
void errors_reset(struct scenario_errors *errs);
bool errors_add(struct scenario_errors *errs, const char *file, struct scenario_place place,
		const char *fmt, ...) __attribute__((format(printf, 4, 5)));
void errors_sort(struct scenario_errors *errs);

/** Report a mistake at a place; false, so that it can be returned at once. */
#define wrong(ps, place, ...) \
	errors_add((ps)->errs, (ps)->sc.file, (place), __VA_ARGS__)

/* scenario-names.c */
void names_add(struct parser *ps, const char *name, struct scenario_ref ref,
	       struct scenario_place place);
const struct entry *names_find(const struct parser *ps, const char *name, size_t len);
const char *names_nearest(const struct parser *ps, const char *name, size_t len, unsigned int kinds);
const char *kind_text(enum scenario_kind kind);
const char *nearest_word(const char *word, size_t len, const char *const *list);

/* scenario-lex.c */
bool lex_line(struct parser *ps, const char *p, size_t len);
const struct token *peek(const struct parser *ps);
const struct token *take(struct parser *ps);
bool token_is(const struct token *t, const char *word);
bool accept(struct parser *ps, const char *word);
const char *token_text(const struct token *t, char *buf, size_t size);
bool expected(struct parser *ps, const char *what);
bool line_end(struct parser *ps);

/* scenario-terms.c: the small pieces all lines are made of */
bool read_number(struct parser *ps, const char *what, uint64_t min, uint64_t max, uint64_t *out);
bool read_duration(struct parser *ps, const char *what, uint64_t *out);
bool read_cpu(struct parser *ps, int32_t *cpu, struct scenario_place *place);
bool read_text(struct parser *ps, const char *what, const char **out);
bool read_uses(struct parser *ps, const char *what, struct uses *out);
bool read_new_names(struct parser *ps, const char *what, struct uses *out);
bool expected_one_of(struct parser *ps, const char *const *words, const char *what);
bool expected_behind(struct parser *ps, const struct uses *names, const char *const *words,
		     const char *what);

/* scenario-step.c */
bool is_step_word(const struct token *t);
bool parse_step(struct parser *ps);
const char *const *step_words(void);

/* scenario-declare.c: what stands behind the first word, t */
bool parse_workqueue(struct parser *ps, const struct token *t);
bool parse_work(struct parser *ps, const struct token *t);
bool parse_task(struct parser *ps, const struct token *t);
bool parse_event(struct parser *ps, const struct token *t);
bool parse_mutex(struct parser *ps, const struct token *t);
bool parse_at(struct parser *ps, const struct token *t);

/* scenario-parse.c */
const char *const *top_words(void);

/* scenario-each.c */
bool each_number(struct parser *ps, const struct scenario_step *s);
void each_check(struct parser *ps);

/* scenario-check.c */
bool check_scenario(struct parser *ps);

#endif
