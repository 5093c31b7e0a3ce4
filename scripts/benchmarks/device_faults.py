"""Faults of the capture device, and a frozen process: rows of `scripts/bench faults`."""

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

# The limits for a survived fault, in seconds. The server waits half a second for a hanging device.
LONGEST_RETURN = 6.0
MOST_MOVED = 0.1


class CaptureSetup:
    """A card that plays sound all the time, a server that captures it, and a listener."""

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
        """Notes the end of each published segment, by its date. The parser checks each playlist."""
        while not self._polls.wait(0.3):
            try:
                for entry in hls.parse(self.server.get("/live.m3u8")).entries:
                    self._dates.setdefault(entry.sequence, entry.date.timestamp() + float(entry.duration))
            except (OSError, http.client.HTTPException):
                pass  # The listener reports the error.

    def settle(self):
        """Waits for six more segments."""
        wanted = len(self.listener.completed) + 6
        wait_until(
            lambda: len(self.listener.completed) >= wanted or self.listener.error, 30,
            lambda: f"six segments\n{self.server.log}")

    def age(self, count=5):
        """The median time between a segment's end, by its date, and its arrival, of the newest segments, in seconds."""
        def ages():
            known = [sequence for sequence in list(self.listener.completed) if sequence in self._dates]
            return [self.listener.completed[sequence] - self._dates[sequence] for sequence in sorted(known)[-count:]]
        return statistics.median(wait_until(lambda: len(ages()) == count and ages(), 20, "the dates"))

    def count(self, pattern):
        return len(re.findall(pattern, self.server.log))

    def level(self):
        return max((level["rms"] for level in self.server.information()["levels"]), default=-120)

    def is_back(self, times=1, since=None):
        """Waits until the device is back and its sound is heard. Returns the seconds until the device was back."""
        began = since or time.monotonic()
        wait_until(lambda: self.count("source: back") >= times, 15, lambda: f"back\n{self.server.log}")
        took = time.monotonic() - began
        self.play()
        self.settle()
        wait_until(lambda: self.level() > -40, 5, lambda: f"sound\n{self.server.information()}\n{self.server.log}")
        return took

    def result(self, began, before, back=None, longest=LONGEST_WAIT):
        """The figures of most rows. Raises if one exceeds its limit."""
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
    with CaptureSetup() as setup:
        before, began = setup.age(), time.monotonic()
        setup.card.unplug()
        time.sleep(20)
        setup.card.plug()
        return setup.result(began, before, setup.is_back())


@fault("device unplugged ten times")
def unplugged_often():
    with CaptureSetup() as setup:
        before, began = setup.age(), time.monotonic()
        for times in range(1, 11):
            setup.card.unplug()
            time.sleep(1)
            setup.card.plug()
            wait_until(lambda: setup.count("source: back") >= times, 15, lambda: f"back\n{setup.server.log}")
        lines = setup.count("(error|warning): source")
        if lines > 20:
            raise AssertionError(f"{lines} lines in the log\n{setup.server.log}")
        setup.is_back(10)
        return setup.result(began, before) + f", {lines} lines in the log"


@fault("device unplugged, the fallback instead")
def substituted():
    with CaptureSetup("--fallback", "tone") as setup:
        before, began = setup.age(), time.monotonic()
        setup.card.unplug()
        setup.settle()
        level = setup.level()
        if abs(level + 22) > 3:
            raise AssertionError(f"the level of the test tone, but {level} dBFS")
        setup.card.plug()
        return setup.result(began, before, setup.is_back()) + f", fallback at {level} dBFS"


@fault("device hangs for 20 s")
def hanging():
    with CaptureSetup() as setup:
        before, began = setup.age(), time.monotonic()
        setup.card.freeze()
        time.sleep(20)
        setup.card.thaw()
        return setup.result(began, before, setup.is_back())


@fault("device hangs, and is exchanged")
def exchanged():
    with CaptureSetup() as setup:
        before, began = setup.age(), time.monotonic()
        setup.card.freeze()
        time.sleep(5)
        setup.card.unplug()
        setup.card.plug()
        return setup.result(began, before, setup.is_back())


@fault("device back with 44.1 kHz")
def other_rate():
    with CaptureSetup() as setup:
        before, began = setup.age(), time.monotonic()
        setup.card.unplug()
        setup.card.set_rate(44100)
        setup.card.plug()
        back = setup.is_back()
        if not setup.count("changed from 48000 to 44100"):
            raise AssertionError(f"the rate is the same\n{setup.server.log}")
        return setup.result(began, before, back)


@fault("source silent, the fallback instead")
def silent():
    with CaptureSetup("--silence-alarm", 3, "--on-silence", "fallback", "--fallback", "tone") as setup:
        before, began = setup.age(), time.monotonic()
        # The card comes back without sound.
        setup.card.unplug()
        setup.card.plug()
        back = time.monotonic()
        setup.server.wait_log("source: back", 15)
        back = time.monotonic() - back
        setup.server.wait_log("source: silent for 3 s", 10)
        setup.play()
        setup.server.wait_log("source: there is sound again", 10)
        setup.settle()
        return setup.result(began, before, back)


@fault("process frozen for 14 s")
def frozen():
    return _frozen(14)


@fault("process frozen for 45 s")
def frozen_long():
    return _frozen(45)


def _frozen(seconds):
    with CaptureSetup() as setup:
        before, began = setup.age(), time.monotonic()
        setup.server.process.send_signal(signal.SIGSTOP)
        time.sleep(seconds)
        setup.server.process.send_signal(signal.SIGCONT)
        resumed = time.monotonic()
        wait_until(
            lambda: setup.listener.arrivals[-1] > resumed, 10,
            lambda: f"sound; {setup.listener.error}\n{setup.server.log}")
        again = next(at for at in setup.listener.arrivals if at > resumed) - resumed
        # First the buffered sound comes at once. Then enough sound must come in time.
        time.sleep(15)
        figures = setup.result(began, before, longest=seconds + LONGEST_WAIT)
        return f"{figures}, sound again after {again * 1000:.0f} ms"


@fault("card and wall clock for 5 minutes")
def drift():
    with CaptureSetup() as setup:
        before, began = setup.age(), time.monotonic()
        found = wait_until(lambda: setup.server.information()["drift"], 340, "the drift")
        if abs(found) > 500:
            raise AssertionError(f"{found} ppm")
        return setup.result(began, before) + f", drift {found} ppm"
