"""What is to be measured, and for how long: the words of the command line."""
import argparse, os, pathlib, re
from dataclasses import dataclass

BENCH = pathlib.Path(__file__).resolve().parent.parent
TOP = BENCH.parent
CLIENT, REDIRECT = "01KBENCH000000000000000001", "http://localhost:8095/callback"
VERIFIER = "bench-verifier-bench-verifier-bench-verifier-bench"
SCOPE = "urn:matrix:client:api:* urn:matrix:client:device:"
PASSWORD = "password"
PROVIDER, PROVIDER_CLIENT = "01KBENCH000000000000000002", "latchkey"


@dataclass(frozen=True)
class Plan:
    words: argparse.Namespace
    runs: int
    seconds: int
    warm: int
    sessions: int  # that are refreshed and introspected
    batch: int  # codes, or whatever works once, in a run
    logins: int
    first_logins: int  # that are not measured
    backlog: int  # jobs that an outage left
    sizes: tuple
    port: int
    pg_port: str

    def wants(self, name):
        return not self.words.only or re.search(self.words.only, name) is not None


def read(about):
    parser = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="one short run of each, to see that it works: no figures")
    parser.add_argument("--seconds", type=int, help="how long a run is (6)")
    parser.add_argument("--sizes", help="sessions in the store, as 10000,1000000,10000000 (10000,1000000)")
    parser.add_argument("--only", metavar="PATTERN", help="rows whose name has this regular expression, and nothing else")
    parser.add_argument("--json", metavar="FILE", help="the figures of each row, too")
    parser.add_argument("--profile", metavar="FILE", help="leaves a JFR recording of the service")
    peer = parser.add_argument_group("another server (docs/performance.md)")
    peer.add_argument("--peer", metavar="URL", help="its base; plain HTTP or TLS")
    peer.add_argument("--client", metavar="ID", default="", help="of the sessions in --tokens")
    peer.add_argument("--secret", default="", help="of that client, if it has one; sent as HTTP Basic")
    peer.add_argument("--introspection-secret", metavar="SECRET", help="sent as Bearer")
    peer.add_argument("--introspection-auth", "--auth", metavar="HEADER", help="the whole header instead (default: the client's HTTP Basic)")
    peer.add_argument("--tokens", metavar="FILE", help='"access refresh" a line, or a refresh token alone; written again in the end')
    peer.add_argument("--user", help="whose password opens sessions over the login of old Matrix clients")
    peer.add_argument("--password", default=PASSWORD)
    peer.add_argument("--pid", type=int, help="of its process, for its processor time")
    peer.add_argument("--database", metavar="URI", help="its PostgreSQL, as a superuser, for what it does there")
    words = parser.parse_args()
    quick = words.quick
    sizes = words.sizes or ("20000" if quick else "10000,1000000")
    return Plan(
        words=words,
        runs=1 if quick else 3,
        seconds=words.seconds or (2 if quick else 6),
        warm=1 if quick else 2,
        sessions=500 if quick else 10_000,
        batch=200 if quick else 1500,
        logins=100 if quick else 400,
        first_logins=64 if quick else 1200,
        backlog=2_000 if quick else 50_000,
        sizes=tuple(int(size) for size in sizes.split(",")),
        port=int(os.environ.get("PORT", "8091")),
        pg_port=os.environ.setdefault("PG_PORT", "5443"),
    )
