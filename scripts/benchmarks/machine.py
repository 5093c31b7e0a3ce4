"""Figures of processes and of the machine, from /proc, and the versions of programs."""

import os
import re
import subprocess
import time
from pathlib import Path

_TICK = 1_000_000 // os.sysconf("SC_CLK_TCK")


def cpu(pids):
    """The CPU time that the processes have used, in microseconds."""
    total = 0
    for pid in pids:
        stat = Path(f"/proc/{pid}/stat").read_text()
        fields = stat[stat.rindex(")") + 2:].split()
        total += (int(fields[11]) + int(fields[12])) * _TICK
    return total


def cpu_per_second(pids, seconds):
    """The CPU time that the processes use in a second, in microseconds, measured over `seconds`."""
    began, before = time.monotonic(), cpu(pids)
    time.sleep(seconds)
    return (cpu(pids) - before) / (time.monotonic() - began)


def thread_times(pid):
    """{name of a thread: its CPU time in microseconds}; threads of one name are added."""
    found = {}
    for task in Path(f"/proc/{pid}/task").iterdir():
        try:
            name = (task / "comm").read_text().strip()
            found[name] = found.get(name, 0) + cpu([f"{pid}/task/{task.name}"])
        except OSError:
            pass  # The thread has ended.
    return found


def busy():
    """The CPU time that all programs have used, in microseconds."""
    user, nice, system, _, _, interrupt, soft, *_ = map(int, Path("/proc/stat").read_text().split("\n")[0].split()[1:])
    return (user + nice + system + interrupt + soft) * _TICK


def memory(pids, field="Pss"):
    """The memory of the processes, in kilobytes. Pss divides shared memory among its processes, Rss counts it for
    each."""
    total = 0
    for pid in pids:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith(f"{field}:"):
                total += int(line.split()[1])
    return total


def description():
    model = next((line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines()
                  if line.startswith(("model name", "Model"))), "unknown processor")
    return f"{len(os.sched_getaffinity(0))} cores, {model}"


def version(command):
    done = subprocess.run(command, capture_output=True, timeout=60)
    return re.search(r"\d+(\.\d+)+", (done.stdout + done.stderr).decode(errors="replace"))[0]
