"""The rows as a table in Markdown, the ratios below it, and all of it as JSON."""
import json, pathlib
from . import jobs, legacy, logins, logs, machine, oauth, sizes

COLUMNS = (("rate", "{:.0f}"), ("p50_ms", "{:.2f}"), ("p99_ms", "{:.2f}"), ("cpu_ms", "{:.3f}"), ("db_cpu_ms", "{:.3f}"), ("transactions", "{:.2f}"), ("row_writes", "{:.2f}"))


def write(plan, rows):
    table(rows.results)
    print()
    if not plan.words.peer:
        ours(plan, rows)
    wrong = sum(sum(other.values()) for row in rows.results.values() for other in row.get("others", []))
    print(f"- answers that were not as they should be: {wrong}")
    if plan.words.json:
        document = {"machine": machine.describe(), "runs": plan.runs, "seconds": plan.seconds, "rows": rows.results}
        pathlib.Path(plan.words.json).write_text(json.dumps(document, indent=1) + "\n")


def table(results):
    print("| | per second | p50 ms | p99 ms | service CPU ms | database CPU ms | transactions | row writes |")
    print("|---|---|---|---|---|---|---|---|")
    for name, row in results.items():
        if "rate" in row:
            print(f"| {name} | " + " | ".join(cell(row.get(key), form) for key, form in COLUMNS) + " |")


def cell(values, form):
    if values is None:
        return ""
    spread = "" if values["low"] == values["high"] else f" ({form.format(values['low'])}–{form.format(values['high'])})"
    return form.format(values["median"]) + spread


def ours(plan, rows):
    def ratio(words, of, to, key):
        if rows.remembers(of, key) and rows.remembers(to, key) and rows.median(to, key):
            print(f"- {words}: {rows.median(of, key) / rows.median(to, key):.2f}")

    ratio("processor time of a warm introspection, of the constant answer's", oauth.ONE_TOKEN, oauth.CONSTANT, "cpu_ms")
    ratio("of discovery", oauth.DISCOVERY, oauth.CONSTANT, "cpu_ms")
    ratio("of JWKS", oauth.JWKS, oauth.CONSTANT, "cpu_ms")
    ratio("rate of refresh, of pgbench's update", oauth.REFRESH, oauth.BARE_UPDATE, "rate")
    ratio("rate of rate-limit checks, of pgbench's", oauth.CHECK, oauth.BARE_CHECK, "rate")
    login(rows)
    ratio("processor time of a legacy login by password, of the hash alone", legacy.LOGIN, logins.HASH, "cpu_ms")
    ratio("of a legacy login by token, of a code exchange", legacy.TOKEN_LOGIN, oauth.EXCHANGE, "cpu_ms")
    ratio("of a legacy refresh, of a refresh", legacy.REFRESH, oauth.REFRESH, "cpu_ms")
    ratio("of a legacy logout, of a revocation", legacy.LOGOUT, oauth.REVOCATION, "cpu_ms")
    backlog(plan, rows)
    for kind in logs.KINDS:
        for level in list(logs.LEVELS)[1:]:
            ratio(f"processor time without compiling of {kind} with {level}, of that with log off", logs.name(kind, level), logs.name(kind, "log off"), "compiled_cpu_ms")
    for of in (sizes.introspection, sizes.refresh) if len(plan.sizes) > 1 else ():
        ratio(f"p99 of {of(plan.sizes[-1])}, of that with {plan.sizes[0]}", of(plan.sizes[-1]), of(plan.sizes[0]), "p99_ms")
    for name, unit in (("resident memory", "MiB"), ("seconds from start to ready", "")):
        values = rows.results.get(f"{name} in {unit}" if unit else name)
        if values:
            print(f"- {name}{' in ' + unit if unit else ''}: " + ", ".join(str(v) if k == "values" else f"{k} {v}" for k, v in values.items()))


def login(rows):
    """What a sign-in costs over the hash, by the reference and by the service's own threads."""
    if not rows.remembers(logins.LOGIN):
        return
    all_of_it, hashing, compiling = (rows.median(logins.LOGIN, key) for key in ("cpu_ms", "hash_cpu_ms", "compiler_cpu_ms"))
    print(f"- of the {all_of_it:.2f} ms of a login's form {hashing:.2f} are the hash in the service's own threads, {compiling:.2f} compiling, {all_of_it - hashing - compiling:.2f} the rest")
    print(f"- processor time of a login's form, of its own hash: {all_of_it / hashing:.3f}")
    if rows.remembers(logins.HASH):
        bare = rows.median(logins.HASH, "cpu_ms")
        print(f"- of the hash alone: {all_of_it / bare:.3f}")
        if rows.remembers(logins.PAGE):
            print(f"- with the sign-in page before it, of the hash alone: {(all_of_it + rows.median(logins.PAGE, 'cpu_ms')) / bare:.3f}")


def backlog(plan, rows):
    drained, during = jobs.backlog(plan), jobs.under_load(plan)
    if not rows.remembers(drained):
        return
    rest, busy = rows.results[oauth.EXCHANGE], rows.results[during]
    failed = sum(sum(other.values()) for other in busy["others"])
    print(f"- {plan.backlog} jobs after an outage were gone in {rows.median(drained, 'drain_seconds'):.1f} s, {rows.median(during, 'left_when_measured'):.0f} were left after the exchanges that were measured")
    print(f"- code exchange meanwhile: p50 {busy['p50_ms']['median']:.1f} ms (at rest {rest['p50_ms']['median']:.1f}), p99 {busy['p99_ms']['median']:.1f} ms (at rest {rest['p99_ms']['median']:.1f}), {failed} of {busy['requests']} failed")
