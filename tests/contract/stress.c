// SPDX-License-Identifier: GPL-2.0-only
/*
 * The contract in disorder: several tasks queue, cancel and flush shared items on
 * several workqueues and CPUs, under a random schedule each time, or really at once.
 * In the end the books must balance:
 *
 *	A2	calls that won = runs + cancels that won, and everything idle
 *	A3	never more runs than attempts to queue
 *	A4	the last run saw what was written before the last attempt
 *	E2, E3	what a flush or a cancel promised held at its return
 */
#include "contract_test.h"

#define TASKS	3
#define ITEMS	5
#define QUEUES	4
#define OPS	14

struct shared {
	struct delayed_work dw;
	atomic_t attempts, queued, cancelled, runs;
	atomic_t wrote, seen;
};

static struct shared items[ITEMS];
static struct workqueue_struct *queues[QUEUES];
static atomic_t over;

/* An engine may run an item on two CPUs at once; the later look counts. */
static void see(struct shared *s, int wrote)
{
	int seen = atomic_read(&s->seen);

	while (seen < wrote) {
		int was = atomic_cmpxchg(&s->seen, seen, wrote);

		if (was == seen)
			break;
		seen = was;
	}
}

static void shared_fn(struct work_struct *work)
{
	struct shared *s = container_of(work, struct shared, dw.work);
	int wrote = atomic_read(&s->wrote);
	int runs = atomic_inc_return(&s->runs);

	see(s, wrote);
	CHECK(runs <= atomic_read(&s->attempts));
	if (wrote % 4 == 0)
		udelay(50);
	else if (wrote % 7 == 0)
		usleep_range(20, 20);
}

static void queue_somewhere(struct shared *s, unsigned int *rnd)
{
	struct workqueue_struct *wq = queues[next_random(rnd) % QUEUES];
	unsigned int how = next_random(rnd) % 8;
	int cpu = next_random(rnd) % num_online_cpus();
	unsigned long delay = next_random(rnd) % 3;
	bool won;

	atomic_inc(&s->wrote);
	atomic_inc(&s->attempts);
	if (how < 3)
		won = queue_work(wq, &s->dw.work);
	else if (how < 5)
		won = queue_work_on(cpu, wq, &s->dw.work);
	else if (how < 7)
		won = queue_delayed_work(wq, &s->dw, delay);
	else
		won = queue_delayed_work_on(cpu, wq, &s->dw, delay);
	atomic_add(won, &s->queued);
}

static void some_call(unsigned int *rnd)
{
	struct shared *s = &items[next_random(rnd) % ITEMS];
	struct workqueue_struct *wq = queues[next_random(rnd) % QUEUES];
	bool won = false;

	switch (next_random(rnd) % 12) {
	case 0 ... 6:
		queue_somewhere(s, rnd);
		break;
	case 7:
		won = cancel_delayed_work_sync(&s->dw);
		break;
	case 8:
		won = cancel_delayed_work(&s->dw);
		break;
	case 9:
		flush_work(&s->dw.work);
		break;
	case 10:
		flush_workqueue(wq);
		break;
	case 11:
		udelay(next_random(rnd) % 700);
		break;
	}
	atomic_add(won, &s->cancelled);
}

static int task_fn(void *arg)
{
	unsigned int rnd = (unsigned long)arg;

	for (int i = 0; i < OPS; i++)
		some_call(&rnd);
	atomic_inc(&over);
	return 0;
}

static void make_queues(void)
{
	queues[0] = create_workqueue("multi");
	queues[1] = create_singlethread_workqueue("single");
	queues[2] = alloc_workqueue("alloc", WQ_MEM_RECLAIM, 1);
	queues[3] = system_wq;
}

static int crowd(void *arg)
{
	unsigned long seed = (unsigned long)arg;
	struct shared *s;

	make_queues();
	for (s = items; s < items + ITEMS; s++)
		INIT_DELAYED_WORK(&s->dw, shared_fn);
	for (unsigned long i = 0; i < TASKS; i++)
		start_task(task_fn, (void *)(seed * TASKS + i), "crowd");
	wait_for_all(&over, TASKS);

	/* One more that nobody cancels: A4 for all that lost or came before. */
	for (s = items; s < items + ITEMS; s++) {
		atomic_inc(&s->wrote);
		atomic_inc(&s->attempts);
		atomic_add(queue_work(queues[seed % QUEUES], &s->dw.work), &s->queued);
	}
	for (s = items; s < items + ITEMS; s++)
		wait_until(!delayed_work_pending(&s->dw));
	for (int i = 0; i < QUEUES; i++)
		flush_workqueue(queues[i]);

	for (s = items; s < items + ITEMS; s++) {
		CHECK(!delayed_work_pending(&s->dw));
		CHECK(!timer_pending(&s->dw.timer));
		CHECK(list_empty(&s->dw.work.entry));
		CHECK_EQ(atomic_read(&s->queued),
			 atomic_read(&s->runs) + atomic_read(&s->cancelled));
		CHECK_EQ(atomic_read(&s->seen), atomic_read(&s->wrote));
		CHECK(atomic_read(&s->runs) > 0);
	}
	for (int i = 0; i < 3; i++)
		destroy_workqueue(queues[i]);
	return 0;
}

WQTEST_MATRIX(contract_stress, books_balance)
{
	run_seeds(2, crowd, 1, 300);
}

WQTEST_MATRIX(contract_stress, books_balance_long, .soak = true, .timeout = 600)
{
	run_seeds(2, crowd, 1000, 6000);
	run_seeds(1, crowd, 7000, 8000);
	run_seeds(4, crowd, 9000, 11000);
}

/* Many items, many workqueues, many CPUs, no disorder but their number. */
#define MANY	400

static struct counted many[MANY];

static int crowded(void *arg)
{
	struct workqueue_struct *wq[16];
	int runs = 0;

	for (int i = 0; i < 16; i++)
		wq[i] = i % 4 ? create_workqueue("multi") : create_singlethread_workqueue("single");
	for (int round = 1; round <= 5; round++) {
		for (int i = 0; i < MANY; i++) {
			if (round == 1)
				counted_init(&many[i]);
			CHECK(queue_work_on(i % 8, wq[i * 7 % 16], &many[i].work));
		}
		for (int i = 0; i < 16; i++)
			flush_workqueue(wq[i]);
		for (int i = 0; i < MANY; i++) {
			CHECK_EQ(many[i].runs, round);
			if (i * 7 % 16 % 4)
				CHECK_EQ(many[i].cpu, i % 8);
			runs++;
		}
	}
	CHECK_EQ(atomic_read(&runs_of_all), runs);
	for (int i = 0; i < 16; i++)
		destroy_workqueue(wq[i]);
	return 0;
}

WQTEST_MATRIX(contract_stress, many_items_queues_cpus)
{
	RUN(8, crowded);
}

/* Each queuer owns its item: E1 and E2 hold for each of them in any order. */
static int owner(void *arg)
{
	unsigned int rnd = (unsigned long)arg;
	struct counted mine;
	int runs = 0;

	counted_init(&mine);
	for (int i = 0; i < 8; i++) {
		struct workqueue_struct *wq = queues[next_random(&rnd) % QUEUES];

		CHECK(queue_work_on(next_random(&rnd) % num_online_cpus(), wq, &mine.work));
		switch (next_random(&rnd) % 3) {
		case 0:
			flush_work(&mine.work);
			runs++;
			break;
		case 1:
			flush_workqueue(wq);
			runs++;
			break;
		case 2:
			if (!cancel_work_sync(&mine.work))
				runs++;
			break;
		}
		CHECK_EQ(mine.runs, runs);
		CHECK(!work_pending(&mine.work));
	}
	atomic_inc(&over);
	return 0;
}

static int owners(void *arg)
{
	make_queues();
	for (unsigned long i = 0; i < TASKS; i++)
		start_task(owner, (void *)((unsigned long)arg * TASKS + i), "owner");
	wait_for_all(&over, TASKS);
	for (int i = 0; i < 3; i++)
		destroy_workqueue(queues[i]);
	return 0;
}

WQTEST_MATRIX(contract_stress, each_call_keeps_its_word)
{
	run_seeds(2, owners, 1, 300);
}

WQTEST_MATRIX(contract_stress, each_call_keeps_its_word_long, .soak = true, .timeout = 600)
{
	run_seeds(2, owners, 1000, 6000);
	run_seeds(4, owners, 7000, 9000);
}
