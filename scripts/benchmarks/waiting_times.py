"""How long a listener waits: for the first sound, for the first segment, for a server that was away.

Each function returns a list of times in seconds for each thing it measures; None is one that never came.
"""

import signal
import statistics
import time

from scripts.benchmarks.signal_paths import ringcast
from support import browsers
from support.browsers.page import Page
from support.server import Server
from support.sound import ear, signals
from support.sound.hearing import SETTLING, HearingRecorder
from support.sound.soundcard import RATE, SoundCard

OPENINGS = 7
STARTS = 5
FREEZE = 5
# Longer than this is never, s.
TIMEOUT = 30
# The latency is what it was when it is no more than so much longer, s.
TOLERANCE = 0.05
# For a server and a browser to start, s.
_PREPARATION = 90


def opening():
    """A page is opened, from the navigation's own start on, and the first sound comes, in a browser that has had the
    page open before. A recording tells when the card took a sample, so that nothing of the card's own is in it."""
    with SoundCard() as card:
        card.play("mic", signals.int16(ear.signal(_PREPARATION + (1 + OPENINGS) * TIMEOUT)))
        with ringcast(card) as server, browsers.Chromium(card) as browser:
            _, *times = [_open(card, browser, server) for _ in range(1 + OPENINGS)]
    return [times]


def _open(card, browser, server):
    browser.open("about:blank")
    recorder = card.record("spk")
    # What the page before has left in the card is not to be taken for this one's.
    recorder.wait(1)
    page = Page(browser, server)
    # The browser tells in the time of day when it was told to go there.
    opened = browser.evaluate("performance.timeOrigin / 1000") - time.time() + time.monotonic()
    page.wait_playing(TIMEOUT)
    recorder.wait(recorder.seconds + 1)
    recording = recorder.stop()
    skipped = max(0, round((opened - recording.start) * RATE))
    begins = ear.listen(recording.sound[skipped:]).begins
    return None if begins is None else recording.start + skipped / RATE + begins - opened


def starting():
    """A server is started, and has a first entry in its playlist; and a first part."""
    return [[_start(path, line) for _ in range(STARTS)] for path, line in (
        ("/live.m3u8", b"#EXTINF:"), ("/live-ll.m3u8", b"#EXT-X-PART:"))]


def _start(path, line):
    began = time.monotonic()
    with Server("--source", "tone") as server:
        # Held by the server until there is something in it.
        while line not in server.request(path).body:
            if time.monotonic() > began + TIMEOUT:
                return None
            time.sleep(0.005)
        return time.monotonic() - began


def freezing():
    """A server that stood still goes on, and there is sound again; and from then on bursts are no later than before."""
    before, after = SETTLING + 20, TIMEOUT + 10
    seconds = _PREPARATION + before + FREEZE + after
    with SoundCard() as card:
        card.play("mic", signals.int16(ear.signal(seconds)))
        with ringcast(card) as server, browsers.Chromium(card) as browser:
            recorder = HearingRecorder(card, seconds)
            browser.open(server.url)
            recorder.wait_sound()
            time.sleep(before)
            stopped = time.monotonic()
            server.process.send_signal(signal.SIGSTOP)
            time.sleep(FREEZE)
            server.process.send_signal(signal.SIGCONT)
            went_on = time.monotonic()
            time.sleep(after)
            hearing = recorder.stop()
    times = _sound_again(hearing, stopped, went_on), _as_before(hearing, stopped, went_on)
    return [[time if time is not None and time <= TIMEOUT else None] for time in times]


def _sound_again(hearing, stopped, went_on):
    """The end of the longest silence since; where there was none, no time at all."""
    silences = [
        (length, hearing.spk.start + begin + length) for begin, length in hearing.flaws.dropouts
        if hearing.spk.start + begin > stopped]
    return max(0, max(silences)[1] - went_on) if silences else 0


def _as_before(hearing, stopped, went_on):
    """When the first of those bursts is heard."""
    heard = [burst for burst in hearing.settled if burst.late is not None and burst.said + burst.late < stopped]
    usual = statistics.median(burst.late for burst in heard)
    since = None
    for burst in reversed([burst for burst in hearing.bursts if burst.said > went_on]):
        if burst.late is None or burst.late > usual + TOLERANCE:
            break
        since = burst.said + burst.late - went_on
    return since
