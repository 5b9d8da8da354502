"""The login of Matrix clients that know no OAuth."""
from .logins import USER
from .plan import PASSWORD

LOGIN, TOKEN_LOGIN = "legacy login by password", "legacy login by token"
REFRESH, LOGOUT = "legacy refresh", "legacy logout"


def measure(bench):
    rows, plan = bench.rows, bench.plan
    if rows.wanted(LOGIN):
        log_in(bench, plan.first_logins // 4)
        rows.measured(LOGIN, lambda: log_in(bench, plan.logins))
    if rows.wanted(TOKEN_LOGIN, REFRESH, LOGOUT):
        for _ in range(1 if plan.words.quick else 3):
            log_in_by_token(bench)
    rows.measured(TOKEN_LOGIN, lambda: log_in_by_token(bench))
    if rows.wanted(REFRESH):
        rows.timed(REFRESH, bench.generator, "legacy-refresh", tokens=sessions(bench, plan.sessions, "legacy-tokens"))
    if rows.wanted(LOGOUT):
        signed_in = [sessions(bench, plan.batch, f"logged-out-{n}") for n in range(plan.runs)]
        rows.measured(LOGOUT, lambda: bench.generator.load("legacy-logout", tokens=signed_in.pop()))


def log_in(bench, count):
    """Of people of their own: two logins of one wait for one another's device."""
    people = bench.store.people_with_password(count, USER)
    bench.rows.settled = False
    return bench.generator.load("legacy-login", users=people, password=PASSWORD)


def made(bench):
    return bench.folder / "legacy-made"


def log_in_by_token(bench):
    tokens = bench.store.login_tokens(bench.plan.batch)
    bench.rows.settled = False
    return bench.generator.load("legacy-token", tokens=tokens, out=made(bench))


def sessions(bench, count, name):
    """Sessions that came from login tokens: the file with their tokens."""
    return bench.collect(count, name, lambda: log_in_by_token(bench), made(bench))
