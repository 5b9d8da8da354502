"""Processes of this machine: what they cost. Linux."""
import os, pathlib, re, sys

TICK = os.sysconf("SC_CLK_TCK")


def say(*words):
    print(*words, file=sys.stderr, flush=True)


def java(tool="java"):
    homes = [os.environ.get("JAVA_HOME", "")] + sorted(map(str, pathlib.Path("/usr/lib/jvm").glob("*25*")))
    return next(f"{home}/bin/{tool}" for home in homes if home and os.access(f"{home}/bin/{tool}", os.X_OK))


def fields(stat):
    """Of a stat file, from the state on: the name before may have blanks."""
    return pathlib.Path(stat).read_text().rsplit(")", 1)[1].split()


def cpu(pid):
    """Milliseconds of processor time so far."""
    own = fields(f"/proc/{pid}/stat")
    return (int(own[11]) + int(own[12])) * 1000 / TICK


def tree_cpu(pid):
    """Of a process, of the children it has waited for, and of those that live."""
    total = 0
    for entry in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            own = fields(entry / "stat")
        except OSError:
            continue
        if int(entry.name) == pid:
            total += sum(map(int, own[11:15]))
        elif int(own[1]) == pid:
            total += sum(map(int, own[11:13]))
    return total * 1000 / TICK


THREADS = {"hash_cpu_ms": re.compile("password-"), "compiler_cpu_ms": re.compile("C[12] Comp")}


def thread_cpu(pid):
    """Of Latchkey's threads that compute password hashes, and of those of a JVM that compile. What has ended is missing."""
    totals = dict.fromkeys(THREADS, 0.0)
    for task in pathlib.Path(f"/proc/{pid}/task").iterdir():
        try:
            name, own = (task / "comm").read_text(), fields(task / "stat")
        except OSError:
            continue
        for key, pattern in THREADS.items():
            if pattern.match(name):
                totals[key] += (int(own[11]) + int(own[12])) * 1000 / TICK
    return totals


def rss(pid):
    return int(re.search(r"VmRSS:\s+(\d+)", pathlib.Path(f"/proc/{pid}/status").read_text()).group(1)) / 1024


def describe():
    processor = re.search(r"model name\s*: (.*)", pathlib.Path("/proc/cpuinfo").read_text())
    return {"processors": os.cpu_count(), "processor": processor and processor.group(1), "kernel": os.uname().release}
