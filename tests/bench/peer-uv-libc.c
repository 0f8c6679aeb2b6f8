// SPDX-License-Identifier: GPL-2.0-only
/*
 * libuv: uv_queue_work() and uv_timer.
 *
 * All loops of a process share one pool of threads, and each producer needs a
 * loop of its own, to which its items return when they are done.  There is no
 * item that requeues itself: only the thread of the loop may queue.
 *
 * Read next: peer-tbb.cpp.
 */
#include <unistd.h>
#include <uv.h>

#include "peers-libc.h"

struct item {
	uv_work_t req;
	unsigned int ran;
	uint64_t started;
};

struct load {
	struct bench_args *args;
	struct item *items;
};

static void __attribute__((constructor)) set_threads(void)
{
	char text[8] = { '0' + PEER_THREADS, 0 };

	setenv("UV_THREADPOOL_SIZE", text, 0);
}

static void item_func(uv_work_t *req)
{
	((struct item *)req)->ran++;
}

static void produce(unsigned int nth, void *arg)
{
	struct load *l = arg;
	unsigned int share = l->args->items / l->args->producers;
	uv_loop_t loop;

	uv_loop_init(&loop);
	for (unsigned int i = nth * share; i < (nth + 1) * share; i++)
		uv_queue_work(&loop, &l->items[i].req, item_func, NULL);
	uv_run(&loop, UV_RUN_DEFAULT);
	uv_loop_close(&loop);
}

static int queue(struct bench_args *a)
{
	struct load l = { .args = a, .items = calloc(a->items, sizeof(*l.items)) };
	uint64_t start;

	if (!l.items)
		return -1;
	start = peer_producers(a->producers, produce, &l);
	a->ns = bench_now() - start;
	for (unsigned int i = 0; i < a->items; i++)
		a->ran += l.items[i].ran == 1;
	free(l.items);
	return 0;
}

static void start_func(uv_work_t *req)
{
	((struct item *)req)->started = bench_now();
}

static void measure_start(unsigned int nth, void *arg)
{
	struct load *l = arg;
	uv_loop_t loop;

	(void)nth;
	uv_loop_init(&loop);
	for (unsigned int i = 0; i < l->args->samples; i++) {
		uint64_t queued;

		usleep(BENCH_PAUSE_US);
		queued = bench_now();
		uv_queue_work(&loop, &l->items[0].req, start_func, NULL);
		uv_run(&loop, UV_RUN_DEFAULT);
		l->args->sample[i] = l->items[0].started - queued;
		l->args->ran++;
	}
	uv_loop_close(&loop);
}

static int start(struct bench_args *a)
{
	struct item one = { .ran = 0 };
	struct load l = { .args = a, .items = &one };

	peer_producers(1, measure_start, &l);
	return 0;
}

static void never(uv_timer_t *t)
{
	(void)t;
}

static int timer(struct bench_args *a)
{
	uv_timer_t *pending = calloc(a->pending + 1, sizeof(*pending)), *one = &pending[a->pending];
	uv_loop_t loop;
	uint64_t begin;

	if (!pending)
		return -1;
	uv_loop_init(&loop);
	for (unsigned int i = 0; i <= a->pending; i++)
		uv_timer_init(&loop, &pending[i]);
	for (unsigned int i = 0; i < a->pending; i++)
		uv_timer_start(&pending[i], never, 10000 + (uint64_t)i * 3600000 / a->pending, 0);
	begin = bench_now();
	for (unsigned int i = 0; i < a->items; i++) {
		uv_timer_start(one, never, 10000 + i % 1000, 0);
		a->ran += !uv_timer_stop(one);
	}
	a->ns = bench_now() - begin;
	for (unsigned int i = 0; i <= a->pending; i++)
		uv_close((uv_handle_t *)&pending[i], NULL);
	uv_run(&loop, UV_RUN_DEFAULT);
	uv_loop_close(&loop);
	free(pending);
	return 0;
}

const struct peer peer_uv = {
	.name = "libuv",
	.queue = queue,
	.start = start,
	.timer = timer,
};
