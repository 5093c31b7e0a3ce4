"""A long run of the real server, with listeners of all kinds that come and go: growth of memory, and gaps."""

import argparse
import json
import random
import sys
import threading
import time
from collections import Counter
from datetime import datetime, timezone
from pathlib import Path

import numpy as np

from scripts.benchmarks import machine
from scripts.benchmarks.servers import ROOT, Ringcast
from support import processes

# {mode of listening: the player's cushion in milliseconds}. An HLS player starts three segments behind live, a
# low-latency player three parts. The page's cushion is its smallest cushion plus a chunk.
MODES = {"plain": 4000, "low-latency": 864, "growing": 300}
GROUPS_PER_MODE = 3
# The shortest and longest stay of a group, and the time in which its listeners connect, in seconds.
STAYS = (10, 60)
RAMP = 3
# The seconds from the last connection to the generator's measurement.
SETTLING = 4
# Seconds between two samples of the memory.
SAMPLE = 5
# The part of the samples that is ignored, because the allocator's arenas and the ring fill first.
WARM_UP = 0.25

# Megabytes an hour.
MOST_GROWTH = 1.0


class ListenerGroups(threading.Thread):
    """One group of listeners of a mode after another connects, listens, and leaves."""

    def __init__(self, server, mode, listeners, until, seed):
        super().__init__(daemon=True)
        self._server, self._mode, self._listeners, self._until = server, mode, listeners, until
        self._random = random.Random(seed)
        self.groups, self.heard, self.gaps, self.worst = 0, 0, 0, 0
        self.errors = Counter()
        self.failure = None
        self.start()

    def run(self):
        try:
            while (left := self._until - time.monotonic() - RAMP - SETTLING) > STAYS[0]:
                self._listen(min(left, self._random.uniform(*STAYS)))
        except Exception as error:  # main() reports the error.
            self.failure = error

    def _listen(self, seconds):
        done = processes.run(
            [ROOT / ".build/release/ringcast-bench", "listen", "--url", self._server.url, "--mode", self._mode,
             "--listeners", self._listeners, "--ramp", RAMP, "--seconds", int(seconds), "--cushion", MODES[self._mode]],
            seconds=seconds + 60)
        if done.returncode != 0:
            raise RuntimeError(done.stderr.decode(errors="replace"))
        report = json.loads(done.stdout)
        silence = report["silenceMilliseconds"]["worst"]
        # A silence no longer than the generator's own delay was not the server's fault.
        self.gaps += silence > report["generatorStallMilliseconds"]
        self.worst = max(self.worst, silence)
        self.groups += 1
        self.heard += self._listeners * int(seconds)
        self.errors.update({kind: count for kind, count in report["errors"].items() if count})


def descriptors(pid):
    return len(list(Path(f"/proc/{pid}/fd").iterdir()))


def growth(samples):
    """The growth an hour and its standard error, by least squares of (seconds, value) after the warm-up."""
    times, values = np.array(samples[int(len(samples) * WARM_UP):], float).T
    hours = (times - times[0]) / 3600
    slope, start = np.polyfit(hours, values, 1)
    residuals = values - (slope * hours + start)
    spread = np.sqrt((residuals ** 2).sum() / (len(hours) - 2) / ((hours - hours.mean()) ** 2).sum())
    return slope, spread


def main():
    parser = argparse.ArgumentParser(prog="scripts/bench soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=30, help="length of the run; default 30, at least 3")
    parser.add_argument("--listeners", type=int, default=500, help="listeners at a time; default 500")
    parser.add_argument("--seed", type=int, default=1, help="seed of the random times; default 1")
    options = parser.parse_args()
    if options.minutes < 3:
        parser.error("--minutes: it must be 3 or more")

    with Ringcast() as server:
        [pid] = server.pids
        # One listener comes and leaves before the first count.
        ListenerGroups(server, "growing", 1, time.monotonic() + STAYS[0] + RAMP + SETTLING + 1, 0).join()
        time.sleep(5)
        before = descriptors(pid), machine.memory([pid], "Rss")
        began, used = time.monotonic(), machine.cpu([pid])
        until = began + options.minutes * 60
        share = max(1, round(options.listeners / (GROUPS_PER_MODE * len(MODES))))
        all_groups = [
            ListenerGroups(server, mode, share, until, f"{options.seed}.{mode}.{number}")
            for mode in MODES for number in range(GROUPS_PER_MODE)]
        memory = []
        while any(groups.is_alive() for groups in all_groups):
            time.sleep(SAMPLE)
            memory.append((time.monotonic() - began, machine.memory([pid], "Rss") / 1024))
        took = time.monotonic() - began
        cpu = (machine.cpu([pid]) - used) / took / 1e6
        # The server may still be closing connections.
        time.sleep(5)
        after = descriptors(pid), machine.memory([pid], "Rss")

    slope, spread = growth(memory)
    gaps, leaked = sum(groups.gaps for groups in all_groups), after[0] - before[0]
    errors = sum((groups.errors for groups in all_groups), Counter())
    hours = sum(groups.heard for groups in all_groups) / 3600
    print(f"{datetime.now(timezone.utc):%Y-%m-%d %H:%M} UTC, {machine.description()}, ringcast "
          f"{machine.version([ROOT / '.build/release/ringcast', '--version'])}; {took / 60:.0f} minutes, "
          f"{share * len(all_groups)} places for listeners\n")
    rows = [
        ("groups that came and went", sum(groups.groups for groups in all_groups)), ("hours listened", f"{hours:.0f}"),
        ("CPU, cores", f"{cpu:.2f}"), ("groups that heard a gap", gaps),
        ("longest gap, ms", max(groups.worst for groups in all_groups)), ("errors", dict(errors) or 0),
        ("memory before and after, MB", f"{before[1] / 1024:.1f} {after[1] / 1024:.1f}"),
        ("memory at the most, MB", f"{max(value for _, value in memory):.1f}"),
        ("memory growth, MB an hour", f"{slope:.2f} ± {spread:.2f}"), ("descriptors leaked", leaked),
    ]
    for what, value in rows:
        print(f"{what:30} {value}")
    failures = [f"a group failed: {groups.failure!r}" for groups in all_groups if groups.failure]
    for failure in failures:
        print(failure)
    return 1 if failures or gaps or errors or leaked or slope > MOST_GROWTH else 0


if __name__ == "__main__":
    sys.exit(main())
