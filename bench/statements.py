"""Counts what one request makes PostgreSQL do.   statements.py URL CLIENT SECRET PG_PORT USER PASSWORD (started by bench/statements)"""
import glob, json, os, re, subprocess, sys, time, urllib.parse, urllib.request

URL, CLIENT, SECRET, PORT, USER, PASSWORD = sys.argv[1:]
KEPT = os.environ.get("LATCHKEY_E2E_HOME", os.path.expanduser("~/.cache/latchkey-e2e"))
LOG = (glob.glob(f"/var/lib/postgresql/latchkey-e2e-{PORT}/server.log") or glob.glob(f"{KEPT}/postgres-{PORT}/server.log"))[0]
# What runs by itself: the watchman's ping, the search for jobs, and what belongs to connections rather than requests.
OWN = re.compile(r"clock_timestamp|scheduled_tasks|pg_stat|SET |SHOW |latchkey\.token_keys|used_generation < w\.used")


def statements():
    text = open(LOG, errors="replace").read()
    lines = re.findall(r"LOG:  (?:statement|execute [^:]*): (.*)", text)
    return [line for line in lines if not OWN.search(line)]


def writes():
    sql = "select coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0) from pg_stat_user_tables where schemaname = 'latchkey' and relname <> 'scheduled_tasks'"
    return int(subprocess.check_output(["psql", "-h", "127.0.0.1", "-p", PORT, "-U", "postgres", "-d", "latchkey", "-XAtqc", sql]))


def post(path, form, headers=()):
    request = urllib.request.Request(URL + path, urllib.parse.urlencode(form).encode(), dict(headers))
    return json.load(urllib.request.urlopen(request))


def measure(name, act, rounds=10):
    time.sleep(2)
    before, rows = len(statements()), writes()
    for _ in range(rounds):
        act()
    time.sleep(2)
    count, changed = len(statements()) - before, writes() - rows
    print(f"{name:24} {count / rounds:5.1f} statements {changed / rounds:5.1f} row writes")


def introspect():
    post("/oauth2/introspect", {"token": access}, {"Authorization": "Bearer " + SECRET})


def refresh():
    global token
    token = post("/oauth2/token", {"grant_type": "refresh_token", "client_id": CLIENT, "refresh_token": token})["refresh_token"]


def log_in():
    return subprocess.check_output([sys.executable, __file__.replace("statements.py", "login.py"), URL, CLIENT, USER, PASSWORD], text=True).split()


access, token = log_in()
introspect()
measure("warm introspection", introspect)
measure("refresh", refresh)
measure("whole sign-in", log_in, 5)
exchange = [line for line in statements()]
last = len(exchange) - next(i for i, line in enumerate(reversed(exchange)) if line.startswith("select g.id, g.client_id")) - 1
print("the last code exchange, statement by statement:")
for line in exchange[last:]:
    print("   ", " ".join(line.split())[:110])
