// SPDX-License-Identifier: GPL-2.0-only
/*
 * Mistakes that only the whole file shows: names, kinds, mutexes, CPUs, times.
 */
#include "labs_test-libc.h"

/* What many of the messages end with, and what many of the texts begin with. */
#define NO_TIME \
	"but the timeline takes no time of its own; expected it in a work item or a task"
#define NOTHING \
	"found the end of the file and no work queued, expected a `queue ITEM on WORKQUEUE` below an `at` or a `task`"
#define NO_LOCK \
	"expected a `lock` of it above in the same steps"
#define BASE \
	"workqueue q\nwork w\nat 0 queue w on q\n"

static const struct bad whole[] = {
	BAD("",
	    "1:1: " NOTHING),
	BAD("\n\n",
	    "2:1: " NOTHING),
	BAD("# nothing\n",
	    "1:1: " NOTHING),
	/* the steps of what was not understood are skipped */
	BAD("work a\nworkk b\nsleep x\nwork 5\nsleep x\nat x\nqueue\n",
	    "2:1: found `workk`, which begins no line; did you mean `work`?\n"
	    "4:6: found `5`, expected a name for the work item\n"
	    "6:4: found `x`, expected when, a duration like 5ms or 1.5s"),
	BAD("workqueue q\n",
	    "1:1: " NOTHING),
	BAD("workqueue q\nwork w\nqueue w on q\n",
	    "3:1: " NOTHING),
	/* at one place with another mistake it comes last */
	BAD("cpus 2\nnodes 3\n",
	    "2:1: found 3 nodes for 2 CPUs, expected at most one for each\n"
	    "2:1: " NOTHING),
	BAD("workqueue q\nend at 5ms\nat 6ms flush q\n",
	    "3:1: found an `at` later than `end at` in line 2, expected it before\n"
	    "3:1: " NOTHING),
	BAD(BASE "at 1ms queue w0 on q\n",
	    "4:14: found `w0`, which is not declared; expected a work item"),
	BAD(BASE "at 1ms queue ww on q\n",
	    "4:14: found `ww`, which is not declared; expected a work item"),
	BAD(BASE "at 1ms queue nobody on q\n",
	    "4:14: found `nobody`, which is not declared; expected a work item"),
	BAD(BASE "at 1ms queue q on q\n",
	    "4:14: found `q`, which is a workqueue; expected a work item"),
	BAD(BASE "at 1ms queue w on w\n",
	    "4:19: found `w`, which is a work item; expected a workqueue"),
	BAD(BASE "at 1ms queue w on qq\n",
	    "4:19: found `qq`, which is not declared; expected a workqueue"),
	BAD(BASE "at 1ms queue w on elsewhere\n",
	    "4:19: found `elsewhere`, which is not declared; expected a workqueue"),
	BAD(BASE "at 1ms queue w w on q q q\n",
	    "4:21: found 3 workqueues for 2 work items, expected one for all or one for each"),
	BAD(BASE "at 1ms queue w w w on q q\n",
	    "4:23: found 2 workqueues for 3 work items, expected one for all or one for each"),
	BAD(BASE "workqueue p[0..2]\nat 1ms queue w w on p[0..2]\n",
	    "5:21: found 3 workqueues for 2 work items, expected one for all or one for each"),
	BAD(BASE "work a\nwait w\n",
	    "5:6: found `w`, which is a work item; expected an event"),
	BAD(BASE "work a\nwait go\n",
	    "5:6: found `go`, which is not declared; expected an event"),
	BAD(BASE "event gone\nat 1ms signal gome\n",
	    "5:15: found `gome`, which is not declared; did you mean `gone`?"),
	BAD(BASE "work a\nsignal q\n",
	    "5:8: found `q`, which is a workqueue; expected an event"),
	BAD(BASE "work a\nlock mm\n",
	    "5:6: found `mm`, which is not declared; expected a mutex"),
	BAD(BASE "event m\nwork a\nlock m\n",
	    "6:6: found `m`, which is an event; expected a mutex"),
	BAD(BASE "at 1ms cancel q\n",
	    "4:15: found `q`, which is a workqueue; expected a work item"),
	BAD(BASE "at 1ms cancel x\n",
	    "4:15: found `x`, which is not declared; expected a work item"),
	BAD(BASE "at 1ms flush nothing\n",
	    "4:14: found `nothing`, which is not declared; expected a work item or a workqueue"),
	BAD(BASE "event e\nat 1ms flush e\n",
	    "5:14: found `e`, which is an event; expected a work item or a workqueue"),
	BAD(BASE "task t\nflush t\n",
	    "5:7: found `t`, which is a task; expected a work item or a workqueue"),
	BAD(BASE "at 1ms set max_active of w to 1\n",
	    "4:26: found `w`, which is a work item; expected a workqueue"),
	BAD(BASE "at 1ms set max_active of qu to 1\n",
	    "4:26: found `qu`, which is not declared; expected a workqueue"),
	BAD(BASE "work a[0..2]\nat 1ms queue a[0..3] on q\n",
	    "5:14: found `a3`, which is not declared; did you mean `a0`?"),
	BAD(BASE "work a[0..2]\nat 1ms queue a on q\n",
	    "5:14: found `a`, which is not declared; expected a work item"),
	BAD(BASE "at 1ms queue yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy on q\n",
	    "4:14: found `yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy`, which is not declared; expected a work item"),
	BAD(BASE "mutex m\nwork a\nunlock m\n",
	    "6:1: found `unlock` of `m`, " NO_LOCK),
	BAD(BASE "mutex m\nwork a\nlock m\nunlock m\nunlock m\n",
	    "8:1: found `unlock` of `m`, " NO_LOCK),
	BAD(BASE "mutex m, n\nwork a\nlock m\nunlock m n\n",
	    "7:1: found `unlock` of `n`, " NO_LOCK),
	BAD(BASE "mutex m\nwork a\nlock m\nwork b\nunlock m\n",
	    "8:1: found `unlock` of `m`, " NO_LOCK),
	BAD(BASE "mutex m\ntask a\nunlock m\nlock m\n",
	    "6:1: found `unlock` of `m`, " NO_LOCK),
	BAD(BASE "work a\nrequeue\n",
	    "5:1: found `requeue` for ever in `a`, expected `times N` here, or a `cancel a` or an `end at TIME` elsewhere"),
	BAD(BASE "work a, b\nrequeue\nat 1ms cancel b\n",
	    "5:1: found `requeue` for ever in `a`, expected `times N` here, or a `cancel a` or an `end at TIME` elsewhere"),
	BAD(BASE "work a\nrequeue after 1ms\n",
	    "5:1: found `requeue` for ever in `a`, expected `times N` here, or a `cancel a` or an `end at TIME` elsewhere"),
	BAD(BASE "work a\nrequeue times 1\nrequeue times 1\n",
	    "6:1: found a second `requeue`, expected one at most: an item can be queued once at a time"),
	BAD(BASE "work a\nrequeue\nrequeue\n",
	    "6:1: found a second `requeue`, expected one at most: an item can be queued once at a time"),
	BAD(BASE "at 0 cpu 1 queue w on q\n",
	    "4:10: found CPU 1, expected a number below 1, the number of CPUs"),
	BAD(BASE "at 0 queue w on q cpu 1\n",
	    "4:23: found CPU 1, expected a number below 1, the number of CPUs"),
	BAD(BASE "task t cpu 1\n",
	    "4:12: found CPU 1, expected a number below 1, the number of CPUs"),
	BAD(BASE "cpus 2\nat 0 queue w on q cpu 2\nat 0 cpu 3 queue w on q\ntask t cpu 4\n",
	    "5:23: found CPU 2, expected a number below 2, the number of CPUs\n"
	    "6:10: found CPU 3, expected a number below 2, the number of CPUs\n"
	    "7:12: found CPU 4, expected a number below 2, the number of CPUs"),
	BAD(BASE "nodes 2\n",
	    "4:1: found 2 nodes for 1 CPUs, expected at most one for each"),
	BAD(BASE "cpus 2\nnodes 3\n",
	    "5:1: found 3 nodes for 2 CPUs, expected at most one for each"),
	BAD(BASE "end at 1ms\nat 2ms signal e\nevent e\n",
	    "5:1: found an `at` later than `end at` in line 4, expected it before"),
	BAD(BASE "end at 1ms\ntask t start 2ms\n",
	    "5:1: found a task that starts later than `end at` in line 4, expected it before"),
	BAD(BASE "end at 1ms\nat 2ms queue w on q\nat 1.000001ms queue w on q\n",
	    "5:1: found an `at` later than `end at` in line 4, expected it before\n"
	    "6:1: found an `at` later than `end at` in line 4, expected it before"),
	BAD(BASE "wait a\nwork b\nwait c\nlock d\n",
	    "4:1: found `wait` below `at`, " NO_TIME),
	BAD("at 0\nburn 1\nat 1\nat 2\nat 3\nat 4\nat 5\nat 6\nat 7\nat 8\nat 9\nat 10\nat 11\n",
	    "2:1: found `burn` below `at`, " NO_TIME "\n"
	    "3:4: found `1`, expected when, with a unit: ns, us, ms or s\n"
	    "4:4: found `2`, expected when, with a unit: ns, us, ms or s\n"
	    "5:4: found `3`, expected when, with a unit: ns, us, ms or s\n"
	    "6:4: found `4`, expected when, with a unit: ns, us, ms or s\n"
	    "7:4: found `5`, expected when, with a unit: ns, us, ms or s\n"
	    "8:4: found `6`, expected when, with a unit: ns, us, ms or s\n"
	    "9:4: found `7`, expected when, with a unit: ns, us, ms or s\n"
	    "10:4: found `8`, expected when, with a unit: ns, us, ms or s\n"
	    "11:4: found `9`, expected when, with a unit: ns, us, ms or s"),
	BAD(BASE "work a\nwait e0\nwait e1\nwait e2\nwait e3\nwait e4\nwait e5\nwait e6\nwait e7\nwait e8\nwait e9\nwait e10\nwait e11\n",
	    "5:6: found `e0`, which is not declared; expected an event\n"
	    "6:6: found `e1`, which is not declared; expected an event\n"
	    "7:6: found `e2`, which is not declared; expected an event\n"
	    "8:6: found `e3`, which is not declared; expected an event\n"
	    "9:6: found `e4`, which is not declared; expected an event\n"
	    "10:6: found `e5`, which is not declared; expected an event\n"
	    "11:6: found `e6`, which is not declared; expected an event\n"
	    "12:6: found `e7`, which is not declared; expected an event\n"
	    "13:6: found `e8`, which is not declared; expected an event\n"
	    "14:6: found `e9`, which is not declared; expected an event"),
	BAD(BASE "work a[0..99999]\n",
	    "4:6: found one more than 10000 objects of a kind, expected fewer"),
};

WQTEST(labs_errors, whole)
{
	check_bad(whole, COUNT(whole));
}
