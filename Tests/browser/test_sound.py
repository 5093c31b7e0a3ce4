"""What comes out of the loudspeaker."""

import unittest

import numpy as np

from support import browsers, ear, processes, signals
from support.page import Page
from support.server import Server
from support.soundcard import SoundCard

SECONDS = 22
ATTEMPTS = 3


class Chromium(unittest.TestCase):
    alone = True
    Browser = browsers.Chromium

    def flawless(self, card, page, pilots, sinks):
        """Records sinks, the last of them without a flaw for 20 s.

        A machine that is too busy starves every player of small buffers, and a hole that it tears is no fault of the
        page's. A tone of our own beside it tells: only where that is torn, too, the measurement is made again.
        """
        for _ in range(ATTEMPTS):
            player = card.play("aux", signals.int16(ear.signal(SECONDS + 10)), buffer=20)
            recorders = [card.record(sink) for sink in ("aux", *sinks)]
            recorders[-1].wait(SECONDS)
            aux, *recordings = [recorder.stop() for recorder in recorders]
            processes.end(player)
            heard = ear.listen(recordings[-1].sound, pilots)
            if heard.flawless:
                return recordings
            control = ear.listen(aux.sound[int(np.argmax(np.abs(aux.sound) > 0.05)) :])
            if control.flawless or page.snapshot()["stalls"]:
                self.fail(f"{heard}\n{page.snapshot()}")
        self.fail(f"this machine is too busy to play sound without a hole: {control}\n{heard}\n{page.snapshot()}")

    def test_20_s_of_the_programme_have_no_dropout(self):
        with SoundCard() as card, Server("--source", "tone") as server:
            server.wait_playlist(lambda playlist: len(playlist.entries) >= 4)
            with self.Browser(card) as browser:
                page = Page(browser, server)
                page.wait_playing()
                self.flawless(card, page, ear.PROGRAMME_PILOTS, ["spk"])

    def test_20_s_from_the_microphone_have_no_dropout_and_are_in_time(self):
        with SoundCard() as card, Server("--source", "alsa", environment=card.environment) as server:
            card.play("mic", signals.int16(ear.signal(30 + ATTEMPTS * (SECONDS + 5))))
            server.wait_playlist(lambda playlist: len(playlist.entries) >= 4)
            with self.Browser(card) as browser:
                page = Page(browser, server)
                page.wait_playing()
                mic, spk = self.flawless(card, page, ear.PILOTS, ["mic", "spk"])
                now = page.snapshot()
        late = ear.latencies(mic, spk)
        self.assertGreaterEqual(len(late), 5)
        # What the page says of itself is what the ear hears.
        self.assertAlmostEqual(float(np.median(late)), now["behindLive"], delta=0.15)
        self.assertLess(max(late), 1.5)
        self.assertLess(max(late) - min(late), 0.5)


if __name__ == "__main__":
    unittest.main()
