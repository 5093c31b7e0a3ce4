"""The time until the first sound, until the first segment, and until sound after a frozen server.

Each function returns one list of seconds for each row of the table. None stands for a time that was longer than
TIMEOUT.
"""

import signal
import statistics
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from scripts.benchmarks.servers import FFmpegHLS, Nginx
from scripts.benchmarks.signal_paths import ringcast
from support import browsers
from support.machine.certificate import Certificate
from support.proxies.slow_road import SlowRoad
from support.server import Server
from support.sound import ear, signals
from support.sound.hearing import SETTLING, HearingRecorder
from support.sound.soundcard import RATE, SoundCard
from support.waiting import wait_until

OPENINGS = 7
STARTS = 5
FREEZE = 5
# A longer time counts as never, in seconds.
TIMEOUT = 30
# The latency is as before the fault if it is at most this much longer, in seconds.
TOLERANCE = 0.05
# The time of a byte on the slow road, in seconds.
DELAY = 0.04
# The longest start of a server and a browser, in seconds.
_PREPARATION = 90
# An opening that is measured takes about this long, in seconds.
_OPENING = 8

# The page's policy forbids inline scripts.
_PAGE = '<!doctype html><title>{0}</title><script type="module" src="{0}.js"></script>'
_PAGES = {
    "index.html": "<!doctype html><title>pages</title>",
    "tone.html": _PAGE.format("tone"),
    "tone.js": """
        const context = new AudioContext();
        const tone = new OscillatorNode(context, { frequency: 443.3 });
        tone.connect(context.destination);
        tone.start();
    """,
    "smallest.html": _PAGE.format("smallest"),
    "smallest.js": """
        const audio = new Audio();
        const source = new MediaSource();
        audio.src = URL.createObjectURL(source);
        audio.play();
        source.onsourceopen = async () => {
          const buffer = source.addSourceBuffer('audio/mpeg');
          const reader = (await fetch('live.mp3')).body.getReader();
          for (let read; !(read = await reader.read()).done;) {
            buffer.appendBuffer(read.value);
            await new Promise((resolve) => { buffer.onupdateend = resolve; });
          }
        };
    """,
}


def opening():
    """From the start of the navigation to the first sound, in a browser that has opened the page before: of a tone, of
    the smallest page that plays ringcast's endless stream, of the browser's own HLS, and of ringcast's page."""
    with tempfile.TemporaryDirectory(prefix="pages.") as folder:
        for name, text in _PAGES.items():
            Path(folder, name).write_text(text)
        with _signal_card() as card, browsers.Chromium(card) as browser:
            with ringcast(card, web=folder) as server:
                tone, smallest = (_opened(card, browser, server.url + name) for name in ("tone.html", "smallest.html"))
            with Nginx(FFmpegHLS(card.environment)) as server:
                hls = _opened(card, browser, server.page)
            with ringcast(card) as server:
                return [tone, smallest, hls, _opened(card, browser, server.url)]


def opening_over_a_slow_road():
    """The same over a road with a round trip of 80 ms, on new connections: over HTTP/1.1, over TLS and HTTP/1.1, and
    over TLS and HTTP/2."""
    return [_opened_over_a_slow_road(*way) for way in ((False, "http/1.1"), (True, "http/1.1"), (True, "h2"))]


def _opened_over_a_slow_road(is_encrypted, protocol):
    flags = [] if protocol == "h2" else ["--disable-http2"]
    with ExitStack() as stack:
        certificate = stack.enter_context(Certificate()) if is_encrypted else None
        card = stack.enter_context(_signal_card())
        server = stack.enter_context(ringcast(card, certificate=certificate))
        road = stack.enter_context(SlowRoad(server.port, DELAY))
        browser = stack.enter_context(browsers.Chromium(card, flags=flags))
        url = f"{'https' if is_encrypted else 'http'}://localhost:{road.port}/"
        times = _opened(card, browser, url, road.cut)
        used = browser.evaluate("performance.getEntriesByType('navigation')[0].nextHopProtocol")
        # A server without HTTP/2 has no such time.
        return times if used == protocol else [None]


def _signal_card():
    """A card with the signal in its microphone, for a few dozen openings."""
    card = SoundCard()
    card.play("mic", signals.int16(ear.signal(_PREPARATION + 4 * (1 + OPENINGS) * _OPENING)))
    return card


def _opened(card, browser, url, before=lambda: None):
    """The seconds of OPENINGS openings of a page that the browser has opened before."""
    _, *times = [_open(card, browser, url, before) for _ in range(1 + OPENINGS)]
    return times


def _open(card, browser, url, before):
    """The recording has the time at which the card took a sample, so that the card's delay does not count."""
    browser.open("about:blank")
    before()
    recorder = card.record("spk")
    # The card's buffer still holds sound of the page before.
    recorder.wait(1)
    browser.open(url)
    # The browser reports the start of the navigation on the wall clock.
    opened = browser.evaluate("performance.timeOrigin / 1000") - time.time() + time.monotonic()
    wait_until(lambda: recorder.is_sounding, TIMEOUT, "a sound from the loudspeaker")
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
