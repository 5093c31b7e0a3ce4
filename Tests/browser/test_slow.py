"""A listener's connection is too slow for the stream: the page says so."""

import json
import unittest

from support import browsers
from support.browsers.page import Page
from support.proxies.slow_road import SlowRoad
from support.server import Server
from support.sound.soundcard import SoundCard

# Bits a second of the stream.
BITRATE = 192_000
SENTENCE = "Your connection is too slow for this stream."


class Chromium(unittest.TestCase):
    def open(self, rate):
        card = self.enterContext(SoundCard())
        server = self.enterContext(Server("--source", "tone", "--bitrate", BITRATE // 1000))
        server.wait_playlist(lambda playlist: len(playlist.entries) >= 4)
        road = self.enterContext(SlowRoad(server.port, 0.02, rate))
        return Page(self.enterContext(browsers.Chromium(card)), server, front=road)

    def test_a_connection_that_is_slower_than_the_stream_is_named(self):
        page = self.open(BITRATE / 8 * 2 / 3)
        page.wait(lambda now: now["reason"] == "slow", 60, "the measured connection")
        page.browser.wait(f"document.getElementById('sentence').textContent === {json.dumps(SENTENCE)}", what=SENTENCE)

    def test_a_connection_that_is_fast_enough_is_not(self):
        page = self.open(BITRATE / 8 * 4)
        page.wait_playing()
        reasons = {now["reason"] for _, now in page.samples(15)}
        self.assertNotIn("slow", reasons)


if __name__ == "__main__":
    unittest.main()
