"""Signing in by password at the page, and the bare hash."""
import json
from .plan import PASSWORD

USER = "bench"
HASH, PAGE, LOGIN = "password hash alone", "sign-in page", "password login"
ASKERS = 32  # as many as the generator has connections


def measure(bench):
    rows, plan, generator = bench.rows, bench.plan, bench.generator
    rows.measured(HASH, lambda: bare_hash(bench), counts=False)
    rows.timed(PAGE, generator, "get", counts=False, path="/login")
    if rows.wanted(LOGIN):
        log_in(bench, plan.first_logins)
        rows.measured(LOGIN, lambda: log_in(bench, plan.logins))
        bench.remember_memory(f"after {plan.first_logins + plan.runs * plan.logins} logins, 32 at a time")


def log_in(bench, count):
    bench.rows.settled = False
    return bench.generator.load("login", user=USER, password=PASSWORD, count=count)


def bare_hash(bench):
    """The hash of new passwords, by the service's own class behind its own bulkhead, in a JVM like the service's."""
    told = json.loads(bench.server.like_this(bench.classes, "Hash", bench.plan.seconds, bench.plan.warm, ASKERS))
    wrong = told.pop("wrong")
    return told | {"others": {"wrong": wrong} if wrong else {}}
