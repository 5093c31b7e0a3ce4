"""What comes out of the loudspeaker."""

import unittest
from contextlib import contextmanager

import numpy as np

from support import browsers, ear, signals
from support.control import ATTEMPTS
from support.hearing import Ears
from support.page import Page
from support.server import Server
from support.soundcard import SoundCard
from support.waiting import PATIENCE

SECONDS = 22
STEERINGS = 5


def flawless(test, card, page, pilots, meanwhile=lambda: None, before=lambda: None):
    """Hears 20 s without a flaw, from the first sound on.

    A machine that is too busy starves every player of small buffers, and a hole that it tears is no fault of the
    page's: only where the control is torn, too, the measurement is made again.
    """
    for _ in range(ATTEMPTS):
        before()
        ears = Ears(card, SECONDS)
        meanwhile()
        ears.wait(SECONDS)
        hearing = ears.stop()
        heard = ear.listen(hearing.spk.sound, pilots)
        if heard.flawless:
            return hearing
        if not hearing.torn:
            test.fail(f"{heard}\n{page.snapshot()}")
    test.fail(f"this machine is too busy to play sound without a hole: {heard}\n{page.snapshot()}")


@contextmanager
def heard_page(Browser, query=""):
    """A card, and a page in that browser that plays what its microphone is told."""
    with SoundCard() as card, Server("--source", "alsa", environment=card.environment) as server:
        card.play("mic", signals.int16(ear.signal(30 + ATTEMPTS * (SECONDS + 5))))
        server.wait_playlist(lambda playlist: len(playlist.entries) >= 4)
        with Browser(card) as browser:
            page = Page(browser, server, query)
            page.wait_playing()
            yield card, page


class Chromium(unittest.TestCase):
    alone = True

    def test_20_s_of_the_programme_have_no_dropout(self):
        with SoundCard() as card, Server("--source", "tone") as server:
            server.wait_playlist(lambda playlist: len(playlist.entries) >= 4)
            with browsers.Chromium(card) as browser:
                page = Page(browser, server)
                page.wait_playing()
                flawless(self, card, page, ear.PROGRAMME_PILOTS)

    def test_20_s_from_the_microphone_have_no_dropout_and_are_in_time(self):
        with heard_page(browsers.Chromium) as (card, page):
            hearing = flawless(self, card, page, ear.PILOTS)
            now = page.snapshot()
        late = [burst.late for burst in hearing.bursts if burst.late is not None]
        self.assertGreaterEqual(len(late), 10)
        # What the page says of itself is what the ear hears.
        self.assertAlmostEqual(float(np.median(late)), now["behindLive"], delta=0.15)
        self.assertLess(max(late), 1.5)
        self.assertLess(max(late) - min(late), 0.5)

    def test_as_live_as_possible_it_begins_without_a_hole(self):
        query = "?latency=live"
        with heard_page(browsers.Chromium, query) as (card, page):

            def leave():
                page.browser.open("about:blank")
                # What the card still has is not to be taken for the beginning.
                recorder = card.record("spk")
                recorder.wait(1)
                recorder.stop()
            flawless(
                self, card, page, ear.PILOTS, lambda: Page(page.browser, page.server, query).wait_playing(), leave)


class Firefox(unittest.TestCase):
    alone = True

    def test_changes_of_the_rate_are_not_heard(self):
        with heard_page(browsers.Firefox) as (card, page):
            resting = page.wait(
                lambda now: abs(now["rate"] - 1) < 0.0001, 2 * PATIENCE, "nothing is to be steered")["rate"]
            steered = 0.995 if resting < 1 else 1.005

            def steer():
                """As the page does, on the same side of 1; with the next arrival it takes it back."""
                for _ in range(STEERINGS):
                    page.browser.evaluate(f"document.querySelector('audio').playbackRate = {steered}")
                    page.wait(lambda now: now["rate"] == resting, PATIENCE, "the rate is what it was")
            flawless(self, card, page, ear.PILOTS, steer)


if __name__ == "__main__":
    unittest.main()
