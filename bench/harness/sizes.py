"""A server that has just started, and ones with many sessions in the store."""
from .plan import CLIENT

COLD = "introspection, cold"


def introspection(size):
    return f"introspection, {size} sessions in the store"


def refresh(size):
    return f"refresh, {size} sessions in the store"


def measure(bench):
    rows, plan = bench.rows, bench.plan
    sizes = [size for size in plan.sizes if rows.wanted(introspection(size), refresh(size))]
    if not sizes and not rows.wanted(COLD):
        return
    tokens = bench.tokens
    rows.measured(COLD, lambda: cold(bench, tokens))
    for size in sizes:
        bench.store.fill(size)
        rows.settled = False
        rows.timed(introspection(size), bench.generator, "introspect", tokens=tokens, **bench.introspection)
        rows.timed(refresh(size), bench.generator, "refresh", tokens=tokens, client=CLIENT)


def cold(bench, tokens):
    """Each token a single time; only what all requests share was compiled before."""
    bench.server.stop()
    bench.starts.append(bench.server.start())
    bench.generator.load("get", path="/health", seconds=2)
    return bench.generator.load("introspect", tokens=tokens, once="true", **bench.introspection)
