"""Takes down the rows: each the median of some runs, with the lowest and the highest beside it."""
import statistics, time
from . import machine

NOT_FIGURES = ("others", "requests", "all", "seconds")


class Rows:
    def __init__(self, plan, database=None):
        self.plan, self.database = plan, database
        self.results = {}
        self.idle = (0.0, 0.0)
        self.settled = False
        self.broken = False  # whether it ended before its last row

    def wanted(self, *names):
        return any(self.plan.wants(name) for name in names)

    def take(self, name, runs, **more):
        keys = [key for key in runs[0] if key not in NOT_FIGURES]
        row = {key: spread([run[key] for run in runs]) for key in keys} | {key: spread([value]) for key, value in more.items()}
        row["requests"] = sum(run.get("requests", 0) for run in runs)
        row["others"] = [run["others"] for run in runs if run.get("others")]
        self.results[name] = row
        wrong = f"  NOT AS IT SHOULD BE: {row['others']}" if row["others"] else ""
        machine.say(f"{time.strftime('%H:%M:%S')}  {name:46} {row['rate']['median']:9.1f}/s" + wrong)

    def timed(self, name, generator, kind, counts=True, **words):
        """A row of runs of the same time."""
        self.measured(name, lambda: generator.load(kind, **words), counts)

    def measured(self, name, run, counts=True):
        """A row of runs that are made by themselves. What the database was asked is counted over all of them."""
        if not self.wanted(name):
            return
        if not counts or not self.database:
            self.settled = self.settled and not counts
            self.take(name, [run() for _ in range(self.plan.runs)])
            return
        self.settle()
        begin, before = time.time(), self.database.work()
        runs = []
        for _ in range(self.plan.runs):
            runs.append(run())
            self.settled = False
        self.settle()
        took, after = time.time() - begin, self.database.work()
        asked = max(sum(run["all"] for run in runs), 1)
        transactions, writes = (max(b - a - took * idle, 0) / asked for a, b, idle in zip(before, after, self.idle))
        self.take(name, runs, transactions=transactions, row_writes=writes)

    def settle(self):
        """A server process of PostgreSQL with nothing more to do reports its counts ten seconds later."""
        if self.database and not self.settled:
            time.sleep(1 if self.plan.words.quick else 10.5)
        self.settled = True

    def learn_idle(self):
        """What happens by itself, a second: pings and looks for jobs. It is taken off what is counted."""
        self.settle()
        before, seconds = self.database.work(), 2 if self.plan.words.quick else 12
        time.sleep(seconds)
        self.idle = tuple((b - a) / seconds for a, b in zip(before, self.database.work()))
        machine.say("idle, a second: %.1f transactions, %.1f row writes" % self.idle)

    def remembers(self, name, key="rate"):
        return name in self.results and key in self.results[name]

    def median(self, name, key):
        return self.results[name][key]["median"]


def spread(values):
    return {"median": statistics.median(values), "low": min(values), "high": max(values)}
