"""A server is killed while a page plays, and comes back: the page plays on without a reload."""

import functools
import tempfile
import unittest
from pathlib import Path

from support import browsers
from support.browsers.page import Page
from support.formats.wav import wav
from support.machine.wall_clock import WallClock
from support.server import Server
from support.sound import signals
from support.sound.control_tone import with_control_tone
from support.sound.soundcard import SoundCard
from support.waiting import TIMEOUT


# A page without a stall and a jump for this long has found its place, in seconds.
SETTLED = 5


class Recovery:
    """The tests of every browser."""

    is_long = True

    def setUp(self):
        self.card = self.enterContext(SoundCard())
        self.sound = self.enterContext(tempfile.TemporaryDirectory(prefix="sound."))
        self.server = self.start()
        self.server.wait_playlist(lambda playlist: len(playlist.entries) >= 4)
        self.page = Page(self.enterContext(self.Browser(self.card)), self.server)
        self.page.wait_playing()
        self.page.browser.evaluate("window.marker = 'the same page'")

    def start(self, port=0):
        server = Server("--source", "tone", sound=self.sound, port=port)
        self.addCleanup(server.close)
        return server

    def away(self, seconds):
        """Kills the server, and starts a new one on the same port and folder after `seconds`. Returns the snapshots in
        between."""
        self.server.kill()
        # One more segment may be complete without the page's knowledge, and the next one was being recorded. All later
        # segments are the new server's.
        self.killed = self.page.snapshot()["lastSequence"] + 2
        meanwhile = [now for _, now in self.page.samples(seconds)]
        self.server = self.page.server = self.start(self.server.port)
        return meanwhile

    def plays_on(self):
        """Checks that the same page plays the sound from after the restart, near the live end, in one buffered
        range."""
        now = self.page.wait(
            lambda now: now["state"] == "playing" and (now["sequence"] or 0) > self.killed, TIMEOUT,
            "playback after the restart")
        self.assertEqual(self.page.browser.evaluate("window.marker"), "the same page")

        def steadily():
            samples = [now for _, now in self.page.samples(4)]
            for one, next_one in zip([now, *samples], samples):
                self.assertGreaterEqual(next_one["sequence"], one["sequence"])
                self.assertGreaterEqual(next_one["lastSequence"], one["lastSequence"])
            self.assertEqual({now["state"] for now in samples}, {"playing"})
            self.assertGreater(samples[-1]["currentTime"] - samples[0]["currentTime"], 2)
            self.assertLess(samples[-1]["behindLive"], 2)
            self.assertEqual(len(samples[-1]["buffered"]), 1)
            self.assertGreaterEqual(samples[-1]["discontinuities"], 1)
        with_control_tone(self.card, 20, steadily)

    def test_killed_and_started_again_it_plays_on(self):
        self.away(0)
        self.plays_on()


class Chromium(Recovery, unittest.TestCase):
    Browser = browsers.Chromium

    # Engines differ in how they play over a discontinuity, and not in an outage: one browser is enough here.
    def test_after_an_outage_it_says_why_it_waits_and_goes_on_near_the_live_end(self):
        meanwhile = self.away(14)
        # The page plays its buffer, then waits, and shows the reason.
        self.assertEqual((meanwhile[-1]["state"], meanwhile[-1]["reason"]), ("waiting", "unreachable"))
        self.page.screenshot(f"{self.Browser.name}-outage")
        self.plays_on()


class Firefox(Recovery, unittest.TestCase):
    Browser = browsers.Firefox


class WebKit(Recovery, unittest.TestCase):
    Browser = browsers.WebKit


class ClockSet(unittest.TestCase):
    # On a busy machine a page jumps to the live end several times a minute, even if the clock does not change.
    alone = True

    def test_when_the_servers_clock_is_set_the_page_plays_on_and_soon_says_the_truth_again(self):
        clock = self.enterContext(WallClock())
        with SoundCard() as card, Server("--source", "tone", environment=clock.environment) as server:
            server.wait_playlist(lambda playlist: len(playlist.entries) >= 4)
            with browsers.Chromium(card) as browser:
                page = Page(browser, server)

                def plays_on(step):
                    # A page that has just been opened may still look for its place.
                    began = page.wait_settled(SETTLED)
                    clock.step(step)
                    samples = [now for _, now in page.samples(25)]
                    self.assertEqual({now["state"] for now in samples}, {"playing"})
                    for key in ("stalls", "jumps", "discontinuities"):
                        self.assertEqual([now[key] for now in samples], [began[key]] * len(samples), key)
                    self.assertLess(abs(samples[-1]["behindLive"]), 2)
                for step in (3600, -7200):
                    with_control_tone(card, 60, functools.partial(plays_on, step))


class Ended(unittest.TestCase):
    def test_at_the_end_of_the_input_it_plays_to_the_end_and_says_so(self):
        folder = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="wav.")))
        (folder / "short.wav").write_bytes(wav(signals.reference(9, 48000, 2), 48000))
        with SoundCard() as card, Server("--source", f"file:{folder}/short.wav") as server:
            with browsers.Chromium(card) as browser:
                page = Page(browser, server)
                page.wait_playing()
                now = page.wait(lambda now: now["state"] == "ended", TIMEOUT, "the state ended")
                self.assertEqual(now["sequence"], now["lastSequence"])


if __name__ == "__main__":
    unittest.main()
