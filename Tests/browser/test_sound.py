"""What comes out of the loudspeaker."""

import unittest

import numpy as np

from support import browsers, ear, signals
from support.page import Page
from support.server import Server
from support.soundcard import SoundCard

SECONDS = 22


class Chromium(unittest.TestCase):
    """It is measured alone: a machine that is too busy for its sound server tears holes that are nobody's fault."""

    alone = True
    Browser = browsers.Chromium

    def test_20_s_of_the_programme_have_no_dropout(self):
        with SoundCard() as card, Server("--source", "tone") as server:
            server.wait_playlist(lambda playlist: len(playlist.entries) >= 4)
            with self.Browser(card) as browser:
                page = Page(browser, server)
                page.wait_playing()
                recorder = card.record("spk")
                recorder.wait(SECONDS)
                heard = ear.listen(recorder.stop().sound, ear.PROGRAMME_PILOTS)
                self.assertTrue(heard.flawless, f"{heard}\n{page.snapshot()}")

    def test_20_s_from_the_microphone_have_no_dropout_and_are_in_time(self):
        with SoundCard() as card, Server("--source", "alsa", environment=card.environment) as server:
            card.play("mic", signals.int16(ear.signal(SECONDS + 30)))
            server.wait_playlist(lambda playlist: len(playlist.entries) >= 4)
            with self.Browser(card) as browser:
                page = Page(browser, server)
                page.wait_playing()
                mic, spk = card.record("mic"), card.record("spk")
                spk.wait(SECONDS)
                mic, spk = mic.stop(), spk.stop()
                now = page.snapshot()
        heard = ear.listen(mic.sound)
        self.assertTrue(heard.flawless, f"the sound server itself tears holes, the machine is too busy: {heard}")
        heard = ear.listen(spk.sound)
        self.assertTrue(heard.flawless, f"{heard}\n{now}")
        late = ear.latencies(mic, spk)
        self.assertGreaterEqual(len(late), 5)
        # What the page says of itself is what the ear hears.
        self.assertAlmostEqual(float(np.median(late)), now["behindLive"], delta=0.5)
        self.assertLess(max(late), 7)
        self.assertLess(max(late) - min(late), 0.5)


if __name__ == "__main__":
    unittest.main()
