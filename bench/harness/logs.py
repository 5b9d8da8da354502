"""What the log costs: three servers alike, one that writes nothing, one that writes what it does unless told otherwise,
one that writes all, measured in turns."""
from .plan import CLIENT
from .server import Latchkey

LEVELS = {"log off": "off", "log as it is": "", "log debug": "debug"}
KINDS = ("introspection", "refresh")


def name(kind, level):
    return f"{kind}, {level}"


def measure(bench):
    rows, plan = bench.rows, bench.plan
    if not rows.wanted(*(name(kind, level) for kind in KINDS for level in LEVELS)):
        return
    tokens = {level: bench.warm and bench.sessions(plan.batch, level.replace(" ", "-")) for level in LEVELS}
    bench.server.stop()
    servers = {}
    for n, (level, filter) in enumerate(LEVELS.items()):
        servers[level] = Latchkey(plan, bench.folder, bench.database, plan.port + 2 + n, {"RUST_LOG": filter})
        bench.running.insert(0, servers[level])
        bench.starts.append(servers[level].start())
    runs = {(kind, level): [] for kind in KINDS for level in LEVELS}
    # The first turn only warms.
    for turn in range(plan.runs + 1):
        for (kind, level), taken in runs.items():
            words = bench.introspection if kind == "introspection" else {"client": CLIENT}
            told = bench.generator_of(servers[level]).load("introspect" if kind == "introspection" else kind, tokens=tokens[level], **words)
            taken += [told] if turn else []
    for (kind, level), taken in runs.items():
        rows.take(name(kind, level), taken)
    for server in servers.values():
        server.stop()
    bench.rows.settled = False
    bench.starts.append(bench.server.start())
