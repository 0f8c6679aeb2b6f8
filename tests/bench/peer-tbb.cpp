// SPDX-License-Identifier: GPL-2.0-only
/*
 * TBB: tasks of a task_group in a task_arena.  It has no timers.
 *
 * The arena has two slots; for one producer one of them is the producer's own
 * while it waits, as TBB means it: who waits for a group works on it meanwhile.
 */
#include <unistd.h>

#include <oneapi/tbb/task_arena.h>
#include <oneapi/tbb/task_group.h>

#include "peers-libc.h"

namespace {

struct load {
	struct bench_args *args;
	tbb::task_arena *arena;
	struct peer_item *items;
};

void produce(unsigned int nth, void *arg)
{
	load *l = static_cast<load *>(arg);
	unsigned int share = l->args->items / l->args->producers;

	l->arena->execute([=] {
		tbb::task_group group;

		for (unsigned int i = nth * share; i < (nth + 1) * share; i++) {
			struct peer_item *it = &l->items[i];

			group.run([it] { it->ran++; });
		}
		group.wait();
	});
}

int queue(struct bench_args *a)
{
	tbb::task_arena arena(PEER_THREADS, a->producers);
	load l = { a, &arena, static_cast<struct peer_item *>(calloc(a->items, sizeof(*l.items))) };

	if (!l.items)
		return -1;
	uint64_t start = peer_producers(a->producers, produce, &l);
	a->ns = bench_now() - start;
	a->ran = peer_ran_once(l.items, a->items);
	free(l.items);
	return 0;
}

struct again {
	tbb::task_group *group;
	struct bench_args *args;
	unsigned int *left;

	void operator()() const
	{
		args->ran++;
		if (--*left)
			group->run(*this);
	}
};

int requeue(struct bench_args *a)
{
	tbb::task_arena arena(PEER_THREADS);
	uint64_t start = bench_now();

	arena.execute([=] {
		tbb::task_group group;
		unsigned int left = a->items;

		group.run(again{ &group, a, &left });
		group.wait();
	});
	a->ns = bench_now() - start;
	return 0;
}

void measure_start(unsigned int, void *arg)
{
	load *l = static_cast<load *>(arg);
	struct flag done = FLAG_INIT;
	uint64_t started = 0;

	for (unsigned int i = 0; i < l->args->samples; i++) {
		usleep(BENCH_PAUSE_US);
		uint64_t queued = bench_now();
		l->arena->enqueue([&] {
			started = bench_now();
			flag_raise(&done);
		});
		flag_wait(&done);
		l->args->sample[i] = started - queued;
		l->args->ran++;
	}
}

int start(struct bench_args *a)
{
	tbb::task_arena arena(PEER_THREADS, 1);
	load l = { a, &arena, nullptr };

	peer_producers(1, measure_start, &l);
	return 0;
}

} // namespace

extern "C" const struct peer peer_tbb = { "TBB", queue, requeue, start, nullptr };
