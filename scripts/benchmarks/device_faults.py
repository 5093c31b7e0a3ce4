"""The capture device fails, or the process stands still: rows of `scripts/bench faults`."""

import http.client
import re
import signal
import statistics
import threading
import time

from scripts.benchmarks.growing_reader import GrowingReader
from scripts.benchmarks.fault_table import LONGEST_WAIT, fault

from support.formats import hls
from support.server import Server
from support.sound import signals
from support.sound.soundcard import RATE, SoundCard
from support.waiting import wait_until

# What a row may show at most, besides, to count as survived. A device that hangs is waited for half a second.
LONGEST_RETURN = 6.0
MOST_MOVED = 0.1


class Stage:
    """A card, a server that captures from it, and its listener; sound goes in all the time."""

    def __init__(self, *flags):
        self.card = SoundCard()
        self.server = Server(
            "--source", "alsa:fixed", "--segment-length", 1, "--ring-size", 60, *flags,
            environment=self.card.environment)
        self._dates, self._polls = {}, threading.Event()
        self._noise = signals.int16(signals.reference(120, RATE, 2))
        self.play()
        self.listener = GrowingReader(self.server)
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
