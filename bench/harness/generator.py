"""The load generator, bench/load, in a process of its own."""
import json, subprocess, threading
from . import machine
from .plan import BENCH
from .server import LIBRARIES

LONGEST = 180  # seconds that a run may take beyond those it was told


def compile_all(folder, reference=True):
    """So that no run has to: the generator alone needs nothing, the programs of the references the packaged service."""
    classes = folder / "classes"
    for sources in ("load", "reference") if reference else ("load",):
        files = sorted(map(str, (BENCH / sources).glob("*.java")))
        subprocess.run([machine.java("javac"), "-proc:none", "-cp", f"{LIBRARIES}:{classes}", "-d", str(classes), *files], check=True)
    return classes


class Generator:
    def __init__(self, plan, classes, url, pid, database=None):
        self.plan, self.classes, self.url, self.pid, self.database = plan, classes, url, pid, database

    def load(self, kind, **words):
        """One run: what the generator says, and what it cost from the end of the warm-up on."""
        words = {"url": self.url, "seconds": self.plan.seconds, "warm": self.plan.warm} | words
        command = [machine.java(), "-Xmx512m", "-cp", str(self.classes), "Load", kind] + [f"{name}={value}" for name, value in words.items()]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        watch = threading.Timer(LONGEST + words["warm"] + words["seconds"], process.kill)
        watch.start()
        try:
            for line in process.stderr:
                if line.strip() == "warm":
                    break
                machine.say(line.rstrip())
            before = self.costs()
            out, errors = process.communicate()
        finally:
            watch.cancel()
            process.kill()
        if process.returncode:
            raise RuntimeError(f"{kind}: {errors or 'no end'}")
        told, after = json.loads(out), self.costs()
        # Threads that have ended take what they used with them.
        told |= {key: max(after[key] - before[key], 0) / max(told["requests"], 1) for key in before}
        if self.pid:
            told["compiled_cpu_ms"] = told["cpu_ms"] - told["compiler_cpu_ms"]
        return told

    def costs(self):
        costs = {}
        if self.pid:
            costs |= {"cpu_ms": machine.cpu(self.pid)} | machine.thread_cpu(self.pid)
        if self.database:
            costs["db_cpu_ms"] = self.database.cpu()
        return costs
