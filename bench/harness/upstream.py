"""Signing in through an identity provider that answers at once: to it, back with a code, and in."""
from .plan import PROVIDER

LOGIN, FIRST = "upstream login", "upstream login, first"


def measure(bench):
    rows, plan = bench.rows, bench.plan
    if not rows.wanted(LOGIN, FIRST):
        return
    bench.provider.start()
    known = people(bench, "known", plan.batch)
    for _ in range(1 if plan.words.quick else 3):  # accounts are made, and the path is compiled
        log_in(bench, known)
    rows.measured(LOGIN, lambda: log_in(bench, known))
    new = [people(bench, f"new{run}-", plan.batch) for run in range(plan.runs)]
    rows.measured(FIRST, lambda: log_in(bench, new.pop()))


def people(bench, name, count):
    file = bench.folder / f"people-{name}"
    file.write_text("".join(f"{name}{number}\n" for number in range(count)))
    return file


def log_in(bench, people):
    bench.rows.settled = False
    return bench.generator.load("upstream-login", people=people, provider=PROVIDER)
