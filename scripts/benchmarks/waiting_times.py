"""The time until the first sound, until the first segment, and until sound after a frozen server.

Each function returns one list of seconds for each row of the table. None stands for a time that was longer than
TIMEOUT.
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
# A longer time counts as never, in seconds.
TIMEOUT = 30
# The latency is as before the fault if it is at most this much longer, in seconds.
TOLERANCE = 0.05
# The longest start of a server and a browser, in seconds.
_PREPARATION = 90


def opening():
    """From the start of the navigation to the first sound, in a browser that has opened the page before. The recording
    has the time at which the card took a sample, so that the card's delay does not count."""
    with SoundCard() as card:
        card.play("mic", signals.int16(ear.signal(_PREPARATION + (1 + OPENINGS) * TIMEOUT)))
        with ringcast(card) as server, browsers.Chromium(card) as browser:
            _, *times = [_open(card, browser, server) for _ in range(1 + OPENINGS)]
    return [times]


def _open(card, browser, server):
    browser.open("about:blank")
    recorder = card.record("spk")
    # The card's buffer still holds sound of the page before.
    recorder.wait(1)
    page = Page(browser, server)
    # The browser reports the start of the navigation on the wall clock.
    opened = browser.evaluate("performance.timeOrigin / 1000") - time.time() + time.monotonic()
    page.wait_playing(TIMEOUT)
    recorder.wait(recorder.seconds + 1)
    recording = recorder.stop()
    skipped = max(0, round((opened - recording.start) * RATE))
    begins = ear.listen(recording.sound[skipped:]).begins
    return None if begins is None else recording.start + skipped / RATE + begins - opened


def starting():
    """From the start of a server to the first entry in its playlist, and to the first part."""
    return [[_start(path, line) for _ in range(STARTS)] for path, line in (
        ("/live.m3u8", b"#EXTINF:"), ("/live-ll.m3u8", b"#EXT-X-PART:"))]


def _start(path, line):
    began = time.monotonic()
    with Server("--source", "tone") as server:
        # The server holds the request until the playlist has content.
        while line not in server.request(path).body:
            if time.monotonic() > began + TIMEOUT:
                return None
            time.sleep(0.005)
        return time.monotonic() - began


def freezing():
    """From the end of a frozen server to the first sound, and to the first burst that is no later than before."""
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
            resumed = time.monotonic()
            time.sleep(after)
            hearing = recorder.stop()
    times = _sound_again(hearing, stopped, resumed), _latency_as_before(hearing, stopped, resumed)
    return [[time if time is not None and time <= TIMEOUT else None] for time in times]


def _sound_again(hearing, stopped, resumed):
    """Seconds from `resumed` to the end of the longest silence; 0 if there was no silence."""
    silences = [
        (length, hearing.spk.start + begin + length) for begin, length in hearing.flaws.dropouts
        if hearing.spk.start + begin > stopped]
    return max(0, max(silences)[1] - resumed) if silences else 0


def _latency_as_before(hearing, stopped, resumed):
    """Seconds from `resumed` to the first burst from which on every burst is as early as before the fault."""
    heard = [burst for burst in hearing.settled if burst.late is not None and burst.said + burst.late < stopped]
    usual = statistics.median(burst.late for burst in heard)
    since = None
    for burst in reversed([burst for burst in hearing.bursts if burst.said > resumed]):
        if burst.late is None or burst.late > usual + TOLERANCE:
            break
        since = burst.said + burst.late - resumed
    return since
