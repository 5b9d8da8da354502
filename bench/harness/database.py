"""The PostgreSQL of what is measured: asked, filled, and counted."""
import os, re, subprocess, urllib.parse
from . import machine
from .plan import TOP

COUNTS = "select xact_commit, tup_inserted + tup_updated + tup_deleted from pg_stat_database where datname = "


class Database:
    """Any, by its URI, of a superuser. Its processor time and its counts are all there is to a peer's."""

    def __init__(self, uri):
        self.uri = uri
        self.name = urllib.parse.urlsplit(uri).path.lstrip("/")
        # Its statistics are read from beside it, so that reading them is not counted.
        self.beside = urllib.parse.urlsplit(uri)._replace(path="/postgres").geturl()
        # What the measurement itself has done in it.
        self.own_transactions = self.own_rows = 0

    def psql(self, sql, stdin=None, uri=None):
        command = ["psql", "-d", uri or self.uri, "-XAtq", "-v", "ON_ERROR_STOP=1", "-c", sql]
        return subprocess.run(command, input=stdin, text=True, check=True, capture_output=True).stdout.strip()

    def ask(self, sql):
        # The start of a connection is a transaction, too.
        self.own_transactions += 2
        return self.psql(sql)

    def copy(self, table, columns, rows):
        rows = list(rows)
        self.own_transactions += 2
        self.own_rows += len(rows)
        self.psql(f"copy latchkey.{table} ({columns}) from stdin", "".join("\t".join(map(str, row)) + "\n" for row in rows))

    def cpu(self):
        return machine.tree_cpu(int(self.psql("select pg_read_file('postmaster.pid')", uri=self.beside).splitlines()[0]))

    def work(self):
        """Transactions (in autocommit: statements) and rows written by others than ourselves, so far. A server process
        that has more to do tells of them once a second, one that has not, ten seconds later."""
        transactions, rows = map(int, self.psql(COUNTS + f"'{self.name}'", uri=self.beside).split("|"))
        return transactions - self.own_transactions, rows - self.own_rows

    def pgbench(self, script, rows, seconds, folder):
        """The bare statement, by PostgreSQL's own tool over as many connections as the service's pool has."""
        file = folder / "script.sql"
        file.write_text(rf"\set n random(1, {rows})" + "\n" + script)
        before, where = self.cpu(), urllib.parse.urlsplit(self.uri)
        command = ["pgbench", "-h", where.hostname, "-p", str(where.port), "-U", where.username, "-n", "-M", "prepared", "-c", "10", "-j", "2", "-T", str(seconds), "-f", file, self.name]
        out = subprocess.run(command, text=True, check=True, capture_output=True).stdout
        count = int(re.search(r"transactions actually processed: (\d+)", out).group(1))
        return {"rate": float(re.search(r"tps = ([\d.]+)", out).group(1)), "db_cpu_ms": (self.cpu() - before) / count}


def start():
    """Debian's, as it comes, empty. Its fsync is on, which the end-to-end tests leave off."""
    script = TOP / "src/e2e/postgres.sh"
    environment = os.environ | {"PG_OPTIONS": "-c fsync=on"}
    subprocess.run([script, "reset"], check=True)
    out = subprocess.run([script, "start"], check=True, text=True, capture_output=True, env=environment).stdout
    return Database(out.split()[-1])


def stop():
    subprocess.run([TOP / "src/e2e/postgres.sh", "stop"])
