"""The time until the first sound, until the first segment, and until sound after a frozen server.

Each function returns one list of seconds for each row of the table. None stands for a time that was longer than
TIMEOUT.
"""

import signal
import statistics
import tempfile
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path

from scripts.benchmarks.servers import FFmpegHLS, Nginx
from scripts.benchmarks.signal_paths import ringcast
from support import browsers
from support.machine.certificate import Certificate
from support.proxies.slow_road import SlowRoad
from support.server import Server
from support.sound import ear, openings, signals
from support.sound.hearing import SETTLING, HearingRecorder
from support.sound.soundcard import SoundCard

OPENINGS = 7
STARTS = 5
STARTED = 30
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
    "element.html": '<!doctype html><title>element</title><audio autoplay src="live.mp3"></audio>',
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
    """In a browser that has opened the page before: of a tone, of the smallest page that plays ringcast's endless
    stream, of the browser's own HLS, and of ringcast's page."""
    with _pages() as folder, _signal_card() as card, browsers.Chromium(card, is_observed=False) as browser:
        with ringcast(card, web=folder) as server:
            tone, smallest = (_times(card, browser, server.url + name) for name in ("tone.html", "smallest.html"))
        with Nginx(FFmpegHLS(card.environment)) as server:
            hls = _times(card, browser, server.page)
        with ringcast(card) as server:
            return [tone, smallest, hls, _times(card, browser, server.url)]


def opening_elsewhere():
    """In Firefox and in WebKit: of the smallest page, and of ringcast's page."""
    return [
        times for Browser, page in ((browsers.Firefox, "element.html"), (browsers.WebKit, "smallest.html"))
        for times in _opening_compared(Browser, page)]


def _opening_compared(Browser, page):
    with _pages() as folder, _signal_card() as card, Browser(card) as browser:
        with ringcast(card, web=folder) as server:
            smallest = _times(card, browser, server.url + page)
        with ringcast(card) as server:
            return smallest, _times(card, browser, server.url)


@contextmanager
def _pages():
    """A folder with the pages that are compared with ringcast's page."""
    with tempfile.TemporaryDirectory(prefix="pages.") as folder:
        for name, text in _PAGES.items():
            Path(folder, name).write_text(text)
        yield folder


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
        browser = stack.enter_context(browsers.Chromium(card, flags=flags, is_observed=False))
        url = f"{'https' if is_encrypted else 'http'}://localhost:{road.port}/"
        times = _times(card, browser, url, road.cut)
        used = browser.evaluate("performance.getEntriesByType('navigation')[0].nextHopProtocol")
        # A server without HTTP/2 has no such time.
        return times if used == protocol else [None]


def _signal_card():
    """A card with the signal in its microphone, for a few dozen openings."""
    card = SoundCard()
    card.play("mic", signals.int16(ear.signal(_PREPARATION + 4 * (1 + OPENINGS) * _OPENING)))
    return card


def _times(card, browser, url, before=lambda: None):
    """The seconds of OPENINGS openings, from the start of the navigation to the first sound."""
    return [opening.first for opening in openings.opened(card, browser, url, OPENINGS, 1, before)]


def thirty_starts(Browser, query):
    """STARTED openings of ringcast's page, each heard for a few seconds."""
    with SoundCard() as card:
        card.play("mic", signals.int16(ear.signal(_PREPARATION + (1 + STARTED) * _OPENING)))
        options = {"is_observed": False} if Browser is browsers.Chromium else {}
        with ringcast(card) as server, Browser(card, **options) as browser:
            return openings.opened(card, browser, server.url + query, STARTED, 4)


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
