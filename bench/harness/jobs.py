"""The queue: how fast jobs go to a homeserver that answers at once, and what a login notices of those that an outage left."""
import time
from . import machine
from .oauth import EXCHANGE

JOBS = "homeserver jobs"
# Nothing here takes so long; a queue that stands still is told, and not waited for.
DEADLINE = 300


def under_load(plan):
    return f"code exchange while {plan.backlog} jobs drain"


def backlog(plan):
    return f"{plan.backlog} jobs after an outage, under logins"


def measure(bench):
    rows, plan = bench.rows, bench.plan
    if rows.wanted(JOBS):
        rows.take(JOBS, [drain(bench, plan.sessions // 2) for _ in range(plan.runs)])
    if rows.wanted(under_load(plan), backlog(plan)):
        outage(bench, plan.backlog)


def drain(bench, count):
    before = bench.generator.costs()
    bench.store.jobs(count)
    return drained(bench, count, time.time(), before)


def drained(bench, count, begin, before):
    while (left := bench.store.waiting_jobs()) and time.time() - begin < DEADLINE:
        time.sleep(0.1)
    seconds, after, done = time.time() - begin, bench.generator.costs(), max(count - left, 1)
    bench.rows.settled = False
    costs = {key: (after[key] - before[key]) / done for key in ("cpu_ms", "db_cpu_ms")}
    return costs | {"rate": done / seconds, "drain_seconds": seconds, "requests": done, "others": {"left": left} if left else {}}


def outage(bench, count):
    rows, plan = bench.rows, bench.plan
    assert bench.warm
    if not rows.remembers(EXCHANGE):
        rows.take(EXCHANGE, [bench.exchange() for _ in range(plan.runs)])  # at rest, to compare with
    bench.homeserver.stop()
    bench.store.jobs(count)
    time.sleep(15)  # long enough to be found away
    before = bench.generator.costs()
    bench.homeserver.start()
    begin = time.time()
    while bench.store.waiting_jobs() == count and time.time() - begin < DEADLINE:
        time.sleep(0.1)
    begin, runs, left = time.time(), [], count
    while left and len(runs) < plan.runs:
        run = bench.exchange()
        left = bench.store.waiting_jobs()
        if left or not runs:
            # The processor time is that of the jobs, too.
            runs.append({key: run[key] for key in ("rate", "p50_ms", "p99_ms", "max_ms", "requests", "others")})
    rows.take(under_load(plan), runs, left_when_measured=left)
    rows.take(backlog(plan), [drained(bench, count, begin, before)])
    if not left:
        machine.say("the last of these exchanges ended after the jobs: there were too few of them")
