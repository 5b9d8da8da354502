"""Discovery, codes, introspection, refresh, revocation, and what they are compared with."""
import json
from .plan import CLIENT

CONSTANT, DISCOVERY, JWKS = "constant answer (/health)", "discovery", "JWKS"
EXCHANGE, REFRESH, REVOCATION = "code exchange", "refresh", "revocation"
ONE_TOKEN = "introspection, one token"
BARE_SELECT, BARE_UPDATE = "pgbench select, the same join", "pgbench update of one row"
CHECK, BARE_CHECK = "rate-limit check", "pgbench, the statement of a rate-limit check"

FILLED, SUBJECTS = 10_000, 10_000
ID = "('00000000-0000-0000-0000-' || lpad(to_hex(cast(:n as bigint)), 12, '0'))::uuid"
SELECT_SQL = f"select s.*, u.username, u.locked_at from latchkey.oauth_sessions s join latchkey.clients c on c.id = s.client_id left join latchkey.users u on u.id = s.user_id where s.id = {ID};"
UPDATE_SQL = f"update latchkey.oauth_sessions set generation = generation + 1, issued_at = now(), rotated_agent = 'x', last_active_at = now() where id = {ID} and finished_at is null;"
CHECK_SQL = """insert into latchkey.rate_limits as held (key, tat) values (decode(md5(cast(:n as text)), 'hex'), statement_timestamp() + 1000000 * interval '1 microsecond')
 on conflict (key) do update set tat = greatest(held.tat, statement_timestamp()) + 1000000 * interval '1 microsecond'
 where held.tat <= statement_timestamp() + 999999000000 * interval '1 microsecond';""".replace("\n", "")


def measure(bench):
    rows, generator = bench.rows, bench.generator
    rows.timed(CONSTANT, generator, "get", counts=False, path="/health")
    rows.timed(DISCOVERY, generator, "get", counts=False, path="/.well-known/openid-configuration")
    rows.timed(JWKS, generator, "get", counts=False, path="/oauth2/keys.json")
    if rows.wanted(EXCHANGE):
        assert bench.warm
        rows.measured(EXCHANGE, bench.exchange)
    many = f"introspection, {bench.plan.sessions} tokens"
    if rows.wanted(ONE_TOKEN, many, REFRESH):
        one = bench.store.write("one", bench.tokens.read_text().splitlines()[:1])
        rows.timed(ONE_TOKEN, generator, "introspect", tokens=one, **bench.introspection)
        rows.timed(many, generator, "introspect", tokens=bench.tokens, **bench.introspection)
        bench.remember_memory("introspecting")
        rows.timed(REFRESH, generator, "refresh", tokens=bench.tokens, client=CLIENT)
        bench.remember_memory("refreshing")
    if rows.wanted(BARE_SELECT, BARE_UPDATE):
        bench.store.fill(FILLED)
        pgbench(bench, BARE_SELECT, SELECT_SQL, FILLED)
        pgbench(bench, BARE_UPDATE, UPDATE_SQL, FILLED)
    rows.measured(CHECK, lambda: rate_limits(bench))
    pgbench(bench, BARE_CHECK, CHECK_SQL, SUBJECTS)
    if rows.wanted(REVOCATION):
        signed_in = [bench.sessions(bench.plan.batch, f"revoked-{n}") for n in range(bench.plan.runs)]
        rows.measured(REVOCATION, lambda: generator.load("revoke", tokens=signed_in.pop(), client=CLIENT))


def pgbench(bench, name, script, subjects):
    plan = bench.plan
    bench.rows.measured(name, lambda: bench.database.pgbench(script, subjects, plan.seconds, bench.folder), counts=False)


def rate_limits(bench):
    """The check of a rate limit by the service's own classes."""
    uri = bench.database.uri.replace("postgresql://postgres@", "jdbc:postgresql://") + "?user=postgres"
    before = bench.database.cpu()
    told = json.loads(bench.server.like_this(bench.classes, "RateLimits", uri, bench.plan.seconds, bench.plan.warm, SUBJECTS))
    refused = told.pop("refused")
    return told | {"db_cpu_ms": (bench.database.cpu() - before) / told["all"], "others": {"refused": refused} if refused else {}}

