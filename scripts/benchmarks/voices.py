"""The CPU of the server while members of a room talk, and the flaws in the mix of a long run.

The members are simulated on this machine. Each talker sends a packet of Opus each 10 ms, and each member gets one.
"""

import argparse
import asyncio
import contextlib
import gc
import sys
import time
from dataclasses import dataclass
from datetime import datetime, timezone

from scripts.benchmarks import machine
from support.clients.room_server import room_server
from support.clients.sound_crowd import SoundCrowd
from support.clients.voice_room import VoiceRoom
from support.formats.metrics import Metrics
from support.server import program
from support.sound import ear
from support.sound.spectrum import TONES

# The time in which a room settles, in seconds.
SETTLING = 5
# A client that is this late has a flaw of its own, in seconds.
LATE = 0.010


@dataclass(frozen=True)
class Load:
    talkers: int
    listeners: int
    # The CPU to reach and to aim for, in per cent of a core.
    reach: int
    aim: int

    @property
    def title(self):
        if not self.listeners:
            return f"{self.talkers} talkers, Opus"
        return f"{self.talkers + self.listeners} members, of whom {self.talkers} talk, Opus"


LOADS = [Load(8, 0, 15, 8), Load(8, 42, 30, 18)]
LOAD_COLUMNS = ["server CPU", "% of a core", "thread mixer", "thread voices", "packets a second", "missing",
                "worst gap, ms", "late ticks", "client late, ms", "others", "reach", "aim"]
# A dropout that begins this long after the client was late, or ends as long before, is the client's own, in seconds.
NEAR = 0.3
RUN_COLUMNS = ["mix of a ninth member", "talkers", "seconds", "dropouts", "total, ms", "jumps", "missing packets",
               "late ticks", "client late by 10 ms, times", "worst, ms", "dropouts and jumps while the client was on time"]


def measure(load, seconds):
    """The cells of a row."""
    with room_server() as server:
        crowd = SoundCrowd(server, "bench", load.talkers, load.listeners)
        try:
            crowd.run(SETTLING)
            crowd.forget()
            before = Snapshot(server)
            crowd.run(seconds)
            return row(load, crowd, before, Snapshot(server))
        finally:
            crowd.close()


class Snapshot:
    """The CPU times of the server's threads, of this process and of all programs, in microseconds."""

    def __init__(self, server):
        self.at, self.late_ticks = time.monotonic(), late_ticks(server)
        self.threads = machine.thread_times(server.process.pid)
        self.own, self.all = time.process_time() * 1e6, machine.busy()


def row(load, crowd, before, after):
    elapsed = after.at - before.at
    errors = [error for member in crowd.members for error in member.errors]
    if errors:
        raise RuntimeError(errors[0])

    def percent(microseconds):
        return microseconds / elapsed / 10_000
    spent = {name: percent(time - before.threads.get(name, 0)) for name, time in after.threads.items()}
    others = percent(after.all - before.all - (after.own - before.own)) / 100 - sum(spent.values()) / 100
    received = sum(member.received for member in crowd.members)
    return [load.title, f"{sum(spent.values()):.1f}", f"{spent.get('mixer', 0):.1f}", f"{spent.get('voices', 0):.1f}",
            f"{received / elapsed:.0f}", sum(member.missing for member in crowd.members),
            f"{1000 * max(member.worst for member in crowd.members):.0f}", after.late_ticks - before.late_ticks,
            f"{1000 * crowd.late:.0f}", f"{max(0, others):.2f}", load.reach, load.aim]


def late_ticks(server):
    return int(Metrics(server).get("ringcast_mixer_late_ticks_total", 0))


@dataclass(frozen=True)
class LongSound:
    """The mix of a listener. `lates` are the positions in the mix, in seconds, at which the client was late, and by how
    many seconds."""

    sound: object
    missing: int
    lates: list

    def is_own(self, begin, end):
        """Whether a flaw of the mix is the client's."""
        return any(begin - late - NEAR < at < end + NEAR for at, late in self.lates)


@contextlib.contextmanager
def no_collections():
    """The members of a long run keep half a million packets. A collection of garbage would look at each of them, and stop
    all talkers for up to a second."""
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


async def listened(server, seconds):
    """A room of eight talkers with tones, who talk for some seconds: the mix of a listener."""
    room, lates = VoiceRoom(server, "long"), []
    listener = await room.join("listener")
    for number, tone in enumerate(TONES):
        await room.join(f"t{number}", tone, ("pcm16", "opus")[number % 2])
    await asyncio.sleep(SETTLING)
    begin = time.monotonic()
    while (now := time.monotonic()) < begin + seconds:
        await asyncio.sleep(0.005)
        late = time.monotonic() - now - 0.005
        if late > LATE:
            lates.append((now - begin, late))
    sound, (_, missing) = listener.mix.sound(begin, time.monotonic()), listener.mix.gaps()
    await room.close()
    return LongSound(sound, missing, lates)


def long_run(seconds):
    """The cells of the row of a long run: the flaws that a listener hears in the tones of eight talkers."""
    with room_server() as server, no_collections():
        run = asyncio.run(listened(server, seconds))
        ticks = late_ticks(server)
    heard = [ear.listen(run.sound, (tone,)) for tone in TONES]
    dropouts = [dropout for tone in heard for dropout in tone.dropouts]
    jumps = [at for tone in heard for at in tone.jumps]
    flaws = [(at, at + length) for at, length in dropouts] + [(at, at) for at in jumps]
    strange = sorted(flaw for flaw in flaws if not run.is_own(*flaw))
    for begin, end in strange:
        print(f"at {begin:.2f} s: {1000 * (end - begin):.0f} ms", file=sys.stderr)
    worst = max((late for _, late in run.lates), default=0)
    return ["of eight tones, half PCM and half Opus", len(TONES), seconds, len(dropouts),
            f"{1000 * sum(length for _, length in dropouts):.0f}", len(jumps), run.missing, ticks, len(run.lates),
            f"{1000 * worst:.0f}", len(strange)]


def print_line(cells):
    print("| " + " | ".join(map(str, cells)) + " |", flush=True)


def print_head(cells):
    print()
    print_line(cells)
    print_line(["---", *["--:"] * (len(cells) - 1)])


def main():
    parser = argparse.ArgumentParser(prog="scripts/bench voices", description=__doc__)
    parser.add_argument("--seconds", type=int, default=30, help="seconds of each load; default 30")
    parser.add_argument("--minutes", type=float, default=10, help="minutes of the long run; default 10; 0 for none")
    options = parser.parse_args()
    version = machine.version([program(), "--version"])
    print(f"{datetime.now(timezone.utc):%Y-%m-%d %H:%M} UTC, {machine.description()}, for server and members; "
          f"ringcast {version}.")
    print_head(LOAD_COLUMNS)
    for load in LOADS:
        print_line(measure(load, options.seconds))
    if options.minutes:
        print_head(RUN_COLUMNS)
        print_line(long_run(round(60 * options.minutes)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
