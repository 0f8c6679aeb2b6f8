// SPDX-License-Identifier: GPL-2.0-only
/*
 * The limits of a scenario's text, from both sides, and what scenario_load()
 * says of files.
 */
#include <errno.h>
#include <unistd.h>

#include "labs_test-libc.h"

#define BASE	"workqueue q\nwork w\nat 0 queue w on q\n"

/* A text made up of pieces, each repeated; the caller's to free. */
struct pieces {
	char *text;
	size_t len;
};

static void add(struct pieces *p, const char *piece, size_t times)
{
	size_t n = strlen(piece);

	p->text = realloc(p->text, p->len + n * times + 1);
	for (; times; times--, p->len += n)
		memcpy(p->text + p->len, piece, n);
	p->text[p->len] = '\0';
}

/* Whether the text is accepted (said is empty), or what is said of it.  Frees the text. */
static void judge(int line, struct pieces *p, const char *said)
{
	struct scenario_errors errs;
	struct scenario *sc = parse(p->text, p->len, &errs);
	char buf[sizeof(errs.list)];

	messages(&errs, buf, sizeof(buf));
	CHECK_MSG(!strcmp(buf, said) && !sc == !!*said, "line %d: it was said \"%s\", not \"%s\"",
		  line, buf, said);
	scenario_free(sc);
	free(p->text);
	*p = (struct pieces) { 0 };
}

WQTEST(labs_limits, lines)
{
	struct pieces p = { 0 };

	/* without a newline, or \r\n, at the end; neither counts for the length */
	add(&p, BASE "#", 1);
	add(&p, "x", SCENARIO_MAX_LINE - 1);
	judge(__LINE__, &p, "");
	add(&p, BASE "#", 1);
	add(&p, "x", SCENARIO_MAX_LINE - 1);
	add(&p, "\r\n", 1);
	judge(__LINE__, &p, "");
	add(&p, BASE "#", 1);
	add(&p, "x", SCENARIO_MAX_LINE);
	add(&p, "\n", 1);
	judge(__LINE__, &p, "4:1: found a line of 4097 bytes, expected at most 4096");
	/* a line of nothing but tokens, and the next mistake is still found */
	add(&p, BASE "work ", 1);
	add(&p, "a,", (SCENARIO_MAX_LINE - 5) / 2);
	add(&p, "\ncpus 0\n", 1);
	judge(__LINE__, &p, "4:4096: found the end of the line, expected a name for the work item\n"
	      "5:6: found `0`, expected how many CPUs, a whole number from 1 to 4096");
}

WQTEST(labs_limits, file)
{
	struct pieces p = { 0 };

	add(&p, BASE, 1);
	add(&p, "\n", SCENARIO_MAX_BYTES - p.len);
	judge(__LINE__, &p, "");
	add(&p, BASE, 1);
	add(&p, "\n", SCENARIO_MAX_BYTES - p.len + 1);
	judge(__LINE__, &p, " found a file of 1048577 bytes, expected at most 1048576");
}

WQTEST(labs_limits, texts)
{
	struct pieces p = { 0 };

	add(&p, BASE "note \"", 1);
	add(&p, "x", SCENARIO_MAX_TEXT);
	add(&p, "\"\n", 1);
	judge(__LINE__, &p, "");
	add(&p, BASE "note \"", 1);
	add(&p, "x", SCENARIO_MAX_TEXT + 1);
	add(&p, "\"\n", 1);
	judge(__LINE__, &p, "4:6: found a text of 1001 bytes, expected at most 1000");
	/* a character that does not fit into what a message shows is left out */
	add(&p, "\"", 1);
	add(&p, "\303\251", 30);
	add(&p, "\"", 1);
	judge(__LINE__, &p, "1:1: found `\"\303\251\303\251\303\251\303\251\303\251\303\251\303\251"
	      "\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251"
	      "\303\251\303\251...`, expected a word that begins a line, like `workqueue`, `work`, "
	      "`at` or a step");
}

WQTEST(labs_limits, names)
{
	struct pieces p = { 0 };

	add(&p, BASE "work abcdefghijklmnopqrstuvw, b[0..9997]\n", 1);
	judge(__LINE__, &p, "");
	add(&p, BASE "work abcdefghijklmnopqrstuvw, b[0..9998]\n", 1);
	judge(__LINE__, &p, "4:31: found one more than 10000 objects of a kind, expected fewer");
	add(&p, BASE "event e[0..9999]\nwork a\nwait", 1);
	add(&p, " e[0..9999]", 99);
	add(&p, "\nwait e[0..9997]\n", 1);	/* w and q are two names more */
	judge(__LINE__, &p, "");
	add(&p, BASE "event e[0..9999]\nwork a\nwait", 1);
	add(&p, " e[0..9999]", 99);
	add(&p, "\nwait e[0..9998]\n", 1);
	judge(__LINE__, &p, "7:6: found more than 1000000 names once ranges are written out, expected fewer");
}

/* Ten mistakes, in the order of the file whichever pass finds them. */
WQTEST(labs_limits, mistakes)
{
	struct pieces p = { 0 };
	struct scenario_errors errs;
	struct scenario *sc;

	add(&p, "cpus 0\n", 12);
	sc = parse(p.text, p.len, &errs);
	CHECK(!sc);
	CHECK_EQ(errs.nr, SCENARIO_MAX_ERRORS);
	for (unsigned int i = 0; i < errs.nr; i++)
		CHECK_EQ(errs.list[i].place.line, i + 1);
	free(p.text);
	p = (struct pieces) { 0 };
	add(&p, "nodes 2\nat 2ms cpu 7 queue w on q\nwork w\nwait e\nend at 1ms\n", 1);
	judge(__LINE__, &p, "1:1: found 2 nodes for 1 CPUs, expected at most one for each\n"
	      "2:1: found an `at` later than `end at` in line 5, expected it before\n"
	      "2:12: found CPU 7, expected a number below 1, the number of CPUs\n"
	      "2:25: found `q`, which is not declared; expected a workqueue\n"
	      "4:6: found `e`, which is not declared; expected an event");
}

/* The path of a new file of @len bytes; "" if it cannot be made. */
static const char *new_file(const char *text, size_t len)
{
	static char path[] = "/tmp/wqlab-labs-XXXXXX";
	int fd;

	strcpy(path, "/tmp/wqlab-labs-XXXXXX");
	fd = mkstemp(path);
	CHECK(fd >= 0);
	CHECK_EQ(write(fd, text, len), len);
	close(fd);
	return path;
}

static void check_load(const char *path, const char *said)
{
	struct scenario_errors errs;
	struct scenario *sc = scenario_load(path, &errs);
	char want[256];

	snprintf(want, sizeof(want), "%s%s", path, said);
	CHECK(!sc);
	CHECK_EQ(errs.nr, 1);
	CHECK_STR(errs.list[0].text, want);
	scenario_free(sc);
}

WQTEST(labs_limits, load)
{
	struct pieces p = { 0 };
	struct scenario_errors errs;
	struct scenario *sc;
	const char *path;

	check_load("/nowhere/x.wq", ": cannot be opened: No such file or directory");
	check_load("/tmp", ": cannot be read: Is a directory");
	path = new_file("cpus 0", 6);
	check_load(path, ":1:6: found `0`, expected how many CPUs, a whole number from 1 to 4096");
	unlink(path);
	add(&p, BASE, 1);
	add(&p, "\n", SCENARIO_MAX_BYTES + 1 - p.len);
	path = new_file(p.text, p.len);
	check_load(path, ": the file is larger than 1048576 bytes, the most that is read");
	unlink(path);
	path = new_file(p.text, p.len - 1);
	sc = scenario_load(path, &errs);
	CHECK(sc);
	CHECK_STR(sc ? sc->file : "", path);
	scenario_free(sc);
	unlink(path);
	free(p.text);
}

/* Of a name that leaves no room for the place and the sentence, the end is shown. */
WQTEST(labs_limits, long_file_name)
{
	struct scenario_errors errs;
	char name[2000];

	memset(name, 'n', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	CHECK(!scenario_parse(name, "cpus 0", 6, &errs));
	CHECK_EQ(errs.nr, 1);
	CHECK(!strncmp(errs.list[0].text, "...", 3));
	CHECK(!strncmp(errs.list[0].text + 3, name, 100));
	CHECK(strstr(errs.list[0].text, "n:1:6: found `0`, expected how many CPUs, a whole number from 1 to 4096"));
}

/* A machine of another size than the file says. */
WQTEST(labs_limits, another_machine)
{
	struct scenario *sc = good("cpus 4\n" BASE
		"work a\nqueue w on q cpu 2\nwork b, c\nqueue w on q cpu 3\n"
		"task t cpu 1\nqueue w on q cpu 1\nat 1ms cpu 3\nqueue w on q cpu 2\n");
	struct scenario_errors errs;
	char buf[sizeof(errs.list)];

	if (!sc)
		return;
	CHECK(scenario_check(sc, 4, &errs));
	CHECK_EQ(errs.nr, 0);
	CHECK(scenario_check(sc, 4096, &errs));
	CHECK(!scenario_check(sc, 3, &errs));
	CHECK_STR(messages(&errs, buf, sizeof(buf)),
		  "8:18: found CPU 3, expected a number below 3, the number of CPUs\n"
		  "11:12: found CPU 3, expected a number below 3, the number of CPUs");
	CHECK(!scenario_check(sc, 1, &errs));
	CHECK_STR(messages(&errs, buf, sizeof(buf)),
		  "6:18: found CPU 2, expected a number below 1, the number of CPUs\n"
		  "8:18: found CPU 3, expected a number below 1, the number of CPUs\n"
		  "9:12: found CPU 1, expected a number below 1, the number of CPUs\n"
		  "10:18: found CPU 1, expected a number below 1, the number of CPUs\n"
		  "11:12: found CPU 3, expected a number below 1, the number of CPUs\n"
		  "12:18: found CPU 2, expected a number below 1, the number of CPUs");
	scenario_free(sc);
}

WQTEST(labs_limits, engines_asked_for)
{
	struct scenario *sc = good(BASE "workqueue o engine=legacy\n");

	CHECK(sc && scenario_wants_engine(sc, "legacy") && !scenario_wants_engine(sc, "cmwq"));
	scenario_free(sc);
	sc = good(BASE);
	CHECK(sc && !scenario_wants_engine(sc, "legacy"));
	scenario_free(sc);
	scenario_free(NULL);
}
