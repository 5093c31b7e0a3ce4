"""The ways to listen that are compared: from the microphone of a virtual card, through a server and a browser, to its
loudspeaker.

A path takes a card, whose microphone is told the ear's signal, and seconds to listen, and returns a `Hearing`.
"""

from contextlib import ExitStack

from scripts.benchmarks.servers import CARD, FFmpegHLS, Icecast, Nginx
from support import browsers
from support.server import Server
from support.sound.hearing import SETTLING, HearingRecorder, hear


def ringcast(card):
    """The server as its users start it, on that card, with a few segments in its ring."""
    server = Server("--source", "alsa", environment=card.environment)
    try:
        server.wait_playlist(lambda playlist: len(playlist.entries) >= 4)
    except BaseException:
        server.close()
        raise
    return server


def page(Browser, engine, query="", Edge=None):
    """ringcast's page, through a cache if one is named, which has to use that engine from beginning to end."""
    def listen(card, seconds):
        with ExitStack() as stack:
            server = stack.enter_context(ringcast(card))
            front = stack.enter_context(Edge(server.port)) if Edge else server
            hearing = hear(card, stack.enter_context(Browser(card)), front.url + query, seconds)
        engines = {(snapshot or {}).get("engine") for snapshot in hearing.snapshots}
        if engines != {engine}:
            raise RuntimeError(f"the engine is {' and '.join(sorted(map(str, engines)))}, not {engine}")
        return hearing
    return listen


def hls(card, seconds):
    """ffmpeg captures, encodes and cuts, nginx serves, the browser's own HLS plays."""
    with Nginx(FFmpegHLS(card.environment)) as server, browsers.Chromium(card) as browser:
        return hear(card, browser, server.page, seconds)


def icecast(card, seconds):
    """ffmpeg captures and encodes, Icecast passes it on, an audio element plays."""
    with Icecast(CARD, card.environment) as server, browsers.Chromium(card) as browser:
        return hear(card, browser, server.page, seconds)


def card_alone(card, seconds):
    """Neither server nor browser: what comes out of the microphone is played at once."""
    card.loop("mic", "spk")
    recorder = HearingRecorder(card, seconds + SETTLING)
    recorder.wait(seconds + SETTLING)
    return recorder.stop()
