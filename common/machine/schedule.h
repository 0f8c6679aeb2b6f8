/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A schedule written down: where a run left the default, and for whom.
 *
 *	37.lock=events/0+52.next=timer/1+61.fault=fails
 *
 * At step 37, where the task at hand was about to take a lock, events/0 went first; at
 * step 52 somebody had to be next, and it was the timer interrupt of CPU 1; at step 61
 * a fault was injected.  Of several tasks with one name ~2 is the second of those
 * offered.  An empty text is the default schedule.
 *
 * Steps count the choice points of a run, with or without a choice, and the hand-overs
 * between them.  Names and not indices: so the text says what happened, and
 * still fits when a line was added before the place.
 */
#ifndef WQLAB_SCHEDULE_H
#define WQLAB_SCHEDULE_H

#include "strategy.h"

#define SCHEDULE_NAME	16	/* as a task's name */

struct deviation {
	uint32_t step;
	uint8_t op;		/* enum mach_point of the task at hand; MP_NR: none, "next" */
	uint8_t kind;		/* enum candidate_kind */
	uint16_t nth;		/* of the candidates with this name, from 1 */
	uint32_t cpu;		/* CAND_IRQ: whose */
	char name[SCHEDULE_NAME];	/* of the task; empty for CAND_IRQ and CAND_FAULT */
};

struct schedule {
	unsigned int nr;
	unsigned int room;
	bool whole;		/* there was room for all */
	struct deviation dev[];
};

/* A schedule with room for @room deviations; NULL: no memory.  Free with free(). */
struct schedule *schedule_new(unsigned int room);
/* One in memory of the caller's; NULL: it is too small. */
struct schedule *schedule_in(void *mem, size_t size);
/* The text of one; NULL: no memory.  Free with free(). */
char *schedule_text(const struct schedule *s);
/* The other way round; NULL and a sentence in mach_set_error() if it is none. */
struct schedule *schedule_read(const char *text);
/* The name of a kind of operation, as it stands in the text. */
const char *point_name(enum mach_point op);

/* ---- of the run at hand ---- */

/* Where deviations are written down from now on; NULL: nowhere.  Stays the caller's. */
void schedule_record(struct schedule *s);
/* In memory of ours, for machine_schedule(). */
void schedule_record_own(void);
/* A choice was answered with @pick: write it down unless it is the default's. */
void schedule_note(const struct choice *c, unsigned int pick, uint64_t step);
/* Whether the choice at @step was not the default's. */
bool schedule_left_default(uint64_t step);
/* The name of the task that a candidate stands for. */
const char *candidate_name(const struct candidate *c);
/* The candidate that a deviation means, by its name; c->n: none. */
unsigned int schedule_find(const struct deviation *d, const struct choice *c);

/* strategy-replay.c: follow @s instead of what the specification says; NULL: end that. */
void replay_follow(const struct schedule *s, bool exact);

#endif
