"""The real server for a long time, with listeners of all kinds who come and go: what grows, and what anybody missed."""

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

# How listeners listen, and the milliseconds of sound that their players keep: an HLS player begins three segments behind,
# a low-latency one three parts; the page's own cushion is what its floor and a chunk come to.
MODES = {"plain": 4000, "low-latency": 864, "growing": 300}
LANES = 3
# How long a group stays, in seconds, and in how many it comes.
STAYS = (10, 60)
RAMP = 3
# The generator measures a while after the last one came.
SETTLING = 4
SAMPLE = 5
# The allocator's arenas and the ring fill first.
WARM_UP = 0.25

MOST_GROWTH = 1.0


class Lane(threading.Thread):
    """A group of listeners in one mode comes, listens, and goes; then the next one."""

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
        except Exception as error:  # Whatever it is, the soak has failed by it.
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
        # What the generator itself was late is nothing that was heard.
        self.gaps += silence > report["generatorStallMilliseconds"]
        self.worst = max(self.worst, silence)
        self.groups += 1
        self.heard += self._listeners * int(seconds)
        self.errors.update({kind: count for kind, count in report["errors"].items() if count})


def descriptors(pid):
    return len(list(Path(f"/proc/{pid}/fd").iterdir()))


def growth(samples):
    """Least squares of (seconds, value) after the warm-up: how much an hour, and its standard error."""
    times, values = np.array(samples[int(len(samples) * WARM_UP):], float).T
    hours = (times - times[0]) / 3600
    slope, start = np.polyfit(hours, values, 1)
    residuals = values - (slope * hours + start)
    spread = np.sqrt((residuals ** 2).sum() / (len(hours) - 2) / ((hours - hours.mean()) ** 2).sum())
    return slope, spread


def main():
    parser = argparse.ArgumentParser(prog="scripts/bench soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=30, help="default 30; at least 3")
    parser.add_argument("--listeners", type=int, default=500, help="at a time; default 500")
    parser.add_argument("--seed", type=int, default=1, help="of who comes when; default 1")
    options = parser.parse_args()
    if options.minutes < 3:
        parser.error("--minutes: it must be 3 or more")

    with Ringcast() as server:
        [pid] = server.pids
        # One comes and goes before anything is counted.
        Lane(server, "growing", 1, time.monotonic() + STAYS[0] + RAMP + SETTLING + 1, 0).join()
        time.sleep(5)
        before = descriptors(pid), machine.memory([pid], "Rss")
        began, used = time.monotonic(), machine.cpu([pid])
        until = began + options.minutes * 60
        share = max(1, round(options.listeners / (LANES * len(MODES))))
        lanes = [
            Lane(server, mode, share, until, f"{options.seed}.{mode}.{number}") for mode in MODES for number in range(LANES)]
        memory = []
        while any(lane.is_alive() for lane in lanes):
            time.sleep(SAMPLE)
            memory.append((time.monotonic() - began, machine.memory([pid], "Rss") / 1024))
        took = time.monotonic() - began
        cpu = (machine.cpu([pid]) - used) / took / 1e6
        # Connections that were closed a moment ago.
        time.sleep(5)
        after = descriptors(pid), machine.memory([pid], "Rss")

    slope, spread = growth(memory)
    gaps, leaked = sum(lane.gaps for lane in lanes), after[0] - before[0]
    errors = sum((lane.errors for lane in lanes), Counter())
    hours = sum(lane.heard for lane in lanes) / 3600
    print(f"{datetime.now(timezone.utc):%Y-%m-%d %H:%M} UTC, {machine.description()}, ringcast "
          f"{machine.version([ROOT / '.build/release/ringcast', '--version'])}; {took / 60:.0f} minutes, "
          f"{share * len(lanes)} places for listeners\n")
    rows = [
        ("groups that came and went", sum(lane.groups for lane in lanes)), ("hours listened", f"{hours:.0f}"),
        ("CPU, cores", f"{cpu:.2f}"), ("groups that heard a gap", gaps),
        ("longest gap, ms", max(lane.worst for lane in lanes)), ("errors", dict(errors) or 0),
        ("memory before and after, MB", f"{before[1] / 1024:.1f} {after[1] / 1024:.1f}"),
        ("memory at the most, MB", f"{max(value for _, value in memory):.1f}"),
        ("memory growth, MB an hour", f"{slope:.2f} ± {spread:.2f}"), ("descriptors leaked", leaked),
    ]
    for what, value in rows:
        print(f"{what:30} {value}")
    failures = [f"a lane ended with {lane.failure!r}" for lane in lanes if lane.failure]
    for failure in failures:
        print(failure)
    return 1 if failures or gaps or errors or leaked or slope > MOST_GROWTH else 0


if __name__ == "__main__":
    sys.exit(main())
