"""The measurement of Latchkey itself, from an empty machine to the last row."""
import pathlib, shutil, subprocess, tempfile, time, traceback
from functools import cached_property
from . import database, jobs, legacy, logins, logs, machine, oauth, sizes, upstream
from .generator import Generator, compile_all
from .plan import CLIENT, PROVIDER_CLIENT, REDIRECT, TOP, VERIFIER
from .rows import Rows
from .server import SECRET, Latchkey, Neighbour
from .store import Store


class Bench:
    """What the rows have in common: who runs, what is held, what was taken down."""

    def __init__(self, plan):
        self.plan = plan
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="latchkey-bench"))
        subprocess.run([TOP / "latchkey", "--version"], check=True, stdout=subprocess.DEVNULL)  # builds what is out of date
        self.classes = compile_all(self.folder)
        self.database = database.start()
        self.rows, self.store = Rows(plan, self.database), Store(self.database, self.folder)
        self.homeserver = Neighbour(self.classes, "Homeserver", plan.port + 1)
        self.provider = Neighbour(self.classes, "Provider", plan.port - 1, PROVIDER_CLIENT)
        self.server = Latchkey(plan, self.folder, self.database, plan.port)
        self.running = [self.server, self.homeserver, self.provider]
        self.memory, self.starts = {}, []
        self.introspection = {"auth": f"Bearer {SECRET}"}

    def close(self):
        for each in self.running:
            each.stop()
        database.stop()
        shutil.rmtree(self.folder)

    @property
    def generator(self):
        return self.generator_of(self.server)

    def generator_of(self, server):
        return Generator(self.plan, self.classes, server.url, server.pid, self.database)

    def remember_memory(self, when):
        self.memory[when] = machine.rss(self.server.pid)

    def exchange(self):
        """As many codes as a run has, each for a session; their tokens are in `exchanged`."""
        codes = self.store.codes(self.plan.batch)
        self.rows.settled = False
        return self.generator.load("exchange", codes=codes, client=CLIENT, redirect=REDIRECT, verifier=VERIFIER, out=self.exchanged)

    @property
    def exchanged(self):
        return self.folder / "exchanged"

    def sessions(self, count, name):
        """Sessions that came from codes: the file with their tokens."""
        return self.collect(count, name, self.exchange, self.exchanged)

    def collect(self, count, name, make, made):
        tokens, lines = self.folder / name, []
        while len(lines) < count:
            make()
            new = made.read_text().splitlines()
            if not new:
                raise RuntimeError(f"nobody could sign in for {name}")
            lines += new
        self.store.write(name, lines[:count])
        return tokens

    @cached_property
    def warm(self):
        """Compiling a path takes some thousand requests."""
        for _ in range(1 if self.plan.words.quick else 5):
            self.exchange()
        return True

    @cached_property
    def tokens(self):
        return self.warm and self.sessions(self.plan.sessions, "tokens")


def run(plan):
    bench = Bench(plan)
    try:
        measure(bench)
    except Exception as failure:
        # What was measured before is told all the same.
        traceback.print_exception(failure)
        bench.rows.broken = True
    finally:
        bench.close()
    return bench.rows


def measure(bench):
    rows, plan = bench.rows, bench.plan
    bench.homeserver.start()
    bench.starts.append(bench.server.start())
    bench.server.register(logins.USER)
    rows.learn_idle()
    bench.remember_memory("idle")
    for part in (oauth, logins, upstream, legacy, jobs):
        part.measure(bench)
    time.sleep(0 if plan.words.quick or plan.words.only else 30)
    bench.remember_memory("half a minute later")
    rows.results["resident memory in MiB"] = {when: round(value) for when, value in bench.memory.items()}
    logs.measure(bench)
    sizes.measure(bench)
    rows.results["seconds from start to ready"] = {"values": [round(start, 2) for start in bench.starts]}
