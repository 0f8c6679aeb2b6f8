// SPDX-License-Identifier: GPL-2.0-only
/*
 * The help texts of `wqlab`; the options themselves are read in options.c.
 */
#include <stdio.h>
#include <string.h>

#include "options.h"

static const char top_help[] =
"wqlab: the workqueues of Linux 2.6.32 and of Linux 3.18, side by side on a\n"
"simulated machine.\n"
"\n"
"Usage:\n"
"  wqlab run FILE [OPTION]...   play a scenario and print its timelines\n"
"  wqlab ps FILE [OPTION]...    print the threads that its workqueues need\n"
"  wqlab explore FILE [OPTION]...  search its schedules for one that fails\n"
"  wqlab replay [STRING] [OPTION]...  play the schedule that was found again\n"
"  wqlab tour                   a guided tour in eight stops\n"
"  wqlab help [COMMAND]         this text, or that of a command\n"
"  wqlab --version              print the version\n"
"\n"
"The engines are \"legacy\" (2.6.32: threads of its own for every workqueue)\n"
"and \"cmwq\" (3.18: worker pools shared by all workqueues).\n"
"\n"
"Exit status: 0 when every run ended well; 1 when a run ended otherwise (a\n"
"deadlock, a time limit, a BUG...) or could not begin for want of threads; 2\n"
"for mistakes on the command line or in the scenario, for what the machine\n"
"refuses and for output that failed; 3 when a task looped for 10 s without\n"
"ever giving the machine a turn; 4 when the native machine found a task hung.\n";

static const char machine_help[] =
"What to run:\n"
"  --engine=legacy|cmwq|both  default both, or what WQLAB_ENGINE says; where\n"
"                             neither is given and every workqueue names its\n"
"                             engine, one machine has them all\n"
"\n"
"What machine; where an option is not given, what the scenario says counts:\n"
"  --machine=sim|native       simulated (default), or on threads, in real time\n"
"  --cpus=N                   virtual CPUs\n"
"  --nodes=N                  NUMA nodes\n"
"  --hz=N                     ticks a second: 100, 250, 300 or 1000\n"
"  --slice=D                  time slice among equals on a CPU; 0ms: none\n"
"  --cmdline=WORDS            the kernel's command line, such as\n"
"                             workqueue.power_efficient\n"
"  --time-limit=D             stop when the machine's time has run so far, by\n"
"                             default an hour behind all that the scenario says;\n"
"                             native: a day\n"
"  --hung-task=D|off          stop when a task was blocked for so long, by\n"
"                             default 2 minutes\n"
"  --seed=N                   let chance decide who runs first: the same N\n"
"                             gives the same run (short for\n"
"                             --explore=random:N)\n"
"  --carrier=threads|fibers   what carries simulated tasks: fibers (default), or\n"
"                             a thread each, as under a debugger\n"
"  --invariants=LIST          check these alone (C4,D1; C is the chapter); with a\n"
"                             '-' in front (-C7) all but those; all; none\n"
"  --lockdep=on|off           watch the order in which locks are taken; default on,\n"
"                             on --machine=native off\n"
"  --explore=SPEC             who goes first: default, random:SEED[,p=PERCENT],\n"
"                             pct:SEED[,d=DEPTH], or replay:SCHEDULE\n"
"  --inject=LIST              faults that chance may choose, by commas: thread\n"
"                             (creation fails), memory (allocation fails), wake\n"
"                             (a wake-up for no reason)\n"
"D is a duration with its unit: 500us, 1.5ms, 2s.\n"
"\n";

static const char run_help[] =
"wqlab run FILE: play a scenario and print its timelines.\n"
"\n"
"FILE is a scenario; \"-\" reads it from standard input. One machine is booted\n"
"for each engine, one after the other.\n"
"\n";

static const char run_help_show[] =
"How to show it:\n"
"  --format=table             the timelines side by side (default)\n"
"  --format=csv               every event, one a line\n"
"  --format=trace             every event as ftrace prints it\n"
"  --format=trace_stat        what each thread was given and did, as 2.6.32's\n"
"                             trace_stat/workqueues prints it\n"
"  --format=colours           the steps of flush_workqueue() (cmwq)\n"
"  --all                      in the table, queueing and threads too\n"
"  --width=COLS               columns of the table, default 110 or what the\n"
"                             terminal has, from 80 to 140\n"
"  -h, --help                 this text\n"
"\n"
"Exit status: as in wqlab --help; 1 also where the scenario is there to show\n"
"just that. See docs/formats.md for the formats and docs/scenario-language.md\n"
"for the scenarios.\n";

static const char explore_help[] =
"wqlab explore FILE: search the schedules of a scenario for one that fails: by a\n"
"deadlock, a BUG, a warning or a broken invariant. The one found is made as small\n"
"as it can be and shown step by step, with the command that plays it again.\n"
"FILE may also be a test, SUITE/NAME, of the test programs beside wqlab.\n"
"\n"
"How to search:\n"
"  --strategy=SPEC            bounded[:N]: every schedule with 0, then 1, ... then\n"
"                             N preemptions (default: 2 first, pct for the rest)\n"
"                             sleep: every schedule, save what cannot differ\n"
"                             pct:SEED[,d=DEPTH]: random priorities, d - 1 drops\n"
"                             random:SEED[,p=PERCENT]\n"
"  --budget=N|D               so many schedules, or for so long, on each engine;\n"
"                             default 1.7s for all of them\n"
"  --inject=LIST              faults that the search may choose, by commas: thread\n"
"                             (creation fails), memory (allocation fails), wake\n"
"                             (a wake-up for no reason)\n"
"  --goal=NAME                search for a schedule in which this happens\n"
"  -j N, --jobs=N             search in so many processes\n"
"  --no-minimise              show the failure as it was met\n"
"\n"
"What to run, and on what machine: --engine, --cpus, --nodes, --hz, --slice,\n"
"--cmdline, --time-limit, --hung-task, --carrier, --invariants, --lockdep, as in\n"
"wqlab run --help.\n"
"\n"
"How to show it:\n"
"  --all                      every stretch of the failing run, not the last 40\n"
"  --width=COLS               columns of a line\n"
"  -h, --help                 this text\n"
"\n"
"Exit status: 0 when no schedule failed (or the goal was met), 1 when one did (or\n"
"the goal was not met), 2 as in wqlab --help.\n";

static const char replay_help[] =
"wqlab replay [STRING]: play a schedule again that wqlab explore found; without\n"
"STRING the last one.\n"
"\n"
"  --stop-at=STEP             under a debugger, stop before this step\n"
"  --format=table|csv|trace   also print the run's events, as wqlab run does\n"
"  --carrier=threads|fibers   what carries tasks; threads under a debugger\n"
"  --all                      every stretch of the run, not the last 40\n"
"  --width=COLS               columns of a line\n"
"  -h, --help                 this text\n"
"\n"
"    gdb --args wqlab replay STRING --stop-at=412\n"
"    (gdb) run\n"
"\n"
"Exit status: 0 when the run ended well, 1 when it ended otherwise, 2 when the\n"
"string is none, or is of another version and does not fit.\n";

static const char ps_help[] =
"wqlab ps FILE: print the threads a moment after the scenario's workqueues\n"
"were created; nothing is queued yet.\n"
"\n";

static const char ps_help_show[] =
"How to show it:\n"
"  --summary                  threads that differ only in their CPU in one line\n"
"  --width=COLS               columns of a line\n"
"  -h, --help                 this text\n";

static const char tour_help[] =
"wqlab tour: eight stops that show what the two designs do differently.\n"
"\n"
"On a terminal it waits for Enter between the stops; q and Enter ends it.\n"
"The scenarios are looked for in ../labs/scenarios or ../share/wqlab/scenarios,\n"
"seen from the folder the program is in or from one of those above it, or where\n"
"the environment variable WQLAB_SCENARIOS says.\n"
"\n"
"  --width=COLS               columns of a line\n"
"  -h, --help                 this text\n";

bool options_help(const char *command)
{
	if (!command) {
		fputs(top_help, stdout);
	} else if (!strcmp(command, "run")) {
		fputs(run_help, stdout);
		fputs(machine_help, stdout);
		fputs(run_help_show, stdout);
	} else if (!strcmp(command, "ps")) {
		fputs(ps_help, stdout);
		fputs(machine_help, stdout);
		fputs(ps_help_show, stdout);
	} else if (!strcmp(command, "explore")) {
		fputs(explore_help, stdout);
	} else if (!strcmp(command, "replay")) {
		fputs(replay_help, stdout);
	} else if (!strcmp(command, "tour")) {
		fputs(tour_help, stdout);
	} else {
		return false;
	}
	return true;
}
