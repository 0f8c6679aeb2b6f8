// SPDX-License-Identifier: GPL-2.0-only
/*
 * The strings of replay-string.h.
 *
 * In a field everything but letters, digits and a few signs is written %XX, so that
 * the string needs no quotes in a shell.  The last one made is kept in
 * $XDG_STATE_HOME/wqlab/last-replay, where the XDG directories say that such things go.
 *
 * Nothing is shared.  Read next: explore.c, replay.c.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "replay-string.h"

/* SOURCE_ID is said by the Makefile. */
#define VERSION	"wq1"

const char *replay_string_build(void)
{
	return SOURCE_ID;
}

/* FNV-1a: it tells an edited text from another, nothing more. */
bool replay_string_checksum(const char *file, char sum[9])
{
	FILE *f = fopen(file, "r");
	uint32_t h = 2166136261u;
	int c;

	if (!f)
		return false;
	while ((c = getc(f)) != EOF)
		h = (h ^ (uint32_t)c) * 16777619u;
	fclose(f);
	snprintf(sum, 9, "%08x", h);
	return true;
}

/* ---- writing ---- */

static void put_escaped(struct text *t, const char *s)
{
	for (; *s; s++) {
		if ((*s >= 'a' && *s <= 'z') || (*s >= 'A' && *s <= 'Z') || (*s >= '0' && *s <= '9') ||
		    strchr("/._-:", *s))
			text_add(t, "%c", *s);
		else
			text_add(t, "%%%02x", (unsigned char)*s);
	}
}

static void put_text(struct text *t, const char *option, const char *value)
{
	if (!value)
		return;
	text_add(t, ",%s=", option);
	put_escaped(t, value);
}

char *replay_string_make(const struct options *opt, const char *engine, const char *schedule)
{
	struct text t = {0};
	char sum[9];

	if (!strcmp(opt->file, "-") || !replay_string_checksum(opt->file, sum))
		return NULL;
	text_add(&t, VERSION ",%s,%s,%s,", SOURCE_ID, engine, sum);
	put_escaped(&t, opt->file);
	if (opt->has_cpus)
		text_add(&t, ",cpus=%u", opt->cpus);
	if (opt->has_nodes)
		text_add(&t, ",nodes=%u", opt->nodes);
	if (opt->has_hz)
		text_add(&t, ",hz=%u", opt->hz);
	if (opt->has_slice)
		text_add(&t, ",slice=%llu", (unsigned long long)opt->slice_ns);
	if (opt->time_limit_ns)
		text_add(&t, ",time-limit=%llu", (unsigned long long)opt->time_limit_ns);
	if (opt->hung_task_ns)
		text_add(&t, ",hung-task=%llu", (unsigned long long)opt->hung_task_ns);
	put_text(&t, "cmdline", opt->cmdline);
	put_text(&t, "inject", opt->inject);
	put_text(&t, "goal", opt->goal);
	text_add(&t, ",s=%s", schedule);
	return t.s;
}

/* ---- reading ---- */

static int hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* A field, up to the next comma; *s is moved behind that.  NULL: it holds what no field does. */
static char *take_field(const char **s)
{
	size_t len = strcspn(*s, ","), n = 0;
	char *out = xcalloc(len + 1, 1);

	for (size_t i = 0; i < len; i++) {
		char c = (*s)[i];

		if (c == '%') {
			if (i + 2 >= len || hex((*s)[i + 1]) < 0 || hex((*s)[i + 2]) < 0) {
				free(out);
				return NULL;
			}
			c = (char)(hex((*s)[i + 1]) << 4 | hex((*s)[i + 2]));
			i += 2;
		}
		out[n++] = c;
	}
	*s += len + ((*s)[len] == ',');
	return out;
}

static bool take_word(const char **s, char *buf, size_t size)
{
	char *f = take_field(s);
	bool fits = f && *f && strlen(f) < size;

	if (fits)
		strcpy(buf, f);
	free(f);
	return fits;
}

static bool number(const char *s, uint64_t min, uint64_t max, uint64_t *out)
{
	char *end;

	errno = 0;
	if (*s < '0' || *s > '9')
		return false;
	*out = strtoull(s, &end, 10);
	return !*end && !errno && *out >= min && *out <= max;
}

/* A text is ours as long as the string is. */
static bool take_text(const char *value, char **ours, const char **option)
{
	free(*ours);
	*option = *ours = xstrdup(value);
	return true;
}

static bool take_option(char *field, struct replay_string *rs, struct options *opt)
{
	char *value = strchr(field, '=');
	uint64_t n = 0;

	if (!value)
		return false;
	*value++ = '\0';
	if (!strcmp(field, "cmdline"))
		return take_text(value, &rs->cmdline, &opt->cmdline);
	if (!strcmp(field, "inject"))
		return take_text(value, &rs->inject, &opt->inject);
	if (!strcmp(field, "goal"))
		return take_text(value, &rs->goal, &opt->goal);
	if (!number(value, 0, UINT64_MAX, &n))
		return false;
	if (!strcmp(field, "cpus")) {
		opt->has_cpus = true;
		opt->cpus = (uint32_t)n;
		return n == opt->cpus;
	}
	if (!strcmp(field, "nodes")) {
		opt->has_nodes = true;
		opt->nodes = (uint32_t)n;
		return n == opt->nodes;
	}
	if (!strcmp(field, "hz")) {
		opt->has_hz = true;
		opt->hz = (uint32_t)n;
		return n == opt->hz;
	}
	if (!strcmp(field, "slice")) {
		opt->has_slice = true;
		opt->slice_ns = n;
		return true;
	}
	if (!strcmp(field, "time-limit"))
		opt->time_limit_ns = n;
	else if (!strcmp(field, "hung-task"))
		opt->hung_task_ns = n;
	else
		return false;
	return true;
}

static bool wrong(struct text *why, const char *what)
{
	text_clear(why);
	text_add(why, "no replay string: %s; expected " VERSION ",BUILD,ENGINE,CHECKSUM,FILE[,OPTION=VALUE]...,s=SCHEDULE",
		 what);
	return false;
}

bool replay_string_read(const char *s, struct replay_string *rs, struct options *opt, struct text *why)
{
	char version[8];

	*rs = (struct replay_string){0};
	if (!take_word(&s, version, sizeof(version)) || strncmp(version, "wq", 2))
		return wrong(why, "it does not begin with " VERSION);
	if (strcmp(version, VERSION)) {
		text_clear(why);
		text_add(why, "a replay string of format %s: this wqlab reads " VERSION, version);
		return false;
	}
	if (!take_word(&s, rs->build, sizeof(rs->build)) || !take_word(&s, rs->engine, sizeof(rs->engine)) ||
	    !take_word(&s, rs->scenario, sizeof(rs->scenario)))
		return wrong(why, "it ends early");
	if (strcmp(rs->engine, "legacy") && strcmp(rs->engine, "cmwq") && strcmp(rs->engine, "both"))
		return wrong(why, "there is no such engine");
	rs->file = take_field(&s);
	if (!rs->file || !*rs->file)
		return wrong(why, "it names no file");
	while (strncmp(s, "s=", 2)) {
		char *field = *s ? take_field(&s) : NULL;
		bool known = field && take_option(field, rs, opt);

		free(field);
		if (!known)
			return wrong(why, *s ? "there is an option in it that I do not know" : "it has no schedule");
	}
	rs->schedule = xstrdup(s + 2);
	rs->same_build = !strcmp(rs->build, SOURCE_ID);
	return true;
}

void replay_string_free(struct replay_string *rs)
{
	free(rs->file);
	free(rs->schedule);
	free(rs->cmdline);
	free(rs->inject);
	free(rs->goal);
	*rs = (struct replay_string){0};
}

/* ---- the last one ---- */

static char *state_path(const char *name)
{
	const char *base = getenv("XDG_STATE_HOME"), *home = getenv("HOME");

	if (base && *base)
		return xasprintf("%s/wqlab%s", base, name);
	if (home && *home)
		return xasprintf("%s/.local/state/wqlab%s", home, name);
	return NULL;
}

/* Make a folder and those above it. */
static void make_folders(char *path)
{
	for (char *p = path + 1; *p; p++)
		if (*p == '/') {
			*p = '\0';
			mkdir(path, 0777);
			*p = '/';
		}
	mkdir(path, 0777);
}

void replay_string_save(const char *s)
{
	char *folder = state_path(""), *path = state_path("/last-replay");
	bool kept = false;
	FILE *f;

	if (folder) {
		make_folders(folder);
		f = fopen(path, "w");
		if (f) {
			kept = fprintf(f, "%s\n", s) > 0;
			kept = !fclose(f) && kept;
		}
	}
	if (!kept)
		complain("the replay string is not kept: %s cannot be written",
			 path ? path : "no place (neither XDG_STATE_HOME nor HOME is set)");
	free(folder);
	free(path);
}

char *replay_string_saved(void)
{
	char *path = state_path("/last-replay"), *line = NULL;
	size_t room = 0;
	FILE *f = path ? fopen(path, "r") : NULL;
	ssize_t n = f ? getline(&line, &room, f) : -1;

	if (f)
		fclose(f);
	free(path);
	if (n <= 0) {
		free(line);
		return NULL;
	}
	line[strcspn(line, "\n")] = '\0';
	return line;
}
