/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files of the fuzz share.
 *
 *	main.c			wqfuzz: seeds in, verdict out
 *	libfuzzer*.c		the same judges behind libFuzzer
 *	scenario-target.c	one scenario text, judged		options-target.c
 *	scenario-inputs.c	texts from a seed			options-inputs.c
 *	scenario-write.c	texts known to be right, spelt twice	durations.c
 *	scenario-sound.c	what an accepted one must keep
 *	scenario-same.c		two scenarios compared, one printed
 *	chance.c, mutate.c	numbers from a seed; texts made worse
 *	report.c, meter.c	how a failure is told; what a reading costs
 *
 * Every input follows from one number, its seed, and every failure names it.
 */
#ifndef FUZZ_H
#define FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "labs/wqlab/scenario.h"

#define COUNT(a)	(sizeof(a) / sizeof((a)[0]))

/* Room for one input: a little more than the largest file that is read. */
#define ROOM		(SCENARIO_MAX_BYTES + 8192)

/* --- chance.c: numbers from a seed ------------------------------------ */

struct chance {
	uint64_t state;
};

uint64_t chance_bits(struct chance *c);
/* A number below @below, which is at least 1. */
uint32_t chance(struct chance *c, uint32_t below);
/* True in one of @n cases. */
bool once_in(struct chance *c, uint32_t n);

/* --- chance.c: a text that is cut off where its room ends -------------- */

struct buf {
	char s[ROOM + 1];
	size_t len;
};

void buf_clear(struct buf *b);
void buf_add(struct buf *b, const void *p, size_t n);
void buf_print(struct buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Replace @cut bytes at @at by @n others; nothing if there is no room. */
void buf_splice(struct buf *b, size_t at, size_t cut, const void *with, size_t n);

/* --- the targets ------------------------------------------------------- */

struct target {
	const char *name;
	/* Judge any bytes; does not come back if something is wrong. */
	void (*judge)(const char *data, size_t len);
	/* Make the input of a seed and judge it, more strictly where more is known. */
	void (*play)(uint64_t seed);
	/* Write an input that is right. */
	void (*write)(struct chance *c, struct buf *b);
	/* Change some bytes. */
	void (*mutate)(struct chance *c, struct buf *b);
};

extern const struct target target_scenario, target_options;

/* What became of the inputs so far. */
struct tally {
	uint64_t accepted, refused, printed, out_of_memory;
	uint64_t longest;	/* bytes */
	uint64_t steps, bytes;	/* the most that were needed, in percent of what was allowed */
};

extern struct tally tally;

/* --- report.c ---------------------------------------------------------- */

/* Where a failing input is written; "" is nowhere. */
extern const char *report_folder;

/* From here on, a crash or report_failure() speaks of this input. */
void report_input(const struct target *t, const char *data, size_t len);
void report_seed(uint64_t seed);
void report_catch_crashes(void);
_Noreturn void report_failure(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#define REQUIRE(cond, ...)				\
	do {						\
		if (!(cond))				\
			report_failure(__VA_ARGS__);	\
	} while (0)

/* --- meter.c ----------------------------------------------------------- */

struct meter {
	uint64_t steps;		/* basic blocks gone through since meter_start() */
	uint64_t limit;		/* so many end the program */
	uint64_t allocations;	/* since meter_start() */
	uint64_t fail_at;	/* that allocation fails; 0: none */
	int64_t blocks;		/* allocated and not freed, of all time */
	int64_t bytes;		/* the same in bytes */
	int64_t peak;		/* the most of that since meter_start() */
};

extern struct meter meter;

/* Count from zero; more than @limit steps are a failure. */
void meter_start(uint64_t limit);
void meter_stop(void);
/* Note how much of what is allowed was needed. */
void tally_percent(uint64_t *most, uint64_t needed, uint64_t allowed);

/* --- mutate.c ---------------------------------------------------------- */

/* Change @b a little: bytes, words, lines; @words and @other (may be NULL) lend pieces. */
void mutate(struct chance *c, struct buf *b, const char *const *words, size_t nr_words,
	    const char *other, size_t other_len);

/* --- scenario-*.c ------------------------------------------------------ */

/* A scenario that is right, in two spellings that mean the same. */
void write_scenario(struct chance *c, struct buf *fancy, struct buf *plain);
/* A duration, spelt somehow; of it, what the grammar says: true and @ns if it is one. */
bool duration_value(const char *text, size_t len, bool blank, uint64_t max, uint64_t *ns);
/* Some text that may be a duration or nearly one. */
void write_duration(struct chance *c, struct buf *b);
/* @ns in one of its exact spellings. */
void spell_duration(struct chance *c, struct buf *b, uint64_t ns, bool blank);

/* What differs, or NULL; places and spelling count only if @exact. */
const char *scenario_difference(const struct scenario *a, const struct scenario *b, bool exact);
/* Print a scenario so that reading it gives the same; false if it does not fit. */
bool print_scenario(const struct scenario *sc, struct buf *b);

/* Judge a text of which it is known that it is right; gives the scenario. */
struct scenario *judge_right_scenario(const char *data, size_t len);
void judge_scenario(const char *data, size_t len);
void play_scenario(uint64_t seed);
void write_right_scenario(struct chance *c, struct buf *b);
void mutate_scenario(struct chance *c, struct buf *b);

/* --- options-*.c ------------------------------------------------------- */

struct options;

/*
 * Judge a command line: texts that each end in NUL, first the value of
 * WQLAB_ENGINE (empty: unset), then the command, then its arguments.  With
 * @want, it must be accepted and say just that.
 */
void judge_command_line(const char *data, size_t len, const struct options *want);
/* The same, of which it is known that it must be refused. */
void judge_wrong_command_line(const char *data, size_t len);
void play_options(uint64_t seed);
void write_right_options(struct chance *c, struct buf *b);
void mutate_options(struct chance *c, struct buf *b);

#endif
