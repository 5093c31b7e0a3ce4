"""The compared signal paths: from the microphone of a virtual card, through a server and a browser, to its loudspeaker.

A path is a function of a card, which plays the ear's signal into its microphone, and of the seconds to measure. It
returns a `Hearing`.
"""

import tempfile
from contextlib import ExitStack
from pathlib import Path

from scripts.benchmarks.servers import CARD, FFmpegHLS, Icecast, Nginx
from support import browsers
from support.sources.source_client import PASSWORD
from support.sources.source_programs import Microphone
from support.server import Server
from support.sound.hearing import SETTLING, HearingRecorder, hear


def ringcast(card, **options):
    """A ringcast server that captures from the card, with a few segments in its ring."""
    server = Server("--source", "alsa", environment=card.environment, **options)
    try:
        server.wait_playlist(lambda playlist: len(playlist.entries) >= 4)
    except BaseException:
        server.close()
        raise
    return server


def page(Browser, engine, query="", Edge=None):
    """ringcast's page, through a cache if `Edge` is given. The page must use `engine` all the time."""
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


def source_client(card, seconds):
    """ffmpeg captures, encodes and sends to ringcast as a source client, and ringcast's page plays."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="client.")))
        passwords = folder / "passwords"
        passwords.write_text(PASSWORD)
        passwords.chmod(0o600)
        server = stack.enter_context(Server(
            "--stream", Microphone.name, "--source", "icecast", "--source-password-file", passwords))
        stack.enter_context(Microphone(server, folder, None, card.environment))
        server.wait_log("the client's sound plays")
        return hear(card, stack.enter_context(browsers.Chromium(card)), server.url, seconds)


def hls(card, seconds):
    """ffmpeg captures, encodes and segments, nginx serves, and the browser's built-in HLS plays."""
    with Nginx(FFmpegHLS(card.environment)) as server, browsers.Chromium(card) as browser:
        return hear(card, browser, server.page, seconds)


def icecast(card, seconds):
    """ffmpeg captures and encodes, Icecast serves, and an audio element plays."""
    with Icecast(CARD, card.environment) as server, browsers.Chromium(card) as browser:
        return hear(card, browser, server.page, seconds)


def card_alone(card, seconds):
    """Neither server nor browser: the sound of the microphone is played at once."""
    card.loop("mic", "spk")
    recorder = HearingRecorder(card, seconds + SETTLING)
    recorder.wait(seconds + SETTLING)
    return recorder.stop()
