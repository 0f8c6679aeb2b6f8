// SPDX-License-Identifier: GPL-2.0-only
/*
 * GLib: GThreadPool, and timeout sources of a main context.
 *
 * Read next: peer-uv-libc.c.
 */
#include <glib.h>
#include <unistd.h>

#include "peers-libc.h"

struct load {
	struct bench_args *args;
	GThreadPool *pool;
	struct peer_item *items;
	unsigned int left;
	uint64_t started;
	struct flag done;
};

static void item_func(gpointer data, gpointer user)
{
	struct peer_item *it = data;

	(void)user;
	it->ran++;
}

static void produce(unsigned int nth, void *arg)
{
	struct load *l = arg;
	unsigned int share = l->args->items / l->args->producers;

	for (unsigned int i = nth * share; i < (nth + 1) * share; i++)
		g_thread_pool_push(l->pool, &l->items[i], NULL);
}

static int queue(struct bench_args *a)
{
	struct load l = {
		.args = a,
		.pool = g_thread_pool_new(item_func, NULL, PEER_THREADS, TRUE, NULL),
		.items = calloc(a->items, sizeof(*l.items)),
	};
	uint64_t start;

	if (!l.pool || !l.items)
		return -1;
	start = peer_producers(a->producers, produce, &l);
	g_thread_pool_free(l.pool, FALSE, TRUE);	/* waits until all have run */
	a->ns = bench_now() - start;
	a->ran = peer_ran_once(l.items, a->items);
	free(l.items);
	return 0;
}

static void again_func(gpointer data, gpointer user)
{
	struct load *l = data;

	(void)user;
	l->args->ran++;
	if (--l->left)
		g_thread_pool_push(l->pool, l, NULL);
	else
		flag_raise(&l->done);
}

static int requeue(struct bench_args *a)
{
	struct load l = {
		.args = a,
		.pool = g_thread_pool_new(again_func, NULL, PEER_THREADS, TRUE, NULL),
		.left = a->items,
		.done = FLAG_INIT,
	};
	uint64_t start = bench_now();

	if (!l.pool)
		return -1;
	g_thread_pool_push(l.pool, &l, NULL);
	flag_wait(&l.done);
	a->ns = bench_now() - start;
	g_thread_pool_free(l.pool, FALSE, TRUE);
	return 0;
}

static void start_func(gpointer data, gpointer user)
{
	struct load *l = data;

	(void)user;
	l->started = bench_now();
	flag_raise(&l->done);
}

static void measure_start(unsigned int nth, void *arg)
{
	struct load *l = arg;

	(void)nth;
	for (unsigned int i = 0; i < l->args->samples; i++) {
		uint64_t queued;

		usleep(BENCH_PAUSE_US);
		queued = bench_now();
		g_thread_pool_push(l->pool, l, NULL);
		flag_wait(&l->done);
		l->args->sample[i] = l->started - queued;
		l->args->ran++;
	}
}

static int start(struct bench_args *a)
{
	struct load l = {
		.args = a,
		.pool = g_thread_pool_new(start_func, NULL, PEER_THREADS, TRUE, NULL),
		.done = FLAG_INIT,
	};

	if (!l.pool)
		return -1;
	peer_producers(1, measure_start, &l);
	g_thread_pool_free(l.pool, FALSE, TRUE);
	return 0;
}

static gboolean never(gpointer data)
{
	(void)data;
	return G_SOURCE_REMOVE;
}

static GSource *timer_add(GMainContext *ctx, guint ms)
{
	GSource *s = g_timeout_source_new(ms);

	g_source_set_callback(s, never, NULL, NULL);
	g_source_attach(s, ctx);
	return s;
}

static void timer_cancel(GSource *s)
{
	g_source_destroy(s);
	g_source_unref(s);
}

static int timer(struct bench_args *a)
{
	GMainContext *ctx = g_main_context_new();
	GSource **pending = calloc(a->pending + 1, sizeof(*pending));
	uint64_t begin;

	if (!pending)
		return -1;
	for (unsigned int i = 0; i < a->pending; i++)
		pending[i] = timer_add(ctx, 10000 + (guint)((uint64_t)i * 3600000 / a->pending));
	begin = bench_now();
	for (unsigned int i = 0; i < a->items; i++) {
		timer_cancel(timer_add(ctx, 10000 + i % 1000));
		a->ran++;
	}
	a->ns = bench_now() - begin;
	/* the newest first: a source is found from that end */
	for (unsigned int i = a->pending; i-- > 0;)
		timer_cancel(pending[i]);
	free(pending);
	g_main_context_unref(ctx);
	return 0;
}

const struct peer peer_glib = {
	.name = "GLib",
	.queue = queue,
	.requeue = requeue,
	.start = start,
	.timer = timer,
};
