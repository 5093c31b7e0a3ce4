"""Faults, one after another, on the running program with a listener who is owed every frame: what is survived, and how."""

import argparse
import http.client
import re
import signal
import statistics
import sys
import threading
import time
from datetime import datetime, timezone
from pathlib import Path

<<<<<<< HEAD
import numpy as np

import crowds
=======
>>>>>>> process-faults
import figures
from listener import Listener
from rows import FAULTS, LONGEST_WAIT, fault

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "Tests"))
from support import hls, signals  # noqa: E402
from support.server import Server  # noqa: E402
from support.soundcard import RATE, SoundCard  # noqa: E402
from support.waiting import wait_until  # noqa: E402

# What a row may show at most, besides, to count as survived. A device that hangs is waited for half a second.
LONGEST_RETURN = 6.0
MOST_MOVED = 0.1

<<<<<<< HEAD
FAULTS = list(crowds.ROWS)


def fault(name):
    """Adds a row: a function that does the damage and returns its figures, or raises."""
    def add(function):
        FAULTS.append((name, function))
        return function
    return add


class Listener(threading.Thread):
    """Follows growing segments from the newest on, as the page does, and keeps everything. A connection that is closed in
    mid-segment is made anew, and the segment must begin as it did."""

    def __init__(self, server):
        super().__init__(daemon=True)
        self._server, self._ends = server, threading.Event()
        self._next = server.wait_playlist().last + 1
        self.arrivals = []
        # {media sequence number: bytes}, and when its last byte came, by the wall clock.
        self.segments, self.completed = {}, {}
        # What has come in of the segment at hand.
        self._body = b""
        self.reconnects = 0
        self.error = None
        self.start()

    def run(self):
        connection = http.client.HTTPConnection(self._server.host, self._server.port, timeout=60)
        try:
            while not self._ends.is_set():
                try:
                    self._take(connection)
                except (http.client.HTTPException, ConnectionError):
                    connection.close()
                    self.reconnects += 1
        except Exception as error:  # Whatever it is, the row has failed by it.
            self.error = error
        finally:
            connection.close()

    def _take(self, connection):
        connection.request("GET", f"/live/{self._next}.mp3")
        response = connection.getresponse()
        if response.status == 503:
            response.read()  # Held too long; it is asked for again.
            return
        if response.status != 200:
            raise AssertionError(f"{self._next}: {response.status}")
        body, before = b"", self._body
        while chunk := response.read1(1 << 16):
            self.arrivals.append(time.monotonic())
            body += chunk
            if before[: len(body)] != body[: len(before)]:
                raise AssertionError(f"{self._next} is not what it was")
            self._body = max(body, before, key=len)
        self.segments[self._next], self.completed[self._next] = body, time.time()
        self._next, self._body = self._next + 1, b""

    def finish(self):
        """Checks that what was heard is one seamless run of frames."""
        self._ends.set()
        self.join(60)
        if self.error:
            raise self.error
        parsed = [mp3.segment(self.segments[sequence]) for sequence in sorted(self.segments)]
        for before, after in zip(parsed, parsed[1:]):
            ticks = (after.timestamp - before.timestamp) % (1 << 33)
            if abs(ticks - before.samples * 90000 / before.frames[0].rate) >= 1:
                raise AssertionError(f"timestamps go from {before.timestamp} to {after.timestamp}")

    def longest_wait(self, since):
        times = [at for at in self.arrivals if at >= since - 1]
        return max(np.diff(times))

=======
>>>>>>> process-faults

class Stage:
    """A card, a server that captures from it, and its listener; sound goes in all the time."""

    def __init__(self, *flags):
        self.card = SoundCard()
        self.server = Server(
            "--source", "alsa:fixed", "--segment-length", 1, "--ring-size", 60, *flags,
            environment=self.card.environment)
        self._dates, self._polls = {}, threading.Event()
        self._noise = signals.int16(signals.programme(120, RATE, 2))
        self.play()
        self.listener = Listener(self.server)
        threading.Thread(target=self._poll, daemon=True).start()
        self.settle()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._polls.set()
        self.server.close()
        self.card.close()

    def play(self):
        self.card.play("mic", self._noise, channels=2)

    def _poll(self):
        """Dates as they are published: each playlist is checked too."""
        while not self._polls.wait(0.3):
            try:
                for entry in hls.parse(self.server.get("/live.m3u8")).entries:
                    self._dates.setdefault(entry.sequence, entry.date.timestamp() + float(entry.duration))
            except (OSError, http.client.HTTPException):
                pass  # The listener says what is wrong.

    def settle(self):
        """Six more segments."""
        wanted = len(self.listener.completed) + 6
        wait_until(
            lambda: len(self.listener.completed) >= wanted or self.listener.error, 30,
            lambda: f"six segments\n{self.server.log}")

    def age(self, count=5):
        """How long after its end, by its date, a segment is complete; of the newest ones, in seconds."""
        def ages():
            known = [sequence for sequence in list(self.listener.completed) if sequence in self._dates]
            return [self.listener.completed[sequence] - self._dates[sequence] for sequence in sorted(known)[-count:]]
        return statistics.median(wait_until(lambda: len(ages()) == count and ages(), 20, "dates"))

    def count(self, pattern):
        return len(re.findall(pattern, self.server.log))

    def level(self):
        return max((level["rms"] for level in self.server.information()["levels"]), default=-120)

    def is_back(self, times=1, since=None):
        """Waits until the device is back and its sound is heard; returns after how many seconds it was back."""
        began = since or time.monotonic()
        wait_until(lambda: self.count("source: back") >= times, 15, lambda: f"back\n{self.server.log}")
        took = time.monotonic() - began
        self.play()
        self.settle()
        wait_until(lambda: self.level() > -40, 5, lambda: f"sound\n{self.server.information()}\n{self.server.log}")
        return took

    def result(self, began, before, back=None, longest=LONGEST_WAIT):
        """The figures that most rows have, judged."""
        moved = abs(self.age() - before)
        waited = self.listener.longest_wait(began)
        self.listener.finish()
        values = [
            ("longest wait", waited, longest), ("back after", back, LONGEST_RETURN), ("dates moved", moved, MOST_MOVED)]
        for what, value, most in values:
            if value is not None and value > most:
                raise AssertionError(f"{what} {value:.3f} s, more than {most}\n{self.server.log}")
        return ", ".join(f"{what} {value * 1000:.0f} ms" for what, value, _ in values if value is not None)


@fault("device unplugged for 20 s")
def unplugged():
    with Stage() as stage:
        before, began = stage.age(), time.monotonic()
        stage.card.unplug()
        time.sleep(20)
        stage.card.plug()
        return stage.result(began, before, stage.is_back())


@fault("device unplugged ten times")
def unplugged_often():
    with Stage() as stage:
        before, began = stage.age(), time.monotonic()
        for times in range(1, 11):
            stage.card.unplug()
            time.sleep(1)
            stage.card.plug()
            wait_until(lambda: stage.count("source: back") >= times, 15, lambda: f"back\n{stage.server.log}")
        lines = stage.count("(error|warning): source")
        if lines > 20:
            raise AssertionError(f"{lines} lines in the log\n{stage.server.log}")
        stage.is_back(10)
        return stage.result(began, before) + f", {lines} lines in the log"


@fault("device unplugged, the fallback instead")
def substituted():
    with Stage("--fallback", "tone") as stage:
        before, began = stage.age(), time.monotonic()
        stage.card.unplug()
        stage.settle()
        level = stage.level()
        if abs(level + 22) > 3:
            raise AssertionError(f"the programme's level, but {level} dBFS")
        stage.card.plug()
        return stage.result(began, before, stage.is_back()) + f", fallback at {level} dBFS"


@fault("device hangs for 20 s")
def hanging():
    with Stage() as stage:
        before, began = stage.age(), time.monotonic()
        stage.card.freeze()
        time.sleep(20)
        stage.card.thaw()
        return stage.result(began, before, stage.is_back())


@fault("device hangs, and is exchanged")
def exchanged():
    with Stage() as stage:
        before, began = stage.age(), time.monotonic()
        stage.card.freeze()
        time.sleep(5)
        stage.card.unplug()
        stage.card.plug()
        return stage.result(began, before, stage.is_back())


@fault("device back with 44.1 kHz")
def other_rate():
    with Stage() as stage:
        before, began = stage.age(), time.monotonic()
        stage.card.unplug()
        stage.card.set_rate(44100)
        stage.card.plug()
        back = stage.is_back()
        if not stage.count("changed from 48000 to 44100"):
            raise AssertionError(f"the rate is the same\n{stage.server.log}")
        return stage.result(began, before, back)


@fault("source silent, the fallback instead")
def silent():
    with Stage("--silence-alarm", 3, "--on-silence", "fallback", "--fallback", "tone") as stage:
        before, began = stage.age(), time.monotonic()
        # A card that comes back and has no sound.
        stage.card.unplug()
        stage.card.plug()
        back = time.monotonic()
        stage.server.wait_log("source: back", 15)
        back = time.monotonic() - back
        stage.server.wait_log("source: silent for 3 s", 10)
        stage.play()
        stage.server.wait_log("source: there is sound again", 10)
        stage.settle()
        return stage.result(began, before, back)


@fault("process frozen for 14 s")
def frozen():
    return _frozen(14)


@fault("process frozen for 45 s")
def frozen_long():
    return _frozen(45)


def _frozen(seconds):
    with Stage() as stage:
        before, began = stage.age(), time.monotonic()
        stage.server.process.send_signal(signal.SIGSTOP)
        time.sleep(seconds)
        stage.server.process.send_signal(signal.SIGCONT)
        resumed = time.monotonic()
        wait_until(
            lambda: stage.listener.arrivals[-1] > resumed, 10, lambda: f"sound; {stage.listener.error}\n{stage.server.log}")
        again = next(at for at in stage.listener.arrivals if at > resumed) - resumed
        # What was kept or filled comes in at once; then there must be enough that comes in time.
        time.sleep(15)
        return stage.result(began, before, longest=seconds + LONGEST_WAIT) + f", sound again after {again * 1000:.0f} ms"


@fault("card and wall clock for 5 minutes")
def drift():
    with Stage() as stage:
        before, began = stage.age(), time.monotonic()
        found = wait_until(lambda: stage.server.information()["drift"], 340, "the drift")
        if abs(found) > 500:
            raise AssertionError(f"{found} ppm")
        return stage.result(began, before) + f", drift {found} ppm"


import process_faults  # noqa: E402,F401  More rows.


def main():
    parser = argparse.ArgumentParser(prog="scripts/bench faults", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="only faults whose name holds it")
    options = parser.parse_args()
    chosen = [row for row in FAULTS if not options.names or any(name in row[0] for name in options.names)]
    if not chosen:
        parser.error(f"no fault's name holds {' or '.join(options.names)}")
    print(f"{datetime.now(timezone.utc):%Y-%m-%d %H:%M} UTC, {figures.machine()}\n\n{'fault':40} {'survived':9} figures")
    survived, failures = 0, []
    for name, function in chosen:
        try:
            outcome, note = "yes", function()
            survived += 1
        except Exception as error:  # A row that fails in any way is a fault that was not survived.
            outcome, note = "NO", str(error).splitlines()[0] if str(error) else repr(error)
            failures.append((name, error))
        print(f"{name:40} {outcome:9} {note}", flush=True)
    print(f"\nsurvived / tried: {survived} / {len(chosen)}")
    for name, error in failures:
        print(f"\n--- {name}\n{error}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
